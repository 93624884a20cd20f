"""What goes wrong, as problem details (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus

from starlette.responses import JSONResponse

from summarizer.errors import InputError, ModelError, RingkasError

Problem = dict[str, str | int]
"""``type``, ``title``, ``status``, ``detail``, and ``advice`` where there is some."""


def problem(status: int, detail: str, advice: str = "", **headers: str) -> JSONResponse:
    """Return a problem as a response.

    Args:
        status: of HTTP.
        detail: what is wrong, in one line.
        advice: what to do about it, in a few words.
        headers: others of the response.
    """
    return respond(fields(status, detail, advice), **headers)


def respond(content: Problem, **headers: str) -> JSONResponse:
    """Return the fields of a problem as a response."""
    return JSONResponse(content, int(content["status"]), headers=headers, media_type="application/problem+json")


def fields(status: int, detail: str, advice: str = "") -> Problem:
    """Return the fields of a problem."""
    content: Problem = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    return content | {"detail": detail} | ({"advice": advice} if advice else {})


def of_error(error: Exception) -> Problem:
    """Return the fields of the problem for an error: of the input, of the model, or unforeseen."""
    if not isinstance(error, RingkasError):
        return fields(500, "an unexpected error occurred: the server's log says what")
    status = 422 if isinstance(error, InputError) else 503 if isinstance(error, ModelError) else 500
    return fields(status, str(error), error.advice)
