"""Results as rows: for a data frame, a CSV file, or a file of sentences and their translations."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby
from pathlib import Path
from typing import Any

from summarizer.output.forms import Fields
from summarizer.storage.atomic import open_whole
from summarizer.text.sentences import split_sentences

COLUMNS = (
    *("source", "title", "title_translation", "site", "date", "kind", "article_words", "removed", "abstract"),
    *("abstract_words", "translation", "support", "repairs", "warnings", "model", "error"),
)
SENTENCE_COLUMNS = ("source", "part", "paragraph", "sentence", "indonesian", "english", "confidence")
# What makes a spreadsheet take a cell for a formula, which an article must not be able to do.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def row_of(fields: Fields) -> dict[str, Any]:
    """Return a result as a row of `COLUMNS`, without ``error``.

    ``article_words``, ``abstract_words``, ``removed`` and ``repairs`` are counts; ``support`` is the share of words
    that the article holds of the abstract's least supported sentence, from 0 to 1.

    Args:
        fields: the result, as `summarizer.result.Result.to_record` gives it.
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


def sentence_rows(fields: Fields) -> Iterator[tuple[str, str, int, int, str, str, float | None]]:
    """Yield what was translated of a result, sentence by sentence, each as a row of `SENTENCE_COLUMNS`.

    ``part`` is ``title``, ``abstract`` or ``article``; ``paragraph`` and ``sentence`` count from 1. Where a paragraph
    and its translation have different numbers of sentences, nothing says which belong together: the whole paragraph is
    one row, and ``sentence`` is 0; so is a headline. ``confidence`` is not always known; a headline's is that of its
    least certain sentence.

    Args:
        fields: the result, as `summarizer.result.Result.to_record` gives it.
    """
    source, known = fields["source"], [one for one in fields.get("sentences", ()) if one["translation"]]
    if fields["title"] and fields.get("title_translation"):
        values = [one["confidence"] for one in fields.get("title_sentences", ())]
        least = None if None in values else min(values, default=None)
        yield source, "title", 1, 0, fields["title"], fields["title_translation"], least
    for at, one in enumerate(known, 1):
        yield source, "abstract", 1, at, one["abstract"], one["translation"], one["confidence"]
    if not known:
        yield from _pair_up(source, "abstract", [fields["abstract"]], [fields["translation"]])
    translated = fields.get("article_sentences", ())
    for row, own in groupby(translated, key=lambda one: one["paragraph"]):
        for at, one in enumerate((one for one in own if one["translation"]), 1):
            yield source, "article", row + 1, at, one["source"], one["translation"], one["confidence"]
    if not translated:
        yield from _pair_up(source, "article", fields["paragraphs"], fields.get("article_translation") or [])


def _pair_up(
    source: str, part: str, paragraphs: Sequence[str], translations: Sequence[str | None]
) -> Iterator[tuple[str, str, int, int, str, str, None]]:
    for row, (text, english) in enumerate(zip(paragraphs, translations, strict=False), 1):
        if not text or not english:
            continue
        ours, theirs = split_sentences(text), split_sentences(english)
        if len(ours) != len(theirs):
            yield source, part, row, 0, text, english, None
            continue
        for at, (one, other) in enumerate(zip(ours, theirs, strict=True), 1):
            yield source, part, row, at, one, other, None


def write_tsv(target: Path, records: Iterable[Fields]) -> None:
    """Write the rows that `sentence_rows` gives of results into a TSV file: UTF-8, a header, a line for each row.

    Tabs and line breaks in a cell become spaces; a cell with quotation marks is quoted as in a CSV file; one that a
    spreadsheet would take for a formula gets an apostrophe in front.

    Args:
        target: the file; it appears complete or not at all.
        records: results, as `summarizer.result.Result.to_record` gives them; they are taken one by one.

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
