"""Tell whether a sentence can be understood without those in front of it in its article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from summarizer.checks.faults import Fault
from summarizer.checks.names import find_names
from summarizer.checks.wordlists import any_of, word_list
from summarizer.text.words import WORD, fold, stem

_BARE_QUOTATION = re.compile(r'\s*(?:“[^“”]*”|"[^"]*")[\s.]*')
# What points back takes up to so many words ("oleh karena itu"); as many are shown of an opening that does.
_OPENING_WORDS = 3


class _Patterns(NamedTuple):
    """What finds references to another sentence.

    Attributes:
        unnamed: a speaker without a name ("ujarnya"), others than were counted before, a time after another one, what
            is inside of something, the announcement of a list.
        pronoun: somebody who was named before: "ia".
        pointed: a word that is pointed to, which is group 1: "polisi tersebut".
    """

    unnamed: re.Pattern[str]
    pronoun: re.Pattern[str]
    pointed: re.Pattern[str]


def find_dangling_opening(sentence: str, *, inside: bool = False) -> list[Fault]:
    """Find whether a sentence opens with a quotation that nobody speaks, or with what points back.

    Args:
        sentence: in Indonesian.
        inside: whether sentences stand in front of it, so that it may link itself to them: "Selain itu".

    Returns:
        a fault of the kind "opening" with the first words; nothing if the sentence can stand first.
    """
    # They lose their capitals only now: by these, "R&D" is known to be one word.
    words = [word.lower() for word in WORD.findall(sentence)]
    openings = {" ".join(words[:count]) for count in range(1, _OPENING_WORDS + 1)}
    if inside and openings & word_list("linking"):
        return []
    is_bare_quotation = _BARE_QUOTATION.fullmatch(sentence) is not None
    points_back = bool(openings & word_list("dangling")) or _is_first_word_pointed_to(words)
    if not is_bare_quotation and not points_back:
        return []
    first_words = sentence.split()[:_OPENING_WORDS]
    return [Fault("opening", " ".join(first_words))]


def _is_first_word_pointed_to(words: Sequence[str]) -> bool:
    """Tell whether words open like "Kabar tersebut" or "Kabar ini"; "Hari ini" tells the time."""
    if len(words) < 2:
        return False
    first = words[0]
    second = words[1]
    if second in word_list("that"):
        return True
    return second in word_list("this") and first not in word_list("times")


def has_unresolved_reference(sentence: str, before: str) -> bool:
    """Tell whether a sentence of an article needs another one in front of it than what is read before it.

    It does if it opens with what points back, if it announces a list, or if somebody or something in it was named
    before: "katanya", "menurut dia", "113 orang lainnya", "polisi tersebut".

    Args:
        sentence: in Indonesian.
        before: what is read before it; nothing, if it is read first.
    """
    if find_dangling_opening(sentence, inside=True) or _patterns().unnamed.search(sentence):
        return True
    if _has_pronoun_before_names(sentence):
        return True
    for match in _patterns().pointed.finditer(sentence):
        word = match[1].lower()
        # "Karena itu" and "malam itu" point to no thing.
        is_link_or_time = match[0].lower() in word_list("dangling") or word in word_list("times")
        if not is_link_or_time and not _has_form(f"{before} {sentence[: match.start()]}", word):
            return True
    return False


def _has_pronoun_before_names(sentence: str) -> bool:
    """Tell whether no name stands in front of the first pronoun."""
    pronoun = _patterns().pronoun.search(sentence)
    if pronoun is None:
        return False
    names = find_names(sentence, "id")
    # They come in the order of the sentence.
    return not names or names[0].start >= pronoun.start()


def _has_form(text: str, word: str) -> bool:
    """Tell whether a text has a word in any form: "pabrik-pabriknya" for "pabrik"."""
    wanted = stem(word)
    return any(stem(fold(other)) == wanted for other in WORD.findall(text))


@cache
def _patterns() -> _Patterns:
    speech = any_of(word_list("said_by"))
    pronouns = any_of(word_list("pronouns"))
    others = any_of(word_list("others"))
    elsewhere = any_of(word_list("elsewhere"))
    pointing = any_of(word_list("pointing"))
    speaker = rf"\b{speech}(?:nya\b| {pronouns}\b)"
    return _Patterns(
        unnamed=re.compile(rf"{speaker}|\d \w+ {others}\b|\b{elsewhere}\b", re.IGNORECASE),
        pronoun=re.compile(rf"\b{pronouns}\b", re.IGNORECASE),
        pointed=re.compile(rf"\b([^\W\d_]+) {pointing}\b"),
    )
