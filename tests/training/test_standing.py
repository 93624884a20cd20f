"""The fit of what foretells whether a sentence stands."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from summarizer.models.embedded.cutting import SHOWN, foretell_standing, has_both_heads
from tests.training.test_cutting import STATES
from training import TrainingError
from training.articles import digest
from training.cutting import CutHead, CutSentence
from training.standing import (
    JUDGEMENTS,
    JudgedCut,
    JudgedSentence,
    area_under_curve,
    find_threshold,
    fit_standing,
    foretell,
    is_possible,
    pair_judgements,
    read_judgements,
    report,
)


def draw_judged(count: int, draw: np.random.Generator) -> list[JudgedSentence]:
    """Sentences of six words with one or two gaps; a gap breaks its sentence where its word's first state is high."""
    judged: list[JudgedSentence] = []
    for _ in range(count):
        states = draw.normal(size=(6, STATES)).astype(np.float32)
        sentence = CutSentence(("kata",) * 6, states, np.zeros((6, SHOWN), np.float32), None)
        places = sorted(draw.choice([1, 3, 5], size=int(draw.integers(1, 3)), replace=False).tolist())
        stands = all(states[place, 0] < 0.5 for place in places)
        judged.append(JudgedSentence(sentence, tuple((place, place + 1) for place in places), stands))
    return judged


def test_what_breaks_sentences_is_learnt_though_nobody_says_which_gap_did() -> None:
    draw = np.random.default_rng(5)
    weights = CutHead(STATES).weights()
    weights |= fit_standing(weights, draw_judged(900, draw))
    assert has_both_heads(weights)
    others = draw_judged(200, draw)
    chances = foretell(weights, others)
    assert area_under_curve(chances, [one.stands for one in others]) > 0.85
    # The package computes the same.
    for one, chance in zip(others, chances, strict=True):
        stands = foretell_standing(weights, one.sentence.states, one.sentence.shown)
        assert np.prod([stands[start, end + 1] for start, end in one.gaps]) == pytest.approx(chance, rel=1e-3)
        assert np.all(stands[np.arange(7), np.arange(1, 8)] == 1)
        assert np.all(stands[np.tril_indices(8)] == 0)


def test_weights_of_the_first_head_alone_say_nothing_of_the_second() -> None:
    assert not has_both_heads(CutHead(STATES).weights())


def test_nothing_judged_is_refused() -> None:
    with pytest.raises(TrainingError, match="none of the judged sentences"):
        fit_standing(CutHead(STATES).weights(), [])


WORDS = ("Sari,", "wali", "kota,", "membuka", "taman", "di", "Laras.")


def judged_sentence(*gaps: tuple[int, int], stands: bool = True) -> JudgedSentence:
    states = np.zeros((len(WORDS), STATES), np.float32)
    shown = np.zeros((len(WORDS), SHOWN), np.float32)
    return JudgedSentence(CutSentence(WORDS, states, shown, None), gaps, stands)


def test_judgements_find_their_sentences() -> None:
    sentence = judged_sentence().sentence
    key = digest(" ".join(WORDS))
    judged = [
        JudgedCut(key, ((1, 3),), "ok"),
        JudgedCut(key, ((5, 7),), "poor"),
        JudgedCut("0" * 8, ((1, 3),), "ok"),
    ]
    pairs = pair_judgements([sentence], judged)
    assert [(pair.gaps, pair.stands) for pair in pairs] == [(((1, 3),), True), (((5, 7),), False)]


def test_the_threshold_is_where_enough_stand() -> None:
    chances = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    stands = [True, True, True, False, False]
    assert find_threshold(chances, stands, 0.95) == (0.7, 3)
    assert find_threshold(chances, stands, 0.7) == (0.6, 4)
    assert find_threshold(chances, [False] * 5, 0.95) is None


@pytest.mark.parametrize(
    ("gaps", "possible"),
    [([(1, 3)], True), ([(1, 3), (5, 7)], True), ([(0, 2)], False), ([(3, 4)], False)],
)
def test_a_cut_is_of_spans_that_the_checks_let_go(gaps: list[tuple[int, int]], possible: bool) -> None:
    assert is_possible(judged_sentence(*gaps)) is possible


def test_the_report_says_from_where_on_cuts_stand() -> None:
    first, *others = report(np.array([0.9, 0.8, 0.6, 0.7]), [True, True, False, True])
    assert first == "4 cuts, 3 of them stand; area under the curve 1.000"
    assert others[-1] == "90% stand of those from 0.700 on, which are 3"


def test_judgements_are_read(tmp_path: Path) -> None:
    file = tmp_path / "judged.tsv"
    file.write_text("sentence\tgone\tlabel\n0a1b2c3d\t3-5,9\tbroken\n", encoding="ascii")
    [cut] = read_judgements(file)
    assert cut == JudgedCut("0a1b2c3d", ((3, 6), (9, 10)), "broken")
    assert not cut.stands


@pytest.mark.parametrize("line", ["0a1b2c3d\t3-5\tgood", "0a1b2c3d\tthree\tok", "0a1b2c3d"])
def test_a_line_that_is_no_judgement_is_refused(tmp_path: Path, line: str) -> None:
    file = tmp_path / "judged.tsv"
    file.write_text(f"sentence\tgone\tlabel\n{line}\n", encoding="ascii")
    with pytest.raises(TrainingError, match=r"judged\.tsv, line 2: "):
        read_judgements(file)


def test_the_file_of_judgements_is_sound() -> None:
    cuts = read_judgements(JUDGEMENTS)
    assert len(cuts) > 400
    assert all(len(cut.sentence) == 8 and int(cut.sentence, 16) >= 0 for cut in cuts)
    for cut in cuts:
        places = [place for gap in cut.gaps for place in gap]
        assert places == sorted(set(places))
