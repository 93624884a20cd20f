import re
from decimal import Decimal
from fractions import Fraction

import pytest
from babel.numbers import format_decimal
from hypothesis import example, given
from hypothesis import strategies as st
from num2words import num2words

from summarizer.checks import check_abstract, check_translation, find_numbers
from summarizer.checks.numbers.grammar import read_digits
from summarizer.checks.numbers.reader import roman_value, same_unit
from summarizer.text.words import Language


def agree(indonesian: str, english: str) -> bool:
    """Tell whether each claim of one text has a number of the other, units included."""
    there = find_numbers(indonesian, "id")
    here = find_numbers(english, "en")
    return all(
        any(number.agrees(other) and same_unit(number.unit, other.unit) for other in others)
        for own, others in ((there, here), (here, there))
        for number in own
        if number.claim
    )


@pytest.mark.parametrize(
    ("indonesian", "english", "same"),
    [
        ("1.250,5 ton", "1,250.5 tons", True),
        ("1,2 juta orang", "1,200,000 people", True),
        ("Rp1,5 triliun", "Rp1.5 trillion", True),
        ("US$ 323,9 juta", "US$323.9 million", True),
        ("satu setengah juta", "one and a half million", True),
        ("pada 12/3/24 lalu", "on 12/3/2024", True),
        ("dua pertiga suara", "two thirds of the votes", True),
        ("pada (15/10)", "on October 15", True),
        ("Selasa (21/10/2025)", "Tuesday, October 21, 2025", True),
        ("pukul 19.30 WIB", "at 7:30 p.m.", True),
        ("pukul 7 malam", "at 7 pm", True),
        ("abad kesembilan belas", "the nineteenth century", True),
        ("kuartal III", "the 3rd quarter", True),
        ("tahun 90-an", "the 1990s", True),
        ("Kepulauan Seribu", "the Thousand Islands", True),
        ("pedagang kaki lima", "street vendors", True),
        ("enam-enamnya", "all six", True),
        ("harganya ceban", "it costs 10,000", True),
        ("COVID-19 mungkin", "COVID-19 may", True),
        ("peringkat kedua puluh satu", "ranked twenty-first", True),
        ("47 korban", "74 victims", False),
        ("Rp7,5 miliar", "Rp75 billion", False),
        ("Rp7,5 miliar", "$7.5 billion", False),
        ("1.250 warga", "1.250.000 residents", False),
        ("pukul 19.30", "at 7:30 a.m.", False),
        ("pada (15/10)", "on November 15", False),
        ("pada Selasa", "on Wednesday", False),
        ("2 atau 3 juta orang", "2 or 3 thousand people", False),
        ("16,05 meter", "1,605 meters", False),
        # A space, of whatever kind, may stand between thousands, or between two numbers.
        ("1 000 orang", "1,000 people", True),
        ("1\u00a0000 orang", "1,000 people", True),
        ("1\u202f000,5 juta orang", "1,000.5 million people", True),
        ("12\u2009500\u2009000 orang", "12.5 million people", True),
        ("1\u00a0000 orang", "2,000 people", False),
        ("Atto 3 896 unit", "896 units of the Atto 3", True),
        ("pada 2010 150 orang", "150 people in 2010", True),
        ("½ kilogram", "0.5 kilograms", True),
        ("½ kilogram", "half a kilogram", True),
        ("½ kilogram", "¼ kilogram", False),
        ("2½ juta orang", "two and a half million people", True),
        ("2½ juta orang", "2.5 million people", True),
        ("2½ juta orang", "2¼ million people", False),
        ("2 1/2 jam", "2.5 hours", True),
        ("2¾ jam", "two and three quarters of an hour", True),
        ("tiga perempat warga", "¾ of the residents", True),
        ("¾ warga", "⅔ of the residents", False),
        ("seperdelapan bagian", "⅛ of it", True),
        ("abad XIX", "the 19th century", True),
        ("abad ke-XIX", "the nineteenth century", True),
        ("abad ke-19", "the XIX century", True),
        ("abad XIX", "the XX century", False),
        ("kuartal II", "the 2nd quarter", True),
        ("naik dari kuartal I", "up from the previous quarter", True),
        ("kuartal II", "the third quarter", False),
        ("Perang Dunia II", "World War 2", True),
        ("luas 100 m²", "an area of 100 square metres", True),
        ("luas 100 m2", "an area of 100 sq m", True),
        ("luas 100 m²", "an area of 100 m³", False),
        ("luas 100 meter persegi", "100 meters in length", False),
        ("luas 100 km²", "an area of 100 square kilometers", True),
    ],
)
def test_the_same_number_or_another(indonesian: str, english: str, same: bool) -> None:
    assert agree(indonesian, english) == same


