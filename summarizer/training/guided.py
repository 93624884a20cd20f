"""Guided back-translation: English sentences are put into Indonesian by a model that is told the rare words.

A model's translations of text in the target language are training text for the way back (Sennrich et al. 2016,
arXiv:1511.06709). But a word that the model doesn't know, it gets wrong there too, and so would learn it wrong. So such
words are replaced with their translations by a lexicon first: the model copies most of them into its sentence.
"""

from __future__ import annotations

import gzip
import random
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from summarizer.errors import InputError
from summarizer.training.bitext import Pair, Sieve, grams, normalize, read_sets
from summarizer.training.lexicon import Sense, read_lexicon
from summarizer.training.records import append_records, read_records

REPLACED = 3
"""The most words of a sentence that are replaced."""

# How often a word may be used that the model has seen up to so often.
_USES = ((100, 24), (400, 12), (1600, 6))
# The part of the sentences without such a word that are taken all the same.
_UNGUIDED = 0.05
_FEWEST_WORDS, _MOST_WORDS = 6, 28

_SHORTEST = 4
_WORD = re.compile(r"[a-z]+(?:[- ][a-z]+)?")
_PIECE = re.compile(r"[A-Za-z]+(?:[-'][A-Za-z]+)*|[^A-Za-z]+")
_WHOLE = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_ADJECTIVES = frozenset("asr")
_BEFORE_NOUNS, _BEFORE_VERBS, _BEFORE_PARTICIPLES = (
    frozenset(words.split())
    for words in tomllib.loads(Path(__file__).with_name("before_words.toml").read_text(encoding="utf-8")).values()
)


@dataclass(frozen=True)
class Guided:
    """An English sentence, made ready.

    Attributes:
        text: the sentence.
        mixed: the sentence with some words in Indonesian.
        words: these, in their order.
    """

    text: str
    mixed: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class _Find:
    first: int
    last: int
    word: str


class Guide:
    """Replaces English words whose Indonesian ones are rare."""

    def __init__(self, senses: Mapping[str, Sequence[Sense]], most: Mapping[str, int]) -> None:
        """Prepare the search.

        Args:
            senses: translations of Indonesian words.
            most: how often each Indonesian word may be used in all; one that isn't named is not.
        """
        self._left = Counter(most)
        self._words: dict[str, list[tuple[str, frozenset[str]]]] = defaultdict(list)
        for word, found in senses.items():
            for sense in found:
                if all(_WORD.fullmatch(text) and len(text) >= _SHORTEST for text in (word, sense.text)):
                    self._words[sense.text].append((word, sense.kinds))

    def guide(self, text: str) -> Guided:
        """Replace words of a sentence, from the left, with the Indonesian ones that were used least.

        Nothing with a capital letter is replaced, nor a form that says more than the Indonesian word does, such as a
        past tense.
        """
        pieces = _PIECE.findall(text)
        finds = self._find(pieces)[:REPLACED]
        for find in finds:
            self._left[find.word] -= 1
        mixed = list(pieces)
        for find in reversed(finds):
            mixed[find.first : find.last + 1] = [find.word]
        return Guided(text, "".join(mixed), tuple(find.word for find in finds))

    def _find(self, pieces: Sequence[str]) -> list[_Find]:
        places = [place for place, piece in enumerate(pieces) if piece[0].isalpha()]
        finds: list[_Find] = []
        at = 0
        while at < len(places):
            before = pieces[places[at - 1]].lower() if at else ""
            for span in (2, 1):
                first, last = places[at], places[min(at + span, len(places)) - 1]
                written = "".join(pieces[first : last + 1])
                word = self._choose(written, before) if written.islower() else None
                if word:
                    finds.append(_Find(first, last, word))
                    at += span
                    break
            else:
                at += 1
        return finds

    def _choose(self, written: str, before: str) -> str | None:
        fitting = [
            word
            for form, is_bare in _bases(written)
            for word, kinds in self._words.get(form, ())
            if self._left[word] > 0 and _fits(kinds, before, is_bare, written.endswith("ing"))
        ]
        return max(fitting, key=lambda word: self._left[word]) if fitting else None


