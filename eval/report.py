"""Runs as tables of plain text or Markdown, and as one HTML page that needs nothing but itself."""

from __future__ import annotations

import base64
import re
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Literal

from eval import plots
from eval.metrics import Column, Group, check
from eval.runs import Run, SystemRecord
from eval.significance import Score
from eval.systems import Oracle
from summarizer.text.normalise import one_line

Kind = Literal["", "held", "wrong"]
Marked = list[tuple[str, Kind]]
"""Pieces of a text that are plain, supported by the source or not; joined, they are the text."""

_SIGNIFICANT = 0.05
_HEADINGS: dict[Group, str] = {
    "quality": "Quality: score [95 % confidence interval]; * differs from {baseline}, p < 0.05",
    "support": "What the source supports, and case (%)",
    "form": "Length, novelty and faults (% but for words, compression and ratio)",
}


def format_run(run: Run, *, markdown: bool = False) -> str:
    """Return all tables of a run, with the signatures of what they show.

    Args:
        run: the run.
        markdown: as Markdown tables instead of plain text.
    """
    count, total = run.data["items"], run.data["total"]
    items = f"{count} items" if count == total else f"the first {count} of {total} items"
    parts = [f"{run.data['name']} ({run.data['form']}, sha256 {run.data['sha256'][:12]}): {items}, {run.task}"]
    for group, heading in _HEADINGS.items():
        chosen = [metric for metric in run.metrics if metric.group == group]
        rows = [[system.name, *(cell(system, metric) for metric in chosen)] for system in run.systems]
        heading = heading.format(baseline=run.compared_with)
        parts.append(f"{heading}\n{_table(['system', *(metric.label for metric in chosen)], rows, markdown)}")
        if group == "quality" and len(run.systems) > 1:
            parts.append(_differences(run, chosen, markdown))
    headings = ["system", "items/min", "tokens/s", "peak MB", "warm-up s", "outputs kept before"]
    rows = [[system.name, *speed_cells(system)] for system in run.systems]
    parts.append(f"Speed (without warm-up) and memory\n{_table(headings, rows, markdown)}")
    parts.append("Signatures\n" + "\n".join(f"  {metric.label}: {metric.signature}" for metric in run.metrics))
    parts.append(f"Intervals and tests: {run.tests}")
    return "\n\n".join(parts)


def cell(system: SystemRecord, metric: Column) -> str:
    """Return a system's score as it stands in a table; a dash where there is none."""
    score = system.scores.get(metric.key)
    if score is None:
        return "–"
    if metric.group != "quality":
        return metric.show(score.value)
    return f"{metric.show(score.value)} {interval(metric, score)}{'*' if is_significant(score) else ''}"


def interval(metric: Column, score: Score) -> str:
    """Return a score's confidence interval."""
    return f"[{metric.show(score.low)}, {metric.show(score.high)}]"


def is_significant(score: Score) -> bool:
    """Tell whether a score differs from that of the system it was compared with by more than chance."""
    return score.p is not None and score.p < _SIGNIFICANT


def difference(run: Run, system: SystemRecord, metric: Column) -> tuple[str, str] | None:
    """Return the signed difference from the system that is compared with, and its p-value; None if untested."""
    score = system.scores.get(metric.key)
    other = next(one for one in run.systems if one.name == run.compared_with).scores.get(metric.key)
    if score is None or other is None or score.p is None:
        return None
    shown = metric.show(score.value - other.value)
    # Not below what the number of trials can tell.
    p = "p < 0.001" if score.p < 0.001 else f"p = {score.p:.3f}"
    return (shown if shown.startswith("-") else f"+{shown}"), p


def speed_cells(system: SystemRecord) -> list[str]:
    """Return the cells of a system's speed: items per minute, tokens per second, peak memory, warm-up, kept outputs."""
    speed = system.speed
    if not speed:
        return ["–"] * 5
    per_minute, per_second, peak = speed["items_per_minute"], speed["tokens_per_second"], speed["peak_mb"]
    warm_up = speed["warm_up"]
    return [
        f"{per_minute:,.0f}" if per_minute and per_minute >= 100 else f"{per_minute:.1f}",
        "–" if per_second is None else f"{per_second:.1f}",
        "–" if peak is None else f"{peak:,.0f}",
        "–" if warm_up is None else f"{warm_up:.1f}",
        f"{speed['from_store']}",
    ]


