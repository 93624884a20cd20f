"""Whether a value that was read from a file has the shape of a result, so that whatever shows it can rely on that."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import NoneType
from typing import Any

Schema = Mapping[str, Any]
"""A JSON schema (draft 2020-12) as plain values."""

_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": NoneType,
    "array": list,
    "object": dict,
}


@cache
def result_schema() -> Schema:
    """Return the schema of results, ``result-1.schema.json``."""
    text = files("summarizer.output").joinpath("result-1.schema.json").read_text(encoding="utf-8")
    schema: Schema = json.loads(text)
    return schema


def has_shape(value: object, schema: Schema, definitions: Schema | None = None) -> bool:
    """Tell whether a value has the types, the needed fields and the lengths of lists that a schema asks for.

    What values may be (``enum``, ``minimum``, ``pattern``) and which fields there are besides is not asked: what a
    later version writes has the same shape.

    Args:
        value: what JSON can spell.
        schema: of it; of JSON Schema's words, it uses those of ``result-1.schema.json``, ``anyOf`` and ``$ref``.
        definitions: the schemas that references name by their last part.
    """
    if "$ref" in schema:
        return has_shape(value, (definitions or {})[schema["$ref"].rpartition("/")[2]], definitions)
    if "anyOf" in schema:
        return any(has_shape(value, option, definitions) for option in schema["anyOf"])
    if not _has_type(value, schema):
        return False
    if isinstance(value, list):
        is_long_enough = schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value))
        items = schema.get("items", {})
        return is_long_enough and all(has_shape(item, items, definitions) for item in value)
    if isinstance(value, dict):
        fields = schema.get("properties", {})
        has_needed = all(name in value for name in schema.get("required", ()))
        return has_needed and all(has_shape(item, fields.get(name, {}), definitions) for name, item in value.items())
    return True


def _has_type(value: object, schema: Schema) -> bool:
    # The choices of an enumeration are strings.
    kinds = schema.get("type", "string" if "enum" in schema else [])
    if not kinds:
        return True
    names = [kinds] if isinstance(kinds, str) else kinds
    if isinstance(value, bool):
        # To Python, it would be a number too.
        return "boolean" in names
    return any(isinstance(value, _TYPES[name]) for name in names)


def are_sources_placed(support: list[Any]) -> bool:
    """Tell whether each of the sentences that an abstract rests on has its place: no schema can say so.

    Args:
        support: rows with ``positions`` and ``sources``, of the shape that they have in a result.
    """
    return all(len(row["positions"]) == len(row["sources"]) for row in support)
