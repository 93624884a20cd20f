"""Write the abstract of a cleaned article, and keep out of it what the article doesn't say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from summarizer.article import Article
from summarizer.faithfulness import Fault, Support, check_sentence, find_support
from summarizer.models.base import Advance, Generation, Length, Request, Task, TextModel
from summarizer.text.normalise import one_line
from summarizer.text.repetition import cut_repetition, find_repetition
from summarizer.text.sentences import split_sentences
from summarizer.writing.repair import How, Repair

_LONE_QUOTE = re.compile(r'\s+["“]$')
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"\w+")

MAX_SENTENCES: Mapping[Length | None, int] = {"short": 2, "medium": 3, "long": 5, None: 5}
"""The most sentences that an abstract has, by the length that was asked for."""

MAX_TITLE = 64
"""The longest title that the model is given, in its tokens: no headline has as many, a paragraph taken for one may."""

CANDIDATES = 4
"""How many other abstracts the model writes of an article whose first one is at fault."""

MIN_SUPPORT = 0.5
"""Smallest share of an abstract sentence's longer words that must stand in the article."""

MAX_NEW = 0.15
"""Largest share of a sentence's words that are new, if it is taken for a repetition of an earlier one."""

LEAD_SENTENCES = 2
"""How many of the article's own sentences stand in for an abstract that can't be used."""


@dataclass(frozen=True)
class Abstract:
    """An abstract and what the reader should know about it.

    Attributes:
        text: the abstract, in Indonesian.
        warnings: in plain words; empty when all is well.
        support: what each of its sentences rests on.
        repairs: what was done to keep it to what the article says; empty if nothing had to be.
    """

    text: str
    warnings: tuple[str, ...]
    support: tuple[Support, ...] = ()
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True)
class _Input:
    """What the model reads of an article, and how many sentences its abstract may have."""

    text: str
    title: str
    sentences: list[str]
    used: int
    most: int


@dataclass(frozen=True)
class _Draft:
    """A text of the model: its sentences, and what is wrong with each of them."""

    sentences: list[str]
    faults: list[list[Fault]]
    whole: bool

    @property
    def good(self) -> bool:
        return bool(self.sentences) and self.whole and not any(self.faults)

    @property
    def pieces(self) -> list[str]:
        return list(dict.fromkeys(fault.piece for faults in self.faults for fault in faults))


def write_abstracts(
    articles: Sequence[Article],
    model: TextModel,
    advance: Advance = lambda count: None,
    *,
    length: Length | None = None,
) -> list[Abstract]:
    """Write an abstract for each article.

    An abstract is at fault if it is empty, runs in a loop, says what `summarizer.faithfulness.check_abstract` doesn't
    find in the article, or has a sentence most of whose words the article lacks. Then, until one is faultless:

    1. the model writes `CANDIDATES` others;
    2. it writes as many more while it is kept from writing the pieces that were at fault;
    3. in the best of all that it wrote, each sentence at fault is replaced by the article's own sentence that says
       most of the same;
    4. if it wrote nothing that is left then, the article's first sentences take the place of the abstract.

    What was done is in the abstract's repairs; a warning says so where the article's own sentences were taken.

    An article longer than the model can take is read from its beginning, where news puts what matters most, up to
    the last sentence that fits; a warning says how much was left out. The model is told the article's title as well,
    but what the title alone says counts as not said: headlines exaggerate.

    An abstract has at most `MAX_SENTENCES` sentences, and never more than half as many as its article, rounded up.

    Args:
        articles: cleaned articles with at least one sentence each.
        model: the model that writes.
        advance: called with the number of articles that are done.
        length: how long the abstracts shall be; None leaves it to the model.
    """
    inputs = [_fit(article, model, length) for article in articles]
    requests = [Request(source.text, source.title, length) for source in inputs]
    first = model.generate(Task.SUMMARIZE, requests, advance=advance)
    drafts = [[_draft(text, source)] for text, source in zip(first, inputs, strict=True)]
    how: dict[int, How] = {}
    for rung in ("candidate", "forbidden"):
        failed = [index for index, written in enumerate(drafts) if not written[-1].good]
        if rung == "forbidden":
            for index in failed:
                requests[index] = replace(requests[index], forbidden=_forbidden(drafts[index], inputs[index]))
            # Where there is nothing to forbid, decoding would write the same again.
            failed = [index for index in failed if requests[index].forbidden]
        if not failed:
            continue
        others = model.candidates(Task.SUMMARIZE, [requests[index] for index in failed], CANDIDATES)
        for index, generations in zip(failed, others, strict=True):
            for generation in generations:
                drafts[index].append(_draft(generation, inputs[index]))
                if drafts[index][-1].good:
                    how[index] = "candidate" if rung == "candidate" else "forbidden"
                    break
    return [
        _abstract(drafts[index], how.get(index), source, article)
        for index, (source, article) in enumerate(zip(inputs, articles, strict=True))
    ]


