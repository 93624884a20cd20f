"""What the form of a word shows: its class, by lists of words, and whether it is a name, a number or a verb."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any

from summarizer.checks.wordlists import read_toml, word_list

LETTERS = re.compile(r"[^\W_]+(?:[-'’./][^\W_]+)*")
"""What of a word is neither a mark around it nor one in it that parts two words."""

_ACTIVE = re.compile(r"(?:me[mnlrwy]|meng)[a-z-]{3,}")
_PASSIVE = re.compile(r"di[a-z-]{4,}")
_VERB = re.compile(r"(?:me[mnlrwy]|meng|di|ber|ter|be(?=kerja|lajar))[a-z-]{3,}")
# A shorter word that ends like a clitic is hardly ever one with a clitic: "sekolah", "kisah".
_SHORTEST_WITH_CLITIC = 7
_CLITIC = re.compile(r"(?:lah|kah|pun)$")
_OPENING_MARKS = "\"“‘'(["
_OPENING_BRACKET = re.compile(r"^[\"“‘'(\[]*[(\[]")
_QUOTATION_MARK = re.compile(r"[\"“”„«»]")
# At the beginning or the end of a word: within one, as in "Jum'at", it is no quotation mark.
_SINGLE_QUOTATION_MARK = re.compile(r"(?<!\w)['‘](?=\w)|(?<=[\w.,!?…])['’](?!\w)")
_PAUSE = re.compile(r"(?:[,;:–—.!?]|^-)[\"”’')\]]*$")
# So many sentences are remembered: each is asked about once for every way to cut it, and then no more.
_SENTENCES_REMEMBERED = 1024


@dataclass(frozen=True)
class WordForm:
    """A word of a sentence, and what its form shows.

    Attributes:
        text: the word with its marks.
        core: without them, in lower case; "" for a mark alone.
    """

    text: str
    core: str

    @cached_property
    def _without_clitic(self) -> str:
        """The core without a clitic that doesn't change its class, such as "lah"."""
        if len(self.core) < _SHORTEST_WITH_CLITIC:
            return self.core
        return _CLITIC.sub("", self.core)

    def belongs_to(self, *classes: str) -> bool:
        """Tell whether it belongs to at least one of some classes of ``word_classes.toml``."""
        for name in classes:
            words = class_words(name)
            if self.core in words or self._without_clitic in words:
                return True
        return False

    @cached_property
    def is_number(self) -> bool:
        """Whether it has a digit or is a number in words."""
        has_digit = any(letter.isdigit() for letter in self.core)
        return has_digit or self.belongs_to("numbers")

    @cached_property
    def is_name(self) -> bool:
        """Whether it begins with a capital."""
        first = self.text.lstrip(_OPENING_MARKS)[:1]
        return first.isupper()

    @cached_property
    def has_form_of_verb(self) -> bool:
        """Whether it has a prefix of verbs, whatever its class."""
        return bool(_VERB.fullmatch(self.core))

    @cached_property
    def is_verb(self) -> bool:
        """Whether it looks like a verb with a prefix, and has no capital."""
        return self.has_form_of_verb and self.core not in class_words("no_verbs") and not self.is_name

    @cached_property
    def is_active(self) -> bool:
        """Whether it is a verb with "me-", which has an object."""
        return self.is_verb and bool(_ACTIVE.fullmatch(self.core))

    @cached_property
    def has_form_of_passive(self) -> bool:
        """Whether it looks like a verb with "di-"."""
        return bool(_PASSIVE.fullmatch(self.core))

    @cached_property
    def is_predicate(self) -> bool:
        """Whether it is a verb, or stands in front of one or for one."""
        return self.is_verb or self.belongs_to("auxiliaries", "negatives", "copulas")

    @cached_property
    def is_function_word(self) -> bool:
        """Whether it opens or links phrases, or stands in front of a noun or verb."""
        return self.belongs_to(
            "prepositions", "coordinating", "subordinating", "relative", "copulas", "determiners", "auxiliaries"
        )

    @cached_property
    def opens_part(self) -> bool:
        """Whether it opens a phrase or a clause, such as "di" and "ketika"."""
        return self.belongs_to("prepositions", "subordinating")

    @cached_property
    def is_mark(self) -> bool:
        """Whether it is a mark alone, such as a dash."""
        return not self.core

    @cached_property
    def pauses(self) -> bool:
        """Whether a part of the sentence ends behind it, as a mark at its end shows, or it is a mark alone."""
        return self.is_mark or bool(_PAUSE.search(self.text))

    @cached_property
    def opens_bracket(self) -> bool:
        """Whether a bracket opens in front of it."""
        return bool(_OPENING_BRACKET.match(self.text))

    @cached_property
    def brackets_left_open(self) -> int:
        """How many brackets it opens more than it closes; below 0 where it closes more."""
        opened = sum(self.text.count(mark) for mark in "([")
        closed = sum(self.text.count(mark) for mark in ")]")
        return opened - closed

    @cached_property
    def quotation_marks(self) -> int:
        """How many quotation marks it has, but for single ones."""
        return len(_QUOTATION_MARK.findall(self.text))

    @cached_property
    def single_quotation_marks(self) -> int:
        """How many single quotation marks it has, of a pair or one of them."""
        return len(_SINGLE_QUOTATION_MARK.findall(self.text))

    @cached_property
    def ends_with_comma(self) -> bool:
        """Whether its last mark is a comma."""
        return self.text.endswith(",")


