"""Cut quotations of several sentences, so that each of these can be translated alone, and put them together again.

Small models drop sentences when they are given several at a time, and Indonesian news quotes several at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from operator import xor

from summarizer.text.sentences import split_sentences

_STRAIGHT, _OPENING, _CLOSING = '"', "“", "”"
_MARKS = (_STRAIGHT, _OPENING, _CLOSING)
_WITHOUT_MARKS = dict.fromkeys(map(ord, _MARKS))


@dataclass(frozen=True)
class Part:
    """A sentence of a quotation, with the words around it, and whether marks were put at its beginning and end."""

    text: str
    opened: bool = False
    closed: bool = False


def cut_quotations(sentence: str) -> list[Part]:
    """Cut what `split_sentences` keeps in one piece behind each sentence that ends inside of a quotation.

    Words that end or begin in the middle of a quotation get its mark there; what is all quotation gets none.
    """
    first = next((character for character in sentence if character in _MARKS), "")
    opening, closing = (_STRAIGHT, _STRAIGHT) if first == _STRAIGHT else (_OPENING, _CLOSING)
    marks = [character for character in sentence if character in (opening, closing)]
    if not marks or marks != [opening, closing] * (len(marks) // 2):
        return [Part(sentence)]
    # Whether each place, the end too, lies between two of the marks.
    inside = list(accumulate((character in (opening, closing) for character in sentence), xor, initial=False))
    # What begins with a mark begins outside of the quotation that it opens.
    cuts = [0, *(cut for cut in _ends(sentence) if inside[cut] and sentence[cut - 1] not in _MARKS), len(sentence)]
    parts = []
    for start, end in pairwise(cuts):
        text = sentence[start:end].strip()
        # Between marks of others, one without a partner would be taken for theirs.
        has_marks = opening in text or closing in text
        opened, closed = has_marks and inside[start], has_marks and inside[end]
        parts.append(Part((opening if opened else "") + text + (closing if closed else ""), opened, closed))
    return parts


def join_quotations(parts: Sequence[Part], translations: Sequence[str]) -> str:
    """Put the translations of the parts of a sentence together, without the marks that were put around the parts."""
    texts = list(translations)
    closed = [place for place, part in enumerate(parts) if part.closed]
    opened = [place for place, part in enumerate(parts) if part.opened]
    for first, last in zip(closed, opened, strict=True):
        if texts[first].endswith((_STRAIGHT, _CLOSING)) and texts[last].startswith((_STRAIGHT, _OPENING)):
            texts[first], texts[last] = texts[first][:-1].rstrip(), texts[last][1:].lstrip()
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
