"""Downloads, from a hub on this machine."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from summarizer.cli.commands import main
from summarizer.errors import ModelError
from summarizer.models import prepare_model
from tests.models.seq2seq.conftest import Build
from tests.models.seq2seq.fake_hub import COMMIT, FakeHub, serve

ROOT = Path(__file__).parents[3]
RINGKAS = [sys.executable, "-c", "from summarizer.cli.commands import main; main(prog_name='ringkas')"]


# What a repository of MarianMT has; nobody looks at what is in them before they are loaded.
FILES = {
    **{name: f'{{"{name}": 1}}'.encode() for name in ("config.json", "generation_config.json", "vocab.json")},
    **{name: name.encode() * 500 for name in ("source.spm", "target.spm", "tokenizer_config.json")},
    "model.safetensors": bytes(range(256)) * 1000,
    "tf_model.h5": b"not wanted",
    "pytorch_model.bin": b"not wanted",
    "LICENSE": b"nor this",
    "README.md": b"---\nlanguage: id\nlicense: cc-by-nc-4.0\n---\n# Model\n",
}


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    with serve(FILES) as hub:
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


@pytest.fixture
def here(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    """This very process asks the hub, and no time is lost starting others."""
    from huggingface_hub import constants

    files = constants.HUGGINGFACE_CO_URL_TEMPLATE.replace(constants._HF_DEFAULT_ENDPOINT, hub.url)
    monkeypatch.setattr(constants, "ENDPOINT", hub.url)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", files)
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)


def models(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["models", *arguments])


def failure(*arguments: str) -> str:
    """Run a command that fails, and return the one line that it says."""
    result = models(*arguments)
    assert result.exit_code == 6
    [line] = [line for line in result.stderr.splitlines() if line.startswith("ringkas: ")]
    return line


def fetch() -> Path:
    result = models("fetch", "org/model")
    assert result.exit_code == 0, result.stderr
    return Path(result.stdout.strip())


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
    assert result.returncode == 6
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


def test_a_fetched_model_translates_without_a_network(tmp_path: Path, hub: FakeHub, build: Build) -> None:
    hub.files |= {file.name: file.read_bytes() for file in build("marian").iterdir()}
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


@pytest.mark.usefixtures("here")
def test_a_broken_connection_is_taken_up_again(large: FakeHub) -> None:
    large.break_after = 15 << 20
    fetch()
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


@pytest.mark.usefixtures("here")
def test_a_download_beside_the_file_that_it_continues(large: FakeHub, tmp_path: Path) -> None:
    """What is longer than the file can't be its beginning; what is as long needs only its name."""
    digest = hashlib.sha256(large.files["model.safetensors"]).hexdigest()
    partial = tmp_path / "hub" / "models--org--model" / "blobs" / f"{digest}.partial"
    partial.parent.mkdir(parents=True)
    partial.write_bytes(large.files["model.safetensors"] + b"x")
    weights = fetch() / "model.safetensors"
    assert weights.read_bytes() == large.files["model.safetensors"]
    assert large.downloads("model.safetensors") == [""]
    weights.resolve().rename(partial)
    assert (fetch() / "model.safetensors").read_bytes() == large.files["model.safetensors"]
    assert large.downloads("model.safetensors") == [""]


@pytest.mark.usefixtures("here")
def test_two_files_with_the_same_content_are_fetched_once(hub: FakeHub) -> None:
    hub.files["target.spm"] = hub.files["source.spm"]
    folder = fetch()
    assert (folder / "target.spm").read_bytes() == (folder / "source.spm").read_bytes()
    assert len(hub.downloads("source.spm") + hub.downloads("target.spm")) == 1


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("name", ["model.safetensors", "config.json"])
def test_a_damaged_file_is_fetched_again(name: str, hub: FakeHub) -> None:
    file = fetch() / name
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    assert models("verify", "org/model").stderr == (
        f"ringkas: org/model is damaged: {name}; run 'ringkas models remove org/model', then fetch it\n"
    )
    assert fetch() == file.parent
    assert file.read_bytes() == hub.files[name]
    assert models("verify", "org/model").exit_code == 0


@pytest.mark.usefixtures("here")
def test_a_download_that_arrives_damaged(hub: FakeHub) -> None:
    hub.corrupt = True
    assert "arrived damaged" in failure("fetch", "org/model")
    assert "is not ready" in failure("path", "org/model")


@pytest.mark.usefixtures("here")
def test_a_removed_model_leaves_nothing(tmp_path: Path) -> None:
    folder = fetch()
    assert models("remove", "org/model").stdout == f"{folder}\n"
    left = (tmp_path / "hub" / "models--org--model").rglob("*")
    assert [file for file in left if file.is_file() and file.suffix != ".lock"] == []
    assert "is not ready" in failure("remove", "org/model")


@pytest.mark.usefixtures("here")
def test_a_model_that_is_only_partly_here_can_be_removed() -> None:
    folder = fetch()
    (folder / "model.safetensors").unlink()
    assert "is not ready" in failure("verify", "org/model")
    assert models("remove", "org/model").stdout == f"{folder}\n"
    assert not folder.exists()


@pytest.mark.usefixtures("here")
def test_a_model_that_cannot_be_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: object, **options: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    folder = fetch()
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", refuse)
        patch.setattr(os, "remove", refuse)
        assert failure("remove", "org/model") == "ringkas: org/model can't be removed: permission denied"
    assert fetch() == folder


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("name", "status", "code", "expected"),
    [
        ("org/lain", None, "", "there is no model org/lain on the hub, or it is private"),
        ("org/model@lama", None, "", "org/model has no revision lama"),
        ("org/model", 401, "", "there is no model org/model on the hub, or it is private"),
        ("org/model", 403, "", "there is no model org/model on the hub, or it is private"),
        ("org/model", 403, "GatedRepo", "is gated: accept its terms at https://huggingface.co/org/model"),
        ("org/model", 404, "RepoNotFound", "there is no model org/model on the hub"),
        ("org/model", 500, "", "org/model can't be downloaded: the hub answers 500"),
        ("opus-mt-id-en", 404, "RepoNotFound", "there is no model Helsinki-NLP/opus-mt-id-en on the hub"),
    ],
)
def test_what_is_wrong_is_said(name: str, status: int | None, code: str, expected: str, hub: FakeHub) -> None:
    hub.status, hub.error_code = status, code
    assert expected in failure("fetch", name)


def test_no_network_is_not_no_such_model() -> None:
    assert "org/model can't be downloaded because the hub can't be reached: " in failure("fetch", "org/model")


@pytest.mark.usefixtures("here")
def test_a_repository_without_usable_weights(hub: FakeHub) -> None:
    hub.files = {"config.json": b"{}", "tf_model.h5": b"x"}
    assert "org/model holds no weights for PyTorch or CTranslate2" in failure("fetch", "org/model")


@pytest.mark.usefixtures("here")
def test_a_cache_that_is_no_folder_is_not_a_hub_that_is_gone(tmp_path: Path) -> None:
    (tmp_path / "hub").touch()
    message = failure("fetch", "org/model")
    assert re.fullmatch(
        rf"ringkas: org/model can't be saved: (Not a directory|File exists) \({tmp_path}/hub.*\); "
        "set HF_HOME to another folder",
        message,
    )


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("variable", ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"])
@pytest.mark.parametrize("value", ["1", "on", "True"])
def test_variables_that_forbid_the_network(
    variable: str, value: str, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ModelError, match="org/model is not ready on this machine"):
        prepare_model("org/model")
    assert hub.requests == []


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
    assert result.returncode == 6
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
