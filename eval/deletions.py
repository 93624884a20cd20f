"""Which words of a text were deleted to make a shorter one of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from eval.extracts import tokenize

# A part of a word stands for it if it has so many letters: "gaming" of "gaming-nya".
_SHORTEST_PART = 3
# So many words of the shorter text may have been glued together in the longer one.
_MOST_GLUED = 4
# What is gained by a letter that matches, by a word that matches as it is written, and by a gap where a clause ends; and
# what a gap costs, of words that are missing.
_LETTER, _SAME, _AT_PAUSE, _GAP = 1.0, 0.1, 0.3, 1.0
_PAUSE = re.compile(r"[.,;:!?)”\"]$")


def find_kept(words: Sequence[str], shorter: str) -> list[bool] | None:
    """Return which words of a text are still there in a shorter text that was made of it by deletion alone.

    Of several ways to find the shorter text in the longer one, the one with the fewest gaps counts. Case and marks don't
    matter, and words that are glued together in the longer text may stand apart.

    Args:
        words: of the longer text.
        shorter: the text made of it.

    Returns:
        for each word whether it is kept; None if the shorter text has a word, or an order, that the longer one hasn't.
    """
    ours = ["".join(tokenize(word)) for word in words]
    written = [word for word in shorter.split() if tokenize(word)]
    theirs = ["".join(tokenize(word)) for word in written]
    # The best way to find some first words of the shorter text in some first of the longer one, where the last of these
    # is deleted (0) or kept (1).
    best = np.full((len(ours) + 1, len(theirs) + 1, 2), -np.inf)
    best[0, 0, 1] = 0.0
    came_from: dict[tuple[int, int, int], tuple[int, int]] = {}

    def offer(place: tuple[int, int, int], value: float, origin: tuple[int, int]) -> None:
        if value > best[place]:
            best[place] = value
            came_from[place] = origin

    for at, word in enumerate(ours):
        ends_clause = at == 0 or bool(_PAUSE.search(words[at - 1]))
        for found in range(len(theirs) + 1):
            for state in (0, 1):
                value = float(best[at, found, state])
                if value == -np.inf:
                    continue
                if not word:
                    # A mark alone goes with what stands in front of it.
                    offer((at + 1, found, state), value, (found, state))
                    continue
                cost = _GAP - (_AT_PAUSE if ends_clause else 0) if state else 0.0
                offer((at + 1, found, 0), value - cost, (found, state))
                for count in range(1, _MOST_GLUED + 1):
                    piece = "".join(theirs[found : found + count])
                    if found + count > len(theirs) or not _is_part(piece, word):
                        continue
                    gain = _LETTER * len(piece) + (_SAME if words[at] == written[found] else 0)
                    gain += _AT_PAUSE if not state and ends_clause else 0
                    offer((at + 1, found + count, 1), value + gain, (found, state))
    state = int(best[-1, -1].argmax())
    if best[-1, -1, state] == -np.inf:
        return None
    kept: list[bool] = []
    found = len(theirs)
    for at in range(len(ours), 0, -1):
        before, previous = came_from[at, found, state]
        kept.append(bool(ours[at - 1]) and state == 1)
        found, state = before, previous
    kept.reverse()
    for at in range(len(kept)):
        if not ours[at]:
            kept[at] = bool(at and kept[at - 1])
    return kept


def _is_part(piece: str, word: str) -> bool:
    return piece == word or (len(piece) >= _SHORTEST_PART and piece in word)


def count_agreement(kept: Sequence[bool], wanted: Sequence[bool]) -> tuple[int, int, int]:
    """Return how many words were deleted by both, by the first alone and by the second alone."""
    pairs = list(zip(kept, wanted, strict=True))
    both = sum(not one and not other for one, other in pairs)
    return both, sum(not one and other for one, other in pairs), sum(one and not other for one, other in pairs)
