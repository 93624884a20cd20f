import os
import random
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from summarizer.errors import ModelError
from summarizer.storage import cache
from summarizer.storage.cache import build_once, cache_dir, damaged, find_damaged, is_complete
from tests.conftest import until

# Builds a folder slowly and notes each time that it is built.
BUILDER = """
import sys, time
from pathlib import Path
from summarizer.storage.cache import build_once
def build(folder):
    with open(sys.argv[2], "a") as log:
        log.write("built\\n")
    (folder / "first").write_text("x")
    time.sleep(float(sys.argv[3]))
    (folder / "second").write_text("y")
build_once(Path(sys.argv[1]), build)
"""


def start(target: Path, log: Path, seconds: float) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", BUILDER, str(target), str(log), str(seconds)])


def content(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_two_at_once_build_once(tmp_path: Path) -> None:
    target = tmp_path / "model"
    log = tmp_path / "log"
    processes = [start(target, log, 0.5) for _ in range(2)]
    assert [process.wait(60) for process in processes] == [0, 0]
    assert log.read_text() == "built\n"
    assert {"first", "second"} < content(target)


def test_a_build_that_was_killed_leaves_nothing_and_is_made_anew(tmp_path: Path) -> None:
    target = tmp_path / "model"
    log = tmp_path / "log"
    process = start(target, log, 60)
    until(log.exists)
    process.kill()
    process.wait()
    assert not target.exists()
    assert not is_complete(target)
    assert start(target, log, 0).wait(60) == 0
    assert {"first", "second"} < content(target)
    assert not any("partial" in name for name in content(tmp_path))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ModelError("wrong weights"), "wrong weights"),
        (OSError(28, "No space left on device"), "no space left on device.*RINGKAS_CACHE"),
        (OSError(12, "Cannot allocate memory"), "not enough memory"),
        (MemoryError(), "not enough memory"),
    ],
)
def test_a_failure_leaves_nothing(tmp_path: Path, error: Exception, words: str) -> None:
    def build(folder: Path) -> None:
        (folder / "half").touch()
        raise error

    with pytest.raises(ModelError, match=words):
        build_once(tmp_path / "model", build)
    assert content(tmp_path) <= {"model.lock"}


def test_where_the_cache_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RINGKAS_CACHE", str(tmp_path))
    assert cache_dir() == tmp_path
    monkeypatch.delenv("RINGKAS_CACHE")
    assert cache_dir().name == "ringkas"
    assert cache_dir().is_absolute() is True
    with pytest.raises(ModelError, match="name too long"):
        build_once(Path("x" * 300), pytest.fail)


def _write_model(folder: Path) -> None:
    (folder / "weights").mkdir()
    for name, size in (("weights/a.bin", 3_000_000), ("config.json", 20), ("empty", 0)):
        (folder / name).write_bytes(random.Random(name).randbytes(size))
        (folder / name).chmod(0o600)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return build_once(tmp_path / "model", _write_model)


def _damage_quietly(file: Path) -> None:
    """Change the last byte, so that the time of change says nothing."""
    times = file.stat()
    data = file.read_bytes()
    file.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


def test_what_is_whole_is_not_built_again(model: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert is_complete(model)
    assert find_damaged(model) == []
    os.utime(model / "config.json")
    assert build_once(model, pytest.fail) == model
    assert caplog.text == ""
    # Others may read it, too.
    assert (model / "weights" / "a.bin").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("was_verified", [False, True])
@pytest.mark.parametrize(
    "change",
    [
        lambda folder: os.truncate(folder / "weights" / "a.bin", 100),
        lambda folder: (folder / "config.json").unlink(),
        lambda folder: _damage_quietly(folder / "weights" / "a.bin"),
        lambda folder: (folder / "complete").write_text(""),
        lambda folder: (folder / "complete").write_text("{"),
        lambda folder: (folder / "complete").write_text('{"config.json": 1}'),
    ],
)
def test_damage_is_said_and_mended(
    model: Path, caplog: pytest.LogCaptureFixture, change: Callable[[Path], object], was_verified: bool
) -> None:
    if was_verified:
        assert is_complete(model)
    change(model)
    assert not is_complete(model)
    assert find_damaged(model)
    build_once(model, _write_model)
    assert re.search(r"is damaged \(.+\): making it again", caplog.text)
    assert is_complete(model)
    assert find_damaged(model) == []


@pytest.mark.parametrize("stamp", ["of another day", "é", ""])
def test_all_is_read_once_a_day(model: Path, stamp: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_complete(model)
    known = (model / "verified").read_bytes()
    (model / "verified").write_text(stamp, encoding="utf-8")
    assert is_complete(model)
    assert (model / "verified").read_bytes() == known
    # What was read that day is not read again.
    monkeypatch.setattr("summarizer.storage.cache.find_damaged", pytest.fail)
    assert is_complete(model)


def test_damage_that_the_system_does_not_note_is_found_the_next_day(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert is_complete(model)
    _damage_quietly(model / "weights" / "a.bin")
    # As on a disk that fails, the files look as they did.
    (model / "verified").write_text(cache._look(model))
    assert is_complete(model)
    monkeypatch.setattr(cache, "date", _Tomorrow)
    assert not is_complete(model)


class _Tomorrow(date):
    @classmethod
    def today(cls) -> date:
        return date.today() + timedelta(1)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (RuntimeError("[ONNXRuntimeError] : 6 : std::bad_alloc"), "not enough memory"),
        (ImportError("/x/_rust.abi3.so: failed to map segment from shared object"), "not enough memory"),
        (ImportError("/x.so: failed to map segment from shared object: Operation not permitted"), "can't be loaded"),
        (RuntimeError("satu\ndua"), "is damaged; delete the folder: satu dua"),
    ],
)
def test_only_a_damaged_model_is_called_damaged(tmp_path: Path, error: Exception, words: str) -> None:
    assert words in str(damaged(tmp_path, error))
