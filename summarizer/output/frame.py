"""Results as a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from summarizer.output.table import COLUMNS, row_of

if TYPE_CHECKING:
    import pandas as pd

    from summarizer.errors import RingkasError
    from summarizer.result import Result


def to_frame(outcomes: Iterable[Result | RingkasError]) -> pd.DataFrame:
    """Make a pandas frame of results, such as `Summarizer.summarize_many` yields; Ringkas itself works without pandas.

    Args:
        outcomes: results, and errors in the places of those that failed.

    Returns:
        A row for each outcome, in order. ``error`` is the reason where there is no result, and missing elsewhere.
        ``article_words``, ``abstract_words``, ``removed`` and ``repairs`` are counts; ``support`` is the share of words
        that the article holds of the abstract's least supported sentence, from 0 to 1; ``warnings`` is a tuple. The
        other columns are named after the fields of `Result` and `Article`.

    Raises:
        ImportError: pandas isn't there.
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise ImportError("a frame needs pandas: pip install pandas") from error

    rows = [
        {"error": str(outcome)} if isinstance(outcome, Exception) else row_of(outcome.to_record())
        for outcome in outcomes
    ]
    # Counts stay whole numbers where some are missing.
    counts = dict.fromkeys(("article_words", "removed", "abstract_words", "repairs"), "Int64")
    return pd.DataFrame(rows, columns=COLUMNS).astype(counts)
