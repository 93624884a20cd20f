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
"""Returns a result for each article, and calls what counts them as they are finished."""


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
    cleaned = {place: article for place, article in enumerate(articles) if isinstance(article, Article)}
    count(len(articles) - len(cleaned))
    outcomes_of_cleaned = _write_all(list(cleaned.values()), write, count)
    outcome_at = dict(zip(cleaned, outcomes_of_cleaned, strict=True))
    outcomes: list[Result | RingkasError] = []
    for place, article in enumerate(articles):
        if isinstance(article, RingkasError):
            outcomes.append(article)
        else:
            outcomes.append(outcome_at[place])
    return outcomes


def _write_all(articles: list[Article], write: Write, count: CountArticles) -> Sequence[Result | RingkasError]:
    """Write articles together, or each by itself; return a result, or what went wrong, for each.

    Raises:
        RingkasError: ``write`` raised it.
    """
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
    """Write one article; return its result, or what went wrong unforeseen.

    Raises:
        RingkasError: ``write`` raised it.
    """
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
