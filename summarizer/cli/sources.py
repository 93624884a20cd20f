"""Inputs of commands: paths as they are, addresses as the pages that they lead to."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from summarizer.errors import InputError, OutputError, telling
from summarizer.extraction.decoding import SavedPage, is_address, read_raw, shown_name
from summarizer.extraction.download import fetch_page
from summarizer.storage.atomic import open_whole

# Longest name of a kept page, without its ending: file systems take 255 bytes.
_LONGEST = 120


def open_source(source: str, *, offline: bool, keep: str | None) -> str | SavedPage:
    """Return a path as it is, and for an address, the page, fetched and written into the folder ``keep``.

    Raises:
        InputError: the page can't be fetched, is none, or may not be fetched (``offline``).
        OutputError: the page can't be kept.
    """
    if not is_address(source):
        return source
    name = shown_name(source)
    if offline:
        raise InputError(f"{name} can't be fetched with --offline: save the page first, then name its file")
    content = fetch_page(source)
    page = SavedPage(name, content)
    # What is no page is refused before it is kept.
    if read_raw(page) and keep is not None:
        _keep(source, content, Path(keep))
    return page


def _keep(address: str, content: bytes, folder: Path) -> None:
    """Write a page into a folder, under a name made of its address that no other page has there."""
    parts = urlsplit(address)
    stem = re.sub(r"\W+", "-", f"{parts.hostname}{parts.path.removesuffix('.html')}", flags=re.ASCII)
    stem = stem.strip("-")[:_LONGEST]
    with telling(f"cannot keep the page in {shown_name(folder)}", OutputError):
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{stem}.html"
        number = 1
        while file.exists() and file.read_bytes() != content:
            number += 1
            file = folder / f"{stem}-{number}.html"
    with open_whole(file) as kept:
        kept.write(content)
