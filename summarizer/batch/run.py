"""Summarise any number of articles into a folder, so that a run can be killed at any moment and gone on with.

The inputs are worked on in windows of `WINDOW`, counted over all inputs in their order: what is in a window, and so
which texts share the model's batches, depends neither on how fast anything was nor on what was done before. When the
results of a window are on the disk, one record of each goes into a part in the folder ``.ringkas``, in one step; a
window without its part is done again, whole. At the end, the parts become ``results.jsonl``.
"""

from __future__ import annotations

import errno
import hashlib
import json
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.resources import files as resources
from importlib.resources.abc import Traversable
from itertools import count, islice
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol

from summarizer.article import Article
from summarizer.batch.inputs import STATE, Item, open_files, read_bytes, read_item
from summarizer.errors import InputError, OutputError, RingkasError
from summarizer.extraction.workers import map_ordered
from summarizer.models.base import Length
from summarizer.pipeline import WINDOW, Summarizer, Translate, try_to_clean, unforeseen
from summarizer.result import Result, to_record
from summarizer.storage.atomic import open_whole, write_whole

Format = Literal["json", "md", "text"]

RESULTS, FAILURES = "results.jsonl", "failures.jsonl"

# What a file system says of a name that it can't hold, or that something else stands in the place of.
_BAD_NAMES = {
    errno.ENAMETOOLONG: "the name of its result is too long",
    errno.EINVAL: "the name of its result can't be used in the output folder",
    errno.EILSEQ: "the name of its result can't be used in the output folder",
    errno.EISDIR: "a folder stands in the place of its result",
    errno.EEXIST: "a file stands in the place of its result's folder",
    errno.ENOTDIR: "a file stands in the place of its result's folder",
}
_ENDINGS: dict[Format, str] = {"json": ".json", "md": ".md", "text": ".txt"}


@dataclass(frozen=True)
class Settings:
    """What a batch's results depend on besides inputs and model.

    Attributes:
        translate: as for `Summarizer.summarize`.
        form: the form of each article's own file.
        text_field: name of the field of JSON lines that holds the text.
        force: take pages without an article, or in another language.
        length: as for `Summarizer.summarize`.
    """

    translate: Translate = "abstract"
    form: Format = "json"
    text_field: str = "text"
    force: bool = False
    length: Length | None = None


