"""Write the abstract of a cleaned article, and keep out of it what the article doesn't say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TypeAlias

from summarizer.article import Article
from summarizer.checks import (
    check_abstract_sentence,
    content_words,
    find_dangling_opening,
    find_support,
    skip_bigram_coverage,
)
from summarizer.models import Advance, Generation, Length, Request, Task, TextModel
from summarizer.result import Abstract, Repair, Truncation
from summarizer.text.normalise import one_line
from summarizer.text.repetition import cut_repetition
from summarizer.text.sentences import split_sentences
from summarizer.writing.selection import select_sentences

_LETTER = re.compile(r"[^\W\d_]")

MAX_SENTENCES: dict[Length | None, int] = {"short": 2, "medium": 3, "long": 5, None: 5}
# The longest title that a model is given, in its tokens: no headline has as many, a paragraph taken for one may.
_MAX_TITLE = 64
# The smallest share of a sentence's neighbouring content words that must be neighbours in the article. Of 113 sentences
# of 40 abstracts that had passed .7, and that were read against their articles, 8 of 13 misleading ones were below it,
# and 10 of 100 others.
_MIN_PAIRS = 0.85
# So many of the article's own sentences stand in for an abstract that can't be used.
_LEAD_SENTENCES = 2


@dataclass(frozen=True)
class _Source:
    """An article as a model can read it: its sentences, none of them longer than the model can take, and its title."""

    sentences: list[str]
    title: str
    max_sentences: int
    whole: list[tuple[tuple[int, int], str]]
    """All sentences of the article, uncut, and where they stand: (paragraph, sentence in the paragraph)."""


# The sentences of an abstract, warnings, and what became of those that the model wrote.
_Written: TypeAlias = tuple[list[str], list[str], tuple[Repair, ...]]


def write_abstracts(
    articles: Sequence[Article],
    model: TextModel,
    advance: Advance = lambda count: None,
    *,
    length: Length | None = None,
) -> list[Abstract]:
    """Write an abstract for each article.

    Where the model can rank the sentences of an article, the abstract consists of those that matter most. What another
    model writes is the abstract, but for the sentences that say what the article doesn't: the article's own sentence
    that says most of the same takes the place of each, or none. Of a digest whose stories are known, the abstract is
    the first sentence of each, one a line, without the model.

    Of an article longer than a model can take, one that ranks reads all, part by part. Another one reads the beginning,
    and a warning says how much was left out. The model is told the article's title as well, but what the title alone
    says counts as not said: headlines exaggerate.

    Abstracts have at most `MAX_SENTENCES` sentences, and never more than half as many as the article, rounded up.
    """
    sources = [None if article.stories else _read(article, model, length) for article in articles]
    read = [source for source in sources if source]
    advance(len(articles) - len(read))
    ranks = model.rank_sentences([(source.title, source.sentences) for source in read])
    written: list[_Written]
    if ranks is None:
        read = [_fit(source, model) for source in read]
        requests = [Request(" ".join(source.sentences), source.title) for source in read]
        drafts = model.generate(Task.SUMMARIZE, requests, advance=advance)
        written = [_check(_split(draft), source) for draft, source in zip(drafts, read, strict=True)]
    else:
        written = [
            (select_sentences(source.sentences, own, source.max_sentences), [], ())
            for own, source in zip(ranks, read, strict=True)
        ]
        advance(len(read))
    done = zip(written, read, strict=True)
    return [
        _finish(article, *next(done)) if source else _tell_stories(article)
        for article, source in zip(articles, sources, strict=True)
    ]


def _finish(article: Article, written: _Written, source: _Source) -> Abstract:
    (sentences, warnings, repairs), truncation = written, _find_truncation(source)
    text = " ".join(sentences)
    support = tuple(find_support(text, article.paragraphs))
    return Abstract(text, (*([str(truncation)] if truncation else []), *warnings), support, repairs, truncation)


def _tell_stories(article: Article) -> Abstract:
    """Return the first sentence of each story of a digest, one a line: a model would make one tale of them."""
    lines: list[str] = []
    for heading, end in zip(article.stories, (*article.stories[1:], len(article.paragraphs)), strict=True):
        sentences = [sentence for text in article.paragraphs[heading + 1 : end] for sentence in split_sentences(text)]
        own = (sentence for sentence in sentences if not find_dangling_opening(sentence))
        lines.append(next(own, article.paragraphs[heading]))
    support = tuple(item for line in lines for item in find_support(line, article.paragraphs))
    return Abstract("\n".join(lines), (), support)


def _read(article: Article, model: TextModel, length: Length | None) -> _Source:
    title = one_line(article.title or "")
    if model.count_tokens(title) > _MAX_TITLE:
        title = ""
    room = model.max_input_tokens(Task.SUMMARIZE, title)
    whole = [
        ((row, column), sentence)
        for row, paragraph in enumerate(article.paragraphs)
        for column, sentence in enumerate(split_sentences(paragraph))
    ]
    sentences = [_shorten(sentence, room, model) for _, sentence in whole]
    return _Source(sentences, title, min(MAX_SENTENCES[length], (len(sentences) + 1) // 2), whole)


def _shorten(sentence: str, room: int, model: TextModel) -> str:
    """Take as many words of a sentence as fit into a model, or as many letters of an endless one."""
    while sentence and model.count_tokens(f" {sentence}") > room:
        words = sentence.split()
        sentence = " ".join(words[: len(words) * 3 // 4]) if len(words) > 1 else sentence[: len(sentence) * 3 // 4]
    return sentence


def _fit(source: _Source, model: TextModel) -> _Source:
    """Take as many of an article's sentences, the first of them, as the model can take at once."""
    room = model.max_input_tokens(Task.SUMMARIZE, source.title)
    sizes = accumulate(model.count_tokens(f" {sentence}") for sentence in source.sentences)
    kept = [sentence for sentence, size in zip(source.sentences, sizes, strict=True) if size <= room]
    return replace(source, sentences=kept)


