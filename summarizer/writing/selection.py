"""Choose the sentences of an article that a model reads, where it can't read all of them."""

from __future__ import annotations

from collections.abc import Sequence

from summarizer.checks import find_dangling_opening
from summarizer.writing.salience import rank_sentences

# What part of the room the beginning of an article takes: news puts there what matters most.
_LEAD = 0.5


def select_sentences(sentences: Sequence[str], sizes: Sequence[int], room: int, title: str = "") -> list[int]:
    """Choose the sentences of an article that fit into a model.

    If not all of them fit, its beginning takes half of the room. The other half goes to the sentences of the rest that
    matter most (`summarizer.writing.salience.rank_sentences`). A sentence that points back ("Ia ...") is taken with the
    one in front of it, or not at all.

    Args:
        sentences: all sentences of the article.
        sizes: what room each of them takes.
        room: the most that they may take together.
        title: the headline.

    Returns:
        Their places, in order; none if not even the first one fits.
    """
    if sum(sizes) <= room:
        return list(range(len(sentences)))
    if not sentences or sizes[0] > room:
        return []
    units = _join(sentences)
    chosen, left = [0], room - sizes[0]
    for place in range(1, len(sentences)):
        if left - sizes[place] < (1 - _LEAD) * room:
            break
        chosen.append(place)
        left -= sizes[place]
    scores = rank_sentences(sentences, title)
    rest = [[place for place in unit if place > chosen[-1]] for unit in units]
    for unit in sorted((unit for unit in rest if unit), key=lambda unit: -max(scores[place] for place in unit)):
        size = sum(sizes[place] for place in unit)
        if size <= left:
            chosen += unit
            left -= size
    return sorted(chosen)


def _join(sentences: Sequence[str]) -> list[list[int]]:
    """Put sentences that point back together with those in front of them."""
    units: list[list[int]] = []
    for place, sentence in enumerate(sentences):
        if units and find_dangling_opening(sentence):
            units[-1].append(place)
        else:
            units.append([place])
    return units
