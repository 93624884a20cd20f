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
from functools import cache, cached_property
from importlib.resources import files
from math import log1p
from statistics import fmean

from rapidfuzz.distance import Levenshtein

from summarizer.checks.translations.missing import KNOWN_PAIRS, find_missing_words, is_rendered
from summarizer.checks.word_pairs import cover_words
from summarizer.lexicon import (
    EnglishText,
    Match,
    Replacement,
    correct_spelling,
    replace_words,
)
from summarizer.lexicon.glossary import Glossary
from summarizer.models import GuidedModel, Request, Task
from summarizer.result import Repair
from summarizer.writing.hypotheses import Hypothesis, choose_hypothesis

FILE = "guidance.toml"

# A second translation may take half of the time: it is close to the first one, but for what it was told.
_BEAMS = 2
# Points of chrF2, more than any translation can gain.
_OBEDIENCE = 100.0


@dataclass(frozen=True)
class Attempt:
    """Another source for a sentence, in which renderings stand in the place of doubtful words."""

    plain: Hypothesis
    doubts: Sequence[Match]
    text: str

    @cached_property
    def plain_coverage(self) -> float:
        """How many words of the source have a usual rendering in the plain translation: see `cover_words`."""
        return _count_covered(self.plain.source, self.plain.text)


@dataclass(frozen=True)
class Guided:
    """A translation that came of an attempt.

    Attributes:
        attempt: with the plain translation.
        hypothesis: the guided translation; how likely its source is, is told of the source as printed.
        plain_scores: log-probabilities in nats of the plain translation's tokens, given the attempt's text.
    """

    attempt: Attempt
    hypothesis: Hypothesis
    plain_scores: Sequence[float]

    @cached_property
    def features(self) -> dict[str, float]:
        """What says whether it is better than the plain translation: see `features_of`."""
        return features_of(self)

    @property
    def is_usable(self) -> bool:
        """Whether it is a translation, another one than the plain one, and has no more faults."""
        text = self.hypothesis.text.casefold()
        is_copy = text in (self.attempt.text.casefold(), self.attempt.plain.text.casefold())
        has_more_faults = len(self.hypothesis.faults) > len(self.attempt.plain.faults)
        return not (self.hypothesis.is_useless or is_copy or has_more_faults)

    @property
    def obeys(self) -> bool:
        """Whether it has the terms of the user's that the plain translation lacks."""
        text = EnglishText(self.hypothesis.text)
        wanted = [doubt for doubt in self.attempt.doubts if doubt.entry.is_demanded]
        return bool(wanted) and all(is_rendered(doubt, self.attempt.plain.source, text) for doubt in wanted)


def guide_hypotheses(chosen: Mapping[str, Hypothesis], model: GuidedModel, glossary: Glossary) -> dict[str, Hypothesis]:
    """Translate sentences with doubtful words again, with English in their place, and take what is better.

    Args:
        chosen: the best plain translation of each source.
        model: that made them.
        glossary: whose terms are looked up too; a user's are obeyed.

    Returns:
        The best translation of each source; one with more faults than the plain one is never taken.
    """
    attempts: list[Attempt] = []
    for plain in chosen.values():
        attempts += plan_attempts(plain, model, glossary)
    guided = dict(chosen)
    # By how much what is taken of each source is better than the plain translation.
    gains = dict.fromkeys(chosen, 0.0)
    for result in make_attempts(attempts, model, glossary):
        source = result.attempt.plain.source
        # A word that the user demands counts for more than any estimate.
        gain = predict_gain(result.features)
        if result.obeys:
            gain += _OBEDIENCE
        if gain > gains[source]:
            gains[source] = gain
            guided[source] = _as_repair(result)
    return guided


def _as_repair(result: Guided) -> Hypothesis:
    """Return a guided translation that takes the place of the plain one, with what was done and what it was."""
    pieces = [doubt.written for doubt in result.attempt.doubts]
    repair = Repair("translation", "lexicon", tuple(pieces))
    # What a reader may find better after all is the plain translation.
    plain = replace(result.attempt.plain.generation, others=())
    generation = replace(result.hypothesis.generation, others=(plain,))
    return replace(result.hypothesis, repair=repair, generation=generation)


def find_doubts(source: str, translation: str, glossary: Glossary) -> list[Match]:
    """Return the words of a source that a translation lacks and that the model may not know, in order.

    Args:
        source: Indonesian, on one line.
        translation: its English.
        glossary: whose terms are looked up too.
    """
    missing = find_missing_words(source, translation, glossary.lexicon)
    return [match for match in missing if match.entry.pairs <= KNOWN_PAIRS]


def plan_attempts(plain: Hypothesis, model: GuidedModel, glossary: Glossary) -> list[Attempt]:
    """Return the sources to try for a sentence: with each doubtful word's first sense, and with the second of one.

    Args:
        plain: the translation of the sentence as printed.
        model: that made it; what it can't take is not tried.
        glossary: whose terms are looked up too.

    Returns:
        two attempts at most; none if no word is doubtful.
    """
    source = correct_spelling(plain.source)
    doubts = find_doubts(source, plain.text, glossary)
    if not doubts:
        return []
    first_senses = list(map(_write, doubts))
    choices = [first_senses]
    place = _find_ambiguous(doubts)
    if place is not None:
        second_sense = first_senses.copy()
        second_sense[place] = _write(doubts[place], sense=1)
        choices.append(second_sense)
    attempts: list[Attempt] = []
    for replacements in choices:
        text = replace_words(source, replacements)
        if model.count_tokens(text) <= model.max_input_tokens(Task.TRANSLATE):
            attempts.append(Attempt(plain, doubts, text))
    return attempts


