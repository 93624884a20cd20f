"""How text is shown on a terminal: its width, its colours, and doubts as notes below it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from summarizer.output.doubts import SECOND_CHOICE
from summarizer.output.fields import Fields

Colorize = Callable[[str, str], str]
"""Colours a text for a terminal: takes it and the name of the colour."""

# The space keeps a mark on the line of its sentence.
_MARK = re.compile("\N{NO-BREAK SPACE}\\[\\d+\\]")


def plain(text: str, _colour: str) -> str:
    """Return a text as it is."""
    return text


@dataclass(frozen=True)
class Look:
    """How text is shown: what colours it, and its width in characters; with a width of None, it isn't wrapped."""

    colorize: Colorize = plain
    width: int | None = None

    def wrap(self, text: str, indent: str = "") -> str:
        """Wrap each line of a text at words; all but its first line begin with the indent."""
        if self.width is None:
            return text
        lines: list[str] = []
        for line in text.split("\n"):
            wrapped = textwrap.wrap(
                line, self.width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
            )
            lines.extend(wrapped or [""])
        return "\n".join(lines)


PLAIN = Look()
"""Neither colours nor wraps."""


@dataclass
class Notes:
    """Marks doubtful sentences with ``[1]``, ``[2]`` and so on, and keeps what is to be said of each."""

    look: Look
    _waiting: list[str] = field(default_factory=list)
    _count: int = 0

    def mark(self, sentences: Sequence[Fields]) -> str:
        """Return a line of a translation, wrapped, with a mark behind each doubtful sentence."""
        parts = []
        for sentence in sentences:
            text = sentence["translation"]
            if sentence["doubtful"]:
                self._count += 1
                text = f"{text}\N{NO-BREAK SPACE}[{self._count}]".lstrip("\N{NO-BREAK SPACE}")
                self._waiting.append(self._note(sentence))
            parts.append(text)
        wrapped = self.look.wrap(" ".join(parts))
        return _MARK.sub(lambda mark: " " + self.look.colorize(mark.group()[1:], "yellow"), wrapped)

    def take(self) -> list[str]:
        """Return the notes on what was marked since they were last taken."""
        notes = self._waiting
        self._waiting = []
        return notes

    def take_block(self) -> list[str]:
        """Return the same notes as one block of text; no block where there are none."""
        notes = self.take()
        return ["\n".join(notes)] if notes else []

    def _note(self, sentence: Fields) -> str:
        """Return the note of the sentence that was counted last: its reasons, and another translation."""
        number = f"[{self._count}]"
        indent = " " * (len(number) + 1)
        reasons = "; ".join(sentence["reasons"]) or "it may be wrong"
        lines = [self.look.wrap(f"{number} {reasons}", indent)]
        alternative = sentence.get("alternative")
        if alternative:
            lines.append(self.look.wrap(f"{indent}{SECOND_CHOICE}: {alternative}", indent))
        return self.look.colorize("\n".join(lines), "yellow")
