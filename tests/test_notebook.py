"""The notebook; ``python -m tests.test_notebook`` writes its outputs again, without views of progress bars."""

import re
from pathlib import Path
from typing import Any

import pytest

nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")

NOTEBOOK = Path(__file__).parent.parent / "notebooks" / "explore.ipynb"
_WIDGET = "application/vnd.jupyter.widget-view+json"


def read() -> Any:
    """Return the notebook as it lies in the project."""
    return nbformat.read(NOTEBOOK, as_version=4)


def run(folder: Path = NOTEBOOK.parent) -> Any:
    """Return the notebook with the outputs of a run in a kernel of its own, which is started in a folder."""
    notebook = read()
    resources = {"metadata": {"path": folder}}
    nbclient.NotebookClient(notebook, timeout=1800, kernel_name="python3", resources=resources).execute()
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if _WIDGET not in output.get("data", {})]
    return notebook


def outputs_of(notebook: Any) -> list[list[Any]]:
    return [list(cell.outputs) for cell in notebook.cells if cell.cell_type == "code"]


def text_of(outputs: list[list[Any]]) -> str:
    found = [output for cell in outputs for output in cell]
    data = [pair for output in found for pair in output.get("data", {}).items()]
    shown = [str(value) for kind, value in data if "text" in kind]
    return "\n".join([output.get("text", "") for output in found] + shown)


def kinds_of(outputs: list[Any]) -> set[str]:
    return {kind for output in outputs for kind in output.get("data", {"stream": ""})}


def test_it_was_run_without_errors_on_no_machine_in_particular() -> None:
    outputs = outputs_of(read())
    found = [output for cell in outputs for output in cell]
    assert {"text/html", "image/png", "stream"} <= kinds_of(found)
    assert not [output for output in found if output.output_type == "error" or output.get("name") == "stderr"]
    assert not re.search(r"(?<![\w.])/(?:home|root|work|tmp|Users|usr|opt)/", text_of(outputs))


def test_it_runs_from_top_to_bottom_and_from_anywhere(tmp_path: Path, checkpoint: Path, base_checkpoint: Path) -> None:
    before, after = outputs_of(read()), outputs_of(run(tmp_path))
    # Texts may differ from processor to processor, what they are shown as may not.
    assert [kinds_of(cell) for cell in before] == [kinds_of(cell) for cell in after]
    shown = text_of(after)
    for part in ("jembatan", "bridge", "headline_list", "holds no article", "gemma-3-270m-ringkas", "rougeL"):
        assert part in shown


if __name__ == "__main__":
    nbformat.write(run(), NOTEBOOK)
