"""The tables of a job on a cluster: what comes in, what goes to the actors, what comes out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa

from summarizer.batch.provenance import JobSpec
from summarizer.batch.reading import BatchInput
from summarizer.batching import WINDOW
from summarizer.errors import InputError, RingkasError
from summarizer.storage.fingerprint import digest_values

_TITLE = "title"
# A row with text is read as a line of such a file is.
_LINES = "row.jsonl"
_STRUCTURE = "result-1.schema.json"
# What JSON Schema calls a type of one value.
_TYPES = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_()}
# Fields of results.jsonl that a row hasn't: "id" is the name of the input, and there is no file of its own.
_OTHERS = ("source", "input", "file", "output", "key", "sha256")
_DIGITS = 32
"""Length of a fingerprint: 128 bits, as hexadecimal digits."""

_KEYS = [pa.field("id", pa.string(), nullable=False), pa.field("fingerprint", pa.string(), nullable=False)]

INPUTS = pa.schema(
    [
        *_KEYS,
        pa.field("path", pa.string()),
        pa.field("line", pa.int64()),
        pa.field("data", pa.large_binary()),
        pa.field("url", pa.string()),
        pa.field("error", pa.string()),
        pa.field("advice", pa.string()),
    ]
)
"""Inputs of a batch, with what stands for the id and all that the result depends on."""


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


def _result_fields() -> list[pa.Field]:
    text = files("summarizer.output").joinpath(_STRUCTURE).read_text(encoding="utf-8")
    properties = json.loads(text)["properties"]
    return [pa.field(name, _type_of(schema)) for name, schema in properties.items() if name not in _OTHERS]


RESULTS = pa.schema(
    [*_KEYS, *_result_fields(), *(pa.field(name, pa.string()) for name in ("error", "error_kind", "advice"))]
)
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

    def inputs(self, table: pa.Table) -> Iterator[BatchInput]:
        """Yield the rows of a table as inputs of a batch.

        A row with text is what a line of JSON with its fields would be; one with bytes is what a page would be.
        """
        names = [name for name in (self.id, self.text, _TITLE) if name in table.column_names]
        return map(self._input, table.select(list(dict.fromkeys(names))).to_pylist())

    def _input(self, row: Mapping[str, Any]) -> BatchInput:
        text, name = row.get(self.text), row.get(self.id)
        if name is None:
            error = InputError(f"a row has no id in the column {self.id!r}", advice="give each row an id of its own")
            return BatchInput("", "", error=error)
        if isinstance(text, bytes):
            return BatchInput(str(name), str(name), data=text)
        fields = {self.text: text} | ({_TITLE: row[_TITLE]} if isinstance(row.get(_TITLE), str) else {})
        line = json.dumps(fields, ensure_ascii=False, default=str).encode("utf-8", "replace")
        return BatchInput(str(name), _LINES, 0, line)


def input_tables(inputs: Iterable[BatchInput], spec: JobSpec, finished: Any = None) -> Iterator[pa.Table]:
    """Yield inputs as tables with the schema `INPUTS`.

    Args:
        inputs: what they hold is in memory.
        spec: of the job.
        finished: sorted array of the fingerprints to leave out; None for none.
    """
    inputs = iter(inputs)
    while group := list(islice(inputs, WINDOW)):
        prints = [_fingerprint(one, spec) for one in group]
        if finished is None or not len(finished):
            is_new = [True] * len(group)
        else:
            own = np.array(prints, finished.dtype)
            is_new = finished[np.minimum(np.searchsorted(finished, own), len(finished) - 1)] != own
        rows = [_input_row(one) | {"fingerprint": text} for one, text in zip(group, prints, strict=True)]
        yield pa.Table.from_pylist(rows, schema=INPUTS).filter(pa.array(is_new))


def _fingerprint(one: BatchInput, spec: JobSpec) -> str:
    data = str(one.error).encode() if one.data is None else one.data
    return digest_values([one.name, spec.key(data)])[:_DIGITS]


def _input_row(one: BatchInput) -> dict[str, Any]:
    error = {"error": str(one.error), "advice": one.error.advice} if one.error else {}
    return {"id": one.name, "path": one.path, "line": one.line, "data": one.data, "url": one.url} | error


def inputs_of(table: pa.Table) -> list[BatchInput]:
    """Return the inputs in a table with the schema `INPUTS`."""
    return [
        BatchInput(
            row["id"],
            row["path"],
            row["line"],
            row["data"],
            row["url"],
            InputError(row["error"], advice=row["advice"]) if row["error"] else None,
        )
        for row in table.to_pylist()
    ]


def error_row(error: RingkasError) -> dict[str, Any]:
    """Return an error as a row of `RESULTS`, without its keys."""
    return {"error": str(error), "error_kind": type(error).__name__, "advice": error.advice}


def results_table(inputs: pa.Table, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return results and errors as a table with the schema `RESULTS`.

    Args:
        inputs: what they are of, with the schema `INPUTS`.
        rows: what a row lacks is null, and what the schema lacks is left out.
    """
    keys = inputs.select([field.name for field in _KEYS]).to_pylist()
    return pa.Table.from_pylist([{**row, **key} for key, row in zip(keys, rows, strict=True)], schema=RESULTS)
