"""A hub on this machine that speaks what huggingface_hub asks of it."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class FakeHub(ThreadingHTTPServer):
    """Serves files as ``org/model``; its attributes make it misbehave."""

    daemon_threads = True

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files = dict(files)
        self.status: int | None = None
        """Answer everything with this status."""
        self.error_code = ""
        self.break_after: int | None = None
        """Close the connection after so many bytes of a file, once."""
        self.corrupt = False
        """Send zeros instead of the weights."""
        self.requests: list[tuple[str, str, str]] = []
        """Method, path and Range header of each request."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def downloads(self, name: str) -> list[str]:
        """Return the Range headers of the downloads of a file."""
        return [span for method, path, span in self.requests if method == "GET" and path.endswith(f"/{name}")]


class _Handler(BaseHTTPRequestHandler):
    server: FakeHub
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, *, body: bool) -> None:
        hub, path = self.server, self.path.split("?")[0]
        hub.requests.append((self.command, path, self.headers.get("Range", "")))
        if hub.status is not None:
            return self._send(hub.status, b"{}", {"X-Error-Code": hub.error_code} if hub.error_code else {}, body)
        if re.fullmatch(r"/api/models/org/model(/revision/(main|0\w+))?", path):
            info = {"id": "org/model", "sha": COMMIT, "siblings": [{"rfilename": name} for name in hub.files]}
            return self._json(info, body)
        if path.startswith("/api/models/org/model/revision/"):
            return self._send(404, b"{}", {"X-Error-Code": "RevisionNotFound"}, body)
        if path.startswith("/api/models/org/model/tree/"):
            return self._json([_entry(name, content) for name, content in hub.files.items()], body)
        match = re.fullmatch(r"/org/model/resolve/\w+/([\w.-]+)", path)
        if match and match[1] in hub.files:
            return self._file(match[1], body)
        return self._send(404, b"{}", {"X-Error-Code": "RepoNotFound"}, body)

    def _file(self, name: str, body: bool) -> None:
        hub, content = self.server, self.server.files[name]
        headers = {"ETag": f'"{_entry(name, content)["etag"]}"', "X-Repo-Commit": COMMIT, "Accept-Ranges": "bytes"}
        if hub.corrupt and _is_large(name):
            content = bytes(len(content))
        start = int(self.headers["Range"].removeprefix("bytes=").split("-")[0]) if "Range" in self.headers else 0
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        part = content[start:]
        sent = None
        if body and _is_large(name) and hub.break_after is not None:
            sent, hub.break_after, self.close_connection = hub.break_after, None, True
        return self._send(206 if start else 200, part, headers, body, sent)

    def _json(self, value: object, body: bool) -> None:
        self._send(200, json.dumps(value).encode(), {"Content-Type": "application/json"}, body)

    def _send(self, status: int, content: bytes, headers: dict[str, str], body: bool, sent: int | None = None) -> None:
        self.send_response(status)
        for key, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(key, value)
        self.end_headers()
        if body:
            self.wfile.write(content[:sent])


def _is_large(name: str) -> bool:
    return name.endswith((".safetensors", ".bin", ".model", ".spm"))


def _entry(name: str, content: bytes) -> dict[str, object]:
    blob = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
    entry: dict[str, object] = {"type": "file", "path": name, "size": len(content), "oid": blob, "etag": blob}
    if _is_large(name):
        digest = hashlib.sha256(content).hexdigest()
        entry |= {"lfs": {"oid": digest, "size": len(content), "pointerSize": 130}, "etag": digest}
    return entry


@contextmanager
def serve(files: Mapping[str, bytes]) -> Iterator[FakeHub]:
    with FakeHub(files) as hub:
        thread = threading.Thread(target=hub.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield hub
        finally:
            hub.shutdown()
            thread.join()
