"""Where a headline that has no mark at its end stops, and the sentence after it begins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from summarizer.extraction.blocks import has_sentence, is_lower, is_title_case, reads_as_sentence
from summarizer.extraction.rules import word_list

# Fewest and most words of the headline after "Baca juga:", and how far behind it its end is looked for, in characters.
_MIN_WORDS = 4
_MAX_WORDS = 30
_REACH = 600
_OPENS = re.compile(r"(?:^|[.!?…:\"”’)])\s*$")
# Where two pieces of text were glued together as their markup was dropped: "BerakhirPolisi", "RKRano".
_GLUE = re.compile(
    r"(?<=[a-z0-9?!+)])(?=[A-Z“\"])|(?<=\S[\"”’])(?=[A-Z“\"])|(?<=[A-Z]{2})(?=[A-Z][a-z])|(?<=[?!])\s+(?=[A-Z“\"])"
)
_NEXT_TEASER = re.compile(r"\s(?:Baca|Simak|Lihat|Tonton|Video|Foto|Infografis)(?: [Jj]uga)?\s?:\s")


def opens_teaser(paragraph: str, start: int) -> bool:
    """Tell whether a sentence is over where a teaser begins, so that it can't be prose."""
    return bool(_OPENS.search(paragraph[max(0, start - 5) : start]))


def teaser_end(paragraph: str, start: int, text: str, *, has_colon: bool) -> int | None:
    """Return where the headline after "Baca juga:" that begins at ``start`` ends; None where that can't be told."""
    window = paragraph[start : start + _REACH]
    if not has_colon and (not window.strip() or reads_as_sentence(window.lstrip())):
        return start
    another = _NEXT_TEASER.search(window)
    if another:
        window = window[: another.start()]
    words = list(re.finditer(r"\S+", window))
    cut_short = start + len(window) < len(paragraph) and not another
    # A full stop or a glued sentence ends the headline for certain.
    for boundary in _boundaries(window[: words[_MAX_WORDS].start()] if len(words) > _MAX_WORDS else window):
        if reads_as_sentence(window[boundary:].lstrip()):
            return start + boundary
    end = sentence_start([word.group() for word in words], text)
    headline = window.rstrip(" .?!" if another else " .")
    if len(words) <= _MAX_WORDS and not cut_short and not has_sentence(headline):
        # A short sentence may follow: few headlines have a full stop.
        is_sentence = end and window.rstrip().endswith(".") and reads_as_sentence(window[words[end].start() :])
        return start + (words[end].start() if end and is_sentence else len(window))
    return start + words[end].start() if end else None


def _boundaries(window: str) -> Iterator[int]:
    """Yield where pieces are glued to each other, but for the beginnings of further headlines."""
    glued = [match.end() for match in _GLUE.finditer(window)]
    for start, end in pairwise([*glued, len(window)]):
        if end == len(window) or not is_title_case(window[start:end].split()):
            yield start


def sentence_start(words: Sequence[str], text: str, *, fewest: int = _MIN_WORDS) -> int | None:
    """Return which word begins a sentence after a headline that has no mark at its end; None where it can't be told.

    The headline has at least the fewest words; ``text`` is the page, or enough of it to know its names.

    In title case, it is the first word in lower case, with the capitalised words in front of it that the page names
    elsewhere ("... Elham Yahya | Dede Yusuf mengatakan"). In sentence case, only a word that starts sentences, or a
    quotation mark, tells.
    """

    def starts(at: int) -> bool:
        return words[at] in word_list("sentence_starters") or words[at][0] in '“"'

    # The first word of a headline tells nothing.
    lower = min(1, fewest)
    while lower < len(words) and not is_lower(words[lower]):
        lower += 1
    if lower == 0 or lower > _MAX_WORDS:
        return None
    if lower < fewest:
        for at in range(fewest, min(len(words), _MAX_WORDS)):
            if starts(at):
                return at
        return None
    first = lower - 1
    while first >= max(1, fewest) and words[first - 1][:1].isupper():
        first -= 1
    names = [at for at in range(first, lower - 1) if text.count(" ".join(words[at:lower])) > 1]
    for at in range(first, lower):
        # A headline in title case has such words too: "... Setelah Geger Elham Yahya | Dede Yusuf mengatakan".
        if at in names or (starts(at) and (not names or names[0] <= at + 1)):
            return at
    # "... Mulai Hari Ini | Sementara itu di tingkat"
    while lower > fewest + 1 and not words[lower - 1][:1].isupper():
        lower -= 1
    return lower - 1
