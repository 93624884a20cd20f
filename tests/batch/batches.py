"""A model whose texts depend on what else is in its batches, and a script that kills batches which use it.

``python -m tests.batch.batches INPUT OUTPUT KILLS SEED`` makes OUTPUT/0, OUTPUT/1, ... of INPUT until KILLS runs were
killed, each as it was about to touch a file, and prints how many were.
"""

import hashlib
import os
import random
import signal
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from unittest.mock import Mock

from summarizer import summarizer as api
from summarizer.batch import run as batch
from summarizer.batch.inputs import GLOBS, list_files
from summarizer.batch.provenance import Settings
from summarizer.batch.reading import BatchInput
from summarizer.batch.results import lock
from summarizer.models.base import Generation, Request, Task
from summarizer.storage.store import Store
from summarizer.text.sentences import split_sentences
from tests.conftest import ARTICLE, FakeModel, in_english

SMALL_WINDOW = 5
ENGLISH = "The government said that the bridge would be closed for half a year of repairs. " * 4


def page(number: int, more: str = "") -> str:
    """An article that differs from others in a number."""
    return (
        f"Taman Nomor {number} Dibuka\nSuara.com - {ARTICLE} Taman itu yang nomor {number}.{more}\n"
        "Terpopuler\n- Harga Cabai Naik\n"
    )


class NeighbourModel(FakeModel):
    """Writes something else as soon as it is asked for other texts in the same call."""

    def __init__(self) -> None:
        super().__init__(self._answer, max_input_tokens=10_000)
        self._call = 0

    def generate(self, task: Task, requests: Sequence[Request], **options: Any) -> list[Generation]:
        self._call = int(hashlib.sha256("\n".join(request.text for request in requests).encode()).hexdigest(), 16)
        return super().generate(task, requests, **options)

    def _answer(self, task: Task, source: str) -> str:
        if task is Task.TRANSLATE:
            return f"{'That' if self._call % 2 else 'This'} is: {in_english(source)}"
        # "Taman itu ..." alone would be an abstract that nobody understands, and be replaced.
        sentences = [sentence for sentence in split_sentences(source) if not sentence.startswith("Taman itu")]
        return sentences[self._call % len(sentences)]


def run_batch(
    source: Path | list[BatchInput],
    output: Path,
    *,
    model: FakeModel | None = None,
    made_with: dict[str, Any] | None = None,
    settings: Settings = Settings(),  # noqa: B008 - it is frozen
    report: Mock | None = None,
    **options: Any,
) -> batch.Summary:
    """Run a batch of a file, a folder or inputs with the model above."""
    ringkas = api.Summarizer(model or NeighbourModel(), force=settings.force, **made_with or {})
    files = source if isinstance(source, list) else list_files([str(source)], None, GLOBS, [output])
    with lock(output):
        return batch.Batch(ringkas, output, settings, report or Mock()).run(files, **options)


def tree(folder: Path) -> dict[str, bytes]:
    """Return all files of a folder by their names, hidden ones too; of a database, what is in it."""
    return {path.relative_to(folder).as_posix(): _content(path) for path in folder.rglob("*") if path.is_file()}


def _content(path: Path) -> bytes:
    if path.suffix != ".sqlite":
        return path.read_bytes()
    with Store(path) as store:
        return repr(sorted(store.items())).encode()


def landed(output: Path) -> int:
    """Return how many results of a run that goes on are safe."""
    try:
        with closing(sqlite3.connect(f"file:{output / '.ringkas' / 'results.sqlite'}?mode=ro", uri=True)) as store:
            [[count]] = store.execute("SELECT count(*) FROM entries")
    except sqlite3.Error:
        return 0
    return int(count)


def _kill_at_event(number: int) -> None:
    """Make this process kill itself as it is about to touch a file for the given time."""
    left = number
    touching = {"open", "sqlite3.connect", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "fcntl.flock"}

    def hook(event: str, _: object) -> None:
        nonlocal left
        if event in touching:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def main(source: str, output: str, kills: int, seed: int) -> None:
    """See the module."""
    dice = random.Random(seed)
    batch.WINDOW = SMALL_WINDOW  # type: ignore[misc]
    # Everything that is loaded late is loaded now, so that the runs are short.
    run_batch(Path(source), Path(output, "warm"))
    killed = finished = 0
    is_killed = False
    while killed < kills or is_killed:
        events = dice.randint(1, 20 * SMALL_WINDOW) if killed < kills else 0

        def work(events: int = events, target: Path = Path(output, str(finished))) -> None:
            _kill_at_event(events)
            run_batch(Path(source), target)

        child = get_context("fork").Process(target=work)
        child.start()
        child.join()
        is_killed = child.exitcode == -signal.SIGKILL
        if child.exitcode and not is_killed:
            raise SystemExit("a run failed")
        killed = killed + is_killed
        finished = finished + (not is_killed)
    print(killed, finished)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
