"""What the words of an Indonesian text mean, for readers who don't know the language."""

from __future__ import annotations

from dataclasses import dataclass

from summarizer.lexicon.entries import Lexicon, Sense, WordClass, load_lexicon
from summarizer.lexicon.lookup import Match, find_entries

# Renderings of a sense that are shown: those behind them are other forms and rarer words.
_MOST_SHOWN = 3


@dataclass(frozen=True)
class Gloss:
    """A word or phrase of a text, and what it means.

    Attributes:
        start: its first character in the text.
        end: the character behind its last.
        word: as it stands there.
        form: under which the lexicon has it; of a misspelt word, the right form.
        senses: its meanings in English, the commonest first, such as "vote (election)".
    """

    start: int
    end: int
    word: str
    form: str
    senses: tuple[str, ...]


def gloss_text(text: str, lexicon: Lexicon | None = None) -> list[Gloss]:
    """Return the words and phrases of a text that the lexicon knows the English of, in order; names have none.

    Args:
        text: Indonesian, on one line.
        lexicon: another one than the package's.
    """
    lexicon = load_lexicon() if lexicon is None else lexicon
    glosses: list[Gloss] = []
    for match in find_entries(text, lexicon):
        form, senses = _look_up(match, lexicon)
        if senses and not match.may_be_name:
            shown = tuple(map(_describe, senses))
            glosses.append(Gloss(match.start, match.end, match.written, form, shown))
    return glosses


def _look_up(match: Match, lexicon: Lexicon) -> tuple[str, tuple[Sense, ...]]:
    """Return the right form of a match, and its senses; glued words have one, which is what they should be."""
    entry = match.entry
    if entry.word_class is WordClass.MISSPELT:
        right = lexicon.get(entry.correction)
        senses = right.senses if right else ()
        return entry.correction, senses
    if entry.word_class is WordClass.GLUED:
        return entry.correction, (Sense((entry.correction,)),)
    return entry.form, entry.senses


def _describe(sense: Sense) -> str:
    renderings = ", ".join(sense.renderings[:_MOST_SHOWN])
    return f"{renderings} ({sense.hint})" if sense.hint else renderings
