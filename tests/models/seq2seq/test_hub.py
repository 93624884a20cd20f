"""Downloads, from a hub on this machine."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from huggingface_hub import constants

from summarizer.cli.commands import main
from tests.conftest import RINGKAS, SAMPLES, python
from tests.models.conftest import Build
from tests.models.seq2seq.fake_hub import COMMIT, FakeHub

# What a repository of MarianMT has; nobody looks at what is in them before they are loaded.
FILES = {
    **{name: f'{{"{name}": 1}}'.encode() for name in ("config.json", "generation_config.json", "vocab.json")},
    **{name: name.encode() * 500 for name in ("source.spm", "target.spm", "tokenizer_config.json")},
    "model.safetensors": bytes(range(256)) * 1000,
}
NOT_WANTED = {"README.md": b"# Model", "tf_model.h5": b"x", "pytorch_model.bin": b"y", "LICENSE": b"z"}


@pytest.fixture
def hub(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    """A hub that this very process asks, so that no time is lost starting others."""
    with FakeHub(FILES | NOT_WANTED).running() as hub:
        files = constants.HUGGINGFACE_CO_URL_TEMPLATE.replace(constants._HF_DEFAULT_ENDPOINT, hub.url)
        monkeypatch.setattr(constants, "ENDPOINT", hub.url)
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", files)
        monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
        yield hub


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


def ringkas(tmp_path: Path, hub: FakeHub, *arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own."""
    own = {"HF_ENDPOINT": hub.url, "HF_HOME": str(tmp_path / "hf"), "HF_HUB_DISABLE_XET": "1"}
    return python("-c", RINGKAS, *arguments, **own, **more)


def test_a_fetched_model_translates_without_a_network(tmp_path: Path, hub: FakeHub, build: Build, cache: Path) -> None:
    hub.files |= {file.name: file.read_bytes() for file in build("marian").iterdir()}
    fetched = ringkas(tmp_path, hub, "models", "fetch", "org/model")
    assert fetched.returncode == 0, fetched.stderr
    assert "%" in fetched.stderr  # a progress bar
    hub.requests.clear()
    text = tmp_path / "teks.txt"
    text.write_text("Presiden membuka rapat.\n", encoding="utf-8")
    options = ("--force", "--offline", "--model", "org/model")
    result = ringkas(tmp_path, hub, "translate", *options, text, RINGKAS_CACHE=str(cache))
    assert result.returncode == 0
    assert result.stdout == "The president opened the meeting.\n"
    assert hub.requests == []


def test_fetch_takes_what_is_needed_and_no_more(hub: FakeHub) -> None:
    assert "is not ready" in failure("path", "org/model")
    folder = fetch()
    assert folder.name == COMMIT
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == FILES
    hub.requests.clear()
    for command in (["path", "org/model"], ["fetch", "org/model"], ["path", f"org/model@{COMMIT}"]):
        assert models(*command).stdout == f"{folder}\n"
    assert hub.requests == []


@pytest.mark.parametrize("name", ["model.safetensors", "config.json"])
def test_a_damaged_file_is_fetched_again(name: str, hub: FakeHub) -> None:
    hub.corrupt = True
    assert "arrived damaged" in failure("fetch", "org/model")
    assert "is not ready" in failure("path", "org/model")
    hub.corrupt = False
    file = fetch() / name
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    assert fetch() == file.parent
    assert file.read_bytes() == hub.files[name]


@pytest.mark.parametrize("whole", [True, False])
def test_a_removed_model_leaves_nothing(whole: bool, hub: FakeHub, tmp_path: Path) -> None:
    folder = fetch()
    if not whole:
        (folder / "model.safetensors").unlink()
        assert "is not ready" in failure("path", "org/model")
    assert models("remove", "org/model").stdout == f"{folder}\n"
    assert not folder.exists()
    left = [file for file in (tmp_path / "hub" / "models--org--model").rglob("*") if file.is_file()]
    assert not whole or [file for file in left if file.suffix != ".lock"] == []
    assert "there is nothing to remove" in failure("remove", "org/model")


