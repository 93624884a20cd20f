"""Find where on a page the headline, the story and its date stand.

A page that was saved as text has lost the markup that told the article from what stands around it: menus, tickers,
teasers of other articles, comments, the footer. What is left is the order of the lines. The words of running text count
for the story, every label, headline and line of boilerplate against it, and the stretch of lines with the highest sum
is the story: maximum subsequence segmentation, after Pasternack and Roth, "Extracting article text from the web with
maximum subsequence segmentation" (WWW 2009), with the rules of ``rules.toml`` in place of a learnt classifier.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from summarizer.extraction.blocks import (
    Block,
    Kind,
    Page,
    ends_sentence,
    is_running,
    reads_as_sentence,
    shared_stems,
    stems_of,
)
from summarizer.extraction.datelines import has_dateline
from summarizer.extraction.rules import BULLET

# Numbers with values behind them were chosen by hand. The values are others that were tried, up to four from about half
# to twice the number, each with how many of 252 saved pages come out otherwise; "4 to 16: no page" names the outermost.

# What a block that isn't running text counts; a word of running text counts 1. Set by hand on saved pages of 16 sites.
_LABEL = -8.0  # about what a short sentence gains; -4: 1 page, -6: 1 page, -10.6: 1 page, -16: 3 pages
_SUBHEADING = -3.0  # -6: 1 page; -1.5, -2.25, -3.99: none
_ROW = -1.0  # -0.5 to -2: no page
# Boilerplate that stands between an article's paragraphs as often as around them.
_BETWEEN = -2.0  # -4: 1 page; -1, -1.5, -2.66: none
_BOILERPLATE = -12.0  # -6: 1 page, -9: 1 page; -16, -24: none
_FINAL = -200.0  # more than any text below it gains; -100 to -400: no page
_SUBHEADING_WORDS = 4  # 2 to 8: no page
# How far below the story's beginning its headline may stand.
_BELOW = 12  # 6 to 24: no page
# Fewest and most words of a headline, and of one that has the shape of a row of a table; its most characters.
_HEADLINE_WORDS = (3, 30)
_ROW_WORDS = (6, 30)
_MAX_CHARACTERS = 220  # 110: 1 page; 219, 221, 440: none
# What a date just below a headline speaks for it, in words that it shares with the story.
_DATED = 1.5  # 0.75 to 2.4: no page
_DATE_REACH = 3  # 1 to 6: no page
# As many labels above a story make a menu: then a footer must stand below it.
_MENU = 5  # 2: 1 page, 6: 1 page, 10: 2 pages; 4: none
# Among how many lines at its top a story may begin anew, and how many times the text above it the text below must be.
_TOP = 15  # 7 to 30: no page
_MUCH_MORE = 4  # 5: 1 page, 8: 3 pages; 2, 3: none
# Fewest entries of a live blog.
_ENTRIES = 3  # 1: 9 pages; 2, 4, 6: none
# Around how many blocks at the story's beginning its date may stand.
_NEAR = 4  # 2 to 8: no page
_DATE = re.compile(r"(?:^|[\s,])(\d{1,2})(?:\s([^\W\d_]{3,9})\s|[/-](\d{1,2})[/-])(\d{4})\b")
_MONTHS = ("jan", "feb", "mar", "apr", "mei may", "jun", "jul", "agu aug ags agt", "sep", "okt oct", "nov", "des dec")
_MONTH_NUMBERS: dict[str, int] = {}
for _number, _names in enumerate(_MONTHS, 1):
    _MONTH_NUMBERS |= dict.fromkeys(_names.split(), _number)


@dataclass(frozen=True)
class Story:
    """The headline of an article, and which blocks it has, from the start up to before the end, counted from 0."""

    headline: str | None
    start: int
    end: int


def find_story(page: Page) -> Story:
    """Find the headline, and the blocks that hold the article and nothing but what stands between its paragraphs."""
    blocks = page.blocks
    weights = _weigh(blocks)
    start, end = _heaviest(weights)
    if start == end:
        return Story(page.title, 0, len(blocks))
    start = _sentence_start(blocks, start)
    headline = page.title
    headline_place: int | None = None
    if not page.title and not page.is_flattened:
        headline_place = _find_headline(blocks, weights, start, end)
    if headline_place is not None:
        headline = BULLET.sub("", blocks[headline_place].text, count=1)
    above = blocks[: start if headline_place is None else headline_place]
    is_whole_page = _menu_size(above) >= _MENU
    if headline_place is not None and headline_place <= start:
        first = _lead(blocks, range(headline_place + 1, start))
    elif is_whole_page:
        first = start
    elif headline_place is None:
        first = 0
    else:
        first = headline_place + 1
    first = _below_head(blocks, first, end)
    last = _below_story(blocks, end, is_whole_page=is_whole_page)
    return Story(headline, first, max(first, last))


def _menu_size(above: Sequence[Block]) -> int:
    """Return how many of the blocks above a story are labels or known to be boilerplate."""
    size = 0
    for block in above:
        if block.kind is Kind.LABEL or block.rule is not None:
            size += 1
    return size


def _weigh(blocks: Sequence[Block]) -> list[float]:
    """Return for each block how much it speaks for being part of the story, in words of running text."""
    return [_weight_of(blocks, place) for place in range(len(blocks))]


def _weight_of(blocks: Sequence[Block], place: int) -> float:
    """Return the weight of the block at a place: see `_weigh`."""
    block = blocks[place]
    if block.kind is Kind.TEXT:
        return float(block.words)
    if block.rule and block.rule.final:
        return _FINAL
    if block.rule and block.rule.between:
        return _BETWEEN
    if block.kind is Kind.LABEL:
        return _SUBHEADING if _is_subheading(blocks, place) else _LABEL
    return _ROW if block.kind is Kind.ROW else _BOILERPLATE


def _is_subheading(blocks: Sequence[Block], place: int) -> bool:
    """Tell whether a label is a few words with text above and below it."""
    is_between = 0 < place < len(blocks) - 1
    if not is_between or blocks[place].words > _SUBHEADING_WORDS:
        return False
    return blocks[place - 1].kind is Kind.TEXT and blocks[place + 1].kind is Kind.TEXT


def _heaviest(weights: Sequence[float]) -> tuple[int, int]:
    """Return the stretch of weights with the highest sum: where it starts, and where the first one behind it is."""
    highest = 0.0
    stretch = (0, 0)
    total = 0.0
    start = 0
    for place, weight in enumerate(weights):
        if total <= 0:
            total = 0.0
            start = place
        total += weight
        if total > highest:
            highest = total
            stretch = (start, place + 1)
    return stretch


def _sentence_start(blocks: Sequence[Block], start: int) -> int:
    """Return where the sentence begins that a story begins with: a line may have been broken in the middle of it."""
    while start > 0 and blocks[start].text[:1].islower():
        above = blocks[start - 1]
        if above.kind is not Kind.LABEL or ends_sentence(above.text) or not reads_as_sentence(above.text):
            break
        start -= 1
    return start


def _is_far_more(blocks: Sequence[Block], above: range) -> bool:
    """Tell whether the text of some blocks is so little, beside what follows, that it can't be the article."""
    words_above = 0
    for block in blocks[above.start : above.stop]:
        if block.kind is Kind.TEXT:
            words_above += block.words
    words_below = 0
    for block in blocks[above.stop :]:
        if is_running(block.text):
            words_below += block.words
    return words_below > _MUCH_MORE * words_above


