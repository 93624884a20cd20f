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
    with suppress(OSError):
        if page.is_file():
            with open(page, encoding="utf-8-sig", errors="replace") as file:
                head = file.read(2_000)
            return not head or '<meta name="generator" content="Ringkas ' in head or head.startswith(_TABLES)
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
        if option := taken.get(os.path.realpath(file.path), ""):
            raise OutputError(f"{file.name} would be both read and written to: choose another {option}")
