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
_FEED = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<(?:rss|feed|urlset|sitemapindex|rdf:rdf)\b", re.IGNORECASE)
_HEAD_LINES, _SLUG_WORDS, _SLUG_SHARE = 12, 4, 0.7
_AUTHOR = re.compile(r"\(?(?:Penulis|Reporter|Pewarta|Oleh)\s*:\s*([A-Z][^|:()]{2,60}?)\s*(?:\||\)|$)")
_DATE = re.compile(
    r"(?:^|[\s,])(\d{1,2})(?:\s(januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|desember)\s"
    r"|/(\d{1,2})/)(\d{4}),?\s.{0,12}\d{1,2}[.:]\d{2}",
    re.IGNORECASE,
)
_MONTH_NAMES = "januari februari maret april mei juni juli agustus september oktober november desember"
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES.split(), start=1)}
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
    if is_html(text) and not _FEED.match(text):
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

    from trafilatura.metadata import extract_metadata

    body = find_body(html)
    if not body:
        raise NoArticleError(f"{source} holds no article: the page has no running text (is it an index page?)")
    # trafilatura logs what it can't parse; what it doesn't find is None.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        page = extract_metadata(html)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{source} is HTML that can't be parsed: {one_line(str(error))}") from error
    paragraphs = tuple(split_lines(body))
    title = _without_site(one_line(page.title or ""), page.hostname or "") or None
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
    at = _find_title(paragraphs, url)
    if at is not None:
        title, paragraphs = paragraphs[at], paragraphs[:at] + paragraphs[at + 1 :]
    author = next((match.group(1) for text in paragraphs if (match := _AUTHOR.match(text))), None)
    date = next((day for text in paragraphs[:_HEAD_LINES] if (day := _date(text))), None)
    return Article(source=source, title=title, paragraphs=paragraphs, site=site, url=url, author=author, date=date)


def _find_title(paragraphs: tuple[str, ...], url: str | None) -> int | None:
    """Return which paragraph is the headline: the one that the address spells out, or else the first if it may be."""
    if len(paragraphs) < 2:
        return None
    slug = set(re.findall(r"[a-z0-9]+", urlsplit(url).path.rstrip("/").rsplit("/", 1)[-1])) if url else set()
    if len(slug) >= _SLUG_WORDS:
        for at, text in enumerate(paragraphs[:_HEAD_LINES]):
            words = set(re.findall(r"[a-z0-9]+", re.sub(r"['’.,]", "", text.casefold())))
            if _is_headline(text) and len(slug & words) >= _SLUG_SHARE * len(slug):
                return at
    return 0 if _is_headline(paragraphs[0]) else None


def _date(line: str) -> str | None:
    """Return the day that a short line with day and time names, as YYYY-MM-DD."""
    match = _DATE.search(line) if len(line) <= _TITLE_CHARACTERS and not _SENTENCE_END.search(line) else None
    if not match:
        return None
    day, name, number, year = match.groups()
    month = _MONTHS[name.lower()] if name else int(number)
    return f"{year}-{month:02}-{int(day):02}" if 1 <= month <= 12 and 1 <= int(day) <= 31 else None


def _without_site(title: str, host: str) -> str:
    """Cut the publisher's name off a page's title: "Harga Naik - Kompas.com", "KapanLagi.com: Harga Naik"."""
    names = [part for part in host.casefold().split(".") if len(part) > 3]
    parts = [part.strip() for part in re.split(r"\s[|–—-]\s|(?<=\.com):\s", title)]
    kept = [part for part in parts if not any(name in part.casefold().replace(" ", "") for name in names)]
    longest = max(parts, key=len)
    return longest if names and longest in kept and len(kept) < len(parts) else title


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
