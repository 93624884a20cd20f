"""Read line-aligned bitext and keep the pairs that are worth learning from.

A set is two UTF-8 files, ``NAME.id`` and ``NAME.en``, with the same number of lines. The filters are the usual
ones of parallel-corpus cleaning (Koehn et al. 2018, "Findings of the WMT 2018 shared task on parallel corpus
filtering"): cheap, each with a name, so that a count says what each of them takes away.
"""

from __future__ import annotations

import html
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from summarizer.errors import InputError

GRAM = 8
"""Words of the sequences by which overlap with an evaluation set is found."""

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_ENCODING_JUNK = re.compile("[\ufffd\u0080-\u009f]|Ã.|â€|Â[\u00a0-\u00bf]")
_MARKUP = re.compile(r"</?\w+[^>]*>|\]\(|\{\{|\}\}|`|https?://|^\W*$|[|{}\\]|%\w\b|\$\w+")
_INDONESIAN, _ENGLISH = (
    frozenset(words.split())
    for words in tomllib.loads(Path(__file__).with_name("common_words.toml").read_text(encoding="utf-8")).values()
)


@dataclass(frozen=True)
class Pair:
    """A line and its translation.

    Attributes:
        source: Indonesian text.
        target: English text.
        line: number of the line in its set, from 0; neighbours are joined by it.
    """

    source: str
    target: str
    line: int


def normalize(text: str) -> str:
    """Undo HTML entities, compose characters (NFC) and leave single spaces."""
    return " ".join(unicodedata.normalize("NFC", html.unescape(text)).split())


