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
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from summarizer.extraction.blocks import INDEX_OBJECTION, alphanumeric_key, ends_sentence, stems_of
from summarizer.extraction.metadata import Declared
from summarizer.extraction.page_lines import Line, called, text_of
from summarizer.extraction.rules import line_rule
from summarizer.extraction.story import day_in
from summarizer.text.words import common_words

# Numbers with values behind them were chosen by hand. The values are others that were tried, up to four from about half
# to twice the number, each with how many of 252 saved pages come out otherwise; "4 to 16: no page" names the outermost.

# Most votes that are looked at, and how many elements further out the rest of an article is looked for. The articles of
# all open pages are among the first three.
_CANDIDATES = 5  # 2 to 10: no page
_CLIMB = 3  # 1 to 6: no page
# Fewest words of running text of a part of a body, of a text that is declared, or that trafilatura finds: one long
# sentence.
_WORDS = 25  # 12: 5 pages, 50: 2 pages; 24, 26: none
# Share of the words of further parts of an article that must be running text.
_PURE = 0.6  # 0.3: 1 page, 0.96: 1 page; 0.48, 0.75: none
# Share of an element's text from which on a part of it is kept, whatever it is called.
_SPARED = 0.5  # 0.625: 1 page, 0.8: 1 page; 0.25, 0.4: none
# Share of a part's words that are links from which on it is a box of them.
_LINKED = 0.5  # 0.25 to 0.8: no page
# Fewest pieces of running text of a list of teasers, and fewest captions of a gallery.
_TEASERS = 3  # 1 to 6: no page
_CAPTIONS = 3  # 6: 3 pages; 1, 2, 4: none
# Fewest texts of a front page that stand below a link to their article, and the share of its texts that do.
_ANNOUNCED_TEXTS = 4  # 2 to 8: no page
_ANNOUNCED = 0.5  # 0.25 to 0.8: no page
# What a body without a word of headline or description has as points, and what is left of the points of a list.
_FLOOR = 0.15  # 0.075: 1 page; 0.12, 0.188, 0.24: none
_LISTED = 0.4  # 0.2: 1 page, 0.32: 1 page; 0.5, 0.64: none
# What a word counts that trafilatura finds; one in an element counts 1.
_SECOND = 1 / 3  # 0.167: 2 pages, 0.417: 1 page, 0.533: 1 page; 0.267: none
# Most words of running text of a page that trafilatura is asked about, which takes it a third of the time that such a
# page is read in. The longest of the open pages has 1,700, and what has so many is no single article.
_SECOND_WORDS = 30_000
# Share of the headline's or description's words from which on a body is the article beyond doubt, and although it looks
# like a list.
_SURE = 0.5  # 0.25: 5 pages, 0.4: 2 pages, 0.625: 1 page, 0.8: 11 pages
_SURER = 0.9  # 0.45: 2 pages; 0.72, 0.95: none
# Share of their words that two texts of one story have in common.
_SAME = 0.5  # 0.25 to 0.8: no page
# Fewest words of a line that is a headline where the page marks none as such.
_HEADLINE_WORDS = 4  # 2 to 8: no page
# Among how many lines below a headline its day stands.
_DATE_REACH = 3  # 6: 1 page; 1, 2, 4: none
# Most headlines of the first rank that are looked at: a page with more is hardly about one of them.
_HEADLINES = 20  # 10 to 40: no page
# Fewest words of the headline that text has which stands in an element of any other name than the rest. Without that, a
# caption and a note of the site came into 2 of 53 open pages; with it, all invented leads still come out.
_SHARED = 2  # 1 to 4: no page
# Letters of a stem that is no frequent short word, such as "yang" or "baru".
_LONG_STEM = 5  # 2 to 10: no page
# Most lines of an announcement in a list: a headline, a section, a day, a sentence.
_ITEM_LINES = 4  # 2: 10 pages, 3: 1 page; 5, 8: none
# Up to how many words a text may be a teaser, and how many others make an index.
_TEASER_WORDS = 80  # 160: 2 pages; 40, 79, 81: none
_ALIKE = 2  # 4: 1 page; 1, 3: none
# What elements are called that have no name: it doesn't tell one kind of text from another.
_NAMELESS = ("div", "section", "td")
# How much text outside of a body, beside the body's own, may be a part of the article, whatever it tells of; and the
# share of a paragraph's stems that a body has from which on a long sentence of it may be. On 114 open pages, no other
# text than captions has so many.
_MUCH = 0.5  # 0.25 to 0.8: no page
_OF_STORY = 0.3  # 0.15: 2 pages; 0.24, 0.375, 0.48: none
# How the beginning of another article ends, where it is cut off to announce it.
_CUT_OFF = ("…", "...", "…]", "...]")
# Share of the words of a text in Indonesian that are common ones. In the English of cookie notices it is below .3.
_COMMON = 0.5  # 0.25 to 0.8: no page


