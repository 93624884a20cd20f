"""Indonesian words with English translations: for hints in prompts, and as examples themselves.

A free dictionary and the synsets of Wordnet Bahasa, joined with WordNet, vote: the translation that most of them name
comes first, since Wordnet Bahasa has doubtful ones.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from summarizer.errors import InputError
from summarizer.training.bitext import read_set

SENSES = 3
"""Translations that are kept of a word."""

_LIST = "dict_wiktionary"
_WORDNET = "wordnet_bahasa.tsv"
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_CLITIC = re.compile("(?:nya|ku|mu|lah|kah|pun)$")
_ENDINGS = ("nya", "lah", "kah", "pun", "kan", "an", "ku", "mu", "i")
# What stands before a root, and the sound of the root that it swallows, if any: Sneddon et al. 2010, "Indonesian: a
# comprehensive grammar", chapter 1.
_BEGINNINGS = (
    ("memper", ""), ("diper", ""), ("meng", ""), ("meng", "k"), ("meny", "s"), ("mem", ""), ("mem", "p"), ("men", ""),
    ("men", "t"), ("me", ""), ("peng", ""), ("peng", "k"), ("peny", "s"), ("pem", ""), ("pem", "p"), ("pen", ""),
    ("pen", "t"), ("per", ""), ("pe", ""), ("ber", ""), ("be", ""), ("ter", ""), ("di", ""), ("ke", ""), ("se", ""),
)  # fmt: skip


class BilingualLexicon:
    """Translations by Indonesian word in lower case, the likeliest first."""

    def __init__(self, senses: Mapping[str, Sequence[str]]) -> None:
        self.senses = {word: list(found) for word, found in senses.items()}

    @classmethod
    def read(cls, folder: Path) -> BilingualLexicon:
        """Read the word lists of a folder; an absent list is left out.

        Raises:
            InputError: a list is damaged.
        """
        votes: dict[str, Counter[str]] = {}
        if (folder / f"{_LIST}.id").is_file():
            for pair in read_set(folder, _LIST):
                _vote(votes, pair.source, [pair.target], 2)
        for source, targets in _read_wordnet(folder / _WORDNET):
            _vote(votes, source, targets[:3], 1)
        return cls({word: senses for word, counts in votes.items() if (senses := _choose(counts))})

    def lookup(self, word: str) -> list[str]:
        """Return the translations of a word in lower case; of its root, if only that is known."""
        return next((self.senses[form] for form in forms(word) if form in self.senses), [])

    def hints(self, text: str, common: set[str], most: int) -> list[tuple[str, list[str]]]:
        """Return the words of a text that are known here and not common, with their translations, in its order.

        Args:
            text: Indonesian. Words with a capital are taken for names.
            common: words that need no hint.
            most: words.
        """
        words = dict.fromkeys(word for word in _WORD.findall(text) if word.islower())
        words = {word: None for word in words if not common.intersection((word, _CLITIC.sub("", word)))}
        found = ((word, self.lookup(word)) for word in words if len(word) > 3)
        return [(word, senses) for word, senses in found if senses][:most]


def forms(word: str) -> Iterator[str]:
    """Yield a word and what may be its root, the longest first."""
    yield word
    half, _, other = word.partition("-")
    if half and half == other:
        yield half
    stripped = [word, *(word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending))]
    roots = {
        sound + form.removeprefix(beginning)
        for form in stripped
        for beginning, sound in (("", ""), *_BEGINNINGS)
        if form.startswith(beginning)
    }
    yield from sorted((root for root in roots if len(root) > 3 and root != word), key=lambda root: (-len(root), root))


def say_hints(hints: Iterable[tuple[str, Sequence[str]]]) -> str:
    """Write hints as they stand in a prompt: ``curam = steep; pelana = saddle / seat``."""
    return "; ".join(f"{word} = {' / '.join(senses)}" for word, senses in hints)


def perturb(
    hints: Sequence[tuple[str, list[str]]], lexicon: BilingualLexicon, missing: float, wrong: float, rng: random.Random
) -> list[tuple[str, list[str]]]:
    """Leave some hints out and put the translations of another word into some, so that none is trusted blindly."""
    kept = [hint for hint in hints if rng.random() >= missing]
    others = list(lexicon.senses.values())
    return [(word, rng.choice(others) if rng.random() < wrong else senses) for word, senses in kept]


def _choose(counts: Counter[str]) -> list[str]:
    """Return the translations with most votes, one of each family of words; none where many have one vote each."""
    if max(counts.values()) < 2 and len(counts) > SENSES:
        return []
    families: dict[str, str] = {}
    for sense, _ in counts.most_common():
        families.setdefault(sense.casefold()[:5], sense)
    return list(families.values())[:SENSES]


def _vote(votes: dict[str, Counter[str]], source: str, targets: Iterable[str], weight: int) -> None:
    if source != source.lower() or len(source.split()) > 3:
        return  # names, and explanations
    for target in targets:
        if len(target.split()) <= 3 and target.casefold() != source:
            votes.setdefault(source, Counter())[target] += weight


def _read_wordnet(path: Path) -> Iterator[tuple[str, list[str]]]:
    if not path.is_file():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) < 3:
            raise InputError(f"{path}, line {number}: not a lemma with its translations")
        yield fields[0], [target.strip() for target in fields[2].split(";")]
