"""The results of a batch: a database that counts, and the files that are made of it.

A result is safe as soon as it is in the database, in the folder ``.ringkas`` of the output. Its own file is written
after that, ``results.jsonl`` at the end of a run. What is missing of them, a later run writes without asking the model.
A file that somebody has edited is never lost: it stays as it is, or beside the new one.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path, PurePath
from typing import Any, Literal

from summarizer.batch.reading import BatchInput
from summarizer.errors import OutputError, reason_of, telling
from summarizer.output.fields import FAILURES, RESULTS, without
from summarizer.output.formats import FORMATS, render
from summarizer.output.shape import are_sources_placed, has_shape, result_schema
from summarizer.storage.atomic import open_whole, write_whole
from summarizer.storage.cache import file_sha256
from summarizer.storage.store import DamagedStoreError, Store
from summarizer.text.normalise import one_line

STATE = ".ringkas"
"""Folder in the output of a batch that holds what is not a result."""

Record = dict[str, Any]
"""As a line of ``results.jsonl``: ``input`` (its name), ``file``, ``output``, ``key``, ``sha256`` of its own
file, and what `summarizer.result.Result.to_record` gives."""

BATCH_FIELDS = ("input", "file", "output", "key", "sha256", "replaced")
"""Fields that a batch adds to a result."""

FileState = Literal["written", "edited", "missing"]
"""Whether a result's file is as it was written, as somebody has edited it, or neither: gone, broken off, elsewhere."""

# Fields of a record that its own file leaves out: they are about the article.
_OF_ARTICLE = ("paragraphs", "lines", "removed")
# What a record can't do without, besides what each result has.
_NEEDED = ("input", "output", "key", "sha256", *_OF_ARTICLE)
# What a file system says of a name that it can't hold, or where something else is in the way.
_BAD_NAMES = (errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ, errno.EISDIR, errno.EEXIST, errno.ENOTDIR)


class PlaceError(OutputError):
    """A result can't be written because of its name; all others can."""

    advice = "move what is in its place, rename the input, or choose another output folder"


@contextmanager
def lock(output: Path) -> Iterator[None]:
    """Make the output folder, and keep other runs out of it while the block lasts.

    Raises:
        OutputError: another run works in it, or it can't be written to.
    """
    from filelock import FileLock, Timeout

    state = output / STATE
    if os.path.lexists(state) and not state.is_dir():
        reason = f"{state} is a file, where a batch makes a folder"
        raise OutputError(f"{reason}: move it, or choose another --output")
    with _writing(output):
        state.mkdir(parents=True, exist_ok=True)
        guard = FileLock(state / "lock", timeout=0)
        try:
            guard.acquire()
        except Timeout:
            raise OutputError(f"another run is writing to {output}: wait for it, or choose another folder") from None
    try:
        yield
    finally:
        guard.release()


def place_of(file: BatchInput, format_name: str) -> str:
    """Return the path of an input's result below the output folder, in one of the `FORMATS`."""
    stem = file.name if file.line is None else f"{file.name.rpartition(':')[0]}/{file.line:06}"
    # An input may have the name of a file beside the results, or the name that such an input gets here.
    if stem.split("/")[0].lstrip("_") in (RESULTS, FAILURES, STATE):
        stem = f"_{stem}"
    return stem + FORMATS[format_name].ending


