"""The application: the page, and the API under ``/api``; see ``openapi.json``."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.endpoints import HTTPEndpoint
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route

from summarizer.errors import RingkasError
from summarizer.output.forms import Form, render
from summarizer.output.html import ASSETS, render_asset, render_desk, render_entry, render_list, render_single
from summarizer.summarizer import SavedPage, Summarizer
from summarizer.text.normalise import one_line, tidy_lines
from summarizer.web.history import Entry, History, now
from summarizer.web.jobs import Advance, Event, Job, QueueFull, Work, Worker, unwrap
from summarizer.web.problems import of_error, problem, respond
from summarizer.web.safety import MAX_BODY, BodyTooLarge, Safety, too_large

_log = logging.getLogger("summarizer")

QUEUE = 32
"""How many jobs may wait; more are told to come back."""
RETRY_SECONDS = 10
"""When to come back: about what two articles take on a laptop."""
MAX_EDIT = 20_000
"""Longest abstract or translation that a reader may put in place of the model's, in characters."""

MAX_NAME = 200
"""Longest name of a page, in characters; what is beyond is cut."""

_LOOK_SECONDS = 0.5
_TEXTS = ("abstract", "translation")
_SUPPORT = ("sentence", "positions", "sources", "share")
_CHOICES: dict[str, tuple[str | None, ...]] = {
    "translate": ("abstract", "article", "none"),
    "length": (None, "short", "medium", "long"),
}
_FORMS: dict[str, Form] = {"md": "md", "json": "json"}
_DOWNLOADS = {"md": "text/markdown", "json": "application/json", "html": "text/html"}
_FLAGS: dict[Any, bool] = {True: True, False: False, "true": True, "false": False, "on": True, "": False}


@dataclass(frozen=True)
class Order:
    """What a client asks for.

    Attributes:
        page: the page's bytes or text.
        name: what it is called, for messages and as the result's source.
        translate: as for `Summarizer.summarize`.
        length: as for `Summarizer.summarize`.
        force: take a page that seems to hold no article, or another language than Indonesian.
        lines: as for `Summarizer.translate`.
        keep: keep a translation among the results.
    """

    page: bytes | str
    name: str = "pasted text"
    translate: Any = "abstract"
    length: Any = None
    force: bool = False
    lines: bool = False
    keep: bool = False


class Desk:
    """What the routes work with.

    Attributes:
        ringkas: does the work; only the worker asks it for what needs a model.
        history: the results.
        editing: held by whoever changes an entry, so that no other change is lost meanwhile.
        worker: the queue.
        about: the package's ``version``, and ``models`` for ``GET /api/models``.
        is_loading: whether the models are still being loaded, which takes long where they must be prepared first.
    """

    def __init__(self, ringkas: Summarizer, history: Path | None, about: Mapping[str, Any]) -> None:
        self.ringkas, self.about = ringkas, about
        self.history, self.editing, self.worker = History(history), asyncio.Lock(), Worker(QUEUE)
        self.is_loading = True

    def load(self, _: Advance) -> None:
        """Load the models; what is wrong with them is told to whoever needs them."""
        try:
            self.ringkas.load()
        finally:
            self.is_loading = False

    def summarize(self, order: Order, advance: Advance) -> Entry:
        """Clean, summarise and translate a page; return what is to be kept."""
        page = SavedPage(order.name, order.page)
        result = self.ringkas.summarize(page, order.translate, length=order.length, force=order.force, advance=advance)
        return self._reviewed(result.to_record())

    def clean(self, order: Order, _: Advance) -> dict[str, Any]:
        """Clean a page."""
        return self.ringkas.clean(SavedPage(order.name, order.page), force=order.force).to_dict()

    def translate(self, order: Order, advance: Advance) -> dict[str, Any]:
        """Translate any text; a long one in parts, between which the job can be given up."""
        page = SavedPage(order.name, order.page)
        translated = self.ringkas.translate_page(page, lines=order.lines, force=order.force, advance=advance)
        return self._reviewed(translated.to_record()) if order.keep else translated.translation.to_dict()

    def edit(self, entry: Entry, changes: Mapping[str, Any]) -> Entry:
        """Return an entry with a reader's changes, checked again if they are changes of the texts."""
        changed = entry | dict(changes)
        if all(changed[name] == entry[name] for name in _TEXTS):
            return changed
        return self._reviewed(changed | {"edited": now()})

    def _reviewed(self, record: Entry) -> Entry:
        found = self.ringkas.review(
            record["paragraphs"], record["abstract"], record["translation"], record.get("sentences", ())
        ).to_dict()
        # What was only translated rests on nothing but itself.
        rests = found["sentences"] if record["abstract"] is not None else []
        support = [{name: one[name] for name in _SUPPORT} for one in rests]
        return record | {"support": support, "review": found, "doubtful": found["doubtful"]}


