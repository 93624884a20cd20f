"""What outputs are measured by: each metric says its direction and its signature, and scores any choice of items."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import version
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from rouge_score.rouge_scorer import RougeScorer

from eval.corpus_metrics import Bleu, Chrf, CorpusScorer
from eval.data import Benchmark, Sample
from eval.extracts import TOKENS, ngrams, tokenize
from eval.significance import RESAMPLES, SEED, TRIALS, Counts
from summarizer import __version__
from summarizer.checks import Fault, check_abstract, check_translation, find_names, find_numbers
from summarizer.text.repetition import find_repetition

Better = Literal["higher", "lower", "neither"]
Group = Literal["quality", "support", "form"]
Language = Literal["id", "en"]
Pair = tuple[float, float]
"""Two counts, the first of which is a share of the second."""

_ROUGE_TYPES = ("rouge1", "rouge2", "rougeL")
# Length of the n-grams that repetition is counted in.
_REPEATED = 3
_NUMBERS = frozenset({"number", "unit"})
_NAMES = frozenset({"name", "term"})


@dataclass(frozen=True)
class Output:
    """What a system wrote for an item on one line, and its length in the system's own tokens, where it has any.

    Warnings are in plain words, repairs in those of `summarizer.result.Repair`.
    """

    text: str
    tokens: int | None = None
    warnings: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """An output with its item; what several metrics need of it is computed once."""

    benchmark: Benchmark
    item: Sample
    output: Output

    @property
    def text(self) -> str:
        """The output."""
        return self.output.text

    @cached_property
    def source(self) -> str:
        """The text that the output was made of."""
        return self.item.text if self.benchmark == "summaries" else " ".join(self.item.paragraphs)

    @cached_property
    def faults(self) -> list[Fault]:
        """What the package's checks find in the output; see `summarizer.checks`."""
        if self.benchmark == "summaries":
            return check_abstract(self.text, self.source)
        return check_translation(self.source, self.text)

    @cached_property
    def numbers(self) -> set[str]:
        """The numbers that the output states."""
        return _numbers(self.text, self._language)

    @cached_property
    def names(self) -> set[str]:
        """The names in the output."""
        return _names(self.text, self._language)

    @property
    def _language(self) -> Language:
        return "id" if self.benchmark == "summaries" else "en"

    def wrong(self, kinds: Iterable[str], *, missing: bool = False) -> set[str]:
        """Return what the output says that the source doesn't, or the other way round, by the kinds of faults."""
        pieces: set[str] = set()
        for fault in self.faults:
            if fault.kind in kinds and fault.missing == missing:
                pieces.add(fault.piece)
        if kinds is _NAMES and not missing:
            # Two names that don't belong side by side are one fault of two words.
            for piece in list(pieces):
                pieces.update(piece.split())
        return pieces

    @cached_property
    def rouge(self) -> dict[str, float]:
        """F1 by type; of several references the one counts that it is highest with."""
        f1: dict[str, float] = {}
        for name, score in ROUGE.score_multi(self.item.references, self.text).items():
            f1[name] = float(score.fmeasure)
        return f1


class _Tokenizer:
    """Our tokens, as rouge-score asks for them."""

    tokenize = staticmethod(tokenize)


ROUGE = RougeScorer(list(_ROUGE_TYPES), use_stemmer=False, tokenizer=_Tokenizer())
"""ROUGE (Lin 2004) by rouge-score, with tokens of Indonesian."""


def _numbers(text: str, language: Language) -> set[str]:
    """Return the numbers that a text claims something with."""
    numbers: set[str] = set()
    for number in find_numbers(text, language):
        if number.claim:
            numbers.add(number.text)
    return numbers


def _names(text: str, language: Language) -> set[str]:
    return {name.text for name in find_names(text, language)}


@dataclass(frozen=True)
class Column:
    """What tables and run files say of a metric: ``about`` is a line for people, the signature is as sacrebleu's."""

    key: str
    label: str
    about: str
    group: Group
    better: Better = "higher"
    digits: int = 1
    percent: bool = True
    signature: str = ""

    def show(self, value: float) -> str:
        """Return a value as tables print it."""
        if self.percent:
            value *= 100
        return f"{value:.{self.digits}f}"


