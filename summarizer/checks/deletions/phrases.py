"""Words that can't come to stand side by side: function words, lists, and nouns with what is said of them.

Each function tells whether a gap is wrong for one reason. In examples, what goes stands between braces.
"""

from __future__ import annotations

from summarizer.checks.deletions.gaps import InnerGap
from summarizer.checks.deletions.word_forms import class_words, have_predicate, have_verb


def loses_coordination(gap: InnerGap) -> bool:
    """Tell whether what links two words goes, and both stay."""
    # "Beras {dan} gula"
    only_links = all(word.is_mark or word.belongs_to("coordinating") for word in gap.gone)
    if only_links and gap.last.belongs_to("coordinating"):
        return True
    # "warga {yang} -"
    leads_on = gap.last.belongs_to("prepositions", "relative", "subordinating", "auxiliaries", "determiners")
    return leads_on and gap.behind.is_mark


def joins_function_words(gap: InnerGap) -> bool:
    """Tell whether a function word loses what it stands in front of, and another one takes its place."""
    before = gap.before
    if before.pauses and not before.is_mark:
        # Behind a pause, anything may begin but what leans on the word in front.
        return False
    # "ke {rumah} di"
    if before.belongs_to("prepositions", "determiners", "auxiliaries", "negatives"):
        return _has_no_complement(gap)
    # "yang {rumahnya} dan"
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
    """Tell whether a preposition loses the side that it names, or "ada pun" is split."""
    # "Ada {pun} warga"
    splits_word = gap.before.core == "ada" and gap.first.core == "pun"
    # "di {tengah} kota"
    loses_side = gap.before.belongs_to("prepositions") and gap.first.belongs_to("sides") and not gap.first.is_name
    return splits_word or loses_side


def loses_change(gap: InnerGap) -> bool:
    """Tell whether two numbers meet that a change lay between, or a part of a law loses its number."""
    # "ayat {(1)} undang-undang"
    loses_number_of_part = gap.before.belongs_to("parts") and gap.first.opens_bracket
    if loses_number_of_part:
        return True
    # "naik 5 persen {menjadi} 60 persen"
    is_behind_number = (gap.before.is_number or gap.before.belongs_to("units")) and not gap.before.pauses
    return is_behind_number and gap.behind.is_number and not gap.first.opens_bracket


def loses_which(gap: InnerGap) -> bool:
    """Tell whether a noun stays, and what says which one it is goes."""
    before = gap.before
    # "Pebalap {itu} unggul"
    only_points = all(word.opens_bracket or word.belongs_to("pointing") for word in gap.gone)
    if only_points and gap.last.belongs_to("pointing"):
        return True
    # "musim panas {lalu} itu"
    is_dated = before.is_number or before.belongs_to("months", "days")
    loses_time = gap.first.belongs_to("times") and not gap.is_long and not before.pauses and not is_dated
    if loses_time:
        return True
    # "dalam {sebuah film} Laras"
    loses_noun = gap.is_long and gap.first.belongs_to("determiners")
    return before.belongs_to("prepositions") and loses_noun and gap.behind.is_name


def loses_item(gap: InnerGap) -> bool:
    """Tell whether an item of a list goes, and the "dan" beside it stays."""
    # "di Laras, {di depan balai kota,} dan Girimulya"
    is_item = gap.before.pauses and gap.last.pauses and not gap.first.belongs_to("relative")
    if is_item and gap.behind.belongs_to("coordinating"):
        return True
    # "Sari dan {orang yang hadir} tertawa"
    return gap.before.belongs_to("coordinating") and gap.behind.is_predicate and not gap.first.is_predicate


def loses_list(gap: InnerGap) -> bool:
    """Tell whether a list loses what it is of, or a year the name that it belongs to."""
    # "Ada {dua pemain} yakni Sari"
    opens_with_preposition = gap.first.belongs_to("prepositions")
    reaches_over = opens_with_preposition or not gap.last.pauses
    is_noun_of_list = reaches_over and not gap.before.pauses and not gap.first.belongs_to("relative")
    if gap.behind.belongs_to("announcing") and is_noun_of_list:
        return True
    # "dalam {Dokumen Anggaran} 2025"
    ends_with_name = gap.last.is_name and not gap.last.pauses
    return gap.before.belongs_to("prepositions") and ends_with_name and gap.behind.is_number


def loses_substance(gap: InnerGap) -> bool:
    """As in "Momen {menarik} terjadi": what is left says nothing."""
    is_hollow = gap.before.belongs_to("hollow") and not gap.before.pauses
    is_left_alone = gap.behind.is_predicate or gap.behind.is_function_word
    return is_hollow and is_left_alone and not gap.first.belongs_to("pointing", "relative")


def leaves_rest_of_phrase(gap: InnerGap) -> bool:
    """Tell whether a phrase or clause goes without its end."""
    behind = gap.behind
    if not gap.first.opens_part:
        return False
    # "Sari, {untuk pengumuman harga} resmi, berangkat"
    if gap.before.pauses and gap.is_long and not gap.last.pauses:
        begins_phrase = behind.is_mark or behind.is_function_word or behind.is_predicate or behind.opens_bracket
        may_stand_alone = behind.is_name or behind.is_number
        return not begins_phrase and not may_stand_alone and not gap.last.is_function_word
    # "penting {agar pasokan, terutama beras,} tidak naik"
    goes_over_pause = gap.pauses_inside and gap.last.pauses and not gap.before.pauses
    return goes_over_pause and behind.is_predicate


def leaves_apposition(gap: InnerGap) -> bool:
    """Tell whether what explained a word stays without it: "melontarkan ancaman {untuk pemimpin,} Sari"."""
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
    """Tell whether the end of a phrase stays, and seems to belong to what is in front of the gap."""
    behind = gap.behind
    if gap.is_long and gap.first.belongs_to("prepositions"):
        # "kilometer {dengan tinggi bervariasi} antara"
        needs_object = gap.last.is_verb and not gap.last.pauses
        if needs_object and not behind.is_predicate:
            return True
        # "turun {dari posisi} 12"
        if behind.is_number and not gap.last.belongs_to("prepositions", "dates"):
            return True
    if not gap.before.is_verb:
        return False
    # "diberikan {piala oleh Sari kepada} Budi"
    ends_with_preposition = gap.is_long and gap.last.belongs_to("prepositions")
    if ends_with_preposition and behind.is_name and not gap.first.belongs_to("prepositions", "adverbs"):
        return True
    # "bekerja {saat menanam} padi"
    begins_phrase = behind.is_function_word or behind.is_verb
    return have_verb(gap.gone) and not gap.last.pauses and not begins_phrase


def joins_unequal(gap: InnerGap) -> bool:
    """Tell whether "dan" and the like come to link what doesn't belong together, such as a verb and a noun."""
    before = gap.before
    following = gap.words_behind[1] if len(gap.words_behind) > 1 else None
    # "diketahui {dari serikat makanan} dan minuman"
    if gap.behind.belongs_to("coordinating") and not before.pauses and following is not None:
        return before.is_verb != following.is_verb or before.is_name != following.is_name
    # "Sari dan {ketua warga} menolak"
    noun_becomes_verb = gap.ends_with_noun and gap.behind.is_predicate and not gap.last.pauses
    if before.belongs_to("coordinating") and noun_becomes_verb:
        return not have_verb(gap.gone)
    # "harga beras {dan gula serta kopi} dunia"
    links = [word for word in gap.gone if word.belongs_to("coordinating")]
    return len(links) > 1 and not gap.pauses_inside and not gap.last.pauses
