"""Summarise any number of articles into a folder, so that a run can be killed at any moment and resumed.

The inputs are taken in windows of `WINDOW`, counted over all inputs in their order, and written in groups of articles
of like length; each group lands as soon as it is written. Groups come in the same order each time, so which texts share
the model's batches depends neither on how fast anything was nor on where a run was stopped.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from summarizer.article import Article
from summarizer.batch.failures import count_failures, describe_failure, name_kind
from summarizer.batch.provenance import JobSpec, Settings, tell_input
from summarizer.batch.reading import BatchInput, open_inputs, read_article, read_bytes
from summarizer.batch.results import ResultFolder
from summarizer.batching import WINDOW
from summarizer.errors import InputError, NotIndonesianError, OutputError, RingkasError
from summarizer.extraction.acceptance import name_language
from summarizer.extraction.decoding import shown_name
from summarizer.output.doubts import UNMARKED, count_doubts, page_warnings
from summarizer.output.progress import BatchProgress
from summarizer.result import Result
from summarizer.storage.store import DamagedStoreError
from summarizer.summarizer import Summarizer
from summarizer.text.normalise import counted
from summarizer.workers import map_ordered

GROUP = 8
"""How many articles land at a time: what a kill loses at most."""


@dataclass
class Summary:
    """The outcome of a run: how many results were written, how many were there unchanged, and inputs without one.

    ``edited`` counts the unchanged results whose file somebody has edited, and which were left as they are.
    ``warnings`` counts what is to be known of the results that were written, but for their doubts. ``doubtful`` counts
    the results of its inputs that have a doubtful sentence, and ``doubts`` those sentences. ``failures`` counts the
    failures by what is said of their kind. ``others`` counts the results in the folder that are of inputs of other
    runs; it is 0 where a run ended at its first failure, before it had seen all of its own inputs.
    """

    done: int = 0
    skipped: int = 0
    edited: int = 0
    failed: int = 0
    warnings: int = 0
    doubtful: int = 0
    doubts: int = 0
    seconds: float = 0.0
    others: int = 0
    failures: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        parts = [f"{self.done} done"]
        if self.skipped:
            parts.append(f"{self.skipped} unchanged")
        if self.edited:
            as_before = "it is" if self.edited == 1 else "they are"
            parts.append(f"{counted(self.edited, 'edited file')} left as {as_before}")
        if self.failed:
            parts.append(count_failures(self.failures))
        if self.doubts:
            marked = f"{counted(self.doubts, 'doubtful sentence')} in {counted(self.doubtful, 'result')}"
            parts.append(f"{marked} ({UNMARKED})")
        if self.warnings:
            parts.append(counted(self.warnings, "warning"))
        if self.done and self.seconds:
            parts.append(f"{60 * self.done / self.seconds:.1f} articles per minute")
        return ", ".join(parts)

    def add(self, record: Mapping[str, Any]) -> None:
        """Count what is doubtful in a result."""
        doubts = count_doubts(record)
        self.doubtful += doubts > 0
        self.doubts += doubts


@dataclass
class _Read:
    """What reading an input came to: an article, an error, or nothing where its result is there already."""

    file: BatchInput
    key: str = ""
    content: Article | RingkasError | None = None


def _find_tasks(
    files: Iterable[BatchInput], folder: ResultFolder, *, resume: bool
) -> Iterator[tuple[BatchInput, str | None]]:
    """Yield the inputs, each with the key of its earlier result, if that is to count."""
    for file in open_inputs(files):
        record = folder.get(file.name) if resume else None
        yield file, record["key"] if record else None


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
    """A run over many inputs into one folder, which its caller has locked."""

    def __init__(self, ringkas: Summarizer, output: Path, settings: Settings, progress: BatchProgress) -> None:
        self.summary = Summary()
        self.failures: list[dict[str, str]] = []
        self._ringkas = ringkas
        self._output = output
        self._settings = settings
        self._progress = progress
        self._order: list[str] = []
        # Of the results that were written by this run, the keys by the names of their inputs.
        self._keys: dict[str, str] = {}

    def run(
        self, files: Iterable[BatchInput], *, processes: int = 0, fail_fast: bool = False, resume: bool = True
    ) -> Summary:
        """Do what isn't done yet; the folder is in order even if the run is interrupted by an exception.

        Args:
            files: the inputs, as `summarizer.batch.inputs.list_files` returns them.
            processes: how many processes read and clean; 0 does it in this one.
            fail_fast: stop at the first failure, before its window is written.
            resume: let results count that are there already.

        Raises:
            ModelError: the model can't be prepared or loaded.
            OutputError: a result can't be written.
            RingkasError: the database of the results is damaged, or there is no room for temporary files.
        """
        files = list(files)
        # If nothing can be read, no model need be prepared to say so.
        is_readable = any(not file.error for file in files)
        spec = JobSpec.of(self._ringkas, self._settings) if is_readable else JobSpec(self._settings, ("", "", ""))
        started = time.monotonic()
        try:
            results = ResultFolder(self._output, self._settings.format, anew=not resume, tell=self._progress.say)
            with closing(results) as folder:
                reads = map_ordered(
                    partial(_read, spec=spec),
                    _find_tasks(files, folder, resume=resume),
                    processes=processes if is_readable else 0,
                    ahead=2 * WINDOW,
                    lost=_lost,
                )
                try:
                    with closing(reads):
                        self._work(folder, reads, fail_fast=fail_fast)
                finally:
                    self.summary.seconds = time.monotonic() - started
                    self.summary.done = folder.count(self._keys)
                    others = folder.finish(self._order, self.failures)
                    self.summary.others = 0 if fail_fast and self.failures else others
        except DamagedStoreError as error:
            raise RingkasError(f"{error}; run it with --no-resume to start over") from error
        return self.summary

    def _work(self, folder: ResultFolder, reads: Iterator[_Read], *, fail_fast: bool) -> None:
        """Write results window by window until all inputs are done, or, with ``fail_fast``, one has failed."""
        window = list(islice(reads, WINDOW))
        while window:
            for read in window:
                self._order.append(read.file.name)
                self._look_at_earlier(folder, read)
                if fail_fast and self.failures:
                    return
            self._write(folder, window)
            if fail_fast and self.failures:
                return
            window = list(islice(reads, WINDOW))

    def _look_at_earlier(self, folder: ResultFolder, read: _Read) -> None:
        """Say what becomes of the earlier result of an input, if it has one."""
        file = read.file
        record = folder.get(read.file.name)
        if record and read.key not in ("", record["key"]):
            if folder.is_of_another(record, file.path):
                reason = f"{file.name}: the output folder has the result of another file of that name"
                read.content = OutputError(
                    f"{reason}, {shown_name(record['file'])}: choose another output folder",
                    advice="use a folder for each, or name both inputs",
                )
            elif isinstance(read.content, RingkasError) and tell_input(read.key) != tell_input(record["key"]):
                # A result of something that the input no longer holds is none. What can't be read may hold it still,
                # and what can't be read in another way did hold it.
                folder.forget(record)
        error = read.content
        if record and error is None:
            state = folder.state_of(record, file)
            if state == "edited":
                self.summary.edited += 1
            elif state == "missing":
                error = folder.restore(record, file)
            if error is None:
                self.summary.skipped += 1
                self.summary.add(record)
                self._progress.skip()
        if isinstance(error, RingkasError):
            self._fail(file, error)

    def _write(self, folder: ResultFolder, window: Iterable[_Read]) -> None:
        """Write the results of what was read, and keep them, a few at a time; articles of like length go together."""
        ready: list[tuple[_Read, Article]] = []
        for read in window:
            if isinstance(read.content, Article):
                ready.append((read, read.content))
        ready.sort(key=lambda pair: pair[1].words)
        for start in range(0, len(ready), GROUP):
            group = ready[start : start + GROUP]
            reads = [read for read, _ in group]
            articles = [article for _, article in group]
            results = self._ringkas.write(
                articles,
                self._settings.translate,
                length=self._settings.length,
                advance=self._progress.advance,
            )
            self._keep(folder, reads, results)

    def _keep(self, folder: ResultFolder, reads: Sequence[_Read], results: Sequence[Result | RingkasError]) -> None:
        """Put the results of a group into the folder, and say which of them have failed."""
        errors: dict[str, RingkasError] = {}
        good: list[tuple[BatchInput, str, dict[str, Any]]] = []
        for read, result in zip(reads, results, strict=True):
            if isinstance(result, RingkasError):
                errors[read.file.name] = result
            else:
                good.append((read.file, read.key, result.to_record()))
        # A stop may come before it is known whether they are kept. So what is done is counted at the end.
        for file, key, _ in good:
            self._keys[file.name] = key
        errors |= folder.keep(good)
        for file, _, record in good:
            if file.name not in errors:
                refused = folder.write(file.name)
                if refused:
                    errors[file.name] = refused
            if file.name in errors:
                del self._keys[file.name]
                continue
            self.summary.warnings += len(page_warnings(record))
            self.summary.add(record)
        for read in reads:
            error = errors.get(read.file.name)
            if error:
                self._note_failure(read.file, error)

    def _fail(self, file: BatchInput, error: RingkasError) -> None:
        """Note the failure of an input that isn't written; it counts as worked on."""
        self._note_failure(file, error)
        self._progress.advance(1)

    def _note_failure(self, file: BatchInput, error: RingkasError) -> None:
        """Count a failure of an input by its kind, and tell it."""
        failure = describe_failure(error)
        self.failures.append({"input": file.name, **failure})
        self.summary.failed += 1
        in_words = name_kind(failure["kind"])
        if isinstance(error, NotIndonesianError):
            in_words = f"in {name_language(error.language)}"
        self.summary.failures[in_words] += 1
        self._progress.fail(failure["error"])
