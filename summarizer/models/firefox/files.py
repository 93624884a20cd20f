"""The files of a Firefox translation model: found in a folder, or fetched from where Firefox itself gets them."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.errors import ModelError
from summarizer.models.hub import download
from summarizer.storage.cache import build_once, cache_dir, is_complete
from summarizer.text.normalise import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATTERNS = {
    "model": re.compile(r"model\.[\w.-]+\.bin"),
    "lex": re.compile(r"lex\.[\w.-]+\.bin"),
    "vocab": re.compile(r"vocab\.[\w.-]+\.spm"),
    "srcvocab": re.compile(r"srcvocab\.[\w.-]+\.spm"),
    "trgvocab": re.compile(r"trgvocab\.[\w.-]+\.spm"),
}
"""Names of the files, by their kind in Remote Settings."""

_TIMEOUT = 30.0
"""Seconds to wait for an answer of the service."""


@dataclass(frozen=True)
class ModelFiles:
    """The files of a model.

    Attributes:
        model: Marian's binary model, its weights in 8 bits.
        source_vocabulary: sentencepiece model of the source language.
        target_vocabulary: that of the target language; often the same.
        shortlist: which target words a source word may become; None where the model does without.
    """

    model: Path
    source_vocabulary: Path
    target_vocabulary: Path
    shortlist: Path | None

    def fingerprint(self) -> str:
        """Return sixteen hexadecimal digits that change with the content of any file."""
        digest = hashlib.sha256()
        for file in (self.model, self.source_vocabulary, self.target_vocabulary, self.shortlist):
            digest.update(file.read_bytes() if file else b"")
        return digest.hexdigest()[:16]


def find_files(folder: Path) -> ModelFiles | None:
    """Return the files of the model in a folder, or None if it holds none, or several."""
    found: dict[str, list[Path]] = {
        kind: [file for file in sorted(folder.glob("*")) if pattern.fullmatch(file.name)]
        for kind, pattern in _PATTERNS.items()
    }
    source, target = (found[kind] or found["vocab"] for kind in ("srcvocab", "trgvocab"))
    if not len(found["model"]) == len(source) == len(target) == 1 or len(found["lex"]) > 1:
        return None
    return ModelFiles(found["model"][0], source[0], target[0], next(iter(found["lex"]), None))


def require_files(folder: Path) -> ModelFiles:
    """Return the files of the model in a folder.

    Raises:
        ModelError: it holds none, or several.
    """
    files = find_files(folder)
    if files is None:
        raise ModelError(
            f"the model in {folder} is incomplete: it needs one model.*.bin and one vocab.*.spm, and may have one "
            "lex.*.bin"
        )
    return files


def cache_folder(source: str, target: str) -> Path:
    """Return the folder of a language pair's model in Ringkas' cache, whether it exists or not."""
    return cache_dir() / f"firefox-{source}-{target}"


def find_fetched(source: str, target: str) -> Path | None:
    """Return the folder of a language pair's model if it was fetched."""
    folder = cache_folder(source, target)
    return folder if is_complete(folder) else None


def require_engine() -> None:
    """Raise `ModelError` unless fxtranslate is installed."""
    if importlib.util.find_spec("fxtranslate") is None:
        raise ModelError("Firefox's translator is not installed: run 'pip install fxtranslate'")


def fetch(source: str, target: str) -> Path:
    """Return the folder of a language pair's model, downloading it first if need be: completely or not at all.

    The list of models comes from Firefox's Remote Settings service, over TLS; it names the SHA-256 of each file, packed
    and unpacked, and both are checked. ``FXTRANSLATE_RECORDS_URL`` names another list, such as that of your own server.

    Args:
        source: code of the source language.
        target: code of the target language.

    Raises:
        ModelError: fxtranslate isn't installed, the service can't be reached or has no such model, a file arrives
            damaged, or the cache can't be written.
    """
    require_engine()

    def build(folder: Path) -> None:
        from fxtranslate import discovery

        name = f"the Firefox model {source}-{target}"
        records = discovery.records_url()
        with _explained(name):
            chosen = _choose(_get_json(records).get("data", []), source, target)
            root = records.partition("/buckets/")[0]
            base = _get_json(f"{root}/")["capabilities"]["attachments"]["base_url"]
        for record in chosen:
            with _explained(name):
                packed = _download(f"{base.rstrip('/')}/{record['attachment']['location']}", record, folder)
            try:
                content = discovery.verify_and_decompress(packed, record["decompressedHash"])
            except ValueError as error:
                raise ModelError(f"{name} arrived damaged: try again later ({one_line(str(error))})") from error
            (folder / record["name"]).write_bytes(content)
        if find_files(folder) is None:
            raise ModelError(f"{name} is incomplete in the list of models: try again later")

    return build_once(cache_folder(source, target), build)


def _choose(records: list[dict[str, Any]], source: str, target: str) -> list[dict[str, Any]]:
    """Choose the files of the newest model that the engine can read."""
    from fxtranslate import discovery

    pair = [record for record in records if (record["sourceLanguage"], record["targetLanguage"]) == (source, target)]
    versions = sorted({record["version"] for record in pair}, key=_number, reverse=True)
    for version in versions:
        files = [record for record in pair if record["version"] == version and record["fileType"] in _PATTERNS]
        if (source, target) in discovery.model_pairs(json.dumps({"data": files})):
            unsafe = [file["name"] for file in files if not _PATTERNS[file["fileType"]].fullmatch(file["name"])]
            if unsafe or not all(file.get("decompressedHash") for file in files):
                raise ModelError(f"the list of models names files of {source}-{target} that can't be checked")
            return files
    raise ModelError(f"Firefox has no model {source}-{target} that this version of fxtranslate can read")


def _number(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]


def _get_json(url: str) -> dict[str, Any]:
    from huggingface_hub import get_session

    response = get_session().get(url, timeout=_TIMEOUT, follow_redirects=True)
    response.raise_for_status()
    table: dict[str, Any] = response.json()
    return table


def _download(url: str, record: dict[str, Any], folder: Path) -> bytes:
    """Download a packed file, with a progress bar, and check its digest."""
    packed = folder / f"{record['name']}.zst"
    with packed.open("wb") as file:
        download(url, file, expected_size=record["attachment"]["size"], displayed_filename=record["name"])
    content = packed.read_bytes()
    packed.unlink()
    if hashlib.sha256(content).hexdigest() != record["attachment"]["hash"]:
        raise ModelError(f"{record['name']} arrived damaged: try again later")
    return content


@contextmanager
def _explained(name: str) -> Iterator[None]:
    """Turn what goes wrong with the network into one line."""
    try:
        yield
    except ModelError:
        raise
    except (KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{name} can't be downloaded: the list of models is not in the expected format") from error
    except Exception as error:  # httpx's errors, whose package depends on the hub's version
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the disk's errors are said by `build_once`
        status = getattr(getattr(error, "response", None), "status_code", None)
        reason = f"the service answers {status}" if status else one_line(str(error) or repr(error))[:200]
        raise ModelError(f"{name} can't be downloaded: {reason}; try again later") from error


def looks_like_model(names: Iterable[str]) -> bool:
    """Tell from the names of a folder's files whether it is meant to be a Firefox model."""
    return any(_PATTERNS["model"].fullmatch(name) for name in names)
