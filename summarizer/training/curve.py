"""The curve of a campaign, from the logs of its runs: a table, and a plot (matplotlib, SVG)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import mean
from typing import Any

from summarizer.errors import InputError


@dataclass(frozen=True)
class Point:
    """A place in a campaign.

    Attributes:
        tokens: trained on so far, in all runs, those before the first one too.
        hours: of training in these runs.
        speed: tokens a second since the point before.
        loss: mean of the steps since the point before, in nats a token; None before the first step.
        dev: loss of each dev set, in nats a token of the answer; empty where it wasn't measured.
    """

    tokens: int
    hours: float
    speed: float
    loss: float | None
    dev: dict[str, float] = field(default_factory=dict)


def points(runs: Sequence[Path]) -> list[Point]:
    """Return the points at which dev losses were measured, and the end.

    Args:
        runs: folders of runs that went on from each other, in order.

    Raises:
        InputError: a log is missing or damaged.
    """
    found: list[Point] = []
    seconds = since = 0.0
    losses: list[float] = []
    tokens = first = 0
    for row, before in _rows(runs):
        dev = {name.removeprefix("dev "): value for name, value in row.items() if name.startswith("dev ")}
        if not dev:
            spent = (row["tokens"] - before) / row["speed"]
            seconds, since = seconds + spent, since + spent
            first = first or row["total"] - row["tokens"] + before
            tokens = row["total"]
            losses.append(row["loss"])
            continue
        tokens = row.get("total", tokens)
        found.append(_point(found, tokens, first, seconds, since, losses, dev))
        losses, since = [], 0.0
    if losses:
        found.append(_point(found, tokens, first, seconds, since, losses, {}))
    return found


def _point(
    found: Sequence[Point],
    tokens: int,
    first: int,
    seconds: float,
    since: float,
    losses: Sequence[float],
    dev: dict[str, float],
) -> Point:
    before = found[-1].tokens if found else first
    speed = (tokens - before) / since if since else 0.0
    return Point(tokens, seconds / 3600, speed, mean(losses) if losses else None, dev)


def _rows(runs: Sequence[Path]) -> list[tuple[dict[str, Any], int]]:
    """Return the lines of all logs, each with the tokens of its run at the line before."""
    found: list[tuple[dict[str, Any], int]] = []
    for run in runs:
        path = run / "log.jsonl"
        try:
            rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
            # After a restart, steps since the last checkpoint are done anew: of a step, the last line counts.
            last = {(row["step"], "loss" in row): row for row in rows}
            kept = sorted(last.values(), key=lambda row: (row["step"], "loss" not in row))
            found += [(row, before["tokens"]) for before, row in pairwise([{"tokens": 0}, *kept])]
        except (OSError, ValueError, KeyError) as error:
            raise InputError(f"cannot read the log {path}: {error}") from error
    return found


def table(found: Sequence[Point], names: Sequence[str]) -> str:
    """Return points as a table in Markdown, with the losses of some dev sets."""
    head = ["tokens", "hours", "tokens/s", "training loss", *names]
    lines = [f"| {' | '.join(head)} |", "|" + "---:|" * len(head)]
    for point in found:
        dev = [f"{point.dev[name]:.3f}" if name in point.dev else "" for name in names]
        loss = "" if point.loss is None else f"{point.loss:.3f}"
        speed = f"{point.speed:.0f}" if point.speed else ""
        lines.append(f"| {' | '.join([f'{point.tokens:,}', f'{point.hours:.1f}', speed, loss, *dev])} |")
    return "\n".join(lines) + "\n"


def plot(found: Sequence[Point], names: Sequence[str], path: Path) -> None:
    """Draw the losses over the tokens."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "ringkas"
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 4.5), layout="constrained")
    trained = [(point.tokens / 1e6, point.loss) for point in found if point.loss is not None]
    axes.plot(*zip(*trained, strict=True), color="0.6", label="training, weighted") if trained else None
    for name in names:
        measured = [(point.tokens / 1e6, point.dev[name]) for point in found if name in point.dev]
        if measured:
            axes.plot(*zip(*measured, strict=True), marker="o", label=name)
    axes.set(xlabel="million tokens in all", ylabel="loss (nats a token)")
    axes.legend(frameon=False)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
