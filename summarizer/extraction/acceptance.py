"""Decide whether a cleaned page is something that can be summarised."""

from __future__ import annotations

import re

from summarizer.article import Article
from summarizer.errors import NoArticleError, NotIndonesianError
from summarizer.extraction import language

MIN_WORDS = 25
"""Fewest words of running text that count as an article: the length of a long sentence."""

_INDEX_LABELS = 20

_SENTENCE = re.compile(r"[.!?…][\"'”’)\]]*(?:\s|$)")


def require_article(article: Article) -> None:
    """Refuse a page without an article, and an article that isn't Indonesian.

    Args:
        article: a cleaned article.

    Raises:
        NoArticleError: too little running text (paragraphs with at least one finished sentence) is left.
        NotIndonesianError: the text is in another language.
    """
    running = sum(len(text.split()) for text in article.paragraphs if _SENTENCE.search(text))
    if running < MIN_WORDS:
        raise NoArticleError(
            f"{article.source} holds no article: {running} words of running text, at least {MIN_WORDS} are needed "
            "(is it an index page, or cut off?); --force takes it all the same"
        )
    labels = sum(not _SENTENCE.search(text) for text in article.paragraphs)
    if labels >= _INDEX_LABELS and labels > 2 * (len(article.paragraphs) - labels) and not _has_story(article):
        raise NoArticleError(
            f"{article.source} seems to be an index page: {labels} headlines and labels, with single sentences between "
            "them; save the article's own page (--force takes it all the same)"
        )
    require_indonesian(article.text, article.source)


def _has_story(article: Article) -> bool:
    """Tell whether three paragraphs of running text follow each other, as the teasers of an index never do."""
    running = [len(text.split()) >= 8 and bool(_SENTENCE.search(text)) for text in article.paragraphs]
    return any(all(running[at : at + 3]) for at in range(len(running) - 2))


def require_indonesian(text: str, source: str) -> None:
    """Refuse text in another language.

    Raises:
        NotIndonesianError: says what language the text seems to be in.
    """
    found = language.identify(text)
    if found != language.INDONESIAN:
        raise NotIndonesianError(
            f"{source} is not Indonesian, it seems to be {language.name(found)}: --force takes it all the same", found
        )
