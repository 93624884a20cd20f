"""Cut quotations of several sentences, so that each of these can be translated alone, and put them together again.

Small models drop sentences when they are given several at a time, and Indonesian news quotes several at a time.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from summarizer.text.sentences import split_sentences

_STRAIGHT = '"'
_OPENING = "“"
_CLOSING = "”"
_MARKS = (_STRAIGHT, _OPENING, _CLOSING)
_ANY_MARK = re.compile(f"[{''.join(_MARKS)}]")


@dataclass(frozen=True)
class QuotationPart:
    """A sentence of a quotation, with the words around it.

    Attributes:
        text: the sentence, with the marks that were put around it.
        opened: whether a mark was put at its beginning.
        closed: whether one was put at its end.
    """

    text: str
    opened: bool = False
    closed: bool = False


def cut_quotations(sentence: str) -> list[QuotationPart]:
    """Cut what `split_sentences` keeps in one piece behind each sentence that ends inside of a quotation.

    Words that end or begin in the middle of a quotation get its mark there; what is all quotation gets none. What can't
    be cut, as it has no quotation or marks without partners, is one part.
    """
    marks = "".join(_ANY_MARK.findall(sentence))
    opening = _OPENING
    closing = _CLOSING
    if marks.startswith(_STRAIGHT):
        opening = _STRAIGHT
        closing = _STRAIGHT
    # Of the other kind, marks may be within the quotation.
    marks_of_kind = "".join(mark for mark in marks if mark in (opening, closing))
    pairs = len(marks_of_kind) // 2
    if not marks_of_kind or marks_of_kind != (opening + closing) * pairs:
        return [QuotationPart(sentence)]
    inside = _find_inside(sentence, (opening, closing))
    cuts = [0]
    for end in _ends(sentence):
        # What begins with a mark begins outside of the quotation that it opens.
        if inside[end] and sentence[end - 1] not in _MARKS:
            cuts.append(end)
    cuts.append(len(sentence))
    parts = []
    for start, end in pairwise(cuts):
        text = sentence[start:end].strip()
        # Between marks of others, one without a partner would be taken for theirs.
        has_marks = opening in text or closing in text
        opened = has_marks and inside[start]
        closed = has_marks and inside[end]
        if opened:
            text = opening + text
        if closed:
            text = text + closing
        parts.append(QuotationPart(text, opened, closed))
    return parts


def _find_inside(sentence: str, marks: Collection[str]) -> list[bool]:
    """Tell of the place in front of each character, and last of the end, whether it lies between two marks of a pair.

    A mark that opens a pair stands outside of it, and one that closes it inside.
    """
    inside = [False]
    for character in sentence:
        is_mark = character in marks
        inside.append(inside[-1] != is_mark)
    return inside


def join_quotations(parts: Sequence[QuotationPart], translations: Sequence[str]) -> str:
    """Put the translations of the parts of a sentence together, without the marks that were put around the parts.

    There is a translation for each part, as `cut_quotations` returned them; "" for what wasn't translated.
    """
    texts = list(translations)
    # A quotation goes on from a part with a mark put at its end to the next part with one put at its beginning; those
    # between the two are all quotation.
    closed: list[int] = []
    opened: list[int] = []
    for place, part in enumerate(parts):
        if part.opened:
            opened.append(place)
        if part.closed:
            closed.append(place)
    for first, last in zip(closed, opened, strict=True):
        keeps_closing = texts[first].endswith((_STRAIGHT, _CLOSING))
        keeps_opening = texts[last].startswith((_STRAIGHT, _OPENING))
        if keeps_closing and keeps_opening:
            texts[first] = texts[first][:-1].rstrip()
            texts[last] = texts[last][1:].lstrip()
            continue
        # The marks around these two stay, so those between need their own.
        for place in range(first + 1, last):
            if texts[place]:
                texts[place] = f'"{texts[place]}"'
    return " ".join(filter(None, texts))


def _ends(sentence: str) -> Iterator[int]:
    """Find where the next sentence begins, all marks left out: inside of them, `split_sentences` looks for no end."""
    bare = _ANY_MARK.sub("", sentence)
    # The place in the sentence of each character without the marks.
    places = [place for place, character in enumerate(sentence) if character not in _MARKS]
    end = 0
    for number, piece in enumerate(split_sentences(bare)):
        start = bare.find(piece, end)
        if start < 0:
            # It has made other white space of what stands there.
            return
        if number > 0:
            yield places[start]
        end = start + len(piece)
