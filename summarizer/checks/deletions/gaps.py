"""A gap: words that go from a sentence, and the words on both sides of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from summarizer.checks.deletions.word_forms import WordForm


@dataclass(frozen=True)
class Gap:
    """Words that go from a sentence, one at least, between two that stay, or between one and an end of the sentence.

    Attributes:
        words: all words of the sentence.
        left: place of the word in front of the gap, -1 for the beginning of the sentence.
        right: place of the word behind it, ``len(words)`` for the end of the sentence.
    """

    words: Sequence[WordForm]
    left: int
    right: int

    @property
    def before(self) -> WordForm | None:
        """The word in front of the gap; None if the sentence begins with the gap."""
        return self.words[self.left] if self.left >= 0 else None

    @property
    def behind(self) -> WordForm | None:
        """The word behind the gap; None if the sentence ends with the gap."""
        return self.words[self.right] if self.right < len(self.words) else None

    @cached_property
    def gone(self) -> Sequence[WordForm]:
        """The words that go."""
        return self.words[self.left + 1 : self.right]

    @property
    def words_in_front(self) -> Sequence[WordForm]:
        """The words of the sentence in front of the gap."""
        return self.words[: self.left + 1]

    @property
    def words_behind(self) -> Sequence[WordForm]:
        """The words of the sentence behind the gap."""
        return self.words[self.right :]

    @property
    def first(self) -> WordForm:
        """The first word that goes."""
        return self.gone[0]

    @property
    def last(self) -> WordForm:
        """The last word that goes."""
        return self.gone[-1]

    @property
    def is_long(self) -> bool:
        """Whether more than one word goes."""
        return len(self.gone) > 1

    @cached_property
    def ends_with_noun(self) -> bool:
        """Whether the last word that goes may be what somebody or something is called."""
        last = self.last
        is_other = last.is_mark or last.is_function_word or last.is_verb or last.belongs_to("adverbs", "pointing")
        return not is_other

    @cached_property
    def opens_phrase(self) -> bool:
        """Whether the first word that goes opens a phrase that isn't needed by the word in front of it."""
        first = self.first
        return first.is_mark or first.is_function_word or first.opens_bracket or first.belongs_to("pointing")

    @cached_property
    def pauses_inside(self) -> bool:
        """Whether a part of the sentence ends within the gap, in front of its last word; a mark alone doesn't count."""
        return any(word.pauses and not word.is_mark for word in self.gone[:-1])

    @property
    def inner(self) -> InnerGap | None:
        """The gap as one between two words; None if the sentence begins or ends with it."""
        if self.left < 0 or self.right >= len(self.words):
            return None
        return InnerGap(self.words, self.left, self.right)


@dataclass(frozen=True)
class InnerGap(Gap):
    """A gap between two words that stay."""

    @property
    def before(self) -> WordForm:
        """The word in front of the gap."""
        return self.words[self.left]

    @property
    def behind(self) -> WordForm:
        """The word behind the gap."""
        return self.words[self.right]
