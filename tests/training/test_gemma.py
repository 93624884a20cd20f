"""The training forward and backward pass against transformers' and torch's own."""

import math
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor
from torch.nn import functional
from transformers import Gemma3ForCausalLM

from tests.models.tiny_gemma import prefix_masks
from training import TrainingError, adapter
from training.batches import Encoded, pack
from training.gemma import Gemma, PackedBatch, Rows

LENGTHS = (160, 70, 9, 9, 5)
PROMPTS = (90, 35, 6, 4, 2)
"""Two examples of one length, and two longer than the window of 64, one of them with a longer prompt."""


def trained_gemma(checkpoint: Path, is_compiled: bool = False) -> Gemma:
    model = adapter.load(checkpoint, 4, 1, is_compiled)
    generator = torch.Generator().manual_seed(2)
    with torch.no_grad():
        for linear in model.linears:
            linear.b.normal_(std=0.05, generator=generator)
    model.merge()
    return model


@pytest.fixture
def examples() -> list[Encoded]:
    generator = torch.Generator().manual_seed(5)
    return [
        Encoded(tuple(torch.randint(3, 200, (length,), generator=generator).tolist()), prompt)
        for length, prompt in zip(LENGTHS, PROMPTS, strict=True)
    ]


def plain(batch: PackedBatch) -> PackedBatch:
    return replace(batch, weights=torch.ones(len(batch.weights)))


def merged(model: Gemma, checkpoint: Path) -> Gemma3ForCausalLM:
    """Transformers' model of a checkpoint, to whose weights the adapter of ours is added."""
    reference = Gemma3ForCausalLM.from_pretrained(checkpoint, dtype=torch.float32, attn_implementation="eager")
    parameters = dict(reference.named_parameters())
    own = model.adapter()
    factors = [name for name in own if ".lora_A." in name]
    assert len(factors) == 2 * 7
    with torch.no_grad():
        for name in factors:
            matrix = name.removeprefix("base_model.model.").replace("lora_A.", "")
            parameters[matrix] += own[name.replace("_A", "_B")] @ own[name]
    return reference


def reference_loss(model: Gemma3ForCausalLM, examples: list[Encoded]) -> Tensor:
    total = torch.zeros(())
    for example in examples:
        masks = prefix_masks(example.prompt, len(example.ids), model.config.sliding_window)
        logits = model(torch.tensor([example.ids]), attention_mask=masks).logits[0]
        labels = torch.tensor(example.ids[example.prompt :])
        total = total + functional.cross_entropy(logits[example.prompt - 1 : -1], labels, reduction="sum")
    return total


@pytest.mark.parametrize(("multiple", "is_compiled"), [(1, False), (1, True), (16, False)])
def test_loss_and_gradients_are_those_of_transformers(
    checkpoint: Path,
    examples: list[Encoded],
    multiple: int,
    is_compiled: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The compiler takes more room than some systems have for temporary files.
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(tmp_path))
    own = trained_gemma(checkpoint, is_compiled=is_compiled)
    reference = merged(own, checkpoint)
    parameters = dict(reference.named_parameters())
    expected = reference_loss(reference, examples)
    loss = own.loss(plain(pack(examples, multiple)))
    torch.testing.assert_close(loss, expected, rtol=1e-4, atol=1e-4)
    loss.backward()  # type: ignore[no-untyped-call]
    expected.backward()
    # With W + BA, the gradient of A is B' times that of W, that of B the one of W times A'.
    names = {"qkv": ("q", "k", "v"), "output": ("o",), "gate_up": ("gate", "up"), "down": ("down",)}
    for number, linears in enumerate(own.layers):
        for key, parts in names.items():
            block = "self_attn" if key in ("qkv", "output") else "mlp"
            a = linears[key].a
            b = linears[key].b
            for name, (rows, low) in zip(parts, linears[key].parts(), strict=True):
                grad = parameters[f"model.layers.{number}.{block}.{name}_proj.weight"].grad
                torch.testing.assert_close(a.grad[low], b[rows].t() @ grad, rtol=1e-3, atol=1e-4)
                torch.testing.assert_close(b.grad[rows], grad @ a[low].t(), rtol=1e-3, atol=1e-4)


