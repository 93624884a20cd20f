"""The OpenAPI document, made from the routes, the types of requests, and the schema of results."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, NamedTuple

from pydantic import BaseModel, TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from summarizer.batch.results import BATCH_FIELDS
from summarizer.output.fields import without
from summarizer.web.answers import Health, Listing, Page, Problem, Review
from summarizer.web.requests import Changes, JobRequest, RenewRequest, SummarizeRequest, TranslateRequest

_INFO = {
    "title": "Ringkas",
    "version": "1",
    "summary": "Cleans, summarises and translates saved Indonesian news pages, on the machine where it runs.",
    "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
}
_TOKEN = {"type": "http", "scheme": "bearer", "description": "Needed if the server is not for its own machine alone."}
_EVENTS = (
    "Events 'queued' (how many are in front), 'progress' (0 to 1), then 'done' (the answer) or 'failed' (a problem); "
    "sent where the request accepts text/event-stream."
)
_REQUESTS = (JobRequest, SummarizeRequest, TranslateRequest, RenewRequest, Changes)
_ANSWERS: tuple[Any, ...] = (Listing, Review, Page, Health, Problem)
# Fields of a result that say what cleaning made of its page.
_OF_ARTICLE = ("source", "title", "site", "url", "author", "date", "kind", "paragraphs", "lines", "removed", "warnings")
_ALWAYS_IN_RECORD = (
    *("source", "title", "abstract", "translation", "sentences", "support", "repairs", "warnings", "model"),
    *("paragraphs", "lines", "removed", "review", "page", "doubts", "doubtful"),
)


Handler = Callable[[Request], Awaitable[Response]]
"""Answers a request."""


class Operation(NamedTuple):
    """A route of the API, below ``/api``: the first line of its handler's docstring says what it does."""

    method: str
    path: str
    handler: Handler
    answers: tuple[str, ...] = ()
    """Names of the schemas of what it answers; none where there is nothing to say."""
    body: type[BaseModel] | None = None
    parameters: tuple[dict[str, Any], ...] = ()

    def describe(self, schemas: dict[str, Any]) -> dict[str, Any]:
        """Return the operation as the document has it."""
        described: dict[str, Any] = {"summary": self.handler.__doc__, "operationId": self.handler.__name__.strip("_")}
        media = "*/*" if self.answers == ("File",) else "application/json"
        answer: dict[str, Any] = {media: {"schema": {"anyOf": [_ref(name) for name in self.answers]}}}
        if self.body:
            bodies = {"application/json": {"schema": _ref(self.body.__name__)}}
            if issubclass(self.body, JobRequest):
                bodies["multipart/form-data"] = {"schema": _form(schemas[self.body.__name__])}
            if issubclass(self.body, JobRequest | RenewRequest):
                answer["text/event-stream"] = {"schema": {"type": "string", "description": _EVENTS}}
            described["requestBody"] = {"required": True, "content": bodies}
        done = {"200": {"description": "It is done.", "content": answer}}
        responses = done if self.answers else {"204": {"description": "It is done."}}
        problem = {
            "description": "What is wrong, and what to do about it (RFC 9457).",
            "content": {"application/problem+json": {"schema": _ref("Problem")}},
        }
        return described | {"parameters": list(self.parameters), "responses": responses | {"default": problem}}


def build_document(operations: Iterable[Operation]) -> dict[str, Any]:
    """Return the document of an API."""
    schemas = build_schemas()
    paths: dict[str, dict[str, Any]] = {}
    for one in operations:
        paths.setdefault(f"/api{one.path}", {})[one.method.lower()] = one.describe(schemas)
    components = {"securitySchemes": {"token": _TOKEN}, "schemas": schemas}
    security: list[dict[str, Any]] = [{}, {"token": []}]
    return {"openapi": "3.1.0", "info": _INFO, "security": security, "paths": paths, "components": components}


@dataclass(frozen=True)
class FieldRow:
    """A field of a request or an answer, as a person reads it.

    Attributes:
        name: with those of the objects that hold it, such as ``sentence.part``, or ``removed[].rule`` in a list.
        kind: of its value, such as ``list of string``; objects that have a section of their own by their names.
        default: what holds if it isn't sent, or that it must be; "" for neither.
        text: what it says, and the values that it may have.
    """

    name: str
    kind: str
    default: str
    text: str


