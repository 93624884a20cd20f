from __future__ import annotations

import logging
import re
import shutil
from pathlib import Path

import pytest

from summarizer import ModelError, Summarizer
from summarizer.models import (
    ModelInfo,
    Task,
    catalogue,
    check_model,
    find_model,
    hub,
    load_catalogue,
    load_model,
    status,
)
from summarizer.models.info import Checkpoint
from summarizer.models.seq2seq.decoding import Search
from summarizer.models.seq2seq.load import load
from tests.conftest import ARTICLE, FakeModel
from tests.models.seq2seq.checkpoints import ENGLISH, INDONESIAN
from tests.models.seq2seq.conftest import Build

PRESETS = [info for info in load_catalogue() if isinstance(info.source, Checkpoint)]
SOURCES = {info.name: info.source for info in PRESETS if isinstance(info.source, Checkpoint)}


def test_the_models_of_the_field_are_there() -> None:
    repositories = {source.repository for source in SOURCES.values()}
    assert repositories >= {
        "Helsinki-NLP/opus-mt-id-en",
        "facebook/nllb-200-distilled-600M",
        "facebook/m2m100_418M",
        "google/madlad400-3b-mt",
        "csebuetnlp/mT5_multilingual_XLSum",
        "LazarusNLP/IndoNanoT5-base-IndoSum",
    }


@pytest.mark.parametrize("info", PRESETS, ids=lambda info: info.name)
def test_each_preset_resolves(info: ModelInfo) -> None:
    source = SOURCES[info.name]
    assert info.tasks
    assert info.parameters > 1e7
    assert re.fullmatch(r"[0-9a-f]{40}", source.revision)
    assert info.licence_url == f"https://huggingface.co/{source.repository}"
    assert info.noncommercial == ("-NC" in info.licence)
    Search(**{"max_new_tokens": 100, **source.generation})  # knows each setting
    for task in Task:
        for name in (info.name, source.repository):
            if task in info.tasks:
                check_model(name, task)
                with pytest.raises(ModelError, match="ringkas models fetch"):
                    check_model(name, task, offline=True)
            else:
                with pytest.raises(ModelError, match="is made for"):
                    check_model(name, task)
    with pytest.raises(ModelError, match=f"run 'ringkas models fetch {info.name}'"):
        find_model(info.name)
    assert status(info) == "missing"


def test_names() -> None:
    assert hub.split_name("a/b") == ("a/b", "")
    assert hub.split_name("a/b@v1.0") == ("a/b", "v1.0")
    for name in ("a", "a/b/c", "../b", "./b", "a/..", "/a/b", "a/b@", "a b/c", "https://x/y", "a/b--c", "-a/b", "a/.b"):
        assert hub.split_name(name) is None


@pytest.mark.parametrize("name", ["tidak-ada", "a/b/c", "../tidak/ada", "./tidak-ada", "../tidak-ada", ""])
def test_an_unknown_name_is_one_line(name: str) -> None:
    with pytest.raises(ModelError, match="unknown model") as caught:
        check_model(name, Task.TRANSLATE)
    assert "\n" not in str(caught.value)


def test_the_wrong_task_names_the_right_option() -> None:
    with pytest.raises(
        ModelError, match="opus-mt-id-en is made for translation only: name it with --translation-model"
    ):
        Summarizer("opus-mt-id-en").check()
    Summarizer("opus-mt-id-en").check(summarize=False)
    Summarizer(translation_model="opus-mt-id-en").check()
    Summarizer(summary_model="mt5-xlsum").check()
    with pytest.raises(ModelError, match="mt5-xlsum is made for abstracts only: name it with --summary-model"):
        Summarizer("mt5-xlsum").check()
    Summarizer("mt5-xlsum").check("none")


