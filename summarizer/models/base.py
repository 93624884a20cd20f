"""What every model is to the rest of Ringkas: source texts in, target texts out."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import fmean
from typing import TYPE_CHECKING, Literal, Protocol, get_args, runtime_checkable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Task(StrEnum):
    """What a model is asked to write."""

    SUMMARIZE = "summarize"
    """An article's text in, an abstract in the same language out."""
    TRANSLATE = "translate"
    """An Indonesian sentence in, an English sentence out."""


Length = Literal["short", "medium", "long"]
"""How long an abstract should be; None in its place leaves it to the model."""

LENGTHS: tuple[Length, ...] = get_args(Length)

# Weight of the source text in `Generation.channel_score`.
_CHANNEL = 0.4
# English has fewer tokens than Indonesian: in FLORES-200 dev (997 pairs, in the embedded model's vocabulary) 0.89 times
# as many, and at most 1.6 times. What is twice as long has gone astray; a word or two may need more.
_TRANSLATION_RATIO = 2
_TRANSLATION_EXTRA = 24


@dataclass(frozen=True)
class CutWeights:
    """What a model makes of leaving words out of a sentence of n words.

    Row i and column j of both arrays, which are (n + 2) x (n + 2), are about going from word i, kept, to word j as the
    next one that is kept, both counted from 1; 0 is the beginning of the sentence and n + 1 its end.

    Attributes:
        steps: what that is worth, in nats: the sum over a cut says how likely an editor makes it. Steps back are
            minus infinity.
        stands: how likely the sentence stands without the words between, from 0 to 1; 1 where there are none.
    """

    steps: NDArray[np.float64]
    stands: NDArray[np.float64]


@dataclass(frozen=True)
class Request:
    """A source text, on one line, no longer than `TextModel.max_input_tokens`, and what the model is told about it.

    A model that has no use for a title ignores it.
    """

    text: str
    title: str = ""


@dataclass(frozen=True)
class Generation:
    """One target text. Scores are log-probabilities in nats; all but the first two are left out by some models.

    Attributes:
        text: what the model wrote, on one line, without remains of the prompt.
        finished: False if the limit of new tokens was reached before the end of the text.
        score: mean score of its tokens, the one that ends it included.
        token_scores: score of each of these tokens.
        tokens: text of each of these tokens, a space in front where a word begins, "" for the one that ends it.
        source_scores: score of each token of the source text, and of its end, given this text.
        others: what else the search found, best first, to choose from where the text is at fault.
    """

    text: str
    finished: bool
    # Scores are rounded differently in another batch, and the same text is the same text.
    score: float | None = field(default=None, compare=False)
    token_scores: tuple[float, ...] | None = field(default=None, compare=False)
    tokens: tuple[str, ...] | None = field(default=None, compare=False)
    source_scores: tuple[float, ...] | None = field(default=None, compare=False)
    others: tuple[Generation, ...] = field(default=(), compare=False, repr=False)

    @property
    def channel_score(self) -> float | None:
        """How good a translation is, as a noisy channel has it (Yee et al. 2019, arXiv:1908.05731)."""
        if self.score is None or not self.source_scores:
            return None
        return (1 - _CHANNEL) * self.score + _CHANNEL * fmean(self.source_scores)


Advance = Callable[[int], None]
"""Called with the number of texts that have just been finished."""


class TextModel(Protocol):
    """A model that turns source texts into target texts.

    A class that inherits from this one needs no more than `name`, `max_input_tokens`, `count_tokens` and `generate`:
    without one of these methods, no object can be made of it.
    """

    name: str
    """What results call the model."""

    @abstractmethod
    def max_input_tokens(self, task: Task, title: str = "") -> int:
        """Return the longest source text for a task, in the model's tokens; a title that it reads takes its room.

        Raises:
            ModelError: the model isn't made for the task.
        """

    @abstractmethod
    def count_tokens(self, text: str) -> int:
        """Return the length of a text in the model's tokens."""

    def rank_sentences(
        self,
        articles: Sequence[tuple[str, Sequence[str]]],  # noqa: ARG002 - for those who read them
    ) -> list[list[float]] | None:
        """Return how likely each sentence of an article belongs to its abstract, in log-odds.

        Of each article come the title, or "", and the sentences, none longer than `max_input_tokens`. None if the model
        wasn't trained for it, as here: then it writes abstracts in words of its own.

        Raises:
            ValueError: a sentence is longer than `max_input_tokens`.
        """
        return None

    def weigh_cuts(
        self,
        texts: Sequence[tuple[str, Sequence[str]]],  # noqa: ARG002 - for those who read them
    ) -> list[list[CutWeights]] | None:
        """Weigh what may be left out of the sentences of abstracts.

        Of each abstract come the title of its article, or "", and its sentences, which are short enough together. The
        words of a sentence are as `str.split` makes them. None if the model wasn't trained for it, as here.

        Raises:
            ValueError: an abstract is longer than `max_input_tokens`.
        """
        return None

    @abstractmethod
    def generate(
        self, task: Task, requests: Sequence[Request], *, advance: Advance = lambda count: None
    ) -> list[Generation]:
        """Write the target text of each request, in the same order. The same call gives the same result.

        Raises:
            ModelError: the model isn't made for the task, or can't go on.
            ValueError: a text is longer than `max_input_tokens`.
        """


@runtime_checkable
class Judge(TextModel, Protocol):
    """A model that can also say how likely given translations are, whoever wrote them."""

    @abstractmethod
    def spell_tokens(self, text: str) -> tuple[str, ...]:
        """Return what `Generation.tokens` is for a given text."""

    @abstractmethod
    def score(self, task: Task, requests: Sequence[Request], texts: Sequence[str]) -> list[tuple[float, ...]]:
        """Return what `Generation.token_scores` is for given texts, one for each request.

        Raises:
            ValueError: a source text is longer than `max_input_tokens`.
        """

    @abstractmethod
    def score_sources(self, requests: Sequence[Request], texts: Sequence[str]) -> list[tuple[float, ...]] | None:
        """Return what `Generation.source_scores` is for given texts; None if it doesn't know that direction."""


@runtime_checkable
class GuidedModel(Judge, Protocol):
    """A translator that reads English words in an Indonesian source as what they mean."""

    @property
    @abstractmethod
    def reads_english(self) -> bool:
        """Whether it was taught to, as it is loaded."""

    @abstractmethod
    def draft(self, task: Task, requests: Sequence[Request], beams: int) -> list[Generation]:
        """Write as `TextModel.generate` does, with a beam of a given size, and sparing what it may do to choose.

        Raises:
            ModelError: the model can't go on.
            ValueError: a source text is longer than `max_input_tokens`.
        """


def by_length(rows: Sequence[Sequence[int]], size: int) -> Iterator[list[int]]:
    """Group rows of tokens by length, so that little of a batch of some size is padding; yield places in ``rows``."""
    order = sorted(range(len(rows)), key=lambda place: len(rows[place]))
    for start in range(0, len(order), size):
        yield order[start : start + size]


def longest_translation(length: int) -> int:
    """Return how many tokens are written at most where a model reads so many to translate."""
    return length * _TRANSLATION_RATIO + _TRANSLATION_EXTRA
