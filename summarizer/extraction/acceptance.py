"""Decide whether a cleaned page is something that can be summarised."""

from __future__ import annotations

from collections.abc import Sequence

from summarizer.article import Article
from summarizer.errors import NoArticleError, NotIndonesianError
from summarizer.extraction import language
from summarizer.extraction.blocks import has_sentence, is_running

MAX_LINES, MAX_CHARACTERS = 10_000, 60_000
"""Most paragraphs of a page (the longest that was seen, with all its menus, has 2,000), and longest of them."""

# Fewest words of paragraphs with a finished sentence: the length of one long sentence.
_WORDS = 25
# Fewest headlines and labels of an index page, how many times the paragraphs with a sentence they must be, and how many
# paragraphs of running text in a row it never has.
_INDEX_LABELS, _INDEX_SHARE, _STORY = 20, 2, 3


def require_article_size(
    paragraphs: Sequence[str], source: str, max_lines: int = MAX_LINES, max_characters: int = MAX_CHARACTERS
) -> None:
    """Refuse a page that is longer than any article, or has a longer line.

    Raises:
        NoArticleError: says how long it is.
    """
    if len(paragraphs) > max_lines:
        raise NoArticleError(
            f"{source} has {len(paragraphs)} lines; an article has at most {max_lines}: is it a log or a list?"
        )
    longest = max(map(len, paragraphs), default=0)
    if longest > max_characters:
        raise NoArticleError(
            f"{source} has a line of {longest} characters; an article's have at most {max_characters}: is it data?"
        )


def require_article(article: Article, objection: str = "") -> None:
    """Refuse a page without an article, and an article that isn't Indonesian.

    Args:
        article: an article.
        objection: what its page says against it (`summarizer.extraction.blocks.Page`).

    Raises:
        NoArticleError: the page objects to the text, or too little running text (paragraphs with at least one finished
            sentence) is left.
        NotIndonesianError: the text is in another language.
    """
    if objection:
        raise NoArticleError(f"{article.source} holds no article: {objection}; --force accepts the likeliest text")
    finished = [text for text in article.paragraphs if has_sentence(text)]
    words = sum(any(map(str.isalnum, word)) for text in finished for word in text.split())
    if words < _WORDS:
        raise NoArticleError(
            f"{article.source} holds no article: it has {words} words of running text and needs {_WORDS} "
            "(is it an index page, or cut off?); --force accepts it"
        )
    labels = len(article.paragraphs) - len(finished)
    if labels >= _INDEX_LABELS and labels > _INDEX_SHARE * len(finished) and not _has_story(article):
        raise NoArticleError(
            f"{article.source} seems to be an index page: {labels} headlines and labels, with single sentences between "
            "them; save the article's own page (--force accepts this one)"
        )
    require_indonesian(article.text, article.source)


def _has_story(article: Article) -> bool:
    """Tell whether several paragraphs of running text follow each other, as the teasers of an index never do."""
    running = [is_running(text) for text in article.paragraphs]
    return any(all(running[at : at + _STORY]) for at in range(len(running) - _STORY + 1))


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