@dataclass
class Summary:
    """What came of a run.

    Attributes:
        done: number of results that were written.
        skipped: number of results that were there already, with the same input, model and settings.
        failed: number of inputs without a result.
        warnings: number of warnings in the results that were written.
        seconds: how long it took.
        others: number of results in the folder that are of inputs of other runs.
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


class Report(Protocol):
    """Who is told how a run goes."""

    def advance(self, count: float) -> None:
        """So many more articles are finished; fractions are steps on the way."""

    def skip(self) -> None:
        """One more result was there already."""

    def fail(self, error: RingkasError) -> None:
        """One more input has no result."""


class _Known(NamedTuple):
    """Where the record of an earlier result is, and what makes it count."""

    key: str
    output: str
    digest: str
    file: Path
    offset: int
    length: int


@dataclass
class _Outcome:
    """What reading an item came to: an article, an error, or a result that is there already (neither of both)."""

    item: Item
    key: str | None = None
    content: Article | RingkasError | None = None


@dataclass(frozen=True)
class _Reader:
    """Reads and cleans an item; goes to other processes, and so holds plain values only."""

    settings: Settings
    maker: str
    output: Path

    def __call__(self, task: tuple[Item, _Known | None]) -> _Outcome:
        item, known = task
        outcome = _Outcome(item)
        try:
            data = read_bytes(item)
            outcome.key = self._key(data)
            if known and known.key == outcome.key and _digest_of(self.output / known.output) == known.digest:
                return outcome
            article = read_item(item, data, self.settings.text_field)
            outcome.content = try_to_clean(article, force=self.settings.force)
        except RingkasError as error:
            outcome.content = error
        except Exception as error:
            outcome.content = unforeseen(item.name, "read", error)
        return outcome

    def _key(self, data: bytes) -> str:
        """Return what stands for all that a result depends on."""
        parts = [self.maker, repr(self.settings), hashlib.sha256(data).hexdigest()]
        return hashlib.sha256("\n".join(parts).encode("utf-8", "backslashreplace")).hexdigest()

    @staticmethod
    def lost(task: tuple[Item, _Known | None]) -> _Outcome:
        """Return what stands for an item that its process died over."""
        error = f"{task[0].name} can't be read: the process that read it died"
        return _Outcome(task[0], content=InputError(error, advice="look whether memory ran out, then leave it out"))


@contextmanager
def lock(output: Path) -> Iterator[Path]:
    """Make the output folder and keep other runs out of it.

    Yields:
        The folder for what must not lie among the results.

    Raises:
        OutputError: another run works in it, or it can't be made or written to.
    """
    from filelock import FileLock, Timeout

    state = output / STATE
    try:
        state.mkdir(parents=True, exist_ok=True)
        guard = FileLock(state / "lock", timeout=0)
        guard.acquire()
    except Timeout:
        raise OutputError(f"another run is writing to {output}: wait for it, or choose another folder") from None
    except OSError as error:
        raise OutputError(f"cannot write to {output}: {(error.strerror or str(error)).lower()}") from error
    try:
        yield state
    finally:
        guard.release()


class Batch:
    """A run over many inputs into one folder."""

    def __init__(self, ringkas: Summarizer, output: Path, state: Path, settings: Settings, report: Report) -> None:
        """Look at what earlier runs left in the folder.

        Args:
            ringkas: does the work; its own ``force`` should be that of the settings.
            output: the output folder.
            state: what `lock` yielded for it.
            settings: what the results depend on.
            report: is told how it goes.

        Raises:
            OutputError: the folder can't be read or written.
        """
        self.summary = Summary()
        self.failures: list[dict[str, str]] = []
        self._ringkas, self._output, self._settings, self._report = ringkas, output, settings, report
        self._parts, self._scratch = state / "parts", state / "unfinished"
        self._order: list[str] = []
        self._known: dict[str, _Known] = {}
        with _writing(output):
            # What a killed run was writing.
            shutil.rmtree(self._scratch, ignore_errors=True)
            self._scratch.mkdir()
            self._parts.mkdir(exist_ok=True)
            for part in (output / RESULTS, *sorted(self._parts.iterdir())):
                self._learn(part)
            if any(self._parts.iterdir()):
                self._merge()

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
            ModelError: the model can't be made ready or loaded.
            OutputError: a result can't be written.
        """
        started = time.monotonic()
        files = list(files)
        # Where nothing can be read, no model has to be made ready to say so.
        readable = any(not file.error for file in files)
        maker = f"{_code_digest()} {self._ringkas.identity(self._settings.translate)}" if readable else ""
        reader = _Reader(self._settings, maker, self._output)
        tasks = ((item, self._known.get(item.name) if resume else None) for item in open_files(files))
        outcomes = map_ordered(
            reader, tasks, processes=processes if readable else 0, ahead=2 * WINDOW, lost=_Reader.lost
        )
        written = True
        try:
            with closing(outcomes):
                for number in count():
                    window = []
                    for outcome in islice(outcomes, WINDOW):
                        window.append(outcome)
                        self._take_note(outcome)
                        if fail_fast and self.failures:
                            return self.summary
                    if not window:
                        break
                    self._write_window(number, [outcome for outcome in window if isinstance(outcome.content, Article)])
                    if fail_fast and self.failures:
                        break
            return self.summary
        except OutputError:
            written = False
            raise
        finally:
            self.summary.seconds = time.monotonic() - started
            if written:
                with _writing(self._output):
                    self._merge()
                    self._write_failures()
                self.summary.others = len(self._known.keys() - set(self._order))

    def records(self) -> Iterator[dict[str, Any]]:
        """Yield the records of ``results.jsonl``, one at a time."""
        with open(self._output / RESULTS, encoding="utf-8") as file:
            yield from map(json.loads, file)

    def _take_note(self, outcome: _Outcome) -> None:
        self._order.append(outcome.item.name)
        if isinstance(outcome.content, RingkasError):
            self._fail(outcome.item.name, outcome.content, outcome.key)
            self._report.advance(1)
        elif outcome.content is None:
            self.summary.skipped += 1
            self._report.skip()

    def _write_window(self, number: int, window: list[_Outcome]) -> None:
        articles = [outcome.content for outcome in window if isinstance(outcome.content, Article)]
        if not articles:
            return
        results = self._ringkas.write(
            articles, self._settings.translate, self._report.advance, length=self._settings.length
        )
        lines: list[tuple[_Outcome, str, str, bytes]] = []
        warnings = 0
        for outcome, result in zip(window, results, strict=True):
            name = outcome.item.name
            if isinstance(result, RingkasError):
                self._fail(name, result, outcome.key)
                continue
            text = _render(result, self._settings.form)
            output = self._place(outcome.item)
            try:
                self._write(output, text)
            except OutputError as error:
                reason = _BAD_NAMES.get(error.__cause__.errno or 0) if isinstance(error.__cause__, OSError) else None
                if not reason:
                    raise
                self._fail(name, OutputError(f"{name}: {reason}", advice="rename one of them"), None)
                continue
            digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
            head = {"input": name, "output": output, "key": outcome.key, "sha256": digest}
            record = json.dumps(head | to_record(result), ensure_ascii=False) + "\n"
            lines.append((outcome, output, digest, record.encode("utf-8")))
            warnings += len(result.warnings)
        part = self._parts / f"{number:08}.jsonl"
        with open_whole(part, self._scratch) as file:
            file.writelines(line for *_, line in lines)
        offset = 0
        for outcome, output, digest, line in lines:
            self._forget(outcome.item.name, unless=output)
            self._known[outcome.item.name] = _Known(outcome.key or "", output, digest, part, offset, len(line))
            offset += len(line)
        self.summary.done += len(lines)
        self.summary.warnings += warnings

    def _place(self, item: Item) -> str:
        """Return the path of an item's result below the output folder."""
        stem = item.stem
        # Inputs may be named like what lies beside the results, or as such inputs are called then.
        if stem.split("/")[0].lstrip("_") in (RESULTS, FAILURES, STATE):
            stem = f"_{stem}"
        return stem + _ENDINGS[self._settings.form]

    def _write(self, output: str, text: str) -> None:
        target = self._output / output
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"cannot write {target}: {(error.strerror or str(error)).lower()}") from error
        write_whole(target, text, self._scratch)

    def _fail(self, name: str, error: RingkasError, key: str | None) -> None:
        known = self._known.get(name)
        # A result of something that the input no longer holds is no result. What can't be read may hold it still.
        if known and key and key != known.key:
            self._forget(name)
        self.failures.append({"input": name, "error": str(error), "kind": type(error).__name__, "advice": error.advice})
        self.summary.failed += 1
        self._report.fail(error)

    def _forget(self, name: str, unless: str | None = None) -> None:
        """Drop an earlier result, and its file unless that has been written anew."""
        known = self._known.pop(name, None)
        if known and known.output != unless and _digest_of(self._output / known.output) == known.digest:
            (self._output / known.output).unlink()

    def _learn(self, file: Path) -> None:
        """Take note of the records in a file; lines that are no records, or no whole ones, are passed over."""
        if not file.is_file():
            return
        offset = 0
        with open(file, "rb") as lines:
            for line in lines:
                try:
                    fields = json.loads(line)
                    name, key, output, digest = (str(fields[part]) for part in ("input", "key", "output", "sha256"))
                except (ValueError, KeyError, TypeError):
                    pass
                else:
                    # A record that comes later stands for what an earlier one stood for.
                    self._known.pop(name, None)
                    self._known[name] = _Known(key, output, digest, file, offset, len(line))
                offset += len(line)

    def _merge(self) -> None:
        """Write all records into ``results.jsonl``: this run's in the order of the inputs, then the others."""
        target = self._output / RESULTS
        names = dict.fromkeys([*(name for name in self._order if name in self._known), *self._known])
        merged: dict[str, _Known] = {}
        with open_whole(target, self._scratch) as file:
            offset = 0
            for name in names:
                known = self._known[name]
                with open(known.file, "rb") as source:
                    source.seek(known.offset)
                    file.write(source.read(known.length))
                merged[name] = known._replace(file=target, offset=offset)
                offset += known.length
        self._known = merged
        for part in self._parts.iterdir():
            part.unlink()

    def _write_failures(self) -> None:
        lines = [json.dumps(failure, ensure_ascii=False) + "\n" for failure in self.failures]
        write_whole(self._output / FAILURES, "".join(lines), self._scratch)


@contextmanager
def _writing(output: Path) -> Iterator[None]:
    """Turn what goes wrong with the output folder's own files into one line."""
    try:
        yield
    except OSError as error:
        raise OutputError(f"cannot write to {output}: {(error.strerror or str(error)).lower()}") from error


def _code_digest() -> str:
    """Return what stands for the code, the rules and the prompts, which change between versions too."""
    from summarizer import __version__
    from summarizer.models.prompts import prompts_folder

    digest = hashlib.sha256(__version__.encode())
    waiting: list[Traversable] = [resources("summarizer"), prompts_folder()]
    while waiting:
        for part in sorted(waiting.pop().iterdir(), key=lambda part: part.name):
            if part.is_dir():
                waiting.append(part)
            elif part.name.endswith((".py", ".toml", ".txt")):
                digest.update(f"{part.name} {hashlib.sha256(part.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _render(result: Result, form: Format) -> str:
    if form == "json":
        return result.to_json() + "\n"
    return result.to_markdown() if form == "md" else result.to_text()


def _digest_of(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None
