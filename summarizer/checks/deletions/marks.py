"""Brackets and quotation marks, which keep their partners, and quotations, which go as a whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence

from summarizer.checks.deletions.gaps import Gap
from summarizer.checks.deletions.word_forms import WordForm

_QUOTATION_MARKS = '"“”'


def breaks_marks(gap: Gap) -> bool:
    """Tell whether brackets or quotation marks lose their partner, or a quotation some of its words."""
    if not _has_whole_brackets(gap.gone):
        return True
    marks_before = _count_quotation_marks(gap.words_in_front)
    marks_gone = _count_quotation_marks(gap.gone)
    marks_behind = _count_quotation_marks(gap.words_behind)
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
        depth += word.text.count("(") - word.text.count(")")
        if depth < 0:
            return False
    return depth == 0


def _count_quotation_marks(words: Sequence[WordForm]) -> int:
    """Return how many double quotation marks some words have."""
    count = 0
    for word in words:
        for mark in _QUOTATION_MARKS:
            count += word.text.count(mark)
    return count
