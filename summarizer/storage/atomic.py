"""Write files completely or not at all."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from summarizer.errors import OutputError, telling
from summarizer.text.normalise import one_line


@contextmanager
def open_whole(target: Path, scratch: Path | None = None) -> Iterator[BinaryIO]:
    """Open a file for writing that takes the target's place when the block ends well.

    A killed program leaves a file named ``.NAME.*.tmp`` behind, and the target as it was. A file that is replaced keeps
    its rights.

    Args:
        target: the file that is to be there in the end. Without ``scratch``, a link stays, and the file it leads to is
            replaced; with it, the link itself is.
        scratch: folder for the unfinished file, if it is on the target's file system; else that lies beside the target.

    Raises:
        OutputError: the file can't be written; the target is as it was. Other exceptions of the block pass, and leave
            it as it was too.
    """
    with _explained(target):
        # Asked for with ``scratch`` too: it makes sure that the target may be written.
        destination = _destination(target)
        replaced = destination if scratch is None else target
        unfinished = _choose_unfinished(replaced, scratch)
        try:
            with open(unfinished, "xb") as file:
                yield file
                # All of it is on the disk before it takes the place of what was there.
                file.flush()
                os.fsync(file.fileno())
            if replaced.exists():
                shutil.copymode(replaced, unfinished)
            unfinished.replace(replaced)
        except BaseException:
            with suppress(OSError):
                unfinished.unlink()
            raise


def _choose_unfinished(target: Path, scratch: Path | None) -> Path:
    """Return a new path for the unfinished file of a target, on the same file system: see `open_whole`.

    Raises:
        OSError: there is no such folder.
    """
    folder = target.parent
    # A folder that is a link may lead to another file system, into which no file can be renamed.
    if scratch is not None and scratch.stat().st_dev == folder.stat().st_dev:
        folder = scratch
    # The name is cut so that it never gets longer than a file system allows while the target's own is not.
    return folder / f".{target.name[:40]}.{secrets.token_hex(6)}.tmp"


def write_whole(target: Path, text: str, scratch: Path | None = None) -> None:
    """Write a text file in UTF-8 as `open_whole` does.

    Raises:
        OutputError: it can't be written; the target is as it was.
    """
    with open_whole(target, scratch) as file:
        file.write(text.encode("utf-8"))


def require_writable(target: Path) -> None:
    """Make sure that `open_whole` could write this file.

    Raises:
        OutputError: it couldn't.
    """
    with _explained(target), tempfile.TemporaryFile(dir=_destination(target).parent):
        pass


def _destination(target: Path) -> Path:
    """Return the file to be written: the target, or what it leads to if it is a link.

    Raises:
        OutputError: it is no file.
        OSError: it is a folder, or the system says that it may not be written.
    """
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if target.exists() and not target.is_file():
        # A file in its place would break it for every other program.
        raise OutputError(f"cannot write {one_line(str(target))}: it is a device or a pipe, not a file")
    # A file is replaced in its folder, whose rights alone the system would ask about.
    if target.is_file() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return Path(os.path.realpath(target)) if target.is_symlink() else target


def _explained(target: Path) -> AbstractContextManager[None]:
    return telling(f"cannot write {one_line(str(target))}", OutputError)
