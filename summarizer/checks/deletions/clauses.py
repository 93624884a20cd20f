"""Clauses, which go as a whole, and keep the word that links them.

Each function tells whether a gap is wrong for one reason. In examples, what goes stands between braces.
"""

from __future__ import annotations

import re

from summarizer.checks.deletions.gaps import InnerGap
from summarizer.checks.deletions.word_forms import any_belongs_to, goes_on

# Of a sentence, and not of "Jl." or "H.".
_SENTENCE_END = re.compile(r"[^\W\d_]{3}[.!?][\"”’)]*$")


def loses_clause_link(gap: InnerGap) -> bool:
    """Tell whether a clause loses the word that it hangs on or that links it, or that word comes to stand alone."""
    before = gap.before
    behind = gap.behind
    # "buka suara {soal kabar bahwa} harga naik"
    may_have_clause = before.is_verb or before.belongs_to("speech", "judging")
    if gap.is_long and gap.last.belongs_to("that") and not before.pauses and not may_have_clause:
        return True
    # "bekerja {menyatakan} bahwa harga naik"
    loses_what_has_clause = gap.last.is_verb or gap.last.belongs_to("speech", "judging")
    if loses_what_has_clause and behind.belongs_to("that", "conditions"):
        return True
    if not gap.is_long or not gap.last.opens_part:
        return False
    # "untuk {pertemuan di} membangun"
    if before.belongs_to("prepositions") and behind.is_verb:
        return True
    if gap.gone[-2].is_function_word or before.is_function_word:
        return False
    # "bekerja {dengan warga untuk} membangun"; but "naik {tajam hingga} 5 persen" is whole.
    return not (gap.last.belongs_to("free_links") and behind.is_number)


def breaks_relative(gap: InnerGap) -> bool:
    """Tell whether a clause with "yang" goes in part, or comes to stand behind another noun than its own."""
    # "warga yang {tinggal di} Laras"
    leaves_name_to_link = gap.before.belongs_to("relative") and gap.behind.is_name
    if not gap.is_long:
        return leaves_name_to_link
    # "hari {ada kecelakaan} yang"
    if gap.behind.belongs_to("relative"):
        return not gap.opens_phrase and not gap.before.pauses
    if gap.before.belongs_to("relative"):
        return leaves_name_to_link
    return gap.first.belongs_to("relative") and not gap.last.pauses and _ends_too_early(gap)


def _ends_too_early(gap: InnerGap) -> bool:
    """Tell whether a clause with "yang" goes without its end: "Sari {yang berada} di Laras pulang"."""
    behind = gap.behind
    # "warga {yang membawa} golok"
    if gap.last.is_verb:
        leaves_place_of_name = gap.before.is_name and behind.belongs_to("prepositions")
        begins_phrase = behind.is_function_word or behind.is_name or behind.is_number or behind.opens_bracket
        return leaves_place_of_name or not (begins_phrase or goes_on(behind.text))
    # "roket {yang ditembakkan ke wilayah} Laras"
    begins_phrase = behind.is_function_word or behind.belongs_to("pointing") or behind.opens_bracket
    if begins_phrase or goes_on(behind.text):
        return False
    return gap.ends_with_noun and not gap.last.belongs_to("dates")


def cuts_across(gap: InnerGap) -> bool:
    """Tell whether a gap begins in one clause and ends in the middle of another."""
    if any(_SENTENCE_END.search(word.text) for word in gap.gone[:-1]):
        return True
    if gap.last.pauses:
        return False
    if gap.pauses_inside and not gap.behind.belongs_to("coordinating"):
        return True
    opens_clause = any_belongs_to(gap.gone, "subordinating", "that")
    return gap.is_long and opens_clause and not gap.last.belongs_to("that")


def leaves_end_of_clause(gap: InnerGap) -> bool:
    """Tell whether a clause goes, and when or where it was stays behind it.

    As in "Sari, {yang lahir di Laras,} tanggal 3 Mei, menang", "berlatih {yang disiapkan,} di Sofia".
    """
    ends_at_comma = gap.first.belongs_to("relative", "subordinating") and gap.last.ends_with_comma
    tells_when_or_where = gap.behind.is_number or gap.behind.belongs_to("dates", "days", "months", "prepositions")
    return ends_at_comma and tells_when_or_where
