"""Headlines as sentences, which is what translators were trained on."""

from __future__ import annotations

import re
from collections.abc import Set

from summarizer.text.truecasing import restore_case
from summarizer.text.words import WORD, common_words

_MIN_LETTERS = 4
"""Letters of the shortest word that tells headline case: prepositions stay small in headlines too."""

_PREFIXES = ("di", "ber", "ter", "me", "mem", "men", "meng")
_SWALLOWED = {"p": "mem", "t": "men", "k": "meng", "s": "meny"}
"""First sounds that a verb loses with the prefix in front of it: Sneddon et al. 2010, "Indonesian: a comprehensive
grammar", chapter 1."""


def is_headline_case(text: str) -> bool:
    """Tell whether more than half of the common words of a text have a capital, so that one tells no name.

    The first word has one anyway, and short ones stay small in headlines too: these are left aside.
    """
    common = common_words("id")
    small = 0
    large = 0
    for word in WORD.findall(text)[1:]:
        if len(word) < _MIN_LETTERS or word.lower() not in common:
            continue
        if word[0].isupper():
            large += 1
        else:
            small += 1
    return large > small


def sentence_case(headline: str, text: str) -> str:
    """Return a headline with the capital letters that a sentence has.

    Where each word begins with a capital letter ("Jembatan Ambrol Diterjang Banjir"), a translator takes common words
    for names, and leaves them out or as they are. Words become as the article writes them, common ones small where
    it doesn't have them; abbreviations and unknown words stay as they are, and so does a headline like a sentence.
    """
    if not is_headline_case(headline):
        return headline
    known = common_words("id").union(map(str.lower, WORD.findall(text)))
    is_shouted = headline.isupper()

    def make_small(match: re.Match[str]) -> str:
        word = match[0]
        is_abbreviation = len(word) > 1 and word.isupper() and not is_shouted
        if is_abbreviation or not _is_known(word.lower(), known):
            return word
        return word.lower()

    return restore_case(WORD.sub(make_small, headline), text)


def _is_known(word: str, known: Set[str]) -> bool:
    """Tell whether a word is known, or is a verb that headlines leave without its prefix ("Lampaui")."""
    if word in known:
        return True
    if len(word) < _MIN_LETTERS:
        return False
    verbs = [prefix + word for prefix in _PREFIXES]
    if word[0] in _SWALLOWED:
        verbs.append(_SWALLOWED[word[0]] + word[1:])
    return not known.isdisjoint(verbs)
