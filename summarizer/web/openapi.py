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

from summarizer.web.requests import Changes, JobRequest, ListedEntry, RenewRequest, SummarizeRequest, TranslateRequest

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


class Operation(NamedTuple):
    """A route of the API, below ``/api``: the first line of its handler's docstring says what it does."""

    method: str
    path: str
    handler: Callable[[Request], Awaitable[Response]]
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
    schemas = _schemas()
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
        name: with those of the objects that hold it, such as ``sentence.part``.
        default: what holds if it isn't sent, or that it must be; "" for neither.
        text: what it says, and the values that it may have.
    """

    name: str
    default: str
    text: str


@dataclass(frozen=True)
class Route:
    """A route of the API, as a person reads it.

    Attributes:
        method: such as POST.
        path: with ``{id}`` where that of a result stands.
        summary: what it does.
        parameters: of path and query, as the document has them.
        media: types of bodies that may be sent.
        fields: of the body.
        answers: names of the schemas of what it answers.
    """

    method: str
    path: str
    summary: str
    parameters: Sequence[Mapping[str, Any]]
    media: Sequence[str]
    fields: Sequence[FieldRow]
    answers: Sequence[str]


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
                fields = _field_rows(body["schema"], schemas, has_defaults=method != "patch")
            summary = operation["summary"].split("\n")[0]
            answers = _answers_of(operation)
            routes.append(Route(method.upper(), path, summary, operation["parameters"], list(bodies), fields, answers))
    return routes


def list_answers(document: Mapping[str, Any]) -> dict[str, list[FieldRow]]:
    """Return the fields of what the routes of a document answer, and of problems, by the name of the schema."""
    schemas = document["components"]["schemas"]
    names: list[str] = []
    for route in list_routes(document):
        names += route.answers
    answers = {}
    for name in dict.fromkeys([*names, "Problem"]):
        answers[name] = _field_rows(schemas[name], schemas, has_defaults=False)
    return answers


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


def _field_rows(
    schema: Mapping[str, Any], schemas: Mapping[str, Any], *, has_defaults: bool, within: str = ""
) -> list[FieldRow]:
    """Return the fields of an object, and in place of one that holds an object, the fields of that."""
    if "$ref" in schema:
        schema = schemas[_name_of(schema)]
    # Of these fields, one is needed.
    either: list[str] = []
    for choice in schema.get("oneOf", ()):
        either += choice["required"]
    rows: list[FieldRow] = []
    for name, field in schema["properties"].items():
        full_name = within + name
        for option in [field, *field.get("anyOf", ())]:
            if "$ref" in option:
                rows += _field_rows(option, schemas, has_defaults=has_defaults, within=f"{full_name}.")
                break
        else:
            default = ""
            if name in either:
                default = f"needed: {' or '.join(either)}"
            elif has_defaults and name in schema.get("required", ()):
                default = "needed"
            elif has_defaults and field.get("default") is not None:
                default = json.dumps(field["default"])
            rows.append(FieldRow(full_name, default, _text_of(field)))
    return rows


def _text_of(field: Mapping[str, Any]) -> str:
    """Return what a field says, and its choices, if it has some."""
    choices = list(field.get("enum", ()))
    for option in field.get("anyOf", ()):
        choices += option.get("enum", ())
    parts = [field.get("description", "")]
    if choices:
        parts.append(f"One of {', '.join(map(str, choices))}.")
    return " ".join(filter(None, parts))


def _name_of(reference: Mapping[str, str]) -> str:
    return reference["$ref"].rpartition("/")[2]


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _form(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a form: a request that has a file or a text."""
    file = {"type": "string", "format": "binary", "description": "In place of text: a saved page."}
    either = [{"required": ["file"]}, {"required": ["text"]}]
    return schema | {"properties": {**schema["properties"], "file": file}, "required": [], "oneOf": either}


def _schemas() -> dict[str, Any]:
    """Return the schemas of what the API takes and answers, by their names."""
    types: list[Any] = [JobRequest, SummarizeRequest, TranslateRequest, RenewRequest, Changes, ListedEntry]
    inputs = [(type_of_input.__name__, "validation", TypeAdapter(type_of_input)) for type_of_input in types]
    _, definitions = TypeAdapter.json_schemas(
        inputs,  # type: ignore[arg-type]
        ref_template="#/components/schemas/{model}",
    )
    schemas: dict[str, Any] = definitions["$defs"]
    text = files("summarizer.output").joinpath("result-1.schema.json").read_text(encoding="utf-8")
    result = json.loads(text)["properties"]
    # A reader may have edited the abstract; a text that was only translated has none.
    listed = schemas["ListedEntry"]["properties"]
    sentences = {"type": "array", "items": {"type": "object"}, "description": "Those of the model."}
    review = {
        "type": "object",
        "description": "What the checks say: sentences with doubts, and doubts about it all; `checked` are those that "
        "a reader has ticked.",
    }
    page = {"type": "object", "description": "What cleaning says of the page, for making the result anew."}
    translation = {name: result[name] for name in ("paragraphs", "warnings", "repairs")} | {"sentences": sentences}
    record = result | {"review": review, "page": page, "doubtful": listed["doubtful"], "doubts": listed["doubts"]}
    # A reader may have changed or ticked their sentences.
    note = "With the last texts and doubts; `checked` are those that a reader has ticked."
    described = sentences | {"description": note}
    record |= dict.fromkeys(("sentences", "title_sentences", "article_sentences"), described)
    flags = {"status": {"type": "integer"}, "can_be_forced": {"type": "boolean"}}
    problem = flags | {name: {"type": "string"} for name in ("title", "detail", "advice")}
    return schemas | {
        "Article": _object(result, "source", "title", "paragraphs", "removed", "lines"),
        "Translation": _object(translation, *translation),
        "Record": _object(record | {"abstract": listed["abstract"]}, "review"),
        "Entry": _object(record | listed, "id", "created", "review"),
        "Listing": _object({"results": {"type": "array", "items": _ref("ListedEntry")}}, "results"),
        "Problem": _object(problem, "title", "status", "detail"),
        "Any": {},
        "File": {},
    }


def _object(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    """Return the schema of an object, of which some properties are always there."""
    return {"type": "object", "properties": properties, "required": list(required)}
