"""A server on this machine, for what models are downloaded from."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


class Server(ThreadingHTTPServer):
    """Remembers the paths that it was asked for; a subclass says what it answers."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.requests: list[str] = []
        self.broken = False
        """Files (``/cdn/``) end in the middle."""

    def answer(self, path: str) -> tuple[int, bytes, dict[str, str]]:
        raise NotImplementedError

    @contextmanager
    def running(self) -> Iterator[Self]:
        with self:
            threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
            yield self
            self.shutdown()


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        self.server.requests.append(path)
        status, content, headers = self.server.answer(path)
        self.send_response(status)
        for key, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(key, value)
        self.end_headers()
        cut_off = self.server.broken and path.startswith("/cdn/")
        self.close_connection |= cut_off
        if self.command == "GET":
            self.wfile.write(content[: len(content) // 2] if cut_off else content)
