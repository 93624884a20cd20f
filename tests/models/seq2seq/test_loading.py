"""What a user's folder may hold, good and bad."""

import json
import os
import pickle
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForSeq2SeqLM

from summarizer.errors import ModelError
from summarizer.models import Task
from summarizer.models.catalogue import DECODERS, check_model, find_model, fingerprint, load_model, prepare_model
from summarizer.models.seq2seq.checkpoint import choose_files, input_limit
from summarizer.models.seq2seq.tokens import Tokens
from tests.conftest import RINGKAS, python, requests
from tests.models.conftest import Build
from tests.models.seq2seq.checkpoints import ENGLISH, INDONESIAN

pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.fixture
def folder(build: Build, tmp_path: Path) -> Path:
    """A copy of a checkpoint, to be changed."""
    return Path(shutil.copytree(build("marian"), tmp_path / "model"))


def translate(folder: Path) -> str:
    return load_model(str(folder)).generate(Task.TRANSLATE, requests([INDONESIAN[5]]))[0].text


def fails(folder: Path, **options: str) -> str:
    with pytest.raises(ModelError) as caught:
        load_model(str(folder), **options)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
    return str(caught.value)


class Trap:
    """Unpickled, it leaves a file behind."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return (open, (str(self.file), "w"))


def test_safetensors_come_before_a_pickle_of_weights(folder: Path, tmp_path: Path) -> None:
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Trap(tmp_path / "sprung")))
    assert translate(folder) == ENGLISH[5]
    assert not (tmp_path / "sprung").exists()
    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    assert translate(folder) == ENGLISH[5]


@pytest.mark.parametrize("zipped", [True, False])
def test_a_pickle_runs_no_code(folder: Path, tmp_path: Path, zipped: bool) -> None:
    (folder / "model.safetensors").unlink()
    torch.save({"w": Trap(tmp_path / "sprung")}, folder / "pytorch_model.bin", _use_new_zipfile_serialization=zipped)
    message = fails(folder)
    assert "pickle" in message
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
    assert "'evil'" in fails(folder)
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("safe", [True, False])
def test_weights_in_several_files_are_read(folder: Path, safe: bool) -> None:
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
    assert "incomplete" in fails(folder)
    for damaged in ({"w": "../../elsewhere.bin"}, {"w": 1}, {"w": ["a", "b"]}, [], None):
        index.write_text(json.dumps({"weight_map": damaged}), encoding="utf-8")
        assert "incomplete" in fails(folder)


def test_damaged_weights_are_one_line(folder: Path) -> None:
    weights = folder / "model.safetensors"
    whole = load_file(weights)
    weights.write_bytes(weights.read_bytes()[:-100])
    assert "can't be loaded" in fails(folder)
    del whole["model.decoder.layers.0.fc1.weight"]
    save_file(whole, weights, metadata={"format": "pt"})
    assert "missing" in fails(folder)
    (folder / "source.spm").unlink()
    assert "tokenizer" in fails(folder)


@pytest.mark.parametrize(
    "look", [find_model, prepare_model, load_model, lambda name: check_model(name, Task.TRANSLATE)]
)
def test_a_folder_that_holds_no_model_is_not_ready(folder: Path, look: Callable[[str], object]) -> None:
    (folder / "model.safetensors").unlink()
    with pytest.raises(ModelError, match="incomplete"):
        look(str(folder))
    config = folder / "config.json"
    for content, expected in (
        ("{", "can't be read"),
        ("[" * 99_999, "can't be read"),
        ("[]", "object"),
        ("{}", "None"),
        ('{"model_type": "x"}', "'x'"),
    ):
        config.write_text(content, encoding="utf-8")
        with pytest.raises(ModelError, match=expected):
            look(str(folder))
    config.unlink()
    with pytest.raises(ModelError, match="config"):
        look(str(folder))


@pytest.mark.parametrize("engine", DECODERS)
def test_no_connection_is_opened(engine: str, build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ctranslate2")

    def refuse(*arguments: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    before = dict(os.environ)
    model = load_model(str(build("marian")), engine=engine, offline=True)
    assert model.generate(Task.TRANSLATE, requests([INDONESIAN[5]]))[0].text == ENGLISH[5]
    # Offline is a matter of one call.
    assert {name for name in os.environ if os.environ[name] != before.get(name)} <= {"GOMP_SPINCOUNT"}


def test_half_precision_is_read(folder: Path) -> None:
    AutoModelForSeq2SeqLM.from_pretrained(folder).half().save_pretrained(folder)
    assert translate(folder) == ENGLISH[5]


def test_a_folder_has_a_name_and_a_fingerprint(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert load_model(".").name == "model"
    assert prepare_model(".") == Path()
    seen = [fingerprint(str(folder))]
    for name in ("config.json", "generation_config.json", "vocab.json", "model.safetensors"):
        os.utime(folder / name, ns=(1, 1))
        seen.append(fingerprint(str(folder)))
    assert len(set(seen)) == 5
    (folder / "README.md").write_text("new", encoding="utf-8")
    assert fingerprint(str(folder)) == seen[-1]


def test_a_device_or_engine_that_is_not_there_is_one_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ctranslate2")
    for engine in DECODERS:
        assert "nosuch" in fails(folder, engine=engine, device="nosuch")
    (folder / "model.safetensors").write_bytes(b"damaged")
    assert "can't convert" in fails(folder, engine="ctranslate2")
    monkeypatch.setitem(sys.modules, "ctranslate2", None)
    assert "pip install ctranslate2" in fails(folder, engine="ctranslate2")


SHARDS = ["model.safetensors.index.json", "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]


@pytest.mark.parametrize(
    ("weights", "others"),
    [
        (["model.safetensors"], ["pytorch_model.bin", "tf_model.h5", "model.fp16.safetensors", "onnx/model.onnx"]),
        (["pytorch_model.bin"], ["flax_model.msgpack", "rust_model.ot", "training_args.bin", "model-q4k.gguf"]),
        (SHARDS, ["pytorch_model.bin"]),
        ([], []),
    ],
)
def test_one_copy_of_the_weights_is_chosen(weights: list[str], others: list[str]) -> None:
    small = ["config.json", "tokenizer.json", "spiece.model", "source.spm"]
    chosen = choose_files([*weights, *others, *small, "README.md", "LICENSE", "runs/events.out"])
    assert chosen == (sorted(weights + small) if weights else [])


def change(file: Path, **values: object) -> None:
    """Give fields of a JSON file other values."""
    table = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**table, **values}), encoding="utf-8")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("num_beams", "x"),
        ("num_beams", -1),
        ("num_beams", 10**9),
        ("num_beams", 2.5),
        ("num_beams", True),
        ("length_penalty", float("nan")),
        ("length_penalty", [1]),
        ("no_repeat_ngram_size", 10**30),
        ("repetition_penalty", 0),
        ("forced_bos_token_id", [0]),
        ("max_new_tokens", {}),
        ("bad_words_ids", 5),
        ("bad_words_ids", [["x"]]),
        ("decoder_start_token_id", "x"),
        ("decoder_start_token_id", 10**9),
        ("eos_token_id", 0.5),
        ("eos_token_id", 10**30),
        ("pad_token_id", float("inf")),
    ],
)
def test_a_setting_that_can_not_be_is_found_when_the_model_is_loaded(folder: Path, field: str, value: object) -> None:
    change(folder / "generation_config.json", **{field: value})
    assert len(fails(folder)) < 600


def test_the_value_of_a_setting_is_not_repeated_at_length(folder: Path) -> None:
    change(folder / "generation_config.json", num_beams="x" * 100_000)
    message = fails(folder)
    assert "num_beams" in message
    assert len(message) < 600


@pytest.mark.parametrize("field", ["model_type", "d_model"])
def test_a_field_of_a_configuration_is_not_repeated_at_length(folder: Path, field: str) -> None:
    change(folder / "config.json", **{field: "x" * 100_000})
    assert len(fails(folder)) < 600


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("config.json", "encoder_layers"),
        ("config.json", "decoder_layers"),
        ("tokenizer_config.json", "extra_ids"),
        ("tokenizer_config.json", "num_madeup_words"),
    ],
)
def test_layers_and_tokens_without_end_are_not_built(folder: Path, name: str, field: str) -> None:
    change(folder / name, **{field: 10**9})
    assert f"{field} of more than" in fails(folder)


@pytest.mark.parametrize("name", ["config.json", "generation_config.json", "vocab.json"])
def test_a_file_beside_the_weights_without_end_is_not_read(folder: Path, name: str) -> None:
    with open(folder / name, "r+b") as file:
        file.truncate(2**40)
    message = fails(folder)
    assert name in message
    assert "larger than" in message


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_no_numbers_are_refused(folder: Path, value: float) -> None:
    weights = load_file(folder / "model.safetensors")
    weights["model.encoder.layers.0.fc1.weight"][3, 5] = value
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    assert "no numbers" in fails(folder)


def test_a_tokenizer_that_leaves_out_the_text_is_refused(build: Build, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(build("bart"), tmp_path / "model"))
    end = {"SpecialToken": {"id": "</s>", "type_id": 0}}
    special = {"</s>": {"id": "</s>", "ids": [1], "tokens": ["</s>"]}}
    template = {"type": "TemplateProcessing", "single": [end], "pair": [end], "special_tokens": special}
    change(folder / "tokenizer.json", post_processor=template)
    # Those of other classes get a template from transformers.
    change(folder / "tokenizer_config.json", tokenizer_class="PreTrainedTokenizerFast")
    assert "leaves out the text" in fails(folder)


def test_a_folder_without_a_vocabulary_is_incomplete(build: Build, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(build("bart"), tmp_path / "model"))
    (folder / "tokenizer.json").unlink()
    assert (folder / "tokenizer_config.json").is_file()
    assert "incomplete" in fails(folder)


def test_positions_without_end_are_not_believed() -> None:
    assert input_limit({"n_positions": 10**30}) < 100_000
    assert input_limit({"n_positions": 512, "max_position_embeddings": 10**9}) == 512


@pytest.mark.parametrize(
    ("name", "field", "places"),
    [
        ("marian", "encoder_layers", "model.encoder.layers.0."),
        ("marian", "decoder_layers", "model.decoder.layers.0."),
        ("t5", "num_layers", "encoder.block.0."),
    ],
)
def test_layers_that_a_configuration_leaves_out_are_found(
    name: str, field: str, places: str, build: Build, tmp_path: Path
) -> None:
    """Without them, a model writes something else, and nothing tells so."""
    folder = Path(shutil.copytree(build(name), tmp_path / "model"))
    change(folder / "config.json", **{field: 0})
    assert places in fails(folder)


def test_sizes_that_do_not_fit_are_told_in_our_words(folder: Path) -> None:
    change(folder / "config.json", d_model=64)
    message = fails(folder)
    assert "other sizes than its config.json says" in message
    assert "ignore_mismatched_sizes" not in message


def test_a_name_that_is_unknown_is_told_as_one(folder: Path) -> None:
    change(folder / "config.json", activation_function="nosuch")
    assert "one of its files lacks 'nosuch'" in fails(folder)


def test_positions_that_take_minutes_to_make_are_refused(folder: Path) -> None:
    change(folder / "config.json", max_position_embeddings=1_000_000)
    assert "max_position_embeddings of more than" in fails(folder)


@pytest.mark.parametrize("missing", ["source.spm", "target.spm", "vocab.json"])
def test_a_file_that_a_tokenizer_lacks_is_told_as_missing(missing: str, folder: Path) -> None:
    (folder / missing).unlink()
    assert "one of its files is missing" in fails(folder)


def test_a_tokenizer_of_an_unknown_class_gets_no_advice_to_install_what_is_there(folder: Path) -> None:
    change(folder / "tokenizer_config.json", tokenizer_class="NoSuchTokenizer")
    message = fails(folder)
    assert "tokenizer_class" in message
    assert "install" not in message


def test_a_tokenizer_without_an_end_is_told_as_such(folder: Path) -> None:
    change(folder / "tokenizer_config.json", eos_token=None)
    assert "no token that ends a text" in fails(folder)


def take_tokenizer(folder: Path, other: Path) -> None:
    """Put the tokenizer of another model in the place of a folder's own."""
    kept = ("config.json", "generation_config.json", "model.safetensors")
    for file in list(folder.iterdir()):
        if file.name not in kept:
            file.unlink()
    for file in other.iterdir():
        if file.name not in kept:
            shutil.copy(file, folder / file.name)


