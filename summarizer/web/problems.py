"""What goes wrong, as problem details (RFC 9457)."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from summarizer.errors import InputError, ModelError, OutputError, RingkasError, name_force

RETRY_SECONDS = 10
"""When to come back where there is too much to do: about what two articles take on a laptop."""

_log = logging.getLogger("summarizer")

# What a request says to have a page taken that seems to hold no article.
_FORCE = '"force": true'
_ADVICE = dict.fromkeys((404, 405), "/docs lists the routes and their methods")


class Refusal(HTTPException):
    """A request that is not taken, with the headers of the answer."""

    def __init__(self, status: int, detail: str, advice: str = "", **headers: str) -> None:
        super().__init__(status, detail, headers)
        self.advice = advice


def problem_of(error: Exception) -> dict[str, Any]:
    """Return the fields of the problem for an error; one that nobody foresaw is logged, and not told."""
    advice = ""
    can_be_forced = False
    if isinstance(error, HTTPException):
        status = error.status_code
        detail = error.detail
        # What Starlette refuses, it gives no advice on.
        advice = error.advice if isinstance(error, Refusal) else _ADVICE.get(status, "")
    elif isinstance(error, RingkasError):
        status = _status_of(error)
        can_be_forced = error.can_be_forced
        detail = name_force(str(error), _FORCE)
        advice = name_force(error.advice, _FORCE)
    else:
        _log.error("an unexpected error occurred", exc_info=error)
        status = 500
        detail = "an unexpected error occurred: the server's log says what"
    content = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    if advice:
        content["advice"] = advice
    if can_be_forced:
        content["can_be_forced"] = True
    return content


def _status_of(error: RingkasError) -> int:
    if isinstance(error, InputError):
        return 422
    if isinstance(error, ModelError):
        return 503
    if isinstance(error, OutputError):
        # The server can't store it: the disk is full, or the history's file is gone or may not be written.
        return 507
    return 500


def respond(error: Exception) -> JSONResponse:
    """Return the problem for an error as a response."""
    content = problem_of(error)
    headers = getattr(error, "headers", None)
    return JSONResponse(content, content["status"], headers, media_type="application/problem+json")
