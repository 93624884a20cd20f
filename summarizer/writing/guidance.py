"""Where a translator may not know a word, its English takes the word's place, and the sentence is translated again.

A word is doubtful if the translation has none of the English that the lexicon gives for it. The model reads English in
an Indonesian sentence as what it means, and inflects it. Its own score can't say which translation is better, since it
doesn't know the word: a linear regression foretells by how much the new one is the better one (``guidance.toml``, made
by ``python -m eval guidance --fit``).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import chain
from math import log1p
from statistics import fmean

from rapidfuzz.distance import Levenshtein

from summarizer.checks.lexicon import function_words
from summarizer.checks.word_pairs import cover_words
from summarizer.lexicon import (
    EnglishText,
    Match,
    Replacement,
    WordClass,
    correct_spelling,
    find_entries,
    replace_words,
)
from summarizer.lexicon.glossary import Glossary
from summarizer.models import GuidedModel, Request, Task
from summarizer.result import Repair
from summarizer.writing.hypotheses import Hypothesis, choose_hypothesis

FILE = "guidance.toml"

# A word with more training pairs is known to the model: another rendering than the lexicon's is no sign of a fault.
_MOST_PAIRS = 300
# Points of chrF2, more than any translation can gain.
_OBEDIENCE = 100.0


@dataclass(frozen=True)
class Attempt:
    """Another source for a sentence, in which renderings stand in the place of doubtful words."""

    plain: Hypothesis
    doubts: Sequence[Match]
    text: str


@dataclass(frozen=True)
class Guided:
    """What came of an attempt, and what is known about which translation is better: see `features_of`."""

    attempt: Attempt
    hypothesis: Hypothesis
    features: Mapping[str, float]

    @property
    def is_usable(self) -> bool:
        """Whether it is a translation, and has no more faults than the plain one."""
        is_copy = self.hypothesis.text.casefold() == self.attempt.text.casefold()
        has_more_faults = len(self.hypothesis.faults) > len(self.attempt.plain.faults)
        return not (self.hypothesis.is_useless or is_copy or has_more_faults)

    @property
    def obeys(self) -> bool:
        """Whether it has the terms of the user's that the plain translation lacks."""
        text = EnglishText(self.hypothesis.text)
        wanted = [doubt for doubt in self.attempt.doubts if doubt.entry.is_demanded]
        return bool(wanted) and all(_is_rendered(doubt, text) for doubt in wanted)


def guide_hypotheses(chosen: Mapping[str, Hypothesis], model: GuidedModel, glossary: Glossary) -> dict[str, Hypothesis]:
    """Translate sentences with doubtful words again, with English in their place, and take what is better.

    Args:
        chosen: the best plain translation of each source.
        model: that made them.
        glossary: whose terms are looked up too; a user's are obeyed.

    Returns:
        The best translation of each source; one with more faults than the plain one is never taken.
    """
    attempts = list(chain.from_iterable(plan_attempts(plain, model, glossary) for plain in chosen.values()))
    guided = dict(chosen)
    gains = dict.fromkeys(chosen, 0.0)
    for result in make_attempts(attempts, model, glossary):
        if not result.is_usable:
            continue
        source = result.attempt.plain.source
        # A word that the user demands counts for more than any estimate.
        gain = predict_gain(result.features) + (_OBEDIENCE if result.obeys else 0.0)
        if gain > gains[source]:
            gains[source] = gain
            pieces = tuple(doubt.written for doubt in result.attempt.doubts)
            guided[source] = replace(result.hypothesis, repair=Repair("translation", "lexicon", pieces))
    return guided


def find_doubts(source: str, translation: str, glossary: Glossary) -> list[Match]:
    """Return the words and phrases of a source that a translation seems not to render, in order.

    Names, function words and frequent words are left out, and words for which parallel text has what stands there.
    """
    english = EnglishText(translation)
    shares = dict(cover_words(source, translation).source)
    doubts: list[Match] = []
    for match in find_entries(source, glossary.lexicon):
        is_content = match.entry.word_class is WordClass.WORD and match.entry.form not in function_words()
        is_rare = match.entry.pairs <= _MOST_PAIRS
        if not is_content or not is_rare or match.may_be_name:
            continue
        is_usual = shares.get(match.entry.form, 0.0) > 0
        if not is_usual and not _is_rendered(match, english):
            doubts.append(match)
    return doubts


def _is_rendered(match: Match, english: EnglishText) -> bool:
    if english.has(match.written):
        return True
    return any(english.has(rendering, family=True) for rendering in match.entry.renderings)


