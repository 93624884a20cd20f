"""Read a saved page, text or HTML, into an `Article` that is not cleaned yet."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Sequence
from html import unescape
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from summarizer.article import Article
from summarizer.errors import InputError, NoArticleError
from summarizer.extraction.html_body import find_body
from summarizer.extraction.rules import BULLET
from summarizer.extraction.segmentation import find_headline, find_story, page_rules, shared_words, stems_of
from summarizer.extraction.text_dump import lines_of
from summarizer.text.normalise import one_line, plain_text

MAX_BYTES = 20_000_000
"""Largest input that is read: trafilatura's own limit for a page."""

MAX_LINES = 10_000
"""Most paragraphs that a page may have: the longest that was seen, with all its menus, has 2,000."""

MAX_TAGS = 100_000
"""Most tags that an HTML page may have."""

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
_HEAD_LINES, _NEAR, _SLUG_WORDS, _SLUG_SHARE = 12, 4, 4, 0.7
_AUTHOR = re.compile(r"\(?(?:Penulis|Reporter|Pewarta|Oleh)\s*:\s*([A-Z][^|:()]{2,60}?)\s*(?:\||\)|$)")
_DATE = re.compile(
    r"(?:^|[\s,])(\d{1,2})(?:\s(jan|feb|mar|apr|mei|may|jun|jul|ag[us]|aug|sep|okt|oct|nov|des|dec)[a-z]{0,7}\s"
    r"|[/-](\d{1,2})[/-])(\d{4})\b",
    re.IGNORECASE,
)
_MONTHS = {
    name: number
    for number, names in enumerate(("jan", "feb", "mar", "apr", "mei may", "jun", "jul", "agu ags aug", "sep"), start=1)
    for name in names.split()
} | {"okt": 10, "oct": 10, "nov": 11, "des": 12, "dec": 12}
_TAG = re.compile(r"</(?:p|div|a|li|span|h[1-6]|td|article|script)\s{0,9}>", re.IGNORECASE)
_JSON_LD = re.compile(r"<script[^<>]{0,300}application/ld\+json[^<>]{0,300}>([^<]{2,})</script", re.IGNORECASE)
# libxml2 compares each attribute with all others of its tag. What is as long holds a picture or data.
_LONG_TAG = re.compile(r"<([a-zA-Z][\w-]{0,30})\s[^<>]{10000,}>?")
_TITLE = re.compile(r"<title\b[^<>]{0,200}>([^<]{1,1000})<", re.IGNORECASE)
_URL = re.compile(r"https?://\S+")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*$")
_TITLE_WORDS, _TITLE_CHARACTERS, _SURER = 30, 220, 1.5


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
        NoArticleError: the HTML page holds no article, the text is an XML feed, or there are more than `MAX_LINES`
            paragraphs or `MAX_TAGS` tags.
    """
    if not text.strip():
        raise InputError(f"{source} is empty")
    if is_html(text) and not _FEED.match(text):
        return _read_html(text, source)
    if _XML.match(text):
        raise NoArticleError(f"{source} is an XML feed or data file, not a saved article: save the article's own page")
    return _read_plain(text, source)


def _require_few(paragraphs: Sequence[str], source: str) -> None:
    if len(paragraphs) > MAX_LINES:
        raise NoArticleError(
            f"{source} has {len(paragraphs)} lines, an article at most {MAX_LINES}: is it a log, a list?"
        )


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

    tags = html.count("<")
    if tags > MAX_TAGS:
        raise NoArticleError(f"{source} has {tags} tags, an article at most {MAX_TAGS}: save the article's own page")
    html = _LONG_TAG.sub(r"<\1>", html)
    body = find_body(html) or _declared_body(html)
    if not body:
        raise NoArticleError(f"{source} holds no article: the page has no running text (is it an index page?)")
    paragraphs = tuple(split_lines(body))
    _require_few(paragraphs, source)
    # trafilatura logs what it can't parse; what it doesn't find is None.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        page = extract_metadata(html)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{source} is HTML that can't be parsed: {one_line(str(error))}") from error
    return Article(
        source=source,
        title=_title(page.title or "", html, page.hostname or "", paragraphs),
        paragraphs=paragraphs,
        site=page.hostname or page.sitename,
        url=page.url,
        author=one_line(page.author or "") or None,
        date=page.date,
    )


def _declared_body(html: str) -> str | None:
    """Return the article's text that a page without any declares for machines (schema.org's articleBody in JSON-LD)."""
    for match in _JSON_LD.finditer(html):
        try:
            waiting: list[object] = [json.loads(match.group(1))]
        except (ValueError, RecursionError):
            continue
        while waiting:
            node = waiting.pop()
            if isinstance(node, list):
                waiting += reversed(node)
            elif isinstance(node, dict):
                body = node.get("articleBody")
                if isinstance(body, str) and body.strip():
                    return re.sub(r"<[^<>]{0,500}>", "\n", unescape(body))
                waiting += reversed(node.values())
    return None


def _read_plain(text: str, source: str) -> Article:
    paragraphs = split_paragraphs(text)
    if not paragraphs:
        raise InputError(f"{source} is empty")
    _require_few(paragraphs, source)
    url = site = None
    if _URL.fullmatch(paragraphs[0]):
        url, paragraphs = paragraphs[0], paragraphs[1:]
        site = urlsplit(url).hostname
    book = page_rules(paragraphs, site)
    story = find_story(paragraphs, book)
    at = _find_slug(paragraphs, url)
    if at is None:
        at = find_headline(paragraphs, story, book)
    if at is None and len(paragraphs) > 1 and story.start <= _HEAD_LINES and _is_headline(paragraphs[0]):
        at = 0
    head = paragraphs[max(0, (at or 0) - _NEAR) : max(story.start, at or 0) + _NEAR]
    author = next((match.group(1) for line in paragraphs if (match := _AUTHOR.match(line))), None)
    return Article(
        source=source,
        title=None if at is None else BULLET.sub("", paragraphs[at], count=1),
        paragraphs=paragraphs,
        site=site,
        url=url,
        author=author,
        date=next((day for line in (*head, *paragraphs[:_HEAD_LINES]) if (day := _date(line))), None),
    )


def _find_slug(paragraphs: tuple[str, ...], url: str | None) -> int | None:
    """Return which paragraph is the headline that the address spells out."""
    slug = set(re.findall(r"[a-z0-9]+", urlsplit(url).path.rstrip("/").rsplit("/", 1)[-1])) if url else set()
    if len(slug) >= _SLUG_WORDS:
        for at, text in enumerate(paragraphs):
            words = set(re.findall(r"[a-z0-9]+", re.sub(r"['’.,]", "", text.casefold()[:_TITLE_CHARACTERS])))
            if _is_headline(text) and len(slug & words) >= _SLUG_SHARE * len(slug):
                return at
    return None


def _date(line: str) -> str | None:
    """Return the day that a short line with day and time names, as YYYY-MM-DD."""
    match = _DATE.search(line) if len(line) <= _TITLE_CHARACTERS and not _SENTENCE_END.search(line) else None
    if not match:
        return None
    day, name, number, year = match.groups()
    month = _MONTHS[name.lower()[:3]] if name else int(number)
    return f"{year}-{month:02}-{int(day):02}" if 1 <= month <= 12 and 1 <= int(day) <= 31 else None


def _title(declared: str, html: str, host: str, paragraphs: Sequence[str]) -> str | None:
    """Return the headline of an HTML page: what it declares, or the part of its title that the text takes up."""
    title = _without_site(one_line(declared), host)
    found = _TITLE.search(html)
    parts = re.split(r"\s[|–—»-]\s|\s?:\s", one_line(unescape(found.group(1)))) if found else []
    stems = stems_of(paragraphs)
    best = max(parts, key=lambda part: shared_words(part, stems), default="")
    return (best if shared_words(best, stems) > shared_words(title, stems) + _SURER else title) or None


def _without_site(title: str, host: str) -> str:
    """Cut the publisher's name off a page's title: "Harga Naik - Kompas.com", "KapanLagi.com: Harga Naik"."""
    names = [part for part in host.casefold().split(".") if len(part) > 3]
    parts = [part.strip() for part in re.split(r"\s[|–—-]\s|(?<=\.com):\s", title)]
    kept = [part for part in parts if not any(name in part.casefold().replace(" ", "") for name in names)]
    longest = max(parts, key=len)
    return longest if names and longest in kept and len(kept) < len(parts) else title


def split_lines(text: str) -> list[str]:
    """Cut text into paragraphs, one for each line that isn't blank, made plain (see `summarizer.text.normalise`)."""
    return [line.strip() for line in plain_text(text).split("\n") if line.strip()]


def split_paragraphs(text: str) -> tuple[str, ...]:
    """Cut text into paragraphs: one for each line, or for each run of lines that a program has wrapped.

    Returns:
        The paragraphs without the blank ones, each on one line, made plain (see `summarizer.text.normalise`).
    """
    return tuple(lines_of(text))


def _is_headline(line: str) -> bool:
    return (
        len(line) <= _TITLE_CHARACTERS
        and 2 <= len(line.split()) <= _TITLE_WORDS
        and not (_SENTENCE_END.search(line) and not line.endswith(("?", "!", "…")))
        and any(character.isalpha() for character in line)
    )
