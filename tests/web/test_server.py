"""The server as a process: clients that disappear, many of them at once, a kill, an option that is wrong."""

import json
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from click.testing import CliRunner

from summarizer.cli.commands import main
from summarizer.errors import ExitCode, RingkasError
from summarizer.web import server
from summarizer.web.app import REVIEW_SECONDS
from tests.conftest import ARTICLE, RINGKAS, ROOT, python, until
from tests.web.desk import article, ringkas
from tests.web.desk import serving as desk_serving

SERVER = """
import resource, sys, time
from pathlib import Path
from summarizer.web import safety
from summarizer.web.server import serve
from tests.web.desk import ringkas, write

def slow(task, source):
    time.sleep(float(sys.argv[2]))
    return write(task, source)

safety.PATIENCE = float(sys.argv[3])
safety.MAX_CONNECTIONS = int(sys.argv[5])
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[4]),) * 2)
serve(ringkas(slow), host="127.0.0.1", port=0, token=None, history=Path(sys.argv[1]), open_page=False,
      say=lambda address: print(address, flush=True))
"""


HEAD = "POST /api/clean HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 99\r\n"


@contextmanager
def serving(
    history: Path, seconds: float = 0.0, patience: float = 20.0, open_files: int = 256, connections: int = 256
) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run the server; what it logs is in the file ``log`` beside the history."""
    with open(history.parent / "log", "w", encoding="utf-8") as log:
        command = [sys.executable, "-c", SERVER, *map(str, (history, seconds, patience, open_files, connections))]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        assert process.stdout
        yield process, int(process.stdout.readline().rstrip("/\n").rsplit(":", 1)[1])
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def ask(port: int, method: str, path: str, content: Any = None) -> tuple[int, Any]:
    answer = httpx.request(method, f"http://127.0.0.1:{port}{path}", json=content, timeout=120, trust_env=False)
    return answer.status_code, answer.json() if "{" in answer.text else None


def talk(port: int, content: bytes, *, end: bool = False) -> bytes:
    """Send bytes and return what is answered until the server hangs up, which it may do before all is sent."""
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection, suppress(ConnectionError):
        connection.sendall(content)
        if end:
            # Where the server has hung up by now, Linux says that there is no connection.
            with suppress(OSError):
                connection.shutdown(socket.SHUT_WR)
        while data := connection.recv(1 << 16):
            answer += data
    return answer


def is_idle(port: int) -> bool:
    found = ask(port, "GET", "/api/health")[1]
    return not found["busy"] and not found["waiting"]


def memory(process: subprocess.Popen[str]) -> int:
    """The most memory that the process has held, in MB."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    return int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) // 1000


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_more_clients_than_files_that_may_be_open_lose_nothing(tmp_path: Path) -> None:
    # More than the server may have open, and fewer than the tests may where the limit is as low as macOS's, 256.
    clients, open_files = 100, 80
    with serving(tmp_path / "h.sqlite", open_files=open_files) as (process, port):
        ask(port, "POST", "/api/summarize", {"text": ARTICLE})
        before = memory(process)

        def work(number: int) -> str:
            status = 503
            while status == 503:
                time.sleep(0.1)
                status, answer = ask(port, "POST", "/api/summarize", {"text": article(number), "name": str(number)})
            assert status == 200, answer
            return str(answer["source"])

        with ThreadPoolExecutor(clients) as pool:
            assert list(pool.map(work, range(clients))) == [str(number) for number in range(clients)]
        assert len(ask(port, "GET", "/api/results")[1]["results"]) == clients + 1
        assert memory(process) < before + 100
    assert (tmp_path / "log").read_text(encoding="utf-8") == ""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count open files otherwise")
