"""What clients send, as types: requests are checked by them, and the OpenAPI document describes them."""

from __future__ import annotations

import json
from collections.abc import Iterable
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
from starlette.datastructures import FormData, UploadFile
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
        if self.checked is None and self.translation is None:
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
        Refusal: it is of another media type, compressed, or not what the model demands.
    """
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media == "application/json":
        return await read_json(request, model)
    if media != "multipart/form-data":
        raise Refusal(415, "the request must be application/json or multipart/form-data")
    _require_uncompressed(request)
    try:
        async with request.form(max_files=1, max_fields=8, max_part_size=MAX_BODY) as form:
            fields = await _read_fields(form)
    except UnicodeError:
        # The form names an encoding of its own, such as "punycode".
        raise Refusal(400, "the form is not in the encoding that it names", "send it in UTF-8") from None
    return _check(fields, model, strict=False)


async def _read_fields(form: FormData) -> dict[str, Any]:
    """Return the fields of a form by their names; a file is the ``text``, and its name the ``name``.

    Raises:
        Refusal: a field comes twice, there are both a file and a text, or the file is none.
    """
    given = [(name, value) for name, value in form.multi_items() if name == "text" or not _is_blank(value)]
    fields = _collect(given)
    if "file" not in fields:
        return fields
    file = fields.pop("file")
    if not isinstance(file, UploadFile):
        raise Refusal(422, "file: it is a field without a file name", "send it as a file, or as 'text'")
    if "text" in fields:
        raise Refusal(422, "the request has both 'file' and 'text'", "send one of them")
    return {"name": file.filename or "upload"} | fields | {"text": await file.read()}


def _is_blank(value: UploadFile | str) -> bool:
    """Tell whether a field of a form was left as it is: nothing was typed, or no file chosen."""
    if isinstance(value, UploadFile):
        return not value.filename and not value.size
    return value == ""


def _collect(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return fields by their names.

    Raises:
        Refusal: one comes twice. What was meant, nobody can tell, and a page would be lost without a word.
    """
    fields: dict[str, Any] = {}
    for name, value in pairs:
        if name in fields:
            shown = one_line(name)[:_LONGEST_NAME]
            raise Refusal(422, f"the field {shown!r} comes twice", "send each field once, and one page at a time")
        fields[name] = value
    return fields


def _require_uncompressed(request: Request) -> None:
    """Refuse a body that is compressed: what comes out of it may be of any size.

    Raises:
        Refusal: the request says that its body is.
    """
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("", "identity"):
        raise Refusal(415, "the request is compressed (Content-Encoding)", "send it as it is")


async def read_json(request: Request, model: type[_Model]) -> _Model:
    """Read JSON that follows a model.

    Raises:
        Refusal: it is no JSON object, compressed, or not what the model demands.
    """
    _require_uncompressed(request)
    try:
        content = json.loads(await request.body(), object_pairs_hook=_collect)
    except (ValueError, RecursionError):
        raise Refusal(400, "the request is not JSON") from None
    try:
        json.dumps(content, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        # It is no text that could be sent back.
        advice = "cut text between characters, not within one"
        raise Refusal(400, "the JSON has half of a character (of a surrogate pair)", advice) from None
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
            if name == "file" and issubclass(model, JobRequest):
                return Refusal(422, "JSON has no files", "send the page as 'text', or in a form as 'file'")
            return Refusal(422, f"there is no field {name!r}", f"the fields are {', '.join(_fields_of(model))}")
    first = faults[0]
    # Where a page may be text or bytes, what follows its name is pydantic's.
    place = first["loc"][:1] if issubclass(model, JobRequest) else first["loc"]
    name = one_line(".".join(map(str, place)))[:_LONGEST_NAME]
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
