"""Find an article's text in HTML.

trafilatura reads the page's metadata, but drops text that stands in front of a container's first paragraph, as many
Indonesian templates have it, and keeps lists of other articles. So the body is found here, in the way of Arc90's
Readability: the running text of a page votes for the element that holds it.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_SENTENCE = re.compile(r"[.!?…][\"'”’)\]]*(?:\s|$)")
_SPACES = re.compile(r"\s+")
_MAX_DEPTH = 200
_MIN_WORDS, _MAX_LINKS, _MIN_BODY, _CLIMB = 6, 0.5, 25, 3
_CAPTIONS, _CAPTION_LEVELS, _CAPTION_SHARE = 3, 5, 0.8


@dataclass
class _Line:
    """A line of text with the elements around it, the innermost first, and how many of its words are links."""

    text: str
    owners: tuple[Any, ...]
    words: int
    linked: int

    @property
    def is_running(self) -> bool:
        return self.words >= _MIN_WORDS and self.linked <= _MAX_LINKS * self.words and bool(_SENTENCE.search(self.text))


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("html_body.toml").read_text(encoding="utf-8"))


@cache
def _tags(name: str) -> frozenset[str]:
    return frozenset(_data()[name].split())


@cache
def _junk() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{part})" for part in _data()["junk"]), re.IGNORECASE)


@cache
def _caption_names() -> re.Pattern[str]:
    return re.compile(_data()["caption_names"], re.IGNORECASE)


def find_body(html: str) -> str | None:
    """Return the text of the article in an HTML page.

    Args:
        html: the page.

    Returns:
        The text, a line for each block of it; None where no element holds enough running text (an index, a form), not
        even in the captions of its pictures.
    """
    from lxml import etree
    from lxml import html as lxml_html

    try:
        root = lxml_html.document_fromstring(html.encode("utf-8"), parser=lxml_html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    # What stands behind a comment belongs to the text in front of it.
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    return _text(list(_lines(root, captions=False))) or _captions(list(_lines(root, captions=True)))


def _captions(lines: list[_Line]) -> str | None:
    """Return the captions of a gallery: those in the element that most of them vote for."""
    captions = [line for line in lines if line.is_running and any(_is_caption(owner) for owner in line.owners)]
    votes: defaultdict[Any, float] = defaultdict(float)
    for line in captions:
        for level, owner in enumerate(line.owners[:_CAPTION_LEVELS]):
            votes[owner] += _CAPTION_SHARE**level * line.words
    best = max(votes, key=lambda owner: votes[owner], default=None)
    inside = [line for line in captions if best in line.owners]
    if len(inside) < _CAPTIONS or sum(line.words for line in inside) < _MIN_BODY:
        return None
    return "\n".join(line.text for line in inside)


def _text(lines: list[_Line]) -> str | None:
    """Return the text of the element that most running text votes for."""
    votes: defaultdict[Any, float] = defaultdict(float)
    for line in lines:
        if line.is_running:
            # A paragraph's text counts for what holds the paragraph; half of it for the element around that.
            for share, owner in zip((1.0, 0.5, 0.25), line.owners, strict=False):
                votes[owner] += share * line.words
    if not votes:
        return None
    best = max(votes, key=lambda owner: votes[owner])
    groups: defaultdict[Any, list[_Line]] = defaultdict(list)
    for line in lines:
        if line.is_running:
            groups[line.owners[0]].append(line)
    # A box in the middle of an article can hold the most of it: the text around the box belongs to it too.
    for owner in list(best.iterancestors())[:_CLIMB]:
        if sum(line.words for line in groups.get(owner, ())) >= _MIN_BODY:
            best = owner
    inside = [line for line in lines if best in line.owners]
    # On an index, every teaser stands in an element of its own, and is one sentence.
    owners = {line.owners[0] for line in inside if line.is_running}
    if not any(
        sum(line.words for line in groups[owner]) >= _MIN_BODY
        and sum(len(_SENTENCE.findall(line.text)) for line in groups[owner]) >= 2
        for owner in owners
    ):
        return None
    return "\n".join(line.text for line in inside if line.linked < line.words or line.words < _MIN_WORDS)


def _lines(root: Any, *, captions: bool) -> Iterator[_Line]:
    """Yield the page's lines of text, without those in elements that are never the article."""
    from lxml import etree

    texts: list[tuple[str, bool]] = []
    containers: list[Any] = []
    links = 0

    def flush() -> Iterator[_Line]:
        text = _SPACES.sub(" ", "".join(part for part, _ in texts)).strip()
        if text:
            linked = sum(len(part.split()) for part, is_link in texts if is_link)
            yield _Line(text, tuple(reversed(containers[-_MAX_DEPTH:])), len(text.split()), linked)
        texts.clear()

    walker = etree.iterwalk(root, events=("start", "end"))
    skipped: Any = None
    for event, element in walker:
        is_block = element.tag in _tags("blocks")
        if event == "start":
            if is_block:
                yield from flush()
            if _is_skipped(element, captions=captions):
                skipped = element
                walker.skip_subtree()
                continue
            if is_block and not _is_paragraph(element):
                containers.append(element)
            links += element.tag == "a"
            texts.append((element.text or "", links > 0))
        elif element is skipped:
            texts.append((element.tail or "", links > 0))
        else:
            if is_block:
                yield from flush()
            if containers and containers[-1] is element:
                containers.pop()
            links -= element.tag == "a"
            texts.append((element.tail or "", links > 0))


def _is_paragraph(element: Any) -> bool:
    """Tell whether an element is a paragraph, or a nameless div that stands for one."""
    if element.tag in _tags("paragraphs"):
        return True
    nameless = element.tag == "div" and not element.get("class") and not element.get("id")
    return nameless and not any(child.tag in _tags("blocks") for child in element)


def _is_skipped(element: Any, *, captions: bool) -> bool:
    if element.tag in _tags("skipped") or (not captions and _is_caption(element)):
        return True
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return element.tag not in ("html", "body", "article", "main") and bool(_junk().search(names))


def _is_caption(element: Any) -> bool:
    if element.tag in _tags("captions"):
        return True
    return bool(_caption_names().search(f"{element.get('class') or ''} {element.get('id') or ''}"))