@dataclass(frozen=True)
class Choice:
    """The lines of a page that are its article, why they can't be one, or "", and what may be missing of it.

    `outside` holds the paragraphs of running text that stand elsewhere on the page, where they may be a part of it.
    """

    paragraphs: tuple[str, ...]
    objection: str = ""
    outside: tuple[str, ...] = ()


class _Body:
    """The lines of an element, but for parts that are something else, and what speaks for it."""

    def __init__(self, lines: Sequence[Line], votes: float, declared: Declared) -> None:
        self.lines = lines
        self.running = _running(lines)
        self.words = _count(self.running)
        self.stems = _stems(self.running)
        self.headline = 0.0
        for claim in declared.claims:
            self.headline = max(self.headline, _overlap(claim, self.stems))
        self.description = _overlap(declared.description, self.stems)
        self.fit = max(self.headline, self.description)
        linked = 0
        for line in lines:
            linked += line.linked
        share_of_links = linked / max(1, _count(lines))
        # Twice as long a text isn't twice as likely the article.
        self.points = (_FLOOR + self.headline + self.description) * votes**0.5 * (1 - share_of_links)
        if self.is_list:
            self.points *= _LISTED

    @property
    def place(self) -> str:
        """What the element around its first running text is called."""
        return called(self.running[0].owners[0]) if self.running else ""

    @cached_property
    def is_list(self) -> bool:
        """Whether half of its pieces of running text stand in elements of their own, as teasers do."""
        texts = [line for line in self.running if not line.is_caption]
        if len(texts) < _TEASERS:
            return False
        sizes: Counter[Any] = Counter()
        for line in self.lines:
            sizes[line.owners[0]] += 1
        items = set()
        for line in texts:
            items.add(_item_around(line, sizes))
        return 2 * (len(items) - 1) >= len(texts)

    def objection(self, declared: Declared, others: Sequence[_Body], lines: Sequence[Line]) -> str:
        """Return why it can't be the article of its page, beside the other bodies of it and among all lines."""
        if declared.objection:
            return declared.objection
        if self.is_list and self.fit < (_SURER if self._stands_beside_links(lines) else _SURE):
            return INDEX_OBJECTION
        # The first headline of a front page is a link as the others are.
        is_own_headline = self.fit >= _SURER and not any(line.heading == "h1" and line.linked for line in lines)
        if not is_own_headline and self._is_announced(lines):
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
        beside = by_link.intersection(self.running)
        return 2 * len(beside) >= len(self.running)

    def _is_announced(self, lines: Sequence[Line]) -> bool:
        """Tell whether half of its pieces of running text stand below a link with words of theirs, as teasers do."""
        texts = set(self.running)
        announced = 0
        link: Line | None = None
        for line in lines:
            if _is_announcement(line) and line_rule(line.text) is None:
                link = line
            elif line in texts:
                if link is not None and len(link.stems & line.stems) >= _SHARED:
                    announced += 1
                link = None
        return announced >= _ANNOUNCED_TEXTS and announced >= _ANNOUNCED * len(texts)

    def _may_be_teaser(self, others: Sequence[_Body]) -> bool:
        """Tell whether its few sentences don't fit the headline, or aren't the only ones of their kind on the page."""
        if self.fit < _SURE:
            return True
        if self.place in _NAMELESS:
            return False
        teasers = 0
        for other in others:
            if other.place == self.place and not _is_same_story(other.stems, self.stems):
                teasers += 1
        return self.headline < _SURER and teasers >= _ALIKE


