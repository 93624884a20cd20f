"""Write the abstract of a cleaned article, and keep out of it what the article doesn't say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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
from summarizer.writing.extract import extract
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
    """What the model reads of an article, and how many sentences its abstract may have."""

    sentences: list[str]
    title: str
    max_sentences: int
    truncation: Truncation | None


def write_abstracts(
    articles: Sequence[Article],
    model: TextModel,
    advance: Advance = lambda count: None,
    *,
    length: Length | None = None,
) -> list[Abstract]:
    """Write an abstract for each article.

    Where the model can rank the sentences of an article, the abstract consists of the best of them, and what the model
    writes is a draft that helps to choose. What another model writes is the abstract, but for the sentences that say
    what the article doesn't: the article's own sentence that says most of the same takes the place of each, or none. Of
    a digest whose stories are known, the abstract is the first sentence of each, one a line, without the model.

    Of an article longer than the model can take, it reads a part; a warning says how much was left out. The model is
    told the article's title as well, but what the title alone says counts as not said: headlines exaggerate.

    Args:
        articles: cleaned articles with at least one sentence each.
        model: the model that writes.
        advance: called with the number of articles that are done.
        length: how long the abstracts should be; None leaves it to the model. They have at most `MAX_SENTENCES`
            sentences, and never more than half as many as the article, rounded up.
    """
    sources = [None if article.stories else _read(article, model, length) for article in articles]
    read = [source for source in sources if source]
    advance(len(articles) - len(read))
    ranks = model.rank_sentences([(source.title, source.sentences) for source in read])
    requests = [Request(" ".join(source.sentences), source.title, length) for source in read]
    ranked, written = iter(ranks or ()), iter(model.generate(Task.SUMMARIZE, requests, advance=advance))
    abstracts = []
    for article, source in zip(articles, sources, strict=True):
        if source is None:
            abstracts.append(_tell_stories(article))
            continue
        draft = _split(next(written))[: source.max_sentences]
        warnings: list[str] = []
        repairs: tuple[Repair, ...] = ()
        if ranks is None:
            sentences, warnings, repairs = _check(draft, source)
        else:
            sentences = extract(source.sentences, source.title, next(ranked), draft, source.max_sentences)
        if source.truncation:
            warnings.insert(0, str(source.truncation))
        text = " ".join(sentences)
        support = tuple(find_support(text, article.paragraphs))
        abstracts.append(Abstract(text, tuple(warnings), support, repairs, source.truncation))
    return abstracts


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
    """Take as many sentences of the article as the model can, beside its title."""
    title = one_line(article.title or "")
    if model.count_tokens(title) > _MAX_TITLE:
        title = ""
    room = model.max_input_tokens(Task.SUMMARIZE, title)
    positions, sentences = [], []
    for row, paragraph in enumerate(article.paragraphs):
        for column, sentence in enumerate(split_sentences(paragraph)):
            positions.append((row, column))
            sentences.append(sentence)
    chosen = select_sentences(sentences, [model.count_tokens(f" {sentence}") for sentence in sentences], room, title)
    read = [sentences[place] for place in chosen]
    rest = [place for place in range(len(sentences)) if place not in set(chosen)]
    words = sum(len(sentences[place].split()) for place in rest)
    if sentences and not read:
        # Not even the first sentence fits: take as many of its words as do, or of the letters of an endless one.
        first = sentences[0]
        while first and model.count_tokens(first) > room:
            parts = first.split()
            first = " ".join(parts[: len(parts) * 3 // 4]) if len(parts) > 1 else first[: len(first) * 3 // 4]
        read, words = [first], words - len(first.split())
    truncation = Truncation(tuple(positions[place] for place in rest), words, len(sentences)) if rest else None
    return _Source(read, title, min(MAX_SENTENCES[length], (len(sentences) + 1) // 2), truncation)


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


def _check(draft: Sequence[str], source: _Source) -> tuple[list[str], list[str], tuple[Repair, ...]]:
    """Put the article's own sentences in place of those that say what it doesn't, or that point back to such a one.

    Returns:
        The sentences of the abstract, warnings, and repairs.
    """
    own = source.sentences
    sentences: list[str] = []
    wrong: list[str] = []
    replaced: list[str] = []
    has_lost_context = True
    for sentence in draft:
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
    return sentences, warnings, (Repair("abstract", "replaced", (*wrong, *replaced)),) if wrong or replaced else ()


def _closest(sentence: str, own: Sequence[str]) -> str:
    """Return the article's sentence that has most of a sentence's content words and needs no other one, or ""."""
    wanted = content_words(sentence)
    found = [(len(wanted & content_words(one)), one) for one in own if not find_dangling_opening(one)]
    shared, best = max(found, key=lambda pair: pair[0], default=(0, ""))
    return best if shared else ""
