"""Bytes of a file to text: which encoding they are in, and what a wrong guess by somebody before us has damaged."""

from __future__ import annotations

import codecs
import os
import plistlib
import re
import sys
from contextlib import suppress
from dataclasses import dataclass
from email import errors, message_from_bytes, policy
from functools import partial
from pathlib import Path
from xml.parsers.expat import ExpatError

from summarizer.errors import InputError, telling
from summarizer.extraction.mail import is_mail, read_mail

MAX_BYTES = 20_000_000
"""Largest input that is read: trafilatura's own limit for a page."""

STDIN = "-"
"""The path that stands for standard input."""

unreadable = partial(InputError, advice="check its name, your permissions and the disk")
"""Returns the error, given its message, for a file that the system doesn't let us read."""

_MHTML = re.compile(rb"\s*(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?content-type:\s*multipart/related", re.IGNORECASE)
_WEBARCHIVE = re.compile(rb"bplist00|\s*<\?xml[^>]*>\s*<!DOCTYPE plist\b")
_HEAD = 4_096
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    # In front of UTF-16, whose mark begins that of UTF-32.
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
# What Python calls an encoding too: no page is saved in it, and a long text takes hours to read.
_NO_CHARSETS = ("idna", "punycode", "raw-unicode-escape", "unicode-escape")
# What charset-normalizer may choose from: the encodings that Indonesian pages are saved in.
_ENCODINGS = ["utf_8", "utf_16_le", "utf_16_be", "cp1252"]
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,30})", re.IGNORECASE)
# What could be taken for text, or has a better way than the advice for all that is binary.
_SIGNATURES = (
    (b"%PDF", "a PDF file, whose columns, menus and headers can't be told from its article"),
    (b"{\\rtf", "an RTF file"),
    (b"PK\x03\x04", "a ZIP or Office file"),
    (b"WARC/", "a WARC file of many pages, which 'ringkas batch' reads"),
)
# All of C0 but white space and escapes, which terminals write.
_CONTROLS = bytes((*range(9), *range(14, 27), 127))
# The share of a text that may be damaged, as one in so many.
_FEW = 100
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_PASSWORD = re.compile(r"(https?://)[^/?#\s]*@", re.IGNORECASE)
# What a shell passes the output of a command as: <(command).
_PASSED = re.compile(r"/dev/fd/|/proc/[^/]+/fd/")
# UTF-8 read as a one-byte encoding begins each character with one of these; nothing else makes a line worth repairing.
_FIRST_BYTES = "ÂÃâðÐÑ"
_SUSPICIOUS = re.compile("[ÂÃâ][^\x00-\x7f]|[ðÐÑ][^\x00-\x7f]{2}")


@dataclass(frozen=True)
class SavedPage:
    """A page in memory, as it was saved; no file of its name is touched."""

    name: str
    content: str | bytes

    def __post_init__(self) -> None:
        """Refuse what is no page, before anything is done with it.

        Raises:
            TypeError: the name is no text, or the content is neither text nor bytes.
        """
        if not isinstance(self.name, str):
            raise TypeError(f"the name of a page is str, not {type(self.name).__name__}")
        if not isinstance(self.content, str | bytes):
            raise TypeError(f"the content of a page is str or bytes, not {type(self.content).__name__}")


def read_raw(source: str | os.PathLike[str] | SavedPage) -> str:
    """Read any text from a file, from standard input where the path is ``-``, or from memory.

    Raises:
        InputError: it can't be read, is too large, or isn't text.
        TypeError: the source is text in bytes rather than a path.
    """
    if isinstance(source, SavedPage):
        return decode(source.content, source.name)
    if isinstance(source, bytes):
        raise TypeError("a source is the path of a file, not its content: pass that through summarizer.read_text")
    if not isinstance(source, str | os.PathLike):
        raise TypeError(f"a source is the path of a file, a SavedPage or an Article, not {type(source).__name__}")
    name = os.fspath(source)
    shown = shown_name(source)
    if name == STDIN:
        shown = "standard input"
        data = read_stdin(MAX_BYTES + 1)
    elif not name:
        raise InputError("the name of the file is empty")
    elif is_address(name):
        raise address_error(name)
    else:
        # A name with a NUL is a ValueError.
        with telling(f"cannot read {shown}", unreadable, (OSError, ValueError)):
            if Path(name).is_dir():
                raise unreadable(f"{shown} is a folder: name the files in it, or use 'ringkas batch'")
            if Path(name).is_fifo() and not _PASSED.match(name):
                raise InputError(f"{shown} is a pipe, which may never end: pass it on standard input, as -")
            with open(name, "rb") as file:
                data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise too_large(shown)
    return decode(data, shown)


