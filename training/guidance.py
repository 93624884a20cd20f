"""Put English renderings in the place of words of a source, so that the model learns to read them.

At run time a doubtful word of a sentence is replaced by its English from the lexicon, in the lexicon's form, and the
model inflects it and gives it a place (code switching of the source: Song et al. 2019, arXiv:1904.09107).
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from summarizer.lexicon import EnglishText, Entry, Match, Replacement, Sense, find_entries, replace_words
from training.bitext import Pair

# So many pairs of the training text make a form half as likely to be replaced as a form without any.
_HALF_AS_LIKELY = 100


@dataclass(frozen=True)
class _Candidate:
    """A word of a source, the rendering that the target has, and one of another sense that it hasn't, or ""."""

    match: Match
    rendering: str
    wrong: str


def guide_pair(pair: Pair, settings: Mapping[str, Any], rng: random.Random) -> Pair:
    """Return a pair, or with the chance that a recipe sets, one with renderings in its source.

    Only renderings that the target has are put in, in whatever form it has them.

    Args:
        pair: a sentence, or some joined.
        settings: ``share`` of the pairs; ``words``, the weights of one, two, three words and so on; ``most``, the part
            of a source's words that may be replaced; ``choice``, the share of words of several senses where a wrong
            rendering stands beside the right one.
        rng: what decides.
    """
    if rng.random() >= settings["share"]:
        return pair
    candidates = _find_candidates(pair)
    weights = settings["words"]
    [wanted] = rng.choices(range(1, len(weights) + 1), weights)
    most = max(1, int(settings["most"] * len(pair.source.split())))
    chosen = _draw(candidates, min(wanted, most, len(candidates)), rng)
    replacements = []
    for candidate in chosen:
        renderings = [candidate.rendering]
        if candidate.wrong and rng.random() < settings["choice"]:
            renderings.append(candidate.wrong)
            rng.shuffle(renderings)
        replacements.append(Replacement(candidate.match, tuple(renderings)))
    return replace(pair, source=replace_words(pair.source, replacements))


def _find_candidates(pair: Pair) -> list[_Candidate]:
    """Return the words of a source that its translation has a rendering of; names don't count."""
    target = EnglishText(pair.target)
    candidates: list[_Candidate] = []
    for match in find_entries(pair.source):
        if match.may_be_name:
            continue
        candidate = _find_rendering(match, target)
        if candidate:
            candidates.append(candidate)
    return candidates


def _find_rendering(match: Match, target: EnglishText) -> _Candidate | None:
    """Return a word with the first of its renderings that the target has; None if the target has none.

    A rendering that is the word itself doesn't count: nothing would change.
    """
    for sense in match.entry.senses:
        for rendering in sense.renderings:
            if rendering.lower() != match.written.lower() and target.has(rendering):
                return _Candidate(match, rendering, _find_wrong_rendering(match.entry, sense, target))
    return None


def _find_wrong_rendering(entry: Entry, right: Sense, target: EnglishText) -> str:
    """Return the best rendering of the first sense but the right one that the target hasn't, or ""."""
    for sense in entry.senses:
        best = sense.renderings[0]
        if sense is not right and not target.has(best):
            return best
    return ""


def _draw(candidates: Sequence[_Candidate], count: int, rng: random.Random) -> list[_Candidate]:
    """Draw some candidates, the rarer ones rather, in the order of the text."""
    left = list(candidates)
    drawn: list[_Candidate] = []
    for _ in range(count):
        weights = [_weight(candidate) for candidate in left]
        [candidate] = rng.choices(left, weights)
        left.remove(candidate)
        drawn.append(candidate)
    return sorted(drawn, key=lambda candidate: candidate.match.start)


def _weight(candidate: _Candidate) -> float:
    return 1 / (1 + candidate.match.entry.pairs / _HALF_AS_LIKELY)
