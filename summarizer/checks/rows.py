"""Look up words in a row, and keep what was read of an article as long as its sentences are compared with others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Self, TypeVar

Sentence = TypeVar("Sentence")

MOST_PLACES = 200
"""So many places of an article are looked at for one word, name, blend, number or quotation.

News repeats none as often; without a bound, a text made of one word would take the square of its length.
"""


class Sentences(tuple[Sentence, ...]):
    """The sentences of an article, whose hash is computed once.

    What is read of an article is kept by its sentences. It is looked up for each sentence of an abstract, and to hash
    all of the article's each time would take the product of both lengths.
    """

    _hash: int

    @classmethod
    def of(cls, sentences: Iterable[Sentence]) -> Self:
        """Return sentences as such a tuple; one that is one already stays itself."""
        if isinstance(sentences, cls):
            return sentences
        return cls(sentences)

    def __hash__(self) -> int:
        """Return the hash of the tuple."""
        try:
            return self._hash
        except AttributeError:
            self._hash = super().__hash__()
            return self._hash


class WordRows:
    """The words of a text in a row, to look up shorter rows."""

    # Rows are looked up by so many of their first words: where one stands is then known but for a few places.
    _KEY_WORDS = 3

    def __init__(self, words: Sequence[str]) -> None:
        self._words = list(words)
        self._places: dict[tuple[str, ...], list[int]] = {}
        for place in range(len(self._words)):
            for length in range(1, self._KEY_WORDS + 1):
                key = tuple(self._words[place : place + length])
                places = self._places.setdefault(key, [])
                if len(places) < MOST_PLACES:
                    places.append(place)

    def find(self, row: Sequence[str]) -> int | None:
        """Return the place of the first word where the text first has these words without others between them.

        None where it hasn't, and for no words.
        """
        wanted = list(row)
        if not wanted:
            return None
        key = tuple(wanted[: self._KEY_WORDS])
        for place in self._places.get(key, []):
            if self._words[place : place + len(wanted)] == wanted:
                return place
        return None

    def hold(self, row: Sequence[str]) -> bool:
        """Tell whether the text has these words without others between them; no words are never held."""
        return self.find(row) is not None
