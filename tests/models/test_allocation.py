from __future__ import annotations

import os
import subprocess
import sys

import pytest

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
