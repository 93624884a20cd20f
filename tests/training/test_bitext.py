from __future__ import annotations

from pathlib import Path

import pytest

from summarizer.errors import InputError
from summarizer.training.bitext import Dictionary, Pair, Sieve, grams, join, judge, normalize, numbers, read_set, table

GOOD = ("Harga beras naik 15,5 persen di pasar itu.", "The price of rice rose by 15.5 percent in that market.")


@pytest.mark.parametrize(
    ("source", "target"),
    [
        GOOD,
        ("Ia lahir pada 1 Mei.", "He was born on the first of May."),
        ("Penduduknya 3.341 orang.", "It has 3,341 inhabitants."),
        ("Awas!", "Watch out!"),
        ("Jakarta", "Jakarta's people and the city"),
    ],
)
def test_good_pairs_pass(source: str, target: str) -> None:
    assert judge(source, target) is None


@pytest.mark.parametrize(
    ("source", "target", "reason"),
    [
        ("...", "The end.", "empty"),
        ("kata " * 151, "word " * 151, "too long"),
        ("Harga beras naik dâ€™ pasar.", "The price of rice rose.", "encoding"),
        ("Harga beras naik \ufffd itu.", "The price of rice rose.", "encoding"),
        ("Klik <b>di sini</b> untuk masuk.", "Click <b>here</b> to log in.", "markup"),
        ("Lihat [situs](http://a.id) ini.", "See this site.", "markup"),
        ("a 1234 5678 9012", "a 1234 5678 9012", "few letters"),
        ("Ya.", "Yes, but only if the parliament agrees to the bill that was brought in.", "length ratio"),
        ("Harga naik 15 persen di pasar.", "Prices rose by 16 percent in the market.", "numbers"),
        ("Harga naik di pasar.", "Prices rose by 16 percent in the market.", "numbers"),
        ("Harga beras naik tajam di pasar.", "Harga beras naik tajam di pasar.", "copied"),
        ("The price of rice is rising.", "Prices of the rice have risen up.", "wrong language"),
        ("Harga itu telah naik lagi.", "Beras dan gula juga sudah naik.", "wrong language"),
        ("Saya akan datang besok.", "Tomorrow i will come.", "careless"),
    ],
)
def test_each_filter_takes_its_pairs(source: str, target: str, reason: str) -> None:
    assert judge(source, target) == reason


def test_dictionary_finds_pairs_that_say_different_things() -> None:
    words = ["harga", "price", "beras", "rice", "naik", "rise", "pasar", "market", "rumah", "house", "hujan", "rain"]
    dictionary = Dictionary(zip(words[::2], words[1::2], strict=True))
    source = "Harga beras naik, pasar sepi, rumah kosong karena hujan."
    assert judge(source, "Rice prices rise, the market is quiet, houses are empty for the rain.", dictionary) is None
    assert judge(source, "A player was not allowed to join the league at that time.", dictionary) == "mismatched"


def test_names_count_as_translations_of_themselves() -> None:
    known, found = Dictionary().coverage("Joko Widodo bertemu Anwar di Jakarta", "Joko Widodo met Anwar in Jakarta")
    assert (known, found) == (4, 4)


def test_numbers_ignore_separators_leading_zeros_and_what_may_be_spelled_out() -> None:
    assert numbers("12 orang, Rp1,5 juta, 28/08/2016, 3.341") == numbers("twelve people, 1.5 28 2016 3341")
    assert numbers("13 orang") != numbers("people")


def test_normalize_undoes_entities_and_spaces() -> None:
    assert normalize("  AT&amp;T \u00a0 e\u0301 ") == "AT&T é"


def test_sieve_leaves_out_duplicates_of_either_side_and_evaluation_text() -> None:
    sieve = Sieve()
    dev = "Gubernur akan membuka jembatan baru itu pada hari Selasa pagi."
    sieve.reserve({"dev": [Pair(dev, "The governor is going to open that new bridge on Tuesday morning.", 0)]})
    other = "Kata juru bicara, gubernur akan membuka jembatan baru itu pada hari Selasa pagi."
    pairs = [
        Pair(*GOOD, 0),
        Pair(GOOD[0].upper(), "The price of the rice went up by 15.5 percent in that market.", 1),
        Pair("Beras naik 15,5 persen di pasar itu, kata dia.", GOOD[1], 2),
        Pair(other, "The governor will open the new bridge on Tuesday morning, the spokesman said.", 3),
        Pair("Beras naik 17 persen.", "Rice rose by 18 percent.", 4),
        Pair(
            "Kata dia, jembatan itu dibuka Selasa.",
            "The governor is going to open that new bridge on Tuesday, he said.",
            5,
        ),
    ]
    assert sieve.keep("news", pairs) == pairs[:1]
    assert sieve.rejected["news"] == {"kept": 1, "duplicate": 2, "in an evaluation set": 2, "numbers": 1}
    assert sieve.keep("more", pairs[:1]) == []
    assert "news: 1 of 6 kept (duplicate 2," in table(sieve.rejected)


def test_short_text_is_its_own_gram() -> None:
    assert grams("Selamat pagi!") == {"selamat pagi"}
    assert len(grams("a b c d e f g h i")) == 2


def test_join_needs_neighbours_and_separates_sentences() -> None:
    pairs = [Pair("Satu", "One", 0), Pair("Dua.", "Two.", 1), Pair("Empat", "Four", 3)]
    assert join(pairs, 0, 2) == ("Satu. Dua.", "One. Two.")
    assert join(pairs, 1, 2) is None
    assert join(pairs, 2, 2) is None


def test_read_set_numbers_lines_and_skips_empty_ones(tmp_path: Path) -> None:
    (tmp_path / "a.id").write_text("Satu\n\nTiga\n", encoding="utf-8")
    (tmp_path / "a.en").write_text("One\n\nThree\n", encoding="utf-8")
    assert list(read_set(tmp_path, "a")) == [Pair("Satu", "One", 0), Pair("Tiga", "Three", 2)]


def test_read_set_rejects_sides_of_unlike_length(tmp_path: Path) -> None:
    (tmp_path / "a.id").write_text("Satu\nDua\n", encoding="utf-8")
    (tmp_path / "a.en").write_text("One\n", encoding="utf-8")
    with pytest.raises(InputError, match="3 Indonesian lines, but 2 English"):
        list(read_set(tmp_path, "a"))
    with pytest.raises(InputError, match="cannot read"):
        list(read_set(tmp_path, "b"))
