"""Write the abstract of a cleaned article, and keep out of it what the article doesn't say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from summarizer.article import Article
from summarizer.checks import (
    check_abstract_sentence,
    content_words,
    find_dangling_opening,
    find_support,
    skip_bigram_coverage,
)
from summarizer.models import (
    Advance,
    Generation,
    Length,
    Request,
    Task,
    TextModel,
    generate_texts,
    require_answers,
    require_cut_weights,
    require_scores,
)
from summarizer.result import Abstract, AbstractSentence, Repair, Truncation
from summarizer.text.normalise import one_line
from summarizer.text.repetition import cut_repetition
from summarizer.text.sentences import PlacedSentence, Position, split_paragraphs, split_sentences
from summarizer.text.words import holds_words
from summarizer.writing.selection import select_sentences
from summarizer.writing.tidying import drop_credit

if TYPE_CHECKING:
    from summarizer.models import CutWeights

_LETTER = re.compile(r"[^\W\d_]")

MAX_SENTENCES: dict[Length | None, int] = {"short": 2, "medium": 3, "long": 5, None: 5}
# How long an abstract should be whose sentences may be cut, in words.
_WANTED_WORDS: dict[Length, int] = {"short": 25, "medium": 40, "long": 65}
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
    """An article as a model reads it.

    Attributes:
        sentences: those that it reads, none of them longer than it can take; each could stand in the abstract.
        title: the headline, on one line; "" if there is none to be read.
        max_sentences: how many the abstract may have.
        words: how many it should have where its sentences may be cut; None leaves it to the model.
        article: all sentences of the article, whole.
    """

    sentences: tuple[AbstractSentence, ...]
    title: str
    max_sentences: int
    words: int | None
    article: tuple[PlacedSentence, ...]

    @property
    def texts(self) -> list[str]:
        """What the model reads, sentence by sentence."""
        return [sentence.text for sentence in self.sentences]


@dataclass(frozen=True)
class _Written:
    """The sentences of an abstract, and what became of those that a model wrote."""

    sentences: Sequence[AbstractSentence]
    warnings: tuple[str, ...] = ()
    repairs: tuple[Repair, ...] = ()


def write_abstracts(
    articles: Sequence[Article],
    model: TextModel,
    advance: Advance = lambda count: None,
    *,
    length: Length | None = None,
    cut: bool = True,
) -> list[Abstract]:
    """Write an abstract for each article.

    Where the model can rank the sentences of an article, the abstract consists of those that matter most; where it can
    weigh their words, those that it can do without are left out. What another model writes is the abstract, but for the
    sentences that say what the article doesn't: the article's own sentence that says most of the same takes the place
    of each, or none. Of a digest whose stories are known, the abstract is the first sentence of each, one a line,
    without the model.

    Of an article longer than a model can take, one that ranks reads all, part by part. Another one reads the beginning,
    and a warning says how much was left out. The model is told the article's title as well, but what the title alone
    says counts as not said: headlines exaggerate.

    Abstracts have at most `MAX_SENTENCES` sentences, and never more than half as many as the article, rounded up.

    Args:
        articles: cleaned articles.
        model: what ranks their sentences, or writes.
        advance: called with the number of articles whose abstract was just finished.
        length: how long abstracts should be; None leaves it to the model.
        cut: leave out of the sentences of articles what they can do without, if the model can weigh their words.

    Returns:
        an abstract for each article, in the same order.

    Raises:
        ModelError: the model can't go on, or answers something else than it was asked for.
    """
    sources = [_read(article, model, length) for article in articles if not article.stories]
    advance(len(articles) - len(sources))
    written = iter(_write(sources, model, advance, cut=cut))
    abstracts: list[Abstract] = []
    for article in articles:
        abstracts.append(_tell_stories(article) if article.stories else next(written))
    return abstracts


def _write(sources: Sequence[_Source], model: TextModel, advance: Advance, *, cut: bool) -> list[Abstract]:
    """Have the abstract of each article chosen, or written and checked."""
    ranks = model.rank_sentences([(source.title, source.texts) for source in sources])
    if ranks is None:
        return _generate(sources, model, advance)
    require_answers(model.name, "lists of ranks", ranks, len(sources))
    chosen: list[Sequence[AbstractSentence]] = []
    for source, scores in zip(sources, ranks, strict=True):
        require_answers(model.name, "ranks", scores, len(source.sentences))
        require_scores(model.name, scores)
        chosen.append(select_sentences(source.sentences, scores, source.max_sentences))
    if cut:
        chosen = _shorten_abstracts(sources, ranks, chosen, model)
    advance(len(sources))
    abstracts: list[Abstract] = []
    for source, sentences in zip(sources, chosen, strict=True):
        abstracts.append(_finish(_Written(sentences), source))
    return abstracts


def _generate(sources: Sequence[_Source], model: TextModel, advance: Advance) -> list[Abstract]:
    """Have a model write the abstracts, and check them."""
    beginnings: list[_Source] = []
    requests: list[Request] = []
    for source in sources:
        beginning = _fit(source, model)
        beginnings.append(beginning)
        requests.append(Request(" ".join(beginning.texts), beginning.title))
    drafts = generate_texts(model, Task.SUMMARIZE, requests, advance=advance)
    abstracts: list[Abstract] = []
    for source, draft in zip(beginnings, drafts, strict=True):
        written = _check(_split(draft), source)
        abstracts.append(_finish(written, source))
    return abstracts


def _shorten_abstracts(
    sources: Sequence[_Source],
    ranks: Sequence[Sequence[float]],
    chosen: Sequence[Sequence[AbstractSentence]],
    model: TextModel,
) -> list[Sequence[AbstractSentence]]:
    """Leave words out of the sentences chosen, and sentences as well where that makes an abstract as long as wanted.

    Args:
        sources: the articles.
        ranks: of the sentences of each, in log-odds.
        chosen: the sentences of each abstract.
        model: what weighs their words; if it can't, all stay as they are.
    """
    # It needs numpy, which takes long to load.
    from summarizer.writing.cutting import cut_sentences

    abstracts: list[list[AbstractSentence]] = []
    texts: list[tuple[str, list[str]]] = []
    for source, sentences in zip(sources, chosen, strict=True):
        without_credits = [_without_credit(sentence) for sentence in sentences]
        abstracts.append(without_credits)
        readable = _keep_readable(source, without_credits, model)
        texts.append((source.title, [sentence.text for sentence in readable]))
    weighed = model.weigh_cuts(texts)
    if weighed is None:
        return list(chosen)
    require_answers(model.name, "lists of weights", weighed, len(texts))
    for weights, (_, readable_texts) in zip(weighed, texts, strict=True):
        require_cut_weights(model.name, weights, readable_texts)
    shortened: list[Sequence[AbstractSentence]] = []
    for source, scores, sentences, weights in zip(sources, ranks, abstracts, weighed, strict=True):
        if len(weights) < len(sentences):
            # They are too long together for the model to read.
            shortened.append(sentences)
        elif source.words is None:
            shortened.append(cut_sentences(sentences, weights))
        else:
            shortened.append(_fit_words(source, source.words, ranks=scores, sentences=sentences, weights=weights))
    return shortened


def _without_credit(sentence: AbstractSentence) -> AbstractSentence:
    """Return a sentence without what opens it and says where a site has read it."""
    return _with_text(sentence, drop_credit(sentence.text))


def _with_text(sentence: AbstractSentence, text: str) -> AbstractSentence:
    """Return a sentence of the article with what is left of its text, which may be all of it."""
    if text == sentence.text:
        return sentence
    return sentence.shortened(text)


def _keep_readable(
    source: _Source, sentences: Sequence[AbstractSentence], model: TextModel
) -> Sequence[AbstractSentence]:
    """Return the sentences of an abstract if the model can read all of them at once, else none."""
    size = 0
    for sentence in sentences:
        size += model.count_tokens(f" {sentence.text}")
    if size > model.max_input_tokens(Task.SUMMARIZE, source.title):
        return ()
    return sentences


def _fit_words(
    source: _Source,
    words: int,
    *,
    ranks: Sequence[float],
    sentences: Sequence[AbstractSentence],
    weights: Sequence[CutWeights],
) -> Sequence[AbstractSentence]:
    """Return the abstract that comes nearest to a number of words, of fewer sentences and of shorter ones.

    Args:
        source: the article.
        words: how many are wanted.
        ranks: of its sentences, in log-odds.
        sentences: those that were chosen.
        weights: what the model makes of leaving out words of each of these.
    """
    from summarizer.writing.cutting import GAIN, cut_sentences

    # What a word that goes may bring, in nats: as ever, or less, or more, where that makes the length right.
    gains = sorted((0.0, GAIN, 2 * GAIN, 3 * GAIN), key=lambda gain: abs(gain - GAIN))
    best: Sequence[AbstractSentence] = sentences
    least_distance = float("inf")
    for most in range(len(sentences), 0, -1):
        places = _choose_again(source, ranks, sentences, most)
        if not places:
            continue
        kept: list[AbstractSentence] = []
        weights_of_kept: list[CutWeights] = []
        for place in places:
            kept.append(sentences[place])
            weights_of_kept.append(weights[place])
        for gain in gains:
            cut = cut_sentences(kept, weights_of_kept, gain)
            distance = abs(_count_words(cut) - words)
            if distance < least_distance:
                best = cut
                least_distance = distance
    return best


def _choose_again(
    source: _Source, ranks: Sequence[float], sentences: Sequence[AbstractSentence], most: int
) -> list[int]:
    """Return the places of the sentences that would be chosen again if fewer were allowed."""
    known: dict[tuple[Position, ...], int] = {}
    for place, sentence in enumerate(sentences):
        known[sentence.support.positions] = place
    places: list[int] = []
    for sentence in select_sentences(source.sentences, ranks, most):
        if sentence.support.positions in known:
            places.append(known[sentence.support.positions])
    return places


def _count_words(sentences: Sequence[AbstractSentence]) -> int:
    """Return how many words sentences have together, as white space parts them."""
    words = 0
    for sentence in sentences:
        words += len(sentence.text.split())
    return words


def _finish(written: _Written, source: _Source) -> Abstract:
    """Make an abstract of its sentences, with a warning if the model didn't read all of the article."""
    truncation = _find_truncation(source)
    warnings = written.warnings
    if truncation:
        warnings = (str(truncation), *warnings)
    return Abstract((tuple(written.sentences),), warnings, written.repairs, truncation)


