"""Headlines as sentences, which is what translators were trained on."""

from __future__ import annotations

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
    """Tell whether most common words of an Indonesian text begin with a capital letter, so that one tells no name."""
    common = common_words("id")
    telling = [word for word in WORD.findall(text) if len(word) >= _MIN_LETTERS and word.lower() in common]
    capitals = [word for word in telling if word[0].isupper()]
    return 2 * len(capitals) > len(telling)


def sentence_case(headline: str, text: str) -> str:
    """Return a headline with the capital letters that a sentence has.

    Where each word begins with a capital letter ("Jembatan Ambrol Diterjang Banjir"), a translator takes common words
    for names, and leaves them out or as they are. Words become as the article writes them, common ones small where
    it doesn't have them; abbreviations and unknown words stay as they are, and so does a headline like a sentence.
    """
    if not is_headline_case(headline):
        return headline
    known = common_words("id") | {word.lower() for word in WORD.findall(text)}
    shouted = headline.isupper()

    def small(word: str) -> str:
        is_abbreviation = len(word) > 1 and word.isupper() and not shouted
        return word if is_abbreviation or not _is_known(word.lower(), known) else word.lower()

    return restore_case(WORD.sub(lambda match: small(match[0]), headline), text)


def _is_known(word: str, known: Set[str]) -> bool:
    """Tell whether a word is known, or is a verb that headlines leave without its prefix ("Lampaui")."""
    verbs = {prefix + word for prefix in _PREFIXES}
    if word[0] in _SWALLOWED:
        verbs.add(_SWALLOWED[word[0]] + word[1:])
    return word in known or (len(word) >= _MIN_LETTERS and not known.isdisjoint(verbs))
