"""Batches, steps and checkpoints, in runs of a tiny random model."""

import json
import math
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from summarizer.models.prompts import load_prompt
from tests.training.conftest import SETTINGS, Make
from training import TrainingError
from training.batches import HEAVIEST, Encoded, batches, pack, steps
from training.examples import SURPRISE, Choice, encode, load_tokenizer, make_example
from training.loop import LAST, LOG, read_checkpoint
from training.settings import rate_at


def test_labels_cover_the_answer_and_nothing_else(checkpoint: Path) -> None:
    tokenizer = load_tokenizer(checkpoint)
    examples = [make_example("translate", "Apa kabar?", "How are you?"), make_example("translate", "Ya.", "Yes.")]
    for multiple in (1, 16):
        batch = pack(encode(examples, tokenizer), multiple)
        assert tokenizer.decode(batch.labels.tolist()) == examples[0].answer + examples[1].answer
        for number, start in enumerate((batch.ids == 2).nonzero()[:, 0].tolist()):
            # The label stands where the model has read everything before it.
            first = int(batch.label_positions[batch.owners == number][0])
            assert tokenizer.decode(batch.ids[start + 1 : first + 1].tolist()) == examples[number].prompt
        assert sum(count * length for count, length in batch.groups) == len(batch.ids)
        assert all(length % multiple == 0 for _, length in batch.groups)


def test_steps_and_batches_keep_every_example_once(encoded: list[Encoded]) -> None:
    encoded = encoded * 3
    plan = steps(encoded, 700, 320)
    assert [example for step in plan for example in step] == encoded
    assert all(sum(len(example.ids) for example in step[:-1]) < 700 for step in plan)
    assert all(sum(len(example.ids) for example in step) >= 700 for step in plan[:-1])
    parts = list(batches(encoded, 400))
    assert sum(len(part.ids) for part in parts) == sum(len(example.ids) for example in encoded)
    assert all(len(part.ids) <= 400 for part in parts)
    shortest = min(len(example.ids) for example in encoded)
    assert {len(example.ids) for step in steps(encoded, 700, shortest) for example in step} == {shortest}
    # Examples of one length are attended to together.
    assert any(count == 3 for part in batches(encoded, 5000) for count, _ in part.groups)


def test_only_the_answers_of_pairs_that_are_not_trusted_have_a_limit(checkpoint: Path) -> None:
    tokenizer = load_tokenizer(checkpoint)
    pair = make_example("translate", "Harga beras naik.", "Rice prices rose.")
    trusted = make_example("translate", "Harga beras naik.", "Rice prices rose.", trusted=True)
    limited, free = encode([pair, trusted], tokenizer, max_loss=2.0)
    assert limited.max_loss == 2.0 * (len(limited.ids) - limited.prompt) + SURPRISE
    assert pack([limited, free]).max_loss.tolist() == [limited.max_loss, math.inf]
    assert encode([pair], tokenizer)[0].max_loss == math.inf


def test_articles_to_choose_from_have_batches_of_their_own(checkpoint: Path, encoded: list[Encoded]) -> None:
    tokenizer = load_tokenizer(checkpoint)
    [choice] = encode([Choice("Pasar", ("Harga beras naik.", "Warga sedih."), (1,))], tokenizer)
    first, second = (tokenizer.decode(choice.ids[start:end]) for start, end in choice.sentences)
    assert first == " Harga beras naik."
    assert second == " Warga sedih."
    assert choice.belongs == (0.0, 1.0)
    whole = load_prompt("adapter", "summarize").fill("Harga beras naik. Warga sedih.", title="Pasar")
    assert tokenizer.decode(choice.ids[1:]) == whole
    assert choice.weight == len(choice.ids) / 2
    parts = list(batches([*encoded, choice, *encoded], 10**6))
    assert [part.belongs.tolist() for part in parts] == [[0.0, 1.0], []]
    assert [(len(part.weights), len(part.labels)) for part in parts] == [(2, 0), (len(parts[1].labels),) * 2]


def test_an_example_counts_as_its_length() -> None:
    assert [Encoded(tuple(range(ids)), prompt).weight for ids, prompt in ((30, 10), (1000, 999))] == [1.5, HEAVIEST]


def test_the_rate_rises_stays_and_falls_to_zero() -> None:
    with pytest.raises(TrainingError, match="at least 0"):
        replace(SETTINGS, sampled=-1)
    settings = replace(SETTINGS, rate=1.0, warmup=100, tokens=1000, decay=0.4)
    assert [rate_at(settings, tokens) for tokens in (50, 100, 600, 800, 1000)] == pytest.approx([0.5, 1, 1, 0.5, 0])


