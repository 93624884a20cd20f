"""Read the numbers of a text: digits and words, times, dates, months and days of the week."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from summarizer.checks.numbers.cardinal import Cardinal
from summarizer.checks.numbers.grammar import Grammar, read_digits
from summarizer.checks.wordlists import any_of, word_table
from summarizer.text.words import LETTERS

# "½", "2/3" and the like as one character; NFKC has the number above the line, U+2044, and the one below it.
_FRACTIONS = "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
_FRACTION_SLASH = "\u2044"
# A space that doesn't part a line, and three that mark thousands: U+00A0, U+2009 and U+202F.
_SPACE = "[ \u00a0\u2009\u202f]"
_TOKEN = re.compile(
    r"(?P<slashed>(?<![\d/])\d{1,2}/\d{1,2}(?:/(?:\d{4}|\d{2}))?(?![\d/]))"
    r"|(?P<clock>(?<![\d.,])\d{1,2}:\d{2}(?::\d{2})?(?![\d:]|[.,]\d))"
    r"|(?P<digits>(?:(?<![^\s(<>~±=])\.)?\d+(?:[.,]\d+)*)"
    rf"|(?P<fraction>[{_FRACTIONS}])"
    # Street vendors are of "five feet", which are no number, nor is the 2 of "m2"; a line ends a paragraph, and with it
    # a number.
    rf"|(?P<mark>kaki lima\b|(?:(?<=\d)|\b)[ck]?m[23]\b|[^\s\w]|_|\n)|(?P<word>{LETTERS})"
)
# "1 000 000,5": thousands with a space between them, up to quadrillions.
_SPACED = re.compile(rf"(?<![\d.,/:])[1-9]\d{{0,2}}(?:{_SPACE}\d{{3}}){{1,5}}(?:[.,]\d+)?(?![.,]?\d)")
# "½", "2/3", "2½", "2 1/2".
_MIXED = re.compile(
    rf"(?<![\d.,/])(?:(?P<whole>\d{{1,3}})(?:{_SPACE}?(?=[{_FRACTIONS}])|{_SPACE}(?=\d)))?"
    rf"(?:(?P<sign>[{_FRACTIONS}])|(?P<numerator>\d{{1,2}})/(?P<denominator>\d{{1,2}})(?![\d/]))"
)
# Up to 89: with C, D and M there are too many abbreviations.
_ROMAN = re.compile(r"(?=[IVXL])(XL|L?X{0,3})(IX|IV|V?I{0,3})")
_ROMAN_VALUES: Mapping[str, int] = {"I": 1, "V": 5, "X": 10, "L": 50}
_DOTTED_TIME = re.compile(r"(\d{1,2})\.(\d{2})")
_NOON = re.compile(r"\s*([ap])\.?\s?m\b", re.IGNORECASE)
_DECADE = re.compile(r"(?:-?an|['’]?s)\b")
# Tens that may be a decade without its century: "90-an".
_DECADES = range(10, 100, 10)
# A decade may be of either, a year of two digits is of this one.
_LAST_CENTURY = 1900
_THIS_CENTURY = 2000
_MONTHS = range(1, 13)
_MINUTES_OF_DAY = 24 * 60
_MINUTES_OF_HALF_DAY = 12 * 60
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

    Attributes:
        text: the number as it stands there, without its unit.
        start: its first character in the text.
        end: the character behind its last.
        readings: all that it may mean.
        unit: the ISO code of a currency, ``$`` for some dollar, ``%``, another name from ``units`` in
            ``wordlists.toml``, or None.
        claim: whether it is a number for sure. Words that may stand for one but need not ("a", "kedua", "half") can
            support a number, and need no support themselves.
        digits: whether it is written in digits.
        measure: what an Indonesian number counts, if the word after it says so: a class of ``measures`` in
            ``wordlists.toml``, or ``date``.
        sign: what makes it negative, as it is written in front of it ("minus "), or nothing.
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


def same_unit(unit: str | None, other: str | None) -> bool:
    """Tell whether two units fit; None fits all, ``$`` every currency whose code ends in D."""
    if unit is None or other is None or unit == other:
        return True
    if unit == "$":
        return other.endswith("D")
    return other == "$" and unit.endswith("D")


class _Token(NamedTuple):
    """A piece of a text.

    Attributes:
        kind: the group of `_TOKEN` that it is of: "slashed", "clock", "digits", "fraction", "mark" or "word".
        text: as it stands there.
        key: how the grammar has it: in lower case, with straight apostrophes, and without "'s".
        start: its first character in the text.
        end: the character behind its last.
    """

    kind: str
    text: str
    key: str
    start: int
    end: int


class _Meaning(NamedTuple):
    """What some tokens in a row mean.

    Attributes:
        readings: all that they may mean.
        tokens: how many there are.
        is_claim: whether they are a number for sure.
    """

    readings: set[Reading]
    tokens: int
    is_claim: bool


class Reader:
    """Reads the numbers of a text by a grammar."""

    def __init__(self, text: str, grammar: Grammar) -> None:
        """Take a text apart."""
        self.text = text
        self.grammar = grammar
        self.tokens: list[_Token] = []
        for match in _TOKEN.finditer(text):
            word = match[0]
            key = word.lower().replace("’", "'").removesuffix("'s")
            self.tokens.append(_Token(str(match.lastgroup), word, key, match.start(), match.end()))
        # By the place in the text where a part of a number begins, what the whole number means.
        self.wholes = self._read_wholes()

    def read(self) -> Iterator[Number]:
        """Yield the numbers in their order, without what they measure."""
        place = 0
        while place < len(self.tokens):
            token = self.tokens[place]
            meaning: _Meaning | None = None
            if token.kind in {"slashed", "clock"}:
                yield from self._read_parts(token)
            elif token.kind == "fraction":
                yield from self._read_fraction(token)
            elif token.kind == "digits":
                meaning = self._read_digits(place)
            elif token.kind == "word":
                meaning = self._read_word(place)
            if meaning is None:
                place += 1
                continue
            end = self.tokens[place + meaning.tokens - 1].end
            yield Number(
                text=self.text[token.start : end],
                start=token.start,
                end=end,
                readings=frozenset(meaning.readings | self._whole(token.start)),
                unit=self._unit(token.start, end),
                claim=meaning.is_claim,
                digits=token.kind == "digits",
                sign=self._sign(token.start, end),
            )
            place += meaning.tokens

    def _key(self, place: int) -> str:
        """Return the key of a token; "" where there is none."""
        return self.tokens[place].key if 0 <= place < len(self.tokens) else ""

    def _is_digits(self, place: int) -> bool:
        return 0 <= place < len(self.tokens) and self.tokens[place].kind == "digits"

    def _unit(self, start: int, end: int) -> str | None:
        """Return the unit that stands in front of a number or behind it, by where the number begins and ends."""
        units = _units()
        match = units.before.search(self.text, max(0, start - _UNIT_REACH), start)
        if match is None:
            match = units.after.match(self.text, end)
        if match is None:
            return None
        # "RUPİAH" matches without regard to case, and has no such lower case.
        return units.names.get(match[1].lower())

    def _sign(self, start: int, end: int) -> str:
        """Return what makes a number negative, by where the number begins and ends."""
        sign = _SIGN.search(self.text, max(0, start - _SIGN_REACH), start)
        if sign is None:
            return ""
        # A hyphen in front of anything else is a dash without its space, or opens a line of a list.
        is_hyphen = sign[0].startswith("-")
        if is_hyphen and not sign["money"] and not _SIGNED_UNIT.match(self.text, end):
            return ""
        return sign[0]

    # What digits mean.

    def _read_parts(self, token: _Token) -> Iterator[Number]:
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
            if token.kind == "slashed":
                is_year = place == 2
                if is_year and value < 100:
                    readings.add(Fraction(_THIS_CENTURY + value))
                # English of America has the month in front.
                if not is_year and value in _MONTHS:
                    readings.add(("month", value))
            readings |= self._whole(token.start)
            yield Number(part, start, start + len(part), frozenset(readings))
            start += len(part) + 1

    def _read_fraction(self, token: _Token) -> Iterator[Number]:
        """Yield what a fraction of one character means: "½" is one number, "¾" a three and a four ("tiga perempat").

        Each of the two may be the whole fraction as well.
        """
        numerator, denominator = _split_fraction(token.text)
        value = Fraction(numerator, denominator)
        parts = [value] if numerator == 1 else [Fraction(numerator), Fraction(denominator)]
        for part in parts:
            yield Number(
                text=token.text,
                start=token.start,
                end=token.end,
                readings=frozenset({part, value} | self._whole(token.start)),
                unit=self._unit(token.start, token.end),
            )

    def _whole(self, start: int) -> set[Reading]:
        """Return what the number means whose part begins at a place in the text; nothing if it isn't part of one."""
        return self.wholes.get(start, set())

    def _read_wholes(self) -> dict[int, set[Reading]]:
        """Return what numbers mean that are written in parts, by where each part begins: "1 000", "2½", "1/2".

        The parts may be numbers of their own: of "Atto 3 896 unit", 3 is a model.
        """
        places: dict[int, int] = {}
        for place, token in enumerate(self.tokens):
            places[token.start] = place
        wholes: dict[int, set[Reading]] = {}
        for match in _SPACED.finditer(self.text):
            values = read_digits(re.sub(_SPACE, "", match[0]), self.grammar.language)
            self._add_whole(wholes, match, values, places)
        for match in _MIXED.finditer(self.text):
            value = _value_of_mixed(match)
            if value is not None:
                self._add_whole(wholes, match, (value,), places)
        return wholes

    def _add_whole(
        self,
        wholes: dict[int, set[Reading]],
        match: re.Match[str],
        values: tuple[Fraction, ...],
        places: Mapping[int, int],
    ) -> None:
        """Note the values of a number for each of its parts, multiplied by the scale behind it if there is one.

        Args:
            wholes: where they are noted.
            match: the number.
            values: what it may mean.
            places: of the tokens, by where they begin in the text.
        """
        starts = [start for start in range(match.start(), match.end()) if start in places]
        if not starts:
            return
        scale = self._scale_behind(places[starts[-1]]) or 1
        for start in starts:
            for value in values:
                wholes.setdefault(start, set()).add(value * scale)

    def _time(self, hour: int, minute: int, end: int) -> set[Reading]:
        """Return what a time may mean, with "a.m." or "p.m." behind its end; nothing if there is no such time."""
        if hour > 24 or minute >= 60:
            return set()
        minutes = hour * 60 + minute
        noon = _NOON.match(self.text, end)
        if noon is None:
            minutes %= _MINUTES_OF_DAY
        else:
            # 12 a.m. is midnight.
            minutes %= _MINUTES_OF_HALF_DAY
            if noon[1].lower() == "p":
                minutes += _MINUTES_OF_HALF_DAY
        readings: set[Reading] = {("time", minutes)}
        if minute == 0:
            readings.add(Fraction(hour))
        return readings

    def _read_digits(self, place: int) -> _Meaning:
        """Return what a token of digits means, with a scale behind it if there is one ("5 juta")."""
        token = self.tokens[place]
        values = read_digits(token.text, self.grammar.language)
        readings: set[Reading] = set()
        scale = self._scale_behind(place)
        if scale:
            for value in values:
                readings.add(value * scale)
            return _Meaning(readings, 2, is_claim=True)
        readings.update(values)
        value = values[0]
        dotted_time = _DOTTED_TIME.fullmatch(token.text)
        if dotted_time:
            readings |= self._time(int(dotted_time[1]), int(dotted_time[2]), token.end)
        elif token.text.isdigit() and value <= 24 and _NOON.match(self.text, token.end):
            readings |= self._time(int(value), 0, token.end)
        # "90-an" and "the '90s"
        if value in _DECADES and _DECADE.match(self.text, token.end):
            readings |= {_LAST_CENTURY + value, _THIS_CENTURY + value}
        return _Meaning(readings, 1, is_claim=True)

    def _scale_behind(self, place: int) -> int | None:
        """Return the scale that the token behind one of digits stands for, if it does."""
        if place + 1 >= len(self.tokens):
            return None
        number = self.tokens[place]
        token = self.tokens[place + 1]
        is_directly_behind = token.start - number.end <= 1
        if token.kind != "word" or not is_directly_behind:
            return None
        grammar = self.grammar
        scale = grammar.scales.get(token.key.removesuffix("nya"))
        if scale is not None:
            return scale
        # "3 hundred"; Indonesian has no "3 ratus".
        if not grammar.digit_first and token.key in grammar.multipliers:
            times, _ = grammar.multipliers[token.key]
            return times
        # "$5M": a letter is a scale behind an amount of money alone.
        is_capital = len(token.text) == 1 and token.text.isupper()
        if is_capital and self._unit(number.start, number.end):
            return grammar.suffixes.get(token.key)
        return None

    # What words mean.

    def _read_word(self, place: int) -> _Meaning | None:
        """Return what a word, or a number that begins with it, means; None if it is no number, month or day."""
        token = self.tokens[place]
        grammar = self.grammar
        roman = self._read_roman(place)
        if roman is not None:
            return roman
        has_capital = token.text[0].isupper()
        is_sure = token.key not in grammar.ambiguous
        month = grammar.months.get(token.key)
        if month:
            is_beside = self._is_digits(place - 1) or (self._is_digits(place + 1) and has_capital)
            # "1 oktober", but "2 mar" may be a slip.
            if has_capital or (is_beside and is_sure and grammar.digit_first):
                return _Meaning({("month", month)}, 1, is_claim=is_sure or is_beside)
        if has_capital and token.key in grammar.days:
            return _Meaning({("day", grammar.days[token.key])}, 1, is_claim=is_sure)
        cardinal = self._read_cardinal(place)
        if cardinal is None and token.key in grammar.hints:
            return _Meaning(set(grammar.hints[token.key]), 1, is_claim=False)
        return cardinal

    def _read_roman(self, place: int) -> _Meaning | None:
        """Return what a Roman numeral means; None if it is none.

        It is a number for sure beside "abad" or "century", but for the first, which may be "the previous" one.
        Elsewhere it may be part of a name, and a single letter is no numeral.
        """
        token = self.tokens[place]
        value = roman_value(token.text)
        if value is None:
            return None
        grammar = self.grammar
        before = self._key(place - 1)
        if before == "-" and self._key(place - 2) == "ke":
            before = self._key(place - 3)
        is_counted = before in grammar.before_roman or self._key(place + 1) in grammar.behind_roman
        if not is_counted and len(token.text) == 1:
            return None
        return _Meaning({Fraction(value)}, 1, is_claim=is_counted and value > 1)

    def _read_cardinal(self, first: int) -> _Meaning | None:
        """Return what the longest number in words that begins with a token means; None if none does."""
        cardinal, end = self._take_cardinal(first)
        if cardinal is None:
            return None
        value, end = self._add_half(cardinal, end)
        readings: set[Reading] = {value}
        token = self.tokens[first]
        is_single_word = end == first + 1
        if is_single_word:
            readings |= self._other_readings(token.key)
        # A capital inside a sentence makes it part of a name: "Kepulauan Seribu", "Six Flags".
        is_inside_sentence = first > 0 and self.tokens[first - 1].kind == "word"
        is_name = is_inside_sentence and token.text[0].isupper()
        # "Satu" and "a" often count nothing; of what means two, "dua" is sure and "kedua" isn't.
        is_sure = value > 2 or (value == 2 and token.key in self.grammar.units)
        return _Meaning(readings, end - first, is_claim=is_sure and not is_name)

    def _take_cardinal(self, first: int) -> tuple[Cardinal | None, int]:
        """Return the longest number in words that begins with a token, if any, and the place behind it.

        It ends in front of words that belong to another number: see `_find_other`.
        """
        cardinal, end = self._take_words(first, len(self.tokens))
        if cardinal is None:
            return None, end
        other = self._find_other(first, end)
        if other is None:
            return cardinal, end
        return self._take_words(first, other)

    def _add_half(self, cardinal: Cardinal, end: int) -> tuple[Fraction, int]:
        """Return the value of a number with the half behind it, if there is one, and the place behind both.

        The half is one of the number's last place: "dua setengah" is 2.5 and "sejuta setengah" 1,500,000. A scale
        behind it multiplies both: "satu setengah juta" is 1,500,000 too.

        Args:
            cardinal: the number.
            end: the place behind it.
        """
        value = Fraction(cardinal.value)
        behind_half = self._skip_half(end)
        if behind_half is None:
            return value, end
        value += Fraction(cardinal.place, 2)
        scale = self.grammar.scales.get(self._key(behind_half))
        if scale is None:
            return value, behind_half
        return value * scale, behind_half + 1

    def _take_words(self, first: int, limit: int) -> tuple[Cardinal | None, int]:
        """Return the longest number in words from a token up to a place, if any, and the place behind it."""
        cardinal = Cardinal(self.grammar)
        end = first
        place = first
        while place < limit and not cardinal.closed:
            if cardinal.waits(self._key(place)):
                place += 1
                continue
            if not cardinal.take(self._key(place), behind_article=self._is_behind_article(place)):
                break
            place += 1
            end = place
        return (cardinal if cardinal.begun else None), end

    def _find_other(self, first: int, end: int) -> int | None:
        """Return where another number begins among the words of one, if what stands behind it multiplies that one.

        "Seratus dua ratus" are from 100 to 200. Where nothing is left in front of that, it is the beginning of the
        first number, which is none: "seratus belas".
        """
        grammar = self.grammar
        key = self._key(end)
        is_multiplier = key in grammar.multipliers
        is_scale = key in grammar.scales and key not in grammar.alone
        if not is_multiplier and not is_scale:
            return None
        place = end
        while place > first and self._is_multiplied(self._key(place - 1), by_scale=is_scale):
            place -= 1
        return first if place == end else place

    def _is_multiplied(self, key: str, *, by_scale: bool) -> bool:
        """Tell whether a word is multiplied by a multiplier or a scale that stands behind it."""
        grammar = self.grammar
        if by_scale:
            return key not in grammar.scales
        return key in grammar.units and grammar.units[key] < (10 if grammar.digit_first else 100)

    def _is_behind_article(self, place: int) -> bool:
        """Tell whether what stands in front of a token may be one: "a million", but "half a million"."""
        is_article = self._key(place - 1) in self.grammar.articles
        return is_article and self._key(place - 2) not in self.grammar.not_articles

    def _skip_half(self, place: int) -> int | None:
        """Return the place behind the words that add a half, where they begin at a place; None if they don't."""
        for word in self.grammar.half:
            if self._key(place) != word:
                return None
            place += 1
        return place

    def _other_readings(self, key: str) -> set[Reading]:
        """Return what a single word may mean besides its value: "a third", "kedua"."""
        grammar = self.grammar
        readings: set[Reading] = set(grammar.hints.get(key, ()))
        ordinal = grammar.ordinals.get(key)
        if ordinal and grammar.ordinals_are_fractions:
            readings.add(Fraction(1, ordinal))
        return readings


