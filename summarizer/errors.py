"""Errors that Ringkas raises on purpose, as one tree; ``docs/errors.md`` promises that the exit codes stay.

A message is one line that says what is wrong and, where that helps, what to do about it.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import ClassVar

# What a shell passes the output of a command as: <(command).
_PASSED = re.compile(r"/dev/fd/|/proc/[^/]+/fd/")


class ExitCode(IntEnum):
    """What the command line exits with. A code keeps its meaning; new ones may come."""

    OK = 0
    FAILED = 1
    USAGE = 2
    INPUT = 3
    NO_ARTICLE = 4
    NOT_INDONESIAN = 5
    MODEL = 6
    OUTPUT = 7
    DOUBTFUL = 8
    INTERRUPTED = 130
    OUTPUT_CLOSED = 141
    TERMINATED = 143


class RingkasError(Exception):
    """Base of every error that Ringkas raises on purpose, with what to do about it in a few words (``advice``)."""

    exit_code: ClassVar[ExitCode] = ExitCode.FAILED
    can_be_forced: ClassVar[bool] = False
    """Whether ``force`` makes the page be taken all the same."""
    advice = "run 'ringkas summarize' on it alone to find out more"

    def __init__(self, message: str, *, advice: str | None = None) -> None:
        super().__init__(message)
        if advice:
            self.advice = advice


class InputError(RingkasError):
    """An input can't be read or used: it is missing, empty, binary, too large, or not an article in Indonesian."""

    exit_code = ExitCode.INPUT
    advice = "save the article's page again, as text or HTML"


class NoArticleError(InputError):
    """The page was read, but holds no article (an index page, a form, an error page)."""

    exit_code = ExitCode.NO_ARTICLE
    can_be_forced = True
    advice = "save the article's own page, or accept this one with force=True"


class NotIndonesianError(InputError):
    """The text is in another language: ``language`` is the ISO 639-1 code of what it seems to be in."""

    exit_code = ExitCode.NOT_INDONESIAN
    can_be_forced = True
    advice = "leave it out, or accept it with force=True"

    def __init__(self, message: str, language: str) -> None:
        super().__init__(message)
        self.language = language

    def __reduce__(self) -> tuple[type[NotIndonesianError], tuple[str, str]]:
        return type(self), (str(self), self.language)


class ModelError(RingkasError):
    """The model is unknown, missing, damaged, or can't be prepared."""

    exit_code = ExitCode.MODEL
    advice = "see 'ringkas models'"


class OutputError(RingkasError):
    """A result can't be written."""

    exit_code = ExitCode.OUTPUT
    advice = "free some space, or write elsewhere"


def name_force(text: str, name: str) -> str:
    """Return a message or advice with another interface's name for Python's ``force=True``."""
    return text.replace("force=True", name)


def reason_of(error: Exception) -> str:
    """Return what the system says is wrong, for the middle of a message: without a capital at its beginning."""
    reason: str = getattr(error, "strerror", None) or str(error)
    return reason[:1].lower() + reason[1:]


@contextmanager
def telling(
    what: str, kind: Callable[[str], RingkasError], causes: tuple[type[Exception], ...] = (OSError,)
) -> Iterator[None]:
    """Turn what goes wrong in the block into an error of ours, one line that says what and why.

    Args:
        what: what can't be done, such as "cannot read a.txt".
        kind: the class of the error.
        causes: what is turned into it; other exceptions pass.

    Raises:
        RingkasError: of the kind, in place of one of the causes.
    """
    try:
        yield
    except causes as error:
        raise kind(f"{what}: {reason_of(error)}") from error


def is_out_of_memory(error: Exception) -> bool:
    """Tell whether an error, also of a library in C++ or of one that can't be loaded, says that memory ran out."""
    if isinstance(error, ImportError):
        return "failed to map segment" in str(error) and "not permitted" not in str(error)
    is_of_the_system = getattr(error, "errno", None) == errno.ENOMEM
    return isinstance(error, MemoryError) or is_of_the_system or "bad_alloc" in str(error)


def refuse_pipe(name: str, shown: str, remedy: str) -> None:
    """Refuse a file that is a named pipe: whoever opens it waits, perhaps for ever, for somebody to write to it.

    Args:
        name: the path of the file.
        shown: what the message calls it.
        remedy: what the message says to do.

    Raises:
        InputError: it is such a pipe.
        OSError: the system doesn't know the file. A name with a NUL is a ValueError.
    """
    if stat.S_ISFIFO(os.stat(name).st_mode) and not _PASSED.match(name):  # noqa: PTH116 - no path can be made of some
        raise InputError(f"{shown} is a pipe, which may never end: {remedy}")
