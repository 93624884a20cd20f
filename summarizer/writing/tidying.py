"""Mend what pages and datelines leave in a sentence of an abstract."""

from __future__ import annotations

import re
from functools import cache

from summarizer.checks.wordlists import word_list
from summarizer.extraction.datelines import cut_dateline
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
# A small letter and a capital, or a mark between two words, without a space.
_SEAM = re.compile(
    r"(?<=[a-z])(?=[A-Z][a-z])|(?<=[a-z]{2}[,;])(?=[^\W\d_])|(?<=\))(?=[^\W\d_]{2})|(?<=[a-z]{2})(?=\([A-Z])"
)
_WORD = re.compile(r"[^\W\d_]+")
# Words in capitals, two in a row, or one that opens the sentence.
_SHOUTED = re.compile(r"(?<![\w.(])[A-Z]{3,}(?:[ -][A-Z]{3,})+(?![\w.])|^[A-Z]{5,}(?= )")
# Where one seam shows that words were glued, another one may hide behind a name: "keinginanIranuntuk".
_HIDDEN = re.compile(r"([A-Z][a-z]{3,}?)(untuk|yang|dengan|pada|dari|akan|telah|dalam|oleh|saat|menjadi|dan|di)")
# In letters: a word in front of a seam has as many; shorter pieces are too often parts of names.
_SHORTEST_PIECE = 3
# The same of the words on both sides of a seam, where the first one begins with a capital.
_LONGER = 5
# What is left without a credit must have so many words: what is shorter is hardly a sentence.
_FEWEST_WORDS = 4


def tidy(sentence: str) -> str:
    """Return a sentence without its dateline, stray marks and spaces.

    Words that are glued together are taken apart where a capital or a mark stands in the middle, and what is in front
    of it, or behind it, is a word of Indonesian, and where the lexicon knows them. Common words in capitals get
    small letters. No letter is added or lost.
    """
    text = _SPACES.sub(" ", cut_dateline(sentence)).strip()
    text = _STRAY_DASH.sub("", text)
    text = " ".join(_take_apart(word) for word in text.split(" "))
    text = correct_spelling(text, (WordClass.GLUED,))
    # A second one; and only where words are apart does a dateline show that has lost its dash.
    text = cut_dateline(text)
    text = _LOOSE_DATE.sub(_date, text)
    text = _LOOSE_BRACKET.sub("", _LOOSE_MARK.sub("", text))
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


def _take_apart(word: str) -> str:
    """Put a space between words that were glued together."""
    seam = _SEAM.search(word)
    is_address = "." in word[:-1] or "@" in word or "/" in word
    if seam is None or is_address:
        return word
    left = word[: seam.start()]
    right = word[seam.start() :]
    if not _is_glued(left, right):
        return word
    hidden = _HIDDEN.fullmatch(right)
    if hidden and _bare(right) not in _known_words():
        return f"{left} {hidden[1]} {hidden[2]}"
    return f"{left} {_take_apart(right)}"


def _is_glued(left: str, right: str) -> bool:
    """Tell whether what stands on the two sides of a seam are words of their own."""
    left_word = _bare(left)
    right_word = _bare(right)
    if not left[-1:].isalpha():
        # A mark parts them: "katanya,Senin".
        return left_word != ""
    if left[:1].islower():
        # "pesawatSaudia"; but "iPhone", and "detikOto", which is a name.
        is_long = len(left_word) >= _SHORTEST_PIECE or left_word in ("di", "ke")
        return is_long and left_word in _known_words() and left_word != "detik"
    # "JakartaProgram"; but "PlayStation".
    are_long = len(left_word) >= _LONGER and len(right_word) >= _LONGER
    return are_long and right_word in _known_words()


def _bare(text: str) -> str:
    """Return the letters of a text, in `fold` form."""
    return fold("".join(_WORD.findall(text)))


@cache
def _known_words() -> frozenset[str]:
    """Return words of Indonesian that may stand at a seam, in `fold` form."""
    return common_words("id") | word_list("untranslated") | word_list("function")


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
