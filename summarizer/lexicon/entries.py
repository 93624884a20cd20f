"""The lexicon: Indonesian forms as news prints them, with their English."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import files

FILE = "lexicon.tsv.gz"


class WordClass(StrEnum):
    """What a form is; the letters are those of the file."""

    WORD = "w"
    """A word, phrase or abbreviation with senses."""
    COMPOSITIONAL = "c"
    """A phrase whose words, translated one by one, give the right English."""
    NAME = "n"
    FOREIGN = "f"
    """A foreign word that is used as it is."""
    MISSPELT = "t"
    GLUED = "g"
    """Two or more words without the space between them."""
    FRAGMENT = "x"


@dataclass(frozen=True)
class Sense:
    """One meaning: its English renderings, the best first, and what tells it from the others, or ""."""

    renderings: tuple[str, ...]
    hint: str = ""


@dataclass(frozen=True)
class Entry:
    """What the lexicon says of a form.

    Attributes:
        form: as news prints it, in lower case but for abbreviations and names.
        word_class: see `WordClass`.
        senses: the meanings of a `WordClass.WORD`, the commonest first; others have none.
        correction: what a misspelt form, or one of glued words, should be; "" for others.
        pairs: how many of the sentence pairs that the embedded model learnt from have the form; 1000 for more.
        is_demanded: whether it is a user's own term, which a translation must have.
    """

    form: str
    word_class: WordClass
    senses: tuple[Sense, ...] = ()
    correction: str = ""
    pairs: int = 0
    is_demanded: bool = False

    @cached_property
    def renderings(self) -> tuple[str, ...]:
        """All renderings of all senses."""
        renderings: list[str] = []
        for sense in self.senses:
            renderings += sense.renderings
        return tuple(renderings)


def _read_entry(form: str, rest: str) -> Entry:
    """Read a line of the file from its second column on.

    A meaning is like "vote, voice [election] | sound", or "= benar" where it is the right form.
    """
    letter, meaning, pairs = rest.split("\t")
    word_class = WordClass(letter)
    if word_class is WordClass.WORD:
        senses = tuple(map(_read_sense, meaning.split(" | ")))
        return Entry(form, word_class, senses, pairs=int(pairs))
    return Entry(form, word_class, correction=meaning.removeprefix("= "), pairs=int(pairs))


def _read_sense(text: str) -> Sense:
    words, _, hint = text.partition("[")
    renderings = tuple(map(str.strip, words.split(",")))
    return Sense(renderings, hint.rstrip("] "))


class Lexicon(Mapping[str, Entry]):
    """Entries by their form. A line is read when its form is first asked for."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Take lines of the file: form, class, meaning and number of pairs, with tabs between them."""
        self._lines: dict[str, str] = {}
        for line in lines:
            form, _, rest = line.partition("\t")
            self._lines[form] = rest
        self._read: dict[str, Entry] = {}

    def __getitem__(self, form: str) -> Entry:
        """Return the entry of a form.

        Raises:
            KeyError: there is none.
        """
        if form not in self._read:
            self._read[form] = _read_entry(form, self._lines[form])
        return self._read[form]

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def __contains__(self, form: object) -> bool:
        return form in self._lines

    def with_entries(self, entries: Mapping[str, Entry]) -> Lexicon:
        """Return a lexicon that has other entries too, in the place of its own where they have the same key."""
        other = Lexicon(())
        other._lines = self._lines | dict.fromkeys(entries, "")
        other._read = dict(entries)
        return other

    @cached_property
    def longest_phrase(self) -> int:
        """How many words the longest form has."""
        return max((form.count(" ") for form in self._lines), default=0) + 1


@cache
def load_lexicon() -> Lexicon:
    """Return the lexicon of the package (``training/lexicon`` has its source and its card)."""
    content = gzip.decompress(files(__package__).joinpath(FILE).read_bytes()).decode("utf-8")
    return Lexicon(content.splitlines())
