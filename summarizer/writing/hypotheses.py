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
    """Return the hypothesis with the fewest faults, if the first one has any; among equals, the likeliest."""
    first = _check(source, generation, glossary)
    if not first.faults:
        return first
    others = (_check(source, other, glossary) for other in generation.others)
    best = min((first, *others), key=lambda hypothesis: (hypothesis.is_useless, len(hypothesis.faults)))
    if best is first:
        return first
    return replace(best, repair=Repair("translation", "candidate", first.faults))


def find_alternative(best: Hypothesis, glossary: Glossary) -> str | None:
    """Return the likeliest of the other hypotheses that has other content words, and no more faults; or None."""
    for generation in best.generation.others:
        other = _check(best.source, generation, glossary)
        is_as_good = not other.is_useless and len(other.faults) <= len(best.faults)
        if is_as_good and have_other_contents(other.text, best.text):
            return other.text
    return None


def judge_hypotheses(chosen: Mapping[str, Hypothesis], judge: Judge) -> dict[str, Hypothesis]:
    """Put a judge's scores of what was chosen in the place of the model's, unless the model gave some of both sides."""
    if all(best.generation.token_scores and best.generation.source_scores for best in chosen.values()):
        return dict(chosen)
    judged = judge_texts(judge, [(source, best.text) for source, best in chosen.items()])
    scored: dict[str, Hypothesis] = {}
    for (source, best), generation in zip(chosen.items(), judged, strict=True):
        generation = replace(generation, others=best.generation.others)
        scored[source] = replace(best, generation=generation, is_judged=True)
    return scored


def _check(source: str, generation: Generation, glossary: Glossary) -> Hypothesis:
    """Put numbers, dates and terms into English form, and find what is wrong even so."""
    raw = cut_repetition(generation.text)
    text = fix_terms(source, fix_dates(source, fix_numbers(source, raw)), glossary)
    fixed = tuple(word for word in raw.split() if word not in text.split())
    repair = Repair("translation", "form", fixed) if fixed else None
    reason = _find_uselessness(source, text, generation, is_repeated=raw != generation.text)
    faults = (reason,) if reason else tuple(map(str, find_translation_faults(source, text, glossary)))
    return Hypothesis(source, text, faults, bool(reason), generation, repair)


def _find_uselessness(source: str, text: str, generation: Generation, *, is_repeated: bool) -> str:
    """Return why a text is no translation, or ""."""
    if not text:
        return "there is none"
    if is_repeated:
        return "it repeated itself and was cut"
    if not generation.finished:
        return "it was cut off"
    if len(source.split()) > _LONGEST_NAME and text.casefold() == source.casefold():
        return "it was left in Indonesian"
    return ""
