"""What the adapter is trained on: the prompts that it is asked with, filled in, and the answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from summarizer.models.prompts import Prompt, load_prompt

Lesson = Literal["translate", "translate_en_id", "translate_back", "summarize", "abstract", "headline"]
"""A file of ``prompts/adapter``."""


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


_PAIRS: frozenset[Lesson] = frozenset({"translate", "translate_en_id", "translate_back"})


def template(lesson: Lesson) -> Prompt:
    """Return the template of a lesson."""
    return load_prompt("adapter", lesson)


def make_example(lesson: Lesson, text: str, answer: str = "", trusted: bool = False, **says: Any) -> Example:
    """Return a source text and its target text as an example.

    Args:
        lesson: what is learnt.
        text: the source text; it is put on one line, as at run time.
        answer: the target text.
        trusted: whether the answer is good for sure.
        says: what else the model is told: ``title`` and ``length`` of `Prompt.fill`.
    """
    filled = template(lesson)
    return Example(filled.fill(text, **says), filled.answer(answer), lesson in _PAIRS and not trusted)
