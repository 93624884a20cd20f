"""Messages that were copied from a chat, or passed on: who wrote them when, and marks of bold and italic type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from summarizer.extraction.rules import rules_of
from summarizer.text.normalise import plain_text

# Most characters of who wrote a message and when.
_STAMP_LENGTH = 150
# WhatsApp's marks of bold, italic and struck text, one inside the other where a text has several of them; but not what
# stands in an address, or hides letters of a word ("b*ngs*t").
_MARKS = ("*", "_", "~")
_MOST_MARKS = 3
_MARKED = tuple(
    re.compile(rf"(?<![\w/.:#@]){re.escape(mark)}(?=[^\s{mark}])([^\n{mark}]++)(?<=\S){re.escape(mark)}(?![\w/])")
    for mark in _MARKS
)


def part_messages(lines: Sequence[str]) -> list[str]:
    """Return lines, with who wrote a message and when on a line above it, where a rule can take it."""
    return list(_parted(lines))


def _parted(lines: Sequence[str]) -> Iterator[str]:
    """Yield lines with the stamp of a message, where one begins with it, on a line of its own."""
    for line in lines:
        start, colon, _ = line[:_STAMP_LENGTH].partition(": ")
        if colon and is_stamp(plain_text(start).strip() + ":"):
            yield f"{start}:"
            yield line[len(start) + len(colon) :]
        else:
            yield line


def is_stamp(line: str) -> bool:
    """Tell whether a line says who wrote a message and when, and nothing else."""
    for rule in rules_of("line"):
        if rule.role == "message":
            return rule.pattern.fullmatch(line) is not None
    return False


def without_marks(text: str) -> str:
    """Return a text without a chat's marks of bold and italic type, if it is of messages or has a line in such type."""
    lines = list(map(str.strip, plain_text(text).split("\n")))
    if not any(map(_is_marked, lines)) and not any(map(is_stamp, lines)):
        return text
    for _ in range(_MOST_MARKS):
        for marked in _MARKED:
            text = marked.sub(r"\1", text)
    return text


def _is_marked(line: str) -> bool:
    """Tell whether a line of two words or more is marked as a whole; marks around one word may mean something else."""
    mark = line[:1]
    return (
        mark in _MARKS and line.endswith(mark) and not line[1:2].isspace() and not line[-2:-1].isspace() and " " in line
    )
