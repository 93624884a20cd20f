"""A hub on this machine that speaks what huggingface_hub asks of it."""

import hashlib
import json
import re
from collections.abc import Mapping

from tests.models.server import Server

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class FakeHub(Server):
    """Serves files as ``org/model``; its attributes make it misbehave."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__()
        self.files = dict(files)
        self.status: int | None = None
        """Answer everything with this status."""
        self.error_code = ""
        self.corrupt = False
        """Send zeros instead of the weights."""

    def answer(self, path: str) -> tuple[int, bytes, dict[str, str]]:
        if self.status is not None:
            return self.status, b"{}", {"X-Error-Code": self.error_code} if self.error_code else {}
        if re.fullmatch(r"/api/models/org/model(/revision/(main|0\w+))?", path):
            siblings = [{"rfilename": name} for name in self.files]
            return 200, json.dumps({"id": "org/model", "sha": COMMIT, "siblings": siblings}).encode(), {}
        if path.startswith("/api/models/org/model/tree/"):
            return 200, json.dumps([_entry(name, content) for name, content in self.files.items()]).encode(), {}
        match = re.fullmatch(r"/org/model/resolve/\w+/([\w.-]+)", path)
        if match and match[1] in self.files:
            content = self.files[match[1]]
            headers = {"ETag": f'"{_entry(match[1], content)["etag"]}"', "X-Repo-Commit": COMMIT}
            return 200, bytes(len(content)) if self.corrupt and _is_large(match[1]) else content, headers
        return 404, b"{}", {"X-Error-Code": "RevisionNotFound" if "/org/model/revision/" in path else "RepoNotFound"}


def _is_large(name: str) -> bool:
    return name.endswith((".safetensors", ".bin", ".model", ".spm"))


def _entry(name: str, content: bytes) -> dict[str, object]:
    blob = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
    entry: dict[str, object] = {"type": "file", "path": name, "size": len(content), "oid": blob, "etag": blob}
    if _is_large(name):
        digest = hashlib.sha256(content).hexdigest()
        entry |= {"lfs": {"oid": digest, "size": len(content), "pointerSize": 130}, "etag": digest}
    return entry
