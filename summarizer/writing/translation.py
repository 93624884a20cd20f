"""Translate Indonesian text into English, sentence by sentence.

The module reads from top to bottom as a text is translated: texts are split into sentences, and these into the pieces
that the model gets; of what the search finds for a piece, the best hypothesis is chosen; the pieces are put together to
sentences again, and these to texts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeAlias

from summarizer.article import Article
from summarizer.checks import check_translation, fix_dates, fix_numbers, fix_terms
from summarizer.checks.word_pairs import have_other_contents
from summarizer.models import Generation, Judge, Request, Task, TextModel
from summarizer.result import Abstract, Repair, TranslatedSentence, Translation
from summarizer.text.glossary import Glossary, load_glossary
from summarizer.text.quotations import Part, cut_quotations, join_quotations
from summarizer.text.repetition import cut_repetition
from summarizer.text.sentences import split_sentences
from summarizer.writing.headline import sentence_case
from summarizer.writing.quality_estimation import assess, judge_texts

_LETTER = re.compile(r"[^\W\d_]")
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
        lines = [tuple(sentence.text for sentence in line) for line in abstract.lines]
        texts += [lines, title, article.paragraphs if whole else ()]
    written = translate_texts(texts, model, report, glossary=glossary, judge=judge)
    return [
        ArticleTranslations(abstract, title if article.title else None, body if whole else None)
        for article, abstract, title, body in zip(articles, written[::3], written[1::3], written[2::3], strict=True)
    ]


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
    requests = [Request(source) for source in sources]
    written = model.generate(Task.TRANSLATE, requests, advance=lambda count: report(count / max(1, len(sources))))
    if not sources:
        report(1.0)
    chosen = {
        source: _choose(source, generation, glossary) for source, generation in zip(sources, written, strict=True)
    }
    if judge:
        chosen = _judge(chosen, judge)
    return [_join_text(len(paragraphs), text, chosen, glossary) for paragraphs, text in zip(texts, split, strict=True)]


@dataclass(frozen=True)
class _Sentence:
    """A sentence, the number of its paragraph, from 0, and the parts of it that are translated alone."""

    paragraph: int
    text: str
    parts: Sequence[Part]


# The sentences of a text.
_Split: TypeAlias = list[_Sentence]


def _split(paragraphs: Sequence[Paragraph], model: TextModel) -> _Split:
    sentences: _Split = []
    for row, paragraph in enumerate(paragraphs):
        texts = split_sentences(paragraph) if isinstance(paragraph, str) else paragraph
        sentences += [_Sentence(row, text, _cut_sentence(text, model)) for text in texts]
    return sentences


def _cut_sentence(sentence: str, model: TextModel) -> list[Part]:
    """Cut a sentence behind each sentence of a quotation in it: models drop some when they are given several at a time.

    One that is too long for the model even so is cut in halves until each of them fits.
    """
    parts = cut_quotations(sentence)
    if all(_fits(part.text, model) for part in parts):
        return parts
    return [Part(text) for text in _halve(sentence, model)]


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


@dataclass(frozen=True)
class _Hypothesis:
    """What the search found for a piece, in English form, what is wrong with it, and what was done about that."""

    source: str
    text: str
    faults: tuple[str, ...]
    is_useless: bool
    generation: Generation
    repair: Repair | None
    judged: bool = False


def _choose(source: str, generation: Generation, glossary: Glossary) -> _Hypothesis:
    """Choose the hypothesis with the fewest faults, if the first one has any; among equals, the likeliest."""
    first = _check(source, generation, glossary)
    if not first.faults:
        return first
    others = (_check(source, other, glossary) for other in generation.others)
    best = min((first, *others), key=lambda hypothesis: (hypothesis.is_useless, len(hypothesis.faults)))
    return best if best is first else replace(best, repair=Repair("translation", "candidate", first.faults))


def _judge(chosen: Mapping[str, _Hypothesis], judge: Judge) -> dict[str, _Hypothesis]:
    """Put a judge's scores of what was chosen in the place of the model's, unless the model gave some of both sides."""
    if all(one.generation.token_scores and one.generation.source_scores for one in chosen.values()):
        return dict(chosen)
    judged = judge_texts(judge, [(source, one.text) for source, one in chosen.items()])
    return {
        source: replace(one, generation=replace(generation, others=one.generation.others), judged=True)
        for (source, one), generation in zip(chosen.items(), judged, strict=True)
    }


def _alternative(best: _Hypothesis, glossary: Glossary) -> str | None:
    """Return the likeliest of the other hypotheses that has other content words, and no more faults."""
    others = (_check(best.source, other, glossary) for other in best.generation.others)
    good = (one.text for one in others if not one.is_useless and len(one.faults) <= len(best.faults))
    return next((text for text in good if have_other_contents(text, best.text)), None)


def _check(source: str, generation: Generation, glossary: Glossary) -> _Hypothesis:
    """Put numbers, dates and terms into English form, and find what is wrong even so."""
    raw = cut_repetition(generation.text)
    text = fix_terms(source, fix_dates(source, fix_numbers(source, raw)), glossary)
    fixed = tuple(word for word in raw.split() if word not in text.split())
    repair = Repair("translation", "form", fixed) if fixed else None
    reasons = {
        "there is none": not text,
        "it repeated itself and was cut": raw != generation.text,
        "it was cut off": not generation.finished,
        "it was left in Indonesian": len(source.split()) > 4 and text.casefold() == source.casefold(),
    }
    useless = next((reason for reason, holds in reasons.items() if holds), "")
    faults = (useless,) if useless else tuple(map(str, check_translation(source, text, glossary)))
    return _Hypothesis(source, text, faults, bool(useless), generation, repair)


def _join_text(paragraphs: int, text: _Split, chosen: Mapping[str, _Hypothesis], glossary: Glossary) -> Translation:
    sentences = tuple(_join_sentence(sentence, chosen, glossary) for sentence in text)
    rows: list[list[str]] = [[] for _ in range(paragraphs)]
    for sentence in sentences:
        if sentence.text:
            rows[sentence.paragraph].append(sentence.text)
    own = [chosen[piece] for piece in dict.fromkeys(_pieces(text)) if piece in chosen]
    return Translation(
        paragraphs=tuple(map(" ".join, rows)),
        warnings=tuple(_warning(one) for one in own if one.faults),
        repairs=tuple(one.repair for one in own if one.repair),
        sentences=sentences,
    )


def _join_sentence(sentence: _Sentence, chosen: Mapping[str, _Hypothesis], glossary: Glossary) -> TranslatedSentence:
    parts = sentence.parts
    texts = [chosen[part.text].text if part.text in chosen else fix_numbers(part.text, part.text) for part in parts]
    english = join_quotations(parts, texts)
    own = [chosen[part.text] for part in parts if part.text in chosen]
    faults = list(dict.fromkeys(fault for one in own for fault in one.faults))
    confidence = assess(
        sentence.text, english, [one.generation for one in own], faults, judged=any(one.judged for one in own)
    )
    if confidence.doubtful:
        others = [_alternative(chosen[part.text], glossary) if part.text in chosen else None for part in parts]
        if any(others):
            texts = [other or text for other, text in zip(others, texts, strict=True)]
            confidence = replace(confidence, alternative=join_quotations(parts, texts))
    return TranslatedSentence(sentence.paragraph, sentence.text, english, confidence)


def _warning(best: _Hypothesis) -> str:
    source = best.source
    shown = source if len(source) <= _MAX_SHOWN else f"{source[: _MAX_SHOWN - 1].rstrip()}…"
    return f"the translation of “{shown}”: {'; '.join(best.faults)}"
