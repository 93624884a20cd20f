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
    """A line of the lexicon.

    Attributes:
        form: as news prints it, in lower case but for abbreviations and names.
        word_class: see `WordClass`.
        meaning: the third column as it stands in the file: senses, or the right spelling.
        pairs: how many of the sentence pairs that the embedded model learnt from have the form; 1000 for more.
    """

    form: str
    word_class: WordClass
    meaning: str
    pairs: int

    @cached_property
    def senses(self) -> tuple[Sense, ...]:
        """The meanings, the commonest first; none unless the form is a `WordClass.WORD`."""
        if self.word_class is not WordClass.WORD:
            return ()
        return tuple(_read_sense(text) for text in self.meaning.split(" | "))

    @cached_property
    def renderings(self) -> tuple[str, ...]:
        """All renderings of all senses."""
        return tuple(rendering for sense in self.senses for rendering in sense.renderings)

    @property
    def correction(self) -> str:
        """What a misspelt form, or one of glued words, should be; "" for others."""
        return self.meaning.removeprefix("= ") if self.word_class in (WordClass.MISSPELT, WordClass.GLUED) else ""


def _read_sense(text: str) -> Sense:
    words, _, hint = text.partition("[")
    renderings = tuple(rendering.strip() for rendering in words.split(","))
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
        """Return the entry of a form; a `KeyError` if there is none."""
        if form not in self._read:
            word_class, meaning, pairs = self._lines[form].split("\t")
            self._read[form] = Entry(form, WordClass(word_class), meaning, int(pairs))
        return self._read[form]

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def __contains__(self, form: object) -> bool:
        return form in self._lines

    @cached_property
    def longest_phrase(self) -> int:
        """How many words the longest form has."""
        return max((form.count(" ") for form in self._lines), default=0) + 1


@cache
def load_lexicon() -> Lexicon:
    """Return the lexicon of the package (``training/lexicon`` has its source and its card)."""
    content = gzip.decompress(files(__package__).joinpath(FILE).read_bytes()).decode("utf-8")
    return Lexicon(content.splitlines())
