"""What `docs/architecture.md` says of the tree holds: see the contracts in pyproject.toml."""

from __future__ import annotations

from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_ERROR, EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parent.parent
CONTRACTS = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("[tool.importlinter]")[2]


def test_imports_go_downwards(capsys: pytest.CaptureFixture[str]) -> None:
    status = lint_imports(str(ROOT / "pyproject.toml"), no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_an_import_that_goes_upwards_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # The same contracts, turned upside down.
    contract = '[tool.importlinter]\nroot_package = "summarizer"\n[[tool.importlinter.contracts]]\nname = "x"\n'
    layers = 'type = "layers"\nlayers = ["summarizer.text", "summarizer.writing"]\n'
    (tmp_path / "pyproject.toml").write_text(contract + layers, encoding="utf-8")
    assert lint_imports(str(tmp_path / "pyproject.toml"), no_cache=True) == EXIT_STATUS_ERROR
    assert "summarizer.writing" in capsys.readouterr().out


def test_every_part_has_its_layer() -> None:
    parts = {path.stem for path in (ROOT / "summarizer").iterdir() if path.suffix == ".py" or path.is_dir()}
    assert {part for part in parts - {"__init__", "__pycache__"} if f"summarizer.{part}" not in CONTRACTS} == set()
    assert len([path for path in (ROOT / "summarizer").iterdir() if path.name != "__pycache__"]) <= 16
