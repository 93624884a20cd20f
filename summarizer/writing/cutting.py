"""Cut sentences: leave out the words that an abstract can do without, and close the gaps."""

from __future__ import annotations

import re
from collections.abc import Sequence
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
    goes_on,
    has_unresolved_reference,
    is_known_expansion,
    links,
    links_speaker,
    may_meet,
)
from summarizer.writing.spans import find_spans

if TYPE_CHECKING:
    from summarizer.models import CutWeights
    from summarizer.result import AbstractSentence

Floats = NDArray[np.float64]

# What a word that goes brings, in nats, beyond its odds to go; what the chance counts that the sentence falls; and how
# likely the sentence must stand. See training/NOTES.md.
GAIN = 1.5
_RISK = 2.0
THRESHOLD = 0.995
# Chances are kept this far from 0 and 1.
_SURE = 1e-3
# So often a path may be refused before the sentence stays whole.
_TRIALS = 200
# A sentence of fewer words says nothing by itself.
_FEWEST_WORDS = 4

_END = re.compile(r"[.!?…]+[\"'”’)\]]*$")
# Of a sentence, and not of "Jl." or "H.".
_SENTENCE_END = re.compile(r"(?:[^\W\d_]{3}|[\d)])([.!?…])[\"”’)]*$")
_WORD = re.compile(r"[^\W\d_]{3,}")
# What is the same as something in the sentence before.
_SAME = "yang sama"
_PAUSE = re.compile(r"[,;:–—-]+$")
_MARK_ALONE = re.compile(r"[^\w\"“”‘’'()]+")


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
    """Make sentences whole again, the last one first, until one can be understood as it could before they were cut."""

    def is_lost() -> bool:
        if place == 0:
            return bool(find_dangling_opening(texts[0])) and not find_dangling_opening(whole[0])
        if _names_unknown_speaker(texts[place], texts[:place], whole[:place]):
            return True
        if _SAME in texts[place] and texts[place - 1] != whole[place - 1]:
            return True
        return has_unresolved_reference(texts[place], " ".join(texts[:place])) and not has_unresolved_reference(
            whole[place], " ".join(whole[:place])
        )

    for earlier in range(place, -1, -1):
        if not is_lost():
            return
        texts[earlier] = whole[earlier]


def _restore_dates(texts: list[str], whole: Sequence[str]) -> None:
    """Make sentences that have lost a date whole again where another one has its own, which would seem to be theirs."""
    if count_dates(" ".join(texts)):
        for place, text in enumerate(texts):
            if count_dates(text) < count_dates(whole[place]):
                texts[place] = whole[place]


def _names_unknown_speaker(text: str, before: Sequence[str], whole: Sequence[str]) -> bool:
    """Tell whether a text begins with a name, or lets one speak, who was introduced in words that are gone."""
    words = text.split()
    named = [word for previous, word in pairwise(words) if links_speaker(previous)]
    kept = set(_WORD.findall(" ".join(before)))
    known = set(_WORD.findall(" ".join(whole)))
    for word in _WORD.findall(" ".join([*words[:1], *named])):
        if word[0].isupper() and word in known and word not in kept:
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
        count = len(self.words)
        worth = np.full((count + 2, count + 2), -np.inf)
        # Words that stay bring nothing.
        worth[np.arange(count + 1), np.arange(1, count + 2)] = 0.0
        brought = np.concatenate([[0.0], np.cumsum(odds_gone(self.weights.steps) + gain)])
        for (start, end), chance in chances.items():
            worth[start, end + 1] = brought[end] - brought[start] + _RISK * log(chance)
        while True:
            kept = choose_path(self.words, worth, after)
            gaps = [
                (left + 1, right)
                for left, right in pairwise([-1, *np.flatnonzero(kept).tolist(), count])
                if right - left > 1
            ]
            if not gaps or prod(chances[gap] for gap in gaps) >= threshold:
                return kept
            start, end = min(gaps, key=lambda gap: chances[gap])
            worth[start, end + 1] = -np.inf


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
    worth = worth.copy()
    # Whole sentences are chosen before.
    worth[0, -1] = -np.inf
    for _ in range(_TRIALS):
        path = _best_path(worth)
        if path is None:
            break
        kept = [place + 1 in path for place in range(count)]
        refused = [
            (left, right)
            for left, right in pairwise(path)
            if right - left > 1 and not may_meet(words, left - 1, right - 1)
        ]
        for left, right in refused:
            worth[left, right] = -np.inf
        if refused:
            continue
        if sum(kept) < min(_FEWEST_WORDS, count):
            left, right = max(pairwise(path), key=lambda step: step[1] - step[0])
            worth[left, right] = -np.inf
            continue
        lost = find_lost(words, kept, after)
        for place in lost:
            # No step passes over this word any more.
            worth[: place + 1, place + 2 :] = -np.inf
        if not lost:
            return [True] * count if find_deletion_faults(words, kept, after) else kept
    return [True] * count