@pytest.mark.parametrize(
    ("text", "language", "values"),
    [
        ("dua tiga orang", "id", [2, 3]),
        ("", "id", []),
        ("...,,, -- 1.2.3.4", "id", [1]),
        ("13/14/24", "id", [13, 14, 2024]),
        ("unggul 30:70", "id", [30, 70]),
        # Parts of numbers are none alone.
        ("puluh orang", "id", []),
        ("Hundred Flowers", "en", []),
        # Multiplied twice, they are none at all.
        ("seratus belas juta", "id", []),
        ("tiga ratus belas", "id", []),
        ("sebelas belas", "id", []),
        ("dua puluh belas", "id", []),
        ("dua belas ratus", "id", []),
        ("two hundred hundred", "en", []),
        # From one to another.
        ("seratus dua ratus orang", "id", [100, 200]),
        ("seratus-dua ratus orang", "id", [100, 200]),
        ("dua puluh tiga puluh orang", "id", [20, 30]),
        ("sepuluh lima belas orang", "id", [10, 15]),
        ("seribu dua ribu", "id", [1000, 2000]),
        ("seratus ribu dua ratus ribu", "id", [100_000, 200_000]),
        ("between two hundred and three hundred", "en", [200, 300]),
        ("two thousand and sixty-five", "en", [2065]),
        ("a million and five", "en", [1_000_005]),
        ("between one thousand and two thousand", "en", [1000, 2000]),
        ("between one thousand and twenty thousand", "en", [1000, 20_000]),
        ("tiga seribu", "id", [3, 1000]),
        # Scales multiply all that is smaller.
        ("seribu triliun", "id", [10**15]),
        ("seribu dua ratus triliun", "id", [1200 * 10**12]),
        ("two thousand million", "en", [2 * 10**9]),
        ("dua juta seribu", "id", [2_001_000]),
        ("sejuta setengah", "id", [1_500_000]),
        ("dua juta setengah", "id", [2_500_000]),
        # As people write and say them.
        ("duapuluh lima", "id", [25]),
        ("seratus limabelas", "id", [115]),
        ("duaratus ribu", "id", [200_000]),
        ("lima rebu", "id", [5000]),
        # Parts of a number in several parts may be it.
        ("1 000 orang", "id", [1000, 1000]),
        ("½ dan ¾", "id", [Fraction(1, 2), Fraction(3, 4), Fraction(3, 4)]),
        # A letter may be anything.
        ("X dan V, kata I", "id", []),
        ("abad X", "id", [10]),
    ],
)
def test_numbers_have_the_values_that_they_say(text: str, language: Language, values: list[int | Fraction]) -> None:
    found = [number for number in find_numbers(text, language) if number.claim]
    assert [any(Fraction(value) in number.readings for number in found) for value in values] == [True] * len(values)
    assert len(found) == len(values)


def test_a_number_has_its_place_and_unit() -> None:
    text = "Laba naik 23,5 persen menjadi Rp 1,2 miliar."
    first, second = find_numbers(text, "id")
    assert text[first.start : first.end] == "23,5"
    assert first.unit == "%"
    assert text[second.start : second.end] == "1,2 miliar"
    assert second.unit == "IDR"


