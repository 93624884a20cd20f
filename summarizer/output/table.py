"""Results as rows: for a data frame, or a CSV file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from summarizer.output.forms import Fields
from summarizer.storage.atomic import open_whole

COLUMNS = (
    *(
        "source",
        "title",
        "title_translation",
        "site",
        "date",
        "article_words",
        "removed",
        "abstract",
        "abstract_words",
        "translation",
    ),
    *("support", "repairs", "warnings", "model", "error"),
)
# What makes a spreadsheet take a cell for a formula, which an article must not be able to do.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def row_of(fields: Fields) -> dict[str, Any]:
    """Return a result as a row of `COLUMNS`, without ``error``.

    ``article_words``, ``abstract_words``, ``removed`` and ``repairs`` are counts; ``support`` is the share of words
    that the article holds of the abstract's least supported sentence, from 0 to 1.

    Args:
        fields: the result, as `summarizer.result.Result.to_record` gives it.
    """
    return {
        name: fields.get(name)
        for name in ("source", "title", "title_translation", "site", "date", "abstract", "translation", "model")
    } | {
        "article_words": sum(len(paragraph.split()) for paragraph in fields["paragraphs"]),
        "removed": len(fields["removed"]),
        "abstract_words": len(fields["abstract"].split()),
        "support": min((item["share"] for item in fields["support"]), default=None),
        "repairs": len(fields["repairs"]),
        "warnings": tuple(fields["warnings"]),
    }


def write_csv(target: Path, records: Iterable[Fields]) -> None:
    """Write results into a CSV file for spreadsheets: UTF-8 with a byte order mark, one row for each.

    A cell that a spreadsheet would take for a formula gets an apostrophe in front.

    Args:
        target: the file; it appears complete or not at all.
        records: results, as `summarizer.result.Result.to_record` gives them; they are taken one by one.

    Raises:
        OutputError: the file can't be written.
    """
    columns = [column for column in COLUMNS if column != "error"]
    with open_whole(target) as file:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
        writer = csv.DictWriter(text, columns)
        writer.writeheader()
        for fields in records:
            row = row_of(fields)
            row["warnings"] = "; ".join(row["warnings"])
            writer.writerow({name: _cell(value) for name, value in row.items()})
        text.detach()


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
