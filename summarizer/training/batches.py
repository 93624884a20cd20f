"""Turn examples into tokens, and the tokens of a step into batches without padding."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from summarizer.errors import ModelError
from summarizer.training.gemma import PackedBatch
from summarizer.training.templates import Example

if TYPE_CHECKING:
    from tokenizers import Tokenizer

HEAVIEST = 12.0
"""Highest weight of an answer token: see `weight`."""

SURPRISE = 8.0
"""Nats that an answer may cost as a whole beyond what its tokens may: one rare word costs as much."""


@dataclass(frozen=True)
class Encoded:
    """An example in tokens.

    Attributes:
        ids: BOS, the prompt and the answer.
        prompt: tokens of BOS and the prompt.
        most: what the answer may cost in nats, all tokens together; what costs more isn't learnt from.
    """

    ids: tuple[int, ...]
    prompt: int
    most: float = math.inf

    @property
    def weight(self) -> float:
        """Weight of each answer token in the loss of a step.

        An example counts as much as it has tokens, not as much as its answer has: abstracts of long articles have few
        tokens, and would hardly be heard among the translations. Answers of a word or two don't gain by it beyond
        `HEAVIEST`.
        """
        return min(HEAVIEST, len(self.ids) / (len(self.ids) - self.prompt))


def encode(examples: Sequence[Example], tokenizer: Tokenizer, most: float | None = None) -> list[Encoded]:
    """Encode examples; prompt and answer apart, since at run time the prompt is encoded alone.

    Args:
        examples: to encode.
        tokenizer: of the model.
        most: nats a token that the answers of pairs may cost, and `SURPRISE` beyond that as a whole; None for no limit.

    Raises:
        ModelError: the tokenizer isn't of a Gemma model.
    """
    bos = tokenizer.token_to_id("<bos>")
    if bos is None:
        raise ModelError("the tokenizer knows no <bos>: it is not of a Gemma model")
    prompts = tokenizer.encode_batch([example.prompt for example in examples])
    answers = tokenizer.encode_batch([example.answer for example in examples])
    return [
        Encoded(
            (bos, *prompt.ids, *answer.ids),
            1 + len(prompt.ids),
            most * len(answer.ids) + SURPRISE if most is not None and example.is_pair else math.inf,
        )
        for example, prompt, answer in zip(examples, prompts, answers, strict=True)
    ]


def steps(encoded: Sequence[Encoded], tokens: int, longest: int) -> list[list[Encoded]]:
    """Group examples in order into steps of about this many tokens; those longer than ``longest`` are left out."""
    groups: list[list[Encoded]] = []
    total = tokens
    for example in encoded:
        if len(example.ids) > longest:
            continue
        if total >= tokens:
            groups.append([])
            total = 0
        groups[-1].append(example)
        total += len(example.ids)
    return groups


def batches(examples: Sequence[Encoded], tokens: int) -> Iterator[PackedBatch]:
    """Yield the batches of a step, the longest examples first.

    Args:
        examples: of the step.
        tokens: of a batch at most; a single longer example makes a batch of its own.
    """
    kept: list[Encoded] = []
    total = 0
    for example in sorted(examples, key=lambda example: -len(example.ids)):
        if kept and total + len(example.ids) > tokens:
            yield tensors(kept)
            kept, total = [], 0
        kept.append(example)
        total += len(example.ids)
    if kept:
        yield tensors(kept)


def tensors(examples: Sequence[Encoded]) -> PackedBatch:
    """Lay examples one behind the other; those of one length must be neighbours to be attended to together.

    The label of a position is the token after it, where that belongs to the answer.
    """
    groups: list[tuple[int, int]] = []
    wanted: list[int] = []
    start = 0
    for example in examples:
        length = len(example.ids)
        count = groups.pop()[0] if groups and groups[-1][1] == length else 0
        groups.append((count + 1, length))
        wanted += range(start + example.prompt - 1, start + length - 1)
        start += length
    ids = torch.tensor([token for example in examples for token in example.ids])
    places = torch.tensor(wanted)
    weights = torch.tensor([example.weight for example in examples for _ in example.ids[example.prompt :]])
    most = torch.tensor([example.most for example in examples])
    return PackedBatch(
        ids, tuple(groups), tuple(example.prompt for example in examples), places, ids[places + 1], weights, most
    )


def fingerprint(plan: Sequence[Sequence[Encoded]]) -> str:
    """Return a digest of the tokens of all steps in order: equal only for the same data and seed."""
    digest = hashlib.sha256()
    for step in plan:
        for example in step:
            digest.update(repr((example.prompt, example.ids)).encode("ascii"))
        digest.update(b"\n")
    return digest.hexdigest()[:16]
