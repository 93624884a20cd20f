"""Find the articles of a batch, and read them safely: files, folders, lists, JSON lines, WARC, gzipped or not."""

from __future__ import annotations

import errno
import fnmatch
import gzip
import io
import itertools
import json
import os
import stat
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BufferedIOBase, BufferedReader
from pathlib import Path

from summarizer.batch.folder import STATE, written_in
from summarizer.errors import InputError, reason_of
from summarizer.extraction.archives import warc_pages
from summarizer.extraction.blocks import Page
from summarizer.extraction.decoding import MAX_BYTES, address_error, decode, is_address, shown_name
from summarizer.extraction.html import is_html
from summarizer.extraction.metadata import split_address
from summarizer.extraction.reading import read_text
from summarizer.text.normalise import one_line

_PAGES = ("txt", "html", "htm", "mhtml", "mht", "webarchive")
GLOBS = tuple(f"*.{kind}{end}" for kind in (*_PAGES, "jsonl", "ndjson", "warc", "wet") for end in ("", ".gz"))
"""Names of the files that are taken from a folder unless others are asked for."""

LIST = "-"

_GZIP = b"\x1f\x8b"
_JSON_LINES = tuple(f".{kind}{end}" for kind in ("jsonl", "ndjson") for end in ("", ".gz"))
_WARC = tuple(f".{kind}{end}" for kind in ("warc", "wet") for end in ("", ".gz"))
_TRIES, _PAUSE = 3, 0.2
_TITLE = "title"
_ADVICE = {
    errno.ENOENT: "it is not there, or no longer: check its name, or leave it out",
    errno.EACCES: "make it readable: chmod u+r",
    errno.EPERM: "make it readable: chmod u+r",
    errno.EIO: "the disk or network it is on is failing: copy it elsewhere",
}
_AGAIN = "wait until it is complete, and run the same command again"
_TEXT_FIELD = "use --text-field to say where the text is"
_JSON_KINDS = {int: "a number", float: "a number", bool: "a truth value", list: "a list", dict: "an object"}
_COPY = "fetch the file again: it is incomplete or damaged"
# What reading a file of lines or records can come to; ValueError is damaged WARC.
_BROKEN = (OSError, EOFError, ValueError, zlib.error)


@dataclass(frozen=True)
class Item:
    """One input of a batch.

    Attributes:
        name: what reports call it: its path below the folder that all inputs share, then ``:LINE`` in JSON lines
            and in WARC.
        path: the file.
        line: number of its line in a file of JSON lines, or of its record in WARC, counted from 1; None for a file of
            its own.
        data: that line, or the page in that record.
        url: the page's address, where WARC says it.
        error: why it can't be read at all, if that is known already.
    """

    name: str
    path: str
    line: int | None = None
    data: bytes | None = None
    url: str | None = None
    error: InputError | None = None

    @property
    def stem(self) -> str:
        """Path of its result below the output folder, without its extension."""
        return self.name if self.line is None else f"{self.name.rpartition(':')[0]}/{self.line:06}"


def list_files(inputs: Iterable[str], listed: bytes | None, globs: Sequence[str], skip: Iterable[Path]) -> list[Item]:
    """Find the files of a batch, in an order that depends on their names alone.

    Folders are searched recursively, but for hidden files and folders, for what batches have written, and for the
    parts of a page that a browser saved beside it; links to folders are not followed.

    Args:
        inputs: paths of files and folders; ``-`` stands for the list.
        listed: a list of paths, one per line or with zero bytes between them.
        globs: patterns for the files in folders, upper and lower case alike; one without ``/`` is matched with the
            name alone.
        skip: folders that are never searched and files that are never found in one: the output.

    Returns:
        Each file once; what isn't there, a web address in the list, and a folder that can't be read or holds no file
        of the sort, has an item with an error.

    Raises:
        InputError: a folder that is to be searched is one of those to be skipped: its results would become inputs. Or
            a name is empty, which would stand for the current folder, or it is a web address.
    """
    named = list(_named(inputs, listed or b""))
    items = {given: Item(shown_name(given), given, error=address_error(given)) for given in named if is_address(given)}
    paths = [os.path.abspath(given) for given in named if given not in items]  # noqa: PTH100 - a link keeps its own name
    folders = {path for path in paths if os.path.isdir(path)}  # noqa: PTH112
    places = [path if path in folders else os.path.dirname(path) for path in paths]  # noqa: PTH120
    base = os.path.commonpath(places) if places else ""

    left_out = {_resolved(path) for path in skip}
    for path in paths:
        name = _shown(path, base)
        if path in folders:
            if _resolved(path) in left_out:
                raise InputError(f"{name} would be both read and written to: choose another folder for the results")
            for item in _search(path, base, globs, left_out):
                items.setdefault(item.path, item)
        else:
            items.setdefault(path, Item(name, path, error=_missing(name, path)))
    return _told_apart(items.values())