def _best_path(worth: Floats) -> list[int] | None:
    """Return the nodes of the path that is worth most, from the first node to the last; None if there is none."""
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
    while path[-1]:
        path.append(int(came_from[path[-1]]))
    return path[::-1]


def join_kept(words: Sequence[str], kept: Sequence[bool]) -> str:
    """Return what stays of a sentence as one: with a capital, its end mark, and no comma left over.

    Args:
        words: of the sentence, with their marks.
        kept: whether each of them stays; one at least.
    """
    if all(kept):
        return " ".join(words)
    places = [place for place, stays in enumerate(kept) if stays]
    told: list[str] = []
    for left, right in pairwise([-1, *places]):
        word = words[right]
        gone = words[left + 1 : right]
        if gone and is_known_expansion(gone, word):
            word = re.sub(r"[()]", "", word)
        if told and gone:
            told[-1] = _close_gap(told[-1], gone, words[right], words[right + 1 : right + 3])
        if _MARK_ALONE.fullmatch(word) and (not told or gone or _PAUSE.search(told[-1])):
            continue
        told.append(word)
    if not told:
        return " ".join(words)
    end = _END.search(words[-1])
    if not kept[-1] and not _END.search(told[-1]):
        mark = re.sub(r"[^.!?…]", "", end[0]) if end else ""
        bare = _PAUSE.sub("", told[-1])
        quoted = re.sub(r",(?=[\"”]$)", mark or ".", bare)
        told[-1] = quoted if quoted != bare else bare + (mark or ".")
    if not kept[0] and words[places[0] - 1].endswith(","):
        _open_apposition(told)
    text = " ".join(told)
    return text if kept[0] else _capitalise(text)


def _open_apposition(told: list[str]) -> None:
    """Take the comma from behind a name in front of which its title went: "{Bupati,} Sari, membuka ..."."""
    for place, (word, behind) in enumerate(pairwise(told)):
        if not word[:1].isupper() and word != ",":
            # Not the name that follows a title: "{Berkat tiga poin,} tim itu memuncaki klasemen, menggeser ...".
            return
        if word.endswith(","):
            if goes_on(behind) and behind != "yang":
                told[place] = word.removesuffix(",")
            return


def _close_gap(word: str, gone: Sequence[str], behind: str, following: Sequence[str]) -> str:
    """Return the word in front of a gap with the comma that it needs there, or without one that it doesn't."""
    ended = _SENTENCE_END.search(gone[-1])
    if ended and not _END.search(word) and behind[:1].isupper():
        return _PAUSE.sub("", word) + ended[1]
    closes = gone[-1].endswith(",")
    opens = word.endswith(",")
    continues = goes_on(behind)
    is_list = behind.endswith(",") or any(re.sub(r"\W", "", other) in ("dan", "atau", "serta") for other in following)
    if opens and continues and not is_list:
        return word.removesuffix(",")
    has_pause = bool(_PAUSE.search(word.rstrip('"”’)'))) or word.endswith((".", "(", "“"))
    if closes and not has_pause and not continues and not links(word) and not goes_on(word):
        return word if links(behind) else f"{word},"
    return word


def _capitalise(text: str) -> str:
    start = next((place for place, letter in enumerate(text) if letter.isalnum()), 0)
    first = text[start:].split(" ", 1)[0]
    if any(letter.isupper() for letter in first):
        # "iPhone" stays as it is.
        return text
    return text[:start] + text[start : start + 1].upper() + text[start + 1 :]