def _find_headline(blocks: Sequence[Block], weights: Sequence[float], start: int, end: int) -> int | None:
    """Return the place of the story's headline: the line above it, or a little below, that shares most words with it.

    Args:
        blocks: of the page.
        weights: of the blocks.
        start: place of the story's first block.
        end: place behind its last one.

    Returns:
        the place; that of the page's first line where no other shares a word with the story or has a date below it, if
        that may be a headline; else None.
    """
    texts = [block.text for block, weight in zip(blocks[:end], weights, strict=False) if weight > 0]
    stems = stems_of(*texts)
    best_place: int | None = None
    best_score = 0.0
    for place in range(_end_of_top(weights, start, end)):
        block = blocks[place]
        if block.kind not in (Kind.LABEL, Kind.ROW) or not _has_headline_shape(block):
            continue
        score = shared_stems(block.text, stems)
        if _is_dated(blocks, place):
            score += _DATED
        # Of two as good, the lower one.
        if score > 0 and score >= best_score:
            best_place = place
            best_score = score
    if best_place is None and start <= _BELOW and _may_be_first_headline(blocks[0]):
        return 0
    return best_place


def _may_be_first_headline(block: Block) -> bool:
    """Tell whether a page's first line may be its headline.

    It may end with a date, and then looks like a line above an article, which further down is no headline.
    """
    return block.kind in (Kind.LABEL, Kind.ROW, Kind.HEAD) and _has_headline_shape(block)


