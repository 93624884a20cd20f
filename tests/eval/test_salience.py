"""The fit of the ranking of sentences."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from summarizer.writing import salience
from tests.eval.conftest import call, write_rows

pytest.importorskip("sklearn")


def _write(path: Path, count: int) -> Path:
    """Articles whose abstract is always their third sentence, and the one with the headline's words."""
    chance = random.Random(5)
    words = [
        a + b + c for a in ("ka", "su", "mi", "te") for b in ("ra", "lo", "pi", "ne") for c in ("n", "k", "s", "t")
    ]
    rows = []
    for number in range(count):
        sentences = [" ".join(chance.choices(words, k=8)).capitalize() + "." for _ in range(8)]
        summary = f"{sentences[2]} {sentences[5]}"
        rows.append({"id": str(number), "text": " ".join(sentences), "title": sentences[5], "summary": summary})
    return write_rows(path, rows)


def test_what_is_fitted_finds_what_abstracts_are_made_of(tmp_path: Path) -> None:
    data, target = _write(tmp_path / "train.jsonl", 150), tmp_path / "salience.json"
    result = call("salience", data, "--fit", target)
    assert result.exit_code == 0, result.output
    assert result.output.startswith("train.jsonl: 150 articles, AUC 0.9") or "AUC 1.0" in result.output
    assert "best 100.00" in result.output
    table = json.loads(target.read_text(encoding="utf-8"))
    assert table["features"] == list(salience.FEATURES)
    row = json.loads(data.read_text(encoding="utf-8").splitlines()[0])
    sentences = [f"{sentence}." for sentence in row["text"].rstrip(".").split(". ")]
    ranks = [
        sum(_follow(tree, own) for tree in table["trees"]) for own in salience.features_of(sentences, row["title"])
    ]
    assert sorted(sorted(range(8), key=lambda place: -ranks[place])[:2]) == [2, 5]


def _follow(tree: Any, row: list[float]) -> float:
    while isinstance(tree, list):
        tree = tree[2] if row[tree[0]] <= tree[1] else tree[3]
    return float(tree)


@pytest.mark.parametrize(
    ("text", "target", "word"),
    [
        ("", "salience.json", "no"),
        ("{", "salience.json", "line 1"),
        ('{"id": "1", "text": "Satu. Dua.", "summary": "Satu."}\n', "salience.json", "least"),
        (None, "a/b.json", "cannot write"),
    ],
)
def test_files_of_no_use(tmp_path: Path, text: str | None, target: str, word: str) -> None:
    data = tmp_path / "train.jsonl"
    if text is None:
        _write(data, 10)
    else:
        data.write_text(text, encoding="utf-8")
    result = call("salience", data, "--fit", tmp_path / target)
    assert (result.exit_code, result.output.count("Error: ")) == (1, 1)
    assert word in result.output
    assert not (tmp_path / target).exists()