def _bases(written: str) -> Iterator[tuple[str, bool]]:
    """Yield what a form may be of, and whether it is the form itself."""
    yield written, True
    if written.endswith("ies"):
        yield written[:-3] + "y", False
    if written.endswith("s") and not written.endswith("ss"):
        yield written[:-1], False
    if written.endswith("es"):
        yield written[:-2], False
    if written.endswith("ing"):
        yield written[:-3], False
        yield written[:-3] + "e", False


def _fits(kinds: Container[str], before: str, is_bare: bool, is_participle: bool) -> bool:
    """Tell whether a word, by what stands in front of it, is of a part of speech that its translation has."""
    if "n" in kinds and before in _BEFORE_NOUNS and (is_bare or not is_participle):
        return True
    if "v" in kinds:
        if is_participle and not is_bare:
            return before in _BEFORE_PARTICIPLES
        if is_bare and before in _BEFORE_VERBS:
            return True
    return is_bare and any(kind in kinds for kind in _ADJECTIVES)


def choose(data: Path, counts: Mapping[str, int], count: int, seed: int) -> list[Guided]:
    """Choose sentences of English news, guided, with many different rare words.

    Args:
        data: a folder with ``english_news``, ``dictionaries`` and ``translation/dev``. What shares eight words on end
            with a dev set is left out.
        counts: how often Indonesian words stand in the text that the model has learnt from.
        count: of sentences, if there are as many.
        seed: of the choice.

    Raises:
        InputError: a file is missing or damaged.
    """
    rng = random.Random(seed)  # noqa: S311
    senses = read_lexicon(data / "dictionaries").senses
    guide = Guide(senses, {word: _uses(counts, word) for word in senses})
    sieve = Sieve()
    sieve.reserve(read_sets(data / "translation" / "dev"))
    sentences = sorted(set(_read_sentences(data / "english_news")))
    rng.shuffle(sentences)
    chosen: list[Guided] = []
    for sentence in sentences:
        if len(chosen) == count:
            break
        if not grams(sentence) & sieve.evaluation:
            guided = guide.guide(sentence)
            if guided.words or rng.random() < _UNGUIDED:
                chosen.append(guided)
    return chosen


def _uses(counts: Mapping[str, int], word: str) -> int:
    return next((uses for up_to, uses in _USES if counts.get(word, 0) <= up_to), 0)


def _read_sentences(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*.tsv.gz")):
        try:
            with gzip.open(path, "rt", encoding="utf-8") as stream:
                for line in stream:
                    sentence = normalize(line.partition("\t")[2])
                    if _FEWEST_WORDS <= len(sentence.split()) <= _MOST_WORDS:
                        yield sentence
        except (OSError, EOFError, UnicodeDecodeError) as error:
            raise InputError(f"cannot read {path}: {error}") from error


@dataclass(frozen=True)
class BackTranslation:
    """What a model wrote of an English sentence.

    Attributes:
        guided: the sentence.
        text: in Indonesian; empty if it came to no end.
        score: mean log-probability of its tokens, in nats.
    """

    guided: Guided
    text: str
    score: float


def keep(written: Iterable[BackTranslation], least: float, below: float = 0.0) -> list[Pair]:
    """Return the back-translations that have all words of the guide, and a score from ``least`` to ``below``."""
    pairs: list[Pair] = []
    for one in written:
        plain = f" {' '.join(_WHOLE.findall(one.text.lower()))} "
        if one.text and least <= one.score <= below and all(f" {word} " in plain for word in one.guided.words):
            pairs.append(Pair(one.text, one.guided.text, len(pairs)))
    return pairs


def read_back(path: Path) -> Iterator[BackTranslation]:
    """Return an iterator over the back-translations of a file that `append_back` wrote.

    Raises:
        InputError: the file is missing or damaged.
    """
    return read_records(
        path,
        "back-translations",
        lambda row: BackTranslation(
            Guided(row["en"], row["mixed"], tuple(row["words"])), row["id"], float(row["score"])
        ),
    )


def append_back(path: Path, written: Iterable[BackTranslation]) -> None:
    """Append back-translations to a file, one a line (JSON).

    Raises:
        InputError: it can't be written.
    """
    append_records(
        path,
        (
            {
                "en": one.guided.text,
                "mixed": one.guided.mixed,
                "words": one.guided.words,
                "id": one.text,
                "score": round(one.score, 4),
            }
            for one in written
        ),
    )