def _find_truncation(source: _Source) -> Truncation | None:
    """Say what of an article is not in the sentences that were read of it, the first of them."""
    whole, read = source.whole, source.sentences
    rest = [place for at, (place, sentence) in enumerate(whole) if read[at : at + 1] != [sentence]]
    if not rest:
        return None
    words = sum(len(sentence.split()) for _, sentence in whole) - sum(len(sentence.split()) for sentence in read)
    return Truncation(tuple(rest), words, len(whole))


def _split(generation: Generation) -> list[str]:
    """Return the whole sentences of what the model wrote."""
    text = cut_repetition(generation.text)
    sentences = [piece for piece in split_sentences(text) if _LETTER.search(piece)]
    # What it was writing when its time was up, or over and over, is not a sentence.
    return _distinct(sentences if generation.finished and text == generation.text else sentences[:-1])


def _distinct(sentences: Iterable[str]) -> list[str]:
    """Leave out sentences whose content words all are in an earlier one."""
    kept: dict[str, set[str]] = {}
    for sentence in sentences:
        words = content_words(sentence)
        if not any(words <= earlier for earlier in kept.values()):
            kept[sentence] = words
    return list(kept)


def _check(draft: Sequence[str], source: _Source) -> _Written:
    """Put the article's own sentences in place of those that say what it doesn't, or that point back to such a one."""
    own = source.sentences
    sentences: list[str] = []
    wrong: list[str] = []
    replaced: list[str] = []
    has_lost_context = True
    for sentence in draft[: source.max_sentences]:
        faults = [fault.piece for fault in check_abstract_sentence(sentence, own)]
        is_lost = has_lost_context and find_dangling_opening(sentence, inside=bool(sentences))
        has_lost_context = bool(is_lost or faults or skip_bigram_coverage(sentence, own) < _MIN_PAIRS)
        if has_lost_context:
            wrong += faults
            replaced += [] if faults else [sentence]
            sentence = _closest(sentence, own)
        if sentence:
            sentences.append(sentence)
    sentences, wrong = _distinct(sentences), list(dict.fromkeys(wrong))
    if not sentences:
        warning = "the model wrote no usable abstract: these are the article's own first sentences"
        lead = own[: min(_LEAD_SENTENCES, source.max_sentences)]
        return lead, [warning], (Repair("abstract", "lead", tuple(wrong)),)
    warnings = []
    if wrong:
        quoted = ", ".join(f"“{piece}”" for piece in wrong)
        warnings.append(
            f"part of the abstract is in the article's own words: the model wrote {quoted}, which the article does not "
            "say"
        )
    repairs = (Repair("abstract", "replaced", (*wrong, *replaced)),) if wrong or replaced else ()
    return sentences, warnings, repairs


def _closest(sentence: str, own: Sequence[str]) -> str:
    """Return the article's sentence that has most of a sentence's content words and needs no other one, or ""."""
    wanted = content_words(sentence)
    found = [(len(wanted & content_words(one)), one) for one in own if not find_dangling_opening(one)]
    shared, best = max(found, key=lambda pair: pair[0], default=(0, ""))
    return best if shared else ""
