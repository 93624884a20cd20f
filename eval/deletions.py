"""Which words of a text were deleted to make a shorter one of it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from eval.data import read_text_file
from eval.extracts import tokenize
from summarizer import InputError
from summarizer.models import CutWeights, TextModel
from summarizer.result import AbstractSentence
from summarizer.text.normalise import one_line
from summarizer.text.sentences import PlacedSentence, split_sentences
from summarizer.writing.cutting import cut_sentences

# A part of a word stands for it if it has so many letters: "gaming" of "gaming-nya".
_SHORTEST_PART = 3
# So many words of the shorter text may have been glued together in the longer one.
_MOST_GLUED = 4
# What is gained by a letter that matches,
_LETTER = 1.0
# by a word that matches as it is written,
_SAME = 0.1
# and by a gap of missing words that begins or ends where a clause does;
_AT_PAUSE = 0.3
# and what a gap costs.
_GAP = 1.0
_PAUSE = re.compile(r"[.,;:!?)”\"]$")


class _State(NamedTuple):
    """How far two texts were matched: words of each, and whether the last one of the longer text was kept."""

    longer: int
    shorter: int
    kept: bool


@dataclass(frozen=True)
class _Word:
    """A word as it is written, and its letters and digits alone; a mark has none."""

    written: str
    letters: str

    @classmethod
    def of(cls, written: str) -> _Word:
        return cls(written, "".join(tokenize(written)))


def find_kept(words: Sequence[str], shorter: str) -> list[bool] | None:
    """Return which words of a text are still there in a shorter text that was made of it by deletion alone.

    Of several ways to find the shorter text in the longer one, the one with the fewest gaps counts. Case and marks
    don't matter, and words that are glued together in the longer text may stand apart.

    Args:
        words: of the longer text.
        shorter: the text made of it.

    Returns:
        for each word whether it is kept; None if the shorter text has a word, or an order, that the longer one hasn't.
    """
    ours = list(map(_Word.of, words))
    theirs = [word for word in map(_Word.of, shorter.split()) if word.letters]
    best, came_from = _align(ours, theirs)
    ends: list[_State] = []
    for kept in (False, True):
        end = _State(len(ours), len(theirs), kept)
        if end in best:
            ends.append(end)
    if not ends:
        return None
    state = max(ends, key=lambda end: best[end])
    kept_words: list[bool] = []
    while state.longer > 0:
        kept_words.append(state.kept)
        state = came_from[state]
    kept_words.reverse()
    # A mark alone goes with what stands in front of it.
    for place, word in enumerate(ours):
        if not word.letters:
            kept_words[place] = place > 0 and kept_words[place - 1]
    return kept_words


def _align(ours: Sequence[_Word], theirs: Sequence[_Word]) -> tuple[dict[_State, float], dict[_State, _State]]:
    """Find the best way to each state in which words of both texts can be matched.

    Args:
        ours: words of the longer text.
        theirs: words of the shorter text.

    Returns:
        what the best way to a state is worth, and the state before it on that way.
    """
    best = {_State(0, 0, kept=True): 0.0}
    came_from: dict[_State, _State] = {}
    for place, word in enumerate(ours):
        at_pause = place == 0 or bool(_PAUSE.search(ours[place - 1].written))
        for matched in range(len(theirs) + 1):
            for kept in (False, True):
                state = _State(place, matched, kept)
                if state not in best:
                    continue
                for following, gain in _steps(state, word, theirs, at_pause=at_pause):
                    value = best[state] + gain
                    if value > best.get(following, -math.inf):
                        best[following] = value
                        came_from[following] = state
    return best, came_from


def _steps(state: _State, word: _Word, theirs: Sequence[_Word], *, at_pause: bool) -> Iterator[tuple[_State, float]]:
    """Yield what can become of the next word of the longer text: the state after it, and what is gained.

    Args:
        state: before the word.
        word: of the longer text.
        theirs: all words of the shorter text.
        at_pause: whether a clause ends before the word.
    """
    if not word.letters:
        yield _State(state.longer + 1, state.shorter, state.kept), 0.0
        return
    # It is deleted.
    gain = 0.0
    if state.kept:
        gain = -_GAP
        if at_pause:
            gain += _AT_PAUSE
    yield _State(state.longer + 1, state.shorter, kept=False), gain
    # It is kept, as one word of the shorter text or as several that were glued together.
    most = min(_MOST_GLUED, len(theirs) - state.shorter)
    for count in range(1, most + 1):
        end = state.shorter + count
        piece = "".join(part.letters for part in theirs[state.shorter : end])
        if not _is_part(piece, word.letters):
            continue
        gain = _LETTER * len(piece)
        if word.written == theirs[state.shorter].written:
            gain += _SAME
        if at_pause and not state.kept:
            gain += _AT_PAUSE
        yield _State(state.longer + 1, end, kept=True), gain


def _is_part(piece: str, word: str) -> bool:
    """Tell whether letters stand for a word: they are all of it, or a part that is long enough."""
    if piece == word:
        return True
    return len(piece) >= _SHORTEST_PART and piece in word


def count_agreement(kept: Sequence[bool], wanted: Sequence[bool]) -> tuple[int, int, int]:
    """Return how many words were deleted by both, by the first alone and by the second alone."""
    by_both = 0
    by_first = 0
    by_second = 0
    for first_kept, second_kept in zip(kept, wanted, strict=True):
        if not first_kept and not second_kept:
            by_both += 1
        elif not first_kept:
            by_first += 1
        elif not second_kept:
            by_second += 1
    return by_both, by_first, by_second


@dataclass(frozen=True)
class CutFigures:
    """How near the cuts of a model are to those of an editor, over all words of some abstracts.

    Attributes:
        items: how many abstracts.
        precision: share of the words that it deleted which the editor deleted as well.
        recall: share of the words that the editor deleted which it deleted as well.
        kept: share of all words that it kept.
        wanted: share of all words that the editor kept.
        whole: share of the sentences in which it deleted nothing.
    """

    items: int
    precision: float
    recall: float
    kept: float
    wanted: float
    whole: float

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def __str__(self) -> str:
        """Say it in one line."""
        return (
            f"{self.items} abstracts: F1 of deleted words {self.f1:.3f} (precision {self.precision:.3f}, recall "
            f"{self.recall:.3f}), kept {self.kept:.3f} of the words (the editor {self.wanted:.3f}), {self.whole:.0%} "
            "of the sentences whole"
        )


@dataclass(frozen=True)
class EditedAbstract:
    """An abstract before and after an editor deleted words: headline, sentences, which of their words were kept."""

    title: str
    sentences: tuple[str, ...]
    kept: tuple[bool, ...]


def read_edited(path: Path, limit: int | None = None) -> list[EditedAbstract]:
    """Read abstracts before and after deletion: JSON lines with ``text``, ``cut`` and maybe ``title``.

    Those whose ``cut`` is not made of the ``text`` by deletion alone are left out.

    Raises:
        InputError: a line is something else.
    """
    abstracts: list[EditedAbstract] = []
    for number, line in enumerate(read_text_file(path).rstrip("\n").split("\n"), 1):
        try:
            row = json.loads(line)
            title = row.get("title") or ""
            sentences = split_sentences(one_line(row["text"]))
            kept = find_kept(" ".join(sentences).split(), row["cut"])
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise InputError(f"{path}, line {number}: not an object with text and cut") from error
        if kept is not None:
            abstracts.append(EditedAbstract(title, tuple(sentences), tuple(kept)))
        if limit is not None and len(abstracts) >= limit:
            break
    return abstracts


def measure_cuts(abstracts: Sequence[EditedAbstract], model: TextModel) -> CutFigures | None:
    """Compare what a model cuts of sentences with what an editor cut; None if it cuts nothing.

    Raises:
        InputError: a sentence that the model cut isn't made by deletion alone.
    """
    weighed = model.weigh_cuts([(abstract.title, abstract.sentences) for abstract in abstracts])
    if weighed is None:
        return None
    kept: list[bool] = []
    wanted: list[bool] = []
    sentences = 0
    whole = 0
    for abstract, weights in zip(abstracts, weighed, strict=True):
        wanted += abstract.kept
        for sentence, text in zip(abstract.sentences, _cut(abstract, weights), strict=True):
            kept_words = find_kept(sentence.split(), text)
            if kept_words is None:
                raise InputError(f"{text!r} is not made of {sentence!r} by deletion alone")
            kept += kept_words
            sentences += 1
            if all(kept_words):
                whole += 1
    both, by_model, by_editor = count_agreement(kept, wanted)
    return CutFigures(
        items=len(abstracts),
        precision=_share(both, both + by_model),
        recall=_share(both, both + by_editor),
        kept=_share(sum(kept), len(kept)),
        wanted=_share(sum(wanted), len(wanted)),
        whole=_share(whole, sentences),
    )


def _cut(abstract: EditedAbstract, weights: Sequence[CutWeights]) -> list[str]:
    """Return the sentences of an abstract as the package cuts them."""
    sentences: list[AbstractSentence] = []
    for place, sentence in enumerate(abstract.sentences):
        sentences.append(AbstractSentence.from_article(PlacedSentence((0, place), sentence)))
    return [sentence.text for sentence in cut_sentences(sentences, weights)]


def _share(part: int, whole: int) -> float:
    """Return a share, 0 of nothing."""
    return part / max(1, whole)
