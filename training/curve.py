"""The curve of a campaign, from the logs of its runs, as a table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import Any

from training import TrainingError
from training.loop import LOG


def table(runs: Sequence[Path], names: Sequence[str]) -> str:
    """Return a table in Markdown: a row for each time that dev losses were measured, and one for the end.

    The training loss is the mean of the steps since the row before. Losses are in nats a token.

    Args:
        runs: folders of runs that went on from each other, in order.
        names: dev sets that have a column.

    Raises:
        TrainingError: a log is missing or damaged.
    """
    head = ["tokens", "hours", "tokens/s", "training loss", *names]
    lines = [f"| {' | '.join(head)} |", "|" + "---:|" * len(head)]
    before = 0.0
    for run in runs:
        rows = _read_log(run)
        losses: list[float] = []
        last: dict[str, Any] = {"tokens": 0, "seconds": 0.0}
        for at, row in enumerate(rows):
            losses += [row["loss"]] if "loss" in row else []
            if "loss" in row and at < len(rows) - 1:
                continue
            seconds = row["seconds"] - last["seconds"]
            speed = f"{(row['tokens'] - last['tokens']) / seconds:.0f}" if seconds else ""
            dev = [f"{row[f'dev {name}']:.3f}" if f"dev {name}" in row else "" for name in names]
            loss = f"{mean(losses):.3f}" if losses else ""
            cells = [f"{row['total']:,}", f"{(before + row['seconds']) / 3600:.1f}", speed, loss, *dev]
            lines.append(f"| {' | '.join(cells)} |")
            losses, last = [], row
        before += last["seconds"]
    return "\n".join(lines) + "\n"


def _read_log(run: Path) -> list[dict[str, Any]]:
    path = run / LOG
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        # After a restart, steps since the last checkpoint are done anew: of a step, the last line counts.
        last = {(row["step"], "loss" not in row): row for row in rows}
        return [row for _, row in sorted(last.items(), key=lambda item: item[0])]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrainingError(f"cannot read the log {path}: {error}") from error
