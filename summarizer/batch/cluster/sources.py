"""Files for Ray to read: what a batch would find, on any file system that Arrow knows."""

from __future__ import annotations

import io
import posixpath
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import fs

from summarizer.batch.cluster.job import JOB, JOB_STATE
from summarizer.batch.cluster.tables import Columns, input_tables
from summarizer.batch.inputs import matches, parts_folder, shown_path
from summarizer.batch.provenance import JobSpec
from summarizer.batch.reading import BatchInput, is_container, os_error, read_container, too_large
from summarizer.batch.results import STATE
from summarizer.errors import InputError, reason_of
from summarizer.extraction.decoding import MAX_BYTES
from summarizer.text.normalise import one_line

TABLES = ("*.parquet", "*.parq", "*.pq")
"""Names of the files that are taken for Parquet."""

_TEXT_KINDS = (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary)
_ADVICE = "check its name, and your rights there"


@dataclass(frozen=True)
class Found:
    """The files of a job, all on one file system.

    Attributes:
        filesystem: where they are.
        pages: names and paths of files of pages, JSON lines and WARC.
        tables: paths of Parquet files.
    """

    filesystem: fs.FileSystem
    pages: tuple[tuple[str, str], ...]
    tables: tuple[str, ...]


def open_uri(uri: str) -> tuple[fs.FileSystem, str]:
    """Return file system and path of a URI or a local path.

    Raises:
        InputError: there is no such file system, or it can't be reached.
    """
    try:
        if "://" in uri:
            filesystem, path = fs.FileSystem.from_uri(uri)
        else:
            filesystem, path = fs.LocalFileSystem(), Path(uri).absolute().as_posix()
    except (OSError, ValueError, pa.ArrowException) as error:
        raise _unreadable(uri, error) from error
    return filesystem, path.rstrip("/") or "/"


def find_files(inputs: Sequence[str], globs: Sequence[str]) -> Found:
    """Find the files of a job; names and what is passed over are as in `summarizer.batch.inputs.list_files`.

    Files and folders whose names begin with ``_`` are passed over too, as Arrow does, and so is what jobs have written.

    Args:
        inputs: files and folders, as URIs or local paths.
        globs: patterns for the files in folders.

    Raises:
        InputError: one can't be read, holds nothing, or is on another file system than the first.
    """
    opened = [open_uri(uri) for uri in inputs]
    filesystem = opened[0][0]
    if len({one.type_name for one, _ in opened}) > 1:
        raise InputError("the inputs are on different file systems: run a job for each, or copy them to one place")
    listed = [(path, _list(filesystem, uri, path, globs)) for uri, (_, path) in zip(inputs, opened, strict=True)]
    base = posixpath.commonpath([path if is_folder else posixpath.dirname(path) for path, (is_folder, _) in listed])
    files = dict.fromkeys(path for _, (_, found) in listed for path in found)
    tables = tuple(path for path in files if _is_table(path))
    pages = tuple((shown_path(posixpath.relpath(path, base)), path) for path in files if not _is_table(path))
    return Found(filesystem, pages, tables)


def _list(filesystem: fs.FileSystem, uri: str, path: str, globs: Sequence[str]) -> tuple[bool, list[str]]:
    """Return whether an input is a folder, and the paths of its files."""
    try:
        [given] = filesystem.get_file_info([path])
        if given.type == fs.FileType.NotFound:
            raise InputError(f"cannot read {one_line(uri)}: it is not there; {_ADVICE}")
        if given.type != fs.FileType.Directory:
            return False, [path]
        below = filesystem.get_file_info(fs.FileSelector(path, recursive=True))
    except (OSError, pa.ArrowException) as error:
        raise _unreadable(uri, error) from error
    left_out = _left_out(path, below)
    found = sorted(file.path for file in below if _is_wanted(file, path, globs, left_out))
    if not found:
        raise InputError(
            f"{one_line(uri)} holds no file named {', '.join(globs)}: use --glob to say which files to take"
        )
    return True, found


def _left_out(folder: str, below: Iterable[fs.FileInfo]) -> set[str]:
    """Return the folders that hold no inputs: what batches and jobs have written, and the parts of saved pages."""
    places = [posixpath.split(file.path) for file in below]
    batches = {place for place, name in places if name == STATE} - {folder}
    jobs = {place for place, name in places if name == JOB_STATE}
    results = {f"{place}/{name}" for place, name in places if place in jobs and name.startswith(JOB)}
    return batches | results | {parts for file in below if (parts := parts_folder(file.path))}


def _is_wanted(file: fs.FileInfo, folder: str, globs: Sequence[str], left_out: set[str]) -> bool:
    below = file.path.removeprefix(folder).lstrip("/")
    parts = below.split("/")
    if file.type != fs.FileType.File or any(part.startswith((".", "_")) for part in parts):
        return False
    above = file.path.removesuffix(below)
    if any(f"{above}{place}" in left_out for place in accumulate(parts[:-1], "{}/{}".format)):
        return False
    return any(matches(parts[-1], below, glob) for glob in globs)


def _is_table(path: str) -> bool:
    return any(matches(posixpath.basename(path), path, glob) for glob in TABLES)


def require_columns(found: Found, columns: Columns) -> list[str]:
    """Return the columns that are read of the Parquet files: id, text, and title if there is one.

    Raises:
        InputError: the first file can't be read, lacks id or text, or holds no text there.
    """
    path = found.tables[0]
    try:
        schema = pq.read_schema(path, filesystem=found.filesystem)
    except (OSError, pa.ArrowException) as error:
        raise _unreadable(path, error) from error
    options = {columns.id: "--id-field", columns.text: "--text-field"}
    for name, option in options.items():
        if name not in schema.names:
            there = ", ".join(schema.names)
            raise InputError(f"{path} has no column {name!r} (there is {there}): use {option} to say which one it is")
    kind = schema.field(columns.text).type
    if not any(is_kind(kind) for is_kind in _TEXT_KINDS):
        there = f"{path} holds {kind} in the column {columns.text!r}, not text"
        raise InputError(f"{there}: use --text-field to say where it is")
    names = [columns.id, columns.text, *(["title"] if "title" in schema.names else [])]
    return list(dict.fromkeys(names))


def read_pages(table: pa.Table, filesystem: fs.FileSystem, spec: JobSpec, finished: Any = None) -> Iterator[pa.Table]:
    """Yield what files hold, by a table with columns ``name`` and ``path``, as `input_tables` does.

    Ray's own readers stop a job at the first line that isn't JSON, and at the first file that can't be opened.
    """
    inputs = (one for row in table.to_pylist() for one in _open(filesystem, row["name"], row["path"]))
    return input_tables(inputs, spec, finished)


def _open(filesystem: fs.FileSystem, name: str, path: str) -> Iterator[BatchInput]:
    try:
        # Whether a file is gzipped is told by its content.
        with filesystem.open_input_file(path) as file:
            if is_container(path):
                yield from read_container(io.BufferedReader(file), BatchInput(name, path))
                return
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        yield BatchInput(name, path, error=os_error(name, error))
        return
    yield BatchInput(name, path, error=too_large(name)) if len(data) > MAX_BYTES else BatchInput(name, path, data=data)


def _unreadable(uri: str, error: Exception) -> InputError:
    return InputError(f"cannot read {one_line(uri)}: {one_line(reason_of(error))}; {_ADVICE}")