def _tell_stories(article: Article) -> Abstract:
    """Return the first sentence of each story of a digest, one a line: a model would make one tale of them."""
    sentences = [AbstractSentence.from_article(sentence) for sentence in split_paragraphs(article.paragraphs)]
    lines: list[tuple[AbstractSentence, ...]] = []
    ends = (*article.stories[1:], len(article.paragraphs))
    for heading, end in zip(article.stories, ends, strict=True):
        title: list[AbstractSentence] = []
        story: list[AbstractSentence] = []
        for sentence in sentences:
            [(paragraph, _)] = sentence.support.positions
            if paragraph == heading:
                title.append(sentence)
            elif heading < paragraph < end and not find_dangling_opening(sentence.text):
                story.append(sentence)
        lines.append(tuple(story[:1] or title))
    return Abstract(tuple(lines))


def _read(article: Article, model: TextModel, length: Length | None) -> _Source:
    """Split an article into sentences that the model can take, each by itself."""
    title = one_line(article.title or "")
    if model.count_tokens(title) > _MAX_TITLE:
        title = ""
    room = model.max_input_tokens(Task.SUMMARIZE, title)
    placed = split_paragraphs(article.paragraphs)
    sentences: list[AbstractSentence] = []
    for sentence in placed:
        sentences.append(_shorten(AbstractSentence.from_article(sentence), room, model))
    # Half as many as the article has, rounded up.
    half = (len(sentences) + 1) // 2
    return _Source(
        sentences=tuple(sentences),
        title=title,
        max_sentences=min(MAX_SENTENCES[length], half),
        words=_WANTED_WORDS[length] if length else None,
        article=tuple(placed),
    )


