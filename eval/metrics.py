"""What outputs are measured by: each metric computes its own score and says its direction and its signature."""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from rouge_score.rouge_scorer import RougeScorer
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from eval.data import Benchmark, Output, Sample
from eval.significance import RESAMPLES, SEED, TRIALS
from summarizer import __version__
from summarizer.faithfulness import Fault, check_abstract, check_translation, find_names, find_numbers
from summarizer.text.repetition import find_repetition
from summarizer.text.sentences import split_sentences

Better = Literal["higher", "lower", "neither"]
Group = Literal["quality", "support", "form"]
Counts = NDArray[Any]
"""What a metric has counted: an array of shape (..., items, counts)."""

TOKENS = "id-1"
"""What signatures call `tokenize`; it changes whenever the tokens do."""
REPEATED = 3
"""Length of the n-grams that repetition is counted in."""
ROUGE_TYPES = ("rouge1", "rouge2", "rougeL", "rougeLsum")

_TOKEN = re.compile(r"\d+(?:[.,:/]\d+)*|[^\W\d_]+")
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_NUMBER_FAULTS = frozenset({"number", "unit"})
_NAME_FAULTS = frozenset({"name", "term"})
_SAID_FAULTS = _NUMBER_FAULTS | _NAME_FAULTS | {"quotation", "negation", "untranslated"}


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
    return [tuple(tokens[at : at + size]) for at in range(len(tokens) - size + 1)]


@dataclass(frozen=True)
class Share:
    """How many of a number of things are as they should be."""

    right: int
    all: int


@dataclass(frozen=True)
class Checked:
    """What the package's checks say of a text; see `summarizer.faithfulness`.

    Attributes:
        supported: its numbers and names that the source holds, each once.
        unsupported: what it says that the source doesn't, each once.
        numbers: how many of its numbers are supported.
        names: how many of its names are.
        faults: everything that was found, also what the source alone says.
    """

    supported: tuple[str, ...]
    unsupported: tuple[str, ...]
    numbers: Share
    names: Share
    faults: tuple[Fault, ...]

    def has(self, *kinds: str) -> bool:
        """Tell whether there are faults of some kinds."""
        return any(fault.kind in kinds for fault in self.faults)


def check(benchmark: Benchmark, text: str, source: str) -> Checked:
    """Check an abstract against its article, or an English translation against the Indonesian text."""
    if benchmark == "summaries":
        (stated, called), faults = _claims(text, "id"), check_abstract(text, source)
    else:
        (stated, called), faults = _claims(text, "en"), check_translation(source, text)
    own = [fault for fault in faults if not fault.missing]
    wrong_numbers, wrong_names = _pieces(own, _NUMBER_FAULTS), _pieces(own, _NAME_FAULTS)
    # Two names that don't belong side by side are one fault of two words.
    wrong_names |= {word for piece in wrong_names for word in piece.split()}
    said = _pieces(own, _SAID_FAULTS)
    held = [text for text in stated if text not in wrong_numbers] + [text for text in called if text not in wrong_names]
    return Checked(
        tuple(dict.fromkeys(held)),
        tuple(dict.fromkeys(fault.piece for fault in own if fault.piece in said)),
        _share(stated, wrong_numbers),
        _share(called, wrong_names),
        tuple(faults),
    )


def kept(source: str, checked: Checked) -> tuple[Share, Share]:
    """Return how many of the source's numbers and of its names the translation holds that was checked."""
    stated, called = _claims(source, "id")
    missing = [fault for fault in checked.faults if fault.missing]
    return _share(stated, _pieces(missing, _NUMBER_FAULTS)), _share(called, _pieces(missing, _NAME_FAULTS))


def case_kept(text: str, sources: Sequence[str]) -> Share:
    """Return how many names keep their case.

    What counts are the words of a text that its sources, case aside, have as names and never in small letters; they
    keep their case if the sources have them in the same letters somewhere. Models of uncased text lose it.
    """
    forms: dict[str, set[str]] = {}
    for word in (word for source in sources for word in _WORD.findall(source)):
        forms.setdefault(word.casefold(), set()).add(word)
    called = {name.text.casefold() for source in sources for name in find_names(source, "id")}
    called -= {word for word, written in forms.items() if word in written}
    found = [word for word in _WORD.findall(text) if word.casefold() in called]
    return Share(sum(word in forms.get(word.casefold(), ()) for word in found), len(found))


