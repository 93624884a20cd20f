"""A job: files in, Parquet out, on a cluster or on this machine."""

from __future__ import annotations

import json
import logging
import os
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

from summarizer.batch.cluster.writer import for_actors, memory_of, read_rows, require_ray, write_rows
from summarizer.batch.inputs import GLOBS
from summarizer.batch.provenance import JobSpec, Settings
from summarizer.errors import InputError, OutputError, RingkasError, reason_of
from summarizer.summarizer import Summarizer
from summarizer.text.normalise import one_line

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pyarrow import fs
    from ray.data import Dataset

    from summarizer.batch.cluster.sources import Found
    from summarizer.batch.cluster.tables import Columns

LOCAL = "local"
"""The address that starts a Ray of its own on this machine."""

ROWS_PER_FILE = 256
"""How many results a file gets: what is lost at most of a machine's work, and what a reader opens a file for."""

JOB_STATE = "_ringkas"
"""Folder in the output of a job that holds what is not a result."""

JOB = "job="
"""What the names of the folders beside it begin with, which hold the results."""

_FILES_AT_A_TIME = 2
"""How many files are written at a time, so that without CPUs of their own they take none from others."""

_PATIENCE_HOURS = 2
"""How long nothing may move before a job is given up: a slow model takes an hour for a block, or machines come late."""

_READERS = 64
"""How many parts the files are read in, at most."""

_log = logging.getLogger("summarizer")


@dataclass
class JobSummary:
    """The outcome of a job.

    Attributes:
        done: number of results that were written.
        failed: number of rows with an error that were written, by the kind of the error.
        skipped: number of rows, of either sort, that the output held already for these settings and models.
        seconds: how long it took.
        statistics: what Ray says of each stage: tasks, rows, time, memory, rows a second.
    """

    done: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    skipped: int = 0
    seconds: float = 0.0
    statistics: str = ""

    def __str__(self) -> str:
        failures = ", ".join(f"{count} {kind}" for kind, count in sorted(self.failed.items()))
        rate = 60 * self.done / self.seconds if self.seconds else 0.0
        return (
            f"{self.done} done, {self.skipped} skipped, {self.failed.total()} failed"
            f"{f' ({failures})' if failures else ''}, {rate:.1f} articles per minute"
        )


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
    rows_per_file: int = ROWS_PER_FILE,
    progress: bool = True,
) -> JobSummary:
    """Write and translate the abstracts of the articles in files, on a cluster, and write the results as Parquet.

    The results are in the folder ``job=...`` of the output, which is named after the models, the settings and the
    version of Ringkas. A job that was stopped resumes when it is started again; rows that have a result (or an error)
    there are passed over. Only one job at a time may write to an output.

    Inputs are Parquet files, JSON lines, WARC, pages, and folders of them; they and the output are local paths, or URIs
    of a file system that Arrow knows, such as ``s3://bucket/folder``, which all machines must see. The ``id_column``
    and the text field of the settings are columns of Parquet; other articles are named after their files and lines.
    ``address`` is that of a Ray cluster, ``auto`` for the one this machine belongs to, or ``local`` for a Ray that is
    started for this job; a connection that exists already is used, and kept. A file gets ``rows_per_file`` results, the
    last ones fewer. For ``ringkas``, ``actors`` and ``memory`` see `summarize_dataset`.

    Raises:
        InputError: an input can't be read or lacks a column, or there is no cluster at the address.
        ModelError: a model is unknown, missing or can't be prepared.
        OutputError: the output can't be read or written.
        RingkasError: Ray isn't installed or doesn't start, or nothing moves any more.
    """
    require_ray()
    from summarizer.batch.cluster.sources import TABLES, find_files, open_uri, require_columns
    from summarizer.batch.cluster.tables import Columns

    started = time.monotonic()
    columns = Columns(id_column, settings.text_field)
    found = find_files(inputs, (*globs, *TABLES) if tuple(globs) == GLOBS else globs)
    names = require_columns(found, columns) if found.tables else []
    ringkas = for_actors(ringkas)
    ringkas.check(settings.translate)
    target = _Target(*open_uri(output), shown=one_line(output))
    # Before a model is prepared, which takes a minute.
    target.make_folder(JOB_STATE)
    spec = JobSpec.of(ringkas, settings)
    folder = target.describe(spec)
    earlier = target.rows(folder)
    cores = max(os.cpu_count() or 1, (ringkas.threads or 1) * (actors or 1))
    with _connected(address, cores, progress=progress):
        _look_for_room(ringkas, actors or 1, memory or memory_of(ringkas), address)
        with _explained(target.shown):
            first, *others = _read(found, names, columns, spec, _sorted(earlier))
            inputs = first.union(*others) if others else first
            results = write_rows(inputs, ringkas, spec, actors=actors, memory=memory)
            target.write(results, folder, rows_per_file)
            kinds = Counter(kind for _, kind in target.rows(folder)) - Counter(kind for _, kind in earlier)
            done = kinds.pop("", 0)
            return JobSummary(done, kinds, len(earlier), time.monotonic() - started, results.stats())


