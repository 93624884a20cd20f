"""A job: files in, Parquet out, on a cluster or on this machine."""

from __future__ import annotations

import json
import logging
import os
import shutil
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from summarizer.batch.cluster.sources import (
    TABLES,
    JobFiles,
    advising,
    find_files,
    input_rows,
    open_uri,
    read_file,
    read_row,
    require_columns,
)
from summarizer.batch.cluster.writer import for_actors, require_ray, write_rows
from summarizer.batch.failures import count_failures, name_kind
from summarizer.batch.inputs import GLOBS
from summarizer.batch.provenance import JobSpec, Settings
from summarizer.errors import InputError, OutputError, RingkasError, reason_of
from summarizer.summarizer import Summarizer
from summarizer.text.normalise import one_line

if TYPE_CHECKING:
    from pyarrow import fs
    from ray.data import Dataset

LOCAL = "local"
"""The address that starts a Ray of its own on this machine."""

# Folder in the output of a job that says what the results in the folders beside it are made with.
_STATE = "_ringkas"
# How many results a file gets: what is lost at most of a machine's work, and what a reader opens a file for.
_ROWS_PER_FILE = 256
# How many files are written at a time, so that without CPUs of their own they take none from others.
_FILES_AT_A_TIME = 2
# How long nothing may move before a job is given up: a slow model takes an hour for a block, or machines come late.
_PATIENCE_HOURS = 2
# How many parts the files are read in, at most.
_READERS = 64
# Bytes that a Ray of its own needs for its files: below that, it waits for ever.
_ROOM = 100 << 20
# What stands for "no error" among the kinds of errors.
_NO_ERROR = ""
# The last bytes of every whole Parquet file: https://parquet.apache.org/docs/file-format/
_PARQUET_END = b"PAR1"


@dataclass
class JobSummary:
    """The outcome of a job: how many results were written, how many errors of each kind, and what was there already."""

    done: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    skipped: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        parts = [f"{self.done} done"]
        if self.skipped:
            parts.append(f"{self.skipped} unchanged")
        if self.failed:
            ways: Counter[str] = Counter()
            for kind, number in self.failed.items():
                ways[name_kind(kind)] += number
            parts.append(count_failures(ways))
        if self.done and self.seconds:
            parts.append(f"{60 * self.done / self.seconds:.1f} articles per minute")
        return ", ".join(parts)


def summarize_files(
    inputs: Sequence[str],
    output: str,
    ringkas: Summarizer | None = None,
    settings: Settings = Settings(),  # noqa: B008 - it is frozen
    *,
    address: str = LOCAL,
    globs: Sequence[str] = GLOBS,
    id_column: str = "id",
    actors: int | None = None,
    memory: int | None = None,
    rows_per_file: int = _ROWS_PER_FILE,
    progress: bool = True,
) -> JobSummary:
    """Write and translate the abstracts of the articles in files, on a cluster, and write the results as Parquet.

    The results are in the folder ``job=...`` of the output, which is named after the models, the settings and the
    version of Ringkas. A job that was stopped resumes when it is started again; rows that have a result (or an error)
    there are passed over. Only one job at a time may write to an output.

    Inputs and output are local paths, or URIs of a file system that Arrow knows, such as ``s3://bucket/folder``, which
    all machines must see.

    Args:
        inputs: Parquet files, JSON lines, WARC, pages, and folders of them.
        output: a folder, which is made if need be.
        ringkas: as for `summarize_dataset`.
        settings: of the batch; the text field is a column of Parquet too.
        address: of a Ray cluster, ``auto`` for the one this machine belongs to, or ``local`` for a Ray that is started
            for this job. A connection that exists already is used, and kept.
        globs: names of the files that are taken from folders; Parquet comes with the default ones.
        id_column: of Parquet; other articles are named after their files and lines.
        actors: as for `summarize_dataset`.
        memory: as for `summarize_dataset`.
        rows_per_file: how many results a file gets; the last ones get fewer.
        progress: whether to show Ray's own bars, on a terminal, and what it has to say.

    Raises:
        InputError: an input can't be read or lacks a column, or there is no cluster at the address.
        ModelError: a model is unknown, missing or can't be prepared.
        OutputError: the output can't be read or written.
        RingkasError: Ray isn't installed or doesn't start, or nothing moves any more.
    """
    require_ray()
    started = time.monotonic()

    # What is asked for, before anything is made.
    files = find_files(inputs, _globs_of_job(globs))
    columns = require_columns(files, id_column, settings.text_field) if files.tables else []
    ringkas = for_actors(ringkas)
    ringkas.check(settings.translate)

    # The output, before a model is prepared for the job's key, which takes a minute.
    filesystem, path = open_uri(output)
    with _writing_to(output):
        filesystem.create_dir(f"{path}/{_STATE}", recursive=True)
    spec = JobSpec.of(ringkas, settings)
    with _writing_to(output):
        folder = _make_folder(filesystem, path, spec)
        rows_before = _rows(filesystem, folder)

    # The work. A Ray of its own needs a core for each thread of each actor.
    cores = max(os.cpu_count() or 1, (ringkas.threads or 1) * (actors or 1))
    with _connected(address, cores, progress=progress), _explained(output):
        finished = [fingerprint for fingerprint, _ in rows_before]
        inputs_left = _read_inputs(files, spec, columns=columns, id_column=id_column, finished=finished)
        results = write_rows(inputs_left, ringkas, spec, actors=actors, memory=memory)
        _write(results, filesystem, folder, rows_per_file)
        rows_after = _rows(filesystem, folder)
        seconds = time.monotonic() - started
        return _summarize_job(rows_before, rows_after, seconds)


