"""Find the elements of an HTML page that may hold its article.

The running text of a page votes for the element that holds it, in the way of Arc90's Readability. Text that stands in
front of a container's first paragraph counts too, as many Indonesian templates have it. What an element is called is
evidence: one that is called a sidebar or a list of related articles is left out of the element around it, unless it
holds most of its text. Which of the elements it is, `summarizer.extraction.jury` decides.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from summarizer.extraction.line_classes import SENTENCE_END
from summarizer.extraction.rules import BULLET


@dataclass(frozen=True)
class BodyThresholds:
    """What makes the body of an article, tuned on saved pages of 30 Indonesian sites.

    Attributes:
        depth: how many elements around a line are known, from the innermost on.
        running_words: fewest words of a line that votes. Fewer than elsewhere: markup tells a paragraph from a label.
        links: most of a voting line's words that may be links, as a share from 0 to 1.
        shares: what a line's words count for the element that holds it, and for those around that.
        words: fewest words of running text of a body.
        sentences: fewest sentences of a body in one element: on an index each teaser stands in its own.
        climb: how many elements up the rest of a body is looked for.
        pages: how many pages of an article are looked at.
        spared: share of an element's text from which on a part of it is kept, whatever it is called.
        named: what is left of the votes for an element in one that is called a sidebar or the like.
        teasers: fewest pieces of running text of a list of teasers.
        announced: share of them that stand below a link, or apart from each other.
        candidates: how many elements are handed on.
        captions: fewest captions of a gallery.
        caption_share: what is left of a caption's vote with each element further out.
        caption_levels: for how many elements around it a caption votes.
    """

    depth: int = 200
    running_words: int = 6
    links: float = 0.5
    shares: tuple[float, ...] = (1.0, 0.5, 0.25)
    words: int = 25
    sentences: int = 2
    climb: int = 3
    pages: int = 10
    spared: float = 0.5
    named: float = 0.5
    teasers: int = 3
    announced: float = 0.5
    candidates: int = 12
    captions: int = 3
    caption_share: float = 0.8
    caption_levels: int = 5


THRESHOLDS = BodyThresholds()

_SPACES = re.compile(r"\s+")


@dataclass(eq=False)
class TextLine:
    """A line of text of an HTML page.

    Attributes:
        text: the line.
        owners: the elements around it that hold more than a paragraph, the innermost first.
        block: the innermost of them that holds more than this line.
        depth: how many such elements there are: very deep pages have more than `owners` holds.
        names: those elements around it that are called something that an article isn't, each with the number of the
            owners around that.
        words: number of its words.
        linked: how many of them are links.
        is_caption: whether it stands below a picture.
        heading: tag of the heading that it is, or nothing.
    """

    text: str
    owners: tuple[Any, ...]
    block: Any
    depth: int
    names: tuple[tuple[Any, int], ...]
    words: int
    linked: int
    is_caption: bool
    heading: str

    @cached_property
    def is_running(self) -> bool:
        """Whether it is running text."""
        few_links = self.linked <= THRESHOLDS.links * self.words
        return self.words >= THRESHOLDS.running_words and few_links and bool(SENTENCE_END.search(self.text))

    @property
    def is_linked(self) -> bool:
        """Whether it is a link and more than a label."""
        return self.linked == self.words > 1

    @property
    def is_link(self) -> bool:
        """Whether it is nothing but a link to another article, with or without a bullet."""
        bullet = bool(BULLET.match(self.text).end()) if self.linked else False  # type: ignore[union-attr]
        return self.words >= THRESHOLDS.running_words and self.linked >= self.words - bullet

    def names_inside(self, level: int) -> list[Any]:
        """Return the elements of `names` that lie inside the owner with a number."""
        return [name for name, around in self.names if around >= self.depth - level]


@dataclass(frozen=True)
class Body:
    """What an element holds, without what it is not called after.

    Attributes:
        lines: its lines, in the order of the page.
        votes: how much running text speaks for it, in words.
        start: number of its first line on the page, counted from 0.
    """

    lines: tuple[TextLine, ...]
    votes: float
    start: int

    @property
    def is_list(self) -> bool:
        """Whether its pieces of running text stand in elements of their own, or below links, as teasers do."""
        running = [at for at, line in enumerate(self.lines) if line.is_running and not line.is_caption]
        if len(running) < THRESHOLDS.teasers:
            return False
        blocks = {self.lines[at].block for at in running}
        announced = sum(at > 0 and self.lines[at - 1].is_linked for at in running)
        return max(len(blocks) - 1, announced) >= THRESHOLDS.announced * len(running)

    @property
    def has_another(self) -> bool:
        """Whether a heading of the rank of its first one stands between its texts, as another story's does."""
        ranks = [line.heading for line in self.lines if line.heading]
        return bool(ranks) and ranks[0] == "h1" and ranks.count("h1") > 1

    @property
    def text(self) -> str:
        """The lines, without those that are nothing but a link."""
        return "\n".join(line.text for line in self.lines if not line.is_link)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("html_body.toml").read_text(encoding="utf-8"))