def choose_body(lines: Sequence[Line], declared: Declared, html: str) -> Choice:
    """Return which lines of a page are its article; none, and why, where it has no running text.

    ``lines`` are all of the page, ``html`` is the page as a whole, for trafilatura.
    """
    bodies = []
    for inside, votes in _find_bodies(lines, _headlines(lines, declared)):
        bodies.append(_Body(inside, votes, declared))
    best = _best(bodies)
    if best is None or best.headline < _SURE:
        bodies += _other_bodies(lines, declared, html)
        best = _best(bodies)
    declared_text = _declared_text(declared, best)
    if declared_text:
        return Choice(tuple(declared_text.split("\n")))
    if best is None:
        return Choice((), "the page has no running text (is it an index page?)")
    outside = _text_outside(lines, best, declared)
    return Choice(text_of(best.lines), best.objection(declared, bodies, lines), outside)


def _best(bodies: Iterable[_Body]) -> _Body | None:
    return max(bodies, key=lambda body: body.points, default=None)


def _other_bodies(lines: Sequence[Line], declared: Declared, html: str) -> list[_Body]:
    """Return the captions of a gallery, and what trafilatura finds, where they hold enough running text."""
    captions = [line for line in _running(lines) if line.is_caption]
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
        if best.fit >= _SURE:
            return ""
        for text in texts:
            if _is_same_story(best.stems, stems_of(text)):
                return ""
    return max(texts, key=len, default="")


def _text_outside(lines: Sequence[Line], body: _Body, declared: Declared) -> tuple[str, ...]:
    """Return the paragraphs outside of a body that may be a part of its article.

    There is reason to think so where they have half as many words as the body, where one of them tells the headline, or
    where those that tell the body's story have as many words as a long sentence.

    Args:
        lines: of the page, all of them.
        body: what was chosen as the article.
        declared: what the page says of its article.

    Returns:
        the paragraphs in the order of the page; none without one of these reasons, or in another language than
        Indonesian.
    """
    outside: list[Line] = []
    words_of_story = 0
    tells_headline = False
    for line in _paragraphs_elsewhere(lines, body):
        has_headline = _has_headline(line, declared)
        has_words_of_body = _overlap(line.stems, body.stems) >= _OF_STORY
        is_of_story = has_headline or has_words_of_body
        if has_headline:
            tells_headline = True
        if is_of_story:
            words_of_story += line.words
        # What an element is called is evidence, which the text can outweigh.
        is_evidently_junk = bool(line.junk) and not is_of_story
        if not is_evidently_junk:
            outside.append(line)
    fewest_words = max(_WORDS, _MUCH * body.words)
    is_much = _count(outside) >= fewest_words
    tells_story = words_of_story >= _WORDS
    if not is_much and not tells_headline and not tells_story:
        return ()
    texts = tuple(line.text for line in outside)
    return texts if _is_indonesian(" ".join(texts)) else ()


def _paragraphs_elsewhere(lines: Sequence[Line], body: _Body) -> list[Line]:
    """Return the lines of a page that may be paragraphs of an article and that its body doesn't have.

    What the body has too is no other text, such as a quotation that stands out; nor is a caption, or what announces
    another article. A paragraph of the body that is a link as a whole won't come out, and so counts as text elsewhere.
    """
    lines_of_body = [line for line in body.lines if not line.is_link]
    text_of_body = " ".join(line.key for line in lines_of_body)
    left_out = {*lines_of_body, *_announcements(lines)}
    elsewhere: list[Line] = []
    for line in lines:
        if line in left_out or line.is_caption:
            continue
        is_repeated = line.key in text_of_body
        if not is_repeated and _may_be_paragraph(line):
            elsewhere.append(line)
    return elsewhere


