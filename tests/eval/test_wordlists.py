from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from eval.__main__ import main
from eval.wordlists import count_cases, find_common, find_names, read_lines

SETTINGS = {"least": 2, "ratio": 0.5, "added": ["uskup"]}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["wordlists", *arguments])


def test_lines_and_json_lines_are_read_gzipped_or_not(tmp_path: Path) -> None:
    (tmp_path / "a.id").write_text("satu\ndua\n", encoding="utf-8")
    row = json.dumps({"title": "Judul", "text": "Isi.\nLagi.", "site": "suara.com"})
    with gzip.open(tmp_path / "b.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write(f"{row}\n")
    assert list(read_lines(tmp_path / "a.id")) == ["satu", "dua"]
    assert list(read_lines(tmp_path / "b.jsonl.gz")) == ["Judul", "Isi.\nLagi."]


def test_capitals_count_unless_a_beginning_explains_them() -> None:
    lower, capital = count_cases(['Jalan itu licin. Jalan "Merdeka" di Jalan Merdeka, Batu, batu’s.'])
    assert capital == {"jalan": 1, "merdeka": 1, "batu": 1}
    assert lower["batu's"] == 1
    assert "jalan" not in lower


def test_common_words_are_frequent_and_seldom_capitalised() -> None:
    lines = ["banjir melanda kota", "banjir di kota", "di Kota, di Kota, di Kota, di Kota, di Kota", "langka"]
    assert find_common(lines, ["abacus", "China", "naïve", "cat's"], SETTINGS) == {"banjir", "di", "abacus", "uskup"}


def test_names_are_words_of_dictionaries_with_a_capital() -> None:
    assert find_names(["Aachen", "Aachen's", "Turkey", "Ag", "aardvark", "Ångström", "Zürich"]) == {
        "aachen",
        "turkey",
        "zurich",
    }


def test_the_lists_in_use_are_compared(tmp_path: Path) -> None:
    source, output = tmp_path / "words", tmp_path / "names.txt"
    source.write_text("Zyzzogeton\nAachen\n", encoding="utf-8")
    result = run("names_en", str(source), "-o", str(output))
    assert result.exit_code == 0, result.output
    assert result.output == (
        "names_en: 2 entries; of the 16,591 in use, 1 are among them, 16,590 are not, and 1 are new\n"
    )
    assert output.read_text(encoding="utf-8") == "aachen\nzyzzogeton\n"


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.gz", b"no gzip", "cannot read"),
        ("a.gz", gzip.compress(b"satu\n" * 99, mtime=0)[:-9], "cannot read"),
        ("a.txt", b"\xff", "cannot read"),
        ("a.jsonl", b'{"text": "a"}\n[]\n', "line 2 is not a JSON object"),
    ],
)
def test_a_source_of_no_use_is_one_line(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(data)
    result = run("common_id", str(tmp_path / name))
    assert result.exit_code == 1
    assert message in result.output
    assert result.output.count("\n") == 1


@pytest.mark.parametrize("arguments", [["names_en"], ["names_fr", __file__], ["names_en", "not there"]])
def test_wrong_usage(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2
