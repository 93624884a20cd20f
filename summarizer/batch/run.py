"""Summarise any number of articles into a folder, so that a run can be killed at any moment and resumed.

The inputs are taken in windows of `WINDOW`, counted over all inputs in their order, and written in the groups that
`Summarizer.write_groups` makes of a window; each group lands as soon as it is written. Groups come in the same order
each time, so which texts share the model's batches depends neither on how fast anything was nor on where a run was
stopped.
"""

from __future__ import annotations

import errno
import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import summarizer
from summarizer.article import Article
from summarizer.batch.folder import FAILURES, RESULTS, STATE, Known, ResultFolder
from summarizer.batch.inputs import Item, open_files, read_bytes, read_item
from summarizer.errors import InputError, ModelError, OutputError, RingkasError
from summarizer.extraction.decoding import shown_name
from summarizer.extraction.workers import map_ordered
from summarizer.models.base import Length, Style
from summarizer.output.forms import ENDINGS, Form, render
from summarizer.output.progress import BatchProgress
from summarizer.pipeline import WINDOW, Summarizer, Translate, code_digest, try_to_clean, unforeseen
from summarizer.result import Result
from summarizer.storage.fingerprint import digest_values

# What a file system says of a name that it can't hold, or where something else is in the way.
_BAD_NAMES = {
    errno.ENAMETOOLONG: "the name of its result is too long",
    errno.EINVAL: "the name of its result can't be used in the output folder",
    errno.EILSEQ: "the name of its result can't be used in the output folder",
    errno.EISDIR: "there is a folder where its result should go",
    errno.EEXIST: "there is a file where its result's folder should go",
    errno.ENOTDIR: "there is a file where its result's folder should go",
}


@dataclass(frozen=True)
class Settings:
    """What a batch's results depend on besides inputs and model.

    Attributes:
        translate: as for `Summarizer.summarize`.
        form: the form of each article's own file.
        text_field: name of the field of JSON lines that holds the text.
        force: take pages without an article, or in another language.
        length: as for `Summarizer.summarize`.
        style: as for `Summarizer.summarize`.
    """

    translate: Translate = "abstract"
    form: Form = "json"
    text_field: str = "text"
    force: bool = False
    length: Length | None = None
    style: Style = "faithful"


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


def maker_of(ringkas: Summarizer, translate: Translate) -> list[str]:
    """Return what stands for all that makes a result but input and settings: version, code and models.

    Raises:
        ModelError: a model can't be prepared.
    """
    return [summarizer.__version__, code_digest(), ringkas.identity(translate)]


def result_key(maker: Sequence[str], settings: Settings, data: bytes) -> str:
    """Return what stands for all that a result depends on.

    Args:
        maker: what `maker_of` returned.
        settings: of the batch.
        data: the input.
    """
    return digest_values([maker, asdict(settings), hashlib.sha256(data).hexdigest()])


def lost_item(item: Item) -> InputError:
    """Return what to say of an item that its process died over."""
    reason = f"{item.name} can't be read: the process that read it died"
    return InputError(reason, advice="check whether memory ran out, or leave it out")


def _clash(item: Item, known: Known) -> OutputError:
    other = shown_name(known.file or "")
    reason = f"{item.name}: the output folder has the result of another file of that name, {other}"
    return OutputError(f"{reason}: choose another output folder", advice="use a folder for each, or name both inputs")


@dataclass
class _Outcome:
    """What reading an item came to: an article, an error, or a result that is there already (neither)."""

    item: Item
    key: str | None = None
    content: Article | RingkasError | None = None


@dataclass(frozen=True)
class _Reader:
    """Reads and cleans an item; goes to other processes, and so holds plain values only."""

    settings: Settings
    maker: list[str]
    output: Path
    resume: bool

    def __call__(self, task: tuple[Item, Known | None]) -> _Outcome:
        item, known = task
        outcome = _Outcome(item)
        try:
            data = read_bytes(item)
            outcome.key = result_key(self.maker, self.settings, data)
            if known and known.key == outcome.key:
                if self.resume and known.is_there(self.output):
                    return outcome
            elif known and known.is_of_another(item.path, self.output):
                raise _clash(item, known)
            article = read_item(item, data, self.settings.text_field)
            outcome.content = try_to_clean(article, force=self.settings.force)
        except ModelError:
            raise
        except RingkasError as error:
            outcome.content = error
        except Exception as error:
            outcome.content = unforeseen(item.name, "read", error)
        return outcome

    @staticmethod
    def lost(task: tuple[Item, Known | None]) -> _Outcome:
        """Return what stands for an item that its process died over."""
        return _Outcome(task[0], content=lost_item(task[0]))


