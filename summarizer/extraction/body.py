"""Find the element of an HTML page that holds its article.

The running text of a page votes for the element around it, in the way of Arc90's Readability. What the page says of its
article then judges the elements with most votes: headline, description, declared text; so does how far they consist of
links. What an element is called is evidence: one that is called a sidebar or a list of related articles is left out of
the element around it, unless it holds most of its text. Where that leaves a doubt, trafilatura is asked too.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

from summarizer.extraction.blocks import alphanumeric_key, is_running, stems_of
from summarizer.extraction.metadata import Declared
from summarizer.extraction.rules import BULLET, html_pattern, html_tags

# How many elements around a line are known, from the innermost on, and how many of them the rest of a body is sought.
_DEPTH, _CLIMB = 200, 3
_CANDIDATES = 5
# Fewest words of running text of a part of a body, of a text that is declared, or that trafilatura finds.
_WORDS = 25
# Share of an element's text from which on a part of it is kept, whatever it is called.
_SPARED = 0.5
# Fewest pieces of running text of a list of teasers, and of captions of a gallery.
_TEASERS, _CAPTIONS = 3, 3
# What the points of a body are without a word of headline or description, and what is left of those of a list.
_FLOOR, _LISTED = 0.15, 0.4
# Share of the headline's or description's words from which on a body is the article beyond doubt, or although it looks
# like a list; and of words that two texts of one story have in common.
_SURE, _SURER, _SAME = 0.5, 0.9, 0.5
# Up to how many words a text may be a teaser, and how many others make an index.
_TEASER_WORDS, _ALIKE = 80, 2


@dataclass(frozen=True, eq=False)
class _Line:
    """A line of text of an HTML page.

    Its owners are the elements around it that hold more than a paragraph, the innermost first, and its junk those of
    them that are called something that an article isn't. `linked` counts its words that are links.
    """

    text: str
    owners: tuple[Any, ...]
    junk: tuple[Any, ...]
    linked: int
    is_caption: bool
    heading: str

    @cached_property
    def words(self) -> int:
        return len(self.text.split())

    @cached_property
    def is_running(self) -> bool:
        return is_running(self.text)

    @cached_property
    def stems(self) -> frozenset[str]:
        return stems_of(self.text)

    @cached_property
    def key(self) -> str:
        return alphanumeric_key(self.text)

    @property
    def is_link(self) -> bool:
        """Whether it is nothing but a link to another article, with or without a bullet."""
        return self.words > _TEASERS and self.linked >= self.words - (BULLET.sub("", self.text) != self.text)


class _Body:
    """The lines of an element, but for parts whose names say that they are something else, and what speaks for it."""

    def __init__(self, lines: Sequence[_Line], votes: float, declared: Declared) -> None:
        self.lines = lines
        running = [line for line in lines if line.is_running]
        self.words = sum(line.words for line in running)
        # What the element around its first running text is called.
        self.place = next((_called(line.owners[0]) for line in running), "")
        self.stems = frozenset[str]().union(*(line.stems for line in running))
        self.headline = max((_overlap(claim, self.stems) for claim in declared.claims), default=0.0)
        self.description = _overlap(declared.description, self.stems)
        self.fit = max(self.headline, self.description)
        links = sum(line.linked for line in lines) / max(1, sum(line.words for line in lines))
        # Twice as long a text isn't twice as likely the article.
        self.points = (_FLOOR + self.headline + self.description) * votes**0.5 * (1 - links)
        self.points *= _LISTED if self.is_list else 1.0

    @cached_property
    def is_list(self) -> bool:
        """Whether half of its pieces of running text stand in elements of their own, as teasers do."""
        running = [line for line in self.lines if line.is_running and not line.is_caption]
        sizes = Counter(line.owners[0] for line in self.lines)
        # The innermost element around each that holds more than it.
        blocks = {next((owner for owner in line.owners if sizes[owner] != 1), None) for line in running}
        return len(running) >= _TEASERS and 2 * (len(blocks) - 1) >= len(running)

    def objection(self, declared: Declared, others: Sequence[_Body], lines: Sequence[_Line]) -> str:
        """Return why it can't be the article of its page, beside the other bodies of it and among all lines."""
        if declared.objection:
            return declared.objection
        # Entries of a live blog, or parts of a text, stand apart like teasers, but no link stands beside them.
        by_link = {line for pair in pairwise(lines) if pair[0].linked or pair[1].linked for line in pair}
        beside = [line in by_link for line in self.lines if line.is_running]
        if self.is_list and self.fit < (_SURER if 2 * sum(beside) >= len(beside) else _SURE):
            return "the page announces one article after another (is it an index page?)"
        if declared.claims and not self.fit:
            return "the headline and the text have no words in common"
        if self.words >= _TEASER_WORDS:
            return ""
        alike = [other for other in others if other.place == self.place]
        teasers = sum(not _is_same_story(other.stems, self.stems) for other in alike)
        if self.fit < _SURE or (self.headline < _SURER and teasers >= _ALIKE):
            return "its headline doesn't fit its few sentences, or there are others like them (is it an index page?)"
        return ""


