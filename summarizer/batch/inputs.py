"""Find the articles of a batch: files, folders and lists of them; and keep what it writes apart from them."""

from __future__ import annotations

import codecs
import fnmatch
import itertools
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, unquote

from summarizer.batch.reading import BatchInput, is_container, os_error
from summarizer.batch.results import FAILURES, RESULTS, STATE, written_in
from summarizer.errors import InputError, OutputError
from summarizer.extraction.decoding import address_error, is_address, shown_name
from summarizer.output.table import COLUMNS, SENTENCE_COLUMNS

_PAGES = ("txt", "html", "htm", "mhtml", "mht", "webarchive")
GLOBS = tuple(f"*.{kind}{end}" for kind in (*_PAGES, "jsonl", "ndjson", "warc", "wet") for end in ("", ".gz"))
"""Names of the files that are taken from a folder unless others are asked for."""

LIST = "-"

_TABLES = (",".join(COLUMNS[:2]), "\t".join(SENTENCE_COLUMNS[:2]))


def list_files(
    inputs: Iterable[str], listed: bytes | None, globs: Sequence[str], skip: Iterable[Path]
) -> list[BatchInput]:
    """Find the files of a batch, in an order that depends on their names alone.

    Folders are searched as `select` says, without following links to folders. Each file comes once; what isn't there, a
    web address in the list, and a folder that can't be read or holds no file of the sort, has an input with an error.

    Args:
        inputs: paths of files and folders; ``-`` stands for the list.
        listed: a list of paths, one per line or with zero bytes between them, in UTF-8 or, with a BOM, in UTF-16.
        globs: see `select`.
        skip: folders that are never searched and files that are never found in one: the output.

    Raises:
        InputError: a name is empty or a web address.
        OutputError: a folder that is to be searched is to be skipped too.
    """
    named = list(_named(inputs, listed or b""))
    found = {path: BatchInput(shown_name(path), path, error=address_error(path)) for path in named if is_address(path)}
    paths = [os.path.abspath(path) for path in named if path not in found]  # noqa: PTH100 - a link keeps its own name
    folders = {path for path in paths if os.path.isdir(path)}  # noqa: PTH112
    places = [path if path in folders else os.path.dirname(path) for path in paths]  # noqa: PTH120
    try:
        base = os.path.commonpath(places) if places else ""
    except ValueError:
        raise InputError("the inputs are on different drives: run a batch for each") from None

    left_out = {os.path.realpath(path) for path in skip}
    for path in paths:
        name = _shown(path, base)
        if path not in folders:
            found.setdefault(path, BatchInput(name, path, error=_missing(name, path)))
        elif os.path.realpath(path) in left_out:
            raise OutputError(f"{name} would be both read and written to: choose another folder for the results")
        else:
            for file in _search(path, base, globs, left_out):
                found.setdefault(file.path, file)
    return list(found.values())


def _named(inputs: Iterable[str], listed: bytes) -> Iterator[str]:
    """Yield what is named as an input, and what the list names in place of ``-``."""
    # PowerShell's ``>`` writes UTF-16.
    if listed.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        listed = os.fsencode(listed.decode("utf-16", "replace"))
    else:
        listed = listed.removeprefix(codecs.BOM_UTF8)
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


def _missing(name: str, path: str) -> InputError | None:
    try:
        Path(path).lstat()
    except OSError as error:
        return os_error(name, error)
    return None


def _search(folder: str, base: str, globs: Sequence[str], skip: set[str]) -> Iterator[BatchInput]:
    broken: list[OSError] = []
    below: list[str] = []
    for place, folders, files in os.walk(folder, onerror=broken.append):
        folders[:] = [name for name in folders if os.path.realpath(Path(place, name)) not in skip]
        below += (Path(place, name).relative_to(folder).as_posix() for name in files)
    # A folder that was asked for may hold pages beside what a batch wrote into it; those below it may not.
    written = written_in(Path(folder)) if f"{STATE}/lock" in below else set()
    paths = [os.path.join(folder, name) for name in select(below, globs) if name not in written]  # noqa: PTH118
    paths = [path for path in paths if os.path.realpath(path) not in skip and not is_of_batch(Path(path), empty=False)]
    for path in paths:
        yield BatchInput(_shown(path, base), path)
    for error in broken:
        name = _shown(error.filename, base)
        yield BatchInput(name, error.filename, error=os_error(name, error))
    if not paths and not broken:
        name = _shown(folder, base)
        advice = "use --glob to say which files to take"
        nothing = InputError(f"{name} holds no file named {', '.join(globs)}", advice=advice)
        yield BatchInput(name, folder, error=nothing)


