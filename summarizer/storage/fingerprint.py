"""Tell by one short text what something depends on: code, data, settings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator
from importlib.resources.abc import Traversable
from typing import Any


def digest_values(value: Any) -> str:
    """Return the SHA-256 of what JSON can spell, in hexadecimal digits; the order of keys doesn't matter."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def digest_folder(folder: Traversable, *, without: Collection[str] = ()) -> str:
    """Return a digest of all files below a folder, by their paths and contents.

    Hidden files, what Python has compiled, and the files and folders in ``without`` don't count.
    """
    return digest_values(sorted(_files(folder, "", without)))


def _files(folder: Traversable, above: str, without: Collection[str]) -> Iterator[tuple[str, str]]:
    for entry in folder.iterdir():
        path = above + entry.name
        if path in without or entry.name.startswith(".") or entry.name == "__pycache__":
            continue
        if entry.is_dir():
            yield from _files(entry, f"{path}/", without)
        else:
            yield path, hashlib.sha256(entry.read_bytes()).hexdigest()