@dataclass(frozen=True)
class Route:
    """A route of the API, as a person reads it.

    Attributes:
        name: what the document calls the operation.
        method: such as POST.
        path: with ``{id}`` where that of a result stands.
        summary: what it does.
        parameters: of path and query, as the document has them.
        media: types of bodies that may be sent.
        fields: of the body.
        answers: names of the schemas of what it answers, of those that have fields.
        is_empty: whether its answer has no content.
    """

    name: str
    method: str
    path: str
    summary: str
    parameters: Sequence[Mapping[str, Any]]
    media: Sequence[str]
    fields: Sequence[FieldRow]
    answers: Sequence[str]
    is_empty: bool


def list_routes(document: Mapping[str, Any]) -> list[Route]:
    """Return the routes of a document in the order that it has them."""
    schemas = document["components"]["schemas"]
    routes = []
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            bodies = operation.get("requestBody", {"content": {}})["content"]
            fields: list[FieldRow] = []
            for body in bodies.values():
                # The last is a form, if there is one: it has what JSON has, and the file.
                # What a change leaves out stays as it is: it has no default.
                fields = _field_rows(_named(body["schema"], schemas), has_defaults=method != "patch")
            routes.append(
                Route(
                    name=operation["operationId"],
                    method=method.upper(),
                    path=path,
                    summary=operation["summary"].split("\n")[0],
                    parameters=operation["parameters"],
                    media=list(bodies),
                    fields=fields,
                    answers=_answers_of(operation),
                    is_empty="204" in operation["responses"],
                )
            )
    return routes


def list_objects(document: Mapping[str, Any]) -> dict[str, list[FieldRow]]:
    """Return the fields of what the routes of a document answer, of problems, and of the objects in all these.

    They are by the names of their schemas, which `FieldRow.kind` and `Route.answers` have too.
    """
    schemas = document["components"]["schemas"]
    names: list[str] = []
    for route in list_routes(document):
        names += [*route.answers, *_names_in(route.fields, schemas)]
    objects: dict[str, list[FieldRow]] = {}
    # What is in an object is put at the end of the list, and its turn comes.
    names.append("Problem")
    for name in names:
        if name not in objects:
            objects[name] = _field_rows(schemas[name], has_defaults=False)
            names += _names_in(objects[name], schemas)
    return objects


def _names_in(rows: Iterable[FieldRow], schemas: Mapping[str, Any]) -> list[str]:
    """Return the names of the objects that fields hold."""
    names: list[str] = []
    for row in rows:
        names += [word for word in row.kind.split() if word in schemas]
    return names


def _answers_of(operation: Mapping[str, Any]) -> list[str]:
    """Return the names of the schemas that an operation answers with, of those that have fields."""
    content = operation["responses"].get("200", {}).get("content", {})
    if "application/json" not in content:
        return []
    names: list[str] = []
    for schema in content["application/json"]["schema"]["anyOf"]:
        name = _name_of(schema)
        if name != "Any":
            names.append(name)
    return names


def _field_rows(schema: Mapping[str, Any], *, has_defaults: bool, within: str = "") -> list[FieldRow]:
    """Return the fields of an object, and below one that holds a nameless object, or a list of such, their fields."""
    # Of these fields, one is needed.
    either: list[str] = []
    for choice in schema.get("oneOf", ()):
        either += choice["required"]
    rows: list[FieldRow] = []
    for name, field in schema["properties"].items():
        full_name = within + name
        default = ""
        if name in either:
            default = f"needed: {' or '.join(either)}"
        elif has_defaults and name in schema.get("required", ()):
            default = "needed"
        elif has_defaults and field.get("default") is not None:
            default = json.dumps(field["default"])
        rows.append(FieldRow(full_name, _kind_of(field), default, _text_of(field)))
        if "properties" in field:
            rows += _field_rows(field, has_defaults=has_defaults, within=f"{full_name}.")
        elif "properties" in field.get("items", {}):
            rows += _field_rows(field["items"], has_defaults=has_defaults, within=f"{full_name}[].")
    return rows


