"""The results of a batch: a database that counts, and the files that are made of it.

A result is safe as soon as it is in the database, in the folder ``.ringkas`` of the output. Its own file is written
after that, ``results.jsonl`` at the end of a run. What is missing of them, a later run writes without asking the model.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path, PurePath
from typing import Any

from summarizer.batch.reading import BatchInput
from summarizer.errors import OutputError, reason_of
from summarizer.output.formats import FORMATS, render
from summarizer.storage.atomic import open_whole, write_whole
from summarizer.storage.store import DamagedStoreError, Store

RESULTS, FAILURES = "results.jsonl", "failures.jsonl"

STATE = ".ringkas"
"""Folder in the output of a batch that holds what is not a result."""

Record = dict[str, Any]
"""As a line of ``results.jsonl``: ``input`` (its name), ``file``, ``output``, ``key``, ``sha256`` of its own
file, and what `summarizer.result.Result.to_record` gives."""

_OF_ARTICLE = ("paragraphs", "lines", "removed")
_OF_BATCH = ("input", "file", "output", "key", "sha256")
# What a file system says of a name that it can't hold, or where something else is in the way.
_BAD_NAMES = (errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ, errno.EISDIR, errno.EEXIST, errno.ENOTDIR)


class PlaceError(OutputError):
    """A result can't be written because of its name; all others can."""

    advice = "rename one of the two, or choose another output folder"


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
    """The results in an output folder.

    All methods raise `OutputError` where it can't be read or written, and `DamagedStoreError` where its database is
    damaged.
    """

    def __init__(
        self, output: Path, state: Path, format_name: str, inputs: Iterable[str], *, anew: bool = False
    ) -> None:
        """Open the database; if it is empty, it is made of ``results.jsonl``.

        Args:
            output: the folder.
            state: what `lock` yielded for it.
            format_name: of each result's own file.
            inputs: paths of files that must not be replaced or removed.
            anew: replace a database that is damaged.
        """
        self.output = output
        self._format, self._paths = format_name, inputs
        self._scratch, database = state / "unfinished", state / "results.sqlite"
        with _writing(output):
            # What a killed run was writing.
            shutil.rmtree(self._scratch, ignore_errors=True)
            self._scratch.mkdir()
        if anew and database.exists():
            try:
                with Store(database) as store:
                    store.check()
            except DamagedStoreError:
                database.unlink()
        self._store = Store(database)
        if next(self._store.items(), None) is None:
            self._store.put_all(_read_list(output / RESULTS))

    def close(self) -> None:
        """Close the database."""
        self._store.close()

    def get(self, name: str) -> Record | None:
        """Return the result of an input; None if there is none."""
        record: Record | None = self._store.get(name)
        return record

    def key_of(self, name: str) -> str | None:
        """Return the key of an input's result; None if there is none."""
        record = self.get(name)
        return record["key"] if record else None

    def is_written(self, record: Record, file: BatchInput) -> bool:
        """Tell whether a result's own file is there as it was written, in the format that is asked for."""
        output: str = record["output"]
        return output == self._place(file) and _digest_of(self.output / output) == record["sha256"]

    def is_of_another(self, record: Record, path: str) -> bool:
        """Tell whether a result was made of another file than this one, and both that file and its own are there."""
        try:
            return (self.output / record["output"]).exists() and not Path(record["file"]).samefile(path)
        except (KeyError, OSError, ValueError):
            return False

    def keep(self, results: Iterable[tuple[BatchInput, str, Record]]) -> dict[str, PlaceError]:
        """Put results into the database, all of them or none; from then on they are safe.

        Args:
            results: inputs, their keys, and what `summarizer.result.Result.to_record` gives.

        Returns:
            For the names of inputs whose results have no place, why.
        """
        records, refused = {}, {}
        for file, key, result in results:
            name, output, text = file.name, self._place(file), self._render(result)
            before = self.get(name)
            if not self._may_write(before, output, text):
                reason = f"{name}: there is another file where its result should go: {output}"
                refused[name] = PlaceError(reason, advice="move that file, or choose another output folder")
                continue
            if before and before["output"] != output:
                self._remove_file(before)
            names = {"input": name, "file": os.path.realpath(file.path), "output": output}
            records[name] = names | {"key": key, "sha256": _digest(text)} | result
        self._store.put_all(records)
        return refused

    def write(self, name: str) -> None:
        """Write the file of a result that is in the database.

        Raises:
            PlaceError: there can be no such file; the result is dropped.
        """
        record = self._store.get(name)
        target = self.output / record["output"]
        try:
            if not _is_below(record["output"]):
                raise OSError(errno.EINVAL, "it is outside of the folder")
            target.parent.mkdir(parents=True, exist_ok=True)
            write_whole(target, self._render(_result_of(record)), self._scratch)
        except (OSError, OutputError) as error:
            said = str(error) if isinstance(error, OutputError) else f"cannot write {target}: {reason_of(error)}"
            if getattr(error.__cause__ or error, "errno", None) not in _BAD_NAMES:
                raise OutputError(said) from error
            self._store.remove(name)
            raise PlaceError(f"{name}: {said}") from error

    def restore(self, record: Record, file: BatchInput) -> None:
        """Write the file of a result again; see `write`."""
        for error in self.keep([(file, record["key"], _result_of(record))]).values():
            raise error
        self.write(file.name)

    def forget(self, record: Record) -> None:
        """Drop a result, and its file unless that has been changed."""
        self._remove_file(record)
        self._store.remove(record["input"])

    def finish(self, order: Iterable[str], failures: Iterable[Mapping[str, str]]) -> int:
        """Write the lists of results and failures.

        Args:
            order: names of the inputs; results of other inputs follow.
            failures: what goes into ``failures.jsonl``.

        Returns:
            How many results are of other inputs.
        """
        named = dict.fromkeys(order)
        others = [name for name in self._store.sorted_keys() if name not in named]
        with _writing(self.output):
            with open_whole(self.output / RESULTS, self._scratch) as file:
                for name in (*named, *others):
                    if record := self.get(name):
                        file.write(_line(record))
            with open_whole(self.output / FAILURES, self._scratch) as file:
                file.writelines(map(_line, failures))
        return len(others)

    def _render(self, result: Record) -> str:
        return render({field: value for field, value in result.items() if field not in _OF_ARTICLE}, self._format)

    def _place(self, file: BatchInput) -> str:
        """Return the path of an input's result below the folder."""
        stem = file.stem
        # An input may have the name of a file beside the results, or the name that such an input gets here.
        if stem.split("/")[0].lstrip("_") in (RESULTS, FAILURES, STATE):
            stem = f"_{stem}"
        return stem + FORMATS[self._format].ending

    def _may_write(self, before: Record | None, output: str, text: str) -> bool:
        """Tell whether a result would replace nothing but what a batch has written for the same input."""
        target = self.output / output
        if not os.path.lexists(target):
            return True
        if self._is_input(output):
            return False
        # Whether a folder is in the way, writing tells. What is lost of the database looks like a stranger's file.
        is_own = before is not None and before["output"] == output
        return is_own or not target.is_file() or _digest_of(target) == _digest(text)

    def _remove_file(self, record: Record) -> None:
        target = self.output / record["output"]
        if _digest_of(target) == record["sha256"] and not self._is_input(record["output"]):
            with _writing(self.output):
                target.unlink()

    def _is_input(self, output: str) -> bool:
        return os.path.realpath(self.output / output) in self._inputs

    @cached_property
    def _inputs(self) -> frozenset[str]:
        """The inputs in the output folder; there may be a million of them elsewhere, and hardly a run asks."""
        root = os.path.join(os.path.realpath(self.output), "")  # noqa: PTH118
        return frozenset(path for path in map(os.path.realpath, self._paths) if path.startswith(root))