def read_stdin(size: int = -1) -> bytes:
    """Read standard input to its end, or at most so many bytes.

    Raises:
        InputError: it is closed, or can't be read.
    """
    if sys.stdin is None:
        raise InputError("standard input is closed")
    with telling("cannot read standard input", InputError):
        return sys.stdin.buffer.read(size)


def is_address(name: str) -> bool:
    """Tell whether what should be a file's name is the address of a page in the web."""
    return bool(_ADDRESS.match(name))


def address_error(name: str) -> InputError:
    """Return what to say of an address that is named as a file."""
    return InputError(f"{shown_name(name)} is a web address: save the page first, then name its file")


def too_large(name: str) -> InputError:
    """Return what to say of a file that is larger than a saved article."""
    return InputError(f"{name} is larger than {MAX_BYTES // 1_000_000} MB, too large for a saved article")


def shown_name(source: str | os.PathLike[str] | SavedPage) -> str:
    """Return a name as it may be shown: a file's can hold control characters, and an address a password."""
    name = source.name if isinstance(source, SavedPage) else os.fspath(source)
    name = _PASSWORD.sub(r"\1", name, count=1) if is_address(name) else name
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in name)


def decode(content: bytes | str, source: str) -> str:
    """Turn what was saved into text without damage.

    Args:
        content: text, or bytes in any encoding.
        source: what messages call it.

    Raises:
        InputError: it is empty, or no text.
    """
    text = content if isinstance(content, str) else _decode(content, source)
    if not text.strip():
        raise InputError(f"{source} is empty")
    return repair(text)


def _decode(data: bytes, source: str) -> str:
    """Decode the page in a web archive, the text of a mail, or else the file itself.

    Raises:
        InputError: there is no text in it.
    """
    page = _unpack(data, source)
    if page is not None:
        content, encoding = page
        text = _try(content, encoding) if encoding else None
        return text or _decode_bytes(content, source)
    if not is_mail(data):
        return _decode_bytes(data, source)
    mail = read_mail(data)
    if mail is None:
        raise InputError(f"{source} is a mail without a text in it", advice="save the page that it links to")
    return mail


def _decode_bytes(data: bytes, source: str) -> str:
    """Decode by byte order mark, as UTF-8, by the HTML's own word, else by charset-normalizer.

    A few broken characters of UTF-8 become U+FFFD, and a few NULs are dropped.

    Raises:
        InputError: it is no text.
    """
    for signature, format_name in _SIGNATURES:
        if data.startswith(signature):
            raise InputError(f"{source} is {format_name}: save the page as plain text or HTML")
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, errors="replace")
    control_characters = len(data) - len(data.translate(None, _CONTROLS))
    # UTF-16 has a NUL in nearly every character, and what is binary has other control characters too.
    if control_characters * _FEW <= len(data):
        data = data.replace(b"\0", b"")
    unmarked = _decode_unmarked(data) if b"\0" not in data else None
    if unmarked is not None:
        return unmarked
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=_ENCODINGS).best()
    likeliest = str(best) if best else ""
    # A NUL that is still there after decoding means that the bytes were not text.
    if not likeliest or "\0" in likeliest:
        raise InputError(f"{source} is binary, or in an unknown encoding: save the page as UTF-8 text or HTML")
    return likeliest


