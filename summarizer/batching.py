"""Many articles at a time: windows, groups of like length, and second tries one by one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TypeVar

from summarizer.article import Article
from summarizer.errors import RingkasError, is_out_of_memory
from summarizer.result import Result
from summarizer.text.normalise import one_line

_log = logging.getLogger("summarizer")

WINDOW = 32
"""How many articles are at hand at a time: enough to make groups of like length of them."""

GROUP = 8
"""How many articles are finished at a time: as many as share a batch of the embedded model's beam search."""

Outcome = Result | RingkasError
Write = Callable[[list[Article], Callable[[float], None]], Sequence[Result]]
"""Writes the results of articles, and calls back with the number of articles that are done, in fractions."""

Item = TypeVar("Item")


def write_in_groups(
    articles: Sequence[Article | RingkasError], write: Write, advance: Callable[[float], None]
) -> Iterator[list[tuple[int, Outcome]]]:
    """Write articles in groups of like length, the shortest first.

    An error in place of an article is passed on. If something unforeseen goes wrong, each article of the group is tried
    by itself, so that one alone fails. The same articles give the same groups and results.

    Args:
        articles: cleaned, or the errors that cleaning raised.
        write: writes a group.
        advance: called with the number of articles that have just been finished; fractions are steps on the way.

    Yields:
        The results or errors of `GROUP` articles, as soon as they are ready, each with its article's place.
    """
    errors = [(place, error) for place, error in enumerate(articles) if isinstance(error, RingkasError)]
    if errors:
        yield [*errors]
        advance(len(errors))
    good = [(place, article) for place, article in enumerate(articles) if isinstance(article, Article)]
    good.sort(key=lambda pair: pair[1].words)
    for start in range(0, len(good), GROUP):
        group = good[start : start + GROUP]
        results = _write_group([article for _, article in group], write, advance)
        yield [(place, result) for (place, _), result in zip(group, results, strict=True)]


def write_in_windows(
    articles: Iterator[Article | RingkasError], size: int, write: Write, advance: Callable[[float], None]
) -> Iterator[Outcome]:
    """Write articles a window at a time, and yield their results or errors in order."""
    while window := list(islice(articles, size)):
        yield from in_order(write_in_groups(window, write, advance))


def in_order(groups: Iterable[list[tuple[int, Item]]]) -> list[Item]:
    """Return the items of groups by their places, which are counted from 0."""
    return [item for _, item in sorted(chain.from_iterable(groups), key=lambda pair: pair[0])]


def _write_group(articles: list[Article], write: Write, advance: Callable[[float], None]) -> Sequence[Outcome]:
    done = 0.0

    def report(count: float) -> None:
        nonlocal done
        done += count
        advance(count)

    try:
        return write(articles, report)
    except RingkasError:
        raise
    except Exception:
        _log.debug("a group of articles can't be written together", exc_info=True)
    # What was reported of them counts already.
    step = (len(articles) - done) / len(articles)
    results = []
    for article in articles:
        results.append(_try_to_write(article, write))
        advance(step)
    return results


def _try_to_write(article: Article, write: Write) -> Outcome:
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