@dataclass(frozen=True)
class _Target:
    """Where a job writes: the path of a folder on a file system, and what messages call it."""

    filesystem: fs.FileSystem
    path: str
    shown: str

    def make_folder(self, name: str) -> str:
        """Make a folder in this one, and return its path."""
        with self._writing():
            self.filesystem.create_dir(f"{self.path}/{name}", recursive=True)
        return f"{self.path}/{name}"

    def describe(self, spec: JobSpec) -> str:
        """Return the path of the folder for the results, and note beside it what they are made with."""
        digest = spec.key(b"")[:16]
        note = {"job": digest, "provenance": spec.provenance, "settings": asdict(spec.settings)}
        with self._writing(), self.filesystem.open_output_stream(f"{self.path}/{JOB_STATE}/{digest}.json") as file:
            file.write(json.dumps(note, ensure_ascii=False, indent=1).encode())
        return self.make_folder(f"{JOB}{digest}")

    def rows(self, folder: str) -> list[tuple[str, str]]:
        """Return fingerprint and kind of error (empty for none) of all rows, and remove files that are not whole."""
        import pyarrow as pa
        from pyarrow import fs, parquet

        def read(path: str) -> list[tuple[str, str]]:
            try:
                table = parquet.read_table(path, columns=["fingerprint", "error_kind"], filesystem=self.filesystem)
            except pa.ArrowInvalid:
                # A job that was killed was writing it: the last bytes of such a file make it one.
                self.filesystem.delete_file(path)
                return []
            return [(row["fingerprint"], row["error_kind"] or "") for row in table.to_pylist()]

        with self._writing(), ThreadPoolExecutor() as pool:
            files = self.filesystem.get_file_info(fs.FileSelector(folder, recursive=True))
            paths = [file.path for file in files if file.path.endswith(".parquet")]
            return list(chain.from_iterable(pool.map(read, paths)))

    def write(self, results: Dataset, folder: str, rows_per_file: int) -> None:
        """Run the job."""
        from summarizer.batch.cluster.tables import RESULTS

        with warnings.catch_warnings():
            # Ray would say that there are fewer files than may be written at a time.
            warnings.filterwarnings("ignore", "The maximum number of concurrent tasks for 'Write'", UserWarning)
            results.write_parquet(
                folder,
                filesystem=self.filesystem,
                min_rows_per_file=rows_per_file,
                schema=RESULTS,
                compression="zstd",
                # Where all CPUs are taken, results would wait for the end of reading, and be lost with the job.
                ray_remote_args={"num_cpus": 0},
                concurrency=_FILES_AT_A_TIME,
            )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        import pyarrow as pa

        try:
            yield
        except (OSError, pa.ArrowException) as error:
            reason = one_line(reason_of(error))
            raise OutputError(
                f"cannot write to {self.shown}: {reason}; check your permissions, or write elsewhere"
            ) from error


