"""Write English renderings into an Indonesian sentence, in the place of the words that they translate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from summarizer.lexicon.lookup import Match

_BETWEEN_CHOICES = "/"


@dataclass(frozen=True)
class Replacement:
    """What takes the place of a word: a rendering, or several to choose from."""

    match: Match
    renderings: tuple[str, ...]


def replace_words(text: str, replacements: Iterable[Replacement]) -> str:
    """Return a text with renderings in place of words, as the embedded model was taught to read them.

    A rendering begins with a capital where the word did. A clitic stays behind it, with the hyphen that Indonesian puts
    behind foreign words ("scoop-nya"), and a doubled word stays doubled ("file-file"). A slash stands between several
    renderings.

    Args:
        text: in which the matches were found.
        replacements: that don't overlap, in the order of the text.
    """
    pieces: list[str] = []
    end = 0
    for replacement in replacements:
        match = replacement.match
        pieces.append(text[end : match.start])
        pieces.append(_write(match, replacement.renderings))
        end = match.end
    pieces.append(text[end:])
    return "".join(pieces)


def _write(match: Match, renderings: tuple[str, ...]) -> str:
    written = [_double(rendering) if match.is_doubled else rendering for rendering in renderings]
    text = _BETWEEN_CHOICES.join(written)
    if match.written[0].isupper() and text[0].islower():
        text = text[0].upper() + text[1:]
    return f"{text}-{match.clitic}" if match.clitic else text


def _double(rendering: str) -> str:
    """Return a word as Indonesian doubles foreign words too ("file-file"); a phrase isn't doubled."""
    return rendering if " " in rendering else f"{rendering}-{rendering}"
