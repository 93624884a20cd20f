"""Adapters as files, and what can be done with them; the model that they are trained in."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from summarizer.models.adapter_files import CONFIG, HEADS, RANKING, SCALE, WEIGHTS, read_adapter
from training import TrainingError
from training.gemma import Gemma, shapes
from training.loop import LAST


def best_dtype(device: str = "cpu") -> torch.dtype:
    """Return bfloat16 for a GPU, or if this processor multiplies matrices faster in it than in float32, else float32.

    Instructions alone don't tell: with AVX-512's, one processor was three times as fast in bfloat16, another half as
    fast.

    Raises:
        TrainingError: torch can't use the device.
    """
    try:
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError) as error:
        raise TrainingError(f"cannot use the device {device!r}: {error}") from error
    if device != "cpu":
        return torch.bfloat16
    return min((torch.float32, torch.bfloat16), key=_time_products)


def _time_products(dtype: torch.dtype) -> float:
    """Return the seconds of the fastest of some products."""
    left = torch.ones(512, 640, dtype=dtype)
    right = torch.ones(640, 2048, dtype=dtype)
    times = []
    for _ in range(8):  # the first is slower, and other programs slow some
        began = time.perf_counter()
        left @ right
        times.append(time.perf_counter() - began)
    return min(times)


def load(
    checkpoint: Path,
    rank: int,
    seed: int,
    is_compiled: bool,
    dtype: torch.dtype = torch.float32,
    device: str = "cpu",
) -> Gemma:
    """Return the Gemma 3 of a converted checkpoint with a fresh adapter; see `Gemma`.

    Raises:
        TrainingError: the checkpoint can't be loaded, or not to this device.
    """
    try:
        config = json.loads((checkpoint / "config.json").read_text(encoding="utf-8"))
        weights = load_file(checkpoint / "model.safetensors")
        moved = {name: value.to(device, dtype) for name, value in weights.items()}
        return Gemma(config, moved, rank, seed, is_compiled)
    except (OSError, ValueError, KeyError, SafetensorError, RuntimeError, AssertionError) as error:
        raise TrainingError(f"cannot load the model in {checkpoint}: {error}") from error


def find_head(folder: Path, model: Gemma, seed: int) -> tuple[Tensor, Tensor]:
    """Return weights and bias of what tells how much a sentence matters.

    They are those in the folder of the run. For a new one that starts from none, random ones are written there: the
    adapter learns to serve them.

    Raises:
        TrainingError: they are damaged, or the run has lost them.
    """
    path = folder / RANKING
    if not path.is_file():
        if (folder / LAST).is_file():
            raise TrainingError(f"{path} is missing: the run, or the adapter that it starts from, is not whole")
        save_file({"weights": model.draw_head(seed), "bias": torch.zeros(1)}, path)
    try:
        values = load_file(path, device=str(model.embedding.device))
        return values["weights"], values["bias"]
    except (OSError, SafetensorError, KeyError) as error:
        raise TrainingError(f"cannot read {path}: {error}") from error


def copy_head(source: Path, target: Path) -> None:
    """Copy what tells how much sentences matter and which words may be cut, where there are such files."""
    for name in HEADS:
        if (source / name).is_file():
            shutil.copy(source / name, target)


def rank_of(values: Mapping[str, Tensor]) -> int:
    """Return the rank of an adapter, named as in `Gemma.adapter`."""
    a = next(name for name in values if _is_a(name))
    return len(values[a])


def _is_a(name: str) -> bool:
    """Tell whether a matrix is an A, which the vectors are multiplied with first, or else a B."""
    return ".lora_A." in name


def average(states: Sequence[Mapping[str, Tensor]], share: float | None = None) -> dict[str, Tensor]:
    """Return the mean of the parameters of adapters that went on from each other.

    A and B are averaged apart, which is only sound where the adapters lie close together (as in model soups: Wortsman
    et al. 2022, arXiv:2203.05482).

    Args:
        states: adapters, named as in `Gemma.adapter`.
        share: part of the first one in the mean, the others sharing the rest (as in Wortsman et al. 2022,
            arXiv:2109.01903); None for the same of each.

    Raises:
        TrainingError: they are of different shapes.
    """
    others = len(states) - 1
    if share is None or others == 0:
        share = 1 / len(states)
    shares = [share]
    if others:
        shares += [(1 - share) / others] * others
    for state in states:
        if shapes(state) != shapes(states[0]):
            raise TrainingError("adapters of different ranks, or for different models, have no mean")
    mean: dict[str, Tensor] = {}
    for name in states[0]:
        weighted = [part * state[name] for part, state in zip(shares, states, strict=True)]
        mean[name] = torch.stack(weighted).sum(0)
    return mean


def truncate(values: Mapping[str, Tensor], rank: int) -> dict[str, Tensor]:
    """Return the adapter of at most this rank that changes each matrix most nearly alike (Eckart and Young 1936).

    Args:
        values: the adapter, named as in `Gemma.adapter`.
        rank: the highest; one that isn't higher is returned as it is, so that it can still be averaged with others.
    """
    if rank_of(values) <= rank:
        return dict(values)
    truncated: dict[str, Tensor] = {}
    for name in values:
        if not _is_a(name):
            continue
        name_of_b = name.replace(".lora_A.", ".lora_B.")
        a = values[name].float()
        b = values[name_of_b].float()
        # B and A are thin: the singular values of their product are those of the small product of their triangles.
        q_b, r_b = torch.linalg.qr(b)
        q_a, r_a = torch.linalg.qr(a.T)
        left, sizes, right = torch.linalg.svd(r_b @ r_a.T)
        root = sizes[:rank].sqrt()
        truncated[name] = (root[:, None] * (right[:rank] @ q_a.T)).contiguous()
        truncated[name_of_b] = ((q_b @ left[:, :rank]) * root).contiguous()
    return truncated


def widen(values: Mapping[str, Tensor], rank: int, seed: int) -> dict[str, Tensor]:
    """Return an adapter of a higher rank that changes each matrix alike: what it gains in A is drawn, in B it is 0.

    Args:
        values: the adapter, named as in `Gemma.adapter`.
        rank: the new one; an adapter that has it, or a higher one, is returned as it is.
        seed: of what is drawn, as in a fresh adapter.
    """
    missing = rank - rank_of(values)
    if missing <= 0:
        return dict(values)
    generator = torch.Generator().manual_seed(seed)
    widened: dict[str, Tensor] = {}
    for name, value in values.items():
        if _is_a(name):
            bound = value.shape[1] ** -0.5
            drawn = torch.empty(missing, value.shape[1]).uniform_(-bound, bound, generator=generator)
            widened[name] = torch.cat([value, drawn])
        else:
            widened[name] = torch.cat([value, torch.zeros(len(value), missing)], 1)
    return widened


def export(values: Mapping[str, Tensor], folder: Path) -> Path:
    """Write an adapter, named and described as peft does, but in 8 bits.

    Args:
        values: the adapter, named as in `Gemma.adapter`; its alpha is its rank.
        folder: gets ``adapter_model.safetensors`` and ``adapter_config.json``; an adapter that is there is replaced as
            a whole.

    Raises:
        TrainingError: the folder holds something else.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / CONFIG).is_file():
        raise TrainingError(f"{folder} holds no adapter, and would be replaced: name another folder")
    scratch = folder.with_name(folder.name + ".partial")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    save_file(_to_bytes(values), scratch / WEIGHTS, metadata={"format": "pt"})
    # It is written for its owner alone, but goes to others.
    (scratch / WEIGHTS).chmod(0o644)
    rank = rank_of(values)
    # Such as "q_proj" of "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight".
    modules = {name.split(".")[-3] for name in values}
    config = {
        "base_model_name_or_path": "gemma-3-270m",
        "bias": "none",
        "lora_alpha": rank,
        "lora_dropout": 0.0,
        "peft_type": "LORA",
        "prefix_attention": True,
        "r": rank,
        "target_modules": sorted(modules),
        "task_type": "CAUSAL_LM",
    }
    (scratch / CONFIG).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    if folder.exists():
        shutil.rmtree(folder)
    scratch.rename(folder)
    return folder


def _to_bytes(values: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Round matrices to integers from -127 to 127; under a name with ``.scale`` is what to multiply each row with."""
    stored: dict[str, Tensor] = {}
    for name, value in values.items():
        scale = (value.float().abs().amax(1) / 127).clamp(min=1e-12)
        stored[name] = (value.float() / scale[:, None]).round().to(torch.int8).contiguous()
        stored[name + SCALE] = scale
    return stored


def read_exported(folder: Path) -> dict[str, Tensor]:
    """Return an exported adapter in float32, named as in `Gemma.adapter`.

    Raises:
        TrainingError: the folder holds no adapter, or a damaged one.
    """
    try:
        return {name: torch.from_numpy(matrix) for name, matrix in read_adapter(folder).items()}
    except (OSError, SafetensorError, KeyError) as error:
        raise TrainingError(f"cannot read the adapter in {folder}: {error}") from error
