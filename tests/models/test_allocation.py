from __future__ import annotations

import os
import subprocess
import sys

import pytest

from summarizer.models.allocation import require_address_space


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such limit")
def test_a_limit_of_memory_is_noticed_before_it_is_hit() -> None:
    code = "import sys; from summarizer.models.allocation import *; require_address_space(int(sys.argv[1]) << 20)"
    for megabytes, expected in ((1000, 0), (1001, 1)):
        command = ["bash", "-c", 'ulimit -v 1024000; exec "$@"', "limited", sys.executable, "-c", code, str(megabytes)]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == expected
        assert ("MemoryError" in done.stderr) == bool(expected)
    require_address_space(1 << 60)
