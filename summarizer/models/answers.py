"""Make sure that a model answers what `TextModel` and `Judge` say: another's model may return anything."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence, Sized
from dataclasses import replace
from typing import Any, TypeVar

from summarizer.errors import InputError, ModelError
from summarizer.models.base import Advance, CutWeights, Generation, Request, Task, TextModel
from summarizer.text.normalise import one_line, plain_text, require_characters

Answers = TypeVar("Answers")

Scores = tuple[float, ...]


def generate_texts(
    model: TextModel, task: Task, requests: Sequence[Request], *, advance: Advance = lambda count: None
) -> list[Generation]:
    """Have a model write the target text of each request, as `TextModel.generate` does, and make sure that it did.

    Returns:
        what it wrote, each text on one line and without control characters.

    Raises:
        ModelError: the model can't go on, or wrote something else than a text for each request, or its scores are no
            finite numbers.
    """
    written = require_answers(model.name, "texts", model.generate(task, requests, advance=advance), len(requests))
    return [_require_generation(model.name, generation) for generation in written]


def require_answers(name: str, what: str, answers: Answers, count: int) -> Answers:
    """Return what a model answered, if there is an answer for each thing that it was asked.

    Args:
        name: the model's.
        what: it returns, in the plural.
        answers: that it returned.
        count: how many it was asked for.

    Raises:
        ModelError: there are more or fewer, or they are no list.
    """
    if not isinstance(answers, Sized):
        raise _at_fault(f"the model {name} returned {type(answers).__name__}, not a list of {what}")
    if len(answers) != count:
        raise _at_fault(f"the model {name} returned {len(answers)} {what}, not {count}")
    return answers


def require_scores(name: str, scores: Iterable[float]) -> Scores:
    """Return scores that a model gave, which may be numpy's or torch's, as numbers of Python.

    Raises:
        ModelError: one of them is no finite number.
    """
    try:
        numbers = tuple(map(float, scores))
    except (TypeError, ValueError) as error:
        raise _at_fault(f"the model {name} returned a score that is no number") from error
    for number in numbers:
        if not math.isfinite(number):
            raise _at_fault(f"the model {name} returned {number} as a score, which must be finite")
    return numbers


def require_cut_weights(name: str, weights: Sequence[CutWeights], sentences: Sequence[str]) -> None:
    """Make sure that a model weighed the cuts of each sentence, or of none.

    Args:
        name: the model's.
        weights: what it returned for some sentences.
        sentences: these.

    Raises:
        ModelError: there are other weights than those of each word of each sentence.
    """
    require_answers(name, "weights of sentences", weights, len(sentences))
    for weighed, sentence in zip(weights, sentences, strict=True):
        nodes = len(sentence.split()) + 2
        for table in ("steps", "stands"):
            values: Any = getattr(weighed, table, None)
            if getattr(values, "shape", None) != (nodes, nodes):
                raise _at_fault(f"the model {name} returned no array of {nodes} x {nodes} {table} for a sentence")
            # Steps back are worth minus infinity; what is no number is less than nothing else.
            if not bool((values < math.inf).all()):
                raise _at_fault(f"the model {name} returned {table} that are no numbers, or without end")


def _require_generation(name: str, generation: Generation) -> Generation:
    """Return what a model wrote, on one line and without control characters.

    Raises:
        ModelError: it is no text, or its scores are no finite numbers.
    """
    if not isinstance(generation, Generation) or not isinstance(generation.text, str):
        kind = type(getattr(generation, "text", generation)).__name__
        raise _at_fault(f"the model {name} returned {kind} where it should return a text")
    if not isinstance(generation.others, Sequence):
        raise _at_fault(f"the model {name} returned {type(generation.others).__name__}, not a list of other texts")
    try:
        require_characters(generation.text, f"text that the model {name} wrote")
    except InputError as error:
        raise _at_fault(str(error)) from None
    score = None if generation.score is None else require_scores(name, [generation.score])[0]
    token_scores = _require_scores_or_none(name, generation.token_scores)
    tokens = None
    if generation.tokens is not None:
        tokens = tuple(map(_plain_token, generation.tokens))
        if token_scores is not None:
            require_answers(name, "scores of tokens", token_scores, len(tokens))
    return replace(
        generation,
        text=_plain(generation.text),
        score=score,
        token_scores=token_scores,
        tokens=tokens,
        source_scores=_require_scores_or_none(name, generation.source_scores),
        others=tuple(_require_generation(name, other) for other in generation.others),
    )


def _require_scores_or_none(name: str, scores: Scores | None) -> Scores | None:
    """Return what `require_scores` does, or None if there are no scores."""
    return None if scores is None else require_scores(name, scores)


def _plain(text: str) -> str:
    """Return a text on one line and without control characters; one that is so already stays as it is."""
    return text if text.isprintable() else one_line(text)


def _plain_token(token: str) -> str:
    """Return the text of a token, which reasons for a doubt may quote, without line ends and control characters."""
    return token if token.isprintable() else plain_text(token).replace("\n", " ")


def _at_fault(message: str) -> ModelError:
    """Return the error for a model that doesn't do what it should."""
    return ModelError(message, advice="use another model, or tell whoever made it")
