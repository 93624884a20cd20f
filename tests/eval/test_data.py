from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.data import Fields, load_summaries, load_translations
from summarizer import InputError
from tests.eval.conftest import write_rows


def test_json_lines(tmp_path: Path) -> None:
    data = load_summaries(write_rows(tmp_path / "set.jsonl"))
    assert (data.name, data.form, data.total, len(data.items)) == ("set", "json", 3, 3)
    first = data.items[0]
    assert (first.id, first.title) == ("banjir", "Sungai Laras Meluap")
    assert len(first.paragraphs) == 2
    assert first.references == ("Sebanyak 2.400 warga Girimulya mengungsi karena Sungai Laras meluap.",)
    assert first.article.paragraphs == first.paragraphs


def test_limit_keeps_the_total_and_the_digest(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "set.jsonl")
    some, everything = load_summaries(path, limit=2), load_summaries(path)
    assert (len(some.items), some.total, some.sha256) == (2, 3, everything.sha256)


def test_fields_of_ones_own(tmp_path: Path) -> None:
    rows = [{"body": ["Satu dua.", "Tiga."], "gold": {"short": "Satu.", "all": ["Dua.", "Tiga."]}, "id": 7}]
    fields = Fields("body", ("gold.short", "gold.all"))
    [item] = load_summaries(write_rows(tmp_path / "set.jsonl", rows), fields).items
    assert (item.id, item.paragraphs, item.references) == ("7", ("Satu dua.", "Tiga."), ("Satu.", "Dua.", "Tiga."))


def test_xl_sum(tmp_path: Path) -> None:
    row = {
        "id": "world-1",
        "url": "https://x",
        "title": "Judul",
        "summary": "Ringkasan.",
        "text": "Isi satu.\nIsi dua.",
    }
    [item] = load_summaries(write_rows(tmp_path / "indonesian_val.jsonl", [row])).items
    assert (item.title, item.references, len(item.paragraphs)) == ("Judul", ("Ringkasan.",), 2)


def test_a_dot_leads_to_a_headline_too(tmp_path: Path) -> None:
    row = {"text": "Satu dua.", "summary": "Satu.", "meta": {"judul": "Taman Dibuka"}}
    file = write_rows(tmp_path / "set.jsonl", [row])
    for name, title in (("meta.judul", "Taman Dibuka"), ("meta.title", None), ("meta", None)):
        [item] = load_summaries(file, Fields(title=name)).items
        assert item.title == title


def test_a_separator_of_lines_inside_a_string_is_no_end_of_line(tmp_path: Path) -> None:
    row = {"text": "Satu\u2028dua.", "summary": "Satu."}
    [item] = load_summaries(write_rows(tmp_path / "set.jsonl", [row])).items
    assert item.id == "1"


def tokens(text: str) -> list[str]:
    return text.split()


INDOSUM = {
    "id": "1472554836-ketua",
    "category": "tajuk utama",
    "gold_labels": [[True], [False, False]],
    "paragraphs": [
        [tokens("JAKARTA ( Pos Kota ) – Ketua PARFI , Gatot , diciduk , Minggu ( 28 / 8 / 2016 ) malam .")],
        [tokens("“ Info masyarakat , ” jelas Boy ."), tokens("Ia terpilih pada kongres ke - 15 .")],
    ],
    "summary": [["Gatot", "ditangkap", "."], ["Benda", "itu", "menjadi", "bukti", "."]],
}


def test_indosum(tmp_path: Path) -> None:
    data = load_summaries(write_rows(tmp_path / "dev.01.jsonl", [INDOSUM]))
    assert data.form == "indosum"
    [item] = data.items
    assert item.paragraphs == (
        "JAKARTA (Pos Kota) – Ketua PARFI, Gatot, diciduk, Minggu (28/8/2016) malam.",
        "“Info masyarakat,” jelas Boy. Ia terpilih pada kongres ke-15.",
    )
    assert item.references == ("Gatot ditangkap. Benda itu menjadi bukti.",)


@pytest.mark.parametrize(
    ("sentences", "text"),
    [
        (('" Satu dua .', 'Tiga , " kata dia .', '" Empat . "'), '"Satu dua. Tiga," kata dia. "Empat."'),
        # One mark without its other half: the sentences that have both keep them.
        (('" Satu dua .', 'Kata dia , " Tiga . "'), '" Satu dua. Kata dia, "Tiga."'),
    ],
)
def test_quotations_over_sentences(tmp_path: Path, sentences: tuple[str, ...], text: str) -> None:
    row = {**INDOSUM, "paragraphs": [[tokens(sentence) for sentence in sentences]]}
    assert load_summaries(write_rows(tmp_path / "dev.jsonl", [row])).items[0].paragraphs == (text,)


LIPUTAN6 = {
    "id": 26408,
    "url": "https://www.liputan6.com/news/read/26408/pbb",
    "clean_article": [
        tokens("Liputan6 . com , Ambon : Partai Bulan Bintang Maluku ."),
        tokens('Mereka menyebut " bencana " itu .'),
    ],
    "clean_summary": [["PBB", "Maluku", "menuntut", "."]],
    "extractive_summary": [1],
}


