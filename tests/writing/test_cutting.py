"""Cutting words out of chosen sentences."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pytest

from summarizer.checks import find_deletion_faults
from summarizer.result import AbstractSentence
from summarizer.text.sentences import PlacedSentence
from summarizer.writing.cutting import Cuts, cut_sentences, join_kept, judge_spans
from summarizer.writing.judging import Weighed
from tests.conftest import steps_that_cut


def taken(*texts: str) -> list[AbstractSentence]:
    return [AbstractSentence.from_article(PlacedSentence((0, place), text)) for place, text in enumerate(texts)]


def shorten(sentence: str, unwanted: Collection[str]) -> str:
    [cut] = cut_sentences(taken(sentence), [steps_that_cut(sentence.split(), unwanted)])
    return cut.text


def test_what_is_worth_cutting_goes() -> None:
    sentence = "Namun, wali kota, yang terpilih kembali, membuka taman baru."
    assert shorten(sentence, {"Namun,"}) == "Wali kota, yang terpilih kembali, membuka taman baru."
    assert shorten(sentence, {"yang", "terpilih", "kembali,"}) == "Namun, wali kota membuka taman baru."
    assert shorten(sentence, ()) == sentence


@pytest.mark.parametrize(
    ("sentence", "unwanted"),
    [
        ("Polisi tidak menahan sopir truk itu.", {"tidak"}),
        ("Polisi menahan sopir truk itu.", {"truk", "menahan", "itu."}),
        ("Sari menilai taman itu terlalu mahal.", {"Sari", "menilai"}),
        ("Taman itu seluas 12 hektare.", {"hektare."}),
    ],
)
def test_what_the_checks_forbid_stays(sentence: str, unwanted: set[str]) -> None:
    words = sentence.split()
    kept = Cuts(tuple(words), steps_that_cut(words, unwanted)).choose()
    assert find_deletion_faults(words, kept) == []
    assert [word in unwanted for word in words] != [not stays for stays in kept]


def test_a_sentence_never_goes_as_a_whole() -> None:
    words = ["Wali", "kota", "membuka", "taman", "baru."]
    assert any(Cuts(tuple(words), steps_that_cut(words, words)).choose())


WORDS = ("Wali", "kota", "membuka", "taman", "baru", "di", "tepi", "Sungai", "Laras", "pada", "Minggu", "pagi.")


def test_a_sentence_that_may_not_stand_stays_whole() -> None:
    steps = steps_that_cut(WORDS, {"pada", "Minggu", "pagi."})
    assert sum(Cuts(WORDS, steps).choose()) == 9
    assert all(Cuts(WORDS, steps).choose(threshold=1.0))


def test_a_cut_of_several_spans_must_stand_as_a_whole() -> None:
    words = ("Namun,", "wali", "kota", "(60)", "membuka", "taman", "baru", "di", "Laras.")
    steps = steps_that_cut(words, {"Namun,", "(60)"})
    weighed = Weighed.from_steps(steps)
    chances = judge_spans(words, weighed)
    ours = [chances[0, 1], chances[3, 4]]
    between = (ours[0] * ours[1] + min(ours)) / 2
    assert sum(Cuts(words, steps).choose(threshold=ours[0] * ours[1] - 1e-6)) == 7
    assert sum(Cuts(words, steps).choose(threshold=between)) == 8


def test_what_a_word_brings_makes_cuts_longer() -> None:
    steps = steps_that_cut(WORDS, ()) / 10
    lengths = [sum(Cuts(WORDS, steps).choose(gain, threshold=0.1)) for gain in (0.0, 3.0, 9.0)]
    assert lengths[0] == len(WORDS)
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[-1] < len(WORDS)


def test_a_sentence_knows_what_it_was_cut_from() -> None:
    source = "Namun, wali kota membuka taman baru pada Senin."
    [cut] = cut_sentences(taken(source), [steps_that_cut(source.split(), {"pada", "Senin."})])
    assert (cut.text, cut.support.sources, cut.support.positions) == (
        "Namun, wali kota membuka taman baru.",
        (source,),
        ((0, 0),),
    )
    assert cut.kept == pytest.approx(6 / 8)


def test_what_a_later_sentence_points_at_comes_back() -> None:
    first = "Sebuah truk bermuatan semen, diikuti bus sekolah, melintas di jalan."
    second = "Polisi menahan sopir bus itu."
    unwanted = {"diikuti", "bus", "sekolah,"}
    steps = [steps_that_cut(first.split(), unwanted), steps_that_cut(second.split(), ())]
    assert [sentence.text for sentence in cut_sentences(taken(first, second), steps)] == [first, second]
    other = "Polisi menahan sopir truk itu."
    steps[1] = steps_that_cut(other.split(), ())
    assert cut_sentences(taken(first, other), steps)[0].text == "Sebuah truk bermuatan semen melintas di jalan."


@pytest.mark.parametrize(
    ("words", "gone", "told"),
    [
        ("Hujan turun di Laras, kata Budi.", range(4, 6), "Hujan turun di Laras."),
        ('Budi berkata "hujan turun" pada Senin.', range(4, 6), 'Budi berkata "hujan turun".'),
        ("Menurut Budi saat ditemui di Laras, hujan turun.", range(2, 6), "Menurut Budi, hujan turun."),
        ("Budi, wali kota, membuka taman.", range(1, 3), "Budi membuka taman."),
        ("Budi, Sari, Tono dan Rini datang.", range(1, 2), "Budi, Tono dan Rini datang."),
        ("Badan Air (BAG) menurut iPhone Laras.", range(4), "iPhone Laras."),
        ("Apakah hujan turun lagi?", range(3, 4), "Apakah hujan turun?"),
        ("Kata Komisi Pemberantasan Korupsi (KPK), uang hilang.", range(1, 4), "Kata KPK, uang hilang."),
        ("Laras - hujan turun.", range(1), "Hujan turun."),
        ("Hujan turun deras.", range(0), "Hujan turun deras."),
    ],
)
def test_gaps_are_closed(words: str, gone: range, told: str) -> None:
    kept = [place not in gone for place in range(len(words.split()))]
    assert join_kept(words.split(), kept) == told


def test_steps_of_a_model_may_forbid_all() -> None:
    steps = np.full((5, 5), -np.inf)
    assert Cuts(("Hujan", "turun", "deras."), steps).choose() == [True] * 3
