"""Words that can't come to stand side by side: function words, lists, and nouns with what is said of them.

Each function tells whether a gap is wrong for one reason. In examples, what goes stands between braces.
"""

from __future__ import annotations

from summarizer.checks.deletions.gaps import InnerGap
from summarizer.checks.deletions.word_forms import class_words, have_predicate, have_verb


def loses_coordination(gap: InnerGap) -> bool:
    """As in "Beras {dan} gula", "warga {yang} -"."""
    only_links = all(word.is_mark or word.belongs_to("coordinating") for word in gap.gone)
    if only_links and gap.last.belongs_to("coordinating"):
        return True
    leads_on = gap.last.belongs_to("prepositions", "relative", "subordinating", "auxiliaries", "determiners")
    return leads_on and gap.behind.is_mark


def joins_function_words(gap: InnerGap) -> bool:
    """As in "ke {rumah} di", "yang {rumahnya} dan"."""
    before = gap.before
    if before.pauses and not before.is_mark:
        # Behind a pause, anything may begin but what leans on the word in front.
        return False
    if before.belongs_to("prepositions", "determiners", "auxiliaries", "negatives"):
        return _has_no_complement(gap)
    if before.belongs_to("coordinating", "subordinating", "relative", "copulas"):
        return gap.behind.is_mark or gap.behind.belongs_to("coordinating", "pointing", "copulas")
    return False


def _has_no_complement(gap: InnerGap) -> bool:
    """Tell whether a preposition, or what stands in front of a noun or verb, has none behind the gap."""
    before = gap.before
    behind = gap.behind
    needs_noun = before.belongs_to("prepositions") and before.core != "untuk"
    if needs_noun and behind.belongs_to("auxiliaries"):
        return True
    if f"{before.core} {behind.core}" in class_words("pairs"):
        return False
    if needs_noun and behind.belongs_to("negatives"):
        return True
    return behind.is_mark or behind.belongs_to(
        "prepositions", "coordinating", "relative", "copulas", "pointing", "subordinating"
    )


def loses_place(gap: InnerGap) -> bool:
    """As in "di {tengah} kota", "Ada {pun} warga"."""
    splits_word = gap.before.core == "ada" and gap.first.core == "pun"
    loses_side = gap.before.belongs_to("prepositions") and gap.first.belongs_to("sides") and not gap.first.is_name
    return splits_word or loses_side


def loses_change(gap: InnerGap) -> bool:
    """As in "naik 5 persen {menjadi} 60 persen", "ayat {(1)} undang-undang"."""
    loses_number_of_part = gap.before.belongs_to("parts") and gap.first.opens_bracket
    if loses_number_of_part:
        return True
    is_behind_number = (gap.before.is_number or gap.before.belongs_to("units")) and not gap.before.pauses
    return is_behind_number and gap.behind.is_number and not gap.first.opens_bracket


def loses_which(gap: InnerGap) -> bool:
    """As in "Pebalap {itu} unggul", "musim panas {lalu} itu", "dalam {sebuah film} Laras"."""
    before = gap.before
    only_points = all(word.opens_bracket or word.belongs_to("pointing") for word in gap.gone)
    if only_points and gap.last.belongs_to("pointing"):
        return True
    is_dated = before.is_number or before.belongs_to("months", "days")
    loses_time = gap.first.belongs_to("times") and not gap.is_long and not before.pauses and not is_dated
    if loses_time:
        return True
    loses_noun = gap.is_long and gap.first.belongs_to("determiners")
    return before.belongs_to("prepositions") and loses_noun and gap.behind.is_name


def loses_item(gap: InnerGap) -> bool:
    """As in "di Laras, {di depan balai kota,} dan Girimulya", "Sari dan {orang yang hadir} tertawa"."""
    is_item = gap.before.pauses and gap.last.pauses and not gap.first.belongs_to("relative")
    if is_item and gap.behind.belongs_to("coordinating"):
        return True
    return gap.before.belongs_to("coordinating") and gap.behind.is_predicate and not gap.first.is_predicate


