"""Turn the GGUF file into a checkpoint that is loaded in half a second.

The result is a folder as transformers has it (``config.json``, ``model.safetensors``, ``tokenizer.json``), with the
graph of the same weights in 8 bits, which `runtime` runs. All of it is done with numpy: torch isn't needed.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from summarizer.errors import ModelError
from summarizer.models.adapter_files import CONFIG, CUTTING, HEADS, RANKING, WEIGHTS, read_adapter
from summarizer.models.embedded import cutting, gguf_source, tokenizer
from summarizer.models.embedded.runtime import GRAPH_FILE, PROBE_FILE
from summarizer.storage.cache import build_once, cache_dir, file_sha256
from summarizer.text.normalise import one_line

if TYPE_CHECKING:
    from gguf import GGUFReader

# Raised whenever the same GGUF file is converted to something else; part of the cache folder's name.
_VERSION = 9
# Beside this module: the steps of `build.smooth`, which ``python -m training steps`` finds.
_STEPS_FILE = "steps.safetensors"
# How peft names the two thin matrices of an update.
_LORA_A = ".lora_A.weight"
_LORA_B = ".lora_B.weight"
# Positions in the graph: more than a prompt, the longest source and the longest target have.
_LONGEST = 4096


def checkpoint_dir(adapter: Path | None = None) -> Path:
    """Return the cache folder of a converted checkpoint, whether it exists or not; see `prepare`."""
    package = files(__package__)
    data = package.joinpath("vocabulary.txt").read_bytes() + package.joinpath(_STEPS_FILE).read_bytes()
    parts = ["gemma3", gguf_source.SHA256[:12], hashlib.sha256(data).hexdigest()[:8]]
    if adapter:
        for name in (WEIGHTS, *HEADS):
            file = adapter / name
            if file.is_file():
                parts.append(file_sha256(file)[:8])
    parts.append(f"v{_VERSION}")
    return cache_dir() / "-".join(parts)


def prepare(adapter: Path | None = None, progress: Callable[[str], None] = lambda step: None) -> Path:
    """Return the folder of a converted checkpoint, converting first if it isn't there, or is damaged.

    Args:
        adapter: folder of a LoRA adapter in peft's format, merged into the weights; None for none.
        progress: called with the name of each of the `engine.PREPARATION_STEPS` as it begins.

    Raises:
        ModelError: there are no weights, they or the adapter are damaged, or the cache can't be written.
    """

    def build(folder: Path) -> None:
        progress("checking the weights")
        with gguf_source.open_weights(folder) as path:
            _convert(path, adapter, folder, progress)

    return build_once(checkpoint_dir(adapter), build)


def _convert(path: Path, adapter: Path | None, folder: Path, progress: Callable[[str], None]) -> None:
    """Write the checkpoint of a GGUF file, with an adapter merged if there is one, into a folder.

    Raises:
        ModelError: the adapter is damaged, or not for these weights.
    """
    import ml_dtypes
    from gguf import GGUFReader
    from safetensors.numpy import save_file

    progress("reading the weights")
    reader = GGUFReader(path)
    full = tokenizer.FullVocabulary.read(reader)
    kept = tokenizer.read_kept()

    progress("cutting the vocabulary")
    tokenizer.build_tokenizer(full, kept).save(str(folder / "tokenizer.json"))

    progress("converting the weights")
    config = _config(reader, len(kept))
    weights = _weights(reader, config["num_hidden_layers"], kept)
    if adapter:
        config["prefix_attention"] = _merge(weights, adapter)
        _copy_heads(adapter, folder, config["hidden_size"])
    rounded = {name: value.astype(ml_dtypes.bfloat16) for name, value in weights.items()}
    save_file(rounded, folder / "model.safetensors", {"format": "pt"})
    (folder / "config.json").write_text(json.dumps(config, indent=2), encoding="utf-8")
    write_graph(folder, config, rounded, read_steps())


def read_steps() -> dict[str, NDArray[np.float32]]:
    """Return the steps that vectors are rounded to, for each matrix; see `build.smooth`."""
    from safetensors.numpy import load

    values = load(files(__package__).joinpath(_STEPS_FILE).read_bytes())
    # safetensors gives them in another order each time, and that of products shows in their last digit.
    in_order = sorted(values.items())
    return {name: steps.astype(np.float32) for name, steps in in_order}


def write_graph(
    folder: Path,
    config: Mapping[str, Any],
    weights: Mapping[str, NDArray[Any]],
    steps: Mapping[str, NDArray[Any]] | None,
) -> None:
    """Write the graph of a checkpoint, in transformers' terms, and the probe into its folder.

    Without ``steps``, it is in float32, to compare with: slower, and with several times the memory. A matrix that has
    none among them gets vectors with a scale for each.
    """
    import onnx

    from summarizer.models.embedded import build

    arrays = build.join(weights, config["num_hidden_layers"])
    if steps is not None:
        arrays = build.quantize(arrays, steps)
    model = build.build(config, arrays, _LONGEST)
    onnx.save(build.probe(), folder / PROBE_FILE)
    # Weights in a file of their own are mapped into memory, not read.
    onnx.save(model, folder / GRAPH_FILE, save_as_external_data=True, location=f"{GRAPH_FILE}.data")


def _config(reader: GGUFReader, rows: int) -> dict[str, Any]:
    """Return the configuration of the checkpoint as transformers writes it; ``rows`` is the size of the vocabulary."""

    def value(name: str) -> Any:
        return reader.fields[f"gemma3.{name}"].contents()

    # What isn't said here is the default of transformers.
    layers = value("block_count")
    # Every sixth layer of Gemma 3 attends to the whole context, the others to a window:
    # Gemma 3 Technical Report (arXiv:2503.19786), section 2. GGUF leaves this and the local RoPE base unsaid.
    every_six = ["sliding_attention"] * 5 + ["full_attention"]
    kinds = (every_six * layers)[:layers]
    return {
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
        "max_position_embeddings": value("context_length"),
        "sliding_window": value("attention.sliding_window"),
        "layer_types": kinds,
        "rope_parameters": {
            "full_attention": {"rope_type": "default", "rope_theta": value("rope.freq_base")},
            "sliding_attention": {"rope_type": "default", "rope_theta": 10_000.0},
        },
        "dtype": "bfloat16",
    }


def _weights(reader: GGUFReader, layers: int, kept: list[int]) -> dict[str, NDArray[np.float32]]:
    """Return the weights by their names in transformers; of the vocabulary, the rows that are kept."""
    from gguf import MODEL_ARCH, dequantize, get_tensor_name_map

    from summarizer.models.embedded.build import MATRICES, NORMS

    parts = ["embed_tokens", "norm"]
    parts_of_a_layer = [*chain.from_iterable(MATRICES.values()), *NORMS.values()]
    for layer in range(layers):
        parts += [f"layers.{layer}.{part}" for part in parts_of_a_layer]
    names = get_tensor_name_map(MODEL_ARCH.GEMMA3, layers)
    stored = {tensor.name: tensor for tensor in reader.tensors}
    weights: dict[str, NDArray[np.float32]] = {}
    for part in parts:
        name = f"model.{part}.weight"
        tensor = stored[names.get_name(name, try_suffixes=(".weight",)) or name]
        # Quantisation is by row, so the rows that go need not be dequantised.
        data = tensor.data[kept] if part == "embed_tokens" else tensor.data
        value = dequantize(data, tensor.tensor_type)
        # llama.cpp stores the factor of a normalisation, transformers' Gemma the difference from one.
        weights[name] = value - 1 if part.endswith("norm") else value
    return weights


def _merge(weights: dict[str, NDArray[np.float32]], adapter: Path) -> bool:
    """Add an adapter's low-rank updates to the weights: W + alpha / r * B A (Hu et al. 2021, arXiv:2106.09685).

    Returns whether it was trained with prompts whose tokens see each other.

    Raises:
        ModelError: it is damaged, or not for these weights.
    """
    from safetensors import SafetensorError

    try:
        config: dict[str, Any] = json.loads((adapter / CONFIG).read_text(encoding="utf-8"))
        updates = read_adapter(adapter)
        strength = np.float32(config["lora_alpha"] / config["r"])
        for key, low in updates.items():
            if not key.endswith(_LORA_A):
                continue
            matrix = key.removesuffix(_LORA_A)
            high = updates[matrix + _LORA_B]
            name = matrix.removeprefix("base_model.model.") + ".weight"
            # What the file holds in float32 is mapped into memory, and can't be changed there.
            weights[name] = weights[name] + strength * (high @ low)
            if not np.isfinite(weights[name]).all():
                raise ValueError(f"it makes numbers without end of {name}")
        return bool(config.get("prefix_attention", False))
    # What a damaged file says may be of any type or size: a rank of 0, a list for a table, a number without end.
    except (OSError, ValueError, LookupError, TypeError, ArithmeticError, RecursionError, SafetensorError) as error:
        raise ModelError(f"the adapter in {adapter} can't be merged: {one_line(str(error))}") from error


def _copy_heads(adapter: Path, folder: Path, hidden_size: int) -> None:
    """Copy the heads that an adapter has into the folder of a checkpoint whose states have some size.

    Raises:
        ModelError: one is damaged, or not for such states.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    for name, try_head in ((RANKING, _try_ranking), (CUTTING, _try_cutting)):
        file = adapter / name
        if not file.is_file():
            continue
        try:
            try_head(load_file(file), 2 * hidden_size)
        # What a damaged file holds may lack anything, and be of any type or size.
        except (OSError, ValueError, LookupError, TypeError, ArithmeticError, SafetensorError) as error:
            raise ModelError(f"{file} can't be used: {one_line(str(error))[:300]}") from error
        shutil.copy(file, folder)


def _try_ranking(head: Mapping[str, NDArray[np.float32]], size: int) -> None:
    """Make sure that a head can rank a sentence whose state has some size.

    Raises:
        ValueError: it can't.
        LookupError: it lacks weights.
    """
    weights = head["weights"]
    bias = head["bias"]
    if weights.shape != (size,) or bias.shape != (1,):
        raise ValueError(f"its weights have the shape {weights.shape} in place of ({size},), or it has several biases")
    if not np.isfinite(weights).all() or not np.isfinite(bias).all():
        raise ValueError("some of its weights are no numbers")


def _try_cutting(head: Mapping[str, NDArray[np.float32]], size: int) -> None:
    """Make sure that a head can weigh the words of a sentence, whose states have some size.

    Raises:
        ValueError: it can't.
        LookupError: it lacks weights.
    """
    # Heads of older adapters are passed over.
    if not cutting.has_both_heads(head):
        return
    words = ["Taman", "baru", "dibuka."]
    shown = cutting.describe_words(words, "", [])
    states = np.zeros((len(words), size), np.float32)
    for made in (cutting.weigh_steps(head, states, shown), cutting.foretell_standing(head, states, shown)):
        if np.isnan(made).any():
            raise ValueError("some of its weights are no numbers")