def _differences(run: Run, metrics: Sequence[Column], markdown: bool) -> str:
    rows = []
    for system in run.systems:
        if system.name != run.compared_with:
            found = [difference(run, system, metric) for metric in metrics]
            rows.append([system.name, *(" ".join((one[0], f"({one[1]})")) if one else "–" for one in found)])
    table = _table(["system", *(metric.label for metric in metrics)], rows, markdown)
    return f"Difference from {run.compared_with}\n{table}"


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]], markdown: bool) -> str:
    from tabulate import tabulate

    alignment = ["left"] + ["right"] * (len(headings) - 1)
    form = "github" if markdown else "simple"
    return tabulate(rows, headers=list(headings), tablefmt=form, colalign=alignment, disable_numparse=True)


_GROUPS: dict[Group, tuple[str, str]] = {
    "quality": ("Quality", "[95 % confidence interval], then the difference from {0}; * p < 0.05"),
    "support": ("Supported by the source", "[95 % confidence interval]"),
    "form": ("Length, novelty and faults", "[95 % confidence interval]"),
}


@dataclass(frozen=True)
class ShownSample:
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
        "tables": [_group_table(run, group) for group in _GROUPS],
        "speed": [(system.name, speed_cells(system)) for system in run.systems if system.speed],
        "images": [(alt, _data_uri(svg)) for alt, svg in images],
        "examples": _examples(run, metric, examples),
    }


def _group_table(run: Run, group: Group) -> dict[str, Any]:
    heading, legend = _GROUPS[group]
    metrics = [metric for metric in run.metrics if metric.group == group]
    return {
        "heading": heading,
        "legend": legend.format(run.compared_with),
        "metrics": metrics,
        "rows": [(system.name, [_cell(run, system, metric) for metric in metrics]) for system in run.systems],
    }


def _cell(run: Run, system: SystemRecord, metric: Column) -> dict[str, Any]:
    score = system.scores.get(metric.key)
    if score is None:
        return {"value": "–", "interval": "", "difference": "", "significant": False, "best": False}
    found = difference(run, system, metric)
    # The oracle has seen the references: it is an upper bound.
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


def _examples(run: Run, metric: Column, count: int) -> list[ShownSample]:
    system = next(system for system in run.systems if system.name == run.compared_with)
    values = system.values[metric.key]
    ranked = sorted((value, at) for at, value in enumerate(values) if value is not None)
    count = min(count, len(ranked) // 2)
    worst = [(f"Worst {place} of {len(ranked)}", at) for place, (_, at) in enumerate(ranked[:count], 1)]
    best = [(f"Best {place} of {len(ranked)}", at) for place, (_, at) in enumerate(ranked[::-1][:count], 1)]
    return [_example(run, system, metric, heading, at) for heading, at in worst + best]


def _example(run: Run, system: SystemRecord, metric: Column, heading: str, at: int) -> ShownSample:
    item = run.items[at]
    paragraphs = [one_line(paragraph) for paragraph in item.paragraphs]
    references = [one_line(reference) for reference in item.references]

    source = ("\n" if run.task == "summaries" else " ").join(paragraphs)

    def marked(text: str) -> Marked:
        found = check(run.task, text, source)
        return mark(text, found.supported, found.unsupported)

    def shown(other: SystemRecord) -> str:
        value = other.values[metric.key][at]
        return "–" if value is None else metric.show(value)

    output = one_line(system.outputs[at])
    checked = check(run.task, output, source)
    others = [(other.name, one_line(other.outputs[at]), shown(other)) for other in run.systems if other is not system]
    return ShownSample(
        heading,
        item.id,
        one_line(item.title or ""),
        shown(system),
        [mark(paragraph, checked.supported) for paragraph in paragraphs],
        mark(output, checked.supported, checked.unsupported),
        [str(fault) for fault in checked.faults],
        references,
        system.warnings[at],
        system.repairs[at],
        [(name, marked(text), value) for name, text, value in others],
    )


def mark(text: str, held: Iterable[str], wrong: Iterable[str] = ()) -> Marked:
    """Mark the words of a text that its source, or what was made of it, holds, and those that its source doesn't."""
    kinds: dict[str, Kind] = {**dict.fromkeys(held, "held"), **dict.fromkeys(wrong, "wrong")}
    if not kinds:
        return [(text, "")]
    # A number stands for itself also where a letter touches it ("Rp7,5"), but not within a longer number.
    edges = [
        rf"(?<![\d.,]){re.escape(word)}(?!\d)" if word[0].isdigit() else rf"(?<!\w){re.escape(word)}(?!\w)"
        for word in sorted(kinds, key=len, reverse=True)
    ]
    pieces: Marked = []
    at = 0
    for match in re.finditer("|".join(edges), text):
        pieces += [(text[at : match.start()], ""), (match.group(), kinds[match.group()])]
        at = match.end()
    pieces.append((text[at:], ""))
    return [(piece, kind) for piece, kind in pieces if piece]


def _data_uri(svg: str) -> str:
    # An image of its own: the names inside it can't clash with those of the other plots.
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode("utf-8")).decode("ascii")
