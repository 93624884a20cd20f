"""Results and what readers did with them, kept in one file or, if nothing is to stay, in memory."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from operator import itemgetter
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from summarizer.errors import OutputError
from summarizer.output.doubts import page_warnings
from summarizer.storage.fingerprint import digest_values
from summarizer.storage.store import DamagedStoreError, Store
from summarizer.web.answers import ListedEntry
from summarizer.web.editing import english_title, now, renew
from summarizer.web.presenting import Entry
from summarizer.web.stored import is_entry

_LISTED: TypeAdapter[ListedEntry] = TypeAdapter(ListedEntry)
_TEXTS = ("title", "title_translation", "source", "site", "abstract", "translation")
# Seconds to wait for another program that is writing to the file: no other request is answered meanwhile.
_PATIENCE = 5.0
_log = logging.getLogger("summarizer")


class DamagedEntryError(OutputError):
    """What the history has under an id is no entry."""

    advice = "delete it, and add its page again"


class History(Store):
    """Entries by id, and what a list shows of each."""

    def __init__(self, path: Path | None) -> None:
        """Open the file, for its owner's eyes only, or make it; None keeps nothing beyond this process.

        Raises:
            OutputError: the file can't be used.
        """
        if path is not None:
            # What is wrong with it, the store says.
            with suppress(OSError):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch(mode=0o600)
        super().__init__(path, wait=_PATIENCE)
        self._known: dict[str, tuple[ListedEntry, str]] = {}
        # The page of each entry, as `_page_of` tells it.
        self._pages: dict[str, str] = {}
        self._damaged: set[str] = set()
        self._seen = -1
        try:
            self._catch_up()
        except DamagedStoreError as error:
            self.close()
            raise DamagedStoreError(f"cannot use {path}: it is damaged") from error

    def _catch_up(self) -> None:
        """Note all entries anew if another server has changed the file.

        Raises:
            OutputError: the file can't be read.
        """
        seen = self.last_change()
        if seen == self._seen:
            return
        self._known.clear()
        self._pages.clear()
        damaged: set[str] = set()
        for key, entry in self.items():
            if is_entry(key, entry):
                self._note(key, entry)
            else:
                damaged.add(key)
        for _ in damaged - self._damaged:
            _log.warning("an entry of the history is damaged and left out")
        self._damaged = damaged
        # At last: what was read in part is read again.
        self._seen = seen

    def get(self, key: str) -> Entry | None:
        """Return the entry with an id, or None if there is none.

        Raises:
            OutputError: the file can't be read.
            DamagedEntryError: what is there is no entry.
        """
        entry: Entry | None = super().get(key)
        if entry is None:
            return None
        if not is_entry(key, entry):
            raise DamagedEntryError("the result is damaged")
        # Histories of before there were versions have none.
        numbered: Entry = {"version": 0} | entry
        return numbered

    def add(self, record: Mapping[str, Any]) -> Entry:
        """Keep a new result and return its entry; a page that is there already keeps its entry, and a reader's work."""
        self._catch_up()
        page = _page_of(record)
        for key, known_page in self._pages.items():
            if known_page == page:
                return self.renew(key, record)
        entry = {"id": secrets.token_urlsafe(9), "created": now(), "edited": None, "reviewed": False} | dict(record)
        return self.keep(entry)

    def renew(self, key: str, record: Mapping[str, Any], *, replace: bool = False) -> Entry:
        """Keep what was made anew of a page in its entry, as `summarizer.web.editing.renew` does, and return that."""
        before = self.get(key)
        if before is None:
            raise KeyError(key)
        return self.keep(renew(before, dict(record), replace=replace))

    def keep(self, entry: Entry) -> Entry:
        """Keep an entry as the next version of the one with its id, and return it with the number of that version."""
        before = self.get(entry["id"])
        version = before["version"] if before else 0
        numbered = entry | {"version": version + 1}
        self.put(entry["id"], numbered)
        return numbered

    def put(self, key: str, value: Entry) -> None:
        """Keep an entry in place of the one with its id."""
        super().put(key, value)
        self._note(key, value)

    def listed(self) -> list[ListedEntry]:
        """Return what a list shows of each entry, the newest first."""
        self._catch_up()
        listed = [shown for shown, _ in self._known.values()]
        return sorted(listed, key=itemgetter("created"), reverse=True)

    def entries(self) -> Iterator[Entry]:
        """Yield the entries, the newest first."""
        for listed in self.listed():
            entry = self.get(listed["id"])
            # Another server may have deleted it meanwhile.
            if entry is not None:
                yield entry

    def find(self, words: str) -> set[str]:
        """Return the ids of the entries that have all these words, in either language."""
        self._catch_up()
        wanted = words.casefold().split()
        return {key for key, (_, text) in self._known.items() if _has_all(text, wanted)}

    def remove(self, *keys: str) -> None:
        """Forget entries, for good."""
        super().remove(*keys)
        for key in keys:
            self._known.pop(key, None)
            self._pages.pop(key, None)
            self._damaged.discard(key)

    def _note(self, key: str, entry: Entry) -> None:
        texts = [*map(entry.get, _TEXTS), *entry["paragraphs"], *(entry.get("article_translation") or ())]
        text = "\n".join(filter(None, texts)).casefold()
        fields = {name: entry.get(name) for name in ListedEntry.__annotations__}
        fields["title_translation"] = english_title(entry)
        fields["doubts"] = entry.get("doubts", 0)
        fields["warnings"] = page_warnings(entry)
        self._known[key] = _LISTED.validate_python(fields), text
        self._pages[key] = _page_of(entry)


def _has_all(text: str, words: Iterable[str]) -> bool:
    return all(word in text for word in words)


def _page_of(record: Mapping[str, Any]) -> str:
    """Return what stands for the text of a page, and for what is done with it: summarising, or only translating."""
    return digest_values([record["title"], list(record["paragraphs"]), record["abstract"] is None])
