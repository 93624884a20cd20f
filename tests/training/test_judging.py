"""The fit of what judges whether a sentence stands."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from summarizer.writing.judging import Weighed
from tests.conftest import steps_that_cut
from training import TrainingError
from training.judging import (
    JUDGEMENTS,
    JudgedCut,
    area_under_curve,
    describe_cut,
    find_threshold,
    fit_judge,
    foretell,
    is_possible,
    read_judgements,
    report,
    write_places,
)


def draw_cuts(count: int) -> tuple[list[list[dict[str, float]]], list[bool]]:
    """Cuts of one to three gaps; a gap breaks its sentence where "bad" is high, whatever "noise" is."""
    draw = np.random.default_rng(5)
    cuts = []
    stands = []
    for _ in range(count):
        gaps = [
            {"bad": float(draw.normal()), "noise": float(draw.normal()), "same": 1.0}
            for _ in range(int(draw.integers(1, 4)))
        ]
        cuts.append(gaps)
        stands.append(all(gap["bad"] < 0.5 for gap in gaps))
    return cuts, stands


def test_what_breaks_sentences_is_learnt_though_nobody_says_which_gap_did() -> None:
    cuts, stands = draw_cuts(300)
    judge = fit_judge(cuts, stands, decay=1.0)
    assert judge.weights["bad"] < -1
    assert abs(judge.weights["noise"]) < abs(judge.weights["bad"]) / 4
    assert judge.weights["same"] == 0
    good = {"bad": -2.0, "noise": 0.0, "same": 1.0}
    bad = {"bad": 2.0, "noise": 0.0, "same": 1.0}
    assert judge.chance([good, good]) > 0.9
    assert judge.chance([good, bad]) < 0.1


def test_chances_are_foretold_without_the_answer() -> None:
    cuts, stands = draw_cuts(200)
    assert area_under_curve(foretell(cuts, stands, decay=1.0), stands) > 0.9
    shuffled = [stands[(7 * row + 3) % len(stands)] for row in range(len(stands))]
    assert area_under_curve(foretell(cuts, shuffled, decay=1.0), shuffled) < 0.65


def test_weights_are_written_as_they_are_read() -> None:
    cuts, stands = draw_cuts(60)
    judge = fit_judge(cuts, stands, decay=1.0)
    table = tomllib.loads(judge.to_toml())
    assert table["intercept"] == pytest.approx(judge.intercept, abs=1e-4)
    assert set(table["weights"]) == {"bad", "noise"}


def test_the_threshold_is_where_enough_stand() -> None:
    chances = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    stands = [True, True, True, False, False]
    assert find_threshold(chances, stands, 0.95) == (0.7, 3)
    assert find_threshold(chances, stands, 0.7) == (0.6, 4)
    assert find_threshold(chances, [False] * 5, 0.95) is None


def test_gaps_of_a_cut_are_described_each() -> None:
    words = ["Sari,", "wali", "kota,", "membuka", "taman", "di", "Laras."]
    weighed = Weighed.from_steps(steps_that_cut(words, {"wali", "kota,"}))
    apposition, phrase = describe_cut(words, [(1, 3), (5, 7)], weighed)
    assert (apposition["is apposition"], phrase["is apposition"]) == (1.0, 0.0)
    assert (apposition["is phrase"], phrase["is phrase"]) == (0.0, 1.0)
    assert apposition["gone"] > 0 > phrase["gone"]
    assert phrase["at end"] == 1.0
    assert apposition.keys() == phrase.keys()


@pytest.mark.parametrize(
    ("gaps", "possible"),
    [([(1, 3)], True), ([(1, 3), (5, 7)], True), ([(0, 2)], False), ([(3, 4)], False)],
)
def test_a_cut_is_of_spans_that_the_checks_let_go(gaps: list[tuple[int, int]], possible: bool) -> None:
    words = ["Sari,", "wali", "kota,", "membuka", "taman", "di", "Laras."]
    assert is_possible(words, gaps) is possible


def test_the_report_says_from_where_on_cuts_stand() -> None:
    cuts, stands = draw_cuts(120)
    first, *others = report(cuts, stands)
    assert first.startswith(f"120 cuts, {sum(stands)} of them stand; area under the curve 0.")
    assert any(line.startswith("90% stand of those from 0.") for line in others)


def test_judgements_are_read(tmp_path: Path) -> None:
    file = tmp_path / "judged.tsv"
    file.write_text("sentence\tgone\tlabel\n0a1b2c3d\t3-5,9\tbroken\n", encoding="ascii")
    [cut] = read_judgements(file)
    assert cut == JudgedCut("0a1b2c3d", ((3, 6), (9, 10)), "broken")
    assert not cut.stands
    assert write_places(cut.gaps) == "3-5,9"


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
