"""How sure a translation is: the chance that a strict reader finds no major fault in it.

A logistic regression weighs what the model thinks of its own words against what `summarizer.checks` finds. It was
fitted on sentences that were read against their sources (``python -m eval confidence --fit``).
``quality_estimation.toml`` holds its numbers, and says on what they were fitted: one set for what a model thinks of its
own words, and one for what a `Judge` thinks of what others wrote. Without log-probabilities of both the translation and
its source there is no confidence.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from statistics import fmean
from typing import Literal

from summarizer.checks.translations.missing import (
    KNOWN_PAIRS,
    describe_missing_word,
    find_missing_words,
    weigh_missing_words,
)
from summarizer.checks.word_pairs import Coverage, cover_words, load_word_pairs
from summarizer.lexicon import Match
from summarizer.models import Generation, Judge, Request, Task, require_answers, require_scores
from summarizer.result import Confidence

FILE = "quality_estimation.toml"

Evidence = Literal["both", "others"]
"""Whose log-probabilities of translation and source they are: the writer's, or those of a judge who didn't write it."""

# The regressions were fitted with the next three as they are: whoever changes them has to fit anew.
# A word whose translations are less probable than this all together counts as missing.
_UNSHOWN = 0.05
# A word of the translation has a full source where its sources are as probable all together.
_SOURCED = 0.2
# So many of the least likely words, or tokens of the source, make a feature.
_LOWEST = 3
# In nats: a word without a source that the model finds less likely than this is named.
_UNLIKELY = -1.5
# A word of the source is named if one of its translations is as probable.
_USUAL = 0.3
# No more missing words than these are named.
_MOST_NAMED = 2
# In log-odds: the exponential of what is lower has no float.
_LEAST_TOTAL = -700.0


@dataclass(frozen=True)
class Calibration:
    """A fitted logistic regression.

    Attributes:
        weights: by feature, what is subtracted from its value, what the rest is divided by, and its weight.
        intercept: what is added to the weighted features, in log-odds.
        threshold: what has less confidence is doubtful, from 0 to 1.
    """

    weights: Mapping[str, tuple[float, float, float]]
    intercept: float
    threshold: float

    def confidence(self, features: Mapping[str, float]) -> float:
        """Return the chance that a sentence with these features has no major fault.

        Args:
            features: as `features_of` returns them.
        """
        weighted: list[float] = []
        for name, (mean, scale, weight) in self.weights.items():
            weighted.append(weight * (features[name] - mean) / scale)
        log_odds = max(self.intercept + sum(weighted), _LEAST_TOTAL)
        return 1 / (1 + math.exp(-log_odds))


@cache
def load_calibration(evidence: Evidence) -> Calibration:
    """Return the numbers of ``quality_estimation.toml`` for a kind of evidence."""
    table = tomllib.loads(files(__package__).joinpath(FILE).read_text(encoding="utf-8"))[evidence]
    weights: dict[str, tuple[float, float, float]] = {}
    for name, row in table["features"].items():
        weights[name] = (row["mean"], row["scale"], row["weight"])
    return Calibration(weights, table["intercept"], table["threshold"])


def judge_texts(judge: Judge, pairs: Sequence[tuple[str, str]]) -> list[Generation]:
    """Return what a judge thinks of translations.

    Args:
        judge: what scores them.
        pairs: sources and their translations, each on one line.

    Returns:
        each translation with its scores, in nats; without any where it or its source is empty or too long for the
        judge, or where the judge doesn't know both directions.

    Raises:
        ModelError: it returned something else than finite scores of each token.
    """
    longest = judge.max_input_tokens(Task.TRANSLATE)
    places: list[int] = []
    requests: list[Request] = []
    texts: list[str] = []
    for place, (source, text) in enumerate(pairs):
        if _can_judge(judge, source, text, longest):
            places.append(place)
            requests.append(Request(source))
            texts.append(text)
    judged = [Generation(text, finished=True) for _, text in pairs]
    back = judge.score_sources(requests, texts)
    if back is None:
        return judged
    require_answers(judge.name, "lists of scores", back, len(texts))
    forth = require_answers(judge.name, "lists of scores", judge.score(Task.TRANSLATE, requests, texts), len(texts))
    for place, text, token_scores, source_scores in zip(places, texts, forth, back, strict=True):
        tokens = judge.spell_tokens(text)
        numbers = require_scores(judge.name, token_scores)
        judged[place] = Generation(
            text,
            finished=True,
            tokens=tokens,
            token_scores=require_answers(judge.name, "scores of tokens", numbers, len(tokens)),
            source_scores=require_scores(judge.name, source_scores),
        )
    return judged


def _can_judge(judge: Judge, source: str, text: str, longest: int) -> bool:
    """Tell whether there are a source and a translation, and neither is too long for a judge.

    Args:
        judge: whose tokens count.
        source: Indonesian.
        text: its translation, which may be twice as long as a source: models write no longer ones.
        longest: the longest source that it can take, in its tokens.
    """
    if not source or not text:
        return False
    return judge.count_tokens(source) <= longest and judge.count_tokens(text) <= 2 * longest


def assess(
    source: str, translation: str, written: Sequence[Generation], faults: Sequence[str], *, judged: bool = False
) -> Confidence:
    """Say how far to trust a translated sentence.

    Args:
        source: the sentence in Indonesian.
        translation: the whole of it.
        written: its parts as a model wrote them, or as `judge_texts` judged them.
        faults: what the checks find in it, in plain words.
        judged: whether the scores are those of a judge who didn't write it.

    Returns:
        the confidence; without a value where a part has no scores of both sides.
    """
    tokens: list[str] = []
    token_scores: list[float] = []
    source_scores: list[float] = []
    for part in written:
        if not (part.tokens and part.token_scores and part.source_scores):
            return Confidence(None, tuple(faults), doubtful=bool(faults))
        tokens += part.tokens
        token_scores += part.token_scores
        source_scores += part.source_scores
    if not written:
        return Confidence(None, tuple(faults), doubtful=bool(faults))
    calibration = load_calibration("others" if judged else "both")
    words = score_words(tokens, token_scores)
    coverage = cover_words(source, translation)
    missing = find_missing_words(source, translation)
    value = calibration.confidence(features_of(words, coverage, source_scores, faults=len(faults), missing=missing))
    if value >= calibration.threshold and not faults:
        return Confidence(round(value, 3), (), doubtful=False)
    named = [*faults, *_name_missing(missing), *_name_suspects(words, coverage, missing, faults)]
    return Confidence(round(value, 3), tuple(named) or ("the model was not sure of its words",), doubtful=True)


def score_words(tokens: Sequence[str], token_scores: Sequence[float]) -> list[tuple[str, float]]:
    """Return the words of a text with their log-probabilities in nats, from those of its tokens.

    Args:
        tokens: their texts, a space in front where a word begins.
        token_scores: log-probabilities of the tokens, in nats, as many.
    """
    words: list[tuple[str, float]] = []
    for token, score in zip(tokens, token_scores, strict=True):
        if token.startswith(" ") or not words:
            words.append((token.strip(), score))
        else:
            word, before = words[-1]
            words[-1] = (word + token, before + score)
    return words


def features_of(
    words: Sequence[tuple[str, float]],
    coverage: Coverage,
    source_scores: Sequence[float],
    *,
    faults: int,
    missing: Sequence[Match],
) -> dict[str, float]:
    """Return what confidence is computed from.

    Args:
        words: of the translation, with their log-probabilities in nats.
        coverage: of source and translation.
        source_scores: log-probabilities of the source's tokens, given the translation.
        faults: how many were found.
        missing: words of the source whose English the translation lacks.
    """
    scores = [score for _, score in words]
    surprises = [score for _, score in _weigh_unsourced(words, coverage)]
    unsourced = [word for word, share in coverage.target if share < _UNSHOWN]
    return {
        "lowest": _mean_of_lowest(scores),
        "unsourced_surprise": sum(surprises),
        "unsourced": float(len(unsourced)),
        "faults": float(faults),
        "back": fmean(source_scores),
        "back_lowest": _mean_of_lowest(source_scores),
        "missing": weigh_missing_words(missing),
    }


def _mean_of_lowest(scores: Sequence[float]) -> float:
    return fmean(sorted(scores)[:_LOWEST])


def _weigh_unsourced(words: Sequence[tuple[str, float]], coverage: Coverage) -> list[tuple[str, float]]:
    """Return the words that need a source, each with its log-probability; the better its source, the nearer to 0."""
    shares = dict(coverage.target)
    weighed: list[tuple[str, float]] = []
    for written, score in words:
        word = re.sub(r"^\W+|\W+$", "", written)
        share = shares.get(word.lower())
        if share is not None:
            sourced = min(1.0, share / _SOURCED)
            weighed.append((word, score * (1 - sourced)))
    return weighed


def _name_missing(missing: Sequence[Match]) -> list[str]:
    """Name the rarest words that are missing, and what they mean."""
    rare = [match for match in missing if match.entry.pairs <= KNOWN_PAIRS]
    rarest = sorted(rare, key=lambda match: match.entry.pairs)[:_MOST_NAMED]
    return [describe_missing_word(match) for match in rarest]


def _name_suspects(
    words: Sequence[tuple[str, float]], coverage: Coverage, missing: Sequence[Match], faults: Sequence[str]
) -> list[str]:
    """Name the word that is most likely wrong, and the one that is most likely missing, if the lexicon has none.

    A word that a fault quotes has been named.
    """
    quoted = " ".join(faults).casefold()
    reasons: list[str] = []
    suspect, score = min(_weigh_unsourced(words, coverage), key=lambda pair: pair[1], default=("", 0.0))
    if score < _UNLIKELY and f"“{suspect.casefold()}”" not in quoted:
        reasons.append(f"“{suspect}” may be mistranslated")
    lost = _find_lost(coverage)
    is_named = lost in {match.entry.form for match in missing} or f"“{lost}”" in quoted
    if lost and not is_named:
        reasons.append(f"“{lost}” may be lost")
    return reasons


def _find_lost(coverage: Coverage) -> str | None:
    """Return the word of the source that is most likely missing; None if none is likely.

    Of a word with one usual translation it is surest that it is lost.
    """
    english = load_word_pairs().english
    lost: str | None = None
    most_usual = 0.0
    for word, share in coverage.source:
        if share >= _UNSHOWN:
            continue
        usual = max(english[word].values())
        if usual >= _USUAL and usual > most_usual:
            lost = word
            most_usual = usual
    return lost