def test_a_fresh_adapter_changes_nothing_and_only_its_like_is_taken(checkpoint: Path, examples: list[Encoded]) -> None:
    fresh = adapter.load(checkpoint, 4, 1, False)
    batch = pack(examples)
    before = float(fresh.loss(batch).detach())
    for linear in fresh.linears:
        assert torch.equal(linear.merged, linear.base)
    fresh.set_adapter(trained_gemma(checkpoint).adapter())
    assert float(fresh.loss(batch).detach()) != pytest.approx(before, rel=1e-4)
    for other in (adapter.load(checkpoint, 3, 1, False).adapter(), dict(list(fresh.adapter().items())[1:])):
        with pytest.raises(TrainingError, match="another rank"):
            fresh.set_adapter(other)


def test_an_answer_that_costs_too_much_is_not_learnt_from(checkpoint: Path, examples: list[Encoded]) -> None:
    model = trained_gemma(checkpoint)
    batch = plain(pack(examples))
    with torch.no_grad():
        costs = torch.tensor([float(model.loss(plain(pack([example])))) for example in examples])
    # Just enough for all, then too little for the second.
    assert float(model.loss(replace(batch, max_loss=costs * 1.001)).detach()) == pytest.approx(float(costs.sum()))
    limits = costs * 1.001
    limits[1] *= 0.99
    limits[2:] = math.inf
    own = model.loss(replace(batch, max_loss=limits))
    others = model.loss(replace(batch, weights=(batch.owners != 1).float()))
    torch.testing.assert_close(own, others)
    torch.testing.assert_close(*(torch.autograd.grad(loss, model.trained) for loss in (own, others)))


def test_sampled_rows_give_the_direction_of_all(checkpoint: Path, examples: list[Encoded]) -> None:
    model = trained_gemma(checkpoint)
    batch = pack(examples)
    generator = torch.Generator().manual_seed(1)

    def grad(rows: Rows | None) -> Tensor:
        return torch.cat([one.flatten() for one in torch.autograd.grad(model.loss(batch, rows), model.trained)])

    frequent = torch.arange(60)
    whole = grad(None)
    drawn = [grad(Rows.sample(model.embedding, frequent, batch.labels, 40, generator)) for _ in range(20)]
    near = [float(functional.cosine_similarity(whole, one, dim=0)) for one in drawn]
    # One draw is noisy; the noise goes as draws are averaged.
    assert min(near) > 0.8
    assert float(functional.cosine_similarity(whole, torch.stack(drawn).mean(0), dim=0)) > max(near)
    everything = Rows.sample(model.embedding, frequent, batch.labels, 5000, generator)
    torch.testing.assert_close(grad(everything), whole, rtol=1e-3, atol=1e-4)


def test_how_much_sentences_matter_is_told_from_the_states_that_run(checkpoint: Path) -> None:
    """Half of the layers up, as transformers has them; and the gradients are those of the loss."""
    model = trained_gemma(checkpoint)
    with pytest.raises(TrainingError, match="no head"):
        model.loss(pack([Encoded((2, 30, 31), 3, sentences=((1, 3),), belongs=(1.0,))]))
    head = model.head = (model.draw_head(4), torch.tensor([0.3]))
    choices = [
        Encoded((2, *range(60, 79)), 20, sentences=((3, 9), (9, 17)), belongs=(1.0, 0.0)),
        Encoded((2, *range(30, 100)), 71, sentences=((2, 70),), belongs=(1.0,)),
    ]
    reference = merged(model, checkpoint)
    half = len(model.layers) // 2
    expected = torch.zeros(())
    for choice in choices:
        masks = prefix_masks(len(choice.ids), len(choice.ids), reference.config.sliding_window)
        read = reference(torch.tensor([choice.ids]), attention_mask=masks, output_hidden_states=True)
        states = reference.model.layers[half].input_layernorm(read.hidden_states[half])[0]
        for (first, end), belongs in zip(choice.sentences, choice.belongs, strict=True):
            logit = torch.cat([states[end - 1], states[first:end].mean(0)]) @ head[0] + head[1]
            cost = functional.binary_cross_entropy_with_logits(logit, torch.tensor([belongs]), reduction="sum")
            expected = expected + cost * len(choice.ids) / len(choice.belongs)
    loss = model.loss(pack(choices))
    torch.testing.assert_close(loss, expected, rtol=1e-4, atol=1e-4)
    grads = torch.autograd.grad(loss, model.trained, materialize_grads=True)
    is_trained = [bool(grad.any()) for grad in grads]
    assert is_trained == [True] * (len(grads) // 2) + [False] * (len(grads) // 2)
