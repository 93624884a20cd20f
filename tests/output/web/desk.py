"""The server with a fake model, for tests of the API and of the page."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from summarizer import Summarizer
from summarizer.models.base import Task
from summarizer.output.web.app import create_app
from tests.conftest import ARTICLE, FakeModel, in_english

BASE = "http://127.0.0.1:8017"
ABOUT = {"version": "1.2.3", "models": [{"name": "fake"}]}
ABSTRACT = "Kota Girimulya membuka taman seluas 12 hektare."


def write(task: Task, source: str) -> str:
    return ABSTRACT if task is Task.SUMMARIZE else in_english(source)


class Gate:
    """A model that begins to write when it may."""

    def __init__(self) -> None:
        self.opened, self.reached = threading.Event(), threading.Event()

    def __call__(self, task: Task, source: str) -> str:
        self.reached.set()
        assert self.opened.wait(30)
        return write(task, source)


def ringkas(model: Any = write) -> Summarizer:
    return Summarizer(FakeModel(model), progress=False)


@contextmanager
def client(model: Any = write, history: Path | None = None, **options: Any) -> Iterator[TestClient]:
    app = create_app(ringkas(model), history=history, about=ABOUT, **options)
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as found:
        yield found


def summarize(found: TestClient, text: str = ARTICLE, **fields: Any) -> dict[str, Any]:
    answer = found.post("/api/summarize", json={"text": text, **fields})
    assert answer.status_code == 200, answer.text
    return answer.json()  # type: ignore[no-any-return]
