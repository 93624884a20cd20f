"""Talk to the servers that have models, and say in a few words what is wrong with an answer."""

from __future__ import annotations

import hashlib
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from summarizer.errors import reason_of
from summarizer.models.firefox.model_files import MAX_FILE
from summarizer.models.firefox.release import RemoteFile, SourceError
from summarizer.text.normalise import one_line
from summarizer.workers import call_within

if TYPE_CHECKING:
    import httpx

# Seconds to wait for an answer, or for more of it: a person may be waiting.
_TIMEOUT = 5.0
# Seconds that the headers of an answer may take, redirections included, and a whole list: a server that sends a byte
# now and then is given up on.
_HEADER_SECONDS = 10.0
_LIST_SECONDS = 15.0
# Fewest bytes a second, over all of a file, once it has taken as long as a list may: what drips comes to no end.
_SLOWEST = 4_000
# Most bytes of a list: some ten times what it has today.
_MAX_LIST = 10_000_000
# For zlib, 16 beside the largest window: with the header and the sum of gzip.
_GZIP = 16 + zlib.MAX_WBITS
# Most redirections in a row; Mozilla's servers need one.
_MAX_REDIRECTIONS = 5

_STATUS = {
    403: "refuses Ringkas (403)",
    404: "doesn't have it any more (404)",
    406: "serves only Firefox (406)",
}


def open_client() -> httpx.Client:
    """Return what asks the servers: it says what it is. `_answer` follows redirections."""
    import httpx

    from summarizer import __version__

    agent = f"ringkas/{__version__} (https://pypi.org/project/ringkas/)"
    return httpx.Client(headers={"User-Agent": agent}, timeout=_TIMEOUT)


@contextmanager
def _answer(client: httpx.Client, address: str, encoding: str) -> Iterator[httpx.Response]:
    """Give the answer at an address, whose content is not read yet, for the time of the ``with`` block.

    httpx itself reads all of what comes with a redirection, which a server can make without end.

    Raises:
        SourceError: it sends from one address to the next, on and on, or takes too long to answer.
        httpx.HTTPError: the server can't be reached, or answers with an error.
    """
    until = time.monotonic() + _HEADER_SECONDS
    request = client.build_request("GET", address, headers={"Accept-Encoding": encoding})
    for _ in range(_MAX_REDIRECTIONS + 1):
        response = _send(client, request, until)
        try:
            if response.next_request is None:
                response.raise_for_status()
                yield response
                return
            request = response.next_request
        finally:
            response.close()
    raise SourceError("sends from one address to the next")


def _send(client: httpx.Client, request: httpx.Request, until: float) -> httpx.Response:
    """Return the answer to a request, whose content is not read yet.

    httpx waits anew for each byte of the headers, so that it bounds no answer as a whole.

    Args:
        client: what sends the request. When it is closed, an answer that was given up on ends.
        request: what is asked.
        until: when the headers must be there, on the clock of `time.monotonic`.

    Raises:
        SourceError: they aren't.
        httpx.HTTPError: the server can't be reached.
    """
    try:
        return call_within(max(0.0, until - time.monotonic()), lambda: client.send(request, stream=True))
    except TimeoutError as error:
        raise SourceError("takes too long to answer") from error


def get_json(client: httpx.Client, address: str) -> dict[str, Any]:
    """Return the JSON object at an address.

    Raises:
        SourceError: there is something else.
        httpx.HTTPError: the server can't be reached, or answers with an error.
    """
    import json

    until = time.monotonic() + _LIST_SECONDS
    with _answer(client, address, "gzip") as response:
        content = bytearray()
        # Not unpacked by httpx, which has no bound: a few bytes may be packed gigabytes.
        for piece in response.iter_raw():
            content += piece
            if len(content) > _MAX_LIST:
                raise SourceError("sends a list that is too long")
            if time.monotonic() > until:
                raise SourceError("takes too long to send its list")
        encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding == "gzip":
        content = _unpack_list(content)
    elif encoding != "identity":
        raise SourceError("sends a list that can't be read")
    try:
        table = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise SourceError("sends a list that can't be read") from error
    if not isinstance(table, dict):
        raise SourceError("sends a list that can't be read")
    return table


