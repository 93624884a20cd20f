"""Mend what is wrong with a translation on its surface, whatever it says: doubled words, lost capitals, marks."""

from __future__ import annotations

import re

# Words that English never has twice in a row; "had had", "that that" and names ("Duran Duran") it may have.
_NEVER_DOUBLED = (
    "the|a|an|of|to|and|or|for|from|with|by|at|as|into|was|were|is|are|be|been|has|said|also|which|who|their|his|its"
)
_DOUBLED = re.compile(rf"(?<![\w'’-])({_NEVER_DOUBLED}) (?i:\1)(?![\w'’.-])", re.IGNORECASE)
_SAME_BRACKETS = re.compile(r"(\([^()]{1,60}\))(?:\s*\1)+")
_ORDINAL_LEFT = re.compile(r"(?<![\w-])[Kk]e-(\d{1,4})(?![\w-]|[.,]\d)")
_ORDINAL = re.compile(r"(?<![\w.,-])(\d{1,4})(?:st|nd|rd|th)(?![\w-])")
_SAME_MARKS = re.compile(r"([,;:])(?:\s*\1)+(?=\s|$)")
_DOUBLE_PERCENT = re.compile(r"(\d%) per ?cent\b")
_DOUBLE_RUPIAH = re.compile(r"\b(Rp ?\d[\d.,]*(?: (?:thousand|million|billion|trillion))?) rupiah\b", re.IGNORECASE)
_DOUBLE_DOLLARS = re.compile(r"(\$ ?\d[\d.,]*(?: (?:thousand|million|billion|trillion))?) (?:US )?dollars\b")
# Within a sentence, a capital letter alone is a name ("vitamin A"). "One" and "Europe" begin with a consonant; what is
# all capitals is spelt out, so that its letters don't tell.
_WRONG_A = re.compile(r"((?:^|(?<=^[“\"‘'(]))A|(?<![\w'’.-])a) (?=(?:[aeiAEI](?!u|we)|[oO](?!ne|nce|ui))[a-z]{2,})")
_WRONG_AN = re.compile(r"(?<![\w'’.-])([Aa])n (?=[bcdfgjklmnpqrstvwzBCDFGJKLMNPQRSTVWZ][a-z]{2,})")
_LAST_MARK = re.compile(r"[.!?…:;,]+[”\"’')\]]*$")
_LAST_STOP = re.compile(r"(?<=[^\W_]{2})\.$")
# Words whose full stop is their own.
_WITH_STOP = re.compile(r"(?:^|\W)(?:Inc|Ltd|Co|Corp|Jr|Sr|St|No|etc|Tbk|\w\.\w)\.$", re.IGNORECASE)
_SMALL_START = re.compile(r"^[“\"‘'(]*(?P<word>[a-z][a-z'’-]*)(?![\w.@/])")
_LARGE_START = re.compile(r"^[“\"‘'(]*[A-Z]")


def fix_surface(source: str, translation: str) -> str:
    """Return a translation without faults that no translation should have, whatever its source says.

    Words, brackets, marks and units that stand there twice in a row stand there once; ordinals have their English form
    ("ke-3", "3th": "3rd"), "a" and "an" are told apart by the letter behind them, the first word has the capital that
    the source has there, and the text ends in a full stop if, and only if, the source does.

    Args:
        source: Indonesian, on one line.
        translation: its English.
    """
    text = translation
    if not _DOUBLED.search(source):
        text = _DOUBLED.sub(r"\1", text)
    if not _SAME_BRACKETS.search(source):
        text = _SAME_BRACKETS.sub(r"\1", text)
    if not _SAME_MARKS.search(source):
        text = _SAME_MARKS.sub(r"\1", text)
    text = _DOUBLE_PERCENT.sub(r"\1", text)
    text = _DOUBLE_RUPIAH.sub(r"\1", text)
    text = _DOUBLE_DOLLARS.sub(r"\1", text)
    text = _ORDINAL_LEFT.sub(_ordinal, text)
    text = _ORDINAL.sub(_ordinal, text)
    text = _WRONG_A.sub(r"\1n ", text)
    text = _WRONG_AN.sub(r"\1 ", text)
    return _fix_end(source, _fix_start(source, text))


def _ordinal(match: re.Match[str]) -> str:
    """Return the ordinal of group 1 in English: "3rd", "11th"."""
    digits = match[1]
    is_teen = digits[-2:] in ("11", "12", "13")
    ending = "th" if is_teen else {"1": "st", "2": "nd", "3": "rd"}.get(digits[-1], "th")
    return digits + ending


def _fix_start(source: str, text: str) -> str:
    """Give the first word the capital that the source begins with; "iPhone" has one of its own."""
    start = _SMALL_START.match(text)
    if start is None or not _LARGE_START.match(source):
        return text
    place = start.start("word")
    return text[:place] + text[place].upper() + text[place + 1 :]


def _fix_end(source: str, text: str) -> str:
    """Take the last full stop away where the source, such as a headline, ends in no mark, and add one that it has."""
    source = source.rstrip()
    has_stop = _LAST_STOP.search(text) is not None and not _WITH_STOP.search(text)
    if has_stop and source and not _LAST_MARK.search(source):
        return text[:-1]
    if _LAST_STOP.search(source) and text and text[-1].isalnum():
        return f"{text}."
    return text
