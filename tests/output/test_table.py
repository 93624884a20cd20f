from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from summarizer import Article, Result, to_frame
from summarizer.errors import OutputError
from summarizer.faithfulness import Support
from summarizer.output.forms import Fields
from summarizer.output.table import COLUMNS, SENTENCE_COLUMNS, sentence_rows, write_csv, write_tsv

RESULT = Result(
    Article("a.txt", '=HYPERLINK("http://jahat")', ("Satu dua tiga.",), site="contoh.id", kind="opinion"),
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
    assert (first["site"], first["date"], first["kind"]) == ("contoh.id", "", "opinion")
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


PAGE = Article("b.txt", "Taman Dibuka", ("Taman dibuka. Warga senang.", "= Satu paragraf.", ""))
TRANSLATED = Result(
    PAGE,
    "Taman dibuka. Warga senang.",
    "The park opens.\tResidents are happy.",
    ("The park opens, and residents are happy.", "= One paragraph.", ""),
    (),
    "fake",
    title_translation="A park opens. At last",
)


def test_sentences_stand_beside_their_translations(tmp_path: Path) -> None:
    bare = RESULT.to_record() | {"title_translation": None}
    write_tsv(tmp_path / "kalimat.tsv", [TRANSLATED.to_record(), bare])
    lines = (tmp_path / "kalimat.tsv").read_text(encoding="utf-8").splitlines()
    assert [line.split("\t") for line in lines] == [
        list(SENTENCE_COLUMNS),
        ["b.txt", "title", "1", "0", "Taman Dibuka", "A park opens. At last", ""],
        ["b.txt", "abstract", "1", "1", "Taman dibuka.", "The park opens.", ""],
        ["b.txt", "abstract", "1", "2", "Warga senang.", "Residents are happy.", ""],
        # Two sentences against one: nobody knows which belong together.
        [
            *("b.txt", "article", "1", "0"),
            "Taman dibuka. Warga senang.",
            "The park opens, and residents are happy.",
            "",
        ],
        ["b.txt", "article", "2", "1", "'= Satu paragraf.", "'= One paragraph.", ""],
    ]


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
    known = [{"abstract": text, "translation": text, "confidence": 0.5}] * 2
    write_tsv(tmp_path / "kalimat.tsv", [TRANSLATED.to_record() | {"sentences": known, "article_translation": None}])
    with open(tmp_path / "kalimat.tsv", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, "excel-tab"))
    assert rows[2:] == [["b.txt", "abstract", "1", str(at), shown, shown, "0.5"] for at in (1, 2)]


def test_sentences_that_were_told_apart_are_taken_as_they_are() -> None:
    known = [
        {"abstract": "Taman dibuka.", "translation": "The park opens. It is new.", "confidence": 0.9},
        {"abstract": "Warga senang.", "translation": "Residents are happy.", "confidence": None},
        {"abstract": "Selesai.", "translation": None, "confidence": None},
    ]
    rows = [row for row in sentence_rows(TRANSLATED.to_record() | {"sentences": known}) if row[1] == "abstract"]
    assert [row[3:] for row in rows] == [
        (1, "Taman dibuka.", "The park opens. It is new.", 0.9),
        (2, "Warga senang.", "Residents are happy.", None),
    ]


def test_headlines_and_articles_have_their_confidence() -> None:
    def known(paragraph: int, source: str, translation: str, confidence: float | None) -> Fields:
        return {"paragraph": paragraph, "source": source, "translation": translation, "confidence": confidence}

    title = [known(0, "Taman dibuka", "A park opens.", 0.8), known(0, "Akhirnya", "At last", 0.3)]
    article = [
        known(0, "Taman dibuka.", "The park opens.", 0.9),
        known(0, "...", "", None),
        known(0, "Warga senang.", "Residents are happy. So are we.", None),
        known(2, "Selesai.", "It ends.", 0.4),
    ]
    fields = TRANSLATED.to_record() | {"title_sentences": title, "article_sentences": article}
    assert [row[1:] for row in sentence_rows(fields) if row[1] != "abstract"] == [
        ("title", 1, 0, "Taman Dibuka", "A park opens. At last", 0.3),
        ("article", 1, 1, "Taman dibuka.", "The park opens.", 0.9),
        ("article", 1, 2, "Warga senang.", "Residents are happy. So are we.", None),
        ("article", 3, 1, "Selesai.", "It ends.", 0.4),
    ]
    title[1]["confidence"] = None
    assert next(iter(sentence_rows(fields)))[-1] is None


def test_older_records_have_sentences_too() -> None:
    older = {name: value for name, value in TRANSLATED.to_record().items() if name != "title_translation"}
    assert [row[1] for row in sentence_rows(older)] == ["abstract", "abstract", "article", "article"]
    untranslated = RESULT.to_record() | {"title_translation": None}
    assert list(sentence_rows(untranslated)) == []


@pytest.mark.parametrize("write", [write_csv, write_tsv])
def test_a_file_that_cannot_be_written(tmp_path: Path, write: Callable[[Path, list[Fields]], None]) -> None:
    with pytest.raises(OutputError, match="cannot write"):
        write(tmp_path / "tidak" / "ada.csv", [])