def roman_value(text: str) -> int | None:
    """Return the value of a Roman numeral in capitals, from 1 to 89; None if the text is none."""
    if not _ROMAN.fullmatch(text):
        return None
    value = 0
    highest = 0
    # From behind: what stands in front of a larger one is taken from it.
    for letter in reversed(text):
        worth = _ROMAN_VALUES[letter]
        value += worth if worth >= highest else -worth
        highest = max(highest, worth)
    return value


def _split_fraction(sign: str) -> tuple[int, int]:
    """Return what stands above and below the line of a fraction of one character."""
    numerator, _, denominator = unicodedata.normalize("NFKC", sign).partition(_FRACTION_SLASH)
    return int(numerator), int(denominator)


def _value_of_mixed(match: re.Match[str]) -> Fraction | None:
    """Return the value of what `_MIXED` finds; None where it is no proper fraction, as in most dates."""
    if match["sign"]:
        numerator, denominator = _split_fraction(match["sign"])
    else:
        numerator = int(match["numerator"])
        denominator = int(match["denominator"])
    if not 0 < numerator < denominator:
        return None
    return int(match["whole"] or 0) + Fraction(numerator, denominator)


class _Units(NamedTuple):
    """What finds the units of numbers.

    Attributes:
        before: a unit (group 1) that ends where the text does.
        after: a unit (group 1) that begins where the number ends.
        names: by the words of a unit in lower case, what `Number.unit` is.
    """

    before: re.Pattern[str]
    after: re.Pattern[str]
    names: Mapping[str, str]


@cache
def _units() -> _Units:
    """Return what finds the units of ``wordlists.toml``."""
    names_before = _names_of_units("units.before")
    names_after = _names_of_units("units.after")
    before = any_of(map(re.escape, names_before))
    after = any_of(map(re.escape, names_after))
    letter = r"[^\W\d_]"
    return _Units(
        before=re.compile(rf"(?<!{letter})({before})\s*\Z", re.IGNORECASE),
        after=re.compile(rf"[ -]*({after})(?!{letter})", re.IGNORECASE),
        names=names_before | names_after,
    )


def _names_of_units(table: str) -> dict[str, str]:
    """Return what `Number.unit` is by the words of each unit of a table of ``wordlists.toml``."""
    names: dict[str, str] = {}
    for name, words in word_table(table).items():
        names |= dict.fromkeys(words, name)
    return names
