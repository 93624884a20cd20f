"""Mozilla's public bucket of models, and mirrors of it.

``db/models.json`` lists what everybody may use (https://github.com/mozilla/translations/issues/1315). It is written by
``PublicModelsJsonGenerator`` in ``db/updater.py`` of that repository: under ``models``, each pair of languages has at
most one model of an architecture, with the paths of its files, packed with gzip, and the SHA-256 of its weights.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from summarizer.models.firefox.download import get_json
from summarizer.models.firefox.pinned import PinnedModel
from summarizer.models.firefox.release import Release, RemoteFile, SourceError, pin, size_rank

if TYPE_CHECKING:
    import httpx

# What `ReleaseStatusCollector` in Mozilla's db/updater.py calls models that Firefox on a computer uses. Others are for
# Android or Nightly, or were never released.
_RELEASED = ("Release", "Release Desktop")
# Files of an entry that make up a model; "lexicalShortlist" isn't used.
_FILES = ("model", "vocab", "srcVocab", "trgVocab")


class Bucket:
    """The bucket at an address; a mirror has the same files under the same paths."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")

    def find_pinned(self, model: PinnedModel, client: httpx.Client) -> Release:  # noqa: ARG002 - no list is needed
        """Return the release that the catalogue pins, which says where it is: no list is asked for.

        Raises:
            SourceError: the catalogue doesn't know a file.
        """
        files = tuple(
            RemoteFile(file.name, f"{self.address}/{model.path}/{file.name}.gz", "gzip") for file in model.files
        )
        return pin(Release(model.architecture, files), model)

    def find_newest(self, languages: Sequence[str], client: httpx.Client) -> Release:
        """Return the newest release for a pair of languages: the list has no older ones. The largest of several.

        Raises:
            SourceError: there is none, or something else than a list.
            httpx.HTTPError: the bucket can't be reached, or answers with an error.
        """
        models = get_json(client, f"{self.address}/db/models.json").get("models")
        entries = models.get("-".join(languages)) if isinstance(models, Mapping) else None
        if not isinstance(entries, list):
            raise SourceError("has no released model")
        releases: list[Release] = []
        for entry in entries:
            release = self._read(entry)
            if release is not None:
                releases.append(release)
        if not releases:
            raise SourceError("has no released model")
        return max(releases, key=lambda release: size_rank(release.architecture))

    def _read(self, entry: Any) -> Release | None:
        """Read an entry of the list; None if it isn't released, or odd."""
        try:
            if entry["releaseStatus"] not in _RELEASED:
                return None
            listed = entry["files"]
            files = [self._read_file(listed[key]) for key in _FILES if key in listed]
            release = Release(str(entry["architecture"]), tuple(files))
        except (KeyError, TypeError, AttributeError):
            return None
        can_be_used = release.is_whole and release.model_sha256
        return release if can_be_used else None

    def _read_file(self, entry: Mapping[str, str]) -> RemoteFile:
        """Read what an entry says of a file; `KeyError` if it doesn't say where it is."""
        path = entry["path"]
        name = path.rpartition("/")[2].removesuffix(".gz")
        # Only the weights have a digest; the others have the sum that gzip keeps, and TLS.
        return RemoteFile(name, f"{self.address}/{path}", "gzip", sha256=str(entry.get("uncompressedHash", "")))
