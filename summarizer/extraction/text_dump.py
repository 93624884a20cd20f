"""Undo what programs do to a page when they save it as text: wrapped lines, numbered links, Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from summarizer.text.normalise import normalize_line_ends, plain_text

_WIDTHS = range(50, 133)
_OUTLIERS, _LONG, _FORCED, _FEWEST, _SLACK = 0.02, 0.75, 0.4, 4, 15
_ITEM = re.compile(r"\s*(?:[-*+•·▪◦●○»#]\s|\d{1,2}[.)]\s)")
_GOES_ON = re.compile(r"\s*\(?[a-z]")
_STOP = re.compile(r"[.!?:…][\"'”’)\]]*$")
# lynx -dump, elinks -dump: "[12]text", and at the end a list of the addresses.
_LINK_NUMBER = re.compile(r"\[(\d{1,4})\](?=\S)")
_REFERENCES = re.compile(r"^\s*(?:References|Visible links|Hidden links):?\s*$", re.MULTILINE)
_REFERENCE = re.compile(r"^\s*\d{1,4}\.\s+(?:[a-z]+://|file:|mailto:|javascript:)\S*", re.MULTILINE)
_PICTURE = re.compile(r"\[(?:INLINE|IMAGE|LINK)?\](?=\s)")
_FEWEST_LINKS, _RISING = 5, 0.8
# Markdown as html2text, pandoc and turndown write it.
_LINK = re.compile(r"!?\[((?:[^\[\]\\\n]|\\.){0,400})\]\((?:[^()\s]|\([^()\s]*\)){0,2000}(?:\s+\"[^\"\n]{0,200}\")?\)")
_ADDRESS = re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,2000})>")
_HEADING = re.compile(r"^\s{0,3}(#{1,6})(?:\s+|$)", re.MULTILINE)
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^*_\n]{1,600}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*_])([*_])(?=\S)([^*_\n]{1,600}?)(?<=\S)\1(?![\w*_])")
_ESCAPE = re.compile(r"\\([-.+*_#()\[\]{}!`|\\>])")
_RULER = re.compile(r"^\s*(?:[-*_|:]\s*){3,}$", re.MULTILINE)
_FEWEST_MARKS = 3


def lines_of(text: str) -> list[str]:
    """Cut text into paragraphs: one for each line, or for each run of lines that a program has wrapped.

    Args:
        text: a page as it was saved.

    Returns:
        The paragraphs without the blank ones, each on one line, made plain (see `text.normalise`), without the
        numbers of links and the marks of Markdown where the page is full of them.
    """
    # lynx breaks lines before it puts the numbers in.
    text = _without_link_numbers(normalize_line_ends(text))
    text = _without_markdown("\n".join(_unwrapped(text)))
    return [line for line in (part.strip() for part in plain_text(text).split("\n")) if line]


def _unwrapped(text: str) -> Iterator[str]:
    lines = [line.expandtabs().rstrip() for line in text.split("\n")]
    width = _width(lines)
    if width is None:
        yield from lines
        return
    paragraph = ""
    for line, after in pairwise([*lines, ""]):
        paragraph = f"{paragraph} {line.strip()}" if paragraph else line
        if not _goes_on(line, after, width):
            yield paragraph
            paragraph = ""


def _goes_on(line: str, after: str, width: int) -> bool:
    """Tell whether a line was broken only because the next one's first word had no room on it."""
    if not line or not after or len(line) > width or _ITEM.match(after):
        return False
    return len(line) + 1 + len(after.split(None, 1)[0]) > width


def _width(lines: list[str]) -> int | None:
    """Return the width at which a program has wrapped the lines, or None where none has."""
    # A line that ends with a comma, or goes on with a small letter on the next one, was broken in a sentence.
    broken = sorted(
        len(line)
        for line, after in pairwise(lines)
        if len(line) >= _WIDTHS.start
        and after
        and (line.endswith(",") or _GOES_ON.match(after))
        and not _STOP.search(line)
    )
    if not broken:
        return None
    width = broken[-1 - int(len(broken) * _OUTLIERS)]
    if len(broken) < _FEWEST:
        # Hardly any evidence: then nothing may stick out.
        longest = max(map(len, lines))
        if longest > width + _SLACK:
            return None
        width = longest
    if width not in _WIDTHS:
        return None
    long = [
        (line, after)
        for line, after in pairwise(lines)
        if after and _LONG * width <= len(line) <= width and not _ITEM.match(after)
    ]
    forced = sum(_goes_on(line, after, width) for line, after in long)
    return width if forced >= _FORCED * len(long) else None


def _without_link_numbers(text: str) -> str:
    """Take out the numbers that lynx gives to links and pictures, and the list of addresses below the page."""
    numbers = [int(number) for number in _LINK_NUMBER.findall(text)]
    rising = sum(after == before + 1 for before, after in pairwise(numbers))
    found = _REFERENCES.search(text)
    listed = len(_REFERENCE.findall(text, found.end())) if found else 0
    if rising < _RISING * (len(numbers) - 1) or (not listed and len(numbers) < _FEWEST_LINKS):
        return text
    if found and listed:
        text = text[: found.start()] + _REFERENCES.sub("", _REFERENCE.sub("", text[found.start() :]))
    return _LINK_NUMBER.sub("", _PICTURE.sub("", text))


def _without_markdown(text: str) -> str:
    if sum(len(mark.findall(text)) for mark in (_LINK, _HEADING, _STRONG)) < _FEWEST_MARKS:
        return text
    for _ in range(2):  # a picture in a link
        text = _LINK.sub(lambda match: "" if match.group().startswith("!") else match.group(1), text)
    text = _RULER.sub("", _HEADING.sub("", _ADDRESS.sub(r"\1", text)))
    text = _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", text))
    return _ESCAPE.sub(r"\1", text)
