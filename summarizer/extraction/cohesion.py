"""Tell which texts of a page that stands on one line are the same story: those that share their words.

The story goes on behind what stands between its paragraphs, and about the same; teasers of other articles, readers'
comments and the texts of a footer don't go on with it. This is lexical cohesion, after Hearst, "TextTiling: segmenting
text into multi-paragraph subtopic passages" (Computational Linguistics 23, 1997). Where a page still has its lines or
its markup, those tell it better.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.extraction.line_classes import Line


@dataclass(frozen=True)
class CohesionThresholds:
    """What parts two texts, and what makes them one; measured on 200 real pages, squeezed to one line each.

    Attributes:
        labels: how many words of labels between two texts part them; a line of boilerplate that never stands inside an
            article does by itself.
        shared: share of a text's words that the story has too, at which it counts for nothing, and for all.
        chance: what is added to that share for a text of one word, and less for longer ones by the root of their
            length: a few words may have none in common by chance.
        dated: share of the longest text's weight that another one must have, to be the story by its dateline.
        closing: the rule of the heading that no story goes on below.
    """

    labels: int = 40
    shared: tuple[float, float] = (0.2, 0.35)
    chance: float = 0.5
    dated: float = 0.2
    closing: str = "comments_heading"


THRESHOLDS = CohesionThresholds()


def weigh_by_cohesion(lines: Sequence[Line], weights: Sequence[float]) -> list[float]:
    """Take weight from the texts that hardly share a word with the story.

    Args:
        lines: the pieces of the page.
        weights: what each speaks for the story, or against it.

    Returns:
        The weights; those of the story and of all that speaks against it are the same.
    """
    texts = _texts(lines, weights)
    weighed = list(weights)
    if len(texts) < 2:
        return weighed
    story = _story(lines, weights, texts)
    stems = _stems(lines, weights, story)
    end = next((at for at in range(story.stop, len(lines)) if _closes(lines[at])), len(lines))
    for text in texts:
        if text is story:
            continue
        share = _share(_stems(lines, weights, text), stems) if text.start < end else 0.0
        for at in text:
            weighed[at] *= share if weights[at] > 0 else 1.0
    return weighed


def _texts(lines: Sequence[Line], weights: Sequence[float]) -> list[range]:
    """Return the stretches of lines that boilerplate or many labels part."""
    texts: list[range] = []
    between = THRESHOLDS.labels
    for at, (line, weight) in enumerate(zip(lines, weights, strict=True)):
        if weight > 0:
            if between >= THRESHOLDS.labels:
                texts.append(range(at, at + 1))
            else:
                texts[-1] = range(texts[-1].start, at + 1)
            between = 0
        elif rule := line.boilerplate:
            between += 0 if rule.between else THRESHOLDS.labels
        elif line.is_label:
            between += line.words
    return texts


def _story(lines: Sequence[Line], weights: Sequence[float], texts: Sequence[range]) -> range:
    """Return the text with the most weight, or the one with a dateline if it isn't far lighter."""

    def weigh(text: range) -> float:
        return sum(weights[text.start : text.stop])

    longest = max(texts, key=weigh)
    fewest = THRESHOLDS.dated * weigh(longest)
    dated = [text for text in texts if weigh(text) >= fewest and any(lines[at].has_dateline for at in text)]
    return longest if longest in dated else max(dated, key=weigh, default=longest)


def _closes(line: Line) -> bool:
    rule = line.boilerplate
    return rule is not None and rule.name == THRESHOLDS.closing


def _stems(lines: Sequence[Line], weights: Sequence[float], text: range) -> frozenset[str]:
    return frozenset[str]().union(*(lines[at].stems for at in text if weights[at] > 0))


def _share(own: frozenset[str], stems: frozenset[str]) -> float:
    """Return how much of a text's weight counts, from 0 to 1, by its words and the story's."""
    nothing, everything = THRESHOLDS.shared
    shared = (len(own & stems) / len(own) + THRESHOLDS.chance / math.sqrt(len(own))) if own else 1.0
    return min(1.0, max(0.0, (shared - nothing) / (everything - nothing)))
