"""Tell whether a sentence can be understood without those in front of it in its article."""

from __future__ import annotations

import re
from functools import cache

from summarizer.checks.faults import Fault
from summarizer.checks.names import find_names
from summarizer.checks.wordlists import any_of, word_list
from summarizer.text.words import WORD, fold, stem

_BARE_QUOTATION = re.compile(r'\s*(?:“[^“”]*”|"[^"]*")[\s.]*')


def find_dangling_opening(sentence: str, *, inside: bool = False) -> list[Fault]:
    """Find a quotation that nobody speaks, or a word that points back; ``inside``, it may link ("Selain itu")."""
    words = [word.lower() for word in WORD.findall(sentence)]
    first = {" ".join(words[:count]) for count in (1, 2, 3)}
    if inside and first & word_list("linking"):
        return []
    # "Kabar ini ...", but "Hari ini ...".
    second = words[1] if len(words) > 1 else ""
    points = second in word_list("that") or (second in word_list("this") and words[0] not in word_list("times"))
    if _BARE_QUOTATION.fullmatch(sentence) or first & word_list("dangling") or points:
        return [Fault("opening", " ".join(sentence.split()[:3]))]
    return []


def has_unresolved_reference(sentence: str, before: str) -> bool:
    """Tell whether a sentence of an article needs another one in front of it than what is read before it.

    It does if it opens with what points back, if it announces a list, or if somebody or something in it was named
    before: "katanya", "menurut dia", "113 orang lainnya", "polisi tersebut".
    """
    back, pronoun, pointed = _patterns()
    if find_dangling_opening(sentence, inside=True) or back.search(sentence):
        return True
    found = pronoun.search(sentence)
    if found and not any(name.start < found.start() for name in find_names(sentence, "id")):
        return True
    for match in pointed.finditer(sentence):
        word = match.group(1).lower()
        if match.group().lower() in word_list("dangling") or word in word_list("times"):
            continue
        read = WORD.findall(f"{before} {sentence[: match.start()]}")
        if stem(word) not in {stem(fold(other)) for other in read}:
            return True
    return False


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return what finds a speaker without a name and the like, a pronoun, and a word that is pointed to."""
    speech, pronouns, others, elsewhere, pointing = (
        any_of(word_list(name)) for name in ("said_by", "pronouns", "others", "elsewhere", "pointing")
    )
    back = rf"\b{speech}(?:nya\b| {pronouns}\b)|\d \w+ {others}\b|\b{elsewhere}\b"
    return (
        re.compile(back, re.IGNORECASE),
        re.compile(rf"\b{pronouns}\b", re.IGNORECASE),
        re.compile(rf"\b([^\W\d_]+) {pointing}\b"),
    )
