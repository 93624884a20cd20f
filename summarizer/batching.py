"""Many articles at a time, and second tries one by one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TypeAlias

from summarizer.article import Article, CountArticles
from summarizer.errors import RingkasError, is_out_of_memory
from summarizer.result import Result
from summarizer.text.normalise import one_line

_log = logging.getLogger("summarizer")

WINDOW = 32
"""How many articles are written at a time: enough to fill batches with texts of like length."""

Write: TypeAlias = Callable[[list[Article], CountArticles], Sequence[Result]]
"""Returns a result for each article."""


def write_together(
    articles: Sequence[Article | RingkasError], write: Write, count: CountArticles
) -> list[Result | RingkasError]:
    """Write articles together; if something unforeseen goes wrong, each by itself, so that one alone fails.

    Args:
        articles: those to be written, and the errors that cleaning raised in place of others.
        write: writes articles, together.
        count: called as articles are finished, the errors among them.

    Returns:
        for each article its result, or the error in its place.

    Raises:
        RingkasError: ``write`` raised it, which stops all.
        TypeError: one of the articles is something else.
    """
    for article in articles:
        if not isinstance(article, Article | RingkasError):
            raise TypeError(f"{type(article).__name__} is no article: pass what `clean` returns or raises")
    places = [place for place, article in enumerate(articles) if isinstance(article, Article)]
    count(len(articles) - len(places))
    outcomes = _write_all([article for article in articles if isinstance(article, Article)], write, count)
    written = dict(zip(places, outcomes, strict=True))
    return [article if isinstance(article, RingkasError) else written[place] for place, article in enumerate(articles)]


def _write_all(articles: list[Article], write: Write, count: CountArticles) -> Sequence[Result | RingkasError]:
    if not articles:
        return []
    counted = 0.0

    def count_too(number: float) -> None:
        nonlocal counted
        counted += number
        count(number)

    try:
        return write(articles, count_too)
    except RingkasError:
        raise
    except Exception:
        _log.debug("articles can't be written together", exc_info=True)
    # What was reported of them counts already.
    share = (len(articles) - counted) / len(articles)
    outcomes = []
    for article in articles:
        outcomes.append(_write_alone(article, write))
        count(share)
    return outcomes


def _write_alone(article: Article, write: Write) -> Result | RingkasError:
    try:
        [result] = write([article], lambda count: None)
    except RingkasError:
        raise
    except Exception as error:
        return unforeseen(article.source, "summarised", error)
    return result


def unforeseen(name: str, verb: str, error: Exception) -> RingkasError:
    """Return an unforeseen error as one of Ringkas' own, in one line: it says that ``name`` can't be ``verb``."""
    if is_out_of_memory(error):
        return RingkasError(f"{name} can't be {verb}: there is not enough memory", advice="close other programs")
    return RingkasError(f"{name} can't be {verb}: {type(error).__name__}: {one_line(str(error))}")
