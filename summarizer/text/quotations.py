"""Cut quotations of several sentences, so that each of these can be translated alone, and put them together again.

Small models drop sentences when they are given several at a time, and Indonesian news quotes several at a time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from summarizer.text.sentences import split_sentences

_STRAIGHT = '"'
_OPENING = "“"
_CLOSING = "”"
_MARKS = (_STRAIGHT, _OPENING, _CLOSING)
_WITHOUT_MARKS = dict.fromkeys(map(ord, _MARKS))


@dataclass(frozen=True)
class QuotationPart:
    """A sentence of a quotation, with the words around it, and whether marks were put at its beginning and end."""

    text: str
    opened: bool = False
    closed: bool = False


def cut_quotations(sentence: str) -> list[QuotationPart]:
    """Cut what `split_sentences` keeps in one piece behind each sentence that ends inside of a quotation.

    Words that end or begin in the middle of a quotation get its mark there; what is all quotation gets none. What can't
    be cut, as it has no quotation or marks without partners, is one part.
    """
    first = next((character for character in sentence if character in _MARKS), "")
    opening, closing = (_STRAIGHT, _STRAIGHT) if first == _STRAIGHT else (_OPENING, _CLOSING)
    marks = [character for character in sentence if character in (opening, closing)]
    if not marks or marks != [opening, closing] * (len(marks) // 2):
        return [QuotationPart(sentence)]
    inside = _find_inside(sentence, (opening, closing))
    # What begins with a mark begins outside of the quotation that it opens.
    ends = [end for end in _ends(sentence) if inside[end] and sentence[end - 1] not in _MARKS]
    cuts = [0, *ends, len(sentence)]
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
    """Tell of the place in front of each character, and of the end, whether it lies between two marks of a pair."""
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
    closed = [place for place, part in enumerate(parts) if part.closed]
    opened = [place for place, part in enumerate(parts) if part.opened]
    for first, last in zip(closed, opened, strict=True):
        if texts[first].endswith((_STRAIGHT, _CLOSING)) and texts[last].startswith((_STRAIGHT, _OPENING)):
            texts[first] = texts[first][:-1].rstrip()
            texts[last] = texts[last][1:].lstrip()
        else:
            for place in range(first + 1, last):
                if texts[place]:
                    texts[place] = f'"{texts[place]}"'
    return " ".join(text for text in texts if text)


def _ends(sentence: str) -> Iterator[int]:
    """Find where the next sentence begins, all marks left out: inside of them, `split_sentences` looks for no end."""
    kept = [place for place, character in enumerate(sentence) if character not in _MARKS]
    bare = sentence.translate(_WITHOUT_MARKS)
    at = 0
    for number, piece in enumerate(split_sentences(bare)):
        start = bare.find(piece, at)
        if start < 0:
            # White space that it made one.
            return
        if number:
            yield kept[start]
        at = start + len(piece)
