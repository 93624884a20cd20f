"""The prompt templates in ``prompts/``, filled in.

There is a folder for each way of prompting: ``few_shot`` shows the untrained model examples, ``adapter`` holds the
plain templates that the adapter was trained with. Training fills in the same templates.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

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
    """Read ``prompts/PROMPT_SET/TASK.toml``; training has tasks that `Task` doesn't know.

    In ``prompt``, ``{title}`` stands in front of ``{text}``. Examples are shown without it.

    Raises:
        FileNotFoundError: the set has no prompt for this task.
    """
    table = tomllib.loads(prompts_folder().joinpath(prompt_set, f"{task}.toml").read_text(encoding="utf-8"))
    before, _, suffix = table["prompt"].partition(_TEXT)
    answer: str = table["answer"]
    title: str = table["title"] if _TITLE in before else ""
    fixed, _, opening = before.rpartition(_TITLE) if title else (before, "", "")
    suffix = suffix.rstrip()
    shots = ""
    for example in table.get("examples", []):
        # str.replace, not str.format: a brace in an example is a brace.
        answered = answer.replace(ANSWER, example["answer"])
        shots += fixed + opening + example["text"] + suffix + answered + "\n"
    markers: list[str] = []
    for line in "\n".join((title, before.replace(_TITLE, ""), suffix)).split("\n"):
        marker = line.partition("{")[0].strip()
        if marker and marker not in markers:
            markers.append(marker)
    # White space at a seam goes to the text behind it: the tokenizer ties a space to the word that follows.
    return Prompt(
        prefix=shots + (fixed if title else fixed.rstrip()),
        suffix=suffix,
        markers=tuple(markers),
        title=title,
        opening=opening.rstrip(),
        target=answer,
    )
