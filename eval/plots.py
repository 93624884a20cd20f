"""Plots of a run as SVG images."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from eval.metrics import Column
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


def main_metric(run: Run) -> Column:
    """Return the metric that items are ranked and plotted by: ROUGE-L, or chrF++ of each item."""
    return run.metric("rougeL" if run.task == "summaries" else "sentence_chrf")


def plot_scores(run: Run, metric: Column) -> str:
    """Plot each system's score with its confidence interval; return SVG."""

    def draw(axes: Axes) -> None:
        for row, (system, colour) in enumerate(_coloured(run)):
            if score := system.scores.get(metric.key):
                scale = 100 if metric.percent else 1
                reach = [[scale * (score.value - score.low)], [scale * (score.high - score.value)]]
                axes.errorbar(
                    scale * score.value, row, xerr=reach, fmt="o", color=colour, capsize=3, markersize=6, linewidth=1.6
                )
        axes.set_xlabel(f"{metric.label} with 95 % confidence interval")
        _name_rows(axes, run)

    return _svg(draw, 0.9 + 0.34 * len(run.systems))


def plot_distribution(run: Run, metric: Column) -> str:
    """Plot the items' scores of each system: quartiles, and a dot for each item; return SVG."""
    import numpy as np

    rng = np.random.default_rng(0)

    def draw(axes: Axes) -> None:
        for row, (system, colour) in enumerate(_coloured(run)):
            values = [value for _, value in _points(run, system, metric)]
            if not values:
                continue
            spread = row + rng.uniform(-0.28, 0.28, len(values))
            axes.plot(values, spread, ".", color=colour, alpha=0.4, markersize=4, markeredgewidth=0)
            axes.boxplot(
                [values],
                positions=[row],
                orientation="horizontal",
                widths=0.5,
                showfliers=False,
                boxprops={"color": colour, "linewidth": 1.4},
                whiskerprops={"color": colour},
                capprops={"color": colour},
                medianprops={"color": colour, "linewidth": 2.4},
            )
        axes.set_xlabel(f"{metric.label} of each item (box: middle half, bar: median)")
        _name_rows(axes, run)

    return _svg(draw, 0.9 + 0.42 * len(run.systems))


def plot_length(run: Run, metric: Column) -> str:
    """Plot scores against the length of the source: dots of the compared system, means of all systems; return SVG."""
    import numpy as np

    def draw(axes: Axes) -> None:
        for system, colour in _coloured(run):
            points = np.array(_points(run, system, metric))
            if not len(points):
                continue
            is_main = system.name == run.compared_with
            if is_main:
                axes.plot(*points.T, ".", color=colour, alpha=0.35, markersize=5, markeredgewidth=0)
            # As many items in each bin.
            order = points[points[:, 0].argsort(kind="stable")]
            parts = [part.mean(axis=0) for part in np.array_split(order, min(_BINS, len(order)))]
            axes.plot(
                *np.array(parts).T,
                "-o" if is_main else "-",
                color=colour,
                linewidth=2.4 if is_main else 1.2,
                markersize=4,
                label=system.name,
            )
        axes.set_xlabel("words of the source (lines: means of equally many items)")
        axes.set_ylabel(metric.label)
        axes.grid(axis="y", color=_GRID)
        axes.legend(frameon=False, fontsize=8, ncols=2, loc="upper center", bbox_to_anchor=(0.5, -0.2))

    return _svg(draw, 3.3 + 0.1 * len(run.systems))


def _points(run: Run, system: SystemRecord, metric: Column) -> list[tuple[int, float]]:
    scale = 100 if metric.percent else 1
    return [
        (sum(len(paragraph.split()) for paragraph in item.paragraphs), scale * value)
        for item, value in zip(run.items, system.values[metric.key], strict=True)
        if value is not None
    ]


def _coloured(run: Run) -> list[tuple[SystemRecord, str]]:
    return [(system, _COLOURS[at % len(_COLOURS)]) for at, system in enumerate(run.systems)]


def _name_rows(axes: Axes, run: Run) -> None:
    axes.set_yticks(range(len(run.systems)), [_short(system.name) for system in run.systems])
    axes.set_ylim(len(run.systems) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=_GRID)


def _short(name: str) -> str:
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
