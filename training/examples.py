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
    prompt = load_prompt("adapter", "summarize")
    ids = [_bos(tokenizer)]
    ids += tokenizer.encode(prompt.prefix).ids
    ids += tokenizer.encode(prompt.before(choice.title)).ids
    bounds: list[tuple[int, int]] = []
    belongs: list[float] = []
    for place, sentence in enumerate(choice.sentences):
        start = len(ids)
        ids += tokenizer.encode(f" {sentence}").ids
        bounds.append((start, len(ids)))
        belongs.append(1.0 if place in choice.best else 0.0)
    ids += tokenizer.encode(prompt.suffix).ids
    return Encoded(tuple(ids), prompt=len(ids), sentences=tuple(bounds), belongs=tuple(belongs))


def _encode_example(example: Example, tokenizer: Tokenizer, max_loss: float | None) -> Encoded:
    """Encode a prompt and its answer apart, since at run time the prompt is encoded alone; see `encode`."""
    prompt = tokenizer.encode(example.prompt).ids
    answer = tokenizer.encode(example.answer).ids
    most = math.inf
    if example.is_pair and max_loss is not None:
        most = max_loss * len(answer) + SURPRISE
    return Encoded((_bos(tokenizer), *prompt, *answer), prompt=1 + len(prompt), max_loss=most)


def _bos(tokenizer: Tokenizer) -> int:
    """Return the token that begins every text.

    Raises:
        TrainingError: there is none.
    """
    bos: int | None = tokenizer.token_to_id("<bos>")
    if bos is None:
        raise TrainingError("the tokenizer knows no <bos>: it is not of a Gemma model")
    return bos


def load_tokenizer(checkpoint: Path) -> Tokenizer:
    """Return the tokenizer of a converted checkpoint; it adds no control tokens."""
    return Tokenizer.from_file(str(checkpoint / "tokenizer.json"))


def encode(examples: Sequence[Example | Choice], tokenizer: Tokenizer, max_loss: float | None = None) -> list[Encoded]:
    """Return examples as tokens, in their order.

    Args:
        examples: to encode.
        tokenizer: of the model.
        max_loss: nats a token that the answers of pairs may cost, and `SURPRISE` beyond that as a whole; None for no
            limit.

    Raises:
        TrainingError: the tokenizer isn't of a Gemma model.
    """
    encoded: list[Encoded] = []
    for example in examples:
        if isinstance(example, Choice):
            encoded.append(_encode_choice(example, tokenizer))
        else:
            encoded.append(_encode_example(example, tokenizer, max_loss))
    return encoded
