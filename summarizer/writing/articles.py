"""Write all that is wanted of cleaned articles, and put it together."""

from __future__ import annotations

from collections.abc import Sequence

from summarizer.article import Article, CountArticles, EnterStage
from summarizer.extraction.genres import describe_genre
from summarizer.lexicon.glossary import Glossary
from summarizer.models import Judge, Length, TextModel
from summarizer.result import Abstract, Result, ResultSentence, Translation
from summarizer.writing.abstract import write_abstracts
from summarizer.writing.translation import ArticleTranslations, translate_articles

# What part of the time of an article its abstract takes, about, where that is translated.
_BESIDE_ABSTRACT = 0.6
# The same where the article is translated too.
_BESIDE_ARTICLE = 0.1


def write_articles(
    articles: Sequence[Article],
    model: TextModel,
    translator: TextModel | None,
    count: CountArticles,
    *,
    whole: bool = False,
    length: Length | None = None,
    cut: bool = True,
    glossary: Glossary | None = None,
    judge: Judge | None = None,
    enter: EnterStage = lambda stage: None,
) -> list[Result]:
    """Write the abstracts of cleaned articles, and translate these and the headlines.

    Args:
        articles: cleaned articles.
        model: what writes the abstracts.
        translator: what translates; without it, nothing is translated.
        count: called as parts of the work are done.
        whole: whether to translate the articles too.
        length: how long abstracts should be; None leaves it to the model.
        cut: whether words are left out of the sentences of abstracts.
        glossary: terms whose English is demanded; None for the built-in ones.
        judge: for translators that don't say themselves how sure they are.
        enter: called as the abstracts, and then the translations, are begun.

    Returns:
        a result for each article, in the same order.

    Raises:
        ModelError: one of the models can't go on, or answers something else than it was asked for.
    """
    # What part of the time of an article its abstract takes.
    share = 1.0
    if translator:
        share = _BESIDE_ARTICLE if whole else _BESIDE_ABSTRACT
    enter("summarising")
    abstracts = write_abstracts(articles, model, lambda number: count(number * share), length=length, cut=cut)
    translations: Sequence[ArticleTranslations | None] = [None] * len(articles)
    if translator:
        enter("translating")
        to_translate = (1 - share) * len(articles)
        translations = translate_articles(
            articles,
            abstracts,
            translator,
            lambda finished: count(finished * to_translate),
            whole=whole,
            glossary=glossary,
            judge=judge,
        )
    name = model.name
    if translator and translator.name != model.name:
        name = f"{model.name} + {translator.name}"
    results: list[Result] = []
    for article, abstract, english in zip(articles, abstracts, translations, strict=True):
        results.append(_compose(article, abstract, english, model=name, length=length))
    return results


def _compose(
    article: Article, abstract: Abstract, english: ArticleTranslations | None, *, model: str, length: Length | None
) -> Result:
    """Put what was written of an article together.

    Args:
        article: that it was written of.
        abstract: of the article.
        english: what was translated; None if nothing was.
        model: the name of the model, or of both.
        length: that was asked for.
    """
    of_abstract = english.abstract if english else None
    title = english.title if english else None
    body = english.body if english else None
    warnings: list[str] = []
    if article.genre:
        warnings.append(f"this page is {describe_genre(article.genre)}")
    warnings += article.warnings
    warnings += abstract.warnings
    repairs = [*abstract.repairs]
    for translation in (of_abstract, title, body):
        if translation is not None:
            warnings += translation.warnings
            repairs += translation.repairs
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
        repairs=tuple(repairs),
    )


def _pair_sentences(abstract: Abstract, translation: Translation | None) -> tuple[ResultSentence, ...]:
    """Put the sentences of an abstract and of its translation, which has as many, side by side."""
    if translation is None:
        return tuple(ResultSentence(sentence, None, None) for sentence in abstract.sentences)
    pairs: list[ResultSentence] = []
    for sentence, translated in zip(abstract.sentences, translation.sentences, strict=True):
        pairs.append(ResultSentence(sentence, translated.text, translated.confidence))
    return tuple(pairs)
