"""What a text says that its source says too: its numbers, its names, and how they are written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from summarizer.faithfulness import check_abstract, check_translation, find_names, find_numbers
from summarizer.faithfulness.numbers import Language

Kind = Literal["", "held", "wrong"]

_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")


@dataclass(frozen=True)
class Share:
    """How many of a number of things are as they should be."""

    right: int
    all: int


@dataclass(frozen=True)
class Support:
    """A text's numbers and names, each once.

    Attributes:
        supported: those that the source holds.
        unsupported: the others.
        numbers: how many of the numbers are supported.
        names: how many of the names are.
    """

    supported: tuple[str, ...]
    unsupported: tuple[str, ...]
    numbers: Share
    names: Share


def summary_support(summary: str, article: str) -> Support:
    """Look for a summary's numbers and names in its article; see `summarizer.faithfulness`."""
    wrong = {fault.piece for fault in check_abstract(summary, article)}
    return _support(_numbers(summary, "id"), _names(summary, "id"), wrong)


def translation_support(translation: str, source: str, references: Sequence[str]) -> Support:
    """Look for a translation's numbers in the source, and for its names in the source and the references.

    Many names are the same in both languages, the others ("United States") only the references know.
    """
    words = {word.casefold() for reference in references for word in _WORD.findall(reference)}
    faults = [fault for fault in check_translation(source, translation) if not fault.missing]
    wrong = {fault.piece for fault in faults if fault.kind == "number"}
    wrong |= {fault.piece for fault in faults if fault.kind == "name" and fault.piece.casefold() not in words}
    return _support(_numbers(translation, "en"), _names(translation, "en"), wrong)


def numbers_kept(source: str, translation: str) -> Share:
    """Return how many of the source's numbers the translation holds."""
    lost = {fault.piece for fault in check_translation(source, translation) if fault.missing and fault.kind == "number"}
    found = _numbers(source, "id")
    return Share(sum(number not in lost for number in found), len(found))


def case_kept(text: str, sources: Sequence[str]) -> Share:
    """Return how many names keep their case.

    What counts are the words of a text that its sources, case aside, have as names and never in small letters; they
    keep their case if the sources have them in the same letters somewhere. Models of uncased text lose it.
    """
    forms: dict[str, set[str]] = {}
    for word in (word for source in sources for word in _WORD.findall(source)):
        forms.setdefault(word.casefold(), set()).add(word)
    called = {name.casefold() for source in sources for name in _names(source, "id")}
    called -= {word for word, written in forms.items() if word in written}
    found = [word for word in _WORD.findall(text) if word.casefold() in called]
    return Share(sum(word in forms[word.casefold()] for word in found), len(found))


def mark(text: str, support: Support) -> list[tuple[str, Kind]]:
    """Cut a text into pieces that are plain, supported or unsupported; joined, they are the text."""
    return _mark(text, [("held", support.supported), ("wrong", support.unsupported)])


def mark_used(text: str, support: Support) -> list[tuple[str, Kind]]:
    """Cut a source text into pieces that are plain or support something; joined, they are the text."""
    return _mark(text, [("held", support.supported)])


def _mark(text: str, groups: list[tuple[Kind, tuple[str, ...]]]) -> list[tuple[str, Kind]]:
    kinds = {word: kind for kind, words in groups for word in words}
    if not kinds:
        return [(text, "")]
    # A number stands for itself also where a letter touches it ("Rp7,5"), but not within a longer number.
    edges = [
        rf"(?<![\d.,]){re.escape(word)}(?!\d)" if word[0].isdigit() else rf"(?<!\w){re.escape(word)}(?!\w)"
        for word in sorted(kinds, key=len, reverse=True)
    ]
    pieces: list[tuple[str, Kind]] = []
    at = 0
    for match in re.finditer("|".join(edges), text):
        pieces += [(text[at : match.start()], ""), (match.group(), kinds[match.group()])]
        at = match.end()
    pieces.append((text[at:], ""))
    return [(piece, kind) for piece, kind in pieces if piece]


def _support(found: list[str], called: list[str], wrong: set[str]) -> Support:
    return Support(
        tuple(word for word in dict.fromkeys(found + called) if word not in wrong),
        tuple(word for word in dict.fromkeys(found + called) if word in wrong),
        Share(sum(number not in wrong for number in found), len(found)),
        Share(sum(name not in wrong for name in called), len(called)),
    )


def _numbers(text: str, language: Language) -> list[str]:
    return list(dict.fromkeys(number.text for number in find_numbers(text, language) if number.claim))


def _names(text: str, language: Language) -> list[str]:
    return list(dict.fromkeys(name.text for name in find_names(text, language)))