def _end_of_top(weights: Sequence[float], start: int, end: int) -> int:
    """Return the place behind the last block that may be a headline: so little of the story stands above it."""
    words = 0.0
    for weight in weights[start:end]:
        words += max(0.0, weight)
    most_words = words / (_MUCH_MORE + 1)
    last = min(len(weights), start + _BELOW)
    words_above = 0.0
    for place in range(start, last):
        words_above += max(0.0, weights[place])
        if words_above > most_words:
            return place
    return last


def _is_dated(blocks: Sequence[Block], place: int) -> bool:
    """Tell whether one of the lines right below a block is of those that stand above articles, such as a date."""
    below = blocks[place + 1 : place + 1 + _DATE_REACH]
    return any(block.kind is Kind.HEAD for block in below)


def _has_headline_shape(block: Block) -> bool:
    """Tell whether a line is as long as a headline, and neither an address nor a remark in brackets."""
    fewest, most = _ROW_WORDS if block.kind is Kind.ROW else _HEADLINE_WORDS
    if not fewest <= block.words <= most or len(block.text) > _MAX_CHARACTERS:
        return False
    is_address = "://" in block.text
    is_remark = block.text.startswith("(") and block.text.endswith(")")
    return not is_address and not is_remark


def _lead(blocks: Sequence[Block], between: range) -> int:
    """Return the first paragraph below the headline, where only a table parts it from the story; else the story."""
    lead = between.start
    while lead < between.stop and blocks[lead].kind is not Kind.TEXT:
        lead += 1
    rows = 0
    others = 0
    for block in blocks[lead : between.stop]:
        if block.rule and not block.rule.between and block.kind is not Kind.TEXT:
            return between.stop
        if block.kind is Kind.ROW:
            rows += 1
        elif block.kind is not Kind.TEXT:
            others += 1
    return lead if rows >= others else between.stop


def _below_head(blocks: Sequence[Block], first: int, end: int) -> int:
    """Return where the article begins below the last line at its top that stands above articles, or at its dateline."""
    top = range(first, min(first + _TOP, end))
    counts = Counter(block.rule.name for block in blocks[first:end] if block.rule)
    below_heads = first
    for place in top:
        block = blocks[place]
        # A line that comes again and again stands above each entry of a live blog.
        is_head = block.kind in (Kind.HEAD, Kind.TAIL) and block.rule and counts[block.rule.name] < _ENTRIES
        if is_head and _is_far_more(blocks, range(first, place + 1)):
            below_heads = place + 1
    dateline = _find_dateline(blocks, top)
    if dateline is not None and dateline >= below_heads and _is_far_more(blocks, range(first, dateline)):
        return dateline
    if below_heads == first:
        return first
    for place in range(below_heads, end):
        if is_running(blocks[place].text):
            return place
    return below_heads


def _find_dateline(blocks: Sequence[Block], top: range) -> int | None:
    """Return the place of the first block among some that begins with an outlet's dateline."""
    for place in top:
        if has_dateline(blocks[place].text, of_outlet=True):
            return place
    return None


def _below_story(blocks: Sequence[Block], end: int, *, is_whole_page: bool) -> int:
    """Return the first block below the story that shows that the article is over."""
    for place, block in enumerate(blocks[end:], end):
        is_boilerplate = block.rule is not None and not block.rule.between
        if is_whole_page and (is_boilerplate or block.kind is Kind.LABEL):
            return place
        if is_boilerplate and block.kind is not Kind.HEAD:
            return place
    return len(blocks)


def find_date(blocks: Sequence[Block], story: Story) -> str | None:
    """Return the day that a short line near the story's beginning names, as YYYY-MM-DD; lines with a time first."""
    near = [*blocks[max(0, story.start - 2 * _NEAR) : story.start + _NEAR], *blocks[:_BELOW]]
    headline = (story.headline or "").casefold()
    heads: list[Block] = []
    other_lines: list[Block] = []
    for block in near:
        # The headline may name another day than that of publication.
        if block.text.casefold() == headline or len(block.text) > _MAX_CHARACTERS:
            continue
        if block.kind is Kind.HEAD:
            heads.append(block)
        elif not ends_sentence(block.text):
            other_lines.append(block)
    for block in (*heads, *other_lines):
        day = day_in(block.text)
        if day:
            return day
    return None


def day_in(text: str) -> str | None:
    """Return the first day of the calendar that a text names, as YYYY-MM-DD."""
    for day, name, number, year in _DATE.findall(text):
        month = _MONTH_NUMBERS.get(name.casefold()[:3], 0) if name else int(number)
        with suppress(ValueError):  # the calendar doesn't have it
            return date(int(year), month, int(day)).isoformat()
    return None