def _shorten(sentence: AbstractSentence, room: int, model: TextModel) -> AbstractSentence:
    """Take as many words of a sentence as fit into a model, or as many letters of an endless one."""
    text = sentence.text
    while text and model.count_tokens(f" {text}") > room:
        words = text.split()
        fewer = words[: len(words) * 3 // 4]
        text = " ".join(fewer) if fewer else text[: len(text) * 3 // 4]
    return _with_text(sentence, text)


def _fit(source: _Source, model: TextModel) -> _Source:
    """Take as many of an article's sentences, the first of them, as the model can take at once."""
    room = model.max_input_tokens(Task.SUMMARIZE, source.title)
    kept: list[AbstractSentence] = []
    for sentence in source.sentences:
        room -= model.count_tokens(f" {sentence.text}")
        if room < 0:
            break
        kept.append(sentence)
    return replace(source, sentences=tuple(kept))


def _find_truncation(source: _Source) -> Truncation | None:
    """Say what of an article is not in the sentences that were read of it, the first of them."""
    missing: list[Position] = []
    words = 0
    for place, sentence in enumerate(source.article):
        text_read = source.sentences[place].text if place < len(source.sentences) else ""
        if text_read != sentence.text:
            missing.append(sentence.position)
            words += len(sentence.text.split()) - len(text_read.split())
    if not missing:
        return None
    return Truncation(tuple(missing), words, len(source.article))


def _split(generation: Generation) -> list[str]:
    """Return the whole sentences of what the model wrote."""
    text = cut_repetition(generation.text)
    sentences = [piece for piece in split_sentences(text) if _LETTER.search(piece)]
    if not generation.finished or text != generation.text:
        # What it was writing when its time was up, or over and over, is not a sentence.
        sentences = sentences[:-1]
    return [sentences[place] for place in _find_new(sentences)]


def _find_new(texts: Sequence[str]) -> list[int]:
    """Return the places of the texts whose content words don't all stand in one of the texts before them."""
    places: list[int] = []
    words_said: list[set[str]] = []
    for place, text in enumerate(texts):
        words = content_words(text)
        is_said = any(words <= earlier for earlier in words_said)
        if not is_said:
            places.append(place)
            words_said.append(words)
    return places


def _check(draft: Sequence[str], source: _Source) -> _Written:
    """Put the article's own sentences in place of those that say what it doesn't, or that point back to such a one.

    Args:
        draft: the sentences that a model wrote.
        source: the article as the model read it.
    """
    article = source.texts
    sentences: list[AbstractSentence] = []
    wrong: list[str] = []
    replaced: list[str] = []
    # Whether the sentence in front isn't the model's, so that what points back to it is lost; the first has none.
    has_lost_context = True
    for text in draft[: source.max_sentences]:
        pieces = [fault.piece for fault in check_abstract_sentence(text, article)]
        is_lost = has_lost_context and find_dangling_opening(text, inside=bool(sentences))
        is_usable = not is_lost and not pieces and skip_bigram_coverage(text, article) >= _MIN_PAIRS
        has_lost_context = not is_usable
        if is_usable:
            sentences.append(_trace(text, source.article))
            continue
        if pieces:
            wrong += pieces
        else:
            replaced.append(text)
        closest = _closest(text, source.sentences)
        if closest:
            sentences.append(closest)
    places = _find_new([sentence.text for sentence in sentences])
    return _tell_repairs([sentences[place] for place in places], list(dict.fromkeys(wrong)), replaced, source)


def _tell_repairs(
    sentences: Sequence[AbstractSentence], wrong: Sequence[str], replaced: Sequence[str], source: _Source
) -> _Written:
    """Say what was done about a draft, and put the article's first sentences in place of one with nothing usable.

    Args:
        sentences: what is left of the draft, with the article's own in place of others.
        wrong: what the draft says and the article doesn't, each piece once.
        replaced: sentences of the draft that were replaced for another reason.
        source: the article as the model read it.
    """
    if not sentences:
        warning = "the model wrote no usable abstract: these are the article's own first sentences"
        lead = source.sentences[: min(_LEAD_SENTENCES, source.max_sentences)]
        return _Written(lead, (warning,), (Repair("abstract", "lead", tuple(wrong)),))
    warnings: list[str] = []
    if wrong:
        quoted = ", ".join(f"“{piece}”" for piece in wrong)
        warnings.append(
            f"part of the abstract is in the article's own words: the model wrote {quoted}, which the article does not "
            "say"
        )
    repairs: list[Repair] = []
    if wrong or replaced:
        repairs.append(Repair("abstract", "replaced", (*wrong, *replaced)))
    return _Written(sentences, tuple(warnings), tuple(repairs))


def _trace(text: str, article: Sequence[PlacedSentence]) -> AbstractSentence:
    """Find what a sentence that a model wrote rests on."""
    # What is copied may run from one sentence into the next.
    whole = " ".join(sentence.text for sentence in article)
    copied = holds_words(whole, text)
    return AbstractSentence(text, find_support(text, article), copied)


def _closest(text: str, sentences: Sequence[AbstractSentence]) -> AbstractSentence | None:
    """Return the article's sentence that has most of a text's content words and needs no other one, if there is any."""
    wanted = content_words(text)
    best: AbstractSentence | None = None
    most = 0
    for sentence in sentences:
        shared = len(wanted & content_words(sentence.text))
        if shared > most and not find_dangling_opening(sentence.text):
            best = sentence
            most = shared
    return best
