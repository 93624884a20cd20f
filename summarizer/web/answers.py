"""What the server answers, as types: the OpenAPI document describes answers by them.

What is in a result, ``summarizer/output/result-1.schema.json`` says; here is what the server adds to it.
"""

from __future__ import annotations

from typing import Annotated, NotRequired

from pydantic import ConfigDict, Field

# Before 3.12, Python's own lacks what pydantic asks of one.
from typing_extensions import TypedDict


class ListedEntry(TypedDict):
    """A result in a list."""

    id: Annotated[str, Field(description="What it is called in addresses.")]
    created: Annotated[str, Field(description="When it was made: ISO 8601, in UTC.")]
    edited: Annotated[str | None, Field(description="When a reader last changed its text; null if nobody did.")]
    reviewed: Annotated[bool, Field(description="Whether a reader has reviewed it.")]
    title: Annotated[str | None, Field(description="The headline.")]
    title_translation: Annotated[str | None, Field(description="The headline in English.")]
    source: Annotated[str, Field(description="The name of the file, or of the text.")]
    site: Annotated[str | None, Field(description="The publisher's host name or name.")]
    date: Annotated[str | None, Field(description="Day of publication.")]
    warnings: Annotated[list[str], Field(description="What holds for the page or the whole result.")]
    doubtful: Annotated[bool, Field(description="Whether it has doubts that nobody has ticked.")]
    abstract: Annotated[str | None, Field(description="In Indonesian; null for a text that was only translated.")]
    doubts: Annotated[int, Field(description="How many doubts of headline, abstract and article nobody has ticked.")]


class Listing(TypedDict):
    """The results that the server keeps."""

    results: Annotated[list[ListedEntry], Field(description="The newest first.")]


class ReviewedSentence(TypedDict):
    """What the checks find in a sentence of an abstract, or of a text that was only translated."""

    # Nothing else is in it.
    __pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[misc]

    sentence: Annotated[str, Field(description="In Indonesian.")]
    positions: Annotated[
        list[Annotated[list[int], Field(min_length=2, max_length=2)]],
        Field(description="What it rests on: paragraph of the article and sentence in it, both from 0."),
    ]
    sources: Annotated[list[str], Field(description="The sentences at these positions.")]
    share: Annotated[float, Field(ge=0, le=1, description="Part of its words that they hold.")]
    translation: Annotated[str | None, Field(description="In English; null where it can't be told apart.")]
    confidence: Annotated[
        float | None,
        Field(
            ge=0,
            le=1,
            description="The chance that a strict reader finds no major fault in the translation; null if it isn't "
            "known, as where a reader wrote it.",
        ),
    ]
    alternative: Annotated[
        str | None, Field(description="Of a doubtful one, another translation that the model found; null if none.")
    ]
    doubts: Annotated[list[str], Field(description="What may be wrong with it.")]
    checked: NotRequired[Annotated[bool, Field(description="Whether a reader has ticked its doubts.")]]


class Review(TypedDict):
    """What the checks find in the abstract and its translation as they are now."""

    __pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[misc]

    sentences: Annotated[list[ReviewedSentence], Field(description="In the order of the abstract, or of the text.")]
    doubts: Annotated[list[str], Field(description="About a translation whose sentences can't be told apart.")]
    checked: NotRequired[Annotated[bool, Field(description="Whether a reader has ticked `doubts`.")]]


class Page(TypedDict):
    """What cleaning says of the page, for making the result anew."""

    warnings: Annotated[list[str], Field(description="How the article was found.")]
    stories: Annotated[list[int], Field(description="Of a digest: paragraphs that open its stories, from 0.")]


class Health(TypedDict):
    """How busy the server is."""

    status: Annotated[str, Field(description="Always 'ok'.")]
    version: Annotated[str, Field(description="That of Ringkas.")]
    loading: Annotated[bool, Field(description="Whether models are being loaded; what needs them waits.")]
    busy: Annotated[bool, Field(description="Whether it works on an article.")]
    waiting: Annotated[int, Field(ge=0, description="How many jobs are in the queue.")]
    limit: Annotated[int, Field(ge=0, description="How many may be.")]


class Problem(TypedDict):
    """What is wrong with a request (RFC 9457)."""

    type: Annotated[str, Field(description="Always 'about:blank'.")]
    title: Annotated[str, Field(description="What the status is called.")]
    status: Annotated[int, Field(description="That of the answer.")]
    detail: Annotated[str, Field(description="What is wrong.")]
    advice: NotRequired[Annotated[str, Field(description="What to do about it.")]]
    can_be_forced: NotRequired[
        Annotated[bool, Field(description="There, and true, where the same request with `force` may be taken.")]
    ]
