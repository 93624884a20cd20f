"""Score outputs: each metric's value for each item, and over all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval import rouge, tokens
from eval.data import Item
from eval.record import Better, Metric
from eval.support import Share, case_kept, kept, summary_support, translation_support
from eval.systems import Output, sentences
from summarizer.text.repetition import find_repetition

REPEATED = 3
"""Length of the n-grams that repetition is counted in."""


@dataclass(frozen=True)
class Values:
    """A metric's values over the items, each a ratio; where the denominator is 0, the item has no value.

    The score over all items is the sum of the numerators over that of the denominators. With a denominator of 1
    everywhere that is the mean of the items; counts (numbers that are supported, of all numbers) weigh each thing
    alike, wherever it stands.
    """

    numerators: list[float]
    denominators: list[float]

    def items(self) -> list[float | None]:
        """Return the items' own values."""
        return [
            top / bottom if bottom else None for top, bottom in zip(self.numerators, self.denominators, strict=True)
        ]


def count_references(items: Sequence[Item]) -> str:
    """Return how many references each item has, as signatures say it: a number, or ``var``."""
    counts = {len(item.references) for item in items}
    return str(counts.pop()) if len(counts) == 1 else "var"


def summary_metrics(items: Sequence[Item]) -> list[Metric]:
    """Return the metrics of summaries, in the order of the tables."""
    references = count_references(items)
    labels = {"rouge1": "ROUGE-1", "rouge2": "ROUGE-2", "rougeL": "ROUGE-L", "rougeLsum": "ROUGE-Lsum"}
    overlap = [
        Metric(
            key, label, "overlap with the reference, F1", "quality", "higher", 2, True, rouge.signature(key, references)
        )
        for key, label in labels.items()
    ]
    novel = [
        Metric(
            f"novel{size}",
            f"new {size}-grams",
            f"share of the output's {size}-grams that the article doesn't have",
            "form",
            "neither",
            signature=_signature("ngrams", tokens.NAME),
        )
        for size in (1, 2, 3)
    ]
    return [
        *overlap,
        _NUMBERS,
        _NAMES,
        _check(
            "quotations", "false quotations", "share of the outputs that quote what the source doesn't have", "lower"
        ),
        _CLEAN,
        _CASE,
        Metric(
            "words", "words", "length of the output", "form", "neither", 1, False, _signature("words", "whitespace")
        ),
        Metric(
            "compression",
            "compression",
            "words of the article for each word of the output",
            "form",
            "neither",
            1,
            False,
            _signature("words", "whitespace"),
        ),
        *novel,
        Metric(
            "lead",
            "lead",
            "share of the outputs that are the article's own first one, two or three sentences",
            "form",
            "neither",
            signature=_signature("equal", "ringkas.sentences"),
        ),
        *_FAULTS,
        Metric(
            "borrowed",
            "borrowed",
            "share of the outputs in which the article's own sentences stand in for the model's, because of faults",
            "form",
            "lower",
            signature=_signature("repairs", "ringkas.repair"),
        ),
    ]


def translation_metrics(items: Sequence[Item]) -> list[Metric]:
    """Return the metrics of translations but for those of whole corpora, in the order of the tables."""
    return [
        Metric(
            "sentence_chrf",
            "item chrF++",
            "mean of the items' own chrF++",
            "quality",
            "higher",
            2,
            False,
            _chrf_signature(items),
        ),
        _NUMBERS,
        _check("numbers_kept", "numbers kept", "share of the source's numbers that the output holds, units too"),
        _NAMES,
        _check("names_kept", "names kept", "share of the source's names that the output holds"),
        _check("negation", "negation", "share of the outputs with a negative too few or too many", "lower"),
        _check("indonesian", "left in Indonesian", "share of the outputs with words that were not translated", "lower"),
        _check("length", "length", "share of the outputs that are too long or short, or lack a sentence", "lower"),
        _CLEAN,
        _CASE,
        Metric(
            "words", "words", "length of the output", "form", "neither", 1, False, _signature("words", "whitespace")
        ),
        Metric(
            "ratio",
            "length ratio",
            "words of the output for each word of the first reference",
            "form",
            "neither",
            2,
            False,
            _signature("words", "whitespace"),
        ),
        *_FAULTS,
        Metric(
            "untranslated",
            "untranslated",
            "share of the outputs that are the source itself",
            "form",
            "lower",
            signature=_signature("equal", "whitespace"),
        ),
    ]


