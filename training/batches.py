"""Examples in tokens, grouped into the steps of a run, and a step's laid out as batches."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import torch

from training.gemma import PackedBatch

HEAVIEST = 12.0
"""Highest weight of an answer token: see `Encoded.weight`."""


@dataclass(frozen=True)
class Encoded:
    """An example in tokens.

    Attributes:
        ids: BOS, the prompt and the answer.
        prompt: tokens of BOS and the prompt.
        max_loss: what the answer may cost in nats, all tokens together; what costs more isn't learnt from.
        sentences: where the sentences of an article begin and end in ``ids``, if the lesson is which of them matter.
            Then there is no answer.
        belongs: how much each of them belongs to the article's abstract, 0 to 1.
    """

    ids: tuple[int, ...]
    prompt: int
    max_loss: float = math.inf
    sentences: tuple[tuple[int, int], ...] = ()
    belongs: tuple[float, ...] = ()

    @property
    def is_article(self) -> bool:
        """Whether it is an article, whose sentences are chosen among, and not a prompt with its answer."""
        return bool(self.belongs)

    @property
    def weight(self) -> float:
        """Weight of each answer token, or each sentence, in the loss of a step.

        An example counts as much as it has tokens, however long its answer or many its sentences. Answers of a word or
        two don't gain by it beyond `HEAVIEST`.
        """
        if self.is_article:
            return len(self.ids) / len(self.belongs)
        return min(HEAVIEST, len(self.ids) / (len(self.ids) - self.prompt))


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


def batches(examples: Sequence[Encoded], tokens: int, multiple: int = 1) -> Iterator[PackedBatch]:
    """Yield the batches of a step: those of articles, then the others, the longest examples of each first.

    Args:
        examples: of the step.
        tokens: of a batch at most, without padding; a single longer example makes a batch of its own.
        multiple: see `pack`.
    """
    batch: list[Encoded] = []
    total = 0
    for example in sorted(examples, key=_articles_then_longest):
        if batch:
            is_full = total + len(example.ids) > tokens
            is_of_other_kind = example.is_article != batch[0].is_article
            if is_full or is_of_other_kind:
                yield pack(batch, multiple)
                batch = []
                total = 0
        batch.append(example)
        total += len(example.ids)
    if batch:
        yield pack(batch, multiple)


def _articles_then_longest(example: Encoded) -> tuple[bool, int]:
    return (not example.is_article, -len(example.ids))


def pack(examples: Sequence[Encoded], multiple: int = 1) -> PackedBatch:
    """Lay examples one behind the other; those of one length must be neighbours to be attended to together.

    The label of a position is the token after it, where that belongs to the answer.

    Args:
        examples: in the order that is wanted.
        multiple: what lengths are padded to a multiple of.
    """
    ids: list[int] = []
    lengths: list[int] = []
    positions: list[int] = []
    owners: list[int] = []
    weights: list[float] = []
    sentences: list[tuple[int, int]] = []
    belongs: list[float] = []
    for number, example in enumerate(examples):
        start = len(ids)
        padded_length = math.ceil(len(example.ids) / multiple) * multiple
        ids += example.ids
        ids += [0] * (padded_length - len(example.ids))
        lengths.append(padded_length)
        answer_length = len(example.ids) - example.prompt
        # The last token of the prompt foretells the first one of the answer.
        first_label = start + example.prompt - 1
        positions += range(first_label, first_label + answer_length)
        owners += [number] * answer_length
        for first, end in example.sentences:
            sentences.append((start + first, start + end))
        belongs += example.belongs
        weighed_items = len(example.belongs) if example.is_article else answer_length
        weights += [example.weight] * weighed_items
    # How many neighbours have one length, and that length.
    groups: list[tuple[int, int]] = []
    for length, neighbours in groupby(lengths):
        groups.append((len(list(neighbours)), length))
    return PackedBatch(
        ids=torch.tensor(ids),
        groups=tuple(groups),
        prompts=tuple(example.prompt for example in examples),
        label_positions=torch.tensor(positions, dtype=torch.int64),
        owners=torch.tensor(owners, dtype=torch.int64),
        weights=torch.tensor(weights),
        max_loss=torch.tensor([example.max_loss for example in examples]),
        sentences=torch.tensor(sentences, dtype=torch.int64).view(-1, 2),
        belongs=torch.tensor(belongs),
    )


def fingerprint(plan: Sequence[Sequence[Encoded]]) -> str:
    """Return a digest of what all steps teach, in order: equal only for the same data, recipe and seed."""
    digest = hashlib.sha256()
    for step in plan:
        for example in step:
            digest.update(repr((example.prompt, example.ids, example.belongs, example.max_loss)).encode("ascii"))
        digest.update(b"\n")
    return digest.hexdigest()[:16]