def plan_attempts(plain: Hypothesis, model: GuidedModel, glossary: Glossary) -> list[Attempt]:
    """Return the sources to try for a sentence: with each doubtful word's first sense, and with the second of one."""
    source = correct_spelling(plain.source)
    doubts = find_doubts(source, plain.text, glossary)
    if not doubts:
        return []
    choices = [[0] * len(doubts)]
    place = next((place for place, doubt in enumerate(doubts) if len(doubt.entry.senses) > 1), None)
    if place is not None:
        choices.append([int(place == other) for other in range(len(doubts))])
    attempts = []
    for senses in choices:
        replacements = [
            Replacement(doubt, doubt.entry.senses[sense].renderings[:1])
            for doubt, sense in zip(doubts, senses, strict=True)
        ]
        text = replace_words(source, replacements)
        if model.count_tokens(text) <= model.max_input_tokens(Task.TRANSLATE):
            attempts.append(Attempt(plain, doubts, text))
    return attempts


def make_attempts(attempts: Sequence[Attempt], model: GuidedModel, glossary: Glossary) -> list[Guided]:
    """Translate what attempts give the model to read, in one batch, and compare it with the plain translations."""
    if not attempts:
        return []
    requests = [Request(attempt.text) for attempt in attempts]
    written = model.generate(Task.TRANSLATE, requests)
    hypotheses = [
        choose_hypothesis(attempt.plain.source, generation, glossary)
        for attempt, generation in zip(attempts, written, strict=True)
    ]
    # How likely the plain translation is to who reads the English words, and the source to who reads the new one.
    plain_scores = model.score(Task.TRANSLATE, requests, [attempt.plain.text for attempt in attempts])
    sources = [Request(attempt.plain.source) for attempt in attempts]
    back = model.score_sources(sources, [hypothesis.text for hypothesis in hypotheses])
    back = back or [()] * len(attempts)
    return [
        Guided(attempt, hypothesis, features_of(attempt, hypothesis, scores, own_back))
        for attempt, hypothesis, scores, own_back in zip(attempts, hypotheses, plain_scores, back, strict=True)
    ]


def features_of(
    attempt: Attempt, guided: Hypothesis, plain_scores: Sequence[float], source_scores: Sequence[float]
) -> dict[str, float]:
    """Return what says whether a guided translation is better than the plain one.

    Args:
        attempt: with the plain translation.
        guided: the translation of its text.
        plain_scores: log-probabilities in nats of the plain translation's tokens, given the attempt's text.
        source_scores: those of the source's tokens, given the guided translation.

    Returns:
        ``pairs``: how often the doubtful words are in the training text (mean of the logarithms); ``held``: the part of
        them that the guided translation renders; ``plain``: by how much it is likelier than the plain one, in nats a
        token, to the reader of the attempt's text; ``back``: by how much the source is likelier from it, in nats a
        token; ``change``: words that differ between the two, for each doubtful word; ``coverage``: by how many words
        more of the source have a usual rendering in it; ``faults``: how many faults more it has.
    """
    plain, doubts = attempt.plain, attempt.doubts
    english = EnglishText(guided.text)
    own_scores = guided.generation.token_scores or ()
    own_back = plain.generation.source_scores or ()
    covered = [sum(share for _, share in cover_words(plain.source, text).source) for text in (plain.text, guided.text)]
    return {
        "pairs": fmean(log1p(doubt.entry.pairs) for doubt in doubts),
        "held": fmean(_is_rendered(doubt, english) for doubt in doubts),
        "plain": (sum(own_scores) - sum(plain_scores)) / max(1, len(plain_scores)),
        "back": _mean(source_scores) - _mean(own_back),
        "change": Levenshtein.distance(plain.text.split(), guided.text.split()) / len(doubts),
        "coverage": covered[1] - covered[0],
        "faults": float(len(guided.faults) - len(plain.faults)),
    }


def _mean(values: Sequence[float]) -> float:
    return fmean(values) if values else 0.0


def predict_gain(features: Mapping[str, float]) -> float:
    """Return by how many points of chrF2 a guided translation is likely to be better than the plain one."""
    intercept, weights = _load_weights()
    return intercept + sum(weights[name] * value for name, value in features.items())


@cache
def _load_weights() -> tuple[float, dict[str, float]]:
    table = tomllib.loads(files(__package__).joinpath(FILE).read_text(encoding="utf-8"))
    return table["intercept"], table["weights"]