def _claims(text: str, language: Literal["id", "en"]) -> tuple[list[str], list[str]]:
    numbers = [number.text for number in find_numbers(text, language) if number.claim]
    return numbers, [name.text for name in find_names(text, language)]


def _pieces(faults: Iterable[Fault], kinds: frozenset[str]) -> set[str]:
    return {fault.piece for fault in faults if fault.kind in kinds}


def _share(texts: Iterable[str], wrong: set[str]) -> Share:
    distinct = set(texts)
    return Share(len(distinct - wrong), len(distinct))


@dataclass(frozen=True)
class Case:
    """An output with the item that it was written for; what several metrics need of it is computed once."""

    benchmark: Benchmark
    item: Sample
    output: Output

    @cached_property
    def source(self) -> str:
        """The text that the output was made of."""
        return self.item.text if self.benchmark == "summaries" else " ".join(self.item.paragraphs)

    @cached_property
    def checked(self) -> Checked:
        """What the package's checks say of the output."""
        return check(self.benchmark, self.output.text, self.source)

    @cached_property
    def kept(self) -> tuple[Share, Share]:
        """How many of the source's numbers and names the output holds."""
        return kept(self.source, self.checked)

    @cached_property
    def rouge(self) -> dict[str, float]:
        """F1 of each of `ROUGE_TYPES`."""
        return _ROUGE.score(self.item.references, self.output.text)


class Rouge:
    """Scores a summary against one or more references: F1, from 0 to 1, by rouge-score with the tokens of `tokenize`.

    It is a tokenizer too: the one that rouge-score is handed.
    """

    def __init__(self, types: Sequence[str] = ROUGE_TYPES) -> None:
        """Choose among `ROUGE_TYPES`."""
        self._scorer = RougeScorer(list(types), use_stemmer=False, tokenizer=self)

    tokenize = staticmethod(tokenize)

    def score(self, references: Sequence[str], summary: str | Sequence[str]) -> dict[str, float]:
        """Return F1 by type; of several references the one counts that it is highest with.

        Args:
            references: texts on one line each.
            summary: on one line, or its sentences. ROUGE-Lsum compares sentence by sentence.
        """
        sentences = split_sentences(summary) if isinstance(summary, str) else summary
        targets = ["\n".join(split_sentences(reference)) for reference in references]
        scores = self._scorer.score_multi(targets, "\n".join(sentences))
        return {name: float(score.fmeasure) for name, score in scores.items()}


_ROUGE = Rouge()


@dataclass(frozen=True)
class Column:
    """What tables and run files say of a metric.

    Attributes:
        key: names it in run files.
        label: heads the column.
        about: one line for people.
        group: the table that it stands in.
        better: which values are better.
        digits: after the decimal point.
        percent: whether values are printed times 100.
        signature: what it was computed with.
        corpus: whether the score of all items is more than the mean of theirs, as BLEU's is.
    """

    key: str
    label: str
    about: str
    group: Group
    better: Better
    digits: int = 1
    percent: bool = True
    signature: str = ""
    corpus: bool = False

    def show(self, value: float) -> str:
        """Return a value as tables print it."""
        return f"{value * (100 if self.percent else 1):.{self.digits}f}"


class Metric(ABC):
    """Counts something in each item, and makes one score of the counts of any number of items."""

    key: str
    label: str
    about: str
    group: Group = "quality"
    better: Better = "higher"
    digits = 2
    percent = False
    corpus = False
    tested = True
    """Whether differences between systems are tested."""

    @abstractmethod
    def counts(self, cases: Sequence[Case]) -> Counts:
        """Count in each case: (items, counts)."""

    @abstractmethod
    def aggregate(self, counts: Counts) -> NDArray[np.float64]:
        """Return the score of each choice of items, (...), of their counts, (..., items, counts)."""

    def defined(self, counts: Counts) -> NDArray[np.bool_]:
        """Tell of each item whether it has a score, by its counts: (items,) of (items, counts)."""
        return np.ones(len(counts), dtype=bool)

    @abstractmethod
    def signature(self, cases: Sequence[Case]) -> str:
        """Return what the score is computed with, in the manner of sacrebleu."""

    def column(self, cases: Sequence[Case]) -> Column:
        """Return what tables say of the metric."""
        names = ("key", "label", "about", "group", "better", "digits", "percent")
        return Column(
            **{name: getattr(self, name) for name in names}, signature=self.signature(cases), corpus=self.corpus
        )


