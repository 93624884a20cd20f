"""What every model is to the rest of Ringkas: source texts in, target texts out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Protocol, get_args


class Task(StrEnum):
    """What a model is asked to write."""

    SUMMARIZE = "summarize"
    """An article's text in, an abstract in the same language out."""
    TRANSLATE = "translate"
    """An Indonesian sentence in, an English sentence out."""


Length = Literal["short", "medium", "long"]
"""How long an abstract shall be; None in its place leaves it to the model."""

LENGTHS: tuple[Length, ...] = get_args(Length)


@dataclass(frozen=True)
class Generation:
    """One target text.

    Attributes:
        text: what the model wrote, on one line, without remains of the prompt.
        finished: False if it was still writing when its time was up.
    """

    text: str
    finished: bool


Advance = Callable[[int], None]
"""Called with the number of texts that have just been finished."""


class TextModel(Protocol):
    """A model that turns source texts into target texts."""

    @property
    def name(self) -> str:
        """What results call the model."""

    def capacity(self, task: Task, title: str = "") -> int:
        """Return the longest source text that the model takes for a task, in its own tokens.

        Args:
            task: what to write.
            title: the title that the source text has; it takes its room from the text if the model reads it.
        """

    def count_tokens(self, text: str) -> int:
        """Return the length of a text in the model's tokens."""

    def generate(
        self,
        task: Task,
        sources: Sequence[str],
        *,
        titles: Sequence[str] = (),
        length: Length | None = None,
        advance: Advance = lambda count: None,
    ) -> list[Generation]:
        """Write the target text of each source text.

        Args:
            task: what to write.
            sources: source texts on one line each, none of them longer than `capacity`.
            titles: for each source text its title, or "" if it has none; empty where none has. A model that has no
                use for them passes over them.
            length: how long abstracts shall be; a model that can't be told passes over it.
            advance: progress.

        Returns:
            As many target texts as there are source texts, in the same order. The same call gives the same result.
        """

    def candidates(
        self,
        task: Task,
        sources: Sequence[str],
        count: int,
        *,
        titles: Sequence[str] = (),
        length: Length | None = None,
        without: Sequence[Sequence[str]] = (),
        advance: Advance = lambda count: None,
    ) -> list[list[Generation]]:
        """Write other target texts of each source text, to choose from where the first was at fault.

        Args:
            task: what to write.
            sources: as for `generate`.
            count: how many target texts to write of each.
            titles: as for `generate`.
            length: as for `generate`.
            without: for each source text the strings that its target texts must not hold; empty where all is allowed.
                Decoding keeps from writing them as far as it can, so look for them in what comes back.
            advance: progress, in source texts.

        Returns:
            For each source text ``count`` target texts, some of which may be alike. The same call gives the same
            result, and no result depends on the other source texts.
        """
