"""What clients send, as types: requests are checked by them, and the OpenAPI document describes them."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartParser
from starlette.requests import Request

from summarizer.extraction.decoding import SavedPage
from summarizer.models import Length
from summarizer.summarizer import Translate
from summarizer.text.normalise import one_line
from summarizer.web.problems import Refusal
from summarizer.web.safety import MAX_BODY

MAX_EDIT = 500_000
"""Longest abstract or translation of any article that a reader may write, in characters.

How long it may be for a certain article, `summarizer.web.editing.longest_edit` says.
"""

# A page is in memory as it is worked on: no temporary file, for which there may be no room, is in its way.
MultiPartParser.spool_max_size = MAX_BODY

_PASTED = "pasted text"
# Characters that are shown of the name of a field.
_LONGEST_NAME = 200
_VERSION = "The `version` of the result that you have seen. If it has changed since, it stays as it is: 409."
_Model = TypeVar("_Model", bound=BaseModel)


class JobRequest(BaseModel):
    """What every request that works on a page takes."""

    model_config = ConfigDict(extra="forbid")

    content: Annotated[
        Annotated[str, Field(min_length=1)] | bytes,
        Field(alias="text"),
        WithJsonSchema({"type": "string", "minLength": 1, "description": "The page or text itself, text or HTML."}),
    ]
    name: Annotated[
        str,
        AfterValidator(lambda name: one_line(name)[:200] or _PASTED),
        Field(description="What it is called; no file of that name is touched."),
    ] = _PASTED
    force: Annotated[
        bool, Field(description="Take it even if it seems to hold no article, or another language than Indonesian.")
    ] = False

    @property
    def page(self) -> SavedPage:
        """What is to be worked on."""
        return SavedPage(self.name, self.content)


class SummarizeRequest(JobRequest):
    """What can be asked of a summary."""

    translate: Annotated[Translate, Field(description="What to translate.")] = "abstract"
    length: Annotated[Length | None, Field(description="How long the abstract should be.")] = None
    keep: Annotated[bool, Field(description="Keep it among the results; its answer then has an id.")] = True


class TranslateRequest(JobRequest):
    """What can be asked of a translation."""

    lines: Annotated[bool, Field(description="One line in, one line out.")] = False
    keep: Annotated[bool, Field(description="Keep it among the results, and answer with its entry.")] = False


class RenewRequest(BaseModel):
    """What is to be made anew of a result's page; what isn't given stays as it is."""

    model_config = ConfigDict(extra="forbid")

    translate: Annotated[Translate | None, Field(description="What to translate.")] = None
    length: Annotated[Length | None, Field(description="How long the abstract should be.")] = None
    translator: Annotated[
        str | None, Field(description="Which model translates: one that is on the server's machine.", max_length=200)
    ] = None
    replace: Annotated[
        bool,
        Field(
            description="Replace what a reader has edited, ticked or reviewed. Without it, such a result gets 409, "
            "unless only a translation of the article is to be added."
        ),
    ] = False
    version: Annotated[int | None, Field(ge=0, description=_VERSION)] = None


class SentenceChange(BaseModel):
    """What a reader may change of a doubtful sentence, or of another."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"anyOf": [{"required": ["checked"]}, {"required": ["translation"]}]}
    )

    part: Annotated[
        Literal["title", "abstract", "article", "whole"],
        Field(
            description="Where it stands: `title_sentences`, `review.sentences` (abstract), `article_sentences`; "
            "`whole` means the doubts in `review.doubts`."
        ),
    ]
    number: Annotated[int, Field(ge=0, le=1_000_000, description="Its place there, from 0.")] = 0
    checked: Annotated[bool | None, Field(description="Whether a reader has checked its doubts.")] = None
    translation: Annotated[str | None, Field(max_length=MAX_EDIT, description="Its new English.")] = None

    @model_validator(mode="after")
    def _require_change(self) -> Self:
        if not self.model_fields_set & {"checked", "translation"}:
            raise ValueError("give 'checked' or 'translation'")
        return self


class Changes(BaseModel):
    """What a reader may change of a result; only what is given changes."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"minProperties": 1})

    abstract: Annotated[str, Field(max_length=MAX_EDIT, description="The new abstract.")] = ""
    translation: Annotated[str, Field(max_length=MAX_EDIT, description="Its new English.")] = ""
    reviewed: Annotated[bool, Field(description="Whether a reader has reviewed the result.")] = False
    sentence: Annotated[SentenceChange | None, Field(description="One sentence, to be ticked or corrected.")] = None
    version: Annotated[int | None, Field(ge=0, description=_VERSION)] = None


async def read_job(request: Request, model: type[_Model]) -> _Model:
    """Read what a client asks for, from JSON or from a form with a file.

    Raises:
        Refusal: it is of another media type, or not what the model demands.
    """
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media == "application/json":
        return await read_json(request, model)
    if media != "multipart/form-data":
        raise Refusal(415, "the request must be application/json or multipart/form-data")
    async with request.form(max_files=1, max_fields=8, max_part_size=MAX_BODY) as form:
        # A field of a form that was left as it is has no value.
        fields: dict[str, Any] = {name: value for name, value in form.items() if value != "" or name == "text"}
        file = fields.get("file")
        if isinstance(file, UploadFile) and "text" not in fields:
            fields |= {"text": await file.read(), "name": file.filename or "upload"}
            del fields["file"]
    return _check(fields, model, strict=False)


async def read_json(request: Request, model: type[_Model]) -> _Model:
    """Read JSON that follows a model.

    Raises:
        Refusal: it is no JSON object, or not what the model demands.
    """
    try:
        content = json.loads(await request.body())
        # Half of a surrogate pair is not text that could be sent back.
        json.dumps(content, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Refusal(400, "the request is not JSON") from None
    if not isinstance(content, dict):
        raise Refusal(422, "the request must be a JSON object")
    return _check(content, model, strict=True)


def _check(fields: dict[str, Any], model: type[_Model], *, strict: bool) -> _Model:
    try:
        return model.model_validate(fields, strict=strict)
    except ValidationError as error:
        raise _refuse(error, model) from None


def _refuse(error: ValidationError, model: type[BaseModel]) -> Refusal:
    """Say what is wrong with a request; a field of another name comes first, as one that is missing may be meant."""
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    for fault in faults:
        if fault["type"] == "extra_forbidden":
            name = one_line(".".join(map(str, fault["loc"])))[:_LONGEST_NAME]
            return Refusal(422, f"there is no field {name!r}", f"the fields are {', '.join(_fields_of(model))}")
    first = faults[0]
    name = one_line(str(first["loc"][0]))[:_LONGEST_NAME]
    is_page_missing = first["type"] == "missing" and issubclass(model, JobRequest)
    advice = "send the page as 'text', or in a form as 'file'" if is_page_missing else ""
    # What pydantic puts in front of the message of a ValueError of ours.
    message = first["msg"].removeprefix("Value error, ")
    return Refusal(422, f"{name}: {message}", advice)


def _fields_of(model: type[BaseModel]) -> list[str]:
    """Return the names of the fields that a request may have."""
    names = [field.alias or name for name, field in model.model_fields.items()]
    if issubclass(model, JobRequest):
        names.insert(0, "file")
    return names
