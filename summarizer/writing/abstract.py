"""Write the abstract of a cleaned article, and keep out of it what the article doesn't say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from summarizer.article import Article
from summarizer.faithfulness import (
    Fault,
    Support,
    check_abstract_sentence,
    find_dangling_opening,
    find_names,
    find_support,
    skip_bigram_coverage,
)
from summarizer.models import Advance, Generation, Length, Request, Style, Task, TextModel
from summarizer.text.normalise import one_line
from summarizer.text.repetition import cut_repetition, find_repetition
from summarizer.text.sentences import split_sentences
from summarizer.writing.extract import extract
from summarizer.writing.repair import Repair
from summarizer.writing.salience import rank_sentences
from summarizer.writing.selection import Unread, select_sentences

_LONE_QUOTE = re.compile(r'\s+["“]$')
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class AbstractSettings:
    """Limits of abstracts, all of them our own choice.

    Attributes:
        max_sentences: the most sentences of an abstract, by the length that was asked for.
        max_title: the longest title that the model is given, in its tokens: no headline has as many, a paragraph taken
            for one may.
        candidates: how many other abstracts the model writes of an article whose first one is at fault.
        min_pairs: smallest share of its neighbouring content words that must be neighbours in the article. Of 113
            sentences of 40 free abstracts of detik.com and IndoSum dev that had passed .7, and that were read against
            their articles, 8 of 13 misleading ones were below it, and 10 of 100 others.
        max_new: largest share of a sentence's words that are new, if it is taken for a repetition of an earlier one.
        lead_sentences: how many of the article's own sentences stand in for an abstract that can't be used.
        max_stories: how many stories of a digest get a line.
    """

    max_sentences: Mapping[Length | None, int] = field(
        default_factory=lambda: {"short": 2, "medium": 3, "long": 5, None: 5}
    )
    max_title: int = 64
    candidates: int = 4
    min_pairs: float = 0.85
    max_new: float = 0.15
    lead_sentences: int = 2
    max_stories: int = 12


SETTINGS = AbstractSettings()


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

    text: str
    title: str
    read: list[str]
    most: int
    unread: Unread | None = None


@dataclass(frozen=True)
class _Draft:
    """A text of the model: its sentences, what is wrong with each of them, and how well the article supports it.

    Support is the share of a sentence's pairs of words that are neighbours in the article.
    """

    sentences: list[str]
    faults: list[list[Fault]]
    support: list[float]
    whole: bool
    how: Literal["candidate", "forbidden"] | None = None

    @property
    def good(self) -> bool:
        return bool(self.sentences) and self.whole and not any(self.faults)

    @property
    def pieces(self) -> list[str]:
        return list(dict.fromkeys(fault.piece for faults in self.faults for fault in faults))

    @property
    def unsupported(self) -> list[str]:
        """The sentences without a fault that the article supports too little."""
        return [
            sentence
            for sentence, faults, support in zip(self.sentences, self.faults, self.support, strict=True)
            if not faults and support < SETTINGS.min_pairs
        ]

    @property
    def rank(self) -> tuple[bool, int, bool, int, float, int]:
        """The smaller, the better: few faults first, then little to be replaced, then a high lowest support."""
        faulty, lowest = sum(map(bool, self.faults)), min(self.support, default=0.0)
        return not self.sentences, faulty, not self.whole, len(self.unsupported), -lowest, -len(self.sentences)


class _Work:
    """An article on its way to its abstract: what the model was asked, and what it wrote."""

    def __init__(self, article: Article, model: TextModel, length: Length | None, style: Style) -> None:
        self._article, self._source = article, _fit(article, model, length)
        self.request = Request(self._source.text, self._source.title, length, style)
        self._extracts = style == "faithful" and style in model.styles
        self._extract: list[str] = []
        self._drafts: list[_Draft] = []

    @property
    def done(self) -> bool:
        return self._extracts or any(draft.good for draft in self._drafts)

    def add(self, generations: Iterable[Generation], how: Literal["candidate", "forbidden"] | None = None) -> None:
        """Take in texts of the model."""
        if self._extracts:
            source = self._source
            for generation in generations:
                self._extract = extract(source.read, source.title, _cut(generation, source.most)[0], source.most)
            return
        self._drafts += [_draft(generation, self._source, how) for generation in generations]

    def forbid(self) -> None:
        """Ask for texts without the pieces at fault, but for those that are parts of what the article says."""
        faults = [fault for draft in self._drafts for faults in draft.faults for fault in faults]
        pieces = dict.fromkeys(fault.piece for fault in faults if fault.kind in {"number", "unit", "name"})
        self.request = replace(
            self.request, forbidden=tuple(piece for piece in pieces if piece not in self._source.text)
        )

    def abstract(self) -> Abstract:
        """Return the good draft, or what can be made of the others."""
        source, warnings = self._source, []
        if source.unread:
            warnings.append(str(source.unread))
        if self._extracts:
            return self._finish(self._extract, warnings)
        best = min(self._drafts, key=lambda draft: draft.rank)
        sentences, repairs = _replace(best, source), []
        if not sentences:
            sentences = source.read[: min(SETTINGS.lead_sentences, source.most)]
            repairs.append(Repair("abstract", "lead", tuple(best.pieces or self._drafts[0].pieces)))
            warnings.append("the model wrote no usable abstract: these are the article's own first sentences")
        else:
            if best.pieces:
                quoted = ", ".join(f"“{piece}”" for piece in best.pieces)
                warnings.append(
                    f"part of the abstract is in the article's own words: the model wrote {quoted}, which the article "
                    "does not say"
                )
            elif best.how:
                repairs.append(Repair("abstract", best.how, tuple(self._drafts[0].pieces)))
            if pieces := (*best.pieces, *best.unsupported):
                repairs.append(Repair("abstract", "replaced", pieces))
        return self._finish(sentences, warnings, repairs)

    def _finish(self, sentences: Sequence[str], warnings: Sequence[str], repairs: Sequence[Repair] = ()) -> Abstract:
        text = " ".join(sentences)
        support = tuple(find_support(text, self._article.paragraphs))
        return Abstract(text, tuple(warnings), support, tuple(repairs), self._source.unread)


def write_abstracts(
    articles: Sequence[Article],
    model: TextModel,
    advance: Advance = lambda count: None,
    *,
    length: Length | None = None,
    style: Style = "faithful",
) -> list[Abstract]:
    """Write an abstract for each article.

    In the faithful style, if the model knows styles, what it writes is a draft: with a ranking of the article's
    sentences it decides which of them make the abstract (`summarizer.writing.extract.extract`). The abstract then says
    nothing in words of the model's own.

    Otherwise the abstract is what the model writes. It is at fault if it is empty, repeats itself, says what
    `summarizer.faithfulness.check_abstract` doesn't find in the article, or has a sentence most of whose words the
    article lacks. Then

    1. the model writes `AbstractSettings.candidates` others;
    2. if all have faults, it writes as many more while it is kept from writing the pieces that were at fault;
    3. the one with the fewest faults wins, then that with the fewest sentences to replace, then that whose least
       supported sentence is supported best.

    In the winner, each sentence that is at fault, or put together from words that the article keeps apart
    (`summarizer.faithfulness.skip_bigram_coverage`), is replaced by the article's own sentence that says most of the
    same, or left out if there is none. Where one sentence would be left, the article's that matters most comes behind
    it; where none would, the article's first sentences take the place of the abstract.

    What was done is in the abstract's repairs; a warning says so where a fault was replaced.

    Of an article longer than the model can take, `summarizer.writing.selection.select_sentences` chooses what it reads;
    a warning says how much was left out. The model is told the article's title as well, but what the title alone says
    counts as not said: headlines exaggerate.

    Of a digest whose stories are known, the abstract is the first sentence of each, one a line, without the model.

    An abstract has at most `AbstractSettings.max_sentences` sentences, and never more than half as many as its
    article, rounded up.

    Args:
        articles: cleaned articles with at least one sentence each.
        model: the model that writes.
        advance: called with the number of articles that are done.
        length: how long the abstracts should be; None leaves it to the model.
        style: how freely they are worded.
    """
    told = {place: _tell_stories(article) for place, article in enumerate(articles) if article.stories}
    advance(len(told))
    works = [_Work(article, model, length, style) for place, article in enumerate(articles) if place not in told]
    first = model.generate(Task.SUMMARIZE, [work.request for work in works], advance=advance)
    for work, generation in zip(works, first, strict=True):
        work.add([generation])
    for how in ("candidate", "forbidden"):
        failed = [work for work in works if not work.done]
        if how == "forbidden":
            for work in failed:
                work.forbid()
            # Where there is nothing to forbid, decoding would write the same again.
            failed = [work for work in failed if work.request.forbidden]
        if failed:
            others = model.candidates(Task.SUMMARIZE, [work.request for work in failed], SETTINGS.candidates)
            for work, generations in zip(failed, others, strict=True):
                work.add(generations, how)
    written = iter(works)
    return [told[place] if place in told else next(written).abstract() for place in range(len(articles))]


def _tell_stories(article: Article) -> Abstract:
    """Return the first sentence of each story of a digest, one a line: a model would make one tale of them."""
    lines: list[str] = []
    rest = 0
    ends = (*article.stories[1:], len(article.paragraphs))
    for heading, end in zip(article.stories, ends, strict=True):
        sentences = [sentence for text in article.paragraphs[heading + 1 : end] for sentence in split_sentences(text)]
        own = next((sentence for sentence in sentences if not find_dangling_opening(sentence)), None)
        if len(lines) < SETTINGS.max_stories:
            lines.append(own or article.paragraphs[heading])
        else:
            rest += 1
    warnings = [f"{rest} more {'story is' if rest == 1 else 'stories are'} left out"] if rest else []
    support = tuple(item for line in lines for item in find_support(line, article.paragraphs))
    return Abstract("\n".join(lines), tuple(warnings), support)


def _replace(draft: _Draft, source: _Source) -> list[str]:
    """Put the article's own sentences in place of those that are at fault or too little supported.

    The one that says most of the same stands in; if there is none, nothing does, but where a single sentence would be
    left, the one that matters most comes behind it. A sentence that points back goes too if the one in front of it
    does, and what stands in for that has no name in common with it. Nor does an own sentence that points back take a
    place.
    """
    sentences: list[str] = []
    is_lost = False
    own = source.read
    for sentence, faults, support in zip(draft.sentences, draft.faults, draft.support, strict=True):
        if (
            not faults
            and support >= SETTINGS.min_pairs
            and not (is_lost and find_dangling_opening(sentence, inside=True))
        ):
            sentences.append(sentence)
            is_lost = False
            continue
        rows = [row for found in find_support(sentence, own) for row, _ in found.positions]
        rows = [row for row in rows if not find_dangling_opening(own[row])]
        stands_in = _closest(sentence, own, rows) if rows else ""
        is_lost = _names(sentence).isdisjoint(_names(stands_in))
        if stands_in:
            sentences.append(stands_in)
    sentences = _distinct(sentences)
    if len(sentences) == 1 < len(draft.sentences):
        sentences += filter(None, [_weightiest(source, sentences)])
    return sentences


def _weightiest(source: _Source, taken: Sequence[str]) -> str:
    """Return the article's sentence that matters most of those that say something new and can stand alone, or ""."""
    ranks = rank_sentences(source.read, source.title)
    for place in sorted(range(len(ranks)), key=lambda place: -ranks[place]):
        sentence = source.read[place]
        if '"' in sentence or "“" in sentence or find_dangling_opening(sentence):
            continue
        if len(_distinct([*taken, sentence])) > len(taken):
            return sentence
    return ""


