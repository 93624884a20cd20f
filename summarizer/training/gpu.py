"""Train on another machine, with a GPU, some minutes at a time: the script of a bundle (see `bundle`).

It needs torch and numpy. Everything else lies beside it in the bundle's folder: the base model, token arrays, and a
copy of `gemma`. ``python3 gpu.py --help`` tells the options. A command trains for some minutes, then measures the loss
on the dev sets and writes two things: ``state.pt`` in its own folder, from which the next command on the same machine
goes on, and, in parts that are small enough to be sent back, an adapter of low rank in 8 bits. On another machine the
next command can start from that (``--start``), without the optimizer's state.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from summarizer.training import gemma
from summarizer.training.gemma import Gemma, PackedBatch

META, BLOB, STATE, PACK = "meta.json", "blob.{:03d}", "state.pt", "adapter.{:02d}.pt"
_HEAVIEST = 12.0  # as `batches.HEAVIEST`


def cut(content: bytes, folder: Path, name: str, limit: int) -> list[Path]:
    """Write bytes into numbered files of limited size."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = [content[start : start + limit] for start in range(0, len(content), limit)]
    paths = [folder / name.format(number) for number in range(len(parts))]
    for path, part in zip(paths, parts, strict=True):
        path.write_bytes(part)
    return paths


def join(paths: Sequence[Path]) -> io.BytesIO:
    """Read what `cut` wrote."""
    return io.BytesIO(b"".join(path.read_bytes() for path in paths))


class Bundle:
    """The arrays of a bundle, by name: NumPy's file of them, cut into files of limited size."""

    def __init__(self, folder: Path) -> None:
        self.meta = json.loads((folder / META).read_text(encoding="utf-8"))
        paths = [folder / BLOB.format(number) for number in range(self.meta["blobs"])]
        if absent := [path.name for path in paths if not path.is_file()]:
            sys.exit(f"not here yet: {' '.join(absent)}")
        self._arrays = np.load(join(paths))

    def weights(self) -> dict[str, Tensor]:
        """Return the weights of the base, dequantised, in float32."""
        from gguf.constants import GGMLQuantizationType
        from gguf.quants import dequantize

        found = {}
        for name, kind in self.meta["weights"].items():
            value = torch.from_numpy(dequantize(self._arrays[name], GGMLQuantizationType(kind)).copy())
            # llama.cpp stores the factors of norms, transformers' Gemma their differences from one.
            found[name] = value - 1 if name.endswith("norm.weight") else value
        return found

    def examples(self, name: str) -> list[tuple[np.ndarray[Any, np.dtype[Any]], int]]:
        """Return tokens and the length of the prompt of each example."""
        ids, lengths, prompts = (self._arrays[f"{name}.{kind}"] for kind in ("ids", "lengths", "prompts"))
        ends = np.cumsum(lengths, dtype=np.int64)
        return list(zip(np.split(ids.astype(np.int64), ends[:-1]), map(int, prompts), strict=True))


Examples = list[tuple[np.ndarray[Any, np.dtype[Any]], int]]


