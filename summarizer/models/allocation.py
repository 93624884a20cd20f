"""How the system and the C library hand out memory."""

from __future__ import annotations

import ctypes
from contextlib import suppress

# malloc.h of glibc.
_TRIM_THRESHOLD = -1
_MMAP_THRESHOLD = -3
# Bytes: more than the tensors of a batch, and less than the models.
_KEPT = 1 << 30
# The largest threshold that some versions take (HEAP_MAX_SIZE / 2 in malloc.c).
_LARGEST_MMAP_THRESHOLD = 32 << 20


def require_address_space(size: int) -> None:
    """Make sure that the process may have so many bytes of memory (``ulimit -v``).

    Libraries in Rust end the process where they get none, so it is better to know before they are asked.

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
    400 tokens took a third longer. The peak of memory stays the same.
    """
    # Other systems have no such function, or no library of that name.
    with suppress(OSError, AttributeError, TypeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_TRIM_THRESHOLD, _KEPT)
        is_taken = mallopt(_MMAP_THRESHOLD, _KEPT) == 1
        if not is_taken:
            mallopt(_MMAP_THRESHOLD, _LARGEST_MMAP_THRESHOLD)