def fold(text: str) -> str:
    """Return the letters and digits of a text in lower case, words one space apart: the key for duplicates."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def grams(text: str) -> set[str]:
    """Return the sequences of `GRAM` words of a text; of a shorter text, the text itself."""
    words = fold(text).split()
    return {" ".join(words[at : at + GRAM]) for at in range(max(1, len(words) - GRAM + 1))}


def words(text: str) -> list[str]:
    """Return the words of a text."""
    return _WORD.findall(text)


def numbers(text: str) -> Counter[str]:
    """Count the numbers of a text, without separators and leading zeros.

    Numbers up to 12 are left out, since one of two languages often spells them.
    """
    found = (re.sub(r"\D", "", number).lstrip("0") for number in _NUMBER.findall(text))
    return Counter(number for number in found if number and (len(number) > 2 or int(number) > 12))


class Dictionary:
    """Word translations, compared by the first letters since both languages inflect."""

    _STEM = 5

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._translations: dict[str, set[str]] = {}
        for source, target in pairs:
            stems = {word[: self._STEM] for word in fold(target).split() if word not in _ENGLISH}
            if " " not in source.strip() and stems:
                self._translations.setdefault(fold(source), set()).update(stems)

    @classmethod
    def read(cls, folder: Path) -> Dictionary:
        """Read every ``*.id``/``*.en`` word list of a folder; an absent folder gives an empty dictionary."""
        pairs: list[tuple[str, str]] = []
        for path in sorted(folder.glob("*.id")):
            pairs += [(pair.source, pair.target) for pair in read_set(folder, path.stem)]
        return cls(pairs)

    def coverage(self, source: str, target: str) -> tuple[int, int]:
        """Return how many source words have a known translation, and how many of those stand in the target.

        A capitalised word that stands in both counts as a translation of itself.
        """
        stems = {word[: self._STEM] for word in fold(target).split()}
        names = set(_WORD.findall(target))
        known = found = 0
        for word in set(_WORD.findall(source)):
            translations = self._translations.get(word.casefold())
            if word[0].isupper() and word in names:
                known, found = known + 1, found + 1
            elif translations and word.casefold() not in _INDONESIAN:
                known += 1
                found += bool(translations & stems)
        return known, found


def judge(source: str, target: str, dictionary: Dictionary | None = None) -> str | None:
    """Return the name of the first filter that a pair doesn't pass, or None for a good pair.

    Args:
        source: Indonesian text, normalised.
        target: English text, normalised.
        dictionary: finds pairs that don't translate each other; None leaves this filter out.
    """
    pair = _Candidate(source, target, words(source), words(target), dictionary)
    return next((name for name, fails in _FILTERS.items() if fails(pair)), None)


@dataclass(frozen=True)
class _Candidate:
    source: str
    target: str
    left: list[str]
    right: list[str]
    dictionary: Dictionary | None


def _has_few_letters(pair: _Candidate) -> bool:
    sides = ((pair.left, pair.source), (pair.right, pair.target))
    return any(sum(map(len, found)) < 0.6 * len(text.replace(" ", "")) for found, text in sides)


def _has_odd_lengths(pair: _Candidate) -> bool:
    # Indonesian takes about 1.1 characters for each English one; short texts vary more.
    slack = 12
    return not 0.5 * len(pair.target) - slack <= len(pair.source) <= 1.9 * len(pair.target) + slack


def _is_copied(pair: _Candidate) -> bool:
    common = [word.casefold() for word in pair.left if word[0].islower()]
    shared = {word.casefold() for word in pair.right}
    same = len(common) >= 4 and sum(word in shared for word in common) > 0.5 * len(common)
    return same or fold(pair.source) == fold(pair.target)


def _is_in_wrong_language(pair: _Candidate) -> bool:
    left, right = [word.casefold() for word in pair.left], [word.casefold() for word in pair.right]
    return _count(left, _ENGLISH) > _count(left, _INDONESIAN) or _count(right, _INDONESIAN) > _count(right, _ENGLISH)


def _is_mismatched(pair: _Candidate) -> bool:
    if pair.dictionary is None:
        return False
    known, found = pair.dictionary.coverage(pair.source, pair.target)
    return known >= 6 and found < 0.25 * known


# Cheap ones first; each may count on what those above have let through.
_FILTERS: Mapping[str, Callable[[_Candidate], object]] = {
    "empty": lambda pair: not pair.left or not pair.right,
    "too long": lambda pair: max(len(pair.left), len(pair.right)) > 150,
    "encoding": lambda pair: _ENCODING_JUNK.search(pair.source + " " + pair.target),
    "markup": lambda pair: _MARKUP.search(pair.source) or _MARKUP.search(pair.target),
    "few letters": _has_few_letters,
    "length ratio": _has_odd_lengths,
    "numbers": lambda pair: numbers(pair.source) != numbers(pair.target),
    "copied": _is_copied,
    "wrong language": _is_in_wrong_language,
    "careless": lambda pair: re.search(r"(?:^|\s)i(?:\s|')", pair.target),
    "mismatched": _is_mismatched,
}


def _count(words: Sequence[str], among: frozenset[str]) -> int:
    return sum(word in among for word in words)


def read_set(folder: Path, name: str) -> Iterator[Pair]:
    """Yield the normalised pairs of a set, in its order.

    Raises:
        InputError: a file is missing, or the two have different numbers of lines.
    """
    sides: list[list[str]] = []
    for language in ("id", "en"):
        path = folder / f"{name}.{language}"
        try:
            sides.append(path.read_text(encoding="utf-8").split("\n"))
        except OSError as error:
            raise InputError(f"cannot read {path}: {error.strerror or error}") from error
    left, right = sides
    if len(left) != len(right):
        raise InputError(f"{folder / name}: {len(left)} Indonesian lines, but {len(right)} English ones")
    for line, (source, target) in enumerate(zip(left, right, strict=True)):
        if source.strip() or target.strip():
            yield Pair(normalize(source), normalize(target), line)


def read_sets(folder: Path) -> dict[str, list[Pair]]:
    """Return the pairs of all sets of a folder, by their names in alphabetical order.

    Raises:
        InputError: see `read_set`.
    """
    return {name: list(read_set(folder, name)) for name in sorted(path.stem for path in folder.glob("*.id"))}


@dataclass
class Sieve:
    """Filters sets one after another and remembers what it has seen.

    Attributes:
        evaluation: `grams` of the evaluation sets; a pair that has one of them is left out.
        dictionary: see `judge`.
        rejected: by set, how many pairs each filter took.
    """

    evaluation: set[str] = field(default_factory=set)
    dictionary: Dictionary | None = None
    rejected: dict[str, Counter[str]] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)

    def reserve(self, sets: Mapping[str, Iterable[Pair]]) -> None:
        """Keep the texts of evaluation sets, in both languages, out of what is trained on."""
        for pairs in sets.values():
            for pair in pairs:
                self.evaluation |= grams(pair.source) | grams(pair.target)

    def keep(self, name: str, pairs: Iterable[Pair]) -> list[Pair]:
        """Return the good pairs of a set, in its order, without duplicates in this or an earlier set."""
        counts = self.rejected.setdefault(name, Counter())
        kept: list[Pair] = []
        for pair in pairs:
            reason = judge(pair.source, pair.target, self.dictionary) or self._repeats(pair)
            counts[reason or "kept"] += 1
            if reason is None:
                kept.append(pair)
        return kept

    def _repeats(self, pair: Pair) -> str | None:
        if (grams(pair.source) | grams(pair.target)) & self.evaluation:
            return "in an evaluation set"
        # The same text with another translation teaches indecision, so either side makes a duplicate.
        keys = {"id " + fold(pair.source), "en " + fold(pair.target)}
        if keys & self._seen:
            return "duplicate"
        self._seen |= keys
        return None


def join(pairs: Sequence[Pair], start: int, count: int) -> tuple[str, str] | None:
    """Join pairs that follow one another without a gap into one passage.

    Lines that end without punctuation on both sides get a full stop, so that sentences stay apart.

    Args:
        pairs: kept pairs of a set.
        start: index of the first one.
        count: how many.

    Returns:
        Source and target of the passage, or None where the lines aren't neighbours.
    """
    run = pairs[start : start + count]
    if len(run) < count or run[-1].line - run[0].line != count - 1:
        return None
    closed = [_close(pair.source, pair.target) for pair in run]
    return " ".join(source for source, _ in closed), " ".join(target for _, target in closed)


def _close(source: str, target: str) -> tuple[str, str]:
    if source[-1].isalnum() and target[-1].isalnum():
        return source + ".", target + "."
    return source, target


def table(rejected: Mapping[str, Counter[str]]) -> str:
    """Lay out what the filters did, one set a line."""
    lines = []
    for name, counts in rejected.items():
        taken = ", ".join(f"{reason} {count}" for reason, count in counts.most_common() if reason != "kept")
        lines.append(f"{name}: {counts['kept']:,} of {counts.total():,} kept ({taken or 'all good'})")
    return "\n".join(lines)