def batches(examples: Examples, tokens: int, rng: random.Random | None) -> Iterator[PackedBatch]:
    """Yield batches of examples of like length, padded to one width each: a GPU wants few and large products.

    Args:
        examples: all.
        tokens: of a batch, with padding.
        rng: for the order; None to keep it, and to count every token of an answer alike.
    """
    shelves: dict[int, Examples] = {}
    for example in examples:
        shelves.setdefault(-(-len(example[0]) // 16) * 16, []).append(example)
    plan = []
    for width, shelf in sorted(shelves.items()):
        if rng:
            rng.shuffle(shelf)
        size = max(1, tokens // width)
        plan += [(width, shelf[start : start + size]) for start in range(0, len(shelf), size)]
    if rng:
        rng.shuffle(plan)
    for width, group in plan:
        yield _pad(group, width, weighted=rng is not None)


def _pad(group: Examples, width: int, weighted: bool) -> PackedBatch:
    ids = np.zeros((len(group), width), np.int64)
    wanted, weights = [], []
    for row, (tokens, prompt) in enumerate(group):
        ids[row, : len(tokens)] = tokens
        places = np.arange(prompt - 1, len(tokens) - 1) + row * width
        wanted.append(places)
        weight = min(_HEAVIEST, len(tokens) / (len(tokens) - prompt)) if weighted else 1.0
        weights.append(np.full(len(places), weight, np.float32))
    flat, at = torch.from_numpy(ids.reshape(-1)), torch.from_numpy(np.concatenate(wanted))
    prompts = tuple(prompt for _, prompt in group)
    return PackedBatch(
        flat, ((len(group), width),), prompts, at, flat[at + 1], torch.from_numpy(np.concatenate(weights))
    )


@torch.no_grad()
def dev_losses(model: Gemma, dev: Mapping[str, Examples], tokens: int, device: torch.device) -> dict[str, float]:
    """Return, by name, the mean loss of dev examples in nats a token of the answer."""
    losses = {}
    for name, examples in dev.items():
        parts = [part.to(device) for part in batches(examples, tokens, None)]
        total = sum(float(model.loss(part)) for part in parts)
        losses[name] = round(total / sum(len(part.labels) for part in parts), 4)
    return losses


def low_rank(model: Gemma, rank: int) -> dict[str, tuple[Tensor, Tensor]]:
    """Return what was learnt as an adapter: by layer, A and B of this rank.

    Of a model whose weights were trained themselves, these are the largest singular vectors of the difference.
    """
    found = {}
    for name, (linear, own, low) in model.parts().items():
        if linear.rank:
            found[name] = (linear.a.detach()[low], linear.b.detach()[own])
            continue
        left, values, right = torch.linalg.svd(
            linear.merged.detach()[own] - linear.base[own].float(), full_matrices=False
        )
        root = values[:rank].sqrt()
        found[name] = (root[:, None] * right[:rank], left[:, :rank] * root)
    return found


@torch.no_grad()
def apply(model: Gemma, values: Mapping[str, tuple[Tensor, Tensor]]) -> None:
    """Add an adapter to the base of a model whose weights are trained themselves, or set it as its adapter."""
    for name, (linear, own, low) in model.parts().items():
        a, b = (value.to(linear.base.device) for value in values[name])
        if linear.rank:
            linear.a[low][: len(a)] = a
            linear.b[own] = 0
            linear.b[own, : len(a)] = b
        else:
            linear.merged[own] = linear.base[own].float() + b @ a
    model.merge()


def to_bytes(values: Tensor) -> tuple[Tensor, Tensor]:
    """Round rows to 8 bits, each with a scale of its own; return both."""
    scale = values.abs().amax(1, keepdim=True).clamp_min(1e-12) / 127
    return (values / scale).round().to(torch.int8).cpu(), scale.float().cpu()


def pack(values: Mapping[str, tuple[Tensor, Tensor]], folder: Path, limit: int) -> list[Path]:
    """Write an adapter in 8 bits, in files of at most so many bytes."""
    content = io.BytesIO()
    torch.save({name: {"a": to_bytes(a), "b": to_bytes(b.t())} for name, (a, b) in values.items()}, content)
    return cut(content.getvalue(), folder, PACK, limit)


def unpack(folder: Path) -> dict[str, tuple[Tensor, Tensor]]:
    """Read what `pack` wrote."""
    content = join(sorted(folder.glob(PACK.replace("{:02d}", "*"))))
    found: dict[str, tuple[Tensor, Tensor]] = {}
    for name, entry in torch.load(content, weights_only=True).items():
        (a, a_scale), (b, b_scale) = entry["a"], entry["b"]
        found[name] = (a.float() * a_scale, (b.float() * b_scale).t())
    return found


class GpuRun:
    """What a command does, and where it stands: ``done`` tokens, ``step``, ``number`` of passes and ``start`` in it."""

    def __init__(self, options: argparse.Namespace, folder: Path) -> None:
        self.options, self.folder = options, folder
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        bundle = Bundle(folder)
        dtype = torch.bfloat16 if self.device.type == "cuda" else torch.float32
        weights = {name: value.to(self.device, dtype) for name, value in bundle.weights().items()}
        self.model = Gemma(bundle.meta["config"], weights, options.rank, options.seed, options.compile)
        self.examples = bundle.examples("train")
        self.dev = {name: bundle.examples(f"dev {name}") for name in bundle.meta["dev"]}
        self.trained = self.model.trained()
        self.optimizer = torch.optim.AdamW(
            self.trained.values(), lr=options.rate, betas=(0.9, 0.99), weight_decay=0.0, fused=True
        )
        self.at = {"done": 0, "step": 0, "number": 0, "start": 0}
        saved = folder / STATE
        if saved.is_file():
            state = torch.load(saved, weights_only=True, map_location=self.device)
            if state["rank"] != options.rank:
                sys.exit(f"{saved} is of rank {state['rank']}: name the same, or remove it")
            with torch.no_grad():
                for name, value in state["weights"].items():
                    self.trained[name].copy_(value)
            self.model.merge()
            self.optimizer.load_state_dict(state["optimizer"])
            self.at = state["at"]
        elif options.start:
            apply(self.model, unpack(options.start))

    def rate(self) -> float:
        """Return the learning rate: it rises, stays, and falls over the last part of the tokens."""
        options, done = self.options, self.at["done"]
        rising = (done + 1) / max(1, options.warmup)
        falling = (options.tokens - done) / max(1.0, options.decay * options.tokens)
        return float(options.rate * max(0.0, min(1.0, rising, falling)))

    def train(self) -> None:
        """Train until the minutes or the tokens are used up."""
        options, at = self.options, self.at
        began = told = time.monotonic()
        first = at["done"]
        while at["done"] < options.tokens:
            rng = random.Random(f"{options.seed} {at['number']}")  # noqa: S311
            plan = list(batches(list(self.examples), options.batch, rng))
            for number, start in enumerate(range(0, len(plan), options.accumulate)):
                parts = plan[start : start + options.accumulate]
                if number < at["start"]:
                    continue
                loss = self.step([part.to(self.device) for part in parts])
                at["start"], at["step"] = number + 1, at["step"] + 1
                at["done"] += sum(len(part.ids) for part in parts)
                now = time.monotonic()
                if now - told > options.tell:
                    speed = (at["done"] - first) / (now - began)
                    print(json.dumps({**at, "loss": round(loss, 4), "speed": round(speed)}), flush=True)
                    told = now
                if at["done"] >= options.tokens or now - began > 60 * options.minutes:
                    return
            at["number"], at["start"] = at["number"] + 1, 0

    def step(self, parts: Sequence[PackedBatch]) -> float:
        """Do one optimizer step on some batches; return the loss."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate()
        total, mean = sum(float(part.weights.sum()) for part in parts), 0.0
        for part in parts:
            loss = self.model.loss(part) / total
            loss.backward()  # type: ignore[no-untyped-call]
            mean += float(loss.detach())
        norm = torch.nn.utils.clip_grad_norm_(self.trained.values(), 1.0)
        if bool(torch.isfinite(norm)):
            self.optimizer.step()
            self.model.merge()
        self.optimizer.zero_grad()
        return mean

    def save(self) -> None:
        """Write the state for the next command on this machine."""
        scratch = self.folder / (STATE + ".partial")
        state = {
            "rank": self.options.rank,
            "weights": {name: value.detach() for name, value in self.trained.items()},
            "optimizer": self.optimizer.state_dict(),
            "at": self.at,
        }
        torch.save(state, scratch)
        scratch.replace(self.folder / STATE)

    def finish(self, out: Path) -> dict[str, Any]:
        """Measure, write the adapter that is sent back, and measure what is left of the model in it."""
        options = self.options
        report: dict[str, Any] = {**self.at, "dev": dev_losses(self.model, self.dev, options.batch, self.device)}
        pack(low_rank(self.model, options.keep), out, options.limit << 20)
        apply(self.model, unpack(out))
        report["dev packed"] = dev_losses(self.model, self.dev, options.batch, self.device)
        (out / "report.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
        return report


def main(arguments: list[str] | None = None) -> None:
    """Run one command."""
    parser = argparse.ArgumentParser(description="Train for some minutes, and write what comes back.")
    parser.add_argument("--minutes", type=float, default=8.0, help="of training; loading and measuring come on top")
    parser.add_argument("--tokens", type=int, default=200_000_000, help="of the whole run, padding included")
    parser.add_argument("--rank", type=int, default=0, help="of the adapter; 0 trains the weights themselves")
    parser.add_argument("--keep", type=int, default=128, help="rank of what is sent back of trained weights")
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--warmup", type=int, default=2_000_000, help="tokens in which the rate rises")
    parser.add_argument("--decay", type=float, default=0.3, help="part of the tokens, the last, in which it falls")
    parser.add_argument("--batch", type=int, default=12288, help="tokens of a batch, padding included")
    parser.add_argument("--accumulate", type=int, default=3, help="batches of a step")
    parser.add_argument("--limit", type=int, default=15, help="MiB of a file that is sent back")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=Path, help="folder with an adapter that was sent back, to start from")
    parser.add_argument("--out", type=Path, default=Path("out"))
    parser.add_argument("--tell", type=float, default=15.0, help="seconds between lines of the log")
    parser.add_argument("--chunk", type=int, default=4096, help="positions whose logits are held at a time")
    parser.add_argument("--compile", action="store_true")
    options = parser.parse_args(arguments)
    gemma.CHUNK = options.chunk
    run = GpuRun(options, Path(__file__).resolve().parent)
    print(json.dumps({"device": str(run.device), "examples": len(run.examples), **run.at}), flush=True)
    run.train()
    run.save()
    print(json.dumps(run.finish(options.out)), flush=True)


if __name__ == "__main__":
    main()
