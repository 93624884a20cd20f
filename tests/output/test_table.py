from __future__ import annotations

import csv
from pathlib import Path

import pytest

from summarizer import Article, Result, to_frame
from summarizer.errors import OutputError
from summarizer.faithfulness import Support
from summarizer.output.table import COLUMNS, write_csv

RESULT = Result(
    Article("a.txt", '=HYPERLINK("http://jahat")', ("Satu dua tiga.",), site="contoh.id"),
    'Dia berkata, "Satu;\tdua".\nTiga.',
    None,
    None,
    ("awas", "hati-hati"),
    "fake",
    support=(Support("Satu.", (), (), 0.25),),
    title_translation="+1 Headline",
)


def test_a_spreadsheet_gets_a_row_for_each_result(tmp_path: Path) -> None:
    target = tmp_path / "semua.csv"
    write_csv(target, (result.to_record() for result in [RESULT, RESULT]))
    assert target.read_bytes().startswith(b"\xef\xbb\xbfsource,title,")
    with open(target, encoding="utf-8-sig", newline="") as file:
        first, second = csv.DictReader(file)
    assert first == second
    assert list(first) == [column for column in COLUMNS if column != "error"]
    assert first["abstract"] == RESULT.abstract
    assert (first["support"], first["article_words"], first["translation"]) == ("0.25", "3", "")
    assert first["warnings"] == "awas; hati-hati"
    # An article can't put a formula into a sheet.
    assert first["title"] == '\'=HYPERLINK("http://jahat")'
    assert first["title_translation"] == "'+1 Headline"


def test_it_holds_what_a_frame_holds(tmp_path: Path) -> None:
    frame = to_frame([RESULT])
    write_csv(tmp_path / "semua.csv", [RESULT.to_record()])
    with open(tmp_path / "semua.csv", encoding="utf-8-sig", newline="") as file:
        [row] = csv.DictReader(file)
    assert [row[name] for name in ("source", "model", "removed", "abstract_words")] == [
        str(frame.loc[0, name]) for name in ("source", "model", "removed", "abstract_words")
    ]


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot write"):
        write_csv(tmp_path / "tidak" / "ada.csv", [])
