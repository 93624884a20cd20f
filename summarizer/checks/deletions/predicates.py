"""Verbs, which keep their subjects and objects, and who says something.

Each function tells whether a gap is wrong for one reason. In examples, what goes stands between braces.
"""

from __future__ import annotations

from summarizer.checks.deletions.gaps import InnerGap
from summarizer.checks.deletions.word_forms import any_belongs_to, have_pause, have_predicate


def loses_subject(gap: InnerGap) -> bool:
    """Tell whether a verb stays, and who or what does it goes."""
    before = gap.before
    # "Warga datang {lalu dia} pulang": the pronoun was the subject of what stays.
    if gap.is_long and gap.last.belongs_to("pronouns") and not gap.behind.is_function_word:
        return True
    if not gap.behind.is_predicate:
        return False
    # "diambil {oleh warga} akan"
    loses_agent = gap.is_long and gap.first.core == "oleh"
    if loses_agent and before.has_form_of_passive:
        return True
    if not gap.ends_with_noun or gap.last.pauses:
        return False
    # "Kemarin, {Sari} membuka"
    opens_main_clause = before.ends_with_comma and not gap.first.belongs_to("relative", "coordinating")
    # "ketika {harga beras} menurun"
    opens_other_clause = gap.is_long and before.belongs_to("subordinating", "relative")
    # "menggelar {rapat, lalu warga} membuka"
    reaches_from_verb = before.is_verb and (len(gap.gone) > 2 or have_pause(gap.gone))
    return opens_main_clause or opens_other_clause or reaches_from_verb


def loses_object(gap: InnerGap) -> bool:
    """Tell whether a verb with "me-" stays, and its object goes."""
    has_object = not gap.opens_phrase and not gap.first.belongs_to("adverbs")
    if not gap.before.is_active or gap.before.pauses or not has_object:
        return False
    behind = gap.behind
    # "menggelar {rapat} pada"
    leaves_verb_alone = behind.is_mark or behind.belongs_to(
        "prepositions", "coordinating", "relative", "subordinating", "pointing"
    )
    # "menawarkan {hal itu saat menerima} Sari": what takes its place is the object of something else.
    reaches_into_phrase = any_belongs_to(gap.gone[1:], "prepositions", "subordinating", "relative")
    return leaves_verb_alone or reaches_into_phrase


def loses_verb(gap: InnerGap) -> bool:
    """Tell whether a verb goes, and what stays needs it."""
    before = gap.before
    if not gap.is_long or not gap.first.is_verb:
        return False
    # "untuk {melakukan pertemuan dengan} Sari"
    if before.belongs_to("prepositions") and not gap.behind.is_verb:
        return True
    last = gap.last
    ends_with_object = not (last.is_function_word or last.is_verb or last.pauses)
    if not ends_with_object or before.pauses:
        return False
    # "Sari {menjawab pertanyaan itu} merupakan"
    return gap.behind.is_predicate or before.is_verb or before.belongs_to("prepositions", "subordinating")


def loses_who_speaks(gap: InnerGap) -> bool:
    """Tell whether what is said stays, and who says it goes, or seems to be somebody else."""
    before = gap.before
    behind = gap.behind
    last = gap.last
    # "Dia {mengatakan} pihaknya": the verb of a sentence, whose subject stays in front of it.
    ends_with_saying = last.belongs_to("speech") and not last.belongs_to("said_behind")
    if ends_with_saying and not have_predicate(gap.words_in_front):
        return True
    # "kata {Sari,} Senin"
    if before.belongs_to("said_behind") and behind.belongs_to("days"):
        return True
    # "menilai {mereka} akan"
    if before.belongs_to("speech", "judging") and behind.is_predicate:
        return any_belongs_to(gap.gone, "selves", "pronouns")
    # "Sari {menolak usul warga,} pihaknya": whose "pihaknya" is, nothing says any more.
    return behind.belongs_to("selves") and not before.pauses and not last.belongs_to("that")