@cache
def _tags(name: str) -> frozenset[str]:
    return frozenset(_data()[name].split())


@cache
def _pattern(name: str) -> re.Pattern[str]:
    parts = _data()[name]
    return re.compile("|".join(f"(?:{part})" for part in parts), re.IGNORECASE)


def find_bodies(lines: Sequence[TextLine]) -> list[Body]:
    """Return the elements that most running text votes for, the one with most votes first.

    Args:
        lines: the page, as `page_lines` gives it.

    Returns:
        At most `BodyThresholds.candidates` bodies; none where no element holds enough running text (an index, a form).
    """
    lines = [line for line in lines if not line.is_caption]
    running = [line for line in lines if line.is_running]
    votes: defaultdict[Any, float] = defaultdict(float)
    groups: defaultdict[Any, list[TextLine]] = defaultdict(list)
    for line in running:
        groups[line.owners[0]].append(line)
        for level, (share, owner) in enumerate(zip(THRESHOLDS.shares, line.owners, strict=False)):
            # A part of an element that is called something else says nothing for it.
            if not line.names_inside(level):
                votes[owner] += share * line.words * (THRESHOLDS.named if line.names else 1.0)
    best = sorted(votes, key=lambda owner: -votes[owner])[: THRESHOLDS.candidates]
    bodies: dict[Any, Body] = {}
    for owner in best:
        element = _climb(owner, groups, running)
        if element not in bodies and (body := _body(element, lines, max(votes[owner], votes.get(element, 0.0)))):
            bodies[element] = body
    return list(bodies.values())


def _climb(owner: Any, groups: dict[Any, list[TextLine]], running: Sequence[TextLine]) -> Any:
    """Return the element around one that holds the rest of its text.

    A box in the middle of an article can hold the most of it: the text around the box belongs to it too. So does that
    of the other pages of an article, which stand in elements of the same name beside it.
    """
    best = owner
    for level, around in enumerate(owner.iterancestors()):
        if level == THRESHOLDS.climb:
            break
        if sum(line.words for line in groups.get(around, ())) >= THRESHOLDS.words:
            best = around
    found = (_pages(page, running) for page in (best, *_named_pages(best)))
    return next((around for around in found if around is not None), best)


def _named_pages(element: Any) -> list[Any]:
    """Return the elements around one that are called pages."""
    around = list(element.iterancestors())[: THRESHOLDS.climb]
    return [page for page in around if page.get("class") and _pattern("pages").search(page.get("class"))]


def _pages(element: Any, running: Sequence[TextLine]) -> Any:
    """Return the element that holds all pages of an article, where an element is one of several; else None."""
    around = element.getparent()
    if around is None or not element.get("class"):
        return None
    pages = [child for child in around if child.tag == element.tag and child.get("class") == element.get("class")]
    if len(pages) < 2 or not all(map(_is_page, pages)):
        return None
    told = [_is_told(line for line in running if page in line.owners) for page in pages[: THRESHOLDS.pages]]
    return around if sum(told) > 1 else None


def _is_page(element: Any) -> bool:
    """Tell whether an element may be one page of an article of several: it has no headline or date of its own."""
    if element.tag == "article" or next(element.iter("h1", "time"), None) is not None:
        return False
    return not any(next(heading.iter("a"), None) is not None for heading in element.iter("h2", "h3", "h4"))


def _body(element: Any, lines: Sequence[TextLine], votes: float) -> Body | None:
    inside = [(at, line) for at, line in enumerate(lines) if element in line.owners]
    names = [line.names_inside(line.owners.index(element)) if line.names else () for _, line in inside]
    sizes: defaultdict[Any, int] = defaultdict(int)
    for (_, line), inner in zip(inside, names, strict=True):
        if line.is_running:
            for name in inner:
                sizes[name] += line.words
    enough = THRESHOLDS.spared * sum(line.words for _, line in inside if line.is_running)
    kept = [item for item, inner in zip(inside, names, strict=True) if all(sizes[name] >= enough for name in inner)]
    groups: defaultdict[Any, list[TextLine]] = defaultdict(list)
    for _, line in kept:
        if line.is_running:
            groups[line.block].append(line)
    if not any(map(_is_told, groups.values())):
        return None
    return Body(tuple(line for _, line in kept), votes, kept[0][0])


