"""Batches from the command line: into a folder on this machine, or on a cluster."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from summarizer.batch.cluster import summarize_files
from summarizer.batch.inputs import LIST, is_of_batch, list_files, require_apart
from summarizer.batch.provenance import Settings
from summarizer.batch.reading import BatchInput, open_inputs
from summarizer.batch.results import lock, read_records
from summarizer.batch.run import Batch
from summarizer.cli.console import exit_with, notify, require_folder
from summarizer.errors import ExitCode, InputError, OutputError
from summarizer.extraction.decoding import read_stdin
from summarizer.output.fields import FAILURES, RESULTS
from summarizer.output.formats import EXPORTS
from summarizer.output.progress import BatchProgress
from summarizer.storage.atomic import require_writable
from summarizer.summarizer import Summarizer


def summarize_on_cluster(
    ringkas: Summarizer,
    settings: Settings,
    inputs: Sequence[str],
    output: str,
    *,
    address: str,
    globs: Sequence[str],
    id_column: str,
    quiet: bool,
) -> None:
    """Run a job as `summarize_files` does, say how it went, and exit with `ExitCode.FAILED` if an article failed.

    Raises:
        RingkasError: what `summarize_files` raises.
    """
    job = summarize_files(
        inputs, output, ringkas, settings, address=address, globs=globs, id_column=id_column, progress=not quiet
    )
    if not quiet:
        notify(job)
    if job.failed:
        notify("the column 'error' of the results says what failed")
        sys.exit(ExitCode.FAILED)


@dataclass
class FolderBatch:
    """A batch of this machine, and what is said of it.

    Attributes:
        ringkas: what writes the results.
        settings: of the batch.
        folder: that the results go to.
        exports: files for all results, by their names in `EXPORTS`.
        quiet: whether only what is wrong is said.
        run: the work; None until the inputs are known.
        tell: what writes a line to standard error; while there is a bar, above it.
    """

    ringkas: Summarizer
    settings: Settings
    folder: Path
    exports: dict[str, Path]
    quiet: bool
    run: Batch | None = None
    tell: Callable[[object], None] = notify

    def summarize(
        self, inputs: Sequence[str], *, globs: Sequence[str], jobs: int, fail_fast: bool, resume: bool
    ) -> Batch:
        """Write the results of all inputs, and say how it went; a signal that stops it ends the program.

        Args:
            inputs: files and folders, and `LIST` for those that standard input names.
            globs: names of the files that are taken from folders.
            jobs: processes that read and clean beside the one that writes.
            fail_fast: whether to stop at the first failure.
            resume: whether to keep results that are there already.

        Returns:
            the work that was done, with its failures and its summary.

        Raises:
            InputError: no input can be read, or standard input names none.
            OutputError: a result can't be written, or would take the place of an input.
            ModelError: a model can't be loaded.
        """
        with _signals_interrupt(self._acknowledge):
            try:
                files = self._list_files(inputs, globs)
                with lock(self.folder):
                    run = self._write_results(files, jobs=jobs, fail_fast=fail_fast, resume=resume)
                    self._write_exports(run)
                    self._conclude(run)
                    return run
            except KeyboardInterrupt as error:
                self._tell_stop()
                number = error.args[0] if error.args else signal.SIGINT
                sys.exit(128 + number)

    def _list_files(self, inputs: Sequence[str], globs: Sequence[str]) -> list[BatchInput]:
        """Return the files that inputs name, before anything is written.

        Raises:
            InputError: there is none, or none can be read and the folder isn't there yet.
            OutputError: a result would take the place of an input, or a file for all results can't be written.
        """
        listed = read_stdin() if LIST in inputs else None
        earlier_results = [self.folder, *filter(is_of_batch, self.exports.values())]
        files = list_files(inputs, listed, globs, earlier_results)
        if not files:
            raise InputError("the list on standard input is empty")
        _require_one_to_read(files, self.folder)
        exports = {f"--{name}": file for name, file in self.exports.items()}
        require_apart(files, self.folder, exports, self.settings.format)
        for option, file in exports.items():
            _require_export(file, self.folder, option)
        return files

    def _write_results(self, files: Sequence[BatchInput], *, jobs: int, fail_fast: bool, resume: bool) -> Batch:
        # Better to say so now than after hours of work.
        for file in (self.folder / RESULTS, *self.exports.values()):
            require_writable(file)
        articles = sum(1 for _ in open_inputs(files))
        with BatchProgress(articles, quiet=self.quiet) as progress:
            run = Batch(self.ringkas, self.folder, self.settings, progress)
            # Whoever stops it is told how far it came.
            self.run = run
            self.tell = progress.say
            try:
                run.run(files, processes=jobs, fail_fast=fail_fast, resume=resume)
            except OutputError as error:
                reason = f"{error}; finished results are kept; run the same command again to resume"
                raise OutputError(reason) from error
            finally:
                self.tell = notify
        return run

    def _write_exports(self, run: Batch) -> None:
        read_results = partial(read_records, self.folder / RESULTS)
        for name, file in self.exports.items():
            EXPORTS[name].write(file, read_results, run.failures)

    def _conclude(self, run: Batch) -> None:
        """Say how the batch went and which files it wrote, and before that, what might be overlooked."""
        if self.quiet:
            return
        results = self.folder / RESULTS
        if run.failures:
            notify(f"what failed, and what to do about it: {self.folder / FAILURES}")
        if run.summary.others:
            notify(f"{results} still holds results of inputs that were not named this time: {run.summary.others}")
        notify(run.summary)
        written = ", ".join(map(str, [results, *self.exports.values()]))
        if run.summary.done or run.summary.skipped:
            written += f", and a file for each article in {self.folder}"
        notify(f"written: {written}")

    def _acknowledge(self) -> None:
        """Say that a stop was understood: it waits until what the model is writing side by side is done."""
        if not self.quiet:
            self.tell("stopping, once what is being written is done")

    def _tell_stop(self) -> None:
        """Say how far the batch came that somebody has stopped."""
        if self.run is None or not self.run.summary.seconds:
            notify("stopped before anything was done")
            return
        # The bar has counted articles that were written, but not kept.
        notify(f"stopped: {self.run.summary}, what was begun is not kept; run the same command again to resume")


@contextmanager
def _signals_interrupt(acknowledge: Callable[[], None]) -> Iterator[None]:
    """Let SIGTERM raise KeyboardInterrupt, as Ctrl-C does, with its number; the first of either is acknowledged."""
    is_told = False

    def interrupt(number: int, _: object) -> None:
        nonlocal is_told
        if not is_told:
            is_told = True
            # A signal may come amid another message, which can't be written into.
            with suppress(RuntimeError):
                acknowledge()
        raise KeyboardInterrupt(number)

    numbers = [signal.SIGTERM]
    # A program that was started in the background ignores Ctrl-C, and goes on ignoring it.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        numbers.append(signal.SIGINT)
    before = {number: signal.signal(number, interrupt) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _require_export(file: Path, output: Path, option: str) -> None:
    """Make sure that a file for all results can be written, before an output folder is made.

    Raises:
        OutputError: it can't.
    """
    folder = Path(os.path.realpath(file.parent))
    if not folder.exists() and Path(os.path.realpath(output)).is_relative_to(folder):
        # It is made with the output folder.
        return
    require_folder(file, option)
    try:
        require_writable(file)
    except OutputError as error:
        raise OutputError(f"{error}: choose another {option}") from error


def _require_one_to_read(files: Sequence[BatchInput], folder: Path) -> None:
    """Say what is wrong with inputs none of which can be read, and exit, before an output folder is made.

    A name that was mistyped leaves nothing behind; in a folder that is there already, failures are written.
    """
    if folder.exists() or not all(file.error for file in files):
        return
    errors = [file.error for file in files if file.error]
    if len(errors) == 1:
        raise errors[0]
    for error in errors:
        notify(error)
    exit_with({error.exit_code for error in errors})
