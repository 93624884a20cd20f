"""What the adapter is trained on: the prompts that it is asked with, filled in, and the answers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tokenizers import Tokenizer

from summarizer.models.prompts import ANSWER, load_prompt
from training import TrainingError
from training.batches import Encoded

Lesson = Literal["translate", "translate_en_id"]
"""A file of ``prompts/adapter``."""

SURPRISE = 8.0
"""Nats that an answer may cost as a whole beyond what its tokens may: one rare word costs as much."""


@dataclass(frozen=True)
class Example:
    """What the model reads and what it is to answer.

    Attributes:
        prompt: text without loss.
        answer: text with loss, from the space after the prompt to the newline that ends it.
        is_pair: whether the answer is somebody's translation of the text, which may be a poor one.
    """

    prompt: str
    answer: str
    is_pair: bool = False


@dataclass(frozen=True)
class Choice:
    """An article, and the places of the sentences that belong to its abstract."""

    title: str
    sentences: tuple[str, ...]
    best: tuple[int, ...]


def make_example(lesson: Lesson, text: str, answer: str = "", trusted: bool = False) -> Example:
    """Return a text, put on one line as at run time, and its answer, as a lesson has them.

    Args:
        lesson: what is learnt.
        text: the source text.
        answer: the target text.
        trusted: whether the answer is good for sure.
    """
    prompt = load_prompt("adapter", lesson)
    return Example(prompt.fill(text), prompt.target.replace(ANSWER, answer), is_pair=not trusted)


def _encode_choice(choice: Choice, tokenizer: Tokenizer) -> Encoded:
    """Encode an article as the model reads it at run time to say how much each sentence matters."""

    def tokens(text: str) -> list[int]:
        ids: list[int] = tokenizer.encode(text).ids
        return ids

    prompt = load_prompt("adapter", "summarize")
    ids = [_bos(tokenizer), *tokens(prompt.prefix), *tokens(prompt.before(choice.title))]
    bounds = []
    for sentence in choice.sentences:
        start = len(ids)
        ids += tokens(f" {sentence}")
        bounds.append((start, len(ids)))
    ids += tokens(prompt.suffix)
    belongs = tuple(float(place in choice.best) for place in range(len(choice.sentences)))
    return Encoded(tuple(ids), len(ids), sentences=tuple(bounds), belongs=belongs)


def _bos(tokenizer: Tokenizer) -> int:
    bos: int | None = tokenizer.token_to_id("<bos>")
    if bos is None:
        raise TrainingError("the tokenizer knows no <bos>: it is not of a Gemma model")
    return bos


def load_tokenizer(checkpoint: Path) -> Tokenizer:
    """Return the tokenizer of a converted checkpoint; it adds no control tokens."""
    return Tokenizer.from_file(str(checkpoint / "tokenizer.json"))


def encode(examples: Sequence[Example | Choice], tokenizer: Tokenizer, max_loss: float | None = None) -> list[Encoded]:
    """Encode examples; prompt and answer apart, since at run time the prompt is encoded alone.

    Args:
        examples: to encode.
        tokenizer: of the model.
        max_loss: nats a token that the answers of pairs may cost, and `SURPRISE` beyond that as a whole; None for no
            limit.

    Raises:
        TrainingError: the tokenizer isn't of a Gemma model.
    """
    bos = _bos(tokenizer)

    def one(example: Example | Choice) -> Encoded:
        if isinstance(example, Choice):
            return _encode_choice(example, tokenizer)
        prompt, answer = tokenizer.encode(example.prompt).ids, tokenizer.encode(example.answer).ids
        costs = max_loss * len(answer) + SURPRISE if max_loss is not None and example.is_pair else math.inf
        return Encoded((bos, *prompt, *answer), 1 + len(prompt), costs)

    return [one(example) for example in examples]
