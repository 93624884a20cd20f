"""How a sentence may begin and end, where words go from its beginning or its end.

In examples, what goes stands between braces.
"""

from __future__ import annotations

from summarizer.checks.deletions.gaps import Gap
from summarizer.checks.deletions.word_forms import WordForm, any_belongs_to, class_words, have_predicate


def breaks_beginning(gap: Gap) -> bool:
    """Tell whether words go from the beginning of a sentence, and it can't begin with what is behind them."""
    behind = gap.behind
    if gap.before is not None or behind is None:
        return False
    if behind.is_mark or behind.belongs_to(
        "relative", "coordinating", "pointing", "copulas", "no_start", "said_behind"
    ):
        return True
    two_words = [word.core for word in gap.words_behind[:2]]
    if " ".join(two_words) in class_words("no_openings"):
        return True
    if gap.last.pauses or gap.last.belongs_to("speech", "that"):
        return False
    return not _is_attribute(gap, behind)


def _is_attribute(gap: Gap, behind: WordForm) -> bool:
    """Tell whether what goes stands in front of a noun and can be missed: "Sebanyak", "Petarung", "Sementara itu"."""
    first = gap.first
    # The capital that opens a sentence says nothing: "{Beredar} video", "{Itulah} alasan".
    begins_with_verb = first.has_form_of_verb and not first.belongs_to("no_verbs")
    points = first.core.removesuffix("lah") in class_words("pointing")
    if begins_with_verb or points or have_predicate(gap.gone):
        return False
    if first.opens_part:
        # What these stand in front of is no subject.
        return False
    if gap.last.belongs_to("prepositions", "relative"):
        return False
    return not behind.is_verb and not behind.is_function_word


def breaks_end(gap: Gap) -> bool:
    """Tell whether words go from the end of a sentence, and it can't end with what is in front of them."""
    before = gap.before
    if before is None or gap.behind is not None:
        return False
    return (
        _leads_on(before)
        or _loses_complement(gap, before)
        or _loses_outcome(gap, before)
        or _loses_last_item(gap, before)
    )


def _leads_on(word: WordForm) -> bool:
    """Tell whether something must follow a word: "untuk", "sangat"."""
    return word.is_mark or word.is_function_word or word.belongs_to("negatives", "no_end", "hedges")


def _loses_complement(gap: Gap, before: WordForm) -> bool:
    """Tell whether a verb loses its object, or what is said: "menggelar {rapat.}", "mengatakan {hujan turun.}"."""
    names_what_is_said = before.core.endswith("nya")
    if before.belongs_to("speech", "judging") and not names_what_is_said:
        return True
    if not before.is_active:
        return False
    first = gap.first
    if first.belongs_to("determiners", "relative", "that"):
        return True
    begins_phrase = first.is_mark or first.is_function_word or first.opens_bracket or first.belongs_to("adverbs")
    return not begins_phrase and not before.pauses


def _loses_outcome(gap: Gap, before: WordForm) -> bool:
    """Tell whether what becomes of something goes, or the word that says which time is meant."""
    # "membuat warga {terpukau.}"
    is_caused = gap.left > 0 and gap.words[gap.left - 1].belongs_to("causing")
    # "musim panas {lalu.}"
    is_dated = before.is_number or before.belongs_to("months", "days")
    loses_time = gap.first.belongs_to("times") and not gap.is_long and not is_dated
    return is_caused or loses_time


def _loses_last_item(gap: Gap, before: WordForm) -> bool:
    """Tell whether a list goes on, and its last items go."""
    if not any_belongs_to(gap.gone, "coordinating"):
        return False
    # "A, {B dan C.}"
    begins_with_item = not gap.first.is_function_word and not gap.first.is_predicate
    if before.ends_with_comma and begins_with_item:
        return True
    front = gap.words_in_front
    # "Dua desa adalah A {dan B.}", "dua desa, yaitu A {dan B.}"
    is_counted = any(word.is_number for word in front) and any_belongs_to(front, "equating")
    is_announced = is_counted or any_belongs_to(front, "announcing")
    has_clause = have_predicate(gap.gone) or any_belongs_to(gap.gone, "relative", "subordinating")
    return is_announced and not has_clause
