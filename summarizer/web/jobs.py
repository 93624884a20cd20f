"""A queue of jobs, done one after the other; each goes step by step, in threads and processes, and can be given up."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any, TypeVar

from anyio import BrokenWorkerProcess, to_process
from starlette.exceptions import HTTPException

from summarizer.errors import RingkasError
from summarizer.web.problems import RETRY_SECONDS, Refusal

Value = TypeVar("Value")

ReportShare = Callable[[float], None]
"""Is called by work as it goes on, with the share of it that was just done."""

Work = Callable[["Job"], Awaitable[Any]]
"""Does a job, step by step: see `Job.in_thread` and `Job.in_process`."""

Finish = Callable[[Any], Any]
"""Makes, in the event loop, the answer of what the work returned."""

RunApart = Callable[..., Awaitable[Any]]
"""Calls a function with arguments where a cancellation stops it, whatever it is doing: `run_in_process`."""


async def run_in_process(function: Callable[..., Value], *arguments: Any) -> Value:
    """Call a function in a process beside this one, which is killed where the caller is cancelled.

    The process stays for the next call. Function, arguments and what is returned must be such that can be pickled.

    Raises:
        RingkasError: the process died, as it does where memory runs out.
        Exception: what the function raised; one that nobody foresaw has the process's traceback as a note.
    """
    try:
        return await to_process.run_sync(_call, function, arguments, cancellable=True)
    except BrokenWorkerProcess as error:
        message = "the process that cleans and checks texts died"
        raise RingkasError(message, advice="close other programs if memory is short, and try again") from error


def _call(function: Callable[..., Value], arguments: tuple[Any, ...]) -> Value:
    try:
        return function(*arguments)
    except (RingkasError, HTTPException):
        raise
    except Exception as error:
        # A traceback doesn't pass from process to process, but notes do.
        error.add_note(traceback.format_exc())
        raise


class _GivenUp(BaseException):
    """Ends the work of a job; no ``except Exception`` on its way takes it for a failure of an article."""


class Job:
    """Something to be done, and what it tells of its progress.

    It tells ``queued`` with the number of jobs in front of it, ``progress`` with the share that is done (0 to 1), and
    at last ``done`` with the answer, or ``failed`` with the error.
    """

    def __init__(self, work: Work, finish: Finish, run_apart: RunApart) -> None:
        self._work = work
        self._finish = finish
        self._run_apart = run_apart
        self._events: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        self._done = 0.0
        self._ahead: int | None = None
        self._step_apart: asyncio.Future[Any] | None = None
        self.is_given_up = False

    async def events(self) -> AsyncGenerator[tuple[str, Any]]:
        """Yield what happens, up to ``done`` or ``failed``; a client that stops listening earlier gives up the job."""
        try:
            name = ""
            while name not in ("done", "failed"):
                name, value = await self._events.get()
                yield name, value
        finally:
            self.give_up()

    def give_up(self) -> None:
        """Leave the job out if it waits, stop it if it runs, do nothing if it is done.

        A process is stopped at once, a thread where it reports next.
        """
        self.is_given_up = True
        if self._step_apart is not None:
            self._step_apart.cancel()

    def refuse(self, refusal: Refusal) -> None:
        """Give it up, and tell why."""
        self.give_up()
        self.tell("failed", refusal)

    def tell(self, name: str, value: Any) -> None:
        """Put an event where `events` finds it; to be called in the event loop."""
        self._events.put_nowait((name, value))

    def tell_place(self, ahead: int) -> None:
        """Tell how many jobs are in front of it, unless it is the same number as before."""
        if ahead != self._ahead:
            self._ahead = ahead
            self.tell("queued", ahead)

    async def run(self) -> None:
        """Do it."""
        try:
            value = await self._work(self)
            if not self.is_given_up:
                self.tell("done", self._finish(value))
        except _GivenUp:
            pass
        except Exception as error:
            self.tell("failed", error)
        finally:
            self.give_up()

    async def in_thread(self, function: Callable[[ReportShare], Value]) -> Value:
        """Do a step of the work in a thread: what needs a model, which no other process has."""
        return await asyncio.to_thread(function, self._report)

    async def in_process(self, function: Callable[..., Value], *arguments: Any, seconds: float | None = None) -> Value:
        """Do a step of the work in a process of its own, which is killed where the job is given up.

        Args:
            function: is called there, see `run_in_process`.
            arguments: what it is called with.
            seconds: how long it may take; None for as long as it wants.

        Raises:
            Refusal: it took longer.
        """
        if self.is_given_up:
            raise _GivenUp
        step: asyncio.Future[Value] = asyncio.ensure_future(self._run_apart(function, *arguments))
        self._step_apart = step
        try:
            await asyncio.wait([step], timeout=seconds)
        finally:
            # It is done by now, or took too long, or the server ends.
            is_done = step.done()
            step.cancel()
            await asyncio.wait([step])
        if self.is_given_up:
            raise _GivenUp
        if not is_done:
            message = f"checking the text took longer than {seconds:.0f} seconds and was stopped"
            raise Refusal(422, message, "shorten the text")
        return step.result()

    def _report(self, share: float) -> None:
        if self.is_given_up:
            raise _GivenUp
        self._done = min(1.0, self._done + share)
        self._loop.call_soon_threadsafe(self.tell, "progress", round(self._done, 3))


class Worker:
    """Does jobs one after the other, so that the model is never asked for two things at a time."""

    def __init__(self, limit: int, run_apart: RunApart = run_in_process) -> None:
        """Start with an empty queue, in which no more than ``limit`` jobs may wait."""
        self._limit = limit
        self._run_apart = run_apart
        self._more = asyncio.Event()
        self.waiting: list[Job] = []
        self.running: list[Job] = []

    def stop(self) -> None:
        """Give up all jobs."""
        for job in (*self.running, *self.waiting):
            job.refuse(Refusal(503, "the server was stopped"))

    def submit(self, work: Work, finish: Finish = lambda value: value) -> Job:
        """Put a job at the end of the queue.

        Raises:
            Refusal: no more jobs may wait.
        """
        self._update()
        if len(self.waiting) >= self._limit:
            headers = {"retry-after": str(RETRY_SECONDS)}
            raise Refusal(503, f"{self._limit} articles are waiting already", "try again later", **headers)
        job = Job(work, finish, self._run_apart)
        job.tell_place(len(self.waiting) + len(self.running))
        self.waiting.append(job)
        self._more.set()
        return job

    async def run(self) -> None:
        """Do what comes in, until this is cancelled."""
        while True:
            await self._more.wait()
            self._update()
            if not self.waiting:
                self._more.clear()
                continue
            job = self.waiting.pop(0)
            self.running = [job]
            job.tell_place(0)
            self._update()
            await job.run()
            self.running = []

    def _update(self) -> None:
        """Drop what was given up, and tell the others their places."""
        self.waiting = [job for job in self.waiting if not job.is_given_up]
        for place, job in enumerate(self.waiting, len(self.running)):
            job.tell_place(place)
