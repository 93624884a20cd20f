"""How the system and the C library hand out memory."""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import suppress

# malloc.h of glibc.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_KEPT = 1 << 30


def require_address_space(size: int) -> None:
    """Check that the process may have so much memory (``ulimit -v``).

    Libraries in Rust end the process where they get none, so it is better to know before they are asked.

    Args:
        size: in bytes.

    Raises:
        MemoryError: it may not.
    """
    with suppress(ImportError):
        import resource

        limit, _ = resource.getrlimit(resource.RLIMIT_AS)
        if limit != resource.RLIM_INFINITY and limit < size:
            raise MemoryError(f"the process may have {limit >> 20} MB of memory")


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
