"""Read a saved page, text or HTML, into an `Article` that is not cleaned yet."""

from __future__ import annotations

import os
import re
import sys
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from summarizer.article import Article
from summarizer.body import find_body
from summarizer.errors import InputError, NoArticleError
from summarizer.plain import one_line, plain_text

MAX_BYTES = 20_000_000
"""Largest input that is read: trafilatura's own limit for a page."""

STDIN = "-"

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
# What charset-normalizer may choose from: the encodings that Indonesian pages are saved in.
_ENCODINGS = ["utf_8", "utf_16_le", "utf_16_be", "cp1252"]
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,30})", re.IGNORECASE)
_SIGNATURES = (
    (b"%PDF", "a PDF file"),
    (b"PK\x03\x04", "a ZIP or Office file"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a gzip file"),
    (b"GGUF", "a model file"),
)
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|article|div|section|main|p|h1)\b",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(r"\s*<(?:\?xml|rss|feed|urlset|sitemapindex)\b", re.IGNORECASE)
_TAG = re.compile(r"</(?:p|div|a|li|span|h[1-6]|td|article|script)\s{0,9}>", re.IGNORECASE)
_URL = re.compile(r"https?://\S+")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*$")
_TITLE_WORDS, _TITLE_CHARACTERS = 30, 220
_WRAP_WIDTHS = range(50, 101)


def read_file(path: str | os.PathLike[str]) -> Article:
    """Read a saved page from a file, or from standard input where the path is ``-``.

    Raises:
        InputError: as for `read_raw`.
        NoArticleError: the page holds no article.
    """
    return read_text(read_raw(path), _shown(path))


def read_raw(path: str | os.PathLike[str]) -> str:
    """Read any text from a file, or from standard input where the path is ``-``.

    Raises:
        InputError: the file is missing, unreadable, empty, binary, larger than `MAX_BYTES`, or in an encoding that
            can't be told.
    """
    name, shown = os.fspath(path), _shown(path)
    if name == STDIN:
        return decode(_read_limited(sys.stdin.buffer, "standard input"), "standard input")
    try:
        if Path(name).is_dir():
            raise InputError(f"{shown} is a folder: name the files in it")
        with open(name, "rb") as file:
            return decode(_read_limited(file, shown), shown)
    except OSError as error:
        raise InputError(f"cannot read {shown}: {(error.strerror or str(error)).lower()}") from error


def _shown(path: str | os.PathLike[str]) -> str:
    """Return a file's name as it may be shown: a name can hold control characters too."""
    return one_line(os.fspath(path).encode("utf-8", "backslashreplace").decode())


def _read_limited(file: BinaryIO, name: str) -> bytes:
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise InputError(f"{name} is larger than {MAX_BYTES // 1_000_000} MB: that is no saved article")
    return data


def read_text(text: str, source: str) -> Article:
    """Read a page that is already a string, text or HTML.

    Raises:
        InputError: there is nothing but white space.
        NoArticleError: the HTML page holds no article, or the text is an XML feed.
    """
    if not text.strip():
        raise InputError(f"{source} is empty")
    if is_html(text):
        return _read_html(text, source)
    if _XML.match(text):
        raise NoArticleError(f"{source} is an XML feed or data file, not a saved article: save the article's own page")
    return _read_plain(text, source)


def decode(data: bytes, source: str) -> str:
    """Turn bytes into text: by byte order mark, as UTF-8, by the HTML's own word, else by charset-normalizer.

    Raises:
        InputError: the data is empty, binary, or in no encoding that Indonesian pages come in.
    """
    if not data.strip():
        raise InputError(f"{source} is empty")
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            raise InputError(f"{source} is {kind}: save the page as text or HTML")
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, errors="replace")
    if b"\0" not in data:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            pass
        named = _META_CHARSET.search(data[:4096])
        if named:
            try:
                return data.decode(named.group(1).decode("ascii"))
            except (LookupError, UnicodeDecodeError):
                pass
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=_ENCODINGS).best()
    text = str(best) if best else ""
    # A NUL that is still there after decoding means that the bytes were no text.
    if not text or "\0" in text:
        raise InputError(f"{source} is binary, or in an unknown encoding: save the page as UTF-8 text or HTML")
    return text


def is_html(text: str) -> bool:
    """Tell a page with markup from plain text (which may well mention a tag)."""
    return bool(_HTML.match(text[:5000])) or len(_TAG.findall(text[:200_000])) >= 5


def _read_html(html: str, source: str) -> Article:
    import logging

    from trafilatura import bare_extraction
    from trafilatura.settings import Document

    # trafilatura logs what it can't parse; what matters is said by the error below.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        page = bare_extraction(html, include_comments=False, include_tables=True, with_metadata=True, deduplicate=False)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{source} is HTML that can't be parsed: {one_line(str(error))}") from error
    paragraphs = tuple(split_lines(find_body(html) or ""))
    if not isinstance(page, Document) or not paragraphs:
        raise NoArticleError(f"{source} holds no article: the page has no running text")
    title = one_line(page.title or "") or None
    if len(paragraphs) > 1 and title and paragraphs[0].casefold() == title.casefold():
        paragraphs = paragraphs[1:]
    return Article(
        source=source,
        title=title,
        paragraphs=paragraphs,
        site=page.hostname or page.sitename,
        url=page.url,
        author=one_line(page.author or "") or None,
        date=page.date,
    )


def _read_plain(text: str, source: str) -> Article:
    paragraphs = split_paragraphs(text)
    if not paragraphs:
        raise InputError(f"{source} is empty")
    url = site = title = None
    if _URL.fullmatch(paragraphs[0]):
        url, paragraphs = paragraphs[0], paragraphs[1:]
        site = urlsplit(url).hostname
    if len(paragraphs) > 1 and _is_headline(paragraphs[0]):
        title, paragraphs = paragraphs[0], paragraphs[1:]
    return Article(source=source, title=title, paragraphs=paragraphs, site=site, url=url)


def split_lines(text: str) -> list[str]:
    """Cut text into paragraphs, one for each line that isn't blank, made plain (see `summarizer.plain`)."""
    return [line.strip() for line in plain_text(text).split("\n") if line.strip()]


def split_paragraphs(text: str) -> tuple[str, ...]:
    """Cut text into paragraphs: one for each line, or for each block of lines that a program has wrapped.

    Returns:
        The paragraphs without the blank ones, each on one line, made plain (see `summarizer.plain`).
    """
    blocks = [block.split("\n") for block in re.split(r"\n\s*\n", plain_text(text))]
    lines = [[line.strip() for line in block if line.strip()] for block in blocks]
    if _is_wrapped(lines):
        return tuple(" ".join(block) for block in lines if block)
    return tuple(line for block in lines for line in block)


def _is_wrapped(blocks: list[list[str]]) -> bool:
    """Tell whether line ends were put in to keep lines short: hardly a line had room for the next one's first word."""
    breaks = [(line, after) for block in blocks for line, after in pairwise(block)]
    width = max((len(line) for block in blocks for line in block), default=0)
    if len(breaks) < 4 or width not in _WRAP_WIDTHS:
        return False
    forced = sum(len(line) + 1 + len(after.split()[0]) > width for line, after in breaks)
    return forced >= 0.9 * len(breaks)


def _is_headline(line: str) -> bool:
    return (
        len(line) <= _TITLE_CHARACTERS
        and 2 <= len(line.split()) <= _TITLE_WORDS
        and not (_SENTENCE_END.search(line) and not line.endswith(("?", "!", "…")))
        and any(character.isalpha() for character in line)
    )
