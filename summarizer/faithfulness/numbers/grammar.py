"""One grammar of numbers; what a language's numbers are made of is in its TOML file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache, cached_property, lru_cache
from itertools import count
from typing import Any

from summarizer.faithfulness.lexicon import Language, load_lexicon, read_table
from summarizer.faithfulness.numbers.model import ROMAN, Number, Reading, read_roman

_FILES: Mapping[Language, str] = {"id": "numbers/indonesian.toml", "en": "numbers/english.toml"}
_TOKEN = re.compile(
    r"(?P<slashed>(?<![\d/])\d{1,2}/\d{1,2}(?:/(?:\d{4}|\d{2}))?(?![\d/]))"
    r"|(?P<clock>(?<![\d.,])\d{1,2}[.:]\d{2}(?::\d{2})?(?![\d:]|[.,]\d))"
    r"|(?P<digits>(?:(?<![^\s(<>~±=])\.)?\d+(?:[.,]\d+)*)"
    r"|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)"
    r"|(?P<mark>[^\s\w]|_)"
)
_SQUARE = re.compile(r"\b(?:[kcm]?m|CO|H|O|ft|PM)$")
_NOON = re.compile(r"\s*([ap])\.?\s?m\b", re.IGNORECASE)
_RANGE = re.compile(r"\s*(?:-|–|—|hingga|sampai|atau|dan|to|or|and)\s*(?:Rp\.?|US\$|\$)?\s*", re.IGNORECASE)
_CENTURY = re.compile(r"(?<!\d)(19|20)\d\d[-–/]$")
_DECADE = re.compile(r"(?:-?an|['’]?s)\b")
_TODAY_CENTURY, _LAST_CENTURY = 2000, 1900
# How far before a number its unit may begin, in characters ("U.S.$ "), and what else tells how to read it ("pukul ").
_UNIT_REACH, _REACH = 6, 40


@dataclass(frozen=True)
class Ending:
    """What words after a number do to it: "setengah", "per tiga", "and a half".

    Attributes:
        add: what is added.
        times: what it is multiplied by.
        below: the number must be smaller; None for any.
        scaled: a scale may follow.
    """

    add: Fraction = Fraction(0)
    times: Fraction = Fraction(1)
    below: int | None = None
    scaled: bool = False


@dataclass(frozen=True)
class Grammar:
    """How a language writes numbers: the tables of its TOML file, which says what each of them is.

    All words are in lower case; what a language doesn't have is empty.
    """

    language: Language
    digit_first: bool
    units: Mapping[str, int]
    multipliers: Mapping[str, tuple[int, int]]
    scales: Mapping[str, int]
    suffixes: Mapping[str, int]
    ordinals: Mapping[str, int]
    endings: Mapping[tuple[str, ...], Ending]
    vague: Mapping[str, int]
    hints: Mapping[str, frozenset[Fraction]]
    months: Mapping[str, int]
    days: Mapping[str, int]
    joined: tuple[str, ...] = ()
    alone: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()
    not_articles: frozenset[str] = frozenset()
    conjunction: frozenset[str] = frozenset()
    separators: frozenset[str] = frozenset()
    ordinals_are_fractions: bool = False
    clock: tuple[str, ...] = ()
    evening: tuple[str, ...] = ()
    months_in_lower_case: bool = False
    ambiguous_months: frozenset[str] = frozenset()
    ambiguous_days: frozenset[str] = frozenset()
    phrases: tuple[str, ...] = ()

    @cached_property
    def words(self) -> frozenset[str]:
        """Words of numbers, months and days, which are not names, whatever their capitals."""
        joined = {unit + other for unit in self.units for other in self.joined}
        return frozenset({*self.months, *self.days, *self.units, *self.ordinals, *self.scales} | joined)

    @cached_property
    def clock_pattern(self) -> re.Pattern[str]:
        """What comes before an hour."""
        return re.compile(rf"\b(?:{'|'.join(self.clock) or '(?!)'})\s+$", re.IGNORECASE)

    @cached_property
    def evening_pattern(self) -> re.Pattern[str]:
        """What comes after an hour that may be of the second half of the day."""
        return re.compile(rf"\s*(?:{'|'.join(self.evening)})\b" if self.evening else "", re.IGNORECASE)

    def names_of(self, kind: str) -> dict[int, str]:
        """Return the word for each month, day or scale, written in full and in one.

        Args:
            kind: ``months``, ``days`` or ``scales``.
        """
        names: dict[int, str] = {}
        for word, number in getattr(self, kind).items():
            if len(word) > len(names.get(number, "")) and not word.endswith("s"):
                names[number] = word
        return names


@cache
def load_grammar(language: Language) -> Grammar:
    """Return the grammar of a language; it is read at the first call, its months and days from CLDR."""
    from babel.dates import get_day_names, get_month_names

    table = read_table(_FILES[language])
    for width in table.pop("month_widths", ("wide",)):
        table["months"] |= {name.lower(): at for at, name in get_month_names(width, locale=language).items()}
    table["days"] |= {name.lower(): at + 1 for at, name in get_day_names("wide", locale=language).items()}
    table["endings"] = {tuple(words.split()): _ending(row) for words, row in table["endings"].items()}
    table["hints"] = {word: frozenset(map(Fraction, values)) for word, values in table["hints"].items()}
    return Grammar(language, **table)


def _ending(row: Mapping[str, Any]) -> Ending:
    fractions = {key: Fraction(*row[key]) for key in ("add", "times") if key in row}
    return Ending(**{**row, **fractions})


@lru_cache(maxsize=4096)
def read_digits(text: str, language: Language) -> tuple[Fraction, ...]:
    """Return what a number in digits with its marks may mean, the language's own reading first."""
    from babel.numbers import parse_decimal

    text = f"0{text}" if text.startswith(".") else text
    locales: tuple[Language, ...] = ("id", "en") if language == "id" else ("en", "id")
    for locale in locales:
        try:
            # The usual 28 places are too few for what isn't a number anyway: "01,02,03,..." to 14, decimals of pi.
            with localcontext(prec=len(text) + 2):
                value = Fraction(parse_decimal(text, locale=locale, strict=True))
        except ValueError:  # babel's own is one, and Python's where there are thousands of digits
            continue
        # Indonesian texts often write marks in the English way, English texts hardly in the Indonesian way.
        swapped = language == "id" and re.fullmatch(r"[1-9]\d{0,2},\d{3}", text)
        return (value, Fraction(text.replace(",", ""))) if swapped else (value,)
    # No number but a version, an address or the like: its parts.
    return tuple(_exact(part) for part in re.split("[.,]", text) if part)


