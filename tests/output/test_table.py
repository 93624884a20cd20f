"""Results as tables: a frame, a CSV file, a TSV file of sentences."""

import csv
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from summarizer import Article, InputError, Result, to_frame
from summarizer.checks import Support
from summarizer.output.fields import Fields
from summarizer.output.table import COLUMNS, SENTENCE_COLUMNS, sentence_rows, write_csv, write_tsv
from summarizer.result import AbstractSentence, ResultSentence

RESULT = Result(
    Article("a.txt", '=HYPERLINK("http://jahat")', ("Satu dua tiga.",), site="contoh.id", genre="opinion"),
    'Dia berkata, "Satu;\tdua".\nTiga.',
    None,
    None,
    ("awas", "hati-hati"),
    "fake",
    sentences=tuple(
        ResultSentence(AbstractSentence(text, Support((), (), share), copied=False), None, None)
        for text, share in (("Satu.", 0.25), ("Dua.", 0.75))
    ),
    title_translation="+1 Headline",
)
TRANSLATED = Result(
    Article("b.txt", "Taman Dibuka", ("Taman dibuka. Warga senang.", "= Satu paragraf.", "")),
    "Taman dibuka. Warga senang.",
    "The park opens.\tResidents are happy.",
    ("The park opens, and residents are happy.", "= One paragraph.", ""),
    (),
    "fake",
    title_translation="A park opens. At last",
).to_record()


def known(paragraph: int, source: str, translation: str, confidence: float | None) -> Fields:
    told = {"translation": translation, "confidence": confidence, "reasons": ["low"]}
    return {"paragraph": paragraph, "source": source} | told


@pytest.mark.parametrize("wrong", [5, None, "a"])
def test_what_is_no_outcome_is_said(wrong: Any) -> None:
    with pytest.raises(TypeError, match="is neither a result nor an error"):
        to_frame([wrong])


def test_a_frame_has_a_row_for_each_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = to_frame([RESULT, InputError("b.txt is empty"), RESULT])
    assert list(frame["source"].fillna("-")) == ["a.txt", "-", "a.txt"]
    assert list(frame["error"].fillna("-")) == ["-", "b.txt is empty", "-"]
    assert list(frame["article_words"].fillna(0)) == [3, 0, 3]
    assert frame.loc[0, "warnings"] == ("awas", "hati-hati")
    assert frame.loc[0, "site"] == "contoh.id"
    assert frame.loc[0, "support"] == 0.25
    assert frame.loc[0, "repairs"] == 0
    assert list(to_frame([]).columns) == list(frame.columns)
    assert len(to_frame([])) == 0
    assert list(frame["doubtful"].fillna(-1)) == [0, -1, 0]
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match="pandas"):
        to_frame([RESULT])


def test_columns_of_a_frame_have_the_same_types_whatever_failed() -> None:
    dated = replace(RESULT, article=replace(RESULT.article, date="2025-03-12"))
    some = to_frame([dated, InputError("b.txt is empty")])
    assert dict(some.dtypes) == dict(to_frame([InputError("b.txt is empty")]).dtypes)
    assert dict(some.dtypes) == dict(to_frame([]).dtypes)
    types = {"confidence": "float64", "support": "float64", "removed": "Int64", "reviewed": "boolean", "site": "string"}
    assert {name: str(some[name].dtype) for name in types} == types
    assert some["date"].dt.year.tolist()[0] == 2025
    assert some.loc[1, "warnings"] == ()
    assert some["reviewed"].tolist()[0] is False
    assert some["reviewed"].isna().tolist() == [False, True]
    # A date that no calendar has is none.
    odd = replace(RESULT, article=replace(RESULT.article, date="2025-02-30"))
    assert to_frame([odd])["date"].isna().all()


def test_a_frame_of_what_a_reader_has_corrected_says_so(tmp_path: Path) -> None:
    edited = RESULT.to_record() | {"edited": "2026-12-04T22:18:40.000001+00:00", "reviewed": True}
    lines = [json.dumps(record) for record in (edited, RESULT.to_record() | {"edited": None, "reviewed": False})]
    (tmp_path / "ringkas.jsonl").write_text("\n".join(lines), encoding="utf-8")
    frame = to_frame(tmp_path / "ringkas.jsonl")
    assert frame["reviewed"].tolist() == [True, False]
    assert frame["edited"].dt.day.tolist()[0] == 4
    assert frame["edited"].isna().tolist() == [False, True]


