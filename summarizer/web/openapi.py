"""The OpenAPI document, made from the routes, the types of requests, and the schema of results."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable
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


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _form(schema: dict[str, Any]) -> dict[str, Any]:
    file = {"type": "string", "format": "binary", "description": "In place of text: a saved page."}
    either = [{"required": ["file"]}, {"required": ["text"]}]
    return schema | {"properties": {**schema["properties"], "file": file}, "required": [], "oneOf": either}


def _schemas() -> dict[str, Any]:
    types: list[Any] = [JobRequest, SummarizeRequest, TranslateRequest, RenewRequest, Changes, ListedEntry]
    inputs = [(one.__name__, "validation", TypeAdapter(one)) for one in types]
    _, found = TypeAdapter.json_schemas(inputs, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    schemas: dict[str, Any] = found["$defs"]
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
    # A reader may have changed or ticked their sentences.
    own = dict.fromkeys(("sentences", "title_sentences", "article_sentences"), sentences)
    record = result | {"review": review, "page": page, "doubtful": listed["doubtful"], "doubts": listed["doubts"]} | own
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
    return {"type": "object", "properties": properties, "required": list(required)}
