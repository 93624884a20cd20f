"""Remote Settings, the service that Firefox itself asks.

Its makers would rather have no clients but their own (https://remote-settings.readthedocs.io, "Client Specifications"),
so it is asked only where the bucket fails. Version 2 serves nothing but changesets, and version 1 is to go (ADR 008 in
mozilla/remote-settings); both serve the same.

Which record is chosen follows ``TranslationsParent.sys.mjs`` of Firefox, but for versions: Firefox also takes
pre-releases.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from summarizer.models.firefox.download import get_json
from summarizer.models.firefox.pinned import PinnedModel
from summarizer.models.firefox.release import Release, RemoteFile, SourceError, pin, size_rank

if TYPE_CHECKING:
    import httpx

# ``_expected`` is mandatory; 0 takes what the cache has.
_CHANGESET = "buckets/main/collections/translations-models-v2/changeset?_expected=0"
# The filters that hold for a release of Firefox on a computer. The others that occur are for Android or for Nightly
# (the table FILTER_EXPRESSION_TO_STATUS in db/updater.py of mozilla/translations); what is unknown may be anything.
_FOR_US = ("", "env.appinfo.OS != 'Android'")
# A pre-release has letters, as in "3.0a1".
_RELEASED = re.compile(r"\d+(\.\d+)*", re.ASCII)


@dataclass(frozen=True)
class _Record:
    """What is used of a record: a file of a model."""

    version: tuple[int, ...]
    architecture: str
    variant: str
    last_modified: int
    file: RemoteFile
    raw: Mapping[str, Any]


class RemoteSettings:
    """The service at an address that ends with its version, such as ``https://host/v2``."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")

    def find_pinned(self, model: PinnedModel, client: httpx.Client) -> Release:
        """Return the release that the catalogue pins.

        Raises:
            SourceError: the list doesn't have it any more, or can't be read.
            httpx.HTTPError: the service can't be reached, or answers with an error.
        """
        for release in self._list_releases(model.languages, client):
            if release.model_sha256 in model.digests:
                return pin(release, model)
        raise SourceError("has only other releases of it now")

    def find_newest(self, languages: Sequence[str], client: httpx.Client) -> Release:
        """Return the newest release for a pair of languages that the engine can read.

        Raises:
            SourceError: there is none, or the list can't be read.
            httpx.HTTPError: the service can't be reached, or answers with an error.
        """
        releases = self._list_releases(languages, client)
        if not releases:
            raise SourceError("has no released model that this version of fxtranslate can read")
        return releases[0]

    def _list_releases(self, languages: Sequence[str], client: httpx.Client) -> list[Release]:
        """Return the whole releases for a pair of languages that the engine can read, the newest first.

        Raises:
            SourceError: the list can't be read.
            httpx.HTTPError: the service can't be reached, or answers with an error.
        """
        changes = get_json(client, f"{self.address}/{_CHANGESET}").get("changes")
        if not isinstance(changes, list):
            raise SourceError("sends a list that can't be read")
        base = self._attachments(client)
        records: list[_Record] = []
        for change in changes:
            record = _read(change, languages, base)
            if record is not None:
                records.append(record)
        records_of_releases = _group_by_release(records)
        releases: list[Release] = []
        for key in sorted(records_of_releases, key=_rank, reverse=True):
            records_of_release = records_of_releases[key]
            files = tuple(record.file for record in records_of_release)
            release = Release(key.architecture, files)
            if release.is_whole and _is_readable(records_of_release, languages):
                releases.append(release)
        return releases

    def _attachments(self, client: httpx.Client) -> str:
        """Return where files are, which the service says at its root.

        Raises:
            SourceError: it doesn't say it.
            httpx.HTTPError: it can't be reached, or answers with an error.
        """
        try:
            base: str = get_json(client, f"{self.address}/")["capabilities"]["attachments"]["base_url"]
            return base.rstrip("/")
        except (KeyError, TypeError, AttributeError) as error:
            raise SourceError("doesn't say where its files are") from error


class _ReleaseKey(NamedTuple):
    """What the records of one release have in common."""

    version: tuple[int, ...]
    architecture: str
    variant: str


def _group_by_release(records: Iterable[_Record]) -> dict[_ReleaseKey, list[_Record]]:
    """Return the records of each release: of each kind of file, the one that was modified last."""
    newest: dict[_ReleaseKey, dict[str, _Record]] = defaultdict(dict)
    for record in records:
        key = _ReleaseKey(record.version, record.architecture, record.variant)
        kind = record.file.kind
        known = newest[key].get(kind)
        if known is None or known.last_modified < record.last_modified:
            newest[key][kind] = record
    return {key: list(records_by_kind.values()) for key, records_by_kind in newest.items()}


def _rank(key: _ReleaseKey) -> tuple[tuple[int, ...], bool, int]:
    """Return what puts releases in order; the first has the highest rank.

    Of one version, a model without a variant goes first, as variants are experiments; then the largest.
    """
    has_no_variant = key.variant == ""
    return key.version, has_no_variant, size_rank(key.architecture)


def _read(change: Any, languages: Sequence[str], base: str) -> _Record | None:
    """Read one change; None for what isn't for us: another pair, another program, a pre-release, a deleted record.

    A record without what it needs is none either.
    """
    try:
        if [change["sourceLanguage"], change["targetLanguage"]] != list(languages):
            return None
        if change.get("filter_expression", "") not in _FOR_US:
            return None
        if not _RELEASED.fullmatch(change["version"]):
            return None
        attachment = change["attachment"]
        file = RemoteFile(
            name=change["name"],
            address=f"{base}/{attachment['location'].lstrip('/')}",
            packing="zstd",
            packed_size=attachment["size"],
            packed_sha256=attachment["hash"],
            sha256=change["decompressedHash"] or "",
        )
        if file.kind != change["fileType"]:
            return None
        record = _Record(
            version=tuple(map(int, change["version"].split("."))),
            architecture=str(change["architecture"]),
            variant=str(change.get("variant") or ""),
            last_modified=int(change.get("last_modified", 0)),
            file=file,
            raw=change,
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        # JSON of Python's knows infinity, which is no whole number.
        return None
    can_be_checked = bool(file.sha256 and file.packed_sha256)
    return record if can_be_checked else None


def _is_readable(records: Iterable[_Record], languages: Sequence[str]) -> bool:
    """Tell whether the installed engine can read a model of these records, as its own download decides it."""
    from fxtranslate import discovery

    body = json.dumps({"data": [record.raw for record in records]})
    try:
        return tuple(languages) in discovery.model_pairs(body)
    except ValueError:
        return False
