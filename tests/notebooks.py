"""Run the notebook; ``python -m tests.notebooks`` writes its outputs again.

Views of progress bars are left out: they show nothing any more once a notebook is at its end.
"""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parent.parent
NOTEBOOK = ROOT / "notebooks" / "explore.ipynb"
_WIDGET = "application/vnd.jupyter.widget-view+json"


def read() -> nbformat.NotebookNode:
    """Return the notebook as it lies in the project."""
    return nbformat.read(NOTEBOOK, as_version=4)


def run(folder: Path = NOTEBOOK.parent) -> nbformat.NotebookNode:
    """Return the notebook with the outputs of a run from top to bottom, in a kernel of its own.

    Args:
        folder: where the kernel is started.

    Raises:
        CellExecutionError: a cell failed.
    """
    notebook = read()
    client = NotebookClient(notebook, timeout=1800, kernel_name="python3", resources={"metadata": {"path": folder}})
    client.execute()
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if _WIDGET not in output.get("data", {})]
    return notebook


if __name__ == "__main__":
    nbformat.write(run(), NOTEBOOK)
