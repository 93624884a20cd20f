"""The folder where Ringkas keeps what is expensive to make, and how it is filled safely."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from summarizer.errors import ModelError, is_out_of_memory, reason_of
from summarizer.storage.atomic import open_up
from summarizer.text.normalise import one_line

_DONE = "complete"
"""File in a finished folder that says what state the others were in."""

_PIECES, _PIECE = 32, 4096
"""How many pieces of a file a quick look reads, and of how many bytes."""

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
    """Tell whether `build_once` finished this folder and, as far as a quick look shows, it is as it was then.

    A file whose size or time has changed is damaged unless its whole digest is right; of the others, a few kilobytes
    are looked at.
    """
    return not find_damaged(folder, quick=True)


def find_damaged(folder: Path, *, quick: bool = False) -> list[str]:
    """Return the names of the files in a folder that aren't as `build_once` left them.

    Args:
        folder: of the cache.
        quick: look only as far as `is_complete` does, instead of at all of each file.
    """
    try:
        kept: dict[str, list[Any]] = json.loads((folder / _DONE).read_text(encoding="utf-8"))
        return [name for name, state in kept.items() if not _is_sound(folder / name, state, quick=quick)]
    except (OSError, ValueError, TypeError, AttributeError):
        return [_DONE]


def _is_sound(file: Path, state: list[Any], *, quick: bool) -> bool:
    """Tell whether a file has the state that `_state_of` has recorded of it."""
    try:
        size, changed, sample, whole = state
        found = file.stat()
        if found.st_size != size:
            return False
        if quick and found.st_mtime_ns == changed:
            return bool(_sample(file) == sample)
        with open(file, "rb") as content:
            return bool(hashlib.file_digest(content, "sha256").hexdigest() == whole)
    except (OSError, ValueError):
        return False


def _state_of(file: Path) -> list[Any]:
    """Return size in bytes, time of the last change in nanoseconds, digest of samples, and SHA-256 of a file."""
    with open(file, "rb") as content:
        whole = hashlib.file_digest(content, "sha256").hexdigest()
    return [file.stat().st_size, file.stat().st_mtime_ns, _sample(file), whole]


def _sample(file: Path) -> str:
    """Return the SHA-256 of pieces of a file, the first and the last among them."""
    digest = hashlib.sha256()
    with open(file, "rb") as content:
        last = max(0, file.stat().st_size - _PIECE)
        for number in range(_PIECES):
            content.seek(last * number // (_PIECES - 1))
            digest.update(content.read(_PIECE))
    return digest.hexdigest()


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
        ModelError: the cache can't be written (permissions, disk full); the message names the folder.
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
                states = {file.relative_to(scratch).as_posix(): _state_of(file) for file in files}
                (scratch / _DONE).write_text(json.dumps(states), encoding="utf-8")
                scratch.rename(folder)
            finally:
                shutil.rmtree(scratch, ignore_errors=True)
    except OSError as error:
        raise ModelError(
            f"cannot write the model to the cache at {folder.parent}: {reason_of(error)}; "
            "free some space there, or set RINGKAS_CACHE to another folder"
        ) from error
    return folder
