"""Train the adapter: steps, schedule, checkpoints that resume at the step."""

from __future__ import annotations

import json
import math
import pickle
import random
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import torch
from peft import PeftModel
from tokenizers import Tokenizer

from summarizer.errors import InputError
from summarizer.training import adapter, batches
from summarizer.training.batches import Encoded
from summarizer.training.templates import Example

LAST, STABLE = "last.pt", "stable.pt"
"""Checkpoints of a run: the newest, and the one from before the learning rate began to fall."""

DATA = "data.json"
"""What a run is trained on: `mixture.Mixture.describe`."""


@dataclass(frozen=True)
class Settings:
    """What a run depends on besides its data.

    Attributes:
        seed: of the adapter's start, the draw of examples and their order.
        rank: of the adapter.
        alpha: scale of the adapter times its rank.
        rate: highest learning rate.
        warmup: tokens over which the rate rises from 0.
        tokens: of the whole run, without padding.
        decay: part of the run, its last, in which the rate falls to 0 in a straight line. Before it the rate stays
            the same (warm-up, stable, decay: Hu et al. 2024, arXiv:2404.06395), so that a run can be
            made longer from the checkpoint before the decay.
        batch: tokens of a batch, with padding.
        accumulate: batches of a step; each counts the same.
        longest: tokens of an example.
        clip: highest norm of the gradient.
    """

    seed: int = 1
    rank: int = 64
    alpha: int = 64
    rate: float = 2e-4
    warmup: int = 100_000
    tokens: int = 4_000_000
    decay: float = 0.35
    batch: int = 1536
    accumulate: int = 2
    longest: int = 1280
    clip: float = 1.0


LENGTH_SETTINGS = ("tokens", "decay")
"""Settings that may change when a run is resumed."""


def read_checkpoint(path: Path) -> dict[str, Any]:
    """Return what `Trainer.save` wrote.

    Raises:
        InputError: there is no checkpoint, or it is damaged.
    """
    try:
        state: dict[str, Any] = torch.load(path, weights_only=True, map_location="cpu")
    except (OSError, RuntimeError, pickle.UnpicklingError, EOFError) as error:
        raise InputError(f"cannot read the checkpoint {path}: {str(error).splitlines()[0]}") from error
    return state


def hours(folder: Path, tokens: int) -> float:
    """Return how long a run took for its first tokens, as its log has it."""
    seconds, before = 0.0, 0
    with (folder / "log.jsonl").open(encoding="utf-8") as stream:
        for line in map(json.loads, stream):
            if "speed" in line and line["tokens"] <= tokens:
                # Steps after the last checkpoint are done anew when a run is resumed, and count twice: they took time.
                seconds += max(0, line["tokens"] - before) / line["speed"]
                before = line["tokens"]
    return seconds / 3600


def rate_at(settings: Settings, tokens: int) -> float:
    """Return the learning rate after this many tokens."""
    if tokens < settings.warmup:
        return settings.rate * max(tokens, 1) / settings.warmup
    return settings.rate * min(1.0, max(0.0, (settings.tokens - tokens) / (settings.decay * settings.tokens)))


@dataclass
class Position:
    """How far a run has come.

    Attributes:
        step: optimizer steps done.
        tokens: trained on, without padding.
        number: of the pass over the data.
        start: batches of this pass already done.
    """

    step: int = 0
    tokens: int = 0
    number: int = 0
    start: int = 0


