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
from summarizer.models import GuidedModel, Judge, Request, Task, TextModel
from summarizer.result import Abstract, TranslatedSentence, Translation
from summarizer.text.headline import sentence_case
from summarizer.text.quotations import QuotationPart, cut_quotations, join_quotations
from summarizer.text.sentences import split_sentences
from summarizer.writing.guidance import guide_hypotheses
from summarizer.writing.hypotheses import Hypothesis, choose_hypothesis, find_alternative, judge_hypotheses
from summarizer.writing.quality_estimation import assess

_LETTER = re.compile(r"[^\W\d_]")
# The part of the time that the first translations take, where some sentences are translated again.
_SHARE_OF_FIRST = 0.7
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
    """Translate abstracts and headlines, and the articles too if they are wanted whole, in the same batches."""
    texts: list[Sequence[Paragraph]] = []
    for article, abstract in zip(articles, abstracts, strict=True):
        title = [sentence_case(article.title, article.text)] if article.title else []
        texts += [_lines_of(abstract), title, article.paragraphs if whole else ()]
    written = translate_texts(texts, model, report, glossary=glossary, judge=judge)
    return [
        ArticleTranslations(abstract, title if article.title else None, body if whole else None)
        for article, abstract, title, body in zip(articles, written[::3], written[1::3], written[2::3], strict=True)
    ]


def _lines_of(abstract: Abstract) -> list[Paragraph]:
    """Return the sentences of an abstract line by line, not to be split again."""
    return [tuple(sentence.text for sentence in line) for line in abstract.lines]


def translate_texts(
    texts: Sequence[Sequence[Paragraph]],
    model: TextModel,
    report: Report = lambda share: None,
    *,
    glossary: Glossary | None = None,
    judge: Judge | None = None,
) -> list[Translation]:
    """Translate texts, each a list of paragraphs, each sentence on its own, those of all texts in the same batches.

    A translation has as many paragraphs as its text, blank ones too. Without a glossary, the built-in one is used. The
    judge says how likely translations are where the model itself doesn't say it both ways.
    """
    glossary = glossary or load_glossary()
    split = [_split(paragraphs, model) for paragraphs in texts]
    # A piece without a letter ("***", "1.250") is not for the model, but its numbers have their English form.
    sources = list(dict.fromkeys(piece for text in split for piece in _pieces(text) if _LETTER.search(piece)))
    chosen = _translate_pieces(sources, model, report, glossary)
    if judge:
        chosen = judge_hypotheses(chosen, judge)
    return [_join_text(len(paragraphs), text, chosen, glossary) for paragraphs, text in zip(texts, split, strict=True)]


def _translate_pieces(
    sources: Sequence[str], model: TextModel, report: Report, glossary: Glossary
) -> dict[str, Hypothesis]:
    """Return the best translation of each piece; a model that can be guided translates some twice."""
    guided = model if isinstance(model, GuidedModel) and model.reads_english else None
    share = _SHARE_OF_FIRST if guided else 1.0
    requests = [Request(_read_spelling(source, model)) for source in sources]
    count = max(1, len(sources))
    written = model.generate(Task.TRANSLATE, requests, advance=lambda done: report(share * done / count))
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
    """A sentence, the number of its paragraph, from 0, and the parts of it that are translated alone."""

    paragraph: int
    text: str
    parts: Sequence[QuotationPart]


# The sentences of a text.
_Split: TypeAlias = list[_Sentence]


def _split(paragraphs: Sequence[Paragraph], model: TextModel) -> _Split:
    sentences: _Split = []
    for row, paragraph in enumerate(paragraphs):
        texts = split_sentences(paragraph) if isinstance(paragraph, str) else paragraph
        sentences += [_Sentence(row, text, _cut_sentence(text, model)) for text in texts]
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
    words = text.split()
    if _fits(text, model):
        yield text
        return
    if len(words) > 1:
        marks = [at for at in range(1, len(words)) if words[at - 1][-1] in ".!?;,"]
        middle = len(words) // 2
        cut = min(marks, key=lambda at: abs(at - middle), default=middle)
        halves = " ".join(words[:cut]), " ".join(words[cut:])
    else:
        # One endless word is not a language.
        halves = text[: len(text) // 2], text[len(text) // 2 :]
    for half in halves:
        yield from _halve(half, model)


def split_pieces(paragraph: str, model: TextModel) -> list[str]:
    """Split a paragraph into what the model gets: sentences, and parts of quotations and of what is too long."""
    return _pieces(_split([paragraph], model))


def _pieces(text: _Split) -> list[str]:
    return [part.text for sentence in text for part in sentence.parts]


def _join_text(paragraphs: int, text: _Split, chosen: Mapping[str, Hypothesis], glossary: Glossary) -> Translation:
    sentences = tuple(_join_sentence(sentence, chosen, glossary) for sentence in text)
    rows: list[list[str]] = [[] for _ in range(paragraphs)]
    for sentence in sentences:
        if sentence.text:
            rows[sentence.paragraph].append(sentence.text)
    hypotheses = [chosen[piece] for piece in dict.fromkeys(_pieces(text)) if piece in chosen]
    return Translation(
        paragraphs=tuple(map(" ".join, rows)),
        warnings=tuple(_warning(hypothesis) for hypothesis in hypotheses if hypothesis.faults),
        repairs=tuple(hypothesis.repair for hypothesis in hypotheses if hypothesis.repair),
        sentences=sentences,
    )


def _join_sentence(sentence: _Sentence, chosen: Mapping[str, Hypothesis], glossary: Glossary) -> TranslatedSentence:
    parts = sentence.parts
    texts = [chosen[part.text].text if part.text in chosen else fix_numbers(part.text, part.text) for part in parts]
    english = join_quotations(parts, texts)
    hypotheses = [chosen[part.text] for part in parts if part.text in chosen]
    faults = list(dict.fromkeys(fault for hypothesis in hypotheses for fault in hypothesis.faults))
    generations = [hypothesis.generation for hypothesis in hypotheses]
    is_judged = any(hypothesis.is_judged for hypothesis in hypotheses)
    confidence = assess(sentence.text, english, generations, faults, judged=is_judged)
    if confidence.doubtful:
        others = [find_alternative(chosen[part.text], glossary) if part.text in chosen else None for part in parts]
        if any(others):
            texts = [other or text for other, text in zip(others, texts, strict=True)]
            confidence = replace(confidence, alternative=join_quotations(parts, texts))
    return TranslatedSentence(sentence.paragraph, sentence.text, english, confidence)


def _warning(best: Hypothesis) -> str:
    source = best.source
    shown = source if len(source) <= _MAX_SHOWN else f"{source[: _MAX_SHOWN - 1].rstrip()}…"
    return f"the translation of “{shown}”: {'; '.join(best.faults)}"
