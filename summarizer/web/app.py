"""The application: the page, and the API under ``/api``."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route

from summarizer import __version__
from summarizer import models as catalogue
from summarizer.cleaning import SavedPage
from summarizer.errors import RingkasError
from summarizer.output.forms import Form, render
from summarizer.output.html import ASSETS, render_asset, render_desk, render_entry, render_list, render_single
from summarizer.summarizer import Summarizer
from summarizer.text.normalise import tidy_lines
from summarizer.web.history import Entry, History, now
from summarizer.web.jobs import Event, Job, QueueFull, ReportShare, Work, Worker
from summarizer.web.openapi import Handler, Operation, build_document, ref
from summarizer.web.problems import Refusal, problem_of, respond
from summarizer.web.requests import (
    MAX_EDIT,
    Changes,
    JobRequest,
    SummarizeRequest,
    TranslateRequest,
    read_job,
    read_json,
)
from summarizer.web.safety import Safety

QUEUE = 32
"""How many jobs may wait; more are told to come back."""
RETRY_SECONDS = 10
"""When to come back: about what two articles take on a laptop."""
LOOK_SECONDS = 0.5
"""How often to look whether a client is still there."""

_TEXTS = ("abstract", "translation")
_MODEL = ("name", "parameters", "tasks", "licence", "noncommercial", "status")
_SUPPORT = ("sentence", "positions", "sources", "share")
_FORMS: dict[str, Form] = {"md": "md", "json": "json"}
_DOWNLOADS = {"md": "text/markdown", "json": "application/json", "html": "text/html"}


class AppState:
    """What the routes work with.

    Attributes:
        ringkas: does the work; only the worker asks it for what needs a model.
        history: the results.
        editing: held by whoever changes an entry, so that no other change is lost meanwhile.
        worker: the queue.
        is_loading: whether the models are still being loaded, which takes long where they must be prepared first.
    """

    def __init__(self, ringkas: Summarizer, history: Path | None) -> None:
        self.ringkas = ringkas
        self.history, self.editing, self.worker = History(history), asyncio.Lock(), Worker(QUEUE)
        self.is_loading = True

    def load(self, _: ReportShare) -> None:
        """Load the models; what is wrong with them is told to whoever needs them."""
        try:
            self.ringkas.load()
        finally:
            self.is_loading = False

    def summarize(self, job: SummarizeRequest, report: ReportShare) -> Entry:
        """Clean, summarise and translate a page; return what is to be kept."""
        page = SavedPage(job.name, job.page)
        result = self.ringkas.summarize(page, job.translate, length=job.length, force=job.force, advance=report)
        return self._reviewed(result.to_record())

    def clean(self, job: JobRequest, _: ReportShare) -> dict[str, Any]:
        """Clean a page."""
        return self.ringkas.clean(SavedPage(job.name, job.page), force=job.force).to_dict()

    def translate(self, job: TranslateRequest, report: ReportShare) -> dict[str, Any]:
        """Translate any text."""
        page = SavedPage(job.name, job.page)
        translated = self.ringkas.translate_page(page, lines=job.lines, force=job.force, advance=report)
        return self._reviewed(translated.to_record()) if job.keep else translated.translation.to_dict()

    def edit(self, entry: Entry, changes: Changes) -> Entry:
        """Return an entry with a reader's changes, checked again if they are changes of the texts."""
        changed = entry | dict(changes)
        if all(changed[name] == entry[name] for name in _TEXTS):
            return changed
        return self._reviewed(changed | {"edited": now()})

    def _reviewed(self, record: Entry) -> Entry:
        found = self.ringkas.review(
            record["paragraphs"], record["abstract"], record["translation"], record.get("sentences", ())
        )
        # What was only translated rests on nothing but itself.
        rests = found["sentences"] if record["abstract"] is not None else []
        support = [{name: one[name] for name in _SUPPORT} for one in rests]
        return record | {"support": support, "review": found, "doubtful": found["doubtful"]}


