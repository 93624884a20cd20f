import json
import random
import re
from pathlib import Path
from typing import Any

import pytest

from eval import checker
from summarizer.checks import check_translation
from tests.conftest import ARTICLE
from tests.eval.conftest import call, write_rows

PAIRS = [
    ("Gubernur Aceh tidak datang pada 12 Mei.", "The governor of Aceh did not come on May 12."),
    ("Wali kota Medan membangun 35 rumah. Warga senang.", "The mayor of Medan built 35 houses. Residents are happy."),
    ("Warga Solo pulang tanpa makan.", "Residents of Solo went home without eating."),
    ("Harga beras di Bogor naik 7 persen.", "The price of rice in Bogor rose 7 percent."),
    ("Persib mengalahkan Persija.", "Persib beat Persija."),
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for column, suffix in enumerate((".id", ".en")):
        (tmp_path / f"kecil{suffix}").write_text("\n".join(pair[column] for pair in PAIRS), encoding="utf-8")
    return tmp_path / "kecil.id"


def run(data: Path) -> dict[str, dict[str, Any]]:
    lines = call("checker", "--json", "--data", data).output.splitlines()
    return {rate["what"]: rate for rate in map(json.loads, lines)}


def test_rates_of_translations(data: Path) -> None:
    rates = run(data)
    assert list(rates) == [
        "clean",
        "number",
        "name",
        "negation",
        "serious",
        "direction",
        "unit",
        "contest",
        "added",
        "dropped",
    ]
    assert rates["clean"]["items"] == 5
    assert rates["clean"]["spoke"] == 0
    assert all(rate["spoke"] == rate["items"] for what, rate in rates.items() if what != "clean")
    assert [rates[what]["items"] for what in ("direction", "unit", "contest")] == [1, 1, 1]
    assert rates["negation"]["items"] == 2
    assert run(data) == rates
    assert "precision 100.0 %  recall 100.0 %" in call("checker", "--data", data).output
    data.with_suffix(".en").unlink()
    assert "translation" in call("checker", "--data", data, code=1).output


def test_rates_of_summaries_and_what_has_no_share(tmp_path: Path) -> None:
    row = {"text": ARTICLE, "summary": "Kota Girimulya membuka taman seluas 12 hektare."}
    rates = run(write_rows(tmp_path / "a.jsonl", [row]))
    assert [(rates[what]["items"], rates[what]["spoke"]) for what in ("clean", "number")] == [(1, 0), (1, 1)]
    file = write_rows(tmp_path / "b.jsonl", [{"text": "Hujan turun.", "summary": "Hujan turun."}])
    number = run(file)["number"]
    assert number["items"] == 0
    assert number["share"] is None
    assert number["low"] is None
    assert re.search(r"number +0 items$", call("checker", "--data", file).output, re.MULTILINE)
    assert [round(end, 1) for end in checker.Rate("a", "clean", 100, 2).interval()] == [0.6, 7.0]


@pytest.mark.parametrize(
    ("damage", "pair", "others", "expected"),
    [
        (checker.change_name, PAIRS[0], ["Aceh", "Medan"], "The governor of Medan did not come on May 12."),
        (checker.drop_negative, PAIRS[0], [], "The governor of Aceh did come on May 12."),
        (checker.drop_negative, PAIRS[2], [], "Residents of Solo went home with eating."),
        (checker.add_sentence, ("Hujan.", "It rains."), ["It snows."], "It rains. It snows."),
        (checker.drop_sentence, ("Ya. Ya.", "Yes. Yes."), [], "Yes."),
        (checker.change_number, ("Hujan.", "It rains."), [], None),
        (checker.change_number, ("1 2 3 4 5 6 7 8 9", "9"), [], None),
        (checker.change_name, ("Hujan.", "It rains in Solo."), ["Solo"], None),
        (checker.drop_negative, ("Hujan.", "It is not raining."), [], None),
        (checker.drop_negative, ("Tidak hujan.", "It rains."), [], None),
        (checker.change_serious, ("Hujan.", "It rains."), [], None),
        (checker.add_sentence, ("Hujan.", "It rains."), ["It rains."], None),
        (checker.drop_sentence, ("Hujan.", "It rains."), [], None),
    ],
)
def test_each_kind_of_damage_changes_a_text_as_it_says(
    damage: checker.Perturb, pair: tuple[str, str], others: list[str], expected: str | None
) -> None:
    assert damage(pair[1], pair[0], others, random.Random(1)) == expected


@pytest.mark.parametrize(
    ("damage", "pair", "gone"),
    [
        (checker.change_number, PAIRS[0], "12"),
        (checker.change_serious, ("Dua pria ditangkap.", "Two men were arrested."), "arrested"),
    ],
)
def test_what_is_damaged_is_found(damage: checker.Perturb, pair: tuple[str, str], gone: str) -> None:
    damaged = damage(pair[1], pair[0], [], random.Random(1))
    assert damaged
    assert gone not in damaged
    assert check_translation(pair[0], damaged)
