"""From a data set and systems to a run."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eval import significance
from eval.data import DataSet, Task
from eval.record import ItemRecord, Metric, Run, Score, SystemRecord
from eval.running import Advance, SystemRun, run_apart
from eval.scoring import summary_metrics, summary_values, translation_metrics, translation_values
from eval.systems import Outputs, System, version_of
from summarizer import InputError, __version__

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


def evaluate(
    task: Task,
    data: DataSet,
    systems: Sequence[System],
    *,
    store: Path,
    compare_with: str | None = None,
    command: Sequence[str] = (),
    progress: Callable[[str], Advance] = lambda name: lambda count: None,
) -> Run:
    """Run systems over a data set and score what they write.

    Args:
        task: what they are to write.
        data: the items.
        systems: at least one, each with a name of its own.
        store: the file that outputs of models are kept in.
        compare_with: name of the system that the others are tested against; None for the first.
        command: the command line, for the record.
        progress: called with a system's name, returns what is called with the number of items it has finished.

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
    # What is wrong with a file of outputs shows before a model has worked for hours.
    done = {
        system.name: run_apart(system, task, data.items, store, progress(system.name))
        for system in sorted(systems, key=lambda system: not isinstance(system, Outputs))
    }
    runs = {name: done[name] for name in names}
    metrics, scores, values = _score(task, data, runs, compare_with)
    return Run(
        task=task,
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
        items=[ItemRecord(item.id, item.title, list(item.paragraphs), list(item.references)) for item in data.items],
    )


def _score(
    task: Task, data: DataSet, runs: dict[str, SystemRun], compare_with: str
) -> tuple[list[Metric], dict[str, dict[str, Score]], dict[str, dict[str, list[float | None]]]]:
    items = data.items
    score = summary_values if task == "summaries" else translation_values
    columns = {name: score(items, run.outputs) for name, run in runs.items()}
    scores: dict[str, dict[str, Score]] = {}
    metrics = summary_metrics(items) if task == "summaries" else translation_metrics(items)
    tested = {metric.key for metric in metrics if metric.group == "quality"}
    for name, values in columns.items():
        scores[name] = {}
        for key, column in values.items():
            other = columns[compare_with][key] if name != compare_with and key in tested else None
            if found := significance.score(column, other):
                scores[name][key] = found
    if task == "translations":
        # The system that the others are compared with goes first.
        order = [compare_with, *(name for name in runs if name != compare_with)]
        texts = {name: [output.text for output in runs[name].outputs] for name in order}
        corpus, found_scores = significance.corpus_scores(texts, [item.references for item in items])
        metrics = [*corpus, *metrics]
        for name, more in found_scores.items():
            scores[name] = {**more, **scores[name]}
    return (
        metrics,
        scores,
        {name: {key: one.items() for key, one in values.items()} for name, values in columns.items()},
    )


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
