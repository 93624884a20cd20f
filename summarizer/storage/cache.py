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
from summarizer.storage.atomic import open_up
from summarizer.text.normalise import one_line

_DONE = "complete"
"""File in a finished folder that says what sizes and digests the others had."""

_VERIFIED = "verified"
"""File beside it: for the last boots of the machines that share the folder, what it looked like when all of it was read
and found to be as it was made."""

_BOOTS = 64
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")

_log = logging.getLogger("summarizer")


def cache_dir() -> Path:
    """Return the cache folder: ``RINGKAS_CACHE`` if set, else the platform's (``~/.cache/ringkas`` on Linux).

    The folder is not created.
    """
    named = os.environ.get("RINGKAS_CACHE")
    if named:
        return Path(named).expanduser()
    from platformdirs import user_cache_path

    return user_cache_path("ringkas", appauthor=False)


def is_complete(folder: Path) -> bool:
    """Tell whether `build_once` finished this folder and it is as it was then.

    All of it is read once per boot of the machine (once a day where the system gives boots no name), and when a file
    has been written to or replaced since: what the system notes of that can't be set back, as the time of change can.
    Reading 510 MB takes 0.3 s with SHA instructions; the look at the files' states that does otherwise, 0.2 ms.
    """
    stamp, boot, look = folder / _VERIFIED, _boot(), _look(folder)
    seen: dict[str, str] = {}
    with suppress(OSError, ValueError, TypeError):
        seen = dict(json.loads(stamp.read_text(encoding="utf-8")))
    if seen.get(boot) == look:
        return True
    if find_damaged(folder):
        return False
    with suppress(OSError):  # a cache that others share may be theirs: then it is read each time
        stamp.write_text(json.dumps(dict([*seen.items()][-_BOOTS:]) | {boot: look}), encoding="utf-8")
        open_up(stamp)
    return True


def _boot() -> str:
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return date.today().isoformat()


def _look(folder: Path) -> str:
    """Return what changes when a file is written to or replaced."""
    files = (file for file in sorted(folder.rglob("*")) if file.name != _VERIFIED and file.exists())
    stats = [(str(file.relative_to(folder)), file.stat()) for file in files]
    looks = [(name, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino) for name, stat in stats]
    return hashlib.sha256(json.dumps(looks).encode()).hexdigest()


def find_damaged(folder: Path) -> list[str]:
    """Return the names of the files in a folder that aren't as `build_once` left them; all of them are read."""
    try:
        kept: dict[str, list[Any]] = json.loads((folder / _DONE).read_text(encoding="utf-8"))
        return [name for name, (size, *_, digest) in kept.items() if not _is_sound(folder / name, size, digest)]
    except (OSError, ValueError, TypeError, AttributeError):
        return [_DONE]


def _is_sound(file: Path, size: int, digest: str) -> bool:
    try:
        return file.stat().st_size == size and file_sha256(file) == digest
    except OSError:
        return False


def file_sha256(file: Path) -> str:
    """Return the SHA-256 of a file as a hexadecimal string."""
    with open(file, "rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def damaged(folder: Path, error: Exception) -> ModelError:
    """Return what to raise when a model in the cache can't be loaded, for whatever reason."""
    if is_out_of_memory(error):
        return ModelError(f"there is not enough memory to load the model in {folder}", advice="close other programs")
    return ModelError(f"the model in {folder} is damaged; delete the folder: {one_line(str(error))}")


def build_once(folder: Path, build: Callable[[Path], None]) -> Path:
    """Fill a cache folder unless it is there already, and return it.

    The folder appears complete or not at all: ``build`` fills a scratch folder beside it, which takes its place in
    one step. A folder that is damaged is filled anew. A lock makes a second process wait for the first instead of
    building again; what a killed process left behind is removed by the next one.

    Args:
        folder: the folder to be made, named after all that its content depends on.
        build: fills the empty folder that it is given.

    Raises:
        ModelError: there is not enough memory, or the cache can't be written (permissions, disk full); the message
            names the folder.
    """
    if is_complete(folder):
        return folder
    from filelock import FileLock

    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_name(folder.name + ".lock")):
            if is_complete(folder):
                return folder
            if folder.exists():
                names = ", ".join(find_damaged(folder))
                _log.warning("the model in %s is damaged (%s): making it again", folder, names)
            scratch = folder.with_name(folder.name + ".partial")
            for leftover in (scratch, folder):
                if leftover.exists():
                    shutil.rmtree(leftover)
            scratch.mkdir()
            try:
                build(scratch)
                files = sorted(file for file in scratch.rglob("*") if file.is_file())
                for file in files:
                    open_up(file)
                states = {
                    file.relative_to(scratch).as_posix(): (file.stat().st_size, file_sha256(file)) for file in files
                }
                (scratch / _DONE).write_text(json.dumps(states), encoding="utf-8")
                scratch.rename(folder)
            finally:
                shutil.rmtree(scratch, ignore_errors=True)
    except (OSError, MemoryError) as error:
        if is_out_of_memory(error):
            raise ModelError(
                f"there is not enough memory to make the model in {folder}", advice="close other programs"
            ) from error
        raise ModelError(
            f"cannot write the model to the cache at {folder.parent}: {reason_of(error)}; "
            "free some space there, or set RINGKAS_CACHE to another folder"
        ) from error
    return folder
