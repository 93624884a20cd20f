"""Tell Indonesian from other languages."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

INDONESIAN = "id"

_SAMPLE = 5_000
# Malay shares most of Indonesian's vocabulary, and short Indonesian texts fall on either side of the line between
# them. A text passes for Indonesian when the identifier finds nothing likelier, or finds Malay likelier by no more
# than this difference in log-probability for each character of the text.
_MALAY_MARGIN = 0.1


@cache
def _ranker() -> Callable[[str], list[tuple[str, float]]]:
    import py3langid

    return py3langid.rank  # type: ignore[no-any-return]


def identify(text: str) -> str:
    """Return the ISO 639-1 code of the language that a text is most probably written in.

    Only its first 5,000 characters are looked at. Text without a single letter counts as Indonesian: it is nobody
    else's either.
    """
    sample = text[:_SAMPLE]
    if not any(character.isalpha() for character in sample):
        return INDONESIAN
    ranked = _ranker()(sample)
    best, score = ranked[0]
    if best == "ms":
        indonesian = dict(ranked)[INDONESIAN]
        if score - indonesian <= _MALAY_MARGIN * len(sample):
            return INDONESIAN
    return best


def name(code: str) -> str:
    """Return the English name of a language (from CLDR), or its code where it has none."""
    from babel import Locale

    found: str | None = Locale("en").languages.get(code)
    return found or code
