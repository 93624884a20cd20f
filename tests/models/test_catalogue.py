"""What a name of a model stands for, and looking after those that are here."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

import pytest

from summarizer.errors import ModelError
from summarizer.models import Task, catalogue, find_info, remove_model, status, verify_model
from summarizer.models.embedded import convert, gguf_source
from summarizer.models.info import Checkpoint, Embedded


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RINGKAS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_a_file_is_another_copy_of_the_base_model(tmp_path: Path) -> None:
    file = tmp_path / "gemma-q8.gguf"
    file.touch()
    info = find_info(str(file))
    assert (info.name, info.source) == ("gemma-q8", Embedded("few_shot", gguf=file))
    with pytest.raises(ModelError, match=r"there is no model file .*lain\.gguf"):
        find_info(str(tmp_path / "lain.gguf"))


@pytest.mark.parametrize("name", ["~nobody-of-that-name/model", "a" * 300, f"{'a' * 300}.gguf"])
def test_a_name_that_the_system_refuses(name: str) -> None:
    with pytest.raises(ModelError, match="can't be read: "):
        find_info(name)


@pytest.mark.parametrize(("name", "revision"), [("a/b", "main"), ("a/b@v1.0", "v1.0")])
def test_any_model_of_the_hub_can_be_named(name: str, revision: str) -> None:
    info = find_info(name)
    assert (info.name, info.source) == (name, Checkpoint("a/b", revision))
    assert set(info.tasks) == set(Task)
    assert status(info) == "missing"


def test_an_adapter_takes_the_place_of_the_models_own(tmp_path: Path) -> None:
    (tmp_path / "baru").mkdir()
    (tmp_path / "baru" / "adapter_model.safetensors").touch()
    info = find_info(catalogue.BASE, tmp_path / "baru")
    assert (info.name, info.source) == ("baru", Embedded("adapter", tmp_path / "baru"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (catalogue.BASE, "holds no exported adapter: adapter_model.safetensors is missing"),
        ("opus-mt-id-en", "opus-mt-id-en takes no adapter: adapters are for gemma-3-270m"),
    ],
)
def test_an_adapter_that_is_none_or_not_wanted(name: str, expected: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=expected):
        find_info(name, tmp_path)


@pytest.mark.parametrize("left", ["nothing", "a module", "a package without its file"])
def test_a_model_that_pip_did_not_install_is_missing(
    left: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    info = find_info(catalogue.DEFAULT)
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
    with pytest.raises(ModelError, match="is your own folder: no digests were recorded to compare it with"):
        verify_model(str(tmp_path / "model"))
    with pytest.raises(ModelError, match="is your own folder: delete it yourself"):
        remove_model(str(tmp_path / "model"))
    assert (tmp_path / "model").is_dir()


def test_what_is_not_here_is_neither_checked_nor_removed() -> None:
    for do in (verify_model, remove_model):
        with pytest.raises(ModelError, match=r"is not ready on this machine: run 'ringkas models fetch"):
            do(catalogue.DEFAULT)


def test_a_damaged_model_can_be_removed() -> None:
    folder = convert.checkpoint_dir()
    folder.mkdir(parents=True)
    (folder / "int8.onnx").touch()
    assert verify_model(catalogue.BASE) == ["complete"]
    assert remove_model(catalogue.BASE) == folder
    assert not folder.exists()


def test_a_model_that_cannot_be_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(folder: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    convert.checkpoint_dir().mkdir(parents=True)
    monkeypatch.setattr(shutil, "rmtree", refuse)
    with pytest.raises(ModelError, match=r"gemma-3-270m can't be removed: permission denied"):
        remove_model(catalogue.BASE)
