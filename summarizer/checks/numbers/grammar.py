"""What the numbers of a language are made of (``indonesian.toml``, ``english.toml``), and what digits mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache, cached_property, lru_cache
from typing import Any, Literal

from summarizer.checks.wordlists import read_toml
from summarizer.text.words import Language

_FILES: Mapping[Language, str] = {"id": "numbers/indonesian.toml", "en": "numbers/english.toml"}
_Width = Literal["wide", "abbreviated", "narrow"]
# A comma as English has it, in front of three digits: "1,250".
_ENGLISH_THOUSANDS = re.compile(r"[1-9]\d{0,2},\d{3}")


@dataclass(frozen=True)
class Grammar:
    """How a language writes numbers; all words are in lower case, and what it doesn't have is empty.

    Attributes:
        language: its code.
        digit_first: whether multipliers take the digit in front of them alone ("seratus dua puluh"), or all that is in
            front of them ("nineteen hundred").
        half: the words that add a half to the number in front of them.
        units: words with a value of their own.
        multipliers: by word, what the words in front are multiplied by, and what is added.
        scales: words that the whole number in front of them is multiplied by.
        suffixes: letters behind an amount of money, with what they multiply it by.
        ordinals: by word, its value.
        hints: words that may be what a number of the other text means, without being one, with all such values.
        months: by name, the month from 1 to 12.
        days: by name, the day of the week from 1 for Monday.
        ambiguous: months and days that mean something else too, and need no counterpart.
        alone: scales that need no number in front of them.
        articles: words that stand for one in front of a scale, unless one of the next stands in front of them.
        not_articles: those words: "half a million".
        conjunction: words that may stand behind hundreds and scales inside of a number.
        ordinals_are_fractions: whether an ordinal may be a part: "a third".
        before_roman: words with a number behind them, even if it is Roman: "abad XIX".
        behind_roman: words with such a number in front of them: "XIX century".
    """

    language: Language
    digit_first: bool
    half: list[str]
    units: Mapping[str, int]
    multipliers: Mapping[str, tuple[int, int]]
    scales: Mapping[str, int]
    suffixes: Mapping[str, int]
    ordinals: Mapping[str, int]
    hints: Mapping[str, frozenset[Fraction]]
    months: Mapping[str, int]
    days: Mapping[str, int]
    ambiguous: frozenset[str]
    alone: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()
    not_articles: frozenset[str] = frozenset()
    conjunction: frozenset[str] = frozenset()
    ordinals_are_fractions: bool = False
    before_roman: frozenset[str] = frozenset()
    behind_roman: frozenset[str] = frozenset()

    @cached_property
    def words(self) -> frozenset[str]:
        """Words of numbers, months and days, which are not names, whatever their capitals."""
        return frozenset({*self.months, *self.days, *self.units, *self.ordinals, *self.scales})


@cache
def load_grammar(language: Language) -> Grammar:
    """Return the grammar of a language: its TOML file, with the months and days of CLDR."""
    table = read_toml(_FILES[language])
    widths = table.pop("month_widths")
    table["months"] |= _read_months(language, widths)
    table["days"] |= _read_days(language)
    table["hints"] = _read_hints(table["hints"])
    if table["digit_first"]:
        table["units"] |= _join_multipliers(table["units"], table["multipliers"])
    fields: dict[str, Any] = {}
    for name, value in table.items():
        # A string is a set of words.
        fields[name] = frozenset(value.split()) if isinstance(value, str) else value
    return Grammar(language, **fields)


def _join_multipliers(units: Mapping[str, int], multipliers: Mapping[str, tuple[int, int]]) -> dict[str, int]:
    """Return digits with their multipliers as one word, as many write them: "duapuluh", "limabelas"."""
    joined: dict[str, int] = {}
    for digit, value in units.items():
        if not 0 < value < 10:
            continue
        for multiplier, (times, addend) in multipliers.items():
            joined[digit + multiplier] = value * times + addend
    return joined


def _read_months(language: Language, widths: Iterable[_Width]) -> dict[str, int]:
    """Return the months of CLDR, by their names of some widths, in lower case."""
    from babel.dates import get_month_names

    months: dict[str, int] = {}
    for width in widths:
        for month, name in get_month_names(width, locale=language).items():
            months[name.lower()] = month
    return months


def _read_days(language: Language) -> dict[str, int]:
    """Return the days of CLDR, by their names in lower case."""
    from babel.dates import get_day_names

    days: dict[str, int] = {}
    for day, name in get_day_names("wide", locale=language).items():
        # Babel counts from 0.
        days[name.lower()] = day + 1
    return days


def _read_hints(table: Mapping[str, str]) -> dict[str, frozenset[Fraction]]:
    hints: dict[str, frozenset[Fraction]] = {}
    for word, values in table.items():
        hints[word] = frozenset(map(Fraction, values.split()))
    return hints


@lru_cache(maxsize=4096)
def read_digits(text: str, language: Language) -> tuple[Fraction, ...]:
    """Return what a number in digits with its marks may mean, the language's own reading first.

    Args:
        text: digits with points and commas between them, or a point in front of them: ".5".
        language: of the text that it is in.

    Returns:
        its value, or its two values; of what is no number in either language ("1.2.3"), the values of its parts.
    """
    if text.startswith("."):
        text = f"0{text}"
    languages: tuple[Language, ...] = ("id", "en") if language == "id" else ("en", "id")
    for written_in in languages:
        value = _parse_decimal(text, written_in)
        if value is None:
            continue
        # Indonesian texts often write marks in the English way, English texts hardly in the Indonesian way.
        if language == "id" and _ENGLISH_THOUSANDS.fullmatch(text):
            return value, Fraction(text.replace(",", ""))
        return (value,)
    # A version, an address or the like: its parts.
    parts: list[Fraction] = []
    for part in re.split("[.,]", text):
        if part:
            # Not by int(), which refuses thousands of digits.
            parts.append(Fraction(Decimal(part)))
    return tuple(parts)


def _parse_decimal(text: str, language: Language) -> Fraction | None:
    """Return the value of a number with the marks of a language; None if it isn't written so."""
    from babel.numbers import parse_decimal

    # The usual 28 places are too few for what isn't a number anyway: "01,02,03,..." to 14, decimals of pi.
    with localcontext(prec=len(text) + 2):
        try:
            return Fraction(parse_decimal(text, locale=language, strict=True))
        except ValueError:  # babel's own is one, and Python's where there are thousands of digits
            return None
