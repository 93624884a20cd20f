"""Which words were deleted."""

import json
from pathlib import Path

import pytest

from eval.deletions import EditedAbstract, count_agreement, find_kept, measure_cuts, read_edited
from summarizer import InputError
from tests.conftest import FakeModel


@pytest.mark.parametrize(
    ("text", "shorter", "kept"),
    [
        ("Namun, hujan turun di Laras.", "Hujan turun di Laras.", "01111"),
        ("Hujan turun di kota, di Laras.", "Hujan turun di Laras.", "110011"),
        ("BekLaras, Budi, datang pagi ini.", "Bek Laras datang.", "10100"),
        ("Sektor gaming-nya tumbuh - pesat.", "Gaming tumbuh.", "01110"),
        ("Hujan turun.", "Hujan turun.", "11"),
    ],
)
def test_the_words_that_an_editor_kept_are_found(text: str, shorter: str, kept: str) -> None:
    assert find_kept(text.split(), shorter) == [mark == "1" for mark in kept]


@pytest.mark.parametrize("shorter", ["Hujan reda.", "Laras hujan.", "Hujan turun turun."])
def test_what_is_not_made_by_deletion(shorter: str) -> None:
    assert find_kept(["Hujan", "turun", "di", "Laras."], shorter) is None


def test_agreement_is_about_deleted_words() -> None:
    assert count_agreement([True, False, False, True], [True, False, True, False]) == (1, 1, 1)


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_edited_abstracts_are_read(tmp_path: Path) -> None:
    row = {"title": "Hujan", "text": "Namun, hujan turun. Warga pulang.", "cut": "Hujan turun. Warga pulang."}
    path = write(tmp_path / "cuts.jsonl", row, {"text": "Hujan turun.", "cut": "Hujan reda."})
    [found] = read_edited(path)
    assert found == EditedAbstract("Hujan", ("Namun, hujan turun.", "Warga pulang."), (False, True, True, True, True))


@pytest.mark.parametrize("row", [[], {"text": "Hujan."}, {"text": 3, "cut": "x"}, "x"])
def test_a_line_without_text_and_cut_is_told(tmp_path: Path, row: object) -> None:
    with pytest.raises(InputError, match="line 1: not an object with text and cut"):
        read_edited(write(tmp_path / "cuts.jsonl", row))


def test_cuts_are_measured() -> None:
    text = "Namun, hujan deras turun di kota Laras. Warga pulang ke rumah."
    sentences = ("Namun, hujan deras turun di kota Laras.", "Warga pulang ke rumah.")
    kept = find_kept(text.split(), "Hujan turun di kota Laras. Warga pulang ke rumah.")
    assert kept is not None
    abstract = EditedAbstract("", sentences, tuple(kept))
    assert measure_cuts([abstract], FakeModel()) is None
    figures = measure_cuts([abstract], FakeModel(cut={"Namun,"}))
    assert figures is not None
    assert figures.precision == 1.0
    assert figures.recall == 0.5
    assert figures.whole == 0.5
    assert figures.f1 == pytest.approx(2 / 3)
    assert figures.kept == pytest.approx(10 / 11)
    assert figures.wanted == pytest.approx(9 / 11)
    assert str(figures).startswith("1 abstracts: F1 of deleted words 0.667")
