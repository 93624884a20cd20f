import json
from pathlib import Path
from typing import Any

import pytest

from eval.data import load_summaries, load_translations
from eval.detokenization import detokenize
from summarizer import InputError
from tests.eval.conftest import ROWS, write_rows


def test_json_lines_are_read_with_their_headlines(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "set.jsonl")
    data = load_summaries(path)
    assert data.name == "set"
    assert data.form == "json"
    assert data.total == 3
    first = data.items[0]
    assert first.id == "banjir"
    assert first.title == "Sungai Laras Meluap"
    assert len(first.paragraphs) == 2
    assert first.references == (ROWS[0]["summary"],)
    assert first.article.paragraphs == first.paragraphs
    some = load_summaries(path, limit=2)
    assert some.items == data.items[:2]
    assert some.total == 3
    assert some.sha256 == data.sha256
    assert load_summaries(write_rows(tmp_path / "other.jsonl", ROWS[:2])).sha256 != data.sha256


def tokens(*sentences: str) -> list[list[str]]:
    return [sentence.split() for sentence in sentences]


INDOSUM = {
    "id": "1472554836-ketua",
    "gold_labels": [[True], [False, False]],
    "paragraphs": [
        tokens("JAKARTA ( Pos Kota ) – Ketua PARFI , Gatot , diciduk , Minggu ( 28 / 8 / 2016 ) malam ."),
        tokens("“ Info masyarakat , ” jelas Boy .", "Ia terpilih pada kongres ke - 15 ."),
    ],
    "summary": tokens("Gatot ditangkap .", "Benda itu menjadi bukti ."),
}
LIPUTAN6 = {
    "id": 26408,
    "clean_article": tokens("Liputan6 . com , Ambon : Partai Bulan Bintang .", 'Mereka menyebut " bencana " itu .'),
    "clean_summary": tokens("PBB Maluku menuntut ."),
}
PARTS = ("JAKARTA (Pos Kota) – Ketua PARFI, Gatot, diciduk, Minggu (28/8/2016) malam.",)
PARTS += ("“Info masyarakat,” jelas Boy. Ia terpilih pada kongres ke-15.",)
PBB = ("Liputan6.com, Ambon: Partai Bulan Bintang.", 'Mereka menyebut "bencana" itu.')
HALVES = tokens('" Satu dua .', 'Tiga , " kata dia .', '" Empat . "')


@pytest.mark.parametrize(
    ("row", "form", "title", "paragraphs", "reference"),
    [
        # As XL-Sum has it.
        (
            {"id": "world-1", "title": "Judul", "summary": "Ringkas.", "text": "Isi satu.\nIsi dua."},
            *("json", "Judul", ("Isi satu.", "Isi dua."), "Ringkas."),
        ),
        # A title that is no text is none; a separator of lines inside a string ends no line.
        ({"text": "Satu\u2028dua.", "summary": "Satu.", "title": {}}, "json", None, ("Satu dua.",), "Satu."),
        (INDOSUM, "indosum", None, PARTS, "Gatot ditangkap. Benda itu menjadi bukti."),
        (LIPUTAN6, "liputan6", None, PBB, "PBB Maluku menuntut."),
        # Quotations over sentences; of one mark without its other half, the sentences that have both keep them.
        ({**INDOSUM, "paragraphs": [HALVES]}, "indosum", None, ('"Satu dua. Tiga," kata dia. "Empat."',), None),
        ({**INDOSUM, "paragraphs": [HALVES[::2]]}, "indosum", None, ('" Satu dua. "Empat."',), None),
    ],
)
def test_each_form_of_a_set_is_known_by_its_fields(
    tmp_path: Path, row: dict[str, Any], form: str, title: str | None, paragraphs: object, reference: str | None
) -> None:
    data = load_summaries(write_rows(tmp_path / "set.jsonl", [row]))
    [item] = data.items
    assert item.id == str(row.get("id", 1))
    assert item.title == title
    assert item.paragraphs == paragraphs
    assert data.form == form
    assert reference in (None, *item.references)


ORDINARY = [
    "Harga naik 7,5%, kata dia.",
    'Kata dia, "Ya," lalu "tidak".',
    "Ia (Budi) lahir pada 12/3 – atau 3-4 hari kemudian.",
    "Suhu - menurut BMKG - naik .5 derajat",
    'Tanda " tanpa pasangan',
    "",
]


@pytest.mark.parametrize(
    ("spaced", "text"),
    [
        ("Harga naik 7,5 % , kata dia .", "Harga naik 7,5%, kata dia."),
        ("Film ' Surga ' itu laku .", "Film 'Surga' itu laku."),
        ("9 - 11 September", "9-11 September"),
        ("periode 2016 – 2021", "periode 2016 – 2021"),
        ("Rimanews - Bagi Anda", "Rimanews - Bagi Anda"),
        ("anak - anak dan SIM - nya", "anak-anak dan SIM-nya"),
        ("Film - filmnya dan Tawi - tawi", "Film-filmnya dan Tawi-tawi"),
        ("Jakarta - Jakarta Timur - Timor", "Jakarta-Jakarta Timur - Timor"),
        ('kata dia , " Ya , saya . "', 'kata dia, "Ya, saya."'),
        ("( adji / mb )", "(adji/mb)"),
        ("seolah “ candu ” ( 28/8 / 2016 ) dan ' bahaya '.", "seolah “candu” (28/8/2016) dan 'bahaya'."),
        ('Ia berkata "Ya, saya. " Lalu "dua".', 'Ia berkata "Ya, saya." Lalu "dua".'),
        ("harga Rp. 5.000 di detik. com", "harga Rp5.000 di detik.com"),
        ("partai ke - 31 , non - aktif", "partai ke-31, non-aktif"),
        ("Jakarta - - - - - Hujan", "Jakarta - Hujan"),
        ("satu .\ndua .", "satu.\ndua."),
        *((text, text) for text in ORDINARY),
    ],
)
def test_tokens_become_ordinary_text(spaced: str, text: str) -> None:
    assert detokenize(spaced) == text