def _may_be_paragraph(line: Line) -> bool:
    """Tell whether a line may be a paragraph of an article: running text that no rule knows, nor announces another.

    Of 45 links on 118 open pages that are sentences, 19 end with a full stop; only one of those stands in an article.
    """
    if not line.is_running or line.heading or line.text.endswith(_CUT_OFF) or line_rule(line.text) is not None:
        return False
    return line.linked <= _LINKED * line.words or ends_sentence(line.text, ".")


def _has_headline(line: Line, declared: Declared) -> bool:
    """Tell whether a sentence has half of a headline's words, as a lead has; the headline itself has no full stop."""
    if line.junk or line.linked or not ends_sentence(line.text, "."):
        return False
    return any(len(claim & line.stems) >= max(_SHARED, _SURE * len(claim)) for claim in declared.claims)


def _is_indonesian(text: str) -> bool:
    words = text.casefold().split()
    common = 0
    for word in words:
        if word.strip(".,;:!?\"'”“()") in common_words("id"):
            common += 1
    return common >= _COMMON * len(words)


def _announcements(lines: Sequence[Line]) -> set[Line]:
    """Return the lines of items in lists, each of a few lines, one of which has a link: they announce articles."""
    lines_in: Counter[Any] = Counter()
    links_in: Counter[Any] = Counter()
    for line in lines:
        for owner in line.owners:
            lines_in[owner] += 1
            if line.linked:
                links_in[owner] += 1
    items = {owner for owner, links in links_in.items() if links and lines_in[owner] <= _ITEM_LINES}
    announcements = set()
    for line in lines:
        if not items.isdisjoint(line.owners):
            announcements.add(line)
    return announcements


def _count(lines: Iterable[Line]) -> int:
    """Return how many words lines have."""
    words = 0
    for line in lines:
        words += line.words
    return words


def _running(lines: Iterable[Line]) -> list[Line]:
    """Return those of some lines that are running text."""
    return [line for line in lines if line.is_running]


def _running_words(lines: Iterable[Line]) -> int:
    return _count(_running(lines))


def _stems(lines: Iterable[Line]) -> frozenset[str]:
    """Return the stems of all words of some lines."""
    stems: set[str] = set()
    for line in lines:
        stems |= line.stems
    return frozenset(stems)


def _lines_in(element: Any, lines: Iterable[Line]) -> list[Line]:
    """Return those of some lines that an element holds."""
    return [line for line in lines if element in line.owners]


def _item_around(line: Line, sizes: Mapping[Any, int]) -> Any:
    """Return the innermost element around a line that holds more than it; None where none does."""
    for owner in line.owners:
        if sizes[owner] != 1:
            return owner
    return None


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
    key = alphanumeric_key(text)
    keys = set(map(alphanumeric_key, text.split("\n")))
    return [line for line in lines if line.words > 2 and (line.key in keys or line.key in key)]


def _headlines(lines: Sequence[Line], declared: Declared) -> list[Line]:
    """Return the headlines of the first rank; where a page has none, what it declares as its own or begins that with.

    Behind the headline, the name of the site may be declared.
    """
    texts = [line for line in lines if not line.is_caption]
    headlines = [line for line in texts if line.heading == "h1"]
    if headlines:
        return headlines
    titles = list(map(alphanumeric_key, declared.headlines))
    for line in texts:
        is_long = line.words >= _HEADLINE_WORDS and not line.linked
        if is_long and any(title.startswith(line.key) for title in titles):
            headlines.append(line)
    return headlines


