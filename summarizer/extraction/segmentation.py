"""Find where on a page of plain lines the headline and the story stand.

A page that was saved as text has lost the markup that told the article from what stands around it: menus, tickers,
teasers of other articles, comments, the footer. What is left is the order of the lines. The words of running text count
for the story, every label, headline and line of boilerplate against it, and the stretch of lines with the highest sum
is the story: maximum subsequence segmentation, after Pasternack and Roth, "Extracting article text from the web with
maximum subsequence segmentation" (WWW 2009), with the rules of ``rules.toml`` in place of a learnt classifier.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from summarizer.extraction.cohesion import weigh_by_cohesion
from summarizer.extraction.line_classes import Classifier, Line
from summarizer.extraction.rules import BULLET
from summarizer.extraction.vocabulary import shared_words, stems_of


@dataclass(frozen=True)
class SegmentationThresholds:
    """Weights of lines and reaches of the search, tuned on saved pages of 16 Indonesian sites.

    Weights are in words of running text, which count 1 each. A label costs about what a short sentence gains, a run of
    labels (a table, a list of names) less and less, as an article may go on after it; boilerplate that never stands
    inside an article costs most.

    Attributes:
        label: weight of a headline or label.
        more_labels: weight of a label after `full_labels` others.
        full_labels: how many labels in a row cost their full weight.
        boilerplate: weight of a line that a rule knows.
        heading: weight of the heading of a list of other articles.
        between: weight of boilerplate that stands between an article's paragraphs as often as around them.
        row: weight of a row of a table.
        subheading: weight of a few words between two paragraphs.
        subheading_words: most words of those.
        short_row_words: fewest words of a row that may be the headline all the same.
        above: how many lines above the story may be its headline.
        below: how many lines below the story's beginning may be.
        headline_words: fewest and most words of a headline.
        dated: what a date just below a headline speaks for it.
        teasers: fewest teasers of an index.
        teaser_words: most words of a teaser.
        teaser_share: what is left of a teaser's weight, from 0 to 1.
        gallery: fewest captions of a gallery of photos.
    """

    label: float = -8.0
    more_labels: float = -3.0
    full_labels: int = 5
    boilerplate: float = -12.0
    heading: float = -10.0
    between: float = -2.0
    row: float = -1.0
    subheading: float = -3.0
    subheading_words: int = 4
    short_row_words: int = 6
    above: int = 25
    below: int = 10
    headline_words: tuple[int, int] = (3, 30)
    dated: float = 1.5
    teasers: int = 4
    teaser_words: int = 60
    teaser_share: float = 0.3
    gallery: int = 3


THRESHOLDS = SegmentationThresholds()

_MEDIUM = re.compile(r"^(?:foto|video|infografis|potret)\s*:\s*", re.IGNORECASE)
_DATED = re.compile(r"\d")
_PATH = re.compile(r"[>»›|/]")
_CAPTION = "photo_caption"


@dataclass(frozen=True)
class Story:
    """Where the story stands on a page.

    Attributes:
        start: number of its first line, counted from 0.
        end: number of the line after its last one.
        weights: what each line of the page speaks for the story, or against it.
        rows: numbers of the lines that are rows of a table, items of a list, or dates between them.
    """

    start: int
    end: int
    weights: tuple[float, ...]
    rows: frozenset[int]

    @property
    def gain(self) -> float:
        """What the running text of the story speaks for it."""
        return sum(weight for weight in self.weights[self.start : self.end] if weight > 0)


@lru_cache(maxsize=1)
def page_classifier(texts: tuple[str, ...], site: str | None) -> Classifier:
    """Return what classifies the lines of a page: where captions are nearly all its text, they are its article.

    It is kept for the next step: what reading finds out of a page's lines, cleaning needn't find out again.

    Args:
        texts: the page, one paragraph or label per line.
        site: its host name or name, where that is known.
    """
    classify = Classifier(site)
    lines = [classify(text) for text in texts]
    captions = [line for line in lines if _is_caption(line)]
    if len(captions) < THRESHOLDS.gallery or find_story(lines).gain >= sum(line.words for line in captions):
        return classify
    return Classifier(site, without=_CAPTION)


def _is_caption(line: Line) -> bool:
    rule = line.rule("line")
    return rule is not None and rule.name == _CAPTION and line.is_running


def find_story(lines: Sequence[Line], *, is_cut: bool = False) -> Story:
    """Find the story in the lines of a page.

    Args:
        lines: the page, one paragraph or label per line.
        is_cut: whether they are pieces of a page that stood on one line: then only the wording tells which of its
            texts are one story.

    Returns:
        The stretch of lines that most likely is the article's text; an empty one where the page has no running text.
    """
    rows = _rows(lines)
    weights = _weigh(lines, rows)
    if is_cut:
        weights = weigh_by_cohesion(lines, weights)
    best = (0.0, 0, 0)
    total, start = 0.0, 0
    for at, weight in enumerate(weights):
        if total <= 0:
            total, start = 0.0, at
        total += weight
        if total > best[0]:
            best = (total, start, at + 1)
    return Story(best[1], best[2], tuple(weights), rows)


def find_headline(lines: Sequence[Line], story: Story) -> int | None:
    """Find the line that is the story's headline: the one above it that shares most words with it.

    Args:
        lines: the page.
        story: what `find_story` found there.

    Returns:
        The line's number, counted from 0; None where no line above the story can be its headline.
    """
    # Words of what leads to the story count too: a table may have cut off its first paragraphs.
    first = max(0, story.start - THRESHOLDS.above)
    stems = stems_of([lines[at].text for at in range(first, story.end) if story.weights[at] > 0])
    best: tuple[float, int] | None = None
    above = 0.0
    for at in range(first, min(len(lines), story.start + THRESHOLDS.below)):
        above += max(0.0, story.weights[at]) if at >= story.start else 0.0
        if above > story.gain / 5:
            break
        is_short_row = at in story.rows and lines[at].words < THRESHOLDS.short_row_words
        if is_short_row or not _may_be_headline(lines[at]):
            continue
        score = shared_words(lines[at].text, stems)
        score += THRESHOLDS.dated * any(map(_is_dated, lines[at + 1 : at + 4]))
        if score > 0 and (best is None or score >= best[0]):
            best = score, at
    return _unwrapped(lines, range(first, len(lines)), best[1]) if best else None


def _unwrapped(lines: Sequence[Line], near: range, found: int) -> int:
    """Return the line that ends with what was found: a path to the page may hold the headline too, broken in two."""
    end = lines[found].text
    for at in near[: THRESHOLDS.above + THRESHOLDS.below]:
        text = lines[at].text
        is_longer = len(text) > len(end) and text.endswith(f" {end}")
        if is_longer and not _PATH.search(text) and _may_be_headline(lines[at]):
            return at
    return found


def _rows(lines: Sequence[Line]) -> frozenset[int]:
    rows = set()
    opened = False
    for at, line in enumerate(lines):
        if line.boilerplate:
            opened = False
        elif line.is_label:
            if opened or line.is_row:
                rows.add(at)
        else:
            # "The results:" opens a list; a sentence ends it.
            opened = line.text.endswith(":")
    dates = {at for at, line in enumerate(lines) if _is_dated(line) and {at - 1, at + 1} & rows}
    return frozenset(rows | dates)


def _weigh(lines: Sequence[Line], rows: frozenset[int]) -> list[float]:
    weights = []
    labels = 0
    for at, line in enumerate(lines):
        if at in rows:
            weights.append(THRESHOLDS.row)
        elif line.boilerplate:
            weights.append(_boilerplate_weight(line))
        elif line.is_label:
            labels += 1
            weights.append(THRESHOLDS.label if labels <= THRESHOLDS.full_labels else THRESHOLDS.more_labels)
        else:
            labels = 0
            weights.append(float(line.words))
    for at in range(1, len(lines) - 1):
        is_short = weights[at] == THRESHOLDS.label and lines[at].words <= THRESHOLDS.subheading_words
        if (
            is_short
            and weights[at - 1] > 0 < weights[at + 1]
            and THRESHOLDS.boilerplate not in weights[at + 2 : at + 3]
        ):
            weights[at] = THRESHOLDS.subheading
    teasers = [at for at in range(len(lines)) if _is_teaser(lines, weights, at)]
    if len(teasers) >= THRESHOLDS.teasers:
        for at in teasers:
            weights[at] *= THRESHOLDS.teaser_share
    return weights


def _boilerplate_weight(line: Line) -> float:
    rule = line.boilerplate
    if rule and rule.between:
        return THRESHOLDS.between
    return THRESHOLDS.heading if rule and rule.kind == "section" else THRESHOLDS.boilerplate


def _is_teaser(lines: Sequence[Line], weights: list[float], at: int) -> bool:
    """Tell whether a paragraph stands between headlines and dates, as one that announces another article does."""
    if not 0 < weights[at] <= THRESHOLDS.teaser_words:
        return False
    around = [near for near in (at - 1, at + 1) if 0 <= near < len(lines)]
    return all(weights[near] < 0 for near in around) and any(
        weights[near] == THRESHOLDS.boilerplate and _DATED.search(lines[near].text)
        for near in (at - 2, *around, at + 2)
        if 0 <= near < len(lines)
    )


def _may_be_headline(line: Line) -> bool:
    line = line.with_text(_MEDIUM.sub("", line.text))
    words = len(BULLET.sub("", line.text, count=1).split())
    fewest, most = THRESHOLDS.headline_words
    return (
        fewest <= words <= most
        # A label alone may be a teaser that breaks off.
        and line.is_list_item
        and line.is_label
        and line.boilerplate is None
        and "://" not in line.text
        and not (line.text.startswith("(") and line.text.endswith(")"))
    )


def _is_dated(line: Line) -> bool:
    return line.rule("head") is not None
