"""Judge whether a sentence still stands when a span of it goes.

A logistic regression foretells it from what the span is, from what weighs its words (`TextModel.weigh_cuts`), and from
the words beside the gap. It was fitted to cuts that were read and judged one by one (``python -m training judge``);
``judging.toml`` has its weights. A cut of several spans stands if each of its gaps does.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from summarizer.checks import WordForm
from summarizer.lexicon import load_lexicon
from summarizer.writing.spans import SpanKind

Floats = NDArray[np.float64]

FILE = "judging.toml"

# Chances are kept this far from 0 and 1.
_SURE = 1e-3
# Steps that are worth more, or less, say no more, in nats.
_WORTH = 6.0


@dataclass(frozen=True)
class Weighed:
    """What a model makes of a sentence's words.

    Attributes:
        steps: as `TextModel.weigh_cuts` returns them.
        taken: how likely each step is taken, over all paths.
        gone: how likely each word goes.
    """

    steps: Floats
    taken: Floats
    gone: Floats

    @classmethod
    def from_steps(cls, steps: Floats) -> Weighed:
        """Sum over all paths, by the forward-backward algorithm."""
        nodes = len(steps)
        forward = np.full(nodes, -np.inf)
        backward = np.full(nodes, -np.inf)
        forward[0] = backward[-1] = 0
        for node in range(1, nodes):
            forward[node] = np.logaddexp.reduce(forward[:node] + steps[:node, node])
        for node in range(nodes - 2, -1, -1):
            backward[node] = np.logaddexp.reduce(steps[node, node + 1 :] + backward[node + 1 :])
        if not np.isfinite(forward[-1]):
            # No path leads through.
            return cls(steps, np.zeros_like(steps), np.zeros(nodes - 2))
        taken: Floats = np.exp(forward[:, None] + steps + backward[None] - forward[-1])
        gone: Floats = 1 - np.exp(forward + backward - forward[-1])[1:-1]
        return cls(steps, taken, gone)

    def odds_gone(self) -> Floats:
        """Return the log-odds of each word to go."""
        chances = np.clip(self.gone, _SURE, 1 - _SURE)
        odds: Floats = np.log(chances) - np.log(1 - chances)
        return odds


def describe_gap(
    forms: Sequence[WordForm], start: int, end: int, kinds: frozenset[SpanKind], weighed: Weighed
) -> dict[str, float]:
    """Return what says whether a sentence stands without a span.

    Args:
        forms: the words of the sentence.
        start: place of the span's first word.
        end: place behind its last word.
        kinds: what the span is.
        weighed: what a model makes of the sentence's words.
    """
    gone = forms[start:end]
    before = forms[start - 1] if start else None
    behind = forms[end] if end < len(forms) else None
    odds = weighed.odds_gone()
    beside = [odds[place] for place in (start - 1, end) if 0 <= place < len(forms)]
    features = {f"is {kind.value}": float(kind in kinds) for kind in SpanKind}
    features |= {
        "taken": _logit(float(weighed.taken[start, end + 1])),
        "step": float(np.clip(weighed.steps[start, end + 1], -_WORTH, _WORTH)),
        "gone": float(odds[start:end].mean()),
        "surest": float(odds[start:end].min()),
        "beside": float(np.mean(beside)) if beside else 0.0,
        "length": log(end - start),
        "share": (end - start) / len(forms),
        "at start": float(before is None),
        "at end": float(behind is None),
        "pause before": float(before is not None and before.pauses),
        "pause at its end": float(gone[-1].pauses),
        "has verb": float(any(form.is_verb for form in gone)),
        "has name": float(any(form.is_name for form in gone[(start == 0) :])),
        "has number": float(any(form.is_number for form in gone)),
        "has hedge": float(any(form.of("hedges", "negatives", "auxiliaries", "conditions") for form in gone)),
    }
    is_small = kinds <= _SMALL
    for side, form in (("left", before), ("right", behind)):
        for name in _CLASSES:
            stands_there = form is not None and _class_of(form) == name
            features[f"{name} {side}"] = float(stands_there)
            features[f"small, {name} {side}"] = float(stands_there and is_small)
    opens = before is None or before.pauses
    closes = behind is None or gone[-1].pauses
    features["between pauses"] = float(opens and closes)
    features["splits phrase"] = float(_splits_phrase(forms, start) or _splits_phrase(forms, end))
    return features


# Spans that are no clause and no phrase.
_SMALL = frozenset({SpanKind.FILLER, SpanKind.MODIFIER, SpanKind.TITLE, SpanKind.JOINED})
_LONGEST_PHRASE = 3


def _splits_phrase(forms: Sequence[WordForm], place: int) -> bool:
    """Tell whether the lexicon has a phrase of which some words stand in front of a place and the others behind."""
    lexicon = load_lexicon()
    for size in range(2, _LONGEST_PHRASE + 1):
        for start in range(max(0, place - size + 1), place):
            phrase = forms[start : start + size]
            is_whole = len(phrase) == size and not any(form.pauses for form in phrase[:-1])
            if is_whole and " ".join(form.core for form in phrase) in lexicon:
                return True
    return False


_CLASSES = ("verb", "name", "number", "preposition", "link", "small", "content")


def _class_of(form: WordForm) -> str:
    """Return the class of a word beside a gap."""
    if form.is_number:
        return "number"
    if form.is_verb or form.of("plain_verbs", "auxiliaries", "negatives", "copulas"):
        return "verb"
    if form.of("prepositions"):
        return "preposition"
    if form.of("coordinating", "subordinating", "relative", "that"):
        return "link"
    if form.is_function or form.of("pointing", "adverbs") or not form.core:
        return "small"
    return "name" if form.is_name else "content"


def judge(features: Mapping[str, float]) -> float:
    """Return how likely a sentence stands without a span, from 0 to 1."""
    intercept, weights = _load_weights()
    total = intercept + sum(weights.get(name, 0.0) * value for name, value in features.items())
    return 1 / (1 + exp(-total))


def _logit(chance: float) -> float:
    chance = min(max(chance, _SURE / 10), 1 - _SURE / 10)
    return log(chance) - log(1 - chance)


@cache
def _load_weights() -> tuple[float, dict[str, float]]:
    table = tomllib.loads(files(__package__).joinpath(FILE).read_text(encoding="utf-8"))
    return table["intercept"], table["weights"]