class Metric(ABC):
    """Counts something in each item, and makes one score of the counts of any number of items."""

    def __init__(self, column: Column) -> None:
        """Name the metric; the signature comes with the cases."""
        self._column = column
        self.key = column.key
        self.is_tested = column.group == "quality"

    @abstractmethod
    def counts(self, cases: Sequence[Case]) -> Counts:
        """Count in each case: (items, counts)."""

    @abstractmethod
    def aggregate(self, counts: Counts) -> NDArray[np.float64]:
        """Return the score of each choice of items, (...), of their counts, (..., items, counts)."""

    @abstractmethod
    def column(self, cases: Sequence[Case]) -> Column:
        """Return what tables say of the metric."""

    def defined(self, counts: Counts) -> NDArray[np.bool_]:
        """Tell of each item whether it has a score, by its counts: (items,) of (items, counts)."""
        return np.ones(len(counts), dtype=bool)

    def values(self, counts: Counts) -> list[float | None]:
        """Return each item's own score, or None where it has none."""
        values: list[float | None] = [None] * len(counts)
        [places] = self.defined(counts).nonzero()
        scores = self.aggregate(counts[places][:, None])
        for place, score in zip(places.tolist(), scores.tolist(), strict=True):
            values[place] = score
        return values


class Corpus(Metric):
    """A score of a whole corpus; what it counts in each item is enough to score any choice of items."""

    def __init__(self, key: str, label: str, about: str, scorer: CorpusScorer) -> None:
        """Name the metric and what computes it."""
        super().__init__(Column(key, label, about, "quality", digits=2, percent=False))
        self._scorer = scorer

    def counts(self, cases: Sequence[Case]) -> Counts:
        """Count in each case: (items, counts)."""
        rows: list[list[int]] = []
        for case in cases:
            rows.append(self._scorer.count(case.text, case.item.references))
        return np.array(rows)

    def aggregate(self, counts: Counts) -> NDArray[np.float64]:
        """Score the sums."""
        return self._scorer.score(counts.sum(axis=-2))

    def column(self, cases: Sequence[Case]) -> Column:
        """Return sacrebleu's signature, in its own words for the tests."""
        signature = self._scorer.signature([case.item.references for case in cases])
        return replace(self._column, signature=f"{signature}|bs:{RESAMPLES}|ar:{TRIALS}|seed:{SEED}")


class Ratio(Metric):
    """A ratio of two counts; items where the second one is 0 have no value.

    The score over all items is the sum of the first counts over that of the second. Where the second is 1 everywhere
    that is the mean of the items; counts (numbers that are supported, of all numbers) weigh each thing alike, wherever
    it stands.
    """

    def __init__(self, column: Column, count: Callable[[Case], Pair | float]) -> None:
        """Say what is counted: both counts of a case, or the first where the second is 1.

        The column's signature may name ``{nrefs}``, the number of references.
        """
        super().__init__(column)
        self._count = count

    def counts(self, cases: Sequence[Case]) -> Counts:
        """Count in each case: (items, 2)."""
        pairs: list[Pair] = []
        for case in cases:
            count = self._count(case)
            if isinstance(count, tuple):
                pairs.append(count)
            else:
                pairs.append((count, 1))
        return np.array(pairs, dtype=float)

    def aggregate(self, counts: Counts) -> NDArray[np.float64]:
        """Divide the sums."""
        return np.asarray(counts[..., 0].sum(axis=-1) / counts[..., 1].sum(axis=-1))

    def defined(self, counts: Counts) -> NDArray[np.bool_]:
        """Tell where there is something to divide by."""
        return np.asarray(counts[:, 1] != 0)

    def column(self, cases: Sequence[Case]) -> Column:
        """Return the signature with the number of references: a number, or ``var``."""
        numbers = {len(case.item.references) for case in cases}
        nrefs = "var"
        if len(numbers) == 1:
            nrefs = str(numbers.pop())
        return replace(self._column, signature=self._column.signature.format(nrefs=nrefs))


def _rouge(key: str) -> Ratio:
    """Return the F1 of a kind of ROUGE: "rouge1", "rouge2" or "rougeL"."""
    signature = (
        f"nrefs:{{nrefs}}|type:{key}|stat:f1|multi:max|stem:no|case:lc|tok:{TOKENS}|agg:mean|"
        f"version:rouge-score-{version('rouge-score')}"
    )
    label = f"ROUGE-{key.removeprefix('rouge')}"
    column = Column(key, label, "overlap with the reference, F1", "quality", digits=2, signature=signature)
    return Ratio(column, lambda case: case.rouge[key])


def _support(
    key: str, label: str, share: str, count: Callable[[Case], Pair | float], better: Better = "higher"
) -> Ratio:
    """Return a metric of what the source supports, as the checks find it; other arguments are those of `_form`.

    Args:
        key: its name in files.
        label: its name in tables.
        share: what it is a share of.
        count: returns what is counted of a case.
        better: whether a higher or a lower value is better.
    """
    signature = f"check:{key}|by:ringkas.checks|version:{__version__}"
    return Ratio(Column(key, label, f"share of the {share}", "support", better, signature=signature), count)


def _fault(key: str, label: str, which: str, *kinds: str) -> Ratio:
    """Return the share of the outputs in which the checks find a fault of some kinds; ``which`` says what these are."""

    def count(case: Case) -> bool:
        return any(fault.kind in kinds for fault in case.faults)

    return _support(key, label, f"outputs {which}", count, "lower")


