"""What was done about a text that said what its source doesn't."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

How = Literal["candidate", "replaced", "lead", "form", "split"]


@dataclass(frozen=True)
class Repair:
    """One repair.

    Attributes:
        text: what was repaired: ``abstract``, or ``translation`` of a sentence.
        how: ``candidate``: another text that the search found was taken; ``replaced``: a sentence was replaced by the
            article's own; ``lead``: the whole abstract was, by the article's first sentences; ``form``: a number or a
            term was put into English form; ``split``: the sentence was translated in two parts.
        pieces: what was wrong with the model's first text, in plain words.
    """

    text: Literal["abstract", "translation"]
    how: How
    pieces: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the repair as plain values."""
        return {"text": self.text, "how": self.how, "pieces": list(self.pieces)}
