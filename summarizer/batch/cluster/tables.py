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
_OTHERS = ("source", "input", "file", "output", "key", "sha256")


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


_SCHEMA = json.loads(files("summarizer.output").joinpath("result-1.schema.json").read_text(encoding="utf-8"))
RESULTS = pa.schema(
    [
        *(pa.field(name, pa.string(), nullable=False) for name in ("id", "fingerprint")),
        *(pa.field(name, _type_of(of_one)) for name, of_one in _SCHEMA["properties"].items() if name not in _OTHERS),
        *(pa.field(name, pa.string()) for name in ("error", "error_kind", "advice")),
    ]
)
"""What a job writes: the fields of a record of ``results.jsonl``, or the error that says why there is none."""
