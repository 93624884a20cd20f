"""The fit of the ranking of sentences."""

from pathlib import Path

import pytest
from safetensors.numpy import load_file

from summarizer.models.catalogue import DEFAULT, load_model
from summarizer.models.embedded.model import EmbeddedModel
from tests.eval.conftest import call, write_rows

pytest.importorskip("sklearn")

ASIDES = ["Cuaca di sana cerah.", "Jalan ke sana sempit.", "Pasar buka setiap hari."]


def write_articles(path: Path) -> Path:
    """Articles whose abstract is their second sentence, the only one with news."""
    rows = []
    for place in ("Girimulya", "Karangjati", "Sumberwangi", "Wanasari", "Tirtamaya", "Cibogo"):
        news = f"Jembatan di {place} ambrol diterjang banjir dan dua orang meninggal dunia."
        text = " ".join([ASIDES[0], news, *ASIDES[1:]])
        rows.append({"id": place, "text": text, "title": f"Jembatan di {place} Ambrol", "summary": news})
    return write_rows(path, rows)


def test_what_is_fitted_on_the_models_states_finds_what_abstracts_are_made_of(tmp_path: Path) -> None:
    data, target = write_articles(tmp_path / "train.jsonl"), tmp_path / "ranking.safetensors"
    shown = call("ranking", data, "--fit", target).output
    assert shown.startswith("train.jsonl: 6 articles, AUC 1.000, ROUGE-L chosen ")
    assert "best 100.00" in shown
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
        write_articles(data)
    else:
        data.write_text(text, encoding="utf-8")
    output = call("ranking", data, "--fit", target, "--model", model, code=1).output
    assert (output.count("Error: "), word in output) == (1, True)
    assert not target.exists()