def _names(sentence: str) -> set[str]:
    return {name.text for name in find_names(sentence, "id")}


def _closest(sentence: str, own: list[str], rows: list[int]) -> str:
    """Return the one of the supporting sentences that says most of the sentence by itself."""
    return own[max(rows, key=lambda row: sum(support.share for support in find_support(sentence, [own[row]])))]


def _fit(article: Article, model: TextModel, length: Length | None) -> _Source:
    """Take as many sentences of the article as the model can, beside its title."""
    title = one_line(article.title or "")
    if model.count_tokens(title) > SETTINGS.max_title:
        title = ""
    room = model.max_input_tokens(Task.SUMMARIZE, title)
    places = [
        ((row, column), sentence)
        for row, paragraph in enumerate(article.paragraphs)
        for column, sentence in enumerate(split_sentences(paragraph))
    ]
    sentences = [sentence for _, sentence in places]
    most = min(SETTINGS.max_sentences[length], (len(sentences) + 1) // 2)
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
    return _Source(" ".join(read), title, read, most, unread)


def _distinct(sentences: Iterable[str]) -> list[str]:
    """Leave out sentences that say hardly anything beyond an earlier one, and no new number or name."""
    kept: dict[str, set[str]] = {}
    for sentence in sentences:
        words = _WORD.findall(sentence)
        # What the sentence begins with has its capital from that.
        telling = {word.casefold() for word in words[1:] if not word.islower()}
        said = {word.casefold() for word in words}
        if not any(
            len(said - earlier) <= SETTINGS.max_new * len(said) and telling.issubset(earlier)
            for earlier in kept.values()
        ):
            kept[sentence] = said
    return list(kept)


def _draft(generation: Generation, source: _Source, how: Literal["candidate", "forbidden"] | None = None) -> _Draft:
    """Cut what the model wrote into sentences and check each of them."""
    sentences, looped = _cut(generation, source.most)
    # A small model at a loss copies from the examples in its prompt instead of from the article.
    faults = [check_abstract_sentence(sentence, source.read) for sentence in sentences]
    if faults:
        faults[0] += find_dangling_opening(sentences[0])
    support = [skip_bigram_coverage(sentence, source.read) for sentence in sentences]
    return _Draft(sentences, faults, support, not looped, how)


def _cut(generation: Generation, most: int) -> tuple[list[str], bool]:
    """Return the first sentences of what the model wrote, and whether it ran in a loop."""
    looped = find_repetition(generation.text) is not None
    # A quotation mark after a sentence opens the next one, which may never come.
    whole = (_LONE_QUOTE.sub("", piece) for piece in split_sentences(cut_repetition(generation.text)))
    sentences = _distinct(piece for piece in whole if _LETTER.search(piece))
    if looped or not generation.finished:
        # What it was writing when its time was up is not a sentence.
        sentences = sentences[:-1]
    return sentences[:most], looped
