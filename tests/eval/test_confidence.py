import hashlib
import json
import tomllib
from pathlib import Path

import pytest

from eval.confidence import READINGS, choose_threshold, measure, read_readings, reliability
from summarizer.storage.fingerprint import digest_values
from summarizer.storage.store import Store
from summarizer.writing.quality_estimation import load_calibration
from tests.eval.conftest import call, write_rows

SOURCES = {"flores-dev": "Hujan turun lagi di kota {}.", "ringkas-news": "Warga pergi ke pasar {}."}


@pytest.fixture(autouse=True)
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model of which nothing is there but what it thinks."""
    monkeypatch.setattr("eval.confidence.fingerprint", lambda model: model)


def put(store: Path, source: str, translation: str, scores: list[float]) -> None:
    own = {"tokens": [f" {translation[:-1]}", ".", ""], "token_scores": scores, "source_scores": scores}
    with Store(store) as kept:
        kept.put(digest_values(["tiny", source, translation]), own)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Sources, readings of them, and what a model thinks: the worse, the more often with a fault."""
    rows = []
    for name, form in SOURCES.items():
        sources = [form.format(f"nomor {number}") for number in range(20)]
        (tmp_path / f"{name}.id").write_text("\n".join(sources), encoding="utf-8")
        for line, source in enumerate(sources):
            major, digest = line % 3 == 0, hashlib.sha256(source.encode()).hexdigest()[:16]
            reading = "major" if major else "right"
            rows.append({"set": name, "line": line, "source_sha256": digest, "translation": "A.", "reading": reading})
            put(tmp_path / "store", source, "A.", [-2.0 if major else -0.3, -0.1 * (line % 4), -0.1])
    write_rows(tmp_path / "readings.jsonl", rows)
    return tmp_path


def given(folder: Path) -> list[object]:
    own = ["--data", folder, "--readings", folder / "readings.jsonl", "--store", folder / "store"]
    return ["confidence", "--model", "tiny", *own]


def test_it_is_fitted_written_and_measured(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = folder / "quality_estimation.toml"
    shown = call(*given(folder), "--fit", target).output
    assert "fitted on, crossed" in shown
    held = {(one.set, one.line % 2) for one in read_readings(folder / "readings.jsonl", folder) if one.held_out}
    assert held == {("flores-dev", 1), ("ringkas-news", 1)}
    assert "20 sentences" in shown
    assert "AUC 1.000" in shown
    # What is written is read.
    monkeypatch.setattr("summarizer.writing.quality_estimation.files", lambda _: folder)
    load_calibration.cache_clear()
    both = load_calibration("both")
    assert "AUC 1.000" in call(*given(folder)).output
    load_calibration.cache_clear()
    assert tomllib.loads(target.read_text(encoding="utf-8"))["both"]["threshold"] == both.threshold


def test_what_other_systems_wrote_is_measured_and_fitted_apart(folder: Path) -> None:
    rows = []
    for item in range(20):
        source = f"Hujan turun di kota {item}."
        for system in ("good", "bad"):
            major = item % 2 == 0 if system == "bad" else item == 19
            rows.append({"item": item, "source": source, "system": system, "translation": system.title() + "."})
            rows[-1]["class"] = "major" if major else "right"
            put(folder / "store", source, f"{system.title()}.", [-3.0 if major else -0.3, -0.2, -0.1])
    others = write_rows(folder / "others.jsonl", rows)
    arguments = ["confidence", "--others", others, "--model", "tiny", "--store", folder / "store"]
    assert "40 sentences" in call(*arguments).output
    target = folder / "confidence.toml"
    assert "held out, halves" in call(*arguments, "--fit", target).output
    fitted = tomllib.loads(target.read_text(encoding="utf-8"))
    assert fitted["both"]["threshold"] == load_calibration("both").threshold
    assert fitted["others"] != fitted["both"]


def test_it_is_not_fitted_by_half(folder: Path) -> None:
    target = folder / "confidence.toml"
    with Store(folder / "store") as store:
        store.put_all([(key, value | {"source_scores": []}) for key, value in list(store.items())])
    assert "tiny can't tell how likely a source is" in call(*given(folder), "--fit", target, code=1).output
    assert not target.exists()


READING = '{"set": "flores-dev", "line": 0, "source_sha256": "0", "translation": "A.", "reading": "right"}'
OTHER = '{"item": %s, "source": "A", "system": "s", "translation": "B", "class": "right"}'


@pytest.mark.parametrize(
    ("kind", "content", "message"),
    [
        ("readings", "\n{", "line 2 is not JSON"),
        ("readings", '\n{"set": "flores-dev"}', "line 2: no field 'line'"),
        ("readings", READING.replace("0,", '"a",', 1), "line 1: the line is not a number"),
        ("readings", READING, "line 1: not the sentence that was read"),
        ("readings", None, "no such file"),
        ("readings", "", "major"),
        ("others", '{"item": 1}', "no field 'system'"),
        ("others", OTHER % '"a"', "the item is not a number"),
        ("others", OTHER % "Infinity", "the item is not a number"),
        ("others", OTHER % 1, "major"),
        ("others", (OTHER % 1).replace("right", "Major"), "class is 'Major', not one of right, minor, major"),
        ("others", (OTHER % 1).replace('"A"', "5"), "must be text"),
    ],
)
def test_what_was_read_must_be_whole(folder: Path, kind: str, content: str | None, message: str) -> None:
    file = folder / f"{kind}.jsonl"
    file.unlink(missing_ok=True)
    if content is not None:
        file.write_text(content, encoding="utf-8")
    arguments = "confidence", "--data", folder, f"--{kind}", file, "--store", folder / "store"
    assert message in call(*arguments, code=1).output
    call("confidence", code=2)


def test_the_shipped_readings_are_whole() -> None:
    rows = [json.loads(line) for line in READINGS.read_text(encoding="utf-8").splitlines()]
    assert {row["reading"] for row in rows} == {"right", "minor", "major"}


def test_figures_are_those_that_are_worked_out_by_hand() -> None:
    quality = measure([0.9, 0.8, 0.6, 0.1], [False, False, True, True], [False, False, False, True])
    assert quality.items == 4
    assert quality.majors == 2
    assert quality.marked == 1
    assert quality.found == 1
    assert quality.auc == 1
    assert quality.brier == pytest.approx((0.01 + 0.04 + 0.36 + 0.01) / 4)
    assert quality.ece == pytest.approx((0.1 + 0.2 + 0.6 + 0.1) / 4)
    assert reliability([0.9, 0.1, 0.5, 0.7], [False, True, True, False], 2) == [(2, 0.3, 0.0), (2, 0.8, 1.0)]


def test_the_threshold_marks_a_share() -> None:
    assert choose_threshold([0.4, 0.1, 0.3, 0.2, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95], 0.4) == 0.45
    assert choose_threshold([], 0.4) == 0
