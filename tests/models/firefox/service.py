"""A model service on this machine: Remote Settings' list of models, and the packed files."""

from __future__ import annotations

import hashlib
import json
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from typing import Any

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


@dataclass
class Service:
    """What the service has, and what is wrong with it."""

    url: str = ""
    files: dict[str, tuple[str, bytes]] = field(default_factory=lambda: dict(FILES))
    versions: tuple[str, ...] = ("3.0",)
    status: int = 200
    answer: bytes | None = None
    """What is sent in place of the list of models."""
    broken: bool = False
    damaged: bool = False
    delay: float = 0
    """Seconds until it answers."""
    unpacked_hash: str | None = ""
    requests: list[str] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        return {"FXTRANSLATE_RECORDS_URL": self.url + LIST}

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


class _Handler(BaseHTTPRequestHandler):
    service: Service

    def do_GET(self) -> None:
        service = self.service
        service.requests.append(self.path)
        if service.delay:
            time.sleep(service.delay)
        if self.path == "/v1/":
            self._send(json.dumps({"capabilities": {"attachments": {"base_url": f"{service.url}/cdn/"}}}).encode())
        elif self.path == LIST:
            records = json.dumps({"data": service.records()}).encode()
            self._send(records if service.answer is None else service.answer, service.status)
        else:
            content = pack(service.files[self.path.rsplit("/")[-1].removesuffix(".zst")][1])
            if service.damaged:
                content = content[:-1] + bytes([content[-1] ^ 1])
            self._send(content)

    def _send(self, content: bytes, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.service.broken and self.path.startswith("/cdn/"):
            content = content[: len(content) // 2]
            self.close_connection = True
        self.wfile.write(content)

    def log_message(self, *arguments: Any) -> None:
        pass


@contextmanager
def serve() -> Iterator[Service]:
    service = Service()
    handler = type("Handler", (_Handler,), {"service": service})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.block_on_close = False
        service.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield service
        server.shutdown()
