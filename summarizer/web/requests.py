"""What clients send and what the server itself answers, as types.

Requests are checked by them, and the OpenAPI document describes them (`summarizer.web.openapi`).
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal, NotRequired, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, WithJsonSchema
from starlette.datastructures import UploadFile
from starlette.requests import Request

# Before 3.12, Python's own lacks what pydantic asks of one.
from typing_extensions import TypedDict

from summarizer.models import Length
from summarizer.summarizer import Translate
from summarizer.text.normalise import one_line
from summarizer.web.problems import Refusal
from summarizer.web.safety import MAX_BODY

MAX_EDIT = 20_000
"""Longest abstract or translation that a reader may put in place of a short one, in characters."""

_MAX_NAME = 200
_PASTED = "pasted text"
_Type = TypeVar("_Type")


class JobRequest(BaseModel):
    """What all that work on a page take."""

    model_config = ConfigDict(extra="forbid")

    page: Annotated[
        Annotated[str, Field(min_length=1)] | bytes,
        Field(alias="text"),
        WithJsonSchema({"type": "string", "minLength": 1, "description": "The page or text itself, text or HTML."}),
    ]
    name: Annotated[
        str,
        AfterValidator(lambda name: one_line(name)[:_MAX_NAME] or _PASTED),
        Field(description="What it is called; no file of that name is touched."),
    ] = _PASTED
    force: Annotated[
        bool, Field(description="Take it even if it seems to hold no article, or another language than Indonesian.")
    ] = False


class SummarizeRequest(JobRequest):
    """What can be asked of a summary."""

    translate: Annotated[Translate, Field(description="What to translate.")] = "abstract"
    length: Annotated[Length | None, Field(description="How long the abstract shall be.")] = None


class TranslateRequest(JobRequest):
    """What can be asked of a translation."""

    lines: Annotated[bool, Field(description="One line in, one line out.")] = False
    keep: Annotated[bool, Field(description="Keep it among the results, and answer with its entry.")] = False


class Changes(TypedDict, total=False):
    """What a reader may change of a result."""

    __pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[misc]

    abstract: Annotated[str, Field(json_schema_extra={"maxLength": MAX_EDIT})]
    translation: Annotated[str, Field(json_schema_extra={"maxLength": MAX_EDIT})]
    reviewed: bool


class ListedEntry(TypedDict):
    """A result in a list."""

    id: str
    created: Annotated[str, Field(description="When, ISO 8601.")]
    edited: str | None
    reviewed: bool
    title: str | None
    title_translation: str | None
    source: Annotated[str, Field(description="Where it came from.")]
    site: str | None
    date: Annotated[str | None, Field(description="Day of publication, YYYY-MM-DD.")]
    warnings: list[str]
    doubtful: bool
    abstract: Annotated[str | None, Field(description="In Indonesian; null where a text was only translated.")]
    doubts: Annotated[int, Field(ge=0, description="How many sentences are doubtful.")]


class Listing(TypedDict):
    """All results, in short."""

    results: list[ListedEntry]


class Models(TypedDict):
    """The models that can be used."""

    models: list[dict[str, Any]]


class Health(TypedDict):
    """How busy the server is."""

    status: Literal["ok"]
    version: str
    loading: Annotated[bool, Field(description="Whether the models are still being loaded.")]
    busy: bool
    waiting: int
    limit: int


class Problem(TypedDict):
    """Problem details (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: Annotated[str, Field(description="What is wrong, in one line.")]
    advice: NotRequired[Annotated[str, Field(description="What to do about it, in a few words.")]]


async def read_job(request: Request, kind: type[_Type]) -> _Type:
    """Read what a client asks for, from JSON or from a form with a file.

    Raises:
        Refusal: it is something else.
    """
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media == "application/json":
        return await read_json(request, kind)
    if media != "multipart/form-data":
        raise Refusal(415, "the request must be application/json or multipart/form-data")
    async with request.form(max_files=1, max_fields=8, max_part_size=MAX_BODY) as form:
        # A field of a form that was left as it is has no value.
        fields: dict[str, Any] = {name: value for name, value in form.items() if value != "" or name == "text"}
        file = fields.get("file")
        if isinstance(file, UploadFile) and "text" not in fields:
            # The name is for display only: no file of that name is ever opened.
            fields |= {"text": await file.read(), "name": file.filename or "upload"}
            del fields["file"]
    return _check(fields, kind, strict=False)


async def read_json(request: Request, kind: type[_Type]) -> _Type:
    """Read JSON.

    Raises:
        Refusal: it is none, or not of that kind.
    """
    try:
        content = json.loads(await request.body())
        # Half of a surrogate pair is not text that could be sent back.
        json.dumps(content, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Refusal(400, "the request is not JSON") from None
    if not isinstance(content, dict):
        raise Refusal(422, "the request must be a JSON object")
    return _check(content, kind, strict=True)


def _check(fields: dict[str, Any], kind: type[_Type], *, strict: bool) -> _Type:
    try:
        return TypeAdapter(kind).validate_python(fields, strict=strict)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise Refusal(422, f"{one_line(str(first['loc'][0]))[:_MAX_NAME]}: {first['msg']}") from None
