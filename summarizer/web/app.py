"""The application: the page, and the API under ``/api``."""

from __future__ import annotations

import asyncio
import json
import mimetypes
import re
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route, Router
from starlette.staticfiles import StaticFiles

from summarizer import __version__
from summarizer.article import Article
from summarizer.errors import RingkasError
from summarizer.models import Length, Task
from summarizer.models.catalogue import DEFAULT, find_info, status
from summarizer.models.choice import RECOMMENDED
from summarizer.output.formats import FORMATS, render
from summarizer.output.html import render_page, render_template
from summarizer.output.table import csv_bytes
from summarizer.summarizer import Summarizer, Translate
from summarizer.web import editing
from summarizer.web.history import DamagedEntryError, History
from summarizer.web.jobs import Finish, Job, ReportShare, RunApart, Work, Worker, run_in_process
from summarizer.web.openapi import Handler, Operation, build_document, list_objects, list_routes
from summarizer.web.presenting import Entry, describe, present, write_questions
from summarizer.web.problems import Refusal, problem_of, respond
from summarizer.web.requests import (
    MAX_EDIT,
    Changes,
    JobRequest,
    RenewRequest,
    SummarizeRequest,
    TranslateRequest,
    read_job,
    read_json,
)
from summarizer.web.safety import Safety

QUEUE = 32
"""How many jobs may wait; more are told to come back."""

REVIEW_SECONDS = 30.0
"""How long checking a reader's text may take: the last resort where the bounds of its length are not enough."""

_TRANSLATORS = {RECOMMENDED[Task.TRANSLATE]: "With Firefox’s translator", DEFAULT: "With the built-in model"}
_DOWNLOADS = ("md", *(name for name in FORMATS if name != "md"), "html")
_ALL_DOWNLOADS = ("html", "csv", "md", "json")


def create_app(
    ringkas: Summarizer,
    *,
    history: Path | None = None,
    token: str | None = None,
    run_apart: RunApart = run_in_process,
    review_seconds: float = REVIEW_SECONDS,
) -> Starlette:
    """Return the application; the models are loaded once it runs.

    Args:
        ringkas: does the work.
        history: the file that keeps results; None keeps them as long as the application runs.
        token: what each request must bring; None for a server that only this machine reaches.
        run_apart: calls functions that need no model where a cancellation stops them.
        review_seconds: how long checking a reader's text may take.

    Raises:
        OutputError: the history's file can't be used.
    """
    # What can't be used is said before anything is served.
    History(history).close()
    api = Api(ringkas, run_apart, review_seconds)
    app = Starlette(
        routes=[
            *Pages(api).routes(),
            Mount("/static", StaticFiles(packages=[("summarizer.output", "templates")])),
            # No redirects: with an empty id, "/results/" would become all results, and be deleted.
            Mount("/api", Router(_routes_of(api.operations()), redirect_slashes=False)),
        ],
        middleware=[Middleware(Safety, token=token)],
        exception_handlers={
            ClientDisconnect: _answer_nobody,
            HTTPException: _answer_problem,
            RingkasError: _answer_problem,
            Exception: _answer_problem,
        },
        lifespan=lambda _: api.running(history),
    )
    app.state.workers = api.workers
    return app


def _routes_of(operations: Iterable[Operation]) -> list[Route]:
    """Return a route for each path: one for each method would tell only its own in ``Allow``."""
    by_path: dict[str, dict[str, Handler]] = {}
    for operation in operations:
        by_path.setdefault(operation.path, {})[operation.method] = operation.handler
    return [Route(path, _by_method(handlers), methods=[*handlers]) for path, handlers in by_path.items()]


def _by_method(handlers: Mapping[str, Handler]) -> Handler:
    async def answer(request: Request) -> Response:
        # What HEAD asks for, GET has.
        return await handlers["GET" if request.method == "HEAD" else request.method](request)

    return answer


async def _answer_problem(_: Request, error: Exception) -> Response:
    return respond(error)


async def _answer_nobody(_: Request, __: Exception) -> Response:
    """Return what is never sent: the client is gone."""
    return Response(status_code=400)