def create_app(
    ringkas: Summarizer,
    *,
    history: Path | None = None,
    about: Mapping[str, Any],
    token: str | None = None,
) -> Starlette:
    """Return the application; the models are loaded once it runs.

    Args:
        ringkas: does the work.
        history: the file that keeps results; None keeps them as long as the application runs.
        about: the package's ``version``, and ``models`` for ``GET /api/models``.
        token: what each request must bring; None for a server that only this machine reaches.

    Raises:
        OutputError: the history's file can't be used.
    """
    # What can't be used is said before anything is served.
    History(history).close()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        # SQLite's connection is for the thread that opens it: the event loop's.
        app.state.desk = desk = Desk(ringkas, history, about)
        desk.worker.submit(desk.load)
        work = asyncio.create_task(desk.worker.run())
        try:
            yield
        finally:
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work
            desk.history.close()

    return Starlette(
        routes=[
            Route("/", _page),
            Route("/results", _list),
            Route("/results/{id}", _fragment),
            Route("/static/{name}", _asset),
            Mount(
                "/api",
                routes=[
                    Route("/summarize", _summarize, methods=["POST"]),
                    Route("/clean", _clean, methods=["POST"]),
                    Route("/translate", _translate, methods=["POST"]),
                    Route("/models", _models),
                    Route("/health", _health),
                    Route("/openapi.json", _openapi),
                    Route("/results", _Results),
                    Route("/results/{id}", _Result),
                    Route("/results/{id}/download", _download),
                ],
            ),
        ],
        middleware=[Middleware(Safety, token=token)],
        exception_handlers={
            HTTPException: _http_problem,
            RingkasError: _explain,
            BodyTooLarge: lambda request, error: too_large(),
            QueueFull: _busy,
            Exception: _explain,
        },
        lifespan=lifespan,
    )


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


async def _page(request: Request) -> Response:
    return HTMLResponse(render_desk(version=_desk(request).about["version"]))


async def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in ASSETS:
        raise HTTPException(404, "there is no such file")
    return Response(render_asset(name), media_type=ASSETS[name], headers={"cache-control": "private, max-age=86400"})


async def _list(request: Request) -> Response:
    return HTMLResponse(render_list(_desk(request).history.listed()))


async def _fragment(request: Request) -> Response:
    entry = _entry(request)
    return HTMLResponse(render_entry(entry, max_edit=_max_edit(entry)))


async def _models(request: Request) -> Response:
    return JSONResponse({"models": list(_desk(request).about["models"])})


async def _health(request: Request) -> Response:
    desk = _desk(request)
    queue = {"busy": desk.worker.is_busy, "waiting": desk.worker.waiting, "limit": QUEUE}
    return JSONResponse({"status": "ok", "version": desk.about["version"], "loading": desk.is_loading} | queue)


async def _openapi(_: Request) -> Response:
    return Response(files(__package__).joinpath("openapi.json").read_bytes(), media_type="application/json")


