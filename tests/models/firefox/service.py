"""Mozilla's servers on this machine: the public bucket, and Remote Settings in both versions.

Lists have the shape of the real ones. That of the bucket is the shape of ``db/models.json`` of 29 March 2026, that of
Remote Settings what ``git-reader/app.py`` in mozilla/remote-settings makes of its records, with all that was odd in
those of 1 September 2026: pre-releases, models for Android and Nightly, several architectures of one version with equal
names of files, deleted records, and some without what they need.

The model is tiny, with random weights, but real: the engine translates with it.
"""

import gzip
import hashlib
import json
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import zstandard

from summarizer.models.firefox.engine import FirefoxEngine
from summarizer.models.firefox.pinned import PinnedFile, PinnedModel
from tests.models.firefox.tiny_model import write_model
from tests.models.server import Server

NAME = "firefox-id-en"
MODEL = "model.iden.intgemm.alphas.bin"
VOCABULARY = "vocab.iden.spm"
SHORTLIST = "lex.50.50.iden.s2t.bin"
PATH = "models/id-en/spring-2024_Yl0wXq-iQE6G9PpA3AQfcg/exported"
NEWER_PATH = "models/id-en/autumn-2026_aaaaaaaaaaaaaaaaaaaaaa/exported"

ANDROID = "env.appinfo.OS == 'Android'"
NIGHTLY = "env.channel == 'default' || env.channel == 'nightly'"
UNKNOWN = "env.version|versionCompare('200.0') >= 0"

Files = dict[str, bytes]


@cache
def tiny_files(seed: int = 1) -> Files:
    """The files of a model; with another seed, of another one."""
    with TemporaryDirectory() as name:
        folder = Path(name) / "model"
        folder.mkdir()
        write_model(folder, Path(name), seed=seed)
        files = {file.name: file.read_bytes() for file in sorted(folder.iterdir())}
    return files | {SHORTLIST: b"shortlist" * 100}


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@cache
def packed_with_gzip(content: bytes) -> bytes:
    # The bucket's files have no time in them either.
    return gzip.compress(content, mtime=0)


@cache
def packed_with_zstd(content: bytes) -> bytes:
    return zstandard.compress(content)


def pinned() -> FirefoxEngine:
    """What the catalogue would say of the tiny model: as of the real one, SHA-256 of one file, and of both packed."""
    files = tiny_files()
    model = PinnedFile(MODEL, sha256(files[MODEL]), sha256(packed_with_gzip(files[MODEL])))
    vocabulary = PinnedFile(VOCABULARY, packed_sha256=sha256(packed_with_gzip(files[VOCABULARY])))
    return FirefoxEngine(PinnedModel(("id", "en"), architecture="tiny", path=PATH, files=(model, vocabulary)))


@dataclass(frozen=True)
class Model:
    """A model in both lists, as Mozilla trains, packs and publishes it."""

    files: Files = field(default_factory=tiny_files, repr=False)
    version: str = "3.0"
    architecture: str = "tiny"
    status: str | None = "Release"
    filter_expression: str = ""
    variant: str = ""
    path: str = PATH

    def entry(self) -> dict[str, Any]:
        """Its entry in the bucket's list."""
        keys = {MODEL: "model", VOCABULARY: "vocab", SHORTLIST: "lexicalShortlist"}
        files: dict[str, Any] = {keys[name]: {"path": f"{self.path}/{name}.gz"} for name in self.files}
        if MODEL in self.files:
            weights = self.files[MODEL]
            files["model"] |= {"uncompressedHash": sha256(weights), "uncompressedSize": len(weights)}
        return {
            "architecture": self.architecture,
            "files": files,
            "metrics": {"flores200-plus": {"bleu": 38.5717, "chrf": 65.526, "comet22": 0.8738}},
            "modelStatistics": {"decoderParameters": 1, "encoderParameters": 2, "parameters": 3},
            "releaseStatus": self.status,
            "sourceLanguage": "id",
            "targetLanguage": "en",
        }

    def records(self) -> list[dict[str, Any]]:
        """Its records in Remote Settings."""
        kinds = {MODEL: "model", VOCABULARY: "vocab", SHORTLIST: "lex"}
        records = []
        for name, content in self.files.items():
            packed = packed_with_zstd(content)
            place = f"main-workspace/translations-models-v2/{sha256(packed)[:32]}.zst"
            attachment = {
                "filename": f"{name}.zst",
                "hash": sha256(packed),
                "location": place,
                "mimetype": "application/zstd",
                "size": len(packed),
            }
            record = {
                "architecture": self.architecture,
                "attachment": attachment,
                "decompressedHash": sha256(content),
                "decompressedSize": len(content),
                "fileType": kinds[name],
                "filter_expression": self.filter_expression,
                "id": f"{self.version}-{self.architecture}-{self.filter_expression}-{name}",
                "last_modified": 1758911497143,
                "name": name,
                "schema": 1758911446598,
                "sourceLanguage": "id",
                "targetLanguage": "en",
                "version": self.version,
            }
            # Most records have no such key.
            records.append(record | ({"variant": self.variant} if self.variant else {}))
        return records


