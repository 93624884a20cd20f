"""Measure a model as it ships: BLEU and chrF of translations, ROUGE of abstracts.

The model decodes as it does for users, but nothing is checked or repaired, so that the figures are the model's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from summarizer.models.base import Generation, Request, Task, TextModel
from summarizer.text.repetition import find_repetition
from summarizer.text.sentences import split_sentences
from summarizer.training.articles import Article
from summarizer.training.bitext import Pair
from summarizer.writing.translation import split_pieces


@dataclass(frozen=True)
class Scores:
    """Figures of one test, with what is needed to repeat them.

    Attributes:
        figures: by name of the metric, in points from 0 to 100.
        signatures: of the metrics.
        faults: how many answers are empty, cut off at the limit, or loop.
        answers: of the model, in the order of the items.
    """

    figures: dict[str, float]
    signatures: list[str]
    faults: dict[str, int]
    answers: list[str] = field(repr=False)


def score_translations(model: TextModel, pairs: Sequence[Pair]) -> Scores:
    """Translate the sources of pairs and compare with the targets (sacrebleu).

    A source that the model can't take at once is translated in pieces.
    """
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF

    pieces = [split_pieces(pair.source, model) for pair in pairs]
    written = iter(model.generate(Task.TRANSLATE, [Request(piece) for row in pieces for piece in row]))
    joined = [_join([next(written) for _ in row]) for row in pieces]
    answers = [generation.text for generation in joined]
    figures: dict[str, float] = {}
    signatures: list[str] = []
    for name, metric in (("BLEU", BLEU()), ("chrF2", CHRF()), ("chrF2++", CHRF(word_order=2))):
        figures[name] = metric.corpus_score(answers, [[pair.target for pair in pairs]]).score
        signatures.append(f"{name} {metric.get_signature()}")
    return Scores(figures, signatures, _faults(joined), answers)


def _join(generations: Sequence[Generation]) -> Generation:
    return Generation(
        " ".join(generation.text for generation in generations),
        finished=all(generation.finished for generation in generations),
    )


def score_abstracts(model: TextModel, articles: Sequence[Article]) -> Scores:
    """Summarise articles, with their titles if known, and compare with the references (rouge-score)."""
    requests = [Request(" ".join(article.text.split()), article.title) for article in articles]
    written = model.generate(Task.SUMMARIZE, requests)
    answers = [generation.text for generation in written]
    return Scores(rouge(answers, articles), [_rouge_signature()], _faults(written), answers)


def rouge(abstracts: Sequence[str], articles: Sequence[Article]) -> dict[str, float]:
    """Return the mean F1 of ROUGE-1, ROUGE-2 and ROUGE-L, without stemming, in points."""
    from rouge_score.rouge_scorer import RougeScorer

    names = {"rouge1": "ROUGE-1", "rouge2": "ROUGE-2", "rougeL": "ROUGE-L"}
    scorer = RougeScorer(list(names), use_stemmer=False)
    totals = dict.fromkeys(names.values(), 0.0)
    for abstract, article in zip(abstracts, articles, strict=True):
        for key, value in scorer.score(article.summary, abstract).items():
            totals[names[key]] += value.fmeasure
    return {name: 100 * total / len(articles) for name, total in totals.items()}


def _rouge_signature() -> str:
    from importlib.metadata import version

    return f"ROUGE rouge-score {version('rouge-score')}, F1, no stemming, mean over items"


def lead(article: Article, sentences: int = 3) -> str:
    """Return the first sentences of an article: the usual baseline."""
    parts = [sentence for paragraph in article.text.split("\n") for sentence in split_sentences(paragraph)]
    return " ".join(parts[:sentences])


def _faults(written: Sequence[Generation]) -> dict[str, int]:
    return {
        "empty": sum(not generation.text for generation in written),
        "cut off": sum(not generation.finished for generation in written),
        "looping": sum(find_repetition(generation.text) is not None for generation in written),
    }
