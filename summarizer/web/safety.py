"""Keep other pages, other machines, oversized requests and those that never end away from the server."""

from __future__ import annotations

import asyncio
import hmac
from contextlib import suppress
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from summarizer.web.problems import RETRY_SECONDS, Refusal, respond

MAX_BODY = 21_000_000
"""Largest body of a request, in bytes: a page of the largest size that is read, and the fields around it."""

PATIENCE = 20.0
"""Seconds to wait for more of a request that has begun."""

SLOWEST = 1_000
"""Bytes a second that a body must come with on average, once `PATIENCE` is over: who sends one byte now and then would
hold a connection for as long as they like."""

MAX_CONNECTIONS = 256
"""Connections at a time; more get 503. A browser has six."""

COOKIE = "ringkas"

_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def is_usable_token(token: str) -> bool:
    """Tell whether a token arrives as it was sent: headers have no other characters, and no spaces around a value."""
    return token.isascii() and token.isprintable() and token == token.strip()


def is_loopback(host: str) -> bool:
    """Tell whether a host's name or address, which a port may follow, is this machine's own."""
    with suppress(ValueError):
        name = urlsplit(f"//[{host}]" if host.count(":") > 1 and "[" not in host else f"//{host}").hostname or ""
        return name == "localhost" or ip_address(name).is_loopback
    return False


class Safety:
    """Middleware that lets through what the machine's own user asks for.

    Without a token, the server is for this machine alone, and a request must name it by a loopback name: a page whose
    name was rebound to 127.0.0.1 names itself (DNS rebinding). With a token, every request must bring it: as
    ``Authorization: Bearer TOKEN``, or in the cookie that ``/?token=TOKEN`` sets. Requests that change something must
    come from the server's own page, or from a program that is not a browser and so names no origin.
    """

    def __init__(self, app: ASGIApp, *, token: str | None = None) -> None:
        """Wrap an application."""
        self._app = app
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        request = HTTPConnection(scope)
        answer = self._refuse(request) or (self._ask_for_token(request) if self._token else None)
        await (answer or self._app)(scope, _limited(receive), send_safely)

    def _refuse(self, request: HTTPConnection) -> Response | None:
        """Return what refuses a request by another name of the server, or from another page; None for any other."""
        host = request.headers.get("host", "")
        if not self._token and not is_loopback(host):
            advice = "use http://127.0.0.1"
            return respond(Refusal(421, "this server answers only to this machine's own name", advice))
        site = request.headers.get("sec-fetch-site", "none")
        own_origin = f"{request.scope['scheme']}://{host}"
        origin = request.headers.get("origin", own_origin)
        # The browser knows best: a proxy may ask for the page by another name and scheme than the browser does.
        is_from_own_page = site == "same-origin" or (site == "none" and origin == own_origin)
        changes_something = request.scope["method"] not in ("GET", "HEAD", "OPTIONS")
        if changes_something and not is_from_own_page:
            return respond(Refusal(403, "the request comes from another page", "use the server's own page"))
        return None

    def _ask_for_token(self, request: HTTPConnection) -> Response | None:
        """Return what refuses a request without the token, or takes it from the address of the page; else None."""
        token_in_address = request.query_params.get("token", "")
        if request.scope["path"] == "/" and self._is_token(token_in_address):
            answer = RedirectResponse("/", 303)
            is_secure = request.scope["scheme"] == "https"
            answer.set_cookie(COOKIE, token_in_address, httponly=True, samesite="strict", secure=is_secure)
            return answer
        scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
        bearer = credentials.strip() if scheme.lower() == "bearer" else ""
        if self._is_token(bearer) or self._is_token(request.cookies.get(COOKIE, "")):
            return None
        detail = "the server's token is missing or wrong"
        advice = "open the address that the server printed"
        return respond(Refusal(401, detail, advice, **{"www-authenticate": "Bearer"}))

    def _is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), str(self._token).encode())


class PatientProtocol(H11Protocol):
    """HTTP/1.1 that waits a while for a request's headers; `Safety` does so for its body.

    uvicorn waits for them for ever, and has no setting for it: anybody who can reach the port could hold all
    connections that it takes, without a token.
    """

    _deadline: asyncio.TimerHandle

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first request; of too many connections, refuse those of this one."""
        super().connection_made(transport)
        # uvicorn has a limit of its own, which answers without the problem's details and without ``Retry-After``.
        if len(self.connections) > MAX_CONNECTIONS:
            self.app = _refuse_connection
        self._deadline = self.loop.call_later(PATIENCE, self._hang_up)

    def on_response_complete(self) -> None:
        """Wait for the next request; uvicorn's own limit ends where one begins."""
        super().on_response_complete()
        self._deadline.cancel()
        self._deadline = self.loop.call_later(PATIENCE, self._hang_up)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        super().connection_lost(exc)
        self._deadline.cancel()

    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing: uvicorn would advise to install a library for WebSockets, which nobody needs here."""

    def _hang_up(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()


async def _refuse_connection(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request on a connection that is one too many."""
    headers = {"retry-after": str(RETRY_SECONDS), "connection": "close"}
    refusal = Refusal(503, "there are too many connections", "close some, or try again later", **headers)
    await respond(refusal)(scope, receive, send)


def _limited(receive: Receive) -> Receive:
    """Refuse a body that is too large, as one in chunks doesn't say its length, or of which too little comes."""
    seen = 0
    is_whole = False
    start = asyncio.get_running_loop().time()

    async def count() -> Message:
        nonlocal seen, is_whole
        left = start + PATIENCE + seen / SLOWEST - asyncio.get_running_loop().time()
        try:
            message = await asyncio.wait_for(receive(), None if is_whole else min(PATIENCE, left))
        except TimeoutError:
            raise Refusal(408, "the rest of the request didn't come", connection="close") from None
        seen += len(message.get("body", b""))
        if seen > MAX_BODY:
            advice = "send one saved page at a time"
            raise Refusal(413, f"the request is larger than {MAX_BODY // 1_000_000} MB", advice, connection="close")
        is_whole = is_whole or not message.get("more_body", False)
        return message

    return count
