"""Words that change what their neighbours say, and words that say nothing without their neighbours.

In examples, what goes stands between braces.
"""

from __future__ import annotations

import re

from summarizer.checks.deletions.abbreviations import spells_out
from summarizer.checks.deletions.gaps import Gap, InnerGap
from summarizer.checks.deletions.word_forms import WordForm, any_belongs_to

_YEAR = re.compile(r"(?:19|20)\d\d")


def loses_scope(gap: Gap) -> bool:
    """Tell whether a negative, a modal, a hedge or a condition goes, and what it bears on stays."""
    return any(_changes_meaning(gap, place) and not _goes_with_scope(gap, place) for place in range(len(gap.gone)))


def _changes_meaning(gap: Gap, place: int) -> bool:
    """Tell whether the word at a place in a gap is a negative, a modal, a hedge or a condition."""
    word = gap.gone[place]
    place_before = gap.left + place
    follows_purpose = place_before >= 0 and gap.words[place_before].core == "untuk"
    if word.belongs_to("abilities") and follows_purpose:
        # "untuk {bisa} menyelamatkan ternak" says the same without it.
        return False
    return word.belongs_to("negatives", "hedges", "auxiliaries", "conditions") and not word.belongs_to("aspect")


def _goes_with_scope(gap: Gap, place: int) -> bool:
    """Tell whether a whole clause or phrase goes that has the word at a place in the gap, and all that it bears on."""
    word = gap.gone[place]
    rest = gap.gone[place + 1 :]
    has_content = any(other.core and not other.is_function_word for other in rest)
    if not (has_content or word.pauses or gap.last.pauses):
        # Nothing goes that it could bear on.
        return False
    behind = gap.behind
    ends_phrase = behind is None or gap.last.pauses or behind.is_function_word or behind.opens_bracket
    begins_phrase = (
        gap.before is None
        or gap.before.pauses
        or any_belongs_to(gap.gone[: place + 1], "prepositions", "coordinating", "subordinating", "relative")
    )
    return ends_phrase and begins_phrase


def loses_contrast(gap: Gap) -> bool:
    """Tell whether a sentence ends before it takes back what it says: "Laras kalah 0-2 {meski akhirnya menang.}"."""
    return gap.before is not None and gap.behind is None and gap.first.belongs_to("contrasts")


def loses_count(gap: Gap) -> bool:
    """Tell whether a number loses what it counts, or its unit, or what says how exact it is."""
    if gap.before is not None and _leaves_number_bare(gap, gap.before):
        return True
    behind = gap.behind
    if behind is None:
        return False
    if behind.is_number and _says_how_exact(gap.last):
        return True
    # "{tiga} persen".
    return gap.last.is_number and not gap.last.pauses and behind.belongs_to("units")


def _leaves_number_bare(gap: Gap, before: WordForm) -> bool:
    """Tell whether what goes is what the number in front of it counts: "12 {orang}", "7,5 {miliar}"."""
    if not before.is_number or before.pauses or before.text.endswith(")"):
        return False
    is_year = bool(_YEAR.search(before.core))
    is_ordinal = before.core.startswith("ke")
    if is_year or is_ordinal:
        # They count nothing.
        return False
    first = gap.first
    if first.is_number or first.is_mark or first.is_function_word or first.opens_bracket:
        # It is no noun that is counted.
        return False
    behind = gap.behind
    if behind is None:
        return True
    # "3 {Mei} hingga 5 Mei": the month comes again.
    month_is_repeated = first.belongs_to("months") and behind.belongs_to("prepositions", "coordinating")
    # "12 {orang} warga" still counts something.
    is_classifier = first.belongs_to("classifiers") and not gap.is_long and not behind.is_function_word
    return not (month_is_repeated or is_classifier)


def _says_how_exact(word: WordForm) -> bool:
    """Tell whether a word in front of a number limits it or says what it is of: "sekitar", "Rp", "US$"."""
    return word.belongs_to("exactness", "currencies") or word.text.endswith(("-", "$"))


def loses_reference(gap: Gap) -> bool:
    """Tell whether "itu", brackets or a subject are left without the word that says what is meant."""
    behind = gap.behind
    if behind is None:
        return False
    # "{Dinas Taman} (DT)": a date or a number in brackets explains nothing.
    explains = behind.opens_bracket and not behind.core[:1].isdigit()
    if explains:
        # Only an abbreviation that everybody knows may stand for its words.
        return not spells_out(gap.gone, behind)
    inner = gap.inner
    if inner is not None and _leaves_subject_open(inner):
        # "Peristiwa {itu} terjadi" leaves a noun alone; "Peristiwa di Laras {itu} terjadi" still says which.
        return gap.left == 0
    # "di {Laras} itu"
    return behind.belongs_to("pointing") and not _may_be_pointed_at(gap.before)


def _leaves_subject_open(gap: InnerGap) -> bool:
    """Tell whether "itu" or "lain" goes from in front of the verb, so that the subject may be anything."""
    is_in_front_of_verb = gap.behind.is_predicate or gap.behind.belongs_to("plain_verbs")
    return is_in_front_of_verb and any_belongs_to(gap.gone, "pointing", "others")


def _may_be_pointed_at(word: WordForm | None) -> bool:
    """Tell whether a word may be a noun that "itu" behind it points at."""
    if word is None:
        return False
    return not (word.pauses or word.is_function_word or word.is_verb or word.is_number)