def create_app(ringkas: Summarizer, *, history: Path | None = None, token: str | None = None) -> Starlette:
    """Return the application; the models are loaded once it runs.

    Args:
        ringkas: does the work.
        history: the file that keeps results; None keeps them as long as the application runs.
        token: what each request must bring; None for a server that only this machine reaches.

    Raises:
        OutputError: the history's file can't be used.
    """
    # What can't be used is said before anything is served.
    History(history).close()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        # SQLite's connection is for the thread that opens it: the event loop's.
        app.state.ringkas = state = AppState(ringkas, history)
        state.worker.submit(state.load)
        work = asyncio.create_task(state.worker.run())
        try:
            yield
        finally:
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work
            state.history.close()

    by_path: dict[str, dict[str, Handler]] = {}
    for operation in OPERATIONS:
        by_path.setdefault(operation.path, {})[operation.method] = operation.handler
    api = [Route(path, _dispatch(handlers), methods=[*handlers]) for path, handlers in by_path.items()]

    def explain(_: Request, error: Exception) -> Response:
        return respond(error)

    return Starlette(
        routes=[
            Route("/", _page),
            Route("/results", _list),
            Route("/results/{id}", _fragment),
            Route("/static/{name}", _asset),
            Mount("/api", routes=api),
        ],
        middleware=[Middleware(Safety, token=token)],
        exception_handlers={
            # Nobody is there to be answered.
            ClientDisconnect: lambda request, error: Response(status_code=400),
            QueueFull: _busy,
            **dict.fromkeys((HTTPException, RingkasError, Exception), explain),
        },
        lifespan=lifespan,
    )


def _dispatch(handlers: Mapping[str, Handler]) -> Handler:
    async def endpoint(request: Request) -> Response:
        return await handlers["GET" if request.method == "HEAD" else request.method](request)

    return endpoint


def _state(request: Request) -> AppState:
    state: AppState = request.app.state.ringkas
    return state


async def _page(_: Request) -> Response:
    return HTMLResponse(render_desk(version=__version__))


async def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in ASSETS:
        raise Refusal(404, "there is no such file")
    return Response(render_asset(name), media_type=ASSETS[name], headers={"cache-control": "private, max-age=86400"})


async def _list(request: Request) -> Response:
    return HTMLResponse(render_list(_state(request).history.listed()))


async def _fragment(request: Request) -> Response:
    entry = _entry(request)
    return HTMLResponse(render_entry(entry, max_edit=_max_edit(entry)))


async def _summarize(request: Request) -> Response:
    """Write the abstract of a page and translate it; the result is kept in the history."""
    state = _state(request)
    job = await read_job(request, SummarizeRequest)
    return await _answer(request, partial(state.summarize, job), state.history.add)


async def _clean(request: Request) -> Response:
    """Take out of a page what is not the article; needs no model."""
    return await _answer(request, partial(_state(request).clean, await read_job(request, JobRequest)))


async def _translate(request: Request) -> Response:
    """Translate any Indonesian text or, of a saved page, the headline and the article into English."""
    state = _state(request)
    job = await read_job(request, TranslateRequest)
    work = partial(state.translate, job)
    return await (_answer(request, work, state.history.add) if job.keep else _answer(request, work))


async def _models(_: Request) -> Response:
    """List the models."""
    rows = map(catalogue.describe, catalogue.load_catalogue())
    return JSONResponse({"models": [{name: row[name] for name in _MODEL} for row in rows]})


async def _health(request: Request) -> Response:
    """Say how busy the server is."""
    state = _state(request)
    queue = {"busy": state.worker.is_busy, "waiting": state.worker.waiting, "limit": QUEUE}
    return JSONResponse({"status": "ok", "version": __version__, "loading": state.is_loading} | queue)


async def _openapi(_: Request) -> Response:
    """Return this document."""
    return JSONResponse(build_document(OPERATIONS))


async def _list_results(request: Request) -> Response:
    """List the results, the newest first."""
    return JSONResponse({"results": _state(request).history.listed()})


async def _delete_results(request: Request) -> Response:
    """Delete all results."""
    history = _state(request).history
    history.remove(*(entry["id"] for entry in history.listed()))
    return Response(status_code=204)


async def _get_result(request: Request) -> Response:
    """Return a result."""
    return JSONResponse(_entry(request))


async def _edit_result(request: Request) -> Response:
    """Put other texts in the place of the model's, which are checked again, or mark a result as reviewed."""
    changes, state = await read_json(request, Changes), _state(request)
    async with state.editing:
        entry = _entry(request)
        changed = await asyncio.to_thread(state.edit, entry, _tidy_changes(entry, changes))
        # It may have been deleted while its texts were checked.
        _entry(request)
        state.history.put(changed)
    return JSONResponse(changed)


async def _delete_result(request: Request) -> Response:
    """Delete a result."""
    _state(request).history.remove(_entry(request)["id"])
    return Response(status_code=204)


