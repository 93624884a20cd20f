"""Errors that Ringkas raises on purpose.

Every message is one line that says what is wrong and what to do about it: the command line prints it as it
is, so it never needs a traceback to be understood.
"""

from __future__ import annotations

import errno


def reason_of(error: Exception) -> str:
    """Return what the system says is wrong, for the middle of a message: without a capital at its beginning."""
    reason: str = getattr(error, "strerror", None) or str(error)
    return reason[:1].lower() + reason[1:]


def is_out_of_memory(error: Exception) -> bool:
    """Tell whether an error, also of a library written in C++ or of one that can't be loaded, says that memory ran out.

    What can't be mapped for want of a permission (a folder that is mounted ``noexec``) says so.
    """
    if isinstance(error, ImportError):
        return "failed to map segment" in str(error) and "not permitted" not in str(error)
    is_of_the_system = getattr(error, "errno", None) == errno.ENOMEM
    return isinstance(error, MemoryError) or is_of_the_system or "bad_alloc" in str(error)


class RingkasError(Exception):
    """Base of every error that Ringkas raises on purpose.

    Attributes:
        advice: what to do about it, in a few words.
    """

    advice = "run 'ringkas summarize' on it alone to find out more"

    def __init__(self, message: str, *, advice: str | None = None) -> None:
        super().__init__(message)
        if advice:
            self.advice = advice


class InputError(RingkasError):
    """The input can't be used: it is missing, empty, binary, too large, not an article or not Indonesian."""

    advice = "save the article's page again, as text or HTML"


class NotIndonesianError(InputError):
    """The text is in another language.

    Attributes:
        language: ISO 639-1 code of the language that the text seems to be in.
    """

    advice = "leave it out, or accept it with --force"

    def __init__(self, message: str, language: str) -> None:
        super().__init__(message)
        self.language = language

    def __reduce__(self) -> tuple[type[NotIndonesianError], tuple[str, str]]:
        return type(self), (str(self), self.language)


class NoArticleError(InputError):
    """The page was read, but holds no article (an index page, a form, an error page)."""

    advice = "save the article's own page, or accept this one with --force"


class ModelError(RingkasError):
    """The model is unknown, missing, damaged, or can't be prepared."""

    advice = "see 'ringkas models'"


class OutputError(RingkasError):
    """A result can't be written."""

    advice = "free some space, or write elsewhere"