def _globs_of_job(globs: Sequence[str]) -> Sequence[str]:
    """Return the names of files that a job takes from folders: unless it was told others, Parquet too."""
    if tuple(globs) == GLOBS:
        return (*GLOBS, *TABLES)
    return globs


def _summarize_job(
    rows_before: Sequence[tuple[str, str]], rows_after: Iterable[tuple[str, str]], seconds: float
) -> JobSummary:
    """Return the outcome of a job from the rows that were there before it and after it, as `_rows` returns them."""
    new_kinds = _count_kinds(rows_after) - _count_kinds(rows_before)
    done = new_kinds.pop(_NO_ERROR, 0)
    return JobSummary(done, new_kinds, skipped=len(rows_before), seconds=seconds)


def _writing_to(output: str) -> AbstractContextManager[None]:
    """Raise what goes wrong with the output in the block as an `OutputError` that names it."""
    advice = "check your permissions, or write elsewhere"
    return advising(f"cannot write to {one_line(output)}", advice, OutputError)


def _make_folder(filesystem: fs.FileSystem, path: str, spec: JobSpec) -> str:
    """Make the folder for the results of a job, note beside it what they are made with, and return its path."""
    digest = spec.key(b"")[:16]
    note = {"job": digest, "provenance": spec.provenance, "settings": asdict(spec.settings)}
    with filesystem.open_output_stream(f"{path}/{_STATE}/{digest}.json") as file:
        file.write(json.dumps(note, ensure_ascii=False, indent=1).encode())
    folder = f"{path}/job={digest}"
    filesystem.create_dir(folder)
    return folder


def _read_inputs(
    files: JobFiles, spec: JobSpec, *, columns: Sequence[str], id_column: str, finished: Sequence[str]
) -> Dataset:
    """Return the inputs in files that are still to be written, as `input_rows` yields them.

    Args:
        files: of the job.
        spec: what results depend on besides the inputs.
        columns: of Parquet that are read, as `require_columns` returns them.
        id_column: the one of them that names articles.
        finished: fingerprints of what has been written.
    """
    import numpy as np
    import ray.data

    # All processes of a machine read this array from the same memory.
    known = {"spec": spec, "finished": np.sort(np.array(finished, np.bytes_))}
    datasets: list[Dataset] = []
    if files.tables:
        table = ray.data.read_parquet(files.tables, filesystem=files.filesystem).select_columns(columns)
        read = partial(read_row, id_column=id_column, text_column=spec.settings.text_field)
        datasets.append(table.flat_map(input_rows, fn_kwargs={"read": read, **known}))
    if files.pages:
        paths = ray.data.from_items(files.pages, override_num_blocks=min(len(files.pages), _READERS))
        read = partial(read_file, filesystem=files.filesystem)
        datasets.append(paths.flat_map(input_rows, fn_kwargs={"read": read, **known}))
    first = datasets[0]
    others = datasets[1:]
    return first.union(*others) if others else first


def _count_kinds(rows: Iterable[tuple[str, str]]) -> Counter[str]:
    """Count the kinds of errors of what `_rows` returned."""
    return Counter(kind for _, kind in rows)


