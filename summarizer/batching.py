"""Many articles at a time, and second tries one by one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from summarizer.article import Article
from summarizer.errors import RingkasError, is_out_of_memory
from summarizer.result import Result
from summarizer.text.normalise import one_line

_log = logging.getLogger("summarizer")

WINDOW = 32
"""How many articles are written at a time: enough to fill batches with texts of like length."""

Advance = Callable[[float], None]
"""Called with the number of articles that have just been finished; fractions are steps on the way."""
Write = Callable[[list[Article], Advance], Sequence[Result]]


def write_together(
    articles: Sequence[Article | RingkasError], write: Write, advance: Advance
) -> list[Result | RingkasError]:
    """Write articles together; if something unforeseen goes wrong, each by itself, so that one alone fails.

    The errors that cleaning raised in place of articles are passed on. A `RingkasError` that ``write`` raises stops
    all.
    """
    good = [article for article in articles if isinstance(article, Article)]
    advance(len(articles) - len(good))
    done = 0.0

    def count(share: float) -> None:
        nonlocal done
        done += share
        advance(share)

    results: list[Result | RingkasError] = []
    try:
        results += write(good, count) if good else ()
    except RingkasError:
        raise
    except Exception:
        _log.debug("articles can't be written together", exc_info=True)
        # What was reported of them counts already.
        share = (len(good) - done) / len(good)
        for article in good:
            results.append(_write_alone(article, write))
            advance(share)
    rest = iter(results)
    return [next(rest) if isinstance(article, Article) else article for article in articles]


def _write_alone(article: Article, write: Write) -> Result | RingkasError:
    try:
        [result] = write([article], lambda count: None)
    except RingkasError:
        raise
    except Exception as error:
        return unforeseen(article.source, "summarised", error)
    return result


def unforeseen(name: str, verb: str, error: Exception) -> RingkasError:
    """Turn an unforeseen error into one of Ringkas' own, in one line."""
    if is_out_of_memory(error):
        return RingkasError(f"{name} can't be {verb}: there is not enough memory", advice="close other programs")
    return RingkasError(f"{name} can't be {verb}: {type(error).__name__}: {one_line(str(error))}")
