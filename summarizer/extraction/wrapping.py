"""Put lines together that a program has broken: a mail wrapped at a width, a column copied out of a PDF."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from summarizer.extraction.blocks import ends_sentence, is_title_case
from summarizer.lexicon.entries import WordClass, load_lexicon
from summarizer.text.words import HYPHENATED, common_words, strip_clitic

# Fewest and most characters of a wrapped line, and fewest of a line of a column.
_NARROWEST = 50
_WIDEST = 132
_NARROWEST_COLUMN = 20
# Fewest broken lines that are evidence by themselves; where there are fewer, so many characters a line may stick out.
_MIN_BROKEN = 4
_SLACK = 15
# Fewest hyphens at line ends that show a column of a PDF; without them, fewest broken lines, and their share of all.
_MIN_HYPHENS = 2
_MIN_COLUMN = 6
_COLUMN_SHARE = 0.4
# Letters of a PDF differ in width. How short a full line of it may be, with the word behind it, and how long, as shares
# of the median of the broken ones. 60 news articles were set in Helvetica in columns of 30 to 90 characters, with and
# without hyphens: 99.9 % of the words came out whole, and 84 to 98 % of the paragraphs that blank lines part.
_FULL = 0.85
_STICKS_OUT = 1.4
# Share of a text's characters that may stand in lines which are too long for the column that the others make: a
# headline may stand on one line.
_OVERLONG = 0.25
# Most lines of a headline.
_HEADLINE_LINES = 4
_ITEM = re.compile(r"\s*(?:[-*+•·▪◦●○»#]\s|\d{1,2}[.)]\s)")
_GOES_ON = re.compile(r"\s*\(?[a-z]")
# A word that a hyphen breaks at the end of a line, and what is left of it on the next one. Only a soft hyphen is
# certain to be none of the word's own.
_BROKEN_WORD = re.compile(r"(?P<word>[^\W\d_]+)(?P<hyphen>[-\xad\u2010])$")
_REST = re.compile(r"\s*(?P<rest>(?P<word>[a-z]+)\S*)\s*")
_LONGEST_PART = 40
_HYPHENS = ("-", "\xad", "\u2010")
_SOFT_HYPHEN = "\xad"
# How many lines further on the rest of a word is looked for, below the end of a page and its number.
_REACH = 4
_PAGE_END = re.compile(r"[\s\d-]*")
# Fewest letters of a word that is said twice, with what may be added to it: "anak-anaknya", "berlari-lari".
_SHORTEST_DOUBLED = 3
_ENDINGS = ("", "nya", "an", "kan", "i", "ku", "mu", "lah", "pun")
_AFFIX = re.compile(r"(?:ke|se|di|ber|ter|per|pe[mn]?[gy]?|me[mn]?[gy]?|memper|diper|diber|keber|keter|pember)")
_KNOWN = (WordClass.WORD, WordClass.COMPOSITIONAL, WordClass.NAME, WordClass.FOREIGN)


@dataclass(frozen=True)
class _Measure:
    """How long lines are that were broken because they were full, in characters.

    A line is full if it has at least ``full`` of them with the next one's first word, and none has more than ``most``.
    """

    full: float
    most: float
    is_column: bool = False


def unwrap(lines: Sequence[str]) -> list[str]:
    """Return lines without line breaks, and words without hyphens, that a program has put in; nothing else changes.

    Lines come and go without white space at their ends. A program breaks a line at a width, or where a column of a PDF
    ends. Lines that nothing shows to be broken stay as they are.
    """
    whole_words, hyphenated = _join_words(lines)
    measure = _measure(whole_words, hyphenated)
    if measure is None and not hyphenated:
        return whole_words
    lengths = list(map(len, lines))
    return list(_join_lines(whole_words, lengths, hyphenated, measure))


def _join_words(lines: Sequence[str]) -> tuple[list[str], set[int]]:
    """Put together the words that hyphens break at the ends of lines, each on the line that it begins on.

    Returns:
        the lines, as many as before, and the places of those whose broken word has more text behind it on the next
        line.
    """
    joined = list(lines)
    hyphenated: set[int] = set()
    broken_lines = [place for place, line in enumerate(lines) if line.endswith(_HYPHENS)]
    if not broken_lines:
        return joined, hyphenated
    written = _hyphenated_words(lines)
    for place in broken_lines:
        below = _next_line(lines, place)
        if below is None:
            continue
        # The line above may have taken its first word, which is then gone from it.
        broken = _find_broken_word(joined[place])
        rest = _REST.match(lines[below])
        if broken is None or rest is None:
            continue
        is_next_line = below == place + 1
        # What stands below the end of a page may be another text.
        if not is_next_line and not _is_known(broken["word"] + rest["word"], written):
            continue
        before_hyphen = joined[place][: broken.start("hyphen")]
        hyphen = "-" if _keeps_hyphen(broken, rest["word"], written) else ""
        joined[place] = before_hyphen + hyphen + rest["rest"]
        joined[below] = lines[below][rest.end() :]
        if is_next_line and joined[below]:
            hyphenated.add(place)
    return joined, hyphenated


def _hyphenated_words(lines: Sequence[str]) -> frozenset[str]:
    """Return the words with a hyphen in them that stand within lines, in lower case."""
    text = "\n".join(lines)
    return frozenset(match.group().casefold() for match in HYPHENATED.finditer(text))


def _find_broken_word(line: str) -> re.Match[str] | None:
    """Return the word that a hyphen breaks at the end of a line; no word is longer than `_LONGEST_PART`."""
    earliest_start = max(0, len(line) - _LONGEST_PART)
    return _BROKEN_WORD.search(line, earliest_start)


def _next_line(lines: Sequence[str], place: int) -> int | None:
    """Return where the text of a line goes on: on the next line, or behind the end of a page."""
    for below in range(place + 1, min(place + 1 + _REACH, len(lines))):
        if not _PAGE_END.fullmatch(lines[below]):
            return below
    return None


def _keeps_hyphen(broken: re.Match[str], rest: str, written: Set[str]) -> bool:
    """Tell whether the hyphen of a word stays as its parts are put together.

    Args:
        broken: a match of `_BROKEN_WORD`.
        rest: the part of the word on the next line.
        written: as for `_has_hyphen`.
    """
    if broken["hyphen"] == _SOFT_HYPHEN:
        return False
    return _has_hyphen(broken["word"], rest, written)


def _has_hyphen(word: str, rest: str, written: Set[str]) -> bool:
    """Tell whether a hyphen belongs to the word that is broken at it: "anak-anak", but not "ban-jir".

    ``written`` are the words of the text, by which other words than those of a dictionary are known.
    """
    first = word.casefold()
    hyphenated = f"{first}-{rest}"
    if hyphenated in written or _is_doubled(first, rest):
        return True
    if _is_known(first + rest, written):
        return False
    if _is_known(hyphenated, written):
        return True
    # The second part of a name with a hyphen has a capital too.
    if not word.islower() or _AFFIX.fullmatch(first):
        return False
    return _is_known(first, frozenset()) and _is_known(rest, frozenset())


def _is_doubled(first: str, rest: str) -> bool:
    for ending in _ENDINGS:
        base = rest.removesuffix(ending)
        if len(base) >= _SHORTEST_DOUBLED and first.endswith(base) and base + ending == rest:
            return True
    return False


def _is_known(word: str, written: Set[str]) -> bool:
    """Tell whether a word stands in the text or a dictionary, with or without "-nya" and the like."""
    lexicon = load_lexicon()
    for form in (word.casefold(), strip_clitic(word.casefold())):
        is_in_lexicon = form in lexicon and lexicon[form].word_class in _KNOWN
        if is_in_lexicon or form in written or form in common_words("id"):
            return True
    return False


def _measure(lines: Sequence[str], hyphenated: Set[int]) -> _Measure | None:
    """Return how long the lines are that a program has broken, some at hyphens; None where none has.

    Args:
        lines: of a text, all of them.
        hyphenated: places of those at whose end a hyphen breaks a word.
    """
    has_hyphens = len(hyphenated) >= _MIN_HYPHENS
    is_column = has_hyphens or _are_mostly_broken(lines)
    narrowest = _NARROWEST_COLUMN if is_column else _NARROWEST
    broken_lengths = _broken_lengths(lines, narrowest)
    width = max(broken_lengths, default=0)
    is_evident = has_hyphens or len(broken_lengths) >= _MIN_BROKEN
    if not is_evident:
        return _measure_few(lines, narrowest, width)
    if not narrowest <= width <= _WIDEST:
        return None
    column = _measure_column(broken_lengths)
    if has_hyphens:
        return column
    if _is_even(lines, narrowest, width):
        return _measure_exactly(width)
    # Beside lines that nobody broke, a few that end within a sentence show no column.
    if _share_longer_than(column.most, lines) > _OVERLONG:
        return _measure_exactly(width)
    return column


def _are_mostly_broken(lines: Sequence[str]) -> bool:
    """Tell whether so many lines end within a sentence, even short ones, that they are those of a column."""
    broken = len(_broken_lengths(lines, _NARROWEST_COLUMN))
    filled = sum(1 for line in lines if line)
    return broken >= max(_MIN_COLUMN, _COLUMN_SHARE * filled)


def _measure_few(lines: Sequence[str], narrowest: int, width: int) -> _Measure | None:
    """Return how long the lines of a text are in which few, or none, end within a sentence.

    So few are no evidence by themselves. They are believed if the text's longest line is hardly longer than they are,
    and as long as programs wrap lines; then that is the width.

    Args:
        lines: of the text, all of them.
        narrowest: fewest characters that the longest line must have.
        width: characters of the longest line that ends within a sentence; 0 where none does.

    Returns:
        None where the lines are not believed to be broken.
    """
    longest = max(map(len, lines))
    sticks_out = longest > width + _SLACK
    is_possible_width = narrowest <= longest <= _WIDEST
    if sticks_out or not is_possible_width:
        return None
    return _measure_exactly(longest)


def _share_longer_than(most: float, lines: Sequence[str]) -> float:
    """Return the share of the characters of lines that stand in those with more than so many."""
    characters = sum(map(len, lines))
    overlong_characters = sum(len(line) for line in lines if len(line) > most)
    return overlong_characters / max(1, characters)


def _measure_exactly(width: int) -> _Measure:
    """Return how long lines are that were wrapped at a width, in characters of one size."""
    return _Measure(full=width + 1, most=width)


def _measure_column(broken: Sequence[int]) -> _Measure:
    """Return how long the lines of a PDF's column are, for the lengths of those that end within a sentence."""
    usual = median(broken)
    return _Measure(full=_FULL * usual, most=_STICKS_OUT * usual, is_column=True)