def choose_body(lines: Sequence[_Line], declared: Declared, html: str) -> tuple[tuple[str, ...], str]:
    """Return the lines of a page that are its article, and why they can't be one, or ""."""
    bodies = [_Body(own, votes, declared) for own, votes in _find_bodies(lines)]
    best = max(bodies, key=lambda body: body.points, default=None)
    if best is None or best.headline < _SURE:
        captions = [line for line in lines if line.is_running and line.is_caption]
        gallery = captions if len(captions) >= _CAPTIONS else []
        # What trafilatura finds counts less than as many words in one element.
        for own, share in ((gallery, 1.0), (_second_opinion(lines, html), 1 / 3)):
            if (words := sum(line.words for line in own if line.is_running)) >= _WORDS:
                bodies.append(_Body(own, share * words, declared))
        best = max(bodies, key=lambda body: body.points, default=None)
    texts = [text for text in declared.bodies if len(text.split()) >= _WORDS]
    is_known = best is not None and any(_is_same_story(best.stems, stems_of(text)) for text in texts)
    if texts and not is_known and (best is None or best.fit < _SURE):
        return tuple(max(texts, key=len).split("\n")), ""
    if best is None:
        return (), "the page has no running text (is it an index page?)"
    return tuple(line.text for line in best.lines if not line.is_link), best.objection(declared, bodies, lines)


def _overlap(claim: frozenset[str], stems: frozenset[str]) -> float:
    return len(claim & stems) / len(claim) if claim else 0.0


def _is_same_story(one: frozenset[str], other: frozenset[str]) -> bool:
    """Tell whether two texts have half of the shorter one's words in common."""
    return len(one & other) >= _SAME * max(1, min(len(one), len(other)))


def _second_opinion(lines: Sequence[_Line], html: str) -> list[_Line]:
    """Return the page's own lines that are in the body which trafilatura finds."""
    from trafilatura import extract

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        text = extract(html, favor_precision=True, include_comments=False) or ""
    except Exception:  # damaged markup breaks it in many ways, and a page can be judged without it
        return []
    keys, key = set(map(alphanumeric_key, text.split("\n"))), alphanumeric_key(text)
    return [line for line in lines if line.words > 2 and (line.key in keys or line.key in key)]


def _find_bodies(lines: Sequence[_Line]) -> list[tuple[list[_Line], float]]:
    """Return the lines of the elements that most running text votes for, with their votes, the likeliest first."""
    lines = [line for line in lines if not line.is_caption]
    votes: Counter[Any] = Counter()
    for line in lines:
        if line.is_running:
            votes[line.owners[0]] += line.words
    found: dict[Any, float] = {}
    for owner, count in votes.most_common(_CANDIDATES):
        found.setdefault(_climb(owner, lines), count)
    return [(_lines_of(element, lines), count) for element, count in found.items()]


