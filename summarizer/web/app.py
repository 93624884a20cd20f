"""The application: the page, and the API under ``/api``."""

from __future__ import annotations

import asyncio
import json
import mimetypes
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from summarizer import __version__
from summarizer.errors import RingkasError
from summarizer.output.formats import FORMATS, render
from summarizer.output.html import render_single, render_template
from summarizer.summarizer import Summarizer
from summarizer.text.normalise import tidy_lines
from summarizer.web.history import Entry, History, now
from summarizer.web.jobs import Finish, Job, ReportShare, Work, Worker
from summarizer.web.openapi import Operation, build_document
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

_TEXTS = ("abstract", "translation")
_SUPPORT = ("sentence", "positions", "sources", "share")
_DOWNLOADS = ("md", *(name for name in FORMATS if name != "md"), "html")


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
    api = Api(ringkas)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        # SQLite's connection is for the thread that opens it: the event loop's.
        api.history = History(history)
        api.worker.submit(api.load)
        work = asyncio.create_task(api.worker.run())
        try:
            yield
        finally:
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work
            api.history.close()

    async def page(_: Request) -> Response:
        return HTMLResponse(render_template("desk.html"))

    async def results(request: Request) -> Response:
        found = api.history.find(request.query_params.get("words", ""))
        return HTMLResponse(render_template("list.html", entries=api.history.listed(), found=found))

    async def result(request: Request) -> Response:
        return HTMLResponse(render_template("entry.html", fields=api.entry(request), max_edit=MAX_EDIT))

    app = Starlette(
        routes=[
            Route("/", page),
            Route("/results", results),
            Route("/results/{id}", result),
            Mount("/static", StaticFiles(packages=[("summarizer.output", "templates")])),
            Mount("/api", routes=[Route(one.path, one.handler, methods=[one.method]) for one in api.operations()]),
        ],
        middleware=[Middleware(Safety, token=token)],
        exception_handlers={
            # Nobody is there to be answered.
            ClientDisconnect: lambda request, error: Response(status_code=400),
            **dict.fromkeys((HTTPException, RingkasError, Exception), lambda request, error: respond(error)),
        },
        lifespan=lifespan,
    )
    app.state.worker = api.worker
    return app


