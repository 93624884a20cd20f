"""Read the articles of a batch safely: pages, JSON lines and WARC, gzipped or not."""

from __future__ import annotations

import errno
import gzip
import io
import itertools
import json
import os
import stat
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from io import BufferedIOBase, BufferedReader
from typing import Any

from summarizer.article import Article
from summarizer.batch.provenance import Settings
from summarizer.batching import unforeseen
from summarizer.cleaning import clean_source
from summarizer.errors import InputError, RingkasError, reason_of
from summarizer.extraction.blocks import Page
from summarizer.extraction.decoding import MAX_BYTES, decode, too_large, unreadable
from summarizer.extraction.html import is_html
from summarizer.extraction.metadata import split_address
from summarizer.extraction.reading import read_text
from summarizer.extraction.warc import warc_pages
from summarizer.text.normalise import one_line

# How gzipped content begins (RFC 1952).
_GZIP = b"\x1f\x8b"
_JSON_LINES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
_WARC = (".warc", ".wet", ".warc.gz", ".wet.gz")
_TITLE = "title"
# What reading a file of lines or records can come to; ValueError is damaged WARC.
_BROKEN = (OSError, EOFError, ValueError, zlib.error)


@dataclass(frozen=True)
class BatchInput:
    """One input of a batch: a file, or a line of JSON or a record of WARC in it, with its number (from 1) and content.

    Its name is its path below the folder that all inputs share, then ``:LINE`` in JSON lines and in WARC. An error says
    why it can't be read at all, if that is known already.
    """

    name: str
    path: str
    line: int | None = None
    data: bytes | None = None
    url: str = ""
    error: InputError | None = None


def open_inputs(files: Iterable[BatchInput]) -> Iterator[BatchInput]:
    """Replace each file of JSON lines by its lines, but for blank ones, and each WARC file by its pages.

    A file that can't be read to its end has an input with an error after those that could be read.
    """
    for file in files:
        if file.error or not is_container(file.path):
            yield file
            continue
        try:
            with _open(file.path) as raw:
                yield from read_container(raw, file)
        except OSError as error:
            yield replace(file, error=os_error(file.name, error))


def is_container(path: str) -> bool:
    """Tell by its name whether a file holds many articles: JSON lines, or WARC."""
    return path.lower().endswith((*_JSON_LINES, *_WARC))


def read_container(raw: BufferedReader, file: BatchInput) -> Iterator[BatchInput]:
    """Yield the inputs in an open file of JSON lines or WARC.

    If it holds none or can't be read to its end, an input with an error follows.
    """
    is_warc = file.path.lower().endswith(_WARC)
    number = 0
    is_empty = True
    try:
        is_packed = raw.read(2) == _GZIP
        raw.seek(0)
        content: BufferedIOBase = gzip.GzipFile(fileobj=raw) if is_packed else raw
        items = warc_pages(content, MAX_BYTES + 1) if is_warc else _lines(content)
        for number, url, data in items:
            if data:
                is_empty = False
                yield BatchInput(f"{file.name}:{number}", file.path, number, data, url)
        if is_empty:
            yield replace(file, error=InputError(f"{file.name} holds no article", advice="leave it out"))
    except _BROKEN as error:
        place = file.name
        if number:
            place += f" after {'record' if is_warc else 'line'} {number}"
        yield replace(file, error=_broken(place, error))


def _lines(file: BufferedIOBase) -> Iterator[tuple[int, str, bytes]]:
    """Yield number, no address and content of each line; one that is too long is cut just behind the limit."""
    for number in itertools.count(1):
        line = file.readline(MAX_BYTES + 1)
        if not line:
            return
        rest = line
        while len(rest) > MAX_BYTES and not rest.endswith(b"\n"):
            rest = file.readline(MAX_BYTES + 1)
        # What is too long stays so, to be refused.
        yield number, "", line if len(line) > MAX_BYTES else line.strip()


def read_bytes(file: BatchInput) -> bytes:
    """Return what an input holds, as it is on the disk.

    Raises:
        InputError: it can't be read, is too large, or `BatchInput.error` says what else is wrong with it.
    """
    if file.error:
        raise file.error
    data = file.data
    if data is None:
        try:
            with _open(file.path) as raw:
                data = raw.read(MAX_BYTES + 1)
        except OSError as error:
            raise os_error(file.name, error) from error
    if len(data) > MAX_BYTES:
        raise too_large(file.name)
    return data


