"""Find the loops that small models fall into."""

from __future__ import annotations

_LONGEST = 30
_WORD_REPEATS, _PHRASE_REPEATS = 4, 3


def find_loop(text: str) -> int | None:
    """Find where a text begins to say the same thing over and over.

    A loop is a word that stands four times in a row, or a phrase of 2 to 30 words that stands three times in a row;
    case counts, punctuation belongs to its word.

    Returns:
        The number of words in front of the first repetition (so the phrase itself is still in front of it), or None
        where there is no loop.
    """
    words = text.split()
    for start in range(len(words)):
        for length in range(1, min(_LONGEST, (len(words) - start) // 2) + 1):
            repeats = _WORD_REPEATS if length == 1 else _PHRASE_REPEATS
            phrase = words[start : start + length]
            if all(words[start + turn * length : start + (turn + 1) * length] == phrase for turn in range(1, repeats)):
                return start + length
    return None


def cut_loop(text: str) -> str:
    """Return the text up to the first repetition of its loop; the whole text where there is none."""
    kept = find_loop(text)
    return text if kept is None else " ".join(text.split()[:kept])