def test_connections_without_a_whole_request_take_no_room_from_the_others(tmp_path: Path) -> None:
    with serving(tmp_path / "h.sqlite", open_files=80, patience=2) as (_, port):
        idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(120)]
        assert ask(port, "POST", "/api/summarize", {"text": ARTICLE})[0] == 200
        for one in idle:
            one.close()
        # Who leaves in mid body is no error.
        for media in ("application/json", "multipart/form-data; boundary=x"):
            with socket.create_connection(("127.0.0.1", port)) as gone:
                gone.sendall(f"{HEAD.replace('application/json', media)}\r\n--x\r\n".encode())
                time.sleep(0.3)
        until(lambda: is_idle(port))
    assert (tmp_path / "log").read_text(encoding="utf-8") == ""


def test_a_kill_leaves_the_history_whole(tmp_path: Path) -> None:
    path = tmp_path / "h.sqlite"
    with serving(path, 0.3) as (_, port):
        ids = [ask(port, "POST", "/api/summarize", {"text": article(number)})[1]["id"] for number in range(2)]
        ask(port, "PATCH", f"/api/results/{ids[0]}", {"reviewed": True})

        def ignore() -> None:
            with suppress(httpx.HTTPError):
                ask(port, "POST", "/api/summarize", {"text": ARTICLE})

        threading.Thread(target=ignore, daemon=True).start()
        until(lambda: ask(port, "GET", "/api/health")[1]["busy"])
    with serving(path) as (_, port):
        listed = ask(port, "GET", "/api/results")[1]["results"]
        assert [(one["id"], one["reviewed"]) for one in listed] == [(ids[1], False), (ids[0], True)]


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_clients_that_disappear_give_up_their_jobs(tmp_path: Path, accept: str) -> None:
    with serving(tmp_path / "h.sqlite", 3.0) as (_, port):
        until(lambda: is_idle(port))
        body = json.dumps({"text": ARTICLE}).encode()
        head = (
            f"POST /api/summarize HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
            f"Accept: {accept}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        clients = [socket.create_connection(("127.0.0.1", port)) for _ in range(8)]
        for client in clients:
            client.sendall(head.encode() + body)
        until(lambda: ask(port, "GET", "/api/health")[1]["waiting"] == 7)
        for client in clients:
            client.close()
        start = time.monotonic()
        until(lambda: is_idle(port))
        # Each of the seven that wait would have slept for six seconds, however quick the machine.
        assert time.monotonic() - start < 7 * 6
        assert ask(port, "GET", "/api/results")[1]["results"] == []


def test_a_server_that_is_stopped_does_not_wait_for_its_jobs(tmp_path: Path) -> None:
    with serving(tmp_path / "h.sqlite", 3.0) as (process, port), ThreadPoolExecutor() as pool:
        until(lambda: is_idle(port))
        answers = [pool.submit(ask, port, "POST", "/api/summarize", {"text": ARTICLE}) for _ in range(4)]
        until(lambda: ask(port, "GET", "/api/health")[1]["waiting"] == 3)
        process.terminate()
        assert [answer.result()[0] for answer in answers] == [503] * 4
        assert process.wait(20) == -15


def test_a_request_that_is_never_finished_is_hung_up_on(tmp_path: Path) -> None:
    with serving(tmp_path / "h.sqlite", patience=1) as (_, port):
        for begun in ("", "GET / HT", HEAD, "GET /api/health HTTP/1.1\r\n\r\nGET"):
            assert b"408" not in talk(port, begun.encode())
        # Whose head is whole is told why.
        assert b"408" in talk(port, f'{HEAD}\r\n{{"text": "'.encode())
        assert ask(port, "GET", "/api/health")[0] == 200


def test_a_body_that_comes_byte_by_byte_is_hung_up_on(tmp_path: Path) -> None:
    with (
        serving(tmp_path / "h.sqlite", patience=1) as (_, port),
        socket.create_connection(("127.0.0.1", port), timeout=0.2) as connection,
    ):
        connection.sendall(f"{HEAD}\r\n".encode())
        answer = b""
        start = time.monotonic()
        # Each byte comes well before the server would lose its patience.
        while not answer and time.monotonic() - start < 10:
            connection.sendall(b" ")
            with suppress(TimeoutError):
                answer = connection.recv(1 << 16)
    assert b" 408 " in answer


def test_a_connection_too_many_is_told_when_to_come_back(tmp_path: Path) -> None:
    with serving(tmp_path / "h.sqlite", connections=4) as (_, port):
        idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(4)]
        answer = httpx.get(f"http://127.0.0.1:{port}/api/health", trust_env=False)
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
        assert int(answer.headers["retry-after"]) > 0
        for one in idle:
            one.close()
        until(lambda: ask(port, "GET", "/api/health")[0] == 200)


