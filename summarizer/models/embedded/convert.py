"""Turn the GGUF file into a checkpoint that is loaded in half a second.

The weights are dequantised, the adapter is merged into them, the vocabulary is cut (see `vocabulary`), and the result
is written as a ``Gemma3ForCausalLM`` folder: ``config.json``, ``model.safetensors``, ``tokenizer.json``. Beside it,
``int8.onnx`` and ``int8.onnx.data`` are the graph of the same weights in 8 bits, which `network` runs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.errors import ModelError
from summarizer.models.embedded import gguf_source, vocabulary
from summarizer.models.embedded.graph import build, probe
from summarizer.models.embedded.network import GRAPH_FILE, PROBE_FILE
from summarizer.models.embedded.weights import join, quantize
from summarizer.storage.cache import build_once, cache_dir, damaged
from summarizer.text.normalise import one_line

if TYPE_CHECKING:
    import torch
    from gguf import GGUFReader

VERSION = 4
"""Raised whenever the same GGUF file is converted to something else; part of the cache folder's name."""

ADAPTER_WEIGHTS = "adapter_model.safetensors"
_LORA_A, _LORA_B = ".lora_A.weight", ".lora_B.weight"

LONGEST = 4096
"""Positions in the graph: more than a prompt, the longest source and the longest target have."""

Progress = Callable[[str], None]
"""Called with the name of each step as it begins."""


def checkpoint_dir(gguf: Path | None = None, adapter: Path | None = None) -> Path:
    """Return the cache folder of the converted checkpoint, whether it exists or not.

    Args:
        gguf: a GGUF file named by the user; None for the packaged weights.
        adapter: folder of the adapter that is merged into the weights; None for none.
    """
    digest = gguf_source.file_sha256(gguf) if gguf else gguf_source.SHA256
    kept = files(__package__).joinpath("vocabulary.txt").read_bytes()
    parts = ["gemma3", digest[:12], hashlib.sha256(kept).hexdigest()[:8]]
    if adapter:
        parts.append(gguf_source.file_sha256(adapter / ADAPTER_WEIGHTS)[:8])
    return cache_dir() / "-".join([*parts, f"v{VERSION}"])


def prepare(gguf: Path | None = None, adapter: Path | None = None, progress: Progress = lambda step: None) -> Path:
    """Return the folder of the converted checkpoint, converting first if that hasn't happened yet.

    Args:
        gguf: a GGUF file of a Gemma 3 text model; None for the packaged weights, found with
            `gguf_source.open_weights`.
        adapter: folder of a LoRA adapter in peft's format, merged into the weights; None for none.
        progress: called as each of the steps begins, of which there are
            `summarizer.models.info.PREPARATION_STEPS`; never called when nothing is to be done.

    Raises:
        ModelError: there are no weights, they are damaged or of another architecture, or the cache can't be
            written.
    """

    def build(folder: Path) -> None:
        progress("checking the weights")
        with gguf_source.open_weights(folder, gguf) as path:
            _convert(path, adapter, folder, progress)

    return build_once(checkpoint_dir(gguf, adapter), build)


def _convert(path: Path, adapter: Path | None, folder: Path, progress: Progress) -> None:
    import torch
    from gguf import GGUFReader
    from safetensors.torch import save_file

    progress("reading the weights")
    try:
        reader = GGUFReader(path)
        architecture = reader.fields["general.architecture"].contents()
    except (ValueError, KeyError, IndexError) as error:
        raise ModelError(f"{path} is not a GGUF file, or it is damaged: {error}") from error
    if architecture != "gemma3":
        raise ModelError(f"{path} holds a {architecture!r} model; the embedded model must be a Gemma 3 text model")
    full = vocabulary.FullVocabulary.read(reader)
    kept = vocabulary.read_kept()
    if len(full.tokens) <= kept[-1]:
        raise ModelError(f"{path} has a vocabulary of {len(full.tokens):,} rows; Gemma 3's has 262,144")

    progress("cutting the vocabulary")
    vocabulary.build_tokenizer(full, kept).save(str(folder / "tokenizer.json"))

    progress("converting the weights")
    try:
        config = _config(reader, len(kept))
        weights = _weights(reader, config["num_hidden_layers"], torch.tensor(kept))
    except (KeyError, NotImplementedError) as error:
        raise ModelError(f"{path} can't be converted: {one_line(str(error))}") from error
    if adapter:
        _merge(weights, adapter)
    weights = {name: value.to(torch.bfloat16).contiguous() for name, value in weights.items()}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps(config, indent=2), encoding="utf-8")
    write_graph(folder, config, join(weights, config["num_hidden_layers"]))


def write_graph(folder: Path, config: Mapping[str, Any], joined: Mapping[str, torch.Tensor]) -> None:
    """Write the graph in 8 bits of a checkpoint (see `read_joined`) into its folder, and the probe."""
    import onnx

    model = build(config, {name: value.numpy() for name, value in quantize(joined).items()}, LONGEST)
    onnx.save(probe(), folder / PROBE_FILE)
    # Weights in a file of their own are mapped into memory, not read.
    onnx.save(model, folder / GRAPH_FILE, save_as_external_data=True, location=f"{GRAPH_FILE}.data")


