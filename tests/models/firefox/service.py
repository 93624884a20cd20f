"""A model service on this machine: Remote Settings' list of models, and the packed files."""

import hashlib
import json
import struct
import time
from itertools import product
from typing import Any

from tests.models.server import Server

LIST = "/v1/buckets/main/collections/translations-models-v2/records"
FILES = {
    "model": ("model.iden.intgemm.alphas.bin", b"weights" * 40_000),
    "vocab": ("vocab.iden.spm", b"pieces" * 100),
    "lex": ("lex.50.50.iden.s2t.bin", b"shortlist" * 100),
}


def pack(content: bytes) -> bytes:
    """Pack as zstandard does what it can't make smaller (RFC 8878): a header, and blocks as they are."""
    packed = struct.pack("<IBI", 0xFD2FB528, 0xA0, len(content))
    size = 1 << 17
    for start in range(0, max(1, len(content)), size):
        block = content[start : start + size]
        packed += struct.pack("<I", (start + size >= len(content)) | len(block) << 3)[:3] + block
    return packed


class Service(Server):
    """What the service has, and what is wrong with it."""

    def __init__(self) -> None:
        super().__init__()
        self.files = dict(FILES)
        self.versions: tuple[str, ...] = ("3.0",)
        self.status = 200
        self.list: bytes | None = None
        """What is sent in place of the list of models."""
        self.damaged = False
        self.delay = 0.0
        """Seconds until it answers."""
        self.unpacked_hash: str | None = ""

    def records(self) -> list[dict[str, Any]]:
        common = {"sourceLanguage": "id", "targetLanguage": "en", "architecture": "tiny"}
        found = []
        for version, (kind, (name, content)) in product(self.versions, self.files.items()):
            packed, unpacked = pack(content), hashlib.sha256(content).hexdigest()
            digest = unpacked if self.unpacked_hash == "" else self.unpacked_hash
            own = {"name": name, "fileType": kind, "version": version, "decompressedHash": digest}
            place = {"location": f"files/{version}/{kind}.zst", "size": len(packed)}
            found.append(common | own | {"attachment": place | {"hash": hashlib.sha256(packed).hexdigest()}})
        return found

    def answer(self, path: str) -> tuple[int, bytes, dict[str, str]]:
        time.sleep(self.delay)
        if path == "/v1/":
            return 200, json.dumps({"capabilities": {"attachments": {"base_url": f"{self.url}/cdn/"}}}).encode(), {}
        if path == LIST:
            return self.status, self.list or json.dumps({"data": self.records()}).encode(), {}
        content = pack(self.files[path.rsplit("/")[-1].removesuffix(".zst")][1])
        return 200, content[:-1] + bytes([content[-1] ^ self.damaged]), {}
