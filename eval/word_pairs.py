"""Make the word pairs of `summarizer.checks.word_pairs` from parallel text."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from eval.data import read_text_file
from summarizer.checks.word_pairs import english_stem, english_words, indonesian_words
from summarizer.errors import InputError
from summarizer.storage.atomic import open_whole

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LONGEST = 30
"""Different words of the longest sentence that is counted."""
_ITERATIONS = 6
# A pair is kept if both words are seen as often, and one of its probabilities is as high.
_LEAST_SEEN, _LEAST_SHARE = 5, 0.05
_COMMON = 150


class WordPair(NamedTuple):
    """An Indonesian word and an English stem.

    Attributes:
        word: in the form of `indonesian_words`.
        stem: in the form of `english_stem`.
        there: probability of the stem given the word.
        back: probability of the word given the stem.
    """

    word: str
    stem: str
    there: float
    back: float


def count_pairs(sentences: Iterable[tuple[str, str]]) -> tuple[list[WordPair], Counter[str], Counter[str]]:
    """Estimate how likely words translate each other, by IBM model 1 in both directions.

    Each sentence is taken as a set of words. It takes memory: about 80 bytes for each pair of words in a sentence.

    Args:
        sentences: Indonesian ones and their translations.

    Returns:
        The pairs, and how many sentences hold each Indonesian word and each English stem.
    """
    import numpy as np

    own: list[set[str]] = []
    english: list[set[str]] = []
    for source, target in sentences:
        left, right = set(indonesian_words(source)), {english_stem(word) for word in english_words(target)}
        if 0 < len(left) <= LONGEST and 0 < len(right) <= LONGEST:
            own.append(left)
            english.append(right)
    seen = Counter(chain.from_iterable(own)), Counter(chain.from_iterable(english))
    words, stems = (sorted(word for word, count in counts.items() if count > 1) for counts in seen)
    if not words or not stems:
        return [], *seen
    word_ids, stem_ids = ({word: at for at, word in enumerate(known)} for known in (words, stems))
    links: list[tuple[NDArray[np.int32], ...]] = []
    for number, (left, right) in enumerate(zip(own, english, strict=True)):
        first = np.array(sorted(word_ids[word] for word in left if word in word_ids), np.int32)
        second = np.array(sorted(stem_ids[stem] for stem in right if stem in stem_ids), np.int32)
        size = len(first) * len(second)
        links.append((np.full(size, number, np.int32), np.repeat(first, len(second)), np.tile(second, len(first))))
    sentence, word, stem = (np.concatenate(part) for part in zip(*links, strict=True))
    codes, pair = np.unique(word.astype(np.int64) * len(stems) + stem, return_inverse=True)
    of_word, of_stem = codes // len(stems), codes % len(stems)
    there = _estimate(pair, _groups(sentence, stem), of_word)
    back = _estimate(pair, _groups(sentence, word), of_stem)
    return [
        WordPair(words[one], stems[other], float(t), float(b))
        for one, other, t, b in zip(of_word, of_stem, there, back, strict=True)
    ], *seen


def _groups(sentence: NDArray[np.int32], word: NDArray[np.int32]) -> NDArray[np.int64]:
    import numpy as np

    codes = sentence.astype(np.int64) * (int(word.max()) + 1) + word
    places: NDArray[np.int64] = np.unique(codes, return_inverse=True)[1]
    return places


def _estimate(pair: NDArray[np.int64], explained: NDArray[np.int64], given: NDArray[np.int64]) -> NDArray[np.float64]:
    """Run expectation maximisation.

    Args:
        pair: of each link between two words of a sentence, the pair that it is.
        explained: of each link, the word in its sentence that is to be explained by it or another.
        given: of each pair, the word that explains.
    """
    import numpy as np

    shares = np.ones(len(given))
    for _ in range(_ITERATIONS):
        links = shares[pair]
        counts = np.bincount(pair, links / np.bincount(explained, links)[explained])
        shares = counts / np.bincount(given, counts)[given]
    return shares


def pack(pairs: Iterable[WordPair], words: Mapping[str, int], stems: Counter[str]) -> bytes:
    """Return the pairs that are worth keeping, as the file in use has them.

    Args:
        pairs: of `count_pairs`.
        words: how many sentences hold each word.
        stems: how many sentences hold each stem.
    """
    rows: dict[str, list[tuple[int, int, str]]] = {}
    for word, stem, there, back in pairs:
        often = words[word] >= _LEAST_SEEN and stems[stem] >= _LEAST_SEEN
        if often and max(there, back) >= _LEAST_SHARE:
            rows.setdefault(word, []).append((-round(100 * there), -round(100 * back), stem))
    common = sorted(sorted(stems, key=lambda stem: (-stems[stem], stem))[:_COMMON])
    lines = [" ".join(common)]
    for word, found in sorted(rows.items()):
        lines.append(f"{word} " + " ".join(f"{stem}:{-there}:{-back}" for there, back, stem in sorted(found)))
    return gzip.compress(("\n".join(lines) + "\n").encode("utf-8"), 9, mtime=0)


def read_pairs(files: Sequence[Path]) -> Iterable[tuple[str, str]]:
    """Yield the lines of files ``NAME.id`` with those of ``NAME.en`` beside them, each pair of a file once.

    Raises:
        InputError: a file can't be read, or has not as many lines as the one beside it.
    """
    for file in files:
        beside = file.with_suffix(".en")
        sources, targets = (read_text_file(path).split("\n") for path in (file, beside))
        if len(sources) != len(targets):
            raise InputError(f"{file} has {len(sources)} lines, but {beside} has {len(targets)}")
        yield from dict.fromkeys(pair for pair in zip(sources, targets, strict=True) if all(pair))


@click.command("wordpairs")
@click.argument("files", metavar="NAME.id...", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="File to write.")
def word_pairs(files: tuple[Path, ...], output: Path) -> None:
    """Count which words translate each other, in parallel text, for the checks of translations.

    NAME.id is Indonesian, line by line, with NAME.en beside it. 310,000 pairs of sentences take 5 minutes and 4 GB.
    """
    pairs, words, stems = count_pairs(read_pairs(files))
    with open_whole(output) as file:
        file.write(pack(pairs, words, stems))
