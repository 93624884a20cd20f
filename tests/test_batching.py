"""Articles together, and one by one where that fails."""

from collections.abc import Callable, Sequence

import pytest

from summarizer.article import Article, CountArticles
from summarizer.batching import write_together
from summarizer.errors import InputError, ModelError, RingkasError
from summarizer.result import Result

GOOD, BAD, LAST = (Article(name, None, ("Satu.",)) for name in ("a.txt", "b.txt", "c.txt"))
REFUSED = InputError("d.txt is empty")


def write(articles: Sequence[Article], count: CountArticles) -> list[Result]:
    """Fail half-way at the bad one."""
    results = []
    for article in articles:
        count(0.5)
        if article is BAD:
            raise ZeroDivisionError("nol")
        results.append(Result(article, "Satu.", None, None, (), "fake"))
        count(0.5)
    return results


@pytest.mark.parametrize("articles", [[], [REFUSED], [GOOD, REFUSED, LAST], [GOOD, BAD, REFUSED, LAST], [BAD]])
def test_each_article_has_its_result_or_its_error_and_counts_once(articles: list[Article | RingkasError]) -> None:
    counts: list[float] = []
    outcomes = write_together(articles, write, counts.append)
    assert sum(counts) == pytest.approx(len(articles))
    assert min(counts, default=0.0) >= 0
    for article, outcome in zip(articles, outcomes, strict=True):
        if article is BAD:
            assert str(outcome) == "b.txt can't be summarised: ZeroDivisionError: nol"
        elif isinstance(article, RingkasError):
            assert outcome is article
        else:
            assert isinstance(outcome, Result)
            assert outcome.article is article


def test_an_error_of_our_own_stops_all() -> None:
    def fail(articles: Sequence[Article], count: Callable[[float], None]) -> list[Result]:
        raise ModelError("there is no model")

    with pytest.raises(ModelError):
        write_together([GOOD, REFUSED], fail, lambda number: None)


@pytest.mark.parametrize("other", ["a.txt", None, 5])
def test_what_is_no_article_is_refused(other: object) -> None:
    with pytest.raises(TypeError, match="is no article"):
        write_together([GOOD, other], write, lambda count: None)  # type: ignore[list-item]
