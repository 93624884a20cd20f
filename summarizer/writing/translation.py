"""Translate Indonesian text into English, sentence by sentence.

The module reads from top to bottom as a text is translated: texts are split into sentences, and these into the pieces
that the model gets; of what the search finds for a piece, the best hypothesis is chosen (`hypotheses`), and where it
lacks a word, the piece is translated again (`guidance`); the pieces are put together to
sentences again, and these to texts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeAlias

from summarizer.article import Article
from summarizer.checks import fix_numbers
from summarizer.lexicon import correct_spelling
from summarizer.lexicon.glossary import Glossary, load_glossary
from summarizer.models import Generation, GuidedModel, Judge, Request, Task, TextModel, generate_texts
from summarizer.result import Abstract, Repair, TranslatedSentence, Translation
from summarizer.text.headline import sentence_case
from summarizer.text.quotations import QuotationPart, cut_quotations, join_quotations
from summarizer.text.sentences import split_sentences
from summarizer.writing.guidance import guide_hypotheses
from summarizer.writing.hypotheses import Hypothesis, choose_hypothesis, find_alternative, judge_hypotheses
from summarizer.writing.quality_estimation import assess

_LETTER = re.compile(r"[^\W\d_]")
# The part of the time that the first translations take, about, where some sentences are translated again.
_SHARE_OF_FIRST = 0.7
# What a sentence that is too long may be cut behind.
_MARKS = (".", "!", "?", ";", ",")
# Characters of a sentence that a warning shows.
_MAX_SHOWN = 90

Report: TypeAlias = Callable[[float], None]
"""Called with the share of the sentences that have just been done; all shares together are 1."""


Paragraph: TypeAlias = "str | tuple[str, ...]"
"""What is translated: a paragraph, which is split into sentences, or the sentences of one, which stay as they are."""


class ArticleTranslations(NamedTuple):
    """What was translated of an article: no title where the page has none, no body where it was not asked for."""

    abstract: Translation
    title: Translation | None
    body: Translation | None


def translate_articles(
    articles: Sequence[Article],
    abstracts: Sequence[Abstract],
    model: TextModel,
    report: Report,
    *,
    whole: bool = False,
    glossary: Glossary | None = None,
    judge: Judge | None = None,
) -> list[ArticleTranslations]:
    """Translate abstracts and headlines, and the articles too if they are wanted whole, in the same batches.

    Args:
        articles: cleaned articles.
        abstracts: one for each of them.
        model: what translates.
        report: called as sentences are done.
        whole: whether to translate the articles too.
        glossary: terms whose English is demanded; None for the built-in ones.
        judge: for a model that doesn't say itself how sure it is.

    Returns:
        what was translated of each article, in the same order.
    """
    texts: list[Sequence[Paragraph]] = []
    for article, abstract in zip(articles, abstracts, strict=True):
        title = [sentence_case(article.title, article.text)] if article.title else []
        texts += [_lines_of(abstract), title, article.paragraphs if whole else ()]
    written = iter(translate_texts(texts, model, report, glossary=glossary, judge=judge))
    translations: list[ArticleTranslations] = []
    for article in articles:
        # Each article has three texts, of which two may be empty.
        of_abstract = next(written)
        of_title = next(written)
        of_body = next(written)
        translations.append(
            ArticleTranslations(
                abstract=of_abstract,
                title=of_title if article.title else None,
                body=of_body if whole else None,
            )
        )
    return translations


def _lines_of(abstract: Abstract) -> list[Paragraph]:
    """Return the sentences of an abstract line by line, not to be split again."""
    lines: list[Paragraph] = []
    for line in abstract.lines:
        lines.append(tuple(sentence.text for sentence in line))
    return lines


def translate_texts(
    texts: Sequence[Sequence[Paragraph]],
    model: TextModel,
    report: Report = lambda share: None,
    *,
    glossary: Glossary | None = None,
    judge: Judge | None = None,
) -> list[Translation]:
    """Translate texts, each a list of paragraphs, each sentence on its own, those of all texts in the same batches.

    Args:
        texts: paragraphs, each on one line; blank ones have a blank translation.
        model: what translates.
        report: called as sentences are done.
        glossary: terms whose English is demanded; None for the built-in ones.
        judge: says how likely translations are where the model itself doesn't say it both ways.

    Returns:
        a translation for each text, with as many paragraphs.
    """
    glossary = glossary or load_glossary()
    split = [_split(paragraphs, model) for paragraphs in texts]
    # What several texts have is translated once.
    sources: dict[str, None] = {}
    for sentences in split:
        for piece in _pieces(sentences):
            # A piece without a letter ("***", "1.250") is not for the model, but its numbers have their English form.
            if _LETTER.search(piece):
                sources[piece] = None
    chosen = _translate_pieces(list(sources), model, report, glossary)
    if judge:
        chosen = judge_hypotheses(chosen, judge)
    translations: list[Translation] = []
    for paragraphs, sentences in zip(texts, split, strict=True):
        translations.append(_join_text(len(paragraphs), sentences, chosen, glossary))
    return translations


def _translate_pieces(
    sources: Sequence[str], model: TextModel, report: Report, glossary: Glossary
) -> dict[str, Hypothesis]:
    """Return the best translation of each piece; a model that can be guided translates some twice."""
    guided = model if isinstance(model, GuidedModel) and model.reads_english else None
    share = _SHARE_OF_FIRST if guided else 1.0
    requests = [Request(_read_spelling(source, model)) for source in sources]
    count = max(1, len(sources))
    written = generate_texts(model, Task.TRANSLATE, requests, advance=lambda done: report(share * done / count))
    chosen: dict[str, Hypothesis] = {}
    for source, generation in zip(sources, written, strict=True):
        chosen[source] = choose_hypothesis(source, generation, glossary)
    if guided:
        chosen = guide_hypotheses(chosen, guided, glossary)
    done = share if sources else 0.0
    if done < 1.0:
        report(1.0 - done)
    return chosen


def _read_spelling(source: str, model: TextModel) -> str:
    """Return a source with its misspelt and glued words as they should be, if the model can take it."""
    corrected = correct_spelling(source)
    return corrected if _fits(corrected, model) else source


@dataclass(frozen=True)
class _Sentence:
    """A sentence of a text.

    Attributes:
        paragraph: the number of its paragraph, from 0.
        text: the sentence.
        parts: the parts of it that are translated alone.
    """

    paragraph: int
    text: str
    parts: Sequence[QuotationPart]


_Split: TypeAlias = list[_Sentence]
"""The sentences of a text."""


def _split(paragraphs: Sequence[Paragraph], model: TextModel) -> _Split:
    """Split a text into sentences, and these into what the model gets; a paragraph may be split already."""
    sentences: _Split = []
    for row, paragraph in enumerate(paragraphs):
        texts = split_sentences(paragraph) if isinstance(paragraph, str) else paragraph
        for text in texts:
            sentences.append(_Sentence(row, text, _cut_sentence(text, model)))
    return sentences


def _cut_sentence(sentence: str, model: TextModel) -> list[QuotationPart]:
    """Cut a sentence behind each sentence of a quotation in it: models drop some when they are given several at a time.

    One that is too long for the model even so is cut in halves until each of them fits.
    """
    parts = cut_quotations(sentence)
    if all(_fits(part.text, model) for part in parts):
        return parts
    return [QuotationPart(text) for text in _halve(sentence, model)]


def _fits(text: str, model: TextModel) -> bool:
    return model.count_tokens(text) <= model.max_input_tokens(Task.TRANSLATE)


def _halve(text: str, model: TextModel) -> Iterator[str]:
    """Cut a text behind the mark that is nearest to its middle, or there, and go on with what is still too long."""
    if _fits(text, model):
        yield text
        return
    words = text.split()
    if len(words) > 1:
        cut = _find_middle(words)
        left = " ".join(words[:cut])
        right = " ".join(words[cut:])
    else:
        # One endless word is not a language.
        middle = len(text) // 2
        left = text[:middle]
        right = text[middle:]
    yield from _halve(left, model)
    yield from _halve(right, model)


def _find_middle(words: Sequence[str]) -> int:
    """Return the place of the word behind the mark that is nearest to the middle; without marks, the middle."""
    middle = len(words) // 2
    behind_marks = [place for place in range(1, len(words)) if words[place - 1].endswith(_MARKS)]
    return min(behind_marks, key=lambda place: abs(place - middle), default=middle)


def split_pieces(paragraph: str, model: TextModel) -> list[str]:
    """Split a paragraph into what the model gets: sentences, and parts of quotations and of what is too long."""
    return _pieces(_split([paragraph], model))


def _pieces(sentences: _Split) -> list[str]:
    """Return what the model gets of a text, in order; some of it may come twice."""
    pieces: list[str] = []
    for sentence in sentences:
        for part in sentence.parts:
            pieces.append(part.text)
    return pieces


def _join_text(paragraphs: int, split: _Split, chosen: Mapping[str, Hypothesis], glossary: Glossary) -> Translation:
    """Put the translation of a text together.

    Args:
        paragraphs: how many the text has.
        split: its sentences.
        chosen: the best translation of each piece that has a letter.
        glossary: that these were checked with.
    """
    rows: list[list[str]] = [[] for _ in range(paragraphs)]
    sentences: list[TranslatedSentence] = []
    for sentence in split:
        translated = _join_sentence(sentence, chosen, glossary)
        sentences.append(translated)
        if translated.text:
            rows[translated.paragraph].append(translated.text)
    warnings: list[str] = []
    repairs: list[Repair] = []
    # What was done about a piece is said once, however often the text has it.
    for piece in dict.fromkeys(_pieces(split)):
        hypothesis = chosen.get(piece)
        if hypothesis is None:
            continue
        if hypothesis.faults:
            warnings.append(_warning(hypothesis))
        if hypothesis.repair:
            repairs.append(hypothesis.repair)
    return Translation(
        paragraphs=tuple(map(" ".join, rows)),
        warnings=tuple(warnings),
        repairs=tuple(repairs),
        sentences=tuple(sentences),
    )


def _join_sentence(sentence: _Sentence, chosen: Mapping[str, Hypothesis], glossary: Glossary) -> TranslatedSentence:
    """Put the translations of a sentence's parts together, and say how far to trust them."""
    texts: list[str] = []
    generations: list[Generation] = []
    faults: dict[str, None] = {}
    is_judged = False
    for part in sentence.parts:
        hypothesis = chosen.get(part.text)
        if hypothesis is None:
            # It has no letter.
            texts.append(fix_numbers(part.text, part.text))
            continue
        texts.append(hypothesis.text)
        generations.append(hypothesis.generation)
        faults |= dict.fromkeys(hypothesis.faults)
        if hypothesis.is_judged:
            is_judged = True
    english = join_quotations(sentence.parts, texts)
    confidence = assess(sentence.text, english, generations, list(faults), judged=is_judged)
    if confidence.doubtful:
        confidence = replace(confidence, alternative=_find_alternative(sentence, texts, chosen, glossary))
    return TranslatedSentence(sentence.paragraph, sentence.text, english, confidence)


def _find_alternative(
    sentence: _Sentence, texts: Sequence[str], chosen: Mapping[str, Hypothesis], glossary: Glossary
) -> str | None:
    """Return the sentence with the next best translation of each part that has another one; None if none has."""
    others: list[str] = []
    has_alternative = False
    for part, text in zip(sentence.parts, texts, strict=True):
        hypothesis = chosen.get(part.text)
        alternative = find_alternative(hypothesis, glossary) if hypothesis else None
        if alternative:
            has_alternative = True
        others.append(alternative or text)
    if not has_alternative:
        return None
    return join_quotations(sentence.parts, others)


def _warning(best: Hypothesis) -> str:
    """Say what is wrong with a translation, and which one it is: by the beginning of its source."""
    shown = best.source
    if len(shown) > _MAX_SHOWN:
        beginning = shown[: _MAX_SHOWN - 1].rstrip()
        shown = f"{beginning}…"
    return f"the translation of “{shown}”: {'; '.join(best.faults)}"
