"""A bundle for another machine's GPU, rehearsed on a tiny model in a process that has nothing of the product."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tests.training.conftest import SETTINGS, Make, drawn
from tests.training.test_loop import losses
from training import TrainingError, bundle, gpu
from training.batches import Encoded
from training.loop import LAST, LOG, read_checkpoint

_LIMIT = 20_000


@pytest.fixture
def folder(make: Make, checkpoint: Path, encoded: list[Encoded], tmp_path: Path) -> Path:
    """A bundle of a run that has done one step."""
    make(tmp_path / "run").train(minutes=0)
    passes = {number: drawn(encoded, SETTINGS.seed, number) for number in range(6)}
    run = tmp_path / "run"
    paths = bundle.write(tmp_path / "bundle", checkpoint, run, SETTINGS, passes, {"own": encoded[:2]}, _LIMIT)
    assert len(paths) > 2
    assert all(path.stat().st_size <= _LIMIT for path in paths)
    return tmp_path / "bundle"


def run(folder: Path, out: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "training.gpu", "--out", str(out), "--batch", "400", *options],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "OMP_NUM_THREADS": "1"},
    )


def test_a_run_goes_on_elsewhere_and_comes_back(folder: Path, make: Make, tmp_path: Path) -> None:
    lines = [line for path in folder.rglob("*.py") for line in path.read_text("utf-8").splitlines()]
    imported = {line.split()[1].split(".")[0] for line in lines if line.startswith(("import ", "from "))}
    assert imported <= {*sys.stdlib_module_names, "numpy", "torch", "training"}
    one, two = tmp_path / "one", tmp_path / "two"
    done = run(folder, one, "--minutes", "0")
    assert done.returncode == 0, done.stderr
    assert "from step 1" in done.stdout
    # Its own folder holds the run, to the step; a fresh copy takes what was sent back.
    fresh = shutil.copytree(folder, tmp_path / "fresh", ignore=shutil.ignore_patterns(LAST, LOG, "state.*"))
    for path in one.iterdir():
        shutil.copy(path, fresh / "run")
    for place, out in ((folder, two), (fresh, tmp_path / "three")):
        done = run(place, out, "--multiple", "1")
        assert done.returncode == 0, done.stderr
        assert "from step 2" in done.stdout
    local = tmp_path / "run"
    gpu.receive_state(two, local)
    shutil.copy(two / LOG, local / LOG)
    state = read_checkpoint(local / LAST)
    assert state["position"]["tokens"] >= SETTINGS.tokens
    assert "optimizer" not in state
    make(tmp_path / "whole").train()
    # The same batches, but weights of the base, and the adapter on its way, in 8 bits.
    assert losses(local) == pytest.approx(losses(tmp_path / "whole"), abs=0.1)
    longer = make(local, replace(SETTINGS, tokens=SETTINGS.tokens + 1000))
    assert longer.position.tokens == state["position"]["tokens"]
    assert longer.train()


def test_weights_and_examples_come_through(folder: Path, checkpoint: Path, encoded: list[Encoded]) -> None:
    content = gpu.Bundle(folder)
    assert content.settings == SETTINGS
    assert content.draw(2) == drawn(encoded, SETTINGS.seed, 2)
    assert content.dev == {"own": encoded[:2]}
    from safetensors.torch import load_file

    weights = content.weights()
    for name, value in load_file(checkpoint / "model.safetensors").items():
        largest = value.float().abs().amax(-1, keepdim=True)
        assert ((weights[name] - value.float()).abs() <= largest / 250).all()
        assert value.dim() == 2 or torch.equal(weights[name], value.float())


def test_what_is_missing_or_would_be_lost_is_said(folder: Path, checkpoint: Path, tmp_path: Path) -> None:
    (folder / "blob.001").unlink()
    with pytest.raises(TrainingError, match="parts of blob"):
        gpu.Bundle(folder)
    with pytest.raises(TrainingError, match="parts of state"):
        gpu.receive_state(tmp_path, tmp_path)
    (tmp_path / "state.000").write_bytes(b"cut off")
    with pytest.raises(TrainingError, match="cannot read the checkpoint"):
        gpu.receive_state(tmp_path, tmp_path)
    with pytest.raises(TrainingError, match="holds no bundle"):
        bundle.write(tmp_path, checkpoint, tmp_path, SETTINGS, {}, {}, 100)
    meta = json.loads((folder / gpu.META).read_text(encoding="utf-8"))
    assert meta["parts"] > 1
