"""Names, which go as a whole or not at all, and the offices in front of them.

In examples, what goes stands between braces.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from summarizer.checks.deletions.abbreviations import spells_out
from summarizer.checks.deletions.gaps import Gap
from summarizer.checks.deletions.word_forms import WordForm, have_pause
from summarizer.text.words import common_words

_CLOSING_BRACKET = re.compile(r"[)\]][\"”’'.,;:!?]*$")


def loses_office(gap: Gap) -> bool:
    """Tell whether a sentence would begin with a bare name: "{Bupati Girimulya,} Ratna Puspita, menetapkan ...".

    Who that is, nothing else may say. Nor may the body that somebody speaks for take the place of his office, as in
    "{Ketua} Badan Air, Ratna Puspita, menetapkan ...".
    """
    if gap.before is not None or gap.behind is None or not gap.behind.is_name:
        return False
    if gap.first.belongs_to("titles") and gap.last.pauses:
        return True
    return gap.last.belongs_to("titles") and _has_name_in_apposition(gap.words_behind)


def _has_name_in_apposition(words: Sequence[WordForm]) -> bool:
    """Tell whether words begin with a name that another one follows behind a comma: "Badan Air, Ratna"."""
    for word, following in pairwise(words):
        if word.ends_with_comma and following.is_name:
            return True
        if not word.is_name or word.pauses:
            return False
    return False


def breaks_name(gap: Gap) -> bool:
    """Tell whether a part of a name goes and another stays, or two names would seem to be one.

    Titles may go from in front of names, "RI" from behind.
    """
    if gap.behind is not None and spells_out(gap.gone, gap.behind):
        return False
    if _goes_on_with_name(gap):
        return not _may_lose_end_of_name(gap)
    if _breaks_off_in_name(gap):
        return not _is_title_of_name_behind(gap)
    if _loses_title_with_adjective(gap):
        return True
    return _joins_names(gap)


def _has_name_before(gap: Gap) -> bool:
    """Tell whether a name stands in front of a gap, and no pause between them."""
    before = gap.before
    return before is not None and before.is_name and not before.is_function_word and not before.pauses


def _has_name_behind(gap: Gap) -> bool:
    """Tell whether a name stands behind a gap, and no pause or bracket between them."""
    behind = gap.behind
    return behind is not None and behind.is_name and not behind.opens_bracket and not gap.last.pauses


def _goes_on_with_name(gap: Gap) -> bool:
    """Tell whether a gap begins within a name: "Ratna {Puspita} datang"."""
    return _has_name_before(gap) and gap.first.is_name and not gap.first.opens_bracket


def _breaks_off_in_name(gap: Gap) -> bool:
    """Tell whether a gap ends within a name: "kata {wali kota Ratna} Puspita"."""
    if not _has_name_behind(gap) or not _is_in_name(gap.words, gap.right - 1):
        return False
    ends_with_bracket = bool(_CLOSING_BRACKET.search(gap.last.text))
    return not ends_with_bracket or _is_bracket_within_name(gap)


def _is_bracket_within_name(gap: Gap) -> bool:
    """Tell whether the bracket at the end of a gap stands within a name: "di {Badan Air (BAG)} Girimulya"."""
    return gap.is_long and gap.gone[-2].is_name and gap.before is not None


def _is_in_name(words: Sequence[WordForm], place: int) -> bool:
    """Tell whether a word is written like a name; the capital that opens a sentence says nothing."""
    word = words[place]
    if not word.is_name:
        return False
    return place > 0 or word.belongs_to("titles") or word.core not in common_words("id")


def _may_lose_end_of_name(gap: Gap) -> bool:
    """Tell whether what goes on with a name is a title among titles, or what names may lack, such as "RI"."""
    if all(word.belongs_to("name_ends") for word in gap.gone):
        return True
    if gap.before is None or not _breaks_off_in_name(gap):
        return False
    return gap.before.belongs_to("titles") and gap.last.belongs_to("titles")


def _is_title_of_name_behind(gap: Gap) -> bool:
    """Tell whether a gap ends with somebody's title: "{Presiden Direktur} Ratna Puspita"."""
    names = _last_names(gap.gone)
    begins_title = names[0].belongs_to("titles")
    last = names[-1]
    ends_title = last.belongs_to("titles") or last.text.isupper() or last.core in common_words("id")
    # "{Ketua Bidang Kebijakan} APINDO Soetrisno": the body that somebody speaks for is no part of his name.
    leaves_body = gap.behind is not None and gap.behind.text.isupper()
    return begins_title and ends_title and not leaves_body


def _last_names(words: Sequence[WordForm]) -> list[WordForm]:
    """Return the words with capitals at the end of some words, up to a pause among them."""
    names: list[WordForm] = []
    for word in reversed(words):
        if not word.is_name or (names and word.pauses):
            break
        names.append(word)
    names.reverse()
    return names


def _loses_title_with_adjective(gap: Gap) -> bool:
    """Tell whether a title goes with what is said of it: "{Presiden terpilih} Laras Ratna Puspita" is no one's name."""
    has_other_words = any(word.is_function_word for word in gap.gone) or have_pause(gap.gone)
    ends_with_name = gap.last.is_name or gap.last.belongs_to("titles")
    return gap.first.belongs_to("titles") and not has_other_words and not ends_with_name and _has_name_behind(gap)


def _joins_names(gap: Gap) -> bool:
    """Tell whether two names would seem to be one: "PT Surya {selaku pemilik} Glodok Plaza"."""
    if gap.before is None or not _has_name_before(gap) or not _has_name_behind(gap):
        return False
    return not gap.before.belongs_to("titles") and not gap.before.text.endswith(")")