def log(folder: Path, name: str) -> list[float]:
    lines = (json.loads(line) for line in (folder / LOG).read_text(encoding="utf-8").splitlines())
    return [line[name] for line in lines if name in line]


def test_training_learns_finishes_and_stays_finished(make: Make, tmp_path: Path) -> None:
    trainer = make(tmp_path)
    before = trainer.dev_losses()["dev own"]
    assert trainer.train(dev_every=2)
    assert trainer.dev_losses()["dev own"] < before - 0.1
    assert trainer.position.tokens >= SETTINGS.tokens
    assert trainer.position.number >= 1
    first, *later = log(tmp_path, "dev own")
    assert first == before
    assert later
    # Only the adapter is trained.
    again = make(tmp_path)
    pairs = zip(trainer.model.linears, again.model.linears, strict=True)
    assert all(torch.equal(one.base, two.base) for one, two in pairs)
    assert again.train()
    assert len(log(tmp_path, "loss")) == trainer.position.step


@pytest.mark.parametrize("stops", [1, 3])
def test_a_resumed_run_is_the_same_to_the_step(make: Make, tmp_path: Path, stops: int) -> None:
    whole = tmp_path / "whole"
    parts = tmp_path / "parts"
    make(whole).train()
    for number in range(stops):
        assert not make(parts).train(minutes=0)  # ends with the first step
        assert make(parts).position.step == number + 1
        # A run that was killed has logged steps beyond its checkpoint, the last one in part.
        (parts / LOG).write_text((parts / LOG).read_text() + '{"step": 9, "loss": 1.0}\n{"step": 10')
    assert make(parts).train(save_every=0)
    assert log(parts, "loss") == log(whole, "loss")
    expected = read_checkpoint(whole / LAST)
    got = read_checkpoint(parts / LAST)
    assert {**got["position"], "seconds": 0} == {**expected["position"], "seconds": 0}
    assert all(torch.equal(got["weights"][name], value) for name, value in expected["weights"].items())
    assert sorted(path.name for path in parts.iterdir()) == [LAST, LOG]


def test_the_seed_decides_and_threads_change_no_more_than_rounding(make: Make, tmp_path: Path) -> None:
    for name, seed, workers in (("a", 3, 1), ("b", 3, 1), ("c", 4, 1), ("two", 3, 2)):
        make(tmp_path / name, replace(SETTINGS, tokens=2000, seed=seed), workers=workers).train()
    assert log(tmp_path / "a", "loss") == log(tmp_path / "b", "loss") != log(tmp_path / "c", "loss")
    assert log(tmp_path / "two", "loss") == pytest.approx(log(tmp_path / "a", "loss"), abs=2e-3)


def test_sigterm_stops_with_a_checkpoint(make: Make, tmp_path: Path) -> None:
    def interrupt(number: int) -> None:
        if number == 1:
            os.kill(os.getpid(), signal.SIGTERM)

    handler = signal.getsignal(signal.SIGTERM)
    trainer = make(tmp_path, hook=interrupt)
    assert not trainer.train()
    assert read_checkpoint(tmp_path / LAST)["position"]["step"] == trainer.position.step > 0
    assert signal.getsignal(signal.SIGTERM) is handler


def test_resuming_refuses_other_data_and_settings_but_takes_another_length(
    make: Make, tmp_path: Path, encoded: list[Encoded]
) -> None:
    make(tmp_path).train(minutes=0)
    with pytest.raises(TrainingError, match="rank"):
        make(tmp_path, replace(SETTINGS, rank=5))
    assert make(tmp_path, replace(SETTINGS, tokens=9000, decay=0.2)).position.step == 1
    encoded[-1] = replace(encoded[-1], max_loss=9.0)
    with pytest.raises(TrainingError, match="other data"):
        make(tmp_path)
    encoded.clear()
    with pytest.raises(TrainingError, match="no example"):
        make(tmp_path / "new")


@pytest.mark.parametrize("content", [None, b"", b"no checkpoint", b"PK\x03\x04 cut off"])
def test_a_damaged_checkpoint_is_one_clear_error(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / LAST).write_bytes(content)
    with pytest.raises(TrainingError, match="cannot read the checkpoint") as caught:
        read_checkpoint(tmp_path / LAST)
    assert "\n" not in str(caught.value)


def test_a_batch_without_a_finite_gradient_changes_nothing(make: Make, tmp_path: Path) -> None:
    trainer = make(tmp_path)
    with torch.no_grad():
        trainer.model.linears[0].merged[0, 0] = math.nan
    trainer.train(minutes=0)
    assert not any(value.any() for name, value in trainer.model.adapter().items() if "lora_B" in name)
