"""Work on many items in several processes, in order, with a bounded number of them under way."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future
from itertools import islice
from multiprocessing.connection import wait
from typing import TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")


def map_ordered(
    function: Callable[[Item], Answer],
    items: Iterable[Item],
    *,
    processes: int,
    ahead: int,
    lost: Callable[[Item], Answer],
) -> Generator[Answer, None, None]:
    """Call a function for each item, in processes of their own, and yield the answers in the order of the items.

    The processes are spawned rather than forked: a fork of a program that runs threads, as torch does, may hang. They
    ignore Ctrl-C, which is for the caller to handle, and end when the caller dies. Where there are 0, the function is
    called here. At most ``ahead`` items are under way; ``lost`` answers for one whose process died over it.
    """
    if processes == 0:
        yield from map(function, items)
        return
    # Unlike concurrent.futures, which gives up all that is under way, pebble tells over which item a process died.
    from pebble import ProcessExpired, ProcessPool

    pool = ProcessPool(processes, initializer=_end_with_parent, context=multiprocessing.get_context("spawn"))
    waiting: deque[tuple[Item, Future[Answer]]] = deque()
    source = iter(items)
    try:
        while True:
            waiting += ((item, pool.schedule(function, [item])) for item in islice(source, ahead - len(waiting)))
            if not waiting:
                return
            item, future = waiting.popleft()
            try:
                answer = future.result()
            except ProcessExpired:
                answer = lost(item)
            yield answer
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def _end_with_parent() -> None:
    """Watch, in a worker, for the end of the process that started it: a busy worker wouldn't notice."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            wait([parent.sentinel])
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
