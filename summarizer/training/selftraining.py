"""Self-training: Indonesian news as the model itself translates it, where it is sure of that.

A model can learn from its own translations if they are better than the first it would write, and if their sources are
disturbed (He et al. 2020, arXiv:1909.13788). Better is here what is likeliest in both directions, as users get it; what
the checks find fault with is left out.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean

from summarizer.faithfulness import check_translation
from summarizer.models import Request, Task, TextModel
from summarizer.text.sentences import split_sentences
from summarizer.training import articles, bitext
from summarizer.training.articles import Junk
from summarizer.training.bitext import Pair, grams
from summarizer.training.records import append_records, read_records

PART = 256
"""How many sentences are translated at a time: enough to fill batches with sentences of like length."""

_FEWEST_WORDS, _MOST_WORDS = 6, 26
_WHOLE = re.compile(r"[A-Z\"“‘].*[.!?\"”]")
# What a page's layout left in a sentence: addresses, prompts, words without a space between them.
_DIRT = re.compile(r"https?://|[@|[\]{}<>]|[a-z][A-Z]|\b(?:Baca|Simak|Foto:|ADVERT)|[^\W\d][.,][^\W\d]{3}")
_SMALL = frozenset(
    tomllib.loads(Path(__file__).with_name("small_words.toml").read_text(encoding="utf-8"))["words"].split()
)
_SHORTEST = 5


@dataclass(frozen=True)
class OwnTranslation:
    """What a model wrote of an Indonesian sentence.

    Attributes:
        source: the sentence.
        text: in English; empty if it came to no end.
        score: mean log-probability of its tokens, in nats.
        source_score: that of the source's, given the translation.
    """

    source: str
    text: str
    score: float
    source_score: float


def choose(data: Path, junk: Junk, count: int, seed: int) -> list[str]:
    """Choose sentences of Indonesian news.

    Args:
        data: a folder with ``news``, ``summaries`` and ``translation/dev``. What shares eight words on end with a dev
            set is left out.
        junk: takes away what is a site's.
        count: of sentences, if there are as many.
        seed: of the choice.

    Raises:
        InputError: a file is missing or damaged.
    """
    sieve = bitext.Sieve()
    sieve.reserve(bitext.read_sets(data / "translation" / "dev"))
    evaluation = sieve.evaluation | articles.grams_of(articles.read_dev(data / "summaries", junk).values())
    found: dict[str, str] = {}
    for path in sorted((data / "news").glob("*.jsonl.gz")):
        for article in articles.read_headlines(path, junk):
            for line in article.text.split("\n"):
                for sentence in map(bitext.normalize, split_sentences(line)):
                    if _is_clean(sentence) and not grams(sentence) & evaluation:
                        found.setdefault(bitext.fold(sentence), sentence)
    sentences = sorted(found.values())
    return random.Random(seed).sample(sentences, min(count, len(sentences)))  # noqa: S311


def _is_clean(sentence: str) -> bool:
    fits = _FEWEST_WORDS <= len(sentence.split()) <= _MOST_WORDS
    return fits and _WHOLE.fullmatch(sentence) is not None and not _DIRT.search(sentence)


def translate(sentences: Sequence[str], model: TextModel) -> Iterator[list[OwnTranslation]]:
    """Yield the translations of some sentences, `PART` at a time; a model that gives no scores yields none."""
    for start in range(0, len(sentences), PART):
        part = sentences[start : start + PART]
        written = model.generate(Task.TRANSLATE, [Request(sentence) for sentence in part])
        yield [
            OwnTranslation(source, one.text if one.finished else "", one.score, fmean(one.source_scores))
            for source, one in zip(part, written, strict=True)
            if one.score is not None and one.source_scores
        ]


def keep(written: Iterable[OwnTranslation], lowest: float) -> list[Pair]:
    """Return the translations that both directions are sure of, and in which the checks find no fault.

    Args:
        written: by a model.
        lowest: the share with the lowest scores that is left out, of each score, from 0 to 1.
    """
    ended = [one for one in written if one.text]
    scores, source_scores = sorted(one.score for one in ended), sorted(one.source_score for one in ended)
    at = int(lowest * len(ended))
    kept: list[Pair] = []
    for one in ended:
        is_sure = one.score >= scores[at] and one.source_score >= source_scores[at]
        if is_sure and not check_translation(one.source, one.text):
            kept.append(Pair(one.source, one.text, len(kept)))
    return kept


def disturb(text: str, rate: float, rng: random.Random) -> str:
    """Return a sentence as a careless writer might have put it: with the same meaning, and all names and numbers.

    Args:
        text: the sentence.
        rate: the share of small words that are left out, from 0 to 1. A third of it is the share of longer words that
            have two letters swapped, and of words that change places with the next; none has a capital letter.
        rng: decides where.
    """
    words = [word for word in text.split() if word not in _SMALL or rng.random() >= rate]
    for at, word in enumerate(words):
        if len(word) >= _SHORTEST and _is_plain(word) and rng.random() < rate / 3:
            cut = rng.randrange(1, len(word) - 2)
            words[at] = word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :]
    for at in range(len(words) - 1):
        one, two = words[at : at + 2]
        if _is_plain(one) and _is_plain(two) and rng.random() < rate / 3:
            words[at : at + 2] = two, one
    return " ".join(words)


def _is_plain(word: str) -> bool:
    return word.isalpha() and word.islower()


def read_own(path: Path) -> Iterator[OwnTranslation]:
    """Return an iterator over the translations of a file that `append_own` wrote.

    Raises:
        InputError: the file is missing or damaged.
    """
    return read_records(
        path,
        "translations",
        lambda row: OwnTranslation(row["source"], row["text"], float(row["score"]), float(row["source_score"])),
    )


def append_own(path: Path, written: Iterable[OwnTranslation]) -> None:
    """Append translations to a file, one a line (JSON).

    Raises:
        InputError: it can't be written.
    """
    append_records(path, map(asdict, written))