def _named(inputs: Iterable[str], listed: bytes) -> Iterator[str]:
    """Yield what is named as an input, and what the list names in place of ``-``."""
    for given in inputs:
        if given == LIST:
            names = listed.split(b"\0" if b"\0" in listed else b"\n")
            yield from (os.fsdecode(name.removesuffix(b"\r")) for name in names if name.strip())
        elif not given:
            raise InputError("the name of an input is empty")
        elif is_address(given):
            raise address_error(given)
        else:
            yield given


def _told_apart(items: Iterable[Item]) -> list[Item]:
    """Number the items whose names look the same because they differ in what can't be shown."""
    taken: set[str] = set()
    different = []
    for item in items:
        names = (item.name if again == 1 else f"{item.name} ({again})" for again in itertools.count(1))
        name = next(name for name in names if name not in taken)
        taken.add(name)
        different.append(replace(item, name=name))
    return different


def _resolved(path: str | Path) -> str:
    """Return the path that links lead to; unlike `Path.resolve`, a link to itself is an end of the way, no error."""
    return os.path.realpath(path)


def _missing(name: str, path: str) -> InputError | None:
    try:
        Path(path).lstat()
    except OSError as error:
        return os_error(name, error)
    return None


def _search(folder: str, base: str, globs: Sequence[str], skip: set[str]) -> Iterator[Item]:
    broken: list[OSError] = []
    found = False
    written: set[Path] = set()
    for place, folders, files in os.walk(folder, onerror=broken.append):
        if STATE in folders and place != folder:
            folders.clear()
            continue
        if STATE in folders:
            # It was asked for, and so may hold pages beside what a batch wrote into it.
            written = {Path(folder, name) for name in written_in(Path(folder))}
        parts = set(map(parts_folder, files))
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and name not in parts and _resolved(os.path.join(place, name)) not in skip  # noqa: PTH118
        )
        for name in sorted(files):
            path = os.path.join(place, name)  # noqa: PTH118
            below = Path(path).relative_to(folder).as_posix()
            wanted = not name.startswith(".") and any(matches(name, below, glob) for glob in globs)
            if wanted and Path(path) not in written and _resolved(path) not in skip:
                found = True
                yield Item(_shown(path, base), path)
    for error in broken:
        path = str(error.filename)
        yield Item(_shown(path, base), path, error=os_error(_shown(path, base), error))
    if not found and not broken:
        shown = _shown(folder, base)
        empty = InputError(
            f"{shown} holds no file named {', '.join(globs)}", advice="use --glob to say which files to take"
        )
        yield Item(shown, folder, error=empty)


def parts_folder(page: str) -> str | None:
    """Return the folder that browsers put the pictures and frames of a saved page in, beside it.

    Args:
        page: name or path of a file.

    Returns:
        The folder's name or path; None where the file is no HTML page.
    """
    stem, _, ending = page.rpartition(".")
    return f"{stem}_files" if ending.lower() in ("html", "htm") else None


def matches(name: str, below: str, glob: str) -> bool:
    """Tell whether a file is one of those that a pattern asks for, upper and lower case alike.

    Args:
        name: of the file.
        below: its path below the folder that is searched, with ``/``.
        glob: one without ``/`` is matched with the name alone.
    """
    name, below, glob = name.lower(), below.lower(), glob.lower()
    return fnmatch.fnmatchcase(below if "/" in glob else name, glob) or (
        glob.startswith("**/") and fnmatch.fnmatchcase(below, glob.removeprefix("**/"))
    )


def _shown(path: str, base: str) -> str:
    """Return a path below the base as text that can be shown, with ``/`` on every system."""
    return shown_path(Path(os.path.relpath(path, base)).as_posix() if path != base else Path(path).name)


