from __future__ import annotations

import hashlib
import json
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from eval import confidence
from eval.__main__ import main
from eval.confidence import (
    READINGS,
    choose_threshold,
    cross_validate,
    fit,
    measure,
    read_others,
    read_readings,
    reliability,
)
from summarizer.errors import InputError
from summarizer.writing.quality_estimation import Calibration, Evidence, load_calibration

SOURCES = {
    "flores-dev": "Hujan turun lagi di kota {}.",
    "ringkas-news": "Warga pergi ke pasar {}.",
    "ud-pud": "Rumah {}.",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Sources, readings of them, and what a model thinks: the worse, the more often with a fault."""
    rows, kept = [], []
    for name, form in SOURCES.items():
        sources = [form.format(f"nomor {number}") for number in range(20)]
        (tmp_path / f"{name}.id").write_text("\n".join(sources), encoding="utf-8")
        for line, source in enumerate(sources):
            major, digest = line % 3 == 0, hashlib.sha256(source.encode()).hexdigest()[:16]
            reading = "major" if major else "right"
            rows.append({"set": name, "line": line, "source_sha256": digest, "translation": "A.", "reading": reading})
            scores = [-2.0 if major else -0.3, -0.1 * (line % 4), -0.1]
            own = {"tokens": [" A", ".", ""], "token_scores": scores, "source_scores": scores}
            kept.append({"key": f"tiny\t{source}\tA.", **own})
    for file, lines in (("readings.jsonl", rows), ("store.jsonl", kept)):
        (tmp_path / file).write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return tmp_path


def test_it_is_fitted_written_and_measured(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confidence, "load_model", lambda *_, **__: pytest.fail("everything is in the store"))
    target = folder / "confidence.toml"
    given = ["--data", str(folder), "--readings", str(folder / "readings.jsonl"), "--model", "tiny"]
    result = CliRunner().invoke(
        main, ["confidence", *given, "--store", str(folder / "store.jsonl"), "--fit", str(target)]
    )
    assert result.exit_code == 0, result.output
    assert "fitted on, crossed" in result.output
    held = {(one.set, one.line % 2) for one in read_readings(folder / "readings.jsonl", folder) if one.held_out}
    assert held == {("ud-pud", 0), ("ud-pud", 1), ("flores-dev", 1), ("ringkas-news", 1)}
    assert "20 sentences" in result.output
    assert "AUC 1.000" in result.output
    fitted = tomllib.loads(target.read_text(encoding="utf-8"))
    assert set(fitted) == {"both", "forward", "others"}
    assert set(fitted["both"]["features"]) - set(fitted["forward"]["features"]) == {"back", "back_lowest"}


def test_what_other_systems_wrote_is_measured_and_fitted_apart(folder: Path) -> None:
    rows, kept = [], []
    for item in range(20):
        source = f"Hujan turun di kota {item}."
        for system in ("good", "bad"):
            major = item % 2 == 0 if system == "bad" else item == 19
            rows.append({"item": item, "source": source, "system": system, "translation": system.title() + "."})
            rows[-1]["class"] = "major" if major else "right"
            scores = [-3.0 if major else -0.3, -0.2, -0.1]
            own = {"tokens": [f" {system.title()}", ".", ""], "token_scores": scores, "source_scores": scores}
            kept.append({"key": f"tiny\t{source}\t{system.title()}."} | own)
    others, store, target = folder / "others.jsonl", folder / "thoughts.jsonl", folder / "confidence.toml"
    others.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    store.write_text("".join(json.dumps(row) + "\n" for row in kept), encoding="utf-8")
    given = ["confidence", "--others", str(others), "--model", "tiny", "--store", str(store)]
    shown = CliRunner().invoke(main, given)
    assert shown.exit_code == 0, shown.output
    assert "40 sentences" in shown.output
    made = CliRunner().invoke(main, [*given, "--fit", str(target)])
    assert made.exit_code == 0, made.output
    assert made.output.count("held out") == 2
    fitted = tomllib.loads(target.read_text(encoding="utf-8"))
    assert fitted["both"]["threshold"] == load_calibration("both").threshold
    assert fitted["others"] != fitted["both"]


def test_readings_of_others_that_are_damaged_are_named(folder: Path) -> None:
    file = folder / "others.jsonl"
    for content in (
        '{"item": 1}',
        '{"item": "a", "source": "A", "system": "s", "translation": "B", "class": "right"}',
        "",
    ):
        file.write_text(content, encoding="utf-8")
        with pytest.raises(InputError, match=r"others\.jsonl"):
            read_others(file)
    assert CliRunner().invoke(main, ["confidence"]).exit_code == 2


def test_it_is_not_fitted_by_half(folder: Path) -> None:
    store, target = folder / "store.jsonl", folder / "confidence.toml"
    store.write_text(re.sub(r', "source_scores": [^]]*]', "", store.read_text(encoding="utf-8")), encoding="utf-8")
    given = ["--data", str(folder), "--readings", str(folder / "readings.jsonl"), "--model", "tiny"]
    result = CliRunner().invoke(main, ["confidence", *given, "--store", str(store), "--fit", str(target)])
    assert result.exit_code == 1
    assert "tiny can't tell how likely a source is" in result.output
    assert not target.exists()


def test_another_sentence_than_the_one_that_was_read_is_refused(folder: Path) -> None:
    (folder / "ud-pud.id").write_text("Lain.", encoding="utf-8")
    with pytest.raises(InputError, match=r"ud-pud\.id, line 1: not the sentence"):
        read_readings(folder / "readings.jsonl", folder)
    with pytest.raises(InputError, match="no such file"):
        read_readings(folder / "absent.jsonl", folder)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "is not JSON"),
        ('{"set": "ud-pud"}', "no field 'line'"),
        ('{"set": "ud-pud", "line": "a"}', "not a number"),
    ],
)
def test_a_reading_that_is_damaged_is_named(folder: Path, line: str, message: str) -> None:
    (folder / "readings.jsonl").write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match=rf"readings\.jsonl, line 2.* {message}"):
        read_readings(folder / "readings.jsonl", folder)


def test_the_shipped_readings_are_whole() -> None:
    rows = [json.loads(line) for line in READINGS.read_text(encoding="utf-8").splitlines()]
    assert len(rows) > 200
    assert {row["reading"] for row in rows} == {"right", "minor", "major"}


def test_what_is_written_is_what_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"mean": -value / 10, "faults": float(value % 2)} for value in range(20)]
    majors = [value > 12 for value in range(20)]
    made = fit(rows, majors, 0.4)
    assert made.confidence(rows[0]) > 0.5 > made.confidence(rows[19])
    assert sum((value > 0.5) != major for value, major in zip(cross_validate(rows, majors), majors, strict=True)) > 12
    both: dict[Evidence, Calibration] = {"both": made, "forward": replace(made, threshold=0.3)}
    confidence.write_calibrations(both, ["a note"], tmp_path / "quality_estimation.toml")
    monkeypatch.setattr("summarizer.writing.quality_estimation.files", lambda _: tmp_path)
    load_calibration.cache_clear()
    read, other = load_calibration("both"), load_calibration("forward")
    load_calibration.cache_clear()
    assert (read.threshold, other.threshold) == (0.4, 0.3)
    assert [read.confidence(row) for row in rows] == pytest.approx([made.confidence(row) for row in rows], abs=1e-4)


def test_figures_by_hand() -> None:
    quality = measure([0.9, 0.8, 0.6, 0.1], [False, False, True, True], [False, False, False, True])
    assert (quality.items, quality.majors, quality.marked, quality.found) == (4, 2, 1, 1)
    assert quality.auc == 1
    assert quality.brier == pytest.approx((0.01 + 0.04 + 0.36 + 0.01) / 4)
    assert quality.ece == pytest.approx((0.1 + 0.2 + 0.6 + 0.1) / 4)
    assert reliability([0.9, 0.1, 0.5, 0.7], [False, True, True, False], 2) == [(2, 0.3, 0.0), (2, 0.8, 1.0)]


def test_the_threshold_marks_a_share() -> None:
    values = [0.4, 0.1, 0.3, 0.2, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95]
    assert choose_threshold(values, 0.4) == 0.45
    assert choose_threshold([], 0.4) == 0
