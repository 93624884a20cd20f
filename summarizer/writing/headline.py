"""Headlines as sentences, which is what translators were trained on."""

from __future__ import annotations

from summarizer.faithfulness import common_words
from summarizer.text.truecasing import restore_case
from summarizer.text.words import WORD

_MIN_LETTERS = 4
"""Letters of the shortest word that tells headline case: prepositions stay small in headlines too."""


def sentence_case(headline: str, text: str) -> str:
    """Return a headline with the capital letters that a sentence has.

    Where each word begins with a capital letter ("Jembatan Ambrol Diterjang Banjir"), a translator takes common words
    for names, and leaves them out or as they are. Words become as the article writes them, common ones small where
    it doesn't have them; abbreviations and unknown words stay as they are.

    Args:
        headline: as the page has it; one that is written like a sentence comes back unchanged.
        text: the article, in Indonesian.
    """
    words = WORD.findall(headline)
    common = common_words("id")
    telling = [word for word in words if len(word) >= _MIN_LETTERS and word.lower() in common]
    if 2 * sum(word[0].isupper() for word in telling) <= len(telling):
        return headline
    known = common | {word.lower() for word in WORD.findall(text)}
    shouted = headline.isupper()

    def small(word: str) -> str:
        is_abbreviation = len(word) > 1 and word.isupper() and not shouted
        return word if is_abbreviation or word.lower() not in known else word.lower()

    return restore_case(WORD.sub(lambda match: small(match[0]), headline), text)
