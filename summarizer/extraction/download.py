"""Fetch a page from the web: only for a user who names its address, never because a page or a client asks for it."""

from __future__ import annotations

import ipaddress
import logging
import socket
from configparser import ConfigParser
from http import HTTPStatus

from summarizer.errors import InputError
from summarizer.extraction.decoding import MAX_BYTES, is_address, shown_name
from summarizer.extraction.metadata import split_address
from summarizer.workers import call_within

# Seconds that a server may take to answer, and from one piece of a page to the next; and that a whole page may take.
TIMEOUT = 20
TOTAL = 60


def fetch_page(address: str) -> bytes:
    """Return what a server sends for an address.

    A public address leads only to public ones: a redirection into the user's own network isn't followed.

    Raises:
        InputError: it is no address of a page, or the page can't be fetched.
    """
    name = shown_name(address)
    if not (is_address(address) and split_address(address).hostname):
        raise InputError(f"{name} is not the address of a page", advice="addresses begin with https:// or http://")
    try:
        # A server that sends a byte now and then is given up on.
        data, reason = call_within(TOTAL, lambda: _fetch(address))
    except TimeoutError:
        data = b""
        reason = "it takes too long"
    if reason:
        raise InputError(f"{name} can't be fetched: {reason}", advice="save the page in a browser and name the file")
    return data


def _fetch(address: str) -> tuple[bytes, str]:
    """Return the content, and why there is none; trafilatura raises no errors, it logs them."""
    from trafilatura.downloads import fetch_response

    logging.getLogger("trafilatura.downloads").disabled = True
    response = fetch_response(address, config=_settings(address))
    if response is None:
        return b"", f"the server can't be reached, is too slow, or sends more than {MAX_BYTES // 1_000_000} MB"
    is_there = response.status == HTTPStatus.OK
    return response.data, "" if is_there else f"the server answered {response.status}"


def _settings(address: str) -> ConfigParser:
    """Return how trafilatura fetches an address: within bounds, and from a public one to no private machine."""
    from trafilatura.settings import use_config

    settings: ConfigParser = use_config()
    settings["DEFAULT"].update(
        DOWNLOAD_TIMEOUT=str(TIMEOUT),
        MAX_FILE_SIZE=str(MAX_BYTES),
        MAX_REDIRECTS="5",
        SSRF_PROTECTION="on" if _is_public(address) else "off",
        INSECURE_SSL_FALLBACK="off",
    )
    return settings


def _is_public(address: str) -> bool:
    """Return whether the host is on the internet; one that isn't was meant by whoever typed it."""
    try:
        entries = socket.getaddrinfo(split_address(address).hostname, None)
    except (OSError, UnicodeError):
        return True
    return all(ipaddress.ip_address(socket_address[0]).is_global for *_, socket_address in entries)
