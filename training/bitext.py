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

from summarizer.errors import reason_of
from training import TrainingError

CORPUS = Path(__file__).with_name("corpus")

GRAM = 8
"""Words of the sequences by which overlap with an evaluation set is found."""

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_ENCODING_JUNK = re.compile("[\ufffd\u0080-\u009f]|Ã.|â€|Â[\u00a0-\u00bf]")
_MARKUP = re.compile(r"</?\w+[^>]*>|\]\(|\{\{|\}\}|`|https?://|^\W*$|[|{}\\]|%\w\b|\$[^\W\d]\w*")
_COMMON_WORDS = tomllib.loads(Path(__file__).with_name("common_words.toml").read_text(encoding="utf-8"))
_INDONESIAN = frozenset(_COMMON_WORDS["id"].split())
_ENGLISH = frozenset(_COMMON_WORDS["en"].split())


@dataclass(frozen=True)
class Pair:
    """An Indonesian line, its English translation, and its number in its set, by which neighbours are known."""

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
    count = max(1, len(words) - GRAM + 1)
    return {" ".join(words[start : start + GRAM]) for start in range(count)}


def collect_grams(sets: Mapping[str, Iterable[Pair]]) -> set[str]:
    """Return the `grams` of both sides of all pairs of some sets, by their names."""
    collected: set[str] = set()
    for pairs in sets.values():
        for pair in pairs:
            collected |= grams(pair.source)
            collected |= grams(pair.target)
    return collected


def words(text: str) -> list[str]:
    """Return the words of a text."""
    return _WORD.findall(text)


def numbers(text: str) -> Counter[str]:
    """Count the numbers of a text, without separators and leading zeros.

    Numbers up to 12 are left out, since one of two languages often spells them.
    """
    counts: Counter[str] = Counter()
    for number in _NUMBER.findall(text):
        digits = re.sub(r"\D", "", number).lstrip("0")
        # Not int() of any number: a very long one can't be read so.
        if len(digits) > 2 or (digits and int(digits) > 12):
            counts[digits] += 1
    return counts


def judge(source: str, target: str) -> str | None:
    """Return the name of the first filter that a pair, normalised, doesn't pass, or None for a good pair."""
    pair = _Candidate(source, target, words(source), words(target))
    for name, fails in _FILTERS.items():
        if fails(pair):
            return name
    return None


@dataclass(frozen=True)
class _Candidate:
    """A pair with the words of its two sides, Indonesian on the left."""

    source: str
    target: str
    left: list[str]
    right: list[str]


def _has_few_letters(pair: _Candidate) -> bool:
    """Tell whether words make up less than three fifths of a side's characters."""
    for words_of_side, text in ((pair.left, pair.source), (pair.right, pair.target)):
        letters = sum(map(len, words_of_side))
        if letters < 0.6 * len(text.replace(" ", "")):
            return True
    return False


def _has_odd_lengths(pair: _Candidate) -> bool:
    # Indonesian takes about 1.1 characters for each English one; short texts vary more.
    slack = 12
    return not 0.5 * len(pair.target) - slack <= len(pair.source) <= 1.9 * len(pair.target) + slack


def _is_copied(pair: _Candidate) -> bool:
    """Tell whether the sides are the same, or share more than half of the words, four or more, that aren't names."""
    if fold(pair.source) == fold(pair.target):
        return True
    common = [word for word in pair.left if word[0].islower()]
    shared = _count(common, frozenset(map(str.casefold, pair.right)))
    return len(common) >= 4 and shared > 0.5 * len(common)


def _is_in_wrong_language(pair: _Candidate) -> bool:
    """Tell whether a side has more of the commonest words of the other language than of its own."""
    is_left_english = _count(pair.left, _ENGLISH) > _count(pair.left, _INDONESIAN)
    is_right_indonesian = _count(pair.right, _INDONESIAN) > _count(pair.right, _ENGLISH)
    return is_left_english or is_right_indonesian


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
}


def _count(words: Sequence[str], among: frozenset[str]) -> int:
    """Return how many of the words, in lower case, are among some."""
    count = 0
    for word in words:
        if word.casefold() in among:
            count += 1
    return count