class _Corpus(Metric):
    """A metric of sacrebleu over a corpus; what it counts in each item is enough to score any choice of items."""

    corpus = True
    scorer: Any

    def counts(self, cases: Sequence[Case]) -> Counts:
        # The methods behind corpus_score(), which its own significance tests use too.
        texts = [case.output.text for case in cases]
        return np.array(self.scorer._extract_corpus_statistics(texts, self._references(cases)))

    def aggregate(self, counts: Counts) -> NDArray[np.float64]:
        def score(total: NDArray[Any]) -> float:
            return float(self.scorer._compute_score_from_stats(total.tolist()).score)

        return np.apply_along_axis(score, -1, counts.sum(axis=-2))

    def signature(self, cases: Sequence[Case]) -> str:
        # This is where sacrebleu learns how many references there are.
        self.scorer._cache_references(self._references(cases))
        return f"{self.scorer.get_signature()}|bs:{RESAMPLES}|ar:{TRIALS}|seed:{SEED}"

    @staticmethod
    def _references(cases: Sequence[Case]) -> list[list[str | None]]:
        # sacrebleu wants a list for each reference; None where an item has fewer.
        found = [case.item.references for case in cases]
        return [[row[at] if at < len(row) else None for row in found] for at in range(max(map(len, found)))]


class Bleu(_Corpus):
    """BLEU (Papineni et al. 2002) by sacrebleu (Post 2018)."""

    key, label, about = "bleu", "BLEU", "n-grams of words that the reference has, in the whole set"
    scorer = BLEU()


class Chrf(_Corpus):
    """chrF (Popović 2015), sacrebleu's chrF2."""

    key, label = "chrf", "chrF"
    about = "n-grams of letters that the reference has, in the whole set (sacrebleu's chrF2)"
    scorer = CHRF()


class ChrfPlusPlus(_Corpus):
    """chrF++ (Popović 2017), sacrebleu's chrF2++."""

    key, label, about = "chrfpp", "chrF++", "the same with n-grams of words (sacrebleu's chrF2++)"
    scorer = CHRF(word_order=2)


class Ratio(Metric):
    """A ratio of two counts; items where the second one is 0 have no value.

    The score over all items is the sum of the first counts over that of the second. Where the second is 1 everywhere
    that is the mean of the items; counts (numbers that are supported, of all numbers) weigh each thing alike, wherever
    it stands.
    """

    group: Group = "form"
    digits = 1
    percent = True
    tested = False

    def __init__(
        self,
        key: str,
        label: str,
        about: str,
        count: Callable[[Case], tuple[float, float] | Share | bool],
        signature: str,
        **others: Any,
    ) -> None:
        """Say what is counted.

        Args:
            key: as for `Column`, like the next two.
            label: heads the column.
            about: one line for people.
            count: returns both counts of a case, or whether something holds of it.
            signature: how it is counted and by what; the version is added.
            others: ``group``, ``better``, ``digits`` or ``percent``, where they are not those of the class.
        """
        self.key, self.label, self.about = key, label, about
        self._count, self._signature = count, signature
        vars(self).update(others)

    def counts(self, cases: Sequence[Case]) -> Counts:
        """Count in each case: (items, 2)."""
        return np.array([self._pair(case) for case in cases], dtype=float)

    def _pair(self, case: Case) -> tuple[float, float]:
        found = self._count(case)
        if isinstance(found, Share):
            return found.right, found.all
        return found if isinstance(found, tuple) else (float(found), 1.0)

    def aggregate(self, counts: Counts) -> NDArray[np.float64]:
        """Divide the sums."""
        return np.asarray(counts[..., 0].sum(axis=-1) / counts[..., 1].sum(axis=-1))

    def defined(self, counts: Counts) -> NDArray[np.bool_]:
        """Tell where there is something to divide by."""
        return np.asarray(counts[:, 1] != 0)

    def values(self, counts: Counts) -> list[float | None]:
        """Return each item's own score, or None where it has none."""
        return [top / bottom if bottom else None for top, bottom in counts.tolist()]

    def signature(self, cases: Sequence[Case]) -> str:  # noqa: ARG002 - others need them
        """Return the signature with the package's version."""
        return f"{self._signature}|version:{__version__}"


