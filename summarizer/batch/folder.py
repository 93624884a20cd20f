"""The folder that a batch writes: a file for each result, one list of all, and what keeps them in order.

As soon as a group's files are on the disk, its records go into a store in the folder ``.ringkas``, all in one step:
what is in there counts, whatever happens next. When a run ends, or a new one finds what a killed one has left, the
records become ``results.jsonl``.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path, PurePath
from typing import Any, NamedTuple

from summarizer.errors import OutputError, reason_of
from summarizer.storage.atomic import open_whole, write_whole
from summarizer.storage.store import Store

RESULTS, FAILURES = "results.jsonl", "failures.jsonl"

STATE = ".ringkas"
"""Folder in the output of a batch that holds what is not a result."""


class Known(NamedTuple):
    """An earlier result.

    Attributes:
        key: stands for all that it depends on.
        output: its file, below the output folder.
        digest: SHA-256 of that file.
        file: what it was made of; None if the record is older than such notes.
        place: offset and length of its record in ``results.jsonl`` in bytes; None if that is in the store.
    """

    key: str
    output: str
    digest: str
    file: str | None
    place: tuple[int, int] | None

    def is_there(self, output: Path) -> bool:
        """Tell whether the result's file in the output folder is as it was written."""
        return _digest_of(output / self.output) == self.digest

    def is_of_another(self, path: str, output: Path) -> bool:
        """Tell whether it was made of another file than this one, and both that file and the result's are there."""
        try:
            return self.file is not None and (output / self.output).exists() and not Path(self.file).samefile(path)
        except (OSError, ValueError):
            return False


@contextmanager
def lock(output: Path) -> Iterator[Path]:
    """Make the output folder and keep other runs out of it.

    Yields:
        The folder for what must not lie among the results.

    Raises:
        OutputError: another run works in it, or it can't be made or written to.
    """
    from filelock import FileLock, Timeout

    state = output / STATE
    with _writing(output):
        state.mkdir(parents=True, exist_ok=True)
        guard = FileLock(state / "lock", timeout=0)
        try:
            guard.acquire()
        except Timeout:
            raise OutputError(f"another run is writing to {output}: wait for it, or choose another folder") from None
    try:
        yield state
    finally:
        guard.release()


