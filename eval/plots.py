"""Plots of a run as SVG images."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from eval.runs import Run, SystemRecord

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe and Ito's colours, which the colour-blind can tell apart.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7A6A53", "#555555")
_INK, _GRID = "#2b2f36", "#e3e6ea"
_STYLE: dict[Any, Any] = {
    "font.size": 9,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": "#b8bec7",
    "xtick.color": _INK,
    "ytick.color": _INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    # Outlines instead of text: the page looks the same whatever fonts there are.
    "svg.fonttype": "path",
    "svg.hashsalt": "ringkas",
}
_WIDTH = 5.2
_BINS = 6


def plot_scores(run: Run) -> str:
    """Plot each system's score with its confidence interval; return SVG."""
    metric = run.main_metric
    scale = 100 if metric.percent else 1

    def draw(axes: Axes) -> None:
        for row, (system, colour) in enumerate(_coloured(run)):
            if score := system.scores.get(metric.key):
                reach = [[scale * (score.value - score.low)], [scale * (score.high - score.value)]]
                axes.errorbar(
                    scale * score.value, row, xerr=reach, fmt="o", color=colour, capsize=3, markersize=6, linewidth=1.6
                )
        axes.set_xlabel(f"{metric.label} with 95 % confidence interval")
        axes.set_yticks(range(len(run.systems)), [_shown(system.name) for system in run.systems])
        axes.set_ylim(len(run.systems) - 0.5, -0.5)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x", color=_GRID)

    return _svg(draw, 0.9 + 0.34 * len(run.systems))


def plot_length(run: Run) -> str:
    """Plot scores against the length of the source: dots of the compared system, means of all systems; return SVG."""
    import numpy as np

    metric = run.main_metric
    scale = 100 if metric.percent else 1
    lengths = [sum(len(paragraph.split()) for paragraph in item.paragraphs) for item in run.items]

    def draw(axes: Axes) -> None:
        for system, colour in _coloured(run):
            values = zip(lengths, system.values[metric.key], strict=True)
            points = np.array([(length, scale * value) for length, value in values if value is not None])
            if not len(points):
                continue
            is_main = system.name == run.compared_with
            if is_main:
                axes.plot(*points.T, ".", color=colour, alpha=0.35, markersize=5, markeredgewidth=0)
            # As many items in each bin.
            order = points[points[:, 0].argsort(kind="stable")]
            means = [part.mean(axis=0) for part in np.array_split(order, min(_BINS, len(order)))]
            style = {"linewidth": 2.4, "marker": "o"} if is_main else {"linewidth": 1.2}
            axes.plot(*np.array(means).T, color=colour, markersize=4, label=_shown(system.name), **style)
        axes.set_xlabel("words of the source (lines: means of equally many items)")
        axes.set_ylabel(metric.label)
        axes.grid(axis="y", color=_GRID)
        axes.legend(frameon=False, fontsize=8, ncols=2, loc="upper center", bbox_to_anchor=(0.5, -0.2))

    return _svg(draw, 3.3 + 0.1 * len(run.systems))


def _coloured(run: Run) -> list[tuple[SystemRecord, str]]:
    return [(system, _COLOURS[at % len(_COLOURS)]) for at, system in enumerate(run.systems)]


def _shown(name: str) -> str:
    # matplotlib reads what stands between dollar signs as a formula.
    return (name if len(name) <= 24 else f"{name[:23]}…").replace("$", r"\$")


def _svg(draw: Callable[[Axes], None], height: float) -> str:
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context(_STYLE):
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        draw(figure.add_subplot())
        file = io.StringIO()
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return file.getvalue()
