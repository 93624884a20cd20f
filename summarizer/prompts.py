"""The prompt templates in ``prompts/``, filled in."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

SOURCE, TARGET = "{source}", "{target}"


@dataclass(frozen=True)
class Prompt:
    """What goes in front of and behind a source text so that a language model goes on with the target text.

    Attributes:
        prefix: the fixed part: the examples, and the template up to the source text.
        suffix: the template between the source text and the target text.
        markers: the words that open a line of the template; in a model's output they are remains of it.
    """

    prefix: str
    suffix: str
    markers: tuple[str, ...]


def _folder() -> Traversable:
    inside = files("summarizer").joinpath("prompts")
    # In a checkout the folder lies beside the package, in a wheel inside it.
    return inside if inside.is_dir() else files("summarizer").joinpath("..", "prompts")


@cache
def load_prompt(task: str) -> Prompt:
    """Read ``prompts/TASK.toml``.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the template lacks ``{source}`` or ``{target}``, or doesn't end with the latter.
    """
    table = tomllib.loads(_folder().joinpath(f"{task}.toml").read_text(encoding="utf-8"))
    template: str = table["template"]
    before, found, rest = template.partition(SOURCE)
    between, found_target, after = rest.partition(TARGET)
    if not found or not found_target or after:
        raise ValueError(f"the template of {task}.toml must hold {SOURCE} and end with {TARGET}")
    shots = [
        before + example["source"] + between + example["target"] + table["separator"]
        for example in table.get("examples", [])
    ]
    markers = tuple(line.split(" ")[0] for line in template.split("\n"))
    # White space at a seam goes to the text behind it: the tokenizer ties a space to the word that follows.
    return Prompt(prefix="".join(shots) + before.rstrip(), suffix=between.rstrip(), markers=markers)
