"""Summarise any number of articles into a folder, so that a run can be killed at any moment and resumed.

The inputs are taken in windows of `WINDOW`, counted over all inputs in their order, and written in groups of articles
of like length; each group lands as soon as it is written. Groups come in the same order each time, so which texts share
the model's batches depends neither on how fast anything was nor on where a run was stopped.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from summarizer.article import Article
from summarizer.batch.provenance import JobSpec, Settings
from summarizer.batch.reading import BatchInput, open_inputs, read_article, read_bytes
from summarizer.batch.results import RESULTS, PlaceError, Record, ResultFolder, read_records
from summarizer.batching import WINDOW
from summarizer.errors import InputError, OutputError, RingkasError
from summarizer.extraction.decoding import shown_name
from summarizer.extraction.workers import map_ordered
from summarizer.output.progress import BatchProgress
from summarizer.storage.store import DamagedStoreError
from summarizer.summarizer import Summarizer

GROUP = 4
"""How many articles land at a time: what a kill loses at most."""


@dataclass
class Summary:
    """The outcome of a run.

    Attributes:
        done: number of results that were written.
        skipped: number of results that were there already, with the same input, model and settings.
        failed: number of inputs without a result.
        warnings: number of warnings in the results that were written.
        seconds: how long it took.
        others: number of results in the folder that are of inputs of other runs; 0 where a run ended at its first
            failure, before it had seen all of its own inputs.
    """

    done: int = 0
    skipped: int = 0
    failed: int = 0
    warnings: int = 0
    seconds: float = 0.0
    others: int = 0

    def __str__(self) -> str:
        rate = 60 * self.done / self.seconds if self.seconds else 0.0
        return (
            f"{self.done} done, {self.skipped} skipped, {self.failed} failed, {self.warnings} warnings, "
            f"{rate:.1f} articles per minute"
        )


@dataclass
class _Read:
    """What reading an input came to: an article, an error, or nothing where its result is there already."""

    file: BatchInput
    key: str = ""
    content: Article | RingkasError | None = None


def _read(task: tuple[BatchInput, str | None], spec: JobSpec) -> _Read:
    """Read and clean an input unless it has the key of its earlier result."""
    file, known = task
    read = _Read(file)
    try:
        data = read_bytes(file)
        read.key = spec.key(data)
        if read.key != known:
            read.content = read_article(file, data, spec.settings)
    except InputError as error:
        read.content = error
    return read


def _lost(task: tuple[BatchInput, str | None]) -> _Read:
    file, _ = task
    reason = f"{file.name} can't be read: the process that read it died"
    return _Read(file, content=InputError(reason, advice="check whether memory ran out, or leave it out"))


class Batch:
    """A run over many inputs into one folder."""

    def __init__(
        self, ringkas: Summarizer, output: Path, state: Path, settings: Settings, progress: BatchProgress
    ) -> None:
        """Say what to do; ``state`` is what `summarizer.batch.results.lock` yielded for the output folder."""
        self.summary = Summary()
        self.failures: list[dict[str, str]] = []
        self._ringkas, self._settings, self._progress = ringkas, settings, progress
        self._output, self._state = output, state
        self._order: list[str] = []

    def run(
        self, files: Iterable[BatchInput], *, processes: int = 0, fail_fast: bool = False, resume: bool = True
    ) -> Summary:
        """Do what isn't done yet.

        Args:
            files: the inputs, as `summarizer.batch.inputs.list_files` returns them.
            processes: how many processes read and clean; 0 does it in this one.
            fail_fast: stop at the first failure, before its window is written.
            resume: let results count that are there already.

        Returns:
            The summary. The folder is in order even if the run is interrupted by an exception.

        Raises:
            ModelError: the model can't be prepared or loaded.
            OutputError: a result can't be written.
            RingkasError: the database of the results is damaged, or there is no room for temporary files.
        """
        files = list(files)
        # If nothing can be read, no model need be prepared to say so.
        is_readable = any(not file.error for file in files)
        spec = JobSpec.of(self._ringkas, self._settings) if is_readable else JobSpec(self._settings, ("", "", ""))
        paths = [file.path for file in files]
        try:
            with closing(
                ResultFolder(self._output, self._state, self._settings.format, paths, anew=not resume)
            ) as folder:
                tasks = ((file, folder.key_of(file.name) if resume else None) for file in open_inputs(files))
                reads = map_ordered(
                    partial(_read, spec=spec),
                    tasks,
                    processes=processes if is_readable else 0,
                    ahead=2 * WINDOW,
                    lost=_lost,
                )
                with self._finishing(folder, fail_fast=fail_fast), closing(reads):
                    while window := self._next_window(folder, reads, fail_fast=fail_fast):
                        self._write_window(folder, window)
                        if fail_fast and self.failures:
                            break
        except DamagedStoreError as error:
            raise RingkasError(f"{error}; run it with --no-resume to start over") from error
        return self.summary

    def records(self) -> Iterator[Record]:
        """Yield the records of ``results.jsonl``, one at a time."""
        return read_records(self._output / RESULTS)

    @contextmanager
    def _finishing(self, folder: ResultFolder, *, fail_fast: bool) -> Iterator[None]:
        """Put the folder in order at the end, however it comes, unless nothing can be written."""
        started = time.monotonic()
        is_writable = True
        try:
            yield
        except OutputError:
            is_writable = False
            raise
        finally:
            self.summary.seconds = time.monotonic() - started
            others = folder.finish(self._order, self.failures) if is_writable else 0
            self.summary.others = 0 if fail_fast and self.failures else others

    def _next_window(self, folder: ResultFolder, reads: Iterator[_Read], *, fail_fast: bool) -> list[_Read]:
        """Return the next inputs; none at the end, or if one has failed and that is enough to stop."""
        window = []
        for read in islice(reads, WINDOW):
            self._order.append(read.file.name)
            self._look_at_earlier(folder, read)
            if fail_fast and self.failures:
                return []
            window.append(read)
        return window

    def _look_at_earlier(self, folder: ResultFolder, read: _Read) -> None:
        """Say what becomes of the earlier result of an input, if it has one."""
        file, record = read.file, folder.get(read.file.name)
        if record and read.key not in ("", record["key"]):
            if folder.is_of_another(record, file.path):
                reason = f"{file.name}: the output folder has the result of another file of that name"
                read.content = OutputError(
                    f"{reason}, {shown_name(record['file'])}: choose another output folder",
                    advice="use a folder for each, or name both inputs",
                )
            elif isinstance(read.content, RingkasError):
                # A result of something that the input no longer holds is none. What can't be read may hold it still.
                folder.forget(record)
        if isinstance(read.content, RingkasError):
            self._fail(file, read.content)
        elif record and read.content is None:
            try:
                if not folder.is_written(record, file):
                    folder.restore(record, file)
            except PlaceError as error:
                self._fail(file, error)
            else:
                self.summary.skipped += 1
                self._progress.skip()

    def _write_window(self, folder: ResultFolder, window: Iterable[_Read]) -> None:
        ready = [(read, read.content) for read in window if isinstance(read.content, Article)]
        ready.sort(key=lambda pair: pair[1].words)
        settings = self._settings
        for start in range(0, len(ready), GROUP):
            group = ready[start : start + GROUP]
            articles = [article for _, article in group]
            results = self._ringkas.write(articles, settings.translate, length=settings.length)
            written = []
            for (read, _), result in zip(group, results, strict=True):
                if isinstance(result, RingkasError):
                    self._fail(read.file, result)
                else:
                    written.append((read.file, read.key, result.to_record()))
            self._land(folder, written)

    def _land(self, folder: ResultFolder, results: Sequence[tuple[BatchInput, str, Record]]) -> None:
        refused = folder.keep(results)
        self.summary.done += len(results) - len(refused)
        for file, _, result in results:
            if file.name in refused:
                self._fail(file, refused[file.name])
                continue
            try:
                folder.write(file.name)
            except PlaceError as error:
                self.summary.done -= 1
                self._fail(file, error)
            else:
                self.summary.warnings += len(result["warnings"])
                self._progress.advance(1)

    def _fail(self, file: BatchInput, error: RingkasError) -> None:
        failure = {"input": file.name, "error": str(error), "kind": type(error).__name__, "advice": error.advice}
        self.failures.append(failure)
        self.summary.failed += 1
        self._progress.fail(error)
        self._progress.advance(1)
