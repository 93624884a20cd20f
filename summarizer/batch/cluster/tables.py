"""The table of results that a job on a cluster writes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import pyarrow as pa

# What JSON Schema calls a type of one value.
_TYPES = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_()}
# Fields of results.jsonl that a row hasn't: "id" is the name of the input, and there is no file of its own.
_FIELDS_OF_A_BATCH = ("source", "input", "file", "output", "key", "sha256")


def _make_schema() -> pa.Schema:
    """Return the columns of the table: what tells a row, the fields of a record, and the error in place of them."""
    description = files("summarizer.output").joinpath("result-1.schema.json").read_text(encoding="utf-8")
    columns = [pa.field("id", pa.string(), nullable=False), pa.field("fingerprint", pa.string(), nullable=False)]
    for name, schema in json.loads(description)["properties"].items():
        if name not in _FIELDS_OF_A_BATCH:
            columns.append(pa.field(name, _type_of(schema)))
    for name in ("error", "error_kind", "advice"):
        columns.append(pa.field(name, pa.string()))
    return pa.schema(columns)


def _type_of(schema: Mapping[str, Any]) -> pa.DataType:
    """Return the type in which Arrow holds what a JSON Schema describes."""
    kind = _kind_of(schema)
    if kind == "array":
        return pa.list_(_type_of(schema["items"]))
    if kind == "object":
        fields = [pa.field(name, _type_of(of_field)) for name, of_field in _properties_of(schema).items()]
        return pa.struct(fields)
    return _TYPES[kind]


def _kind_of(schema: Mapping[str, Any]) -> str:
    """Return the name of a schema's type, which may be null as well."""
    if "type" not in schema:
        # What has no type has its values listed: strings, or the one value that says that something is so.
        return "boolean" if schema.get("const") is True else "string"
    kinds = schema["type"]
    if isinstance(kinds, str):
        return kinds
    [kind] = set(kinds) - {"null"}
    return str(kind)


def _properties_of(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the fields of an object with their schemas."""
    if "properties" in schema:
        properties: Mapping[str, Any] = schema["properties"]
        return properties
    # An object without properties of its own has required ones that are all alike.
    return dict.fromkeys(schema["required"], schema["additionalProperties"])


RESULTS = _make_schema()
"""What a job writes: the fields of a record of ``results.jsonl``, or the error that says why there is none."""
