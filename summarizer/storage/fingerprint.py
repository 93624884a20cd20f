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
    """Return a digest of all files below a folder, by their paths and contents, but for hidden and compiled ones."""
    digests = {}
    for file in folder.rglob("*"):
        path = file.relative_to(folder)
        is_hidden = any(part.startswith(".") or part == "__pycache__" for part in path.parts)
        if file.is_file() and not is_hidden and not any(map(path.is_relative_to, without)):
            digests[path.as_posix()] = hashlib.sha256(file.read_bytes()).hexdigest()
    return digest_values(digests)
