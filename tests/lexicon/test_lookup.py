from functools import partial

import pytest

from summarizer.lexicon import Lexicon, Match, Replacement, find_entries, replace_words
from tests.conftest import in_some_try, processor_seconds

LEXICON = Lexicon(
    f"{form}\tw\t{meaning}\t5"
    for form, meaning in (
        ("gayung", "water scoop, dipper"),
        ("bek", "defender"),
        ("bek kanan", "right-back"),
        ("kanan", "right"),
        ("email", "mail"),
        ("surya", "sun"),
        ("as", "axle"),
        ("AS", "United States"),
        ("Mahkamah Konstitusi", "Constitutional Court"),
        ("bukunya", "the book in question"),
        ("buku", "book"),
    )
)


def find(text: str) -> list[Match]:
    return find_entries(text, LEXICON)


def forms(text: str) -> list[str]:
    return [match.entry.form for match in find(text)]


def test_the_longest_phrase_comes_first() -> None:
    assert forms("Seorang bek kanan dan bek lain") == ["bek kanan", "bek"]


def test_a_phrase_is_not_found_across_a_mark_or_a_line() -> None:
    assert forms("bek, kanan") == ["bek", "kanan"]
    assert forms("bek  kanan") == ["bek", "kanan"]


def test_clitics_and_doubling_come_off() -> None:
    [match] = find("Gayungnya hilang")
    assert match.written == "Gayungnya"
    assert match.entry.form == "gayung"
    assert match.clitic == "nya"
    [match] = find("gayung-gayungnya")
    assert match.entry.form == "gayung"
    assert match.clitic == "nya"
    assert match.is_doubled is True
    [match] = find("email-nya")
    assert match.entry.form == "email"
    assert match.clitic == "nya"


def test_a_form_that_the_lexicon_has_whole_is_taken_whole() -> None:
    assert [(match.entry.form, match.clitic) for match in find("bukunya")] == [("bukunya", "")]


def test_two_different_halves_are_no_doubling() -> None:
    assert forms("gayung-bek") == []


def test_abbreviations_are_found_as_they_stand_alone() -> None:
    assert forms("AS dan as roda") == ["AS", "as"]
    assert forms("BEK") == ["bek"]
    assert forms("Warga BEK") == []


def test_a_capital_within_a_sentence_may_be_a_name() -> None:
    first, second = find("Gayung milik Surya")
    assert not first.may_be_name
    assert second.may_be_name
    [court] = find("Putusan Mahkamah Konstitusi")
    assert not court.may_be_name


def test_nothing_is_found_in_nothing() -> None:
    assert find("") == []
    assert find("123, ... 4%") == []


def test_a_long_text_takes_time_in_proportion() -> None:
    text = "bek kanan gayung-" * 2000

    def is_in_proportion() -> bool:
        short = processor_seconds(partial(find, text))
        # Quadratic work would take sixteen times as long.
        return processor_seconds(partial(find, text * 4)) < 12 * max(short, 0.01)

    assert in_some_try(is_in_proportion)


@pytest.mark.parametrize(
    ("text", "renderings", "expected"),
    [
        ("Polisi menyita gayung.", ("water scoop",), "Polisi menyita water scoop."),
        ("Gayung itu", ("water scoop",), "Water scoop itu"),
        ("gayungnya", ("water scoop",), "water scoop-nya"),
        ("gayung-gayung", ("dipper",), "dipper-dipper"),
        ("gayung-gayung", ("water scoop",), "water scoop"),
        ("gayung", ("dipper", "ladle"), "dipper/ladle"),
    ],
)
def test_renderings_take_the_place_of_words(text: str, renderings: tuple[str, ...], expected: str) -> None:
    [match] = find(text)
    assert replace_words(text, [Replacement(match, renderings)]) == expected


def test_what_is_not_replaced_stays_to_the_letter() -> None:
    text = "  Dua gayung,  \tsatu “bek” – lalu bek kanan! "
    matches = find(text)
    assert replace_words(text, []) == text
    replaced = replace_words(text, [Replacement(match, ("X",)) for match in matches])
    assert replaced == "  Dua X,  \tsatu “X” – lalu X! "


def test_a_capital_says_nothing_in_headline_case() -> None:
    matches = find_entries("Ketua Fraksi Sampaikan Sanggahan kepada Wartawan")
    assert [match.entry.form for match in matches if match.may_be_name] == []
    assert "sanggahan" in [match.entry.form for match in matches]