def test_a_request_for_a_web_socket_is_answered_and_logs_no_advice(tmp_path: Path) -> None:
    upgrade = "Connection: close, upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    with serving(tmp_path / "h.sqlite") as (_, port):
        request = f"GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\n{upgrade}Sec-WebSocket-Key: eA==\r\n\r\n"
        assert b"HTTP/1.1 200 " in talk(port, request.encode())
    assert (tmp_path / "log").read_text(encoding="utf-8") == ""


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_stopped_does_not_wait_for_the_rest_of_a_request(tmp_path: Path, end: signal.Signals) -> None:
    with (
        serving(tmp_path / "h.sqlite") as (process, port),
        socket.create_connection(("127.0.0.1", port)) as connection,
    ):
        until(lambda: is_idle(port))
        connection.sendall(f'{HEAD}\r\n{{"text'.encode())
        time.sleep(0.3)
        process.send_signal(end)
        # Less than it waits for requests.
        assert process.wait(12) is not None


@pytest.mark.parametrize("token", ["пароль", "é", " secret", "secret\n", "a\tb"])
def test_a_token_that_no_client_could_send_is_refused(monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    monkeypatch.setattr("uvicorn.Server.run", lambda self, sockets: [one.close() for one in sockets])
    with pytest.raises(RingkasError, match=r"^the token can't be sent: [^\n]*$") as caught:
        server.serve(
            ringkas(), host="127.0.0.1", port=0, token=token, history=None, open_page=False, say=lambda address: None
        )
    assert token.strip() not in str(caught.value)


def test_the_command_says_what_is_wrong_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "h.sqlite").write_text("no database at all, but long enough to be looked at" * 99, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for options, code, word in (
            (("--port", port, "--no-history"), ExitCode.FAILED, port),
            (("--history", str(tmp_path / "h.sqlite")), ExitCode.OUTPUT, "h.sqlite"),
            (("--model", "gemma-9"), ExitCode.MODEL, "gemma-9"),
        ):
            result = CliRunner().invoke(main, ["serve", *options])
            assert result.exit_code == code
            [line] = result.stderr.strip().split("\n")
            assert word in line


def test_the_page_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    addresses: queue.Queue[str] = queue.Queue()
    monkeypatch.setattr("uvicorn.Server.run", lambda self, sockets: [one.close() for one in sockets])
    monkeypatch.setattr("webbrowser.open", addresses.put)
    monkeypatch.setattr("socket.gethostname", lambda: "news-desk")

    def serve(host: str, token: str | None = None) -> str:
        server.serve(ringkas(), host=host, port=0, token=token, history=None, open_page=True, say=told.append)
        return addresses.get(timeout=30)

    local = r"http://127\.0\.0\.1:\d+/"
    assert re.fullmatch(local, serve("127.0.0.1"))
    opened = serve("0.0.0.0")
    assert re.fullmatch(local + r"\?token=[\w-]{20,}", opened)
    assert re.fullmatch(r"http://news-desk:\d+/\?token=[\w-]{20,}", told[1])
    assert told[1].partition("?")[2] == opened.partition("?")[2]
    assert parse_qs(urlsplit(serve("127.0.0.1", "a+b&c=d#e")).query) == {"token": ["a+b&c=d#e"]}


HOSTILE = {
    "two lengths": "POST /api/clean HTTP/1.1\r\nHost: {host}\r\nContent-Length: 2\r\nContent-Length: 9\r\n\r\n{{}}",
    "no number": "POST /api/clean HTTP/1.1\r\nHost: {host}\r\nContent-Length: many\r\n\r\n",
    "below zero": "POST /api/clean HTTP/1.1\r\nHost: {host}\r\nContent-Length: -1\r\n\r\n",
    "too much": "POST /api/clean HTTP/1.1\r\nHost: {host}\r\nContent-Length: 99999999999999999999\r\n\r\n",
    "bad chunks": "POST /api/clean HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "no host": "GET /api/health HTTP/1.0\r\n\r\n",
    "endless header": "GET /api/health HTTP/1.1\r\nHost: {host}\r\nX-Long: {long}\r\n\r\n",
    "folded header": "GET /api/health HTTP/1.1\r\nHost: evil.example\r\n X-Host: {host}\r\n\r\n",
    "other host in the line": "GET http://evil.example/api/health HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "no HTTP": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "proxy": "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n",
}


def test_hostile_requests_are_refused_and_the_server_goes_on() -> None:
    with desk_serving() as address:
        port = int(address.rstrip("/").rsplit(":", 1)[1])
        for name, request in HOSTILE.items():
            content = request.format(host=f"127.0.0.1:{port}", long="x" * 1_000_000).encode("latin-1")
            assert re.match(rb"HTTP/1\.1 4\d\d |$", talk(port, content, end=True)), name
        assert ask(port, "GET", "/api/health")[0] == 200


def test_without_its_extra_it_says_what_to_install() -> None:
    program = f"import sys; sys.modules['starlette'] = sys.modules['uvicorn'] = None; {RINGKAS}"
    result = python("-c", program, "serve", "--no-history")
    assert result.returncode == ExitCode.FAILED
    assert result.stderr.count("\n") == 1
    assert ".[web]'" in result.stderr


# An article, and an abstract of it that the checks work on for many seconds.
LONG_ARTICLE = "\n\n".join(article(number) for number in range(200))
HOSTILE_ABSTRACT = "Budi mengalahkan Ani pada 17 Mei. " * 4_400
# Seconds: what nobody ends is ended by its own bound, ten seconds later.
SOON = REVIEW_SECONDS - 10


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int, str]]:
    """A server, its port, and the path of a result whose article is long."""
    with serving(tmp_path / "h.sqlite") as (process, port):
        _, entry = ask(port, "POST", "/api/summarize", {"text": LONG_ARTICLE, "translate": "none"})
        yield process, port, f"/api/results/{entry['id']}"


