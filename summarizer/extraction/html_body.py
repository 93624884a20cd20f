"""Find the elements of an HTML page that may hold its article.

The running text of a page votes for the element that holds it, in the way of Arc90's Readability. Text that stands in
front of a container's first paragraph counts too, as many Indonesian templates have it. What an element is called is
evidence: one that is called a sidebar or a list of related articles is left out of the element around it, unless it
holds most of its text. Which of the elements it is, `summarizer.extraction.jury` decides.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any

from summarizer.extraction import html_lists
from summarizer.extraction.line_classes import SENTENCE_END
from summarizer.extraction.metadata import letters
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
        pure: share of what an element around a body adds that must be running text to be more of it.
        spared: share of an element's text from which on a part of it is kept, whatever it is called.
        named: what is left of the votes for an element in one that is called a sidebar or the like.
        teasers: fewest pieces of running text of a list of teasers.
        announced: share of them that stand below a link, or apart from each other.
        candidates: how many elements are handed on.
        captions: fewest captions of a gallery.
        caption_share: what is left of a caption's vote with each element further out.
        caption_levels: for how many elements around it a caption votes.
        told: share of a caption's letters that are also the picture's alternative text.
    """

    depth: int = 200
    running_words: int = 6
    links: float = 0.5
    shares: tuple[float, ...] = (1.0, 0.5, 0.25)
    words: int = 25
    sentences: int = 2
    climb: int = 3
    pure: float = 0.6
    spared: float = 0.5
    named: float = 0.5
    teasers: int = 3
    announced: float = 0.5
    candidates: int = 12
    captions: int = 3
    caption_share: float = 0.8
    caption_levels: int = 5
    told: float = 0.5


THRESHOLDS = BodyThresholds()

