"""A run: systems side by side on a data set, scored, and kept with everything needed to show and to repeat it.

What models write is kept in a store item by item, so that a run that was killed resumes where it stopped.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from eval import significance
from eval.data import Benchmark, DataSet, Output, Sample
from eval.metrics import METRICS, Case, Column, Ratio
from eval.significance import Score
from eval.systems import Outputs, System, version_of
from summarizer import InputError, __version__
from summarizer.errors import ModelError, OutputError, RingkasError
from summarizer.output.progress import Progress
from summarizer.storage.atomic import write_whole
from summarizer.storage.fingerprint import digest_values
from summarizer.storage.store import Store

FORMAT = 1
"""Number of the form of run files; a change that older readers can't read raises it."""

Advance = Callable[[int], None]
"""Called with the number of items that have just been finished."""

_LIBRARIES = (
    "rouge-score",
    "sacrebleu",
    "scipy",
    "numpy",
    "sumy",
    "sentencex",
    "trafilatura",
    "onnxruntime",
    "torch",
    "transformers",
    "tokenizers",
    "ctranslate2",
)


@dataclass(frozen=True)
class Speed:
    """How quick a system was, without its warm-up.

    Attributes:
        items_per_minute: items that it finished in a minute.
        tokens_per_second: of its output, in its own tokens; None where it has none.
        warm_up: seconds from nothing to the first output of a short text: imports, loading, compiling; None if unknown
            or nothing.
        peak_mb: most memory that its process held, in MB (10^6 bytes); None if unknown.
        from_store: how many outputs were written by an earlier run, and timed then.
    """

    items_per_minute: float
    tokens_per_second: float | None
    warm_up: float | None
    peak_mb: float | None
    from_store: int


@dataclass(frozen=True)
class SystemRun:
    """A system's outputs for all items, its settings, and its speed where that says anything."""

    settings: dict[str, Any]
    outputs: list[Output]
    speed: Speed | None


@dataclass(frozen=True)
class SystemRecord:
    """A system's part of a run.

    Attributes:
        name: what tables call it.
        settings: all that its outputs depend on.
        speed: the fields of `Speed`.
        scores: by the metric's key; a metric that has no value for any item is left out.
        outputs: in the order of the items.
        warnings: of each output.
        repairs: of each output.
        values: by the metric's key: of each item its value, or None where it has none.
    """

    name: str
    settings: dict[str, Any]
    speed: dict[str, float | int | None]
    scores: dict[str, Score]
    outputs: list[str]
    warnings: list[list[str]]
    repairs: list[list[str]]
    values: dict[str, list[float | None]]


@dataclass(frozen=True)
class Run:
    """Systems side by side on one data set.

    Attributes:
        task: ``summaries`` or ``translations``.
        created: when, in ISO 8601.
        command: the command line.
        data: name, form, path, digest and number of items of the data set; see `data.DataSet`.
        versions: of everything that takes part in outputs and scores.
        machine: what it ran on.
        compared_with: the system that significance is tested against.
        tests: how intervals and significance were computed.
        metrics: in the order of the tables.
        systems: in the order of the tables.
        items: in the order of the data set.
        format: see `FORMAT`.
    """

    task: Benchmark
    created: str
    command: list[str]
    data: dict[str, Any]
    versions: dict[str, str]
    machine: dict[str, Any]
    compared_with: str
    tests: str
    metrics: list[Column]
    systems: list[SystemRecord]
    items: list[Sample]
    format: int = field(default=FORMAT)

    def metric(self, key: str) -> Column:
        """Return the metric with a key."""
        return next(metric for metric in self.metrics if metric.key == key)


