"""The model with its adapter: loaded for training, and exported."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor

from summarizer.errors import InputError, ModelError
from summarizer.storage.atomic import open_whole
from summarizer.training.gemma import Gemma

_WEIGHTS, _CONFIG = "adapter_model.safetensors", "adapter_config.json"
_PREFIX = "base_model.model."
_SCALE = ".scale"


def best_dtype() -> torch.dtype:
    """Return bfloat16 if this processor multiplies matrices faster in it than in float32, else float32.

    Instructions alone don't tell: with AVX-512's, one processor was three times as fast in bfloat16, another half as
    fast. So both are tried, with small products first, since without such instructions bfloat16 is hundreds of times
    slower. Small products say no more than that: for a moment, another program can make them several times slower.
    """
    if _products(torch.bfloat16, 64, 0.05) < _products(torch.float32, 64, 0.05) / 10:
        return torch.float32
    slower = _products(torch.bfloat16, 512, 0.5) < _products(torch.float32, 512, 0.5)
    return torch.float32 if slower else torch.bfloat16


def _products(dtype: torch.dtype, size: int, seconds: float) -> float:
    """Return how many products of size x 640 x 4 size a second are done in a type."""
    left, right = torch.ones(size, 640, dtype=dtype), torch.ones(640, 4 * size, dtype=dtype)
    left @ right  # the first product of a shape is slower
    count, began = 0, time.perf_counter()
    while not count or time.perf_counter() - began < seconds:
        left @ right
        count += 1
    return count / (time.perf_counter() - began)


def load(checkpoint: Path, rank: int, seed: int, compiled: bool = False, dtype: torch.dtype = torch.float32) -> Gemma:
    """Return a frozen model with a fresh adapter, which changes nothing yet, on every linear layer.

    Args:
        checkpoint: folder of a converted Gemma 3 checkpoint.
        rank: of the adapter.
        seed: of the adapter's A.
        compiled: compile what lies between the products (needs a C++ compiler).
        dtype: of the products.

    Raises:
        ModelError: the checkpoint can't be loaded.
    """
    try:
        config = json.loads((checkpoint / "config.json").read_text(encoding="utf-8"))
        weights = load_file(checkpoint / "model.safetensors")
        return Gemma(config, {name: value.to(dtype) for name, value in weights.items()}, rank, seed, compiled)
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise ModelError(f"cannot load the model in {checkpoint}: {error}") from error


def load_tokenizer(checkpoint: Path) -> Tokenizer:
    """Return the tokenizer of a converted checkpoint; it adds no control tokens."""
    return Tokenizer.from_file(str(checkpoint / "tokenizer.json"))


def weights(model: Gemma) -> dict[str, Tensor]:
    """Return views of the adapter's A and B of each linear layer, named as peft names them in a file."""
    found: dict[str, Tensor] = {}
    for name, (linear, own, low) in model.parts().items():
        found[f"{_PREFIX}{name}.lora_A.weight"] = linear.a.detach()[low]
        found[f"{_PREFIX}{name}.lora_B.weight"] = linear.b.detach()[own]
    return found


@torch.no_grad()
def restore(model: Gemma, values: Mapping[str, Tensor]) -> None:
    """Set the adapter, named as in `weights`.

    One of lower rank is widened: what is left of the model's A stays, what is left of B becomes zero, so that the
    adapter changes the model as it did before.

    Raises:
        InputError: they are of an adapter of higher rank, or for another model.
    """
    own = weights(model)
    wide = _widened(values, own)
    if wide is None:
        raise InputError("the checkpoint holds an adapter of higher rank or for another model")
    for name, view in own.items():
        view.copy_(wide[name])
    model.merge()


def average(states: Sequence[Mapping[str, Tensor]], share: float | None = None) -> dict[str, Tensor]:
    """Return the mean of the parameters of adapters, of one run or of runs that went on from each other.

    A and B are averaged apart, which is only sound where the adapters lie close together (as in model soups: Wortsman
    et al. 2022, arXiv:2203.05482). One of lower rank than the first is widened as `restore` does.

    Args:
        states: adapters, named as in `weights`.
        share: part of the first one in the mean, the others sharing the rest (as in Wortsman et al. 2022,
            arXiv:2109.01903); None for the same of each.

    Raises:
        InputError: they are of different shapes.
    """
    first = states[0]
    shares = [1 / len(states)] * len(states)
    if share is not None and len(states) > 1:
        shares = [share] + [(1 - share) / (len(states) - 1)] * (len(states) - 1)
    total = {name: torch.zeros_like(value) for name, value in first.items()}
    for state, part in zip(states, shares, strict=True):
        wide = _widened(state, first)
        if wide is None:
            raise InputError("adapters of higher rank than the first, or for different models, have no mean")
        for name, value in wide.items():
            total[name] += part * value
    return total


