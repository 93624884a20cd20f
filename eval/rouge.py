"""ROUGE, computed by rouge-score with tokens that treat Indonesian right."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version

from rouge_score.rouge_scorer import RougeScorer

from eval import tokens
from summarizer.text.sentences import split_sentences

TYPES = ("rouge1", "rouge2", "rougeL", "rougeLsum")


class Rouge:
    """Scores a summary against one or more references: F1, from 0 to 1."""

    def __init__(self, types: Sequence[str] = TYPES) -> None:
        """Choose among `TYPES`."""
        self._scorer = RougeScorer(list(types), use_stemmer=False, tokenizer=Tokenizer())

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


class Tokenizer:
    """What rouge-score asks for its tokens."""

    def tokenize(self, text: str) -> list[str]:
        """Return `tokens.tokenize` of a text."""
        return tokens.tokenize(text)


def signature(name: str, references: str) -> str:
    """Return what a score was computed with, in the manner of sacrebleu.

    Args:
        name: one of `TYPES`.
        references: how many there are: a number, or ``var``.
    """
    parts = {
        "nrefs": references,
        "type": name,
        "stat": "f1",
        "multi": "max",
        "stem": "no",
        "case": "lc",
        "tok": tokens.NAME,
        "agg": "mean",
        "version": f"rouge-score-{version('rouge-score')}",
    }
    if name == "rougeLsum":
        parts["split"] = "ringkas"
    return "|".join(f"{key}:{value}" for key, value in parts.items())
