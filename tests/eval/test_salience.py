"""The fit of the ranking of sentences."""

import json
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from eval.__main__ import main
from eval.extracts import choose_greedily
from eval.salience import find_best
from summarizer.writing import salience

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
        row = {"id": str(number), "text": " ".join(sentences), "title": sentences[5], "summary": sentences[2]}
        rows.append(json.dumps(row | {"summary": f"{sentences[2]} {sentences[5]}"}))
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_the_sentences_that_say_most_of_a_reference() -> None:
    sentences = ["Hujan turun di kota.", "Warga pulang cepat.", "Jalan licin sekali.", "Hujan turun di kota besar."]
    assert find_best(sentences, "Jalan licin sekali. Hujan turun di kota besar.") == [2, 3]
    assert find_best(sentences, "Warga pulang cepat.") == [1]
    assert find_best(sentences, "Kucing") == []
    assert find_best([], "Kucing") == []


def test_what_is_fitted_is_what_ranks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, target = _write(tmp_path / "train.jsonl", 150), tmp_path / "salience.json"
    result = CliRunner().invoke(main, ["salience", str(data), "--fit", str(target)])
    assert result.exit_code == 0, result.output
    assert result.output.startswith("train.jsonl: 150 articles, AUC 0.9") or "AUC 1.0" in result.output
    assert "best 100.00" in result.output
    table = json.loads(target.read_text(encoding="utf-8"))
    monkeypatch.setattr(salience, "_load", lambda: (table["start"], tuple(map(salience._tree, table["trees"]))))
    row = json.loads(data.read_text(encoding="utf-8").splitlines()[0])
    sentences = [f"{sentence}." for sentence in row["text"].rstrip(".").split(". ")]
    ranks = salience.rank_sentences(sentences, row["title"])
    assert sorted(range(8), key=lambda place: -ranks[place])[:2] in ([2, 5], [5, 2])


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "no"), ("{", "line 1"), ('{"id": "1", "text": "Satu. Dua.", "summary": "Satu."}\n', "are the least")],
)
def test_files_of_no_use(tmp_path: Path, text: str, said: str) -> None:
    data, target = tmp_path / "train.jsonl", tmp_path / "salience.json"
    data.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(main, ["salience", str(data), "--fit", str(target)])
    assert result.exit_code != 0
    assert said in result.output
    assert not target.exists()


def test_a_file_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    data = _write(tmp_path / "train.jsonl", 10)
    result = CliRunner().invoke(main, ["salience", str(data), "--fit", str(tmp_path / "a" / "b.json")])
    assert (result.exit_code, result.output.count("Error: cannot write")) == (1, 1)


def test_the_best_extract_grows_by_the_sentence_that_is_worth_most() -> None:
    asked: list[list[int]] = []

    def worth(places: Sequence[int]) -> float:
        asked.append(list(places))
        return sum((0.0, 1.0, 3.0, 3.0)[place] for place in places) - (4 if {2, 3} <= set(places) else 0)

    assert choose_greedily(4, worth) == [1, 2]
    assert all(places == sorted(places) for places in asked)
    assert choose_greedily(4, worth, most=1) == [2]
    assert choose_greedily(4, worth, most=0) == choose_greedily(0, worth) == []
    assert choose_greedily(3, lambda places: 0.0) == []


def test_the_ranking_that_is_shipped_puts_the_lead_of_news_above_an_aside() -> None:
    lead = "Gubernur Ratna Puspita meresmikan jembatan baru di Girimulya, Senin (3/2)."
    asides = [f"Pedagang nomor {number} menjual buah di tepi jalan." for number in range(12)]
    ranks = salience.rank_sentences([lead, *asides], "Gubernur resmikan jembatan")
    assert ranks[0] == max(ranks)
    assert ranks[0] > 0 > ranks[-1]
    assert salience.rank_sentences([]) == []
