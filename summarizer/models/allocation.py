"""How the C library hands out memory."""

from __future__ import annotations

import ctypes
import os
import sys

# malloc.h of glibc.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_KEPT = 1 << 30


def keep_freed_memory() -> None:
    """Let glibc keep the memory that tensors leave behind for the next ones, up to 1 GiB.

    By default it gives large pieces back to the system and asks for them again, page by page: reading eight texts of
    400 tokens took a third longer. The peak of memory stays the same. Nothing happens with another C library, or where
    the environment says how to allocate (``MALLOC_...``, see mallopt(3)).
    """
    if not sys.platform.startswith("linux") or any(name.startswith("MALLOC_") for name in os.environ):
        return
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return
    mallopt(_TRIM_THRESHOLD, _KEPT)
    # Some versions refuse more than 32 MiB here.
    mallopt(_MMAP_THRESHOLD, _KEPT) or mallopt(_MMAP_THRESHOLD, 32 << 20)