def _sorted(rows: Iterable[tuple[str, str]]) -> NDArray[np.bytes_]:
    """Return the fingerprints of rows as an array that all processes of a machine read from the same memory."""
    import numpy as np

    return np.sort(np.array([fingerprint for fingerprint, _ in rows], np.bytes_))


def _read(
    found: Found, names: Sequence[str], columns: Columns, spec: JobSpec, finished: NDArray[np.bytes_]
) -> Iterator[Dataset]:
    """Yield datasets of what the files hold and isn't finished, as inputs."""
    import ray.data

    from summarizer.batch.cluster.sources import read_pages

    options: dict[str, Any] = {"batch_size": None, "batch_format": "pyarrow"}
    known = {"spec": spec, "finished": finished}
    if found.tables:
        table = ray.data.read_parquet(list(found.tables), filesystem=found.filesystem).select_columns(list(names))
        yield table.map_batches(read_rows, fn_kwargs={"columns": columns, **known}, **options)
    if found.pages:
        rows = [{"name": name, "path": path} for name, path in found.pages]
        paths = ray.data.from_items(rows, override_num_blocks=min(len(rows), _READERS))
        yield paths.map_batches(read_pages, fn_kwargs={"filesystem": found.filesystem, **known}, **options)


@contextmanager
def _connected(address: str, cores: int, *, progress: bool) -> Iterator[None]:
    """Connect to Ray, and give back at the end what was not there before; a local one gets a core to read with."""
    import ray
    from ray.data import DataContext

    known = ray.is_initialized()
    if not known:
        level = logging.INFO if progress else logging.ERROR
        own: dict[str, Any] = {"num_cpus": cores + 1, "include_dashboard": False} if address == LOCAL else {}
        try:
            ray.init(address=address, log_to_driver=False, logging_level=level, **own)
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


def _look_for_room(ringkas: Summarizer, actors: int, memory: int, address: str) -> None:
    """Say so if a job will have to wait: for ever on this machine, until it grows on a cluster. Ray would say nothing.

    Raises:
        InputError: it would wait for ever.
    """
    import ray

    needed = {"CPU": ringkas.threads or 1, "GPU": int(ringkas.device != "cpu"), "memory": memory}
    machines = [machine["Resources"] for machine in ray.nodes() if machine["Alive"]]
    room = sum(min(machine.get(kind, 0) // count for kind, count in needed.items() if count) for machine in machines)
    spare = sum(machine.get("CPU", 0) for machine in machines) - actors * needed["CPU"]
    if room >= actors and spare >= 1:
        return
    lack = (
        f"a job needs {actors} x {needed['CPU']} CPU, {needed['GPU']} GPU and {memory / (1 << 30):.1f} GiB to write, "
        f"and 1 CPU to read; Ray has room for {room:g} x that, and {spare:g} CPU besides"
    )
    if address == LOCAL:
        raise InputError(f"{lack}: use a larger machine, or leave --cluster out")
    _log.warning("%s: the job waits for machines; add some, or use fewer --threads", lack)


@contextmanager
def _explained(output: str) -> Iterator[None]:
    """Turn what Ray reports of a stage into the error that it began with."""
    from ray.data.exceptions import ExecutionTimeoutError

    try:
        yield
    except ExecutionTimeoutError as error:
        raise RingkasError(
            f"the job for {output} stopped: nothing moved for {_PATIENCE_HOURS} hours; see in Ray's dashboard whether "
            "machines are missing, or an article hangs or kills the actor that writes it; run it again to resume"
        ) from error
    except Exception as error:
        for cause in _causes(error):
            if isinstance(cause, RingkasError):
                # Ray appends lines of its own to ours, which is one.
                cause.args = (str(cause).partition("\n")[0], *cause.args[1:])
                raise cause from error
            if isinstance(cause, OSError):
                reason = one_line(reason_of(cause))
                raise OutputError(f"the job for {output} stopped: {reason}; run it again to resume") from error
        raise


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and those that it came of; Ray keeps the error of a task in the field ``cause``."""
    while error is not None:
        inner = getattr(error, "cause", None)
        if isinstance(inner, BaseException):
            yield inner
        yield error
        error = error.__cause__
