"""Find where a text begins to repeat itself, as the output of small models does when decoding degenerates."""

from __future__ import annotations

# Longest phrase looked for, in words: longer than most sentences.
_MAX_PHRASE = 30
# Indonesian doubles words ("sama-sama"), and sports results stand twice in a row ("2-1 2-1").
_MIN_WORD_TURNS = 4
_MIN_PHRASE_TURNS = 3


def find_repetition(text: str) -> int | None:
    """Return how many words a text has up to the end of the first phrase that is said over and over, or None."""
    words = text.split()
    for start in range(len(words)):
        for length in range(1, min(_MAX_PHRASE, (len(words) - start) // 2) + 1):
            turns = _MIN_WORD_TURNS if length == 1 else _MIN_PHRASE_TURNS
            if words[start : start + turns * length] == words[start : start + length] * turns:
                return start + length
    return None


def cut_repetition(text: str) -> str:
    """Return the text up to the end of the repeated phrase's first occurrence; the whole text where none is."""
    kept = find_repetition(text)
    return text if kept is None else " ".join(text.split()[:kept])
