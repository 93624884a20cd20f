"""Take the pages out of a WARC file."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from io import BufferedIOBase
from types import SimpleNamespace
from typing import Any

_HTML = ("text/html", "application/xhtml+xml")


def warc_pages(file: BufferedIOBase, max_bytes: int) -> Iterator[tuple[int, str, bytes]]:
    """Yield the pages of a WARC file (ISO 28500): HTML that was fetched, or text that was made of it (WET).

    Of each, the number of its record, counted from 1, its address, or "", and its first bytes.

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
            data = _content(record, max_bytes) if _is_page(record) else b""
            if data:
                address = record.rec_headers.get_header("WARC-Target-URI") or ""
                yield number, address, data
        is_cut = record is None or record.raw_stream.limit
    except _CutOffError as error:
        raise EOFError(*error.args) from error
    except (ArchiveLoadFailed, StatusAndHeadersParserException) as error:
        raise ValueError(str(error)) from error
    except AttributeError as error:
        # warcio takes for granted what each record must have.
        raise ValueError("a record has no address or no length") from error
    except OverflowError as error:
        raise ValueError("a record says that it is longer than any file") from error
    if is_cut:
        raise EOFError
    if records.err_count or records.known_format != "warc":
        raise ValueError("a record is longer than it says" if records.err_count else "it is not a WARC file")


class _CutOffError(Exception):
    """The file ends within compressed data."""


def _is_page(record: Any) -> bool:
    """Tell whether a record of warcio is a page that was fetched whole, or the text of one."""
    http = record.http_headers
    if http and http.get_statuscode() != "200":
        return False
    headers = http or record.rec_headers
    content_type = headers.get_header("Content-Type") or ""
    media_type = content_type.partition(";")[0].strip().lower()
    if record.rec_type == "conversion":
        return bool(media_type == "text/plain")
    return record.rec_type in ("response", "resource") and media_type in _HTML


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
