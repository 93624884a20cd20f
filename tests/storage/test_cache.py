from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from summarizer.errors import ModelError
from summarizer.storage.cache import build_once, cache_dir, damaged, find_damaged, is_complete

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
    target, log = tmp_path / "model", tmp_path / "log"
    processes = [start(target, log, 0.5) for _ in range(2)]
    assert [process.wait(30) for process in processes] == [0, 0]
    assert log.read_text() == "built\n"
    assert {"first", "second"} < content(target)


def test_killed_half_way(tmp_path: Path) -> None:
    target, log = tmp_path / "model", tmp_path / "log"
    process = start(target, log, 60)
    while not log.exists():
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not target.exists()
    assert not is_complete(target)
    assert start(target, log, 0).wait(30) == 0
    assert {"first", "second"} < content(target)
    assert not any("partial" in name for name in content(tmp_path))


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    def build(folder: Path) -> None:
        (folder / "half").touch()
        raise ModelError("wrong weights")

    with pytest.raises(ModelError, match="wrong weights"):
        build_once(tmp_path / "model", build)
    assert content(tmp_path) <= {"model.lock"}


def test_disk_full_says_where(tmp_path: Path) -> None:
    def build(folder: Path) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(ModelError, match=r"no space left on device.*RINGKAS_CACHE") as caught:
        build_once(tmp_path / "model", build)
    assert str(tmp_path) in str(caught.value)


def test_a_cache_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ModelError, match="RINGKAS_CACHE"):
        build_once(tmp_path / "file" / "model", lambda folder: None)


def test_where_the_cache_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RINGKAS_CACHE", str(tmp_path))
    assert cache_dir() == tmp_path
    monkeypatch.delenv("RINGKAS_CACHE")
    assert cache_dir().name == "ringkas"
    assert cache_dir().is_absolute()


def _write_model(folder: Path) -> None:
    (folder / "weights").mkdir()
    for name, size in (("weights/a.bin", 3_000_000), ("config.json", 20), ("empty", 0)):
        (folder / name).write_bytes(random.Random(name).randbytes(size))
        (folder / name).chmod(0o600)


def _damage(file: Path, at: int, *, quietly: bool) -> None:
    times = file.stat()
    with open(file, "r+b") as content:
        content.seek(at)
        byte = content.read(1)[0]
        content.seek(at)
        content.write(bytes([byte ^ 1]))
    if quietly:
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


def test_what_is_whole_is_not_built_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    target = build_once(tmp_path / "model", _write_model)
    assert (is_complete(target), find_damaged(target)) == (True, [])
    os.utime(target / "config.json")
    assert build_once(target, pytest.fail) == target
    assert caplog.text == ""


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: os.truncate(folder / "weights" / "a.bin", 100),
        lambda folder: (folder / "config.json").unlink(),
        lambda folder: _damage(folder / "weights" / "a.bin", 1_234_567, quietly=False),
        lambda folder: _damage(folder / "weights" / "a.bin", 2_999_999, quietly=True),
        lambda folder: (folder / "complete").write_text(""),
        lambda folder: (folder / "complete").write_text("{"),
        lambda folder: (folder / "complete").write_text('{"config.json": 1}'),
    ],
)
def test_damage_is_said_and_mended(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, change: Callable[[Path], object]
) -> None:
    target = build_once(tmp_path / "model", _write_model)
    change(target)
    assert not is_complete(target)
    assert find_damaged(target)
    build_once(target, _write_model)
    assert re.search(r"is damaged \(.+\): making it again", caplog.text)
    assert (is_complete(target), find_damaged(target)) == (True, [])


def test_what_is_damaged_behind_the_time_of_change_is_found(tmp_path: Path) -> None:
    target = build_once(tmp_path / "model", _write_model)
    assert is_complete(target)
    _damage(target / "weights" / "a.bin", 50_000, quietly=True)
    assert not is_complete(target)
    assert find_damaged(target) == ["weights/a.bin"]


@pytest.mark.parametrize("stamp", ['{"another boot": "x"}', "[1]", "{", ""])
def test_all_is_read_once_for_each_boot(tmp_path: Path, stamp: str) -> None:
    target = build_once(tmp_path / "model", _write_model)
    assert is_complete(target)
    known = json.loads((target / "verified").read_text(encoding="utf-8"))
    (target / "verified").write_text(stamp, encoding="utf-8")
    assert is_complete(target)
    assert json.loads((target / "verified").read_text(encoding="utf-8")).items() >= known.items()


def test_what_an_earlier_version_made_is_good(tmp_path: Path) -> None:
    target = build_once(tmp_path / "model", _write_model)
    states = json.loads((target / "complete").read_text())
    earlier = {name: [size, 1, "a sample's digest", digest] for name, (size, digest) in states.items()}
    (target / "complete").write_text(json.dumps(earlier))
    assert (is_complete(target), find_damaged(target)) == (True, [])


def test_a_cache_that_cannot_be_written_is_read(tmp_path: Path) -> None:
    target = build_once(tmp_path / "model", _write_model)
    (target / "verified").mkdir()
    assert is_complete(target)


def test_others_may_read_what_was_built(tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    target = build_once(tmp_path / "model", _write_model)
    modes = {file.stat().st_mode for file in (target / "weights" / "a.bin", tmp_path / "other")}
    assert len(modes) == 1


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        OSError(12, "Cannot allocate memory"),
        RuntimeError("[ONNXRuntimeError] : 6 : std::bad_alloc"),
        ImportError("/x/_rust.abi3.so: failed to map segment from shared object"),
    ],
)
def test_a_model_that_finds_no_memory_is_not_called_damaged(tmp_path: Path, error: Exception) -> None:
    def build(folder: Path) -> None:
        raise error

    assert "not enough memory" in str(damaged(tmp_path, error))
    if isinstance(error, MemoryError | OSError):
        with pytest.raises(ModelError, match="not enough memory"):
            build_once(tmp_path / "model", build)
    noexec = ImportError("/x.so: failed to map segment from shared object: Operation not permitted")
    assert "memory" not in str(damaged(tmp_path, noexec))
    assert "is damaged; delete the folder: satu dua" in str(damaged(tmp_path, RuntimeError("satu\ndua")))
