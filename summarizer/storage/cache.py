"""The folder where Ringkas keeps what is expensive to make, and how it is filled safely."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from summarizer.errors import ModelError, is_out_of_memory, reason_of
from summarizer.storage.fingerprint import digest_values
from summarizer.text.normalise import one_line

# In a finished folder: sizes and digests of its files, and how it looked when all of it was last found to be sound.
_DONE = "complete"
_VERIFIED = "verified"

_log = logging.getLogger("summarizer")


def cache_dir() -> Path:
    """Return the cache folder: ``RINGKAS_CACHE`` if set, else the platform's (``~/.cache/ringkas`` on Linux)."""
    named = os.environ.get("RINGKAS_CACHE")
    if named:
        return Path(named).expanduser()
    from platformdirs import user_cache_path

    return user_cache_path("ringkas", appauthor=False)


def is_complete(folder: Path) -> bool:
    """Tell whether `build_once` finished this folder and it is as it was then.

    All of it is read when a file has been written to or replaced since it was read last: what the system notes of that
    can't be set back, as the time of change can. It is also read once a day (0.3 s for 510 MB with SHA instructions):
    of a disk that fails the system notes nothing, and wrong weights lead to no error, but to wrong words.
    """
    stamp = folder / _VERIFIED
    look = ""
    with suppress(OSError, ValueError):  # where another process is making it again, files go while they are looked at
        look = _look(folder)
        if look == stamp.read_text(encoding="ascii"):
            return True
    if find_damaged(folder):
        return False
    with suppress(OSError):  # a cache that others share may be theirs: then it is read each time
        stamp.write_text(look, encoding="ascii")
    return True


def _look(folder: Path) -> str:
    """Return what changes with the day, and when a file is written to or replaced."""
    looks: list[tuple[str, int, int, int]] = []
    for file in sorted(folder.rglob("*")):
        if file.name != _VERIFIED and file.exists():
            stat = file.stat()
            looks.append((str(file), stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino))
    return digest_values([date.today().isoformat(), looks])


def find_damaged(folder: Path) -> list[str]:
    """Return the names of the files in a folder that aren't as `build_once` left them; all of them are read."""
    damaged_files: list[str] = []
    try:
        states: dict[str, list[Any]] = json.loads((folder / _DONE).read_text(encoding="utf-8"))
        for name, (*_, digest) in states.items():
            file = folder / name
            if not file.is_file() or file_sha256(file) != digest:
                damaged_files.append(name)
    except (OSError, ValueError, TypeError, AttributeError):
        # The list itself is damaged.
        return [_DONE]
    return damaged_files


def file_sha256(file: Path) -> str:
    """Return the SHA-256 of a file as a hexadecimal string."""
    with open(file, "rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def damaged(folder: Path, error: Exception) -> ModelError:
    """Return what to raise when a model in the cache can't be loaded, for whatever reason.

    Args:
        folder: that of the model.
        error: what loading it raised.
    """
    if is_out_of_memory(error):
        return ModelError(f"there is not enough memory for the model in {folder}", advice="close other programs")
    if isinstance(error, ImportError):
        return ModelError(f"a library can't be loaded: {one_line(str(error))}", advice="install Ringkas again")
    return ModelError(f"the model in {folder} is damaged; delete the folder: {one_line(str(error))}")


def build_once(folder: Path, build: Callable[[Path], None]) -> Path:
    """Fill a cache folder, which is named after all that its content depends on, unless it is there; and return it.

    The folder appears complete or not at all: ``build`` fills a scratch folder beside it, which takes its place in one
    step. A folder that is damaged is filled anew. A lock makes a second process wait for the first.

    Args:
        folder: where the content belongs.
        build: fills an empty folder with it.

    Raises:
        ModelError: the folder can't be written, or there is not enough memory. What ``build`` raises passes.
    """
    if is_complete(folder):
        return folder
    from filelock import FileLock

    scratch = folder.with_name(folder.name + ".partial")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_name(folder.name + ".lock")):
            if is_complete(folder):
                return folder
            if folder.exists():
                names = ", ".join(find_damaged(folder))
                _log.warning("the model in %s is damaged (%s): making it again", folder, names)
                shutil.rmtree(folder)
            shutil.rmtree(scratch, ignore_errors=True)
            scratch.mkdir()
            try:
                build(scratch)
                _finish(scratch)
                scratch.rename(folder)
            finally:
                shutil.rmtree(scratch, ignore_errors=True)
    except (OSError, MemoryError) as error:
        if is_out_of_memory(error):
            raise damaged(folder, error) from error
        raise ModelError(
            f"cannot write the model to the cache at {folder.parent}: {reason_of(error)}; "
            "free some space there, or set RINGKAS_CACHE to another folder"
        ) from error
    return folder


def _finish(folder: Path) -> None:
    """Let everybody read the files of a folder, and note their sizes and digests there."""
    states: dict[str, tuple[int, str]] = {}
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            # All users of a shared cache may read what was made in a temporary file.
            file.chmod(0o644)
            states[file.relative_to(folder).as_posix()] = (file.stat().st_size, file_sha256(file))
    (folder / _DONE).write_text(json.dumps(states), encoding="utf-8")
