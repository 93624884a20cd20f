"""What `docs/architecture.md` says of the tree holds: see the contracts in pyproject.toml."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
CONTRACTS = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("[tool.importlinter]")[2]


def lint(config: Path) -> subprocess.CompletedProcess[str]:
    """Hold the contracts of a file against the package, in a process of its own: it switches other loggers off."""
    script = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(sys.argv[1], no_cache=True))"
    command = [sys.executable, "-c", script, str(config)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_imports_go_downwards() -> None:
    run = lint(ROOT / "pyproject.toml")
    assert run.returncode == 0, run.stdout


def test_an_import_that_goes_upwards_is_found(tmp_path: Path) -> None:
    # The same contracts, turned upside down.
    contract = '[tool.importlinter]\nroot_package = "summarizer"\n[[tool.importlinter.contracts]]\nname = "x"\n'
    layers = 'type = "layers"\nlayers = ["summarizer.text", "summarizer.writing"]\n'
    (tmp_path / "pyproject.toml").write_text(contract + layers, encoding="utf-8")
    run = lint(tmp_path / "pyproject.toml")
    assert run.returncode == 1
    assert "summarizer.writing" in run.stdout


def test_every_part_has_its_layer() -> None:
    parts = {path.stem for path in (ROOT / "summarizer").iterdir() if path.suffix == ".py" or path.is_dir()}
    assert {part for part in parts - {"__init__", "__pycache__"} if f"summarizer.{part}" not in CONTRACTS} == set()


def test_one_name_means_one_class() -> None:
    places: dict[str, list[str]] = {}
    for path in sorted((*(ROOT / "summarizer").rglob("*.py"), *(ROOT / "eval").glob("*.py"))):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(str(path.relative_to(ROOT)))
    assert {name: found for name, found in places.items() if len(found) > 1} == {}
