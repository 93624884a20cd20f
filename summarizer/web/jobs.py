"""One worker with a bounded queue: what is asked for is done one after the other, and can be given up."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from typing import Any

from summarizer.web.problems import Refusal

RETRY_SECONDS = 10
"""When to come back where the queue is full: about what two articles take on a laptop."""

ReportShare = Callable[[float], None]
Work = Callable[[ReportShare], Any]
"""Does a job in the worker's thread; is handed what to call as it goes on, with the share that was just done."""

Finish = Callable[[Any], Any]
"""Makes, in the event loop, the answer of what the work returned."""


RunWork = Callable[[Work, ReportShare], Awaitable[Any]]
"""Runs work in a thread, for the event loop to wait for: `asyncio.to_thread`, or `run_for`."""


def run_for(seconds: float) -> RunWork:
    """Return what runs work in a thread that nothing waits for longer than some seconds, not even the server's end.

    After that, `Refusal` is raised, and the thread is left alone; it is for work that can't be told to stop.
    """

    async def run(work: Work, report: ReportShare) -> Any:
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[Any] = loop.create_future()

        def settle(value: Any, error: BaseException | None) -> None:
            if outcome.done():
                return
            if error is None:
                outcome.set_result(value)
            else:
                outcome.set_exception(error)

        def do() -> None:
            value = None
            error = None
            try:
                value = work(report)
            except BaseException as caught:
                error = caught
            # The loop may be closed by now.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(settle, value, error)

        threading.Thread(target=do, daemon=True).start()
        try:
            return await asyncio.wait_for(outcome, seconds)
        except TimeoutError:
            message = f"checking the text took longer than {seconds:.0f} seconds and was stopped"
            raise Refusal(422, message, "shorten the text") from None

    return run


class _GivenUp(BaseException):
    """Ends the work in the thread; no ``except Exception`` on its way takes it for a failure of an article."""


class Job:
    """Something to be done, and what it tells of its progress.

    It tells ``queued`` with the number of jobs in front of it, ``progress`` with the share that is done (0 to 1), and
    at last ``done`` with the answer, or ``failed`` with the error.
    """

    def __init__(self, work: Work, finish: Finish, run: RunWork) -> None:
        self._work = work
        self._finish = finish
        self._run = run
        self._events: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        self._done = 0.0
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
        """Leave the job out if it waits, stop it at its next step if it runs, do nothing if it is done."""
        self.is_given_up = True

    def refuse(self, refusal: Refusal) -> None:
        """Give it up, and tell why."""
        self.give_up()
        self.tell("failed", refusal)

    def tell(self, name: str, value: Any) -> None:
        """Put an event where `events` finds it; to be called in the event loop."""
        self._events.put_nowait((name, value))

    async def run(self) -> None:
        """Do it, the work in a thread."""
        try:
            found = await self._run(self._work, self._report)
            if not self.is_given_up:
                self.tell("done", self._finish(found))
        except _GivenUp:
            pass
        except Exception as error:
            self.tell("failed", error)
        finally:
            self.give_up()

    def _report(self, share: float) -> None:
        if self.is_given_up:
            raise _GivenUp
        self._done = min(1.0, self._done + share)
        self._loop.call_soon_threadsafe(self.tell, "progress", round(self._done, 3))


class Worker:
    """Does jobs one after the other, so that the model is never asked for two things at a time."""

    def __init__(self, limit: int, run: RunWork = asyncio.to_thread) -> None:
        """Start with an empty queue, in which no more than ``limit`` jobs may wait; ``run`` does their work."""
        self._limit = limit
        self._run = run
        self._more = asyncio.Event()
        self.waiting: list[Job] = []
        self.running: list[Job] = []

    def stop(self) -> None:
        """Give up all jobs."""
        for job in (*self.running, *self.waiting):
            job.refuse(Refusal(503, "the server was stopped"))

    def submit(self, work: Work, finish: Finish = lambda found: found) -> Job:
        """Put a job at the end of the queue.

        Raises:
            Refusal: no more jobs may wait.
        """
        self._update()
        if len(self.waiting) >= self._limit:
            headers = {"retry-after": str(RETRY_SECONDS)}
            raise Refusal(503, f"{self._limit} articles are waiting already", "try again later", **headers)
        job = Job(work, finish, self._run)
        job.tell("queued", len(self.waiting) + len(self.running))
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
            self.running = [job := self.waiting.pop(0)]
            job.tell("queued", 0)
            self._update()
            await job.run()
            self.running = []

    def _update(self) -> None:
        """Drop what was given up, and tell the others their places."""
        self.waiting = [job for job in self.waiting if not job.is_given_up]
        for place, job in enumerate(self.waiting, len(self.running)):
            job.tell("queued", place)
