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
from click.testing import CliRunner

from tests.training.conftest import SETTINGS, Make, drawn
from tests.training.test_loop import losses
from training import TrainingError, bundle, gpu
from training.__main__ import main
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


_RECIPE = """
pass.portion = 1.0
rare = { up_to = 0, more = 0.0 }
reverse.share = 0.2
drop = { title = 0.5, length = 0.5 }
limits = { passage = 160, article = 700 }
[translation]
news = { share = 2.0, origin = "Kabar", licence = "CC0" }
[summaries]
press = { share = 1.0, origin = "Kabar", licence = "CC0" }
[passages]
press = { share = 1.0, origin = "the same", licence = "CC0" }
"""


def test_the_whole_way_on_the_command_line(
    data: Path, checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("summarizer.models.prepare_model", lambda _: checkpoint)
    (tmp_path / "recipe.toml").write_text(_RECIPE, encoding="utf-8")
    paths = {name: tmp_path / name for name in ("all.json.gz", "one", "two", "three", "sent", "a1", "a2", "a3")}

    def invoke(command: str) -> str:
        # Names of files and folders stand for their paths.
        words = [str(paths.get(word, word)) for word in command.split()]
        outcome = CliRunner().invoke(main, words)
        assert outcome.exit_code == 0, outcome.output
        return outcome.output

    recipe = f"--recipe {tmp_path / 'recipe.toml'}"
    settings = "--warmup 100 --rate 0.01 --step 700 --frequent 60 --sampled 40 --max-loss 9"
    invoke(f"collect --data {data} --to all.json.gz {recipe}")
    train = f"train --data all.json.gz {recipe} {settings} --workers 1"
    assert "finished at step" in invoke(f"{train} --run one --rank 4 --tokens 3000")
    invoke("export --run one --to a1")
    assert "finished" in invoke(f"{train} --run two --from a1 --rank 3 --tokens 2000")
    invoke("export --run two --to a2 --with a1 --share 0.6")
    # The run goes on elsewhere; what lies in the bundle is what comes back.
    longer = f"--data all.json.gz {recipe} {settings} --rank 3 --tokens 9000"
    assert "files" in invoke(f"bundle {longer} --run two --to sent")
    assert gpu.Bundle(tmp_path / "sent").settings.tokens == 9000
    paths["three"].mkdir()
    invoke(f"unpack --from {tmp_path / 'sent' / 'run'} --run three")
    two, three = (read_checkpoint(tmp_path / name / LAST) for name in ("two", "three"))
    assert three["position"] == two["position"]
    # Another run that starts from the checkpoint knows all that came before it.
    invoke(f"{train} --run {tmp_path / 'four'} --from {tmp_path / 'two' / LAST} --rank 3 --tokens 700")
    invoke(f"export --run {tmp_path / 'four'} --to a3")
    text = (tmp_path / "a3" / "README.md").read_text(encoding="utf-8")
    assert text.count("seed 1, ") == 2
    assert "| passages | press | the same | CC0 | 1 | 1 |" in text