def _kind_of(schema: Mapping[str, Any]) -> str:
    """Return what kind of value a schema describes, in JSON's words, or by the name of the object."""
    if "$ref" in schema:
        return _name_of(schema)
    if "anyOf" in schema:
        return " or ".join(map(_kind_of, schema["anyOf"]))
    if "items" in schema:
        return f"list of {_kind_of(schema['items'])}"
    if schema.get("format") == "binary":
        return "file"
    # Choices are between strings.
    kinds = schema.get("type", "string")
    return kinds if isinstance(kinds, str) else " or ".join(kinds)


def _text_of(field: Mapping[str, Any]) -> str:
    """Return what a field says, and its choices, if it has some."""
    choices = list(field.get("enum", ()))
    for option in field.get("anyOf", ()):
        choices += option.get("enum", ())
    parts = [field.get("description", "")]
    if choices:
        parts.append(f"One of {', '.join(map(str, choices))}.")
    return " ".join(filter(None, parts))


def _named(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema that a reference names, or one that is none as it is."""
    if "$ref" not in schema:
        return schema
    found: Mapping[str, Any] = schemas[_name_of(schema)]
    return found


def _name_of(reference: Mapping[str, str]) -> str:
    return reference["$ref"].rpartition("/")[2]


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _form(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a form: a request that has a file or a text."""
    file = {"type": "string", "format": "binary", "description": "In place of text: a saved page."}
    either = [{"required": ["file"]}, {"required": ["text"]}]
    return schema | {"properties": {**schema["properties"], "file": file}, "required": [], "oneOf": either}


def build_schemas() -> dict[str, Any]:
    """Return the schemas of what the API takes and answers, by their names."""
    types = (*_REQUESTS, *_ANSWERS)
    inputs = [(one.__name__, "validation", TypeAdapter(one)) for one in types]
    _, definitions = TypeAdapter.json_schemas(
        inputs,  # type: ignore[arg-type]
        ref_template="#/components/schemas/{model}",
    )
    schemas: dict[str, Any] = definitions["$defs"]
    text = files("summarizer.output").joinpath("result-1.schema.json").read_text(encoding="utf-8")
    result = without(json.loads(text)["properties"], *BATCH_FIELDS)
    article = {name: result[name] for name in _OF_ARTICLE}
    of_text = result["article_sentences"]
    translation = {
        "paragraphs": {"type": "array", "items": {"type": "string"}, "description": "In English."},
        "warnings": result["warnings"],
        "repairs": result["repairs"],
        "sentences": of_text | {"items": _ref("SentenceOfText"), "description": "Those of the paragraphs."},
    }
    # A reader may have edited, ticked and reviewed it; a text that was only translated has no abstract.
    listed = without(schemas["ListedEntry"]["properties"], "site", "date")
    entry = {name: listed.pop(name) for name in ("id", "created", "edited", "reviewed")}
    entry["version"] = {"type": "integer", "description": "How often it was made or changed."}
    review = _ref("Review") | {"description": "What the checks find in its texts as they are now."}
    page = _ref("Page") | {"description": "What cleaning says of the page, for making the result anew."}
    record = result | listed | {"review": review, "page": page}
    for name in ("title_sentences", "article_sentences"):
        record[name] = result[name] | {"items": _ref("SentenceOfText")}
    either = {"anyOf": [_ref("SentenceOfAbstract"), _ref("SentenceOfText")]}
    note = "Those of the abstract or, without one, of the text: the same as in `review.sentences`, in the same order."
    record["sentences"] = result["sentences"] | {"items": either, "description": note}
    return schemas | {
        "Article": _object(article, "source", "title", "paragraphs", "removed", "lines"),
        "Translation": _object(translation, *translation),
        "Record": _object(record, *_ALWAYS_IN_RECORD),
        "Entry": _object(entry | record, *entry, *_ALWAYS_IN_RECORD),
        "SentenceOfAbstract": _of_reader(result["sentences"]["items"]),
        "SentenceOfText": _of_reader(of_text["items"]),
        "Any": {},
        "File": {},
    }


def _of_reader(sentence: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of a sentence of a result that a reader may have ticked, or written anew."""
    translation = {"type": ["string", "null"], "description": "In English; null where it can't be told apart."}
    checked = {"type": "boolean", "description": "There, and true, if a reader has ticked its doubts."}
    return {**sentence, "properties": sentence["properties"] | {"translation": translation, "checked": checked}}


def _object(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    """Return the schema of an object, of which some properties are always there."""
    return {"type": "object", "properties": properties, "required": list(required)}
