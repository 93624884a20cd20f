"""Runs as tables of plain text or Markdown, and as one HTML page that needs nothing but itself."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from importlib.resources import files
from typing import Any, Literal

from markupsafe import Markup

from eval.metrics import Case, Column, Group
from eval.runs import Run, SystemRecord

Form = Literal["simple", "github", "html"]
"""How tabulate writes a table: plain text, Markdown, or HTML in which everything is text."""
Table = tuple[str, str]
"""Heading and content."""

_SIGNIFICANT = 0.05
# How many of the worst and of the best outputs the page shows.
_EXAMPLES = 3
_HEADINGS: dict[Group, str] = {
    "quality": "Quality: score [95 % confidence interval]; * differs from {baseline}, p < 0.05",
    "support": "What the source supports (%)",
    "form": "Length, novelty and faults (% but for words and ratio)",
}


def format_run(run: Run, *, markdown: bool = False) -> str:
    """Return all tables of a run, with the signatures of what they show."""
    count, total = run.data["items"], run.data["total"]
    items = f"{count} items" if count == total else f"the first {count} of {total} items"
    return "\n\n".join(
        [
            f"{run.data['name']} ({run.data['form']}, sha256 {run.data['sha256'][:12]}): {items}, {run.task}",
            *(f"{heading}\n{table}" for heading, table in _tables(run, "github" if markdown else "simple")),
            "Signatures\n" + "\n".join(f"  {metric.label}: {metric.signature}" for metric in run.metrics),
            f"Intervals and tests: {run.tests}",
        ]
    )


def _tables(run: Run, form: Form) -> list[Table]:
    tables = []
    for group, heading in _HEADINGS.items():
        metrics = [metric for metric in run.metrics if metric.group == group]
        headings = [metric.label for metric in metrics]
        rows = [[system.name, *(_cell(metric, system) for metric in metrics)] for system in run.systems]
        tables.append((heading.format(baseline=run.compared_with), _table(headings, rows, form)))
        others = [system for system in run.systems if system.name != run.compared_with]
        if group == "quality" and others:
            rows = [[system.name, *(_difference(run, metric, system) for metric in metrics)] for system in others]
            tables.append((f"Difference from {run.compared_with}", _table(headings, rows, form)))
    if models := [system for system in run.systems if system.speed]:
        rows = [[system.name, *(f"{value:.1f}" for value in system.speed.values())] for system in models]
        tables.append(("Speed, without loading", _table(["items/min", "tokens/s"], rows, form)))
    return tables


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]], form: Form) -> str:
    from tabulate import tabulate

    alignment = ["left"] + ["right"] * len(headings)
    return tabulate(rows, headers=["system", *headings], tablefmt=form, colalign=alignment, disable_numparse=True)


def _cell(metric: Column, system: SystemRecord) -> str:
    """Return a system's score as it stands in a table; a dash where there is none."""
    score = system.scores.get(metric.key)
    if score is None or metric.group != "quality":
        return "–" if score is None else metric.show(score.value)
    mark = "*" if score.p is not None and score.p < _SIGNIFICANT else ""
    return f"{metric.show(score.value)} [{metric.show(score.low)}, {metric.show(score.high)}]{mark}"


def _difference(run: Run, metric: Column, system: SystemRecord) -> str:
    """Return the signed difference from the system that is compared with, and its p-value; a dash if untested."""
    score = system.scores.get(metric.key)
    baseline = run.system(run.compared_with).scores.get(metric.key)
    if score is None or baseline is None or score.p is None:
        return "–"
    shown = metric.show(score.value - baseline.value)
    if not shown.startswith("-"):
        shown = f"+{shown}"
    # Not below what the number of trials can tell.
    p = "p < 0.001" if score.p < 0.001 else f"p = {score.p:.3f}"
    return f"{shown} ({p})"


def render(runs: Sequence[Run]) -> str:
    """Return the page; everything that comes from data or models is shown as text, whatever it holds."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(files(__package__).joinpath("report.html.jinja").read_text(encoding="utf-8"))
    return template.render(sections=[_section(run) for run in runs])


def _section(run: Run) -> dict[str, Any]:
    return {
        "run": run,
        "command": shlex.join(run.command),
        # tabulate has escaped what is in the cells.
        "tables": [(heading, Markup(table)) for heading, table in _tables(run, "html")],  # noqa: S704
        "examples": _examples(run),
    }


def _examples(run: Run) -> list[dict[str, Any]]:
    """Return the worst and the best outputs of the system that the others are compared with."""
    values = run.system(run.compared_with).values[run.main_metric.key]
    with_score = [(value, at) for at, value in enumerate(values) if value is not None]
    ranked = [at for _, at in sorted(with_score)]
    count = min(_EXAMPLES, len(ranked) // 2)
    chosen = [("Worst", place, at) for place, at in enumerate(ranked[:count], 1)]
    chosen += [("Best", place, at) for place, at in enumerate(ranked[::-1][:count], 1)]
    return [{"heading": f"{kind} {place} of {len(ranked)}", **_example(run, at)} for kind, place, at in chosen]


def _example(run: Run, at: int) -> dict[str, Any]:
    system = run.system(run.compared_with)
    item = run.items[at]
    case = Case(run.task, item, system.outputs[at])

    remarks = [f"Check: {fault}" for fault in case.faults]
    remarks += [f"Repaired: {how}" for how in case.output.repairs]
    remarks += [f"Warning: {warning}" for warning in case.output.warnings]

    def shown(other: SystemRecord) -> str:
        value = other.values[run.main_metric.key][at]
        return "–" if value is None else run.main_metric.show(value)

    return {
        "id": item.id,
        "title": item.title or "",
        "score": shown(system),
        "source": item.paragraphs,
        "output": case.text,
        "faults": remarks,
        "references": item.references,
        "others": [(other.name, other.outputs[at].text, shown(other)) for other in run.systems if other is not system],
    }
