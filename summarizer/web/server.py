"""Run the application on a port, and say where it is."""

from __future__ import annotations

import asyncio
import secrets
import socket
import sys
import threading
import time
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from summarizer.errors import RingkasError, reason_of

if TYPE_CHECKING:
    from summarizer.summarizer import Summarizer

PARTING = 3.0
"""Seconds that clients have, when the server is stopped, to send what they have begun and to take what was sent."""

_RESERVED = 32
"""How many files the process must still be able to open, as SQLite does for each result, when it takes a connection."""


def default_path() -> Path:
    """Return where results are kept if nothing else is said: in the platform's folder for a user's data."""
    from platformdirs import user_data_path

    return user_data_path("ringkas", appauthor=False) / "history.sqlite"


def serve(
    ringkas: Summarizer,
    *,
    host: str,
    port: int,
    token: str | None,
    history: Path | None,
    open_page: bool,
    say: Callable[[str], None],
) -> None:
    """Serve the page and the API until the process is interrupted; ``say`` receives the address.

    Raises:
        RingkasError: the packages of the extra ``web`` aren't installed, the token can't be sent by clients, or the
            port can't be had.
        OutputError: the history's file can't be used.
    """
    try:
        import uvicorn

        from summarizer.web.app import create_app
        from summarizer.web.safety import PatientProtocol, is_loopback, is_usable_token
    except ImportError as error:
        raise RingkasError(
            f"{error.name} is not installed: in a checkout, run pip install --editable '.[web]'"
        ) from error
    if not token and not is_loopback(host):
        token = secrets.token_urlsafe(16)
    if token and not is_usable_token(token):
        # It is a secret: it is not repeated.
        raise RingkasError("the token can't be sent: choose one of ASCII characters, without spaces around it")
    app = create_app(ringkas, history=history, token=token)
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = _Listener(fileno=socket.create_server((host, port), family=family).detach())
    except OSError as error:
        # Python appends the address to what the system says.
        reason = f"{reason_of(error).partition(' (while ')[0]}; choose another --host or --port"
        raise RingkasError(f"cannot listen at {host}, port {port}: {reason}") from error
    rest = f":{listening.getsockname()[1]}/" + (f"?{urlencode({'token': token})}" if token else "")
    say(f"http://{_reachable(host, socket.gethostname())}{rest}")
    if open_page:
        # The socket listens already: the browser waits until the application answers.
        here = f"http://{_reachable(host, '127.0.0.1')}{rest}"
        threading.Thread(target=webbrowser.open, args=(here,), daemon=True).start()
    config = uvicorn.Config(
        app,
        http=PatientProtocol,
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
    )

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            # It would wait until all that was asked for is done.
            for worker in app.state.workers:
                worker.stop()
            # It would wait for those who send or read slowly, too.
            hang_up = asyncio.get_running_loop().call_later(PARTING, self._hang_up)
            await super().shutdown(sockets)
            hang_up.cancel()

        def _hang_up(self) -> None:
            for connection in list(self.server_state.connections):
                connection.transport.abort()

    Server(config).run(sockets=[listening])


class _Listener(socket.socket):
    """Leaves connections in the system's queue as long as the process has hardly a file left that it may open."""

    def accept(self) -> tuple[socket.socket, Any]:
        """Take a connection, or tell the event loop, which asks again at once, that there is none."""
        if sys.platform != "win32":
            import resource

            allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
            if 0 < allowed < len([*Path("/dev/fd").iterdir()]) + _RESERVED:
                time.sleep(0.01)
                raise BlockingIOError
        return super().accept()


def _reachable(host: str, name: str) -> str:
    """Return a host as it stands in an address; ``name`` in place of one that means all of the machine's addresses."""
    with suppress(ValueError):
        if ip_address(host).is_unspecified:
            return name
    return f"[{host}]" if ":" in host else host
