"""Tell by one short text what something depends on: code, data, settings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator
from importlib.resources.abc import Traversable
from typing import Any

_KINDS = (".py", ".toml", ".txt")
"""Endings of the files of a package that its results depend on."""


def digest_values(value: Any) -> str:
    """Return the SHA-256 of plain values, in hexadecimal digits.

    Args:
        value: anything that JSON can spell; the order of keys doesn't matter.
    """
    text = json.dumps(value, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def digest_folder(folder: Traversable, *, without: Collection[str] = ()) -> str:
    """Return a digest of the code, tables and word lists in a folder and the folders below it.

    Args:
        folder: of a package, for instance.
        without: names of files and folders in it that don't count.

    Raises:
        ValueError: one of these isn't there: a list that has gone stale would leave out too little.
    """
    entries = {entry.name: entry for entry in folder.iterdir()}
    if missing := set(without) - entries.keys():
        raise ValueError(f"{folder} holds no {min(missing)}")
    return digest_values(sorted(pair for name in entries.keys() - without for pair in _files(entries[name], name)))


def _files(entry: Traversable, path: str) -> Iterator[tuple[str, str]]:
    """Yield paths and digests of the files that count in a file or folder."""
    if entry.is_dir():
        for below in entry.iterdir():
            yield from _files(below, f"{path}/{below.name}")
    elif path.endswith(_KINDS):
        yield path, hashlib.sha256(entry.read_bytes()).hexdigest()
