"""A server on this machine, for what models are downloaded from."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar, Self


class Server(ThreadingHTTPServer):
    """Remembers the paths that it was asked for; a subclass says what it answers."""

    FILES: ClassVar[tuple[str, ...]] = ("/cdn/",)
    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.requests: list[str] = []
        self.queries: set[str] = set()
        self.agents: set[str] = set()
        self.broken = False
        """Files end in the middle: those under ``/cdn/``, or another path in `FILES`."""
        self.stall = 0.0
        """Seconds that pass in the middle of a file."""
        self.drip = 0.0
        """Seconds that pass after each byte of a file."""
        self.header_drip = 0.0
        """Seconds that pass after each of endless headers."""
        self.delay = 0.0
        """Seconds until an answer begins."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that has gone, which on a busy machine may be while its connection is looked at."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

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
        path, _, query = self.path.partition("?")
        self.server.requests.append(path)
        self.server.queries.add(query)
        self.server.agents.add(self.headers.get("User-Agent", ""))
        time.sleep(self.server.delay)
        status, content, headers = self.server.answer(path)
        self.send_response(status)
        if self.server.header_drip:
            self._drip_headers()
            return
        for key, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(key, value)
        self.end_headers()
        is_file = path.startswith(self.server.FILES)
        cut_off = self.server.broken and is_file
        self.close_connection |= cut_off
        if self.command == "GET":
            middle = len(content) // 2
            with suppress(OSError):  # the other side has given up
                if is_file and self.server.drip:
                    self._drip(content)
                self.wfile.write(content[:middle])
                if is_file:
                    time.sleep(self.server.stall)
                self.wfile.write(b"" if cut_off else content[middle:])

    def _drip_headers(self) -> None:
        """Send a header now and then, until the other side gives up."""
        self.close_connection = True
        with suppress(OSError):
            while True:
                self.send_header("X-More", "yes")
                self.flush_headers()
                time.sleep(self.server.header_drip)

    def _drip(self, content: bytes) -> None:
        """Send byte by byte, until the other side gives up."""
        for place in range(len(content)):
            self.wfile.write(content[place : place + 1])
            time.sleep(self.server.drip)