def loses_list(gap: InnerGap) -> bool:
    """As in "Ada {dua pemain} yakni Sari", "dalam {Dokumen Anggaran} 2025"."""
    opens_with_preposition = gap.first.belongs_to("prepositions")
    reaches_over = opens_with_preposition or not gap.last.pauses
    is_noun_of_list = reaches_over and not gap.before.pauses and not gap.first.belongs_to("relative")
    if gap.behind.belongs_to("announcing") and is_noun_of_list:
        return True
    ends_with_name = gap.last.is_name and not gap.last.pauses
    return gap.before.belongs_to("prepositions") and ends_with_name and gap.behind.is_number


def loses_substance(gap: InnerGap) -> bool:
    """As in "Momen {menarik} terjadi": what is left says nothing."""
    is_hollow = gap.before.belongs_to("hollow") and not gap.before.pauses
    is_left_alone = gap.behind.is_predicate or gap.behind.is_function_word
    return is_hollow and is_left_alone and not gap.first.belongs_to("pointing", "relative")


def leaves_rest_of_phrase(gap: InnerGap) -> bool:
    """As in "Sari, {untuk pengumuman harga} resmi, berangkat", "penting {agar pasokan, terutama beras,} tidak naik"."""
    behind = gap.behind
    if not gap.first.opens_part:
        return False
    if gap.before.pauses and gap.is_long and not gap.last.pauses:
        begins_phrase = behind.is_mark or behind.is_function_word or behind.is_predicate or behind.opens_bracket
        may_stand_alone = behind.is_name or behind.is_number
        return not begins_phrase and not may_stand_alone and not gap.last.is_function_word
    goes_over_pause = gap.pauses_inside and gap.last.pauses and not gap.before.pauses
    return goes_over_pause and behind.is_predicate


def leaves_apposition(gap: InnerGap) -> bool:
    """As in "melontarkan ancaman {untuk pemimpin,} Sari": what explained a word that went."""
    behind = gap.behind
    if gap.before.pauses or not gap.last.ends_with_comma or gap.first.opens_bracket:
        return False
    goes_on_otherwise = (
        behind.is_function_word or behind.is_predicate or behind.belongs_to("days") or behind.opens_bracket
    )
    if goes_on_otherwise:
        return False
    return gap.first.belongs_to("prepositions") or have_predicate(gap.words_in_front)


def leaves_complement(gap: InnerGap) -> bool:
    """As in "diberikan {piala oleh Sari kepada} Budi", "kilometer {dengan tinggi bervariasi} antara"."""
    behind = gap.behind
    if gap.is_long and gap.first.belongs_to("prepositions"):
        needs_object = gap.last.is_verb and not gap.last.pauses
        if needs_object and not behind.is_predicate:
            return True
        if behind.is_number and not gap.last.belongs_to("prepositions", "dates"):
            return True
    if not gap.before.is_verb:
        return False
    ends_with_preposition = gap.is_long and gap.last.belongs_to("prepositions")
    if ends_with_preposition and behind.is_name and not gap.first.belongs_to("prepositions", "adverbs"):
        return True
    begins_phrase = behind.is_function_word or behind.is_verb
    return have_verb(gap.gone) and not gap.last.pauses and not begins_phrase


def joins_unequal(gap: InnerGap) -> bool:
    """As in "diketahui {dari serikat makanan} dan minuman": a coordination of a verb and a noun."""
    before = gap.before
    following = gap.words_behind[1] if len(gap.words_behind) > 1 else None
    if gap.behind.belongs_to("coordinating") and not before.pauses and following is not None:
        return before.is_verb != following.is_verb or before.is_name != following.is_name
    noun_becomes_verb = gap.ends_with_noun and gap.behind.is_predicate and not gap.last.pauses
    if before.belongs_to("coordinating") and noun_becomes_verb:
        return not have_verb(gap.gone)
    links = [word for word in gap.gone if word.belongs_to("coordinating")]
    return len(links) > 1 and not gap.pauses_inside and not gap.last.pauses
