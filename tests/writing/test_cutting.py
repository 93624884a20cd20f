"""Cutting words out of chosen sentences."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pytest

from summarizer.checks import find_deletion_faults
from summarizer.models import CutWeights
from summarizer.result import AbstractSentence
from summarizer.text.sentences import PlacedSentence
from summarizer.writing.cutting import Cuts, choose_path, cut_sentences, odds_gone
from tests.conftest import weights_that_cut


def taken(*texts: str) -> list[AbstractSentence]:
    return [AbstractSentence.from_article(PlacedSentence((0, place), text)) for place, text in enumerate(texts)]


def shorten(sentence: str, unwanted: Collection[str]) -> str:
    [cut] = cut_sentences(taken(sentence), [weights_that_cut(sentence.split(), unwanted)])
    return cut.text


def cut_all(*sentences: tuple[str, Collection[str]]) -> list[str]:
    """Return the sentences of an abstract after cuts, each given with the words that had better go."""
    texts = [text for text, _ in sentences]
    weights = [weights_that_cut(text.split(), unwanted) for text, unwanted in sentences]
    return [sentence.text for sentence in cut_sentences(taken(*texts), weights)]


@pytest.mark.parametrize(
    ("unwanted", "shorter"),
    [
        ({"Namun,"}, "Wali kota, yang terpilih kembali, membuka taman baru."),
        ({"yang", "terpilih", "kembali,"}, "Namun, wali kota membuka taman baru."),
        ((), "Namun, wali kota, yang terpilih kembali, membuka taman baru."),
    ],
)
def test_what_is_worth_cutting_goes(unwanted: Collection[str], shorter: str) -> None:
    assert shorten("Namun, wali kota, yang terpilih kembali, membuka taman baru.", unwanted) == shorter


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


@pytest.mark.parametrize(("threshold", "words_that_stay"), [(0.995, 9), (1.0, 12)])
def test_a_sentence_that_may_not_stand_stays_whole(threshold: float, words_that_stay: int) -> None:
    weights = weights_that_cut(WORDS, {"pada", "Minggu", "pagi."})
    assert sum(Cuts(WORDS, weights).choose(threshold=threshold)) == words_that_stay


TWO_SPANS = ("Namun,", "wali", "kota", "(60)", "membuka", "taman", "baru", "di", "Laras.")


@pytest.mark.parametrize(("threshold", "words_that_stay"), [(0.8, 7), (0.85, 8), (0.95, 9)])
def test_a_cut_of_several_spans_must_stand_as_a_whole(threshold: float, words_that_stay: int) -> None:
    cuts = Cuts(TWO_SPANS, weights_that_cut(TWO_SPANS, {"Namun,", "(60)"}, stands=0.9))
    assert sum(cuts.choose(threshold=threshold)) == words_that_stay


def test_the_span_without_which_the_sentence_stands_least_comes_back() -> None:
    weights = weights_that_cut(TWO_SPANS, {"Namun,", "(60)"}, stands=0.99)
    weights.stands[0, 2] = 0.9
    kept = Cuts(TWO_SPANS, weights).choose(threshold=0.95)
    assert [place for place, stays in enumerate(kept) if not stays] == [3]


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
    assert cut.text == "Namun, wali kota membuka taman baru."
    assert cut.support.sources == (source,)
    assert cut.support.positions == ((0, 0),)
    assert cut.kept == pytest.approx(6 / 8)


# A first sentence, its words that had better go, and what is left of it without these.
BUS = (
    "Sebuah truk bermuatan semen, diikuti bus sekolah, melintas di jalan.",
    {"diikuti", "bus", "sekolah,"},
    "Sebuah truk bermuatan semen melintas di jalan.",
)
TRADERS = (
    "Sekitar 40 pedagang, yang berjualan di lantai dua, merugi besar.",
    {"yang", "berjualan", "di", "lantai", "dua,"},
    "Sekitar 40 pedagang merugi besar.",
)
LAWYER = (
    "Warga Laras, melalui kuasa hukumnya Ratna Puspita, menolak rencana itu.",
    {"melalui", "kuasa", "hukumnya", "Ratna", "Puspita,"},
    "Warga Laras menolak rencana itu.",
)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (BUS, "Polisi menahan sopir bus itu."),
        (TRADERS, "Kebakaran lain terjadi di tempat yang sama."),
        (LAWYER, "Menurut Ratna, taman itu milik warga."),
    ],
)
def test_what_a_later_sentence_points_at_stays(first: tuple[str, set[str], str], second: str) -> None:
    whole, unwanted, _ = first
    assert cut_all((whole, unwanted), (second, ())) == [whole, second]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (BUS, "Polisi menahan sopir truk itu."),
        (TRADERS, "Kebakaran lain terjadi pada malam hari."),
        (LAWYER, "Menurut warga, taman itu milik desa."),
    ],
)
def test_what_no_later_sentence_points_at_goes(first: tuple[str, set[str], str], second: str) -> None:
    whole, unwanted, shorter = first
    assert cut_all((whole, unwanted), (second, ())) == [shorter, second]


REENACTED = ("Rekonstruksi dilakukan di kafe itu, Minggu (7/2/2016).", {"Minggu", "(7/2/2016)."})


def test_a_date_stays_where_another_one_stays() -> None:
    dated = "Polisi melakukan rekonstruksi kasus yang terjadi di kafe itu pada Rabu (6/1/2016)."
    assert cut_all((dated, ()), REENACTED) == [dated, REENACTED[0]]


def test_a_date_goes_where_there_is_no_other() -> None:
    undated = "Polisi melakukan rekonstruksi kasus yang terjadi di kafe itu."
    assert cut_all((undated, ()), REENACTED) == [undated, "Rekonstruksi dilakukan di kafe itu."]


def test_half_of_a_pair_stays_where_the_other_half_stays() -> None:
    sentence = "Banjir tidak hanya merendam sawah, tetapi juga memutus jalan."
    assert shorten(sentence, {"tetapi", "juga", "memutus", "jalan."}) == sentence


def test_a_sentence_of_hardly_a_word_is_not_left() -> None:
    sentence = "Menurut data kota, warga pulang, karena hujan."
    assert shorten(sentence, {"Menurut", "data", "kota,", "karena", "hujan."}) != "Warga pulang."


def test_a_sentence_without_any_path_stays_whole() -> None:
    nothing_is_possible = np.full((len(WORDS) + 2, len(WORDS) + 2), -np.inf)
    assert all(choose_path(WORDS, nothing_is_possible))


def test_a_model_may_forbid_all() -> None:
    weights = weights_that_cut(WORDS, WORDS)
    weights.steps[np.triu_indices(len(WORDS) + 2, 2)] = -np.inf
    assert all(Cuts(WORDS, weights).choose())
