"""What a job on a cluster reads: rows of a dataset, and files on any file system that Arrow knows."""

from __future__ import annotations

import io
import json
import pickle
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.batch.inputs import LIST, matches, select, shown_path
from summarizer.batch.provenance import JobSpec
from summarizer.batch.reading import BatchInput, is_container, os_error, read_container
from summarizer.errors import InputError, RingkasError, telling
from summarizer.extraction.decoding import MAX_BYTES
from summarizer.storage.fingerprint import digest_values
from summarizer.text.normalise import one_line

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pyarrow import fs

Row = Mapping[str, Any]

TABLES = ("*.parquet", "*.parq", "*.pq")
"""Names of the files that are taken for Parquet."""

_TITLE = "title"
# How many hexadecimal digits of a fingerprint are kept: 128 bits, of which no two jobs' rows have the same by chance.
_DIGITS = 32
# A row with text is read as a line of such a file is.
_LINES = "row.jsonl"
# Where the results of jobs are.
_JOB = re.compile(r"(?:^|/)job=[0-9a-f]{16}/")


@dataclass(frozen=True)
class JobFiles:
    """The files of a job, all on one file system.

    Attributes:
        filesystem: of Arrow.
        pages: ``name`` and ``path`` of each file of pages, JSON lines or WARC.
        tables: the path of each Parquet file.
    """

    filesystem: fs.FileSystem
    pages: list[dict[str, str]]
    tables: list[str]


def input_rows(
    row: Row, read: Callable[[Row], Iterable[BatchInput]], spec: JobSpec, finished: NDArray[np.bytes_] | None = None
) -> Iterator[dict[str, Any]]:
    """Yield the inputs in a row that are still to be written.

    Args:
        row: of a dataset.
        read: finds the inputs in a row.
        spec: what results depend on besides the inputs.
        finished: fingerprints of what has been written, sorted; None for none.

    Yields:
        ``id``, the name of the input; ``fingerprint`` of that and of all else that its result depends on; ``input``,
        the pickled `BatchInput`.
    """
    for batch_input in read(row):
        data = batch_input.data
        if data is None:
            data = str(batch_input.error).encode()
        fingerprint = digest_values([batch_input.name, spec.key(data)])[:_DIGITS]
        if finished is None or not _contains(finished, fingerprint.encode()):
            yield {"id": batch_input.name, "fingerprint": fingerprint, "input": pickle.dumps(batch_input)}


def _contains(ordered: NDArray[np.bytes_], key: bytes) -> bool:
    """Tell whether a sorted array holds a key."""
    place = int(ordered.searchsorted(key))
    return place < len(ordered) and bool(ordered[place] == key)


def read_row(row: Row, id_column: str, text_column: str) -> Iterator[BatchInput]:
    """Yield a row of a dataset: text is what a line of JSON with its fields would be, bytes what a page would be."""
    text = row.get(text_column)
    name = row.get(id_column)
    if name is None:
        error = InputError(f"a row has no id in the column {id_column!r}", advice="give each row an id of its own")
        yield BatchInput("", "", error=error)
    elif isinstance(text, bytes):
        yield BatchInput(str(name), str(name), data=text)
    else:
        fields = {text_column: text}
        title = row.get(_TITLE)
        if isinstance(title, str):
            fields[_TITLE] = title
        line = json.dumps(fields, ensure_ascii=False, default=str).encode("utf-8", "replace")
        yield BatchInput(str(name), _LINES, 0, line)


def read_file(row: Row, filesystem: fs.FileSystem) -> Iterator[BatchInput]:
    """Yield what one of the pages in `JobFiles` holds.

    Ray's own readers stop a job at the first line that isn't JSON, and at the first file that can't be opened.
    """
    name = row["name"]
    path = row["path"]
    try:
        # Whether a file is gzipped is told by its content.
        with filesystem.open_input_file(path) as file:
            if is_container(path):
                yield from read_container(io.BufferedReader(file), BatchInput(name, path))
            else:
                yield BatchInput(name, path, data=file.read(MAX_BYTES + 1))
    except OSError as error:
        yield BatchInput(name, path, error=os_error(name, error))


