"""Check that a text says nothing that its source doesn't: its numbers and its names.

The check compares forms, not meanings: a number or a name that stands in the source in the wrong place passes.
"""

from __future__ import annotations

import re

from summarizer.sentences import split_sentences

_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_WORD = re.compile(r"[^\W\d_](?:[\w’'-]*\w)?")


def numbers(text: str) -> list[str]:
    """Return the numbers in a text in a form that the Indonesian and the English way of writing share.

    Separators are dropped ("1.250,5" and "1,250.5" are both "12505"), a clock's and a date's as well. Number words
    ("dua puluh") are not looked at.
    """
    return [re.sub(r"\D", "", found) for found in _NUMBER.findall(text)]


def names(text: str) -> list[str]:
    """Return the words of a text that are written like names: with a capital, and not only since they open a sentence."""
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
        text: a text in the language of the source, such as an abstract.
        source: the article that it was written from.

    Returns:
        Each such number or name once, as the text writes it, in the order of the text.
    """
    held_numbers = set(numbers(source))
    held_words = {match.group().casefold() for match in _WORD.finditer(source)}
    wrong = [found for found in _NUMBER.findall(text) if re.sub(r"\D", "", found) not in held_numbers]
    wrong += [name for name in names(text) if name.casefold() not in held_words]
    return list(dict.fromkeys(wrong))


def changed_numbers(source: str, translation: str) -> list[str]:
    """Return the numbers that stand in only one of two texts in different languages.

    Returns:
        Each such number once, as it is written, those of the source first.
    """
    there, here = set(numbers(source)), set(numbers(translation))
    lost = [found for found in _NUMBER.findall(source) if re.sub(r"\D", "", found) not in here]
    new = [found for found in _NUMBER.findall(translation) if re.sub(r"\D", "", found) not in there]
    return list(dict.fromkeys(lost + new))
