"""What the numbers of a language are made of (``indonesian.toml``, ``english.toml``), and what digits mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache, cached_property, lru_cache

from summarizer.checks.wordlists import read_toml
from summarizer.text.words import Language

_FILES: Mapping[Language, str] = {"id": "numbers/indonesian.toml", "en": "numbers/english.toml"}


@dataclass(frozen=True)
class Grammar:
    """The tables of a TOML file, which says what each of them is; what a language doesn't have is empty."""

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

    @cached_property
    def words(self) -> frozenset[str]:
        """Words of numbers, months and days, which are not names, whatever their capitals."""
        return frozenset({*self.months, *self.days, *self.units, *self.ordinals, *self.scales})


@cache
def load_grammar(language: Language) -> Grammar:
    """Return the grammar of a language; its months and days come from CLDR too."""
    from babel.dates import get_day_names, get_month_names

    table = read_toml(_FILES[language])
    table |= {key: frozenset(value.split()) for key, value in table.items() if isinstance(value, str)}
    for width in table.pop("month_widths"):
        table["months"] |= {name.lower(): at for at, name in get_month_names(width, locale=language).items()}
    table["days"] |= {name.lower(): at + 1 for at, name in get_day_names("wide", locale=language).items()}
    table["hints"] = {word: frozenset(map(Fraction, values.split())) for word, values in table["hints"].items()}
    return Grammar(language, **table)


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
    # A version, an address or the like: its parts. Not int(), which refuses thousands of digits.
    return tuple(Fraction(Decimal(part)) for part in re.split("[.,]", text) if part)
