"""Keep values under keys in one file, so that a program that was killed resumes where it stopped."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from summarizer.errors import OutputError, reason_of
from summarizer.text.normalise import one_line

_APPLICATION = 0x52494E47
"""Marks the file as one with this table: "RING" in SQLite's field for the name of the application."""

_WAIT = 60.0


class DamagedStoreError(OutputError):
    """The file of a store is damaged, or something else."""

    advice = "name another file"


class LostStoreError(OutputError):
    """The file of a store was moved, deleted or replaced while it was open: what would be written would be lost."""

    advice = "put it back where it was, or start again"


class LockedStoreError(OutputError):
    """The file of a store, or its folder, may only be read."""

    advice = "make the file and its folder writable"


class BusyStoreError(OutputError):
    """Another program holds the file of a store, and didn't let go of it in time."""

    advice = "wait for the program that is using it, or close that"


class Store(AbstractContextManager["Store"]):
    """JSON values under text keys, in an SQLite file; what was put stays, even if the program is killed at once.

    Several processes may read the file; those that write wait for each other.
    """

    def __init__(self, path: Path | None, *, wait: float = _WAIT) -> None:
        """Open the file, or make it and the folders above it; None keeps the values in memory.

        Args:
            path: of the file.
            wait: seconds to wait for another process that is writing to it.

        Raises:
            OutputError: the file can't be opened, or made.
            DamagedStoreError: it is damaged, or something else.
        """
        self._path = path or Path(":memory:")
        with self._explained():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # What changes the table begins a transaction by itself, which a connection ends as a context.
            self._database = sqlite3.connect(self._path, timeout=wait, isolation_level="IMMEDIATE")
        try:
            with self._explained():
                self._prepare()
        except BaseException:
            self._database.close()
            raise

    def _prepare(self) -> None:
        """Make the table, unless it is there.

        Raises:
            DamagedStoreError: the file has other tables.
        """
        # EXTRA: a value is safe against a loss of power too once it was put.
        self._database.execute("PRAGMA synchronous = EXTRA")
        # Also what a value takes the place of is to be gone from the file.
        self._database.execute("PRAGMA secure_delete = ON")
        with self._database:
            self._database.execute("BEGIN IMMEDIATE")
            [[tables]] = self._database.execute("SELECT count(*) FROM sqlite_master")
            [[application]] = self._database.execute("PRAGMA application_id")
            if tables and application != _APPLICATION:
                raise DamagedStoreError(f"{one_line(str(self._path))} was not made by this version of Ringkas")
            if not tables:
                self._database.execute(f"PRAGMA application_id = {_APPLICATION}")
                self._database.execute("CREATE TABLE entries (key TEXT UNIQUE NOT NULL, value TEXT NOT NULL)")

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Close the file; the object can't be used any more."""
        self._database.close()

    def get(self, key: str) -> Any:
        """Return the value under a key, or None if there is none.

        Raises:
            OutputError: the file can't be read.
            DamagedStoreError: it is damaged.
        """
        with self._explained():
            row = self._database.execute("SELECT value FROM entries WHERE key = ?", (key,)).fetchone()
            if row is None:
                return None
            [value] = row
            return json.loads(value)

    def put(self, key: str, value: Any) -> None:
        """Keep a value, anything that JSON can spell, in place of the one that the key had.

        Raises:
            OutputError: the file can't be written; it is as it was.
            DamagedStoreError: it is damaged.
        """
        self.put_all([(key, value)])

    def put_all(self, pairs: Iterable[tuple[str, Any]]) -> None:
        """Keep several values under their keys, all of them or none; otherwise like `put`.

        Raises:
            OutputError: the file can't be written; it is as it was.
            DamagedStoreError: it is damaged.
        """
        with self._explained(), self._database:
            for key, value in pairs:
                self._database.execute("INSERT OR REPLACE INTO entries VALUES (?, ?)", (key, json.dumps(value)))

    def remove(self, *keys: str) -> None:
        """Forget values, so that the file doesn't hold them any more either; keys without one are passed over.

        Raises:
            OutputError: the file can't be written; it is as it was.
            DamagedStoreError: it is damaged.
        """
        with self._explained(), self._database:
            for key in keys:
                self._database.execute("DELETE FROM entries WHERE key = ?", (key,))

    def last_change(self) -> int:
        """Return a number that changes when another process has written to the file; what this one writes is not seen.

        Raises:
            OutputError: the file can't be read.
        """
        with self._explained():
            # https://www.sqlite.org/pragma.html#pragma_data_version
            [[version]] = self._database.execute("PRAGMA data_version")
        return int(version)

    def sorted_keys(self) -> list[str]:
        """Return all keys, in alphabetical order.

        Raises:
            OutputError: the file can't be read.
            DamagedStoreError: it is damaged.
        """
        with self._explained():
            return [key for (key,) in self._database.execute("SELECT key FROM entries ORDER BY key")]

    def items(self) -> Iterator[tuple[str, Any]]:
        """Yield keys and values one at a time, in the order in which they were put last.

        Raises:
            OutputError: the file can't be read.
            DamagedStoreError: it is damaged.
        """
        with self._explained():
            for key, value in self._database.execute("SELECT key, value FROM entries ORDER BY rowid"):
                yield key, json.loads(value)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what goes wrong with the file into one line.

        Raises:
            OutputError: in place of an error of the system or of SQLite.
            DamagedStoreError: in place of one that says that the file is damaged.
        """
        try:
            yield
        except (OSError, sqlite3.Error, ValueError) as error:
            what = f"cannot use {one_line(str(self._path))}"
            # By SQLite's name: its texts say the same of a file that is gone as of one that may only be read.
            name = getattr(error, "sqlite_errorname", "")
            if name == "SQLITE_READONLY_DBMOVED":
                raise LostStoreError(f"{what}: it was moved, deleted or replaced") from error
            if name.startswith("SQLITE_BUSY"):
                raise BusyStoreError(f"{what}: another program is writing to it") from error
            if name.startswith("SQLITE_READONLY"):
                raise LockedStoreError(f"{what}: it or its folder may only be read") from error
            # Its subclasses stand for a full disk, a lock and the like.
            is_damage = type(error) is sqlite3.DatabaseError or isinstance(error, json.JSONDecodeError)
            kind = DamagedStoreError if is_damage else OutputError
            raise kind(f"{what}: {one_line(reason_of(error))}") from error
