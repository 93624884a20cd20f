"""Write the abstract of a cleaned article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.article import Article
from summarizer.faithfulness import support, unsupported
from summarizer.loops import find_loop
from summarizer.models.base import Advance, Generation, Task, TextModel
from summarizer.sentences import split_sentences

_LONE_QUOTE = re.compile(r'\s+["“]$')
_LETTER = re.compile(r"[^\W\d_]")

MAX_SENTENCES = 3
CANDIDATES = 4
"""How many other abstracts the model writes of an article whose first one is at fault."""

MIN_SUPPORT = 0.5
"""Smallest share of an abstract sentence's longer words that must stand in the article."""

LEAD_SENTENCES = 2
"""How many of the article's own sentences stand in for an abstract that can't be used."""


@dataclass(frozen=True)
class Abstract:
    """An abstract and what the reader should know about it.

    Attributes:
        text: the abstract, in Indonesian.
        warnings: in plain words; empty when all is well.
    """

    text: str
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class _Input:
    text: str
    sentences: list[str]
    used: int


def write_abstracts(
    articles: Sequence[Article], model: TextModel, advance: Advance = lambda count: None
) -> list[Abstract]:
    """Write an abstract for each article.

    An abstract that is empty, runs in a loop, holds a number or name that the article doesn't, or has a sentence
    most of whose words the article doesn't have, is replaced by the first faultless one of the model's candidates.
    If there is none, the article's own first sentences take its place, and a warning says so.

    An article longer than the model can take is read from its beginning, where news puts what matters most, up to
    the last sentence that fits; a warning says how much was left out.

    Args:
        articles: cleaned articles with at least one sentence each.
        model: the model that writes.
        advance: called with the number of articles that are done.
    """
    inputs = [_fit(article, model) for article in articles]
    chosen: list[str | None] = [
        _usable(generation, source.text)
        for generation, source in zip(
            model.generate(Task.SUMMARIZE, [source.text for source in inputs], advance=advance), inputs, strict=True
        )
    ]
    failed = [index for index, text in enumerate(chosen) if text is None]
    if failed:
        again = model.candidates(Task.SUMMARIZE, [inputs[index].text for index in failed], CANDIDATES)
        for index, generations in zip(failed, again, strict=True):
            usable = (_usable(generation, inputs[index].text) for generation in generations)
            chosen[index] = next((text for text in usable if text is not None), None)
    return [_abstract(text, source) for text, source in zip(chosen, inputs, strict=True)]


def _abstract(text: str | None, source: _Input) -> Abstract:
    warnings = []
    if source.used < len(source.sentences):
        left_out = sum(len(sentence.split()) for sentence in source.sentences[source.used :])
        warnings.append(
            f"the article is longer than the model can take: the abstract is of its first {source.used} sentences, "
            f"the last {len(source.sentences) - source.used} ({left_out} words) were not read"
        )
    if text is None:
        text = " ".join(source.sentences[:LEAD_SENTENCES])
        warnings.append("the model wrote no usable abstract: these are the article's own first sentences")
    return Abstract(text, tuple(warnings))


def _fit(article: Article, model: TextModel) -> _Input:
    """Take as many sentences from the beginning of the article as the model can."""
    room = model.capacity(Task.SUMMARIZE)
    sentences = [sentence for paragraph in article.paragraphs for sentence in split_sentences(paragraph)]
    used = 0
    for sentence in sentences:
        room -= model.count_tokens(f" {sentence}")
        if room < 0:
            break
        used += 1
    if used:
        return _Input(" ".join(sentences[:used]), sentences, used)
    # Not even the first sentence fits: take as many of its words as do.
    words = sentences[0].split() if sentences else []
    while words and model.count_tokens(" ".join(words)) > model.capacity(Task.SUMMARIZE):
        words = words[: len(words) * 3 // 4]
    return _Input(" ".join(words), [" ".join(words), *sentences], 1)


def _usable(generation: Generation, source: str) -> str | None:
    """Return what can be used of the model's text, or None."""
    if find_loop(generation.text) is not None:
        return None
    # A quotation mark behind a sentence opens the next one, which may never come.
    whole = (_LONE_QUOTE.sub("", piece) for piece in split_sentences(generation.text))
    sentences = [piece for piece in dict.fromkeys(whole) if _LETTER.search(piece)]
    if not generation.finished:
        # What it was writing when its time was up is no sentence.
        sentences = sentences[:-1]
    sentences = sentences[:MAX_SENTENCES]
    text = " ".join(sentences)
    if not text or unsupported(text, source):
        return None
    # A small model at a loss copies from the examples in its prompt instead of from the article.
    if min(support(sentence, source) for sentence in sentences) < MIN_SUPPORT:
        return None
    return text
