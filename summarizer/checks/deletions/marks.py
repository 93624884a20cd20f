"""Brackets and quotation marks, which keep their partners, and quotations, which go as a whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter

from summarizer.checks.deletions.gaps import Gap
from summarizer.checks.deletions.word_forms import WordForm

_Count = Callable[[WordForm], int]
"""Tells how many marks of a kind a word has. A word is asked for every gap of its sentence, so it remembers them."""

_KINDS: tuple[_Count, ...] = (attrgetter("quotation_marks"), attrgetter("single_quotation_marks"))


def breaks_marks(gap: Gap) -> bool:
    """Tell whether brackets or quotation marks lose their partner, or a quotation some of its words."""
    if not _has_whole_brackets(gap.gone):
        return True
    return any(_breaks_quotation(gap, count) for count in _KINDS)


def _breaks_quotation(gap: Gap, count: _Count) -> bool:
    """Tell whether quotation marks of a kind lose their partner, or a quotation some of its words."""
    marks_before = sum(map(count, gap.words_in_front))
    marks_gone = sum(map(count, gap.gone))
    marks_behind = sum(map(count, gap.words_behind))
    if marks_gone % 2 == 1:
        # One mark of a pair goes, the other stays.
        return True
    is_in_quotation = marks_before % 2 == 1
    # Where marks have no partner, nobody knows what they open.
    are_paired = (marks_before + marks_gone + marks_behind) % 2 == 0
    return is_in_quotation and are_paired


def _has_whole_brackets(words: Sequence[WordForm]) -> bool:
    """Tell whether each bracket that some words open is closed in them, and none else is."""
    depth = 0
    for word in words:
        depth += word.brackets_left_open
        if depth < 0:
            return False
    return depth == 0