def _exact(digits: str) -> Fraction:
    """Return the value of digits, however many there are: ``int`` refuses to read some thousands of them."""
    return Fraction(Decimal(digits))


def read_numbers(text: str, language: Language) -> Iterator[Number]:
    """Yield the numbers of a text in its order, without what they measure."""
    yield from _Reader(text, load_grammar(language)).read()


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int

    @cached_property
    def key(self) -> str:
        return self.text.lower().replace("’", "'").removesuffix("'s")


class _Cardinal:
    """A number in words that is being put together, for as long as the words go on with it."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        # In front of the last scale, and that scale; behind it; a digit that waits for its multiplier.
        self.total = self.scale = self.group = self.digit = 0
        self.begun = self.closed = False

    @property
    def value(self) -> int:
        return self.total + self.group + self.digit

    def waits(self, key: str) -> bool:
        """Tell whether a word may stand inside of the number without being part of it: "-", "and"."""
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
            self.scale = grammar.scales[key]
            self.total += (self.group + self.digit or 1) * self.scale
            self.group = self.digit = 0
            taken = True
        elif key in grammar.ordinals and grammar.digit_first:
            # "Kedua puluh satu" goes on as the cardinal does.
            taken = not self.begun and self._add(grammar.ordinals[key])
        elif key in grammar.ordinals:
            taken = self.closed = self._add(grammar.ordinals[key])
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
        if self.grammar.digit_first:
            if not self.digit:
                return False
            self.group, self.digit = self.group + self.digit * times + add, 0
            return True
        if not self.group and not behind_article:
            return False
        self.group = (self.group or 1) * times
        return True


_Found = tuple[list[Number], int]
"""Numbers, and how many tokens they take."""


class _Reader:
    def __init__(self, text: str, grammar: Grammar) -> None:
        self.text, self.grammar = text, grammar
        tokens = (
            _Token(str(match.lastgroup), match.group(), match.start(), match.end()) for match in _TOKEN.finditer(text)
        )
        self.tokens = [part for token in tokens for part in self._parted(token)]

    def _parted(self, token: _Token) -> list[_Token]:
        """Part number words that are written as one: "tujuhbelas", "duapuluh"."""
        for second in self.grammar.joined if token.key.endswith(self.grammar.joined) else ():
            first = token.key.removesuffix(second)
            if first != token.key and first in self.grammar.units:
                at = token.start + len(first)
                return [
                    _Token(token.kind, token.text[: len(first)], token.start, at),
                    _Token(token.kind, token.text[len(first) :], at, token.end),
                ]
        return [token]

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

    def _number(
        self,
        at: int,
        readings: Iterable[Reading],
        *,
        used: int = 1,
        claim: bool = True,
        digits: bool = False,
        unit: bool = False,
    ) -> Number:
        start, end = self.tokens[at].start, self.tokens[at + used - 1].end
        code = self._unit(start, end) if unit else None
        return Number(self.text[start:end], start, end, frozenset(readings), code, claim, digits)

    def _unit(self, start: int, end: int) -> str | None:
        before, after = load_lexicon().unit_patterns
        found = before.search(self.text, max(0, start - _UNIT_REACH), start) or after.match(self.text, end)
        return load_lexicon().unit_of[found.group(1).lower()] if found else None

    def _slashed(self, at: int) -> _Found:
        token = self.tokens[at]
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
        return numbers, 1

    def _clock(self, at: int) -> _Found:
        token = self.tokens[at]
        parts = re.split("[.:]", token.text)
        hour, minute = int(parts[0]), int(parts[1])
        readings: set[Reading] = set()
        if hour <= 24 and minute < 60:
            readings |= set(self._times(hour, minute, token.end))
            if minute == 0:
                readings.add(Fraction(hour))
        if ":" not in token.text:
            [number], used = self._digits(at)
            return [replace(number, readings=number.readings | readings)], used
        if readings and hour >= 10:
            return [self._number(at, readings, digits=True)], 1
        # A score or a ratio, where it is not a time.
        scores = [Number(part, token.start, token.end, frozenset({Fraction(int(part))})) for part in parts]
        if readings:
            scores = [replace(scores[0], readings=scores[0].readings | readings)]
        return scores, 1

    def _times(self, hour: int, minute: int, end: int) -> Iterator[Reading]:
        noon = _NOON.match(self.text, end)
        minutes = hour * 60 + minute
        if noon:
            yield "time", minutes % 720 + (720 if noon.group(1).lower() == "p" else 0)
            return
        yield "time", minutes % 1440
        if hour <= 12 and self.grammar.evening_pattern.match(self.text, end):
            yield "time", (minutes + 720) % 1440

    def _digits(self, at: int) -> _Found:
        token = self.tokens[at]
        if token.text in {"2", "3"} and _SQUARE.search(self.text[max(0, token.start - 3) : token.start]):
            return [], 1
        values = read_digits(token.text, self.grammar.language)
        scale = self._scale(at + 1)
        if scale:
            return [self._number(at, {value * scale for value in values}, used=2, digits=True, unit=True)], 2
        readings = {*values, *self._shared_scale(token, values)}
        for value in values:
            readings |= set(self._bare(token, value))
        return [self._number(at, readings, digits=True, unit=True)], 1

    def _bare(self, token: _Token, value: Fraction) -> Iterator[Reading]:
        """Yield what digits may mean besides their value: an hour, a year of a range, a decade."""
        near = max(0, token.start - _REACH)
        hour = _NOON.match(self.text, token.end) or self.grammar.clock_pattern.search(self.text, near, token.start)
        if hour and token.text.isdigit() and value <= 24:
            yield from self._times(int(value), 0, token.end)
        century = _CENTURY.search(self.text, near, token.start)
        if century and token.text.isdigit() and len(token.text) == 2:
            # "2010-11"
            yield Fraction(int(century.group(1)) * 100) + value
        if value in range(10, 100, 10) and _DECADE.match(self.text, token.end):
            # "90-an" and "the '90s"
            yield _LAST_CENTURY + value
            yield _TODAY_CENTURY + value

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
        lone = scale is None and len(token.text) == 1 and (token.text.isupper() or not gap)
        return self.grammar.suffixes.get(token.key) if lone and self._unit(before.start, before.end) else scale

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

    def _phrase(self, at: int) -> _Found | None:
        phrase = self.text[self.tokens[at - 1].start : self.tokens[at].end] if at else ""
        return ([], 1) if phrase in self.grammar.phrases else None

    def _month(self, at: int) -> _Found | None:
        token, grammar = self.tokens[at], self.grammar
        if token.key not in grammar.months:
            return None
        sure = token.key not in grammar.ambiguous_months
        # "1 oktober", but "2 mar" may be a slip.
        if not token.text[0].isupper() and not (grammar.months_in_lower_case and sure and self._is_digits(at - 1)):
            return None
        sure = sure or self._is_digits(at - 1) or self._is_digits(at + 1)
        return [self._number(at, {("month", grammar.months[token.key])}, claim=sure)], 1

    def _is_digits(self, at: int) -> bool:
        return 0 <= at < len(self.tokens) and self.tokens[at].kind == "digits"

    def _day(self, at: int) -> _Found | None:
        token, grammar = self.tokens[at], self.grammar
        if token.key not in grammar.days or not token.text[0].isupper():
            return None
        return [self._number(at, {("day", grammar.days[token.key])}, claim=token.key not in grammar.ambiguous_days)], 1

    def _vague(self, at: int) -> _Found | None:
        vague, scales = self.grammar.vague, self.grammar.scales
        key = self.tokens[at].key
        if key not in vague:
            return None
        magnitude, used = vague[key], 1
        for place in range(1, 4):
            following = self._key(at + place)
            factor = scales.get(following) or vague.get(following)
            if factor:
                magnitude, used = magnitude * factor, place + 1
            elif following != "of":
                break
        readings: set[Reading] = {("about", magnitude), *self.grammar.hints.get(key, ())}
        return [self._number(at, readings, used=used, claim=False)], used

    def _spelled(self, at: int) -> tuple[_Cardinal, int]:
        """Read a number in words as far as it goes; return it, and where it ends, in tokens."""
        cardinal = _Cardinal(self.grammar)
        end = place = at
        while place < len(self.tokens) and not cardinal.closed:
            if cardinal.waits(self._key(place)):
                place += 1
                continue
            if not cardinal.take(self._key(place), behind_article=self._behind_article(place)):
                break
            place = end = place + 1
        link = self._key(end)
        if cardinal.scale and not cardinal.group and link in self.grammar.conjunction | self.grammar.separators:
            # "One thousand and one", "one thousand, two hundred", but "between one thousand and two thousand".
            rest, after = self._spelled(end + 1)
            if rest.begun and rest.value < cardinal.scale and (rest.value < 100) == (link in self.grammar.conjunction):
                cardinal.group, end = rest.value, after
        return cardinal, end

    def _cardinal(self, at: int) -> _Found | None:
        grammar = self.grammar
        cardinal, end = self._spelled(at)
        if not cardinal.begun:
            return None
        value, end = self._ending(Fraction(cardinal.value), end)
        first, used = self.tokens[at], end - at
        readings: set[Reading] = {value}
        if used == 1:
            readings |= set(self._other_meanings(at, value))
        # A capital inside a sentence makes it part of a name: "Kepulauan Seribu", "Six Flags".
        named = at > 0 and first.text[0].isupper() and self.tokens[at - 1].kind == "word"
        claim = (value > 2 or (value == 2 and first.key in grammar.units)) and not named
        return [self._number(at, readings, used=used, claim=claim, unit=True)], used

    def _other_meanings(self, at: int, value: Fraction) -> Iterator[Reading]:
        """Yield what a number of one word may mean besides its value."""
        grammar, key = self.grammar, self.tokens[at].key
        if grammar.ordinals_are_fractions and grammar.ordinals.get(key):
            yield Fraction(1, grammar.ordinals[key])
        # "Worth a thousand words" is "ribuan kata".
        if value in grammar.scales.values() and self._behind_article(at):
            yield "about", int(value)
        yield from grammar.hints.get(key, ())

    def _behind_article(self, at: int) -> bool:
        return self._key(at - 1) in self.grammar.articles and self._key(at - 2) not in self.grammar.not_articles

    def _ending(self, value: Fraction, end: int) -> tuple[Fraction, int]:
        """Return the value of a number with what comes after it, and where that ends, in tokens."""
        for words, ending in self.grammar.endings.items():
            after = self._after(end, words)
            if after is None or (ending.below is not None and value >= ending.below):
                continue
            value = value * ending.times + ending.add
            place = after + (self._key(after) == "-")
            scale = self.grammar.scales.get(self._key(place)) if ending.scaled else None
            return (value * scale, place + 1) if scale else (value, after)
        return value, end

    def _after(self, at: int, words: Sequence[str]) -> int | None:
        """Return where the given words end that begin at a token, hyphens aside; None where they don't stand there."""
        for word in words:
            at += self._key(at) == "-"
            if self._key(at) != word:
                return None
            at += 1
        return at

    def _hint(self, at: int) -> _Found | None:
        hints = self.grammar.hints.get(self.tokens[at].key)
        if hints is None:
            return None
        scale = self._half_scale(at)
        readings = hints | {hint * scale for hint in hints} if scale else hints
        return [self._number(at, readings, claim=False)], 1

    def _half_scale(self, at: int) -> int | None:
        """In "setengah juta", "half a million" and "half of a million" half belongs to the scale word."""
        place = next(place for place in count(at + 1) if self._key(place) not in {"a", "of"})
        return self.grammar.scales.get(self._key(place))

    def _roman(self, at: int) -> _Found | None:
        text = self.tokens[at].text
        if not ROMAN.fullmatch(text):
            return None
        # "Ke-XV" is an ordinal for sure, "MM" need not be a number.
        is_ordinal = (self._key(at - 2), self._key(at - 1)) == ("ke", "-") and self.grammar.language == "id"
        return [self._number(at, {Fraction(read_roman(text))}, claim=is_ordinal)], 1
