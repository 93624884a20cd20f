"""The files that are to hold all results of a batch: kept apart from its inputs, from its own lists and each other."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from summarizer.batch.reading import BatchInput
from summarizer.batch.results import FAILURES, RESULTS, STATE
from summarizer.errors import OutputError
from summarizer.extraction.decoding import shown_name
from summarizer.output.table import COLUMNS, SENTENCE_COLUMNS

_TABLES = (",".join(COLUMNS[:2]), "\t".join(SENTENCE_COLUMNS[:2]))


def is_of_batch(page: Path) -> bool:
    """Tell whether a file that is to hold all results holds those of an earlier batch, or nothing."""
    if not os.path.isfile(page):  # noqa: PTH113 - also of a name that is too long
        return False
    with suppress(OSError), open(page, encoding="utf-8-sig", errors="replace") as file:
        head = file.read(2_000)
        return not head or '<meta name="generator" content="Ringkas ' in head or head.startswith(_TABLES)
    return False


def require_apart(files: Iterable[BatchInput], folder: Path, pages: Mapping[str, Path]) -> None:
    """Refuse to write what a batch reads, or to write two things into one file.

    Args:
        files: the inputs.
        folder: the output folder.
        pages: the files that are to hold all results, by their options.

    Raises:
        OutputError: one file would be both.
    """
    lists = [folder / RESULTS, folder / FAILURES]
    own = [Path(os.path.realpath(path)) for path in (*lists, folder / STATE)]
    taken: set[Path] = set()
    for name, page in pages.items():
        real = Path(os.path.realpath(page))
        if any(map(real.is_relative_to, own)):
            raise OutputError(f"{shown_name(page)} belongs to the results themselves: choose another {name}")
        if real in taken:
            raise OutputError(f"{shown_name(page)} would be written to twice: choose another {name}")
        taken.add(real)
    targets = [*(("--output", path) for path in lists), *pages.items()]
    written = {found: name for name, path in targets if (found := _identity(path))}
    for item in files if written else ():
        found = _identity(item.path)
        if found and (option := written.get(found)):
            raise OutputError(f"{item.name} would be both read and written to: choose another {option}")


def _identity(path: str | Path) -> tuple[int, int] | None:
    """Return what tells a file from all others, whatever name leads to it; None if it isn't there."""
    try:
        found = Path(path).stat()
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino
