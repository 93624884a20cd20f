"""What goes wrong, as problem details (RFC 9457)."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from summarizer.errors import InputError, ModelError, RingkasError

_log = logging.getLogger("summarizer")


class Refusal(HTTPException):
    """A request that is not taken, with the headers of the answer."""

    def __init__(self, status: int, detail: str, advice: str = "", **headers: str) -> None:
        super().__init__(status, detail, headers)
        self.advice = advice


def problem_of(error: Exception) -> dict[str, Any]:
    """Return the fields of the problem for an error; one that nobody foresaw is logged, and not told."""
    if isinstance(error, HTTPException):
        status, detail, advice = error.status_code, error.detail, getattr(error, "advice", "")
    elif isinstance(error, RingkasError):
        status = 422 if isinstance(error, InputError) else 503 if isinstance(error, ModelError) else 500
        # Messages name the option of the command line; a request has a field instead.
        detail, advice = (text.replace("--force", '"force": true') for text in (str(error), error.advice))
    else:
        _log.error("an unexpected error occurred", exc_info=error)
        status, detail, advice = 500, "an unexpected error occurred: the server's log says what", ""
    content = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return content | ({"advice": advice} if advice else {})


def respond(error: Exception) -> JSONResponse:
    """Return the problem for an error as a response."""
    content = problem_of(error)
    headers = getattr(error, "headers", None)
    return JSONResponse(content, content["status"], headers, media_type="application/problem+json")
