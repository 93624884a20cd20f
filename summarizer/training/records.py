"""Files of records that grow as they are written: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from summarizer.errors import InputError

Record = TypeVar("Record")


def read_records(path: Path, what: str, make: Callable[[Mapping[str, Any]], Record]) -> Iterator[Record]:
    """Yield the records of a file that `append_records` wrote.

    Args:
        path: the file.
        what: what it holds, for the message of an error.
        make: makes a record of its fields.

    Raises:
        InputError: the file is missing or damaged.
    """
    try:
        with path.open(encoding="utf-8") as stream:
            for row in map(json.loads, stream):
                yield make(row)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"cannot read the {what} in {path}: {error}") from error


def append_records(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Append records to a file, one a line.

    Raises:
        InputError: it can't be written.
    """
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    try:
        with path.open("a", encoding="utf-8") as stream:
            stream.writelines(lines)
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror or error}") from error
