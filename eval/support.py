"""What a text says that its source says too: its numbers, its names, and how they are written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from summarizer.faithfulness import Fault, check_abstract, check_translation, find_names, find_numbers

Kind = Literal["", "held", "wrong"]

_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_NUMBER_FAULTS = frozenset({"number", "unit"})
_NAME_FAULTS = frozenset({"name", "term"})


@dataclass(frozen=True)
class Share:
    """How many of a number of things are as they should be."""

    right: int
    all: int


@dataclass(frozen=True)
class Support:
    """What the package's checks say of a text; see `summarizer.faithfulness`.

    Attributes:
        supported: its numbers and names that the source holds, each once.
        unsupported: what it says that the source doesn't, each once.
        numbers: how many of its numbers are supported.
        names: how many of its names are.
        faults: everything that was found, also what the source says alone.
    """

    supported: tuple[str, ...]
    unsupported: tuple[str, ...]
    numbers: Share
    names: Share
    faults: tuple[Fault, ...]

    def has(self, *kinds: str) -> bool:
        """Tell whether there are faults of some kinds."""
        return any(fault.kind in kinds for fault in self.faults)


def summary_support(summary: str, article: str) -> Support:
    """Check a summary against its article."""
    stated = [number.text for number in find_numbers(summary, "id") if number.claim]
    return _support(stated, [name.text for name in find_names(summary, "id")], check_abstract(summary, article))


def translation_support(translation: str, source: str) -> Support:
    """Check an English translation against the Indonesian text."""
    stated = [number.text for number in find_numbers(translation, "en") if number.claim]
    called = [name.text for name in find_names(translation, "en")]
    return _support(stated, called, check_translation(source, translation))


def kept(source: str, support: Support) -> tuple[Share, Share]:
    """Return how many of the source's numbers and of its names the translation holds that was checked."""
    stated = [number.text for number in find_numbers(source, "id") if number.claim]
    called = [name.text for name in find_names(source, "id")]
    missing = [fault for fault in support.faults if fault.missing]
    return _share(stated, _pieces(missing, _NUMBER_FAULTS)), _share(called, _pieces(missing, _NAME_FAULTS))


def case_kept(text: str, sources: Sequence[str]) -> Share:
    """Return how many names keep their case.

    What counts are the words of a text that its sources, case aside, have as names and never in small letters; they
    keep their case if the sources have them in the same letters somewhere. Models of uncased text lose it.
    """
    forms: dict[str, set[str]] = {}
    for word in (word for source in sources for word in _WORD.findall(source)):
        forms.setdefault(word.casefold(), set()).add(word)
    called = {name.text.casefold() for source in sources for name in find_names(source, "id")}
    called -= {word for word, written in forms.items() if word in written}
    found = [word for word in _WORD.findall(text) if word.casefold() in called]
    return Share(sum(word in forms.get(word.casefold(), ()) for word in found), len(found))


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


def _support(stated: list[str], called: list[str], faults: list[Fault]) -> Support:
    own = [fault for fault in faults if not fault.missing]
    wrong_numbers, wrong_names = _pieces(own, _NUMBER_FAULTS), _pieces(own, _NAME_FAULTS)
    # Two names that don't belong side by side are one fault of two words.
    wrong_names |= {word for piece in wrong_names for word in piece.split()}
    said = _pieces(own, _NUMBER_FAULTS | _NAME_FAULTS | {"quotation", "negation", "untranslated"})
    held = [text for text in stated if text not in wrong_numbers] + [text for text in called if text not in wrong_names]
    return Support(
        tuple(dict.fromkeys(held)),
        tuple(dict.fromkeys(fault.piece for fault in own if fault.piece in said)),
        _share(stated, wrong_numbers),
        _share(called, wrong_names),
        tuple(faults),
    )


def _pieces(faults: Iterable[Fault], kinds: frozenset[str]) -> set[str]:
    return {fault.piece for fault in faults if fault.kind in kinds}


def _share(texts: Iterable[str], wrong: set[str]) -> Share:
    distinct = set(texts)
    return Share(len(distinct - wrong), len(distinct))
