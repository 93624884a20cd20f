"""Addresses as inputs of the command line, fetched from a server on this machine."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner, Result

from summarizer import summarizer as api
from summarizer.cli.commands import main
from summarizer.errors import ExitCode
from tests.conftest import ARTICLE, FakeModel

PAGE = f"<html><body><article><h1>Taman Baru</h1><p>{ARTICLE}</p></article></body></html>".encode()
each_reader = pytest.mark.parametrize("command", ["summarize", "clean", "translate"])


@pytest.fixture
def requests() -> list[str]:
    """The paths that were asked for."""
    return []


@pytest.fixture
def server(requests: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(api, "load_model", lambda name, **options: FakeModel())

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(self.path)
            self.send_response(404 if "hilang" in self.path else 200)
            self.end_headers()
            self.wfile.write(b"%PDF-1.7" if "pdf" in self.path else PAGE)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


def run(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(main, arguments, env=environment)


@each_reader
def test_a_page_is_fetched_and_kept_on_demand(server: str, command: str, tmp_path: Path) -> None:
    address, folder = f"{server}/../berita/Taman%2f..%2fbaru.html?a=/b", tmp_path / "pages" / "kept"
    result = run(command, address)
    assert (result.exit_code, "Girimulya" in result.stdout, folder.exists()) == (0, True, False), result.stderr
    for _ in range(2):
        assert run(command, address, "--keep", str(folder)).stdout == result.stdout
    [kept] = folder.iterdir()
    assert (kept.suffix, kept.read_bytes()) == (".html", PAGE)
    kept.write_bytes(b"another page")
    run(command, address, "--keep", str(folder))
    assert sorted(file.read_bytes() for file in folder.iterdir()) == sorted([PAGE, b"another page"])


@each_reader
@pytest.mark.parametrize(("path", "word"), [("hilang", "404"), ("berkas.pdf", "PDF")])
def test_what_is_no_page_is_one_line_and_not_kept(
    server: str, command: str, path: str, word: str, tmp_path: Path
) -> None:
    result = run(command, f"{server}/{path}", "--keep", str(tmp_path / "kept"))
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (ExitCode.INPUT, "", 1)
    assert word in result.stderr
    assert not (tmp_path / "kept").exists()


@each_reader
def test_offline_refuses(server: str, command: str, requests: list[str]) -> None:
    for result in (run(command, server, "--offline"), run(command, server, RINGKAS_OFFLINE="1")):
        assert (result.exit_code, result.stdout, "offline" in result.stderr) == (ExitCode.INPUT, "", True)
    assert requests == []


def test_a_batch_fetches_nothing(server: str, tmp_path: Path, requests: list[str]) -> None:
    assert run("batch", server, "-o", str(tmp_path / "hasil")).exit_code == ExitCode.INPUT
    listed = CliRunner().invoke(main, ["batch", "-", "-o", str(tmp_path / "hasil"), "--jobs", "0"], input=server)
    assert (listed.exit_code != 0, requests) == (True, [])