class Api:
    """The routes of the API, and what they work with; only the worker asks ``ringkas`` for what needs a model."""

    history: History

    def __init__(self, ringkas: Summarizer, run_apart: RunApart, review_seconds: float) -> None:
        self.ringkas = ringkas
        self.without_models = ringkas.without_models()
        """The same for another process, which cleans and checks."""
        self.worker = Worker(QUEUE, run_apart)
        # What readers write is checked without a model, and needn't wait for one.
        self.reviews = Worker(QUEUE, run_apart)
        self.workers = (self.worker, self.reviews)
        self._review_seconds = review_seconds
        self._is_loading = True
        # Held by whoever changes an entry, so that no other change is lost meanwhile.
        self._editing = asyncio.Lock()

    @asynccontextmanager
    async def running(self, history: Path | None) -> AsyncIterator[None]:
        """Open the history and let the workers work, until the server ends; they begin by loading the models."""
        # SQLite's connection is for the thread that opens it: the event loop's.
        self.history = History(history)
        self.worker.submit(lambda job: job.in_thread(self.load))
        self.reviews.submit(lambda job: job.in_process(editing.warm_up, self.without_models))
        tasks = [asyncio.create_task(worker.run()) for worker in self.workers]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            self.history.close()

    def operations(self) -> tuple[Operation, ...]:
        """Return what the routes and the OpenAPI document are made of."""
        entry = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
        one_format = _format_parameter(_DOWNLOADS)
        all_formats = _format_parameter(_ALL_DOWNLOADS)
        return (
            Operation("POST", "/summarize", self.summarize, answers=("Entry", "Record"), body=SummarizeRequest),
            Operation("POST", "/clean", self.clean, answers=("Article",), body=JobRequest),
            Operation("POST", "/translate", self.translate, answers=("Translation", "Entry"), body=TranslateRequest),
            Operation("GET", "/health", self.health, answers=("Health",)),
            Operation("GET", "/openapi.json", self.openapi, answers=("Any",)),
            Operation("GET", "/results", self.list_results, answers=("Listing",)),
            Operation("DELETE", "/results", self.delete_results),
            Operation("GET", "/download", self.download_all, answers=("File",), parameters=(all_formats,)),
            Operation("GET", "/results/{id}", self.get_result, answers=("Entry",), parameters=(entry,)),
            Operation(
                "PATCH", "/results/{id}", self.edit_result, answers=("Entry",), body=Changes, parameters=(entry,)
            ),
            Operation("DELETE", "/results/{id}", self.delete_result, parameters=(entry,)),
            Operation(
                "POST",
                "/results/{id}/renew",
                self.renew_result,
                answers=("Entry",),
                body=RenewRequest,
                parameters=(entry,),
            ),
            Operation(
                "GET", "/results/{id}/download", self.download, answers=("File",), parameters=(entry, one_format)
            ),
        )

    def load(self, _: ReportShare) -> None:
        """Load the models; what is wrong with them is told to whoever needs them."""
        try:
            self.ringkas.load()
        finally:
            self._is_loading = False

    async def summarize(self, request: Request) -> Response:
        """Write the abstract of a page and translate it; the result is kept in the history."""
        wanted = await read_job(request, SummarizeRequest)
        clean = partial(self.without_models.clean, wanted.page, force=wanted.force)

        async def work(job: Job) -> Entry:
            article = await job.in_process(clean)
            write = partial(_write, self.ringkas, article, wanted.translate, wanted.length)
            record = await job.in_thread(write)
            return await job.in_process(editing.review, self.without_models, record)

        return await self._answer(request, work, self._keep_new if wanted.keep else describe)

    async def clean(self, request: Request) -> Response:
        """Take out of a page what is not the article; needs no model."""
        wanted = await read_job(request, JobRequest)
        clean = partial(self.without_models.clean, wanted.page, force=wanted.force)
        return await self._answer(request, lambda job: job.in_process(clean), lambda article: article.to_dict())

    async def translate(self, request: Request) -> Response:
        """Translate any Indonesian text or, of a saved page, the headline and the article into English."""
        wanted = await read_job(request, TranslateRequest)

        read = partial(self.without_models.read, wanted.page, lines=wanted.lines, force=wanted.force)

        async def work(job: Job) -> dict[str, Any]:
            text = await job.in_process(read)
            translated = await job.in_thread(lambda report: self.ringkas.translate_page(text, advance=report))
            if not wanted.keep:
                return translated.translation.to_dict()
            record = editing.record_of(translated, translated.article)
            return await job.in_process(editing.review, self.without_models, record)

        return await self._answer(request, work, self._keep_new if wanted.keep else dict)

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
        return JSONResponse(describe(self.entry(request)))

    async def edit_result(self, request: Request) -> Response:
        """Put other texts in the place of the model's, which are checked again, or keep what a reader has ticked."""
        changes = await read_json(request, Changes)
        if not changes.model_dump(exclude_unset=True, exclude_none=True, exclude={"version"}):
            raise Refusal(422, "there is nothing to change", "send what should change: /docs lists the fields")
        async with self._editing:
            entry = self.entry(request)
            editing.require_version(entry, changes.version)

            def keep(changed: Entry) -> Entry:
                # It may have been deleted, made anew or, by another server, edited, while its texts were checked.
                if self.entry(request)["version"] != entry["version"]:
                    raise Refusal(409, "the result was changed meanwhile", "look at it, then edit it again")
                return describe(self.history.keep(changed))

            async def work(job: Job) -> Entry:
                return await job.in_process(
                    editing.edit, self.without_models, entry, changes, seconds=self._review_seconds
                )

            return await self._wait_for(request, self.reviews.submit(work, keep))

    async def renew_result(self, request: Request) -> Response:
        """Write or translate a result anew, in place: the whole article, another length, another translator."""
        wanted = await read_json(request, RenewRequest)
        entry = self.entry(request)
        editing.require_version(entry, wanted.version)
        editing.require_renewable(entry, wanted)
        if wanted.translator is not None and wanted.translator not in self.translators(entry):
            advice = "run 'ringkas setup' to fetch Firefox's translator"
            raise Refusal(422, f"there is no translator {wanted.translator!r} on this machine", advice)

        def keep(record: Entry) -> Entry:
            # It may have been deleted, or edited, while it was made.
            now = self.entry(request)
            editing.require_renewable(now, wanted)
            if wanted.replace:
                editing.require_version(now, entry["version"])
            return describe(self.history.renew(entry["id"], record, replace=wanted.replace))

        async def work(job: Job) -> Entry:
            record = await job.in_thread(partial(self._renew, entry, wanted))
            return await job.in_process(editing.review, self.without_models, record)

        return await self._answer(request, work, keep)

    async def delete_result(self, request: Request) -> Response:
        """Delete a result."""
        # One that is damaged can be deleted too.
        with suppress(DamagedEntryError):
            self.entry(request)
        self.history.remove(request.path_params["id"])
        return Response(status_code=204)

    async def download(self, request: Request) -> Response:
        """Return a result as a file."""
        entry = self.entry(request)
        chosen = _chosen_format(request, _DOWNLOADS)
        stem = re.sub(r"[^a-z0-9]+", "-", (entry["title"] or "").lower()).strip("-")[:60] or "ringkas"
        shown = present(entry)
        content = render_page([shown]) if chosen == "html" else render(shown, chosen)
        return _as_file(content, stem + (".html" if chosen == "html" else FORMATS[chosen].ending))

    async def download_all(self, request: Request) -> Response:
        """Return all results as one file, the newest first."""
        chosen = _chosen_format(request, _ALL_DOWNLOADS)
        shown = list(map(present, self.history.entries()))
        if chosen == "html":
            return _as_file(render_page(shown), "ringkas.html")
        if chosen == "csv":
            return _as_file(csv_bytes(shown), "ringkas.csv")
        form = FORMATS[chosen]
        # One object a line.
        ending = ".jsonl" if chosen == "json" else form.ending
        return _as_file(form.separator.join(render(fields, chosen) for fields in shown), f"ringkas{ending}")

    def entry(self, request: Request) -> Entry:
        """Return the result that a request names."""
        entry = self.history.get(request.path_params["id"])
        if entry is None:
            raise Refusal(404, "there is no such result")
        return entry

    def _keep_new(self, record: Entry) -> Entry:
        """Keep what was made of a page, and return it as the API gives it."""
        return describe(self.history.add(record))

    def translators(self, entry: Entry) -> dict[str, str]:
        """Return the models that could translate a result anew, without fetching anything, and what to call them."""
        if entry["translation"] is None:
            return {}
        *_, current = entry["model"].split(" + ")
        others = {name: label for name, label in _TRANSLATORS.items() if name != current}
        return {name: label for name, label in others.items() if status(find_info(name)) == "ready"}

    def _renew(self, entry: Entry, wanted: RenewRequest, report: ReportShare) -> Entry:
        ringkas = self.ringkas if wanted.translator is None else self.ringkas.with_translator(wanted.translator)
        article = editing.article_of(entry)
        if entry["abstract"] is None:
            return editing.record_of(ringkas.translate_page(article, advance=report), article)
        before: Translate = "none" if entry["translation"] is None else "abstract"
        translate = wanted.translate or ("article" if entry.get("article_translation") else before)
        length = wanted.length or entry.get("length")
        return _write(ringkas, article, translate, length, report)

    async def _answer(self, request: Request, work: Work, finish: Finish = lambda value: value) -> Response:
        """Have the worker do something; answer with events if the client asks for them, else with what came of it."""
        job = self.worker.submit(work, finish)
        if _wants_events(request.headers.get("accept", "")):
            return StreamingResponse(_event_stream(job), media_type="text/event-stream")
        return await self._wait_for(request, job)

    async def _wait_for(self, request: Request, job: Job) -> Response:
        watch = asyncio.create_task(_give_up_when_gone(request, job))
        try:
            *_, (name, value) = [event async for event in job.events()]
        finally:
            watch.cancel()
        return respond(value) if name == "failed" else JSONResponse(value)


