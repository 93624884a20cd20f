"""What a check finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "number",
    "unit",
    "name",
    "quotation",
    "negation",
    "serious",
    "untranslated",
    "term",
    "length",
    "sentences",
    "opening",
    "cut",
    "direction",
    "contest",
]

# What is said of a piece that is at fault.
_MESSAGES: Mapping[Kind, str] = {
    "number": "“{}” is not in the source",
    "name": "“{}” is not in the source",
    "negation": "the negative “{}” was added",
    "untranslated": "“{}” was left in Indonesian",
    "length": "it is too {}",
    "sentences": "a sentence was added",
    "opening": "“{}” points to what was not said",
    "serious": "the source doesn't say “{}”",
    "unit": "the unit of “{}” differs",
    "term": "“{}” is not translated as the glossary says",
    "cut": "“{}” may not be left out",
    "direction": "“{}” is the opposite of what the source says",
    "contest": "it says that “{}” lost, who won",
    "quotation": "the quotation “{}” is not in the source",
}
# What is said instead of a piece that the source has and the text lacks.
_MESSAGES_OF_MISSING: Mapping[Kind, str] = {
    "number": "“{}” is missing",
    "name": "“{}” is missing",
    "negation": "the negative “{}” is missing",
    "sentences": "a sentence was dropped",
    "serious": "“{}” is not said",
}


@dataclass(frozen=True)
class Fault:
    """Something that a text says and its source doesn't, or the other way round.

    Attributes:
        kind: of fault.
        piece: the words that are at fault; for ``length`` and ``sentences``, what is wrong with these, in a word.
        missing: whether the source has the piece, and the text lacks it.
        meaning: of a name that is an Indonesian word too, its English; "" for others.
    """

    kind: Kind
    piece: str
    missing: bool = False
    meaning: str = ""

    def __str__(self) -> str:
        """Say it in plain words, on one line."""
        message = _MESSAGES[self.kind]
        if self.missing:
            message = _MESSAGES_OF_MISSING.get(self.kind, message)
        said = message.format(" ".join(self.piece.split()))
        return f"{said} (as a word: {self.meaning})" if self.meaning else said