async def _download(request: Request) -> Response:
    """Return a result as a file."""
    entry, kind = _entry(request), request.query_params.get("format", "md")
    if kind not in _DOWNLOADS:
        raise Refusal(422, f"unknown format: it must be one of {', '.join(_DOWNLOADS)}")
    content = render_single(entry, version=__version__) if kind == "html" else render(entry, _FORMS[kind])
    name = re.sub(r"[^a-z0-9]+", "-", (entry["title"] or "").lower()).strip("-")[:60] or "ringkas"
    return Response(
        content, media_type=_DOWNLOADS[kind], headers={"content-disposition": f'attachment; filename="{name}.{kind}"'}
    )


_FORMAT = {"name": "format", "in": "query", "schema": {"enum": list(_DOWNLOADS), "default": "md"}}
OPERATIONS = (
    Operation("POST", "/summarize", _summarize, ref("Entry"), SummarizeRequest),
    Operation("POST", "/clean", _clean, ref("Article"), JobRequest),
    Operation(
        "POST",
        "/translate",
        _translate,
        {"application/json": {"anyOf": [*ref("Translation").values(), *ref("Entry").values()]}},
        TranslateRequest,
    ),
    Operation("GET", "/models", _models, ref("Models")),
    Operation("GET", "/health", _health, ref("Health")),
    Operation("GET", "/openapi.json", _openapi, {"application/json": {"type": "object"}}),
    Operation("GET", "/results", _list_results, ref("Listing")),
    Operation("DELETE", "/results", _delete_results, {}),
    Operation("GET", "/results/{id}", _get_result, ref("Entry")),
    Operation("PATCH", "/results/{id}", _edit_result, ref("Entry"), Changes),
    Operation("DELETE", "/results/{id}", _delete_result, {}),
    Operation(
        "GET", "/results/{id}/download", _download, {media: {} for media in _DOWNLOADS.values()}, parameters=(_FORMAT,)
    ),
)
"""The API: its routes and its document are made of these."""


def _tidy_changes(entry: Entry, changes: Changes) -> Changes:
    """Return what a reader wants to change of an entry, with tidy texts.

    Raises:
        Refusal: the entry has no such text, or it would become too long.
    """
    longest = _max_edit(entry)
    tidy = changes.copy()
    for name in ("abstract", "translation"):
        if name not in changes:
            continue
        if entry[name] is None:
            raise Refusal(422, f"the result has no {name} that could be changed")
        if len(changes[name]) > longest:
            raise Refusal(422, f"{name} must be text of at most {longest:,} characters")
        # Line breaks mean something only where the text has several lines: of a digest, or of a whole text.
        tidy[name] = tidy_lines(changes[name], one="\n" not in entry[name])
    return tidy


def _max_edit(entry: Entry) -> int:
    """Return how long a text of an entry may become, in characters: that of a whole text is long already."""
    return max(MAX_EDIT, *(2 * len(entry[name] or "") for name in _TEXTS))


def _entry(request: Request) -> Entry:
    entry = _state(request).history.get(request.path_params["id"])
    if entry is None:
        raise Refusal(404, "there is no such result")
    return entry


async def _answer(request: Request, work: Work, keep: Callable[[Any], Any] = lambda value: value) -> Response:
    """Have the worker do something; answer with events if the client asks for them, else with what came of it."""
    job = _state(request).worker.submit(work)
    if "text/event-stream" in request.headers.get("accept", ""):
        return StreamingResponse(_event_stream(job, keep), media_type="text/event-stream")
    watch = asyncio.create_task(_give_up_if_gone(request, job))
    try:
        *_, last = [event async for event in job.events()]
    finally:
        watch.cancel()
    if last.name == "failed":
        return respond(last.value)
    return JSONResponse(keep(last.value))


async def _give_up_if_gone(request: Request, job: Job) -> None:
    while not await request.is_disconnected():
        await asyncio.sleep(LOOK_SECONDS)
    job.give_up()
    job.tell(Event("failed", Refusal(400, "the client is gone")))


async def _event_stream(job: Job, keep: Callable[[Any], Any]) -> AsyncIterator[bytes]:
    # Starlette stops this where the client is gone, and that gives the job up.
    async with aclosing(job.events()) as events:
        async for event in events:
            yield _encode(event, keep)


def _encode(event: Event, keep: Callable[[Any], Any]) -> bytes:
    name, value = event
    if name == "done":
        try:
            value = keep(value)
        except Exception as error:
            # The response has begun: no handler of the application can answer any more.
            name, value = "failed", error
    if name == "failed":
        value = problem_of(value)
    return f"event: {name}\ndata: {json.dumps(value, ensure_ascii=False)}\n\n".encode()


def _busy(_: Request, __: Exception) -> Response:
    detail = f"{QUEUE} articles are waiting already"
    return respond(Refusal(503, detail, "try again later", **{"retry-after": str(RETRY_SECONDS)}))
