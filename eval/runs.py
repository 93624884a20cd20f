"""A run: systems side by side on a data set, scored, and kept with everything needed to show and to repeat it.

What models write is kept in a store item by item, so that a run that was killed resumes where it stopped.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from collections.abc import Callable, Mapping, Sequence
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

# Libraries whose version may change a figure.
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
# Where Linux says what processor there is.
_PROCESSOR_FILE = Path("/proc/cpuinfo")
# What `Metric.key` of each benchmark items are ranked by on the page.
_MAIN_METRICS: dict[Benchmark, str] = {"summaries": "rougeL", "translations": "chrfpp"}


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
        """The metric that items are ranked by.

        Raises:
            KeyError: the run doesn't have it.
        """
        key = _MAIN_METRICS[self.task]
        for metric in self.metrics:
            if metric.key == key:
                return metric
        raise KeyError(key)

    def system(self, name: str) -> SystemRecord:
        """Return the system with a name.

        Raises:
            KeyError: there is none.
        """
        for system in self.systems:
            if system.name == name:
                return system
        raise KeyError(name)


@dataclass(frozen=True)
class SystemOutputs:
    """What a system wrote.

    Attributes:
        settings: all that its outputs depend on.
        outputs: in the order of the items.
        speed: as `SystemRecord` has it; empty for what is no model.
    """

    settings: dict[str, Any]
    outputs: list[Output]
    speed: dict[str, float]


def write_outputs(
    system: System, benchmark: Benchmark, items: Sequence[Sample], store: Path, advance: Callable[[int], None]
) -> SystemOutputs:
    """Let a system write an output for each item.

    A model's outputs are kept in the store batch by batch, so that they are there after a kill.

    Args:
        system: that writes.
        benchmark: what is to be written.
        items: the source texts.
        store: file of the store.
        advance: is told how many more outputs are there.

    Raises:
        RingkasError: the system can't be used, in plain words.
    """
    settings = system.settings()
    if not system.is_model:
        outputs = system.start()(items)
        advance(len(items))
        return SystemOutputs(settings, outputs, speed={})
    keys: list[str] = []
    for item in items:
        keys.append(digest_values([benchmark, settings, item.title, item.paragraphs]))
    with Store(store) as kept:
        missing: list[tuple[str, Sample]] = []
        for key, item in zip(keys, items, strict=True):
            if kept.get(key) is None:
                missing.append((key, item))
        advance(len(items) - len(missing))
        if missing:
            _write_missing(system, missing, kept, advance)
        rows = [kept.get(key) for key in keys]
    return SystemOutputs(settings, list(map(_read_output, rows)), _measure_speed(rows))


def _write_missing(
    system: System, missing: Sequence[tuple[str, Sample]], kept: Store, advance: Callable[[int], None]
) -> None:
    """Let a model write what the store lacks, batch by batch.

    Args:
        system: the model.
        missing: the source texts, each with the key of its output.
        kept: the store. It gets each output, with the seconds that it took: its share of the time of its batch.
        advance: is told how many more outputs are there.
    """
    write = system.start()
    for first in range(0, len(missing), system.batch):
        batch = missing[first : first + system.batch]
        start = time.perf_counter()
        outputs = write([item for _, item in batch])
        seconds = (time.perf_counter() - start) / len(batch)
        rows: list[tuple[str, dict[str, Any]]] = []
        for (key, _), output in zip(batch, outputs, strict=True):
            rows.append((key, asdict(output) | {"seconds": seconds}))
        kept.put_all(rows)
        advance(len(batch))


def _measure_speed(rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Return a model's speed, from the time that each of the outputs took when it was written."""
    seconds = 0.0
    tokens = 0
    for row in rows:
        seconds += row["seconds"]
        tokens += row["tokens"]
    return {"items_per_minute": 60 * len(rows) / seconds, "tokens_per_second": tokens / seconds}


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
        benchmark: what is to be written.
        data: the items.
        systems: that write.
        store: file that keeps what models write.
        compare_with: name of the system that the others are tested against; None for the first.
        command: how the run was started, for its file.

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
    written: dict[str, SystemOutputs] = {}
    for system in sorted(systems, key=lambda system: system.is_model):
        with Progress(len(data.items), system.name) as bar:
            written[system.name] = write_outputs(system, benchmark, data.items, store, bar.advance)
    cases: dict[str, list[Case]] = {}
    scores: dict[str, dict[str, Score]] = {}
    values: dict[str, dict[str, list[float | None]]] = {}
    for name in names:
        cases[name] = [Case(benchmark, *pair) for pair in zip(data.items, written[name].outputs, strict=True)]
        scores[name] = {}
        values[name] = {}
    for metric in METRICS[benchmark]:
        of_baseline = metric.counts(cases[compare_with])
        for name in names:
            is_baseline = name == compare_with
            counts = of_baseline if is_baseline else metric.counts(cases[name])
            values[name][metric.key] = metric.values(counts)
            score = significance.score(metric, counts, None if is_baseline else of_baseline)
            if score:
                scores[name][metric.key] = score
    records: list[SystemRecord] = []
    for name in names:
        of_system = written[name]
        records.append(
            SystemRecord(
                name=name,
                settings=of_system.settings,
                speed=of_system.speed,
                outputs=of_system.outputs,
                scores=scores[name],
                values=values[name],
            )
        )
    return Run(
        task=benchmark,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        command=list(command),
        data={**vars(data), "items": len(data.items)},
        versions=_versions(),
        machine=_machine(),
        compared_with=compare_with,
        tests=significance.DESCRIPTION,
        metrics=[metric.column(cases[compare_with]) for metric in METRICS[benchmark]],
        systems=records,
        items=list(data.items),
    )


def _versions() -> dict[str, str]:
    """Return the versions of Ringkas, Python and the libraries that take part."""
    versions = {"ringkas": __version__, "python": platform.python_version()}
    for library in _LIBRARIES:
        versions[library] = version_of(library)
    return versions


def _machine() -> dict[str, Any]:
    """Return what is to be known of the machine, for its part in a model's speed."""
    return {"system": sys.platform, "processor": _name_processor(), "cores": os.cpu_count()}


def _name_processor() -> str:
    if _PROCESSOR_FILE.exists():
        for line in _PROCESSOR_FILE.read_text(encoding="utf-8", errors="replace").split("\n"):
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


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
        table["systems"] = list(map(_read_system, table["systems"]))
        table["metrics"] = [Column(**row) for row in table["metrics"]]
        table["items"] = list(map(_read_item, table["items"]))
        return Run(**table)
    except OSError as error:
        raise InputError(f"cannot read {path}: {reason_of(error)}") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"{path} is not a run file of 'python -m eval'") from error


def _read_system(row: dict[str, Any]) -> SystemRecord:
    scores: dict[str, Score] = {}
    for key, score in row["scores"].items():
        scores[key] = Score(**score)
    outputs = list(map(_read_output, row["outputs"]))
    return SystemRecord(**{**row, "outputs": outputs, "scores": scores})


def _read_item(row: dict[str, Any]) -> Sample:
    return Sample(row["id"], row["title"], tuple(row["paragraphs"]), tuple(row["references"]))


def _read_output(row: dict[str, Any]) -> Output:
    return Output(row["text"], row["tokens"], tuple(row["warnings"]), tuple(row["repairs"]))