class ResultFolder:
    """The results in an output folder."""

    def __init__(self, output: Path, state: Path) -> None:
        """Look at what earlier runs left, and put it in order.

        Args:
            output: the folder.
            state: what `lock` yielded for it.

        Raises:
            OutputError: the folder can't be read or written.
        """
        self.output = output
        self.known: dict[str, Known] = {}
        self._scratch, self._landed = state / "unfinished", state / "landed.sqlite"
        self._begun_list = state / "begun"
        self._store: Store | None = None
        self._protected: tuple[str, ...] = ()
        with _writing(output):
            # What a killed run was writing.
            shutil.rmtree(self._scratch, ignore_errors=True)
            self._scratch.mkdir()
            self._read_list()
        if self._landed.exists():
            for record in self._opened().values():
                self._learn(record, None)
            self._write_list(self.known)
        with _writing(output):
            # Files that a killed run wrote, or was about to, without their records.
            self._begun = self._read_begun() - {"", *(known.output for known in self.known.values())}
        self._group: frozenset[str] = frozenset()

    def protect(self, paths: Iterable[str]) -> None:
        """Keep files from being replaced or removed: the inputs. To be called once, before anything is written."""
        self._protected = tuple(paths)

    def may_write(self, name: str, output: str, text: str) -> bool:
        """Tell whether a result would replace nothing but what a batch has written for the same input.

        Args:
            name: of the input.
            output: path of the result's file below the folder.
            text: what the file would hold.
        """
        known, target = self.known.get(name), self.output / output
        if not os.path.lexists(target):
            return True
        if self._is_input(output):
            return False
        if (known and known.output == output) or output in self._begun or not os.path.isfile(target):  # noqa: PTH113
            return True
        # Without its record, what an earlier run wrote looks like a stranger's file.
        return _digest_of(target) == _digest(text)

    def begin(self, outputs: Iterable[str]) -> None:
        """Take note of files that are about to be written, so that they count as a batch's if this run is killed.

        Args:
            outputs: their paths below the folder; `land` ends it.

        Raises:
            OutputError: the note can't be written.
        """
        self._group = frozenset(outputs)
        self._begun |= self._group
        with _writing(self.output), open(self._begun_list, "a", encoding="utf-8") as file:
            # A killed run may have left half a line.
            file.writelines(f"\n{output}" for output in sorted(self._group))

    def write(self, output: str, text: str) -> str:
        """Write the file of a result, and return its digest.

        Args:
            output: path of the file below the folder.
            text: what it holds.

        Raises:
            OutputError: it can't be written, or isn't below the folder; the cause is the `OSError`.
        """
        target = self.output / output
        try:
            if not _is_below(output):
                raise OSError(errno.EINVAL, "it is outside of the folder")
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"cannot write {target}: {reason_of(error)}") from error
        write_whole(target, text, self._scratch)
        return _digest(text)

    def land(self, records: Sequence[dict[str, Any]]) -> None:
        """Keep the records of results whose files were written, all of them or none.

        Args:
            records: with ``input``, ``output``, ``key`` and ``sha256`` in each.

        Raises:
            OutputError: the store can't be written.
        """
        self._opened().put_all({record["input"]: record for record in records})
        for record in records:
            self.forget(record["input"], unless=record["output"])
            self._learn(record, None)
        self._begun -= self._group

    def forget(self, name: str, unless: str | None = None) -> None:
        """Drop an earlier result of an input, and its file unless that has been written again or is an input."""
        known = self.known.pop(name, None)
        if not known or known.output == unless:
            return
        if known.is_there(self.output) and not self._is_input(known.output):
            (self.output / known.output).unlink()

    def finish(self, order: Iterable[str], failures: Iterable[dict[str, str]]) -> None:
        """Write the lists of results and failures.

        Args:
            order: names of the inputs; results of other inputs follow.
            failures: what goes into ``failures.jsonl``.

        Raises:
            OutputError: they can't be written.
        """
        self._write_list([*(name for name in order if name in self.known), *self.known])
        lines = [json.dumps(failure, ensure_ascii=False) + "\n" for failure in failures]
        with _writing(self.output):
            write_whole(self.output / FAILURES, "".join(lines), self._scratch)
            if self._begun:
                write_whole(self._begun_list, "\n".join(sorted(self._begun)), self._scratch)
            else:
                self._begun_list.unlink(missing_ok=True)

    def records(self) -> Iterator[dict[str, Any]]:
        """Yield the records of ``results.jsonl``, one at a time."""
        with open(self.output / RESULTS, encoding="utf-8") as file:
            yield from map(json.loads, file)

    def close(self) -> None:
        """Close the store, so that the next run can take what is in it."""
        if self._store:
            self._store.close()
            self._store = None

    @cached_property
    def _inputs(self) -> frozenset[str]:
        """The inputs in the output folder; there may be a million of them elsewhere, and hardly a run asks."""
        root = os.path.join(os.path.realpath(self.output), "")  # noqa: PTH118
        real = map(os.path.realpath, self._protected)
        return frozenset(path for path in real if path.startswith(root))

    def _is_input(self, output: str) -> bool:
        return os.path.realpath(self.output / output) in self._inputs

    def _read_begun(self) -> set[str]:
        with suppress(FileNotFoundError):
            return set(self._begun_list.read_text(encoding="utf-8", errors="replace").split("\n"))
        return set()

    def _opened(self) -> Store:
        self._store = self._store or Store(self._landed)
        return self._store

    def _learn(self, record: Any, place: tuple[int, int] | None) -> None:
        """Take note of a record; anything else, and one whose file isn't below the folder, is skipped."""
        try:
            name, key, output, digest = (str(record[part]) for part in ("input", "key", "output", "sha256"))
        except (KeyError, TypeError):
            return
        if not _is_below(output):
            return
        # A later record replaces an earlier one of the same input.
        self.known.pop(name, None)
        self.known[name] = Known(key, output, digest, str(record["file"]) if "file" in record else None, place)

    def _read_list(self) -> None:
        """Take note of the records in ``results.jsonl``; lines that are not complete records are skipped."""
        target = self.output / RESULTS
        if not target.is_file():
            return
        offset = 0
        with open(target, "rb") as lines:
            for line in lines:
                with suppress(ValueError):
                    self._learn(json.loads(line), (offset, len(line)))
                offset += len(line)

    def _write_list(self, names: Iterable[str]) -> None:
        """Write the records into ``results.jsonl``, in the order of the names, and empty the store."""
        target = self.output / RESULTS
        listed: dict[str, Known] = {}
        with _writing(self.output):
            with open_whole(target, self._scratch) as file:
                for name in dict.fromkeys(names):
                    known = self.known[name]
                    line = self._line(name, known.place)
                    listed[name] = known._replace(place=(file.tell(), len(line)))
                    file.write(line)
            self.known = listed
            self.close()
            self._landed.unlink(missing_ok=True)

    def _line(self, name: str, place: tuple[int, int] | None) -> bytes:
        if place is None:
            line = json.dumps(self._opened().get(name), ensure_ascii=False) + "\n"
            # In JSON too, this is how to spell the bytes of a path that are no UTF-8.
            return line.encode("utf-8", "backslashreplace")
        with open(self.output / RESULTS, "rb") as file:
            file.seek(place[0])
            return file.read(place[1])


def written_in(folder: Path) -> set[str]:
    """Return what batches have written straight into a folder, as far as the folder knows: paths below it."""
    written = {RESULTS, FAILURES}
    with suppress(OSError), open(folder / RESULTS, "rb") as lines:
        for line in lines:
            with suppress(ValueError, TypeError, KeyError):
                written.add(str(json.loads(line)["output"]))
    return written


def _is_below(output: str) -> bool:
    """Tell whether the path of a result stays below the folder it is appended to."""
    path = PurePath(output)
    return not path.anchor and ".." not in path.parts


@contextmanager
def _writing(output: Path) -> Iterator[None]:
    """Turn what goes wrong with the output folder's own files into one line."""
    try:
        yield
    except OSError as error:
        raise OutputError(f"cannot write to {output}: {reason_of(error)}") from error


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _digest_of(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None
