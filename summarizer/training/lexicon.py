"""Indonesian words with English translations: examples themselves, and what tells rare words from names.

A free dictionary and the synsets of Wordnet Bahasa, joined with WordNet, vote: the translation that most of them name
comes first, since Wordnet Bahasa has doubtful ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator
from pathlib import Path

from summarizer.errors import InputError
from summarizer.training.bitext import read_set

SENSES = 3
"""Translations that are kept of a word."""

_LIST = "dict_wiktionary"
_WORDNET = "wordnet_bahasa.tsv"
_ENDINGS = ("nya", "lah", "kah", "pun", "kan", "an", "ku", "mu", "i")
# What stands before a root, and the sound of the root that it swallows, if any: Sneddon et al. 2010, "Indonesian: a
# comprehensive grammar", chapter 1.
_BEGINNINGS = (
    ("memper", ""), ("diper", ""), ("meng", ""), ("meng", "k"), ("meny", "s"), ("mem", ""), ("mem", "p"), ("men", ""),
    ("men", "t"), ("me", ""), ("peng", ""), ("peng", "k"), ("peny", "s"), ("pem", ""), ("pem", "p"), ("pen", ""),
    ("pen", "t"), ("per", ""), ("pe", ""), ("ber", ""), ("be", ""), ("ter", ""), ("di", ""), ("ke", ""), ("se", ""),
)  # fmt: skip


def read_lexicon(folder: Path) -> dict[str, list[str]]:
    """Return the translations of Indonesian words in lower case, the likeliest first; an absent list is left out.

    Args:
        folder: holds the lists.

    Raises:
        InputError: a list is damaged.
    """
    votes: dict[str, Counter[str]] = {}
    if (folder / f"{_LIST}.id").is_file():
        for pair in read_set(folder, _LIST):
            _vote(votes, pair.source, [pair.target], 2)
    for source, targets in _read_wordnet(folder / _WORDNET):
        _vote(votes, source, targets[:3], 1)
    return {word: senses for word, counts in votes.items() if (senses := _choose(counts))}


def is_known(word: str, lexicon: Container[str]) -> bool:
    """Tell whether a lexicon has a word in lower case, or what may be its root."""
    return any(form in lexicon for form in forms(word))


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