def _is_even(lines: Sequence[str], narrowest: int, width: int) -> bool:
    """Tell whether the lines that end within a sentence are all full: the next one's first word had no room.

    Args:
        lines: of a text.
        narrowest: how many characters a line has at least that counts.
        width: how many it has at most.
    """
    for line, after in pairwise(lines):
        counts = narrowest <= len(line) <= width and _is_broken(line, after)
        if counts and not _is_full(line, after, width):
            return False
    return True


def _broken_lengths(lines: Sequence[str], fewest: int) -> list[int]:
    """Return how long the lines are, of at least so many characters, that end within a sentence."""
    lengths = []
    for line, after in pairwise(lines):
        if len(line) >= fewest and _is_broken(line, after):
            lengths.append(len(line))
    return lengths


def _is_broken(line: str, after: str) -> bool:
    """Tell whether a line ends within a sentence: with a comma, or before a word in lower case."""
    goes_on = line.endswith(",") or _GOES_ON.match(after)
    return bool(after and goes_on) and not ends_sentence(line, ".!?:…")


def _is_full(line: str, after: str, full: float) -> bool:
    """Tell whether a line and the first word of the next one have more characters together than a full line."""
    return len(line) + 1 + len(after.split(None, 1)[0]) > full


def _join_lines(
    lines: Sequence[str], lengths: Sequence[int], hyphenated: Set[int], measure: _Measure | None
) -> Iterator[str]:
    """Yield the paragraphs that lines make, which go on behind hyphens and, where there is a measure, full lines.

    ``lengths`` are those before words were put together: a line may have lost its beginning to the one above.
    """
    pieces: list[str] = []
    may_be_headline = measure is not None and measure.is_column
    for place, (line, after) in enumerate(pairwise([*lines, ""])):
        pieces.append(line.strip() if pieces else line)
        length = max(len(line), lengths[place])
        goes_on = measure is not None and _goes_on(line, length, after, measure)
        if may_be_headline and len(pieces) <= _HEADLINE_LINES and is_title_case(" ".join(pieces).split()):
            goes_on = _headline_goes_on(after)
        if goes_on or place in hyphenated:
            continue
        paragraph = _join_pieces(pieces)
        yield paragraph
        # It is the first line of the text, if it has any.
        may_be_headline = may_be_headline and not paragraph
        pieces = []


def _join_pieces(pieces: Sequence[str]) -> str:
    """Return pieces of a paragraph with a space between them, but for those that a hyphen holds together."""
    joined = []
    for piece, after in pairwise([*pieces, ""]):
        joined.append(piece)
        holds_together = piece[-1:] in ("-", "\u2010") and piece[-2:-1].isalnum()
        if after and not holds_together:
            joined.append(" ")
    return "".join(joined)


def _headline_goes_on(after: str) -> bool:
    """Tell whether the line below the first one of a headline is another one of it."""
    return after[:1].islower() or is_title_case(after.split())


def _goes_on(line: str, length: int, after: str, measure: _Measure) -> bool:
    """Tell whether a line, once of a length, was broken only because the next one's first word had no room on it."""
    if not line or not after or len(line) > measure.most or _ITEM.match(after):
        return False
    return length + 1 + len(after.split(None, 1)[0]) >= measure.full
