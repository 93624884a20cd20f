"""Cut sentences: leave out the words that an abstract can do without, and close the gaps."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log, prod
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from summarizer.checks import (
    count_dates,
    find_dangling_opening,
    find_deletion_faults,
    find_lost,
    has_unresolved_reference,
    links_speaker,
    may_meet,
)
from summarizer.writing.joining import join_kept
from summarizer.writing.spans import find_spans

if TYPE_CHECKING:
    from summarizer.models import CutWeights
    from summarizer.result import AbstractSentence

Floats = NDArray[np.float64]

# What a word that goes brings, in nats, beyond its odds to go; what the chance counts that the sentence falls; and how
# likely the sentence must stand. See training/NOTES.md.
GAIN = 1.5
_RISK = 2.0
THRESHOLD = 0.99
# Chances are kept this far from 0 and 1.
_SURE = 1e-3
# So often a path may be refused before the sentence stays whole.
_TRIALS = 200
# A sentence of fewer words says nothing by itself.
_FEWEST_WORDS = 4

_WORD = re.compile(r"[^\W\d_]{3,}")
# What is the same as something in the sentence before.
_SAME = "yang sama"


def cut_sentences(
    sentences: Sequence[AbstractSentence], weights: Sequence[CutWeights], gain: float = GAIN
) -> list[AbstractSentence]:
    """Leave words out of the sentences of an abstract; one of which the checks allow no cut stays whole.

    Args:
        sentences: of the abstract, each taken from the article.
        weights: what `TextModel.weigh_cuts` returns for each of them.
        gain: what each word that goes brings, in nats: the more, the shorter.
    """
    whole = [sentence.text for sentence in sentences]
    texts: list[str] = []
    for place, weighed in enumerate(weights):
        words = tuple(whole[place].split())
        kept = Cuts(words, weighed).choose(gain, " ".join(whole[place + 1 :]))
        texts.append(join_kept(words, kept))
    for place in range(len(texts)):
        _restore_what_is_pointed_at(texts, whole, place)
    _restore_dates(texts, whole)
    return [
        sentence if text == sentence.text else sentence.shortened(text)
        for sentence, text in zip(sentences, texts, strict=True)
    ]


def _restore_what_is_pointed_at(texts: list[str], whole: Sequence[str], place: int) -> None:
    """Undo cuts until what a sentence points at, such as a speaker, is known again.

    The sentence itself becomes whole first, then the one in front of it, and so on back to the first.

    Args:
        texts: of the abstract, as they were cut; those that become whole are replaced in place.
        whole: the same sentences before they were cut.
        place: of the sentence, counted from 0.
    """
    for earlier in range(place, -1, -1):
        if not _has_lost_reference(texts, whole, place):
            return
        texts[earlier] = whole[earlier]


def _has_lost_reference(texts: Sequence[str], whole: Sequence[str], place: int) -> bool:
    """Tell whether cuts took away what the sentence at a place points at; arguments as above."""
    text = texts[place]
    if place == 0:
        return bool(find_dangling_opening(text)) and not find_dangling_opening(whole[0])
    if _names_unknown_speaker(text, texts[:place], whole[:place]):
        return True
    if _SAME in text and texts[place - 1] != whole[place - 1]:
        return True
    was_unresolved = has_unresolved_reference(whole[place], " ".join(whole[:place]))
    return has_unresolved_reference(text, " ".join(texts[:place])) and not was_unresolved


def _restore_dates(texts: list[str], whole: Sequence[str]) -> None:
    """Make sentences that have lost a date whole again where another one has its own, which would seem to be theirs."""
    if count_dates(" ".join(texts)) == 0:
        return
    for place, text in enumerate(texts):
        if count_dates(text) < count_dates(whole[place]):
            texts[place] = whole[place]


def _names_unknown_speaker(text: str, before: Sequence[str], whole: Sequence[str]) -> bool:
    """Tell whether a text begins with a name, or lets one speak, who was introduced in words that are gone.

    Args:
        text: a sentence of the abstract.
        before: the sentences in front of it, as they were cut.
        whole: these before they were cut.
    """
    words = text.split()
    speakers = [word for previous, word in pairwise(words) if links_speaker(previous)]
    words_before = set(_WORD.findall(" ".join(before)))
    words_that_went = set(_WORD.findall(" ".join(whole))) - words_before
    for word in _WORD.findall(" ".join([*words[:1], *speakers])):
        if word[0].isupper() and word in words_that_went:
            return True
    return False


@dataclass(frozen=True)
class Cuts:
    """What may be cut of a sentence.

    Attributes:
        words: of the sentence, as `str.split` makes them.
        weights: what `TextModel.weigh_cuts` makes of them.
    """

    words: tuple[str, ...]
    weights: CutWeights

    def choose(self, gain: float = GAIN, after: str = "", threshold: float = THRESHOLD) -> list[bool]:
        """Return which words stay in the best cut of whole spans: all, if there is none.

        Args:
            gain: what each word that goes brings, in nats: the more, the shorter.
            after: what is read behind the sentence.
            threshold: how likely the sentence must stand as it is left.
        """
        chances = judge_spans(self.words, self.weights.stands, threshold)
        worth = self._weigh_steps(chances, gain)
        while True:
            kept = choose_path(self.words, worth, after)
            gaps = _find_gaps(kept)
            if not gaps or prod(chances[gap] for gap in gaps) >= threshold:
                return kept
            # All cuts together are too daring: the likeliest to be wrong is made no more.
            start, end = min(gaps, key=lambda gap: chances[gap])
            worth[start, end + 1] = -np.inf

    def _weigh_steps(self, chances: Mapping[tuple[int, int], float], gain: float) -> Floats:
        """Return what each step from a word that stays to the next is worth, in nats, laid out as `CutWeights.steps`.

        Args:
            chances: how likely the sentence stands without each span, as `judge_spans` returns it.
            gain: as for `choose`.
        """
        count = len(self.words)
        worth = np.full((count + 2, count + 2), -np.inf)
        # A step to the very next word leaves nothing out, and brings nothing.
        worth[np.arange(count + 1), np.arange(1, count + 2)] = 0.0
        # What all words in front of a place bring if they go.
        sums = np.concatenate([[0.0], np.cumsum(odds_gone(self.weights.steps) + gain)])
        for (start, end), chance in chances.items():
            worth[start, end + 1] = sums[end] - sums[start] + _RISK * log(chance)
        return worth


def _find_gaps(kept: Sequence[bool]) -> list[tuple[int, int]]:
    """Return the place of the first word of each gap and of the one behind its last, for whether each word stays."""
    gaps: list[tuple[int, int]] = []
    start: int | None = None
    for place, stays in enumerate([*kept, True]):
        if stays and start is not None:
            gaps.append((start, place))
            start = None
        elif not stays and start is None:
            start = place
    return gaps


def judge_spans(words: tuple[str, ...], stands: Floats, threshold: float) -> dict[tuple[int, int], float]:
    """Return how likely a sentence stands without each span that the checks let go and that is likely enough.

    Args:
        words: of the sentence.
        stands: as in `CutWeights`.
        threshold: how likely it must stand.

    Returns:
        the chance by the place of the span's first word and the one behind its last: see `find_spans`.
    """
    chances: dict[tuple[int, int], float] = {}
    for start, end in find_spans(words):
        chance = float(stands[start, end + 1])
        if chance >= threshold and may_meet(words, start - 1, end):
            chances[start, end] = chance
    return chances


def odds_gone(steps: Floats) -> Floats:
    """Return the log-odds of each word to go, over all paths, by the forward-backward algorithm.

    Args:
        steps: of n words, as in `CutWeights`.

    Returns:
        n odds, in nats.
    """
    nodes = len(steps)
    forward = np.full(nodes, -np.inf)
    backward = np.full(nodes, -np.inf)
    forward[0] = 0
    backward[-1] = 0
    for node in range(1, nodes):
        forward[node] = np.logaddexp.reduce(forward[:node] + steps[:node, node])
    for node in range(nodes - 2, -1, -1):
        backward[node] = np.logaddexp.reduce(steps[node, node + 1 :] + backward[node + 1 :])
    stays = np.exp(forward + backward - forward[-1])[1:-1]
    chances = np.clip(1 - stays, _SURE, 1 - _SURE)
    odds: Floats = np.log(chances) - np.log(1 - chances)
    return odds


def choose_path(words: tuple[str, ...], worth: Floats, after: str = "") -> list[bool]:
    """Return which words stay in the cut of a sentence that is worth most among those that the checks allow.

    Args:
        words: of the sentence.
        worth: what each step from a word that stays to the next one is worth, as in `CutWeights.steps`; left as it is.
        after: what is read behind the sentence.
    """
    count = len(words)
    all_stay = [True] * count
    worth = worth.copy()
    # Whole sentences are chosen before.
    worth[0, -1] = -np.inf
    for _ in range(_TRIALS):
        path = _best_path(worth)
        if path is None:
            return all_stay
        refused = _find_refused_steps(words, path)
        for node, next_node in refused:
            worth[node, next_node] = -np.inf
        if refused:
            continue
        # The first node is the beginning of the sentence.
        kept = [place + 1 in path for place in range(count)]
        lost = find_lost(words, kept, after)
        for place in lost:
            # No step passes over this word any more.
            worth[: place + 1, place + 2 :] = -np.inf
        if not lost:
            return all_stay if find_deletion_faults(words, kept, after) else kept
    return all_stay


def _find_refused_steps(words: Sequence[str], path: Sequence[int]) -> list[tuple[int, int]]:
    """Return the steps of a path that the checks refuse; if they allow all and hardly a word stays, the longest one.

    Args:
        words: of the sentence.
        path: nodes, as `_best_path` returns them.
    """
    steps = list(pairwise(path))
    refused = [(node, next_node) for node, next_node in steps if not may_meet(words, node - 1, next_node - 1)]
    words_that_stay = len(path) - 2
    if not refused and words_that_stay < min(_FEWEST_WORDS, len(words)):
        return [max(steps, key=lambda step: step[1] - step[0])]
    return refused


def _best_path(worth: Floats) -> list[int] | None:
    """Return the path that is worth most, from the beginning of the sentence to its end; None if there is none.

    Args:
        worth: of steps, as for `choose_path`.

    Returns:
        its nodes: 0, then 1 more than the place of each word that stays, then 1 more than the number of words.
    """
    nodes = len(worth)
    best = np.full(nodes, -np.inf)
    best[0] = 0
    came_from = np.zeros(nodes, int)
    for node in range(1, nodes):
        values = best[:node] + worth[:node, node]
        came_from[node] = int(values.argmax())
        best[node] = values[came_from[node]]
    if not np.isfinite(best[-1]):
        return None
    path = [nodes - 1]
    while path[-1] > 0:
        path.append(int(came_from[path[-1]]))
    path.reverse()
    return path
