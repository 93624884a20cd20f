"""Go on with the run of a bundle on a machine with a GPU, some minutes at a time: ``python3 -m training.gpu --help``.

It runs in the folder that `bundle` wrote, needs torch and NumPy alone, and trains with the same `loop` as on a CPU. The
run lies in ``run``. What is sent back, ``log.jsonl`` and ``state.000`` and so on, holds the adapter in 8 bits, without
the optimizer's state; put into ``run`` of a fresh copy of the bundle, it is gone on from there.
"""

from __future__ import annotations

import argparse
import io
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from training.batches import Encoded
from training.gemma import Gemma
from training.loop import LAST, LOG, Trainer, read_checkpoint, write_checkpoint
from training.parts import from_bytes, read_parts, to_bytes, write_parts
from training.settings import TrainingSettings

META, BLOB, STATE, RUN = "bundle.json", "blob", "state", "run"


class Bundle:
    """What a bundle holds: the base model, examples and settings."""

    def __init__(self, folder: Path) -> None:
        self.meta: dict[str, Any] = json.loads((folder / META).read_text(encoding="utf-8"))
        self.settings = TrainingSettings(**self.meta["settings"])
        self._arrays = np.load(read_parts(folder, BLOB, self.meta["parts"]))
        self.dev = {name: self._examples(f"dev {name}") for name in self.meta["dev"]}
        self._train = self._examples("train")
        self._passes = np.split(self._arrays["order"], np.cumsum(self._arrays["passes"])[:-1])

    def weights(self) -> dict[str, Tensor]:
        """Return the weights of the base in float32."""
        return from_bytes({name: torch.from_numpy(self._arrays[name]) for name in self.meta["weights"]})

    def draw(self, number: int) -> list[Encoded]:
        """Return the examples of a pass."""
        return [self._train[at] for at in self._passes[number - self.meta["first"]]]

    def _examples(self, name: str) -> list[Encoded]:
        ids, lengths, prompts, losses = (
            self._arrays[f"{name}.{kind}"] for kind in ("ids", "lengths", "prompts", "loss")
        )
        rows = np.split(ids, np.cumsum(lengths, dtype=np.int64)[:-1])
        return [
            Encoded(tuple(row.tolist()), int(prompt), float(loss))
            for row, prompt, loss in zip(rows, prompts, losses, strict=True)
        ]


def send_state(state: Mapping[str, Any], folder: Path, limit: int) -> list[Path]:
    """Write a checkpoint, without the optimizer's state and with the adapter in 8 bits, in files of limited size."""
    content = io.BytesIO()
    kept = {name: value for name, value in state.items() if name != "optimizer"}
    torch.save({**kept, "weights": to_bytes(state["weights"])}, content)
    return write_parts(content.getvalue(), folder, STATE, limit)


def receive_state(folder: Path, run: Path) -> None:
    """Make the checkpoint of a run of what `send_state` wrote.

    Raises:
        TrainingError: there is none, or a part of it is missing.
    """
    state = read_checkpoint(read_parts(folder, STATE), folder)
    write_checkpoint(run / LAST, {**state, "weights": from_bytes(state["weights"])})


def main(arguments: list[str] | None = None) -> None:
    """Run one command."""
    parser = argparse.ArgumentParser(description="Train for some minutes, and write what is sent back.")
    parser.add_argument("--minutes", type=float, default=8.0, help="of training; loading and measuring come on top")
    parser.add_argument("--batch", type=int, help="tokens of a batch; without it, a step is one")
    parser.add_argument("--multiple", type=int, default=16, help="what lengths are padded to a multiple of")
    parser.add_argument("--dev-every", type=int, default=200, help="steps between dev losses")
    parser.add_argument("--limit", type=float, default=15, help="MiB of a file that is sent back")
    parser.add_argument("--out", type=Path, default=Path("out"), help="folder of what is sent back")
    parser.add_argument("--compile", action="store_true", help="compile what lies between products")
    options = parser.parse_args(arguments)
    folder = Path(__file__).resolve().parent.parent
    run = folder / RUN
    if not (run / LAST).is_file() and any(run.glob(f"{STATE}.*")):
        receive_state(run, run)
    bundle = Bundle(folder)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    dtype = torch.bfloat16 if device.type == "cuda" else torch.float32
    weights = {name: value.to(device, dtype) for name, value in bundle.weights().items()}
    settings = bundle.settings
    model = Gemma(bundle.meta["config"], weights, settings.rank, settings.seed, options.compile)
    trainer = Trainer(model, bundle.draw, settings, run, bundle.dev, options.batch, 1, options.multiple)
    print(f"from step {trainer.position.step}, on {device}", flush=True)
    trainer.train(dev_every=options.dev_every, minutes=options.minutes)
    losses = trainer.dev_losses()
    print(f"step {trainer.position.step}, {trainer.position.tokens:,} tokens, {losses}", flush=True)
    send_state(read_checkpoint(run / LAST), options.out, int(options.limit * 2**20))
    shutil.copy(run / LOG, options.out / LOG)


if __name__ == "__main__":
    main()
