"""The prompts that the adapter is trained with: the data files of ``prompts/adapter``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any

from summarizer.errors import InputError
from summarizer.models.prompts import prompts_folder


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
    """Makes prompts and answers of both tasks.

    Raises:
        InputError: a file is missing or damaged.
    """

    def __init__(self, folder: Traversable | None = None) -> None:
        folder = folder or prompts_folder().joinpath("adapter")
        self._translate = _read(folder.joinpath("translate.toml"))
        self._summarize = _read(folder.joinpath("summarize.toml"))

    def translate(self, text: str, answer: str = "") -> Example:
        """Return the translation of an Indonesian text as an example."""
        return self._example(self._translate, answer, text=text)

    def summarize(self, text: str, answer: str = "", title: str = "", length: str = "") -> Example:
        """Return the abstract of an article as an example.

        Args:
            text: the body; it is put on one line, as at run time.
            answer: the abstract.
            title: the headline; empty if unknown.
            length: ``short``, ``medium`` or ``long``; empty to leave it open.
        """
        head = self._summarize["title"].format(title=title) if title else ""
        says = self._summarize["length"][length]["says"] if length else ""
        return self._example(self._summarize, answer, text=" ".join(text.split()), title=head, length=says)

    def length_of(self, abstract: str) -> str:
        """Return the name of an abstract's length."""
        words = len(abstract.split())
        lengths = self._summarize["length"]
        name: str = next((name for name, length in lengths.items() if words <= length["up_to"]), list(lengths)[-1])
        return name

    @staticmethod
    def _example(template: dict[str, Any], answer: str, **fields: str) -> Example:
        return Example(template["prompt"].format(**fields), template["answer"].format(answer=answer))


def _read(path: Traversable) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"cannot read the prompt {path}: {error}") from error