def truncate(values: Mapping[str, Tensor], rank: int) -> dict[str, Tensor]:
    """Return the adapter of a lower rank that changes each matrix most nearly as another does (Eckart and Young 1936).

    Args:
        values: the adapter, named as in `weights`.
        rank: at most that of the adapter.
    """
    found: dict[str, Tensor] = {}
    for name in (name for name in values if ".lora_A." in name):
        a, b = values[name].float(), values[name.replace(".lora_A.", ".lora_B.")].float()
        # B and A are thin: the singular values of their product are those of the small product of their triangles.
        (q_b, r_b), (q_a, r_a) = torch.linalg.qr(b), torch.linalg.qr(a.T)
        left, sizes, right = torch.linalg.svd(r_b @ r_a.T)
        root = sizes[:rank].sqrt()
        found[name] = (root[:, None] * (right[:rank] @ q_a.T)).contiguous()
        found[name.replace(".lora_A.", ".lora_B.")] = ((q_b @ left[:, :rank]) * root).contiguous()
    return found


def _widened(values: Mapping[str, Tensor], like: Mapping[str, Tensor]) -> dict[str, Tensor] | None:
    """Return an adapter with the rank of another, whose own A it takes where it has none; B is zero there.

    None if it is of higher rank, or for another model.
    """
    if values.keys() != like.keys():
        return None
    wide = {}
    for name, value in values.items():
        fresh = like[name].clone() if ".lora_A." in name else torch.zeros_like(like[name])
        own = fresh[: len(value)] if ".lora_A." in name else fresh[:, : value.shape[1]]
        if own.shape != value.shape:
            return None
        own.copy_(value)
        wide[name] = fresh
    return wide


def write_atomically(path: Path, state: dict[str, Any]) -> None:
    """Save with ``torch.save`` so that the file is either the old or the new one, whole."""
    with open_whole(path) as stream:
        torch.save(state, stream)


def export(values: Mapping[str, Tensor], folder: Path) -> Path:
    """Write an adapter, named and described as peft does, but in 8 bits.

    Args:
        values: the adapter, named as in `weights`; its alpha is its rank.
        folder: gets ``adapter_model.safetensors`` and ``adapter_config.json``; an adapter that is there is replaced as
            a whole. Each matrix is stored as integers from -127 to 127, and under its name with ``.scale`` what the
            integers of each row are multiplied with.

    Raises:
        InputError: the folder holds something else.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / _CONFIG).is_file():
        raise InputError(f"{folder} holds no adapter, and would be replaced: name another folder")
    scratch = folder.with_name(folder.name + ".partial")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    stored: dict[str, Tensor] = {}
    for name, value in values.items():
        scale = (value.float().abs().amax(1) / 127).clamp(min=1e-12)
        stored[name] = (value.float() / scale[:, None]).round().to(torch.int8).contiguous()
        stored[name + _SCALE] = scale
    save_file(stored, scratch / _WEIGHTS, metadata={"format": "pt"})
    # It is written for its owner alone, but goes to others.
    (scratch / _WEIGHTS).chmod(0o644)
    rank = min(value.shape[0] for name, value in values.items() if ".lora_A." in name)
    config = {
        "base_model_name_or_path": "gemma-3-270m",
        "bias": "none",
        "lora_alpha": rank,
        "lora_dropout": 0.0,
        "peft_type": "LORA",
        "prefix_attention": True,
        "r": rank,
        "target_modules": sorted({name.split(".")[-3] for name in values}),
        "task_type": "CAUSAL_LM",
    }
    (scratch / _CONFIG).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    if folder.exists():
        shutil.rmtree(folder)
    scratch.rename(folder)
    return folder


def read_exported(folder: Path) -> dict[str, Tensor]:
    """Return an exported adapter in float32, named as in `weights`.

    Raises:
        InputError: the folder holds no adapter, or a damaged one.
    """
    try:
        stored = load_file(folder / _WEIGHTS)
        return {
            name: value.float() * stored[name + _SCALE][:, None] if value.dtype == torch.int8 else value.float()
            for name, value in stored.items()
            if not name.endswith(_SCALE)
        }
    except (OSError, SafetensorError, KeyError) as error:
        raise InputError(f"cannot read the adapter in {folder}: {error}") from error
