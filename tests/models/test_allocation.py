from __future__ import annotations

import ctypes
import os
import subprocess
import sys

import pytest

from summarizer.models.allocation import keep_freed_memory, require_address_space


class Library:
    """A C library that takes thresholds up to a limit."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.kept: dict[int, int] = {}

    def mallopt(self, option: int, value: int) -> int:
        if value > self.limit:
            return 0
        self.kept[option] = value
        return 1


@pytest.mark.parametrize(
    ("limit", "environment", "platform", "kept"),
    [
        (1 << 30, {}, "linux", {-1: 1 << 30, -3: 1 << 30}),
        # Some versions take a lower threshold only.
        (32 << 20, {}, "linux", {-3: 32 << 20}),
        (1 << 30, {"MALLOC_ARENA_MAX": "8"}, "linux", {}),
        (1 << 30, {}, "darwin", {}),
    ],
)
def test_memory_is_kept_unless_the_user_says_how_to_allocate(
    limit: int, environment: dict[str, str], platform: str, kept: dict[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    library = Library(limit)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(os, "environ", environment)
    monkeypatch.setattr(ctypes, "CDLL", lambda name: library)
    keep_freed_memory()
    assert library.kept == kept
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    keep_freed_memory()


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such limit")
def test_a_limit_of_memory_is_noticed_before_it_is_hit() -> None:
    code = "import sys; from summarizer.models.allocation import *; require_address_space(int(sys.argv[1]) << 20)"
    run = 'ulimit -v 1024000; exec "$@"'
    for megabytes, expected in ((1000, 0), (1001, 1)):
        command = ["bash", "-c", run, "limited", sys.executable, "-c", code, str(megabytes)]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == expected
        assert ("MemoryError" in done.stderr) == bool(expected)
    require_address_space(1 << 60)
