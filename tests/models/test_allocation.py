from __future__ import annotations

import ctypes
import os
import subprocess
import sys

import pytest

from summarizer.models.allocation import keep_freed_memory, require_address_space

# Ten times 64 MiB, each given back before the next: a page that is given back is missed when it is touched again.
PROBE = """
import resource
from summarizer.models.allocation import keep_freed_memory

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

keep_freed_memory()
bytes(64 << 20)
before = faults()
for _ in range(10):
    bytearray(b"x") * (64 << 20)
print(faults() - before)
"""


def page_faults(**environment: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", PROBE], capture_output=True, text=True, check=True, env={**os.environ, **environment}
    )
    return int(done.stdout)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="mallopt is glibc's")
def test_memory_is_kept_unless_the_environment_says_how_to_allocate() -> None:
    kept, asked_for_anew = page_faults(), page_faults(MALLOC_ARENA_MAX="8")
    assert asked_for_anew > 10 * (64 << 20) // 4096 / 600  # in pages of 2 MiB at most
    assert kept < asked_for_anew / 3


class Library:
    """A C library that takes thresholds up to a limit."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.calls: list[tuple[int, int]] = []

    def mallopt(self, option: int, value: int) -> int:
        self.calls.append((option, value))
        return int(value <= self.limit)


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    made = Library(1 << 30)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", lambda name: made)
    for name in [name for name in os.environ if name.startswith("MALLOC_")]:
        monkeypatch.delenv(name)
    return made


@pytest.mark.parametrize(("limit", "mapped"), [(1 << 30, [1 << 30]), (32 << 20, [1 << 30, 32 << 20])])
def test_some_versions_take_a_lower_threshold_only(library: Library, limit: int, mapped: list[int]) -> None:
    library.limit = limit
    keep_freed_memory()
    assert library.calls == [(-1, 1 << 30), *((-3, value) for value in mapped)]


@pytest.mark.parametrize(("variable", "platform"), [("MALLOC_ARENA_MAX", "linux"), ("HOME", "darwin")])
def test_nothing_is_set_against_the_user_or_elsewhere(
    library: Library, variable: str, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "8")
    monkeypatch.setattr(sys, "platform", platform)
    keep_freed_memory()
    assert library.calls == []


def test_another_c_library_is_left_alone(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    keep_freed_memory()
    assert library.calls == []


def test_a_limit_of_memory_is_noticed_before_it_is_hit(monkeypatch: pytest.MonkeyPatch) -> None:
    resource = pytest.importorskip("resource")
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (500 << 20, 500 << 20))
    require_address_space(500 << 20)
    with pytest.raises(MemoryError, match="the process may have 500 MB of memory"):
        require_address_space((500 << 20) + 1)
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    require_address_space(1 << 60)
