"""Find the element of an HTML page that holds its article.

The running text of a page votes for the element around it, in the way of Arc90's Readability. What the page says of its
article then judges the elements with most votes: headline, description, declared text; so does how far they consist of
links. What an element is called is evidence: one that is called a sidebar or a list of related articles is left out of
the element around it, unless it holds most of its text; so is one that consists of links. Where that leaves a doubt,
trafilatura is asked too.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from summarizer.extraction.blocks import INDEX_OBJECTION, alphanumeric_key, stems_of
from summarizer.extraction.metadata import Declared
from summarizer.extraction.page_lines import Line, called, text_of
from summarizer.text.words import common_words

# Most votes that are looked at, and how many elements further out the rest of an article is looked for. The articles of
# all open pages are among the first three.
_CANDIDATES = 5
_CLIMB = 3
# Fewest words of running text of a part of a body, of a text that is declared, or that trafilatura finds: one long
# sentence.
_WORDS = 25
# Share of the words of further parts of an article that must be running text.
_PURE = 0.6
# Share of an element's text from which on a part of it is kept, whatever it is called.
_SPARED = 0.5
# Share of a part's words that are links from which on it is a box of them.
_LINKED = 0.5
# Fewest pieces of running text of a list of teasers, and fewest captions of a gallery.
_TEASERS = 3
_CAPTIONS = 3
# What a body without a word of headline or description has as points, and what is left of the points of a list.
_FLOOR = 0.15
_LISTED = 0.4
# What a word counts that trafilatura finds; one in an element counts 1.
_SECOND = 1 / 3
# Most words of running text of a page that trafilatura is asked about, which takes it a third of the time that such a
# page is read in. The longest of the open pages has 1,700, and what has so many is no single article.
_SECOND_WORDS = 30_000
# Share of the headline's or description's words from which on a body is the article beyond doubt, and although it looks
# like a list.
_SURE = 0.5
_SURER = 0.9
# Share of their words that two texts of one story have in common.
_SAME = 0.5
# Up to how many words a text may be a teaser, and how many others make an index.
_TEASER_WORDS = 80
_ALIKE = 2
# What elements are called that have no name: it doesn't tell one kind of text from another.
_NAMELESS = ("div", "section", "td")
# Share of the words of a text in Indonesian that are common ones. In the English of cookie notices it is below .3.
_COMMON = 0.5


@dataclass(frozen=True)
class Choice:
    """The lines of a page that are its article, why they can't be one, or "", and what may be missing of it.

    `outside` holds the paragraphs of running text that stand elsewhere on the page, where they are as much as the
    article's own.
    """

    paragraphs: tuple[str, ...]
    objection: str = ""
    outside: tuple[str, ...] = ()


class _Body:
    """The lines of an element, but for parts that are something else, and what speaks for it."""

    def __init__(self, lines: Sequence[Line], votes: float, declared: Declared) -> None:
        self.lines = lines
        self.running = [line for line in lines if line.is_running]
        self.words = _count(self.running)
        self.stems = frozenset[str]().union(*(line.stems for line in self.running))
        self.headline = max((_overlap(claim, self.stems) for claim in declared.claims), default=0.0)
        self.description = _overlap(declared.description, self.stems)
        self.fit = max(self.headline, self.description)
        links = sum(line.linked for line in lines) / max(1, _count(lines))
        # Twice as long a text isn't twice as likely the article.
        self.points = (_FLOOR + self.headline + self.description) * votes**0.5 * (1 - links)
        if self.is_list:
            self.points *= _LISTED

    @property
    def place(self) -> str:
        """What the element around its first running text is called."""
        return called(self.running[0].owners[0]) if self.running else ""

    @cached_property
    def is_list(self) -> bool:
        """Whether half of its pieces of running text stand in elements of their own, as teasers do."""
        running = [line for line in self.running if not line.is_caption]
        if len(running) < _TEASERS:
            return False
        sizes = Counter(line.owners[0] for line in self.lines)
        # The innermost element around each that holds more than it.
        blocks = {next((owner for owner in line.owners if sizes[owner] != 1), None) for line in running}
        return 2 * (len(blocks) - 1) >= len(running)

    def objection(self, declared: Declared, others: Sequence[_Body], lines: Sequence[Line]) -> str:
        """Return why it can't be the article of its page, beside the other bodies of it and among all lines."""
        if declared.objection:
            return declared.objection
        if self.is_list and self.fit < (_SURER if self._stands_beside_links(lines) else _SURE):
            return INDEX_OBJECTION
        if declared.claims and not self.fit:
            return "the headline and the text have no words in common"
        if self.words < _TEASER_WORDS and self._may_be_teaser(others):
            return "its headline doesn't fit its few sentences, or there are others like them (is it an index page?)"
        return ""

    def _stands_beside_links(self, lines: Sequence[Line]) -> bool:
        """Tell whether links stand beside half of its text, as beside teasers.

        Entries of a live blog, or parts of a text, stand apart like teasers, but no link stands beside them.
        """
        by_link: set[Line] = set()
        for above, below in pairwise(lines):
            if above.linked or below.linked:
                by_link |= {above, below}
        beside = sum(line in by_link for line in self.running)
        return 2 * beside >= len(self.running)

    def _may_be_teaser(self, others: Sequence[_Body]) -> bool:
        """Tell whether its few sentences don't fit the headline, or aren't the only ones of their kind on the page."""
        if self.fit < _SURE:
            return True
        if self.place in _NAMELESS:
            return False
        alike = [other for other in others if other.place == self.place]
        teasers = sum(not _is_same_story(other.stems, self.stems) for other in alike)
        return self.headline < _SURER and teasers >= _ALIKE


