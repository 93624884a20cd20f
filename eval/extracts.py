"""Tokens of Indonesian text, and the sentences of an article that say most of a reference abstract."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

TOKENS = "id-1"
"""What signatures call `tokenize`; it changes whenever the tokens do."""

_TOKEN = re.compile(r"\d+(?:[.,:/]\d+)*|[^\W\d_]+")


def tokenize(text: str) -> list[str]:
    """Split Indonesian text into tokens, without case.

    A token is a run of letters of any script, or a number with its marks. So a number is right or wrong as a whole
    ("1.250", "7,5", "19.30", "12/3"), a currency or a clitic stands apart from what it is written together with
    ("Rp7,5", "SIM-nya", "ke-15"), and both halves of a reduplicated word count ("anak-anak"). rouge-score's own
    tokenizer knows only the letters a to z, and cuts numbers at their marks.
    """
    return _TOKEN.findall(unicodedata.normalize("NFC", text).casefold())


def ngrams(text: str, size: int) -> list[tuple[str, ...]]:
    """Return the n-grams of a text's tokens, in their order."""
    tokens = tokenize(text)
    grams: list[tuple[str, ...]] = []
    for start in range(len(tokens) - size + 1):
        grams.append(tuple(tokens[start : start + size]))
    return grams


def find_best(sentences: Sequence[str], references: Sequence[str], limit: int | None = None) -> list[int]:
    """Return the places of the sentences that make the best extract, in the article's order.

    They are chosen one by one, each time the first of those that raise the sum of ROUGE-1 and ROUGE-2 (F1) the most,
    until none does (R. Nallapati, F. Zhai, B. Zhou, "SummaRuNNer", AAAI 2017, section 3). This finds a good extract,
    not always the best. Pairs of words count within sentences only; of several references the nearest counts.

    Args:
        sentences: of the article.
        references: abstracts.
        limit: how many sentences are chosen at most.
    """
    if limit is None:
        limit = len(sentences)
    wanted = list(map(_Grams.of, references))
    of_sentences = list(map(_Grams.of, sentences))
    extract = _Grams(Counter(), Counter())
    chosen: list[int] = []
    best = 0.0
    while len(chosen) < limit:
        best_place: int | None = None
        for place, of_sentence in enumerate(of_sentences):
            if place in chosen:
                continue
            worth = (extract + of_sentence).worth(wanted)
            if worth > best:
                best = worth
                best_place = place
        if best_place is None:
            break
        chosen.append(best_place)
        extract += of_sentences[best_place]
    return sorted(chosen)


@dataclass(frozen=True)
class _Grams:
    """How often each word and each pair of words occurs in a text."""

    words: Counter[tuple[str, ...]]
    pairs: Counter[tuple[str, ...]]

    @classmethod
    def of(cls, text: str) -> _Grams:
        """Count those of a text."""
        return cls(Counter(ngrams(text, 1)), Counter(ngrams(text, 2)))

    def __add__(self, other: _Grams) -> _Grams:
        """Return the counts of both texts together."""
        return _Grams(self.words + other.words, self.pairs + other.pairs)

    def worth(self, references: Sequence[_Grams]) -> float:
        """Return ROUGE-1 plus ROUGE-2 (F1), each with the reference that it is highest with."""
        of_words = max(_f1(self.words, reference.words) for reference in references)
        of_pairs = max(_f1(self.pairs, reference.pairs) for reference in references)
        return of_words + of_pairs


def _f1(said: Counter[tuple[str, ...]], wanted: Counter[tuple[str, ...]]) -> float:
    """Return the F1 of n-grams: 0 where neither text has any."""
    total = said.total() + wanted.total()
    if total == 0:
        return 0.0
    return 2 * (said & wanted).total() / total
