"""Write all that is wanted of cleaned articles, and put it together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain

from summarizer.article import Article
from summarizer.extraction.genres import describe_genre
from summarizer.models import Judge, Length, TextModel
from summarizer.result import Abstract, Result, ResultSentence, Translation
from summarizer.text.glossary import Glossary
from summarizer.writing.abstract import write_abstracts
from summarizer.writing.translation import ArticleTranslations, translate_articles


def write_articles(
    articles: Sequence[Article],
    model: TextModel,
    translator: TextModel | None,
    advance: Callable[[float], None],
    *,
    whole: bool = False,
    length: Length | None = None,
    uncut: bool = False,
    glossary: Glossary | None = None,
    judge: Judge | None = None,
) -> list[Result]:
    """Write the abstracts of cleaned articles and translate them; nothing is translated without a translator.

    Articles are translated too if they are wanted ``whole``; sentences stay ``uncut`` in abstracts if so wanted. The
    judge is for translators that don't judge themselves. ``advance`` is called with the number of articles that have
    just been done; fractions are steps on the way.
    """
    # What part of the time of an article its abstract takes.
    share = 1.0 if translator is None else 0.1 if whole else 0.6
    abstracts = write_abstracts(articles, model, lambda count: advance(count * share), length=length, uncut=uncut)
    english: list[ArticleTranslations | None] = [None] * len(articles)
    if translator:
        rest = (1 - share) * len(articles)
        english[:] = translate_articles(
            articles,
            abstracts,
            translator,
            lambda part: advance(part * rest),
            whole=whole,
            glossary=glossary,
            judge=judge,
        )
    name = " + ".join(dict.fromkeys((model.name, translator.name if translator else model.name)))
    return [_compose(*texts, name, length) for texts in zip(articles, abstracts, english, strict=True)]


def _compose(
    article: Article, abstract: Abstract, english: ArticleTranslations | None, model: str, length: Length | None
) -> Result:
    of_abstract, title, body = english or (None, None, None)
    parts = [part for part in (of_abstract, title, body) if part]
    genre = [f"this page is {describe_genre(article.genre)}"] if article.genre else []
    warnings = (*genre, *article.warnings, *abstract.warnings, *chain.from_iterable(part.warnings for part in parts))
    return Result(
        article=article,
        abstract=abstract.text,
        translation=of_abstract.text if of_abstract else None,
        title_translation=title.text if title else None,
        title_sentences=title.sentences if title else (),
        article_translation=body.paragraphs if body else None,
        article_sentences=body.sentences if body else (),
        warnings=tuple(dict.fromkeys(warnings)),
        model=model,
        length=length,
        sentences=_pair_sentences(abstract, of_abstract),
        unread=abstract.truncation,
        repairs=(*abstract.repairs, *chain.from_iterable(part.repairs for part in parts)),
    )


def _pair_sentences(abstract: Abstract, translation: Translation | None) -> tuple[ResultSentence, ...]:
    """Put the sentences of an abstract and of its translation side by side."""
    if translation is None:
        return tuple(ResultSentence(sentence, None, None) for sentence in abstract.sentences)
    return tuple(
        ResultSentence(sentence, translated.text, translated.confidence)
        for sentence, translated in zip(abstract.sentences, translation.sentences, strict=True)
    )
