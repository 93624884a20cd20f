"""Show how a long run goes: a bar on a terminal, lines now and then in a log."""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from types import TracebackType
from typing import Any, Self

from summarizer.errors import RingkasError

LOG_SECONDS = 30.0
"""How often a line is written where there is no terminal."""


class Progress:
    """Counts articles, and says on standard error how many there are, how fast they go and what failed."""

    def __init__(self, total: int, *, quiet: bool = False, log_seconds: float = LOG_SECONDS) -> None:
        """Start counting.

        Args:
            total: number of articles.
            quiet: say only what failed.
            log_seconds: how often a line is written where standard error is no terminal.
        """
        self._total, self._quiet, self._log_seconds = total, quiet, log_seconds
        self._worked, self._skipped, self._failed = 0.0, 0, 0
        self._started = self._said = time.monotonic()
        self._bar: Any = None
        if not quiet and sys.stderr.isatty():
            from tqdm import tqdm

            form = "{percentage:3.0f}%|{bar}| {n:.0f}/{total_fmt} [{elapsed}, {desc}]"
            self._bar = tqdm(total=total, bar_format=form, desc=self._pace(), leave=False)

    def __enter__(self) -> Self:
        """Return the object itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Take the bar away."""
        self.close()

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()

    def advance(self, count: float) -> None:
        """Count articles that were worked on; fractions are steps on the way."""
        self._worked += count
        self._update(count)

    def skip(self) -> None:
        """Count an article that was done already."""
        self._skipped += 1
        self._update(1)

    def fail(self, error: RingkasError) -> None:
        """Say what failed."""
        self._failed += 1
        if self._bar is not None:
            self._bar.clear()
        print(f"ringkas: {error}", file=sys.stderr, flush=True)
        if self._bar is not None:
            self._bar.refresh()

    def _pace(self) -> str:
        """Return rate, time left and failures; what was there already says nothing about the rate."""
        seconds = time.monotonic() - self._started
        parts = [f"{self._failed} failed"] if self._failed else []
        if self._worked >= 1 and seconds > 0:
            left = seconds / self._worked * max(0.0, self._total - self._skipped - self._worked)
            parts = [f"{60 * self._worked / seconds:.1f} per minute", f"{timedelta(seconds=round(left))} left", *parts]
        return ", ".join(parts) or "starting"

    def _update(self, count: float) -> None:
        if self._bar is not None:
            self._bar.set_description_str(self._pace(), refresh=False)
            self._bar.update(count)
        elif not self._quiet and time.monotonic() - self._said >= self._log_seconds:
            self._said = time.monotonic()
            seen = int(self._worked + self._skipped)
            print(f"ringkas: {seen} of {self._total} articles, {self._pace()}", file=sys.stderr, flush=True)
