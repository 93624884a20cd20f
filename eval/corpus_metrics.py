"""BLEU and chrF of any choice of items, from what is counted in each item once.

Intervals and tests score thousands of choices of the same items, so each item is counted once and the sums are scored.
sacrebleu tells those counts of BLEU, but not of chrF: chrF is computed here, and a test holds it against sacrebleu's to
the last digit.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from sacrebleu.metrics.helpers import extract_all_char_ngrams, extract_word_ngrams

from eval.significance import Counts

# Marks that chrF++ takes off the words of a text: those of ASCII (Popović 2017, "chrF++: words helping character
# n-grams").
_MARKS = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


class CorpusScorer(ABC):
    """A score of a whole corpus that is computed from the sums of what was counted in its items."""

    @abstractmethod
    def count(self, text: str, references: Sequence[str]) -> list[int]:
        """Return what is counted in an output and its references, a row of numbers that can be added up."""

    @abstractmethod
    def score(self, totals: Counts) -> NDArray[np.float64]:
        """Return the score, from 0 to 100, of each row of sums: (...) of (..., counts)."""

    @abstractmethod
    def signature(self, references: Sequence[Sequence[str]]) -> str:
        """Return sacrebleu's signature of the score with these references, a row for each item."""


class Bleu(CorpusScorer):
    """BLEU (Papineni et al. 2002), with sacrebleu's defaults."""

    def __init__(self) -> None:
        """Set up sacrebleu."""
        self._bleu = BLEU()
        self._orders = self._bleu.max_ngram_order

    def count(self, text: str, references: Sequence[str]) -> list[int]:
        """Return the words of output and nearest reference, then the n-grams that are right, then all n-grams."""
        counted = self._bleu.corpus_score([text], [[reference] for reference in references])
        return [counted.sys_len, counted.ref_len, *counted.counts, *counted.totals]

    def score(self, totals: Counts) -> NDArray[np.float64]:
        """Let sacrebleu score each row."""
        return np.apply_along_axis(self._score_row, -1, totals)

    def _score_row(self, totals: NDArray[Any]) -> float:
        """Return BLEU of sums: words of texts and of references, then n-grams that are right, then all n-grams."""
        words, reference_words, *ngrams = totals.tolist()
        counted = BLEU.compute_bleu(
            correct=ngrams[: self._orders],
            total=ngrams[self._orders :],
            sys_len=words,
            ref_len=reference_words,
            smooth_method=self._bleu.smooth_method,
            smooth_value=self._bleu.smooth_value,
            effective_order=self._bleu.effective_order,
            max_ngram_order=self._orders,
        )
        return float(counted.score)

    def signature(self, references: Sequence[Sequence[str]]) -> str:
        """Return sacrebleu's signature."""
        return _signature(self._bleu, references)


class Chrf(CorpusScorer):
    """chrF2 (Popović 2016), or chrF2++ with n-grams of words too, as sacrebleu computes it by default."""

    def __init__(self, word_order: int = 0) -> None:
        """Set up sacrebleu.

        Args:
            word_order: the longest n-grams of words that count; 0 for none.
        """
        self._chrf = CHRF(word_order=word_order)

    def count(self, text: str, references: Sequence[str]) -> list[int]:
        """Return for each order the n-grams of the output, of the reference, and of both.

        Of several references the first counts that the output has the highest score with.
        """
        of_output = self._ngrams(text)
        rows = [_match(of_output, self._ngrams(reference)) for reference in references]
        scores = self.score(np.array(rows))
        return rows[int(scores.argmax())]

    def _ngrams(self, text: str) -> list[Counter[str]]:
        """Return how often each n-gram occurs, for each order: first those of characters, then those of words."""
        ngrams = extract_all_char_ngrams(text, self._chrf.char_order, self._chrf.whitespace)
        words = _split_words(text)
        for order in range(1, self._chrf.word_order + 1):
            ngrams.append(extract_word_ngrams(words, order))
        return ngrams

    def score(self, totals: Counts) -> NDArray[np.float64]:
        """Return the F-score of the mean precision and the mean recall of those orders that both sides have.

        The order of the sums is sacrebleu's, so that the last digit is the same.
        """
        precision = np.zeros(totals.shape[:-1])
        recall = np.zeros(totals.shape[:-1])
        orders = np.zeros(totals.shape[:-1])
        for first in range(0, totals.shape[-1], 3):
            of_output = totals[..., first]
            of_reference = totals[..., first + 1]
            of_both = totals[..., first + 2]
            is_there = (of_output > 0) & (of_reference > 0)
            # Where an order is missing on a side, nothing of it is on both, and the quotient is 0.
            precision += of_both / np.maximum(of_output, 1)
            recall += of_both / np.maximum(of_reference, 1)
            orders += is_there
        precision /= np.maximum(orders, 1)
        recall /= np.maximum(orders, 1)
        # Recall counts beta times as much as precision.
        factor = self._chrf.beta**2
        weighted = factor * precision + recall
        f_score = (1 + factor) * precision * recall / np.where(weighted > 0, weighted, 1)
        return np.asarray(100 * f_score)

    def signature(self, references: Sequence[Sequence[str]]) -> str:
        """Return sacrebleu's signature."""
        return _signature(self._chrf, references)


def _match(of_output: Sequence[Counter[str]], of_reference: Sequence[Counter[str]]) -> list[int]:
    counts: list[int] = []
    for said, wanted in zip(of_output, of_reference, strict=True):
        # What the reference is too short for isn't held against the output.
        said_count = said.total() if wanted else 0
        counts += [said_count, wanted.total(), (said & wanted).total()]
    return counts


def _split_words(text: str) -> list[str]:
    """Return the words of a text, with a mark at the end or else at the beginning of a word apart from it."""
    words: list[str] = []
    for word in text.split():
        if len(word) == 1:
            words.append(word)
        elif word[-1] in _MARKS:
            words += [word[:-1], word[-1]]
        elif word[0] in _MARKS:
            words += [word[0], word[1:]]
        else:
            words.append(word)
    return words


def _signature(metric: BLEU | CHRF, references: Sequence[Sequence[str]]) -> str:
    """Return the signature, for which sacrebleu must have seen how many references there are."""
    # A column for each reference; None where an item has fewer.
    columns: list[list[Any]] = [list(column) for column in zip_longest(*references)]
    metric.corpus_score([""] * len(references), columns)
    return str(metric.get_signature())
