"""A bundle for another machine's GPU, rehearsed on a tiny model in a process that has nothing of this package."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from summarizer.errors import InputError
from summarizer.training import adapter, batches, bundle, gpu
from summarizer.training.batches import Encoded
from summarizer.training.templates import Example

_F32 = 0  # its number among GGUF's types
_RUN = (
    *("--tokens", "6000", "--warmup", "200", "--batch", "300", "--accumulate", "2"),
    *("--tell", "0", "--chunk", "64", "--rate", "0.003"),
)


@pytest.fixture
def encoded(checkpoint: Path, examples: list[Example]) -> list[Encoded]:
    return batches.encode(examples, adapter.load_tokenizer(checkpoint))


@pytest.fixture
def folder(checkpoint: Path, encoded: list[Encoded], tmp_path: Path) -> Path:
    config = json.loads((checkpoint / "config.json").read_text(encoding="utf-8"))
    weights = {
        name: (_F32, (value.float() + name.endswith("norm.weight")).numpy())
        for name, value in load_file(checkpoint / "model.safetensors").items()
    }
    examples = {"train": encoded, "dev own": encoded[:3]}
    paths = bundle.write(tmp_path / "bundle", config, weights, examples, 20_000)
    assert len(paths) > 2
    assert all(path.stat().st_size <= 20_000 for path in paths)
    return tmp_path / "bundle"


def run(folder: Path, out: Path, *options: str) -> list[dict[str, object]]:
    done = subprocess.run(
        [sys.executable, "-P", str(folder / "gpu.py"), *_RUN, "--out", str(out), *options],
        capture_output=True,
        text=True,
        check=True,
        cwd=folder.parent,
        env={**os.environ, "PYTHONPATH": str(folder), "OMP_NUM_THREADS": "1"},
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_weights_and_examples_come_through(folder: Path, checkpoint: Path, encoded: list[Encoded]) -> None:
    content = gpu.Bundle(folder)
    sys.path.insert(0, str(folder))
    try:
        weights = content.weights()
    finally:
        sys.path.remove(str(folder))
    for name, value in load_file(checkpoint / "model.safetensors").items():
        torch.testing.assert_close(weights[name], value.float(), rtol=0, atol=1e-6)
    found = content.examples("train")
    assert [(tuple(ids.tolist()), prompt) for ids, prompt in found] == [(one.ids, one.prompt) for one in encoded]
    assert not any("summarizer" in path.read_text(encoding="utf-8").split('"""')[2] for path in folder.glob("*.py"))


def test_padded_batches_give_the_loss_of_flat_ones(folder: Path, checkpoint: Path, encoded: list[Encoded]) -> None:
    model = adapter.load(checkpoint, 0, seed=0)
    examples = [(np.array(one.ids), one.prompt) for one in encoded]
    own = gpu.dev_losses(model, {"own": examples}, 600, torch.device("cpu"))["own"]
    with torch.no_grad():
        flat = batches.tensors(encoded)
        plain = float(model.loss(replace(flat, weights=torch.ones(len(flat.labels)))))
    assert own == pytest.approx(plain / len(flat.labels), abs=1e-3)


@pytest.mark.parametrize("rank", ["0", "8"])
def test_a_command_trains_goes_on_and_sends_back_an_adapter(folder: Path, tmp_path: Path, rank: str) -> None:
    options = ["--rank", rank, "--keep", "16"]
    first = run(folder, tmp_path / "out", *options, "--minutes", "0")
    assert (first[0]["done"], first[-1]["step"]) == (0, 1)
    second = run(folder, tmp_path / "out", *options)
    assert second[0]["step"] == 1
    report = second[-1]
    assert report["done"] >= 6000  # type: ignore[operator]
    assert report["dev"]["own"] < first[-1]["dev"]["own"] - 0.1  # type: ignore[index]
    # What is sent back is nearly the whole of what was learnt.
    assert report["dev packed"]["own"] == pytest.approx(report["dev"]["own"], abs=0.05)  # type: ignore[index]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["adapter.00.pt", "report.json"]
    values = bundle.unpack(tmp_path / "out")
    assert len(values) == 2 * 7 * 2
    exported = adapter.read_exported(adapter.export(values, tmp_path / "adapter"))
    assert {len(value) for name, value in exported.items() if "lora_A" in name} <= {8, 16}
    # On another machine, the next command starts from what was sent back.
    (folder / gpu.STATE).unlink()
    again = run(folder, tmp_path / "again", *options, "--minutes", "0", "--start", str(tmp_path / "out"))
    assert again[-1]["dev"]["own"] < first[-1]["dev"]["own"] - 0.1  # type: ignore[index]


def test_a_bundle_begins_with_an_adapter_if_given(folder: Path, checkpoint: Path, tmp_path: Path) -> None:
    model = adapter.load(checkpoint, 4, seed=1)
    with torch.no_grad():
        for linear in model.all_linears():
            linear.b.normal_(std=0.1)
    given = adapter.weights(model)
    meta = json.loads((folder / gpu.META).read_text(encoding="utf-8"))
    bundle.write(tmp_path / "other", meta["config"], {}, {}, 20_000, given)
    found = bundle.unpack(tmp_path / "other" / "start")
    assert set(found) == set(given)
    for name, value in given.items():
        torch.testing.assert_close(found[name], value, rtol=0, atol=float(value.abs().max()) / 127)
    parts = sorted((tmp_path / "other" / "start").iterdir())
    assert all(path.stat().st_size <= 20_000 for path in parts)
    parts[-1].unlink()
    with pytest.raises(InputError, match="not all of its parts"):
        bundle.unpack(tmp_path / "other" / "start")


def test_what_is_missing_is_said(folder: Path, tmp_path: Path) -> None:
    (folder / gpu.BLOB.format(1)).unlink()
    with pytest.raises(SystemExit, match=r"not here yet: blob\.001"):
        gpu.Bundle(folder)
    with pytest.raises(InputError, match=r"holds no adapter\.00\.pt"):
        bundle.unpack(tmp_path)
    with pytest.raises(InputError, match="holds no bundle"):
        bundle.write(tmp_path, {}, {}, {}, 100)
