"""What Ray costs beside a batch on the same machine, and how the memory of the program that starts a job grows."""

from __future__ import annotations

import json
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import click

from summarizer import Summarizer, summarize_files
from summarizer.batch.cluster.stages import require_ray
from summarizer.batch.folder import lock
from summarizer.batch.inputs import GLOBS, list_files
from summarizer.batch.run import Batch, Settings
from summarizer.models.base import Advance, Generation, Request, Task
from summarizer.output.progress import BatchProgress

_TITLE = "Taman Nomor {} Dibuka\n"
_STORY = (
    "Pemerintah Kota Girimulya membuka taman baru seluas {number} hektare di tepi Sungai Laras pada Minggu (2/2). "
    "Wali Kota Ratna Puspita mengatakan taman itu menelan biaya Rp7,5 miliar. "
    "Warga boleh masuk tanpa membayar sampai akhir tahun."
)
_SAMPLE_SECONDS = 1.0


class FixedCost:
    """A model that takes the first sentence, and the same time for each abstract."""

    name = "fixed cost"
    extracts = False

    def __init__(self, seconds: float) -> None:
        """Say how long an abstract takes."""
        self._seconds = seconds

    def max_input_tokens(self, task: Task, title: str = "") -> int:  # noqa: ARG002 - the interface's
        """Return more than any article has."""
        return 10_000

    def count_tokens(self, text: str) -> int:
        """Return the number of words."""
        return len(text.split())

    def generate(
        self, task: Task, requests: Sequence[Request], *, advance: Advance = lambda count: None
    ) -> list[Generation]:
        """Wait, and return the first sentences."""
        if task is Task.SUMMARIZE:
            time.sleep(self._seconds * len(requests))
        advance(len(requests))
        return [Generation(request.text.partition(". ")[0] + ".", finished=True) for request in requests]


def write_articles(folder: Path, count: int, *, empty: bool = False) -> tuple[Path, Path]:
    """Write the same short synthetic articles, or empty ones, as Parquet and as JSON lines; return both files."""
    import pyarrow as pa
    from pyarrow import parquet

    table, lines = folder / "articles.parquet", folder / "articles.jsonl"
    with (
        parquet.ParquetWriter(table, pa.schema([("id", pa.string()), ("text", pa.string())])) as writer,
        open(lines, "w", encoding="utf-8") as file,
    ):
        for start in range(0, count, 1000):
            rows = [
                {"id": f"{number:08}", "text": "" if empty else _TITLE.format(number) + _STORY.format(number=number)}
                for number in range(start, min(start + 1000, count))
            ]
            writer.write_table(pa.Table.from_pylist(rows, schema=writer.schema))
            file.writelines(json.dumps(row) + "\n" for row in rows)
    return table, lines


def run_batch(lines: Path, output: Path, cost: float) -> None:
    """Do what ``ringkas batch`` does, with one process that cleans beside the one that writes."""
    files = list_files([str(lines)], None, GLOBS, [output])
    settings = Settings(translate="none")
    with lock(output) as state, BatchProgress(0, quiet=True) as progress:
        Batch(Summarizer(FixedCost(cost)), output, state, settings, progress).run(files, processes=1)


def run_job(table: Path, output: Path, cost: float, actors: int, failures: int) -> None:
    """Do what ``ringkas batch --cluster`` does.

    Raises:
        ClickException: other than that many articles failed.
    """
    summary = summarize_files(
        [str(table)],
        str(output),
        Summarizer(FixedCost(cost)),
        Settings(translate="none"),
        actors=actors,
        progress=False,
    )
    if summary.failed.total() != failures:
        raise click.ClickException(str(summary))


def _measured(work: Callable[..., None], arguments: tuple[Any, ...]) -> dict[str, float]:
    """Return seconds of wall clock and of all processors, and MB of memory of the process that calls."""
    import psutil

    own = psutil.Process()
    used: dict[int, float] = {}
    # The kernel's own count of the most that a process took begins with what its parent had.
    memory = [own.memory_info().rss]
    done = threading.Event()

    def sample() -> None:
        while not done.wait(_SAMPLE_SECONDS):
            memory.append(own.memory_info().rss)
            for process in own.children(recursive=True):
                try:
                    times = process.cpu_times()
                except psutil.Error:
                    continue
                used[process.pid] = times.user + times.system

    watcher = threading.Thread(target=sample, daemon=True)
    watcher.start()
    started = time.monotonic()
    work(*arguments)
    seconds = time.monotonic() - started
    done.set()
    memory.append(own.memory_info().rss)
    times = own.cpu_times()
    return {
        "seconds": round(seconds, 1),
        "processor seconds": round(sum(used.values()) + times.user + times.system, 1),
        "MB at the start": round(memory[0] / 1e6),
        "MB at most": round(max(memory) / 1e6),
    }


def _apart(work: Callable[..., None], *arguments: Any) -> dict[str, float]:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_measured, work, arguments).result()


@click.command()
@click.option("--rows", type=click.IntRange(min=1), default=10_000, show_default=True, help="Synthetic articles.")
@click.option("--cost", type=float, default=0.02, show_default=True, help="Seconds that an abstract takes.")
@click.option("--actors", type=click.IntRange(min=1), multiple=True, default=(1, 2), help="Actors  [default: 1 2]")
@click.option("--batch/--no-batch", default=True, help="Also run a batch without Ray  [default: batch]")
@click.option("--empty", is_flag=True, help="Take empty articles, so that only moving and writing rows costs anything.")
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="Write the figures as JSON.")
def cluster(rows: int, cost: float, actors: tuple[int, ...], batch: bool, empty: bool, output: str | None) -> None:
    """Time a batch on a local Ray beside one without, with a model that only waits.

    Needs the extra "ray". Memory is that of the program that starts the job, without its workers.
    """
    from tabulate import tabulate

    from eval.runs import write_file

    require_ray()
    figures: dict[str, dict[str, float]] = {}

    def measure(name: str, work: Callable[..., None], *arguments: Any) -> None:
        figure = _apart(work, *arguments)
        figures[name] = figure | {"articles a minute": round(60 * rows / max(0.1, figure["seconds"]))}
        if output:
            # A later one may fail.
            measured = {"rows": rows, "cost": cost, "empty": empty, "figures": figures}
            write_file(Path(output), json.dumps(measured, indent=1) + "\n")

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        table, lines = write_articles(folder, rows, empty=empty)
        if batch:
            measure("ringkas batch", run_batch, lines, folder / "batch", cost)
        for count in actors:
            place, failures = folder / f"ray-{count}", rows if empty else 0
            measure(f"Ray, actors: {count}", run_job, table, place, cost, count, failures)
    headers = ["", *next(iter(figures.values()))]
    click.echo(tabulate([[name, *figure.values()] for name, figure in figures.items()], headers=headers))
