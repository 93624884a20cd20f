"""Find the articles of a batch: files, folders and lists of them."""

from __future__ import annotations

import fnmatch
import itertools
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from summarizer.batch.reading import BatchInput, os_error
from summarizer.batch.results import STATE, written_in
from summarizer.errors import InputError
from summarizer.extraction.decoding import address_error, is_address, shown_name

_PAGES = ("txt", "html", "htm", "mhtml", "mht", "webarchive")
GLOBS = tuple(f"*.{kind}{end}" for kind in (*_PAGES, "jsonl", "ndjson", "warc", "wet") for end in ("", ".gz"))
"""Names of the files that are taken from a folder unless others are asked for."""

LIST = "-"


def list_files(
    inputs: Iterable[str], listed: bytes | None, globs: Sequence[str], skip: Iterable[Path]
) -> list[BatchInput]:
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
        of the sort, has an input with an error.

    Raises:
        InputError: a folder that is to be searched is one of those to be skipped: its results would become inputs. Or
            a name is empty, which would stand for the current folder, or it is a web address.
    """
    named = list(_named(inputs, listed or b""))
    found = {path: BatchInput(shown_name(path), path, error=address_error(path)) for path in named if is_address(path)}
    paths = [os.path.abspath(path) for path in named if path not in found]  # noqa: PTH100 - a link keeps its own name
    folders = {path for path in paths if os.path.isdir(path)}  # noqa: PTH112
    places = [path if path in folders else os.path.dirname(path) for path in paths]  # noqa: PTH120
    base = os.path.commonpath(places) if places else ""

    left_out = {os.path.realpath(path) for path in skip}
    for path in paths:
        name = _shown(path, base)
        if path not in folders:
            found.setdefault(path, BatchInput(name, path, error=_missing(name, path)))
        elif os.path.realpath(path) in left_out:
            raise InputError(f"{name} would be both read and written to: choose another folder for the results")
        else:
            for file in _search(path, base, globs, left_out):
                found.setdefault(file.path, file)
    return _told_apart(found.values())


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


def _told_apart(files: Iterable[BatchInput]) -> list[BatchInput]:
    """Number the files whose names look the same because they differ in what can't be shown."""
    taken: set[str] = set()
    different = []
    for file in files:
        names = (file.name if again == 1 else f"{file.name} ({again})" for again in itertools.count(1))
        name = next(name for name in names if name not in taken)
        taken.add(name)
        different.append(replace(file, name=name))
    return different


def _missing(name: str, path: str) -> InputError | None:
    try:
        Path(path).lstat()
    except OSError as error:
        return os_error(name, error)
    return None


def _search(folder: str, base: str, globs: Sequence[str], skip: set[str]) -> Iterator[BatchInput]:
    broken: list[OSError] = []
    is_empty = True
    # A folder that was asked for may hold pages beside what a batch wrote into it; those below it may not.
    written = written_in(Path(folder)) if os.path.isdir(os.path.join(folder, STATE)) else set()  # noqa: PTH112, PTH118
    for place, folders, files in os.walk(folder, onerror=broken.append):
        if STATE in folders and place != folder:
            folders.clear()
            continue
        parts = set(map(parts_folder, files))
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and name not in parts and os.path.realpath(Path(place, name)) not in skip
        )
        for name in sorted(files):
            path = os.path.join(place, name)  # noqa: PTH118
            below = Path(path).relative_to(folder).as_posix()
            is_wanted = not name.startswith(".") and any(matches(name, below, glob) for glob in globs)
            if is_wanted and below not in written and os.path.realpath(path) not in skip:
                is_empty = False
                yield BatchInput(_shown(path, base), path)
    for error in broken:
        name = _shown(error.filename, base)
        yield BatchInput(name, error.filename, error=os_error(name, error))
    if is_empty and not broken:
        name, advice = _shown(folder, base), "use --glob to say which files to take"
        yield BatchInput(
            name, folder, error=InputError(f"{name} holds no file named {', '.join(globs)}", advice=advice)
        )


def parts_folder(page: str) -> str | None:
    """Return the folder that browsers put the parts of a saved page in, beside it; None where it is no HTML page."""
    stem, _, ending = page.rpartition(".")
    return f"{stem}_files" if ending.lower() in ("html", "htm") else None


def matches(name: str, below: str, glob: str) -> bool:
    """Tell whether a pattern asks for a file with this name and this path below the folder that is searched."""
    name, below, glob = name.lower(), below.lower(), glob.lower()
    return fnmatch.fnmatchcase(below if "/" in glob else name, glob) or (
        glob.startswith("**/") and fnmatch.fnmatchcase(below, glob.removeprefix("**/"))
    )


def _shown(path: str, base: str) -> str:
    """Return a path below the base as text that can be shown, with ``/`` on every system."""
    return shown_path(Path(os.path.relpath(path, base)).as_posix() if path != base else Path(path).name)


def shown_path(relative: str) -> str:
    """Return a path below a folder, with ``/``, as text that can be shown, and that is still a path below a folder."""
    # Part by part: without what can't be shown, the whole could begin at the root or go up, and so would its result.
    parts = map(shown_name, relative.split("/"))
    return "/".join(f"_{part}" if part in ("", ".", "..") else part for part in parts)