def _find_bodies(lines: Sequence[Line], headlines: Sequence[Line]) -> list[tuple[list[Line], float]]:
    """Return the lines of the elements that most running text votes for, with their votes, the likeliest first."""
    lines = [line for line in lines if not line.is_caption]
    votes: Counter[Any] = Counter()
    for line in _running(lines):
        votes[line.owners[0]] += line.words
    votes_of_body: dict[Any, int] = {}
    for owner, count in votes.most_common(_CANDIDATES):
        body = _climb(owner, lines)
        # Several may lead to one body; the first has most votes.
        if body not in votes_of_body:
            votes_of_body[body] = count
    places = {line: place for place, line in enumerate(lines)}
    bodies: list[tuple[list[Line], float]] = []
    for body, count in votes_of_body.items():
        whole = {*_lines_of(body, lines), *_below_headline(body, lines, headlines)}
        bodies.append((sorted(whole, key=places.__getitem__), count))
    return bodies


def _climb(element: Any, lines: Sequence[Line]) -> Any:
    """Return the element around one that holds the rest of its text: the other pages or parts of an article.

    Args:
        element: that holds text of the article.
        lines: of the page.
    """
    start, first = _first_line(element, lines)
    body = element
    inner = first.owners.index(element) + 1
    for around in first.owners[inner : inner + _CLIMB]:
        added = {place: line for place, line in enumerate(lines) if around in line.owners and body not in line.owners}
        if _have_other_headline(added, start):
            return body
        beside = _parts_alike(_part(first, around), around, list(added.values()))
        # A headline that is a link begins another article too, and so does one with a day below it.
        if any(map(_is_linked_heading, beside)) or _next_article(_lines_in(around, lines)) is not None:
            return body
        words = _count(line for line in _running(beside) if not line.is_link)
        if words >= _WORDS and words >= _PURE * _count(beside):
            body = around
    return body


def _have_other_headline(lines: Mapping[int, Line], start: int) -> bool:
    """Tell whether lines have the headline of another article: the article's own one stands above its text.

    Args:
        lines: by their places on the page.
        start: the place of the first line of the article's text.
    """
    headlines = [place for place, line in lines.items() if line.heading == "h1"]
    return len(headlines) > 1 or any(place > start for place in headlines)


def _first_line(element: Any, lines: Sequence[Line]) -> tuple[int, Line]:
    """Return the first line that an element holds, with its place among all."""
    for place, line in enumerate(lines):
        if element in line.owners:
            return place, line
    raise ValueError("the element holds no line")


def _parts_alike(part: Any, around: Any, added: Sequence[Line]) -> list[Line]:
    """Return what stands in the parts of an element that are called like one of them and are no boxes of links."""
    boxes = _link_boxes(around, added)
    beside = []
    for line in added:
        other = _part(line, around)
        if other is not part and other not in boxes and called(other) == called(part):
            beside.append(line)
    return beside


def _is_linked_heading(line: Line) -> bool:
    return bool(line.heading and line.linked)


def _next_article(lines: Sequence[Line]) -> int | None:
    """Return the place of the first heading among some lines that has text above it and a day right below it."""
    has_text = False
    for place, line in enumerate(lines):
        has_text = has_text or line.is_running
        if not has_text or not line.heading or line.linked or line.words < _HEADLINE_WORDS:
            continue
        for below in lines[place + 1 : place + 1 + _DATE_REACH]:
            if not below.is_running and day_in(below.text):
                return place
    return None


def _is_announcement(line: Line) -> bool:
    """Tell whether a line announces another article: it is a link, or a heading with one."""
    return line.is_link or _is_linked_heading(line)