def choose_body(lines: Sequence[Line], declared: Declared, html: str) -> Choice:
    """Return which lines of a page are its article; none, and why, where it has no running text.

    ``lines`` are all of the page, ``html`` is the page as a whole, for trafilatura.
    """
    bodies = [_Body(inside, votes, declared) for inside, votes in _find_bodies(lines)]
    best = _best(bodies)
    if best is None or best.headline < _SURE:
        bodies += _other_bodies(lines, declared, html)
        best = _best(bodies)
    declared_text = _declared_text(declared, best)
    if declared_text:
        return Choice(tuple(declared_text.split("\n")))
    if best is None:
        return Choice((), "the page has no running text (is it an index page?)")
    outside = _text_outside(lines, best)
    return Choice(text_of(best.lines), best.objection(declared, bodies, lines), outside)


def _best(bodies: Iterable[_Body]) -> _Body | None:
    return max(bodies, key=lambda body: body.points, default=None)


def _other_bodies(lines: Sequence[Line], declared: Declared, html: str) -> list[_Body]:
    """Return the captions of a gallery, and what trafilatura finds, where they hold enough running text."""
    captions = [line for line in lines if line.is_running and line.is_caption]
    gallery = captions if len(captions) >= _CAPTIONS else []
    is_overlong = _running_words(lines) > _SECOND_WORDS
    second_opinion = [] if is_overlong else _second_opinion(lines, html)
    bodies = []
    for inside, weight in ((gallery, 1.0), (second_opinion, _SECOND)):
        words = _running_words(inside)
        if words >= _WORDS:
            bodies.append(_Body(inside, weight * words, declared))
    return bodies


def _declared_text(declared: Declared, best: _Body | None) -> str:
    """Return the longest text that a page declares, where no body of it is that text or fits its headline."""
    texts = [text for text in declared.bodies if len(text.split()) >= _WORDS]
    if best is not None:
        is_known = any(_is_same_story(best.stems, stems_of(text)) for text in texts)
        if is_known or best.fit >= _SURE:
            return ""
    return max(texts, key=len, default="")


def _text_outside(lines: Sequence[Line], body: _Body) -> tuple[str, ...]:
    """Return the running text outside of a body, if it is as much as in it, and Indonesian."""
    taken = set(body.lines)
    outside = []
    for place, line in enumerate(lines):
        is_apart = line.is_caption or line.junk or line in taken
        # Announcements stand beside links.
        near = lines[max(0, place - 1) : place + 2]
        if line.is_running and not is_apart and not any(other.linked for other in near):
            outside.append(line)
    if _count(outside) < max(_WORDS, body.words):
        return ()
    texts = tuple(line.text for line in outside)
    words = " ".join(texts).casefold().split()
    common = sum(word.strip(".,;:!?\"'”“()") in common_words("id") for word in words)
    is_indonesian = common >= _COMMON * len(words)
    return texts if is_indonesian else ()


def _count(lines: Iterable[Line]) -> int:
    return sum(line.words for line in lines)


def _running_words(lines: Iterable[Line]) -> int:
    return _count(line for line in lines if line.is_running)


