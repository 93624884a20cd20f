"""Put tokenised Indonesian news back into ordinary text."""

from __future__ import annotations

import re

from summarizer.text.truecasing import close_marks

# Patterns with what takes their place, in this order.
_WORDS = (
    # Dates and alternatives; a slash between longer phrases keeps its spaces in no newspaper either.
    (re.compile(r"(?<=\w) ?/ ?(?=\w)"), "/"),
    # A dash of two hyphens, or of more.
    (re.compile(r"-(?: -)+(?= )"), "-"),
    # Parts of one word. A hyphen that stands for a dash keeps its spaces.
    (re.compile(r"\b([Kk]e|[Ss]e|[Nn]on|[Pp]ro|[Aa]nti|[Pp]asca|[Pp]ra|[Ee]ks|[Aa]ntar) - (?=\w)"), r"\1-"),
    (re.compile(r"(?<=\w) - (?=(?:an|nya|ku|mu|lah|kah|pun)\b)"), "-"),
    # A word that is doubled, also with an ending or a capital (Film-filmnya).
    (re.compile(r"(?i)\b(\w{2,}) - (\1(?:an|nya|ku|mu|lah|kah|pun)?)\b"), r"\1-\2"),
    (re.compile(r"(?<=\d) - (?=\d)"), "-"),
    (re.compile(r"\bRp\. (?=\d)"), "Rp"),
    (re.compile(r"(?<=\w)\. (?=(?:com|co\.id|id|net|org)\b)"), "."),
)


def detokenize(text: str) -> str:
    """Return text the way a newspaper prints it: `close_marks`, and the parts of words and dates put together.

    Args:
        text: tokens with spaces between them, as IndoSum and Liputan6 hold them, or text that was put back in part.
    """
    text = close_marks(text)
    for pattern, replacement in _WORDS:
        text = pattern.sub(replacement, text)
    return text.strip()
