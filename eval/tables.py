"""Runs as tables of plain text or Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from eval.record import Group, Metric, Run, Score, SystemRecord

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


def cell(system: SystemRecord, metric: Metric) -> str:
    """Return a system's score as it stands in a table; a dash where there is none."""
    score = system.scores.get(metric.key)
    if score is None:
        return "–"
    if metric.group != "quality":
        return metric.show(score.value)
    return f"{metric.show(score.value)} {interval(metric, score)}{'*' if is_significant(score) else ''}"


def interval(metric: Metric, score: Score) -> str:
    """Return a score's confidence interval."""
    return f"[{metric.show(score.low)}, {metric.show(score.high)}]"


def is_significant(score: Score) -> bool:
    """Tell whether a score differs from that of the system it was compared with by more than chance."""
    return score.p is not None and score.p < _SIGNIFICANT


def difference(run: Run, system: SystemRecord, metric: Metric) -> tuple[str, str] | None:
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
    """Return the cells of a system's speed: items a minute, tokens a second, peak memory, warm-up, kept outputs."""
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


def _differences(run: Run, metrics: Sequence[Metric], markdown: bool) -> str:
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