def test_a_tokenizer_with_more_tokens_than_the_weights_is_refused(build: Build, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(build("nllb"), tmp_path / "model"))
    take_tokenizer(folder, build("bart"))
    assert "a tokenizer that doesn't belong to it" in fails(folder)


def test_a_token_that_the_tokenizer_does_not_know_is_one_line(folder: Path) -> None:
    with pytest.raises(ModelError, match="a tokenizer that doesn't belong to it"):
        Tokens(folder).decode([10_000])


@pytest.mark.parametrize("token", [-1, 10**9])
def test_a_token_that_the_weights_do_not_know_ends_no_text(token: int, folder: Path) -> None:
    change(folder / "generation_config.json", eos_token_id=token)
    assert f"its settings name a token {token}" in fails(folder)


def test_an_adapter_beside_the_weights_is_refused(folder: Path) -> None:
    """It would change what they write, and the fingerprint doesn't know it."""
    (folder / "adapter_config.json").write_text("{}", encoding="utf-8")
    assert "holds an adapter" in fails(folder)


def test_a_template_without_end_is_not_read(folder: Path) -> None:
    with open(folder / "chat_template.jinja", "wb") as file:
        file.truncate(2**40)
    assert "larger than" in fails(folder)


def test_transformers_says_nothing_of_its_own(folder: Path, tmp_path: Path) -> None:
    change(folder / "config.json", pad_token_id=-3)
    change(folder / "tokenizer_config.json", model_max_length=2)
    text = tmp_path / "teks.txt"
    text.write_text(INDONESIAN[5], encoding="utf-8")
    # A process of its own, as it warns only once of some things.
    result = python("-c", RINGKAS, "translate", text, "--force", "--quiet", "--no-confidence", "--model", folder)
    assert result.stdout == f"{ENGLISH[5]}\n"
    assert result.stderr == ""
