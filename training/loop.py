"""Train the adapter, on a CPU or a GPU: steps, schedule, checkpoints that resume at the step."""

from __future__ import annotations

import json
import math
import os
import pickle
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from itertools import chain
from pathlib import Path
from queue import Empty, SimpleQueue
from types import FrameType
from typing import Any

import torch
from torch import Tensor

from training import TrainingError
from training.batches import Encoded, batches, fingerprint, steps
from training.gemma import Gemma, PackedBatch, Rows
from training.settings import MAY_CHANGE, TrainingSettings, rate_at

LAST = "last.pt"
"""The checkpoint of a run."""
LOG = "log.jsonl"
DATA = "data.json"
"""What a run is trained on: `mixture.Mixture.describe`."""
BEFORE = "before.json"
"""The runs that a run's start comes from, the oldest first: ``settings`` and ``position`` of each."""


_SLACK = 1.075
"""A step is a little longer than its setting, since it ends with a whole example, and batches are never quite full."""

# What lengths are padded to a multiple of: a GPU wants few groups rather than few tokens.
_CUDA_MULTIPLE = 16


@dataclass
class Position:
    """How far a run has come."""

    step: int = 0
    tokens: int = 0
    before: int = 0  # tokens of the runs that this one went on from
    number: int = 0  # of the pass over the data
    start: int = 0  # steps of this pass already done
    seconds: float = 0.0  # spent on steps


def read_checkpoint(path: Path) -> dict[str, Any]:
    """Return what `Trainer.save` wrote.

    Raises:
        TrainingError: there is no checkpoint, or it is damaged.
    """
    try:
        state: dict[str, Any] = torch.load(path, weights_only=True, map_location="cpu")
    except (OSError, RuntimeError, ValueError, pickle.UnpicklingError, EOFError) as error:
        if isinstance(error, pickle.UnpicklingError):
            # What torch says of a pickle is how to run the code in it.
            reason = "it is damaged"
        else:
            reason = (str(error) or "it is cut off").splitlines()[0]
        raise TrainingError(f"cannot read the checkpoint {path}: {reason}") from error
    return state


def write_checkpoint(path: Path, state: Mapping[str, Any]) -> None:
    """Write a checkpoint; the file is the old or the new one, whole.

    A run goes on from ``settings``, ``position`` and ``weights`` alone, but without the state of the optimizer.
    """
    fresh = path.with_name("new.pt")
    with fresh.open("wb") as stream:
        torch.save(state, stream)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)


def _use_one_core() -> None:
    """Have products of this thread take one core: the other threads need theirs."""
    torch.set_num_threads(1)


