"""Shapes of lines: what can be told of a line without knowing its words."""

from __future__ import annotations

import re

from summarizer.extraction.rules import BULLET, word_list

# An item of a list, a row of a timetable.
_NUMBERED = re.compile(r"\d{1,2}[.)]\s|\d{1,2}[.:]\d{2}\b")
_DIGIT = re.compile(r"\d")
_SENTENCE_END = re.compile(r"[.…][\"'”’)\]]*$")
_RUNNING = re.compile(r"[.!?…][\"'”’)\]]*(?:\s|$)")
_HEADLINE_WORDS, _RUN_WORDS, _ROW_WORDS = 22, 5, 10


def has_sentence(text: str) -> bool:
    """Tell whether a sentence ends somewhere in a text."""
    return bool(_RUNNING.search(text))


def is_running(text: str) -> bool:
    """Tell whether a paragraph is running text: a finished sentence of more than a few words."""
    return len(text.split(None, 7)) > 7 and has_sentence(text)


def is_list_item(paragraph: str) -> bool:
    """Tell whether a line has the shape of a headline or a label, rather than of a sentence."""
    text = BULLET.sub("", paragraph, count=1)
    words = text.split(None, _HEADLINE_WORDS)
    if len(words) > _HEADLINE_WORDS or _SENTENCE_END.search(text) or text.endswith(":"):
        return False
    return not text.endswith("?") or len(words) < _RUN_WORDS or not reads_as_sentence(text)


def is_headline(paragraph: str) -> bool:
    """Tell whether a line, with nothing around it to go by, can only be a headline: title case, no full stop."""
    if _NUMBERED.match(paragraph) or not is_list_item(paragraph):
        return False
    words = BULLET.sub("", paragraph, count=1).split()
    return len(words) >= _RUN_WORDS and "(" not in paragraph and _is_title_case(words)


def is_row(line: str) -> bool:
    """Tell whether a line without a sentence has the shape of a row of a table, rather than of a headline."""
    return bool(_DIGIT.search(line)) and len(line.split(None, _ROW_WORDS)) <= _ROW_WORDS and not is_headline(line)


def _is_title_case(words: list[str]) -> bool:
    telling = [word for word in words if word[:1].isalpha() and word.casefold() not in word_list("small_words")]
    return len(telling) >= 3 and sum(word[0].isupper() for word in telling) >= 0.9 * len(telling)


def is_lower(word: str) -> bool:
    """Tell whether a word shows that a sentence is running, as title case would have capitalised it."""
    return word[:1].islower() and word.strip(",;:").casefold() not in word_list("small_words")


def reads_as_sentence(text: str) -> bool:
    """Tell whether a text begins like a sentence rather than like a headline in title case."""
    if text[:1] in '“"':
        return True
    return sum(is_lower(word) for word in text.split(None, 12)[:12]) >= 2