RELEASED = Model()
NEWER = Model(tiny_files(2), version="3.10", architecture="base-memory", path=NEWER_PATH)
_OTHER = tiny_files(3)
_INCOMPLETE = {name: content for name, content in _OTHER.items() if name != VOCABULARY}
UNUSABLE = (
    Model(_OTHER, version="4.0a1", architecture="base", status=None),
    Model(_OTHER, version="3.9", architecture="base", status="Release Android", filter_expression=ANDROID),
    Model(_OTHER, version="3.8", architecture="base", status="Nightly", filter_expression=NIGHTLY),
    Model(_OTHER, version="3.7", architecture="base", status=None, filter_expression=UNKNOWN),
    Model(_INCOMPLETE, version="3.6", architecture="base-memory"),
    Model(_OTHER, version="99.0", architecture="base", status=None),
)
"""Models that must not be chosen, although each has a higher version than the released one."""

_COMPLETE = RELEASED.records()[0]
ODD_RECORDS: tuple[Any, ...] = (
    # A deleted record.
    {"id": "6d5b0a3c-7f0e-4d0f-9a53-2f43d4a4c6ab", "deleted": True},
    *({key: value for key, value in _COMPLETE.items() if key != missing} for missing in ("version", "attachment")),
    *({key: value for key, value in _COMPLETE.items() if key != missing} for missing in ("name", "decompressedHash")),
    _COMPLETE | {"version": 3.5},
    *(_COMPLETE | {"version": "3.5", key: ["?"]} for key in ("architecture", "name", "fileType", "attachment")),
    *(_COMPLETE | {"version": "3.5", key: 5} for key in ("decompressedHash", "filter_expression", "variant")),
    _COMPLETE | {"version": "3.5", "decompressedHash": None},
    _COMPLETE | {"version": "3.5", "last_modified": float("inf")},
    _COMPLETE | {"version": "3.5", "name": "../model.iden.bin"},
    _COMPLETE | {"version": "3.5", "fileType": "qualityModel", "name": "qualityModel.iden.bin"},
    _COMPLETE | {"version": "3.5", "sourceLanguage": "ms"},
    None,
    [],
)
ODD_ENTRIES: tuple[Any, ...] = (
    {"architecture": "base", "releaseStatus": "Release", "files": {}},
    {"architecture": "base", "releaseStatus": "Release", "files": {"model": {"path": None}}},
    {"architecture": "base", "releaseStatus": "Release"},
    {"architecture": "base", "releaseStatus": ["Release"], "files": []},
    {"architecture": "base"},
    None,
)


class Service(Server):
    """What the servers have, and what is wrong with them."""

    FILES = ("/cdn/", "/bucket/models/")

    def __init__(self) -> None:
        super().__init__()
        self.models: tuple[Model, ...] = (RELEASED, *UNUSABLE)
        self.status: dict[str, int] = {}
        """The status of answers under a path; a redirection leads to nothing."""
        self.answers: dict[str, bytes] = {}
        """What is sent in place of what is at a path."""
        self.damaged = False
        """A byte of each file is another one."""
        self.short = False
        """A byte of each file is missing, and the server doesn't know."""
        self.is_transport = False
        """The bucket calls gzip a part of the transport."""

    @property
    def sources(self) -> str:
        return f"{self.url}/bucket {self.url}/v2 {self.url}/v1"

    def bucket_list(self) -> dict[str, Any]:
        entries = [*ODD_ENTRIES, *(model.entry() for model in self.models)]
        # Models are in the order of their architectures.
        models = {"ar-en": [RELEASED.entry()], "id-en": sorted(entries, key=_architecture)}
        return {"baseUrl": f"{self.url}/bucket", "generated": "2026-03-29T00:37:49Z", "models": models}

    def changeset(self) -> dict[str, Any]:
        changes = [*ODD_RECORDS, *(record for model in self.models for record in model.records())]
        metadata = {"bucket": "main", "id": "translations-models-v2", "signature": {"mode": "p384ecdsa"}}
        return {"timestamp": 1768425883856, "metadata": metadata, "changes": changes}

    def answer(self, path: str) -> tuple[int, bytes, dict[str, str]]:
        for start, status in self.status.items():
            if path.startswith(start):
                return status, b'{"code": 0}', {"Location": "/nothing"} if status in (301, 302) else {}
        headers = {"Content-Encoding": "gzip"} if self.is_transport and path.endswith(".gz") else {}
        content = self.answers.get(path) or self._files().get(path) or self._lists().get(path)
        if content is None:
            return 404, b"nothing is here", {}
        is_file = path.endswith((".gz", ".zst"))
        if is_file and self.damaged:
            content = content[:-1] + bytes([content[-1] ^ 1])
        if is_file and self.short:
            content = content[:-1]
        return 200, content, headers

    def _lists(self) -> dict[str, bytes]:
        root = {"project_name": "Remote Settings", "capabilities": {"attachments": {"base_url": f"{self.url}/cdn/"}}}
        collection = "/buckets/main/collections/translations-models-v2/changeset"
        pages: dict[str, Any] = {"/bucket/db/models.json": self.bucket_list()}
        for version in ("v1", "v2"):
            pages |= {f"/{version}/": root, f"/{version}{collection}": self.changeset()}
        return {path: json.dumps(page).encode() for path, page in pages.items()}

    def _files(self) -> Files:
        files = {}
        for model in self.models:
            for name, content in model.files.items():
                files[f"/bucket/{model.path}/{name}.gz"] = packed_with_gzip(content)
            for record in model.records():
                packed = packed_with_zstd(model.files[record["name"]])
                files[f"/cdn/{record['attachment']['location']}"] = packed
        return files


def _architecture(entry: Any) -> str:
    return str(entry.get("architecture", "")) if isinstance(entry, dict) else ""


def with_files(model: Model, **files: bytes) -> Model:
    """A model with other files."""
    return replace(model, files=model.files | files)
