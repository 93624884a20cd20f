"""Results as rows: a data frame, a CSV file, a file of sentences and their translations."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from summarizer.output.doubts import count_doubts, lowest_confidence, page_warnings
from summarizer.output.fields import FAILURES, RESULTS, Fields
from summarizer.storage.atomic import open_whole

if TYPE_CHECKING:
    import pandas as pd

    from summarizer.errors import RingkasError


class HasRecord(Protocol):
    """What gives its plain values: `summarizer.result.Result`."""

    def to_record(self) -> dict[str, Any]:
        """Return the values that ``docs/results.md`` names."""
        ...


COLUMNS = (
    "source",
    "title",
    "title_translation",
    "doubtful",
    "confidence",
    "site",
    "url",
    "author",
    "date",
    "kind",
    "article_words",
    "removed",
    "abstract",
    "abstract_words",
    "translation",
    "support",
    "repairs",
    "warnings",
    "model",
    "file",
    "edited",
    "reviewed",
    "error",
)
# Of a data frame; its other columns are text, but for the warnings. Counts stay whole numbers where some are missing.
_TYPES = {
    "date": "datetime64[us]",
    "edited": "datetime64[us, UTC]",
    **dict.fromkeys(("doubtful", "article_words", "removed", "abstract_words", "repairs"), "Int64"),
    **dict.fromkeys(("confidence", "support"), "float64"),
    "reviewed": "boolean",
}
_TEXTS = [name for name in COLUMNS if name not in _TYPES and name != "warnings"]
SENTENCE_COLUMNS = ("source", "part", "paragraph", "sentence", "indonesian", "english", "confidence", "reasons")
# What makes a spreadsheet take a cell for a formula, which an article must not be able to do.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _row_of(fields: Fields) -> dict[str, Any]:
    """Return the row of a result, by the names of `COLUMNS`."""
    row = {name: fields.get(name) for name in COLUMNS}
    row["doubtful"] = count_doubts(fields)
    row["confidence"] = lowest_confidence(fields)
    row["article_words"] = len(" ".join(fields["paragraphs"]).split())
    row["removed"] = len(fields["removed"])
    row["abstract_words"] = len((fields["abstract"] or "").split())
    row["support"] = min(map(itemgetter("share"), fields.get("support", ())), default=None)
    row["repairs"] = len(fields["repairs"])
    row["warnings"] = tuple(fields["warnings"])
    row["reviewed"] = bool(fields.get("reviewed"))
    return row


def _row_of_failure(error: str, source: str | None = None) -> dict[str, Any]:
    """Return the row of a page that has no result, by the names of `COLUMNS`."""
    return dict.fromkeys(COLUMNS) | {"source": source, "warnings": (), "error": error}


def to_frame(outcomes: Iterable[HasRecord | RingkasError] | str | os.PathLike[str]) -> pd.DataFrame:
    """Make a pandas frame with a row for each result or error, such as `Summarizer.summarize_many` yields, in order.

    ``error`` is the reason where there is no result. ``doubtful`` counts the doubtful sentences of headline, abstract
    and article, and ``confidence``, from 0 to 1, is that of the least certain one. ``article_words``,
    ``abstract_words``, ``removed`` and ``repairs`` are counts; ``support`` is the share of words that the article holds
    of the abstract's least supported sentence. ``edited`` is when a reader last changed the result on the page of
    ``ringkas serve``, and ``reviewed`` whether one has marked it so there. The other columns are fields of `Result` and
    `Article`; ``file`` is the path of the page, which only a batch knows.

    Columns have the same types whatever the rows hold: whole numbers (Int64), numbers (float64), days, times (in UTC),
    truth values and text; ``warnings`` are tuples of str. A date that is none, or that pandas can't hold, is missing.

    Args:
        outcomes: results and errors; or the path of a file of results in JSON lines, such as ``results.jsonl`` of a
            batch or a download of ``ringkas serve``; or the folder of a batch: then rows of its failures follow.

    Raises:
        ImportError: pandas isn't installed.
        OSError: the file can't be read.
        ValueError: the file holds something else than results.
        TypeError: one of the outcomes is neither a result nor an error.
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise ImportError("a frame needs pandas: pip install pandas") from error

    if not isinstance(outcomes, str | os.PathLike):
        rows = list(map(_row_of_outcome, outcomes))
    elif Path(outcomes).is_dir():
        rows = list(_rows_of_folder(Path(outcomes)))
    else:
        rows = list(_rows_of_file(outcomes, _row_of))
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame["date"] = pd.to_datetime(frame["date"], format="%Y-%m-%d", errors="coerce")
    frame["edited"] = pd.to_datetime(frame["edited"], format="ISO8601", errors="coerce", utc=True)
    return frame.astype({**dict.fromkeys(_TEXTS, "string"), **_TYPES})


def _row_of_outcome(outcome: HasRecord | RingkasError) -> dict[str, Any]:
    if isinstance(outcome, Exception):
        return _row_of_failure(str(outcome))
    if not hasattr(outcome, "to_record"):
        raise TypeError(f"{type(outcome).__name__} is neither a result nor an error")
    return _row_of(outcome.to_record())