def test_liputan6_as_a_folder_and_as_lines(tmp_path: Path) -> None:
    folder = tmp_path / "dev"
    folder.mkdir()
    for number in (10, 9):
        (folder / f"{number}.json").write_text(json.dumps({**LIPUTAN6, "id": number}), encoding="utf-8")
    data = load_summaries(folder)
    assert (data.form, [item.id for item in data.items]) == ("liputan6", ["9", "10"])
    assert data.items[0].text == 'Liputan6.com, Ambon: Partai Bulan Bintang Maluku.\nMereka menyebut "bencana" itu.'
    assert data.items[0].references == ("PBB Maluku menuntut.",)
    [item] = load_summaries(write_rows(tmp_path / "dev.jsonl", [LIPUTAN6])).items
    assert item.paragraphs == data.items[0].paragraphs


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
    assert [item.id for item in data.items] == ["a", "ab"]
    assert data.items[0].references == ("Sungai Laras meluap.", "Ribuan warga mengungsi.")
    assert data.items[0].title == "Sungai Laras Meluap"
    assert "Baca Juga" not in data.items[0].text
    assert "mengungsi" in data.items[0].text
    pairs = load_translations(tmp_path)
    assert [(item.text, *item.references) for item in pairs.items] == [
        ("Sungai Laras meluap.", "The river overflowed."),
        ("Air surut.", "Water receded."),
    ]


def test_the_shipped_set() -> None:
    folder = Path(__file__).parents[2] / "eval" / "data" / "news"
    summaries, translations = load_summaries(folder), load_translations(folder)
    assert [item.id for item in summaries.items] == [item.id for item in translations.items]
    for item, pair in zip(summaries.items, translations.items, strict=True):
        assert pair.text in item.references


def test_parallel_text(tmp_path: Path) -> None:
    for name, text in {"dev.id": "Satu\u2028dua.\r\nTiga.\n", "dev.en": "One two.\nThree.", "b.txt": "1\n2\n"}.items():
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    data = load_translations(tmp_path / "dev.id")
    assert (data.name, [item.references for item in data.items]) == ("dev", [("One two.",), ("Three.",)])
    both = load_translations(tmp_path / "dev.id", [tmp_path / "dev.en", tmp_path / "b.txt"])
    assert both.items[1].references == ("Three.", "2")


def test_translations_as_json_lines(tmp_path: Path) -> None:
    rows = [{"translation": {"id": "Satu.", "en": "One."}}]
    path = write_rows(tmp_path / "set.jsonl", rows)
    [item] = load_translations(path, fields=Fields("translation.id", ("translation.en",))).items
    assert (item.text, item.references) == ("Satu.", ("One.",))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "holds no items"),
        ("\n\n", "holds no items"),
        ('{"text": "a", "summary": "b"}\n{"text": "a"', "line 2 is not JSON"),
        ('["text"]', "line 1 is not a JSON object"),
        ("[" * 100_000, "line 1 is nested too deep"),
        ('{"text": "a \\ud800 b", "summary": "b"}', "line 1 holds half of a surrogate pair: '\\ud800'"),
        ('{"text": NaN, "summary": "b"}', "line 1: text is neither a string nor a list of strings"),
        ('{"text": "a"}', "line 1 has no field 'summary', only text"),
        ("{}", "line 1 has no field 'summary', only none at all"),
        ('{"text": 1, "summary": "b"}', "line 1: text is neither a string nor a list of strings"),
        ('{"text": "a", "summary": null}', "line 1: reference is neither a string nor a list of strings"),
        ('{"text": " ", "summary": "b"}', "line 1: the text is empty"),
        ('{"text": "a", "summary": ""}', "line 1: the reference is empty"),
        ('{"text": "a", "summary": []}', "line 1: the reference is empty"),
        (
            '{"id": 1, "text": "a", "summary": "b"}\n{"id": "1", "text": "a", "summary": "b"}',
            "two items with the id '1'",
        ),
        ('{"paragraphs": "a", "summary": []}', "line 1: paragraphs is not a list"),
        ('{"paragraphs": [["a"]], "summary": []}', "line 1: paragraphs does not hold sentences as lists of tokens"),
        ('{"clean_article": [["a"]]}', "line 1 has no field 'clean_summary', only clean_article"),
    ],
)
def test_bad_files_get_one_clear_line(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_summaries(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_bytes(b'{"text": "\xff"}')
    with pytest.raises(InputError, match=r"set\.jsonl is not UTF-8 \(byte 10\)"):
        load_summaries(path)


def test_bad_folders(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no items"):
        load_summaries(tmp_path)
    (tmp_path / "a.txt").write_text("Teks.", encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.ref\.txt is missing"):
        load_summaries(tmp_path)
    (tmp_path / "a.ref.txt").write_text("\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.ref\.txt is empty"):
        load_summaries(tmp_path)
    with pytest.raises(InputError, match=r"a\.en\.txt is missing"):
        load_translations(tmp_path)


def test_bad_parallel_text(tmp_path: Path) -> None:
    (tmp_path / "a.id").write_text("Satu.\nDua.\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"cannot read .*a\.en"):
        load_translations(tmp_path / "a.id")
    (tmp_path / "a.en").write_text("One.\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.id has 2 lines, but .*a\.en has 1"):
        load_translations(tmp_path / "a.id")
    (tmp_path / "a.en").write_text("One.\n \n", encoding="utf-8")
    (tmp_path / "empty.id").write_text("", encoding="utf-8")
    (tmp_path / "empty.en").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match=r"empty\.id holds no items"):
        load_translations(tmp_path / "empty.id")
    with pytest.raises(InputError, match=r"line 2 of .* is blank"):
        load_translations(tmp_path / "a.id")
    (tmp_path / "a.txt").write_text("Satu.", encoding="utf-8")
    with pytest.raises(InputError, match="use --reference to say"):
        load_translations(tmp_path / "a.txt")
