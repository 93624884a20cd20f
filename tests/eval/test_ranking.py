"""The fit of the ranking of sentences."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from safetensors.numpy import load_file

from eval.__main__ import main
from eval.extracts import find_best
from summarizer.models.catalogue import DEFAULT, load_model
from summarizer.models.embedded.model import EmbeddedModel

pytest.importorskip("sklearn")

SENTENCES = ["Hujan turun di kota.", "Warga pulang cepat.", "Jalan licin sekali.", "Hujan turun di kota besar."]


@pytest.mark.parametrize(
    ("sentences", "references", "limit", "best"),
    [
        (SENTENCES, ["Jalan licin sekali. Hujan turun di kota besar."], None, [2, 3]),
        (SENTENCES, ["Jalan licin sekali. Hujan turun di kota besar."], 1, [3]),
        (SENTENCES, ["Jalan licin sekali."], 0, []),
        (SENTENCES, ["Kucing.", "Warga pulang cepat."], None, [1]),
        # Of two that are worth as much, the first.
        (["Warga pulang.", "Warga pulang."], ["Warga pulang cepat."], 1, [0]),
        (SENTENCES, ["Kucing"], None, []),
        ([], ["Kucing"], None, []),
    ],
)
def test_the_best_extract(sentences: list[str], references: list[str], limit: int | None, best: list[int]) -> None:
    assert find_best(sentences, references, limit) == best


PLACES = ("Girimulya", "Karangjati", "Sumberwangi", "Wanasari", "Tirtamaya", "Cibogo")
ASIDES = ["Cuaca di sana cerah.", "Jalan ke sana sempit.", "Pasar buka setiap hari."]


def _write(path: Path, count: int) -> Path:
    """Articles whose abstract is their second sentence, the only one with news."""
    rows = []
    for place in PLACES[:count]:
        news = f"Jembatan di {place} ambrol diterjang banjir dan dua orang meninggal dunia."
        text = " ".join([ASIDES[0], news, *ASIDES[1:]])
        rows.append({"id": place, "text": text, "title": f"Jembatan di {place} Ambrol", "summary": news})
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def test_what_is_fitted_on_the_models_states_finds_what_abstracts_are_made_of(tmp_path: Path) -> None:
    data, target = _write(tmp_path / "train.jsonl", 6), tmp_path / "ranking.safetensors"
    result = CliRunner().invoke(main, ["ranking", str(data), "--fit", str(target)])
    assert result.exit_code == 0, result.output
    assert result.output.startswith("train.jsonl: 6 articles, AUC 1.000, ROUGE-L chosen ")
    assert "best 100.00" in result.output
    model = load_model(DEFAULT)
    assert isinstance(model, EmbeddedModel)
    [states] = model.read_sentences([("Jembatan Ambrol", [ASIDES[0], "Jembatan di Tegalsari ambrol.", *ASIDES[1:]])])
    fitted = load_file(target)
    assert (states @ fitted["weights"] + fitted["bias"]).argmax() == 1


@pytest.mark.parametrize(
    ("text", "model", "word"),
    [
        ("", DEFAULT, "no"),
        ("{", DEFAULT, "line 1"),
        ('{"id": "1", "text": "Satu. Dua.", "summary": "Satu."}\n', DEFAULT, "least"),
        (None, "no such model", "no such model"),
    ],
)
def test_files_and_models_of_no_use(tmp_path: Path, text: str | None, model: str, word: str) -> None:
    data, target = tmp_path / "train.jsonl", tmp_path / "ranking.safetensors"
    if text is None:
        _write(data, 6)
    else:
        data.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(main, ["ranking", str(data), "--fit", str(target), "--model", model])
    assert (result.exit_code, result.output.count("Error: ")) == (1, 1)
    assert word in result.output
    assert not target.exists()
