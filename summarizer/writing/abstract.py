"""Write the abstract of a cleaned article, and keep out of it what the article doesn't say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from summarizer.article import Article
from summarizer.checks import (
    Support,
    check_abstract_sentence,
    find_dangling_opening,
    find_names,
    find_support,
    skip_bigram_coverage,
)
from summarizer.models import Advance, Generation, Length, Request, Task, TextModel
from summarizer.text.normalise import one_line
from summarizer.text.repetition import cut_repetition, find_repetition
from summarizer.text.sentences import split_sentences
from summarizer.writing.extract import extract
from summarizer.writing.repair import Repair
from summarizer.writing.selection import Unread, select_sentences

_LONE_QUOTE = re.compile(r'\s+["“]$')
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"\w+")

MAX_SENTENCES: dict[Length | None, int] = {"short": 2, "medium": 3, "long": 5, None: 5}
_MAX_STORIES = 12
# The longest title that a model is given, in its tokens: no headline has as many, a paragraph taken for one may.
_MAX_TITLE = 64
# The smallest share of a sentence's neighbouring content words that must be neighbours in the article. Of 113 sentences
# of 40 abstracts that had passed .7, and that were read against their articles, 8 of 13 misleading ones were below it,
# and 10 of 100 others.
_MIN_PAIRS = 0.85
# A sentence repeats an earlier one if no more than this share of its words is new.
_MAX_NEW = 0.15
# So many of the article's own sentences stand in for an abstract that can't be used.
_LEAD_SENTENCES = 2


@dataclass(frozen=True)
class Abstract:
    """An abstract and what the reader should know about it.

    Attributes:
        text: the abstract, in Indonesian.
        warnings: in plain words; empty when all is well.
        support: what each of its sentences rests on.
        repairs: what was done to keep it to what the article says; empty if nothing had to be.
        unread: what of the article the model didn't read; None if it read all.
    """

    text: str
    warnings: tuple[str, ...]
    support: tuple[Support, ...] = ()
    repairs: tuple[Repair, ...] = ()
    unread: Unread | None = None


@dataclass(frozen=True)
class _Source:
    """What the model reads of an article, and how many sentences its abstract may have."""

    sentences: list[str]
    title: str
    max_sentences: int
    unread: Unread | None = None

    @property
    def text(self) -> str:
        return " ".join(self.sentences)


def write_abstracts(
    articles: Sequence[Article],
    model: TextModel,
    advance: Advance = lambda count: None,
    *,
    length: Length | None = None,
) -> list[Abstract]:
    """Write an abstract for each article.

    What a model that extracts (`TextModel.extracts`) writes is a draft: with a ranking of the article's sentences it
    decides which of them make the abstract (`summarizer.writing.extract.extract`). So the abstract says nothing in
    words of the model's own.

    What another model writes is the abstract, but for the sentences that say what the article doesn't: the article's
    own sentence that says most of the same takes the place of each, or none. The abstract's repairs and a warning say
    so.

    Of an article longer than the model can take, `summarizer.writing.selection.select_sentences` chooses what it reads;
    a warning says how much was left out. The model is told the article's title as well, but what the title alone says
    counts as not said: headlines exaggerate.

    Of a digest whose stories are known, the abstract is the first sentence of each, one a line, without the model.

    An abstract has at most `MAX_SENTENCES` sentences, and never more than half as many as its article, rounded up.

    Args:
        articles: cleaned articles with at least one sentence each.
        model: the model that writes.
        advance: called with the number of articles that are done.
        length: how long the abstracts should be; None leaves it to the model.
    """
    sources = [None if article.stories else _read(article, model, length) for article in articles]
    requests = [Request(source.text, source.title, length) for source in sources if source]
    advance(len(articles) - len(requests))
    written = iter(model.generate(Task.SUMMARIZE, requests, advance=advance))
    abstracts = []
    for article, source in zip(articles, sources, strict=True):
        if source is None:
            abstracts.append(_tell_stories(article))
        elif model.extracts:
            draft = _split(next(written), source.max_sentences)
            sentences = extract(source.sentences, source.title, draft, source.max_sentences)
            abstracts.append(_finish(article, source, sentences))
        else:
            abstracts.append(_check(article, source, _split(next(written), source.max_sentences)))
    return abstracts


def _finish(
    article: Article,
    source: _Source,
    sentences: Sequence[str],
    warnings: Sequence[str] = (),
    repairs: Sequence[Repair] = (),
) -> Abstract:
    text = " ".join(sentences)
    told = [str(source.unread)] if source.unread else []
    support = tuple(find_support(text, article.paragraphs))
    return Abstract(text, (*told, *warnings), support, tuple(repairs), source.unread)


def _tell_stories(article: Article) -> Abstract:
    """Return the first sentence of each story of a digest, one a line: a model would make one tale of them."""
    lines: list[str] = []
    rest = 0
    ends = (*article.stories[1:], len(article.paragraphs))
    for heading, end in zip(article.stories, ends, strict=True):
        sentences = [sentence for text in article.paragraphs[heading + 1 : end] for sentence in split_sentences(text)]
        own = next((sentence for sentence in sentences if not find_dangling_opening(sentence)), None)
        if len(lines) < _MAX_STORIES:
            lines.append(own or article.paragraphs[heading])
        else:
            rest += 1
    warnings = [f"{rest} more {'story is' if rest == 1 else 'stories are'} left out"] if rest else []
    support = tuple(item for line in lines for item in find_support(line, article.paragraphs))
    return Abstract("\n".join(lines), tuple(warnings), support)


def _check(article: Article, source: _Source, written: Sequence[str]) -> Abstract:
    """Put the article's own sentences in place of those that say what it doesn't.

    A sentence that points back goes too if the one in front of it does, and what stands in for that has no name in
    common with it. Nor does an own sentence that points back take a place.
    """
    sentences: list[str] = []
    wrong: list[str] = []
    replaced: list[str] = []
    has_lost_context = True
    for sentence in written:
        faults = [fault.piece for fault in check_abstract_sentence(sentence, source.sentences)]
        if has_lost_context and find_dangling_opening(sentence, inside=bool(sentences)):
            replaced.append(sentence)
        elif faults:
            wrong += faults
        elif skip_bigram_coverage(sentence, source.sentences) >= _MIN_PAIRS:
            sentences.append(sentence)
            has_lost_context = False
            continue
        else:
            replaced.append(sentence)
        stands_in = _closest(sentence, source.sentences)
        has_lost_context = _names(sentence).isdisjoint(_names(stands_in))
        sentences += [stands_in] if stands_in else []
    sentences = _distinct(sentences)
    warnings = []
    if not sentences:
        sentences = source.sentences[: min(_LEAD_SENTENCES, source.max_sentences)]
        warnings.append("the model wrote no usable abstract: these are the article's own first sentences")
        return _finish(article, source, sentences, warnings, [Repair("abstract", "lead", tuple(wrong))])
    wrong = list(dict.fromkeys(wrong))
    if wrong:
        quoted = ", ".join(f"“{piece}”" for piece in wrong)
        warnings.append(
            f"part of the abstract is in the article's own words: the model wrote {quoted}, which the article does not "
            "say"
        )
    repairs = [Repair("abstract", "replaced", (*wrong, *replaced))] if wrong or replaced else []
    return _finish(article, source, sentences, warnings, repairs)


def _closest(sentence: str, own: list[str]) -> str:
    """Return the article's sentence that says most of a sentence by itself and needs no other, or ""."""
    rows = [row for found in find_support(sentence, own) for row, _ in found.positions]
    rows = [row for row in rows if not find_dangling_opening(own[row])]
    share = {row: sum(support.share for support in find_support(sentence, [own[row]])) for row in rows}
    return own[max(rows, key=lambda row: share[row])] if rows else ""


