from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from eval.__main__ import main
from eval.checker import (
    Perturb,
    Rate,
    add_sentence,
    change_name,
    change_number,
    change_serious,
    drop_negative,
    drop_sentence,
)
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


@pytest.mark.parametrize(
    ("damage", "pair", "others", "expected"),
    [
        (change_name, PAIRS[0], ["Aceh", "Medan"], "The governor of Medan did not come on May 12."),
        (drop_negative, PAIRS[0], [], "The governor of Aceh did come on May 12."),
        (drop_negative, PAIRS[2], [], "Residents of Solo went home with eating."),
        (add_sentence, ("Hujan.", "It rains."), ["It snows."], "It rains. It snows."),
        (drop_sentence, ("Ya. Ya.", "Yes. Yes."), [], "Yes."),
        (change_number, ("Hujan.", "It rains."), [], None),
        (change_number, ("1 2 3 4 5 6 7 8 9", "9"), [], None),
        (change_name, ("Hujan.", "It rains in Solo."), ["Solo"], None),
        (drop_negative, ("Hujan.", "It is not raining."), [], None),
        (drop_negative, ("Tidak hujan.", "It rains."), [], None),
        (change_serious, ("Hujan.", "It rains."), [], None),
        (add_sentence, ("Hujan.", "It rains."), [], None),
        (drop_sentence, ("Hujan.", "It rains."), [], None),
    ],
)
def test_damage(damage: Perturb, pair: tuple[str, str], others: list[str], expected: str | None) -> None:
    assert damage(pair[1], pair[0], others, random.Random(1)) == expected


@pytest.mark.parametrize(
    ("damage", "pair", "gone"),
    [(change_number, PAIRS[0], "12"), (change_serious, ("Dua pria ditangkap.", "Two men were arrested."), "arrested")],
)
def test_what_is_damaged_is_found(damage: Perturb, pair: tuple[str, str], gone: str) -> None:
    damaged = damage(pair[1], pair[0], [], random.Random(1))
    assert damaged
    assert gone not in damaged
    assert check_translation(pair[0], damaged)


def test_the_table_and_what_has_no_share(data: Path, tmp_path: Path) -> None:
    text = CliRunner().invoke(main, ["checker", "--data", str(data)]).output
    assert "precision 100.0 %  recall 100.0 %" in text
    data.with_suffix(".en").unlink()
    result = CliRunner().invoke(main, ["checker", "--data", str(data)])
    assert (result.exit_code, "translation" in result.output) == (1, True)
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps({"id": "1", "text": "Hujan turun.", "summary": "Hujan turun."}), encoding="utf-8")
    rates = {rate["what"]: rate for rate in run("--data", str(file))}
    assert (rates["number"]["items"], rates["number"]["share"], rates["number"]["low"]) == (0, None, None)
    text = CliRunner().invoke(main, ["checker", "--data", str(file)]).output
    assert re.search(r"number +0 items$", text, re.MULTILINE)
    assert [round(end, 1) for end in Rate("a", "clean", 100, 2).interval()] == [0.6, 7.0]
