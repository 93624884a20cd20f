"""Sentences in which what goes stands between braces: "Polisi {tidak} menahan pelaku."."""

from __future__ import annotations

from summarizer.checks.deletions.gaps import Gap, InnerGap
from summarizer.checks.deletions.word_forms import WordForm, read_forms


def cut(marked: str) -> tuple[list[str], list[bool]]:
    """Return the words of a sentence, and whether each stays."""
    words: list[str] = []
    kept: list[bool] = []
    stays = True
    for word in marked.split():
        stays = stays and not word.startswith("{")
        words.append(word.strip("{}"))
        kept.append(stays)
        stays = stays or word.endswith("}")
    return words, kept


def forms(marked: str) -> tuple[tuple[WordForm, ...], list[bool]]:
    """Return what shows of the words of a sentence, and whether each stays."""
    words, kept = cut(marked)
    return read_forms(tuple(words)), kept


def gap(marked: str) -> Gap:
    """Return the only gap of a sentence."""
    words, kept = forms(marked)
    places = [place for place, stays in enumerate(kept) if not stays]
    assert places == list(range(places[0], places[-1] + 1)), "a sentence with one gap"
    return Gap(words, places[0] - 1, places[-1] + 1)


def inner_gap(marked: str) -> InnerGap:
    """Return the only gap of a sentence, which is between two words."""
    inner = gap(marked).inner
    assert inner is not None, "a sentence with a gap in its middle"
    return inner
