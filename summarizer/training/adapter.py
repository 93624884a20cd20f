"""The model with its adapter, and the loss."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor
from transformers import Gemma3ForCausalLM

from summarizer.errors import InputError, ModelError
from summarizer.training.batches import IGNORED

ROWS = 192
"""Positions whose logits are held at a time: 192 x 74,294 in float32 are 57 MB."""


def best_dtype(device: str) -> torch.dtype:
    """Return bfloat16 where it multiplies matrices faster than float32, else float32.

    On processors that means AMX: with AVX-512's instructions alone, bfloat16 products were half as fast as float32's
    (164 against 331 GFLOPS, 2048 x 2048, two cores of a Sapphire Rapids Xeon, torch 2.13).

    Args:
        device: a device of torch, such as ``cpu`` or ``cuda``.
    """
    if device.startswith("cpu"):
        supported = bool(torch.cpu.get_capabilities().get("amx_bf16"))
    else:
        supported = not device.startswith("cuda") or torch.cuda.is_bf16_supported(including_emulation=False)
    return torch.bfloat16 if supported else torch.float32


def load(checkpoint: Path, rank: int, alpha: int, seed: int, compiled: bool = False) -> PeftModel:
    """Return a frozen base model in its `best_dtype` with a fresh adapter in float32 on every linear layer.

    The adapter is low-rank adaptation (Hu et al. 2021, arXiv:2106.09685): its B is zero, so it starts as the base.

    Args:
        checkpoint: folder of a converted Gemma 3 checkpoint.
        rank: of the adapter.
        alpha: the adapter is scaled by alpha / rank.
        seed: of the adapter's A.
        compiled: compile the layers (needs a C++ compiler, takes a minute, gains about 15 % on a CPU).

    Raises:
        ModelError: the checkpoint can't be loaded.
    """
    device = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        base = Gemma3ForCausalLM.from_pretrained(checkpoint, dtype=best_dtype(device), attn_implementation="sdpa")
    except (OSError, ValueError) as error:
        raise ModelError(f"cannot load the model in {checkpoint}: {error}") from error
    torch.manual_seed(seed)
    config = LoraConfig(r=rank, lora_alpha=alpha, target_modules="all-linear", lora_dropout=0.0, task_type="CAUSAL_LM")
    model = get_peft_model(base, config)
    for parameter in model.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.float()
    model.to(device)
    if compiled:
        # Each kind of layer, with and without a mask, with and without a gradient; beyond the limit a layer
        # runs uncompiled.
        torch._dynamo.config.recompile_limit = 64
        for layer in base.model.layers:
            layer.compile(dynamic=True)
    return model


def load_tokenizer(checkpoint: Path) -> Tokenizer:
    """Return the tokenizer of a converted checkpoint; it adds no control tokens."""
    return Tokenizer.from_file(str(checkpoint / "tokenizer.json"))


def trained(model: PeftModel) -> dict[str, Tensor]:
    """Return the adapter's parameters by name."""
    return {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}


@torch.no_grad()
def restore(model: PeftModel, weights: Mapping[str, Tensor]) -> None:
    """Set the adapter's parameters, named as in `trained`.

    Raises:
        InputError: they are of an adapter of another shape.
    """
    own = trained(model)
    if {name: value.shape for name, value in weights.items()} != {name: value.shape for name, value in own.items()}:
        raise InputError("the checkpoint holds an adapter of another rank or for another model")
    for name, value in weights.items():
        own[name].copy_(value)


def average(states: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """Return the mean of the parameters of adapters, of one run or of runs that went on from each other.

    A and B are averaged apart, which is only sound where the adapters lie close together (as in model soups: Wortsman
    et al. 2022, arXiv:2203.05482).

    Raises:
        InputError: they are of different shapes.
    """
    shapes = [{name: value.shape for name, value in state.items()} for state in states]
    if any(other != shapes[0] for other in shapes):
        raise InputError("adapters of different rank, or for different models, have no mean")
    return {name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]}


