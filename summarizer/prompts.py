"""The prompt templates in ``prompts/``, filled in.

There is a folder for each way of prompting: ``few_shot`` shows the untrained model examples, ``adapter`` holds the
plain templates that the adapter was trained with.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

TEXT, ANSWER = "{text}", "{answer}"


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


def prompts_folder() -> Traversable:
    """Return the folder with the templates."""
    inside = files("summarizer").joinpath("prompts")
    # In a checkout the folder lies beside the package, in a wheel inside it.
    return inside if inside.is_dir() else files("summarizer").joinpath("..", "prompts")


@cache
def load_prompt(style: str, task: str) -> Prompt:
    """Read ``prompts/STYLE/TASK.toml``.

    What the template could say about the title and the length of an abstract is left out.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: ``prompt`` lacks ``{text}``, or ``answer`` lacks ``{answer}``.
    """
    table = tomllib.loads(prompts_folder().joinpath(style, f"{task}.toml").read_text(encoding="utf-8"))
    prompt: str = table["prompt"].replace("{title}", "").replace("{length}", "")
    answer: str = table["answer"]
    before, found, between = prompt.partition(TEXT)
    if not found or ANSWER not in answer:
        raise ValueError(f"{style}/{task}.toml: prompt must hold {TEXT}, and answer must hold {ANSWER}")
    # str.replace, not str.format: a brace in an example is a brace.
    shots = [
        before + example["text"] + between + answer.replace(ANSWER, example["answer"]) + "\n"
        for example in table.get("examples", [])
    ]
    markers = tuple(line.split(" ")[0] for line in prompt.split("\n"))
    # White space at a seam goes to the text behind it: the tokenizer ties a space to the word that follows.
    return Prompt(prefix="".join(shots) + before.rstrip(), suffix=between.rstrip(), markers=markers)
