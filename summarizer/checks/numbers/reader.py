"""Read the numbers of a text: digits and words, times, dates, months and days of the week."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from summarizer.checks.lexicon import Language, load_lexicon
from summarizer.checks.numbers.grammar import Grammar, load_grammar, read_digits
from summarizer.checks.numbers.model import ROMAN, Number, Reading, read_roman
from summarizer.text.words import LETTERS

_TOKEN = re.compile(
    r"(?P<slashed>(?<![\d/])\d{1,2}/\d{1,2}(?:/(?:\d{4}|\d{2}))?(?![\d/]))"
    r"|(?P<clock>(?<![\d.,])\d{1,2}[.:]\d{2}(?::\d{2})?(?![\d:]|[.,]\d))"
    r"|(?P<digits>(?:(?<![^\s(<>~±=])\.)?\d+(?:[.,]\d+)*)"
    rf"|(?P<word>{LETTERS})"
    r"|(?P<mark>[^\s\w]|_)"
)
_SQUARE = re.compile(r"\b(?:[kcm]?m|CO|H|O|ft|PM)$")
_NOON = re.compile(r"\s*([ap])\.?\s?m\b", re.IGNORECASE)
_DECADE = re.compile(r"(?:-?an|['’]?s)\b")
_CENTURIES = (1900, 2000)
# How far before a number its unit may begin, in characters ("U.S.$ ").
_UNIT_REACH = 6


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int

    @cached_property
    def key(self) -> str:
        return self.text.lower().replace("’", "'").removesuffix("'s")


_Found = tuple[list[Number], int]
"""Numbers, and how many tokens they take."""


def read_numbers(text: str, language: Language) -> Iterator[Number]:
    """Yield the numbers of a text in its order, without what they measure."""
    yield from _Reader(text, load_grammar(language)).read()


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
        grammar, taken = self.grammar, False
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
            self.group, self.digit, taken = self.group + self.digit * times + add, 0, self.digit > 0
            return taken
        if not self.group and not behind_article:
            return False
        self.group = (self.group or 1) * times
        return True


class _Reader:
    def __init__(self, text: str, grammar: Grammar) -> None:
        self.text, self.grammar = text, grammar
        self.tokens = [
            _Token(str(match.lastgroup), match.group(), match.start(), match.end()) for match in _TOKEN.finditer(text)
        ]

    def read(self) -> Iterator[Number]:
        kinds = {
            "slashed": (self._slashed,),
            "clock": (self._clock,),
            "digits": (self._digits,),
            "word": (self._phrase, self._month, self._day, self._vague, self._cardinal, self._hint, self._roman),
            "mark": (),
        }
        at = 0
        while at < len(self.tokens):
            tries = (read(at) for read in kinds[self.tokens[at].kind])
            found, used = next((found for found in tries if found is not None), ([], 1))
            yield from found
            at += used

    def _key(self, at: int) -> str:
        return self.tokens[at].key if 0 <= at < len(self.tokens) else ""

    def _is_digits(self, at: int) -> bool:
        return 0 <= at < len(self.tokens) and self.tokens[at].kind == "digits"

    def _found(
        self, at: int, readings: Iterable[Reading], *, used: int = 1, claim: bool = True, digits: bool = False
    ) -> _Found:
        start, end = self.tokens[at].start, self.tokens[at + used - 1].end
        return [Number(self.text[start:end], start, end, frozenset(readings), None, claim, digits)], used

    def _with_unit(self, found: _Found) -> _Found:
        [number], used = found
        return [replace(number, unit=self._unit(number.start, number.end))], used

    def _unit(self, start: int, end: int) -> str | None:
        before, after = load_lexicon().unit_patterns
        found = before.search(self.text, max(0, start - _UNIT_REACH), start) or after.match(self.text, end)
        return load_lexicon().unit_of[found.group(1).lower()] if found else None

    # What digits mean.

    def _slashed(self, at: int) -> _Found:
        numbers = []
        start = self.tokens[at].start
        for place, part in enumerate(self.tokens[at].text.split("/")):
            value = int(part)
            readings: set[Reading] = {Fraction(value)}
            if place < 2 and 1 <= value <= 12:
                readings.add(("month", value))
            if place == 2 and value < 100:
                readings.add(Fraction(_CENTURIES[1] + value))
            numbers.append(Number(part, start, start + len(part), frozenset(readings)))
            start += len(part) + 1
        return numbers, 1

    def _clock(self, at: int) -> _Found:
        token = self.tokens[at]
        parts = re.split("[.:]", token.text)
        hour, minute = int(parts[0]), int(parts[1])
        readings: set[Reading] = set()
        if hour <= 24 and minute < 60:
            readings.add(self._time(hour, minute, token.end))
            if minute == 0:
                readings.add(Fraction(hour))
        if ":" not in token.text:
            [number], used = self._digits(at)
            return [replace(number, readings=number.readings | readings)], used
        if readings:
            # "2:1" may be a score.
            return self._found(at, readings | {Fraction(hour)} if hour < 10 else readings, digits=True)
        return [Number(part, token.start, token.end, frozenset({Fraction(int(part))})) for part in parts], 1

    def _time(self, hour: int, minute: int, end: int) -> Reading:
        noon = _NOON.match(self.text, end)
        minutes = hour * 60 + minute
        if noon:
            return "time", minutes % 720 + (720 if noon.group(1).lower() == "p" else 0)
        return "time", minutes % 1440

    def _digits(self, at: int) -> _Found:
        token = self.tokens[at]
        if token.text in {"2", "3"} and _SQUARE.search(self.text[max(0, token.start - 3) : token.start]):
            return [], 1
        values = read_digits(token.text, self.grammar.language)
        if scale := self._scale(at + 1):
            return self._with_unit(self._found(at, {value * scale for value in values}, used=2, digits=True))
        readings: set[Reading] = set(values)
        [value, *_] = values
        if token.text.isdigit() and value <= 24 and _NOON.match(self.text, token.end):
            readings.add(self._time(int(value), 0, token.end))
        if value in range(10, 100, 10) and _DECADE.match(self.text, token.end):
            # "90-an" and "the '90s"
            readings |= {century + value for century in _CENTURIES}
        return self._with_unit(self._found(at, readings, digits=True))

    def _scale(self, at: int) -> int | None:
        """Return the scale that a token stands for after digits."""
        if at >= len(self.tokens):
            return None
        token, before = self.tokens[at], self.tokens[at - 1]
        gap = self.text[before.end : token.start]
        if token.kind != "word" or len(gap) > 1:
            return None
        scale = self.grammar.scales.get(token.key.removesuffix("nya"))
        if scale is None and not self.grammar.digit_first and token.key in self.grammar.multipliers:
            return self.grammar.multipliers[token.key][0]
        if scale is None and len(token.text) == 1 and token.text.isupper() and self._unit(before.start, before.end):
            return self.grammar.suffixes.get(token.key)
        return scale

    # What words mean.

    def _phrase(self, at: int) -> _Found | None:
        phrase = self.text[self.tokens[at - 1].start : self.tokens[at].end] if at else ""
        return ([], 1) if phrase in self.grammar.phrases else None

    def _month(self, at: int) -> _Found | None:
        token, grammar = self.tokens[at], self.grammar
        if token.key not in grammar.months:
            return None
        beside_digits = self._is_digits(at - 1) or (self._is_digits(at + 1) and token.text[0].isupper())
        sure = token.key not in grammar.ambiguous_months
        # "1 oktober", but "2 mar" may be a slip.
        if not token.text[0].isupper() and not (beside_digits and sure and grammar.digit_first):
            return None
        return self._found(at, {("month", grammar.months[token.key])}, claim=sure or beside_digits)

    def _day(self, at: int) -> _Found | None:
        token, grammar = self.tokens[at], self.grammar
        if token.key not in grammar.days or not token.text[0].isupper():
            return None
        return self._found(at, {("day", grammar.days[token.key])}, claim=token.key not in grammar.ambiguous_days)

    def _vague(self, at: int) -> _Found | None:
        vague, scales = self.grammar.vague, self.grammar.scales
        key = self._key(at)
        if key not in vague:
            return None
        magnitude, used, place = vague[key], 1, at + 1
        while following := self._key(place):
            factor = scales.get(following) or vague.get(following)
            if factor:
                magnitude, used = magnitude * factor, place - at + 1
            elif following != "of":
                break
            place += 1
        return self._found(at, {("about", magnitude), *self.grammar.hints.get(key, ())}, used=used, claim=False)

    def _cardinal(self, at: int) -> _Found | None:
        cardinal = _Cardinal(self.grammar)
        end = place = at
        while place < len(self.tokens) and not cardinal.closed:
            if cardinal.waits(self._key(place)):
                place += 1
            elif cardinal.take(self._key(place), behind_article=self._behind_article(place)):
                place = end = place + 1
            else:
                break
        if not cardinal.begun:
            return None
        value, end = self._and_a_half(Fraction(cardinal.value), end)
        first, used = self.tokens[at], end - at
        readings: set[Reading] = {value}
        if used == 1:
            readings |= set(self._other_meanings(at, value))
        # A capital inside a sentence makes it part of a name: "Kepulauan Seribu", "Six Flags".
        named = at > 0 and first.text[0].isupper() and self.tokens[at - 1].kind == "word"
        claim = (value > 2 or (value == 2 and first.key in self.grammar.units)) and not named
        return self._with_unit(self._found(at, readings, used=used, claim=claim))

    def _and_a_half(self, value: Fraction, end: int) -> tuple[Fraction, int]:
        """Return a number with the half behind it, and a scale behind that: "satu setengah juta", "six-and-a-half"."""
        place = end
        for word in self.grammar.half:
            place += self._key(place) == "-"
            if self._key(place) != word:
                return value, end
            place += 1
        behind = place + (self._key(place) == "-")
        scale = self.grammar.scales.get(self._key(behind))
        value += Fraction(1, 2)
        return (value * scale, behind + 1) if scale else (value, place)

    def _other_meanings(self, at: int, value: Fraction) -> Iterator[Reading]:
        """Yield what a number of one word may mean besides its value."""
        grammar, key = self.grammar, self._key(at)
        if grammar.ordinals_are_fractions and grammar.ordinals.get(key):
            yield Fraction(1, grammar.ordinals[key])
        # "Worth a thousand words" is "ribuan kata".
        if value in grammar.scales.values() and self._behind_article(at):
            yield "about", int(value)
        yield from grammar.hints.get(key, ())

    def _behind_article(self, at: int) -> bool:
        return self._key(at - 1) in self.grammar.articles and self._key(at - 2) not in self.grammar.not_articles

    def _hint(self, at: int) -> _Found | None:
        hints = self.grammar.hints.get(self._key(at))
        return None if hints is None else self._found(at, hints, claim=False)

    def _roman(self, at: int) -> _Found | None:
        text = self.tokens[at].text
        if not ROMAN.fullmatch(text):
            return None
        # "Ke-XV" is an ordinal for sure, "MM" need not be a number.
        is_ordinal = (self._key(at - 2), self._key(at - 1)) == ("ke", "-") and self.grammar.language == "id"
        return self._found(at, {Fraction(read_roman(text))}, claim=is_ordinal)
