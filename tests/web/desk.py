"""The server with a fake model, for tests of the API and of the page."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from starlette.testclient import TestClient

from summarizer import Summarizer
from summarizer.models.base import Task
from summarizer.web.app import create_app
from tests.conftest import ABSTRACT, ARTICLE, FakeModel, in_english, until

BASE = "http://127.0.0.1:8017"
ENGLISH = in_english(ABSTRACT)


def write(task: Task, source: str) -> str:
    return ABSTRACT if task is Task.SUMMARIZE else in_english(source)


def article(number: int) -> str:
    """An article like `ARTICLE`, another one for each number."""
    return f"{ARTICLE} Taman itu yang nomor {number}."


class Gate:
    """Work that begins when it may: a model's, or another function's."""

    def __init__(self, work: Callable[..., Any] = write) -> None:
        self.opened, self.reached, self._work = threading.Event(), threading.Event(), work

    def __call__(self, *arguments: Any) -> Any:
        self.reached.set()
        assert self.opened.wait(30)
        return self._work(*arguments)


async def run_here(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function as the server does in another process, but in this one: none has to be started for each test."""
    return await asyncio.to_thread(function, *arguments)


def ringkas(model: Any = write) -> Summarizer:
    """A summariser with a fake model that writes like this, or the one that is given."""
    return model if isinstance(model, Summarizer) else Summarizer(FakeModel(model), progress=False)


@contextmanager
def client(model: Any = write, history: Path | None = None, **options: Any) -> Iterator[TestClient]:
    app = create_app(ringkas(model), history=history, **{"run_apart": run_here, **options})
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as found:
        yield found


def summarize(found: TestClient, text: str = ARTICLE, **fields: Any) -> dict[str, Any]:
    answer = found.post("/api/summarize", json={"text": text, **fields})
    assert answer.status_code == 200, answer.text
    return answer.json()  # type: ignore[no-any-return]


@contextmanager
def serving(model: Any = write) -> Iterator[str]:
    """Serve the page with a fake model, or with the models of a `Summarizer`; return its address."""
    app = create_app(ringkas(model), run_apart=run_here)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    until(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.should_exit = True
        thread.join(30)
