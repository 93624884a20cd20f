"""Runs as one HTML page that needs nothing but itself: no network, no script."""

from __future__ import annotations

import base64
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from eval import plots
from eval.record import Group, Metric, Run, SystemRecord
from eval.support import Kind, Support, mark, mark_used, summary_support, translation_support
from eval.systems import Oracle
from eval.tables import difference, interval, is_significant, speed_cells
from summarizer.text.normalise import one_line

Marked = list[tuple[str, Kind]]

_GROUPS: dict[Group, tuple[str, str]] = {
    "quality": ("Quality", "[95 % confidence interval], then the difference from {0}; * p < 0.05"),
    "support": ("Supported by the source", "[95 % confidence interval]"),
    "form": ("Length, novelty and faults", "[95 % confidence interval]"),
}


@dataclass(frozen=True)
class Example:
    """An item with what the compared system made of it.

    Attributes:
        heading: where it stands among all items.
        id: the item's.
        title: the headline, or nothing.
        score: of the item, as tables print it.
        source: paragraphs, with the numbers and names marked that the output has from them.
        output: with its numbers and names marked, supported or not.
        faults: that the package's checks found in it, in plain words.
        references: plain.
        warnings: that came with the output.
        repairs: how the package repaired it.
        others: name, output and score of the other systems.
    """

    heading: str
    id: str
    title: str
    score: str
    source: list[Marked]
    output: Marked
    faults: list[str]
    references: list[str]
    warnings: list[str]
    repairs: list[str]
    others: list[tuple[str, Marked, str]]


def render(runs: Sequence[Run], *, examples: int = 3) -> str:
    """Return the page.

    Everything that comes from data or models is shown as text, whatever it holds.

    Args:
        runs: in the order of the page.
        examples: how many of the worst and how many of the best outputs are shown.
    """
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(files(__package__).joinpath("report.html.jinja").read_text(encoding="utf-8"))
    return template.render(sections=[_section(run, examples) for run in runs])


def _section(run: Run, examples: int) -> dict[str, Any]:
    metric = plots.main_metric(run)
    headline = run.metric("rougeL" if run.task == "summaries" else "chrfpp")
    images = [
        (f"{headline.label} of each system", plots.plot_scores(run, headline)),
        (f"How {metric.label} is spread over the items", plots.plot_distribution(run, metric)),
        (f"{metric.label} against the length of the source", plots.plot_length(run, metric)),
    ]
    return {
        "run": run,
        "command": shlex.join(run.command),
        "name": one_line(run.data["name"]),
        "metric": metric,
        "tables": [_table(run, group) for group in _GROUPS],
        "speed": [(system.name, speed_cells(system)) for system in run.systems if system.speed],
        "images": [(alt, _data_uri(svg)) for alt, svg in images],
        "examples": _examples(run, metric, examples),
    }


def _table(run: Run, group: Group) -> dict[str, Any]:
    heading, legend = _GROUPS[group]
    metrics = [metric for metric in run.metrics if metric.group == group]
    return {
        "heading": heading,
        "legend": legend.format(run.compared_with),
        "metrics": metrics,
        "rows": [(system.name, [_cell(run, system, metric) for metric in metrics]) for system in run.systems],
    }


def _cell(run: Run, system: SystemRecord, metric: Metric) -> dict[str, Any]:
    score = system.scores.get(metric.key)
    if score is None:
        return {"value": "–", "interval": "", "difference": "", "significant": False, "best": False}
    found = difference(run, system, metric)
    # The oracle has seen the references: it is there to be fallen short of.
    rivals = [other for other in run.systems if other.name != Oracle.name and metric.key in other.scores]
    values = [other.scores[metric.key].value for other in rivals]
    best = None
    if values and metric.better != "neither":
        best = max(values) if metric.better == "higher" else min(values)
    differ = len({metric.show(value) for value in values}) > 1
    return {
        "value": metric.show(score.value),
        "interval": interval(metric, score),
        "difference": " ".join(found) if found else "",
        "significant": is_significant(score),
        "best": system in rivals and best is not None and differ and metric.show(score.value) == metric.show(best),
    }


def _examples(run: Run, metric: Metric, count: int) -> list[Example]:
    system = next(system for system in run.systems if system.name == run.compared_with)
    values = system.values[metric.key]
    ranked = sorted((value, at) for at, value in enumerate(values) if value is not None)
    count = min(count, len(ranked) // 2)
    worst = [(f"Worst {place} of {len(ranked)}", at) for place, (_, at) in enumerate(ranked[:count], 1)]
    best = [(f"Best {place} of {len(ranked)}", at) for place, (_, at) in enumerate(ranked[::-1][:count], 1)]
    return [_example(run, system, metric, heading, at) for heading, at in worst + best]


def _example(run: Run, system: SystemRecord, metric: Metric, heading: str, at: int) -> Example:
    item = run.items[at]
    paragraphs = [one_line(paragraph) for paragraph in item.paragraphs]
    references = [one_line(reference) for reference in item.references]

    def check(text: str) -> Support:
        if run.task == "summaries":
            return summary_support(text, "\n".join(paragraphs))
        return translation_support(text, " ".join(paragraphs))

    def shown(other: SystemRecord) -> str:
        value = other.values[metric.key][at]
        return "–" if value is None else metric.show(value)

    output = one_line(system.outputs[at])
    support = check(output)
    others = [(other.name, one_line(other.outputs[at]), shown(other)) for other in run.systems if other is not system]
    return Example(
        heading,
        item.id,
        one_line(item.title or ""),
        shown(system),
        [mark_used(paragraph, support) for paragraph in paragraphs],
        mark(output, support),
        [str(fault) for fault in support.faults],
        references,
        system.warnings[at],
        system.repairs[at],
        [(name, mark(text, check(text)), value) for name, text, value in others],
    )


def _data_uri(svg: str) -> str:
    # An image of its own: the names inside it can't clash with those of the other plots.
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode("utf-8")).decode("ascii")
