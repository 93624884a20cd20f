"""Take pages out of archives: MHTML and Safari's webarchive hold one with all its pictures, WARC any number of them."""

from __future__ import annotations

import logging
import plistlib
import re
from collections.abc import Iterator
from email import errors, message_from_bytes, policy
from io import BufferedIOBase
from types import SimpleNamespace
from typing import Any
from xml.parsers.expat import ExpatError

from summarizer.errors import InputError

_MHTML = re.compile(rb"\s*(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?content-type:\s*multipart/related", re.IGNORECASE)
_WEBARCHIVE = re.compile(rb"bplist00|\s*<\?xml[^>]*>\s*<!DOCTYPE plist\b")
_ADVICE = "save the page again, as HTML"
_HEAD = 4_096
_HTML = ("text/html", "application/xhtml+xml")


def unpack(data: bytes, source: str) -> tuple[bytes, str] | None:
    """Return the page in an archive, and the name of its encoding, or ""; None where the file is no archive.

    Raises:
        InputError: the archive is damaged, breaks off within the page, or holds no HTML page.
    """
    if _WEBARCHIVE.match(data[:_HEAD]):
        page = _from_webarchive(data)
    elif _MHTML.match(data[:_HEAD]):
        page = _from_mhtml(data)
    else:
        return None
    if not page or not page[0].strip():
        raise InputError(f"{source} is a web archive without a whole page in it, or a damaged one", advice=_ADVICE)
    return page


def _from_mhtml(data: bytes) -> tuple[bytes, str] | None:
    """Return the first HTML part of an MHTML file (RFC 2557), as Chrome, Edge and Opera save it."""
    try:
        message = message_from_bytes(data, policy=policy.compat32)
        *_, last = message.walk()
        is_cut = any(isinstance(defect, errors.CloseBoundaryNotFoundDefect) for defect in message.defects)
        for part in message.walk():
            if part.get_content_type() in _HTML:
                payload = part.get_payload(decode=True)
                if isinstance(payload, bytes) and not (is_cut and part is last):
                    return payload, str(part.get_content_charset() or "")
    except (RecursionError, TypeError):
        # Python's own reader ends with a TypeError at some damaged parameters.
        pass
    return None


def _from_webarchive(data: bytes) -> tuple[bytes, str] | None:
    try:
        content = plistlib.loads(data.lstrip())
    except (plistlib.InvalidFileException, ExpatError, ValueError, RecursionError, MemoryError, OverflowError):
        return None
    main = content.get("WebMainResource") if isinstance(content, dict) else None
    page = main.get("WebResourceData") if isinstance(main, dict) else None
    return (page, str(main.get("WebResourceTextEncodingName") or "")) if main and isinstance(page, bytes) else None


def warc_pages(file: BufferedIOBase, max_bytes: int) -> Iterator[tuple[int, str, bytes]]:
    """Yield the pages of a WARC file (ISO 28500): HTML that was fetched, or text that was made of it (WET).

    Args:
        file: the file, not compressed, from its beginning on.
        max_bytes: from how many bytes on the rest of a page is left out.

    Yields:
        The number of the record, counted from 1; the page's address, or ""; its bytes, or the first of them.

    Raises:
        EOFError: the file ends within a record.
        ValueError: it is damaged, or no WARC file.
    """
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed
    from warcio.statusandheaders import StatusAndHeadersParserException

    def read(size: int) -> bytes:
        try:
            # What was read goes on at once: a file that is cut off has pages before its end.
            return file.read1(size)
        except EOFError as error:
            # To warcio, it would be the end of a whole file.
            raise _CutOffError(*error.args) from error

    logging.getLogger("warcio").setLevel(logging.CRITICAL)
    records = ArchiveIterator(SimpleNamespace(read=read))
    # It would write to standard error what is wrong with a record, in the record's own words.
    records.INC_RECORD = ""
    record: Any = None
    try:
        for number, record in enumerate(records, start=1):
            if _is_page(record) and (data := _content(record, max_bytes)):
                yield number, record.rec_headers.get_header("WARC-Target-URI") or "", data
        is_cut = record is None or record.raw_stream.limit
    except _CutOffError as error:
        raise EOFError(*error.args) from error
    except (ArchiveLoadFailed, StatusAndHeadersParserException) as error:
        raise ValueError(str(error)) from error
    except AttributeError as error:
        # warcio takes for granted what each record must have.
        raise ValueError("a record has no address or no length") from error
    if is_cut:
        raise EOFError
    if records.err_count or records.known_format != "warc":
        raise ValueError("a record is longer than it says" if records.err_count else "it is not a WARC file")


class _CutOffError(Exception):
    """The file ends within compressed data."""


def _is_page(record: Any) -> bool:
    http = record.http_headers
    if http and http.get_statuscode() != "200":
        return False
    kind = ((http or record.rec_headers).get_header("Content-Type") or "").partition(";")[0].strip().lower()
    is_text = record.rec_type == "conversion" and kind == "text/plain"
    return is_text or (record.rec_type in ("response", "resource") and kind in _HTML)


def _content(record: Any, max_bytes: int) -> bytes:
    """Return the first bytes of a page; nothing where the file ends within it."""
    try:
        stream = record.content_stream()
    except AttributeError:
        # warcio can't use what brotli offers from 1.2 on: the page stays compressed, as without brotli.
        stream = record.raw_stream
    data = b""
    while len(data) < max_bytes and (part := stream.read(max_bytes - len(data))):
        data += part
    return b"" if len(data) < max_bytes and record.raw_stream.limit else data