def _form(
    key: str,
    label: str,
    about: str,
    by: str,
    count: Callable[[Case], Pair | float],
    *,
    better: Better = "neither",
    digits: int = 1,
    percent: bool = True,
) -> Ratio:
    """Return a metric of how outputs are written, whatever they say.

    Args:
        key: its name in files.
        label: its name in tables.
        about: what it measures.
        by: what counts, for the signature.
        count: returns what is counted of a case, as for `Ratio`.
        better: whether a higher or a lower value is better.
        digits: how many are shown behind the point.
        percent: whether it is shown as a percentage.
    """
    signature = f"count:{key}|by:{by}|version:{__version__}"
    column = Column(key, label, about, "form", better, digits=digits, percent=percent, signature=signature)
    return Ratio(column, count)


def _flaw(key: str, share: str, by: str, count: Callable[[Case], Pair | float]) -> Ratio:
    """Return a metric as `_form` does, of which less is better; ``share`` says what of."""
    return _form(key, key, f"share of the {share}", by, count, better="lower")


def _held(said: set[str], wrong: set[str]) -> Pair:
    """Count what is said and not wrong, and all that is said."""
    return len(said - wrong), len(said)


def _words(text: str) -> int:
    return len(text.split())


def _new_pairs(case: Case) -> Pair:
    """Count the pairs of words that the source doesn't have, and all."""
    of_source = set(ngrams(case.source, 2))
    of_output = ngrams(case.text, 2)
    new = [pair for pair in of_output if pair not in of_source]
    return len(new), len(of_output)


def _repetition(case: Case) -> Pair:
    """Count the n-grams that stood before in the output, and all."""
    of_output = ngrams(case.text, _REPEATED)
    return len(of_output) - len(set(of_output)), len(of_output)


def _numbers_kept(case: Case) -> Pair:
    return _held(_numbers(case.source, "id"), case.wrong(_NUMBERS, missing=True))


def _names_kept(case: Case) -> Pair:
    return _held(_names(case.source, "id"), case.wrong(_NAMES, missing=True))


def _length_ratio(case: Case) -> Pair:
    return _words(case.text), _words(case.item.references[0])


_CHECKED = (
    _support(
        "numbers",
        "numbers held",
        "output's numbers that the source holds, units too",
        lambda case: _held(case.numbers, case.wrong(_NUMBERS)),
    ),
    _support(
        "names",
        "names held",
        "output's names that the source holds",
        lambda case: _held(case.names, case.wrong(_NAMES)),
    ),
    _support("clean", "no fault", "outputs in which the package's checks find no fault", lambda case: not case.faults),
)
_LENGTH = _form("words", "words", "length", "whitespace", lambda case: _words(case.text), percent=False)
_FLAWS = (
    _flaw("repetition", f"output's {_REPEATED}-grams that repeat one of the same output", TOKENS, _repetition),
    _flaw("loops", "outputs that run in a loop", "whitespace", lambda case: find_repetition(case.text) is not None),
    _flaw("empty", "outputs that are empty", "none", lambda case: not case.text),
    _flaw("warned", "outputs that come with a warning", "none", lambda case: bool(case.output.warnings)),
    _flaw("repaired", "outputs that were repaired", "ringkas.repair", lambda case: bool(case.output.repairs)),
)

METRICS: dict[Benchmark, tuple[Metric, ...]] = {
    "summaries": (
        *map(_rouge, _ROUGE_TYPES),
        *_CHECKED,
        _fault("quotations", "false quotations", "that quote what the source doesn't have", "quotation"),
        _LENGTH,
        _form("novel2", "new 2-grams", "share of the 2-grams that the article doesn't have", TOKENS, _new_pairs),
        *_FLAWS,
    ),
    "translations": (
        Corpus("bleu", "BLEU", "n-grams of words that the reference has, in the whole set", Bleu()),
        Corpus("chrf", "chrF", "n-grams of letters that the reference has (sacrebleu's chrF2)", Chrf()),
        Corpus("chrfpp", "chrF++", "the same with n-grams of words (sacrebleu's chrF2++)", Chrf(word_order=2)),
        *_CHECKED,
        _support("numbers_kept", "numbers kept", "source's numbers that the output holds, units too", _numbers_kept),
        _support("names_kept", "names kept", "source's names that the output holds", _names_kept),
        _fault("negation", "negation", "with a negative too few or too many", "negation"),
        _fault("indonesian", "left in Indonesian", "with words that were not translated", "untranslated"),
        _fault("length", "length", "that are too long or short, or lack a sentence", "length", "sentences"),
        _LENGTH,
        _form(
            "ratio",
            "length ratio",
            "words for each word of the first reference",
            "whitespace",
            _length_ratio,
            digits=2,
            percent=False,
        ),
        *_FLAWS,
    ),
}
"""The metrics of each benchmark, in the order of the tables."""
