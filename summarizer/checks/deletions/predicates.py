"""Verbs, which keep their subjects and objects, and who says something.

Each function tells whether a gap is wrong for one reason. In examples, what goes stands between braces.
"""

from __future__ import annotations

from summarizer.checks.deletions.gaps import InnerGap
from summarizer.checks.deletions.word_forms import any_belongs_to, have_pause, have_predicate


def loses_subject(gap: InnerGap) -> bool:
    """As in "Kemarin, {Sari} membuka", "ketika {harga beras} menurun", "diambil {oleh warga} akan"."""
    before = gap.before
    if gap.is_long and gap.last.belongs_to("pronouns") and not gap.behind.is_function_word:
        return True
    if not gap.behind.is_predicate:
        return False
    loses_agent = gap.is_long and gap.first.core == "oleh"
    if loses_agent and before.has_form_of_passive:
        return True
    if not gap.ends_with_noun or gap.last.pauses:
        return False
    opens_main_clause = before.ends_with_comma and not gap.first.belongs_to("relative", "coordinating")
    opens_other_clause = gap.is_long and before.belongs_to("subordinating", "relative")
    reaches_from_verb = before.is_verb and (len(gap.gone) > 2 or have_pause(gap.gone))
    return opens_main_clause or opens_other_clause or reaches_from_verb


def loses_object(gap: InnerGap) -> bool:
    """As in "menggelar {rapat} pada", "menawarkan {hal itu saat menerima} Sari"."""
    has_object = not gap.opens_phrase and not gap.first.belongs_to("adverbs")
    if not gap.before.is_active or gap.before.pauses or not has_object:
        return False
    behind = gap.behind
    leaves_verb_alone = behind.is_mark or behind.belongs_to(
        "prepositions", "coordinating", "relative", "subordinating", "pointing"
    )
    reaches_into_phrase = any_belongs_to(gap.gone[1:], "prepositions", "subordinating", "relative")
    return leaves_verb_alone or reaches_into_phrase


def loses_verb(gap: InnerGap) -> bool:
    """As in "Sari {menjawab pertanyaan itu} merupakan", "untuk {melakukan pertemuan dengan} Sari"."""
    before = gap.before
    if not gap.is_long or not gap.first.is_verb:
        return False
    if before.belongs_to("prepositions") and not gap.behind.is_verb:
        return True
    last = gap.last
    ends_with_object = not (last.is_function_word or last.is_verb or last.pauses)
    if not ends_with_object or before.pauses:
        return False
    return gap.behind.is_predicate or before.is_verb or before.belongs_to("prepositions", "subordinating")


def loses_who_speaks(gap: InnerGap) -> bool:
    """As in "kata {Sari,} Senin", "Dia {mengatakan} pihaknya", "Sari {saat ditemui mengatakan} warga"."""
    before = gap.before
    ends_with_saying = gap.last.belongs_to("speech") and not gap.last.belongs_to("said_behind")
    if ends_with_saying and not have_predicate(gap.words_in_front):
        return True
    if before.belongs_to("said_behind") and gap.behind.belongs_to("days"):
        return True
    if before.belongs_to("speech", "judging") and gap.behind.is_predicate:
        return any_belongs_to(gap.gone, "selves", "pronouns")
    return gap.behind.belongs_to("selves") and not before.pauses and not gap.last.belongs_to("that")