_USUAL_NAMES = 200
"""Characters of the names of an element that are worth remembering."""


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
        dropped: how many words of running text were left out, after what the parts that hold them are called.
    """

    lines: tuple[TextLine, ...]
    votes: float
    start: int
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
        """Whether its pieces of running text stand in elements of their own, or below links, as teasers do."""
        running = [at for at, line in enumerate(self.lines) if line.is_running and not line.is_caption]
        if len(running) < THRESHOLDS.teasers:
            return False
        blocks = {block for at in running if (block := self.lines[at].block).tag not in ("ul", "ol")}
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
    spans = _spans(lines, {around for owner in best for around in _around(owner)})
    bodies: dict[Any, Body] = {}
    for owner in best:
        element = _climb(owner, groups, spans, lines)
        if element not in bodies:
            start, end = spans[element]
            body = _body(element, lines[start:end], start, max(votes[owner], votes.get(element, 0.0)))
            if body:
                bodies[element] = body
    return list(bodies.values())


def _around(element: Any) -> list[Any]:
    """Return an element and those around it that may be the article, the innermost first."""
    return [element, *islice(element.iterancestors(), THRESHOLDS.climb)]


def _spans(lines: Sequence[TextLine], elements: set[Any]) -> dict[Any, tuple[int, int]]:
    """Return the numbers of the first line in each of the elements, and of the line after the last one."""
    spans: dict[Any, tuple[int, int]] = {}
    for at, line in enumerate(lines):
        for owner in elements.intersection(line.owners):
            spans[owner] = (spans.get(owner, (at, at))[0], at + 1)
    return spans


def _climb(
    owner: Any, groups: dict[Any, list[TextLine]], spans: dict[Any, tuple[int, int]], lines: Sequence[TextLine]
) -> Any:
    """Return the element around one that holds the rest of its text.

    A box in the middle of an article can hold the most of it: the text around the box belongs to it too. So do the
    other pages of an article, or the parts of it that stand between adverts.
    """
    best = owner
    for around in filter(spans.get, _around(owner)[1:]):
        (start, end), (first, last) = spans[best], spans[around]
        own = sum(line.words for line in groups.get(around, ()))
        if own >= THRESHOLDS.words or _is_rest([*lines[first:start], *lines[end:last]], around, lines[start]):
            best = around
    return best


def _is_rest(added: Sequence[TextLine], around: Any, own: TextLine) -> bool:
    """Tell whether what an element adds to a body is more of the same article.

    Args:
        added: the lines of the element outside of the body.
        around: the element.
        own: a line of the body.
    """
    # A headline that is a link, or one of the highest rank, begins another article.
    if any(line.heading and (line.heading == "h1" or line.linked) for line in added):
        return False
    part = _part(own, around)
    outside = [(line, other) for line in added if (other := _part(line, around)) is not part]
    told = [line for line, other in outside if line.is_running and _called(other) == _called(part)]
    others = sum(line.words for line, _ in outside if not line.is_running and not line.names)
    words = sum(line.words for line in told)
    return _is_told(told) and words >= THRESHOLDS.pure * (words + others)


def _part(line: TextLine, around: Any) -> Any:
    """Return the part of an element that holds a line; the element where it holds the line itself."""
    at = line.owners.index(around)
    return line.owners[max(0, at - 1)]


def _body(element: Any, lines: Sequence[TextLine], start: int, votes: float) -> Body | None:
    names = [line.names_inside(line.owners.index(element)) if line.names else [] for line in lines]
    # Parts that are called the same are one: an article may be cut into many.
    sizes: Counter[str] = Counter()
    for line, inner in zip(lines, names, strict=True):
        if line.is_running:
            for name in {_called(name) for name in inner}:
                sizes[name] += line.words
    enough = THRESHOLDS.spared * sum(line.words for line in lines if line.is_running)
    spared = [all(sizes[_called(name)] >= enough for name in inner) for inner in names]
    kept = [(at, line) for at, line in enumerate(lines, start) if spared[at - start]]
    groups: defaultdict[Any, list[TextLine]] = defaultdict(list)
    for _, line in kept:
        if line.is_running:
            groups[line.block].append(line)
    if not any(map(_is_told, groups.values())):
        return None
    body = tuple(line for _, line in kept)
    dropped = sum(line.words for line in lines if line.is_running) - sum(line.words for line in body if line.is_running)
    return Body(body, votes, kept[0][0], dropped)


def _called(element: Any) -> str:
    """Return what an element is called, without what tells it from others of its kind."""
    return f"{element.tag} {(element.get('class') or element.get('id') or '').strip().partition(' ')[0]}"


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
        # A page of frames has text that stands in no block.
        self.containers: list[Any] = [root]
        self.names: list[tuple[Any, int]] = []
        self.captions: list[Any] = []
        self.pictures: list[str] = []
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
                if element.tag in html_lists.words("pictures"):
                    self.pictures.append(letters(element.get("alt") or ""))
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
        if _has_name(element):
            self.names.append((element, len(self.containers)))
        if is_block and not _is_paragraph(element):
            self.containers.append(element)
        if _is_caption(element):
            self.captions.append(element)
        self.links += element.tag == "a"
        if element.tag in html_lists.words("headings"):
            self.heading = element.tag

    def close(self, element: Any) -> None:
        for stack in (self.containers, self.captions):
            if stack and stack[-1] is element:
                stack.pop()
        if self.names and self.names[-1][0] is element:
            self.names.pop()
        self.links -= element.tag == "a"

    def flush(self) -> Iterator[TextLine]:
        text = " ".join("".join(part for part, _ in self.texts).split())
        if text:
            words, linked = len(text.split()), sum(len(part.split()) for part, is_link in self.texts if is_link)
            is_prose = not self.heading and linked < words
            yield TextLine(
                text,
                tuple(reversed(self.containers[-THRESHOLDS.depth :])),
                self.containers[-1],
                len(self.containers),
                tuple(self.names[-THRESHOLDS.depth :]),
                words,
                linked,
                bool(self.captions) or (is_prose and self.is_below_picture(text)),
                self.heading,
            )
        self.texts.clear()
        self.pictures.clear()
        self.heading = ""

    def is_below_picture(self, text: str) -> bool:
        """Tell whether a line is the caption of a picture that stands in front of it, by what that one is said to show.

        A film says nothing, nor do some pictures: of them, what the element around the two is called tells.
        """
        own = letters(text)
        if any(len(told) >= THRESHOLDS.told * len(own) and told in own for told in self.pictures if told):
            return True
        if "" not in self.pictures:
            return False
        around = self.containers[-1]
        return _is_called("films", around) or (
            _is_called("photos", around) and not any(child.tag in html_lists.words("blocks") for child in around)
        )


def _is_paragraph(element: Any) -> bool:
    """Tell whether an element is a paragraph, or a nameless div that stands for one."""
    if element.tag in html_lists.words("paragraphs"):
        return True
    nameless = element.tag == "div" and not element.get("class") and not element.get("id")
    return nameless and not any(child.tag in html_lists.words("blocks") for child in element)


def _has_name(element: Any) -> bool:
    """Tell whether an element is called something that an article isn't."""
    if element.tag in ("html", "body", "article", "main"):
        return False
    if element.tag in html_lists.words("apart"):
        return True
    return _is_called("junk", element)


def _is_caption(element: Any) -> bool:
    if element.tag in html_lists.words("captions"):
        return True
    return _is_called("caption_names", element)


def _is_called(kind: str, element: Any) -> bool:
    """Tell whether a pattern of a list is found in the names of an element, its class and id."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if len(names) < 2:
        return False
    return _matches(kind, names) if len(names) < _USUAL_NAMES else bool(html_lists.pattern(kind).search(names))


@lru_cache(maxsize=4096)
def _matches(kind: str, names: str) -> bool:
    # A page has few names, each of them many times.
    return bool(html_lists.pattern(kind).search(names))