class _AnswerLoss(torch.autograd.Function):
    """Sum of cross-entropies under a frozen output matrix.

    The vocabulary is large: kept for the backward pass, the logits would take more memory and time than all layers.
    So they are made for `ROWS` positions at a time, and the gradient with respect to the hidden states is
    computed along with the loss (as Liger kernels do: Hsu et al. 2024, arXiv:2410.10989).
    """

    @staticmethod
    def forward(ctx: Any, hidden: Tensor, matrix: Tensor, labels: Tensor) -> Tensor:
        gradient = torch.empty_like(hidden)
        total = torch.zeros((), dtype=torch.float32, device=hidden.device)
        for start in range(0, len(labels), ROWS):
            rows = hidden[start : start + ROWS]
            count = len(rows)
            if count < ROWS:
                # All products have one shape: see `batches`.
                rows = torch.nn.functional.pad(rows, (0, 0, 0, ROWS - count))
            logits = (rows @ matrix.t()).float()
            wanted = torch.nn.functional.pad(labels[start : start + ROWS], (0, ROWS - count))[:, None]
            spread = logits.logsumexp(-1, keepdim=True)
            total += (spread - logits.gather(1, wanted))[:count].sum()
            slope = logits.sub_(spread).exp_()
            slope.scatter_add_(1, wanted, torch.full_like(spread, -1.0))
            gradient[start : start + count] = (slope.to(matrix.dtype) @ matrix)[:count]
        ctx.save_for_backward(gradient)
        return total

    @staticmethod
    def backward(ctx: Any, *outer: Tensor) -> tuple[Tensor, None, None]:
        (gradient,) = ctx.saved_tensors
        return gradient * outer[0].to(gradient.dtype), None, None


def answer_loss(model: PeftModel, ids: Tensor, labels: Tensor) -> tuple[Tensor, int]:
    """Return the summed cross-entropy of the answers in nats, and the number of tokens it is taken over.

    Args:
        model: see `load`.
        ids: int64 of shape (examples, width), padded at the end.
        labels: of the same shape, `batches.IGNORED` where there is no loss.
    """
    base: Any = model.get_base_model()
    matrix: Tensor = base.lm_head.weight
    ids, labels = ids.to(matrix.device), labels.to(matrix.device)
    with torch.autocast(matrix.device.type, dtype=torch.bfloat16, enabled=matrix.dtype == torch.bfloat16):
        hidden: Tensor = base.model(input_ids=ids, use_cache=False).last_hidden_state
    wanted = labels != IGNORED
    loss: Tensor = _AnswerLoss.apply(  # type: ignore[no-untyped-call]
        hidden[wanted].to(matrix.dtype), matrix, labels[wanted]
    )
    return loss, int(wanted.sum())


def write_atomically(path: Path, state: dict[str, Any]) -> None:
    """Save with ``torch.save`` so that the file is either the old or the new one, whole."""
    scratch = path.with_name(path.name + ".partial")
    with scratch.open("wb") as stream:
        torch.save(state, stream)
        stream.flush()
        os.fsync(stream.fileno())
    scratch.replace(path)


def export(model: PeftModel, folder: Path) -> Path:
    """Write the adapter in peft's format, in bfloat16.

    Args:
        model: see `load`.
        folder: gets ``adapter_model.safetensors`` and ``adapter_config.json``; an adapter that is there is replaced as
            a whole.

    Raises:
        InputError: the folder holds something else.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / "adapter_config.json").is_file():
        raise InputError(f"{folder} holds no adapter, and would be replaced: name another folder")
    scratch = folder.with_name(folder.name + ".partial")
    shutil.rmtree(scratch, ignore_errors=True)
    model.save_pretrained(str(scratch))
    weights = load_file(scratch / "adapter_model.safetensors")
    halves = {name: value.to(torch.bfloat16).contiguous() for name, value in weights.items()}
    save_file(halves, scratch / "adapter_model.safetensors", metadata={"format": "pt"})
    config = json.loads((scratch / "adapter_config.json").read_text(encoding="utf-8"))
    # peft notes the folder that the base was loaded from, which means nothing on another machine.
    config["base_model_name_or_path"] = "gemma-3-270m"
    (scratch / "adapter_config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    if folder.exists():
        shutil.rmtree(folder)
    scratch.rename(folder)
    return folder


def read_exported(folder: Path) -> dict[str, Tensor]:
    """Return the parameters of an exported adapter in float32, named as in `trained`.

    Raises:
        InputError: the folder holds no adapter, or a damaged one.
    """
    try:
        weights = load_file(folder / "adapter_model.safetensors")
    except (OSError, SafetensorError) as error:
        raise InputError(f"cannot read the adapter in {folder}: {error}") from error
    # peft leaves the name of its adapter out of what it saves.
    return {name.replace(".weight", ".default.weight"): value.float() for name, value in weights.items()}