def _unpack(data: bytes, source: str) -> tuple[bytes, str] | None:
    """Return the page in a web archive, and the name of its encoding, or ""; None where the file is no archive."""
    if _WEBARCHIVE.match(data[:_HEAD]):
        page = _from_webarchive(data)
    elif _MHTML.match(data[:_HEAD]):
        page = _from_mhtml(data)
    else:
        return None
    if not page or not page[0].strip():
        what = "a web archive without a whole page in it, or a damaged one"
        raise InputError(f"{source} is {what}", advice="save the page again, as HTML")
    return page


def _from_mhtml(data: bytes) -> tuple[bytes, str] | None:
    """Return the first HTML part of an MHTML file (RFC 2557), as Chrome, Edge and Opera save it."""
    # Python's own reader ends with one of the last two at some damaged parameters.
    with suppress(RecursionError, TypeError, ValueError):
        message = message_from_bytes(data, policy=policy.compat32)
        *_, last = message.walk()
        is_cut = any(isinstance(defect, errors.CloseBoundaryNotFoundDefect) for defect in message.defects)
        for part in message.walk():
            if part.get_content_type() in ("text/html", "application/xhtml+xml"):
                payload = part.get_payload(decode=True)
                if isinstance(payload, bytes) and not (is_cut and part is last):
                    return payload, str(part.get_content_charset() or "")
    return None


def _from_webarchive(data: bytes) -> tuple[bytes, str] | None:
    """Return the page of an archive of Safari, with the name of its encoding, or ""; None for anything else."""
    try:
        content = plistlib.loads(data.lstrip())
    except (plistlib.InvalidFileException, ExpatError, ValueError, RecursionError, MemoryError, OverflowError):
        return None
    resource = content.get("WebMainResource") if isinstance(content, dict) else None
    if not isinstance(resource, dict):
        return None
    page = resource.get("WebResourceData")
    encoding = str(resource.get("WebResourceTextEncodingName") or "")
    return (page, encoding) if isinstance(page, bytes) else None


def _decode_unmarked(data: bytes) -> str | None:
    """Return bytes without NULs as text, if they are UTF-8, if a little damaged, or in the encoding the HTML names."""
    as_utf8 = _try(data, "utf-8")
    if as_utf8 is not None:
        return as_utf8
    declared = _META_CHARSET.search(data[:_HEAD])
    charset = declared[1].decode("ascii").lower() if declared else ""
    # What can be read as ASCII is no UTF-16, whatever it says.
    as_declared = _try(data, charset) if charset and not charset.startswith("utf-16") else None
    if as_declared:
        return as_declared
    # What can be windows-1252 may be, and UTF-8 that is read as such is repaired without losing a character.
    if _try(data, "cp1252") is not None:
        return None
    damaged = data.decode("utf-8", errors="replace")
    broken = damaged.count("\ufffd")
    ascii_characters = len(damaged.encode("ascii", errors="ignore"))
    whole = len(damaged) - ascii_characters - broken
    is_utf8 = charset in ("utf-8", "utf8") or broken <= whole
    return damaged if is_utf8 and broken * _FEW <= len(damaged) else None


def _try(data: bytes, encoding: str) -> str | None:
    """Return bytes as text in an encoding; None if they aren't, or if it is none of characters, such as base64."""
    try:
        return None if codecs.lookup(encoding).name in _NO_CHARSETS else data.decode(encoding)
    except (LookupError, ValueError):
        return None


def repair(text: str) -> str:
    """Repair UTF-8 that was read as windows-1252 or the like, line by line: "â€”" becomes "—"."""
    # Hardly a page has one of these, and to look for single characters takes far less than to search for the pattern.
    if not any(byte in text for byte in _FIRST_BYTES) or not _SUSPICIOUS.search(text):
        return text
    import ftfy

    # Not what is lost for good: it would guess "a" with a grave accent for a lone "Ã".
    config = ftfy.TextFixerConfig(
        restore_byte_a0=False, replace_lossy_sequences=False, fix_c1_controls=False, explain=False
    )
    return "\n".join(ftfy.fix_encoding(line, config) if _SUSPICIOUS.search(line) else line for line in text.split("\n"))
