"""Results as rows: for a data frame, a CSV file, or a file of sentences and their translations."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain, groupby
from pathlib import Path
from typing import Any

from summarizer.output.forms import Fields
from summarizer.storage.atomic import open_whole

COLUMNS = (
    *("source", "title", "title_translation", "site", "date", "kind", "article_words", "removed", "abstract"),
    *("abstract_words", "translation", "support", "repairs", "warnings", "model", "error"),
)
SENTENCE_COLUMNS = ("source", "part", "paragraph", "sentence", "indonesian", "english", "confidence")
# What makes a spreadsheet take a cell for a formula, which an article must not be able to do.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def row_of(fields: Fields) -> dict[str, Any]:
    """Return a result, as `Result.to_record` gives it, as a row of `COLUMNS`, without ``error``.

    ``article_words``, ``abstract_words``, ``removed`` and ``repairs`` are counts; ``support`` is the share of words
    that the article holds of the abstract's least supported sentence, from 0 to 1.
    """
    return {name: fields.get(name) for name in COLUMNS if name != "error"} | {
        "article_words": sum(len(paragraph.split()) for paragraph in fields["paragraphs"]),
        "removed": len(fields["removed"]),
        "abstract_words": len(fields["abstract"].split()),
        "support": min((item["share"] for item in fields["support"]), default=None),
        "repairs": len(fields["repairs"]),
        "warnings": tuple(fields["warnings"]),
    }


def write_csv(target: Path, records: Iterable[Fields]) -> None:
    """Write results into a CSV file for spreadsheets: UTF-8 with a byte order mark, one row for each.

    A cell that a spreadsheet would take for a formula gets an apostrophe in front. Results are taken one by one.

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


def sentence_rows(fields: Fields) -> Iterator[tuple[str, str, int, int, str, str, float | None]]:
    """Yield what was translated of a result, sentence by sentence, each as a row of `SENTENCE_COLUMNS`.

    ``part`` is ``title``, ``abstract`` or ``article``; ``paragraph`` and ``sentence`` count from 1. Where the sentences
    of a translation aren't known, a whole paragraph is one row, and ``sentence`` is 0; so is a headline, whose
    ``confidence`` is that of its least certain sentence. Confidence is not always known.
    """
    source = fields["source"]
    if fields["title"] and fields.get("title_translation"):
        values = [one["confidence"] for one in fields.get("title_sentences", ())]
        least = None if None in values else min(values, default=None)
        yield source, "title", 1, 0, fields["title"], fields["title_translation"], least
    known = [one for one in fields.get("sentences", ()) if one["translation"]]
    for at, one in enumerate(known, 1):
        yield source, "abstract", 1, at, one["abstract"], one["translation"], one["confidence"]
    if not known and fields["translation"]:
        yield source, "abstract", 1, 0, fields["abstract"], fields["translation"], None
    translated = fields.get("article_sentences", ())
    for row, own in groupby(translated, key=lambda one: one["paragraph"]):
        for at, one in enumerate((one for one in own if one["translation"]), 1):
            yield source, "article", row + 1, at, one["source"], one["translation"], one["confidence"]
    if not translated:
        pairs = zip(fields["paragraphs"], fields.get("article_translation") or (), strict=False)
        for row, (text, english) in enumerate(pairs, 1):
            if text and english:
                yield source, "article", row, 0, text, english, None


def write_tsv(target: Path, records: Iterable[Fields]) -> None:
    """Write the rows that `sentence_rows` gives of results into a TSV file: UTF-8, a header, a line for each row.

    Tabs and line breaks in a cell become spaces; a cell with quotation marks is quoted as in a CSV file; one that a
    spreadsheet would take for a formula gets an apostrophe in front. Results are taken one by one.

    Raises:
        OutputError: the file can't be written.
    """
    with open_whole(target) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        writer = csv.writer(text, "excel-tab", lineterminator="\n")
        for row in chain([SENTENCE_COLUMNS], chain.from_iterable(map(sentence_rows, records))):
            writer.writerow(_cell(" ".join(str("" if value is None else value).split())) for value in row)
        text.detach()


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
