"""Take the page out of the files that browsers save a page with all its pictures in: MHTML and Safari's webarchive."""

from __future__ import annotations

import plistlib
import re
from email import message_from_bytes, policy
from xml.parsers.expat import ExpatError

from summarizer.errors import InputError

_MHTML = re.compile(rb"\s*(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?content-type:\s*multipart/related", re.IGNORECASE)
_WEBARCHIVE = b"bplist00"
_ADVICE = "save the page anew, as HTML"
_HEAD = 4_096


def unpack(data: bytes, source: str) -> tuple[bytes, str] | None:
    """Return the page in an archive, and the name of its encoding (empty where none is said).

    Args:
        data: a file.
        source: what messages call it.

    Returns:
        None where the file is no archive.

    Raises:
        InputError: the archive is damaged, or holds no HTML page.
    """
    if data.startswith(_WEBARCHIVE):
        page = _from_webarchive(data)
    elif _MHTML.match(data[:_HEAD]):
        page = _from_mhtml(data)
    else:
        return None
    if not page or not page[0].strip():
        raise InputError(f"{source} is a web archive without a page in it, or a damaged one", advice=_ADVICE)
    return page


def _from_mhtml(data: bytes) -> tuple[bytes, str] | None:
    """Return the first HTML part of an MHTML file (RFC 2557), as Chrome, Edge and Opera save it."""
    for part in message_from_bytes(data, policy=policy.compat32).walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                return payload, str(part.get_content_charset() or "")
    return None


def _from_webarchive(data: bytes) -> tuple[bytes, str] | None:
    try:
        content = plistlib.loads(data, fmt=plistlib.FMT_BINARY)
    except (plistlib.InvalidFileException, ExpatError, ValueError, RecursionError, MemoryError, OverflowError):
        return None
    main = content.get("WebMainResource") if isinstance(content, dict) else None
    page = main.get("WebResourceData") if isinstance(main, dict) else None
    return (page, str(main.get("WebResourceTextEncodingName") or "")) if main and isinstance(page, bytes) else None