def run_system(
    system: System, benchmark: Benchmark, items: Sequence[Sample], store: Path, advance: Advance = lambda count: None
) -> SystemRun:
    """Get a system's output for each item, in this process.

    A model's outputs are kept in the store batch by batch, so that they are there after a kill.

    Raises:
        RingkasError: the system can't be used, in plain words.
    """
    settings = system.settings()
    if not system.is_model:
        start = time.perf_counter()
        outputs = system.write(items)
        advance(len(items))
        speed = Speed(60 * len(items) / (time.perf_counter() - start), None, None, peak_memory(), 0)
        return SystemRun(settings, outputs, speed if system.is_timed else None)
    with Store(store) as kept:
        keys = [digest(benchmark, settings, item) for item in items]
        missing = [at for at, key in enumerate(keys) if kept.get(key) is None]
        advance(len(items) - len(missing))
        session = digest(benchmark, settings)
        if missing:
            _write_missing(system, [(keys[at], items[at]) for at in missing], kept, session, advance)
        rows = [kept.get(key) for key in keys]
        seconds = sum(row["seconds"] for row in rows)
        counts = [row["tokens"] for row in rows]
        speed = Speed(
            60 * len(items) / seconds,
            sum(counts) / seconds if None not in counts else None,
            **(kept.get(session) or {"warm_up": None, "peak_mb": None}),
            from_store=len(items) - len(missing),
        )
        outputs = [Output(row["text"], row["tokens"], tuple(row["warnings"]), tuple(row["repairs"])) for row in rows]
    return SystemRun(settings, outputs, speed)


def _write_missing(
    system: System, missing: Sequence[tuple[str, Sample]], store: Store, session: str, advance: Advance
) -> None:
    """Write outputs batch by batch; under ``session`` go the last warm-up and the highest peak of all sessions."""
    start = time.perf_counter()
    system.warm_up()
    warm_up = time.perf_counter() - start
    for first in range(0, len(missing), system.batch):
        batch = missing[first : first + system.batch]
        start = time.perf_counter()
        outputs = system.write([item for _, item in batch])
        share = (time.perf_counter() - start) / len(batch)
        before = (store.get(session) or {}).get("peak_mb")
        rows = {key: asdict(output) | {"seconds": share} for (key, _), output in zip(batch, outputs, strict=True)}
        peak = max((peak for peak in (before, peak_memory()) if peak is not None), default=None)
        # With each batch, so that a run that is killed leaves its figures too.
        store.put_all(rows | {session: {"warm_up": warm_up, "peak_mb": peak}})
        advance(len(batch))


def digest(benchmark: Benchmark, settings: dict[str, Any], item: Sample | None = None) -> str:
    """Return the key of a system's output for an item; without an item, that of the system itself."""
    return digest_values([benchmark, settings, [item.title, item.paragraphs] if item else None])


def run_apart(
    system: System, benchmark: Benchmark, items: Sequence[Sample], store: Path, advance: Advance = lambda count: None
) -> SystemRun:
    """Do as `run_system` does in a process of its own, so that its memory is its own.

    Raises:
        RingkasError: the system can't be used, or its process died.
    """
    # A forked process would begin with the memory of this one.
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_work, args=(there, system, benchmark, items, store), daemon=True)
    process.start()
    there.close()
    try:
        while True:
            kind, value = here.recv()
            if kind == "advance":
                advance(value)
            elif kind == "error":
                raise RingkasError(value)
            else:
                result: SystemRun = value
                return result
    except EOFError as error:
        process.join()
        raise ModelError(f"the process of {system.name} ended with code {process.exitcode}") from error
    finally:
        here.close()
        process.join()


def _work(pipe: Connection, system: System, benchmark: Benchmark, items: Sequence[Sample], store: Path) -> None:
    # A parent that was killed can't be told of progress: that is the end of this process too.
    try:
        message: tuple[str, Any] = (
            "result",
            run_system(system, benchmark, items, store, lambda count: pipe.send(("advance", count))),
        )
    except RingkasError as error:
        message = ("error", str(error))
    except MemoryError as error:
        message = ("error", f"{system.name} needs more memory than there is: {error}")
    except (BrokenPipeError, KeyboardInterrupt):
        return
    pipe.send(message)


