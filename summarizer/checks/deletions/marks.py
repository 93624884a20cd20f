"""Brackets and quotation marks, which keep their partners, and quotations, which go as a whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.checks.deletions.gaps import Gap
from summarizer.checks.deletions.word_forms import WordForm

_QUOTATION_MARK = re.compile(r"[\"“”„«»]")
# At the beginning or the end of a word: within one, as in "Jum'at", it is no quotation mark.
_SINGLE_QUOTATION_MARK = re.compile(r"(?<!\w)['‘](?=\w)|(?<=[\w.,!?…])['’](?!\w)")


def breaks_marks(gap: Gap) -> bool:
    """Tell whether brackets or quotation marks lose their partner, or a quotation some of its words."""
    if not _has_whole_brackets(gap.gone):
        return True
    return any(_breaks_quotation(gap, mark) for mark in (_QUOTATION_MARK, _SINGLE_QUOTATION_MARK))


def _breaks_quotation(gap: Gap, mark: re.Pattern[str]) -> bool:
    """Tell whether quotation marks lose their partner, or a quotation some of its words; ``mark`` finds such marks."""
    marks_before = _count_marks(gap.words_in_front, mark)
    marks_gone = _count_marks(gap.gone, mark)
    marks_behind = _count_marks(gap.words_behind, mark)
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


def _count_marks(words: Sequence[WordForm], mark: re.Pattern[str]) -> int:
    """Return how many quotation marks of a kind some words have."""
    return sum(len(mark.findall(word.text)) for word in words)
