from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest

from summarizer.errors import InputError
from summarizer.models import DEFAULT, load_model
from summarizer.training.articles import Junk
from summarizer.training.mixture import Mixture, collect
from summarizer.training.selftraining import (
    OwnTranslation,
    append_own,
    choose,
    disturb,
    keep,
    read_own,
    translate,
)
from tests.conftest import FakeModel
from tests.training.conftest import PAIRS
from tests.training.test_mixture import RECIPE

NEWS = """KOTA LARAS (Kabar) - Warga desa menanam 1.200 pohon di tepi sungai pada Senin.
Baca juga: Hujan Deras Melanda Kota Laras Sejak Pagi Tadi.
Presiden membuka pameran buku di Jakarta, Senin.
Daftar korban yang lengkap ada di https://kabarlaras.example sejak pagi.
"Kami menanam lagi bulan depan," kata lurah itu. Terlalu pendek.
Kalimat ini tidak punya tanda di akhirnya sama sekali"""


def write_news(data: Path) -> None:
    (data / "news").mkdir()
    rows = [{"title": "Warga Menanam Pohon", "text": NEWS}] * 2
    with gzip.open(data / "news" / "articles.jsonl.gz", "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps(row) + "\n" for row in rows)


def test_whole_sentences_are_chosen_once_but_none_of_a_dev_set(data: Path) -> None:
    write_news(data)
    junk = Junk({"start": r"[A-Z ]+ \(Kabar\) - "})
    chosen = choose(data, junk, 10, seed=1)
    assert sorted(chosen) == [
        '"Kami menanam lagi bulan depan," kata lurah itu.',
        "Warga desa menanam 1.200 pohon di tepi sungai pada Senin.",
    ]
    assert choose(data, junk, 10, seed=1) == chosen
    assert len(choose(data, junk, 1, seed=1)) == 1
    assert choose(data, junk, 0, seed=1) == []


def test_news_that_cannot_be_read_are_a_clear_error(data: Path) -> None:
    write_news(data)
    (data / "news" / "articles.jsonl.gz").write_bytes(b"no gzip")
    with pytest.raises(InputError, match=r"articles\.jsonl\.gz"):
        choose(data, Junk({}), 10, seed=1)


def test_what_both_directions_are_sure_of_is_kept_if_the_checks_find_nothing() -> None:
    good = [OwnTranslation(source, target, -0.3, -0.8) for source, target in PAIRS]
    unsure = OwnTranslation("Rapat ditutup.", "The meeting closed.", -2.0, -0.8)
    one_way = OwnTranslation("Taman dibuka.", "It is opened.", -0.3, -4.0)
    wrong = OwnTranslation("Harga naik 15 persen.", "The price rose by 25 percent.", -0.3, -0.8)
    unfinished = OwnTranslation("Warga senang.", "", -0.3, -0.8)
    kept = keep([*good, unsure, one_way, wrong, unfinished], 0.15)
    assert [(pair.source, pair.target) for pair in kept] == PAIRS
    assert [pair.line for pair in kept] == list(range(len(PAIRS)))
    assert len(keep([*good, unsure, one_way], 0.0)) == len(PAIRS) + 2
    assert keep([], 0.15) == []
    assert keep([unfinished], 0.15) == []


def test_noise_leaves_the_meaning_the_names_and_the_numbers() -> None:
    text = "Wali Kota Ratna Puspita yang akan membuka 12 taman baru untuk warga dan pelajar di Girimulya, 3 Mei 2025."
    assert disturb(text, 0.0, random.Random(1)) == text
    seen = {disturb(text, 0.5, random.Random(seed)) for seed in range(50)}
    assert len(seen) > 40
    names = [word for word in text.split() if not (word.isalpha() and word.islower())]
    for other in seen:
        assert [word for word in other.split() if not (word.isalpha() and word.islower())] == names
        left = {"".join(sorted(word)) for word in other.split()}
        assert {"".join(sorted(word)) for word in ("membuka", "taman", "baru", "warga", "pelajar")} <= left
    assert disturb("", 0.5, random.Random(1)) == ""
    assert disturb("yang di", 1.0, random.Random(1)) == ""


def test_translations_are_kept_in_a_file_that_grows(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    written = [OwnTranslation("Apa “kabar”?", "How are you?", -0.25, -0.5)]
    append_own(path, written)
    append_own(path, written)
    assert list(read_own(path)) == written * 2
    with path.open("a", encoding="utf-8") as stream:
        stream.write('{"source": "Apa"}\n')
    with pytest.raises(InputError, match=r"cannot read the translations in .*own\.jsonl"):
        list(read_own(path))
    with pytest.raises(InputError, match=r"cannot read"):
        list(read_own(tmp_path / "absent.jsonl"))
    with pytest.raises(InputError, match=r"cannot write"):
        append_own(tmp_path, written)


def test_they_are_a_set_of_the_mix_with_noise_on_the_source_alone(data: Path) -> None:
    source = "Warga desa yang menanam pohon di tepi sungai itu sudah pulang sebelum hujan turun pada sore hari."
    target = "The villagers who planted trees on the river bank had gone home before it rained in the afternoon."
    append_own(data / "own.jsonl", [OwnTranslation(source, target, -0.3, -0.8)])
    recipe = RECIPE | {"translation": {"news-self": {"share": 1.0, "lowest": 0.15, "noise": 0.9}}}
    found = collect(data, recipe, own=data / "own.jsonl")
    assert [pair.target for pair in found.pairs["news-self"]] == [target]
    [example] = [one for one in Mixture(found, recipe).draw(seed=1, number=0) if one.is_pair]
    assert example.answer == f" {target}\n"
    assert source not in example.prompt
    back = recipe | {"reverse": {"share": 1.0}}
    [example] = [one for one in Mixture(found, back).draw(seed=1, number=0) if one.is_pair]
    assert (target in example.prompt, example.answer) == (True, f" {source}\n")
    assert collect(data, recipe).pairs["news-self"] == []


def test_the_embedded_model_translates_and_a_model_without_scores_gives_none() -> None:
    sentences = ["Menteri membuka jembatan itu pada Senin.", "Harga beras naik 15 persen."]
    [written] = translate(sentences, load_model(DEFAULT))
    assert [one.source for one in written] == sentences
    assert "bridge" in written[0].text
    assert all(-3 < score < 0 for one in written for score in (one.score, one.source_score))
    assert list(translate([], FakeModel(lambda task, request: ""))) == []
    assert list(translate(sentences, FakeModel(lambda task, request: "text"))) == [[]]
