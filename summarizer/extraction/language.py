"""Tell Indonesian from other languages, Malay among them."""

from __future__ import annotations

import re
import tempfile
import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from summarizer.errors import ModelError, reason_of

if TYPE_CHECKING:
    from collections.abc import Callable

INDONESIAN, MALAY = "id", "ms"
"""ISO 639-1 codes."""


# Measured on 6,000 Indonesian news articles, of which the words take none for Malay, and on 171 passages of eight
# sentences of the Malay TALPCo, of which they take 98 %.
# How much of a text is looked at, in characters.
_SAMPLE = 5_000
# From which sum of its words' log-ratios on a text is Malay, how large they must be on average (a quotation makes no
# Malay article), and up to which sum it is Indonesian, whatever the identifier finds.
_MALAY_SUM, _MALAY_MEAN, _INDONESIAN_SUM = 6.0, 1.0, -4.0
# Difference in log-probability for each character up to which text with few telling words is Indonesian though the
# identifier finds Malay likelier: short texts fall on either side of the line between them.
_MARGIN = 0.1

_WORD = re.compile(r"[a-z]+")


@cache
def _ranker() -> Callable[[str], list[tuple[str, float]]]:
    import py3langid

    try:
        py3langid.rank("")
    except OSError as error:
        # It unpacks its model into a temporary file.
        raise ModelError(
            f"what tells languages apart can't be unpacked in {tempfile.gettempdir()}: {reason_of(error)}",
            advice="set TMPDIR to a folder with 50 MB of room",
        ) from error
    return py3langid.rank  # type: ignore[no-any-return]


@cache
def _malay_words() -> dict[str, float]:
    text = files(__package__).joinpath("malay.toml").read_text(encoding="utf-8")
    words: dict[str, float] = tomllib.loads(text)["words"]
    return words


def identify(text: str) -> str:
    """Return the ISO 639-1 code of the language that a text is most probably written in.

    Malay shares most of Indonesian's vocabulary: what tells them apart are the words that one of them has far more
    often. Text without a single letter counts as Indonesian: it is nobody else's either.

    Raises:
        ModelError: there is no room for what tells them apart.
    """
    sample = text[:_SAMPLE]
    if not any(character.isalpha() for character in sample):
        return INDONESIAN
    ranked = _ranker()(sample)
    best, score = ranked[0]
    if best not in (MALAY, INDONESIAN):
        return best
    ratios = [ratio for word in _WORD.findall(sample.casefold()) if (ratio := _malay_words().get(word))]
    total = sum(ratios)
    if total >= _MALAY_SUM and total >= _MALAY_MEAN * len(ratios):
        return MALAY
    is_close = score - dict(ranked)[INDONESIAN] <= _MARGIN * len(sample)
    return INDONESIAN if total <= _INDONESIAN_SUM or is_close else MALAY


def name(code: str) -> str:
    """Return the English name of a language (from CLDR), or its code where it has none."""
    from babel import Locale

    found: str | None = Locale("en").languages.get(code)
    return found or code