def _overlap(claim: Set[str], stems: Set[str]) -> float:
    return len(claim & stems) / len(claim) if claim else 0.0


def _is_same_story(stems: Set[str], other_stems: Set[str]) -> bool:
    """Tell whether two texts have half of the shorter one's words in common."""
    shorter = min(len(stems), len(other_stems))
    return len(stems & other_stems) >= _SAME * max(1, shorter)


def _second_opinion(lines: Sequence[Line], html: str) -> list[Line]:
    """Return the page's own lines that are in the body which trafilatura finds."""
    from trafilatura import extract

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        text = extract(html, favor_precision=True, include_comments=False) or ""
    except Exception:  # damaged markup breaks it in many ways, and a page can be judged without it
        return []
    keys = set(map(alphanumeric_key, text.split("\n")))
    key = alphanumeric_key(text)
    return [line for line in lines if line.words > 2 and (line.key in keys or line.key in key)]


def _find_bodies(lines: Sequence[Line]) -> list[tuple[list[Line], float]]:
    """Return the lines of the elements that most running text votes for, with their votes, the likeliest first."""
    lines = [line for line in lines if not line.is_caption]
    votes: Counter[Any] = Counter()
    for line in lines:
        if line.is_running:
            votes[line.owners[0]] += line.words
    votes_of_body: dict[Any, float] = {}
    for owner, count in votes.most_common(_CANDIDATES):
        body = _climb(owner, lines)
        # Several may lead to one body; the first has most votes.
        if body not in votes_of_body:
            votes_of_body[body] = count
    return [(_lines_of(body, lines), count) for body, count in votes_of_body.items()]


def _climb(element: Any, lines: Sequence[Line]) -> Any:
    """Return the element around one that holds the rest of its text: the other pages or parts of an article."""
    start, first = next((place, line) for place, line in enumerate(lines) if element in line.owners)
    inner = first.owners.index(element) + 1
    for around in first.owners[inner : inner + _CLIMB]:
        added = {
            place: line for place, line in enumerate(lines) if around in line.owners and element not in line.owners
        }
        headlines = [place for place, line in added.items() if line.heading == "h1"]
        # The article's own headline stands above it; another one begins another article.
        if len(headlines) > 1 or max(headlines, default=-1) > start:
            return element
        own_part = _part(first, around)
        parts = {_part(line, around) for line in added.values()} - {own_part}
        boxes = _link_boxes(around, list(added.values()))
        alike = {part for part in parts - boxes if called(part) == called(own_part)}
        beside = [line for line in added.values() if _part(line, around) in alike]
        # So does one that is a link.
        if any(line.heading and line.linked for line in beside):
            return element
        text = _count(line for line in beside if line.is_running and not line.is_link)
        if text >= _WORDS and text >= _PURE * _count(beside):
            element = around
    return element


def _part(line: Line, around: Any) -> Any:
    """Return the part of an element that holds a line; the element where it holds the line itself."""
    return line.owners[max(0, line.owners.index(around) - 1)]


def _lines_of(element: Any, lines: Sequence[Line]) -> list[Line]:
    """Return what an element holds, without parts that are junk, unless they are most of its text.

    A part is junk by what it is called, or as a box of links.
    """
    inside = [line for line in lines if element in line.owners]
    boxes = _link_boxes(element, inside)
    names: list[set[str]] = []
    for line in inside:
        parts = line.owners[: line.owners.index(element)]
        names.append({called(part) for part in parts if part in line.junk or part in boxes})
    # Parts that are called the same are one: an article may be cut into many.
    sizes: Counter[str] = Counter()
    for line, junk_names in zip(inside, names, strict=True):
        if line.is_running:
            for name in junk_names:
                sizes[name] += line.words
    spared = _SPARED * _running_words(inside)
    kept = []
    for line, junk_names in zip(inside, names, strict=True):
        if all(sizes[name] >= spared for name in junk_names):
            kept.append(line)
    return kept


def _link_boxes(element: Any, inside: Sequence[Line]) -> set[Any]:
    """Return the parts of an element, at any depth, that hold several lines and in them mostly links."""
    lines_in: Counter[Any] = Counter()
    words: Counter[Any] = Counter()
    linked: Counter[Any] = Counter()
    for line in inside:
        for part in line.owners[: line.owners.index(element)]:
            lines_in[part] += 1
            words[part] += line.words
            linked[part] += line.linked
    return {part for part, count in lines_in.items() if count > 1 and linked[part] >= _LINKED * words[part]}
