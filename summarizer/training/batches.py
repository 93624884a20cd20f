"""Turn examples into token batches of few shapes.

Examples of like length share a batch, so little is padded, and the shapes are few, since a CPU (oneDNN) prepares
each new shape of a matrix product once, which takes as long as a batch.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from summarizer.models.embedded.tokenizer import BOS, PAD
from summarizer.training.templates import Example

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer

WIDTHS = (32, 48, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 640, 768, 896, 1024, 1280)
"""Lengths in tokens that batches are padded to."""

IGNORED = -100
"""Label of a position without loss, torch's usual value."""


@dataclass(frozen=True)
class Encoded:
    """An example in tokens: ``ids`` begins with BOS and the prompt, ``prompt`` tokens in all, then the answer."""

    ids: tuple[int, ...]
    prompt: int


def encode(examples: Sequence[Example], tokenizer: Tokenizer) -> list[Encoded]:
    """Encode examples; prompt and answer apart, since at run time the prompt is encoded alone."""
    prompts = tokenizer.encode_batch([example.prompt for example in examples])
    answers = tokenizer.encode_batch([example.answer for example in examples])
    return [
        Encoded((BOS, *prompt.ids, *answer.ids), 1 + len(prompt.ids))
        for prompt, answer in zip(prompts, answers, strict=True)
    ]


def pack(encoded: Sequence[Encoded], tokens: int, longest: int, dice: random.Random) -> list[list[Encoded]]:
    """Group examples by length into batches, in random order.

    Args:
        encoded: examples; those longer than ``longest`` tokens are left out.
        tokens: of a batch, padding included; a single longer example makes a batch of its own.
        longest: at most the last of `WIDTHS`.
        dice: for the order of the batches.
    """
    shelves: dict[int, list[Encoded]] = {}
    for example in encoded:
        if len(example.ids) <= min(longest, WIDTHS[-1]):
            shelves.setdefault(width_of(len(example.ids)), []).append(example)
    batches: list[list[Encoded]] = []
    for width, shelf in sorted(shelves.items()):
        size = max(1, tokens // width)
        batches += [shelf[start : start + size] for start in range(0, len(shelf), size)]
    dice.shuffle(batches)
    return batches


def width_of(length: int) -> int:
    """Return the width that an example of this many tokens is padded to."""
    return next(width for width in WIDTHS if width >= length)


def tensors(batch: Sequence[Encoded]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return ids and labels of a batch, both int64 of shape (examples, width).

    The label of a position is the token after it where that belongs to the answer, else `IGNORED`. Padding
    stands at the end, so that causal attention never sees it and no mask is needed.
    """
    import torch

    width = width_of(max(len(example.ids) for example in batch))
    ids = torch.full((len(batch), width), PAD)
    labels = torch.full((len(batch), width), IGNORED)
    for row, example in enumerate(batch):
        length = len(example.ids)
        ids[row, :length] = torch.tensor(example.ids)
        labels[row, example.prompt - 1 : length - 1] = ids[row, example.prompt : length]
    return ids, labels


def fingerprint(batches: Sequence[Sequence[Encoded]]) -> str:
    """Return a digest of the tokens of all batches in order: equal only for the same data and seed."""
    digest = hashlib.sha256()
    for batch in batches:
        for example in batch:
            digest.update(repr((example.prompt, example.ids)).encode("ascii"))
        digest.update(b"\n")
    return digest.hexdigest()[:16]


def in_groups(batches: Sequence[list[Encoded]], size: int) -> Iterator[list[list[Encoded]]]:
    """Yield the batches of each step; the last step may have fewer."""
    for start in range(0, len(batches), size):
        yield list(batches[start : start + size])
