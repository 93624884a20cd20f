"""Self-training: Indonesian news as the model itself translates it, where it is sure of that.

A model can learn from its own translations if they are better than the first it would write (He et al. 2020,
arXiv:1909.13788). Better is what is likeliest in both directions, as users get it; what the checks find fault with is
left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import fmean

from summarizer.checks import check_translation
from summarizer.models import Request, Task, TextModel

_PART = 256  # enough to fill batches with sentences of like length


def translate(
    sentences: Sequence[str], model: TextModel, lowest: float, tell: Callable[[int], object]
) -> list[tuple[str, str]]:
    """Return the sentences that a model translates well, with their translations.

    Args:
        sentences: in Indonesian.
        model: gives scores in both directions; one that doesn't yields nothing.
        lowest: the share with the lowest scores that is left out, of each score, from 0 to 1.
        tell: gets how many sentences have been translated.
    """
    written: list[tuple[float, float, str, str]] = []
    for start in range(0, len(sentences), _PART):
        part = sentences[start : start + _PART]
        for source, one in zip(part, model.generate(Task.TRANSLATE, [Request(text) for text in part]), strict=True):
            if one.finished and one.score is not None and one.source_scores:
                written.append((one.score, fmean(one.source_scores), source, one.text))
        tell(start + len(part))
    if not written:
        return []
    at = int(lowest * len(written))
    least, source_least = sorted(one[0] for one in written)[at], sorted(one[1] for one in written)[at]
    return [
        (source, text)
        for score, source_score, source, text in written
        if score >= least and source_score >= source_least and not check_translation(source, text)
    ]
