"""Run systems over items: what is there already is taken from the store, the rest is written and timed."""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from eval.data import Benchmark, Item, Output
from eval.outputs import OutputStore, Session, digest
from eval.systems import System
from summarizer.errors import ModelError, RingkasError

Advance = Callable[[int], None]


@dataclass(frozen=True)
class Speed:
    """How quick a system was, without its warm-up.

    Attributes:
        items_per_minute: items that it finished in a minute.
        tokens_per_second: of its output, in its own tokens; None where it has none.
        warm_up: seconds from nothing to the first output of a short text: imports, loading, compiling; None if unknown
            or nothing.
        peak_mb: most memory that its process held, in MB (10^6 bytes); None if unknown.
        from_store: how many outputs were written by an earlier run, and timed then.
    """

    items_per_minute: float
    tokens_per_second: float | None
    warm_up: float | None
    peak_mb: float | None
    from_store: int


@dataclass(frozen=True)
class SystemRun:
    """A system's outputs for all items, its settings, and its speed where that says anything."""

    settings: dict[str, Any]
    outputs: list[Output]
    speed: Speed | None


def run_system(
    system: System,
    benchmark: Benchmark,
    items: Sequence[Item],
    store: OutputStore,
    advance: Advance = lambda count: None,
) -> SystemRun:
    """Get a system's output for each item, in this process.

    A model's outputs are kept in the store batch by batch, so that they are there after a kill.

    Raises:
        RingkasError: the system can't be used, in plain words.
    """
    settings = system.settings()
    if not system.is_model:
        start = time.perf_counter()
        outputs = system.write(items)
        advance(len(items))
        speed = Speed(60 * len(items) / (time.perf_counter() - start), None, None, peak_memory(), 0)
        return SystemRun(settings, outputs, speed if system.is_timed else None)
    keys = [digest(benchmark, settings, item) for item in items]
    kept = store.get(keys)
    missing = [at for at, key in enumerate(keys) if key not in kept]
    advance(len(items) - len(missing))
    if missing:
        start = time.perf_counter()
        system.warm_up()
        warm_up = time.perf_counter() - start
        for first in range(0, len(missing), system.batch):
            batch = missing[first : first + system.batch]
            start = time.perf_counter()
            written = system.write([items[at] for at in batch])
            store.put([keys[at] for at in batch], written, time.perf_counter() - start)
            # After each batch, so that a run that is killed leaves its figures too.
            store.put_session(digest(benchmark, settings), Session(warm_up, peak_memory()))
            advance(len(batch))
        kept = store.get(keys)
    found = [kept[key] for key in keys]
    seconds = sum(one.seconds for one in found)
    counts = [one.output.tokens for one in found]
    session = store.session(digest(benchmark, settings)) or Session(None, None)
    speed = Speed(
        60 * len(items) / seconds,
        sum(count or 0 for count in counts) / seconds if None not in counts else None,
        session.warm_up,
        session.peak_mb,
        len(items) - len(missing),
    )
    return SystemRun(settings, [one.output for one in found], speed)


def run_apart(
    system: System, benchmark: Benchmark, items: Sequence[Item], store: Path, advance: Advance = lambda count: None
) -> SystemRun:
    """Do as `run_system` does in a process of its own, so that its memory is its own.

    Raises:
        RingkasError: the system can't be used, or its process died.
    """
    # A forked process would begin with the memory of this one.
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_work, args=(there, system, benchmark, items, store), daemon=True)
    process.start()
    there.close()
    try:
        while True:
            kind, value = here.recv()
            if kind == "advance":
                advance(value)
            elif kind == "error":
                raise RingkasError(value)
            else:
                result: SystemRun = value
                return result
    except EOFError as error:
        process.join()
        raise ModelError(f"the process of {system.name} ended with code {process.exitcode}") from error
    finally:
        here.close()
        process.join()


def _work(pipe: Connection, system: System, benchmark: Benchmark, items: Sequence[Item], store: Path) -> None:
    # A parent that was killed can't be told of progress: that is the end of this process too.
    try:
        message: tuple[str, Any] = (
            "result",
            run_system(system, benchmark, items, OutputStore(store), lambda count: pipe.send(("advance", count))),
        )
    except RingkasError as error:
        message = ("error", str(error))
    except MemoryError as error:
        message = ("error", f"{system.name} needs more memory than there is: {error}")
    except (BrokenPipeError, KeyboardInterrupt):
        return
    pipe.send(message)


def peak_memory() -> float | None:
    """Return the most memory that this process has held, in MB (10^6 bytes), or None where that isn't known."""
    status = Path("/proc/self/status")
    if status.exists():
        # Linux hands ru_maxrss down from the process that started this one; VmHWM is this one's own.
        for line in status.read_text(encoding="utf-8").split("\n"):
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    try:
        import resource
    except ImportError:  # Windows
        return None
    # In bytes on macOS, in KiB elsewhere.
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
