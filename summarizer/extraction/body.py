"""Find the elements of an HTML page that may hold its article.

The running text of a page votes for the element that holds it, and less for those around that, in the way of Arc90's
Readability. What an element is called is evidence: one that is called a sidebar or a list of related articles is left
out of the element around it, unless it holds most of its text. Which of the elements it is, `choose_body` decides.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from summarizer.extraction import html_lists
from summarizer.extraction.blocks import SENTENCE_END
from summarizer.extraction.rules import BULLET

# How many elements around a line are known, from the innermost on.
_DEPTH = 200
# Fewest words of a line that votes (markup tells a paragraph from a label), and the share of them that may be links.
_RUNNING_WORDS, _LINKS = 6, 0.5
# What a line's words count for the element that holds it, and for those around that.
_SHARES = (1.0, 0.5, 0.25)
# Fewest words of running text of a body, and of sentences in one of its elements: on an index each teaser has its own.
_WORDS, _SENTENCES = 25, 2
# Share of an element's text from which on a part of it is kept, whatever it is called.
_SPARED = 0.5
_CANDIDATES = 12
# How many elements up the rest of a body is looked for, and the share of what that adds that must be running text.
_CLIMB, _PURE = 3, 0.6
# Fewest pieces of running text of a list of teasers, and of captions of a gallery.
_TEASERS, _CAPTIONS = 3, 3


@dataclass(frozen=True, eq=False)
class TextLine:
    """A line of text of an HTML page.

    Attributes:
        text: the line.
        owners: the elements around it that hold more than a paragraph, the innermost first.
        block: the innermost of them that holds more than this line.
        junk: those of them that are called something that an article isn't.
        words: number of its words.
        linked: how many of them are links.
        is_caption: whether it stands below a picture.
        heading: tag of the heading that it is, or nothing.
    """

    text: str
    owners: tuple[Any, ...]
    block: Any
    junk: frozenset[Any]
    words: int
    linked: int
    is_caption: bool
    heading: str

    @cached_property
    def is_running(self) -> bool:
        """Whether it is running text."""
        few_links = self.linked <= _LINKS * self.words
        return self.words >= _RUNNING_WORDS and few_links and bool(SENTENCE_END.search(self.text))

    @property
    def is_link(self) -> bool:
        """Whether it is nothing but a link to another article, with or without a bullet."""
        bullet = bool(BULLET.match(self.text).end()) if self.linked else False  # type: ignore[union-attr]
        return self.words >= _RUNNING_WORDS and self.linked >= self.words - bullet

    def junk_inside(self, element: Any) -> frozenset[Any]:
        """Return the elements of `junk` that lie inside one of the owners."""
        return self.junk.intersection(self.owners[: self.owners.index(element)]) if self.junk else self.junk


@dataclass(frozen=True)
class Body:
    """What an element holds, without what it is not called after.

    Attributes:
        lines: its lines, in the order of the page.
        votes: how much running text speaks for it, in words.
        dropped: how many words of running text were left out, after what the parts that hold them are called.
    """

    lines: tuple[TextLine, ...]
    votes: float
    dropped: int = 0

    @property
    def words(self) -> int:
        """Number of words of its running text."""
        return sum(line.words for line in self.lines if line.is_running)

    @property
    def place(self) -> str:
        """What the element around its first running text is called."""
        return next((_called(line.block) for line in self.lines if line.is_running), "")

    @property
    def is_list(self) -> bool:
        """Whether half of its pieces of running text stand in elements of their own, or below links, as teasers do."""
        running = [at for at, line in enumerate(self.lines) if line.is_running and not line.is_caption]
        if len(running) < _TEASERS:
            return False
        blocks = {block for at in running if (block := self.lines[at].block).tag not in ("ul", "ol")}
        above = [self.lines[at - 1] for at in running if at]
        return 2 * max(len(blocks) - 1, sum(line.linked == line.words > 1 for line in above)) >= len(running)

    @property
    def has_another(self) -> bool:
        """Whether a second heading of the highest rank stands between its texts, as another story's does."""
        return [line.heading for line in self.lines].count("h1") > 1

    @property
    def text(self) -> str:
        """The lines, without those that are nothing but a link."""
        return "\n".join(line.text for line in self.lines if not line.is_link)


def find_bodies(lines: Sequence[TextLine]) -> list[Body]:
    """Return the elements that most running text votes for, the one with most votes first.

    Args:
        lines: the page, as `page_lines` gives it.

    Returns:
        A few bodies; none where no element holds enough running text (an index, a form).
    """
    lines = [line for line in lines if not line.is_caption]
    votes: defaultdict[Any, float] = defaultdict(float)
    for line in filter(lambda line: line.is_running, lines):
        for share, owner in zip(_SHARES, line.owners, strict=False):
            # A part of an element that is called something else says nothing for it.
            if not line.junk_inside(owner):
                votes[owner] += share * line.words
    best = sorted(votes, key=lambda owner: -votes[owner])[:_CANDIDATES]
    bodies = {(element := _climb(owner, lines)): _body(element, lines, votes[owner]) for owner in reversed(best)}
    return [body for body in reversed(bodies.values()) if body]


def _climb(element: Any, lines: Sequence[TextLine]) -> Any:
    """Return the element around one that holds the rest of its text: the other pages or parts of an article."""
    own = next(line for line in lines if element in line.owners)
    at = own.owners.index(element) + 1
    for around in own.owners[at : at + _CLIMB]:
        added = [line for line in lines if around in line.owners and element not in line.owners]
        # A headline that is a link, or one of the highest rank, begins another article.
        if any(line.heading and (line.heading == "h1" or line.linked) for line in added):
            return element
        part = _part(own, around)
        beside = [(line, other) for line in added if (other := _part(line, around)) is not part]
        words = sum(line.words for line, other in beside if line.is_running and _called(other) == _called(part))
        others = sum(line.words for line, _ in beside if not line.is_running and not line.junk)
        if words >= _WORDS and words >= _PURE * (words + others):
            element = around
    return element