async def _summarize(request: Request) -> Response:
    desk = _desk(request)
    order = await _read_order(request)
    return await _answer(request, partial(desk.summarize, order), desk.history.add)


async def _clean(request: Request) -> Response:
    return await _answer(request, partial(_desk(request).clean, await _read_order(request)))


async def _translate(request: Request) -> Response:
    desk = _desk(request)
    order = await _read_order(request)
    work = partial(desk.translate, order)
    return await (_answer(request, work, desk.history.add) if order.keep else _answer(request, work))


class _Results(HTTPEndpoint):
    async def get(self, request: Request) -> Response:
        return JSONResponse({"results": _desk(request).history.listed()})

    async def delete(self, request: Request) -> Response:
        history = _desk(request).history
        history.remove(*(entry["id"] for entry in history.listed()))
        return Response(status_code=204)


class _Result(HTTPEndpoint):
    async def get(self, request: Request) -> Response:
        return JSONResponse(_entry(request))

    async def patch(self, request: Request) -> Response:
        changes, desk = await _read_json(request), _desk(request)
        async with desk.editing:
            entry = _entry(request)
            changed = await asyncio.to_thread(desk.edit, entry, _tidy_changes(entry, changes))
            # It may have been deleted while its texts were checked.
            _entry(request)
            desk.history.put(changed)
        return JSONResponse(changed)

    async def delete(self, request: Request) -> Response:
        _desk(request).history.remove(_entry(request)["id"])
        return Response(status_code=204)


async def _download(request: Request) -> Response:
    entry, kind = _entry(request), request.query_params.get("format", "md")
    if kind not in _DOWNLOADS:
        raise HTTPException(422, f"unknown format: it must be one of {', '.join(_DOWNLOADS)}")
    desk = _desk(request)
    content = render_single(entry, version=desk.about["version"]) if kind == "html" else render(entry, _FORMS[kind])
    name = re.sub(r"[^a-z0-9]+", "-", (entry["title"] or "").lower()).strip("-")[:60] or "ringkas"
    return Response(
        content, media_type=_DOWNLOADS[kind], headers={"content-disposition": f'attachment; filename="{name}.{kind}"'}
    )


