"""Find the numbers of a text and what they mean: digits and words, money, percentages, dates and times."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, Literal

Language = Literal["id", "en"]
Reading = Fraction | tuple[str, int]
"""A value; or ``("time", minutes since midnight)``, ``("month", 1 to 12)``, ``("day", 1 to 7, from Monday)`` or
``("about", order of magnitude)``."""

_TOKEN = re.compile(
    r"(?P<slashed>(?<![\d/])\d{1,2}/\d{1,2}(?:/(?:\d{4}|\d{2}))?(?![\d/]))"
    r"|(?P<clock>(?<![\d.,])\d{1,2}[.:]\d{2}(?::\d{2})?(?![\d:]|[.,]\d))"
    r"|(?P<digits>(?:(?<![^\s(<>~±=])\.)?\d+(?:[.,]\d+)*)"
    r"|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)"
    r"|(?P<mark>[^\s\w]|_)"
)
_SQUARE = re.compile(r"\b(?:[kcm]?m|CO|H|O|ft|PM)$")
_AMBIGUOUS_MONTHS = {"may", "march", "mar", "des", "jan", "agu"}
JOINED = ("belas", "puluh", "ratus", "ribu", "juta")
ROMAN = re.compile(r"(?=[IVX]{2,})X{0,3}(?:IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}
_SHORT_SCALES = {"k": 1000, "m": 10**6, "b": 10**9, "t": 10**12}
_SUFFIXES = {"id": {"m": 10**9, "t": 10**12, "k": 1000}, "en": _SHORT_SCALES}
_NOON = re.compile(r"\s*([ap])\.?\s?m\b", re.IGNORECASE)
_EVENING = re.compile(r"\s*(?:malam|sore|petang|siang)\b", re.IGNORECASE)
_CLOCK_WORD = re.compile(r"\b(?:pukul|jam)\s+$", re.IGNORECASE)
_RANGE = re.compile(r"\s*(?:-|–|—|hingga|sampai|atau|dan|to|or|and)\s*(?:Rp\.?|US\$|\$)?\s*", re.IGNORECASE)
_LINKED = re.compile(r"\s*(?:[-–—,&]|hingga|sampai|s/d|s\.d\.|atau|dan|, dan)\s*", re.IGNORECASE)
_PAIRED = re.compile(r"\s?[-–—:]\s?|\s+(?:hingga|sampai)\s+", re.IGNORECASE)
_LOOSELY_PAIRED = re.compile(
    rf"(?:\s?%|\s?persen)?(?:{_PAIRED.pattern})|\s+(?:me)?lawan\s+|\s+(?:ber)?banding\s+|[\s,]+(?:dan|atau|ke|dari|dengan)\s+",
    re.IGNORECASE,
)
_NEXT_WORD = re.compile(r"[\s-]?([^\W\d_]+)\b(?!\s+ini\b)")
_CENTURY = re.compile(r"(?<!\d)(19|20)\d\d[-–/]$")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NAMED = re.compile(r"[^\W\d_]-$")
_SMALL, _LAST_DAY, _SHORTEST_NOUN = 100, 31, 4
_TODAY_CENTURY, _LAST_CENTURY = 2000, 1900


@dataclass(frozen=True)
class Number:
    """A number in a text.

    Attributes:
        text: as it is written, without its unit.
        start: offset of its first character.
        end: offset behind its last character.
        readings: everything that it may mean.
        unit: ISO code of a currency, ``$`` for some dollar, ``%``, or None.
        measure: what it counts or measures, if the word behind it says so: a class of ``words.toml`` such as ``people``
            or ``kilometres``, ``date`` in a date, any other noun itself, or None. Indonesian numbers alone have one.
        claim: False for words that may stand for a number but need not ("a", "kedua", "half"): they can support a
            number, and need no support themselves.
        digits: it is written with digits.
    """

    text: str
    start: int
    end: int
    readings: frozenset[Reading]
    unit: str | None = None
    claim: bool = True
    digits: bool = True
    measure: str | None = None

    @property
    def vague(self) -> bool:
        """Whether it is an unknown number of some magnitude, such as "puluhan"."""
        return not self.claim and any(isinstance(reading, tuple) and reading[0] == "about" for reading in self.readings)

    def agrees(self, other: Number) -> bool:
        """Tell whether two numbers may mean the same, units aside."""
        return not self.readings.isdisjoint(other.readings)


@cache
def load_words() -> dict[str, Any]:
    """Read ``words.toml``."""
    return tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))


def same_unit(one: str | None, other: str | None) -> bool:
    """Tell whether two units fit; None fits all, ``$`` every currency whose code ends in D."""
    if one is None or other is None or one == other:
        return True
    return "$" in (one, other) and all(unit == "$" or unit.endswith("D") for unit in (one, other))


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int

    @property
    def key(self) -> str:
        return self.text.lower().replace("’", "'").removesuffix("'s")


def find_numbers(text: str, language: Language) -> list[Number]:
    """Find the numbers of a text, in its order.

    Args:
        text: any text.
        language: ``id`` ("1.250,5", "19.30", "dua puluh") or ``en`` ("1,250.5", "19:30", "twenty"). Where a number is
            written as the other language would, both readings are kept.
    """
    return list(_numbers(text, language))


@lru_cache(maxsize=64)
def _numbers(text: str, language: Language) -> tuple[Number, ...]:
    numbers = list(_Finder(text, language).find())
    return tuple(_measured(text, numbers) if language == "id" else numbers)


def find_dates(text: str) -> dict[tuple[int, int], str]:
    """Find the days of the year that an Indonesian text names: "12 Mei", "(12/5)", both of "12-14 Mei".

    Args:
        text: an Indonesian text.

    Returns:
        (day, month) of each, with the words that name it.
    """
    return {date: text[start:end] for date, start, end in _dates(text, find_numbers(text, "id"))}


def find_pairs(text: str, *, loose: bool = False) -> dict[frozenset[int], str]:
    """Find the pairs of small numbers that an Indonesian text links: scores ("2-1", "2:1") and ranges.

    Args:
        text: an Indonesian text.
        loose: take two numbers with "dan", "atau", "lawan" and the like between them for a pair too.

    Returns:
        The two numbers of each pair, with the words that it is written with. The order is nothing: who wins 2-1 beats
        who loses 1-2.
    """
    pairs = {}
    for one, other in pairwise(find_numbers(text, "id")):
        values = [_small(number) for number in (one, other)]
        if values[0] is None or values[1] is None or "date" in (one.measure, other.measure):
            continue
        if (_LOOSELY_PAIRED if loose else _PAIRED).fullmatch(text[one.end : other.start]):
            pairs[frozenset((values[0], values[1]))] = text[one.start : other.end]
    return pairs


def _small(number: Number) -> int | None:
    values = [value for value in number.readings if isinstance(value, Fraction)]
    return int(min(values)) if values and min(values) < _SMALL and min(values).denominator == 1 else None


def _dates(text: str, numbers: Sequence[Number]) -> Iterator[tuple[tuple[int, int], int, int]]:
    """Yield (day, month) of each date, and where its words begin and end."""
    for at, number in enumerate(numbers):
        months = [reading[1] for reading in number.readings if isinstance(reading, tuple) and reading[0] == "month"]
        if not at or not months:
            continue
        slashed = text[numbers[at - 1].end : number.start] == "/"
        if number.digits and not slashed:
            continue
        end, place = number.start, at - 1
        while place >= 0:
            day = numbers[place]
            link = text[day.end : end]
            value = _small(day)
            joined = link == "/" if slashed else not link.strip() or (place < at - 1 and _LINKED.fullmatch(link))
            if not joined or value is None or not 1 <= value <= _LAST_DAY or not day.digits:
                break
            yield (value, months[0]), day.start, number.end
            if slashed:
                break
            end, place = day.start, place - 1


def _measured(text: str, numbers: list[Number]) -> list[Number]:
    """Return the numbers of an Indonesian text with what they measure."""
    dates = [(start, end) for _, start, end in _dates(text, numbers)]
    dated = {number.start for number in numbers for start, end in dates if start <= number.start < end}
    measured: list[Number] = []
    # From behind, since in "8 atau 9 orang" the first number takes its measure from the second.
    for at in range(len(numbers) - 1, -1, -1):
        number = numbers[at]
        measure = "date" if number.start in dated and number.digits else _measure(text, number)
        if measure is None and measured and _LINKED.fullmatch(text[number.end : measured[-1].start]):
            measure = measured[-1].measure
        measured.append(replace(number, measure=measure))
    return measured[::-1]


def _measure(text: str, number: Number) -> str | None:
    following = _NEXT_WORD.match(text, number.end)
    # What stands behind a year, or behind the number in "COVID-19", is not counted by it.
    if not following or _YEAR.fullmatch(number.text) or _NAMED.search(text, 0, number.start):
        return None
    if number.unit or not any(isinstance(reading, Fraction) for reading in number.readings):
        return None
    word = following.group(1)
    key = word.lower()
    if key not in _function_words():
        key = key.removesuffix("nya")
    if key in _measures():
        return _measures()[key]
    return word if word.islower() and len(word) >= _SHORTEST_NOUN and word not in _function_words() else None


@cache
def _function_words() -> frozenset[str]:
    words = load_words()
    return frozenset(f"{words['untranslated']['words']} {words['uncounted']['words']}".split())


@cache
def _measures() -> dict[str, str]:
    table = load_words()["measures"]
    return {word: kind for group in table.values() for kind, words in group.items() for word in words.split()}


def same_measure(one: Number, other: Number) -> bool:
    """Tell whether two Indonesian numbers may count or measure one thing, units included.

    A number that doesn't say what it counts may count anything. Persons may be called by any noun, so what counts them
    agrees with every noun that ``words.toml`` doesn't know; a measure such as kilometres agrees with none.
    """
    if one.unit and other.unit:
        return same_unit(one.unit, other.unit)
    kinds = one.unit or one.measure, other.unit or other.measure
    if None in kinds or kinds[0] == kinds[1]:
        return True
    table = load_words()["measures"]
    exact = [number.unit or number.measure in {"date", *table["units"]} for number in (one, other)]
    return not (any(exact) or all(kind in table["counted"] for kind in kinds))


class _Finder:
    def __init__(self, text: str, language: Language) -> None:
        self.text, self.language = text, language
        self.words: dict[str, Any] = load_words()[language]
        self.tokens = [
            _Token(str(match.lastgroup), match.group(), match.start(), match.end()) for match in _TOKEN.finditer(text)
        ]
        if language == "id":
            self.tokens = [part for token in self.tokens for part in self._parted(token)]

    def _parted(self, token: _Token) -> list[_Token]:
        """Part number words that are written as one: "tujuhbelas", "duapuluh"."""
        for second in JOINED if token.key.endswith(JOINED) else ():
            first = token.key.removesuffix(second)
            if first != token.key and first in self.words["units"]:
                at = token.start + len(first)
                return [
                    _Token(token.kind, token.text[: len(first)], token.start, at),
                    _Token(token.kind, token.text[len(first) :], at, token.end),
                ]
        return [token]

    def find(self) -> Iterator[Number]:
        at = 0
        while at < len(self.tokens):
            token = self.tokens[at]
            found: Sequence[Number] = ()
            used = 1
            if token.kind == "slashed":
                found = _slashed(token)
            elif token.kind == "clock":
                found, used = self._clock(at)
            elif token.kind == "digits":
                found, used = self._digits(at)
            elif token.kind == "word":
                found, used = self._words(at)
            yield from found
            at += used

    def _clock(self, at: int) -> tuple[list[Number], int]:
        token = self.tokens[at]
        parts = re.split("[.:]", token.text)
        hour, minute = int(parts[0]), int(parts[1])
        readings: set[Reading] = set()
        if hour <= 24 and minute < 60:
            readings |= set(self._times(hour, minute, token.end))
            if minute == 0:
                readings.add(Fraction(hour))
        if ":" in token.text:
            # A score or a ratio, where it is no time.
            if not readings or hour < 10:
                return [
                    _number(token, part, readings | {Fraction(int(part))} if place == 0 else {Fraction(int(part))})
                    for place, part in enumerate(parts)
                ][: 1 if readings else None], 1
            return [_number(token, token.text, readings)], 1
        numbers, used = self._digits(at)
        first = numbers[0]
        return [
            Number(first.text, first.start, first.end, first.readings | frozenset(readings), first.unit),
            *numbers[1:],
        ], used

    def _times(self, hour: int, minute: int, end: int) -> Iterator[Reading]:
        noon = _NOON.match(self.text, end)
        minutes = hour * 60 + minute
        if noon:
            yield "time", minutes % 720 + (720 if noon.group(1).lower() == "p" else 0)
            return
        yield "time", minutes % 1440
        if hour <= 12 and (self.language == "en" or _EVENING.match(self.text, end)):
            yield "time", (minutes + 720) % 1440

    def _digits(self, at: int) -> tuple[list[Number], int]:
        token = self.tokens[at]
        if token.text in {"2", "3"} and _SQUARE.search(self.text[max(0, token.start - 3) : token.start]):
            return [], 1
        values = read_digits(token.text, self.language)
        readings: set[Reading] = set(values)
        used, end, scale = 1, token.end, self._scale(at + 1)
        if scale:
            used, end = 2, self.tokens[at + 1].end
            readings = {value * scale for value in values}
        else:
            readings |= self._shared_scale(token, values)
            for value in values:
                clock = _NOON.match(self.text, end) or _CLOCK_WORD.search(self.text, 0, token.start)
                if clock and token.text.isdigit() and value <= 24:
                    readings |= set(self._times(int(value), 0, end))
                # "2010-11"
                century = _CENTURY.search(self.text, 0, token.start)
                if century and token.text.isdigit() and len(token.text) == 2:
                    readings.add(int(century.group(1)) * 100 + value)
                # "90-an" and "the '90s"
                if value in range(10, 100, 10) and re.match(r"(?:-?an|['’]?s)\b", self.text[end:]):
                    readings |= {_LAST_CENTURY + value, _TODAY_CENTURY + value}
        return [
            Number(self.text[token.start : end], token.start, end, frozenset(readings), self._unit(token, end))
        ], used

    def _scale(self, at: int) -> int | None:
        """Return the scale that a token stands for behind digits."""
        if at >= len(self.tokens):
            return None
        token, before = self.tokens[at], self.tokens[at - 1]
        gap = self.text[before.end : token.start]
        if token.kind != "word" or gap.strip() or len(gap) > 1:
            return None
        scale: int | None = self.words["scales"].get(token.key.removesuffix("nya"))
        if scale is None and self.language == "en" and token.key == "hundred":
            return 100
        if scale is None and len(token.text) == 1 and (token.text.isupper() or not gap):
            money = self._unit(before, before.end) is not None
            if money:
                scale = _SUFFIXES[self.language].get(token.key)
        return scale

    def _shared_scale(self, token: _Token, values: Iterable[Fraction]) -> set[Reading]:
        """In "2 atau 3 juta" the first number may mean millions too."""
        link = _RANGE.match(self.text, token.end)
        if not link:
            return set()
        following = next((at for at, other in enumerate(self.tokens) if other.start >= link.end()), None)
        if following is None or self.tokens[following].kind not in {"digits", "clock"}:
            return set()
        scale = self._scale(following + 1)
        return {value * scale for value in values} if scale else set()

    def _words(self, at: int) -> tuple[list[Number], int]:
        token = self.tokens[at]
        key = token.key
        if re.match(r"kaki lima\b", self.text[self.tokens[at - 1].start :]) and at and key == "lima":
            return [], 1  # street vendors
        # "1 oktober", but "2 mar" may be a slip.
        small = self.language == "id" and key not in _AMBIGUOUS_MONTHS and self._beside_digits(at, before=True)
        if key in self.words["months"] and (token.text[0].isupper() or small):
            sure = key not in _AMBIGUOUS_MONTHS or self._beside_digits(at)
            return [_number(token, token.text, {("month", self.words["months"][key])}, claim=sure, digits=False)], 1
        if key in self.words["days"] and token.text[0].isupper():
            # "Minggu" also means week.
            return [
                _number(token, token.text, {("day", self.words["days"][key])}, claim=key != "minggu", digits=False)
            ], 1
        if key in self.words["vague"]:
            return self._vague(at)
        value, used = self._value(at)
        if value is not None:
            last = self.tokens[at + used - 1]
            readings: set[Reading] = {value}
            ordinal = self.words["ordinals"].get(last.key)
            if self.language == "en" and ordinal and used == 1:
                readings.add(Fraction(1, ordinal))
            # "Worth a thousand words" is "ribuan kata".
            if used == 1 and value in self.words["scales"].values() and self._after_article(at):
                readings.add(("about", int(value)))
            if used == 1 and key in self.words["hints"]:
                readings |= {Fraction(hint) for hint in self.words["hints"][key]}
            # A capital inside a sentence makes it part of a name: "Kepulauan Seribu", "Six Flags".
            named = at > 0 and token.text[0].isupper() and self.tokens[at - 1].kind == "word"
            claim = (value > 2 or (value == 2 and key in {"dua", "two"})) and not named
            whole = self.text[token.start : last.end]
            unit = self._unit(token, last.end)
            return [Number(whole, token.start, last.end, frozenset(readings), unit, claim, digits=False)], used
        if key in self.words["hints"]:
            hints = {Fraction(hint) for hint in self.words["hints"][key]}
            scale = self._half_scale(at)
            if scale:
                hints |= {hint * scale for hint in hints}
            return [_number(token, token.text, hints, claim=False, digits=False)], 1
        if ROMAN.fullmatch(token.text):
            return [_number(token, token.text, {Fraction(_roman(token.text))}, claim=False, digits=False)], 1
        return [], 1

    def _beside_digits(self, at: int, *, before: bool = False) -> bool:
        near = [self.tokens[place] for place in (at - 1, at + 1)[: 1 if before else 2] if 0 <= place < len(self.tokens)]
        return any(token.kind == "digits" for token in near)

    def _half_scale(self, at: int) -> int | None:
        """In "setengah juta" and "half a million" half belongs to the scale word."""
        for token in self.tokens[at + 1 : at + 3]:
            if token.key in self.words["scales"]:
                return int(self.words["scales"][token.key])
            if token.key not in {"a", "of"}:
                return None
        return None

    def _vague(self, at: int) -> tuple[list[Number], int]:
        first = last = self.tokens[at]
        magnitude: int = self.words["vague"][first.key]
        used = 1
        for place, token in enumerate(self.tokens[at + 1 : at + 4], start=2):
            factor = self.words["scales"].get(token.key) or (
                self.words["vague"].get(token.key) if self.language == "en" else None
            )
            if factor:
                magnitude, used, last = magnitude * factor, place, token
            elif token.key != "of":
                break
        text = self.text[first.start : last.end]
        reading: Reading = ("about", magnitude)
        hints = {Fraction(hint) for hint in self.words["hints"].get(first.key, ())}
        return [Number(text, first.start, last.end, frozenset({reading, *hints}), claim=False, digits=False)], used

    def _value(self, at: int) -> tuple[Fraction | None, int]:
        """Read a number that is written in words, as far as it goes."""
        units, multipliers, scales = self.words["units"], self.words["multipliers"], self.words["scales"]
        ordinals = self.words["ordinals"]
        total = group = pending = 0
        place, end, seen = at, at, False
        while place < len(self.tokens):
            token = self.tokens[place]
            key = token.key
            if place > at:
                gap = self.text[self.tokens[place - 1].end : token.start]
                joined = token.kind == "mark" and token.text == "-" and not gap.strip() and seen
                if joined or (self.language == "en" and key == "and" and group >= 100):
                    place += 1
                    continue
                if len(gap) > 1 and gap.strip():
                    break
            if key in units:
                value = units[key]
                if pending or (value >= 10 and group % 100) or (value < 10 and group % 10):
                    break
                if self.language == "id" and value < 10:
                    pending = value
                    if value == 0:
                        seen, place, end = True, place + 1, place + 1
                        break
                else:
                    group += value
            elif self.language == "id" and key == "belas" and pending:
                group, pending = group + 10 + pending, 0
            elif key in multipliers and (pending or (self.language == "en" and group)):
                if self.language == "id":
                    group, pending = group + pending * multipliers[key], 0
                else:
                    group *= multipliers[key]
            elif key in multipliers and self._after_article(place):
                group = multipliers[key]
            elif key in scales and (seen or key.startswith("se") or self._after_article(place)):
                total, group, pending = total + (group + pending or 1) * scales[key], 0, 0
            elif key in ordinals and not pending and (not seen or (self.language == "en" and group % 10 == 0)):
                if seen and ordinals[key] >= 10:
                    break
                group += ordinals[key]
                seen, end = True, place + 1
                after = self.tokens[end].key if end < len(self.tokens) else ""
                if self.language == "id" and after in {"belas", "puluh"} and group < 10:
                    # "kesembilan belas", "kedua puluh"
                    group = group + 10 if after == "belas" else group * 10
                    end += 1
                break
            else:
                break
            seen, place, end = True, place + 1, place + 1
        if not seen:
            return None, 1
        value = Fraction(total + group + pending)
        # "satu setengah", "one and a half"
        hyphens = sum(token.text == "-" for token in self.tokens[end : end + 6])
        rest = [token.key for token in self.tokens[end : end + 6] if token.text != "-"][:3]
        if rest[:1] == ["setengah"]:
            scale = scales.get(rest[1]) if len(rest) > 1 else None
            return (value + Fraction(1, 2)) * (scale or 1), end - at + (2 if scale else 1)
        if rest == ["and", "a", "half"]:
            following = next((token.key for token in self.tokens[end + 3 : end + 8] if token.text != "-"), "")
            scale = scales.get(following)
            return (value + Fraction(1, 2)) * (scale or 1), end - at + hyphens + (4 if scale else 3)
        if (
            self.language == "en"
            and rest
            and rest[0] in {"thirds", "quarters", "fourths", "fifths", "sixths", "tenths"}
        ):
            parts = {"thirds": 3, "quarters": 4, "fourths": 4, "fifths": 5, "sixths": 6, "tenths": 10}[rest[0]]
            return value / parts, end - at + 1 + (self.tokens[end].text == "-")
        if self.language == "id" and rest[:1] == ["per"] and rest[1:] and 2 < units.get(rest[1], 0) < 11:
            return value / units[rest[1]], end - at + 2
        if self.language == "id" and rest[:1] == ["puluhan"] and value < 10:
            return value * 10, end - at + 1
        if self.language == "id" and rest and re.fullmatch("per(?:tiga|empat|lima|enam|tujuh|delapan)", rest[0]):
            return value / units[rest[0].removeprefix("per")], end - at + 1
        return value, end - at

    def _after_article(self, at: int) -> bool:
        before = [token.key for token in self.tokens[max(0, at - 2) : at]]
        return self.language == "en" and before[-1:] in (["a"], ["one"]) and before[0] not in {"half", "quarter"}

    def _unit(self, token: _Token, end: int) -> str | None:
        units = load_words()["units"]
        before = self.text[max(0, token.start - 6) : token.start].rstrip().lower()
        for mark in sorted(units["before"], key=len, reverse=True):
            if before.endswith(mark) and not before[: -len(mark)][-1:].isalpha():
                return str(units["before"][mark])
        after = self.text[end : end + 24].lower().lstrip(" -")
        for mark in sorted(units["after"], key=len, reverse=True):
            if after.startswith(mark) and not after[len(mark) : len(mark) + 1].isalpha():
                return str(units["after"][mark])
        return None


def read_digits(text: str, language: Language) -> list[Fraction]:
    """Return what a number in digits with its marks may mean, the language's own reading first."""
    text = f"0{text}" if text.startswith(".") else text
    decimal, thousands = (",", ".") if language == "id" else (".", ",")
    for point, comma in ((decimal, thousands), (thousands, decimal)):
        if re.fullmatch(rf"\d{{1,3}}(?:{re.escape(comma)}\d{{3}})+(?:{re.escape(point)}\d+)?", text):
            value = Fraction(text.replace(comma, "").replace(point, "."))
            # Indonesian texts often write marks in the English way, English texts hardly in the Indonesian way.
            other = re.fullmatch(r"\d{1,3}\.\d{3}", text) if language == "en" else None
            return [value, Fraction(text)] if other else [value]
        if re.fullmatch(rf"\d+(?:{re.escape(point)}\d+)?", text):
            values = [Fraction(text.replace(point, "."))]
            if language == "id" and re.fullmatch(r"[1-9]\d{0,2},\d{3}", text):
                values.append(Fraction(text.replace(",", "")))
            return values
    # No number but a version, an address or the like: its parts.
    return [Fraction(part) for part in re.split("[.,]", text) if part]


def _slashed(token: _Token) -> list[Number]:
    numbers = []
    start = token.start
    for place, part in enumerate(token.text.split("/")):
        value = int(part)
        readings: set[Reading] = {Fraction(value)}
        if place < 2 and 1 <= value <= 12:
            readings.add(("month", value))
        if place == 2 and value < 100:
            readings.add(Fraction(_TODAY_CENTURY + value))
        numbers.append(Number(part, start, start + len(part), frozenset(readings)))
        start += len(part) + 1
    return numbers


def _number(
    token: _Token, text: str, readings: Iterable[Reading], *, claim: bool = True, digits: bool = True
) -> Number:
    return Number(text, token.start, token.end, frozenset(readings), None, claim, digits)


def _roman(text: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in text]
    return sum(-value if value < max(values[at:]) else value for at, value in enumerate(values))
