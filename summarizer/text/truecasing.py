"""Put upper case back into the text of a model that writes lower case alone, from the article that it read."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from summarizer.text.sentences import SENTENCE_END
from summarizer.text.words import common_words

_WORD = re.compile(r"\w+(?:['’-]\w+)*")
# What may stand between the end of a sentence and the first word of the next.
_START = re.compile(rf"(?:^|{SENTENCE_END}\s|:\s*[\"“])[\s\"'“‘(\[]*$")
# Most characters of that.
_LOOK_BACK = 20
# Spaces around marks, and what takes their place, one after the other.
_MARKS = (
    (re.compile(r"[^\S\n]+"), " "),
    # Marks that belong to the word before, and those that belong to the word behind.
    (re.compile(r" ([.,;:!?%)\]}”’…]+)(?=[\s\"]|$)"), r"\1"),
    (re.compile(r"(?<=\w) ’(?=s\b)"), "’"),
    (re.compile(r"([(\[{“‘]) (?=\S)"), r"\1"),
    # Straight quotation marks look alike on both sides: they go in pairs.
    (re.compile(r'(?<![^\s(\[“‘])" ?([^"\n]*?) ?"'), r'"\1"'),
    (re.compile(r"(?<!\S)' ([^'\n]{1,80}?) '(?=[\s.,;:!?)]|$)"), r"'\1'"),
)


def close_marks(text: str) -> str:
    """Return text without the spaces that tokenisation puts around punctuation: ``" ya " , kata`` is ``"ya", kata``."""
    for pattern, replacement in _MARKS:
        text = pattern.sub(replacement, text)
    return text


def restore_case(text: str, source: str) -> str:
    """Return a lower-case text with the capitals that words have most often in its source, and at sentence starts.

    A word that stands nowhere but at starts, and is no common one, is a name.
    """
    # Models that were trained on tokenised corpora write spaces around punctuation, as these corpora do.
    text = close_marks(text)
    forms, names = _forms(source)
    parts: list[str] = []
    end = 0
    before = ""
    for match in _WORD.finditer(text):
        word = match[0]
        key = word.casefold()
        form = word
        counts = forms.get((before, key)) or forms.get(("", key))
        if counts:
            # On a tie the form that came first wins.
            [(form, _)] = counts.most_common(1)
        else:
            form = names.get(key, word)
        if form == word and _is_at_start(text, match.start()):
            form = form[0].upper() + form[1:]
        parts += [text[end : match.start()], form]
        end = match.end()
        before = key
    return "".join(parts) + text[end:]


def _forms(source: str) -> tuple[dict[tuple[str, str], Counter[str]], dict[str, str]]:
    """Count the forms of the words of a source.

    Returns:
        the forms of each word behind each other word and behind any, which stands as "", but for those at sentence
        starts, where a capital says nothing; and the first form of each word that stands at starts and may be a name.
    """
    forms: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    names: dict[str, str] = {}
    before = ""
    for match in _WORD.finditer(source):
        word = match[0]
        key = word.casefold()
        if not _is_at_start(source, match.start()):
            forms[before, key][word] += 1
            forms["", key][word] += 1
        elif key not in common_words("id"):
            names.setdefault(key, word)
        before = key
    return dict(forms), names


def _is_at_start(text: str, place: int) -> bool:
    """Tell whether a place in a text is that of the first word of a sentence."""
    return _START.search(text, max(0, place - _LOOK_BACK), place) is not None
