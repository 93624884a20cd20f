"""Work on many items in several processes, in order, with a bounded number of them under way."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
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
    """Call a function for each item, in processes of their own.

    The processes are started anew rather than forked: a fork of a program that runs threads, as torch does, may hang.
    They ignore Ctrl-C, which is for the caller to handle, and end when the caller dies, however it dies.

    Args:
        function: can be pickled, like its items and answers; returns its errors instead of raising them.
        items: taken as they are needed.
        processes: how many; 0 calls the function here.
        ahead: how many items may be under way before the first of them is asked for.
        lost: makes the answer for an item whose process died over it.

    Yields:
        The answers, in the order of the items.
    """
    if processes == 0:
        yield from map(function, items)
        return
    waiting: deque[tuple[Item, Future[Answer]]] = deque()
    source = iter(items)
    pool = _pool(processes)
    try:
        while True:
            while len(waiting) < ahead and (item := next(source, None)) is not None:
                waiting.append((item, _submit(pool, function, item)))
            if not waiting:
                return
            item, future = waiting[0]
            try:
                answer = future.result()
            except BrokenProcessPool:
                # Nobody says whose fault it was. Ask again, this item alone in a process, then go on with the others.
                pool.shutdown(cancel_futures=True)
                answer = _ask_alone(function, item, lost)
                pool = _pool(processes)
                waiting = deque((other, _submit(pool, function, other)) for other, _ in waiting)
            waiting.popleft()
            yield answer
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _submit(pool: ProcessPoolExecutor, function: Callable[[Item], Answer], item: Item) -> Future[Answer]:
    try:
        return pool.submit(function, item)
    except BrokenProcessPool as error:
        # A process died since the last answer; whoever waits for the first answer will see to it.
        broken: Future[Answer] = Future()
        broken.set_exception(error)
        return broken


def _ask_alone(function: Callable[[Item], Answer], item: Item, lost: Callable[[Item], Answer]) -> Answer:
    with _pool(1) as pool:
        try:
            return pool.submit(function, item).result()
        except BrokenProcessPool:
            return lost(item)


def _pool(processes: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), initializer=_start)


def _start() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
