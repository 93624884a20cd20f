"""Put tokenised Indonesian news back into ordinary text."""

from __future__ import annotations

import re
from collections.abc import Iterable

_RULES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\s+", " "),
        # Marks that belong to the word before, and those that belong to the word behind.
        (r" ([.,;:!?%)\]}”’…]+)(?=\s|$)", r"\1"),
        (r" ([.,;:!?%)\]}”’…])", r"\1"),
        (r"(?<!\S)([(\[{“‘]) ", r"\1"),
        # Straight quotation marks look alike on both sides: they go in pairs.
        (r'(?<!\S)" ([^"]*?) ?"', r'"\1"'),
        (r'(?<!\S)"([^" ][^"]*?) "', r'"\1"'),
        (r"(?<!\S)' ([^']{1,80}?) '(?=[\s.,;:!?)]|$)", r"'\1'"),
        # Dates and alternatives; a slash between longer phrases keeps its spaces in no newspaper either.
        (r"(?<=\w) ?/ ?(?=\w)", "/"),
        # A hyphen that stands for a dash keeps its spaces.
        (r"\b([Kk]e|[Ss]e|[Nn]on|[Pp]ro|[Aa]nti|[Pp]asca|[Pp]ra|[Ee]ks|[Aa]ntar) - (?=\w)", r"\1-"),
        (r"(?<=\w) - (?=(?:an|nya|ku|mu|lah|kah|pun)\b)", "-"),
        # A word that is doubled, also with an ending or a capital (Film-filmnya).
        (r"(?i)\b(\w{2,}) - (\1(?:an|nya|ku|mu|lah|kah|pun)?)\b", r"\1-\2"),
        (r"(?<=\d) - (?=\d)", "-"),
        (r"\bRp\. (?=\d)", "Rp"),
        (r"(?<=\w)\. (?=(?:com|co\.id|id|net|org)\b)", "."),
    )
)


def detokenize(tokens: Iterable[str]) -> str:
    """Join the tokens of a sentence or a paragraph the way a newspaper prints them.

    Args:
        tokens: as IndoSum and Liputan6 hold them: each punctuation mark is a token of its own.
    """
    text = " ".join(tokens).strip()
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text
