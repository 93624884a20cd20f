"""Downloads, from a hub on this machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.models.seq2seq.conftest import Build
from tests.models.seq2seq.fake_hub import COMMIT, FakeHub, serve

ROOT = Path(__file__).parents[3]
RINGKAS = [sys.executable, "-c", "from summarizer.cli.commands import main; main(prog_name='ringkas')"]


@pytest.fixture
def hub(build: Build) -> Iterator[FakeHub]:
    with serve(build("marian")) as hub:
        hub.files["tf_model.h5"] = hub.files["pytorch_model.bin"] = b"not wanted"
        hub.files["LICENSE"] = b"nor this"
        hub.files["README.md"] = b"---\nlanguage: id\nlicense: cc-by-nc-4.0\n---\n# Model\n"
        yield hub


def environment(tmp_path: Path, url: str, **more: str) -> dict[str, str]:
    own = {
        "HF_ENDPOINT": url,
        "HF_HOME": str(tmp_path / "hf"),
        "HF_HUB_CACHE": str(tmp_path / "hf" / "hub"),
        "HF_HUB_DISABLE_XET": "1",
        "RINGKAS_CACHE": str(tmp_path / "cache"),
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "RINGKAS_"))}
    return kept | own | more


def ringkas(tmp_path: Path, hub: FakeHub, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*RINGKAS, *arguments],
        env=environment(tmp_path, hub.url, **more),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
    )


def message(result: subprocess.CompletedProcess[str]) -> str:
    """Return the one line of a failure; progress bars end in a carriage return or a blank line."""
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    [line] = [line for line in result.stderr.splitlines() if line.startswith("ringkas: ")]
    return line


def test_fetch_takes_what_is_needed_and_no_more(tmp_path: Path, hub: FakeHub) -> None:
    assert "is not ready on this machine" in message(ringkas(tmp_path, hub, "models", "path", "org/model"))
    result = ringkas(tmp_path, hub, "models", "fetch", "org/model")
    assert result.returncode == 0, result.stderr
    folder = Path(result.stdout.strip())
    assert folder.name == COMMIT
    wanted = {"config.json", "generation_config.json", "model.safetensors", "source.spm", "target.spm", "vocab.json"}
    assert {file.name for file in folder.iterdir()} == wanted | {"tokenizer_config.json", "README.md"}
    assert "%" in result.stderr  # a progress bar
    hub.requests.clear()
    for verb in ("path", "fetch"):
        assert ringkas(tmp_path, hub, "models", verb, "org/model").stdout == f"{folder}\n"
    assert ringkas(tmp_path, hub, "models", "path", f"org/model@{COMMIT}").stdout == f"{folder}\n"
    assert hub.requests == []


def test_a_fetched_model_translates_without_a_network(tmp_path: Path, hub: FakeHub) -> None:
    assert ringkas(tmp_path, hub, "models", "fetch", "org/model").returncode == 0
    hub.requests.clear()
    text = tmp_path / "teks.txt"
    text.write_text("Presiden membuka rapat.\n", encoding="utf-8")
    result = ringkas(tmp_path, hub, "translate", "--force", "--offline", "--model", "org/model", str(text))
    assert result.returncode == 0, result.stderr
    assert result.stdout == "The president opened the meeting.\n"
    assert result.stderr == (
        "ringkas: the licence of org/model (cc-by-nc-4.0) forbids commercial use: https://huggingface.co/org/model\n"
    )
    assert hub.requests == []


@pytest.fixture
def large(hub: FakeHub) -> FakeHub:
    """A hub whose weights are so large that they arrive in several pieces of ten megabytes."""
    hub.files = {"config.json": b"{}", "tokenizer.json": b"{}", "model.safetensors": os.urandom(1 << 20) * 25}
    return hub


def test_a_broken_connection_is_taken_up_again(tmp_path: Path, large: FakeHub) -> None:
    large.break_after = 15 << 20
    result = ringkas(tmp_path, large, "models", "fetch", "org/model")
    assert result.returncode == 0, result.stderr
    assert large.downloads("model.safetensors") == ["", f"bytes={10 << 20}-"]


def test_a_killed_download_goes_on_where_it_was(tmp_path: Path, large: FakeHub) -> None:
    large.stall_after = 15 << 20
    with subprocess.Popen(
        [*RINGKAS, "models", "fetch", "org/model"], env=environment(tmp_path, large.url), stderr=subprocess.DEVNULL
    ) as first:
        assert large.stalled.wait(30)
        for _ in range(400):
            if any(file.stat().st_size >= 10 << 20 for file in (tmp_path / "hf").rglob("*.partial")):
                break
            time.sleep(0.05)
        first.send_signal(signal.SIGKILL)
    assert "is not ready" in message(ringkas(tmp_path, large, "models", "path", "org/model"))
    large.stall_after = None
    result = ringkas(tmp_path, large, "models", "fetch", "org/model")
    assert result.returncode == 0, result.stderr
    assert (Path(result.stdout.strip()) / "model.safetensors").read_bytes() == large.files["model.safetensors"]
    # What had reached the disk isn't asked for again.
    assert large.downloads("model.safetensors")[-1] == f"bytes={10 << 20}-"


def test_a_damaged_file_is_fetched_again(tmp_path: Path, hub: FakeHub) -> None:
    folder = Path(ringkas(tmp_path, hub, "models", "fetch", "org/model").stdout.strip())
    weights = folder / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    result = ringkas(tmp_path, hub, "models", "fetch", "org/model")
    assert result.returncode == 0, result.stderr
    assert weights.read_bytes() == hub.files["model.safetensors"]


def test_a_download_that_arrives_damaged(tmp_path: Path, hub: FakeHub) -> None:
    hub.corrupt = True
    assert "arrived damaged" in message(ringkas(tmp_path, hub, "models", "fetch", "org/model"))
    assert "is not ready" in message(ringkas(tmp_path, hub, "models", "path", "org/model"))


@pytest.mark.parametrize(
    ("name", "status", "code", "expected"),
    [
        ("org/lain", None, "", "there is no model org/lain on the hub, or it is private"),
        ("org/model@lama", None, "", "org/model has no revision lama"),
        ("org/model", 401, "", "there is no model org/model on the hub, or it is private"),
        ("org/model", 403, "GatedRepo", "is gated: accept its terms at https://huggingface.co/org/model"),
        ("org/model", 404, "RepoNotFound", "there is no model org/model on the hub"),
        ("org/model", 500, "", "org/model can't be downloaded: the hub answers 500"),
        ("opus-mt-id-en", 404, "RepoNotFound", "there is no model Helsinki-NLP/opus-mt-id-en on the hub"),
    ],
)
def test_what_is_wrong_is_said(
    name: str, status: int | None, code: str, expected: str, tmp_path: Path, hub: FakeHub
) -> None:
    hub.status, hub.error_code = status, code
    assert expected in message(ringkas(tmp_path, hub, "models", "fetch", name))


def test_no_network_is_not_no_such_model(tmp_path: Path, hub: FakeHub) -> None:
    result = ringkas(tmp_path, hub, "models", "fetch", "org/model", HF_ENDPOINT="http://127.0.0.1:9")
    assert "org/model can't be downloaded because the hub can't be reached: " in message(result)


def test_a_repository_without_usable_weights(tmp_path: Path, hub: FakeHub) -> None:
    hub.files = {"config.json": b"{}", "tf_model.h5": b"x"}
    assert "org/model holds no weights for PyTorch or CTranslate2" in message(
        ringkas(tmp_path, hub, "models", "fetch", "org/model")
    )


@pytest.mark.parametrize("variable", ["", "HF_HUB_OFFLINE"])
def test_offline_says_what_is_missing_at_once(variable: str, tmp_path: Path, hub: FakeHub) -> None:
    options = [] if variable else ["--offline"]
    page = str(ROOT / "tests" / "samples" / "jembatan.txt")
    more = {variable: "1"} if variable else {}
    code = (
        "import sys\nfrom summarizer.cli.commands import main\n"
        "try: main()\nfinally: sys.stderr.write(repr('torch' in sys.modules))"
    )
    start = time.perf_counter()
    result = subprocess.run(
        [sys.executable, "-c", code, "summarize", page, "--summary-model", "mt5-xlsum", *options],
        env=environment(tmp_path, hub.url, **more),
        capture_output=True,
        text=True,
        timeout=60,
    )
    elapsed = time.perf_counter() - start
    assert result.returncode == 1
    assert result.stderr == (
        "ringkas: mt5-xlsum is not on this machine, and downloads are off: run 'ringkas models fetch "
        "mt5-xlsum' while you are online\nFalse"
    )
    assert hub.requests == []
    assert elapsed < 5  # a fifth of a second where nothing else runs


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such limit")
def test_a_file_that_the_disk_does_not_take(hub: FakeHub, tmp_path: Path) -> None:
    command = ["bash", "-c", 'ulimit -f 2; exec "$@"', "limited", *RINGKAS, "models", "fetch", "org/model"]
    result = subprocess.run(command, env=environment(tmp_path, hub.url), capture_output=True, text=True, timeout=60)
    assert message(result) == "ringkas: org/model can't be saved: File too large; set HF_HOME to another folder"
