"""Mend what pages and datelines leave in a sentence of an abstract."""

from __future__ import annotations

import re

from summarizer.extraction.datelines import cut_dateline
from summarizer.extraction.lost_spaces import restore_lost_spaces
from summarizer.lexicon import WordClass, correct_spelling
from summarizer.text.words import common_words, fold

_DAY = r"(?:Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu)"
# "Dikutip dari Antara, Senin (3/2), ...": where a site has read it.
_QUOTED_FROM = re.compile(
    r"(?:Seperti )?(?:dikutip|dilansir|melansir|mengutip|disitat|menyitat|dinukil|menukil|diberitakan)\b[^,“\"]*"
    rf"(?:,\s*(?:\w+ )?\(\d[\d/ ]*\)|,\s*{_DAY}(?: \([\d/ ]+\))?)*,\s+"
    # When it was read is no date of what was read.
    rf"(?:{_DAY} \(\d[\d/ ]*\),?\s+)?",
    re.IGNORECASE,
)
_STRAY_DASH = re.compile(r"^\W*[-–—]+\s*(?=\w|[\"“‘'(])")
_LOOSE_DATE = re.compile(r"\((\d{1,2}) ?/ ?(\d{1,2})(?: ?/ ?(\d{2,4}))?\)")
_LOOSE_MARK = re.compile(r"(?<=[\w)”\"]) +(?=[,;:!?](?:\s|$)|\.(?:\s|$))")
_LOOSE_BRACKET = re.compile(r"(?<=\() +| +(?=\))")
_SPACES = re.compile(r"\s+")
# Words in capitals, two in a row, or one that opens the sentence.
_SHOUTED = re.compile(r"(?<![\w.(])[A-Z]{3,}(?:[ -][A-Z]{3,})+(?![\w.])|^[A-Z]{5,}(?= )")
# What is left without a credit must have so many words: what is shorter is hardly a sentence.
_FEWEST_WORDS = 4


def tidy(sentence: str) -> str:
    """Return a sentence without its dateline, stray marks and spaces.

    Words that are glued together are taken apart (see `restore_lost_spaces`; the lexicon knows some more). Common words
    in capitals get small letters. No letter is added or lost.
    """
    text = _SPACES.sub(" ", cut_dateline(sentence)).strip()
    text = _STRAY_DASH.sub("", text)
    # Before what stands behind a bracket is taken apart from what stands in front of it: "mata( Bali".
    text = _LOOSE_BRACKET.sub("", text)
    # An article that `clean` made has its spaces; one that a program put together may lack them.
    text = restore_lost_spaces([text])[0]
    text = correct_spelling(text, (WordClass.GLUED,))
    # A second one; and only where words are apart does a dateline show that has lost its dash.
    text = cut_dateline(text)
    text = _LOOSE_DATE.sub(_date, text)
    text = _LOOSE_MARK.sub("", text)
    return _SHOUTED.sub(_lower, text)


def drop_credit(sentence: str) -> str:
    """Return a sentence without what opens it and says where a site has read it: "Dikutip dari Antara, ..."."""
    credit = _QUOTED_FROM.match(sentence)
    if credit is None:
        return sentence
    rest = sentence[credit.end() :]
    if len(rest.split()) < _FEWEST_WORDS:
        return sentence
    if _starts_with_word(rest):
        return rest[:1].upper() + rest[1:]
    return rest


def _date(match: re.Match[str]) -> str:
    """Return a date in brackets without the spaces in it, with or without a year."""
    parts = [part for part in match.groups() if part]
    return f"({'/'.join(parts)})"


def _lower(match: re.Match[str]) -> str:
    """Return words in capitals in small letters, but for what begins the sentence, if all are common words."""
    text = match[0]
    are_common = all(fold(word) in common_words("id") for word in text.split(" "))
    if not are_common:
        return text
    opens_sentence = match.start() == 0
    return text.capitalize() if opens_sentence else text.lower()


def _starts_with_word(text: str) -> bool:
    first = text.split(" ", 1)[0]
    return first.isalpha() and first.islower()
