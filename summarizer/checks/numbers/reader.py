"""Read the numbers of a text: digits and words, times, dates, months and days of the week."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import chain
from typing import NamedTuple

from summarizer.checks.numbers.grammar import Grammar, read_digits
from summarizer.checks.wordlists import any_of, word_table
from summarizer.text.words import LETTERS

_TOKEN = re.compile(
    r"(?P<slashed>(?<![\d/])\d{1,2}/\d{1,2}(?:/(?:\d{4}|\d{2}))?(?![\d/]))"
    r"|(?P<clock>(?<![\d.,])\d{1,2}:\d{2}(?::\d{2})?(?![\d:]|[.,]\d))"
    r"|(?P<digits>(?:(?<![^\s(<>~±=])\.)?\d+(?:[.,]\d+)*)"
    # Street vendors are of "five feet", which are no number; a line ends a paragraph, and with it a number.
    rf"|(?P<mark>kaki lima\b|[^\s\w]|_|\n)|(?P<word>{LETTERS})"
)
_DOTTED_TIME = re.compile(r"(\d{1,2})\.(\d{2})")
_NOON = re.compile(r"\s*([ap])\.?\s?m\b", re.IGNORECASE)
_DECADE = re.compile(r"(?:-?an|['’]?s)\b")
_CENTURIES = (1900, 2000)
# How far before a number its unit may begin, in characters ("U.S.$ ").
_UNIT_REACH = 6
# "Minus 5", "−5", "-Rp5"; but "plus minus 5" is about 5, and "3 -5" a range.
_SIGN = re.compile(
    r"(?:(?<!plus )(?<![\w-])(?:minus|negatif|negative)\s+|(?<![\w.,:)%])(?<![\d)%] )[-−])"
    r"(?P<money>Rp\.?\s?|US\$|[$€£])?\Z",
    re.IGNORECASE,
)
# How far before a number its sign may begin, in characters.
_SIGN_REACH = 16
# What a number with a hyphen for a minus sign measures.
_SIGNED_UNIT = re.compile(r"\s*(?:%|[°º]|derajat\b|degrees?\b|persen\b|percent\b|per cent\b)", re.IGNORECASE)


Reading = Fraction | tuple[str, int]
"""A value; or ``("time", minutes since midnight)``, ``("month", 1 to 12)``, or ``("day", 1 to 7, from Monday)``."""


@dataclass(frozen=True)
class Number:
    """A number in a text, as it is written, and all that it may mean.

    Its unit is the ISO code of a currency, ``$`` for some dollar, ``%``, or None. Words that may stand for a number but
    need not ("a", "kedua", "half") are no claim: they can support a number, and need no support themselves. The measure
    is what an Indonesian number counts, if the word after it says so: a class of ``wordlists.toml``, or ``date``. The
    sign is what makes it negative, as it is written in front of it ("minus "), or nothing.
    """

    text: str
    start: int
    end: int
    readings: frozenset[Reading]
    unit: str | None = None
    claim: bool = True
    digits: bool = True
    measure: str | None = None
    sign: str = ""

    @property
    def values(self) -> list[Fraction]:
        """Those of its readings that are plain values."""
        return [reading for reading in self.readings if isinstance(reading, Fraction)]

    def agrees(self, other: Number) -> bool:
        """Tell whether two numbers may mean the same, units aside."""
        return not self.readings.isdisjoint(other.readings)


def same_unit(one: str | None, other: str | None) -> bool:
    """Tell whether two units fit; None fits all, ``$`` every currency whose code ends in D."""
    if one is None or other is None or one == other:
        return True
    return "$" in (one, other) and all(unit == "$" or unit.endswith("D") for unit in (one, other))


class _Token(NamedTuple):
    kind: str
    text: str
    key: str
    start: int
    end: int


_Read = tuple[set[Reading], int, bool]
"""What a number may mean, how many tokens it takes, and whether it is one for sure."""


class _Cardinal:
    """A number in words that is being put together, for as long as the words go on with it."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        # What stands in front of the last scale and of it; what stands behind; a digit that waits for its multiplier.
        self.total = self.group = self.digit = 0
        self.begun = self.closed = False

    @property
    def value(self) -> int:
        return self.total + self.group + self.digit

    def waits(self, key: str) -> bool:
        """Tell whether a word may stand inside of the number without being part of it: "-", "hundred and"."""
        return self.begun and (key == "-" or (key in self.grammar.conjunction and self.group >= 100))

    def take(self, key: str, *, behind_article: bool) -> bool:
        """Take a word in; return False where it doesn't go on with the number."""
        grammar = self.grammar
        taken = False
        if key in grammar.units:
            taken = self._add(grammar.units[key])
        elif key in grammar.multipliers:
            taken = self._multiply(*grammar.multipliers[key], behind_article)
        elif key in grammar.scales and (self.begun or key in grammar.alone or behind_article):
            self.total += (self.group + self.digit or 1) * grammar.scales[key]
            self.group = self.digit = 0
            taken = True
        elif key in grammar.ordinals and not (grammar.digit_first and self.begun):
            # "Kedua puluh satu" goes on as the cardinal does; "twenty-first" ends there.
            taken = self._add(grammar.ordinals[key])
            self.closed |= taken and not grammar.digit_first
        self.begun |= taken
        return taken

    def _add(self, value: int) -> bool:
        if self.digit or self.group % (100 if value >= 10 else 10):
            return False
        if self.grammar.digit_first and value < 10:
            self.digit = value
            self.closed = value == 0
        else:
            self.group += value
        return True

    def _multiply(self, times: int, add: int, behind_article: bool) -> bool:
        """Multiply the digit in front (Indonesian: "dua puluh"), or all that is in front ("nineteen hundred")."""
        if self.grammar.digit_first:
            has_digit = self.digit > 0
            self.group += self.digit * times + add
            self.digit = 0
            return has_digit
        if not self.group and not behind_article:
            return False
        self.group = (self.group or 1) * times
        return True