def shown_path(relative: str) -> str:
    """Return a path below a folder as text that can be shown, and that is still a path below a folder.

    Args:
        relative: the path, with ``/``. A part of which only ``.`` or ``..`` or nothing can be shown gets a ``_``.
    """
    # Part by part: without what can't be shown, the whole could begin at the root or go up, and so would its result.
    parts = map(shown_name, relative.split("/"))
    return "/".join(f"_{part}" if part in ("", ".", "..") else part for part in parts)


def open_files(files: Iterable[Item]) -> Iterator[Item]:
    """Replace each file of JSON lines by its lines, but for blank ones, and each WARC file by its pages.

    A file that can't be read to its end has an item with an error after those that could be read.
    """
    for file in files:
        if file.error or not has_parts(file.path):
            yield file
            continue
        try:
            with _open(file.path) as raw:
                before = os.fstat(raw.fileno())
                yield from read_parts(raw, file)
                after = os.fstat(raw.fileno())
            if _state(before) != _state(after):
                yield Item(file.name, file.path, error=_changed(file.name))
        except OSError as error:
            yield Item(file.name, file.path, error=os_error(file.name, error))


def has_parts(path: str) -> bool:
    """Tell by its name whether a file holds many articles: JSON lines, or WARC."""
    return path.lower().endswith((*_JSON_LINES, *_WARC))


def read_parts(raw: BufferedReader, file: Item) -> Iterator[Item]:
    """Yield the items that a file of JSON lines or WARC holds.

    If it can't be read to its end, an item with an error follows those that could be read. A file that holds none has
    an item with an error too.

    Args:
        raw: the open file.
        file: what it is called, and where it is.
    """
    number = 0
    empty = True
    try:
        for number, url, data in _parts(file.path)(raw):
            name = f"{file.name}:{number}"
            empty = empty and not data
            if len(data) > MAX_BYTES:
                yield Item(name, file.path, number, error=too_large(name))
            elif data:
                yield Item(name, file.path, number, data, url)
        if empty:
            yield Item(file.name, file.path, error=InputError(f"{file.name} holds no article", advice="leave it out"))
    except _BROKEN as error:
        kind = "record" if file.path.lower().endswith(_WARC) else "line"
        behind = f" after {kind} {number}" if number else ""
        yield Item(file.name, file.path, error=_broken(f"{file.name}{behind}", error))


def count(files: Iterable[Item]) -> int:
    """Return about how many items `open_files` makes of files."""
    total = 0
    for file in files:
        if file.error or not has_parts(file.path):
            total += 1
            continue
        try:
            with _open(file.path) as raw:
                total += max(1, sum(1 for *_, data in _parts(file.path)(raw) if data))
        except _BROKEN:
            total += 1
    return total


def _parts(path: str) -> Callable[[BufferedReader], Iterator[tuple[int, str | None, bytes]]]:
    """Return what takes a file apart into items with their numbers and addresses."""
    return _lines if path.lower().endswith(_JSON_LINES) else _records


def _lines(raw: BufferedReader) -> Iterator[tuple[int, None, bytes]]:
    """Yield the lines of a file; one that is too long is cut just behind the limit."""
    file = _unpacked(raw)
    for number in itertools.count(1):
        line = rest = file.readline(MAX_BYTES + 1)
        if not line:
            return
        while len(rest) > MAX_BYTES and not rest.endswith(b"\n"):
            rest = file.readline(MAX_BYTES + 1)
        yield number, None, line if len(line) > MAX_BYTES else line.strip()


def _records(raw: BufferedReader) -> Iterator[tuple[int, str | None, bytes]]:
    for page in warc_pages(_unpacked(raw), MAX_BYTES + 1):
        yield page.number, page.address or None, page.data


def _unpacked(raw: BufferedReader) -> BufferedIOBase:
    packed = raw.read(2) == _GZIP
    raw.seek(0)
    return gzip.GzipFile(fileobj=raw) if packed else raw


def read_bytes(item: Item) -> bytes:
    """Return what an item holds, as it is on the disk.

    Raises:
        InputError: the file can't be read, is not a regular file, is too large, or is being written to.
    """
    if item.error:
        raise item.error
    if item.data is not None:
        return item.data
    try:
        for attempt in range(_TRIES):
            if attempt:
                time.sleep(_PAUSE)
            with _open(item.path) as file:
                before = os.fstat(file.fileno())
                data = file.read(MAX_BYTES + 1)
                after = os.fstat(file.fileno())
            if len(data) > MAX_BYTES:
                raise too_large(item.name)
            if _state(before) == _state(after) and len(data) == after.st_size:
                return data
    except OSError as error:
        raise os_error(item.name, error) from error
    raise _changed(item.name)