class Pages:
    """What a browser shows of the API: the page to work on, what it loads of results, and the routes to read."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def routes(self) -> list[Route]:
        """Return where they are."""
        return [
            Route("/", self.desk),
            Route("/docs", self.documents),
            Route("/results", self.results),
            Route("/results/{id}", self.result),
        ]

    async def desk(self, _: Request) -> Response:
        """Return the page to work on, without results."""
        return HTMLResponse(render_template("desk.html", downloads=_ALL_DOWNLOADS))

    async def documents(self, _: Request) -> Response:
        """Return the OpenAPI document for people."""
        document = build_document(self._api.operations())
        values = {"info": document["info"], "routes": list_routes(document), "objects": list_objects(document)}
        return HTMLResponse(render_template("api.html", **values))

    async def results(self, request: Request) -> Response:
        """Return the list of results; those that have the words that are asked for are marked."""
        found = self._api.history.find(request.query_params.get("words", ""))
        return HTMLResponse(render_template("list.html", entries=self._api.history.listed(), found=found))

    async def result(self, request: Request) -> Response:
        """Return one result, to be read and corrected."""
        entry = self._api.entry(request)
        fields = entry | {
            "title_translation": editing.english_title(entry),
            "is_of_reader": editing.is_of_reader(entry),
            "questions": write_questions(entry),
        }
        longest = min(MAX_EDIT, editing.longest_edit(entry))
        translators = self._api.translators(entry)
        return HTMLResponse(render_template("entry.html", fields=fields, translators=translators, max_edit=longest))


def _write(
    ringkas: Summarizer, article: Article, translate: Translate, length: Length | None, report: ReportShare
) -> Entry:
    """Return the entry of an article that was accepted when it was cleaned."""
    [outcome] = ringkas.write([article], translate, length=length, advance=report)
    if isinstance(outcome, RingkasError):
        raise outcome
    return editing.record_of(outcome, article)


def _wants_events(accept: str) -> bool:
    """Tell whether a client takes events; with a weight of 0 it says that it doesn't (RFC 9110, 12.4.2)."""
    for choice in accept.lower().split(","):
        media, *parameters = [part.replace(" ", "") for part in choice.split(";")]
        is_refused = any(re.fullmatch(r"q=0(\.0*)?", parameter) for parameter in parameters)
        if media == "text/event-stream" and not is_refused:
            return True
    return False


def _format_parameter(formats: tuple[str, ...]) -> dict[str, Any]:
    return {"name": "format", "in": "query", "schema": {"enum": list(formats), "default": formats[0]}}


def _chosen_format(request: Request, formats: tuple[str, ...]) -> str:
    chosen = request.query_params.get("format", formats[0])
    if chosen not in formats:
        raise Refusal(422, f"unknown format: it must be one of {', '.join(formats)}")
    return chosen


def _as_file(content: str | bytes, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{quote(name)}"'}
    media = "application/x-ndjson" if name.endswith(".jsonl") else mimetypes.guess_type(name)[0]
    return Response(content, media_type=media, headers=headers)


async def _give_up_when_gone(request: Request, job: Job) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
    job.refuse(Refusal(400, "the client is gone"))


async def _event_stream(job: Job) -> AsyncIterator[str]:
    # Starlette stops this where the client is gone, and that gives the job up.
    async for name, value in job.events():
        data = json.dumps(problem_of(value) if name == "failed" else value, ensure_ascii=False)
        yield f"event: {name}\ndata: {data}\n\n"
