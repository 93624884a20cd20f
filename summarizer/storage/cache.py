"""The folder where Ringkas keeps what is expensive to make, and how it is filled safely."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from summarizer.errors import ModelError
from summarizer.text.normalise import one_line

_DONE = "complete"


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
    """Tell whether `build_once` finished this folder."""
    return (folder / _DONE).is_file()


def damaged(folder: Path, error: Exception) -> ModelError:
    """Return what to raise when a model in the cache can't be loaded, for whatever reason."""
    return ModelError(f"the model in {folder} is damaged; delete the folder: {one_line(str(error))}")


def build_once(
    folder: Path, build: Callable[[Path], None], is_whole: Callable[[Path], bool] = lambda folder: True
) -> Path:
    """Fill a cache folder unless it is there already, and return it.

    The folder appears complete or not at all: ``build`` fills a scratch folder beside it, which takes its place in
    one step. A lock makes a second process wait for the first instead of building again; what a killed process
    left behind is removed by the next one.

    Args:
        folder: the folder to be made, named after all that its content depends on.
        build: fills the empty folder that it is given.
        is_whole: tells whether what lies there is undamaged; what isn't is made again.

    Raises:
        ModelError: the cache can't be written (permissions, disk full); the message names the folder.
    """
    if is_complete(folder) and is_whole(folder):
        return folder
    from filelock import FileLock

    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_name(folder.name + ".lock")):
            if is_complete(folder) and is_whole(folder):
                return folder
            scratch = folder.with_name(folder.name + ".partial")
            for leftover in (scratch, folder):
                if leftover.exists():
                    shutil.rmtree(leftover)
            scratch.mkdir()
            try:
                build(scratch)
                (scratch / _DONE).touch()
                scratch.rename(folder)
            finally:
                shutil.rmtree(scratch, ignore_errors=True)
    except OSError as error:
        raise ModelError(
            f"cannot write the model to the cache at {folder.parent}: {error.strerror or error}; "
            "free some space there, or set RINGKAS_CACHE to another folder"
        ) from error
    return folder
