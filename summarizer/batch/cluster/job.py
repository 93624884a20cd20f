"""A job: files in, Parquet out, on a cluster or on this machine."""

from __future__ import annotations

import json
import logging
import os
import posixpath
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from summarizer.batch.cluster.stages import Recipe, clean_rows, require_ray, shortage, write_rows
from summarizer.batch.inputs import GLOBS
from summarizer.batch.run import Settings
from summarizer.errors import InputError, OutputError, RingkasError, reason_of
from summarizer.summarizer import Summarizer
from summarizer.text.normalise import one_line

if TYPE_CHECKING:
    from pyarrow import fs
    from ray.data import Dataset

    from summarizer.batch.cluster.sources import Found
    from summarizer.batch.cluster.tables import Columns

LOCAL = "local"
"""The address that starts a Ray of its own on this machine."""

ROWS_PER_FILE = 256
"""How many results a file gets: what is lost at most of a machine's work, and what a reader opens a file for."""

_FILES_AT_A_TIME = 2
"""How many files are written at a time, so that without CPUs of their own they take none from others."""

JOB_STATE = "_ringkas"
"""Folder in the output of a job that holds what is not a result."""

RECIPE = "recipe="
"""What the names of the folders beside it begin with, which hold the results."""

_PATIENCE_HOURS = 2
"""How long nothing may move before a job is given up: a slow model takes an hour for a block, or machines come late."""

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

    The results are in the folder ``recipe=...`` of the output, which is named after the models, the settings and the
    version of Ringkas. A job that was stopped resumes when it is started again; rows that have a result (or an error)
    there are passed over. Only one job at a time may write to an output.

    Args:
        inputs: Parquet files, JSON lines, pages, and folders of them: local paths, or URIs of a file system that Arrow
            knows, such as ``s3://bucket/folder``. All machines must see the same there.
        output: a folder, as a path or URI.
        ringkas: as for `summarize_dataset`.
        settings: what the results depend on; the text field is also the name of the column in Parquet.
        address: of a Ray cluster, ``auto`` for the one this machine belongs to, or ``local`` for a Ray that is started
            for this job and stopped at its end. A connection that exists already is used, and kept.
        globs: which files to take from folders; those of a batch include Parquet here.
        id_column: as for `summarize_dataset`, for Parquet; other articles are named after their files and lines.
        actors: as for `summarize_dataset`.
        memory: as for `summarize_dataset`.
        rows_per_file: how many results a file gets, at least; the last ones fewer.
        progress: let Ray show its progress.

    Raises:
        InputError: an input can't be read or lacks a column, or there is no cluster at the address.
        ModelError: a model is unknown, missing or can't be prepared.
        OutputError: the output can't be written, or holds Parquet of another sort.
        RingkasError: Ray isn't installed or doesn't start, or nothing moves any more.
    """
    require_ray()
    from summarizer.batch.cluster.resume import checkpoint, load_finished, pass_over
    from summarizer.batch.cluster.sources import TABLES, find_files, open_uri, require_columns
    from summarizer.batch.cluster.tables import Columns

    started = time.monotonic()
    columns = Columns(id_column, settings.text_field)
    found = find_files(inputs, (*globs, *TABLES) if tuple(globs) == GLOBS else globs)
    names = require_columns(found, columns) if found.tables else []
    target = _Target(*open_uri(output), shown=one_line(output))
    target.prepare()
    recipe = Recipe.of(ringkas or Summarizer(), settings)
    target.describe(recipe)
    cores = max(os.cpu_count() or 1, (recipe.ringkas.threads or 1) * (actors or 1))
    with _connected(address, cores, progress=progress):
        _look_for_room(shortage(recipe, actors=actors, memory=memory), address)
        with _explained(target.shown):
            config = checkpoint(target.notes(recipe), target.filesystem)
            finished = load_finished(config, target.partition(recipe))
            cleaned = [
                clean_rows(pass_over(dataset, recipe, source, finished), recipe, source)
                for dataset, source in _read(found, names, columns)
            ]
            articles = cleaned[0].union(cleaned[1]) if len(cleaned) > 1 else cleaned[0]
            results = write_rows(articles, recipe, actors=actors, memory=memory)
            results.context.checkpoint_config = config
            summary = target.write(results, recipe, rows_per_file)
    summary.seconds = time.monotonic() - started
    return summary


@dataclass(frozen=True)
class _Target:
    """Where a job writes.

    Attributes:
        filesystem: where it is.
        path: its path there.
        shown: what messages call it.
    """

    filesystem: fs.FileSystem
    path: str
    shown: str

    def prepare(self) -> None:
        """Make the folder, and check that the Parquet in it, if there is any, are results.

        Raises:
            OutputError: it is something else, or the folder can't be read or written.
        """
        import pyarrow as pa
        from pyarrow import parquet

        from summarizer.batch.cluster.tables import RESULTS

        with self._writing():
            self.filesystem.create_dir(self._state("recipes"), recursive=True)
        checked = set()
        for path in self._tables(self.path):
            folder = posixpath.dirname(path)
            if folder in checked:
                continue
            try:
                schema = parquet.read_schema(path, filesystem=self.filesystem)
            except pa.ArrowInvalid:
                # What a killed job was writing; Ray removes it.
                continue
            checked.add(folder)
            if not schema.equals(RESULTS):
                different = set(schema.names) ^ set(RESULTS.names) or {"types"}
                raise OutputError(
                    f"{self.shown} holds Parquet of another schema ({posixpath.relpath(path, self.path)}: "
                    f"{', '.join(sorted(different)[:5])}): choose another folder for the results"
                )

    def describe(self, recipe: Recipe) -> None:
        """Note beside the results what they were made with.

        Raises:
            OutputError: it can't be written.
        """
        note = {"recipe": recipe.digest, "maker": recipe.maker, "settings": asdict(recipe.settings)}
        with self._writing():
            self.filesystem.create_dir(self.partition(recipe), recursive=True)
            with self.filesystem.open_output_stream(f"{self._state('recipes')}/{recipe.digest}.json") as file:
                file.write(json.dumps(note, ensure_ascii=False, indent=1).encode())

    def write(self, results: Dataset, recipe: Recipe, rows_per_file: int) -> JobSummary:
        """Run the job, and count what it has written."""
        from summarizer.batch.cluster.tables import RESULTS

        partition = self.partition(recipe)
        before = set(self._tables(partition))
        with warnings.catch_warnings():
            # Ray would say that there are fewer files than may be written at a time.
            warnings.filterwarnings("ignore", "The maximum number of concurrent tasks for 'Write'", UserWarning)
            results.write_parquet(
                partition,
                filesystem=self.filesystem,
                min_rows_per_file=rows_per_file,
                schema=RESULTS,
                compression="zstd",
                # Where all CPUs are taken, results would wait for the end of cleaning, and be lost with the job.
                ray_remote_args={"num_cpus": 0},
                concurrency=_FILES_AT_A_TIME,
            )
        after = set(self._tables(partition))
        skipped = self._kinds(after & before).total()
        kinds = self._kinds(after - before)
        done = kinds.pop(None, 0)
        failed = Counter({str(kind): count for kind, count in kinds.items()})
        return JobSummary(done, failed, skipped, statistics=results.stats())

    def _kinds(self, paths: Iterable[str]) -> Counter[str | None]:
        """Return how many rows of files are errors of which kind; None stands for results."""
        from pyarrow import dataset

        from summarizer.batch.cluster.tables import RESULTS

        rows = dataset.dataset(sorted(paths), RESULTS, filesystem=self.filesystem)
        kinds: Counter[str | None] = Counter()
        # Arrow would keep what it has read of each file's description, which is a kilobyte for a row.
        for batch in rows.to_batches(columns=["error_kind"], cache_metadata=False):
            kinds.update(batch["error_kind"].to_pylist())
        return kinds

    def _tables(self, folder: str) -> Iterator[str]:
        """Yield the Parquet files below a folder, without Ringkas' own."""
        from pyarrow import fs

        with self._writing():
            files = self.filesystem.get_file_info(fs.FileSelector(folder, recursive=True, allow_not_found=True))
        for path in sorted(file.path for file in files if file.path.endswith(".parquet")):
            if not path.startswith(self._state("")):
                yield path

    def partition(self, recipe: Recipe) -> str:
        """Return the path of the folder with the results of a recipe."""
        return f"{self.path}/{RECIPE}{recipe.digest}"

    def notes(self, recipe: Recipe) -> str:
        """Return the path of the folder with Ray's notes on them."""
        return self._state(f"checkpoints/{recipe.digest}")

    def _state(self, name: str) -> str:
        return f"{self.path}/{JOB_STATE}/{name}"

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