def _rows(filesystem: fs.FileSystem, folder: str) -> list[tuple[str, str]]:
    """Return fingerprint and kind of error (`_NO_ERROR` for none) of all rows, and remove files that aren't whole.

    Raises:
        OutputError: there is a file that no job can have written.
    """
    import pyarrow as pa
    from pyarrow import fs, parquet

    def read(path: str) -> list[tuple[str, str]]:
        try:
            table = parquet.read_table(path, columns=["fingerprint", "error_kind"], filesystem=filesystem)
        except pa.ArrowInvalid as error:
            # A job that was killed was writing it: the last bytes of such a file make it one.
            with filesystem.open_input_file(path) as file:
                file.seek(max(0, file.size() - len(_PARQUET_END)))
                if file.read() == _PARQUET_END:
                    raise OutputError(f"{path} is no result of such a job: choose another output folder") from error
            filesystem.delete_file(path)
            return []
        return [(row["fingerprint"], row["error_kind"] or _NO_ERROR) for row in table.to_pylist()]

    paths: list[str] = []
    for file in filesystem.get_file_info(fs.FileSelector(folder)):
        if file.path.endswith(".parquet"):
            paths.append(file.path)
    rows: list[tuple[str, str]] = []
    with ThreadPoolExecutor() as pool:
        for rows_of_file in pool.map(read, paths):
            rows += rows_of_file
    return rows


def _write(results: Dataset, filesystem: fs.FileSystem, folder: str, rows_per_file: int) -> None:
    """Run the job."""
    from summarizer.batch.cluster.tables import RESULTS

    with warnings.catch_warnings():
        # Ray would say that there are fewer files than may be written at a time.
        warnings.filterwarnings("ignore", "The maximum number of concurrent tasks for 'Write'", UserWarning)
        results.write_parquet(
            folder,
            filesystem=filesystem,
            min_rows_per_file=rows_per_file,
            schema=RESULTS,
            compression="zstd",
            # Where all CPUs are taken, results would wait for the end of reading, and be lost with the job.
            ray_remote_args={"num_cpus": 0},
            concurrency=_FILES_AT_A_TIME,
        )


@contextmanager
def _connected(address: str, cores: int, *, progress: bool) -> Iterator[None]:
    """Connect to Ray, and give back at the end what was not there before; a local one gets a core to read with."""
    import ray
    from ray.data import DataContext

    known = ray.is_initialized()
    if not known:
        place = os.environ.get("RAY_TMPDIR") or tempfile.gettempdir()
        if address == LOCAL and shutil.disk_usage(place).free < _ROOM:
            raise RingkasError(f"Ray has too little room for its files in {place}: set TMPDIR to a folder with more")
        level = logging.INFO if progress else logging.ERROR
        of_local_ray: dict[str, Any] = {}
        if address == LOCAL:
            of_local_ray = {"num_cpus": cores + 1, "include_dashboard": False}
        try:
            ray.init(address=address, log_to_driver=False, logging_level=level, **of_local_ray)
        except Exception as error:
            # Ray raises all sorts.
            if address == LOCAL:
                advice = "try again when the machine is less busy, or leave --cluster out"
                raise RingkasError(f"Ray does not start: {one_line(str(error)).rstrip('.')}; {advice}") from error
            raise InputError(
                f"there is no Ray cluster at {address}: start one with 'ray start --head', or leave the address out"
            ) from error
    context = DataContext.get_current().copy()
    context.enable_progress_bars = progress and sys.stderr.isatty()
    # An error of a stage comes back as what it is.
    context.raise_original_map_exception = True
    context.execution_no_progress_timeout_s = _PATIENCE_HOURS * 3600
    # The newer way of reading lists even a single file in eight threads, for tens of seconds where cores are busy.
    context.use_datasource_v2 = False
    try:
        with DataContext.current(context):
            yield
    finally:
        if not known:
            ray.shutdown()


@contextmanager
def _explained(output: str) -> Iterator[None]:
    """Turn what Ray reports of a stage into the error that it began with."""
    from ray.data.exceptions import ExecutionTimeoutError

    try:
        yield
    except ExecutionTimeoutError as error:
        reason = f"nothing moved for {_PATIENCE_HOURS} hours; see in Ray's dashboard whether machines are missing"
        raise RingkasError(
            f"the job for {one_line(output)} stopped: {reason}, or an article hangs or kills the actor that writes it; "
            "run it again to resume"
        ) from error
    except Exception as error:
        # Ray keeps the error of a task in a field, and appends lines of its own to ours, which is one.
        cause = getattr(error, "cause", error)
        if isinstance(cause, RingkasError):
            cause.args = (str(cause).partition("\n")[0], *cause.args[1:])
            raise cause from error
        if isinstance(cause, OSError):
            reason = one_line(reason_of(cause))
            raise OutputError(f"the job for {one_line(output)} stopped: {reason}; run it again to resume") from error
        raise
