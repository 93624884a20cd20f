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
    """Return where the headline after "Baca juga:" that begins at ``start`` ends; None where that can't be told.

    Args:
        paragraph: that holds the headline.
        start: the headline's first character in it.
        text: the page, or enough of it to know its names.
        has_colon: whether a colon announces the headline.

    Returns:
        the place in the paragraph of the character behind the headline; ``start`` itself where there is no headline.
    """
    behind = paragraph[start : start + _REACH]
    if not has_colon and _begins_no_headline(behind):
        return start
    next_teaser = _NEXT_TEASER.search(behind)
    is_before_teaser = next_teaser is not None
    # What is looked at ends before another teaser.
    window = behind[: next_teaser.start()] if next_teaser else behind
    reaches_end = is_before_teaser or start + len(window) >= len(paragraph)
    length = _headline_length(window, text, reaches_end=reaches_end, is_before_teaser=is_before_teaser)
    return None if length is None else start + length


def _headline_length(window: str, text: str, *, reaches_end: bool, is_before_teaser: bool) -> int | None:
    """Return how many characters the headline at the beginning of a text has; None where that can't be told.

    The surest sign comes first: a sentence that is glued to the headline, then an end of the text with no sentence in
    front of it, and at last a word that begins a sentence.

    Args:
        window: the text, up to the next teaser, if one follows.
        text: the page, or enough of it to know its names.
        reaches_end: whether the paragraph, or what stands in it before the next teaser, ends with the window.
        is_before_teaser: whether another teaser follows.
    """
    starts_of_words = [match.start() for match in re.finditer(r"\S+", window)]
    is_long = len(starts_of_words) > _MAX_WORDS
    longest_headline = window[: starts_of_words[_MAX_WORDS]] if is_long else window
    glued_sentence = _glued_sentence(window, longest_headline)
    if glued_sentence is not None:
        return glued_sentence
    first_word = sentence_start(window.split(), text)
    sentence = None if first_word is None else starts_of_words[first_word]
    may_be_all_headline = reaches_end and not is_long and not _holds_sentence(window, is_before_teaser=is_before_teaser)
    if may_be_all_headline and not _ends_with_sentence(window, sentence):
        return len(window)
    return sentence


def _begins_no_headline(behind: str) -> bool:
    """Tell whether what stands behind "Baca juga" without a colon is nothing, or a sentence."""
    return not behind.strip() or reads_as_sentence(behind.lstrip())


def _glued_sentence(window: str, longest_headline: str) -> int | None:
    """Return where a sentence begins that is glued to a headline, which ends it for certain; None where none is.

    Args:
        window: the text from the headline's first character on.
        longest_headline: its beginning, in which the headline must end.
    """
    for boundary in _boundaries(longest_headline):
        if reads_as_sentence(window[boundary:].lstrip()):
            return boundary
    return None


def _holds_sentence(window: str, *, is_before_teaser: bool) -> bool:
    """Tell whether text holds a sentence, but for a full stop at its end, which a headline may have.

    In front of another teaser, a headline may be a question as well.
    """
    end_marks = " .?!" if is_before_teaser else " ."
    return has_sentence(window.rstrip(end_marks))


def _ends_with_sentence(window: str, start: int | None) -> bool:
    """Tell whether what begins at a place, if any, is a short sentence: few headlines have a full stop."""
    return start is not None and window.rstrip().endswith(".") and reads_as_sentence(window[start:])


def _boundaries(window: str) -> Iterator[int]:
    """Yield where pieces are glued to each other, but for the beginnings of further headlines."""
    glued = [match.end() for match in _GLUE.finditer(window)]
    for start, end in pairwise([*glued, len(window)]):
        if end == len(window) or not is_title_case(window[start:end].split()):
            yield start


def sentence_start(words: Sequence[str], text: str, *, fewest: int = _MIN_WORDS) -> int | None:
    """Return the place of the word that begins a sentence after a headline that has no mark at its end.

    In title case, it is the first word in lower case, with the capitalised words in front of it that the page names
    elsewhere ("... Elham Yahya | Dede Yusuf mengatakan"). In sentence case, only a word that starts sentences, or a
    quotation mark, tells.

    Args:
        words: of the headline and what follows it.
        text: the page, or enough of it to know its names.
        fewest: words that the headline has at least.

    Returns:
        the place; None where it can't be told.
    """
    # The first word of a headline tells nothing.
    lower = min(1, fewest)
    while lower < len(words) and not is_lower(words[lower]):
        lower += 1
    if lower == 0 or lower > _MAX_WORDS:
        return None
    if lower < fewest:
        return _first_starter(words[:_MAX_WORDS], fewest)
    return _subject_start(words, lower, text, fewest)


def _first_starter(words: Sequence[str], start: int) -> int | None:
    """Return the place of the first word, from ``start`` on, that a sentence begins with."""
    for place in range(start, len(words)):
        if _starts_sentence(words[place]):
            return place
    return None


def _starts_sentence(word: str) -> bool:
    return word in word_list("sentence_starters") or word[0] in '“"'


def _subject_start(words: Sequence[str], lower: int, text: str, fewest: int) -> int:
    """Return the place of the word that begins the sentence in which the word at ``lower`` is the first in lower case.

    The other arguments are those of `sentence_start`.
    """
    first = lower - 1
    while first >= max(1, fewest) and words[first - 1][:1].isupper():
        first -= 1
    # Where a name of several words may begin.
    names = [place for place in range(first, lower - 1) if text.count(" ".join(words[place:lower])) > 1]
    for place in range(first, lower):
        # A headline in title case has such words too: "... Setelah Geger Elham Yahya | Dede Yusuf mengatakan".
        stands_before_name = not names or names[0] <= place + 1
        if place in names or (_starts_sentence(words[place]) and stands_before_name):
            return place
    # "... Mulai Hari Ini | Sementara itu di tingkat"
    while lower > fewest + 1 and not words[lower - 1][:1].isupper():
        lower -= 1
    return lower - 1
