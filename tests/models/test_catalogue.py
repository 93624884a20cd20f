"""What a name of a model stands for, and looking after those that are here."""

from __future__ import annotations

import errno
import re
import shutil
from dataclasses import fields
from pathlib import Path

import pytest

from summarizer import ModelError, Summarizer
from summarizer.models import (
    BASE,
    DEFAULT,
    ModelInfo,
    Task,
    check_model,
    find_info,
    find_model,
    load_catalogue,
    load_model,
    prepare_model,
    remove_model,
    status,
    verify_model,
)
from summarizer.models.embedded import convert, gguf_source
from summarizer.models.info import Checkpoint, Embedded
from summarizer.models.seq2seq.search import Search
from tests.conftest import ARTICLE, FakeModel
from tests.models.conftest import Build
from tests.models.seq2seq.checkpoints import ENGLISH, INDONESIAN

PRESETS = [info for info in load_catalogue() if isinstance(info.source, Checkpoint)]


pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.mark.parametrize("info", PRESETS, ids=lambda info: info.name)
def test_each_preset_of_the_hub(info: ModelInfo) -> None:
    assert isinstance(info.source, Checkpoint)
    assert info.parameters > 1e7
    assert re.fullmatch(r"[0-9a-f]{40}", info.source.revision)
    assert info.licence_url == f"https://huggingface.co/{info.source.repository}"
    assert info.noncommercial == ("-NC" in info.licence)
    assert info.source.generation.keys() <= {field.name for field in fields(Search)}
    for name in (info.name, info.source.repository):
        for task in Task:
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


@pytest.mark.parametrize(("name", "revision"), [("a/b", "main"), ("a/b@v1.0", "v1.0")])
def test_any_model_of_the_hub_can_be_named(name: str, revision: str) -> None:
    info = find_info(name)
    assert (info.name, info.source) == (name, Checkpoint("a/b", revision))
    assert set(info.tasks) == set(Task)


@pytest.mark.parametrize(
    "name",
    ["tidak-ada", "a/b/c", "../b", "./b", "a/..", "/a/b", "a/b@", "a b/c", "https://x/y", "a/b--c", "-a/b", "a/.b", ""],
)
def test_an_unknown_name_is_one_line(name: str) -> None:
    with pytest.raises(ModelError, match="unknown model") as caught:
        check_model(name, Task.TRANSLATE)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["~nobody-of-that-name/model", "a" * 300, f"{'a' * 300}.gguf"])
def test_a_name_that_the_system_refuses(name: str) -> None:
    with pytest.raises(ModelError, match="can't be read"):
        find_info(name)


def test_a_file_is_another_copy_of_the_base_model(tmp_path: Path) -> None:
    file = tmp_path / "gemma-q8.gguf"
    file.touch()
    info = find_info(str(file))
    assert (info.name, info.source) == ("gemma-q8", Embedded("few_shot", gguf=file))
    with pytest.raises(ModelError, match=r"lain\.gguf"):
        find_info(str(tmp_path / "lain.gguf"))


def test_an_adapter_takes_the_place_of_the_models_own(tmp_path: Path) -> None:
    folder = tmp_path / "baru"
    folder.mkdir()
    for name, expected in ((BASE, "adapter_model.safetensors is missing"), ("opus-mt-id-en", "takes no adapter")):
        with pytest.raises(ModelError, match=expected):
            find_info(name, folder)
    (folder / "adapter_model.safetensors").touch()
    info = find_info(BASE, folder)
    assert (info.name, info.source) == ("baru", Embedded("adapter", folder))


def test_the_wrong_task_names_the_right_option() -> None:
    with pytest.raises(ModelError, match="--translation-model"):
        Summarizer("opus-mt-id-en").check()
    Summarizer("opus-mt-id-en").check(summarize=False)
    Summarizer(translation_model="opus-mt-id-en").check()
    Summarizer(summary_model="mt5-xlsum").check()
    with pytest.raises(ModelError, match="--summary-model"):
        Summarizer("mt5-xlsum").check()
    Summarizer("mt5-xlsum").check("none")


def test_two_models(build: Build, tmp_path: Path) -> None:
    ringkas = Summarizer(
        FakeModel(lambda task, source: INDONESIAN[5]), translation_model=str(build("marian")), force=True
    )
    article = tmp_path / "a.txt"
    article.write_text(f"{ARTICLE} {INDONESIAN[5]}", encoding="utf-8")
    result = ringkas.summarize(article)
    assert (result.abstract, result.translation, result.model) == (INDONESIAN[5], ENGLISH[5], "fake + marian")
    assert ringkas.summarize(article, "none").model == "fake"
    assert re.fullmatch(r"fake \+ marian [0-9a-f]{16} on cpu", ringkas.identity())
    assert ringkas.identity("none") == "fake on cpu"


def test_a_long_article_is_cut_between_sentences(build: Build, tmp_path: Path) -> None:
    page = tmp_path / "a.txt"
    page.write_text(" ".join(INDONESIAN * 5), encoding="utf-8")
    result = Summarizer(summary_model=str(build("pegasus")), force=True).summarize(page, "none")
    assert any("longer than the model can read" in warning for warning in result.warnings)


@pytest.mark.parametrize("threads", [0, -1, 2.5, "x"])
def test_threads_that_there_cannot_be(threads: object) -> None:
    with pytest.raises(ModelError, match="threads"):
        load_model(DEFAULT, threads=threads)  # type: ignore[arg-type]


@pytest.mark.parametrize("left", ["nothing", "a module", "a package without its file"])
def test_a_model_that_pip_did_not_install_is_missing(
    left: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    info = find_info(DEFAULT)
    assert status(info) == "installed"
    name = f"bagian_{left.replace(' ', '_')}"
    if left == "a module":
        (tmp_path / f"{name}.py").touch()
    elif left != "nothing":
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(gguf_source, "_PART_MODULES", (name,))
    assert status(info) == "missing"


def test_a_folder_of_ones_own_has_no_digests_and_is_not_removed(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    for do in (verify_model, remove_model):
        with pytest.raises(ModelError, match="your own folder"):
            do(str(tmp_path / "model"))
    assert (tmp_path / "model").is_dir()


def test_a_model_is_looked_after(monkeypatch: pytest.MonkeyPatch) -> None:
    for do in (verify_model, remove_model):
        with pytest.raises(ModelError, match="ringkas models fetch"):
            do(BASE)
    folder = convert.checkpoint_dir()
    folder.mkdir(parents=True)
    (folder / "int8.onnx").touch()
    assert verify_model(BASE) == ["complete"]

    def refuse(folder: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", refuse)
        with pytest.raises(ModelError, match="permission denied"):
            remove_model(BASE)
    assert remove_model(BASE) == folder
    assert not folder.exists()
    with pytest.raises(ModelError, match="ringkas models fetch"):
        prepare_model("opus-mt-id-en", offline=True)
