from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from eval.__main__ import main
from eval.checker import Rate, add_sentence, change_name, change_number, change_serious, drop_negative, drop_sentence
from summarizer.checks import check_translation
from tests.conftest import ARTICLE

PAIRS = [
    ("Gubernur Aceh tidak datang pada 12 Mei.", "The governor of Aceh did not come on May 12."),
    ("Wali kota Medan membangun 35 rumah. Warga senang.", "The mayor of Medan built 35 houses. Residents are happy."),
    ("Warga Solo pulang tanpa makan.", "Residents of Solo went home without eating."),
    ("Harga beras di Bogor naik 7 persen.", "The price of rice in Bogor rose 7 percent."),
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for column, suffix in enumerate((".id", ".en")):
        text = "\n".join(pair[column] for pair in PAIRS)
        (tmp_path / f"kecil{suffix}").write_text(text, encoding="utf-8")
    return tmp_path / "kecil.id"


def run(*arguments: str) -> list[dict[str, object]]:
    result = CliRunner().invoke(main, ["checker", "--json", *arguments])
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.output.splitlines()]


def test_damage() -> None:
    chance = random.Random(1)
    source, text = PAIRS[0]
    number = change_number(text, source, [], chance)
    assert number is not None
    assert number != text
    assert "12" not in number
    assert change_name(text, source, ["Aceh", "Medan"], chance) == text.replace("Aceh", "Medan")
    assert drop_negative(text, source, [], chance) == "The governor of Aceh did come on May 12."
    assert drop_negative(*reversed(PAIRS[2]), [], chance) == "Residents of Solo went home with eating."
    damaged = change_serious("Two men were arrested.", "Dua pria ditangkap.", [], chance)
    assert damaged is not None
    assert "arrested" not in damaged
    assert check_translation("Dua pria ditangkap.", damaged)
    assert change_serious("It rains.", "Hujan.", [], chance) is None
    assert add_sentence(text, source, ["It rains."], chance) == f"{text} It rains."
    assert drop_sentence(PAIRS[1][1], PAIRS[1][0], [], chance) in PAIRS[1][1].replace(". ", ".| ").split("| ")


def test_nothing_to_damage() -> None:
    chance = random.Random(1)
    assert change_number("It rains.", "Hujan.", [], chance) is None
    assert change_number("9", "1 2 3 4 5 6 7 8 9", [], chance) is None
    assert change_number("55", " ".join(map(str, range(11, 100))), [], chance) is None
    assert change_name("It rains in Solo.", "Hujan.", ["Solo"], chance) is None
    assert drop_negative("It is not raining.", "Hujan.", [], chance) is None
    assert drop_negative("It rains.", "Tidak hujan.", [], chance) is None
    assert add_sentence("It rains.", "Hujan.", [], chance) is None
    assert drop_sentence("It rains.", "Hujan.", [], chance) is None


def test_rates_of_translations(data: Path) -> None:
    rates = {str(rate["what"]): rate for rate in run("--data", str(data))}
    assert list(rates) == ["clean", "number", "name", "negation", "serious", "added", "dropped"]
    assert (rates["clean"]["items"], rates["clean"]["spoke"]) == (4, 0)
    assert all(rate["spoke"] == rate["items"] for what, rate in rates.items() if what != "clean")
    assert rates["negation"]["items"] == 2
    assert run("--data", str(data)) == run("--data", str(data))


def test_rates_of_summaries(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    rows = [{"id": "1", "text": ARTICLE, "summary": "Kota Girimulya membuka taman seluas 12 hektare."}]
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    rates = {rate["what"]: (rate["items"], rate["spoke"]) for rate in run("--data", str(file))}
    assert rates["clean"] == (1, 0)
    assert rates["number"] == (1, 1)


def test_table_and_errors(data: Path) -> None:
    result = CliRunner().invoke(main, ["checker", "--data", str(data)])
    assert "kecil" in result.output
    assert "precision 100.0 %  recall 100.0 %" in result.output
    data.with_suffix(".en").unlink()
    result = CliRunner().invoke(main, ["checker", "--data", str(data)])
    assert result.exit_code == 1
    assert "needs its translation" in result.output


def test_what_cannot_be_damaged_has_no_share(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps({"id": "1", "text": "Hujan turun.", "summary": "Hujan turun."}), encoding="utf-8")
    rates = {rate["what"]: rate for rate in run("--data", str(file))}
    assert (rates["number"]["items"], rates["number"]["share"], rates["number"]["low"]) == (0, None, None)
    text = CliRunner().invoke(main, ["checker", "--data", str(file)]).output
    assert re.search(r"number +0 items$", text, re.MULTILINE)
    assert "nan" not in text.lower()


def test_interval() -> None:
    low, high = Rate("a", "clean", 100, 2).interval()
    assert (round(low, 1), round(high, 1)) == (0.6, 7.0)
    assert Rate("a", "clean", 0, 0).share != Rate("a", "clean", 0, 0).share
