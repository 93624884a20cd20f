"""Cutting words out of chosen sentences."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pytest

from summarizer.checks import find_deletion_faults
from summarizer.models import CutWeights
from summarizer.result import AbstractSentence
from summarizer.text.sentences import PlacedSentence
from summarizer.writing.cutting import Cuts, cut_sentences, odds_gone
from tests.conftest import weights_that_cut


def taken(*texts: str) -> list[AbstractSentence]:
    return [AbstractSentence.from_article(PlacedSentence((0, place), text)) for place, text in enumerate(texts)]


def shorten(sentence: str, unwanted: Collection[str]) -> str:
    [cut] = cut_sentences(taken(sentence), [weights_that_cut(sentence.split(), unwanted)])
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
    kept = Cuts(tuple(words), weights_that_cut(words, unwanted)).choose()
    assert find_deletion_faults(words, kept) == []
    assert [word in unwanted for word in words] != [not stays for stays in kept]


def test_a_sentence_never_goes_as_a_whole() -> None:
    words = ["Wali", "kota", "membuka", "taman", "baru."]
    assert any(Cuts(tuple(words), weights_that_cut(words, words)).choose())


WORDS = ("Wali", "kota", "membuka", "taman", "baru", "di", "tepi", "Sungai", "Laras", "pada", "Minggu", "pagi.")


def test_a_sentence_that_may_not_stand_stays_whole() -> None:
    steps = weights_that_cut(WORDS, {"pada", "Minggu", "pagi."})
    assert sum(Cuts(WORDS, steps).choose()) == 9
    assert all(Cuts(WORDS, steps).choose(threshold=1.0))


def test_a_cut_of_several_spans_must_stand_as_a_whole() -> None:
    words = ("Namun,", "wali", "kota", "(60)", "membuka", "taman", "baru", "di", "Laras.")
    cuts = Cuts(words, weights_that_cut(words, {"Namun,", "(60)"}, stands=0.9))
    assert sum(cuts.choose(threshold=0.8)) == 7
    assert sum(cuts.choose(threshold=0.85)) == 8
    assert all(cuts.choose(threshold=0.95))


def test_the_span_without_which_the_sentence_stands_least_comes_back() -> None:
    words = ("Namun,", "wali", "kota", "(60)", "membuka", "taman", "baru", "di", "Laras.")
    weights = weights_that_cut(words, {"Namun,", "(60)"}, stands=0.99)
    weights.stands[0, 2] = 0.9
    assert [place for place, stays in enumerate(Cuts(words, weights).choose(threshold=0.95)) if not stays] == [3]


def test_the_odds_of_words_are_those_over_all_cuts() -> None:
    """Compared with a sum over the four cuts of a sentence of two words."""
    steps = np.full((4, 4), -np.inf)
    values = {(0, 1): 0.0, (1, 2): 0.0, (2, 3): 0.0, (0, 2): 0.7, (1, 3): -0.4, (0, 3): 1.1}
    for (left, right), value in values.items():
        steps[left, right] = value
    whole, without_first, without_second, nothing = np.exp([0.0, 0.7, -0.4, 1.1])
    first = (without_first + nothing) / (whole + without_second)
    second = (without_second + nothing) / (whole + without_first)
    np.testing.assert_allclose(odds_gone(steps), np.log([first, second]))


def test_what_a_word_brings_makes_cuts_longer() -> None:
    unwanted = weights_that_cut(WORDS, ())
    weights = CutWeights(unwanted.steps / 10, unwanted.stands)
    lengths = [sum(Cuts(WORDS, weights).choose(gain, threshold=0.1)) for gain in (0.0, 3.0, 9.0)]
    assert lengths[0] == len(WORDS)
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[-1] < len(WORDS)


def test_a_sentence_knows_what_it_was_cut_from() -> None:
    source = "Namun, wali kota membuka taman baru pada Senin."
    [cut] = cut_sentences(taken(source), [weights_that_cut(source.split(), {"pada", "Senin."})])
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
    steps = [weights_that_cut(first.split(), unwanted), weights_that_cut(second.split(), ())]
    assert [sentence.text for sentence in cut_sentences(taken(first, second), steps)] == [first, second]
    other = "Polisi menahan sopir truk itu."
    steps[1] = weights_that_cut(other.split(), ())
    assert cut_sentences(taken(first, other), steps)[0].text == "Sebuah truk bermuatan semen melintas di jalan."


def test_no_date_goes_where_another_one_stays() -> None:
    first = "Polisi melakukan rekonstruksi kasus yang terjadi di kafe itu pada Rabu (6/1/2016)."
    second = "Rekonstruksi dilakukan di kafe itu, Minggu (7/2/2016)."
    steps = [weights_that_cut(first.split(), ()), weights_that_cut(second.split(), {"Minggu", "(7/2/2016)."})]
    assert [sentence.text for sentence in cut_sentences(taken(first, second), steps)] == [first, second]
    undated = "Polisi melakukan rekonstruksi kasus yang terjadi di kafe itu."
    steps[0] = weights_that_cut(undated.split(), ())
    assert cut_sentences(taken(undated, second), steps)[1].text == "Rekonstruksi dilakukan di kafe itu."


def test_what_is_the_same_later_stays() -> None:
    first = "Sekitar 40 pedagang, yang berjualan di lantai dua, merugi besar."
    second = "Kebakaran lain terjadi di tempat yang sama."
    unwanted = {"yang", "berjualan", "di", "lantai", "dua,"}
    steps = [weights_that_cut(first.split(), unwanted), weights_that_cut(second.split(), ())]
    assert cut_sentences(taken(first, second), steps)[0].text == first
    other = "Kebakaran lain terjadi pada malam hari."
    steps[1] = weights_that_cut(other.split(), ())
    assert cut_sentences(taken(first, other), steps)[0].text == "Sekitar 40 pedagang merugi besar."


def test_who_speaks_later_stays_introduced() -> None:
    first = "Warga Laras, melalui kuasa hukumnya Ratna Puspita, menolak rencana itu."
    second = "Menurut Ratna, taman itu milik warga."
    steps = [
        weights_that_cut(first.split(), {"melalui", "kuasa", "hukumnya", "Ratna", "Puspita,"}),
        weights_that_cut(second.split(), ()),
    ]
    assert [sentence.text for sentence in cut_sentences(taken(first, second), steps)] == [first, second]
    other = "Menurut warga, taman itu milik desa."
    steps[1] = weights_that_cut(other.split(), ())
    assert cut_sentences(taken(first, other), steps)[0].text == "Warga Laras menolak rencana itu."


def test_a_model_may_forbid_all() -> None:
    weights = weights_that_cut(WORDS, WORDS)
    weights.steps[np.triu_indices(len(WORDS) + 2, 2)] = -np.inf
    assert all(Cuts(WORDS, weights).choose())
