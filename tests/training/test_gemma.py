"""The training forward pass against transformers' and torch's own."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional
from transformers import Gemma3ForCausalLM

from summarizer.training.gemma import CHUNK, Gemma, Linear, PackedBatch, Rows, _Loss
from tests.models.tiny_gemma import prefix_masks

LENGTHS, PROMPTS = (5, 9, 9, 70, 160), (2, 4, 6, 35, 90)
"""Two examples of one length, and two longer than the window of 64, one of them with a longer prompt."""


def gemma(checkpoint: Path, rank: int = 0, compiled: bool = False) -> Gemma:
    config = json.loads((checkpoint / "config.json").read_text(encoding="utf-8"))
    weights = load_file(checkpoint / "model.safetensors")
    return Gemma(config, {name: value.float() for name, value in weights.items()}, rank, compiled=compiled)


def some_batch() -> PackedBatch:
    generator = torch.Generator().manual_seed(5)
    ids = torch.randint(3, 200, (sum(LENGTHS),), generator=generator)
    wanted, groups, start = [], [], 0
    for length, prompt in zip(LENGTHS, PROMPTS, strict=True):
        wanted += range(start + prompt - 1, start + length - 1)
        groups.append((groups.pop()[0] + 1 if groups and groups[-1][1] == length else 1, length))
        start += length
    places = torch.tensor(wanted)
    return PackedBatch(ids, tuple(groups), PROMPTS, places, ids[places + 1], torch.ones(len(wanted)))


def reference_loss(model: Gemma3ForCausalLM, batch: PackedBatch) -> Tensor:
    total, start = torch.zeros(()), 0
    for length, prompt in zip(LENGTHS, PROMPTS, strict=True):
        masks = prefix_masks(prompt, length, model.config.sliding_window)
        logits = model(batch.ids[None, start : start + length], attention_mask=masks).logits[0]
        inside = (batch.wanted >= start) & (batch.wanted < start + length)
        own = logits[batch.wanted[inside] - start]
        total = total + functional.cross_entropy(own, batch.labels[inside], reduction="sum")
        start += length
    return total


@pytest.mark.parametrize("compiled", [False, True])
def test_loss_and_gradients_are_those_of_transformers(checkpoint: Path, compiled: bool) -> None:
    own, batch = gemma(checkpoint, compiled=compiled), some_batch()
    reference = Gemma3ForCausalLM.from_pretrained(checkpoint, dtype=torch.float32, attn_implementation="eager")
    expected = reference_loss(reference, batch)
    loss = own.loss(batch)
    torch.testing.assert_close(loss, expected, rtol=1e-4, atol=1e-4)
    loss.backward()  # type: ignore[no-untyped-call]
    expected.backward()
    wanted = dict(reference.named_parameters())
    parts = own.parts()
    assert len(parts) == 2 * 7
    for name, (linear, rows, _) in parts.items():
        assert linear.merged.grad is not None
        torch.testing.assert_close(linear.merged.grad[rows], wanted[f"{name}.weight"].grad, rtol=1e-4, atol=1e-4)


def test_gradients_of_the_adapter_follow_from_those_of_the_weights(checkpoint: Path) -> None:
    own, full, batch = gemma(checkpoint, rank=4), gemma(checkpoint), some_batch()
    torch.manual_seed(1)
    with torch.no_grad():
        for linear, other in zip(own.all_linears(), full.all_linears(), strict=True):
            linear.b.normal_(std=0.05)
            linear.merge()
            other.merged.copy_(linear.merged)
    own.loss(batch).backward()  # type: ignore[no-untyped-call]
    full.loss(batch).backward()  # type: ignore[no-untyped-call]
    for linear, other in zip(own.all_linears(), full.all_linears(), strict=True):
        slope = other.merged.grad
        assert slope is not None
        for rows, low in linear.parts():
            torch.testing.assert_close(linear.a.grad[low], linear.b[rows].t() @ slope[rows], rtol=1e-3, atol=1e-4)  # type: ignore[index]
            torch.testing.assert_close(linear.b.grad[rows], slope[rows] @ linear.a[low].t(), rtol=1e-3, atol=1e-4)  # type: ignore[index]


def test_neighbours_do_not_change_an_example(checkpoint: Path) -> None:
    model, batch = gemma(checkpoint, rank=2), some_batch()
    with torch.no_grad():
        total, start = 0.0, 0
        for length, prompt in zip(LENGTHS, PROMPTS, strict=True):
            inside = (batch.wanted >= start) & (batch.wanted < start + length)
            places, labels = batch.wanted[inside] - start, batch.labels[inside]
            alone = PackedBatch(
                batch.ids[start : start + length], ((1, length),), (prompt,), places, labels, torch.ones(len(labels))
            )
            total += float(model.loss(alone))
            start += length
        assert float(model.loss(batch)) == pytest.approx(total, rel=1e-5)


def test_an_answer_that_costs_too_much_is_not_learnt_from(checkpoint: Path) -> None:
    model, batch = gemma(checkpoint), some_batch()
    weights = list(model.trained().values())
    costs = [
        float(model.loss(replace(batch, weights=(batch.owners == at).float())).detach()) for at in range(len(LENGTHS))
    ]
    limits = torch.tensor(costs)
    # Just enough for all, then too little for the second.
    assert float(model.loss(replace(batch, most=limits * 1.001)).detach()) == pytest.approx(sum(costs), rel=1e-5)
    limits[1] *= 0.999
    limits[2:] = math.inf
    own = model.loss(replace(batch, most=limits * 1.0005))
    others = model.loss(replace(batch, weights=(batch.owners != 1).float()))
    torch.testing.assert_close(own, others)
    for slope, wanted in zip(torch.autograd.grad(own, weights), torch.autograd.grad(others, weights), strict=True):
        torch.testing.assert_close(slope, wanted)


@pytest.mark.parametrize("rows", [1, CHUNK, CHUNK + 7])
def test_the_loss_and_its_gradient_are_those_of_cross_entropy(rows: int) -> None:
    torch.manual_seed(0)
    vectors = torch.randn(rows, 8, requires_grad=True)
    matrix, labels, weights = torch.randn(50, 8), torch.randint(50, (rows,)), torch.rand(rows)
    own = _Loss.apply(vectors, matrix, None, labels, weights)  # type: ignore[no-untyped-call]
    (gradient,) = torch.autograd.grad(3 * own, vectors)
    expected = (weights * functional.cross_entropy(vectors @ matrix.t(), labels, reduction="none")).sum()
    (wanted,) = torch.autograd.grad(3 * expected, vectors)
    torch.testing.assert_close(own, expected)
    torch.testing.assert_close(gradient, wanted)


def test_sampled_rows_give_the_direction_of_all() -> None:
    torch.manual_seed(0)
    matrix = torch.randn(2000, 16)
    labels = torch.randint(500, (300,))
    vectors = torch.randn(300, 16).requires_grad_()
    generator, ones = torch.Generator().manual_seed(1), torch.ones(300)

    def slope(rows: Rows | None) -> Tensor:
        found = (rows.matrix, rows.bias, rows.places[labels]) if rows else (matrix, None, labels)
        loss = _Loss.apply(vectors, *found, ones)  # type: ignore[no-untyped-call]
        return torch.autograd.grad(loss, vectors)[0].flatten()

    whole = slope(None)
    drawn = [slope(Rows.sample(matrix, torch.arange(500), labels, 400, generator)) for _ in range(30)]
    near = [float(functional.cosine_similarity(whole, one, dim=0)) for one in drawn]
    # One draw is noisy, here where the mass lies on all tokens alike; the noise goes as draws are averaged.
    assert min(near) > 0.8
    assert float(functional.cosine_similarity(whole, torch.stack(drawn).mean(0), dim=0)) > max(near)
    everything = Rows.sample(matrix, torch.arange(500), labels, 5000, generator)
    torch.testing.assert_close(slope(everything), whole)


def test_a_fresh_adapter_changes_nothing() -> None:
    generator = torch.Generator().manual_seed(0)
    base = torch.randn(12, 8)
    linear = Linear(base, (8, 4), 2, generator)
    linear.merge()
    assert torch.equal(linear.merged, base)
    assert linear.parts() == [(slice(0, 8), slice(0, 2)), (slice(8, 12), slice(2, 4))]