def select(paths: Iterable[str], globs: Sequence[str], hidden: str | tuple[str, ...] = ".") -> Iterator[str]:
    """Yield the paths of those files below a folder that are inputs, sorted.

    Left out are hidden files and folders, what batches have written, and the parts of a page that a browser saved
    beside it. A pattern is matched with upper and lower case alike, and without ``/`` with the name alone.
    """
    paths = sorted(paths)
    pages = (path.rpartition(".") for path in paths)
    left_out = {f"{stem}_files" for stem, _, ending in pages if ending.lower() in ("html", "htm")}
    left_out |= {place for place, is_inside, _ in (path.partition(f"/{STATE}/") for path in paths) if is_inside}
    for path in paths:
        names = path.split("/")
        above = itertools.accumulate(names[:-1], "{}/{}".format)
        is_hidden = any(name.startswith(hidden) for name in names) or not left_out.isdisjoint(above)
        if not is_hidden and any(matches(path, glob) for glob in globs):
            yield path


def matches(path: str, glob: str) -> bool:
    """Tell whether a pattern asks for a file with this path below the folder that is searched."""
    path = path.lower()
    glob = glob.lower()
    return fnmatch.fnmatchcase(path if "/" in glob else path.rpartition("/")[2], glob) or (
        glob.startswith("**/") and fnmatch.fnmatchcase(path, glob.removeprefix("**/"))
    )


def _shown(path: str, base: str) -> str:
    """Return a path below the base as text that can be shown, with ``/`` on every system."""
    return shown_path(Path(os.path.relpath(path, base)).as_posix() if path != base else Path(path).name)


def shown_path(relative: str) -> str:
    """Return a path below a folder, with ``/``, as text that can be shown: parts that can't be are quoted as in a URL.

    It is still a path below a folder, and another one for each file.
    """
    return "/".join(
        # What looks like a quoted part is quoted once more.
        part if all(form == shown_name(form).strip() for form in (part, unquote(part))) else quote(os.fsencode(part))
        for part in relative.split("/")
    )


def is_of_batch(page: Path, *, empty: bool = True) -> bool:
    """Tell whether a file that is to hold all results holds those of an earlier batch, or nothing, if it may."""
    with suppress(OSError):
        if page.is_file():
            with open(page, encoding="utf-8-sig", errors="replace") as file:
                head = file.read(2_000)
            is_page = '<meta name="generator" content="Ringkas ' in head
            return is_page or head.startswith(_TABLES) or (empty and not head)
    return False


def require_apart(files: Iterable[BatchInput], folder: Path, pages: Mapping[str, Path]) -> None:
    """Raise `OutputError` where a batch would write what it reads, or two things into one file.

    Args:
        files: the inputs.
        folder: the output folder.
        pages: the files that are to hold all results, by their options.
    """
    state = os.path.realpath(folder / STATE)
    taken = {os.path.realpath(folder / name): "--output" for name in (RESULTS, FAILURES)}
    for option, page in pages.items():
        real = os.path.realpath(page)
        if real in taken or Path(real).is_relative_to(state):
            raise OutputError(f"{shown_name(page)} would be written to twice: choose another {option}")
        taken[real] = option
    for file in files:
        real = os.path.realpath(file.path)
        # What it holds would go into a folder of its name.
        is_own = is_container(file.path) and real == os.path.realpath(folder / file.name)
        if option := taken.get(real, "--output" if is_own else ""):
            raise OutputError(f"{file.name} would be both read and written to: choose another {option}")
