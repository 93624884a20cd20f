import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from eval.__main__ import main
from eval.data import Sample
from eval.metrics import Counts, Metric, Output
from eval.significance import Score, score
from eval.systems import System, Writer

ROWS = [
    {
        "id": "banjir",
        "title": "Sungai Laras Meluap",
        "text": "Sungai Laras meluap pada Rabu (12/3) malam. Sebanyak 2.400 warga Girimulya mengungsi.\n"
        "Bupati Hendra Wirawan meminta warga tetap waspada. Hujan diperkirakan turun lagi pada Kamis.",
        "summary": "Sebanyak 2.400 warga Girimulya mengungsi karena Sungai Laras meluap.",
    },
    {
        "id": "beras",
        "text": "Harga beras naik 7,5 persen di Jakarta. Pedagang mengeluh karena pembeli berkurang. "
        "Pemerintah akan menambah pasokan beras.",
        "summary": "Harga beras di Jakarta naik 7,5 persen sehingga pembeli berkurang.",
    },
    {
        "id": "voli",
        "text": "Tim voli putri Karang Sari menang 3-1 atas Melati. Pertandingan berlangsung di Gedung Wira. "
        "Kapten tim Sinta Ayu mencetak 21 poin.",
        "summary": "Karang Sari mengalahkan Melati 3-1, dengan 21 poin dari Sinta Ayu.",
    },
]


def write_rows(path: Path, rows: Sequence[dict[str, Any]] = ROWS) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def call(*arguments: object) -> Result:
    """Run ``python -m eval``."""
    return CliRunner().invoke(main, list(map(str, arguments)))


def score_of(metric: Metric, counts: Counts, other: Counts | None = None) -> Score:
    """A score that there is."""
    found = score(metric, counts, other)
    assert found is not None
    return found


class SlowModel(System):
    """Writes the first sentence of each item, a little slowly, and puts down what it was asked for in a file."""

    name = "slow"
    is_model = True
    batch = 2

    def __init__(self, log: Path, version: int = 1, seconds: float = 0.0) -> None:
        self._log, self._version, self._seconds = log, version, seconds

    def settings(self) -> dict[str, Any]:
        return {"version": self._version}

    def start(self) -> Writer:
        self._note("start")
        return self._write

    def _write(self, items: Sequence[Sample]) -> list[Output]:
        for item in items:
            time.sleep(self._seconds)
            self._note(item.id)
        return [Output(f"{item.text.split('.')[0]}.", 5, ("slow",), ("lead",)) for item in items]

    def _note(self, text: str) -> None:
        with self._log.open("a", encoding="utf-8") as file:
            file.write(f"{text}\n")
