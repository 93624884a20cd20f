"""Fetching a page that a user names by its address, from a server on this machine."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest

from summarizer.errors import InputError
from summarizer.extraction import download
from summarizer.extraction.decoding import is_address
from summarizer.extraction.download import fetch_page

PAGE = b"<html><body><p>Harga beras naik di Pasar Johar.</p></body></html>"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a server with pages of all kinds."""
    monkeypatch.setattr(download, "TIMEOUT", 1)
    monkeypatch.setattr(download, "TOTAL", 3)
    monkeypatch.setattr(download, "MAX_BYTES", 10_000)
    is_over = Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.strip("/")
            if name == "slow":
                is_over.wait(20)
            status = {"moved": 302, "away": 302, "missing": 404, "loop": 302}.get(name, 200)
            self.send_response(status)
            if status == 302:
                self.send_header("Location", {"moved": "/page", "loop": "/loop"}.get(name, "file:///etc/hostname"))
            self.end_headers()
            while name == "dripping" and not is_over.wait(0.2):
                self.wfile.write(b" ")
            self.wfile.write(b"x" * 20_000 if name == "large" else PAGE)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    is_over.set()
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("name", ["page", "moved"])
def test_a_page_is_fetched(server: str, name: str) -> None:
    assert fetch_page(f"{server}/{name}") == PAGE


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("missing", "404"),
        ("large", "MB"),
        ("slow", "slow"),
        ("dripping", "long"),
        ("loop", "reached"),
        ("away", "reached"),
    ],
)
def test_what_cannot_be_fetched_is_one_error(server: str, name: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason) as caught:
        fetch_page(f"{server}/{name}")
    assert caught.value.advice


def test_a_name_that_no_server_can_have_is_one_error() -> None:
    with pytest.raises(InputError, match="reached"):
        fetch_page(f"http://{'a' * 70}..id/berita")


@pytest.mark.parametrize(
    "address", ["https://", "http:///berita", "file:///etc/hostname", "ftp://contoh.id/a.html", "http://[x"]
)
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(InputError, match="address"):
        fetch_page(address)


@pytest.mark.parametrize("source", ["artikel.html", "-", "C:\\berita\\a.html", "/srv/https:/a.html"])
def test_paths_are_no_addresses(source: str) -> None:
    assert not is_address(source)