class ResultFolder:
    """The results in an output folder that is locked."""

    def __init__(
        self, output: Path, format_name: str, *, anew: bool = False, tell: Callable[[str], None] = lambda message: None
    ) -> None:
        """Open the database; if it is empty, or damaged and to be made anew, it is made of ``results.jsonl``.

        What becomes of files that somebody has edited is handed to ``tell``.

        Raises:
            OutputError: the folder or its database can't be read or written.
            DamagedStoreError: the database is damaged, and not to be made anew.
        """
        self._output = output
        self._tell = tell
        self._format = format_name
        self._scratch = output / STATE / "unfinished"
        self._database = output / STATE / "results.sqlite"
        with _writing(output):
            # What a killed run was writing.
            shutil.rmtree(self._scratch, ignore_errors=True)
            self._scratch.mkdir()
            try:
                # Read to its end, a sound one knows the files of a run that was killed.
                if anew:
                    _read_to_the_end(self._database)
            except DamagedStoreError:
                self._database.unlink()
        self._store = Store(self._database)
        if next(self._store.items(), None) is None:
            earlier = read_records(output / RESULTS)
            self._store.put_all((record["input"], record) for record in earlier)

    def close(self) -> None:
        """Close the database."""
        self._store.close()

    def get(self, name: str) -> Record | None:
        """Return the result of an input; None if there is none.

        Raises:
            OutputError: the database can't be read.
            DamagedStoreError: the database is damaged.
        """
        record: Record | None = self._store.get(name)
        if record is not None:
            _require_whole(name, record, self._database)
        return record

    def is_of_another(self, record: Record, path: str) -> bool:
        """Tell whether a result was made of another file than this one, and both that file and its own are there."""
        try:
            return (self._output / record["output"]).exists() and not Path(record["file"]).samefile(path)
        except (KeyError, OSError, ValueError):
            return False

    def keep(self, results: Iterable[tuple[BatchInput, str, Record]]) -> dict[str, PlaceError]:
        """Put results into the database, all of them or none; from then on they are safe.

        They come with inputs and keys, as `summarizer.result.Result.to_record` gives them. Those without a place are
        not kept; the errors that are returned by the names of their inputs say why.

        Raises:
            OutputError: the folder or its database can't be read or written.
            DamagedStoreError: the database is damaged.
        """
        records: dict[str, Record] = {}
        refused: dict[str, PlaceError] = {}
        for file, key, result in results:
            name = file.name
            output = place_of(file, self._format)
            text = self._render(result)
            before = self.get(name)
            if not self._may_write(before, output, text):
                refused[name] = PlaceError(f"{name}: there is another file where its result should go: {output}")
                continue
            if before and before["output"] != output:
                self._clear_place(before)
            record = {
                "input": name,
                "file": os.path.realpath(file.path),
                "output": output,
                "key": key,
                "sha256": _digest(text),
                **result,
            }
            replaced = self._find_replaced(before, record)
            if replaced:
                record["replaced"] = replaced
            records[name] = record
        self._store.put_all(records.items())
        return refused

    def _find_replaced(self, before: Record | None, record: Record) -> str | None:
        """Return the digest of the file that a batch wrote earlier and that a new result is to take the place of.

        A run that is killed before it writes the new file leaves this one. By its digest, the next run sees that nobody
        has edited it.

        Args:
            before: the input's earlier result, if it has one.
            record: its new result.

        Returns:
            None where there is no file, where it isn't as a batch wrote it, and where it already is what the new result
            says.
        """
        if before is None:
            return None
        digest = _digest_of(self._output / record["output"])
        is_as_written = digest in _digests(before)
        is_up_to_date = digest == record["sha256"]
        return digest if is_as_written and not is_up_to_date else None

    def write(self, name: str) -> PlaceError | None:
        """Write the file of a result that is in the database; if there can be no such file, drop it and say why.

        A file in its place that somebody has edited gets another name.

        Raises:
            OutputError: no file can be written at all, as on a full disk, or the database can't be read.
            DamagedStoreError: the database is damaged.
        """
        record = self._store.get(name)
        target = self._output / record["output"]
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if self._has_edits(record, _digest_of(target)):
                self._set_aside(target)
            write_whole(target, self._render(_result_of(record)), self._scratch)
        except (OSError, OutputError) as error:
            message = str(error) if isinstance(error, OutputError) else f"cannot write {target}: {reason_of(error)}"
            number = getattr(error.__cause__ or error, "errno", None)
            # A pipe or a device in the place of one file keeps no other from being written.
            if number not in _BAD_NAMES and not (target.exists() and not target.is_file()):
                raise OutputError(message) from error
            self._store.remove(name)
            return PlaceError(f"{name}: {message}")
        return None

    def state_of(self, record: Record, file: BatchInput) -> FileState:
        """Say what became of the file of a result in the form that is asked for; it is read once."""
        if record["output"] != place_of(file, self._format):
            return "missing"
        digest = _digest_of(self._output / record["output"])
        if digest == record["sha256"]:
            return "written"
        return "edited" if self._has_edits(record, digest) else "missing"

    def _has_edits(self, record: Record, digest: str | None) -> bool:
        """Tell whether a file with a digest holds something else than what was written, or only its beginning."""
        if digest is None or digest in _digests(record):
            return False
        with suppress(OSError):
            # What broke off is no edit.
            written = (self._output / record["output"]).read_bytes()
            return not self._render(_result_of(record)).encode("utf-8").startswith(written)
        return False

    def restore(self, record: Record, file: BatchInput) -> PlaceError | None:
        """Write the file of a result again, in the form that is asked for.

        Raises:
            OutputError: the folder or its database can't be read or written.
            DamagedStoreError: the database is damaged.
        """
        refused = self.keep([(file, record["key"], _result_of(record))])
        return refused.get(file.name) or self.write(file.name)

    def forget(self, record: Record) -> None:
        """Drop a result, and its file unless that has been changed.

        Raises:
            OutputError: the folder or its database can't be read or written.
            DamagedStoreError: the database is damaged.
        """
        self._remove_file(record)
        self._store.remove(record["input"])

    def count(self, keys: Mapping[str, str]) -> int:
        """Return how many results, named by their inputs, are in the database with the given keys.

        Raises:
            OutputError: the database can't be read.
            DamagedStoreError: the database is damaged.
        """
        kept = 0
        for name, key in keys.items():
            record = self.get(name)
            if record and record["key"] == key:
                kept += 1
        return kept

    def finish(self, order: Iterable[str], failures: Iterable[Mapping[str, str]]) -> int:
        """Write the lists of results and failures; results of inputs that ``order`` doesn't name follow, and count.

        Raises:
            OutputError: the folder or its database can't be read or written.
            DamagedStoreError: the database is damaged.
        """
        named = dict.fromkeys(order)
        others = [name for name in self._store.sorted_keys() if name not in named]
        with open_whole(self._output / RESULTS, self._scratch) as file:
            for name in (*named, *others):
                record = self.get(name)
                if record:
                    file.write(_line(without(record, "replaced")))
        lines = [_line(failure) for failure in failures]
        if not lines:
            # Nobody is to wonder what an empty file says.
            with _writing(self._output):
                (self._output / FAILURES).unlink(missing_ok=True)
            return len(others)
        with open_whole(self._output / FAILURES, self._scratch) as file:
            file.writelines(lines)
        return len(others)

    def _render(self, result: Record) -> str:
        return render(without(result, *_OF_ARTICLE), self._format)

    def _may_write(self, before: Record | None, output: str, text: str) -> bool:
        """Tell whether a result would replace nothing but what a batch has written for the same input."""
        target = self._output / output
        if not _is_below(output):
            return False
        if before is not None and before["output"] == output:
            return True
        if not os.path.lexists(target):
            return True
        # What is lost of the database looks like a stranger's file.
        return _digest_of(target) == _digest(text)

    def _clear_place(self, record: Record) -> None:
        """Clear the place of a file in another format; one that has been edited gets another name."""
        self._remove_file(record)
        target = self._output / record["output"]
        if _digest_of(target) is not None:
            with _writing(self._output):
                self._set_aside(target)

    def _set_aside(self, target: Path) -> None:
        edited = _free_name(target)
        target.rename(edited)
        self._tell(f"{target} had been edited: it is now {edited.name}")

    def _remove_file(self, record: Record) -> None:
        target = self._output / record["output"]
        if _digest_of(target) == record["sha256"]:
            with _writing(self._output):
                target.unlink()


