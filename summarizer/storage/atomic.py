"""Write files completely or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, cast

from summarizer.errors import OutputError, reason_of
from summarizer.text.normalise import one_line


@contextmanager
def open_whole(target: Path, scratch: Path | None = None) -> Iterator[BinaryIO]:
    """Open a file for writing that takes the target's place when the block ends well, and disappears if it doesn't.

    A killed program leaves a file named ``.NAME.*.tmp`` behind, and the target as it was. The file gets the rights of
    the one it replaces; a write-protected one isn't replaced.

    Args:
        target: the file to be written; its folder exists.
        scratch: where the unfinished file lies: a folder of the same file system; None for the target's own. Without
            one, a link stays, and the file it leads to is replaced.

    Raises:
        OutputError: the file can't be written, or the target is a device or a pipe; its cause is the `OSError`, if any.
    """
    with _explained(target):
        destination = _destination(target)
        if scratch is None:
            target = destination
        # The name is cut so that it never gets longer than a file system allows while the target's own is not.
        with tempfile.NamedTemporaryFile(
            dir=scratch or target.parent, prefix=f".{target.name[:40]}.", suffix=".tmp", delete=False
        ) as file:
            try:
                yield cast(BinaryIO, file)
                file.flush()
                os.fsync(file.fileno())
                open_up(Path(file.name), target)
                Path(file.name).replace(target)
            except BaseException:
                with suppress(OSError):
                    Path(file.name).unlink()
                raise


def open_up(file: Path, target: Path | None = None) -> None:
    """Give a temporary file, which is for its owner alone, the rights of the target, or of any new file if it is none.

    The target is the file whose place it takes.
    """
    if target is not None and target.exists():
        file.chmod(target.stat().st_mode & 0o777)
        return
    mask = os.umask(0)
    os.umask(mask)
    file.chmod(0o666 & ~mask)


def write_whole(target: Path, text: str, scratch: Path | None = None) -> None:
    """Write a text file in UTF-8 as `open_whole` does.

    Raises:
        OutputError: the file can't be written.
    """
    with open_whole(target, scratch) as file:
        file.write(text.encode("utf-8"))


def require_writable(target: Path) -> None:
    """Check that a file can be written before it is.

    Raises:
        OutputError: its folder isn't there or takes no new files, or the target is write-protected, a folder, a
            device or a pipe.
    """
    with _explained(target):
        target = _destination(target)
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".", suffix=".tmp"):
            pass


def _destination(target: Path) -> Path:
    """Return the file to be written: the target, or what it leads to if it is a link.

    Raises:
        OutputError: it is a device or a pipe, which a file in its place would break for every other program.
        OSError: it is write-protected, or nothing can have its name.
    """
    if target.exists() and not target.is_file() and not target.is_dir():
        raise OutputError(f"cannot write {one_line(str(target))}: it is a device or a pipe, not a file")
    # A file is replaced in its folder, whose rights alone the system would ask about.
    if target.is_file() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return Path(os.path.realpath(target)) if target.is_symlink() else target


@contextmanager
def _explained(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(f"cannot write {one_line(str(target))}: {reason_of(error)}") from error
