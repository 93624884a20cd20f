"""Indonesian words with English translations: examples themselves, and what tells rare words from names.

Two word lists and the synsets of Wordnet Bahasa, joined with WordNet, vote. Each has doubtful entries: a translation
counts only where they agree, or where neither word has much else that it could mean.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from summarizer.errors import InputError
from summarizer.training.bitext import read_set

SENSES = 3
"""Translations that are kept of a word."""

_LISTS = ("dict_wiktionary", "dict_muse")
_WORDNET = "wordnet_bahasa.tsv"
# A list has two votes, Wordnet one for the first synset, one for others, and one where the Indonesian word has at most
# so many synsets and the English one at most so many meanings.
_SYNSETS, _MEANINGS = 2, 3
_ENOUGH = 3
# Translations that a synset names first; the others are often rare.
_FIRST = 4
_LONGEST = 3
_ENDINGS = ("nya", "lah", "kah", "pun", "kan", "an", "ku", "mu", "i")
# What stands before a root, and the sound of the root that it swallows, if any: Sneddon et al. 2010, "Indonesian: a
# comprehensive grammar", chapter 1.
_BEGINNINGS = (
    ("memper", ""), ("diper", ""), ("meng", ""), ("meng", "k"), ("meny", "s"), ("mem", ""), ("mem", "p"), ("men", ""),
    ("men", "t"), ("me", ""), ("peng", ""), ("peng", "k"), ("peny", "s"), ("pem", ""), ("pem", "p"), ("pen", ""),
    ("pen", "t"), ("per", ""), ("pe", ""), ("ber", ""), ("be", ""), ("ter", ""), ("di", ""), ("ke", ""), ("se", ""),
)  # fmt: skip


@dataclass(frozen=True)
class Sense:
    """A translation of an Indonesian word.

    Attributes:
        text: in English.
        votes: how many speak for it.
        kinds: parts of speech that Wordnet gives the pair, or else the English word: n, v, r (adverbs), a or s
            (adjectives); empty if it knows neither.
    """

    text: str
    votes: int
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True)
class WordLists:
    """What word lists know.

    Attributes:
        known: Indonesian words in lower case.
        senses: of those with a sure translation, these, the surest first.
    """

    known: frozenset[str]
    senses: Mapping[str, tuple[Sense, ...]]


def read_lexicon(folder: Path) -> WordLists:
    """Read the lists of a folder; an absent one is left out.

    Raises:
        InputError: a list is damaged.
    """
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for name in _LISTS:
        if (folder / f"{name}.id").is_file():
            listed = {(pair.source, pair.target.lower()) for pair in read_set(folder, name)}
            for source, target in listed:
                votes[source][target] += 2
    wordnet = _Wordnet(folder / _WORDNET)
    for source, targets in wordnet.synsets.items():
        for target in targets:
            votes[source][target] += wordnet.votes(source, target)
    known = frozenset(source for source in votes if source == source.lower() and len(source.split()) <= _LONGEST)
    senses = {}
    for source in sorted(known):
        sure = [
            Sense(target, count, wordnet.kinds(source, target))
            for target, count in sorted(votes[source].items(), key=lambda item: (-item[1], item[0]))
            if count >= _ENOUGH and target != source and len(target.split()) <= _LONGEST
        ]
        if sure:
            senses[source] = tuple(sure[:SENSES])
    return WordLists(known, senses)


class _Wordnet:
    """Lemmas of two languages that share a synset.

    Attributes:
        synsets: by Indonesian lemma and English lemma, the parts of speech of each synset that has both.
    """

    def __init__(self, path: Path) -> None:
        self.synsets: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._rows: Counter[str] = Counter()
        self._meanings: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for source, kind, targets, gloss in _read_wordnet(path):
            self._rows[source] += 1
            for place, target in enumerate(targets):
                self._meanings[target].add((kind, gloss))
                if place < _FIRST:
                    self.synsets[source][target].append(kind)

    def votes(self, source: str, target: str) -> int:
        """Return how many votes the synsets have for a translation."""
        is_clear = self._rows[source] <= _SYNSETS and len(self._meanings[target]) <= _MEANINGS
        return min(2, len(self.synsets[source][target])) + is_clear

    def kinds(self, source: str, target: str) -> frozenset[str]:
        """Return the parts of speech of a pair, or of its English word where no synset has both."""
        own = self.synsets.get(source, {}).get(target)
        return frozenset(own or (kind for kind, _ in self._meanings.get(target, ())))


def is_known(word: str, words: Container[str]) -> bool:
    """Tell whether a word in lower case, or what may be its root, is among words."""
    return any(form in words for form in forms(word))


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


def _read_wordnet(path: Path) -> Iterator[tuple[str, str, list[str], str]]:
    """Yield the synsets: Indonesian lemma, part of speech, English lemmas in lower case, gloss."""
    if not path.is_file():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) < 3:
            raise InputError(f"{path}, line {number}: not a lemma with its translations")
        gloss = fields[3] if len(fields) > 3 else ""
        yield fields[0], fields[1], [target.strip().lower() for target in fields[2].split(";")], gloss