def _rows_of_folder(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a batch's results and, if there are any, of its failures."""
    yield from _rows_of_file(folder / RESULTS, _row_of)
    failures = folder / FAILURES
    if failures.exists():
        yield from _rows_of_file(failures, _failure_row)


def _failure_row(failure: Fields) -> dict[str, Any]:
    return _row_of_failure(failure["error"], failure["input"])


def _rows_of_file(path: str | os.PathLike[str], row_of: Callable[[Fields], dict[str, Any]]) -> Iterator[dict[str, Any]]:
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield row_of(json.loads(line))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise ValueError(f"line {number} of {os.fspath(path)} is no result of a batch") from error


def write_csv(target: Path, records: Callable[[], Iterable[Fields]], failures: Iterable[Fields] = ()) -> None:
    """Write results into a CSV file for spreadsheets: UTF-8 with a byte order mark, one row for each.

    Rows of failures follow; they have nothing but their ``source`` and ``error``.
    """
    _write(target, COLUMNS, _csv_rows(records(), failures), "utf-8-sig")


def csv_bytes(records: Iterable[Fields]) -> bytes:
    """Return what `write_csv` would write of results: no file is needed, for which there may be no room."""
    file = io.BytesIO()
    _write_rows(file, COLUMNS, _csv_rows(records, ()), "utf-8-sig")
    return file.getvalue()


def _csv_rows(records: Iterable[Fields], failures: Iterable[Fields]) -> Iterator[Iterable[Any]]:
    for fields in records:
        row = _row_of(fields)
        row["warnings"] = "; ".join(page_warnings(fields))
        yield row.values()
    for failure in failures:
        row = _failure_row(failure)
        row["warnings"] = None
        yield row.values()


def sentence_rows(fields: Fields) -> Iterator[tuple[str, str, int, int, str, str, float | None, str]]:
    """Yield what was translated of a result, each sentence as a row of `SENTENCE_COLUMNS`; a headline is sentence 0."""
    source = fields["source"]
    if fields["title"] and fields.get("title_translation"):
        parts = fields.get("title_sentences", ())
        yield source, "title", 1, 0, fields["title"], fields["title_translation"], _least(parts), _reasons(parts)
    abstract = fields.get("sentences", ())
    for number, sentence in enumerate(filter(itemgetter("translation"), abstract), 1):
        yield source, "abstract", 1, number, sentence["abstract"], *_judged(sentence)
    article = fields.get("article_sentences", ())
    for paragraph, sentences in groupby(article, key=itemgetter("paragraph")):
        for number, sentence in enumerate(filter(itemgetter("translation"), sentences), 1):
            yield source, "article", paragraph + 1, number, sentence["source"], *_judged(sentence)


def _judged(sentence: Fields) -> tuple[str, float | None, str]:
    """Return the English of a sentence, its confidence, and the reasons for doubts."""
    return sentence["translation"], sentence["confidence"], _reasons([sentence])


def _least(sentences: Iterable[Fields]) -> float | None:
    """Return the lowest confidence of some sentences; None where that of one isn't known."""
    values = list(map(itemgetter("confidence"), sentences))
    return None if None in values else min(values, default=None)


def _reasons(sentences: Iterable[Fields]) -> str:
    reasons: list[str] = []
    for sentence in sentences:
        reasons += sentence["reasons"]
    return "; ".join(reasons)


def write_tsv(target: Path, records: Callable[[], Iterable[Fields]], _: object = ()) -> None:
    """Write what `sentence_rows` gives of results into a TSV file: UTF-8, a header, a line for each row."""
    _write(target, SENTENCE_COLUMNS, _tsv_rows(records()), "utf-8", delimiter="\t", lineterminator="\n")


def _tsv_rows(records: Iterable[Fields]) -> Iterator[Iterable[str]]:
    for fields in records:
        for row in sentence_rows(fields):
            yield map(_on_one_line, row)


def _on_one_line(value: object) -> str:
    """Return a value without tabs and line ends, which mean something in a TSV file; None as nothing."""
    return "" if value is None else " ".join(str(value).split())


def _write(target: Path, header: Iterable[str], rows: Iterable[Iterable[Any]], encoding: str, **style: Any) -> None:
    with open_whole(target) as file:
        _write_rows(file, header, rows, encoding, **style)


def _write_rows(
    file: BinaryIO, header: Iterable[str], rows: Iterable[Iterable[Any]], encoding: str, **style: Any
) -> None:
    """Write a table whose cells no spreadsheet takes for formulas; ``style`` is what `csv.writer` takes."""
    # The path of an input may hold bytes that are no UTF-8: they are spelt as in results.jsonl.
    text = io.TextIOWrapper(file, encoding=encoding, errors="backslashreplace", newline="", write_through=True)
    writer = csv.writer(text, **style)
    writer.writerow(header)
    for row in rows:
        writer.writerow(map(_harmless, row))
    text.detach()


def _harmless(cell: object) -> object:
    """Return a cell so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if str(cell).startswith(_FORMULA) else cell