def read_article(file: BatchInput, data: bytes, settings: Settings) -> Article:
    """Turn what `read_bytes` returned of an input into a cleaned article.

    Raises:
        InputError: the data is damaged, is not a JSON object with a text, or is no Indonesian article.
        ModelError: what tells languages apart can't be loaded, which is no fault of the input's.
    """
    try:
        return clean_source(_read_page(file, data, settings.text_field), force=settings.force)
    except RingkasError:
        raise
    except Exception as error:
        # What nobody has foreseen is this input's own.
        unknown = unforeseen(file.name, "read", error)
        raise InputError(str(unknown), advice=unknown.advice) from error


def _read_page(file: BatchInput, data: bytes, text_field: str) -> Page:
    """Return the page that an input holds: a line of JSON, a record of a web archive, or a file that may be gzipped."""
    is_one_of_many = file.line is not None
    if not is_one_of_many:
        content = _unpack(file.name, data) if data.startswith(_GZIP) else data
        return read_text(decode(content, file.name), file.name)
    if file.path.lower().endswith(_JSON_LINES):
        text, title = _json_text(file.name, data, text_field)
        return _page_of_json(file.name, text, title)
    page = read_text(decode(data, file.name), file.name)
    # An archive knows the address of what it holds.
    return replace(page, url=page.url or file.url or None, site=page.site or split_address(file.url).hostname)


def _page_of_json(name: str, text: str, title: str) -> Page:
    """Return the page of a text with its headline, or ""; of HTML, the headline takes the place of the page's own."""
    if not title:
        return read_text(text, name)
    if is_html(text):
        return replace(read_text(text, name), title=title)
    return read_text(f"{title}\n{text}", name)


def _unpack(name: str, packed: bytes) -> bytes:
    """Return what gzip has packed.

    Raises:
        InputError: it is damaged, or too large.
    """
    try:
        data = gzip.GzipFile(fileobj=io.BytesIO(packed)).read(MAX_BYTES + 1)
    except _BROKEN as error:
        raise _broken(name, error) from error
    if len(data) > MAX_BYTES:
        raise too_large(name)
    return data


def _json_text(name: str, data: bytes, text_field: str) -> tuple[str, str]:
    """Return the text in a line of JSON, and its headline; nothing where there is none, or the text begins with it."""
    try:
        fields = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        reason = one_line(reason_of(error))
        if b"\0" in data:
            advice = f"{name.rpartition(':')[0]} seems to be UTF-16: save it as UTF-8"
            raise InputError(f"{name} is not JSON in UTF-8", advice=advice) from error
        if isinstance(error, json.JSONDecodeError):
            # The line is in the name; json counts from the beginning of what it was given.
            reason = f"{error.msg.lower().removesuffix(' at')} at character {error.colno}"
        raise InputError(f"{name} is not JSON: {reason}", advice="correct this line, or leave it out") from error
    text = fields.get(text_field) if isinstance(fields, dict) else None
    if not isinstance(text, str):
        there = ", ".join(map(repr, fields)) if isinstance(fields, dict) else "no object"
        message = f"{name} has no text in a field {text_field!r} (there is {one_line(there)[:200] or 'none'})"
        raise InputError(message, advice="use --text-field to say where the text is")
    return _replace_half_characters(text), one_line(_replace_half_characters(_find_title(fields, text, text_field)))


def _find_title(fields: dict[str, Any], text: str, text_field: str) -> str:
    """Return the headline among the fields of a line; "" if there is none, or the text begins with it."""
    title = fields.get(_TITLE)
    if text_field == _TITLE or not isinstance(title, str):
        return ""
    if not title.strip() or text.lstrip().startswith(title):
        return ""
    return title


def _replace_half_characters(text: str) -> str:
    """Put "?" in place of each half of a surrogate pair, which JSON can spell and which is no character."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _open(path: str) -> BufferedReader:
    """Open a regular file; a pipe or a device, which may never end, is an `OSError`."""
    if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116 - no path can be made of some names
        raise OSError(errno.EINVAL, "not a regular file")
    return open(path, "rb")


def os_error(name: str, error: OSError) -> InputError:
    """Return what to say of a file that the system doesn't let us read."""
    return unreadable(f"cannot read {name}: {reason_of(error)}")


def _broken(name: str, error: Exception) -> InputError:
    if isinstance(error, OSError) and not isinstance(error, gzip.BadGzipFile):
        return os_error(name, error)
    what = "is cut off" if isinstance(error, EOFError) else f"is damaged: {one_line(str(error))[:200]}"
    return InputError(f"{name} {what}", advice="fetch the file again: it is incomplete or damaged")
