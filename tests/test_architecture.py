"""What `docs/architecture.md` says of the tree holds: see the contracts in pyproject.toml."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
CONTRACTS = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("[tool.importlinter]")[2]


def test_imports_go_downwards() -> None:
    # In a process of its own: it switches other loggers off.
    lint = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(sys.argv[1], no_cache=True))"
    run = subprocess.run([sys.executable, "-c", lint, "pyproject.toml"], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout


def test_every_part_has_its_layer() -> None:
    parts = {path.stem for path in (ROOT / "summarizer").iterdir() if path.suffix == ".py" or path.is_dir()}
    assert {part for part in parts - {"__init__", "__pycache__"} if f"summarizer.{part}" not in CONTRACTS} == set()
