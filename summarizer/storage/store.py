"""Keep values under keys in one file, so that a program that was killed resumes where it stopped."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from summarizer.errors import OutputError, reason_of
from summarizer.text.normalise import one_line

_APPLICATION = 0x52494E47
"""Marks the file as one of these: "RING" in SQLite's field for the name of the application."""

_VERSION = 1
"""Number of the form of the file; raised whenever the table changes."""

_WAIT = 60.0
"""Seconds to wait for another process that is writing to the file."""


class Store:
    """JSON values under text keys, in an SQLite file; what was put stays, even if the program is killed at once.

    Several processes may read the file; those that write wait for each other.

    Example:
        >>> with Store(Path("outputs.sqlite")) as store:
        ...     store.put("a", {"text": "Hujan turun."})
        ...     store.get("a")
        {'text': 'Hujan turun.'}
    """

    def __init__(self, path: Path | None) -> None:
        """Open the file; it is made if it isn't there, with the folders above it.

        Args:
            path: the file; None keeps the values in memory, as long as the object is open.

        Raises:
            OutputError: it can't be made or read, or it is something else.
        """
        self._path = path or Path(":memory:")
        with self._explained():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(self._path, timeout=_WAIT, isolation_level=None)
        try:
            with self._explained():
                self._prepare()
        except BaseException:
            self._database.close()
            raise

    def _prepare(self) -> None:
        # EXTRA: a value is safe against a loss of power too once it was put.
        self._database.execute("PRAGMA synchronous = EXTRA")
        # Also what a value takes the place of is to be gone from the file.
        self._database.execute("PRAGMA secure_delete = ON")
        with self._transaction():
            [[tables]] = self._database.execute("SELECT count(*) FROM sqlite_master")
            [[application]] = self._database.execute("PRAGMA application_id")
            [[version]] = self._database.execute("PRAGMA user_version")
            if tables and (application, version) != (_APPLICATION, _VERSION):
                raise OutputError(
                    f"{one_line(str(self._path))} was not made by this version of Ringkas", advice="name another file"
                )
            self._database.execute(f"PRAGMA application_id = {_APPLICATION}")
            self._database.execute(f"PRAGMA user_version = {_VERSION}")
            self._database.execute("CREATE TABLE IF NOT EXISTS entries (key TEXT UNIQUE NOT NULL, value TEXT NOT NULL)")

    def __enter__(self) -> Self:
        """Return the object itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Close the file; the object can't be used any more."""
        self._database.close()

    def get(self, key: str) -> Any:
        """Return the value under a key, or None if there is none.

        Raises:
            OutputError: the file can't be read or is damaged.
        """
        with self._explained():
            row = self._database.execute("SELECT value FROM entries WHERE key = ?", (key,)).fetchone()
            return json.loads(row[0]) if row else None

    def put(self, key: str, value: Any) -> None:
        """Keep a value, in place of the one that the key had.

        Args:
            key: any text.
            value: anything that JSON can spell.

        Raises:
            OutputError: the file can't be written; it is then as it was.
        """
        self.put_all({key: value})

    def put_all(self, values: Mapping[str, Any]) -> None:
        """Keep several values, all of them or none; otherwise like `put`."""
        rows = [(key, json.dumps(value)) for key, value in values.items()]
        with self._explained(), self._transaction():
            self._database.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?)", rows)

    def remove(self, *keys: str) -> None:
        """Forget values, so that the file doesn't hold them any more either; keys without one are passed over.

        Raises:
            OutputError: the file can't be written; it is then as it was.
        """
        with self._explained(), self._transaction():
            self._database.executemany("DELETE FROM entries WHERE key = ?", [(key,) for key in keys])

    def items(self) -> Iterator[tuple[str, Any]]:
        """Yield keys and values one at a time, in the order in which they were put last.

        Raises:
            OutputError: the file can't be read or is damaged.
        """
        with self._explained():
            for key, value in self._database.execute("SELECT key, value FROM entries ORDER BY rowid"):
                yield key, json.loads(value)

    def values(self) -> Iterator[Any]:
        """Yield the values as `items` does."""
        return (value for _, value in self.items())

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._database.execute("COMMIT")
        except BaseException:
            # What failed may have ended the transaction already.
            if self._database.in_transaction:
                self._database.rollback()
            raise

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what goes wrong with the file into one line."""
        try:
            yield
        except (OSError, sqlite3.Error, ValueError) as error:
            reason = reason_of(error)
            raise OutputError(f"cannot use {one_line(str(self._path))}: {one_line(reason)}") from error