def _part(line: TextLine, around: Any) -> Any:
    """Return the part of an element that holds a line; the element where it holds the line itself."""
    return line.owners[max(0, line.owners.index(around) - 1)]


def _body(element: Any, lines: Sequence[TextLine], votes: float) -> Body | None:
    lines = [line for line in lines if element in line.owners]
    junk = [line.junk_inside(element) for line in lines]
    # Parts that are called the same are one: an article may be cut into many.
    sizes: Counter[str] = Counter()
    for line, inner in zip(lines, junk, strict=True):
        if line.is_running:
            for name in set(map(_called, inner)):
                sizes[name] += line.words
    words = sum(line.words for line in lines if line.is_running)
    kept = [
        line
        for line, inner in zip(lines, junk, strict=True)
        if all(sizes[_called(part)] >= _SPARED * words for part in inner)
    ]
    if not has_enough_prose(kept):
        return None
    return Body(tuple(kept), votes, words - sum(line.words for line in kept if line.is_running))


def _called(element: Any) -> str:
    """Return what an element is called, without what tells it from others of its kind."""
    return f"{element.tag} {(element.get('class') or element.get('id') or '').strip().partition(' ')[0]}"


def has_enough_prose(lines: Sequence[TextLine]) -> bool:
    """Tell whether the running text in one of the elements that hold the lines is more than a teaser."""
    words: Counter[Any] = Counter()
    sentences: Counter[Any] = Counter()
    for line in lines:
        if line.is_running:
            words[line.block] += line.words
            sentences[line.block] += len(SENTENCE_END.findall(line.text))
    return any(words[owner] >= _WORDS and sentences[owner] >= _SENTENCES for owner in words)


def find_gallery(lines: Sequence[TextLine]) -> Body | None:
    """Return the captions of a page, where they are enough to be a gallery of photos."""
    captions = [line for line in lines if line.is_running and line.is_caption]
    words = sum(line.words for line in captions)
    return Body(tuple(captions), words) if len(captions) >= _CAPTIONS and words >= _WORDS else None


def page_lines(root: Any) -> list[TextLine]:
    """Return a page's lines of text, without those in elements that never hold the article's text.

    Args:
        root: the page, as lxml parsed it.
    """
    lines = list(_Walk(root).lines())
    sizes = Counter(line.block for line in lines)
    return [
        replace(line, block=line.owners[1]) if sizes[line.block] == 1 and len(line.owners) > 1 else line
        for line in lines
    ]


class _Walk:
    """A walk through a page; keeps what is open while it goes."""

    def __init__(self, root: Any) -> None:
        self.root = root
        self.texts: list[tuple[str, bool]] = []
        # A page of frames has text that stands in no block.
        self.containers: list[Any] = [root]
        self.junk: list[Any] = []
        self.captions: list[Any] = []
        self.links = 0
        self.heading = ""

    def lines(self) -> Iterator[TextLine]:
        from lxml import etree

        walker = etree.iterwalk(self.root, events=("start", "end"))
        skipped: Any = None
        for event, element in walker:
            is_block = element.tag in html_lists.words("blocks")
            if event == "start":
                if is_block:
                    yield from self.flush()
                if element.tag in html_lists.words("skipped"):
                    skipped = element
                    walker.skip_subtree()
                    continue
                self.open(element, is_block=is_block)
                self.texts.append((element.text or "", self.links > 0))
            else:
                if element is skipped:
                    skipped = None
                else:
                    if is_block:
                        yield from self.flush()
                    self.close(element)
                self.texts.append((element.tail or "", self.links > 0))

    def open(self, element: Any, *, is_block: bool) -> None:
        is_junk = is_block and _is_junk(element)
        if is_junk:
            self.junk.append(element)
        if is_block and (is_junk or not _is_paragraph(element)):
            self.containers.append(element)
        if element.tag in html_lists.words("captions") or _is_called("caption_names", element):
            self.captions.append(element)
        self.links += element.tag == "a"
        if element.tag in html_lists.words("headings"):
            self.heading = element.tag

    def close(self, element: Any) -> None:
        for stack in (self.containers, self.junk, self.captions):
            if stack and stack[-1] is element:
                stack.pop()
        self.links -= element.tag == "a"

    def flush(self) -> Iterator[TextLine]:
        text = " ".join("".join(part for part, _ in self.texts).split())
        if text:
            linked = sum(len(part.split()) for part, is_link in self.texts if is_link)
            owners = tuple(reversed(self.containers[-_DEPTH:]))
            junk = frozenset(self.junk)
            yield TextLine(text, owners, owners[0], junk, len(text.split()), linked, bool(self.captions), self.heading)
        self.texts.clear()
        self.heading = ""


def _is_paragraph(element: Any) -> bool:
    """Tell whether an element is a paragraph, or a nameless div that stands for one."""
    if element.tag in html_lists.words("paragraphs"):
        return True
    nameless = element.tag == "div" and not element.get("class") and not element.get("id")
    return nameless and not any(child.tag in html_lists.words("blocks") for child in element)


def _is_junk(element: Any) -> bool:
    """Tell whether an element is called something that an article isn't."""
    if element.tag in ("html", "body", "article", "main"):
        return False
    return element.tag in html_lists.words("apart") or _is_called("junk", element)


def _is_called(kind: str, element: Any) -> bool:
    """Tell whether a pattern of a list is found in the names of an element, its class and id."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return len(names) > 1 and bool(html_lists.pattern(kind).search(names))