def _find_ambiguous(doubts: Sequence[Match]) -> int | None:
    """Return the place of the first word that has several senses; None if there is none."""
    for place, doubt in enumerate(doubts):
        if len(doubt.entry.senses) > 1:
            return place
    return None


def _write(doubt: Match, sense: int = 0) -> Replacement:
    """Put the best rendering of a sense in the place of a word."""
    return Replacement(doubt, doubt.entry.senses[sense].renderings[:1])


def make_attempts(attempts: Sequence[Attempt], model: GuidedModel, glossary: Glossary) -> list[Guided]:
    """Translate what attempts give the model to read, in one batch, and compare it with the plain translations.

    Args:
        attempts: the sources to try.
        model: that made the plain translations.
        glossary: that translations are checked with.

    Returns:
        the translations that are usable, the likeliest of each attempt first; an attempt has several, or none.

    Raises:
        ValueError: a source is longer than the model reads.
    """
    if not attempts:
        return []
    requests: list[Request] = []
    plain_texts: list[str] = []
    for attempt in attempts:
        requests.append(Request(attempt.text))
        plain_texts.append(attempt.plain.text)
    written = model.draft(Task.TRANSLATE, requests, _BEAMS)
    # How likely the plain translation is to who reads the English words.
    plain_scores = model.score(Task.TRANSLATE, requests, plain_texts)
    results: list[Guided] = []
    for attempt, generation, scores in zip(attempts, written, plain_scores, strict=True):
        for candidate in (generation, *generation.others):
            hypothesis = choose_hypothesis(attempt.plain.source, replace(candidate, others=()), glossary)
            guided = Guided(attempt, hypothesis, scores)
            if guided.is_usable:
                results.append(guided)
    return _read_back(results, model)


def _read_back(results: Sequence[Guided], model: GuidedModel) -> list[Guided]:
    """Put in how likely the sources as printed are to who reads the translations."""
    sources: list[Request] = []
    texts: list[str] = []
    for result in results:
        sources.append(Request(result.attempt.plain.source))
        texts.append(result.hypothesis.text)
    source_scores = model.score_sources(sources, texts)
    if source_scores is None:
        return list(results)
    read: list[Guided] = []
    for result, scores in zip(results, source_scores, strict=True):
        generation = replace(result.hypothesis.generation, source_scores=scores)
        read.append(replace(result, hypothesis=replace(result.hypothesis, generation=generation)))
    return read


def features_of(result: Guided) -> dict[str, float]:
    """Return what says whether a guided translation is better than the plain one.

    Returns:
        ``pairs``: how often the doubtful words are in the training text (mean of the logarithms); ``held``: the part of
        them that the guided translation renders; ``plain``: by how much it is likelier than the plain one, in nats a
        token, to the reader of the attempt's text; ``back``: by how much the source is likelier from it, in nats a
        token; ``change``: words that differ between the two, for each doubtful word; ``coverage``: by how many words
        more of the source have a usual rendering in it; ``faults``: how many faults more it has.
    """
    guided = result.hypothesis
    plain = result.attempt.plain
    doubts = result.attempt.doubts
    english = EnglishText(guided.text)
    frequencies: list[float] = []
    rendered: list[bool] = []
    for doubt in doubts:
        frequencies.append(log1p(doubt.entry.pairs))
        rendered.append(is_rendered(doubt, plain.source, english))
    guided_scores = guided.generation.token_scores or ()
    likelier = sum(guided_scores) - sum(result.plain_scores)
    likelier_back = _mean(guided.generation.source_scores) - _mean(plain.generation.source_scores)
    changed_words = Levenshtein.distance(plain.text.split(), guided.text.split())
    return {
        "pairs": fmean(frequencies),
        "held": fmean(rendered),
        "plain": likelier / max(1, len(result.plain_scores)),
        "back": likelier_back,
        "change": changed_words / len(doubts),
        "coverage": _count_covered(plain.source, guided.text) - result.attempt.plain_coverage,
        "faults": float(len(guided.faults) - len(plain.faults)),
    }


def _count_covered(source: str, translation: str) -> float:
    """Return how many words of a source have a usual rendering in a translation; one may have a part of one."""
    shares: list[float] = []
    for _, share in cover_words(source, translation).source:
        shares.append(share)
    return sum(shares)


def _mean(values: Sequence[float] | None) -> float:
    """Return the mean of some values; 0 if there are none."""
    return fmean(values) if values else 0.0


def predict_gain(features: Mapping[str, float]) -> float:
    """Return by how many points of chrF2 a guided translation is likely to be better than the plain one.

    Args:
        features: as `features_of` returns them.
    """
    intercept, weights = _load_weights()
    weighted: list[float] = []
    for name, value in features.items():
        weighted.append(weights[name] * value)
    return intercept + sum(weighted)


@cache
def _load_weights() -> tuple[float, dict[str, float]]:
    """Return the intercept of the regression, and the weight of each feature."""
    table = tomllib.loads(files(__package__).joinpath(FILE).read_text(encoding="utf-8"))
    return table["intercept"], table["weights"]