class SentenceChrf(Ratio):
    """The mean of the items' own chrF++."""

    group = "quality"
    digits = 2
    percent = False
    tested = True

    def __init__(self) -> None:
        self._chrf = CHRF(word_order=2)
        super().__init__("sentence_chrf", "item chrF++", "mean of the items' own chrF++", self._score, "")

    def _score(self, case: Case) -> tuple[float, float]:
        return self._chrf.sentence_score(case.output.text, list(case.item.references)).score, 1

    def signature(self, cases: Sequence[Case]) -> str:
        """Return sacrebleu's signature, and how the items are put together."""
        self._score(cases[0])
        return f"{self._chrf.get_signature()}|level:item|agg:mean"


class RougeF1(Ratio):
    """ROUGE (Lin 2004): the mean of the items' F1, of several references the best."""

    group = "quality"
    digits = 2
    tested = True

    def __init__(self, key: str) -> None:
        """Choose one of `ROUGE_TYPES`."""
        label = f"ROUGE-{key.removeprefix('rouge')}"
        super().__init__(key, label, "overlap with the reference, F1", lambda case: (case.rouge[key], 1), "")

    def signature(self, cases: Sequence[Case]) -> str:
        """Return what rouge-score was told."""
        found = (
            f"nrefs:{count_references(cases)}|type:{self.key}|stat:f1|multi:max|stem:no|case:lc|tok:{TOKENS}|agg:mean|"
            f"version:rouge-score-{version('rouge-score')}"
        )
        return found + "|split:ringkas" * (self.key == "rougeLsum")


def count_references(cases: Sequence[Case]) -> str:
    """Return how many references each item has, as signatures say it: a number, or ``var``."""
    counts = {len(case.item.references) for case in cases}
    return str(counts.pop()) if len(counts) == 1 else "var"


def _checked(
    key: str, label: str, about: str, count: Callable[[Case], Share | bool], better: Better = "higher"
) -> Ratio:
    return Ratio(key, label, about, count, f"check:{key}|by:ringkas.faithfulness", group="support", better=better)


def _fault(key: str, label: str, about: str, *kinds: str) -> Ratio:
    return _checked(key, label, f"share of the outputs {about}", lambda case: case.checked.has(*kinds), "lower")


def _length(key: str, label: str, about: str, count: Callable[[Case], tuple[float, float]], digits: int = 1) -> Ratio:
    by = "count:words|by:whitespace"
    return Ratio(key, label, about, count, by, better="neither", digits=digits, percent=False)


def _words(text: str) -> int:
    return len(text.split())


def _compression(case: Case) -> tuple[float, float]:
    # A ratio for each item, so that a long article weighs as much as a short one.
    words = _words(case.output.text)
    return (_words(case.source) / words, 1) if words else (0, 0)


def _novel(size: int) -> Ratio:
    def count(case: Case) -> tuple[float, float]:
        known, own = set(ngrams(case.source, size)), ngrams(case.output.text, size)
        return sum(gram not in known for gram in own), len(own)

    about = f"share of the output's {size}-grams that the article doesn't have"
    return Ratio(f"novel{size}", f"new {size}-grams", about, count, f"count:ngrams|by:{TOKENS}", better="neither")


def _repetition(case: Case) -> tuple[float, float]:
    own = ngrams(case.output.text, REPEATED)
    return len(own) - len(set(own)), len(own)


def _is_lead(case: Case) -> bool:
    return case.output.text in {" ".join(case.item.sentences[:count]) for count in (1, 2, 3)}


