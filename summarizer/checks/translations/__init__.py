"""Check an English translation against the Indonesian text that it was made from."""

from __future__ import annotations

from summarizer.checks.faults import Fault
from summarizer.checks.translations.alternatives import find_alternative_faults
from summarizer.checks.translations.directions import find_contest_faults, find_direction_faults
from summarizer.checks.translations.names import find_name_faults
from summarizer.checks.translations.negation import find_negation_faults
from summarizer.checks.translations.numbers import find_number_faults
from summarizer.checks.translations.words import (
    find_length_faults,
    find_lost_almost,
    find_serious_faults,
    find_untranslated,
)
from summarizer.lexicon.glossary import Glossary, load_glossary
from summarizer.text.normalise import require_characters


def check_translation(source: str, translation: str, glossary: Glossary | None = None) -> list[Fault]:
    """Find where an English translation departs from an Indonesian sentence or paragraph.

    It compares: numbers with their units, months and days; names, which must stand as they are, in a form that the
    glossary knows, or in another spelling; negatives; directions, such as rise and fall; fractions,
    large amounts and rates in words ("sepertiga", "ratusan", "per bulan"); who beat whom; serious words,
    such as those of crime and death; words left in Indonesian; length, and the number of sentences. What the user added
    to the glossary must be translated so.

    Args:
        source: Indonesian, on one line.
        translation: its English, on one line.
        glossary: another one than the package's.

    Raises:
        InputError: one of the texts holds half of a surrogate pair.
        TypeError: one of them is no text.
    """
    require_characters(source, "source")
    require_characters(translation, "translation")
    return find_translation_faults(source, translation, glossary)


def find_translation_faults(source: str, translation: str, glossary: Glossary | None = None) -> list[Fault]:
    """Find what `check_translation` finds, in texts of which it is known that they hold nothing but characters.

    A model's hypotheses are so many that each of them needn't be searched: article and requests are, once.
    """
    glossary = glossary or load_glossary()
    faults = (
        *find_number_faults(source, translation),
        *find_name_faults(source, translation, glossary),
        *find_negation_faults(source, translation),
        *find_direction_faults(source, translation),
        *find_contest_faults(source, translation, glossary),
        *find_alternative_faults(source, translation),
        *find_serious_faults(source, translation),
        *find_lost_almost(source, translation),
        *find_untranslated(source, translation),
        *find_length_faults(source, translation),
    )
    return list(dict.fromkeys(faults))
