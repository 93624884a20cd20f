from typing import Any

import pytest

from summarizer.output.shape import are_sources_placed, has_shape, result_schema

SCHEMA = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string"},
        "share": {"type": ["number", "null"], "maximum": 1},
        "kind": {"enum": ["digest"]},
        "place": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
        "inner": {"$ref": "#/$defs/Inner"},
        "either": {"anyOf": [{"type": "boolean"}, {"$ref": "#/$defs/Inner"}]},
    },
}
DEFINITIONS = {"Inner": {"type": "object", "required": ["x"], "properties": {"x": {"type": "integer"}}}}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"share": 1},
        {"share": 0.5},
        {"share": None},
        # What a later version may write.
        {"share": 7.0, "kind": "poem", "new": [{}]},
        {"place": [1, 2]},
        {"inner": {"x": 1}},
        {"either": True},
        {"either": {"x": 1}},
    ],
)
def test_what_has_the_shape_is_taken(fields: dict[str, Any]) -> None:
    assert has_shape({"name": "a"} | fields, SCHEMA, DEFINITIONS)


@pytest.mark.parametrize(
    "fields",
    [
        {"name": None},
        {"name": 5},
        {"share": "1"},
        {"share": True},
        {"kind": []},
        {"place": [1]},
        {"place": [1, 2, 3]},
        {"place": [1, "2"]},
        {"place": [1, True]},
        {"place": {}},
        {"inner": {}},
        {"inner": None},
        {"either": {"x": "1"}},
        {"either": None},
    ],
)
def test_what_has_another_shape_is_refused(fields: dict[str, Any]) -> None:
    assert not has_shape({"name": "a"} | fields, SCHEMA, DEFINITIONS)


@pytest.mark.parametrize("value", [None, [], "a", 5, {"share": 1}])
def test_what_is_no_such_object_is_refused(value: object) -> None:
    assert not has_shape(value, SCHEMA, DEFINITIONS)


def test_the_schema_of_results_uses_no_word_that_is_passed_over_unknowingly() -> None:
    words: set[str] = set()

    def collect(schema: dict[str, Any]) -> None:
        words.update(schema)
        for field in schema.get("properties", {}).values():
            collect(field)
        if "items" in schema:
            collect(schema["items"])

    collect(dict(result_schema()))
    asked = {"type", "required", "properties", "items", "minItems", "maxItems"}
    values = {"enum", "const", "minimum", "maximum", "pattern", "additionalProperties"}
    assert words <= asked | values | {"$schema", "$id", "title", "description"}


def test_each_source_has_its_place() -> None:
    assert are_sources_placed([{"positions": [[0, 1]], "sources": ["A."]}])
    assert not are_sources_placed([{"positions": [[0, 1]], "sources": []}])
