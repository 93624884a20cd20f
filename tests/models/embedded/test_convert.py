"""From a GGUF file to a checkpoint: a tiny one, its conversion without torch, and what damage is noticed."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gguf import GGUFWriter
from safetensors.numpy import save_file

from summarizer.errors import ModelError
from summarizer.models.embedded import convert, tokenizer
from summarizer.models.embedded.runtime import GRAPH_FILE, Runtime
from summarizer.storage.cache import find_damaged, is_complete

ROOT = Path(__file__).parents[3]
KEPT = [0, 1, 2, *range(4, 30)]
SIZES = {"attn_q": (32, 24), "attn_k": (16, 24), "attn_v": (16, 24), "attn_output": (24, 32)}
SIZES |= {"ffn_gate": (48, 24), "ffn_up": (48, 24), "ffn_down": (24, 48)}
NORMS = {"attn_norm": 24, "post_attention_norm": 24, "ffn_norm": 24, "post_ffw_norm": 24}
NORMS |= {"attn_q_norm": 16, "attn_k_norm": 16}
MATRIX = "model.layers.4.self_attn.q_proj"


def write_gguf(
    file: Path, architecture: str = "gemma3", *, heads: int = 1, scaling: float = 1, rows: int = 30, without: str = ""
) -> Path:
    """Write a Gemma 3 of six small layers in a file as llama.cpp writes it, without one field or tensor."""
    rng = np.random.default_rng(3)
    writer = GGUFWriter(file, architecture)
    writer.add_block_count(6)
    writer.add_embedding_length(24)
    writer.add_feed_forward_length(48)
    if without != "context_length":
        writer.add_context_length(512)
    writer.add_head_count(2)
    writer.add_head_count_kv(heads)
    writer.add_key_length(16)
    writer.add_sliding_window(64)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(1e6)
    writer.add_rope_scaling_factor(scaling)
    if without != "tokens":
        writer.add_token_list(["<pad>", "<eos>", "<bos>", "<unk>", "\n", *(chr(97 + at) for at in range(rows - 5))])
    writer.add_token_scores([0.0] * rows)
    writer.add_token_types([3, 3, 3, 2, 4, *[1] * (rows - 5)])
    tensors = {"token_embd": rng.standard_normal((rows, 24)), "output_norm": np.ones(24)}
    for layer in range(6):
        tensors |= {f"blk.{layer}.{name}": rng.standard_normal(shape) for name, shape in SIZES.items()}
        tensors |= {f"blk.{layer}.{name}": np.full(size, 1.25) for name, size in NORMS.items()}
    for name, tensor in tensors.items():
        if name != without:
            writer.add_tensor(f"{name}.weight", tensor.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return file


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RINGKAS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(tokenizer, "read_kept", lambda: KEPT)


@pytest.fixture
def gguf(tmp_path: Path) -> Path:
    return write_gguf(tmp_path / "tiny.gguf")


def test_the_checkpoint_says_what_transformers_says(gguf: Path) -> None:
    import torch
    from transformers import Gemma3ForCausalLM

    folder = convert.prepare(gguf)
    convert.write_graph(
        folder,
        Gemma3ForCausalLM.from_pretrained(folder).config.to_dict(),
        convert.read_tensors(folder / "model.safetensors"),
        quantized=False,
    )
    prompt = [2, *range(4, 28)]
    reference = Gemma3ForCausalLM.from_pretrained(folder, dtype=torch.float32)
    with torch.inference_mode():
        log_probs = reference(torch.tensor([prompt])).logits[0, -1].log_softmax(-1).numpy()
    _, following = Runtime(folder, [1]).prefill([prompt], top_k=len(KEPT))
    np.testing.assert_allclose(following.log_probs[0], log_probs[following.tokens[0]], atol=1e-3)
    assert convert.read_tensors(folder / "model.safetensors")["model.norm.weight"].tolist() == [0.0] * 24


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"architecture": "llama"}, "holds a 'llama' model; the embedded model must be a Gemma 3 text model"),
        ({"heads": 4}, "has several key heads, as Gemma 3 does from 4B on"),
        ({"scaling": 8}, "scales positions, as Gemma 3 does from 4B on"),
        ({"rows": 29}, "has a vocabulary of 29 rows; Gemma 3's has 262,144"),
        ({"without": "tokens"}, "can't be converted: it has no vocabulary ('tokenizer.ggml.tokens')"),
        ({"without": "context_length"}, "can't be converted: 'gemma3.context_length'"),
        ({"without": "blk.3.attn_k"}, "lacks the tensor blk.3.attn_k.weight: it is damaged or incomplete"),
    ],
)
def test_another_model_is_refused(tmp_path: Path, wrong: dict[str, Any], expected: str) -> None:
    file = write_gguf(tmp_path / "other.gguf", **wrong)
    with pytest.raises(ModelError, match=re.escape(expected)):
        convert.prepare(file)
    assert [path.suffix for path in (tmp_path / "cache").iterdir()] == [".lock"]


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    """A LoRA adapter of rank 2 for one matrix, as peft writes it; the matrix with most rows is in 8 bits."""
    folder = tmp_path / "adapter"
    folder.mkdir()
    (folder / "adapter_config.json").write_text('{"r": 2, "lora_alpha": 6}', encoding="utf-8")
    rng = np.random.default_rng(5)
    name = f"base_model.model.{MATRIX}.lora_"
    save_file(
        {
            f"{name}A.weight": rng.standard_normal((2, 24)).astype(np.float32),
            f"{name}B.weight": rng.integers(-127, 128, (32, 2)).astype(np.int8),
            f"{name}B.weight.scale": rng.random(32).astype(np.float32) / 100,
        },
        folder / convert.ADAPTER_WEIGHTS,
    )
    return folder


def test_an_adapter_is_added_to_the_weights(gguf: Path, adapter: Path) -> None:
    bare, merged = (
        convert.read_tensors(convert.prepare(gguf, with_it) / "model.safetensors") for with_it in (None, adapter)
    )
    low, high = (
        convert.read_tensors(adapter / convert.ADAPTER_WEIGHTS)[f"base_model.model.{MATRIX}.lora_{part}.weight"]
        for part in "AB"
    )
    difference = {name: value - bare[name] for name, value in merged.items() if (value != bare[name]).any()}
    assert list(difference) == [f"{MATRIX}.weight"]
    np.testing.assert_allclose(difference[f"{MATRIX}.weight"], 3 * (high @ low), atol=0.05)


@pytest.mark.parametrize("says", [{}, {"prefix_attention": True}, {"prefix_attention": False}])
def test_a_checkpoint_reads_prompts_as_its_adapter_was_trained_to(
    gguf: Path, adapter: Path, says: dict[str, Any]
) -> None:
    file = adapter / "adapter_config.json"
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | says), encoding="utf-8")
    folder = convert.prepare(gguf, adapter)
    assert Runtime(folder, [1]).reads_both_ways is says.get("prefix_attention", False)
    assert not Runtime(convert.prepare(gguf), [1]).reads_both_ways


@pytest.mark.parametrize("harm", ["absent", "not JSON", "no rank", "cut off", "another model's", "another shape"])
def test_an_adapter_that_does_not_fit_is_named(gguf: Path, adapter: Path, harm: str) -> None:
    config, weights = adapter / "adapter_config.json", adapter / convert.ADAPTER_WEIGHTS
    name = MATRIX.replace("layers.4", "layers.9") if harm == "another model's" else MATRIX
    if harm == "absent":
        config.unlink()
    elif harm == "cut off":
        weights.write_bytes(weights.read_bytes()[:-1])
    elif harm in ("not JSON", "no rank"):
        config.write_text("{" if harm == "not JSON" else "{}", encoding="utf-8")
    else:
        width = 23 if harm == "another shape" else 24
        matrices = {"A": np.ones((2, width), np.float32), "B": np.ones((32, 2), np.float32)}
        save_file({f"base_model.model.{name}.lora_{part}.weight": matrices[part] for part in "AB"}, weights)
    with pytest.raises(ModelError, match=rf"the adapter in {re.escape(str(adapter))} can't be merged: ") as caught:
        convert.prepare(gguf, adapter)
    assert "\n" not in str(caught.value)


def test_nothing_of_it_needs_torch(gguf: Path) -> None:
    script = (
        "import sys\n"
        "sys.modules['torch'] = None\n"  # whoever imports it fails
        "from pathlib import Path\n"
        "from summarizer.models.embedded import convert, tokenizer\n"
        "from summarizer.storage.cache import is_complete\n"
        "tokenizer.read_kept = lambda: [0, 1, 2, *range(4, 30)]\n"
        "assert is_complete(convert.prepare(Path(sys.argv[1])))\n"
    )
    subprocess.run([sys.executable, "-c", script, str(gguf)], cwd=ROOT, check=True)


@pytest.mark.skipif(os.name != "posix", reason="there are no such rights")
def test_a_cache_can_be_shared(gguf: Path) -> None:
    mask = os.umask(0o022)
    try:
        folder = convert.prepare(gguf)
    finally:
        os.umask(mask)
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o644}
    assert folder.stat().st_mode & 0o777 == 0o755


MANIFEST = "complete"
FILES = ["config.json", GRAPH_FILE, f"{GRAPH_FILE}.data", "model.safetensors", "probe.onnx", "tokenizer.json"]


@pytest.mark.parametrize(
    ("name", "harm"),
    [
        *product(FILES, ["absent", "cut off", "a byte flipped"]),
        *product([MANIFEST], ["absent", "cut off", "not JSON"]),
    ],
)
def test_damage_is_said_and_mended(gguf: Path, name: str, harm: str, caplog: pytest.LogCaptureFixture) -> None:
    folder = convert.prepare(gguf)
    assert is_complete(folder)
    before = {name: (folder / name).read_bytes() for name in FILES}
    content = bytearray((folder / name).read_bytes())
    if harm == "absent":
        (folder / name).unlink()
    else:
        content[len(content) // 2] ^= 1
        harmed = {"cut off": content[:-10], "a byte flipped": content, "not JSON": b"\x00"}[harm]
        (folder / name).write_bytes(harmed)
    assert not is_complete(folder)
    assert find_damaged(folder)
    with caplog.at_level(logging.WARNING, "summarizer"):
        assert convert.prepare(gguf) == folder
    assert f"the model in {folder} is damaged" in caplog.text
    assert {name: (folder / name).read_bytes() for name in FILES} == before
    assert find_damaged(folder) == []


def test_a_byte_that_flips_behind_the_time_of_change_is_found(gguf: Path) -> None:
    folder = convert.prepare(gguf)
    assert is_complete(folder)
    file = folder / f"{GRAPH_FILE}.data"
    known, content = file.stat(), bytearray(file.read_bytes())
    content[100] ^= 1
    file.write_bytes(content)
    os.utime(file, ns=(known.st_atime_ns, known.st_mtime_ns))
    assert not is_complete(folder)
    assert find_damaged(folder) == [file.name]


def test_a_copy_is_as_good(gguf: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Its files have other times."""
    folder = convert.prepare(gguf)
    for file in folder.iterdir():
        os.utime(file)
    assert is_complete(folder)
    assert convert.prepare(gguf) == folder
    assert not caplog.text
