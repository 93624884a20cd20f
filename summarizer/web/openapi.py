"""The OpenAPI document, made from the routes, the types of requests, and the schema of results."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from summarizer.web.requests import Health, JobRequest, Listing, Models, Problem

Handler = Callable[[Request], Awaitable[Response]]

_EVENTS = (
    "Events 'queued' (how many are in front), 'progress' (0 to 1), then 'done' (the answer) or 'failed' (a problem); "
    "sent where the request accepts text/event-stream."
)
_NULLABLE_TEXT = {"type": ["string", "null"]}
# Fields that only batches write.
_OF_BATCHES = {"input", "file", "output", "key", "sha256"}


@dataclass(frozen=True)
class Operation:
    """A route of the API.

    Attributes:
        method: of HTTP.
        path: below ``/api``.
        handler: answers; the first line of its docstring says what it does.
        answer: the schemas of what it may answer, by media type; empty where there is nothing to say.
        request: the type of the request's body; None where it has none.
        parameters: in the address, other than those of the path.
    """

    method: str
    path: str
    handler: Handler
    answer: dict[str, Any]
    request: Any = None
    parameters: tuple[dict[str, Any], ...] = ()

    @property
    def is_job(self) -> bool:
        """Whether the queue does it, which can be followed by events."""
        return isinstance(self.request, type) and issubclass(self.request, JobRequest)

    def describe(self) -> dict[str, Any]:
        """Return the operation as the document has it."""
        summary = (self.handler.__doc__ or "").partition("\n")[0]
        described: dict[str, Any] = {"operationId": self.handler.__name__.strip("_"), "summary": summary}
        path = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}] * ("{id}" in self.path)
        if parameters := [*path, *self.parameters]:
            described["parameters"] = parameters
        if self.request:
            described["requestBody"] = {"required": True, "content": self._bodies()}
        answer = self.answer | (
            {"text/event-stream": {"type": "string", "description": _EVENTS}} if self.is_job else {}
        )
        done: dict[str, Any] = {"description": "It is done."}
        if answer:
            done |= {"content": {media: {"schema": schema} for media, schema in answer.items()}}
        problems = {str(status): {"$ref": "#/components/responses/Problem"} for status in self._statuses()}
        described["responses"] = {"200" if answer else "204": done} | problems
        return described

    def _bodies(self) -> dict[str, Any]:
        schema = _schema(self.request)
        bodies = {"application/json": {"schema": schema}}
        if self.is_job:
            file = {"type": "string", "format": "binary", "description": "In place of text: a saved page."}
            form = schema | {"properties": {**schema["properties"], "file": file}}
            del form["required"]
            either = {"oneOf": [{"required": ["file"]}, {"required": ["text"]}]}
            bodies["multipart/form-data"] = {"schema": form | either}
        return bodies

    def _statuses(self) -> list[int]:
        changing = [403] * (self.method != "GET")
        body = [400, 408, 413, 415, 422] if self.request else [422] if self.parameters else []
        return sorted({401, 421, 500, *changing, *body, *[404] * ("{id}" in self.path), *[503] * self.is_job})


def ref(name: str) -> dict[str, Any]:
    """Return the answer in JSON whose schema has this name in `_components`."""
    return {"application/json": {"$ref": f"#/components/schemas/{name}"}}


def build_document(operations: Iterable[Operation]) -> dict[str, Any]:
    """Return the document of an API."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(f"/api{operation.path}", {})[operation.method.lower()] = operation.describe()
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    retry = {"schema": {"type": "integer"}, "description": "Seconds to wait, where the queue is full."}
    token = {
        "type": "http",
        "scheme": "bearer",
        "description": "Needed where the server is not for its own machine alone.",
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Ringkas",
            "version": "1",
            "summary": "Cleans, summarises and translates saved Indonesian news pages, on the machine where it runs.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "security": [{}, {"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": token},
            "responses": {
                "Problem": {
                    "description": "What is wrong, and what to do about it.",
                    "headers": {"Retry-After": retry},
                    "content": problem,
                }
            },
            "schemas": _components(),
        },
    }


def _components() -> dict[str, Any]:
    text = files("summarizer.output").joinpath("result-1.schema.json").read_text(encoding="utf-8")
    result = json.loads(text)["properties"]
    article = ("source", "title", "paragraphs", "site", "url", "author", "date", "kind", "removed", "lines", "warnings")
    sentences = result["title_sentences"] | {"description": "The sentences of the translation."}
    translation = {name: result[name] for name in ("paragraphs", "warnings", "repairs")} | {"sentences": sentences}
    support = result["support"]["items"]
    doubts = {"type": "array", "items": {"type": "string"}, "description": "What the checks say, in plain words."}
    confidence = sentences["items"]["properties"]["confidence"]
    reviewed = support["properties"] | {"translation": _NULLABLE_TEXT, "confidence": confidence, "doubts": doubts}
    review = {"sentences": {"type": "array", "items": _object(reviewed)}, "doubts": doubts}
    own = {
        "id": {"type": "string", "description": "Names the result."},
        "created": {"type": "string", "description": "When, ISO 8601."},
        "edited": _NULLABLE_TEXT,
        "reviewed": {"type": "boolean"},
        "doubtful": {"type": "boolean"},
        "abstract": _NULLABLE_TEXT | {"description": "In Indonesian; null where a text was only translated."},
        "sentences": {
            "type": "array",
            "items": {"type": "object"},
            "description": "As the model wrote them. Where a text was only translated, those of the translation.",
        },
        "review": _object(review | {"doubtful": {"type": "boolean"}}),
    }
    entry = {name: schema for name, schema in result.items() if name not in _OF_BATCHES} | own
    always = ("source", "title", "paragraphs", "removed", "lines")
    kept = (*always, "id", "created", "edited", "reviewed", "abstract", "translation", "warnings", "support", "model")
    return {
        "Article": _object({name: result[name] for name in article}, always),
        "Translation": _object(translation),
        "Entry": _object(entry, (*kept, "doubtful", "review")),
        **{kind.__name__: _schema(kind) for kind in (Problem, Listing, Models, Health)},
    }


def _object(properties: dict[str, Any], required: Iterable[str] | None = None) -> dict[str, Any]:
    names = list(properties if required is None else required)
    return {"type": "object", "properties": properties, "required": names}


def _schema(kind: Any) -> dict[str, Any]:
    schema = TypeAdapter(kind).json_schema()
    definitions = schema.pop("$defs", {})

    def inline(value: Any) -> Any:
        if isinstance(value, dict):
            name = str(value.get("$ref", "")).rpartition("/")[2]
            return inline(definitions[name]) if name else {key: inline(one) for key, one in value.items()}
        return [inline(one) for one in value] if isinstance(value, list) else value

    return inline(schema)  # type: ignore[no-any-return]
