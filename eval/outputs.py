"""Keep what models have written, so that a run that was killed goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.data import Benchmark, Item, Output
from summarizer import InputError

_VERSION = 1
"""Number of the form of the file; raised whenever the tables change."""

_TABLES = f"""
PRAGMA user_version = {_VERSION};
CREATE TABLE IF NOT EXISTS outputs (
    key TEXT PRIMARY KEY, text TEXT NOT NULL, tokens INTEGER, warnings TEXT NOT NULL, repairs TEXT NOT NULL,
    seconds REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS sessions (settings TEXT NOT NULL, warm_up REAL, peak_mb REAL);
"""


@dataclass(frozen=True)
class Kept:
    """An output, and the time it took in seconds: its share of the batch that it was written in."""

    output: Output
    seconds: float


@dataclass(frozen=True)
class Session:
    """A process that wrote outputs: seconds of its warm-up, and the most memory that it held; None if unknown."""

    warm_up: float | None
    peak_mb: float | None


class OutputStore:
    """A file of outputs by key; what `put` returned from is there whatever happens next."""

    def __init__(self, path: Path) -> None:
        """Open the file; it is made if it isn't there.

        Raises:
            InputError: it can't be made or is something else.
        """
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._open()) as database:
                [[tables]] = database.execute("SELECT count(*) FROM sqlite_master")
                [[version]] = database.execute("PRAGMA user_version")
                if tables and version != _VERSION:
                    raise InputError(f"{path} is of another version of this program: name another file with --store")
                database.executescript(_TABLES)
        except (OSError, sqlite3.Error) as error:
            raise InputError(f"cannot use {path} to keep outputs in: {error}") from error

    def get(self, keys: Iterable[str]) -> dict[str, Kept]:
        """Return those of the outputs that are there."""
        found: dict[str, Kept] = {}
        with closing(self._open()) as database:
            for key in keys:
                row = database.execute("SELECT * FROM outputs WHERE key = ?", (key,))
                for _, text, count, warnings, repairs, seconds in row:
                    output = Output(text, count, tuple(json.loads(warnings)), tuple(json.loads(repairs)))
                    found[key] = Kept(output, seconds)
        return found

    def put(self, keys: Sequence[str], outputs: Sequence[Output], seconds: float) -> None:
        """Keep the outputs of a batch, all or none.

        Args:
            keys: of the outputs.
            outputs: as many.
            seconds: that the batch took.
        """
        share = seconds / len(keys)
        rows = [
            (key, output.text, output.tokens, json.dumps(output.warnings), json.dumps(output.repairs), share)
            for key, output in zip(keys, outputs, strict=True)
        ]
        with closing(self._open()) as database, database:
            database.executemany("INSERT OR REPLACE INTO outputs VALUES (?, ?, ?, ?, ?, ?)", rows)

    def put_session(self, settings: str, session: Session) -> None:
        """Keep a session's figures under a digest of task and settings."""
        with closing(self._open()) as database, database:
            database.execute("INSERT INTO sessions VALUES (?, ?, ?)", (settings, session.warm_up, session.peak_mb))

    def session(self, settings: str) -> Session | None:
        """Return the last session's warm-up and the highest peak of all sessions."""
        with closing(self._open()) as database:
            rows = database.execute("SELECT warm_up, peak_mb FROM sessions WHERE settings = ?", (settings,)).fetchall()
        if not rows:
            return None
        return Session(rows[-1][0], max((peak for _, peak in rows if peak is not None), default=None))

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=60)


def digest(benchmark: Benchmark, settings: dict[str, Any], item: Item | None = None) -> str:
    """Return the key of a system's output for an item; without an item, that of the system itself."""
    source = [item.title, item.paragraphs] if item else None
    text = json.dumps([benchmark, settings, source], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
