"""Which words of a text were deleted to make a shorter one of it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.data import read_text_file
from eval.extracts import tokenize
from summarizer import InputError
from summarizer.models import TextModel
from summarizer.result import AbstractSentence
from summarizer.text.normalise import one_line
from summarizer.text.sentences import PlacedSentence, split_sentences
from summarizer.writing.cutting import cut_sentences

# A part of a word stands for it if it has so many letters: "gaming" of "gaming-nya".
_SHORTEST_PART = 3
# So many words of the shorter text may have been glued together in the longer one.
_MOST_GLUED = 4
# What is gained by a letter that matches, by a word that matches as it is written, and by a gap where a clause ends;
# and what a gap costs, of words that are missing.
_LETTER, _SAME, _AT_PAUSE, _GAP = 1.0, 0.1, 0.3, 1.0
_PAUSE = re.compile(r"[.,;:!?)”\"]$")


def find_kept(words: Sequence[str], shorter: str) -> list[bool] | None:  # noqa: C901 - one table, filled in one go
    """Return which words of a text are still there in a shorter text that was made of it by deletion alone.

    Of several ways to find the shorter text in the longer one, the one with the fewest gaps counts. Case and marks
    don't matter, and words that are glued together in the longer text may stand apart.

    Args:
        words: of the longer text.
        shorter: the text made of it.

    Returns:
        for each word whether it is kept; None if the shorter text has a word, or an order, that the longer one hasn't.
    """
    ours = ["".join(tokenize(word)) for word in words]
    written = [word for word in shorter.split() if tokenize(word)]
    theirs = ["".join(tokenize(word)) for word in written]
    # The best way to find some first words of the shorter text in some first of the longer one, where the last of these
    # is deleted (0) or kept (1).
    best = np.full((len(ours) + 1, len(theirs) + 1, 2), -np.inf)
    best[0, 0, 1] = 0.0
    came_from: dict[tuple[int, int, int], tuple[int, int]] = {}

    def offer(place: tuple[int, int, int], value: float, origin: tuple[int, int]) -> None:
        if value > best[place]:
            best[place] = value
            came_from[place] = origin

    for at, word in enumerate(ours):
        ends_clause = at == 0 or bool(_PAUSE.search(words[at - 1]))
        for found in range(len(theirs) + 1):
            for state in (0, 1):
                value = float(best[at, found, state])
                if value == -np.inf:
                    continue
                if not word:
                    # A mark alone goes with what stands in front of it.
                    offer((at + 1, found, state), value, (found, state))
                    continue
                cost = _GAP - (_AT_PAUSE if ends_clause else 0) if state else 0.0
                offer((at + 1, found, 0), value - cost, (found, state))
                for count in range(1, _MOST_GLUED + 1):
                    piece = "".join(theirs[found : found + count])
                    if found + count > len(theirs) or not _is_part(piece, word):
                        continue
                    gain = _LETTER * len(piece) + (_SAME if words[at] == written[found] else 0)
                    gain += _AT_PAUSE if not state and ends_clause else 0
                    offer((at + 1, found + count, 1), value + gain, (found, state))
    state = int(best[-1, -1].argmax())
    if best[-1, -1, state] == -np.inf:
        return None
    kept: list[bool] = []
    found = len(theirs)
    for at in range(len(ours), 0, -1):
        before, previous = came_from[at, found, state]
        kept.append(bool(ours[at - 1]) and state == 1)
        found, state = before, previous
    kept.reverse()
    for at in range(len(kept)):
        if not ours[at]:
            kept[at] = bool(at and kept[at - 1])
    return kept


def _is_part(piece: str, word: str) -> bool:
    return piece == word or (len(piece) >= _SHORTEST_PART and piece in word)


def count_agreement(kept: Sequence[bool], wanted: Sequence[bool]) -> tuple[int, int, int]:
    """Return how many words were deleted by both, by the first alone and by the second alone."""
    pairs = list(zip(kept, wanted, strict=True))
    both = sum(not one and not other for one, other in pairs)
    return both, sum(not one and other for one, other in pairs), sum(one and not other for one, other in pairs)


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
    abstracts = []
    for number, line in enumerate(read_text_file(path).rstrip("\n").split("\n"), 1):
        try:
            row = json.loads(line)
            title, text, cut = row.get("title") or "", row["text"], row["cut"]
            sentences = tuple(split_sentences(one_line(text)))
            kept = find_kept([word for sentence in sentences for word in sentence.split()], cut)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise InputError(f"{path}, line {number}: not an object with text and cut") from error
        if kept is not None:
            abstracts.append(EditedAbstract(title, sentences, tuple(kept)))
        if limit is not None and len(abstracts) >= limit:
            break
    return abstracts


def measure_cuts(abstracts: Sequence[EditedAbstract], model: TextModel) -> CutFigures | None:
    """Compare what a model cuts of sentences with what an editor cut; None if it cuts nothing."""
    weighed = model.weigh_cuts([(abstract.title, abstract.sentences) for abstract in abstracts])
    if weighed is None:
        return None
    both = ours = theirs = kept_words = wanted = words = whole = sentences = 0
    for abstract, steps in zip(abstracts, weighed, strict=True):
        taken = [
            AbstractSentence.from_article(PlacedSentence((0, place), sentence))
            for place, sentence in enumerate(abstract.sentences)
        ]
        texts = [sentence.text for sentence in cut_sentences(taken, steps)]
        kept: list[bool] = []
        for sentence, text in zip(abstract.sentences, texts, strict=True):
            own = find_kept(sentence.split(), text)
            if own is None:
                raise InputError(f"{text!r} is not made of {sentence!r} by deletion alone")
            kept += own
            whole += all(own)
        found, alone, missed = count_agreement(kept, abstract.kept)
        both, ours, theirs = both + found, ours + alone, theirs + missed
        kept_words += sum(kept)
        wanted += sum(abstract.kept)
        words += len(kept)
        sentences += len(texts)
    return CutFigures(
        len(abstracts),
        both / max(1, both + ours),
        both / max(1, both + theirs),
        kept_words / max(1, words),
        wanted / max(1, words),
        whole / max(1, sentences),
    )