def _read_to_the_end(database: Path) -> None:
    """Read all of a database; `DamagedStoreError` if it is damaged anywhere."""
    with Store(database) as store:
        for name, record in store.items():
            _require_whole(name, record, database)


def _require_whole(name: str, record: object, database: Path) -> None:
    """Refuse a value of the database, under the name of an input, that is no result."""
    if not _is_whole(record):
        raise DamagedStoreError(f"{database} is damaged: what it has of {one_line(name)} is no result")


def _is_whole(record: object) -> bool:
    """Tell whether a value has the shape of a record, and the fields that it can't do without."""
    if not isinstance(record, dict) or not has_shape(record, result_schema()):
        return False
    return all(field in record for field in _NEEDED) and are_sources_placed(record["support"])


def _line(record: Mapping[str, Any]) -> bytes:
    # In JSON too, this is how to spell the bytes of a path that are no UTF-8.
    return (json.dumps(record, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")


def read_records(results: Path) -> Iterator[Record]:
    """Yield the records of a ``results.jsonl``; lines that are none, or whose file would be elsewhere, are skipped.

    Raises:
        OutputError: the file can't be read.
    """
    for value in _read_values(results):
        if _is_whole(value) and _is_below(value["output"]):
            yield value


def _read_values(results: Path) -> Iterator[Any]:
    """Yield what the lines of a ``results.jsonl`` hold; those that are no JSON are skipped.

    Raises:
        OutputError: the file can't be read.
    """
    if not os.path.lexists(results):
        return
    with telling(f"cannot read {results}", OutputError):
        if results.exists() and not results.is_file() and not results.is_dir():
            raise OutputError(f"cannot read {results}: it is a device or a pipe, not a file")
        with open(results, "rb") as lines:
            for line in lines:
                try:
                    value = json.loads(line)
                except (ValueError, RecursionError):
                    continue
                yield value


def _result_of(record: Record) -> Record:
    """Return what `summarizer.result.Result.to_record` gave."""
    return without(record, *BATCH_FIELDS)


def written_in(folder: Path) -> set[str]:
    """Return what batches have written straight into a folder, as far as the folder knows: paths below it."""
    written = {RESULTS, FAILURES}
    with suppress(OutputError):
        # Records of another version may lack fields, and their files are there all the same.
        for value in _read_values(folder / RESULTS):
            if isinstance(value, dict) and isinstance(value.get("output"), str):
                written.add(value["output"])
    return written


def _is_below(output: str) -> bool:
    """Tell whether the path of a result stays below the folder it is appended to."""
    path = PurePath(output)
    return not path.anchor and ".." not in path.parts


def _writing(output: Path) -> AbstractContextManager[None]:
    return telling(f"cannot write to {output}", OutputError)


def _digests(record: Record) -> tuple[str, ...]:
    """Return the digests of what a batch may have written to the file of a result."""
    return (record["sha256"], *filter(None, [record.get("replaced")]))


def _free_name(target: Path) -> Path:
    """Return the name that an edited file gets; its ending is that of no input."""
    edited = target.with_name(f"{target.name}.edited")
    number = 1
    while os.path.lexists(edited):
        number += 1
        edited = target.with_name(f"{target.name}.edited-{number}")
    return edited


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _digest_of(path: Path) -> str | None:
    """Return the digest of a file; None where there is none, or a pipe or a device, which may never end."""
    with suppress(OSError):
        if path.is_file():
            return file_sha256(path)
    return None