class Trainer:
    """A run in a folder: ``log.jsonl`` and the checkpoints `LAST` and `STABLE`."""

    def __init__(
        self,
        model: PeftModel,
        tokenizer: Tokenizer,
        draw: Callable[[int, int], list[Example]],
        settings: Settings,
        folder: Path,
        dev: dict[str, Sequence[Example]] | None = None,
    ) -> None:
        """Prepare a run, and continue it if the folder has a checkpoint.

        Args:
            model: see `adapter.load`.
            tokenizer: of the model.
            draw: returns the examples of a pass, given the seed and the number of the pass.
            settings: of the run.
            folder: of the run; made if absent.
            dev: by name, examples whose loss is logged now and then.

        Raises:
            InputError: the folder's checkpoint belongs to other data or other settings.
        """
        self.model, self.settings, self.folder = model, settings, folder
        self.position = Position()
        self._tokenizer, self._draw = tokenizer, draw
        self._weights = adapter.trained(model)
        self._optimizer = torch.optim.AdamW(
            self._weights.values(), lr=settings.rate, betas=(0.9, 0.99), weight_decay=0.0
        )
        self._dev = {name: self._batches(batches.encode(examples, tokenizer)) for name, examples in (dev or {}).items()}
        self._stop = False
        folder.mkdir(parents=True, exist_ok=True)
        saved = folder / LAST
        state = read_checkpoint(saved) if saved.is_file() else None
        if state is not None:
            self._check_settings(state["settings"], saved)
            self.position = Position(**state["position"])
        self._pass = self._plan()
        if state is not None:
            if state["data"] != batches.fingerprint(self._pass):
                raise InputError(f"{saved} was trained on other data: give it the same, or name another folder")
            adapter.restore(model, state["weights"])
            self._optimizer.load_state_dict(state["optimizer"])
            torch.set_rng_state(state["rng"])

    def _check_settings(self, saved: dict[str, Any], path: Path) -> None:
        changed = [
            name
            for name, value in asdict(self.settings).items()
            if name not in LENGTH_SETTINGS and saved.get(name) != value
        ]
        if changed:
            raise InputError(f"{path} was trained with another {', '.join(changed)}: name another folder")

    def _batches(self, encoded: Sequence[Encoded]) -> list[list[Encoded]]:
        settings = self.settings
        dice = random.Random(settings.seed)  # noqa: S311
        return batches.pack(encoded, settings.batch, settings.longest, dice)

    def _plan(self) -> list[list[Encoded]]:
        """Return the batches of the current pass; they depend on the data, the seed and the pass alone."""
        settings, number = self.settings, self.position.number
        encoded = batches.encode(self._draw(settings.seed, number), self._tokenizer)
        dice = random.Random(f"{settings.seed} {number} batches")  # noqa: S311
        plan = batches.pack(encoded, settings.batch, settings.longest, dice)
        if not plan:
            raise InputError("no example is left to train on")
        return plan

    def _steps(self) -> Iterator[list[list[Encoded]]]:
        while True:
            yield from batches.in_groups(self._pass[self.position.start :], self.settings.accumulate)
            self.position.number += 1
            self.position.start = 0
            self._pass = self._plan()

    def train(self, save_every: float = 300.0, dev_every: int = 200, most_steps: int | None = None) -> bool:
        """Train until the tokens of the settings are used up.

        A SIGTERM or SIGINT ends the run after the step at hand, with a checkpoint.

        Args:
            save_every: seconds between checkpoints.
            dev_every: steps between dev losses.
            most_steps: stop earlier, after this many steps, with a checkpoint.

        Returns:
            Whether the run is finished.
        """
        handlers = {number: signal.signal(number, self._ask_to_stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            self._train(save_every, dev_every, most_steps)
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)
        return self.position.tokens >= self.settings.tokens

    def _train(self, save_every: float, dev_every: int, most_steps: int | None) -> None:
        settings, position = self.settings, self.position
        saved = time.monotonic()
        done = 0
        falls = settings.tokens * (1 - settings.decay)
        steps = self._steps()
        while position.tokens < settings.tokens and not self._stop and done != most_steps:
            began = time.monotonic()
            before = position.tokens
            group = next(steps)
            rate = rate_at(settings, position.tokens)
            loss, norm = self._step(group, rate)
            position.step += 1
            position.start += len(group)
            position.tokens += sum(len(example.ids) for batch in group for example in batch)
            done += 1
            seconds = time.monotonic() - began
            self._log(
                step=position.step,
                tokens=position.tokens,
                loss=round(loss, 4),
                norm=round(norm, 3),
                rate=rate,
                speed=round((position.tokens - before) / seconds, 1),
            )
            if before < falls <= position.tokens:
                self.save(STABLE)
            if position.step % dev_every == 0:
                self._log(step=position.step, tokens=position.tokens, **self.dev_losses())
            if time.monotonic() - saved > save_every:
                self.save(LAST)
                saved = time.monotonic()
        self.save(LAST)

    def _step(self, group: list[list[Encoded]], rate: float) -> tuple[float, float]:
        """Do one optimizer step; return the loss in nats a token and the norm of the gradient."""
        for setting in self._optimizer.param_groups:
            setting["lr"] = rate
        self._optimizer.zero_grad()
        mean = 0.0
        for batch in group:
            # A batch counts as one whatever number of answer tokens it has; long articles have few, and
            # would hardly be heard among the translations.
            summed, count = adapter.answer_loss(self.model, *batches.tensors(batch))
            loss = summed / count / len(group)
            loss.backward()  # type: ignore[no-untyped-call]
            mean += float(loss.detach())
        norm = float(torch.nn.utils.clip_grad_norm_(self._weights.values(), self.settings.clip))
        if not math.isfinite(norm):
            # One bad batch mustn't spoil hours of work.
            self._optimizer.zero_grad()
            return mean, norm
        self._optimizer.step()
        return mean, norm

    @torch.no_grad()
    def dev_losses(self) -> dict[str, float]:
        """Return, by name, the mean loss of the dev examples in nats a token of the answer."""
        losses: dict[str, float] = {}
        for name, kept in self._dev.items():
            parts = [adapter.answer_loss(self.model, *batches.tensors(batch)) for batch in kept]
            losses[f"dev {name}"] = round(sum(float(loss) for loss, _ in parts) / sum(n for _, n in parts), 4)
        return losses

    def save(self, name: str = LAST) -> Path:
        """Write a checkpoint from which a run continues as if it had never stopped."""
        path = self.folder / name
        adapter.write_atomically(
            path,
            {
                "settings": asdict(self.settings),
                "position": asdict(self.position),
                "data": batches.fingerprint(self._pass),
                "weights": {name: value.detach().cpu() for name, value in self._weights.items()},
                "optimizer": self._optimizer.state_dict(),
                "rng": torch.get_rng_state(),
            },
        )
        return path

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stop = True

    def _log(self, **values: Any) -> None:
        line = {"time": time.strftime("%Y-%m-%dT%H:%M:%S"), **values}
        with (self.folder / "log.jsonl").open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line) + "\n")
