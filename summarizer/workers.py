"""Work beside this one: on many items in several processes, in order, or for so many seconds in a thread."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from itertools import islice
from multiprocessing.connection import Connection, wait
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
    ignore Ctrl-C, which is for the caller to handle, and end when the caller dies.

    Args:
        function: what is called; it and the items are pickled.
        items: taken as they are needed.
        processes: how many there are; with 0, the function is called here.
        ahead: how many items are under way at most.
        lost: answers for an item whose process died over it.
    """
    if processes == 0:
        yield from map(function, items)
        return
    source = iter(items)
    while True:
        # Items that a process was given and that have no answer yet.
        unanswered: deque[Item] = deque()
        with suppress(BrokenProcessPool):
            yield from _map_until_death(function, source, unanswered, processes=processes, ahead=ahead)
            return
        # A process died, which ends all of them. The next round has new ones.
        if ahead > 1:
            # Over which item it died is told by trying them again, one at a time.
            yield from map_ordered(function, unanswered, processes=1, ahead=1, lost=lost)
        else:
            # It died over the only one.
            yield from map(lost, unanswered)


def _map_until_death(
    function: Callable[[Item], Answer],
    source: Iterator[Item],
    unanswered: deque[Item],
    *,
    processes: int,
    ahead: int,
) -> Generator[Answer, None, None]:
    """Call a function for each item in new processes, and yield the answers in the order of the items.

    Args:
        function: what is called.
        source: the items; it is read on only as far as they are needed.
        unanswered: empty. It is kept filled with the items that were taken and have no answer yet, in their order.
        processes: how many there are.
        ahead: how many items are under way at most.

    Raises:
        BrokenProcessPool: a process died. ``unanswered`` then has what is to be tried again.
    """
    answers: deque[Future[Answer]] = deque()
    with _open(processes) as pool:
        while True:
            for item in islice(source, ahead - len(unanswered)):
                unanswered.append(item)
                answers.append(pool.submit(function, item))
            if not unanswered:
                return
            answer = answers.popleft().result()
            unanswered.popleft()
            yield answer


def call_within(seconds: float, function: Callable[[], Answer]) -> Answer:
    """Call a function in a thread of its own, and return its answer, or raise what it raises.

    A function that takes too long is left to itself; its thread ends with the program at the latest.

    Raises:
        TimeoutError: it has taken so many seconds.
    """
    answer: Future[Answer] = Future()

    def call() -> None:
        try:
            answer.set_result(function())
        except BaseException as error:
            answer.set_exception(error)

    threading.Thread(target=call, daemon=True).start()
    return answer.result(timeout=seconds)


@contextmanager
def _open(processes: int) -> Iterator[ProcessPoolExecutor]:
    """Yield a pool whose processes end with the block, whatever they are doing."""
    context = multiprocessing.get_context("spawn")
    # Nothing is sent through the pipe: that its end here is closed tells the processes to end.
    end_of_processes, end_here = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(processes, context, _end_with_parent, (end_of_processes,))
    try:
        yield pool
    finally:
        end_here.close()
        pool.shutdown(cancel_futures=True)


def _end_with_parent(pipe: Connection) -> None:
    """Watch, in a worker, for the other end of a pipe to be closed: a busy worker wouldn't notice."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_exit_when_closed, args=(pipe,), daemon=True).start()


def _exit_when_closed(pipe: Connection) -> None:
    wait([pipe])
    os._exit(1)
