"""Results and what readers did with them, kept in one file or, if nothing is to stay, in memory."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from operator import itemgetter
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from summarizer.errors import OutputError, reason_of
from summarizer.output.forms import count_doubts
from summarizer.storage.store import Store
from summarizer.web.requests import ListedEntry

Entry = dict[str, Any]
"""A result as `Result.to_record` gives it, with what the page needs: see ``Entry`` in the OpenAPI document."""

_LISTED: TypeAdapter[ListedEntry] = TypeAdapter(ListedEntry)
_log = logging.getLogger("summarizer")


class History:
    """Entries by id."""

    def __init__(self, path: Path | None) -> None:
        """Open the file, for its owner's eyes only, or make it; None keeps nothing beyond this process.

        Raises:
            OutputError: the file can't be used.
        """
        if path is not None:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch(mode=0o600)
            except OSError as error:
                raise OutputError(f"cannot use {path}: {reason_of(error)}", advice="name another file") from error
        self._store = Store(path)
        self._listed: dict[str, ListedEntry] = {}
        try:
            for key, entry in self._store.items():
                try:
                    self._listed[key] = _listed(entry)
                except (ValidationError, KeyError, TypeError, AttributeError):
                    _log.warning("an entry of the history is damaged and left out")
        except OutputError as error:
            self._store.close()
            if isinstance(error.__cause__, ValueError):
                raise OutputError(f"cannot use {path}: it is damaged", advice="name another file") from error
            raise

    def close(self) -> None:
        """Close the file."""
        self._store.close()

    def add(self, record: Mapping[str, Any]) -> Entry:
        """Keep a new result and return its entry."""
        entry = {"id": secrets.token_urlsafe(9), "created": now(), "edited": None, "reviewed": False} | dict(record)
        self.put(entry)
        return entry

    def put(self, entry: Entry) -> None:
        """Keep an entry in place of the one with its id."""
        self._store.put(entry["id"], entry)
        self._listed[entry["id"]] = _listed(entry)

    def get(self, name: str) -> Entry | None:
        """Return an entry, or None where there is none."""
        entry: Entry | None = self._store.get(name) if name in self._listed else None
        return entry

    def listed(self) -> list[ListedEntry]:
        """Return what a list shows of each entry, the newest first."""
        return sorted(self._listed.values(), key=itemgetter("created"), reverse=True)

    def remove(self, *names: str) -> None:
        """Forget entries, for good."""
        self._store.remove(*names)
        for name in names:
            self._listed.pop(name, None)


def now() -> str:
    """Return the time of day and date in ISO 8601, in UTC."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _listed(entry: Entry) -> ListedEntry:
    fields = {name: entry.get(name) for name in ListedEntry.__annotations__} | {"doubts": count_doubts(entry)}
    return _LISTED.validate_python(fields)