def _below_headline(element: Any, lines: Sequence[Line], headlines: Sequence[Line]) -> list[Line]:
    """Return what stands outside of an article's element but with it below one headline, where it is text alone.

    A lead, or parts of an article, may stand in elements that are called anything.

    Args:
        element: that holds text of the article.
        lines: of the page, but for captions.
        headlines: of the page, as `_headlines` returns them.

    Returns:
        what belongs to the article, in the order of the page; nothing where the element may be no article, or where no
        single headline stands above it.
    """
    start, first = _first_line(element, lines)
    text_of_element = _running(_lines_in(element, lines))
    if len(headlines) > _HEADLINES or not _may_be_article(element, first, text_of_element):
        return []
    further_out = first.owners.index(element) + 1
    around, headline = _around_headline(first.owners[further_out:], headlines)
    if headline is None or headline not in lines[:start]:
        return []
    lines_below_headline = lines[lines.index(headline) + 1 :]
    below = _up_to_next_article(_lines_in(around, lines_below_headline))
    if first not in below:
        return []
    candidates = _added_lines(first.owners, element, around, below)
    above, following = _beside(element, below, candidates)
    if _is_text_under([*above, *following], headline):
        return [*above, *_without_last_labels(following)]
    stems_of_article = _stems(text_of_element) | headline.stems
    if _is_continuation(following, stems_of_article):
        return following
    return []


def _may_be_article(element: Any, first: Line, text: Sequence[Line]) -> bool:
    """Tell whether an element may hold an article: comments, the foot of a page and teasers have running text too.

    Args:
        element: of the page.
        first: the first line in it.
        text: the running text in it.
    """
    if element in first.junk or _is_announcement(first):
        return False
    # What rules know is boilerplate.
    return any(line_rule(line.text) is None for line in text)


def _up_to_next_article(lines: Sequence[Line]) -> Sequence[Line]:
    """Return lines below a headline up to the heading of another article, if there is one among them."""
    end = _next_article(lines)
    return lines if end is None else lines[:end]


def _is_text_under(lines: Sequence[Line], headline: Line) -> bool:
    """Tell whether lines are mostly running text that has words of a headline."""
    text = _running(lines)
    shared = _stems(text) & headline.stems
    is_of_story = len(shared) >= _SHARED
    is_pure = _count(text) >= _PURE * _count(lines)
    return is_of_story and is_pure


