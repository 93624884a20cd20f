"""The built wheel in an empty environment, as its users get it."""

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

from tests.conftest import SAMPLES

ROOT = Path(__file__).parent.parent


def test_the_wheel_does_the_main_job(tmp_path: Path, checkpoint: Path) -> None:
    build = [sys.executable, "-m", "build", "--wheel", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
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
    assert not any(name.startswith(("tests/", "eval/", "runs/")) for name in names)

    environment = tmp_path / "environment"
    venv.create(environment, with_pip=True)
    scripts = environment / ("Scripts" if os.name == "nt" else "bin")
    install = [str(scripts / "python"), "-m", "pip", "install", "--quiet", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    run = subprocess.run(
        [str(scripts / "ringkas"), "summarize", str(SAMPLES / "jembatan.txt"), "--format", "json"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    fields = json.loads(run.stdout)
    assert "jembatan" in fields["abstract"].lower()
    assert fields["translation"]
    # No progress bar and no library's chatter where standard error is not a terminal.
    assert run.stderr == b""
