"""Train the adapter: steps, schedule, checkpoints that resume at the step."""

from __future__ import annotations

import json
import math
import pickle
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from types import FrameType
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor

from summarizer.errors import InputError
from summarizer.training import adapter, batches
from summarizer.training.batches import Encoded
from summarizer.training.gemma import Gemma, PackedBatch, Rows
from summarizer.training.templates import Example

LAST, PREVIOUS, STABLE = "last.pt", "previous.pt", "stable.pt"
"""Checkpoints of a run: the newest, the one before, and the one from before the learning rate began to fall."""

DATA = "data.json"
"""What a run is trained on: `mixture.Mixture.describe`."""


@dataclass(frozen=True)
class TrainingSettings:
    """What a run depends on besides its data.

    Attributes:
        seed: of the adapter's start, the draw of examples and their order.
        rank: of the adapter.
        rate: highest learning rate.
        warmup: tokens over which the rate rises from 0.
        tokens: of the whole run.
        decay: part of the run, its last, in which the rate falls to 0 in a straight line. Before it the rate stays
            the same (warm-up, stable, decay: Hu et al. 2024, arXiv:2404.06395), so that a run can be
            made longer from the checkpoint before the decay.
        step: tokens of an optimizer step.
        longest: tokens of an example.
        clip: highest norm of the gradient.
        frequent: rows of the output matrix that are always used: of the most frequent tokens of the answers.
        sampled: further rows, drawn for each step; 0 to use the whole matrix.
        faster_b: how many times higher the rate of the adapter's B is than that of A (LoRA+: Hayou et al. 2024,
            arXiv:2402.12354).
        most: nats a token that a translation may cost to be learnt from (`batches.encode`); None to learn from all, as
            a model that can't translate yet must.
    """

    seed: int = 1
    rank: int = 64
    rate: float = 2e-4
    warmup: int = 100_000
    tokens: int = 4_000_000
    decay: float = 0.35
    step: int = 3072
    longest: int = 1280
    clip: float = 1.0
    frequent: int = 6000
    sampled: int = 4000
    faster_b: float = 1.0
    most: float | None = None


_SLACK = 1.075
"""A step is a little longer than its setting, since it ends with a whole example, and batches are never quite full."""

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
        # What else torch says of a pickle is how to run the code in it.
        reason = "it is damaged" if isinstance(error, pickle.UnpicklingError) else str(error).splitlines()[0]
        raise InputError(f"cannot read the checkpoint {path}: {reason}") from error
    return state


def newest(folder: Path) -> Path | None:
    """Return the newest checkpoint of a run; None if it has none."""
    return next((path for name in (LAST, PREVIOUS) if (path := folder / name).is_file()), None)


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


def rate_at(settings: TrainingSettings, tokens: int) -> float:
    """Return the learning rate after this many tokens."""
    if tokens < settings.warmup:
        return settings.rate * max(tokens, 1) / settings.warmup
    return settings.rate * min(1.0, max(0.0, (settings.tokens - tokens) / (settings.decay * settings.tokens)))


@dataclass
class Position:
    """How far a run has come.

    Attributes:
        step: optimizer steps done.
        tokens: trained on.
        before: tokens of the runs that this one went on from.
        number: of the pass over the data.
        start: steps of this pass already done.
    """

    step: int = 0
    tokens: int = 0
    before: int = 0
    number: int = 0
    start: int = 0


