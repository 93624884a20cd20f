"""The tables of a job on a cluster: what comes in, what goes from stage to stage, what comes out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from importlib.resources import files
from typing import Any

import pyarrow as pa

from summarizer.article import Article, Removed
from summarizer.batch.inputs import Item
from summarizer.errors import InputError, RingkasError

_TITLE = "title"
# A row with text is read as a line of such a file is.
_LINES = "row.jsonl"
_STRUCTURE = "result-1.schema.json"
# What JSON Schema calls a type of one value.
_TYPES = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_()}
# Fields of results.jsonl that a row hasn't: "id" is the name of the input, and there is no file of its own.
_OTHERS = ("source", "input", "file", "output", "key", "sha256")
_VALUES = {"str": pa.string(), "int": pa.int64(), "bool": pa.bool_()}

_KEYS = [pa.field("id", pa.string(), nullable=False), pa.field("fingerprint", pa.string(), nullable=False)]
_ERROR = [pa.field("error", pa.string()), pa.field("error_kind", pa.string()), pa.field("advice", pa.string())]


def _type_of(schema: Mapping[str, Any]) -> pa.DataType:
    """Return the type in which Arrow holds what a JSON Schema describes."""
    kinds = schema.get("type", "boolean" if schema.get("const") is True else "string")
    [kind] = {kinds} if isinstance(kinds, str) else set(kinds) - {"null"}
    if kind == "array":
        return pa.list_(_type_of(schema["items"]))
    if kind == "object":
        # An object without properties of its own has required ones that are all alike.
        same = dict.fromkeys(schema["required"], schema.get("additionalProperties"))
        properties = schema.get("properties", same)
        return pa.struct([pa.field(name, _type_of(below)) for name, below in properties.items()])
    return _TYPES[kind]


def _type_of_field(kind: str) -> pa.DataType:
    """Return the type in which Arrow holds the field of a dataclass, from its annotation."""
    if kind.startswith("tuple["):
        return pa.list_(_type_of_field(kind.removeprefix("tuple[").removesuffix(", ...]")))
    if kind == Removed.__name__:
        return pa.struct([pa.field(field.name, _type_of_field(str(field.type))) for field in fields(Removed)])
    return _VALUES[kind.removesuffix(" | None")]


def _result_fields() -> list[pa.Field]:
    text = files("summarizer.output").joinpath(_STRUCTURE).read_text(encoding="utf-8")
    properties = json.loads(text)["properties"]
    return [pa.field(name, _type_of(schema)) for name, schema in properties.items() if name not in _OTHERS]


PAGES = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("path", pa.string()),
        pa.field("line", pa.int64()),
        pa.field("page", pa.large_binary()),
        pa.field("url", pa.string()),
        pa.field("error", pa.string()),
        pa.field("advice", pa.string()),
    ]
)
"""What is read of files of pages, JSON lines and WARC: a page or line, or the error that says why there is none."""

_ARTICLE = [field for field in fields(Article) if field.name != "source"]
ARTICLES = pa.schema([*_KEYS, *(pa.field(field.name, _type_of_field(str(field.type))) for field in _ARTICLE), *_ERROR])
"""What cleaning makes: an article, or the error that says why there is none."""

RESULTS = pa.schema([*_KEYS, *_result_fields(), *_ERROR])
"""What a job writes: the fields of a record of ``results.jsonl``, or the error that says why there is none."""


@dataclass(frozen=True)
class Columns:
    """Names of columns in a dataset that was not read by Ringkas.

    Attributes:
        id: what tells the rows apart.
        text: the article: text, or the bytes of a page.
    """

    id: str = "id"
    text: str = "text"


def items_of(table: pa.Table, columns: Columns | None) -> list[Item]:
    """Return the rows of a table as items of a batch, so that they are read as a batch reads them.

    A row with text is what a line of JSON with its fields would be; one with bytes is what a page would be.

    Args:
        table: with the schema `PAGES`, or any other.
        columns: its columns; None where it has the schema `PAGES`.
    """
    if columns is None:
        return [_page(row) for row in table.to_pylist()]
    names = [name for name in (columns.id, columns.text, _TITLE) if name in table.column_names]
    return [_row(row, columns) for row in table.select(list(dict.fromkeys(names))).to_pylist()]


def _page(row: Mapping[str, Any]) -> Item:
    error = InputError(row["error"], advice=row["advice"]) if row["error"] else None
    return Item(row["id"], row["path"], row["line"], row["page"], row["url"], error)


def _row(row: Mapping[str, Any], columns: Columns) -> Item:
    text = row.get(columns.text)
    name = row.get(columns.id)
    if name is None:
        error = InputError(f"a row has no id in the column {columns.id!r}", advice="give each row an id of its own")
        return Item("", "", error=error)
    if isinstance(text, bytes):
        return Item(str(name), str(name), data=text)
    fields = {columns.text: text} | ({_TITLE: row[_TITLE]} if isinstance(row.get(_TITLE), str) else {})
    return Item(str(name), _LINES, 0, json.dumps(fields, ensure_ascii=False, default=str).encode("utf-8", "replace"))


def pages_table(items: Iterable[Item]) -> pa.Table:
    """Return items as a table with the schema `PAGES`."""
    rows = [
        {
            "id": item.name,
            "path": item.path,
            "line": item.line,
            "page": item.data,
            "url": item.url,
            "error": str(item.error) if item.error else None,
            "advice": item.error.advice if item.error else None,
        }
        for item in items
    ]
    return pa.Table.from_pylist(rows, schema=PAGES)


def article_row(article: Article) -> dict[str, Any]:
    """Return an article as a row of `ARTICLES`, without its keys."""
    return asdict(article)


def article_of(row: Mapping[str, Any]) -> Article:
    """Return the article of a row of `ARTICLES` that holds one."""
    removed = [Removed(**piece) for piece in row["removed"]]
    found = {field.name: row[field.name] for field in _ARTICLE} | {"removed": removed}
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}
    return Article(source=row["id"], **values)


def error_row(error: RingkasError) -> dict[str, Any]:
    """Return an error as a row of `ARTICLES` or `RESULTS`, without its keys."""
    return {"error": str(error), "error_kind": type(error).__name__, "advice": error.advice}


def table_of(keys: Iterable[tuple[str, str]], rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    """Return rows as a table.

    Args:
        keys: id and fingerprint of each row.
        rows: what else they hold; what a row lacks is null, and what the schema lacks is left out.
        schema: of the table.
    """
    full = [
        {"id": name, "fingerprint": fingerprint} | {key: value for key, value in row.items() if key != "id"}
        for (name, fingerprint), row in zip(keys, rows, strict=True)
    ]
    return pa.Table.from_pylist(full, schema=schema)
