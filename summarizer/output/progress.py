"""Show progress: a bar on a terminal or in a notebook, lines now and then in a log."""

from __future__ import annotations

import sys
import threading
import time
import warnings
from datetime import timedelta
from typing import Any, Self

TICK_SECONDS = 1.0
"""How often a bar is drawn while nothing is counted."""

# tqdm fills these in, but for the count, which is whole: what is half done is not yet counted.
_BAR = "{{l_bar}}{{bar}}|{count} [{{elapsed}}<{{remaining}}]"
_BATCH_BAR = "{{percentage:3.0f}}%|{{bar}}|{count} [{{elapsed}}, {{desc}}]"
# What fractions that sum up to a whole may fall short of it.
_ROUNDING = 1e-6


class Progress:
    """Counts what is done, and shows it in a bar: on standard error if that is a terminal, or in a notebook.

    The clock of the bar goes on while nothing is counted, so that nobody takes long work for a program that hangs.
    """

    _shape = _BAR

    def __init__(self, total: float | None, label: str = "", *, shown: bool | None = True, **look: Any) -> None:
        """Start counting to a total, if it is known; ``shown`` None allows a bar only in a notebook."""
        self._total = total
        look = {"delay": 0.5, "bar_format": self._bar_format(0)} | look
        self._bar = _make_bar(shown, total=total, desc=label, **look)
        self._ended = threading.Event()
        self._clock = threading.Thread(target=self._keep_time, daemon=True)

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._clock.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._ended.set()
            self._clock.join()
            # Fractions seldom sum up to the whole, and a notebook paints a bar red that falls short of its end.
            self._bar.n = self._bar.total or self._bar.n
            self._bar.close()

    @property
    def is_drawn(self) -> bool:
        """Whether there is a bar."""
        return self._bar is not None

    def advance(self, count: float) -> None:
        """Count what was done; fractions are steps on the way."""
        if self._bar is not None:
            self._count(count)

    def _count(self, count: float) -> None:
        """Move the bar on, but not beyond its end: tqdm warns where fractions sum up to more than the whole."""
        if self._total:
            count = min(count, self._total - self._bar.n)
            self._bar.bar_format = self._bar_format(self._bar.n + count)
        self._bar.update(count)

    def _bar_format(self, done: float) -> str | None:
        """Return what tqdm makes a bar of; tqdm's own where the total isn't known."""
        if not self._total:
            return None
        # Of one thing, the percentage says all.
        count = f" {int(done + _ROUNDING)}/{self._total:.0f}" if self._total != 1 else ""
        return self._shape.format(count=count)

    def describe(self, label: str) -> None:
        """Say what is being done now."""
        if self._bar is not None:
            self._bar.set_description(label)

    def say(self, message: object) -> None:
        """Write a line to standard error, above the bar."""
        if self._bar is None:
            self._write(message)
            return
        # Or else the bar might be drawn in between.
        with self._bar.get_lock():
            self._bar.clear(nolock=True)
            self._write(message)

    def _write(self, message: object) -> None:
        print(f"ringkas: {message}", file=sys.stderr, flush=True)

    def _keep_time(self) -> None:
        while not self._ended.wait(TICK_SECONDS):
            self._bar.refresh()


class BatchProgress(Progress):
    """Counts articles, and says how fast they go and what failed; now and then in a log too."""

    _shape = _BATCH_BAR

    def __init__(self, total: int, *, quiet: bool = False, log_seconds: float = 30.0) -> None:
        """Start counting; where standard error is no terminal, a line is written every ``log_seconds``."""
        self._articles = total
        self._quiet = quiet
        self._log_seconds = log_seconds
        self._worked = 0.0
        self._skipped = 0
        self._failed = 0
        self._started = self._said = time.monotonic()
        super().__init__(total, self._pace(), shown=not quiet, delay=0)

    def advance(self, count: float) -> None:
        """Count articles that were worked on."""
        self._worked += count
        self._update(count)

    def skip(self) -> None:
        """Count an article that was done already."""
        self._skipped += 1
        self._update(1)

    def fail(self, message: object) -> None:
        """Say what failed."""
        self._failed += 1
        self.say(message)

    def _pace(self) -> str:
        """Return rate, time left and failures; what was there already says nothing about the rate."""
        seconds = time.monotonic() - self._started
        parts = [f"{self._failed} failed"] if self._failed else []
        if self._worked >= 1 and seconds > 0:
            left = seconds / self._worked * max(0.0, self._articles - self._skipped - self._worked)
            parts = [f"{60 * self._worked / seconds:.1f} per minute", f"{timedelta(seconds=round(left))} left", *parts]
        return ", ".join(parts) or "starting"

    def _update(self, count: float) -> None:
        if self._bar is not None:
            self._bar.set_description_str(self._pace(), refresh=False)
            self._count(count)
        elif not self._quiet and time.monotonic() - self._said >= self._log_seconds:
            self._said = time.monotonic()
            seen = int(self._worked + self._skipped)
            self.say(f"{seen} of {self._articles} articles, {self._pace()}")


def _make_bar(shown: bool | None, **options: Any) -> Any:
    """Return a bar of tqdm, or None where there is no place for one."""
    if shown is False:
        return None
    with warnings.catch_warnings():
        # In a notebook without ipywidgets, tqdm says at each import that it draws no bar.
        warnings.filterwarnings("ignore", message="IProgress not found")
        from tqdm.auto import tqdm
        from tqdm.notebook import tqdm_notebook

    if issubclass(tqdm, tqdm_notebook) or (shown and sys.stderr.isatty()):
        return tqdm(leave=False, **options)
    return None