def _unpack_list(packed: bytearray) -> bytearray:
    """Return what a list packed with gzip holds.

    Raises:
        SourceError: it can't be unpacked, or is too long.
    """
    unpacker = zlib.decompressobj(_GZIP)
    try:
        content = unpacker.decompress(packed, _MAX_LIST + 1)
    except zlib.error as error:
        raise SourceError("sends a list that can't be read") from error
    if len(content) > _MAX_LIST:
        raise SourceError("sends a list that is too long")
    return bytearray(content)


def fetch_file(client: httpx.Client, file: RemoteFile) -> bytes:
    """Return the content of a file, unpacked and compared with all digests that are known of it.

    A bar on standard error shows the progress, if that is a terminal.

    Raises:
        SourceError: it is not what it should be.
        httpx.HTTPError: the server can't be reached, breaks off, or answers with an error.
    """
    packed = _read_packed(client, file)
    if file.packed_size is not None and len(packed) != file.packed_size:
        raise SourceError(f"sends {len(packed)} bytes of {file.name} in place of {file.packed_size}")
    if file.packed_sha256 and hashlib.sha256(packed).hexdigest() != file.packed_sha256:
        raise SourceError(f"sends another {file.name} than it should, or a damaged one")
    content = _unpack(file, packed)
    if file.sha256 and hashlib.sha256(content).hexdigest() != file.sha256:
        raise SourceError(f"sends another {file.name} than it should, or a damaged one")
    return content


def _read_packed(client: httpx.Client, file: RemoteFile) -> bytes:
    """Return what is at a file's address, as it is packed there.

    Raises:
        SourceError: it is longer than any file of a model, or comes more slowly than a file can.
        httpx.HTTPError: the server can't be reached, breaks off, or answers with an error.
    """
    from tqdm import tqdm

    # A store may count gzip as part of the transport, and unpack for whoever doesn't ask for it.
    encoding = "gzip" if file.packing == "gzip" else "identity"
    content = bytearray()
    begun = time.monotonic()
    with _answer(client, file.address, encoding) as response:
        size = int(response.headers.get("Content-Length", 0)) or None
        with tqdm(total=size, desc=file.name, unit="B", unit_scale=True, disable=None) as bar:
            for piece in response.iter_raw():
                content += piece
                bar.update(len(piece))
                if len(content) > MAX_FILE:
                    raise SourceError(f"sends a {file.name} that is too long")
                seconds = time.monotonic() - begun
                if seconds > _LIST_SECONDS and len(content) < _SLOWEST * seconds:
                    raise SourceError(f"sends {file.name} too slowly")
    return bytes(content)


def _unpack(file: RemoteFile, packed: bytes) -> bytes:
    """Return the content of a packed file.

    Raises:
        SourceError: it can't be unpacked, or is longer than any file of a model.
    """
    damaged = SourceError(f"sends a {file.name} that can't be unpacked")
    if file.packing == "zstd":
        # fxtranslate unpacks too, but without a bound: a few bytes may be packed gigabytes.
        import zstandard

        unpacked = bytearray()
        try:
            for piece in zstandard.ZstdDecompressor().read_to_iter(packed):
                unpacked += piece
                if len(unpacked) > MAX_FILE:
                    raise SourceError(f"sends a {file.name} that is too long")
        except zstandard.ZstdError as error:
            raise damaged from error
        return bytes(unpacked)
    unpacker = zlib.decompressobj(_GZIP)
    try:
        content = unpacker.decompress(packed, MAX_FILE)
    except zlib.error as error:
        raise damaged from error
    if not unpacker.eof:
        raise damaged
    return content


def explain(error: Exception) -> str:
    """Say what went wrong with a server, in words that follow its name; ``error`` is of httpx, or a `SourceError`."""
    import httpx

    if isinstance(error, httpx.HTTPStatusError):
        status = error.response.status_code
        return _STATUS.get(status, f"answers {status}")
    if isinstance(error, httpx.TimeoutException):
        return f"doesn't answer within {_TIMEOUT:.0f} seconds"
    if isinstance(error, httpx.ConnectError):
        return "can't be reached"
    return one_line(reason_of(error) or repr(error))[:200]