def _beside(element: Any, below: Sequence[Line], added: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Return which of some lines stand above an element and which below it, as far as no other article is announced.

    Args:
        element: that holds text of the article.
        below: the lines below the headline, those of the element too.
        added: those of them that are looked at.

    Returns:
        the lines of ``added`` above the element, behind the last announcement there; and those below it, in front of
        the first line there that announces another article or ends this one.
    """
    first_in_element = 0
    while first_in_element < len(below) and element not in below[first_in_element].owners:
        first_in_element += 1
    candidates = set(added)
    above = _behind_last_announcement(below[:first_in_element], candidates)
    lines_behind = [line for line in below[first_in_element:] if element not in line.owners]
    following = _up_to_article_end(lines_behind, candidates)
    return above, following


def _behind_last_announcement(lines: Sequence[Line], candidates: Set[Line]) -> list[Line]:
    """Return the candidates among lines, behind the last of them that announces another article."""
    found: list[Line] = []
    for line in lines:
        if line not in candidates:
            continue
        if _is_announcement(line):
            # What stands above an announcement is none of the article.
            found.clear()
        else:
            found.append(line)
    return found


def _up_to_article_end(lines: Sequence[Line], candidates: Set[Line]) -> list[Line]:
    """Return the candidates among lines, up to one that announces another article or a line that ends this one."""
    found: list[Line] = []
    for line in lines:
        if line in candidates:
            if _is_announcement(line):
                break
            found.append(line)
        elif _ends_article(line):
            break
    return found


def _ends_article(line: Line) -> bool:
    """Tell whether a line stands below articles, such as a list of tags: what is below it is none of the article."""
    rule = line_rule(line.text)
    return rule is not None and rule.kind == "tail"


def _without_last_labels(lines: Sequence[Line]) -> Sequence[Line]:
    """Return lines up to the last one that is running text."""
    end = len(lines)
    while end > 0 and not lines[end - 1].is_running:
        end -= 1
    return lines[:end]


def _is_continuation(following: Sequence[Line], known: Set[str]) -> bool:
    """Tell whether what follows an article's element is sentences alone that have a longer word in common with it.

    Words of the headline need not come back there. On all open pages, other text below an article has a link, a button
    or a name beside it. Of 400 articles, each has such a word in two sentences near its end. ``known`` are the stems of
    headline and article.
    """
    if not all(line.is_running and not line.linked for line in following):
        return False
    shared = _stems(following) & known
    return any(len(stem) >= _LONG_STEM for stem in shared)


def _around_headline(owners: Sequence[Any], headlines: Sequence[Line]) -> tuple[Any, Line | None]:
    """Return the innermost of some elements that holds a headline, and that; None where it holds two, or none does."""
    for owner in owners:
        inside = _lines_in(owner, headlines)
        if inside:
            return owner, inside[0] if len(inside) == 1 else None
    return None, None


def _added_lines(owners: Sequence[Any], element: Any, around: Any, inside: Sequence[Line]) -> list[Line]:
    """Return what an element around another one adds to it, without junk, boxes of links, captions and boilerplate.

    ``owners`` are the elements around the inner one.
    """
    apart = _link_boxes(around, inside) | (_framed(around, inside) - set(owners)) | {element}
    added = []
    for line in inside:
        parts = line.owners[: line.owners.index(around)]
        is_junk = not set(line.junk).isdisjoint(parts)
        if not is_junk and apart.isdisjoint(parts) and line_rule(line.text) is None:
            added.append(line)
    return added


def _framed(around: Any, inside: Sequence[Line]) -> set[Any]:
    """Return the parts of an element that hold a picture and no more than a few lines, as of a caption."""
    lines_in: Counter[Any] = Counter()
    for line in inside:
        lines_in.update(line.owners[: line.owners.index(around)])
    framed = set()
    for part, count in lines_in.items():
        if count <= _ITEM_LINES and part.find(".//img") is not None:
            framed.add(part)
    return framed


def _part(line: Line, around: Any) -> Any:
    """Return the part of an element that holds a line; the element where it holds the line itself."""
    return line.owners[max(0, line.owners.index(around) - 1)]


def _lines_of(element: Any, lines: Sequence[Line]) -> list[Line]:
    """Return what an element holds, without parts that are junk, unless they are most of its text.

    A part is junk by what it is called, as a box of links, or as an article in a list of others.
    """
    inside = _lines_in(element, lines)
    boxes = _link_boxes(element, inside) | _listed_articles(inside)
    names: list[set[str]] = []
    for line in inside:
        junk_parts = boxes.union(line.junk).intersection(line.owners[: line.owners.index(element)])
        names.append(set(map(called, junk_parts)))
    # Parts that are called the same are one: an article may be cut into many.
    sizes: Counter[str] = Counter()
    for line, junk_names in zip(inside, names, strict=True):
        if line.is_running:
            for name in junk_names:
                sizes[name] += line.words
    spared = _SPARED * _running_words(inside)
    all_names = set().union(*names)
    dropped = {name for name in all_names if sizes[name] < spared}
    kept = []
    for line, junk_names in zip(inside, names, strict=True):
        if dropped.isdisjoint(junk_names):
            kept.append(line)
    return kept


def _listed_articles(inside: Sequence[Line]) -> set[Any]:
    """Return the elements of articles that stand below a heading such as "Berita Lainnya", each with a link."""
    lines_in: Counter[Any] = Counter()
    for line in inside:
        lines_in.update(line.owners)
    items: set[Any] = set()
    is_below = False
    for line in inside:
        rule = line_rule(line.text)
        if rule is not None and rule.kind == "section":
            is_below = True
        elif is_below and _is_announcement(line) and lines_in[line.owners[0]] <= _ITEM_LINES:
            items.add(line.owners[0])
        elif items.isdisjoint(line.owners):
            is_below = False
    return items


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
    boxes = set()
    for part, count in lines_in.items():
        if count > 1 and linked[part] >= _LINKED * words[part]:
            boxes.add(part)
    return boxes
