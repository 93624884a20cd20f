"""Put what stays of a sentence together: with a capital, its end mark, and commas where the gaps need them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from summarizer.checks import goes_on, is_known_expansion, links, opens_part

_END = re.compile(r"[.!?…]+[\"'”’)\]]*$")
# Of a sentence, and not of "Jl." or "H.".
_SENTENCE_END = re.compile(r"(?:[^\W\d_]{3}|[\d)])([.!?…])[\"”’)]*$")
_PAUSE = re.compile(r"[,;:–—-]+$")
_MARK_ALONE = re.compile(r"[^\w\"“”‘’'()]+")
# A word behind a gap belongs to a list if one of so many words behind it links the list's last item.
_LIST_REACH = 2
_LIST_LINKS = ("dan", "atau", "serta")


def join_kept(words: Sequence[str], kept: Sequence[bool]) -> str:
    """Return what stays of a sentence as one: with a capital, its end mark, and no comma left over.

    Args:
        words: of the sentence, with their marks.
        kept: whether each of them stays; one at least.

    Returns:
        the text; the whole sentence where nothing goes, or nothing but marks would stay.
    """
    if all(kept):
        return " ".join(words)
    places = [place for place, stays in enumerate(kept) if stays]
    joined = _close_gaps(words, places)
    if not joined:
        return " ".join(words)
    lost_its_end = not kept[-1]
    if lost_its_end and not _END.search(joined[-1]):
        joined[-1] = _end_sentence(joined[-1], words[-1])
    lost_its_beginning = not kept[0]
    if not lost_its_beginning:
        return " ".join(joined)
    last_of_beginning = words[places[0] - 1]
    if last_of_beginning.endswith(","):
        _open_apposition(joined)
    return _capitalise(" ".join(joined))


def _close_gaps(words: Sequence[str], places: Sequence[int]) -> list[str]:
    """Return the words that stay, with the marks that they need where others went between them.

    Args:
        words: of the sentence, with their marks.
        places: of those that stay, in order.
    """
    joined: list[str] = []
    for previous, place in pairwise([-1, *places]):
        word = words[place]
        gone = words[previous + 1 : place]
        if gone and joined:
            joined[-1] = _close_gap(joined, gone, words[place:])
        # A dash parts nothing any more at the beginning, beside a gap, or behind another mark.
        parts_nothing = not joined or bool(gone) or bool(_PAUSE.search(joined[-1]))
        if parts_nothing and _MARK_ALONE.fullmatch(word):
            continue
        if gone and is_known_expansion(gone, word):
            # It stands for what went, and needs no brackets any more.
            word = re.sub(r"[()]", "", word)
        joined.append(word)
    return joined


def _close_gap(in_front: Sequence[str], gone: Sequence[str], following: Sequence[str]) -> str:
    """Return the word in front of a gap with the comma that it needs there, or without one that it doesn't.

    Args:
        in_front: what stays in front of the gap, one word at least.
        gone: the words that go.
        following: the words behind the gap, one at least.
    """
    word = in_front[-1]
    behind = following[0]
    sentence_end = _SENTENCE_END.search(gone[-1])
    if sentence_end and not _END.search(word) and behind[:1].isupper():
        return _PAUSE.sub("", word) + sentence_end[1]
    if word.endswith(","):
        is_needed = not goes_on(behind) and not _names_place(in_front, gone, behind)
        return word if is_needed or _is_in_list(following) else word.removesuffix(",")
    if gone[-1].endswith(",") and _needs_comma(word, behind):
        return f"{word},"
    return word


def _names_place(in_front: Sequence[str], gone: Sequence[str], behind: str) -> bool:
    """Tell whether a name between two commas goes, and both with it: "Ia ke Kediri, {Jawa Timur,} untuk berobat".

    Both stay behind a phrase that opens the sentence, or something else with a comma, which they may belong to:
    "Di Kediri, {Jawa Timur,} polisi ...", "Budi, warga Kediri, {Jawa Timur,} tadi ...".
    """
    is_name = gone[-1].endswith(",") and all(word[:1].isupper() for word in gone)
    has_comma = any(word.endswith(",") for word in in_front[:-1])
    return is_name and not has_comma and not opens_part(in_front[0]) and not behind[:1].isupper()


def _is_in_list(words: Sequence[str]) -> bool:
    """Tell whether words begin within a list: "beras, gula dan garam"."""
    if words[0].endswith(","):
        return True
    return any(re.sub(r"\W", "", word) in _LIST_LINKS for word in words[1 : 1 + _LIST_REACH])


def _needs_comma(word: str, behind: str) -> bool:
    """Tell whether the comma at the end of what goes is needed between the words on both sides of it."""
    has_mark = bool(_PAUSE.search(word.rstrip('"”’)'))) or word.endswith((".", "(", "“"))
    if has_mark or links(word) or goes_on(word):
        return False
    return not goes_on(behind) and not links(behind)


def _end_sentence(word: str, last: str) -> str:
    """Return the last word that stays with the mark that ended the sentence behind its last word; else a full stop."""
    end = _END.search(last)
    mark = re.sub(r"[^.!?…]", "", end[0]) if end else "."
    bare = _PAUSE.sub("", word)
    quotation_mark = re.search(r",([\"”])$", bare)
    if quotation_mark:
        return bare[: quotation_mark.start()] + mark + quotation_mark[1]
    return bare + mark


def _open_apposition(words: list[str]) -> None:
    """Take the comma from behind a name in front of which its title went: "{Bupati,} Sari, membuka ..."."""
    for place, (word, behind) in enumerate(pairwise(words)):
        if not word[:1].isupper() and word != ",":
            # Not the name that follows a title: "{Berkat tiga poin,} tim itu memuncaki klasemen, menggeser ...".
            return
        if word.endswith(","):
            if goes_on(behind) and behind != "yang":
                words[place] = word.removesuffix(",")
            return


def _capitalise(text: str) -> str:
    """Return a text with a capital; a first word that has one anywhere stays as it is, such as "iPhone"."""
    first_letter = re.search(r"[^\W_]", text)
    if first_letter is None:
        return text
    start = first_letter.start()
    first_word = text[start:].split(" ", 1)[0]
    if any(letter.isupper() for letter in first_word):
        return text
    return text[:start] + text[start].upper() + text[start + 1 :]
