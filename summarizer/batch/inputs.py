"""Find the articles of a batch: files, folders and lists of them; and keep what it writes apart from them."""

from __future__ import annotations

import codecs
import fnmatch
import os
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote, unquote

from summarizer.batch.reading import BatchInput, is_container, os_error
from summarizer.batch.results import STATE, place_of, written_in
from summarizer.errors import InputError, OutputError
from summarizer.extraction.decoding import address_error, is_address, shown_name
from summarizer.output.fields import FAILURES, RESULTS
from summarizer.output.table import COLUMNS, SENTENCE_COLUMNS

_PAGES = ("*.txt", "*.html", "*.htm", "*.mhtml", "*.mht", "*.webarchive", "*.eml")
_CONTAINERS = ("*.jsonl", "*.ndjson", "*.warc", "*.wet")


def _add_gzipped(globs: Iterable[str]) -> tuple[str, ...]:
    """Return each pattern, followed by that of the same files gzipped."""
    both: list[str] = []
    for glob in globs:
        both += [glob, f"{glob}.gz"]
    return tuple(both)


GLOBS = _add_gzipped([*_PAGES, *_CONTAINERS])
"""Names of the files that are taken from a folder unless others are asked for."""

LIST = "-"
"""What stands for the list of paths among the inputs."""

# How the tables begin that hold all results of a batch: see `summarizer.output.table`.
_TABLE_HEADS = (",".join(COLUMNS[:2]), "\t".join(SENTENCE_COLUMNS[:2]))
# How the page begins that does: see the templates of `summarizer.output`.
_PAGE_HEAD = '<meta name="generator" content="Ringkas '
# So many characters of such a page hold its head.
_HEAD_LENGTH = 2_000


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
    files: dict[str, BatchInput] = {}
    paths: list[str] = []
    for name in _named(inputs, listed or b""):
        if is_address(name):
            files[name] = BatchInput(shown_name(name), name, error=address_error(name))
        else:
            # Not resolve(): a link keeps its own name.
            paths.append(os.path.abspath(name))  # noqa: PTH100
    folders = {path for path in paths if os.path.isdir(path)}  # noqa: PTH112
    base = _common_folder(paths, folders)
    left_out = set(map(os.path.realpath, skip))
    for path in paths:
        name = _shown(path, base)
        if path not in folders:
            files.setdefault(path, BatchInput(name, path, error=_missing(name, path)))
            continue
        if os.path.realpath(path) in left_out:
            raise OutputError(f"{name} would be both read and written to: choose another folder for the results")
        for file in _search(path, base, globs, left_out):
            files.setdefault(file.path, file)
    return list(files.values())


def _common_folder(paths: Sequence[str], folders: Collection[str]) -> str:
    """Return the folder that all inputs are below, or that is the only one; "" where there is no input."""
    if not paths:
        return ""
    places: list[str] = []
    for path in paths:
        places.append(path if path in folders else os.path.dirname(path))  # noqa: PTH120
    try:
        return os.path.commonpath(places)
    except ValueError:
        raise InputError("the inputs are on different drives: run a batch for each") from None


def _named(inputs: Iterable[str], listed: bytes) -> Iterator[str]:
    """Yield what is named as an input, and what the list names in place of ``-``."""
    # PowerShell's ``>`` writes UTF-16.
    if listed.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        listed = os.fsencode(listed.decode("utf-16", "replace"))
    else:
        listed = listed.removeprefix(codecs.BOM_UTF8)
    separator = b"\0" if b"\0" in listed else b"\n"
    for name in inputs:
        if name == LIST:
            for line in listed.split(separator):
                if line.strip():
                    yield os.fsdecode(line.removesuffix(b"\r"))
        elif not name:
            raise InputError("the name of an input is empty")
        elif is_address(name):
            raise address_error(name)
        else:
            yield name


def _missing(name: str, path: str) -> InputError | None:
    try:
        # Of a link, what it leads to.
        Path(path).stat()
    except OSError as error:
        return os_error(name, error)
    return None