def test_a_frame_of_a_folder_has_its_failures_too(tmp_path: Path) -> None:
    (tmp_path / "results.jsonl").write_text(json.dumps(RESULT.to_record()) + "\n", encoding="utf-8")
    assert to_frame(tmp_path)["source"].tolist() == ["a.txt"]
    failures = tmp_path / "failures.jsonl"
    failures.write_text(json.dumps({"input": "b.txt", "error": "b.txt is empty"}) + "\n", encoding="utf-8")
    frame = to_frame(tmp_path)
    assert frame["source"].tolist() == ["a.txt", "b.txt"]
    assert frame["error"].fillna("").tolist() == ["", "b.txt is empty"]
    failures.write_text('{"error": "b.txt is empty"}\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"^line 1 of .*failures\.jsonl is no result of a batch$"):
        to_frame(tmp_path)
    (tmp_path / "results.jsonl").unlink()
    with pytest.raises(FileNotFoundError, match=r"results\.jsonl"):
        to_frame(tmp_path)


def test_a_spreadsheet_says_what_failed_was_edited_and_reviewed(tmp_path: Path) -> None:
    edited = RESULT.to_record() | {"edited": "2026-12-04T22:18:40.000001+00:00", "reviewed": True}
    failure = {"input": "=b.txt", "error": "b.txt is empty", "kind": "InputError", "advice": "save it again"}
    write_csv(tmp_path / "semua.csv", lambda: [edited, RESULT.to_record()], [failure])
    with open(tmp_path / "semua.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["reviewed"] for row in rows] == ["True", "False", ""]
    assert [row["edited"] for row in rows] == [edited["edited"], "", ""]
    assert [row["error"] for row in rows] == ["", "", "b.txt is empty"]
    assert {name for name, cell in rows[2].items() if cell} == {"source", "error"}
    assert rows[2]["source"] == "'=b.txt"


def test_a_spreadsheet_gets_a_row_for_each_result(tmp_path: Path) -> None:
    target = tmp_path / "semua.csv"
    write_csv(target, lambda: [RESULT.to_record()] * 2)
    assert target.read_bytes().startswith(b"\xef\xbb\xbfsource,title,")
    with open(target, encoding="utf-8-sig", newline="") as file:
        first, second = csv.DictReader(file)
    assert first == second
    assert list(first) == list(COLUMNS)
    expected = {"abstract": RESULT.abstract, "site": "contoh.id", "date": "", "kind": "opinion", "support": "0.25"}
    expected |= {"article_words": "3", "translation": "", "warnings": "awas; hati-hati", "removed": "0"}
    # An article can't put a formula into a sheet.
    expected |= {"title": '\'=HYPERLINK("http://jahat")', "title_translation": "'+1 Headline"}
    assert first | expected == first


def test_the_path_of_an_input_may_hold_bytes_that_are_no_text(tmp_path: Path) -> None:
    target = tmp_path / "semua.csv"
    write_csv(target, lambda: [RESULT.to_record() | {"file": "a\udcff.txt"}])
    [row] = csv.DictReader(target.read_text(encoding="utf-8-sig").splitlines())
    assert row["file"] == "a\\udcff.txt"


def test_sentences_stand_beside_their_translations(tmp_path: Path) -> None:
    sentences = [known(0, "Taman dibuka.", "The park opens.", 0.9), known(0, "...", "", None)]
    sentences += [known(0, "= Warga senang.", "Residents are happy. So are we.", None), known(2, "Usai.", "Over.", 0.4)]
    abstract = [
        {"abstract": "Taman dibuka.", "translation": "The park opens. It is new.", "confidence": 0.9, "reasons": []},
        {"abstract": "Selesai.", "translation": None, "confidence": None, "reasons": []},
    ]
    title = [known(0, "Taman dibuka", "A park opens.", 0.8), known(0, "Akhirnya", "At last", 0.3)]
    whole = TRANSLATED | {"sentences": abstract, "title_sentences": title, "article_sentences": sentences}
    write_tsv(tmp_path / "kalimat.tsv", lambda: [TRANSLATED, RESULT.to_record() | {"title_translation": None}, whole])
    lines = (tmp_path / "kalimat.tsv").read_text(encoding="utf-8").splitlines()
    assert lines[0].split("\t") == list(SENTENCE_COLUMNS)
    assert [line.split("\t")[1:] for line in lines[1:]] == [
        ["title", "1", "0", "Taman Dibuka", "A park opens. At last", "", ""],
        # A headline is as sure as its least certain sentence.
        ["title", "1", "0", "Taman Dibuka", "A park opens. At last", "0.3", "low; low"],
        ["abstract", "1", "1", "Taman dibuka.", "The park opens. It is new.", "0.9", ""],
        ["article", "1", "1", "Taman dibuka.", "The park opens.", "0.9", "low"],
        ["article", "1", "2", "'= Warga senang.", "Residents are happy. So are we.", "", "low"],
        ["article", "3", "1", "Usai.", "Over.", "0.4", "low"],
    ]
    title[1] = known(0, "Akhirnya", "At last", None)
    assert next(iter(sentence_rows(whole | {"title_sentences": title})))[-2] is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('"Kami siap, kata Budi.', '"Kami siap, kata Budi.'),
        ('"=HYPERLINK(1)"', '"=HYPERLINK(1)"'),
        ('Kata "siap"\titu.', 'Kata "siap" itu.'),
        ('="siap"', '\'="siap"'),
    ],
)
def test_a_quotation_mark_takes_no_other_cell_with_it(tmp_path: Path, text: str, shown: str) -> None:
    sentences: list[Any] = [{"abstract": text, "translation": text, "confidence": 0.5, "reasons": []}] * 2
    write_tsv(tmp_path / "kalimat.tsv", lambda: [TRANSLATED | {"sentences": sentences, "article_translation": None}])
    with open(tmp_path / "kalimat.tsv", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, "excel-tab"))
    assert rows[2:] == [["b.txt", "abstract", "1", str(at), shown, shown, "0.5", ""] for at in (1, 2)]
