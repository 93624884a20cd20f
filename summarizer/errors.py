"""Errors that Ringkas raises on purpose.

Every message is one line that says what is wrong and what to do about it: the command line prints it as it
is, so it never needs a traceback to be understood.
"""

from __future__ import annotations


class RingkasError(Exception):
    """Base of every error that Ringkas raises on purpose."""


class InputError(RingkasError):
    """The input can't be used: it is missing, empty, binary, too large, not an article or not Indonesian."""


class NotIndonesianError(InputError):
    """The text is in another language.

    Attributes:
        language: ISO 639-1 code of the language that the text seems to be in.
    """

    def __init__(self, message: str, language: str) -> None:
        super().__init__(message)
        self.language = language

    def __reduce__(self) -> tuple[type[NotIndonesianError], tuple[str, str]]:
        return type(self), (str(self), self.language)


class NoArticleError(InputError):
    """The page was read, but holds no article (an index page, a form, an error page)."""


class ModelError(RingkasError):
    """The model is unknown, missing, damaged, or can't be prepared."""