def require_columns(files: JobFiles, id_column: str, text_column: str) -> list[str]:
    """Return the columns that are read of the Parquet files: id, text, and title if there is one.

    Raises:
        InputError: the first file can't be read, or lacks id or text.
    """
    from pyarrow import parquet

    path = files.tables[0]
    with _reading(path):
        there = parquet.read_schema(path, filesystem=files.filesystem).names
    for name, option in ((id_column, "--id-field"), (text_column, "--text-field")):
        if name not in there:
            said = f"{path} has no column {name!r} (there is {', '.join(there)})"
            raise InputError(f"{said}: use {option} to say which one it is")
    columns = [id_column, text_column]
    if _TITLE in there:
        columns.append(_TITLE)
    # Two of them may be the same.
    return list(dict.fromkeys(columns))


def open_uri(uri: str) -> tuple[fs.FileSystem, str]:
    """Return file system and path of a URI or a local path; `InputError` if there is no such file system."""
    from pyarrow import fs

    place = uri if "://" in uri else Path(uri).absolute().as_posix()
    with _reading(uri):
        filesystem, path = fs.FileSystem.from_uri(place)
    return filesystem, path.rstrip("/") or "/"


def find_files(inputs: Sequence[str], globs: Sequence[str]) -> JobFiles:
    """Find the files of a job; names and what is passed over are as in `summarizer.batch.inputs.list_files`.

    Files and folders whose names begin with ``_`` are passed over too, as Arrow does, and so is what jobs have written.

    Raises:
        InputError: an input can't be read, or holds no such file.
    """
    if LIST in inputs:
        raise InputError("a cluster takes no list on standard input: name the folders or a Parquet file")
    opened = [open_uri(uri) for uri in inputs]
    filesystem = opened[0][0]
    for other, _ in opened:
        if other != filesystem:
            raise InputError("the inputs are on different file systems: run a job for each")
    places: list[str] = []
    # Each path once, in the order in which the inputs name them.
    paths: dict[str, None] = {}
    for uri, (_, path) in zip(inputs, opened, strict=True):
        place, names = _list(filesystem, uri, path, globs)
        places.append(place)
        for name in names:
            paths[posixpath.join(place, name)] = None
    base = posixpath.commonpath(places)
    pages: list[dict[str, str]] = []
    tables: list[str] = []
    for path in paths:
        if any(matches(path, glob) for glob in TABLES):
            tables.append(path)
        else:
            pages.append({"name": shown_path(posixpath.relpath(path, base)), "path": path})
    return JobFiles(filesystem, pages, tables)


def _list(filesystem: fs.FileSystem, uri: str, path: str, globs: Sequence[str]) -> tuple[str, list[str]]:
    """Return the folder that is or holds an input, and the names of its files there."""
    from pyarrow import fs

    with _reading(uri):
        [given] = filesystem.get_file_info([path])
        if given.type == fs.FileType.NotFound:
            raise FileNotFoundError("it is not there")
        if given.type != fs.FileType.Directory:
            return posixpath.split(path)[0], [posixpath.basename(path)]
        below = filesystem.get_file_info(fs.FileSelector(path, recursive=True))
    names: list[str] = []
    for file in below:
        if file.type == fs.FileType.File:
            names.append(posixpath.relpath(file.path, path))
    chosen = [name for name in select(names, globs, hidden=(".", "_")) if not _JOB.search(name)]
    if not chosen:
        raise InputError(
            f"{one_line(uri)} holds no file named {', '.join(globs)}: use --glob to say which files to take"
        )
    return path, chosen


def _reading(uri: str) -> AbstractContextManager[None]:
    return advising(f"cannot read {one_line(uri)}", "check its name and your permissions", InputError, ValueError)


def advising(
    what: str, advice: str, kind: type[RingkasError], *others: type[Exception]
) -> AbstractContextManager[None]:
    """Turn what goes wrong with a file system in the block into an error of ours.

    Args:
        what: what can't be done, such as "cannot read a folder".
        advice: what to do about it.
        kind: the class of the error.
        others: what is turned into it too, beside `OSError` and the errors of Arrow.

    Raises:
        RingkasError: of the kind, in place of one of these; what can't be done, why, and the advice.
    """
    import pyarrow as pa

    return telling(what, lambda said: kind(f"{one_line(said)}; {advice}"), (OSError, pa.ArrowException, *others))
