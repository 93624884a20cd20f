"""Put a release of a model into the cache: completely or not at all, from the first source that has it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from summarizer.errors import ModelError, telling
from summarizer.models.engine import WhichRelease
from summarizer.models.firefox.bucket import Bucket
from summarizer.models.firefox.download import explain, fetch_file, open_client
from summarizer.models.firefox.model import tells_of_damage
from summarizer.models.firefox.model_files import cache_folder, find_files, holds_pinned, require_engine
from summarizer.models.firefox.pinned import PinnedModel
from summarizer.models.firefox.release import Release, Source, SourceError
from summarizer.models.firefox.remote_settings import RemoteSettings
from summarizer.storage.cache import build_once, is_complete
from summarizer.text.normalise import one_line

if TYPE_CHECKING:
    import httpx

SOURCES = (
    "https://storage.googleapis.com/moz-fx-translations-data--303e-prod-translations-data",
    "https://firefox.settings.services.mozilla.com/v2",
    "https://firefox.settings.services.mozilla.com/v1",
)
"""Where models come from, one after the other. ``RINGKAS_FIREFOX_SOURCES`` has others in their place, with spaces
between them."""

_T = TypeVar("_T")


def fetch(model: PinnedModel, which: WhichRelease = "any") -> Path:
    """Return the folder of a model in the cache, with the release that is wanted, downloading it first if need be.

    What is in the cache stays if the download fails.

    Raises:
        ModelError: no source has it, the cache can't be written to, or fxtranslate is missing.
    """
    require_engine()
    folder = cache_folder(model)
    if which == "any":
        return build_once(folder, lambda scratch: _download(model, scratch, which))
    if which == "pinned" and is_complete(folder) and holds_pinned(model, folder):
        return folder
    # Beside the old one, which stays until the new one is there.
    fresh = folder.with_name(f"{folder.name}-fetched")
    with telling(f"{folder} can't be replaced", ModelError):
        shutil.rmtree(fresh, ignore_errors=True)
        build_once(fresh, lambda scratch: _download(model, scratch, which))
        if folder.exists():
            shutil.rmtree(folder)
        return fresh.rename(folder)


def find_newer(model: PinnedModel) -> str:
    """Return the label of the newest release if it isn't the one that the catalogue pins, else "".

    Raises:
        ModelError: no source can tell.
    """
    require_engine()
    pair = "-".join(model.languages)
    newest = _ask(
        lambda source, client: source.find_newest(model.languages, client),
        failing=f"nobody can say whether there is a newer release of the Firefox model {pair}",
        advice="try again later",
    )
    is_pinned = newest.model_sha256 in model.digests
    return "" if is_pinned else newest.label


def _download(model: PinnedModel, folder: Path, which: WhichRelease) -> None:
    """Put the files of a release into a folder.

    Raises:
        ModelError: no source has it, or it isn't whole.
    """

    def get(source: Source, client: httpx.Client) -> dict[str, bytes]:
        release = _find(source, client, model, which)
        # All of them before the first is written: what one source began must not be mixed with what another has.
        contents = {file.name: fetch_file(client, file) for file in release.files}
        if which == "newest":
            _require_readable(contents)
        return contents

    pair = "-".join(model.languages)
    contents = _ask(
        get,
        failing=f"the Firefox model {pair} can't be downloaded",
        advice="try again later, or get its files from elsewhere, put them into a folder, and name that with "
        "--translation-model",
    )
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    find_files(folder)


def _find(source: Source, client: httpx.Client, model: PinnedModel, which: WhichRelease) -> Release:
    if which == "newest":
        return source.find_newest(model.languages, client)
    return source.find_pinned(model, client)


def _require_readable(contents: dict[str, bytes]) -> None:
    """Make sure that the engine can read a model that nobody has tried with it.

    Args:
        contents: by name, the weights and one vocabulary, or that of the source and that of the target.

    Raises:
        SourceError: it can't.
    """
    from fxtranslate import Translator

    [weights] = [content for name, content in contents.items() if name.endswith(".bin")]
    # By name, so that that of the source ("srcvocab") comes before that of the target ("trgvocab").
    vocabularies = [content for name, content in sorted(contents.items()) if name.endswith(".spm")]
    try:
        Translator(weights, vocabularies[0], vocabularies[-1])
    except BaseException as error:
        if not tells_of_damage(error):
            raise
        raise SourceError("has a model that this version of fxtranslate can't read") from error


def _ask(question: Callable[[Source, httpx.Client], _T], *, failing: str, advice: str) -> _T:
    """Return the answer of the first source that has one.

    Args:
        question: asks one source.
        failing: what can't be done where none has an answer, for the beginning of the message.
        advice: what to do about that, for its end.

    Raises:
        ModelError: none has, or ``RINGKAS_FIREFOX_SOURCES`` names something else than addresses.
    """
    import httpx

    failures = []
    silent = set()
    with open_client() as client:
        addresses = os.environ.get("RINGKAS_FIREFOX_SOURCES", "").split() or SOURCES
        for address in addresses:
            source = _open(address)
            host = urlsplit(address).netloc
            # The same server needn't be waited for twice.
            if host in silent:
                continue
            try:
                return question(source, client)
            except (httpx.HTTPError, httpx.InvalidURL, SourceError) as error:
                failures.append(f"{host} {explain(error)}")
                if isinstance(error, httpx.TransportError):
                    silent.add(host)
    # Both versions of a service often fail alike.
    reasons = ", ".join(dict.fromkeys(failures))
    raise ModelError(f"{failing}: {reasons}; {advice}")


def _open(address: str) -> Source:
    """Return the source at an address: that of Remote Settings ends with its version.

    Raises:
        ModelError: it is no address.
    """
    try:
        parts = urlsplit(address)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_address = False
    if not is_address:
        raise ModelError(f"RINGKAS_FIREFOX_SOURCES has {one_line(address)!r}, which is no address (https://...)")
    is_service = address.rstrip("/").endswith(("/v1", "/v2"))
    return RemoteSettings(address) if is_service else Bucket(address)
