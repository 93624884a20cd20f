"""The prompt templates in ``prompts/``, filled in.

There is a folder for each way of prompting: ``few_shot`` shows the untrained model examples, ``adapter`` holds the
plain templates that the adapter was trained with. Training fills in the same templates: `Prompt.fill` and
`Prompt.answer`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from summarizer.models.base import LENGTHS, Length
from summarizer.text.normalise import one_line

TEXT, ANSWER, TITLE, LENGTH = "{text}", "{answer}", "{title}", "{length}"


@dataclass(frozen=True)
class Prompt:
    """What goes in front of and behind a source text so that a language model goes on with the target text.

    Attributes:
        prefix: the fixed part: the examples, and the template up to the source text, or to the title if it has a place.
        suffix: the template between the source text and the target text.
        markers: what opens the lines of the template; in a model's output it is remains of it.
        title: the line of the title, which is filled in for ``{title}``; empty if there is no place for it.
        opening: the template between the title and the source text; empty if there is no place for a title.
        suffixes: what takes the place of the suffix, by length; empty if none can be said.
        target: the template of the target text, from the space in front of it to the newline that ends it.
        up_to: the most words of a target text of each length; empty if no length can be asked for.
    """

    prefix: str
    suffix: str
    markers: tuple[str, ...]
    title: str = ""
    opening: str = ""
    suffixes: Mapping[Length | None, str] = field(default_factory=dict)
    target: str = ANSWER
    up_to: Mapping[Length, int] = field(default_factory=dict)

    def fill(self, text: str, title: str = "", length: Length | None = None) -> str:
        """Return the whole prompt of a source text, up to where the model goes on.

        Args:
            text: the source text; it is put on one line.
            title: as for `before`.
            length: as for `behind`.
        """
        return f"{self.prefix}{self.before(title)} {one_line(text)}{self.behind(length)}"

    def answer(self, text: str) -> str:
        """Return a target text as the model is to write it behind the prompt."""
        return self.target.replace(ANSWER, text)

    def length_of(self, text: str) -> Length | None:
        """Return what length a target text has; None if no length can be asked for."""
        words = len(text.split())
        return next(
            (length for length, most in self.up_to.items() if words <= most), LENGTHS[-1] if self.up_to else None
        )

    def before(self, title: str = "") -> str:
        """Return what stands between the prefix and a source text.

        Args:
            title: the title of the source text, as it came from outside. It is put on one line, and ends where it
                begins to look like a line of the template.
        """
        if not self.title:
            return self.opening
        marker = rf"(?<!\w)(?:{'|'.join(map(re.escape, self.markers))})"
        title = re.split(marker, one_line(title), maxsplit=1, flags=re.IGNORECASE)[0].strip()
        return (self.title.replace(TITLE, title) if title else "") + self.opening

    def behind(self, length: Length | None = None) -> str:
        """Return what stands between a source text and a target text of some length."""
        return self.suffixes.get(length, self.suffix)


def prompts_folder() -> Traversable:
    """Return the folder with the templates."""
    inside = files("summarizer").joinpath("prompts")
    # In a checkout the folder lies beside the package, in a wheel inside it.
    return inside if inside.is_dir() else files("summarizer").joinpath("..", "prompts")


def has_prompt(style: str, task: str) -> bool:
    """Tell whether there is a ``prompts/STYLE/TASK.toml``."""
    return prompts_folder().joinpath(style, f"{task}.toml").is_file()


@cache
def load_prompt(style: str, task: str) -> Prompt:
    """Read ``prompts/STYLE/TASK.toml``; training has tasks that `Task` doesn't know.

    Examples are shown without a title, and without a length.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: ``prompt`` lacks ``{text}``, or ``answer`` lacks ``{answer}``; ``prompt`` holds ``{title}``, but not
            in front of ``{text}``, or without a ``title`` that holds it; or it holds ``{length}``, but not behind
            ``{text}``, or without all of the lengths.
    """
    table = tomllib.loads(prompts_folder().joinpath(style, f"{task}.toml").read_text(encoding="utf-8"))
    prompt: str = table["prompt"]
    answer: str = table["answer"]
    title: str = table.get("title", "") if TITLE in prompt else ""
    says = {name: str(table.get("length", {}).get(name, {}).get("says", "")) for name in LENGTHS}
    before, found, between = prompt.partition(TEXT)
    if not found or ANSWER not in answer:
        raise ValueError(f"{style}/{task}.toml: prompt must hold {TEXT}, and answer must hold {ANSWER}")
    if TITLE in between or (TITLE in before and TITLE not in title):
        raise ValueError(f"{style}/{task}.toml: {TITLE} must stand in front of {TEXT}, and title must hold {TITLE}")
    if LENGTH in before or (LENGTH in between and not all(says.values())):
        raise ValueError(f"{style}/{task}.toml: {LENGTH} must stand behind {TEXT}, and say {', '.join(LENGTHS)}")
    fixed, _, opening = before.rpartition(TITLE) if title else (before, "", "")
    suffix = between.replace(LENGTH, "").rstrip()
    suffixes: dict[Length | None, str] = {
        length: between.replace(LENGTH, said).rstrip()
        for length, said in ((None, ""), *says.items())
        if LENGTH in between
    }
    # str.replace, not str.format: a brace in an example is a brace.
    shots = [
        fixed + opening + example["text"] + suffix + answer.replace(ANSWER, example["answer"]) + "\n"
        for example in table.get("examples", [])
    ]
    lines = "\n".join((title, before.replace(TITLE, ""), suffix, *suffixes.values())).split("\n")
    markers = dict.fromkeys(line.partition("{")[0].strip() for line in lines)
    # White space at a seam goes to the text behind it: the tokenizer ties a space to the word that follows.
    return Prompt(
        prefix="".join(shots) + (fixed if title else fixed.rstrip()),
        suffix=suffix,
        markers=tuple(marker for marker in markers if marker),
        title=title,
        opening=opening.rstrip(),
        suffixes=suffixes,
        target=answer,
        up_to={name: int(table["length"][name]["up_to"]) for name in LENGTHS if LENGTH in between},
    )