def _line(record: Mapping[str, Any]) -> bytes:
    # In JSON too, this is how to spell the bytes of a path that are no UTF-8.
    return (json.dumps(record, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")


def read_records(results: Path) -> Iterator[Record]:
    """Yield the records of a ``results.jsonl``; lines that are none are skipped."""
    with suppress(FileNotFoundError), open(results, "rb") as lines:
        for line in lines:
            with suppress(ValueError, KeyError, TypeError):
                record = json.loads(line)
                if all(isinstance(record[field], str) for field in ("input", "output", "key", "sha256")):
                    yield record


def _read_list(results: Path) -> Iterator[tuple[str, Record]]:
    """Yield the records by their names, without those whose file would be somewhere else."""
    return ((record["input"], record) for record in read_records(results) if _is_below(record["output"]))


def _result_of(record: Record) -> Record:
    """Return what `summarizer.result.Result.to_record` gave."""
    return {field: value for field, value in record.items() if field not in _OF_BATCH}


def written_in(folder: Path) -> set[str]:
    """Return what batches have written straight into a folder, as far as the folder knows: paths below it."""
    with suppress(OSError):
        return {RESULTS, FAILURES, *(record["output"] for record in read_records(folder / RESULTS))}
    return {RESULTS, FAILURES}


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