def test_liputan6_as_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "dev"
    folder.mkdir()
    for number in (10, 9):
        (folder / f"{number}.json").write_text(json.dumps({**LIPUTAN6, "id": number}), encoding="utf-8")
    data = load_summaries(folder)
    assert data.form == "liputan6"
    assert [item.id for item in data.items] == ["9", "10"]
    assert data.items[0].paragraphs == PBB


def test_a_folder_of_pages_is_cleaned(tmp_path: Path) -> None:
    page = (
        "Sungai Laras Meluap\n\nSungai Laras meluap pada Rabu malam dan merendam ratusan rumah warga di dua desa.\n\n"
        "Baca Juga: Harga Beras Naik\n\nSebanyak 2.400 warga mengungsi ke balai desa dan menunggu air surut.\n"
    )
    for name, text in {
        "a.txt": page,
        "a.ref.txt": "Sungai Laras\nmeluap.\n",
        "a.ref2.txt": "Ribuan warga mengungsi.\n",
        "a.en.txt": "The river overflowed.\n",
        "ab.txt": page,
        "ab.ref.txt": "Air surut.\n",
        "ab.en.txt": "Water receded.\n",
        "index.json": "[]",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    data = load_summaries(tmp_path)
    first = data.items[0]
    assert [item.id for item in data.items] == ["a", "ab"]
    assert first.references == ("Sungai Laras meluap.", "Ribuan warga mengungsi.")
    assert first.title == "Sungai Laras Meluap"
    assert "Baca Juga" not in first.text
    assert "mengungsi" in first.text
    assert [(item.text, *item.references) for item in load_translations(tmp_path).items] == [
        ("Sungai Laras meluap.", "The river overflowed."),
        ("Air surut.", "Water receded."),
    ]


def test_parallel_text_and_translations_as_json_lines(tmp_path: Path) -> None:
    for name, text in {"dev.id": "Satu\u2028dua.\r\nTiga.\n", "dev.en": "One two.\nThree.", "b.txt": "1\n2\n"}.items():
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    data = load_translations(tmp_path / "dev.id")
    assert data.name == "dev"
    assert [item.references for item in data.items] == [("One two.",), ("Three.",)]
    both = load_translations(tmp_path / "dev.id", [tmp_path / "dev.en", tmp_path / "b.txt"])
    assert both.items[1].references == ("Three.", "2")
    [item] = load_translations(write_rows(tmp_path / "set.jsonl", [{"id": "Satu.", "en": "One."}])).items
    assert item.text == "Satu."
    assert item.references == ("One.",)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "no items"),
        (b'{"text": "\xff"}', "UTF-8"),
        (b'{"text": "a", "summary": "b"}\n{"text": "a"', "line 2"),
        (b'["text"]', "line 1"),
        (b"[" * 100_000, "nested"),
        (b'{"text": "a \\ud800 b", "summary": "b"}', "surrogate"),
        (b'{"text": "a"}', "'summary'"),
        (b'{"text": 1, "summary": "b"}', "string"),
        (b'{"text": "a", "summary": null}', "'summary'"),
        (b'{"text": " ", "summary": "b"}', "text is empty"),
        (b'{"text": "a", "summary": ""}', "reference is empty"),
        (b'{"id": 1, "text": "a", "summary": "b"}\n{"id": "1", "text": "a", "summary": "b"}', "'1'"),
        (b'{"paragraphs": "a", "summary": []}', "paragraphs"),
        (b'{"paragraphs": [["a"]], "summary": []}', "paragraphs"),
        (b'{"clean_article": [["a"]]}', "clean_summary"),
    ],
)
def test_bad_files_get_one_clear_line(tmp_path: Path, content: bytes, word: str) -> None:
    path = tmp_path / "set.jsonl"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        load_summaries(path)
    assert word in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("files", "name", "load", "word"),
    [
        ({}, ".", load_summaries, "no items"),
        ({"a.txt": "Teks."}, ".", load_summaries, "a.ref.txt"),
        ({"a.txt": "Teks.", "a.ref.txt": "\n"}, ".", load_summaries, "reference is empty"),
        ({"a.ref.txt": "Teks."}, ".", load_translations, "a.en.txt"),
        ({"a.id": "Satu.\n"}, "a.id", load_translations, "cannot read"),
        ({"a.id": "Satu.\nDua.\n", "a.en": "One.\n"}, "a.id", load_translations, "2 lines"),
        ({"a.id": "Satu.\nDua.\n", "a.en": "One.\n \n"}, "a.id", load_translations, "line 2"),
        ({"a.txt": "Satu."}, "a.txt", load_translations, "--reference"),
    ],
)
def test_bad_folders_and_parallel_text(tmp_path: Path, files: dict[str, str], name: str, load: Any, word: str) -> None:
    for file, text in files.items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=word):
        load(tmp_path / name)