def read_set(folder: Path, name: str) -> Iterator[Pair]:
    """Yield the normalised pairs of a set, in its order.

    Raises:
        TrainingError: a file is missing, or the two have different numbers of lines.
    """
    sides: list[list[str]] = []
    for language in ("id", "en"):
        path = folder / f"{name}.{language}"
        try:
            sides.append(path.read_text(encoding="utf-8").split("\n"))
        except (OSError, UnicodeDecodeError) as error:
            raise TrainingError(f"cannot read {path}: {reason_of(error)}") from error
    left, right = sides
    if len(left) != len(right):
        raise TrainingError(f"{folder / name}: {len(left)} Indonesian lines, but {len(right)} English ones")
    for line, (source, target) in enumerate(zip(left, right, strict=True)):
        if source.strip() or target.strip():
            yield Pair(normalize(source), normalize(target), line)


def read_corpus(stem: str) -> list[Pair]:
    """Return the normalised pairs of ``corpus/STEM*.tsv``: text that was written for Ringkas.

    A file has the columns key, indonesian and english, and names them in its first line.

    Raises:
        TrainingError: there is no such file, or a line hasn't three fields.
    """
    pairs: list[Pair] = []
    paths = sorted(CORPUS.glob(f"{stem}*.tsv"))
    if not paths:
        raise TrainingError(f"{CORPUS} has no {stem}*.tsv")
    for path in paths:
        lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
        # The first line names the columns.
        for number, line in enumerate(lines[1:], 2):
            fields = line.split("\t")
            if len(fields) != 3 or not all(fields):
                raise TrainingError(f"{path}, line {number}: not a key, an Indonesian and an English sentence")
            pairs.append(Pair(normalize(fields[1]), normalize(fields[2]), len(pairs)))
    return pairs


def read_sets(folder: Path) -> dict[str, list[Pair]]:
    """Return the pairs of all sets of a folder, by their names in alphabetical order.

    Raises:
        TrainingError: a file is missing, or the two of a set have different numbers of lines.
    """
    names = sorted(path.stem for path in folder.glob("*.id"))
    return {name: list(read_set(folder, name)) for name in names}


@dataclass
class Sieve:
    """Filters sets one after another and remembers what it has seen.

    Attributes:
        evaluation: `grams` of the evaluation sets; a pair that has one of them is left out.
        rejected: by set, how many pairs each filter took.
    """

    evaluation: set[str]
    rejected: dict[str, Counter[str]] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)

    def keep(self, name: str, pairs: Iterable[Pair]) -> list[Pair]:
        """Return the good pairs of a set, in its order, without duplicates in this or an earlier set."""
        counts = self.rejected.setdefault(name, Counter())
        kept: list[Pair] = []
        for pair in pairs:
            reason = judge(pair.source, pair.target) or self._repeats(pair)
            counts[reason or "kept"] += 1
            if reason is None:
                kept.append(pair)
        return kept

    def _repeats(self, pair: Pair) -> str | None:
        """Return why a pair is left out that was there before, or that an evaluation set holds; None if it is new."""
        if (grams(pair.source) | grams(pair.target)) & self.evaluation:
            return "in an evaluation set"
        # The same text with another translation teaches indecision, so either side makes a duplicate.
        keys = {"id " + fold(pair.source), "en " + fold(pair.target)}
        if keys & self._seen:
            return "duplicate"
        self._seen |= keys
        return None


def join(pairs: Sequence[Pair]) -> Pair | None:
    """Join pairs of a set into one passage; None where their lines aren't neighbours.

    Lines that end without punctuation on both sides get a full stop, so that sentences stay apart.
    """
    if pairs[-1].line - pairs[0].line != len(pairs) - 1:
        return None
    sources: list[str] = []
    targets: list[str] = []
    for pair in pairs:
        source, target = _close(pair.source, pair.target)
        sources.append(source)
        targets.append(target)
    return Pair(" ".join(sources), " ".join(targets), pairs[0].line)


def _close(source: str, target: str) -> tuple[str, str]:
    if source[-1].isalnum() and target[-1].isalnum():
        return source + ".", target + "."
    return source, target


def table(rejected: Mapping[str, Counter[str]]) -> str:
    """Lay out what the filters did, one set a line."""
    lines: list[str] = []
    for name, counts in rejected.items():
        reasons: list[str] = []
        for reason, count in counts.most_common():
            if reason != "kept":
                reasons.append(f"{reason} {count}")
        taken = ", ".join(reasons) or "all good"
        lines.append(f"{name}: {counts['kept']:,} of {counts.total():,} kept ({taken})")
    return "\n".join(lines)