def _search(folder: str, base: str, globs: Sequence[str], skip: Container[str]) -> Iterator[BatchInput]:
    """Yield the inputs in a folder, and what stands for each folder that can't be read; see `list_files`.

    Args:
        folder: that is searched, with all below it.
        base: the folder that inputs are named from.
        globs: see `select`.
        skip: real paths of folders that are not searched, and of files that are no inputs.

    Yields:
        the inputs by their paths; then one with an error for each folder below that can't be read. Where there is
        neither, one with an error for the folder itself.
    """
    files, errors = _walk(folder, skip)
    is_empty = True
    for path in _leave_out_written(folder, select(files, globs), has_state=f"{STATE}/lock" in files):
        if os.path.realpath(path) not in skip:
            is_empty = False
            yield BatchInput(_shown(path, base), path)
    for error in errors:
        is_empty = False
        name = _shown(error.filename, base)
        yield BatchInput(name, error.filename, error=os_error(name, error))
    if is_empty:
        name = _shown(folder, base)
        advice = "use --glob to say which files to take"
        nothing = InputError(f"{name} holds no file named {_in_short(globs)}: --glob takes others", advice=advice)
        yield BatchInput(name, folder, error=nothing)


def _walk(folder: str, skip: Container[str]) -> tuple[list[str], list[OSError]]:
    """Return all files below a folder, with ``/`` on every system, and an error for each folder that can't be read.

    ``skip`` holds the real paths of folders that are not searched.
    """
    errors: list[OSError] = []
    files: list[str] = []
    for place, folder_names, file_names in os.walk(folder, onerror=errors.append):
        # os.walk goes into what is left of this very list.
        folder_names[:] = [name for name in folder_names if os.path.realpath(Path(place, name)) not in skip]
        for name in file_names:
            files.append(Path(place, name).relative_to(folder).as_posix())
    return files, errors


def _leave_out_written(folder: str, names: Iterable[str], *, has_state: bool) -> Iterator[str]:
    """Yield the paths of files, but for those that a batch has written straight into their folder.

    The folder that was asked for may hold pages beside results. A folder below it with results is taken to hold nothing
    else, and `select` has left it out as a whole.

    Args:
        folder: that was asked for.
        names: of its files, as paths below it.
        has_state: whether a batch has written into the folder, so that its list of results names what it wrote.
    """
    written = written_in(Path(folder)) if has_state else set()
    for name in names:
        path = os.path.join(folder, name)  # noqa: PTH118
        if name not in written and not is_of_batch(Path(path), empty=False):
            yield path


def _in_short(globs: Sequence[str]) -> str:
    """Return patterns in a few words: one that only adds ".gz" to another is left out."""
    named = [glob for glob in globs if glob.removesuffix(".gz") not in globs or not glob.endswith(".gz")]
    shown = ", ".join(named)
    return shown if len(named) == len(globs) else f"{shown} (or these with .gz)"


def select(paths: Iterable[str], globs: Sequence[str], hidden: str | tuple[str, ...] = ".") -> Iterator[str]:
    """Yield the paths of those files below a folder that are inputs, sorted.

    Left out are hidden files and folders, what batches have written, and the parts of a page that a browser saved
    beside it. A pattern is matched with upper and lower case alike, and without ``/`` with the name alone.
    """
    paths = sorted(paths)
    left_out = _folders_of_parts(paths) | _folders_of_batches(paths)
    for path in paths:
        is_hidden = any(name.startswith(hidden) for name in path.split("/"))
        if is_hidden or not left_out.isdisjoint(_folders_above(path)):
            continue
        if any(matches(path, glob) for glob in globs):
            yield path


def _folders_of_parts(paths: Iterable[str]) -> set[str]:
    """Return the folders in which browsers save the parts of the pages among these files."""
    folders: set[str] = set()
    for path in paths:
        stem, _, ending = path.rpartition(".")
        if ending.lower() in ("html", "htm"):
            folders.add(f"{stem}_files")
    return folders


def _folders_of_batches(paths: Iterable[str]) -> set[str]:
    """Return the folders below the one that is searched into which batches have written these files."""
    folders: set[str] = set()
    for path in paths:
        folder, state, _ = path.partition(f"/{STATE}/")
        if state:
            folders.add(folder)
    return folders


