"""Hang up on clients that open a connection and don't finish a request, as uvicorn waits for them for ever."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

from summarizer.web import safety


class PatientProtocol(H11Protocol):
    """HTTP/1.1 that waits a while for a request's headers; `summarizer.web.safety` does so for its body."""

    _deadline: asyncio.TimerHandle

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first request."""
        super().connection_made(transport)
        self._deadline = self.loop.call_later(safety.PATIENCE, self._hang_up)

    def on_response_complete(self) -> None:
        """Wait for the next request; uvicorn's own limit ends where one begins."""
        super().on_response_complete()
        self._deadline.cancel()
        self._deadline = self.loop.call_later(safety.PATIENCE, self._hang_up)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        super().connection_lost(exc)
        self._deadline.cancel()

    def _hang_up(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()
