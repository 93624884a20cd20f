"""Check that a text says nothing that its source doesn't: its numbers and its names.

The check compares forms, not meanings: a number or a name that stands in the source in the wrong place passes.
"""

from __future__ import annotations

import re
from typing import Literal

from summarizer.sentences import split_sentences

_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_LONGER = 4
_THOUSANDS = {"id": re.compile(r"(?<=\d)\.(?=\d{3}(?!\d))"), "en": re.compile(r"(?<=\d),(?=\d{3}(?!\d))")}

Language = Literal["id", "en"]


def numbers(text: str, language: Language) -> dict[str, str]:
    """Find the numbers in a text.

    Args:
        text: any text.
        language: how numbers are written in it: ``id`` ("1.250,5", "19.30") or ``en`` ("1,250.5", "19:30").

    Returns:
        The numbers in the order of the text: a form that both languages share ("1250.5", "19.30"), and the number as
        it is written first. Number words ("dua puluh") are not looked at.
    """
    found: dict[str, str] = {}
    for written in _NUMBER.findall(text):
        shared = _THOUSANDS[language].sub("", written).replace(":", ".")
        found.setdefault(shared.replace(",", ".") if language == "id" else shared, written)
    return found


def names(text: str) -> list[str]:
    """Return the words of a text that are written like names: with a capital that no sentence start explains."""
    found: list[str] = []
    for sentence in split_sentences(text):
        for place, match in enumerate(_WORD.finditer(sentence)):
            word = match.group()
            inner_capital = any(letter.isupper() for letter in word[1:])
            if word[0].isupper() and (place > 0 or inner_capital):
                found.append(word)
    return found


def unsupported(text: str, source: str) -> list[str]:
    """Return the numbers and names of a text that its source doesn't hold.

    Args:
        text: an Indonesian text, such as an abstract.
        source: the article that it was written from.

    Returns:
        Each such number or name once, as the text writes it, in the order of the text.
    """
    held_numbers = numbers(source, "id")
    held_words = {match.group().casefold() for match in _WORD.finditer(source)}
    wrong = [written for shared, written in numbers(text, "id").items() if shared not in held_numbers]
    wrong += [name for name in names(text) if name.casefold() not in held_words]
    return list(dict.fromkeys(wrong))


def support(sentence: str, source: str) -> float:
    """Return the share of a sentence's longer words (four letters and more) that the source holds, from 0 to 1.

    A sentence without longer words has full support.
    """
    held = {match.group().casefold() for match in _WORD.finditer(source)}
    words = [match.group().casefold() for match in _WORD.finditer(sentence) if len(match.group()) >= _LONGER]
    return sum(word in held for word in words) / len(words) if words else 1.0


def changed_numbers(source: str, translation: str) -> list[str]:
    """Return the numbers that stand in only one of an Indonesian text and its English translation.

    Returns:
        Each such number once, as it is written, those of the source first.
    """
    there, here = numbers(source, "id"), numbers(translation, "en")
    lost = [written for shared, written in there.items() if shared not in here]
    new = [written for shared, written in here.items() if shared not in there]
    return list(dict.fromkeys(lost + new))