def _is_told(lines: Iterable[TextLine]) -> bool:
    """Tell whether running text in one element is more than a teaser."""
    text = list(lines)
    sentences = sum(len(SENTENCE_END.findall(line.text)) for line in text)
    return sum(line.words for line in text) >= THRESHOLDS.words and sentences >= THRESHOLDS.sentences


def find_gallery(lines: Sequence[TextLine]) -> Body | None:
    """Return the captions of a gallery: those in the element that most of them vote for.

    Args:
        lines: the page, as `page_lines` gives it.
    """
    captions = [(at, line) for at, line in enumerate(lines) if line.is_running and line.is_caption]
    votes: defaultdict[Any, float] = defaultdict(float)
    for _, line in captions:
        for level, owner in enumerate(line.owners[: THRESHOLDS.caption_levels]):
            votes[owner] += THRESHOLDS.caption_share**level * line.words
    best = max(votes, key=lambda owner: votes[owner], default=None)
    inside = [(at, line) for at, line in captions if best in line.owners]
    if len(inside) < THRESHOLDS.captions or sum(line.words for _, line in inside) < THRESHOLDS.words:
        return None
    return Body(tuple(line for _, line in inside), votes[best], inside[0][0])


def page_lines(root: Any) -> list[TextLine]:
    """Return a page's lines of text, without those in elements that never hold the article's text.

    Args:
        root: the page, as lxml parsed it.
    """
    lines = list(_Walk(root).lines())
    sizes = Counter(line.block for line in lines)
    for line in lines:
        if sizes[line.block] == 1 and len(line.owners) > 1:
            line.block = line.owners[1]
    return lines


class _Walk:
    """A walk through a page; keeps what is open while it goes."""

    def __init__(self, root: Any) -> None:
        self.root = root
        self.texts: list[tuple[str, bool]] = []
        self.containers: list[Any] = []
        self.names: list[tuple[Any, int]] = []
        self.captions: list[Any] = []
        self.links = 0
        self.heading = ""

    def lines(self) -> Iterator[TextLine]:
        from lxml import etree

        walker = etree.iterwalk(self.root, events=("start", "end"))
        skipped: Any = None
        for event, element in walker:
            is_block = element.tag in _tags("blocks")
            if event == "start":
                if is_block:
                    yield from self.flush()
                if element.tag in _tags("skipped"):
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
        if _has_name(element):
            self.names.append((element, len(self.containers)))
        if is_block and not _is_paragraph(element):
            self.containers.append(element)
        if _is_caption(element):
            self.captions.append(element)
        self.links += element.tag == "a"
        if element.tag in _tags("headings"):
            self.heading = element.tag

    def close(self, element: Any) -> None:
        for stack in (self.containers, self.captions):
            if stack and stack[-1] is element:
                stack.pop()
        if self.names and self.names[-1][0] is element:
            self.names.pop()
        self.links -= element.tag == "a"

    def flush(self) -> Iterator[TextLine]:
        text = _SPACES.sub(" ", "".join(part for part, _ in self.texts)).strip()
        if text:
            yield TextLine(
                text,
                tuple(reversed(self.containers[-THRESHOLDS.depth :])),
                self.containers[-1],
                len(self.containers),
                tuple(self.names[-THRESHOLDS.depth :]),
                len(text.split()),
                sum(len(part.split()) for part, is_link in self.texts if is_link),
                bool(self.captions),
                self.heading,
            )
        self.texts.clear()
        self.heading = ""


def _is_paragraph(element: Any) -> bool:
    """Tell whether an element is a paragraph, or a nameless div that stands for one."""
    if element.tag in _tags("paragraphs"):
        return True
    nameless = element.tag == "div" and not element.get("class") and not element.get("id")
    return nameless and not any(child.tag in _tags("blocks") for child in element)


def _has_name(element: Any) -> bool:
    """Tell whether an element is called something that an article isn't."""
    if element.tag in ("html", "body", "article", "main"):
        return False
    if element.tag in _tags("apart"):
        return True
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return len(names) > 1 and bool(_pattern("junk").search(names))


def _is_caption(element: Any) -> bool:
    if element.tag in _tags("captions"):
        return True
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return len(names) > 1 and bool(_pattern("caption_names").search(names))
