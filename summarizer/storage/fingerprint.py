"""Tell by one short text what something depends on: code, data, settings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from pathlib import Path
from typing import Any


def digest_values(value: Any) -> str:
    """Return the SHA-256 of what JSON can spell, in hexadecimal digits; the order of keys doesn't matter."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def digest_folder(folder: Path, *, without: Collection[str] = ()) -> str:
    """Return a digest of all files below a folder, by their paths and contents, but for hidden and compiled ones.

    Args:
        folder: where they are.
        without: paths of folders and files in it that are left out.
    """
    digests: dict[str, str] = {}
    for file in folder.rglob("*"):
        path = file.relative_to(folder)
        is_left_out = any(map(_is_hidden, path.parts)) or any(map(path.is_relative_to, without))
        if file.is_file() and not is_left_out:
            digests[path.as_posix()] = hashlib.sha256(file.read_bytes()).hexdigest()
    return digest_values(digests)


def _is_hidden(name: str) -> bool:
    """Tell whether a file or folder of this name is none of a program's own."""
    return name.startswith(".") or name == "__pycache__"
