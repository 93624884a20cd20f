"""The plot of a run as an SVG image."""

from __future__ import annotations

import io
from typing import Any

from eval.runs import Run

# Okabe and Ito's colours, which the colour-blind can tell apart.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7A6A53", "#555555")
_STYLE: dict[Any, Any] = {
    "font.size": 9,
    "axes.edgecolor": "#b8bec7",
    "axes.spines.top": False,
    "axes.spines.right": False,
    # Outlines instead of text: the page looks the same whatever fonts there are.
    "svg.fonttype": "path",
    "svg.hashsalt": "ringkas",
}
_BINS = 6


def plot_length(run: Run) -> str:
    """Plot scores against the length of the source: dots of the compared system, means of all systems; return SVG."""
    import matplotlib
    import numpy as np
    from matplotlib.figure import Figure

    metric = run.main_metric
    scale = 100 if metric.percent else 1
    lengths = [sum(len(paragraph.split()) for paragraph in item.paragraphs) for item in run.items]
    with matplotlib.rc_context(_STYLE):
        figure = Figure(figsize=(5.2, 3.3 + 0.1 * len(run.systems)), layout="constrained")
        axes = figure.add_subplot()
        for at, system in enumerate(run.systems):
            colour = _COLOURS[at % len(_COLOURS)]
            values = zip(lengths, system.values[metric.key], strict=True)
            points = np.array([(length, scale * value) for length, value in values if value is not None])
            if not len(points):
                continue
            is_main = system.name == run.compared_with
            if is_main:
                axes.plot(*points.T, ".", color=colour, alpha=0.35, markeredgewidth=0)
            # As many items in each bin.
            order = points[points[:, 0].argsort(kind="stable")]
            means = [part.mean(axis=0) for part in np.array_split(order, min(_BINS, len(order)))]
            # matplotlib reads what stands between dollar signs as a formula.
            name = system.name[:24].replace("$", r"\$")
            axes.plot(*np.array(means).T, color=colour, label=name, linewidth=2.4 if is_main else 1.2)
        axes.set_xlabel("words of the source (lines: means of equally many items)")
        axes.set_ylabel(metric.label)
        axes.grid(axis="y", color="#e3e6ea")
        axes.legend(frameon=False, fontsize=8, ncols=2, loc="upper center", bbox_to_anchor=(0.5, -0.2))
        file = io.StringIO()
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return file.getvalue()
