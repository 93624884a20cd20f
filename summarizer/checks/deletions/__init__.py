"""Check a sentence that was shortened by leaving out words: what may never go, and where what is left can't meet.

The checks know neither the article nor whatever chose the words. They see the words of one sentence, as `str.split`
makes them, and which of them are kept. They compare forms: a fault may be missed, and a good cut may be refused.

Some look at one gap and the words on both sides of it (`may_meet`), others at what goes and stays far apart
(`find_lost`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from summarizer.checks.deletions.abbreviations import find_lost_abbreviation, is_known_expansion
from summarizer.checks.deletions.clauses import breaks_relative, cuts_across, leaves_end_of_clause, loses_clause_link
from summarizer.checks.deletions.ends import breaks_beginning, breaks_end
from summarizer.checks.deletions.gaps import Gap, InnerGap
from summarizer.checks.deletions.main_clause import find_lost_main_clause, find_lost_predicate
from summarizer.checks.deletions.marks import breaks_marks
from summarizer.checks.deletions.names import breaks_name, loses_office
from summarizer.checks.deletions.pairs import (
    count_dates,
    find_lost_date,
    find_lost_half,
    find_lost_number_in_brackets,
)
from summarizer.checks.deletions.phrases import (
    joins_function_words,
    joins_unequal,
    leaves_apposition,
    leaves_complement,
    leaves_rest_of_phrase,
    loses_change,
    loses_coordination,
    loses_item,
    loses_list,
    loses_place,
    loses_substance,
    loses_which,
)
from summarizer.checks.deletions.predicates import loses_object, loses_subject, loses_verb, loses_who_speaks
from summarizer.checks.deletions.scope import loses_contrast, loses_count, loses_reference, loses_scope
from summarizer.checks.deletions.speakers import find_lost_antecedent, find_lost_speaker
from summarizer.checks.deletions.word_forms import WordForm, goes_on, links, links_speaker, opens_part, read_forms
from summarizer.checks.faults import Fault

__all__ = [
    "WordForm",
    "count_dates",
    "find_deletion_faults",
    "find_lost",
    "goes_on",
    "is_known_expansion",
    "links",
    "links_speaker",
    "may_meet",
    "opens_part",
    "read_forms",
]

# What may be wrong with any gap.
_BREAKS: tuple[Callable[[Gap], bool], ...] = (
    breaks_marks,
    loses_scope,
    loses_contrast,
    loses_count,
    loses_reference,
    loses_office,
    breaks_name,
    breaks_beginning,
    breaks_end,
)

# What may be wrong with a gap between two words.
_INNER_BREAKS: tuple[Callable[[InnerGap], bool], ...] = (
    loses_coordination,
    joins_function_words,
    loses_place,
    loses_change,
    loses_which,
    loses_item,
    loses_substance,
    leaves_rest_of_phrase,
    loses_object,
    loses_clause_link,
    joins_unequal,
    breaks_relative,
    loses_who_speaks,
    loses_list,
    loses_subject,
    cuts_across,
    leaves_end_of_clause,
    loses_verb,
    leaves_complement,
    leaves_apposition,
)


def may_meet(words: Sequence[str], left: int, right: int) -> bool:
    """Tell whether two words of a sentence may come to stand together when what is between them goes.

    Args:
        words: of the sentence, as `str.split` makes them.
        left: place of a word that is kept, -1 for the beginning of the sentence.
        right: place of the next word that is kept, ``len(words)`` for the end of the sentence.
    """
    nothing_goes = right - left < 2
    all_goes = left < 0 and right >= len(words)
    if nothing_goes or all_goes:
        return True
    gap = Gap(read_forms(tuple(words)), left, right)
    if any(breaks(gap) for breaks in _BREAKS):
        return False
    inner = gap.inner
    return inner is None or not any(breaks(inner) for breaks in _INNER_BREAKS)


def find_deletion_faults(words: Sequence[str], kept: Sequence[bool], after: str = "") -> list[Fault]:
    """Find what may not go from a sentence, or can't stand as it was left; nothing in one that is whole or gone.

    Args:
        words: of the sentence, as `str.split` makes them.
        kept: for each of them, whether it stays.
        after: what is read behind the sentence.
    """
    places = [place for place, stays in enumerate(kept) if stays]
    if len(places) in (0, len(words)):
        return []
    pieces: list[str] = []
    for left, right in pairwise([-1, *places, len(words)]):
        if not may_meet(words, left, right):
            pieces.append(" ".join(words[left + 1 : right]))
    for place in find_lost(words, kept, after):
        pieces.append(words[place])
    # A piece may be wrong for two reasons; it is told once.
    return [Fault("cut", piece) for piece in dict.fromkeys(pieces)]


def find_lost(words: Sequence[str], kept: Sequence[bool], after: str = "") -> list[int]:
    """Return the places of words that went and that something which stays needs, however far from it.

    They are the other half of "tidak hanya ... tetapi juga", who says what is an opinion or a charge, the last verb,
    an abbreviation that is used further on, a number in brackets where another one stays, and one of several dates.
    Arguments are those of `find_deletion_faults`; some words must stay.
    """
    forms = read_forms(tuple(words))
    lost = [
        *find_lost_half(forms, kept),
        *find_lost_speaker(forms, kept),
        *find_lost_antecedent(forms, kept),
        *find_lost_main_clause(forms, kept),
        *find_lost_predicate(forms, kept),
        *find_lost_abbreviation(forms, kept, after),
        *find_lost_number_in_brackets(forms, kept),
        *find_lost_date(forms, kept),
    ]
    return sorted(set(lost))