def test_a_licence_that_forbids_commerce_is_said(
    build: Build, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    [info] = [info for info in PRESETS if info.name == "nllb-200-distilled-600m"]
    monkeypatch.setattr(catalogue.hub, "find_snapshot", lambda *arguments: build("nllb"))
    ringkas = Summarizer(FakeModel(), translation_model=info.name, force=True)
    with caplog.at_level(logging.WARNING, "summarizer"):
        for _ in range(2):
            assert ringkas.translate(INDONESIAN[5]).text == ENGLISH[5]
    assert [record.getMessage() for record in caplog.records] == [
        "the licence of nllb-200-distilled-600m (CC-BY-NC-4.0) forbids commercial use: "
        "https://huggingface.co/facebook/nllb-200-distilled-600M"
    ]


@pytest.mark.parametrize(
    ("card", "said"),
    [
        ("---\nlanguage: id\nlicense: cc-by-nc-4.0\n---\n", "cc-by-nc-4.0"),
        ("---\nlicense:\n- CC-BY-NC-SA-4.0\n---\n", "CC-BY-NC-SA-4.0"),
        ("---\nlicense: apache-2.0\n---\nlicense: cc-by-nc-4.0\n", ""),
        ("---\nlicense: agpl-3.0-launch\n---\n", ""),
        ("license: cc-by-nc-4.0\n", ""),
        ("", ""),
    ],
)
def test_the_licence_of_any_model_is_that_of_its_card(
    build: Build, tmp_path: Path, caplog: pytest.LogCaptureFixture, card: str, said: str
) -> None:
    folder = Path(shutil.copytree(build("marian"), tmp_path / "model"))
    (folder / "README.md").write_text(card, encoding="utf-8")
    with caplog.at_level(logging.WARNING, "summarizer"):
        load_model(str(folder))
    warnings = [record.getMessage() for record in caplog.records]
    assert warnings == (
        [f"the licence of model ({said}) forbids commercial use: {folder / 'README.md'}"] if said else []
    )


def test_a_preset_s_settings_go_before_the_checkpoint_s(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    [info] = [info for info in PRESETS if info.name == "mt5-xlsum"]
    monkeypatch.setattr(catalogue.hub, "find_snapshot", lambda *arguments: build("mt5"))
    model = load_model(info.name)
    search = model._search(Task.SUMMARIZE, 50)  # type: ignore[attr-defined]
    assert (search.num_beams, search.length_penalty, search.no_repeat_ngram_size) == (4, 0.6, 2)
    assert search.max_new_tokens == 83
    assert model.max_input_tokens(Task.SUMMARIZE) == 511
    with pytest.raises(ModelError, match="not made to translate"):
        model.max_input_tokens(Task.TRANSLATE)


def test_madlad_s_target_language_stands_in_front(build: Build) -> None:
    source = SOURCES["madlad400-3b"]
    assert source.source_token == "<2en>"
    with pytest.raises(ModelError, match="doesn't know '<2en>'"):
        load("madlad400-3b", source, build("t5"))


def test_two_models(build: Build) -> None:
    written: list[str] = []

    def write(task: Task, source: str) -> str:
        assert task is Task.SUMMARIZE
        written.append(source)
        return INDONESIAN[5]

    ringkas = Summarizer(FakeModel(write), translation_model=str(build("marian")), force=True)
    article = Path(build("marian")).parent / "a.txt"
    article.write_text(f"{ARTICLE} {INDONESIAN[5]}", encoding="utf-8")
    result = ringkas.summarize(article)
    assert (result.abstract, result.translation) == (INDONESIAN[5], ENGLISH[5])
    assert result.model == "fake + marian"
    assert ringkas.summarize(article, "none").model == "fake"
    assert re.fullmatch(r"fake \+ marian [0-9a-f]{16} on cpu", ringkas.identity())
    assert ringkas.identity("none") == "fake on cpu"


def test_a_long_article_is_cut_between_sentences(build: Build) -> None:
    ringkas = Summarizer(summary_model=str(build("pegasus")), force=True)
    page = Path(build("pegasus")).parent / "a.txt"
    page.write_text(" ".join(INDONESIAN * 5), encoding="utf-8")
    result = ringkas.summarize(page, "none")
    assert any("the article is longer than the model can read" in warning for warning in result.warnings)