def plain_words(number: str) -> str:
    """Return a number as newspapers write it: "one thousand, two hundred and one" without marks between its parts."""
    return re.sub(r",| and(?= )", "", number)


@given(st.integers(0, 13).flatmap(lambda digits: st.integers(0, 10**digits)), st.sampled_from(["id", "en"]))
@example(100_115, "id")
def test_cardinals_are_read_as_num2words_writes_them(value: int, language: Language) -> None:
    words = plain_words(num2words(value, lang=language))
    [number] = find_numbers(f"{words}.", language)
    assert (number.text == words and number.values == [value]) or (value < 3 and value in number.values)


@given(st.integers(1, 10**7).filter(lambda value: value % 100), st.sampled_from(["id", "en"]))
@example(21, "id")
@example(615, "en")
def test_ordinals_are_read_as_num2words_writes_them(value: int, language: Language) -> None:
    words = plain_words(num2words(value, lang=language, to="ordinal"))
    # Indonesian has a word of its own for the first one alone.
    [number] = find_numbers(words, language)
    assert number.text == words
    assert value in number.values


@given(st.integers(1, 89))
def test_roman_numerals_are_read_as_they_are_made(value: int) -> None:
    tens = ("", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX")[value // 10]
    ones = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[value % 10]
    assert roman_value(tens + ones) == value


@pytest.mark.parametrize("text", ["", "IIII", "VX", "IXI", "XC", "Xi", "ix", "MC", "LL"])
def test_what_is_no_roman_numeral_has_no_value(text: str) -> None:
    assert roman_value(text) is None


@given(st.decimals(0, 10**12, places=3), st.sampled_from(["id", "en"]))
def test_digits_are_read_as_cldr_writes_them(value: Decimal, language: Language) -> None:
    written = format_decimal(value, locale=language, decimal_quantization=False)
    assert read_digits(written, language)[0] == Fraction(value)


@pytest.mark.parametrize("text", ["seratus{}juta", "Rp100{}juta", "dua puluh{}lima ribu", "2,5{}triliun"])
def test_a_number_ends_where_its_line_does(text: str) -> None:
    assert len(find_numbers(text.format(" "), "id")) == 1
    first, *_ = find_numbers(text.format("\n"), "id")
    assert first.text == text.partition("{}")[0].removeprefix("Rp")


@given(st.text(alphabet="dua puluh ribu -,.0159 keseratus and a hundred million pukul", max_size=60))
def test_places_are_those_of_the_text(text: str) -> None:
    for language in ("id", "en"):
        for number in find_numbers(text, language):
            assert number.text in text[number.start : number.end]
            assert number.readings


@pytest.mark.parametrize("text", ["biaya 5 RUPİAH", "5 dollarſ", "uſd 5", "5 rınggit"])
def test_units_in_letters_of_other_languages(text: str) -> None:
    assert len(find_numbers(text, "id")) == 1


def test_many_numbers_are_read_in_time() -> None:
    # Minutes, if each looked at the whole text.
    for text in ("12 ", "12, ", "12/5 ", "1-", "123 ", "½ ", "1 2/3 "):
        assert len(find_numbers(text * 20_000, "id")) >= 20_000
        assert check_abstract("Ani Budi datang pada 12 Mei.", f"Ani Cakra, Dedi Budi. {text * 20_000}") != []


@pytest.mark.parametrize("digits", ["7" * 400, "7" * 5000, "7" * 5000 + ".7.7", "0," + "3" * 5000, "1." * 40 + "5"])
def test_any_number_of_digits_is_read_and_checked(digits: str) -> None:
    for language in ("id", "en"):
        assert all(number.readings for number in find_numbers(f"Nomor {digits} keluar.", language))
    source = f"Nomor {digits} terpasang 20 km dari kota."
    assert "20" not in [fault.piece for fault in check_translation(source, "It was put up 12.4 miles from town.")]
    assert digits + " juta" in [fault.piece for fault in check_abstract(f"Ada {digits} juta orang.", "Ada 5 orang.")]