class Trainer:
    """A run in a folder: `LAST` and `LOG`."""

    def __init__(
        self,
        model: Gemma,
        draw: Callable[[int], Sequence[Encoded]],
        settings: TrainingSettings,
        folder: Path,
        dev: Mapping[str, Sequence[Encoded]],
        batch: int | None = None,
        workers: int = 1,
    ) -> None:
        """Prepare a run, and continue it if the folder has a checkpoint.

        Args:
            model: with a fresh adapter.
            draw: returns the examples of a pass, given its number.
            settings: of the run.
            folder: of the run.
            dev: by name, examples whose loss is logged now and then.
            batch: tokens of a batch; a step has several, whose gradients are added. None for as many as give each
                thread one: the larger a product, the less time a token takes.
            workers: threads that take a step's batches one by one. They don't wait for each other before the end of the
                step, as the threads of a matrix product do at each, which is much faster on a busy machine. With more
                than one, the gradients are added in another order each time, and results differ by rounding.

        Raises:
            TrainingError: the folder's checkpoint belongs to other data or other settings.
        """
        self.model = model
        self.settings = settings
        self.folder = folder
        self.position = Position()
        self._draw = draw
        self._dev = dev
        self._workers = workers
        self._multiple = _CUDA_MULTIPLE if model.embedding.is_cuda else 1
        self._batch = batch or round(_SLACK * settings.step / workers)
        self._pool = ThreadPoolExecutor(workers, initializer=_use_one_core if workers > 1 else None)
        self._optimizer = torch.optim.AdamW(model.trained, betas=(0.9, 0.99), weight_decay=0.0, fused=True)
        self._is_stopped = False
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / LAST).is_file():
            self._continue(folder / LAST)
        else:
            self._plan = self._make_plan()

    def _continue(self, path: Path) -> None:
        """Go on from a checkpoint.

        Raises:
            TrainingError: it can't be read, or belongs to other data or other settings.
        """
        state = read_checkpoint(path)
        saved = state["settings"]
        changed: list[str] = []
        for name, value in asdict(self.settings).items():
            if name not in MAY_CHANGE and saved.get(name) != value:
                changed.append(name)
        if changed:
            raise TrainingError(f"{path} was trained with another {', '.join(changed)}: name another folder")
        self.position = Position(**state["position"])
        self._plan = self._make_plan()
        # A run that only starts from another's weights has neither the data nor the optimizer of that.
        if "data" in state and state["data"] != fingerprint(self._plan):
            raise TrainingError(f"{path} was trained on other data: give it the same, or name another folder")
        self.model.set_adapter(state["weights"])
        if "optimizer" in state:
            self._optimizer.load_state_dict(state["optimizer"])

    def _make_plan(self) -> list[list[Encoded]]:
        """Return the steps of the current pass; they depend on the data, the seed and the pass alone."""
        plan = steps(self._draw(self.position.number), self.settings.step, self.settings.longest)
        if not plan:
            raise TrainingError("no example is left to train on")
        counts: Counter[int] = Counter()
        for example in chain.from_iterable(plan):
            counts.update(example.ids[example.prompt :])
        # Equally frequent tokens are in the order of their numbers, so that all runs take the same.
        commonest_first = sorted(counts, key=lambda token: (-counts[token], token))
        self._frequent = torch.tensor(commonest_first[: self.settings.frequent], dtype=torch.int64)
        return plan

    def _steps(self) -> Iterator[list[Encoded]]:
        while True:
            yield from self._plan[self.position.start :]
            self.position.number += 1
            self.position.start = 0
            self._plan = self._make_plan()

    def train(self, save_every: float = 300.0, dev_every: int = 200, minutes: float = math.inf) -> bool:
        """Train until the tokens of the settings are used up.

        A SIGTERM or SIGINT ends the run after the step at hand, with a checkpoint.

        Args:
            save_every: seconds between checkpoints.
            dev_every: steps between dev losses.
            minutes: stop earlier, with a checkpoint, after the step in which these end.

        Returns:
            Whether the run is finished.
        """
        handlers: dict[signal.Signals, Any] = {}
        for asked in (signal.SIGTERM, signal.SIGINT):
            handlers[asked] = signal.signal(asked, self._ask_to_stop)
        try:
            self._train(save_every, dev_every, minutes)
        finally:
            for asked, handler in handlers.items():
                signal.signal(asked, handler)
        return self.position.tokens >= self.settings.tokens

    def _train(self, save_every: float, dev_every: int, minutes: float) -> None:
        """Take steps until the tokens of the settings are used up, the minutes have passed or somebody asks to stop.

        Arguments are those of `train`.
        """
        position = self.position
        began = time.monotonic()
        saved = began
        if position.tokens >= self.settings.tokens:
            return
        self._trim_log()
        if not position.step:
            self._log(**self.dev_losses())
        for examples in self._steps():
            started = time.monotonic()
            rate = rate_at(self.settings, position.tokens)
            loss, norm = self._step(examples, rate)
            now = time.monotonic()
            tokens = sum(len(example.ids) for example in examples)
            position.step += 1
            position.start += 1
            position.tokens += tokens
            position.seconds += now - started
            speed = round(tokens / (now - started), 1)
            self._log(loss=round(loss, 4), norm=round(norm, 3), rate=rate, speed=speed)
            if position.step % dev_every == 0:
                self._log(**self.dev_losses())
            if position.tokens >= self.settings.tokens or self._is_stopped or now - began >= 60 * minutes:
                break
            if now - saved > save_every:
                self.save()
                saved = time.monotonic()
        self.save()

    def _step(self, examples: Sequence[Encoded], rate: float) -> tuple[float, float]:
        """Do one optimizer step; return the loss in nats a token and the norm of the gradient."""
        self._optimizer.param_groups[0]["lr"] = rate
        parts = list(batches(examples, self._batch, self._multiple))
        total = float(sum(part.weights.sum() for part in parts))
        loss, grads = self._gradients(parts, self._rows(parts))
        for weight, grad in zip(self.model.trained, grads, strict=True):
            weight.grad = grad.div_(total)
        norm = float(torch.nn.utils.clip_grad_norm_(self.model.trained, self.settings.clip))
        if math.isfinite(norm):  # else one bad batch would ruin hours of work
            self._optimizer.step()
            merges = [self._pool.submit(linear.merge) for linear in self.model.linears]
            for merge in merges:
                merge.result()
        self._optimizer.zero_grad()
        return loss / total, norm

    def _rows(self, parts: Sequence[PackedBatch]) -> Rows | None:
        """Draw the rows of the output matrix that stand for all in this step; None to use all of them."""
        settings = self.settings
        if not settings.sampled:
            return None
        # Another one for each step, the same for each run; torch takes seeds of 63 bits.
        seed = hash((settings.seed, self.position.step)) % 2**63
        generator = torch.Generator().manual_seed(seed)
        labels = torch.cat([part.labels for part in parts])
        return Rows.sample(self.model.embedding, self._frequent, labels, settings.sampled, generator)

    def _gradients(self, parts: Sequence[PackedBatch], rows: Rows | None) -> tuple[float, list[Tensor]]:
        """Return the loss of batches and its gradients, both summed."""
        waiting: SimpleQueue[PackedBatch] = SimpleQueue()
        for part in parts:
            waiting.put(part)
        weights = self.model.trained
        device = self.model.embedding.device

        def work() -> tuple[float, list[Tensor]]:
            """Take batches until none waits; return the sums of their losses and gradients."""
            total = 0.0
            grads = [torch.zeros_like(weight) for weight in weights]
            while True:
                try:
                    part = waiting.get_nowait()
                except Empty:
                    return total, grads
                loss = self.model.loss(part.to(device), rows)
                grads_of_part = torch.autograd.grad(loss, weights, materialize_grads=True)
                for grad, more in zip(grads, grads_of_part, strict=True):
                    grad += more
                total += float(loss.detach())

        tasks = [self._pool.submit(work) for _ in range(self._workers)]
        loss, grads = tasks[0].result()
        for task in tasks[1:]:
            more_loss, more_grads = task.result()
            loss += more_loss
            for grad, more in zip(grads, more_grads, strict=True):
                grad += more
        return loss, grads

    def dev_losses(self) -> dict[str, float]:
        """Return, by name, the mean loss of the dev examples in nats a token of the answer, or a sentence."""

        def measure(part: PackedBatch) -> tuple[float, int]:
            """Return the loss of a batch whose items all have a weight of 1, and how many these are."""
            items = len(part.weights)
            unweighted = replace(part, weights=torch.ones(items)).to(self.model.embedding.device)
            with torch.no_grad():
                return float(self.model.loss(unweighted)), items

        losses: dict[str, float] = {}
        for name, examples in self._dev.items():
            total = 0.0
            items = 0
            parts = batches(examples, self._batch, self._multiple)
            for loss_of_part, items_of_part in self._pool.map(measure, parts):
                total += loss_of_part
                items += items_of_part
            losses[f"dev {name}"] = round(total / items, 4)
        return losses

    def save(self) -> None:
        """Write a checkpoint from which the run continues as if it had never stopped."""
        state = {
            "settings": asdict(self.settings),
            "position": asdict(self.position),
            "data": fingerprint(self._plan),
            "weights": {name: value.clone() for name, value in self.model.adapter().items()},
            "optimizer": self._optimizer.state_dict(),
        }
        write_checkpoint(self.folder / LAST, state)

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._is_stopped = True

    def _trim_log(self) -> None:
        """Drop what a run that was killed logged beyond its last checkpoint: those steps are done again."""
        path = self.folder / LOG
        step = self.position.step
        if path.is_file():
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            kept: list[str] = []
            for line in lines:
                is_whole = line.endswith("}\n")
                if step and is_whole and json.loads(line)["step"] <= step:
                    kept.append(line)
            path.write_text("".join(kept), encoding="utf-8")

    def _log(self, **values: Any) -> None:
        position = self.position
        where = {"step": position.step, "tokens": position.tokens, "total": position.before + position.tokens}
        line = {"time": time.strftime("%Y-%m-%dT%H:%M:%S"), **where, "seconds": round(position.seconds, 2), **values}
        with (self.folder / LOG).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line) + "\n")
