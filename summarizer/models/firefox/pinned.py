"""What the catalogue says of a translation model of Firefox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class PinnedFile:
    """A file of a release: its name, and SHA-256 of it as it is and packed with gzip, or "" where we don't know it."""

    name: str
    sha256: str = ""
    packed_sha256: str = ""


@dataclass(frozen=True)
class PinnedModel:
    """A model and the release of it that our figures are of; see ``catalogue.toml`` for the fields."""

    languages: Sequence[str] = ("id", "en")
    architecture: str = ""
    path: str = ""
    files: Sequence[PinnedFile] = ()

    @property
    def digests(self) -> frozenset[str]:
        """SHA-256 of its files, of those that we know."""
        return frozenset(file.sha256 for file in self.files if file.sha256)
