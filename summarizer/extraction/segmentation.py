"""Find where on a page of plain lines the headline and the story stand.

A page that was saved as text has lost the markup that told the article from what stands around it: menus, tickers,
teasers of other articles, comments, the footer. What is left is the order of the lines. The words of running text count
for the story, every label, headline and line of furniture against it, and the stretch of lines with the highest sum is
the story: maximum subsequence segmentation, after Pasternack and Roth, "Extracting article text from the web with
maximum subsequence segmentation" (WWW 2009), with the rules of ``rules.toml`` in place of a learnt classifier.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.extraction.line_classes import has_sentence, is_list_item, is_row, is_running, reads_as_sentence
from summarizer.extraction.rules import BULLET, RuleBook

# Tuned on saved pages. A label costs about what a short sentence gains, a run of labels (a table, a list of names) less
# and less, as an article may go on behind it; furniture that never stands inside an article costs most.
_LABEL, _MORE_LABELS, _FULL_LABELS = -8.0, -3.0, 5
_FURNITURE, _HEADING, _BETWEEN = -12.0, -10.0, -2.0
_ROW, _SUBHEADING, _FEW_WORDS, _ROW_WORDS = -1.0, -3.0, 4, 6
_ABOVE, _BELOW = 25, 10
_HEADLINE_WORDS = 3, 30
_STEM, _FOREIGN = 5, 0.7
_TEASERS, _TEASER_WORDS, _TEASER_SHARE = 4, 60, 0.3
_MEDIUM = re.compile(r"^(?:foto|video|infografis|potret)\s*:\s*", re.IGNORECASE)
_DATED = re.compile(r"\d")
_CAPTION, _GALLERY = "photo_caption", 3
_CUT_SHORT = re.compile(r"(?:…|\.{3,})$")
_WORD = re.compile(r"[^\W\d_]{4,}|\d+")


@dataclass(frozen=True)
class Story:
    """Where the story stands on a page.

    Attributes:
        start: number of its first line, counted from 0.
        end: number of the line behind its last one.
        weights: what each line of the page speaks for the story, or against it.
        rows: numbers of the lines that are rows of a table, items of a list, or dates between them.
    """

    start: int
    end: int
    weights: tuple[float, ...]
    rows: frozenset[int]


def page_rules(lines: Sequence[str], site: str | None) -> RuleBook:
    """Return the rules for a page: where captions are nearly all the text that it has, they are its article.

    Args:
        lines: the page, a paragraph or label a line.
        site: its host name or name, where that is known.
    """
    book = RuleBook(site)
    captions = [line for line in lines if _is_caption(line, book)]
    if len(captions) < _GALLERY:
        return book
    story = find_story(lines, book)
    told = sum(weight for weight in story.weights[story.start : story.end] if weight > 0)
    return RuleBook(site, without=_CAPTION) if told < sum(len(line.split()) for line in captions) else book


def _is_caption(line: str, book: RuleBook) -> bool:
    rule = book.first("line", line)
    return rule is not None and rule.name == _CAPTION and is_running(line)


def find_story(lines: Sequence[str], book: RuleBook) -> Story:
    """Find the story in the lines of a page.

    Args:
        lines: the page, a paragraph or label a line.
        book: the rules for its site.

    Returns:
        The stretch of lines that most likely is the article's text; an empty one where the page has no running text.
    """
    rows = _rows(lines, book)
    weights = _weigh(lines, rows, book)
    best = (0.0, 0, 0)
    total, start = 0.0, 0
    for at, weight in enumerate(weights):
        if total <= 0:
            total, start = 0.0, at
        total += weight
        if total > best[0]:
            best = (total, start, at + 1)
    return Story(best[1], best[2], tuple(weights), rows)


def find_headline(lines: Sequence[str], story: Story, book: RuleBook) -> int | None:
    """Find the line that is the story's headline: the one above it that shares most words with it.

    Args:
        lines: the page.
        story: what `find_story` found there.
        book: the rules for its site.

    Returns:
        The line's number, counted from 0; None where no line above the story can be its headline.
    """
    # Words of what leads to the story count too: a table may have cut off its first paragraphs.
    text = [lines[at] for at in range(max(0, story.start - _ABOVE), story.end) if story.weights[at] > 0]
    gain = sum(weight for weight in story.weights[story.start : story.end] if weight > 0)
    best: tuple[float, int] | None = None
    above = 0.0
    stems = stems_of(text)
    for at in range(max(0, story.start - _ABOVE), min(len(lines), story.start + _BELOW)):
        above += max(0.0, story.weights[at]) if at >= story.start else 0.0
        if above > gain / 5:
            break
        is_short_row = at in story.rows and len(lines[at].split()) < _ROW_WORDS
        if is_short_row or not _may_be_headline(lines[at], book):
            continue
        score = shared_words(lines[at], stems)
        score += 1.5 * any(_is_dated(lines[near], book) for near in range(at + 1, min(at + 4, len(lines))))
        if score > 0 and (best is None or score >= best[0]):
            best = score, at
    return best[1] if best else None


def stems_of(lines: Sequence[str]) -> frozenset[str]:
    """Return the beginnings of the words and the numbers of a text, by which a headline is known to be its own."""
    return frozenset(_stem(word) for line in lines for word in _WORD.findall(line.casefold()))


def shared_words(headline: str, stems: frozenset[str]) -> float:
    """Return how much speaks for a headline: its words that the text has, less some for each that it lacks."""
    told = [_stem(word) in stems for word in _WORD.findall(headline.casefold())]
    return sum(told) - _FOREIGN * (len(told) - sum(told))


def _rows(lines: Sequence[str], book: RuleBook) -> frozenset[int]:
    rows = set()
    opened = False
    for at, line in enumerate(lines):
        if book.furniture(line) is not None:
            opened = False
        elif _is_label(line):
            if opened or is_row(line):
                rows.add(at)
        else:
            # "The results:" opens a list; a sentence ends it.
            opened = line.endswith(":")
    dates = {at for at, line in enumerate(lines) if _is_dated(line, book) and {at - 1, at + 1} & rows}
    return frozenset(rows | dates)


def _weigh(lines: Sequence[str], rows: frozenset[int], book: RuleBook) -> list[float]:
    weights = []
    labels = 0
    for at, line in enumerate(lines):
        rule = book.furniture(line)
        if at in rows:
            weights.append(_ROW)
        elif rule:
            weights.append(_BETWEEN if rule.between else _HEADING if rule.kind == "section" else _FURNITURE)
        elif _is_label(line):
            labels += 1
            weights.append(_LABEL if labels <= _FULL_LABELS else _MORE_LABELS)
        else:
            labels = 0
            weights.append(float(len(line.split())))
    for at in range(1, len(lines) - 1):
        is_short = weights[at] == _LABEL and len(lines[at].split()) <= _FEW_WORDS
        if is_short and weights[at - 1] > 0 < weights[at + 1] and _FURNITURE not in weights[at + 2 : at + 3]:
            weights[at] = _SUBHEADING
    teasers = [
        at for at, weight in enumerate(weights) if 0 < weight <= _TEASER_WORDS and _is_teaser(lines, weights, at)
    ]
    if len(teasers) >= _TEASERS:
        for at in teasers:
            weights[at] *= _TEASER_SHARE
    return weights


def _is_teaser(lines: Sequence[str], weights: list[float], at: int) -> bool:
    """Tell whether a paragraph stands between headlines and dates, as one that announces another article does."""
    around = [near for near in (at - 1, at + 1) if 0 <= near < len(lines)]
    return all(weights[near] < 0 for near in around) and any(
        weights[near] == _FURNITURE and _DATED.search(lines[near])
        for near in (at - 2, *around, at + 2)
        if 0 <= near < len(lines)
    )


def _is_label(line: str) -> bool:
    """Tell whether a line is no running text: a headline, a label, a name, a teaser that breaks off."""
    if _is_cut_short(line):
        return True
    return is_list_item(line) and not (is_running(line[:-1]) and reads_as_sentence(line))


def _is_cut_short(line: str) -> bool:
    """Tell whether a line is a teaser that breaks off."""
    return bool(_CUT_SHORT.search(line)) and len(line) < 400


def _may_be_headline(line: str, book: RuleBook) -> bool:
    line = _MEDIUM.sub("", line)
    words = len(BULLET.sub("", line, count=1).split())
    return (
        _HEADLINE_WORDS[0] <= words <= _HEADLINE_WORDS[1]
        and is_list_item(line)
        and not (has_sentence(line[:-1]) and is_running(line))
        and book.furniture(line) is None
        and "://" not in line
    )


def _is_dated(line: str, book: RuleBook) -> bool:
    return book.first("head", line) is not None


def _stem(word: str) -> str:
    """Return the beginning of a word, which Indonesian suffixes leave as it is."""
    return word[:_STEM]
