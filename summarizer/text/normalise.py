"""Make text from outside plain: no control characters, no terminal escapes, no invisible direction marks."""

from __future__ import annotations

import re
import unicodedata
from textwrap import shorten

from summarizer.errors import InputError

# ECMA-48 control sequences: CSI ... final byte; OSC/DCS/SOS/PM/APC ... terminated by BEL or ST; two-byte escapes.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x90\x98\x9c-\x9f\n]{0,4096}(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]"
)
# C0 and C1 controls but white space; soft hyphen; zero-width and direction marks; BOM; tag characters; and halves of
# surrogate pairs, which are no characters and can't be written to a file.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
_HALF_OF_PAIR = re.compile("[\ud800-\udfff]")
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\x85]")
# Spaces but for a single U+0020, which would be replaced by itself.
_SPACES = re.compile(r"[^\S\n](?:[^\S\n]+|(?<! ))")


def normalize_line_ends(text: str) -> str:
    """Return text in which every kind of line end is a newline."""
    return _LINE_ENDS.sub("\n", text)


def require_characters(text: str, name: str) -> None:
    """Make sure that a text can be written to a file.

    Args:
        text: any text.
        name: what to call it in the error.

    Raises:
        InputError: it holds half of a surrogate pair, as JSON can spell it and a wrong decoding leaves it.
        TypeError: it is no text.
    """
    if not isinstance(text, str):
        raise TypeError(f"the {name} is a str, not {type(text).__name__}")
    half = _HALF_OF_PAIR.search(text)
    if half:
        raise InputError(
            f"the {name} holds half of a surrogate pair, which is no character, at position {half.start():,}",
            advice="decode it with errors='replace', or leave it out",
        )


def plain_text(text: str) -> str:
    """Return text without terminal escapes, control characters and invisible marks, in NFC, each run of spaces one."""
    # Few texts hold a character that can't be printed, and to ask for one takes far less than to search for them all.
    if not text.replace("\n", "").isprintable():
        text = _INVISIBLE.sub("", _ESCAPES.sub("", normalize_line_ends(text)))
    return unicodedata.normalize("NFC", _SPACES.sub(" ", text))


def one_line(text: str) -> str:
    """Return `plain_text` on a single line, with no space at either end."""
    return " ".join(plain_text(text).split())


def beginning(text: str, longest: int) -> str:
    """Return a text on one line; one of more characters is cut behind a word, and ends with "…".

    What ends a sentence or a part of one in front of the "…" is left out: "the village hall…", not "hall.…".
    """
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    return shorten(line, longest - 1, placeholder="").rstrip(".,;:") + "…"


def counted(number: int, noun: str) -> str:
    """Return a number of things in words, such as "1 word" or "3 words"; the noun's plural ends with s."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def tidy_lines(text: str, *, one: bool) -> str:
    """Return `plain_text` of what somebody has typed, with no space at the ends of its lines; or on one line."""
    lines = [" ".join(line.split()) for line in plain_text(text).strip().split("\n")]
    if one:
        return " ".join(filter(None, lines))
    return "\n".join(lines)
