"""What a check finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "number", "unit", "name", "quotation", "negation", "serious", "untranslated", "term", "length", "sentences",
    "opening", "cut", "direction", "contest",
]  # fmt: skip

# What is said of a piece that stands in the text alone, and in the source alone.
_IN_WORDS: Mapping[Kind, tuple[str, str]] = {
    "number": ("“{}” is not in the source", "“{}” is missing"),
    "name": ("“{}” is not in the source", "“{}” is missing"),
    "negation": ("the negative “{}” was added", "the negative “{}” is missing"),
    "untranslated": ("“{}” was left in Indonesian",) * 2,
    "length": ("it is too {}",) * 2,
    "sentences": ("a sentence was added", "a sentence was dropped"),
    "opening": ("“{}” points to what was not said",) * 2,
    "serious": ("the source doesn't say “{}”", "“{}” is not said"),
    "unit": ("the unit of “{}” differs",) * 2,
    "term": ("“{}” is not translated as the glossary says",) * 2,
    "cut": ("“{}” may not be left out",) * 2,
    "direction": ("“{}” is the opposite of what the source says",) * 2,
    "contest": ("it says that “{}” lost, who won",) * 2,
    "quotation": ("the quotation “{}” is not in the source",) * 2,
}


@dataclass(frozen=True)
class Fault:
    """Something that a text says and its source doesn't, or the other way round (``missing``)."""

    kind: Kind
    piece: str
    missing: bool = False

    def __str__(self) -> str:
        """Say it in plain words, on one line."""
        piece = " ".join(self.piece.split())
        return _IN_WORDS[self.kind][self.missing].format(piece)
