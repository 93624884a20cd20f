"""Run the notebook; ``python -m tests.notebooks`` writes its outputs again, without views of progress bars."""

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
    """Return the notebook with the outputs of a run in a kernel of its own, which is started in a folder."""
    notebook = read()
    NotebookClient(notebook, timeout=1800, kernel_name="python3", resources={"metadata": {"path": folder}}).execute()
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if _WIDGET not in output.get("data", {})]
    return notebook


if __name__ == "__main__":
    nbformat.write(run(), NOTEBOOK)
