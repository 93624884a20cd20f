"""Put tokenised Indonesian news back into ordinary text."""

from __future__ import annotations

import re

_Rules = tuple[tuple[re.Pattern[str], str], ...]


def _compile(*rules: tuple[str, str]) -> _Rules:
    return tuple((re.compile(pattern), replacement) for pattern, replacement in rules)


_MARKS = _compile(
    (r"[^\S\n]+", " "),
    # Marks that belong to the word before, and those that belong to the word behind.
    (r" ([.,;:!?%)\]}”’…]+)(?=[\s\"]|$)", r"\1"),
    (r"(?<=\w) ’(?=s\b)", "’"),
    (r"([(\[{“‘]) (?=\S)", r"\1"),
    # Straight quotation marks look alike on both sides: they go in pairs.
    (r'(?<![^\s(\[“‘])" ?([^"\n]*?) ?"', r'"\1"'),
    (r"(?<!\S)' ([^'\n]{1,80}?) '(?=[\s.,;:!?)]|$)", r"'\1'"),
)
_WORDS = _compile(
    # Dates and alternatives; a slash between longer phrases keeps its spaces in no newspaper either.
    (r"(?<=\w) ?/ ?(?=\w)", "/"),
    # A dash of two hyphens, or of more.
    (r"-(?: -)+(?= )", "-"),
    # Parts of one word. A hyphen that stands for a dash keeps its spaces.
    (r"\b([Kk]e|[Ss]e|[Nn]on|[Pp]ro|[Aa]nti|[Pp]asca|[Pp]ra|[Ee]ks|[Aa]ntar) - (?=\w)", r"\1-"),
    (r"(?<=\w) - (?=(?:an|nya|ku|mu|lah|kah|pun)\b)", "-"),
    # A word that is doubled, also with an ending or a capital (Film-filmnya).
    (r"(?i)\b(\w{2,}) - (\1(?:an|nya|ku|mu|lah|kah|pun)?)\b", r"\1-\2"),
    (r"(?<=\d) - (?=\d)", "-"),
    (r"\bRp\. (?=\d)", "Rp"),
    (r"(?<=\w)\. (?=(?:com|co\.id|id|net|org)\b)", "."),
)


def close_marks(text: str) -> str:
    """Return text without the spaces that tokenisation puts around punctuation: ``" ya " , kata`` is ``"ya", kata``.

    Every other run of spaces becomes one, line ends stay.
    """
    return _apply(_MARKS, text)


def detokenize(text: str) -> str:
    """Return text the way a newspaper prints it: `close_marks`, and the parts of words and dates put together.

    Args:
        text: tokens with spaces between them, as IndoSum and Liputan6 hold them, or text that was put back in part.
    """
    return _apply(_WORDS, close_marks(text)).strip()


def _apply(rules: _Rules, text: str) -> str:
    for pattern, replacement in rules:
        text = pattern.sub(replacement, text)
    return text
