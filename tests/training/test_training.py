"""Batches, loss, checkpoints and export, on a tiny random model."""

from __future__ import annotations

import json
import math
import os
import random
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from click.testing import CliRunner
from peft import LoraConfig, get_peft_model, set_peft_model_state_dict
from safetensors.torch import load_file, save_file
from torch.nn import functional
from transformers import Gemma3ForCausalLM

from eval.commands import translations
from summarizer.errors import InputError, ModelError
from summarizer.models.embedded.convert import read_tensors
from summarizer.training import adapter, batches, card, loop
from summarizer.training.__main__ import main
from summarizer.training.loop import LAST, PREVIOUS, STABLE, Trainer, TrainingSettings, rate_at
from summarizer.training.templates import Example, make_example
from tests.models.tiny_gemma import prefix_masks

SETTINGS = TrainingSettings(
    seed=3, rank=4, rate=0.02, warmup=300, tokens=4000, decay=0.5, step=700, longest=320, frequent=60, sampled=40
)


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """A tiny model gains nothing from threads, and they wait for each other on a busy machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def test_labels_cover_the_answer_and_nothing_else(checkpoint: Path, examples: list[Example]) -> None:
    tokenizer = adapter.load_tokenizer(checkpoint)
    batch = batches.tensors(batches.encode(examples[:2], tokenizer))
    assert tokenizer.decode(batch.labels.tolist()) == examples[0].answer + examples[1].answer
    # The label stands where the model has read everything before it.
    assert torch.equal(batch.ids[batch.wanted + 1], batch.labels)
    first, second = (int((batch.ids == 2).nonzero()[number]) for number in (0, 1))
    assert tokenizer.decode(batch.ids[first + 1 : int(batch.wanted[0]) + 1].tolist()) == examples[0].prompt
    assert sum(count * length for count, length in batch.groups) == len(batch.ids) > second


def test_steps_and_batches_keep_every_example_once(checkpoint: Path, examples: list[Example]) -> None:
    encoded = batches.encode(examples * 3, adapter.load_tokenizer(checkpoint))
    steps = batches.steps(encoded, 700, 320)
    assert [example for step in steps for example in step] == encoded
    assert all(sum(len(example.ids) for example in step[:-1]) < 700 for step in steps)
    assert all(sum(len(example.ids) for example in step) >= 700 for step in steps[:-1])
    parts = list(batches.batches(encoded, 400))
    assert sum(len(part.ids) for part in parts) == sum(len(example.ids) for example in encoded)
    assert all(len(part.ids) <= 400 for part in parts)
    shortest = min(len(example.ids) for example in encoded)
    short = batches.steps(encoded, 700, shortest)
    assert {len(example.ids) for step in short for example in step} == {shortest}
    # Examples of one length are attended to together.
    assert any(count == 3 for part in batches.batches(encoded, 5000) for count, _ in part.groups)


def test_only_the_answers_of_pairs_have_a_limit(checkpoint: Path) -> None:
    tokenizer = adapter.load_tokenizer(checkpoint)
    pair = make_example("translate", "Harga beras naik.", "Rice prices rose.")
    abstract = make_example("summarize", "Harga beras naik di pasar.", "Harga beras naik.")
    limited, free = batches.encode([pair, abstract], tokenizer, most=2.0)
    assert limited.most == 2.0 * (len(limited.ids) - limited.prompt) + batches.SURPRISE
    assert free.most == math.inf
    assert all(example.most == math.inf for example in batches.encode([pair, abstract], tokenizer))
    assert batches.tensors([limited, free]).most.tolist() == [limited.most, math.inf]  # type: ignore[union-attr]


def test_an_example_counts_as_its_length() -> None:
    assert batches.Encoded(tuple(range(30)), 10).weight == 1.5
    assert batches.Encoded(tuple(range(1000)), 999).weight == batches.HEAVIEST


def test_a_fresh_adapter_changes_nothing_and_only_it_is_trained(checkpoint: Path, examples: list[Example]) -> None:
    fresh, base = adapter.load(checkpoint, 4, seed=0), adapter.load(checkpoint, 0, seed=0)
    batch = batches.tensors(batches.encode(examples, adapter.load_tokenizer(checkpoint)))
    with torch.no_grad():
        assert float(fresh.loss(batch)) == pytest.approx(float(base.loss(batch)), rel=1e-6)
    # Four products in each of two blocks, an A and a B each; seven layers by their names.
    assert len(fresh.trained()) == 2 * 4 * 2
    assert len(adapter.weights(fresh)) == 2 * 7 * 2


def test_missing_model_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot load the model"):
        adapter.load(tmp_path, 4, seed=0)


@pytest.mark.parametrize(
    ("rates", "best"),
    [
        ({64: (1, 200)}, torch.float32),
        ({64: (5, 1), 512: (1, 2)}, torch.float32),
        ({64: (5, 1), 512: (3, 2)}, torch.bfloat16),
        ({64: (2, 5), 512: (3, 2)}, torch.bfloat16),
    ],
)
def test_the_faster_type_is_taken(
    monkeypatch: pytest.MonkeyPatch, rates: dict[int, tuple[float, float]], best: torch.dtype
) -> None:
    monkeypatch.setattr(adapter, "_products", lambda dtype, size, _: rates[size][dtype == torch.float32])
    assert adapter.best_dtype() is best


def test_products_are_timed() -> None:
    assert adapter._products(torch.float32, 8, 0.001) > 0


def test_the_rate_rises_stays_and_falls_to_zero() -> None:
    settings = replace(SETTINGS, rate=1.0, warmup=100, tokens=1000, decay=0.4)
    assert [rate_at(settings, tokens) for tokens in (50, 100, 600, 800, 1000)] == pytest.approx([0.5, 1, 1, 0.5, 0])


Make = Callable[..., Trainer]


@pytest.fixture
def make(checkpoint: Path, examples: list[Example]) -> Make:
    """Builds a trainer on a fresh model, as a new process would."""

    def build(
        folder: Path,
        settings: TrainingSettings = SETTINGS,
        hook: Callable[[int], None] = lambda number: None,
        workers: int = 1,
        batch: int | None = 400,
    ) -> Trainer:
        def draw(seed: int, number: int) -> list[Example]:
            hook(number)
            drawn = examples * 2
            random.Random(f"{seed} {number}").shuffle(drawn)
            return drawn

        torch.manual_seed(random.randrange(1000))
        model = adapter.load(checkpoint, settings.rank, settings.seed)
        tokenizer = adapter.load_tokenizer(checkpoint)
        return Trainer(model, tokenizer, draw, settings, folder, {"own": examples[:2]}, batch, workers)

    return build


def losses(folder: Path) -> list[float]:
    lines = (json.loads(line) for line in (folder / "log.jsonl").read_text(encoding="utf-8").splitlines())
    return [line["loss"] for line in lines if "loss" in line]


def test_training_learns_and_finishes(make: Make, tmp_path: Path) -> None:
    trainer = make(tmp_path)
    before = trainer.dev_losses()["dev own"]
    assert trainer.train(dev_every=2)
    assert trainer.dev_losses()["dev own"] < before - 0.1
    assert trainer.position.tokens >= SETTINGS.tokens
    assert trainer.position.number >= 1
    assert loop.read_checkpoint(tmp_path / STABLE)["position"]["tokens"] < 0.7 * SETTINGS.tokens
    measured = ['"dev own"' in line for line in (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert measured[0]
    assert any(measured[1:])


@pytest.mark.parametrize("workers", [1, 2])
def test_by_default_each_thread_has_a_batch(make: Make, tmp_path: Path, workers: int) -> None:
    trainer = make(tmp_path, workers=workers, batch=None)
    assert SETTINGS.step / workers <= trainer._batch <= 1.1 * SETTINGS.step / workers


@pytest.mark.parametrize("stops", [[1], [2, 3]])
def test_a_resumed_run_is_the_same_to_the_step(make: Make, tmp_path: Path, stops: list[int]) -> None:
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    one = make(whole)
    one.train()
    for steps in stops:
        assert not make(parts).train(most_steps=steps)
    other = make(parts)
    assert other.position.step == sum(stops)
    other.train()
    assert losses(parts) == losses(whole)
    expected, got = loop.read_checkpoint(whole / LAST), loop.read_checkpoint(parts / LAST)
    assert got["position"] == expected["position"]
    assert all(torch.equal(got["weights"][name], value) for name, value in expected["weights"].items())


def test_the_seed_decides(make: Make, tmp_path: Path) -> None:
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        make(tmp_path / name, replace(SETTINGS, seed=seed)).train(most_steps=2)
    assert losses(tmp_path / "a") == losses(tmp_path / "b") != losses(tmp_path / "c")


def test_threads_change_no_more_than_rounding(make: Make, tmp_path: Path) -> None:
    make(tmp_path / "one").train(most_steps=3)
    make(tmp_path / "two", workers=2).train(most_steps=3)
    assert losses(tmp_path / "two") == pytest.approx(losses(tmp_path / "one"), abs=2e-3)


def test_a_run_goes_on_from_another_with_its_optimizer_and_its_count(make: Make, tmp_path: Path) -> None:
    first = make(tmp_path / "first")
    first.train(most_steps=2)
    state = loop.read_checkpoint(tmp_path / "first" / LAST)
    second = make(tmp_path / "second", replace(SETTINGS, seed=9))
    second.start_from(state)
    assert second.position == loop.Position(before=first.position.tokens)
    own, other = (trainer._optimizer.state_dict()["state"] for trainer in (first, second))
    assert all(torch.equal(own[key]["exp_avg"], other[key]["exp_avg"]) for key in own)
    assert all(torch.equal(value, state["weights"][name]) for name, value in adapter.weights(second.model).items())
    second.train(most_steps=1)
    third = make(tmp_path / "third")
    third.start_from(loop.read_checkpoint(tmp_path / "second" / LAST))
    assert third.position.before == first.position.tokens + second.position.tokens
    # A run that has begun is continued, whatever it once started from.
    again = make(tmp_path / "second", replace(SETTINGS, seed=9))
    again.start_from(state)
    assert again.position == second.position


def test_an_adapter_of_lower_rank_is_widened_without_a_change(
    make: Make, checkpoint: Path, examples: list[Example], tmp_path: Path
) -> None:
    trainer = make(tmp_path)
    trainer.train(most_steps=2)
    weights = {name: value.clone() for name, value in adapter.weights(trainer.model).items()}
    wide = adapter.load(checkpoint, 7, seed=9)
    adapter.restore(wide, weights)
    batch = batches.tensors(batches.encode(examples, adapter.load_tokenizer(checkpoint)))
    with torch.no_grad():
        assert float(wide.loss(batch)) == pytest.approx(float(trainer.model.loss(batch)), rel=1e-5)
    assert all(linear.a[-1].any() and not linear.b[:, 4:].any() for linear in wide.all_linears())
    with pytest.raises(InputError, match="higher rank"):
        adapter.restore(adapter.load(checkpoint, 3, seed=9), weights)
    with pytest.raises(InputError, match="another model"):
        adapter.restore(wide, dict(list(weights.items())[1:]))


def test_sigterm_stops_with_a_checkpoint(make: Make, tmp_path: Path) -> None:
    def interrupt(number: int) -> None:
        if number == 1:
            os.kill(os.getpid(), signal.SIGTERM)

    handler = signal.getsignal(signal.SIGTERM)
    trainer = make(tmp_path, hook=interrupt)
    assert not trainer.train()
    assert loop.read_checkpoint(tmp_path / LAST)["position"]["step"] == trainer.position.step > 0
    assert signal.getsignal(signal.SIGTERM) is handler


def test_checkpoints_come_in_between_and_leave_nothing_half_written(make: Make, tmp_path: Path) -> None:
    trainer = make(tmp_path)
    trainer.train(save_every=0.0, most_steps=1)  # saves after the step, and at the end
    assert sorted(path.name for path in tmp_path.iterdir()) == [LAST, "log.jsonl", PREVIOUS]
    assert loop.newest(tmp_path) == tmp_path / LAST
    (tmp_path / LAST).unlink()
    assert make(tmp_path).position.step == 1


def test_resuming_refuses_other_data_and_settings_but_takes_another_length(make: Make, tmp_path: Path) -> None:
    make(tmp_path).train(most_steps=1)
    with pytest.raises(InputError, match="another rate"):
        make(tmp_path, replace(SETTINGS, rate=0.5))
    assert make(tmp_path, replace(SETTINGS, tokens=9000, decay=0.2)).position.step == 1
    state = loop.read_checkpoint(tmp_path / LAST)
    state["data"] = "0"
    adapter.write_atomically(tmp_path / LAST, state)
    with pytest.raises(InputError, match="other data"):
        make(tmp_path)


def test_damaged_checkpoint_is_one_clear_error(make: Make, tmp_path: Path) -> None:
    (tmp_path / LAST).write_bytes(b"not a checkpoint")
    with pytest.raises(InputError, match=r"cannot read the checkpoint .*last\.pt: (?!.*weights_only)"):
        make(tmp_path)


def test_an_exported_adapter_merges_to_what_was_trained(
    make: Make, checkpoint: Path, examples: list[Example], tmp_path: Path
) -> None:
    trainer = make(tmp_path / "run")
    trainer.train()
    folder = adapter.export(adapter.weights(trainer.model), tmp_path / "adapter")
    assert sorted(path.name for path in folder.iterdir() if path.name != "README.md") == [
        "adapter_config.json",
        "adapter_model.safetensors",
    ]
    assert str(checkpoint) not in (folder / "adapter_config.json").read_text(encoding="utf-8")
    assert {
        value.dtype for name, value in load_file(folder / "adapter_model.safetensors").items() if "scale" not in name
    } == {torch.int8}
    reference = get_peft_model(
        Gemma3ForCausalLM.from_pretrained(checkpoint, dtype=torch.float32), LoraConfig.from_pretrained(str(folder))
    )
    set_peft_model_state_dict(reference, adapter.read_exported(folder))
    merged = reference.merge_and_unload()
    (example,) = batches.encode(examples[:1], adapter.load_tokenizer(checkpoint))
    batch = batches.tensors([example])
    with torch.no_grad():
        trained = trainer.model.loss(batch)
    masks = prefix_masks(example.prompt, len(example.ids), merged.config.sliding_window)
    logits = merged(batch.ids[None], attention_mask=masks).logits[0, batch.wanted]
    loss = functional.cross_entropy(logits, batch.labels, reduction="sum")
    assert float(loss) * example.weight == pytest.approx(float(trained), rel=0.02)
    with pytest.raises(InputError, match="holds no adapter, and would be replaced"):
        adapter.export(adapter.weights(trainer.model), tmp_path)
    assert folder.is_dir()


def test_an_exported_adapter_is_read_alike_for_running_and_for_training(make: Make, tmp_path: Path) -> None:
    trainer = make(tmp_path / "run")
    trainer.train(most_steps=3)
    folder = adapter.export(adapter.weights(trainer.model), tmp_path / "adapter")
    running, training = read_tensors(folder / "adapter_model.safetensors"), adapter.read_exported(folder)
    assert running.keys() == training.keys() == adapter.weights(trainer.model).keys()
    for name, value in adapter.weights(trainer.model).items():
        np.testing.assert_allclose(running[name], training[name], rtol=1e-6)
        step = value.abs().amax(1, keepdim=True) / 127
        assert ((training[name] - value).abs() <= 0.51 * step).all()


def test_an_adapter_without_its_scales_is_damaged(make: Make, tmp_path: Path) -> None:
    folder = adapter.export(adapter.weights(make(tmp_path / "run").model), tmp_path / "adapter")
    file = folder / "adapter_model.safetensors"
    save_file({name: value for name, value in load_file(file).items() if not name.endswith(".scale")}, file)
    with pytest.raises(InputError, match="cannot read the adapter"):
        adapter.read_exported(folder)


def test_a_run_can_start_from_an_exported_adapter(make: Make, tmp_path: Path) -> None:
    trainer = make(tmp_path / "run")
    trainer.train(most_steps=3)
    weights = adapter.read_exported(adapter.export(adapter.weights(trainer.model), tmp_path / "adapter"))
    other = make(tmp_path / "other")
    other.start_from({"weights": weights, "before": 1234})
    assert other.position.before == 1234
    for name, value in adapter.weights(other.model).items():
        torch.testing.assert_close(value, adapter.weights(trainer.model)[name], rtol=1e-2, atol=1e-3)
    with pytest.raises(InputError, match="cannot read the adapter"):
        adapter.read_exported(tmp_path)
    (tmp_path / "adapter_model.safetensors").write_bytes(b"no weights")
    with pytest.raises(InputError, match="cannot read the adapter"):
        adapter.read_exported(tmp_path)


def test_a_mean_has_shares_and_the_rank_of_the_first() -> None:
    def state(rank: int, value: float) -> dict[str, torch.Tensor]:
        return {"x.lora_A.weight": torch.full((rank, 3), value), "x.lora_B.weight": torch.full((2, rank), value)}

    mean = adapter.average([state(2, 1.0), state(1, 4.0)], 0.75)
    assert mean["x.lora_A.weight"].tolist() == [[1.75] * 3, [1.0] * 3]
    assert mean["x.lora_B.weight"].tolist() == [[1.75, 0.75]] * 2
    assert adapter.average([state(2, 1.0), state(2, 2.0)])["x.lora_A.weight"].tolist() == [[1.5] * 3] * 2
    assert adapter.average([state(2, 1.0)], 0.75)["x.lora_A.weight"].tolist() == [[1.0] * 3] * 2
    for other in (state(3, 1.0), {"y.lora_A.weight": torch.ones(2, 3)}):
        with pytest.raises(InputError, match="have no mean"):
            adapter.average([state(2, 1.0), other])


def test_a_run_is_exported_as_the_mean_with_the_adapter_it_came_from(make: Make, tmp_path: Path) -> None:
    trainer = make(tmp_path / "run")
    trainer.train(most_steps=1)
    (tmp_path / "run" / "data.json").write_text("[]", encoding="utf-8")
    options = ["export", "--run", str(tmp_path / "run"), "--to"]
    assert CliRunner().invoke(main, [*options, str(tmp_path / "early")]).exit_code == 0
    trainer.train(most_steps=4)
    late = {name: value.clone() for name, value in adapter.weights(trainer.model).items()}
    outcome = CliRunner().invoke(main, [*options, str(tmp_path / "mean"), "--with", str(tmp_path / "early")])
    assert outcome.exit_code == 0, outcome.output
    early = adapter.read_exported(tmp_path / "early")
    mean = adapter.read_exported(tmp_path / "mean")
    assert any(not torch.equal(early[name], value) for name, value in late.items())
    for name, value in mean.items():
        torch.testing.assert_close(value, (early[name] + late[name]) / 2, rtol=1e-2, atol=1e-3)
    card_text = (tmp_path / "mean" / "README.md").read_text(encoding="utf-8")
    assert f"the mean of its adapter and those of seeds {SETTINGS.seed}" in card_text
    (tmp_path / "early" / "training.json").unlink()
    outcome = CliRunner().invoke(main, [*options, str(tmp_path / "other"), "--with", str(tmp_path / "early")])
    assert isinstance(outcome.exception, InputError)
    assert not (tmp_path / "other").exists()


def test_the_card_tells_data_recipe_and_figures(tmp_path: Path) -> None:
    data = [{"task": "translation", "name": "news", "kept": 1234, "share": 0.5, "origin": "Kabar", "licence": "CC0"}]
    position = {"step": 7, "tokens": 3000, "number": 0, "start": 3}
    card.write(tmp_path, {"settings": asdict(SETTINGS), "position": position, "averaged": [5, 7], "data": data})
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "| translation | news | Kabar | CC0 | 1,234 | 0.5 |" in text
    assert "7 steps, 3,000 tokens of 4,000 planned" in text
    assert "mean of the adapters of steps 5, 7" in text
    assert "Gemma Terms of Use" in text
    assert "Not measured yet." in text
    run = _evaluate(tmp_path, "Ia datang.")
    name, figures = card.add_scores(tmp_path, run)
    assert name == "dev"
    assert figures["chrF"] == pytest.approx(100)
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert re.search(r"- dev, 2 items: BLEU [\d.]+, chrF 100\.0, .*empty 0\.0", text)
    assert "`BLEU nrefs:1|" in text
    assert "Not measured yet." not in text
    older = {**json.loads((tmp_path / "training.json").read_text(encoding="utf-8")), "settings": {"rank": 64}}
    (tmp_path / "training.json").write_text(json.dumps(older), encoding="utf-8")
    card.add_scores(tmp_path, _evaluate(tmp_path, "Dia pergi."))
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == text
    assert json.loads((tmp_path / "scores.json").read_text(encoding="utf-8"))["dev"]["figures"]["chrF"] < 90


def test_only_a_run_of_the_adapter_gives_it_figures(tmp_path: Path) -> None:
    run = _evaluate(tmp_path / "other", "Ia datang.")
    with pytest.raises(InputError, match="measure the adapter with --raw"):
        card.add_scores(tmp_path, run)
    own = _evaluate(tmp_path, "Ia datang.")
    for damaged in ({}, {**own, "metrics": [{}]}, {**own, "systems": 3}):
        with pytest.raises(InputError, match="no run file"):
            card.add_scores(tmp_path, damaged)
    assert not (tmp_path / "scores.json").exists()
    outcome = CliRunner().invoke(main, ["score", "--adapter", str(tmp_path), __file__])
    assert isinstance(outcome.exception, InputError)


def _evaluate(adapter: Path, output: str) -> dict[str, Any]:
    """A run file of `python -m eval translations` on two lines, one of them translated well, by an adapter."""
    adapter.mkdir(exist_ok=True)
    for name, text in (("dev.id", "Ia datang.\nIa pulang.\n"), ("dev.en", "Ia datang.\nIa pulang.\n")):
        (adapter / name).write_text(text, encoding="utf-8")
    (adapter / "out.txt").write_text(f"{output}\nIa pulang.\n", encoding="utf-8")
    target = adapter / "run.json"
    named = f"{adapter.name} (raw)={adapter / 'out.txt'}"
    options = ["--data", str(adapter / "dev.id"), "--outputs", named, "--no-models", "--no-baselines"]
    outcome = CliRunner().invoke(translations, [*options, "-o", str(target), "--store", str(adapter / "s.sqlite")])
    assert outcome.exit_code == 0, outcome.output
    run: dict[str, Any] = json.loads(target.read_text(encoding="utf-8"))
    return run


def test_the_card_tells_what_came_before(make: Make, tmp_path: Path) -> None:
    runs = [tmp_path / name for name in ("first", "second", "third")]
    for number, run in enumerate(runs):
        run.mkdir()
        if number:
            card.note_start(runs[number - 1], run)
        training = {
            "settings": asdict(replace(SETTINGS, seed=number)),
            "position": {"step": 7, "tokens": 1000, "number": 0, "start": 3},
            "averaged": [7],
            "hours": 1.25,
            "before": card.read_start(run),
            "data": [],
        }
        card.write(run, training)
    text = (runs[2] / "README.md").read_text(encoding="utf-8")
    told = "seed 0, 7 steps, 1,000 tokens, learning rate 0.02; then seed 1, 7 steps, 1,000 tokens, learning rate 0.02."
    assert f"trained before: {told} 3,000 tokens in all." in text
    assert "; 1.2 hours." in text
    assert "trained before" not in (runs[0] / "README.md").read_text(encoding="utf-8")
    make(tmp_path / "run").train(most_steps=2)
    assert 0 < loop.hours(tmp_path / "run", 10**9) < 0.1
    assert loop.hours(tmp_path / "run", 0) == 0


def test_the_command_reports_bad_input_in_one_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "summarizer.training", "train", "--data", str(tmp_path), "--run", str(tmp_path / "run")],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("error: cannot read ")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "run").exists()


def test_templates_and_training_agree_on_where_an_answer_ends() -> None:
    for example in (make_example("translate", "a", "b"), make_example("summarize", "a", "b")):
        assert example.answer == " b\n"
        assert example.prompt[-1] == ":"
