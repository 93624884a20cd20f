"""A release of a model as the sources describe it, and what a source is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from summarizer.models.firefox.model_files import PATTERNS
from summarizer.models.firefox.pinned import PinnedModel

if TYPE_CHECKING:
    import httpx


class SourceError(Exception):
    """A source doesn't have a release, or not one that can be used: the reason, for the middle of a message."""


@dataclass(frozen=True)
class RemoteFile:
    """A file of a release.

    Attributes:
        name: what it is called once it is unpacked.
        address: where it is, packed.
        packing: how it is packed.
        packed_size: its size there in bytes; None if nobody says it.
        packed_sha256: SHA-256 of what is there, in hexadecimal digits; "" if nobody says it.
        sha256: the same of what comes out.
    """

    name: str
    address: str
    packing: Literal["gzip", "zstd"]
    packed_size: int | None = None
    packed_sha256: str = ""
    sha256: str = ""

    @property
    def kind(self) -> str:
        """Its kind in Mozilla's lists, a key of `PATTERNS`; "" if its name isn't that of a file of a model."""
        # A list must not name a place outside of the folder, nor what a file or a terminal can't be given.
        if Path(self.name).name != self.name or not self.name.isprintable():
            return ""
        for kind, pattern in PATTERNS.items():
            if fnmatchcase(self.name, pattern):
                return kind
        return ""


# Mozilla's words for the sizes of models, the smallest first: the larger translates better.
_ARCHITECTURES = ("tiny", "base-memory", "base")


def size_rank(architecture: str) -> int:
    """Return a number that is larger for a larger architecture; -1 for one that we don't know."""
    return _ARCHITECTURES.index(architecture) if architecture in _ARCHITECTURES else -1


@dataclass(frozen=True)
class Release:
    """The files of one model, of an architecture that Mozilla calls "tiny", "base-memory" or "base"."""

    architecture: str
    files: tuple[RemoteFile, ...]

    @property
    def is_whole(self) -> bool:
        """Whether there are weights and one or two vocabularies, and nothing else."""
        kinds = sorted(file.kind for file in self.files)
        return kinds in (["model", "vocab"], ["model", "srcvocab", "trgvocab"])

    @property
    def model_sha256(self) -> str:
        """SHA-256 of the weights once they are unpacked, which tells one release from another; "" if nobody says it."""
        for file in self.files:
            if file.kind == "model":
                return file.sha256
        return ""

    @property
    def label(self) -> str:
        """What people call it by: its architecture, and the first digits of `model_sha256`."""
        return f"{self.architecture} {self.model_sha256[:8]}"


class Source(Protocol):
    """Where releases come from."""

    address: str

    def find_pinned(self, model: PinnedModel, client: httpx.Client) -> Release:
        """Return the release that the catalogue pins.

        Raises:
            SourceError: the source doesn't have it.
            httpx.HTTPError: it can't be reached, or answers with an error.
        """

    def find_newest(self, languages: Sequence[str], client: httpx.Client) -> Release:
        """Return the newest release for a pair of languages that is meant for the desktop.

        Raises:
            SourceError: the source has none, or sends something else than a list.
            httpx.HTTPError: it can't be reached, or answers with an error.
        """


def pin(release: Release, model: PinnedModel) -> Release:
    """Return a release with the digests of the catalogue, which go before what a source says.

    The catalogue has those of files packed with gzip, as the bucket has them: Remote Settings packs in another way.

    Raises:
        SourceError: the catalogue doesn't know a file.
    """
    pinned = {file.name: file for file in model.files}
    files = []
    for file in release.files:
        known = pinned.get(file.name)
        if known is None:
            raise SourceError(f"has a file {file.name} that isn't in the catalogue")
        packed_sha256 = known.packed_sha256 if file.packing == "gzip" else file.packed_sha256
        files.append(replace(file, sha256=known.sha256 or file.sha256, packed_sha256=packed_sha256))
    return replace(release, files=tuple(files))