def begin_edit(port: int, path: str) -> socket.socket:
    """Ask for an edit that takes long, and return the connection once a process works on it."""
    body = json.dumps({"abstract": HOSTILE_ABSTRACT}).encode()
    connection = socket.create_connection(("127.0.0.1", port))
    head = f"PATCH {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    return connection


def busy_children(process: subprocess.Popen[str]) -> list[int]:
    """The processes that a server has started and that compute."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="utf-8")
    return [int(child) for child in children.split() if state(int(child)) == "R"]


def state(process: int) -> str:
    """A letter for what a process does: R if it computes; "" if it is gone."""
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    return ""


@pytest.mark.skipif(sys.platform != "linux", reason="what processes do is read from /proc")
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_while_a_text_is_checked(
    hostile: tuple[subprocess.Popen[str], int, str], end: signal.Signals
) -> None:
    process, port, path = hostile
    with begin_edit(port, path):
        until(lambda: bool(busy_children(process)))
        children = busy_children(process)
        process.send_signal(end)
        assert process.wait(SOON) is not None
        until(lambda: not any(map(state, children)), SOON)


@pytest.mark.skipif(sys.platform != "linux", reason="what processes do is read from /proc")
def test_a_check_ends_when_its_client_is_gone(hostile: tuple[subprocess.Popen[str], int, str]) -> None:
    process, port, path = hostile
    connection = begin_edit(port, path)
    until(lambda: bool(busy_children(process)))
    children = busy_children(process)
    connection.close()
    until(lambda: not any(map(state, children)), SOON)
    # The next one gets a process of its own.
    assert ask(port, "PATCH", path, {"abstract": "Kota Girimulya membuka taman."})[0] == 200
