"""What a check finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "unit", "name", "quotation", "negation", "untranslated", "length", "sentences", "term"]


@dataclass(frozen=True)
class Fault:
    """Something that a text says and its source doesn't, or the other way round.

    Attributes:
        kind: what it is about.
        piece: the words that it concerns.
        missing: True if the piece stands in the source alone, False if it stands in the text.
    """

    kind: Kind
    piece: str
    missing: bool = False

    def __str__(self) -> str:
        """Say it in plain words."""
        match self.kind, self.missing:
            case "negation", True:
                return f"the negative “{self.piece}” is missing"
            case "negation", False:
                return f"the negative “{self.piece}” was added"
            case "untranslated", _:
                return f"“{self.piece}” was left in Indonesian"
            case "length", _:
                return f"it is too {self.piece}"
            case "sentences", missing:
                return "a sentence was dropped" if missing else "a sentence was added"
            case "unit", _:
                return f"the unit of “{self.piece}” differs"
            case "term", _:
                return f"“{self.piece}” is not translated as the glossary says"
            case "quotation", _:
                return f"the quotation “{self.piece}” is not in the source"
            case _, True:
                return f"“{self.piece}” is missing"
            case _:
                return f"“{self.piece}” is not in the source"
