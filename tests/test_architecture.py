"""What `docs/architecture.md` says of the tree holds: see the contracts in pyproject.toml."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
CONTRACTS = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("[tool.importlinter]")[2]


def lint(config: Path) -> tuple[int, str]:
    """Hold the contracts of a file against the package, in a process of its own: it switches other loggers off."""
    script = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(sys.argv[1], no_cache=True))"
    command = [sys.executable, "-c", script, str(config)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return run.returncode, run.stdout


def test_imports_go_downwards() -> None:
    code, said = lint(ROOT / "pyproject.toml")
    assert code == 0, said


def test_an_import_that_goes_upwards_is_found(tmp_path: Path) -> None:
    # Two of the layers, turned upside down.
    contract = '[tool.importlinter]\nroot_package = "summarizer"\n[[tool.importlinter.contracts]]\nname = "x"\n'
    layers = 'type = "layers"\nlayers = ["summarizer.text", "summarizer.writing"]\n'
    (tmp_path / "pyproject.toml").write_text(contract + layers, encoding="utf-8")
    assert lint(tmp_path / "pyproject.toml")[0] == 1


def test_every_part_has_its_layer() -> None:
    parts = {path.stem for path in (ROOT / "summarizer").iterdir() if path.suffix == ".py" or path.is_dir()}
    assert {part for part in parts - {"__init__", "__pycache__"} if f"summarizer.{part}" not in CONTRACTS} == set()


def test_one_name_means_one_class() -> None:
    places: dict[str, str] = {}
    for path in (*(ROOT / "summarizer").rglob("*.py"), *(ROOT / "eval").glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                assert places.setdefault(node.name, str(path)) == str(path), node.name
