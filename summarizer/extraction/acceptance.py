"""Decide whether a cleaned page is something that can be summarised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.article import Article
from summarizer.errors import NoArticleError, NotIndonesianError
from summarizer.extraction import language
from summarizer.extraction.line_classes import has_sentence, is_running


@dataclass(frozen=True)
class AcceptanceThresholds:
    """What a page must hold to be taken for an article; the figures come from saved pages of 16 Indonesian sites.

    Attributes:
        words: fewest words of paragraphs with a finished sentence: the length of one long sentence.
        lines: most paragraphs of a page: the longest that was seen, with all its menus, has 2,000.
        index_labels: fewest headlines and labels of an index page.
        index_share: how many times the paragraphs with a sentence they must be.
        story: how many paragraphs of running text in a row no index page has.
    """

    words: int = 25
    lines: int = 10_000
    index_labels: int = 20
    index_share: int = 2
    story: int = 3


THRESHOLDS = AcceptanceThresholds()


def require_few_lines(paragraphs: Sequence[str], source: str) -> None:
    """Refuse a page that is longer than any article.

    Raises:
        NoArticleError: says how long it is.
    """
    if len(paragraphs) > THRESHOLDS.lines:
        raise NoArticleError(
            f"{source} has {len(paragraphs)} lines; an article has at most {THRESHOLDS.lines}: is it a log or a list?"
        )


def require_article(article: Article) -> None:
    """Refuse a page without an article, and an article that isn't Indonesian.

    Args:
        article: a cleaned article.

    Raises:
        NoArticleError: the page objects to the text, or too little running text (paragraphs with at least one finished
            sentence) is left.
        NotIndonesianError: the text is in another language.
    """
    if article.objection:
        raise NoArticleError(
            f"{article.source} holds no article: {article.objection}; --force accepts the likeliest text"
        )
    finished = [text for text in article.paragraphs if has_sentence(text)]
    words = sum(any(map(str.isalnum, word)) for text in finished for word in text.split())
    if words < THRESHOLDS.words:
        raise NoArticleError(
            f"{article.source} holds no article: it has {words} words of running text and needs {THRESHOLDS.words} "
            "(is it an index page, or cut off?); --force accepts it"
        )
    labels = len(article.paragraphs) - len(finished)
    if (
        labels >= THRESHOLDS.index_labels
        and labels > THRESHOLDS.index_share * len(finished)
        and not _has_story(article)
    ):
        raise NoArticleError(
            f"{article.source} seems to be an index page: {labels} headlines and labels, with single sentences between "
            "them; save the article's own page (--force accepts this one)"
        )
    require_indonesian(article.text, article.source)


def _has_story(article: Article) -> bool:
    """Tell whether several paragraphs of running text follow each other, as the teasers of an index never do."""
    running = [is_running(text) for text in article.paragraphs]
    return any(all(running[at : at + THRESHOLDS.story]) for at in range(len(running) - THRESHOLDS.story + 1))


def require_indonesian(text: str, source: str) -> None:
    """Refuse text in another language.

    Raises:
        NotIndonesianError: says what language the text seems to be in.
    """
    found = language.identify(text)
    if found != language.INDONESIAN:
        raise NotIndonesianError(
            f"{source} is not Indonesian; it seems to be {language.name(found)}: --force accepts it", found
        )