def _tidy_changes(entry: Entry, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a reader wants to change of an entry, with tidy texts.

    Raises:
        HTTPException: it can't be changed, or not to that.
    """
    longest = _max_edit(entry)
    for name, value in changes.items():
        if name in _TEXTS:
            if entry[name] is None:
                raise HTTPException(422, f"the result has no {name} that could be changed")
            if not isinstance(value, str) or len(value) > longest:
                raise HTTPException(422, f"{name} must be text of at most {longest:,} characters")
        elif name != "reviewed":
            raise HTTPException(422, f"{name} can't be changed, only {', '.join(_TEXTS)} and reviewed")
        elif not isinstance(value, bool):
            raise HTTPException(422, "reviewed must be true or false")
    # Line breaks mean something only where the text has several lines: of a digest, or of a whole text.
    return {
        name: tidy_lines(value, one="\n" not in entry[name]) if name in _TEXTS else value
        for name, value in changes.items()
    }


def _max_edit(entry: Entry) -> int:
    """Return how long a text of an entry may become, in characters: that of a whole text is long already."""
    return max(MAX_EDIT, *(2 * len(entry[name] or "") for name in _TEXTS))


def _entry(request: Request) -> Entry:
    entry = _desk(request).history.get(request.path_params["id"])
    if entry is None:
        raise HTTPException(404, "there is no such result")
    return entry


async def _answer(request: Request, work: Work, keep: Callable[[Any], Any] = lambda value: value) -> Response:
    """Have the worker do something; answer with events if the client asks for them, else with what came of it."""
    job = _desk(request).worker.submit(work)
    if "text/event-stream" in request.headers.get("accept", ""):
        return StreamingResponse(_event_stream(job, keep), media_type="text/event-stream")
    watch = asyncio.create_task(_give_up_if_gone(request, job))
    try:
        *_, last = [event async for event in job.events()]
    finally:
        watch.cancel()
    return JSONResponse(keep(unwrap(last)))


async def _give_up_if_gone(request: Request, job: Job) -> None:
    while not await request.is_disconnected():
        await asyncio.sleep(_LOOK_SECONDS)
    job.give_up()
    job.tell("failed", RingkasError("the client is gone"))


async def _event_stream(job: Job, keep: Callable[[Any], Any]) -> AsyncIterator[bytes]:
    # Starlette stops this where the client is gone, and that gives the job up.
    async with aclosing(job.events()) as events:
        async for event in events:
            yield _encode(event, keep)


def _encode(event: Event, keep: Callable[[Any], Any]) -> bytes:
    kind, value = event
    if kind == "done":
        try:
            value = keep(value)
        except Exception as error:
            # The response has begun: no handler of the application can answer any more.
            kind, value = "failed", error
    if kind == "failed":
        _log_unforeseen(value)
        value = of_error(value)
    return f"event: {kind}\ndata: {json.dumps(value, ensure_ascii=False)}\n\n".encode()


async def _read_order(request: Request) -> Order:
    """Read what a client asks for, from JSON or a form with a file.

    Raises:
        HTTPException: it is something else.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        fields = await _read_json(request)
    elif kind == "multipart/form-data":
        async with request.form(max_files=1, max_fields=8, max_part_size=MAX_BODY) as form:
            fields = dict(form)
            file = fields.pop("file", None)
            if isinstance(file, UploadFile):
                # The name is for display only: no file of that name is ever opened.
                fields |= {"page": await file.read(), "name": file.filename or "upload"}
    else:
        raise HTTPException(415, "the request must be application/json or multipart/form-data")
    if "page" not in fields:
        fields["page"] = fields.pop("text", None)
    return _check_order(fields)


def _check_order(fields: dict[str, Any]) -> Order:
    if fields["page"] == "":
        raise HTTPException(422, f"{Order.name} is empty")
    if not isinstance(fields["page"], str | bytes):
        raise HTTPException(422, "there is nothing to work on: send text, or a file in a form")
    if unknown := fields.keys() - Order.__dataclass_fields__.keys():
        raise HTTPException(422, f"unknown field {one_line(min(unknown))!r}")
    for name, choices in _CHOICES.items():
        if fields.get(name) == "":
            del fields[name]
        if name in fields and fields[name] not in choices:
            shown = ", ".join(str(choice or "null") for choice in choices)
            raise HTTPException(422, f"{name} must be one of {shown}")
    for name in ("force", "lines", "keep"):
        if name in fields:
            if not isinstance(fields[name], bool | str) or fields[name] not in _FLAGS:
                raise HTTPException(422, f"{name} must be true or false")
            fields[name] = _FLAGS[fields[name]]
    if not isinstance(fields.get("name", ""), str):
        raise HTTPException(422, "name must be text")
    fields["name"] = one_line(fields.get("name") or Order.name)[:MAX_NAME]
    return Order(**fields)


async def _read_json(request: Request) -> dict[str, Any]:
    try:
        content = json.loads(await request.body())
        # Half of a surrogate pair is not text that could be sent back.
        json.dumps(content, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise HTTPException(400, "the request is not JSON") from None
    if not isinstance(content, dict):
        raise HTTPException(422, "the request must be a JSON object")
    return content


def _http_problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - that is what it is registered for
    return problem(error.status_code, error.detail, **dict(error.headers or {}))


def _busy(_: Request, __: Exception) -> Response:
    detail = f"{QUEUE} articles are waiting already"
    return problem(503, detail, "try again later", **{"retry-after": str(RETRY_SECONDS)})


def _explain(_: Request, error: Exception) -> Response:
    _log_unforeseen(error)
    return respond(of_error(error))


def _log_unforeseen(error: Exception) -> None:
    if not isinstance(error, RingkasError):
        _log.error("an unexpected error occurred", exc_info=error)
