"""A run as it is kept: everything that tables and reports show, and everything needed to repeat it."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from summarizer import InputError

FORMAT = 1
"""Number of the form of run files; a change that older readers can't read raises it."""

Better = Literal["higher", "lower", "neither"]
Group = Literal["quality", "support", "form"]


@dataclass(frozen=True)
class Metric:
    """What a column of a table is.

    Attributes:
        key: names it in run files.
        label: heads the column.
        about: one line for people.
        group: the table that it stands in.
        better: which values are better.
        digits: behind the decimal point.
        percent: whether values are printed times 100.
        signature: what it was computed with.
        corpus: whether the score of all items is more than the mean of theirs, as BLEU's is.
    """

    key: str
    label: str
    about: str
    group: Group
    better: Better
    digits: int = 1
    percent: bool = True
    signature: str = ""
    corpus: bool = False

    def show(self, value: float) -> str:
        """Return a value as tables print it."""
        return f"{value * (100 if self.percent else 1):.{self.digits}f}"


@dataclass(frozen=True)
class Score:
    """A metric's value for a system.

    Attributes:
        value: over all items that have one.
        low: lower end of its 95 % confidence interval.
        high: upper end.
        items: number of items that have one.
        p: of the difference from the system that is compared with; None for that system itself and where no test
            was made.
    """

    value: float
    low: float
    high: float
    items: int
    p: float | None = None


@dataclass(frozen=True)
class SystemRecord:
    """A system's part of a run.

    Attributes:
        name: what tables call it.
        settings: all that its outputs depend on.
        speed: the fields of `running.Speed`.
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
class ItemRecord:
    """An item's part of a run; see `data.Item`."""

    id: str
    title: str | None
    paragraphs: list[str]
    references: list[str]


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

    task: str
    created: str
    command: list[str]
    data: dict[str, Any]
    versions: dict[str, str]
    machine: dict[str, Any]
    compared_with: str
    tests: str
    metrics: list[Metric]
    systems: list[SystemRecord]
    items: list[ItemRecord]
    format: int = field(default=FORMAT)

    def metric(self, key: str) -> Metric:
        """Return the metric with a key."""
        return next(metric for metric in self.metrics if metric.key == key)


def write_run(run: Run, path: Path) -> None:
    """Write a run file, whole or not at all.

    Raises:
        InputError: it can't be written.
    """
    write_file(path, json.dumps(asdict(run), ensure_ascii=False, indent=1) + "\n")


def write_file(path: Path, text: str) -> None:
    """Write a file, whole or not at all; the folder is made if need be.

    Raises:
        InputError: it can't be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, scratch = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with open(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
            mask = os.umask(0)
            os.umask(mask)
            Path(scratch).chmod(0o666 & ~mask)
            Path(scratch).replace(path)
        except BaseException:
            Path(scratch).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror or error}") from error


def read_run(path: Path) -> Run:
    """Read a run file.

    Raises:
        InputError: it can't be read, or is no run file.
    """
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        if table["format"] != FORMAT:
            raise InputError(f"{path} is of another version of this program: run the evaluation again")
        systems = [
            SystemRecord(**{**row, "scores": {key: Score(**score) for key, score in row["scores"].items()}})
            for row in table["systems"]
        ]
        metrics = [Metric(**row) for row in table["metrics"]]
        items = [ItemRecord(**row) for row in table["items"]]
        return Run(**{**table, "systems": systems, "metrics": metrics, "items": items})
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"{path} is no run file of 'python -m eval'") from error
