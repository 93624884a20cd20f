"""Work in a child process, so that an input that kills it takes nothing else along.

Ray starts an actor or a worker again when it died, and gives it the same rows. An input that kills whoever touches it
would do so for ever, or until the job gives up, and Ray couldn't tell which of the rows it was. So the work is done in
a child of Ray's process, by pebble, which tells what a process died over.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from summarizer.extraction.workers import end_with_parent

Item = TypeVar("Item")
Answer = TypeVar("Answer")

_function: Callable[[Sequence[Any]], list[Any]]


class Isolated(Generic[Item, Answer]):
    """A function that runs in a child process of its own, which keeps what it has loaded from call to call."""

    def __init__(
        self,
        function: Callable[[Sequence[Item]], list[Answer]],
        lost: Callable[[Item], Answer],
        *,
        memory: int | None = None,
    ) -> None:
        """Say what to run; the child starts with the first call.

        Args:
            function: can be pickled; returns an answer for each item.
            lost: makes the answer for an item that the child died over.
            memory: how many bytes of data the child may have; with more, it gets no memory (on Linux only). None for
                no limit.
        """
        from pebble import ProcessPool

        self._lost = lost
        self._pool = ProcessPool(
            1, initializer=_begin, initargs=(function, memory), context=multiprocessing.get_context("spawn")
        )

    def __call__(self, items: Sequence[Item]) -> list[Answer]:
        """Return the function's answers.

        If the child dies, each item is tried once more, by itself: the one that it dies over again gets the answer of
        ``lost``. So no item kills more than two processes.

        Raises:
            Exception: what the function raises.
        """
        answers = self._ask(items)
        if answers is not None:
            return answers
        alone = (self._ask([item]) for item in items)
        return [self._lost(item) if answer is None else answer[0] for item, answer in zip(items, alone, strict=True)]

    def _ask(self, items: Sequence[Item]) -> list[Answer] | None:
        """Return the answers; None if the child died."""
        from pebble import ProcessExpired

        try:
            answers: list[Answer] = self._pool.schedule(_call, [items]).result()
        except ProcessExpired:
            return None
        return answers


def _begin(function: Callable[[Sequence[Any]], list[Any]], memory: int | None) -> None:
    global _function
    _function = function
    end_with_parent()
    if memory and sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))


def _call(items: Sequence[Any]) -> list[Any]:
    return _function(items)
