"""One worker with a bounded queue: what is asked for is done one after the other, and can be given up."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from typing import Any, Literal, NamedTuple

ReportShare = Callable[[float], None]
Work = Callable[[ReportShare], Any]
"""Does a job in the worker's thread; is handed what to call as it goes on, with the share that was just done."""


class QueueFull(Exception):  # noqa: N818 - it is no fault of anybody
    """No more jobs may wait."""


class Event(NamedTuple):
    """What a job has to tell.

    Attributes:
        name: ``queued`` with the number of jobs in front of it, ``progress`` with the share that is done (0 to 1),
            ``done`` with what the work returned, or ``failed`` with the error.
        value: as said.
    """

    name: Literal["queued", "progress", "done", "failed"]
    value: Any


class _Cancelled(BaseException):
    """Ends the work in the thread; no ``except Exception`` on its way takes it for a failure of an article."""


class Job:
    """Something to be done, and what it tells of its progress."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._loop = asyncio.get_running_loop()
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        self._given_up = threading.Event()
        self._done = 0.0

    async def events(self) -> AsyncGenerator[Event]:
        """Yield what happens, up to ``done`` or ``failed``; a client that stops listening earlier gives up the job."""
        try:
            while True:
                event = await self._events.get()
                yield event
                if event.name in ("done", "failed"):
                    return
        finally:
            self.give_up()

    @property
    def is_given_up(self) -> bool:
        """Whether nobody is waiting for it any more."""
        return self._given_up.is_set()

    def give_up(self) -> None:
        """Leave the job out if it waits, stop it at its next step if it runs, do nothing if it is done."""
        self._given_up.set()

    def tell(self, event: Event) -> None:
        """Put an event where `events` finds it; to be called in the event loop."""
        self._events.put_nowait(event)

    def run(self) -> Event | None:
        """Do the work, in a thread of its own; return the last event, or None if the job was given up."""
        try:
            return Event("done", self._work(self._report))
        except _Cancelled:
            return None
        except Exception as error:
            return Event("failed", error)

    def _report(self, share: float) -> None:
        if self.is_given_up:
            raise _Cancelled
        self._done = min(1.0, self._done + share)
        # The loop is gone where the server was stopped in the middle of the work.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self.tell, Event("progress", round(self._done, 3)))


class Worker:
    """Does jobs one after the other in a thread, so that the model is never asked for two things at a time."""

    def __init__(self, limit: int) -> None:
        """Start with an empty queue, in which no more than ``limit`` jobs may wait."""
        self._limit = limit
        self._waiting: list[Job] = []
        self._more = asyncio.Event()
        self.is_busy = False

    @property
    def waiting(self) -> int:
        """How many jobs wait."""
        return len(self._waiting)

    def submit(self, work: Work) -> Job:
        """Put a job at the end of the queue.

        Raises:
            QueueFull: no more jobs may wait.
        """
        self._drop_given_up()
        if len(self._waiting) >= self._limit:
            raise QueueFull
        job = Job(work)
        job.tell(Event("queued", len(self._waiting) + self.is_busy))
        self._waiting.append(job)
        self._more.set()
        return job

    async def run(self) -> None:
        """Do what comes in, until this is cancelled."""
        while True:
            await self._more.wait()
            self._drop_given_up()
            if not self._waiting:
                self._more.clear()
                continue
            job = self._waiting.pop(0)
            job.tell(Event("queued", 0))
            self.is_busy = True
            self._tell_places()
            try:
                last = await asyncio.to_thread(job.run)
            finally:
                self.is_busy = False
                job.give_up()
            if last:
                job.tell(last)

    def _drop_given_up(self) -> None:
        kept = [job for job in self._waiting if not job.is_given_up]
        if len(kept) < len(self._waiting):
            self._waiting = kept
            self._tell_places()

    def _tell_places(self) -> None:
        for place, job in enumerate(self._waiting, self.is_busy):
            job.tell(Event("queued", place))
