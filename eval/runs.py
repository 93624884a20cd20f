"""A run: systems side by side on a data set, scored, and kept with everything needed to show and to repeat it.

What models write is kept in a store item by item, so that a run that was killed resumes where it stopped.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eval import significance
from eval.data import Benchmark, DataSet, Sample
from eval.metrics import METRICS, Case, Column, Output
from eval.significance import Score
from eval.systems import System, version_of
from summarizer import InputError, __version__
from summarizer.errors import OutputError, reason_of
from summarizer.output.progress import Progress
from summarizer.storage.atomic import write_whole
from summarizer.storage.fingerprint import digest_values
from summarizer.storage.store import Store

FORMAT = 2
"""Number of the form of run files; a change that older readers can't read raises it."""

_LIBRARIES = (
    "rouge-score", "sacrebleu", "scipy", "numpy", "sumy", "sentencex", "trafilatura", "onnxruntime", "torch",
    "transformers", "tokenizers", "ctranslate2",
)  # fmt: skip


@dataclass(frozen=True)
class SystemRecord:
    """A system's part of a run, with all that its outputs depend on, and a model's speed when it wrote them.

    Outputs and values are in the order of the items. Scores and values go by the metric's key; a metric that has no
    value for any item has no score.
    """

    name: str
    settings: dict[str, Any]
    speed: dict[str, float]
    outputs: list[Output]
    scores: dict[str, Score]
    values: dict[str, list[float | None]]


@dataclass(frozen=True)
class Run:
    """Systems side by side on one data set, the versions of all that takes part, and how significance was tested."""

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

    @property
    def main_metric(self) -> Column:
        """The metric that items are ranked by."""
        key = "rougeL" if self.task == "summaries" else "chrfpp"
        return next(metric for metric in self.metrics if metric.key == key)

    def system(self, name: str) -> SystemRecord:
        """Return the system with a name."""
        return next(system for system in self.systems if system.name == name)


def write_outputs(
    system: System, benchmark: Benchmark, items: Sequence[Sample], store: Path, advance: Callable[[int], None]
) -> tuple[dict[str, Any], list[Output], dict[str, float]]:
    """Get a system's settings, its output for each item, and its speed as `SystemRecord` has them.

    A model's outputs are kept in the store batch by batch, so that they are there after a kill.

    Raises:
        RingkasError: the system can't be used, in plain words.
    """
    settings = system.settings()
    if not system.is_model:
        outputs = system.start()(items)
        advance(len(items))
        return settings, outputs, {}
    with Store(store) as kept:
        keys = [digest_values([benchmark, settings, item.title, item.paragraphs]) for item in items]
        missing = [at for at, key in enumerate(keys) if kept.get(key) is None]
        advance(len(items) - len(missing))
        if missing:
            write = system.start()
        for first in range(0, len(missing), system.batch):
            batch = missing[first : first + system.batch]
            start = time.perf_counter()
            outputs = write([items[at] for at in batch])
            share = (time.perf_counter() - start) / len(batch)
            kept.put_all((keys[at], asdict(own) | {"seconds": share}) for at, own in zip(batch, outputs, strict=True))
            advance(len(batch))
        rows = [kept.get(key) for key in keys]
    seconds = sum(row.pop("seconds") for row in rows)
    speed = {
        "items_per_minute": 60 * len(rows) / seconds,
        "tokens_per_second": sum(row["tokens"] for row in rows) / seconds,
    }
    return settings, [_read_output(row) for row in rows], speed


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

    The others are tested against the first, or the one that is named.

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
    done = {}
    for system in sorted(systems, key=lambda system: system.is_model):
        with Progress(len(data.items), system.name) as bar:
            done[system.name] = write_outputs(system, benchmark, data.items, store, bar.advance)
    cases = {
        name: [Case(benchmark, item, output) for item, output in zip(data.items, outputs, strict=True)]
        for name, (_, outputs, _) in done.items()
    }
    scores: dict[str, dict[str, Score]] = {name: {} for name in names}
    values: dict[str, dict[str, list[float | None]]] = {name: {} for name in names}
    for metric in METRICS[benchmark]:
        counts = {name: metric.counts(own) for name, own in cases.items()}
        for name, own in counts.items():
            values[name][metric.key] = metric.values(own)
            if found := significance.score(metric, own, None if name == compare_with else counts[compare_with]):
                scores[name][metric.key] = found
    records: list[SystemRecord] = []
    for name in names:
        settings, outputs, speed = done[name]
        records.append(SystemRecord(name, settings, speed, outputs, scores[name], values[name]))
    return Run(
        task=benchmark,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        command=list(command),
        data={**vars(data), "items": len(data.items)},
        versions={
            "ringkas": __version__,
            "python": platform.python_version(),
            **{name: version_of(name) for name in _LIBRARIES},
        },
        machine=_machine(),
        compared_with=compare_with,
        tests=significance.DESCRIPTION,
        metrics=[metric.column(cases[compare_with]) for metric in METRICS[benchmark]],
        systems=records,
        items=list(data.items),
    )


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
        raise OutputError(f"cannot write {path}: {reason_of(error)}") from error
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
        for row in table["systems"]:
            row["outputs"] = [_read_output(output) for output in row["outputs"]]
            row["scores"] = {key: Score(**score) for key, score in row["scores"].items()}
        items = [
            Sample(row["id"], row["title"], tuple(row["paragraphs"]), tuple(row["references"]))
            for row in table["items"]
        ]
        systems = [SystemRecord(**row) for row in table["systems"]]
        return Run(
            **{**table, "systems": systems, "metrics": [Column(**row) for row in table["metrics"]], "items": items}
        )
    except OSError as error:
        raise InputError(f"cannot read {path}: {reason_of(error)}") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"{path} is not a run file of 'python -m eval'") from error


def _read_output(row: dict[str, Any]) -> Output:
    return Output(row["text"], row["tokens"], tuple(row["warnings"]), tuple(row["repairs"]))
