"""What a batch tells of an input that it could not write."""

from __future__ import annotations

from summarizer.errors import RingkasError, name_force

_OPTION = "--force"


def describe_failure(error: RingkasError) -> dict[str, str]:
    """Return what went wrong (``error``), the name of its class (``kind``), and what to do (``advice``).

    Where Python's ``force=True`` would help, the option of the command stands in its place.
    """
    return {
        "error": name_force(str(error), _OPTION),
        "kind": type(error).__name__,
        "advice": name_force(error.advice, _OPTION),
    }