@pytest.mark.parametrize(
    ("name", "status", "code", "expected"),
    [
        ("org/lain", None, "", "no model org/lain"),
        ("org/model@lama", None, "", "no revision lama"),
        ("org/model", 401, "", "no model org/model"),
        ("org/model", 403, "", "private"),
        ("org/model", 403, "GatedRepo", "accept its terms at https://huggingface.co/org/model"),
        ("org/model", 500, "", "500"),
        ("opus-mt-id-en", 404, "RepoNotFound", "no model Helsinki-NLP/opus-mt-id-en"),
    ],
)
def test_what_is_wrong_is_said(name: str, status: int | None, code: str, expected: str, hub: FakeHub) -> None:
    hub.status = status
    hub.error_code = code
    assert expected in failure("fetch", name)


@pytest.mark.usefixtures("own_cache")
def test_no_network_is_not_no_such_model() -> None:
    assert "can't be reached" in failure("fetch", "org/model")


def test_nothing_to_take_and_nowhere_to_put_it(hub: FakeHub, tmp_path: Path) -> None:
    (tmp_path / "hub").touch()
    assert "HF_HOME" in failure("fetch", "org/model")
    hub.files = {"config.json": b"{}", "tf_model.h5": b"x"}
    assert "no weights" in failure("fetch", "org/model")


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such limit")
def test_a_file_that_the_disk_does_not_take(hub: FakeHub, tmp_path: Path) -> None:
    result = ringkas(tmp_path, hub, "models", "fetch", "org/model", limit="-f 2")
    assert result.returncode == 6
    assert "File too large" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("variable", ["", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"])
def test_offline_says_what_is_missing_at_once(variable: str, tmp_path: Path, hub: FakeHub) -> None:
    page = SAMPLES / "jembatan.txt"
    options, more = ([], {variable: "1"}) if variable else (["--offline"], {})
    result = ringkas(tmp_path, hub, "summarize", page, "--summary-model", "mt5-xlsum", *options, **more)
    assert result.returncode == 6
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    switch = f"{variable} turns downloads off: unset it, then" if variable else "'offline' turns downloads off:"
    assert f"and {switch} run 'ringkas models fetch mt5-xlsum'" in result.stderr
    assert hub.requests == []


@pytest.mark.parametrize("content", [b"<!doctype html><title>Log in</title>", b"[]", b'{"siblings": 5}', b"{}"])
def test_a_page_in_the_hub_s_place_is_not_no_network(
    content: bytes, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "answer", lambda path: (200, content, {}))
    message = failure("fetch", "org/model")
    assert "the hub's answer can't be used" in message
    assert "can't be reached" not in message


def test_a_file_elsewhere_that_a_hub_names_is_not_removed(hub: FakeHub, tmp_path: Path) -> None:
    """A hub says what the file of a snapshot is called, to which a link leads."""
    folder = fetch()
    elsewhere = tmp_path / "surat.txt"
    elsewhere.write_text("milik orang", encoding="utf-8")
    link = folder / "config.json"
    link.unlink()
    link.symlink_to(elsewhere)
    assert fetch() == folder
    assert elsewhere.read_text(encoding="utf-8") == "milik orang"
    assert link.read_bytes() == hub.files["config.json"]


def test_a_file_that_the_hub_lists_and_does_not_have_is_told_as_that(
    hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = hub.answer

    def without_vocabulary(path: str) -> tuple[int, bytes, dict[str, str]]:
        is_asked = path.endswith("/vocab.json")
        return (404, b"", {"X-Error-Code": "EntryNotFound"}) if is_asked else answer(path)

    monkeypatch.setattr(hub, "answer", without_vocabulary)
    assert "lists a file that it doesn't have" in failure("fetch", "org/model")


def test_a_list_of_files_that_never_comes_ends(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    """A header now and then is an answer in time, each time."""
    monkeypatch.setattr("summarizer.models.hub._LISTING_SECONDS", 0.5)
    hub.header_drip = 0.05
    assert "takes too long to answer" in failure("fetch", "org/model")