def summary_values(items: Sequence[Item], outputs: Sequence[Output]) -> dict[str, Values]:
    """Return the values of each of `summary_metrics` by its key."""
    scorer = rouge.Rouge()
    rows = []
    for item, output in zip(items, outputs, strict=True):
        text, source = output.text, item.text
        support = summary_support(text, source)
        row: dict[str, tuple[float, float]] = {
            key: (score, 1) for key, score in scorer.score(item.references, text).items()
        }
        row |= {
            "numbers": _ratio(support.numbers),
            "names": _ratio(support.names),
            "quotations": (float(support.has("quotation")), 1),
            "clean": (float(not support.faults), 1),
            "case": _ratio(case_kept(text, item.paragraphs)),
            "borrowed": (float(not {"lead", "replaced"}.isdisjoint(output.repairs)), 1),
            "lead": (float(text in {" ".join(sentences(item)[:count]) for count in (1, 2, 3)}), 1),
            "words": (len(text.split()), 1),
            # A ratio for each item, so that a long article weighs as much as a short one.
            "compression": (len(source.split()) / len(text.split()), 1) if text.split() else (0, 0),
        }
        row |= {f"novel{size}": _novel(text, source, size) for size in (1, 2, 3)}
        rows.append(row | _faults(output))
    return _columns(rows)


def translation_values(items: Sequence[Item], outputs: Sequence[Output]) -> dict[str, Values]:
    """Return the values of each of `translation_metrics` by its key."""
    from sacrebleu.metrics.chrf import CHRF

    chrf = CHRF(word_order=2)
    rows = []
    for item, output in zip(items, outputs, strict=True):
        text, source = output.text, " ".join(item.paragraphs)
        support = translation_support(text, source)
        numbers_kept, names_kept = kept(source, support)
        row: dict[str, tuple[float, float]] = {
            "sentence_chrf": (chrf.sentence_score(text, list(item.references)).score, 1),
            "numbers": _ratio(support.numbers),
            "numbers_kept": _ratio(numbers_kept),
            "names": _ratio(support.names),
            "names_kept": _ratio(names_kept),
            "negation": (float(support.has("negation")), 1),
            "indonesian": (float(support.has("untranslated")), 1),
            "length": (float(support.has("length", "sentences")), 1),
            "clean": (float(not support.faults), 1),
            "case": _ratio(case_kept(text, item.references)),
            "words": (len(text.split()), 1),
            "ratio": (len(text.split()), len(item.references[0].split())),
            "untranslated": (float(text.casefold() == source.casefold()), 1),
        }
        rows.append(row | _faults(output))
    return _columns(rows)


def _columns(rows: Sequence[dict[str, tuple[float, float]]]) -> dict[str, Values]:
    return {key: Values([row[key][0] for row in rows], [row[key][1] for row in rows]) for key in rows[0]}


def _ratio(share: Share) -> tuple[float, float]:
    return share.right, share.all


def _novel(text: str, source: str, size: int) -> tuple[float, float]:
    known = set(tokens.ngrams(tokens.tokenize(source), size))
    own = tokens.ngrams(tokens.tokenize(text), size)
    return sum(gram not in known for gram in own), len(own)


def _faults(output: Output) -> dict[str, tuple[float, float]]:
    own = tokens.ngrams(tokens.tokenize(output.text), REPEATED)
    return {
        "repetition": (len(own) - len(set(own)), len(own)),
        "loops": (float(find_repetition(output.text) is not None), 1),
        "empty": (float(not output.text), 1),
        "warned": (float(bool(output.warnings)), 1),
        "repaired": (float(bool(output.repairs)), 1),
    }


def _signature(how: str, with_what: str) -> str:
    from summarizer import __version__

    return f"count:{how}|by:{with_what}|version:{__version__}"


def _chrf_signature(items: Sequence[Item]) -> str:
    from sacrebleu.metrics.chrf import CHRF

    metric = CHRF(word_order=2)
    metric.sentence_score(items[0].text, list(items[0].references))
    return f"{metric.get_signature()}|level:item|agg:mean"


def _check(key: str, label: str, about: str, better: Better = "higher") -> Metric:
    from summarizer import __version__

    return Metric(
        key, label, about, "support", better, signature=f"check:{key}|by:ringkas.faithfulness|version:{__version__}"
    )


_NUMBERS = _check("numbers", "numbers held", "share of the output's numbers that the source holds, units too")
_NAMES = _check("names", "names held", "share of the output's names that the source holds")
_CLEAN = _check("clean", "no fault", "share of the outputs without any fault that the package's checks know")
_CASE = _check("case", "case kept", "share of the names that are written in the letters they have there")
_FAULTS = [
    Metric(
        "repetition",
        "repetition",
        f"share of the output's {REPEATED}-grams that repeat an earlier one of the same output",
        "form",
        "lower",
        signature=_signature("ngrams", tokens.NAME),
    ),
    Metric(
        "loops",
        "loops",
        "share of the outputs that run in a loop",
        "form",
        "lower",
        signature=_signature("loops", "whitespace"),
    ),
    Metric(
        "empty", "empty", "share of the outputs that are empty", "form", "lower", signature=_signature("empty", "none")
    ),
    Metric(
        "warned",
        "warned",
        "share of the outputs that come with a warning",
        "form",
        "lower",
        signature=_signature("warnings", "none"),
    ),
    Metric(
        "repaired",
        "repaired",
        "share of the outputs that are not what the model wrote first, because the package's checks found a fault",
        "form",
        "lower",
        signature=_signature("repairs", "ringkas.repair"),
    ),
]
