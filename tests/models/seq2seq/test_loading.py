"""What a user's folder may hold, good and bad."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForSeq2SeqLM

from summarizer.errors import ModelError
from summarizer.models.base import Task
from summarizer.models.catalogue import check_model, find_model, load_model, prepare_model
from summarizer.models.seq2seq.checkpoint import choose_files, fingerprint
from tests.conftest import requests
from tests.models.seq2seq.checkpoints import ENGLISH, INDONESIAN
from tests.models.seq2seq.conftest import Build


@pytest.fixture
def folder(build: Build, tmp_path: Path) -> Path:
    """A copy of a checkpoint, to be changed."""
    return Path(shutil.copytree(build("marian"), tmp_path / "model"))


def translate(folder: Path) -> str:
    return load_model(str(folder)).generate(Task.TRANSLATE, requests([INDONESIAN[5]]))[0].text


def fails(folder: Path) -> str:
    with pytest.raises(ModelError) as caught:
        load_model(str(folder))
    assert "\n" not in str(caught.value)
    return str(caught.value)


class Trap:
    """Unpickled, it leaves a file behind."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return (open, (str(self.file), "w"))


def to_bin(folder: Path) -> None:
    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()


def test_a_pickle_of_weights(folder: Path) -> None:
    to_bin(folder)
    assert translate(folder) == ENGLISH[5]


def test_safetensors_come_first(folder: Path, tmp_path: Path) -> None:
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Trap(tmp_path / "sprung")))
    assert translate(folder) == ENGLISH[5]
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("zipped", [True, False])
def test_a_pickle_runs_no_code(folder: Path, tmp_path: Path, zipped: bool) -> None:
    (folder / "model.safetensors").unlink()
    torch.save({"w": Trap(tmp_path / "sprung")}, folder / "pytorch_model.bin", _use_new_zipfile_serialization=zipped)
    message = fails(folder)
    assert "can't be loaded: its pickle is damaged or holds more than weights" in message
    # PyTorch's own advice is to run it.
    assert "weights_only" not in message
    assert not (tmp_path / "sprung").exists()