class Reader:
    """Reads the numbers of a text by a grammar."""

    def __init__(self, text: str, grammar: Grammar) -> None:
        self.text = text
        self.grammar = grammar
        found = ((match, match.group()) for match in _TOKEN.finditer(text))
        self.tokens = [
            _Token(str(match.lastgroup), word, word.lower().replace("’", "'").removesuffix("'s"), *match.span())
            for match, word in found
        ]

    def read(self) -> Iterator[Number]:
        """Yield the numbers in their order, without what they measure."""
        at = 0
        while at < len(self.tokens):
            token = self.tokens[at]
            number: _Read | None = None
            if token.kind in {"slashed", "clock"}:
                yield from self._parts(token)
            elif token.kind == "digits":
                number = self._digits(at)
            elif token.kind == "word":
                number = self._word(at)
            if number is None:
                at += 1
                continue
            readings, used, is_claim = number
            end = self.tokens[at + used - 1].end
            yield Number(
                text=self.text[token.start : end],
                start=token.start,
                end=end,
                readings=frozenset(readings),
                unit=self._unit(token.start, end),
                claim=is_claim,
                digits=token.kind == "digits",
                sign=self._sign(token.start, end),
            )
            at += used

    def _key(self, at: int) -> str:
        return self.tokens[at].key if 0 <= at < len(self.tokens) else ""

    def _is_digits(self, at: int) -> bool:
        return 0 <= at < len(self.tokens) and self.tokens[at].kind == "digits"

    def _unit(self, start: int, end: int) -> str | None:
        before, after, codes = _units()
        found = before.search(self.text, max(0, start - _UNIT_REACH), start) or after.match(self.text, end)
        # "RUPİAH" matches without regard to case, and has no such lower case.
        return codes.get(found.group(1).lower()) if found else None

    def _sign(self, start: int, end: int) -> str:
        sign = _SIGN.search(self.text, max(0, start - _SIGN_REACH), start)
        if sign is None:
            return ""
        # A hyphen in front of anything else is a dash without its space, or opens a line of a list.
        is_hyphen = sign.group().startswith("-")
        if is_hyphen and not sign["money"] and not _SIGNED_UNIT.match(self.text, end):
            return ""
        return sign.group()

    # What digits mean.

    def _parts(self, token: _Token) -> Iterator[Number]:
        """Yield the numbers of a date with slashes, or a time with a colon as one; each of a ratio."""
        parts = re.split("[/:]", token.text)
        if token.kind == "clock":
            time = self._time(int(parts[0]), int(parts[1]), token.end)
            if time:
                yield Number(token.text, token.start, token.end, frozenset(time))
                return
        start = token.start
        for place, part in enumerate(parts):
            value = int(part)
            readings: set[Reading] = {Fraction(value)}
            if token.kind == "slashed" and place < 2 and 1 <= value <= 12:
                readings.add(("month", value))
            if token.kind == "slashed" and place == 2 and value < 100:
                readings.add(Fraction(_CENTURIES[1] + value))
            yield Number(part, start, start + len(part), frozenset(readings))
            start += len(part) + 1

    def _time(self, hour: int, minute: int, end: int) -> set[Reading]:
        if hour > 24 or minute >= 60:
            return set()
        noon = _NOON.match(self.text, end)
        minutes = (hour * 60 + minute) % (720 if noon else 1440)
        if noon and noon.group(1).lower() == "p":
            minutes += 720
        return {("time", minutes), Fraction(hour)} if minute == 0 else {("time", minutes)}

    def _digits(self, at: int) -> _Read:
        token = self.tokens[at]
        values = read_digits(token.text, self.grammar.language)
        if scale := self._scale(at + 1):
            return {value * scale for value in values}, 2, True
        readings: set[Reading] = set(values)
        if dotted := _DOTTED_TIME.fullmatch(token.text):
            readings |= self._time(int(dotted.group(1)), int(dotted.group(2)), token.end)
        elif token.text.isdigit() and values[0] <= 24 and _NOON.match(self.text, token.end):
            readings |= self._time(int(values[0]), 0, token.end)
        if values[0] in range(10, 100, 10) and _DECADE.match(self.text, token.end):
            # "90-an" and "the '90s"
            readings |= {century + values[0] for century in _CENTURIES}
        return readings, 1, True

    def _scale(self, at: int) -> int | None:
        """Return the scale that a token stands for after digits."""
        if at >= len(self.tokens):
            return None
        token = self.tokens[at]
        before = self.tokens[at - 1]
        grammar = self.grammar
        is_behind = token.start - before.end <= 1
        if token.kind != "word" or not is_behind:
            return None
        scale = grammar.scales.get(token.key.removesuffix("nya"))
        if scale is None and not grammar.digit_first and token.key in grammar.multipliers:
            return grammar.multipliers[token.key][0]
        if scale is None and len(token.text) == 1 and token.text.isupper() and self._unit(before.start, before.end):
            return grammar.suffixes.get(token.key)
        return scale

    # What words mean.

    def _word(self, at: int) -> _Read | None:
        token = self.tokens[at]
        grammar = self.grammar
        has_capital = token.text[0].isupper()
        is_sure = token.key not in grammar.ambiguous
        if month := grammar.months.get(token.key):
            is_beside = self._is_digits(at - 1) or (self._is_digits(at + 1) and has_capital)
            # "1 oktober", but "2 mar" may be a slip.
            if has_capital or (is_beside and is_sure and grammar.digit_first):
                return {("month", month)}, 1, is_sure or is_beside
        if has_capital and token.key in grammar.days:
            return {("day", grammar.days[token.key])}, 1, is_sure
        cardinal = self._cardinal(at)
        if cardinal is None and token.key in grammar.hints:
            return set(grammar.hints[token.key]), 1, False
        return cardinal

    def _cardinal(self, at: int) -> _Read | None:
        grammar = self.grammar
        cardinal = _Cardinal(grammar)
        first = self.tokens[at]
        end = at
        place = at
        while place < len(self.tokens) and not cardinal.closed:
            is_behind = self._key(place - 1) in grammar.articles and self._key(place - 2) not in grammar.not_articles
            if cardinal.waits(self._key(place)):
                place += 1
            elif cardinal.take(self._key(place), behind_article=is_behind):
                place += 1
                end = place
            else:
                break
        if not cardinal.begun:
            return None
        value = Fraction(cardinal.value)
        behind = end + len(grammar.half)
        if [self._key(place) for place in range(end, behind)] == grammar.half:
            # "Dua setengah", "satu setengah juta"
            value += Fraction(1, 2)
            end = behind
            scale = grammar.scales.get(self._key(behind))
            if scale is not None:
                value *= scale
                end += 1
        readings: set[Reading] = {value}
        if end == at + 1:
            # What a word may mean besides its value: "a third".
            if grammar.ordinals_are_fractions and grammar.ordinals.get(first.key):
                readings.add(Fraction(1, grammar.ordinals[first.key]))
            readings |= grammar.hints.get(first.key, frozenset())
        # A capital inside a sentence makes it part of a name: "Kepulauan Seribu", "Six Flags".
        is_name = at > 0 and first.text[0].isupper() and self.tokens[at - 1].kind == "word"
        is_claim = value > 2 or (value == 2 and first.key in grammar.units)
        return readings, end - at, is_claim and not is_name


@cache
def _units() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str]]:
    """Return what finds a unit (group 1) before the end of a text, and behind a number; and what units stand for."""
    codes = {mark: code for group in word_table("units").values() for code, marks in group.items() for mark in marks}
    before, after = (
        any_of(map(re.escape, chain(*word_table(f"units.{place}").values()))) for place in ("before", "after")
    )
    letter = r"[^\W\d_]"
    return (
        re.compile(rf"(?<!{letter})({before})\s*\Z", re.IGNORECASE),
        re.compile(rf"[ -]*({after})(?!{letter})", re.IGNORECASE),
        codes,
    )
