from __future__ import annotations

import json
from pathlib import Path

import pytest

from summarizer.errors import InputError
from summarizer.training import curve


def step(number: int, tokens: int, before: int = 0, speed: float = 100.0, loss: float = 2.0) -> dict[str, float]:
    return {"step": number, "tokens": tokens, "total": before + tokens, "loss": loss, "speed": speed}


def log(folder: Path, *rows: dict[str, float]) -> Path:
    folder.mkdir()
    (folder / "log.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return folder


@pytest.fixture
def runs(tmp_path: Path) -> list[Path]:
    one = log(
        tmp_path / "one",
        {"step": 0, "tokens": 0, "total": 5000, "dev own": 1.9},
        step(1, 1000, 5000),
        step(2, 2000, 5000, loss=9.0),
        # A restart from the first step.
        step(2, 2000, 5000, speed=50.0, loss=1.0),
        {"step": 2, "tokens": 2000, "total": 7000, "dev own": 1.5, "dev other": 3.0},
    )
    return [one, log(tmp_path / "two", step(1, 1000, 7000, loss=1.25))]


def test_points_go_through_all_runs(runs: list[Path]) -> None:
    start, middle, end = curve.points(runs)
    assert (start.tokens, start.hours, start.loss, start.dev) == (5000, 0.0, None, {"own": 1.9})
    assert (middle.tokens, middle.loss, middle.dev) == (7000, 1.5, {"own": 1.5, "other": 3.0})
    assert middle.hours == pytest.approx(30 / 3600)
    assert middle.speed == pytest.approx(2000 / 30)
    assert (end.tokens, end.loss, end.dev) == (8000, 1.25, {})
    assert end.speed == pytest.approx(100)


def test_the_table_and_the_plot_tell_them(runs: list[Path], tmp_path: Path) -> None:
    found = curve.points(runs)
    text = curve.table(found, ["own"])
    assert "| 7,000 | 0.0 | 67 | 1.500 | 1.500 |" in text
    assert "| 8,000 | 0.0 | 100 | 1.250 |  |" in text
    curve.plot(found, ["own", "absent"], tmp_path / "curve.svg")
    assert "<svg" in (tmp_path / "curve.svg").read_text(encoding="utf-8")


def test_a_damaged_log_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read the log"):
        curve.points([tmp_path])
    (tmp_path / "log.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(InputError, match="cannot read the log"):
        curve.points([tmp_path])