class Trainer:
    """A run in a folder: ``log.jsonl`` and the checkpoints `LAST`, `PREVIOUS` and `STABLE`."""

    def __init__(
        self,
        model: Gemma,
        tokenizer: Tokenizer,
        draw: Callable[[int, int], list[Example]],
        settings: TrainingSettings,
        folder: Path,
        dev: Mapping[str, Sequence[Example]] | None = None,
        batch: int | None = None,
        workers: int = 1,
    ) -> None:
        """Prepare a run, and continue it if the folder has a checkpoint.

        Args:
            model: see `adapter.load`.
            tokenizer: of the model.
            draw: returns the examples of a pass, given the seed and the number of the pass.
            settings: of the run.
            folder: of the run; made if absent.
            dev: by name, examples whose loss is logged now and then.
            batch: tokens of a batch; a step has several, whose gradients are added. None for as many as give each
                thread one: the larger a product, the less time a token takes.
            workers: threads that take a step's batches one by one. They don't wait for each other before the end of the
                step, as the threads of a matrix product do at each, which is much faster on a busy machine. With more
                than one, the gradients are added in another order each time, and results differ by rounding.

        Raises:
            InputError: the folder's checkpoint belongs to other data or other settings.
        """
        self.model, self.settings, self.folder = model, settings, folder
        self.position = Position()
        self._tokenizer, self._draw, self._workers = tokenizer, draw, workers
        self._batch = batch or round(_SLACK * settings.step / workers)
        self._pool = ThreadPoolExecutor(workers, initializer=lambda: torch.set_num_threads(1) if workers > 1 else None)
        self._weights = model.trained()
        kinds = [(".A", 1.0), (".B", settings.faster_b)]
        self._optimizer = torch.optim.AdamW(
            [
                {"params": [value for name, value in self._weights.items() if name.endswith(kind)], "faster": faster}
                for kind, faster in kinds
            ],
            betas=(0.9, 0.99),
            weight_decay=0.0,
            fused=True,
        )
        self._dev = {name: batches.encode(examples, tokenizer) for name, examples in (dev or {}).items()}
        self._stop = False
        folder.mkdir(parents=True, exist_ok=True)
        saved = newest(folder)
        state = read_checkpoint(saved) if saved else None
        if saved and state:
            self._check_settings(state["settings"], saved)
            self.position = Position(**state["position"])
        self._pass = self._plan()
        if saved and state:
            if state["data"] != batches.fingerprint(self._pass):
                raise InputError(f"{saved} was trained on other data: give it the same, or name another folder")
            adapter.restore(model, state["weights"])
            self._optimizer.load_state_dict(state["optimizer"])

    def start_from(self, state: Mapping[str, Any]) -> None:
        """Begin a run that has done nothing yet with the adapter of another, and its optimizer if the ranks are one.

        Args:
            state: a checkpoint, or the ``weights`` of an exported adapter alone; then ``before`` may tell how many
                tokens it was trained on.

        Raises:
            InputError: see `adapter.restore`.
        """
        if self.position.step:
            return
        adapter.restore(self.model, state["weights"])
        if "optimizer" in state and state["settings"]["rank"] == self.settings.rank:
            kept = [group["faster"] for group in self._optimizer.param_groups]
            self._optimizer.load_state_dict(state["optimizer"])
            for group, faster in zip(self._optimizer.param_groups, kept, strict=True):
                group["faster"] = faster
        position = state.get("position", {})
        self.position.before = state.get("before", 0) + position.get("before", 0) + position.get("tokens", 0)

    def _check_settings(self, saved: dict[str, Any], path: Path) -> None:
        changed = [
            name
            for name, value in asdict(self.settings).items()
            if name not in LENGTH_SETTINGS and saved.get(name) != value
        ]
        if changed:
            raise InputError(f"{path} was trained with another {', '.join(changed)}: name another folder")

    def _plan(self) -> list[list[Encoded]]:
        """Return the steps of the current pass; they depend on the data, the seed and the pass alone."""
        settings, number = self.settings, self.position.number
        encoded = batches.encode(self._draw(settings.seed, number), self._tokenizer, settings.most)
        plan = batches.steps(encoded, settings.step, settings.longest)
        if not plan:
            raise InputError("no example is left to train on")
        counts = Counter(token for step in plan for example in step for token in example.ids[example.prompt :])
        # Sorted, since the order of equal counts isn't told.
        common = sorted(counts, key=lambda token: (-counts[token], token))[: settings.frequent]
        self._frequent = torch.tensor(common)
        return plan

    def _steps(self) -> Iterator[list[Encoded]]:
        while True:
            yield from self._pass[self.position.start :]
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
        if not position.step:
            self._log(step=0, tokens=0, total=position.before, **self.dev_losses())
        while position.tokens < settings.tokens and not self._stop and done != most_steps:
            began, spent = time.monotonic(), time.process_time()
            before = position.tokens
            examples = next(steps)
            rate = rate_at(settings, position.tokens)
            loss, norm = self._step(examples, rate)
            position.step += 1
            position.start += 1
            position.tokens += sum(len(example.ids) for example in examples)
            done += 1
            tokens = position.tokens - before
            self._log(
                step=position.step,
                tokens=position.tokens,
                total=position.before + position.tokens,
                loss=round(loss, 4),
                norm=round(norm, 3),
                rate=rate,
                speed=round(tokens / (time.monotonic() - began), 1),
                speed_cpu=round(tokens / (time.process_time() - spent), 1),
            )
            if before < falls <= position.tokens:
                adapter.write_atomically(self.folder / STABLE, self._state())
            if position.step % dev_every == 0:
                total = position.before + position.tokens
                self._log(step=position.step, tokens=position.tokens, total=total, **self.dev_losses())
            if time.monotonic() - saved > save_every:
                self.save()
                saved = time.monotonic()
        self.save()

    def _step(self, examples: Sequence[Encoded], rate: float) -> tuple[float, float]:
        """Do one optimizer step; return the loss in nats a token and the norm of the gradient."""
        settings = self.settings
        for group in self._optimizer.param_groups:
            group["lr"] = rate * group["faster"]
        parts = list(batches.batches(examples, self._batch))
        total = float(sum(part.weights.sum() for part in parts))
        loss, slopes = self._gradients(parts, self._rows(parts))
        for weight, slope in zip(self._weights.values(), slopes, strict=True):
            weight.grad = slope.div_(total)
        norm = float(torch.nn.utils.clip_grad_norm_(self._weights.values(), settings.clip))
        if math.isfinite(norm):  # else one bad batch would ruin hours of work
            self._optimizer.step()
            list(self._pool.map(lambda linear: linear.merge(), self.model.all_linears()))
        self._optimizer.zero_grad()
        return loss / total, norm

    def _rows(self, parts: Sequence[PackedBatch]) -> Rows | None:
        settings = self.settings
        if not settings.sampled:
            return None
        generator = torch.Generator().manual_seed(hash((settings.seed, self.position.step)) % 2**63)
        labels = torch.cat([part.labels for part in parts])
        return Rows.sample(self.model.embedding, self._frequent, labels, settings.sampled, generator)

    def _gradients(self, parts: Sequence[PackedBatch], rows: Rows | None) -> tuple[float, list[Tensor]]:
        """Return the loss of batches and its gradients, both summed."""
        waiting: SimpleQueue[PackedBatch] = SimpleQueue()
        for part in parts:
            waiting.put(part)

        def work() -> tuple[float, list[Tensor]]:
            total = 0.0
            slopes = [torch.zeros_like(weight) for weight in self._weights.values()]
            while True:
                try:
                    part = waiting.get_nowait()
                except Empty:
                    return total, slopes
                loss = self.model.loss(part, rows)
                for slope, more in zip(slopes, torch.autograd.grad(loss, list(self._weights.values())), strict=True):
                    slope += more
                total += float(loss.detach())

        (loss, slopes), *others = [task.result() for task in [self._pool.submit(work) for _ in range(self._workers)]]
        for more_loss, more_slopes in others:
            loss += more_loss
            for slope, more in zip(slopes, more_slopes, strict=True):
                slope += more
        return loss, slopes

    def dev_losses(self) -> dict[str, float]:
        """Return, by name, the mean loss of the dev examples in nats a token of the answer, under the whole matrix."""

        def measure(part: PackedBatch) -> tuple[float, int]:
            with torch.no_grad():
                plain = replace(part, weights=torch.ones(len(part.labels)))
                return float(self.model.loss(plain)), len(part.labels)

        losses: dict[str, float] = {}
        for name, examples in self._dev.items():
            parts = batches.batches(examples, self._batch)
            found = list(self._pool.map(measure, parts))
            losses[f"dev {name}"] = round(sum(loss for loss, _ in found) / sum(count for _, count in found), 4)
        return losses

    def _state(self) -> dict[str, Any]:
        return {
            "settings": asdict(self.settings),
            "position": asdict(self.position),
            "data": batches.fingerprint(self._pass),
            "weights": {name: value.clone() for name, value in adapter.weights(self.model).items()},
            "optimizer": self._optimizer.state_dict(),
        }

    def save(self) -> Path:
        """Write a checkpoint from which a run continues as if it had never stopped; the one before is kept."""
        path = self.folder / LAST
        fresh = self.folder / "new.pt"
        adapter.write_atomically(fresh, self._state())
        if path.is_file():
            path.replace(self.folder / PREVIOUS)
        return fresh.replace(path)

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stop = True

    def _log(self, **values: Any) -> None:
        line = {"time": time.strftime("%Y-%m-%dT%H:%M:%S"), **values}
        with (self.folder / "log.jsonl").open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line) + "\n")