def peak_memory() -> float | None:
    """Return the most memory that this process has held, in MB (10^6 bytes), or None where that isn't known."""
    status = Path("/proc/self/status")
    if status.exists():
        # Linux hands ru_maxrss down from the process that started this one; VmHWM is this one's own.
        for line in status.read_text(encoding="utf-8").split("\n"):
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    try:
        import resource
    except ImportError:  # Windows
        return None
    # In bytes on macOS, in KiB elsewhere.
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def evaluate(
    benchmark: Benchmark,
    data: DataSet,
    systems: Sequence[System],
    *,
    store: Path,
    compare_with: str | None = None,
    command: Sequence[str] = (),
) -> Run:
    """Run systems over a data set and score what they write, with a bar for each where there is a terminal.

    Args:
        benchmark: what they are to write.
        data: the items.
        systems: at least one, each with a name of its own.
        store: the file that outputs of models are kept in.
        compare_with: name of the system that the others are tested against; None for the first.
        command: the command line, for the record.

    Raises:
        InputError: two systems share a name, or there is none to compare with.
        RingkasError: a system can't be used.
    """
    names = [system.name for system in systems]
    if len(set(names)) < len(names):
        raise InputError(f"two systems have the same name: {', '.join(names)}")
    compare_with = compare_with or names[0]
    if compare_with not in names:
        raise InputError(f"there is no system {compare_with!r} to compare with, only {', '.join(names)}")
    # What is wrong with the store or a file of outputs shows before a model has worked for hours.
    with Store(store):
        pass
    done: dict[str, SystemRun] = {}
    for system in sorted(systems, key=lambda system: not isinstance(system, Outputs)):
        with Progress(len(data.items), system.name) as bar:
            done[system.name] = run_apart(system, benchmark, data.items, store, bar.advance)
    runs = {name: done[name] for name in names}
    metrics, scores, values = _score(benchmark, data, runs, compare_with)
    return Run(
        task=benchmark,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        command=list(command),
        data={
            "name": data.name,
            "form": data.form,
            "path": data.path,
            "sha256": data.sha256,
            "items": len(data.items),
            "total": data.total,
        },
        versions=_versions(),
        machine=_machine(),
        compared_with=compare_with,
        tests=significance.DESCRIPTION,
        metrics=metrics,
        systems=[
            SystemRecord(
                name,
                run.settings,
                vars(run.speed) if run.speed else {},
                scores[name],
                [output.text for output in run.outputs],
                [list(output.warnings) for output in run.outputs],
                [list(output.repairs) for output in run.outputs],
                values[name],
            )
            for name, run in runs.items()
        ],
        items=list(data.items),
    )


def _score(
    benchmark: Benchmark, data: DataSet, runs: dict[str, SystemRun], compare_with: str
) -> tuple[list[Column], dict[str, dict[str, Score]], dict[str, dict[str, list[float | None]]]]:
    """Return the metrics, and by system and metric the scores and the items' own values."""
    cases = {
        name: [Case(benchmark, item, output) for item, output in zip(data.items, run.outputs, strict=True)]
        for name, run in runs.items()
    }
    scores: dict[str, dict[str, Score]] = {name: {} for name in runs}
    values: dict[str, dict[str, list[float | None]]] = {name: {} for name in runs}
    for metric in METRICS[benchmark]:
        counts = {name: metric.counts(own) for name, own in cases.items()}
        for name, own in counts.items():
            other = None if name == compare_with else counts[compare_with]
            if found := significance.score(metric, own, other):
                scores[name][metric.key] = found
            if isinstance(metric, Ratio):
                values[name][metric.key] = metric.values(own)
    return [metric.column(cases[compare_with]) for metric in METRICS[benchmark]], scores, values


def _versions() -> dict[str, str]:
    return {
        "ringkas": __version__,
        "python": platform.python_version(),
        **{name: version_of(name) for name in _LIBRARIES},
    }


def _machine() -> dict[str, Any]:
    processor = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        lines = information.read_text(encoding="utf-8", errors="replace").split("\n")
        processor = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), processor)
    return {"system": sys.platform, "processor": processor, "cores": os.cpu_count()}


def write_run(run: Run, path: Path) -> None:
    """Write a run file, completely or not at all.

    Raises:
        OutputError: it can't be written.
    """
    write_file(path, json.dumps(asdict(run), ensure_ascii=False, indent=1) + "\n")


def write_file(path: Path, text: str) -> None:
    """Write a file, completely or not at all; the folder is made if need be.

    Raises:
        OutputError: it can't be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from error
    write_whole(path, text)


def read_run(path: Path) -> Run:
    """Read a run file.

    Raises:
        InputError: it can't be read, or is not a run file.
    """
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        if table["format"] != FORMAT:
            raise InputError(f"{path} is of another version of this program: run the evaluation again")
        systems = [
            SystemRecord(**{**row, "scores": {key: Score(**score) for key, score in row["scores"].items()}})
            for row in table["systems"]
        ]
        metrics = [Column(**row) for row in table["metrics"]]
        items = [
            Sample(row["id"], row["title"], tuple(row["paragraphs"]), tuple(row["references"]))
            for row in table["items"]
        ]
        return Run(**{**table, "systems": systems, "metrics": metrics, "items": items})
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"{path} is not a run file of 'python -m eval'") from error
