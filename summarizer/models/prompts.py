"""The prompt templates in ``prompts/``, filled in.

There is a folder for each way of prompting: ``few_shot`` shows the untrained model examples, ``adapter`` holds the
plain templates that the adapter was trained with. Training fills in the same templates.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from summarizer.text.normalise import one_line

_TEXT = "{text}"
ANSWER = "{answer}"
_TITLE = "{title}"


@dataclass(frozen=True)
class Prompt:
    """What goes in front of and behind a source text so that a language model goes on with the target text.

    Attributes:
        prefix: the fixed part: the examples, and the template up to the source text, or to the title if it has a place.
        suffix: the template between the source text and the target text.
        markers: what opens the lines of the template; in a model's output it is remains of it.
        title: the line of the title, if it has a place.
        opening: the template between the title and the source text.
        target: the template of the target text, from the space in front of it to the newline that ends it.
    """

    prefix: str
    suffix: str
    markers: tuple[str, ...]
    title: str = ""
    opening: str = ""
    target: str = ANSWER

    def fill(self, text: str, title: str = "") -> str:
        """Return the whole prompt of a source text, up to where the model goes on."""
        return f"{self.prefix}{self.before(title)} {one_line(text)}{self.suffix}"

    def before(self, title: str = "") -> str:
        """Return what stands between the prefix and a source text.

        A title comes from outside: it is put on one line, and ends where it begins to look like a line of the template.
        """
        if not self.title:
            return self.opening
        marker = rf"(?<!\w)(?:{'|'.join(map(re.escape, self.markers))})"
        title = re.split(marker, one_line(title), maxsplit=1, flags=re.IGNORECASE)[0].strip()
        line = self.title.replace(_TITLE, title) if title else ""
        return line + self.opening


def prompts_folder() -> Traversable:
    """Return the folder with the templates."""
    inside = files("summarizer").joinpath("prompts")
    # In a checkout the folder lies beside the package, in a wheel inside it.
    return inside if inside.is_dir() else files("summarizer").joinpath("..", "prompts")


@cache
def load_prompt(prompt_set: str, task: str) -> Prompt:
    """Read the template of a task from ``prompts/PROMPT_SET/TASK.toml``.

    In its ``prompt``, ``{text}`` is the place of the source text. A ``{title}``, if there is one, stands in front of
    it, and is the place of the line that ``title`` gives. Examples are shown without a title.

    Args:
        prompt_set: folder in ``prompts``.
        task: name of the task; training has some that `Task` doesn't know.

    Raises:
        FileNotFoundError: the set has no prompt for this task.
    """
    file = prompts_folder().joinpath(prompt_set, f"{task}.toml")
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    answer: str = table["answer"]
    before_text, _, behind_text = table["prompt"].partition(_TEXT)
    suffix = behind_text.rstrip()
    title: str = table["title"] if _TITLE in before_text else ""
    if title:
        before_title, _, opening = before_text.rpartition(_TITLE)
        shots = _fill_shots(table, before_title + opening, suffix)
        prefix = shots + before_title
    else:
        opening = ""
        shots = _fill_shots(table, before_text, suffix)
        # White space at a seam goes to the text behind it: the tokenizer ties a space to the word that follows.
        prefix = shots + before_text.rstrip()
    return Prompt(
        prefix=prefix,
        suffix=suffix,
        markers=_find_markers(title, before_text.replace(_TITLE, ""), suffix),
        title=title,
        # As above, for the seam in front of the source text.
        opening=opening.rstrip(),
        target=answer,
    )


def _fill_shots(table: Mapping[str, Any], before_text: str, suffix: str) -> str:
    """Return the examples of a template one below the other, each filled in with its answer.

    Args:
        table: the template's file.
        before_text: what stands in front of an example's source text.
        suffix: what stands between it and its answer.
    """
    shots = ""
    for example in table.get("examples", []):
        # str.replace, not str.format: a brace in an example is a brace.
        answer = table["answer"].replace(ANSWER, example["answer"])
        shots += before_text + example["text"] + suffix + answer + "\n"
    return shots


def _find_markers(*parts: str) -> tuple[str, ...]:
    """Return what each line of a template's parts has in front of its first placeholder, such as "English:", once."""
    markers: list[str] = []
    for line in "\n".join(parts).split("\n"):
        marker = line.partition("{")[0].strip()
        if marker and marker not in markers:
            markers.append(marker)
    return tuple(markers)
