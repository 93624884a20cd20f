"""What a translator found for a source, checked: the best of its hypotheses, and what is wrong with it even so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from summarizer.checks import find_translation_faults, fix_dates, fix_numbers, fix_terms
from summarizer.checks.word_pairs import have_other_contents
from summarizer.lexicon.glossary import Glossary
from summarizer.models import Generation, Judge
from summarizer.result import Repair
from summarizer.text.repetition import cut_repetition
from summarizer.writing.quality_estimation import judge_texts

# A translation of so many words that is still the source has not been translated; a shorter one may be a name.
_LONGEST_NAME = 4


@dataclass(frozen=True)
class Hypothesis:
    """A translation of a source.

    Attributes:
        source: what was translated.
        text: the translation, its numbers, dates and terms in English form.
        faults: what is wrong with it, in plain words.
        is_useless: whether it is no translation at all: empty, cut off, or still Indonesian.
        generation: what the model wrote, with its scores.
        repair: what was done about the model's text, if anything.
        is_judged: whether the scores are a judge's, who didn't write it.
    """

    source: str
    text: str
    faults: tuple[str, ...]
    is_useless: bool
    generation: Generation
    repair: Repair | None
    is_judged: bool = False


def choose_hypothesis(source: str, generation: Generation, glossary: Glossary) -> Hypothesis:
    """Return the hypothesis with the fewest faults, if the first one has any; among equals, the likeliest.

    Args:
        source: what was translated, on one line.
        generation: what a model wrote, with what else it found.
        glossary: terms whose English is demanded, or known.
    """
    first = _check(source, generation, glossary)
    if not first.faults:
        return first
    best = first
    for other in generation.others:
        hypothesis = _check(source, other, glossary)
        if _badness(hypothesis) < _badness(best):
            best = hypothesis
    if best is first:
        return first
    return replace(best, repair=Repair("translation", "candidate", first.faults))


def _badness(hypothesis: Hypothesis) -> tuple[bool, int]:
    """Return what hypotheses are compared by: what is useless is worse than anything else."""
    return hypothesis.is_useless, len(hypothesis.faults)


def find_alternative(best: Hypothesis, glossary: Glossary) -> str | None:
    """Return the likeliest of the other hypotheses that has other content words, and no more faults; or None.

    Args:
        best: the hypothesis that was chosen.
        glossary: as for `choose_hypothesis`.
    """
    for generation in best.generation.others:
        other = _check(best.source, generation, glossary)
        is_as_good = not other.is_useless and len(other.faults) <= len(best.faults)
        if is_as_good and have_other_contents(other.text, best.text):
            return other.text
    return None


def judge_hypotheses(chosen: Mapping[str, Hypothesis], judge: Judge) -> dict[str, Hypothesis]:
    """Put a judge's scores of what was chosen in the place of the model's, unless the model gave some of both sides.

    Args:
        chosen: the best hypothesis of each source.
        judge: what scores them.

    Returns:
        the best hypothesis of each source, with scores where it is short enough for the judge.

    Raises:
        ModelError: the judge returns something else than finite scores of each token.
    """
    if all(map(_has_scores, chosen.values())):
        return dict(chosen)
    judged = judge_texts(judge, [(source, best.text) for source, best in chosen.items()])
    scored: dict[str, Hypothesis] = {}
    for (source, best), generation in zip(chosen.items(), judged, strict=True):
        generation = replace(generation, others=best.generation.others)
        scored[source] = replace(best, generation=generation, is_judged=True)
    return scored


def _has_scores(hypothesis: Hypothesis) -> bool:
    """Tell whether the model said how likely the translation is, and the source from it."""
    generation = hypothesis.generation
    return bool(generation.token_scores and generation.source_scores)


def _check(source: str, generation: Generation, glossary: Glossary) -> Hypothesis:
    """Put numbers, dates and terms into English form, and find what is wrong even so."""
    raw = cut_repetition(generation.text)
    text = fix_numbers(source, raw)
    text = fix_dates(source, text)
    text = fix_terms(source, text, glossary)
    words = text.split()
    fixed = [word for word in raw.split() if word not in words]
    repair = Repair("translation", "form", tuple(fixed)) if fixed else None
    reason = _find_uselessness(source, text, generation, is_repeated=raw != generation.text)
    if reason:
        return Hypothesis(source, text, (reason,), True, generation, repair)
    faults = tuple(map(str, find_translation_faults(source, text, glossary)))
    return Hypothesis(source, text, faults, False, generation, repair)


def _find_uselessness(source: str, text: str, generation: Generation, *, is_repeated: bool) -> str:
    """Return why a text is no translation; "" if it is one.

    Args:
        source: what was translated.
        text: the translation, in English form.
        generation: what the model wrote.
        is_repeated: whether something was cut off it that it repeated.
    """
    if not text:
        return "there is none"
    if is_repeated:
        return "it repeated itself and was cut"
    if not generation.finished:
        return "it was cut off"
    if len(source.split()) > _LONGEST_NAME and text.casefold() == source.casefold():
        return "it was left in Indonesian"
    return ""