@lru_cache(maxsize=_SENTENCES_REMEMBERED)
def read_forms(words: tuple[str, ...]) -> tuple[WordForm, ...]:
    """Return the words of a sentence, which `str.split` made, with what shows of each."""
    return tuple(_read_form(word) for word in words)


def _read_form(word: str) -> WordForm:
    letters = "".join(LETTERS.findall(word))
    return WordForm(word, letters.lower())


@cache
def class_words(name: str) -> frozenset[str]:
    """Return the words and phrases of a class of ``word_classes.toml``, or the negatives that all checks know.

    Raises:
        KeyError: there is no such class.
    """
    if name == "negatives":
        return word_list("negation.indonesian")
    words = word_classes()[name]
    if isinstance(words, str):
        # Where none is a phrase, a class may be one string.
        words = words.split()
    return frozenset(words)


@cache
def word_classes() -> dict[str, Any]:
    """Return all of ``word_classes.toml``."""
    return read_toml("deletions/word_classes.toml")


def any_belongs_to(words: Sequence[WordForm], *classes: str) -> bool:
    """Tell whether one of some words belongs to at least one of some classes."""
    return any(word.belongs_to(*classes) for word in words)


def have_predicate(words: Sequence[WordForm]) -> bool:
    """Tell whether one of some words is a verb, or stands in front of one or for one."""
    return any(word.is_predicate for word in words)


def have_verb(words: Sequence[WordForm]) -> bool:
    """Tell whether one of some words is a verb with a prefix."""
    return any(word.is_verb for word in words)


def have_pause(words: Sequence[WordForm]) -> bool:
    """Tell whether a part of the sentence ends behind one of some words."""
    return any(word.pauses for word in words)


def find_verbs_not_behind(words: Sequence[WordForm], *classes: str) -> list[int]:
    """Return the places of the verbs among some words, but for those right behind a word of one of some classes."""
    verbs: list[int] = []
    for place, word in enumerate(words):
        is_opened = place > 0 and words[place - 1].belongs_to(*classes)
        if word.is_verb and not is_opened:
            verbs.append(place)
    return verbs


def goes_on(word: str) -> bool:
    """Tell whether a word of Indonesian, in front of which some go, goes on with what is said of the noun before it."""
    [form] = read_forms((word,))
    return form.is_predicate or form.belongs_to("relative", "speech", "judging", "leading")


def links(word: str) -> bool:
    """Tell whether a word of Indonesian links what follows it to what stands in front, without a comma."""
    [form] = read_forms((word,))
    return form.belongs_to("prepositions", "coordinating", "that")


def opens_part(word: str) -> bool:
    """Tell whether a word of Indonesian opens a phrase or a clause, such as "di" and "ketika"."""
    [form] = read_forms((word,))
    return form.opens_part


def links_speaker(word: str) -> bool:
    """Tell whether a word of Indonesian stands in front of who says something: "kata", "menurut"."""
    [form] = read_forms((word,))
    return form.core == "menurut" or form.belongs_to("said_behind")