def read_joined(folder: Path) -> tuple[dict[str, Any], dict[str, torch.Tensor]]:
    """Return the configuration of a checkpoint of transformers, and its weights as `weights.join` names them.

    Raises:
        ModelError: the folder is damaged.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        return config, join(load_file(folder / "model.safetensors"), config["num_hidden_layers"])
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise damaged(folder, error) from error


def float32_graph(folder: Path) -> bytes:
    """Return the graph of a converted checkpoint in float32, to compare with: it takes several times the memory.

    Raises:
        ModelError: the folder is damaged.
    """
    config, joined = read_joined(folder)
    try:
        model = build(config, {name: value.float().numpy() for name, value in joined.items()}, LONGEST)
    except (KeyError, TypeError) as error:
        raise damaged(folder, error) from error
    content: bytes = model.SerializeToString()
    return content


def _config(reader: GGUFReader, rows: int) -> dict[str, Any]:
    def value(name: str) -> Any:
        return reader.fields[f"gemma3.{name}"].contents()

    scaling = reader.fields.get("gemma3.rope.scaling.factor")
    if scaling is not None and scaling.contents() != 1:
        raise ModelError("the GGUF file scales positions, as Gemma 3 does from 4B on: use one of 270M or 1B")
    if value("attention.head_count_kv") != 1:
        raise ModelError("the GGUF file has several key heads, as Gemma 3 does from 4B on: use one of 270M or 1B")
    layers = value("block_count")
    # Every sixth layer of Gemma 3 attends to the whole context, the others to a window:
    # Gemma 3 Technical Report (arXiv:2503.19786), section 2. GGUF leaves this and the local RoPE base unsaid.
    kinds = ["full_attention" if layer % 6 == 5 else "sliding_attention" for layer in range(layers)]
    return {
        "architectures": ["Gemma3ForCausalLM"],
        "model_type": "gemma3_text",
        "vocab_size": rows,
        "hidden_size": value("embedding_length"),
        "intermediate_size": value("feed_forward_length"),
        "num_hidden_layers": layers,
        "num_attention_heads": value("attention.head_count"),
        "num_key_value_heads": value("attention.head_count_kv"),
        "head_dim": value("attention.key_length"),
        "query_pre_attn_scalar": value("attention.key_length"),
        "rms_norm_eps": round(value("attention.layer_norm_rms_epsilon"), 9),
        "hidden_activation": "gelu_pytorch_tanh",
        "max_position_embeddings": value("context_length"),
        "sliding_window": value("attention.sliding_window"),
        "layer_types": kinds,
        "rope_parameters": {
            "full_attention": {"rope_type": "default", "rope_theta": value("rope.freq_base")},
            "sliding_attention": {"rope_type": "default", "rope_theta": 10_000.0},
        },
        "attention_bias": False,
        "attention_dropout": 0.0,
        "tie_word_embeddings": True,
        "pad_token_id": vocabulary.PAD,
        "eos_token_id": vocabulary.EOS,
        "bos_token_id": vocabulary.BOS,
        "dtype": "bfloat16",
    }


def _weights(reader: GGUFReader, layers: int, kept: torch.Tensor) -> dict[str, torch.Tensor]:
    import torch
    from gguf import MODEL_ARCH, dequantize, get_tensor_name_map

    names = get_tensor_name_map(MODEL_ARCH.GEMMA3, layers)
    stored = {tensor.name: tensor for tensor in reader.tensors}
    weights: dict[str, torch.Tensor] = {}
    for name in _parameter_names(layers):
        gguf_name = names.get_name(name, try_suffixes=(".weight",))
        if gguf_name not in stored:
            raise ModelError(f"the GGUF file lacks the tensor {gguf_name or name}: it is damaged or incomplete")
        tensor = stored[gguf_name]
        data = tensor.data
        if name == "model.embed_tokens.weight":
            # Quantisation is by row, so the rows that go need not be dequantised.
            data = data[kept.numpy()]
        value = torch.tensor(dequantize(data, tensor.tensor_type))
        if name.endswith("norm.weight"):
            # llama.cpp stores the factor, transformers' Gemma the difference from one.
            value = value - 1
        weights[name] = value
    return weights


def _merge(weights: dict[str, torch.Tensor], adapter: Path) -> None:
    """Add an adapter's low-rank updates to the weights: W + alpha / r * B A (Hu et al. 2021, arXiv:2106.09685)."""
    from safetensors.torch import load_file

    config = json.loads((adapter / "adapter_config.json").read_text(encoding="utf-8"))
    updates = load_file(adapter / ADAPTER_WEIGHTS)
    for key in updates:
        if not key.endswith(_LORA_A):
            continue
        name = key.removeprefix("base_model.model.").removesuffix(_LORA_A) + ".weight"
        low, high = updates[key].float(), updates[key.removesuffix(_LORA_A) + _LORA_B].float()
        weights[name] += (config["lora_alpha"] / config["r"]) * (high @ low)


def _parameter_names(layers: int) -> list[str]:
    """Names of a Gemma 3 text model's parameters in transformers."""
    inside = [
        *(f"self_attn.{part}" for part in ("q_proj", "k_proj", "v_proj", "o_proj", "q_norm", "k_norm")),
        *(f"mlp.{part}" for part in ("gate_proj", "up_proj", "down_proj")),
        *(f"{part}_layernorm" for part in ("input", "post_attention", "pre_feedforward", "post_feedforward")),
    ]
    blocks = [f"model.layers.{layer}.{part}.weight" for layer in range(layers) for part in inside]
    return ["model.embed_tokens.weight", *blocks, "model.norm.weight"]