def _names(sentence: str) -> set[str]:
    return {name.text for name in find_names(sentence, "id")}


def _read(article: Article, model: TextModel, length: Length | None) -> _Source:
    """Take as many sentences of the article as the model can, beside its title."""
    title = one_line(article.title or "")
    if model.count_tokens(title) > _MAX_TITLE:
        title = ""
    room = model.max_input_tokens(Task.SUMMARIZE, title)
    places = [
        ((row, column), sentence)
        for row, paragraph in enumerate(article.paragraphs)
        for column, sentence in enumerate(split_sentences(paragraph))
    ]
    sentences = [sentence for _, sentence in places]
    most = min(MAX_SENTENCES[length], (len(sentences) + 1) // 2)
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
    unread = Unread(tuple(places[place][0] for place in rest), words, len(sentences)) if rest else None
    return _Source(read, title, most, unread)


def _distinct(sentences: Iterable[str]) -> list[str]:
    """Leave out sentences that say hardly anything beyond an earlier one, and no new number or name."""
    kept: dict[str, set[str]] = {}
    for sentence in sentences:
        words = _WORD.findall(sentence)
        # What the sentence begins with has its capital from that.
        telling = {word.casefold() for word in words[1:] if not word.islower()}
        said = {word.casefold() for word in words}
        if not any(
            len(said - earlier) <= _MAX_NEW * len(said) and telling.issubset(earlier) for earlier in kept.values()
        ):
            kept[sentence] = said
    return list(kept)


def _split(generation: Generation, most: int) -> list[str]:
    """Return the first whole sentences of what the model wrote."""
    # A quotation mark after a sentence opens the next one, which may never come.
    whole = (_LONE_QUOTE.sub("", piece) for piece in split_sentences(cut_repetition(generation.text)))
    sentences = _distinct(piece for piece in whole if _LETTER.search(piece))
    if find_repetition(generation.text) is not None or not generation.finished:
        # What it was writing when its time was up is not a sentence.
        sentences = sentences[:-1]
    return sentences[:most]
