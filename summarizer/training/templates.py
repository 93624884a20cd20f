"""The prompts that the adapter is trained with: the data files of ``prompts/adapter``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any

from summarizer.errors import InputError
from summarizer.models import Task
from summarizer.models.prompts import load_prompt, prompts_folder


@dataclass(frozen=True)
class Example:
    """What the model reads and what it is to answer.

    Attributes:
        prompt: text without loss.
        answer: text with loss, from the space after the prompt to the newline that ends it.
    """

    prompt: str
    answer: str


class Templates:
    """Makes prompts and answers of all tasks.

    Raises:
        InputError: a file is missing or damaged.
    """

    def __init__(self, folder: Traversable | None = None) -> None:
        folder = folder or prompts_folder().joinpath("adapter")
        self._translate, self._reverse, self._summarize, self._headline = (
            _read(folder.joinpath(f"{name}.toml")) for name in ("translate", "translate_en_id", "summarize", "headline")
        )

    def translate(self, text: str, answer: str = "", hints: str = "") -> Example:
        """Return the translation of an Indonesian text as an example.

        Args:
            text: Indonesian.
            answer: English.
            hints: see `lexicon.say_hints`; empty for none.
        """
        example = _example(self._translate, answer, text=text)
        head = self._translate["hints"].format(hints=hints) if hints else ""
        return Example(head + example.prompt, example.answer)

    def reverse(self, text: str, answer: str = "") -> Example:
        """Return the translation of an English text into Indonesian as an example."""
        return _example(self._reverse, answer, text=text)

    def headline(self, text: str, answer: str = "") -> Example:
        """Return the headline of an article as an example."""
        return _example(self._headline, answer, text=" ".join(text.split()))

    def summarize(self, text: str, answer: str = "", title: str = "", length: str = "", style: str = "") -> Example:
        """Return the abstract of an article as an example.

        Args:
            text: the body; it is put on one line, as at run time.
            answer: the abstract.
            title: the headline; empty if unknown.
            length: ``short``, ``medium`` or ``long``; empty to leave it open.
            style: ``free``; empty for the faithful one.
        """
        head = self._summarize["title"].format(title=title) if title else ""
        says = self._summarize["length"][length]["says"] if length else ""
        says += self._summarize["style"][style] if style else ""
        return _example(self._summarize, answer, text=" ".join(text.split()), title=head, length=says)

    def length_of(self, abstract: str) -> str:
        """Return the name of an abstract's length."""
        return load_prompt("adapter", Task.SUMMARIZE).length_of(abstract) or ""


def _example(template: dict[str, Any], answer: str, **fields: str) -> Example:
    return Example(template["prompt"].format(**fields), template["answer"].format(answer=answer))


def _read(path: Traversable) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"cannot read the prompt {path}: {error}") from error
