"""Runs as tables of plain text or Markdown, and as one HTML page that needs nothing but itself."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from importlib.resources import files
from typing import Any, Literal

from markupsafe import Markup

from eval.metrics import Case, Column, Group
from eval.runs import Run, SystemRecord

Form = Literal["simple", "github", "html"]
"""How tabulate writes a table: plain text, Markdown, or HTML in which everything is text."""
Table = tuple[str, str]
"""Heading and content."""

# What a cell without a value shows.
_NOTHING = "–"
# The usual level of significance; the heading of the scores names it.
_SIGNIFICANT = 0.05
# The least p that the page tells: near what the number of trials can tell (`eval.significance.TRIALS`).
_SMALLEST_P = 0.001
# How many of the worst and of the best outputs the page shows.
_EXAMPLES = 3
_HEADINGS: dict[Group, str] = {
    "quality": "Quality: score [95 % confidence interval]; * differs from {baseline}, p < 0.05",
    "support": "What the source supports (%)",
    "form": "Length, novelty and faults (% but for words and ratio)",
}


def format_run(run: Run, *, markdown: bool = False) -> str:
    """Return all tables of a run, with the signatures of what they show."""
    count = run.data["items"]
    total = run.data["total"]
    items = f"{count} items" if count == total else f"the first {count} of {total} items"
    parts = [f"{run.data['name']} ({run.data['form']}, sha256 {run.data['sha256'][:12]}): {items}, {run.task}"]
    for heading, table in _tables(run, "github" if markdown else "simple"):
        parts.append(f"{heading}\n{table}")
    signatures = ["Signatures"]
    for metric in run.metrics:
        signatures.append(f"  {metric.label}: {metric.signature}")
    parts.append("\n".join(signatures))
    parts.append(f"Intervals and tests: {run.tests}")
    return "\n\n".join(parts)


def _tables(run: Run, form: Form) -> list[Table]:
    """Return the tables of a run, each with its heading; of quality, also the differences from the baseline."""
    tables: list[Table] = []
    others = [system for system in run.systems if system.name != run.compared_with]
    for group, heading in _HEADINGS.items():
        metrics = [metric for metric in run.metrics if metric.group == group]
        table = _table_of_metrics(run.systems, metrics, _cell, form)
        tables.append((heading.format(baseline=run.compared_with), table))
        if group == "quality" and others:
            table = _table_of_metrics(others, metrics, partial(_difference, run), form)
            tables.append((f"Difference from {run.compared_with}", table))
    rows: list[list[str]] = []
    for system in run.systems:
        if system.speed:
            rows.append([system.name, *map("{:.1f}".format, system.speed.values())])
    if rows:
        tables.append(("Speed, without loading", _table(["items/min", "tokens/s"], rows, form)))
    return tables


def _table_of_metrics(
    systems: Iterable[SystemRecord],
    metrics: Sequence[Column],
    show: Callable[[Column, SystemRecord], str],
    form: Form,
) -> str:
    """Lay out a row for each system with a cell for each metric."""
    rows: list[list[str]] = []
    for system in systems:
        row = [system.name]
        for metric in metrics:
            row.append(show(metric, system))
        rows.append(row)
    return _table([metric.label for metric in metrics], rows, form)


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]], form: Form) -> str:
    from tabulate import tabulate

    alignment = ["left"] + ["right"] * len(headings)
    return tabulate(rows, headers=["system", *headings], tablefmt=form, colalign=alignment, disable_numparse=True)


def _cell(metric: Column, system: SystemRecord) -> str:
    """Return a system's score as it stands in a table; a dash where there is none."""
    score = system.scores.get(metric.key)
    if score is None:
        return _NOTHING
    if metric.group != "quality":
        return metric.show(score.value)
    mark = "*" if score.p is not None and score.p < _SIGNIFICANT else ""
    return f"{metric.show(score.value)} [{metric.show(score.low)}, {metric.show(score.high)}]{mark}"


def _difference(run: Run, metric: Column, system: SystemRecord) -> str:
    """Return the signed difference from the system that is compared with, and its p-value; a dash if untested."""
    score = system.scores.get(metric.key)
    baseline = run.system(run.compared_with).scores.get(metric.key)
    if score is None or baseline is None or score.p is None:
        return _NOTHING
    shown = metric.show(score.value - baseline.value)
    if not shown.startswith("-"):
        shown = f"+{shown}"
    p = f"p < {_SMALLEST_P}" if score.p < _SMALLEST_P else f"p = {score.p:.3f}"
    return f"{shown} ({p})"


def render(runs: Sequence[Run]) -> str:
    """Return the page; everything that comes from data or models is shown as text, whatever it holds."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(files(__package__).joinpath("report.html.jinja").read_text(encoding="utf-8"))
    return template.render(sections=list(map(_section, runs)))


def _section(run: Run) -> dict[str, Any]:
    """Return what the template shows of a run."""
    tables: list[tuple[str, Markup]] = []
    for heading, table in _tables(run, "html"):
        # tabulate has escaped what is in the cells.
        tables.append((heading, Markup(table)))  # noqa: S704
    return {"run": run, "command": shlex.join(run.command), "tables": tables, "examples": _examples(run)}


def _examples(run: Run) -> list[dict[str, Any]]:
    """Return the worst and the best outputs of the system that the others are compared with."""
    values = run.system(run.compared_with).values[run.main_metric.key]
    scored: list[tuple[float, int]] = []
    for place, value in enumerate(values):
        if value is not None:
            scored.append((value, place))
    # From the worst to the best; of two as good, the first.
    ranked = [place for _, place in sorted(scored)]
    # No output is shown as both.
    count = min(_EXAMPLES, len(ranked) // 2)
    examples: list[dict[str, Any]] = []
    for rank, place in enumerate(ranked[:count], 1):
        examples.append({"heading": f"Worst {rank} of {len(ranked)}", **_example(run, place)})
    for rank, place in enumerate(ranked[::-1][:count], 1):
        examples.append({"heading": f"Best {rank} of {len(ranked)}", **_example(run, place)})
    return examples


def _example(run: Run, place: int) -> dict[str, Any]:
    """Return what the template shows of an item."""
    system = run.system(run.compared_with)
    item = run.items[place]
    case = Case(run.task, item, system.outputs[place])
    remarks: list[str] = []
    for fault in case.faults:
        remarks.append(f"Check: {fault}")
    for repair in case.output.repairs:
        remarks.append(f"Repaired: {repair}")
    for warning in case.output.warnings:
        remarks.append(f"Warning: {warning}")
    others: list[tuple[str, str, str]] = []
    for other in run.systems:
        if other is not system:
            others.append((other.name, other.outputs[place].text, _show_value(run, other, place)))
    return {
        "id": item.id,
        "title": item.title or "",
        "score": _show_value(run, system, place),
        "source": item.paragraphs,
        "output": case.text,
        "faults": remarks,
        "references": item.references,
        "others": others,
    }


def _show_value(run: Run, system: SystemRecord, place: int) -> str:
    """Return a system's score of an item as the page shows it."""
    value = system.values[run.main_metric.key][place]
    return _NOTHING if value is None else run.main_metric.show(value)
