"""What a release uploads: the sdist, and its wheel in an empty environment, as users get it."""

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT, SAMPLES


def run(*command: str | Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, check=True, capture_output=True)


def test_the_wheel_does_the_main_job(tmp_path: Path, checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Building takes more room for temporary files than some systems have where they usually are.
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    # The wheel is built from the sdist, so that this one must be complete.
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", tmp_path, ROOT)
    [sdist], [wheel] = tmp_path.glob("*.tar.gz"), tmp_path.glob("*.whl")
    run(sys.executable, "-m", "twine", "check", "--strict", sdist, wheel)
    names = set(zipfile.ZipFile(wheel).namelist())
    for part in (
        "py.typed",
        "prompts/adapter/summarize.toml",
        "prompts/few_shot/translate.toml",
        "models/embedded/adapter/adapter_model.safetensors",
        "extraction/rules.toml",
        "output/templates/page.html",
        "models/embedded/vocabulary.txt",
    ):
        assert f"summarizer/{part}" in names
    assert any(name.endswith("licenses/NOTICE") for name in names)
    assert not any(name.startswith(("tests/", "training/", "eval/", "runs/")) for name in names)

    environment = tmp_path / "environment"
    venv.create(environment, with_pip=True)
    scripts = environment / ("Scripts" if os.name == "nt" else "bin")
    run(scripts / "python", "-m", "pip", "install", "--quiet", wheel)
    # The main job does without what is there for models of the hub.
    unwanted = "torch", "transformers", "huggingface_hub"
    (tmp_path / "sitecustomize.py").write_text(
        f"import sys\nsys.modules |= dict.fromkeys({unwanted!r})\n", encoding="utf-8"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    done = run(scripts / "ringkas", "summarize", SAMPLES / "jembatan.txt", "--format", "json")
    fields = json.loads(done.stdout)
    assert "jembatan" in fields["abstract"].lower()
    assert fields["translation"]
    # No progress bar and no library's chatter where standard error is not a terminal.
    assert done.stderr == b""