def test_code_in_a_checkpoint_is_not_run(folder: Path, tmp_path: Path) -> None:
    (folder / "evil.py").write_text(f"open({str(tmp_path / 'sprung')!r}, 'w')\nclass Evil: pass\n", encoding="utf-8")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config["auto_map"] = dict.fromkeys(("AutoConfig", "AutoModelForSeq2SeqLM", "AutoTokenizer"), "evil.Evil")
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    assert translate(folder) == ENGLISH[5]
    config["model_type"] = "evil"
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    assert "is a 'evil' model: only encoder-decoders can be used (" in fails(folder)
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("safe", [True, False])
def test_sharded_weights(folder: Path, safe: bool) -> None:
    weights = load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    stem, suffix = ("model", "safetensors") if safe else ("pytorch_model", "bin")
    names = sorted(weights)
    places = {}
    for number, part in enumerate((names[: len(names) // 2], names[len(names) // 2 :]), 1):
        file = f"{stem}-{number:05}-of-00002.{suffix}"
        tensors = {name: weights[name] for name in part}
        if safe:
            save_file(tensors, folder / file, metadata={"format": "pt"})
        else:
            torch.save(tensors, folder / file)
        places |= dict.fromkeys(part, file)
    index = folder / f"{stem}.{suffix}.index.json"
    index.write_text(json.dumps({"metadata": {}, "weight_map": places}), encoding="utf-8")
    assert translate(folder) == ENGLISH[5]
    (folder / places[names[-1]]).unlink()
    assert "is incomplete" in fails(folder)
    for damaged in ({"w": "../../elsewhere.bin"}, {"w": 1}, {"w": ["a", "b"]}, [], None):
        index.write_text(json.dumps({"weight_map": damaged}), encoding="utf-8")
        assert "is incomplete" in fails(folder)


def test_truncated_weights(folder: Path) -> None:
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    assert "can't be loaded" in fails(folder)


def test_missing_weights(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    del weights["model.decoder.layers.0.fc1.weight"]
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    message = fails(folder)
    assert "is damaged: 1 weights are missing (model.decoder.layers.0.fc1.weight" in message


@pytest.mark.parametrize(
    ("removed", "expected"),
    [
        ("config.json", "has no config.json"),
        ("model.safetensors", "is incomplete"),
        ("source.spm", "can't be loaded"),
        ("vocab.json", "can't be loaded"),
    ],
)
def test_a_missing_file(folder: Path, removed: str, expected: str) -> None:
    (folder / removed).unlink()
    assert expected in fails(folder)


@pytest.mark.parametrize(
    ("content", "expected"), [("{", "can't be read"), ("[]", "does not hold a JSON object"), ("{}", "None")]
)
def test_a_damaged_configuration(folder: Path, content: str, expected: str) -> None:
    (folder / "config.json").write_text(content, encoding="utf-8")
    assert expected in fails(folder)


def test_a_decoder_alone_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "gpt2"}', encoding="utf-8")
    with pytest.raises(ModelError, match="is a 'gpt2' model"):
        check_model(str(tmp_path), Task.TRANSLATE)
    with pytest.raises(ModelError, match="is a 'gpt2' model"):
        prepare_model(str(tmp_path))


def test_a_wrong_device(build: Build) -> None:
    with pytest.raises(ModelError, match="device 'nosuch' can't be used"):
        load_model(str(build("marian")), device="nosuch")


def test_loading_opens_no_connection(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert translate(build("marian")) == ENGLISH[5]


def test_half_precision_is_computed_in_full(folder: Path) -> None:
    model = AutoModelForSeq2SeqLM.from_pretrained(folder).half()
    model.save_pretrained(folder)
    loaded = load_model(str(folder))
    assert loaded._decoder._model.dtype == torch.float32  # type: ignore[attr-defined]
    assert loaded.generate(Task.TRANSLATE, requests([INDONESIAN[5]]))[0].text == ENGLISH[5]


def test_a_folder_is_known_by_its_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert load_model(".").name == "model"
    assert prepare_model(".") == Path()


@pytest.mark.parametrize(
    "name", ["config.json", "generation_config.json", "vocab.json", "source.spm", "model.safetensors"]
)
def test_the_fingerprint_of_a_folder_changes_with_each_file(folder: Path, name: str) -> None:
    before = fingerprint(folder)
    (folder / "README.md").write_text("new", encoding="utf-8")
    assert fingerprint(folder) == before
    os.utime(folder / name, ns=(1, 1))
    assert fingerprint(folder) != before


@pytest.mark.parametrize("look", [find_model, prepare_model, lambda name: check_model(name, Task.TRANSLATE)])
def test_a_folder_that_holds_no_model_is_not_ready(folder: Path, look: Callable[[str], object]) -> None:
    (folder / "model.safetensors").unlink()
    with pytest.raises(ModelError, match="is incomplete: it needs"):
        look(str(folder))
    (folder / "config.json").unlink()
    with pytest.raises(ModelError, match=r"is not a model: it has no config\.json"):
        look(str(folder))


def test_quickmt_folders(build: Build, tmp_path: Path) -> None:
    """A CTranslate2 model with a sentencepiece model for each language beside it."""
    pytest.importorskip("ctranslate2")
    from summarizer.models.seq2seq.ctranslate2_decoder import convert

    folder = Path(shutil.copytree(convert(build("marian"), "float32"), tmp_path / "quickmt"))
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    (folder / "config.json").write_text(json.dumps(config | {"add_source_eos": True}), encoding="utf-8")
    shutil.copy(build("marian") / "source.spm", folder / "src.spm.model")
    assert "can't be loaded" in fails(folder)
    shutil.copy(build("marian") / "target.spm", folder / "tgt.spm.model")
    model = load_model(str(folder), threads=1)
    written = [generation.text for generation in model.generate(Task.TRANSLATE, requests(list(INDONESIAN)))]
    assert sum(text == reference for text, reference in zip(written, ENGLISH, strict=True)) >= 4
    with pytest.raises(ModelError, match="is made for translation only"):
        check_model(str(folder), Task.SUMMARIZE)
    (folder / "model.bin").write_bytes(b"damaged")
    assert "CTranslate2 can't load" in fails(folder)


@pytest.mark.filterwarnings("error")
def test_a_conversion_is_quiet(build: Build, capfd: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("ctranslate2")
    load_model(str(build("marian")), engine="ctranslate2", threads=1)
    assert capfd.readouterr() == ("", "")


def test_what_ctranslate2_cannot_convert(build: Build) -> None:
    pytest.importorskip("ctranslate2")
    with pytest.raises(
        ModelError, match=r"CTranslate2 can't convert .+ \(.+\): leave out --engine ctranslate2$"
    ) as caught:
        load_model(str(build("indobart")), engine="ctranslate2")
    assert "\n" not in str(caught.value)


def test_without_ctranslate2(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.util

    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "ctranslate2" else real(name))
    with pytest.raises(ModelError, match=r"pip install ctranslate2"):
        load_model(str(build("marian")), engine="ctranslate2")


@pytest.mark.parametrize(
    ("names", "weights"),
    [
        ({"model.safetensors", "pytorch_model.bin", "tf_model.h5", "model.fp16.safetensors"}, {"model.safetensors"}),
        ({"pytorch_model.bin", "flax_model.msgpack", "rust_model.ot", "training_args.bin"}, {"pytorch_model.bin"}),
        (
            {"model.safetensors.index.json", "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"},
            {"model.safetensors.index.json", "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"},
        ),
        (
            {"model.bin", "source_vocabulary.json", "eole-model/model.00.safetensors"},
            {"model.bin", "source_vocabulary.json"},
        ),
        ({"model.safetensors", "model-q4k.gguf", "onnx/model.onnx"}, {"model.safetensors"}),
    ],
)
def test_one_copy_of_the_weights_is_chosen(names: set[str], weights: set[str]) -> None:
    small = {"config.json", "tokenizer.json", "spiece.model", "source.spm", "README.md"}
    assert set(choose_files(names | small | {"LICENSE", "runs/events.out"}, "x")) == weights | small