class Batch:
    """A run over many inputs into one folder."""

    def __init__(
        self, ringkas: Summarizer, output: Path, state: Path, settings: Settings, progress: BatchProgress
    ) -> None:
        """Look at what earlier runs left in the folder.

        Args:
            ringkas: does the work; its own ``force`` should be that of the settings.
            output: the output folder.
            state: what `folder.lock` yielded for it.
            settings: what the results depend on.
            progress: is told what is finished, skipped and failed.

        Raises:
            OutputError: the folder can't be read or written.
        """
        self.summary = Summary()
        self.failures: list[dict[str, str]] = []
        self._ringkas, self._settings, self._progress = ringkas, settings, progress
        self._folder = ResultFolder(output, state)
        self._order: list[str] = []

    def run(
        self, files: Iterable[Item], *, processes: int = 0, fail_fast: bool = False, resume: bool = True
    ) -> Summary:
        """Do what isn't done yet.

        Args:
            files: the inputs, as `inputs.list_files` returns them.
            processes: how many processes read and clean; 0 does it in this one.
            fail_fast: stop at the first failure, before its window is written.
            resume: let results count that are there already.

        Returns:
            The summary. The folder is in order even if the run is interrupted by an exception.

        Raises:
            ModelError: the model can't be prepared or loaded.
            OutputError: a result can't be written.
        """
        started = time.monotonic()
        files = list(files)
        # If nothing can be read, no model need be prepared to say so.
        readable = any(not file.error for file in files)
        maker = maker_of(self._ringkas, self._settings.translate) if readable else []
        reader = _Reader(self._settings, maker, self._folder.output, resume)
        self._folder.protect(file.path for file in files)
        tasks = ((item, self._folder.known.get(item.name)) for item in open_files(files))
        outcomes = map_ordered(
            reader, tasks, processes=processes if readable else 0, ahead=2 * WINDOW, lost=_Reader.lost
        )
        written = True
        try:
            with closing(outcomes):
                while window := self._next_window(outcomes, fail_fast=fail_fast):
                    self._write_window([outcome for outcome in window if isinstance(outcome.content, Article)])
                    if fail_fast and self.failures:
                        break
            return self.summary
        except OutputError:
            written = False
            raise
        finally:
            self.summary.seconds = time.monotonic() - started
            with closing(self._folder):
                if written:
                    self._folder.finish(self._order, self.failures)
            if not (fail_fast and self.failures):
                self.summary.others = len(self._folder.known.keys() - set(self._order))

    def records(self) -> Iterator[dict[str, Any]]:
        """Yield the records of ``results.jsonl``, one at a time."""
        return self._folder.records()

    def _next_window(self, outcomes: Iterator[_Outcome], *, fail_fast: bool) -> list[_Outcome]:
        """Return the next outcomes; none at the end, or if one has failed and that is enough to stop."""
        window = []
        for outcome in islice(outcomes, WINDOW):
            self._take_note(outcome)
            if fail_fast and self.failures:
                return []
            window.append(outcome)
        return window

    def _take_note(self, outcome: _Outcome) -> None:
        self._order.append(outcome.item.name)
        if isinstance(outcome.content, RingkasError):
            self._fail(outcome.item, outcome.content, outcome.key)
        elif outcome.content is None:
            self.summary.skipped += 1
            self._progress.skip()

    def _write_window(self, window: list[_Outcome]) -> None:
        articles = [outcome.content for outcome in window if isinstance(outcome.content, Article)]
        settings = self._settings
        written = self._ringkas.write_groups(articles, settings.translate, length=settings.length, style=settings.style)
        for group in written:
            records = self._write_results([(window[place], result) for place, result in group])
            self._folder.land(records)
            self.summary.done += len(records)
            self.summary.warnings += sum(len(record["warnings"]) for record in records)
            self._progress.advance(len(records))

    def _write_results(self, group: Sequence[tuple[_Outcome, Result | RingkasError]]) -> list[dict[str, Any]]:
        """Write the articles' own files, and return their records."""
        ready = []
        for outcome, result in group:
            item = outcome.item
            if isinstance(result, RingkasError):
                self._fail(item, result, outcome.key)
                continue
            output, text = self._place(item), render(result.to_dict(), self._settings.form)
            if self._folder.may_write(item.name, output, text):
                ready.append((outcome, result, output, text))
                continue
            reason = f"{item.name}: there is another file where its result should go: {output}"
            self._fail(item, OutputError(reason, advice="move that file, or choose another output folder"), None)
        self._folder.begin(output for _, _, output, _ in ready)
        written = (self._write_result(*one) for one in ready)
        return [record for record in written if record]

    def _write_result(self, outcome: _Outcome, result: Result, output: str, text: str) -> dict[str, Any] | None:
        """Write an article's own file, and return its record; None if nothing can have that name."""
        item = outcome.item
        try:
            digest = self._folder.write(output, text)
        except OutputError as error:
            reason = _BAD_NAMES.get(error.__cause__.errno or 0) if isinstance(error.__cause__, OSError) else None
            if not reason:
                raise
            self._fail(item, OutputError(f"{item.name}: {reason}", advice="rename one of them"), None)
            return None
        names = {"input": item.name, "file": os.path.realpath(item.path), "output": output}
        return names | {"key": outcome.key, "sha256": digest} | result.to_record()

    def _place(self, item: Item) -> str:
        """Return the path of an item's result below the output folder."""
        stem = item.stem
        # An input may have the name of a file beside the results, or the name that such an input gets here.
        if stem.split("/")[0].lstrip("_") in (RESULTS, FAILURES, STATE):
            stem = f"_{stem}"
        return stem + ENDINGS[self._settings.form]

    def _fail(self, item: Item, error: RingkasError, key: str | None) -> None:
        name = item.name
        known = self._folder.known.get(name)
        # A result of something that the input no longer holds is not a result. What can't be read may hold it still.
        if known and key and key != known.key and not known.is_of_another(item.path, self._folder.output):
            self._folder.forget(name)
        self.failures.append({"input": name, "error": str(error), "kind": type(error).__name__, "advice": error.advice})
        self.summary.failed += 1
        self._progress.fail(error)
        self._progress.advance(1)