def _abstract(drafts: list[_Draft], how: How | None, source: _Input, article: Article) -> Abstract:
    warnings = []
    if source.used < len(source.sentences):
        left_out = sum(len(sentence.split()) for sentence in source.sentences[source.used :])
        warnings.append(
            f"the article is longer than the model can read: the abstract covers its first {source.used} sentences; "
            f"the last {len(source.sentences) - source.used} ({left_out} words) were not read"
        )
    pieces = drafts[0].pieces
    if drafts[-1].good:
        text = " ".join(drafts[-1].sentences)
    else:
        best = min(drafts, key=lambda draft: (not draft.sentences, sum(map(bool, draft.faults)), -len(draft.sentences)))
        pieces = best.pieces or pieces
        sentences = _replace(best, source)
        if sentences:
            text = " ".join(sentences)
            if best.pieces:
                how = "replaced"
                warnings.append(
                    f"part of the abstract is in the article's own words: the model wrote {_quote(pieces)}, which the "
                    "article does not say"
                )
            elif best is not drafts[0]:
                how = "candidate"
        else:
            count = min(LEAD_SENTENCES, source.most, source.used)
            text, how = " ".join(source.sentences[:count]), "lead"
            warnings.append("the model wrote no usable abstract: these are the article's own first sentences")
    repairs = (Repair("abstract", how, tuple(pieces)),) if how else ()
    return Abstract(text, tuple(warnings), tuple(find_support(text, article.paragraphs)), repairs)


def _quote(pieces: Sequence[str]) -> str:
    return ", ".join(f"“{piece}”" for piece in pieces)


def _forbidden(drafts: list[_Draft], source: _Input) -> tuple[str, ...]:
    """Return the pieces at fault that can be forbidden: not those that are parts of what the article says."""
    kinds = {"number", "unit", "name"}
    pieces = (fault.piece for draft in drafts for faults in draft.faults for fault in faults if fault.kind in kinds)
    return tuple(piece for piece in dict.fromkeys(pieces) if piece not in source.text)


def _replace(draft: _Draft, source: _Input) -> list[str]:
    """Put the article's own sentences in the place of those at fault."""
    sentences: list[str] = []
    own = source.sentences[: source.used]
    for sentence, faults in zip(draft.sentences, draft.faults, strict=True):
        if faults:
            rows = [row for support in find_support(sentence, own) for row, _ in support.positions]
            if not rows:
                continue
            sentence = _closest(sentence, own, rows)
        if sentence not in sentences:
            sentences.append(sentence)
    return sentences


def _closest(sentence: str, own: list[str], rows: list[int]) -> str:
    """Return the one of the supporting sentences that says most of the sentence by itself."""
    return own[max(rows, key=lambda row: sum(support.share for support in find_support(sentence, [own[row]])))]


def _fit(article: Article, model: TextModel, length: Length | None) -> _Input:
    """Take as many sentences from the beginning of the article as the model can, beside its title."""
    title = one_line(article.title or "")
    if model.count_tokens(title) > MAX_TITLE:
        title = ""
    room = model.max_input_tokens(Task.SUMMARIZE, title)
    sentences = [sentence for paragraph in article.paragraphs for sentence in split_sentences(paragraph)]
    most = min(MAX_SENTENCES[length], (len(sentences) + 1) // 2)
    used = 0
    for sentence in sentences:
        room -= model.count_tokens(f" {sentence}")
        if room < 0:
            break
        used += 1
    if used:
        return _Input(" ".join(sentences[:used]), title, sentences, used, most)
    # Not even the first sentence fits: take as many of its words as do.
    words = sentences[0].split() if sentences else []
    while words and model.count_tokens(" ".join(words)) > model.max_input_tokens(Task.SUMMARIZE, title):
        words = words[: len(words) * 3 // 4]
    rest = sentences[0].split()[len(words) :] if sentences else []
    return _Input(" ".join(words), title, [" ".join(words), " ".join(rest), *sentences[1:]], 1, most)


def _distinct(sentences: Iterable[str]) -> list[str]:
    """Leave out sentences that say hardly anything beyond an earlier one, and no new number or name."""
    kept: dict[str, set[str]] = {}
    for sentence in sentences:
        words = _WORD.findall(sentence)
        # What the sentence begins with has its capital from that.
        telling = {word.casefold() for word in words[1:] if not word.islower()}
        said = {word.casefold() for word in words}
        if not any(
            len(said - earlier) <= MAX_NEW * len(said) and telling.issubset(earlier) for earlier in kept.values()
        ):
            kept[sentence] = said
    return list(kept)


def _draft(generation: Generation, source: _Input) -> _Draft:
    """Cut what the model wrote into sentences and check each of them."""
    looped = find_repetition(generation.text) is not None
    # A quotation mark behind a sentence opens the next one, which may never come.
    whole = (_LONE_QUOTE.sub("", piece) for piece in split_sentences(cut_repetition(generation.text)))
    sentences = _distinct(piece for piece in whole if _LETTER.search(piece))
    if looped or not generation.finished:
        # What it was writing when its time was up is no sentence.
        sentences = sentences[:-1]
    sentences = sentences[: source.most]
    # A small model at a loss copies from the examples in its prompt instead of from the article.
    return _Draft(sentences, [check_sentence(sentence, source.text, MIN_SUPPORT) for sentence in sentences], not looped)
