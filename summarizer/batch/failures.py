"""What a batch tells of an input that it could not write."""

from __future__ import annotations

from collections.abc import Mapping

from summarizer.errors import RingkasError, name_force

_OPTION = "--force"
# What is said of failures of a kind, behind their number. A batch on one machine names the language.
_IN_WORDS = {
    "NoArticleError": "without an article",
    "NotIndonesianError": "in another language",
    "InputError": "not readable",
    "ModelError": "for want of a model",
    "OutputError": "not written",
    "PlaceError": "not written",
}


def name_kind(kind: str) -> str:
    """Return what is said of failures of a kind, behind their number: "without an article"."""
    return _IN_WORDS.get(kind, "for another reason")


def count_failures(failures: Mapping[str, int]) -> str:
    """Return how many inputs failed, and how many of them in which way, the commonest first.

    Args:
        failures: how many failures there are, by what is said of their kind (`name_kind`); at least one.
    """
    ways = sorted(failures.items(), key=lambda pair: -pair[1])
    told = ", ".join(f"{number} {way}" for way, number in ways)
    return f"{sum(failures.values())} failed ({told})"


def describe_failure(error: RingkasError) -> dict[str, str]:
    """Return what went wrong (``error``), the name of its class (``kind``), and what to do (``advice``).

    Where Python's ``force=True`` would help, the option of the command stands in its place.
    """
    return {
        "error": name_force(str(error), _OPTION),
        "kind": type(error).__name__,
        "advice": name_force(error.advice, _OPTION),
    }