def read_item(item: Item, data: bytes, text_field: str) -> Page:
    """Turn what an item holds into a page.

    Args:
        item: the item.
        data: what `read_bytes` returned.
        text_field: name of the field of a JSON line that holds the text, plain or HTML; a field ``title`` is its
            headline.

    Raises:
        InputError: the data is damaged, is not a JSON object with such a field, or can't be read as a page.
        NoArticleError: the page holds no article.
    """
    if item.line is not None and item.path.lower().endswith(_JSON_LINES):
        text, title = _json_text(item.name, data, text_field)
        if title and is_html(text):
            return replace(read_text(text, item.name), title=title)
        return read_text(f"{title}\n{text}" if title else text, item.name)
    if item.line is not None:
        page = read_text(decode(data, item.name), item.name)
        return replace(page, url=page.url or item.url, site=page.site or split_address(item.url or "").hostname)
    if data.startswith(_GZIP):
        try:
            data = gzip.GzipFile(fileobj=io.BytesIO(data)).read(MAX_BYTES + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise _broken(item.name, error) from error
        if len(data) > MAX_BYTES:
            raise too_large(item.name)
    return read_text(decode(data, item.name), item.name)


def _json_text(name: str, data: bytes, text_field: str) -> tuple[str, str]:
    """Return the text in a line of JSON, and its headline; nothing where there is none, or the text begins with it."""
    try:
        fields = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        # The line is in the name; json counts from the beginning of what it was given.
        reason = one_line(str(error))
        if isinstance(error, json.JSONDecodeError):
            reason = f"{error.msg.removesuffix(' at')} at character {error.colno}"
        reason = reason[:1].lower() + reason[1:]
        raise InputError(f"{name} is not JSON: {reason}", advice="correct this line, or leave it out") from error
    text = fields.get(text_field) if isinstance(fields, dict) else None
    if kind := _JSON_KINDS.get(type(text)):
        raise InputError(f"{name} has {kind} in the field {text_field!r}, not text", advice=_TEXT_FIELD)
    if not isinstance(text, str):
        there = ", ".join(map(repr, fields)) if isinstance(fields, dict) else "no object"
        message = f"{name} has no text in a field {text_field!r} (there is {one_line(there)[:200] or 'none'})"
        raise InputError(message, advice=_TEXT_FIELD)
    # Half of a surrogate pair, which JSON can spell, is not a character.
    text = text.encode("utf-8", "replace").decode("utf-8")
    title = fields.get(_TITLE)
    if text_field == _TITLE or not isinstance(title, str) or not title.strip() or text.lstrip().startswith(title):
        return text, ""
    return text, one_line(title.encode("utf-8", "replace").decode("utf-8"))


def _open(path: str) -> BufferedReader:
    """Open a regular file; a pipe or a device, which may never end, is an `OSError`."""

    def opener(name: str, flags: int) -> int:
        return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))

    file = open(path, "rb", opener=opener)  # noqa: SIM115 - it is the caller's to close
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "not a regular file")
    return file


def _state(found: os.stat_result) -> tuple[int, int]:
    return found.st_size, found.st_mtime_ns


def os_error(name: str, error: OSError) -> InputError:
    """Return what to say of a file that the system doesn't let us read."""
    advice = _ADVICE.get(error.errno or 0, "check the file")
    return InputError(f"cannot read {name}: {reason_of(error)}", advice=advice)


def _broken(name: str, error: Exception) -> InputError:
    if isinstance(error, EOFError):
        # gzip has something to say, a WARC record hasn't.
        kind = "gzip data ends early" if error.args else "last record ends early"
        return InputError(f"{name} is cut off: its {kind}", advice=_COPY)
    if isinstance(error, ValueError):
        return InputError(f"{name} holds damaged WARC data: {one_line(str(error))[:200]}", advice=_COPY)
    if isinstance(error, OSError) and not isinstance(error, gzip.BadGzipFile):
        return os_error(name, error)
    return InputError(f"{name} holds damaged gzip data: {one_line(str(error))}", advice=_COPY)


def _changed(name: str) -> InputError:
    return InputError(f"{name} changed while it was read", advice=_AGAIN)


def too_large(name: str) -> InputError:
    """Return what to say of a file that is larger than a saved article."""
    return InputError(f"{name} is larger than {MAX_BYTES // 1_000_000} MB, too large for a saved article")