def _climb(element: Any, lines: Sequence[_Line]) -> Any:
    """Return the element around one that holds the rest of its text: the other pages or parts of an article."""
    start, own = next((place, line) for place, line in enumerate(lines) if element in line.owners)
    at = own.owners.index(element) + 1
    for around in own.owners[at : at + _CLIMB]:
        places = [place for place, line in enumerate(lines) if around in line.owners and element not in line.owners]
        added = [lines[place] for place in places]
        heads = [place for place in places if lines[place].heading == "h1"]
        # The article's own headline stands above it; another one, or one that is a link, begins another article.
        if any(line.heading and line.linked for line in added) or len(heads) > 1 or max(heads, default=-1) > start:
            return element
        part = _part(own, around)
        beside = [
            line for line in added if (other := _part(line, around)) is not part and _called(other) == _called(part)
        ]
        if sum(line.words for line in beside if line.is_running) >= _WORDS:
            element = around
    return element


def _part(line: _Line, around: Any) -> Any:
    """Return the part of an element that holds a line; the element where it holds the line itself."""
    return line.owners[max(0, line.owners.index(around) - 1)]


def _lines_of(element: Any, lines: Sequence[_Line]) -> list[_Line]:
    """Return what an element holds, without parts that are called junk, unless they are most of its text."""
    inside = [line for line in lines if element in line.owners]
    names = [
        {_called(part) for part in line.owners[: line.owners.index(element)] if part in line.junk} for line in inside
    ]
    # Parts that are called the same are one: an article may be cut into many.
    sizes: Counter[str] = Counter()
    for line, own in zip(inside, names, strict=True):
        sizes.update(dict.fromkeys(own, line.words if line.is_running else 0))
    spared = _SPARED * sum(line.words for line in inside if line.is_running)
    return [line for line, own in zip(inside, names, strict=True) if all(sizes[name] >= spared for name in own)]


def _called(element: Any) -> str:
    """Return what an element is called, without what tells it from others of its kind."""
    return f"{element.tag} {(element.get('class') or element.get('id') or '').strip().partition(' ')[0]}"


def page_lines(root: Any) -> list[_Line]:
    """Return the lines of text of a page that lxml parsed, without elements that never hold the article's text."""
    from lxml import etree

    lines: list[_Line] = []
    # What is open, as the line that would stand there.
    open_lines = [_Line("", (root,), (), 0, False, "")]
    texts: list[tuple[str, bool]] = []
    links = 0

    def flush() -> None:
        text = " ".join("".join(part for part, _ in texts).split())
        if text:
            linked = sum(len(part.split()) for part, is_link in texts if is_link)
            lines.append(replace(open_lines[-1], text=text, linked=linked))
        texts.clear()

    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        is_block, is_skipped = element.tag in html_tags("blocks"), element.tag in html_tags("skipped")
        if is_block:
            flush()
        if event == "start" and is_skipped:
            walker.skip_subtree()
        elif event == "start":
            links += element.tag == "a"
            open_lines.append(_inside(open_lines[-1], element, is_block=is_block))
            texts.append((element.text or "", links > 0))
        else:
            if not is_skipped:
                open_lines.pop()
                links -= element.tag == "a"
            texts.append((element.tail or "", links > 0))
    return lines


def _inside(around: _Line, element: Any, *, is_block: bool) -> _Line:
    owners, junk = around.owners, around.junk
    is_junk = is_block and element.tag not in ("html", "body", "article", "main") and _is_called("junk", element)
    if is_junk or (is_block and element.tag not in html_tags("paragraphs")):
        owners = (element, *owners[: _DEPTH - 1])
    is_caption = around.is_caption or element.tag in html_tags("captions") or _is_called("caption_names", element)
    heading = element.tag if element.tag in html_tags("headings") else around.heading
    return _Line("", owners, (element, *junk[: _DEPTH - 1]) if is_junk else junk, 0, is_caption, heading)


def _is_called(kind: str, element: Any) -> bool:
    """Tell whether a pattern of a list is found in the names of an element, its class and id."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return len(names) > 1 and bool(html_pattern(kind).search(names))