class Api:
    """The routes of the API, and what they work with; only the worker asks ``ringkas`` for what needs a model."""

    history: History

    def __init__(self, ringkas: Summarizer) -> None:
        self.ringkas, self.worker = ringkas, Worker(QUEUE)
        self._is_loading = True
        # Held by whoever changes an entry, so that no other change is lost meanwhile.
        self._editing = asyncio.Lock()

    def operations(self) -> tuple[Operation, ...]:
        """Return what the routes and the OpenAPI document are made of."""
        name = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
        chosen = {"name": "format", "in": "query", "schema": {"enum": list(_DOWNLOADS), "default": _DOWNLOADS[0]}}
        return (
            Operation("POST", "/summarize", self.summarize, ("Entry",), SummarizeRequest),
            Operation("POST", "/clean", self.clean, ("Article",), JobRequest),
            Operation("POST", "/translate", self.translate, ("Translation", "Entry"), TranslateRequest),
            Operation("GET", "/health", self.health, ("Any",)),
            Operation("GET", "/openapi.json", self.openapi, ("Any",)),
            Operation("GET", "/results", self.list_results, ("Listing",)),
            Operation("DELETE", "/results", self.delete_results),
            Operation("GET", "/results/{id}", self.get_result, ("Entry",), None, (name,)),
            Operation("PATCH", "/results/{id}", self.edit_result, ("Entry",), Changes, (name,)),
            Operation("DELETE", "/results/{id}", self.delete_result, (), None, (name,)),
            Operation("GET", "/results/{id}/download", self.download, ("Any",), None, (name, chosen)),
        )

    def load(self, _: ReportShare) -> None:
        """Load the models; what is wrong with them is told to whoever needs them."""
        try:
            self.ringkas.load()
        finally:
            self._is_loading = False

    async def summarize(self, request: Request) -> Response:
        """Write the abstract of a page and translate it; the result is kept in the history."""
        job = await read_job(request, SummarizeRequest)

        def work(report: ReportShare) -> Entry:
            done = self.ringkas.summarize(job.page, job.translate, length=job.length, force=job.force, advance=report)
            return self._reviewed(done.to_record())

        return await self._answer(request, work, self.history.add)

    async def clean(self, request: Request) -> Response:
        """Take out of a page what is not the article; needs no model."""
        job = await read_job(request, JobRequest)
        return await self._answer(request, lambda _: self.ringkas.clean(job.page, force=job.force).to_dict())

    async def translate(self, request: Request) -> Response:
        """Translate any Indonesian text or, of a saved page, the headline and the article into English."""
        job = await read_job(request, TranslateRequest)

        def work(report: ReportShare) -> dict[str, Any]:
            done = self.ringkas.translate_page(job.page, lines=job.lines, force=job.force, advance=report)
            return self._reviewed(done.to_record()) if job.keep else done.translation.to_dict()

        return await self._answer(request, work, self.history.add if job.keep else dict)

    async def health(self, _: Request) -> Response:
        """Say how busy the server is."""
        queue = {"busy": bool(self.worker.running), "waiting": len(self.worker.waiting), "limit": QUEUE}
        return JSONResponse({"status": "ok", "version": __version__, "loading": self._is_loading} | queue)

    async def openapi(self, _: Request) -> Response:
        """Return this document."""
        return JSONResponse(build_document(self.operations()))

    async def list_results(self, _: Request) -> Response:
        """List the results, the newest first."""
        return JSONResponse({"results": self.history.listed()})

    async def delete_results(self, _: Request) -> Response:
        """Delete all results."""
        self.history.remove(*self.history.sorted_keys())
        return Response(status_code=204)

    async def get_result(self, request: Request) -> Response:
        """Return a result."""
        return JSONResponse(self.entry(request))

    async def edit_result(self, request: Request) -> Response:
        """Put other texts in the place of the model's, which are checked again, or keep what a reader has ticked."""
        changes = await read_json(request, Changes)
        async with self._editing:
            changed = await asyncio.to_thread(self._edit, self.entry(request), changes)
            # It may have been deleted while its texts were checked.
            self.entry(request)
            self.history.put(changed["id"], changed)
        return JSONResponse(changed)

    async def delete_result(self, request: Request) -> Response:
        """Delete a result."""
        self.history.remove(self.entry(request)["id"])
        return Response(status_code=204)

    async def download(self, request: Request) -> Response:
        """Return a result as a file."""
        entry, chosen = self.entry(request), request.query_params.get("format", _DOWNLOADS[0])
        if chosen not in _DOWNLOADS:
            raise Refusal(422, f"unknown format: it must be one of {', '.join(_DOWNLOADS)}")
        content = render_single(entry) if chosen == "html" else render(entry, chosen)
        stem = re.sub(r"[^a-z0-9]+", "-", (entry["title"] or "").lower()).strip("-")[:60] or "ringkas"
        name = stem + (".html" if chosen == "html" else FORMATS[chosen].ending)
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type=mimetypes.guess_type(name)[0], headers=headers)

    def entry(self, request: Request) -> Entry:
        """Return the result that a request names."""
        entry: Entry | None = self.history.get(request.path_params["id"])
        if entry is None:
            raise Refusal(404, "there is no such result")
        return entry

    def _edit(self, entry: Entry, changes: Changes) -> Entry:
        changed = entry | changes.model_dump(exclude_unset=True)
        for name in changes.model_fields_set.intersection(_TEXTS):
            if entry[name] is None:
                raise Refusal(422, f"the result has no {name} that could be changed")
            # Line breaks mean something only where the text has several lines: of a digest, or of a whole text.
            changed[name] = tidy_lines(changed[name], one="\n" not in entry[name])
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

    async def _answer(self, request: Request, work: Work, finish: Finish = lambda found: found) -> Response:
        """Have the worker do something; answer with events if the client asks for them, else with what came of it."""
        job = self.worker.submit(work, finish)
        if "text/event-stream" in request.headers.get("accept", ""):
            return StreamingResponse(_event_stream(job), media_type="text/event-stream")
        watch = asyncio.create_task(_give_up_when_gone(request, job))
        try:
            *_, (name, value) = [event async for event in job.events()]
        finally:
            watch.cancel()
        return respond(value) if name == "failed" else JSONResponse(value)


async def _give_up_when_gone(request: Request, job: Job) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
    job.refuse(Refusal(400, "the client is gone"))


async def _event_stream(job: Job) -> AsyncIterator[str]:
    # Starlette stops this where the client is gone, and that gives the job up.
    async for name, value in job.events():
        data = json.dumps(problem_of(value) if name == "failed" else value, ensure_ascii=False)
        yield f"event: {name}\ndata: {data}\n\n"