_NUMBERS = _checked(
    "numbers",
    "numbers held",
    "share of the output's numbers that the source holds, units too",
    lambda case: case.checked.numbers,
)
_NAMES = _checked(
    "names", "names held", "share of the output's names that the source holds", lambda case: case.checked.names
)
_CLEAN = _checked(
    "clean",
    "no fault",
    "share of the outputs without any fault that the package's checks know",
    lambda case: not case.checked.faults,
)
_WORDS = _length("words", "words", "length of the output", lambda case: (_words(case.output.text), 1))
_FORM = [
    Ratio(
        "repetition",
        "repetition",
        f"share of the output's {REPEATED}-grams that repeat an earlier one of the same output",
        _repetition,
        f"count:ngrams|by:{TOKENS}",
        better="lower",
    ),
    *(
        Ratio(key, key, f"share of the outputs that {about}", count, signature, better="lower")
        for key, about, count, signature in (
            (
                "loops",
                "run in a loop",
                lambda case: find_repetition(case.output.text) is not None,
                "count:loops|by:whitespace",
            ),
            ("empty", "are empty", lambda case: not case.output.text, "count:empty|by:none"),
            ("warned", "come with a warning", lambda case: bool(case.output.warnings), "count:warnings|by:none"),
            (
                "repaired",
                "are not what the model wrote first, because the package's checks found a fault",
                lambda case: bool(case.output.repairs),
                "count:repairs|by:ringkas.repair",
            ),
        )
    ),
]


def _case(sources: Callable[[Sample], Sequence[str]]) -> Ratio:
    return _checked(
        "case",
        "case kept",
        "share of the names that are written in the letters they have there",
        lambda case: case_kept(case.output.text, sources(case.item)),
    )


METRICS: dict[Benchmark, tuple[Metric, ...]] = {
    "summaries": (
        *map(RougeF1, ROUGE_TYPES),
        _NUMBERS,
        _NAMES,
        _fault("quotations", "false quotations", "that quote what the source doesn't have", "quotation"),
        _CLEAN,
        _case(lambda item: item.paragraphs),
        _WORDS,
        _length("compression", "compression", "words of the article for each word of the output", _compression),
        *map(_novel, (1, 2, 3)),
        Ratio(
            "lead",
            "lead",
            "share of the outputs that are the article's own first one, two or three sentences",
            _is_lead,
            "count:equal|by:ringkas.sentences",
            better="neither",
        ),
        *_FORM,
        Ratio(
            "borrowed",
            "borrowed",
            "share of the outputs in which the article's own sentences stand in for the model's, because of faults",
            lambda case: not {"lead", "replaced"}.isdisjoint(case.output.repairs),
            "count:repairs|by:ringkas.repair",
            better="lower",
        ),
    ),
    "translations": (
        Bleu(),
        Chrf(),
        ChrfPlusPlus(),
        SentenceChrf(),
        _NUMBERS,
        _checked(
            "numbers_kept",
            "numbers kept",
            "share of the source's numbers that the output holds, units too",
            lambda case: case.kept[0],
        ),
        _NAMES,
        _checked(
            "names_kept",
            "names kept",
            "share of the source's names that the output holds",
            lambda case: case.kept[1],
        ),
        _fault("negation", "negation", "with a negative too few or too many", "negation"),
        _fault("indonesian", "left in Indonesian", "with words that were not translated", "untranslated"),
        _fault("length", "length", "that are too long or short, or lack a sentence", "length", "sentences"),
        _CLEAN,
        _case(lambda item: item.references),
        _WORDS,
        _length(
            "ratio",
            "length ratio",
            "words of the output for each word of the first reference",
            lambda case: (_words(case.output.text), _words(case.item.references[0])),
            2,
        ),
        *_FORM,
        Ratio(
            "untranslated",
            "untranslated",
            "share of the outputs that are the source itself",
            lambda case: case.output.text.casefold() == case.source.casefold(),
            "count:equal|by:whitespace",
            better="lower",
        ),
    ),
}
"""The metrics of each benchmark, in the order of the tables."""
