"""Read an HTML page into an `Article` that is not cleaned yet."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html import unescape

from summarizer.article import Article
from summarizer.errors import InputError, NoArticleError
from summarizer.extraction.acceptance import require_few_lines
from summarizer.extraction.decoding import repair
from summarizer.extraction.html_body import find_body
from summarizer.extraction.segmentation import shared_words, stems_of
from summarizer.text.normalise import one_line, plain_text

MAX_TAGS = 100_000
"""Most tags that an HTML page may have."""

_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|article|div|section|main|p|h1)\b",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(r"</(?:p|div|a|li|span|h[1-6]|td|article|script)\s{0,9}>", re.IGNORECASE)
_FEWEST_TAGS = 5
_JSON_LD = re.compile(r"<script[^<>]{0,300}application/ld\+json[^<>]{0,300}>([^<]{2,})</script", re.IGNORECASE)
# libxml2 compares each attribute with all others of its tag. What is as long holds a picture or data.
_LONG_TAG = re.compile(r"<([a-zA-Z][\w-]{0,30})\s[^<>]{10000,}>?")
_TITLE = re.compile(r"<title\b[^<>]{0,200}>([^<]{1,1000})<", re.IGNORECASE)
# How many more words of the text a part of the page's title must share than the declared headline.
_SURER = 1.5


def is_html(text: str) -> bool:
    """Tell a page with markup from plain text (which may well mention a tag)."""
    return bool(_HTML.match(text[:5000])) or len(_TAG.findall(text[:200_000])) >= _FEWEST_TAGS


def read_html(html: str, source: str) -> Article:
    """Read an HTML page.

    Raises:
        InputError: it can't be parsed.
        NoArticleError: it holds no article, or has more than `MAX_TAGS` tags.
    """
    import logging

    from trafilatura.metadata import extract_metadata

    tags = html.count("<")
    if tags > MAX_TAGS:
        raise NoArticleError(
            f"{source} has {tags} tags; an article has at most {MAX_TAGS}: save the article's own page"
        )
    html = _LONG_TAG.sub(r"<\1>", html)
    body = find_body(html) or _declared_body(html)
    if not body:
        raise NoArticleError(f"{source} holds no article: the page has no running text (is it an index page?)")
    paragraphs = tuple(split_lines(repair(body)))
    require_few_lines(paragraphs, source)
    # trafilatura logs what it can't parse; what it doesn't find is None.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        page = extract_metadata(html)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{source} is HTML that can't be parsed: {one_line(str(error))}") from error
    return Article(
        source=source,
        title=_title(repair(page.title or ""), repair(html), page.hostname or "", paragraphs),
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
