"""Find what a translation left out, added, or left in Indonesian."""

from __future__ import annotations

import re

from summarizer.faithfulness.faults import Fault
from summarizer.faithfulness.lexicon import common_words, load_lexicon
from summarizer.text.sentences import SENTENCE_END, split_sentences
from summarizer.text.words import WORD

# Sources of fewer words may become much longer.
_FEWEST_WORDS = 6
# Words of the translation by those of the source: outside of these it is too short or too long; beyond the next, a
# sentence that it has more or less was added or dropped.
_SHORTEST, _LONGEST = 0.4, 2.2
_ADDED, _DROPPED = 1.5, 0.7
_END = re.compile(rf"{SENTENCE_END}\s+(?=[“\"‘'(\[]*[A-Z])")
_PREFIXED = re.compile(r"(?:me[mn]|meng|meny|pe[mn]g?|ber|ter|di)\w{4,}")


def find_untranslated(source: str, translation: str) -> list[Fault]:
    """Find words that a translation left in Indonesian: function words, or several others."""
    lexicon = load_lexicon()
    # What stands in quotation marks or in capitals may be a title or a name.
    text = re.sub(r"“[^”]*”|\"[^\"]*\"|‘[^’]*’", " ", translation)
    source_words = {match.group() for match in WORD.finditer(source)}
    english = common_words("en")
    left = []
    for match in WORD.finditer(text):
        word = match.group()
        around = text[match.end() : match.end() + 2].strip()[:1]
        if word in lexicon.untranslated and word in source_words and not around.isupper():
            left.append(word)
    if not left:
        kept = [match.group() for match in WORD.finditer(text)]
        kept = [word for word in kept if word.islower() and len(word) > 4 and word in source_words]
        left = [
            word
            for word in kept
            if word in common_words("id") and word not in english and word not in lexicon.names.loans
        ]
        # One word may be a loan that English has taken, two are none, nor is one with a prefix of Indonesian.
        left = left if len(set(left)) > 1 or any(_PREFIXED.match(word) for word in left) else []
    return [Fault("untranslated", " ".join(dict.fromkeys(left)))] if left else []


def find_length_faults(source: str, translation: str) -> list[Fault]:
    """Find whether a translation is too long or too short, or has more or fewer sentences than its source."""
    there, here = len(source.split()), len(translation.split())
    if there < _FEWEST_WORDS:
        return [Fault("length", "long")] if here > there * _LONGEST + _FEWEST_WORDS else []
    ratio = here / there
    sentences = max(len(split_sentences(source)), _count_sentences(source)), _count_sentences(translation)
    if sentences[1] > sentences[0] and ratio > _ADDED:
        return [Fault("sentences", "added")]
    if sentences[1] < sentences[0] and ratio < _DROPPED:
        return [Fault("sentences", "dropped", missing=True)]
    if ratio > _LONGEST:
        return [Fault("length", "long")]
    return [Fault("length", "short")] if ratio < _SHORTEST else []


def _count_sentences(text: str) -> int:
    return 1 + len(_END.findall(text))