def _read(found: Found, names: Sequence[str], columns: Columns) -> Iterator[tuple[Dataset, Columns | None]]:
    """Yield datasets of the files, each with what `clean_rows` takes as their columns."""
    import ray.data

    from summarizer.batch.cluster.sources import Pages

    if found.tables:
        yield (
            ray.data.read_parquet(list(found.tables), filesystem=found.filesystem).select_columns(list(names)),
            columns,
        )
    if found.pages:
        yield ray.data.read_datasource(Pages(found.filesystem, found.pages)), None


@contextmanager
def _connected(address: str, cores: int, *, progress: bool) -> Iterator[None]:
    """Connect to Ray, and give back at the end what was not there before.

    Args:
        address: as for `summarize_files`.
        cores: how many the actors may take of a Ray that is started here.
        progress: as for `summarize_files`.
    """
    import ray
    from ray.data import DataContext

    known = ray.is_initialized()
    if not known:
        level = logging.INFO if progress else logging.ERROR
        # On one machine, cleaning and reading take so little that all cores can write.
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
    context = DataContext.get_current()
    chosen = {
        "enable_progress_bars": progress and sys.stderr.isatty(),
        # An error of a stage comes back as what it is.
        "raise_original_map_exception": True,
        "execution_no_progress_timeout_s": _PATIENCE_HOURS * 3600,
        # The newer way of reading lists even a single file in eight threads, for tens of seconds where cores are busy.
        "use_datasource_v2": False,
    }
    before = {name: getattr(context, name) for name in chosen}
    try:
        for name, value in chosen.items():
            setattr(context, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(context, name, value)
        if not known:
            ray.shutdown()


def _look_for_room(shortage: str | None, address: str) -> None:
    """Say so if a job will have to wait: for ever on this machine, until it grows on a cluster.

    Raises:
        InputError: it would wait for ever.
    """
    if not shortage:
        return
    if address == LOCAL:
        raise InputError(f"{shortage} on this machine: use a larger one, or leave --cluster out")
    _log.warning("%s: the job waits for machines; add some, or use fewer --threads", shortage)


@contextmanager
def _explained(output: str) -> Iterator[None]:
    """Turn what Ray reports of a stage into the error that it began with."""
    from ray.data.exceptions import ExecutionTimeoutError

    try:
        yield
    except ExecutionTimeoutError as error:
        raise RingkasError(
            f"the job for {output} stopped: nothing moved for {_PATIENCE_HOURS} hours; see in Ray's dashboard whether "
            f"machines are missing or an article hangs, and run it again to resume"
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