def _folders_above(path: str) -> Iterator[str]:
    """Yield the folders that a path lies in, from the outermost on."""
    end = path.find("/")
    while end != -1:
        yield path[:end]
        end = path.find("/", end + 1)


def matches(path: str, glob: str) -> bool:
    """Tell whether a pattern asks for a file with this path below the folder that is searched."""
    path = path.lower()
    glob = glob.lower()
    if "/" not in glob:
        name = path.rpartition("/")[2]
        return fnmatch.fnmatchcase(name, glob)
    if fnmatch.fnmatchcase(path, glob):
        return True
    # "Any folders" are none too.
    return glob.startswith("**/") and fnmatch.fnmatchcase(path, glob.removeprefix("**/"))


def _shown(path: str, base: str) -> str:
    """Return a path below the base as text that can be shown, with ``/`` on every system."""
    return shown_path(Path(os.path.relpath(path, base)).as_posix() if path != base else Path(path).name)


def shown_path(relative: str) -> str:
    """Return a path below a folder, with ``/``, as text that can be shown: parts that can't be are quoted as in a URL.

    It is still a path below a folder, and another one for each file.
    """
    return "/".join(map(_quote_part, relative.split("/")))


def _quote_part(part: str) -> str:
    # What looks like a quoted part is quoted once more.
    if _is_shown_as_it_is(part) and _is_shown_as_it_is(unquote(part)):
        return part
    return quote(os.fsencode(part))


def _is_shown_as_it_is(part: str) -> bool:
    return part == shown_name(part).strip()


def is_of_batch(page: Path, *, empty: bool = True) -> bool:
    """Tell whether a file that is to hold all results holds those of an earlier batch, or nothing, if it may."""
    try:
        if not page.is_file():
            return False
        with open(page, encoding="utf-8-sig", errors="replace") as file:
            head = file.read(_HEAD_LENGTH)
    except OSError:
        return False
    if not head:
        return empty
    return _PAGE_HEAD in head or head.startswith(_TABLE_HEADS)


def require_apart(files: Iterable[BatchInput], folder: Path, pages: Mapping[str, Path], format_name: str) -> None:
    """Make sure that a batch writes nothing that it reads, and no two things into one file.

    Args:
        files: the inputs.
        folder: the output folder.
        pages: the files that are to hold all results, by their options.
        format_name: the format of the file of each result.

    Raises:
        OutputError: a file would be both read and written, or written to twice.
    """
    option_of = _options_of_lists(folder, pages)
    real_pages = {option: Path(os.path.realpath(page)) for option, page in pages.items()}
    for file in files:
        real = os.path.realpath(file.path)
        # What is made of a container's articles goes into a folder of its name.
        is_folder = is_container(file.path)
        own_place = file.name if is_folder else place_of(file, format_name)
        own = os.path.realpath(folder / own_place)
        option_to_change = option_of.get(real)
        if option_to_change is None and is_folder and real == own:
            option_to_change = "--output"
        if option_to_change:
            raise OutputError(f"{file.name} would be both read and written to: choose another {option_to_change}")
        for option, real_page in real_pages.items():
            if real_page.is_relative_to(own):
                raise _written_twice(pages[option], option)


def _options_of_lists(folder: Path, pages: Mapping[str, Path]) -> dict[str, str]:
    """Return, by the real path of each file that holds all results or failures, the option that puts it elsewhere.

    Raises:
        OutputError: one of ``pages`` is another of these files, or lies where the batch keeps its state.
    """
    options: dict[str, str] = {}
    for name in (RESULTS, FAILURES):
        options[os.path.realpath(folder / name)] = "--output"
    state = os.path.realpath(folder / STATE)
    for option, page in pages.items():
        real = os.path.realpath(page)
        is_another_list = real in options
        is_in_state = Path(real).is_relative_to(state)
        if is_another_list or is_in_state:
            raise _written_twice(page, option)
        options[real] = option
    return options


def _written_twice(page: Path, option: str) -> OutputError:
    return OutputError(f"{shown_name(page)} would be written to twice: choose another {option}")
