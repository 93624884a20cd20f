"""Read an HTML page into a `Page`."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Sequence
from typing import Any

from summarizer.errors import NoArticleError
from summarizer.extraction.article_pages import CONTINUES, links_to_later_page
from summarizer.extraction.blocks import Page, make_blocks, require_article_size
from summarizer.extraction.body import Choice, choose_body
from summarizer.extraction.metadata import MAX_HEADLINE, Declared, people_among, read_declared
from summarizer.extraction.page_lines import Line, page_lines
from summarizer.text.normalise import one_line

MAX_TAGS = 100_000
"""Most tags that an HTML page may have."""

_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*+<(?:!doctype\s+html|html|head|body|article|div|section|main|p|h1)\b",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(r"</(?:p|div|a|li|span|h[1-6]|td|article|script)\s{0,9}>", re.IGNORECASE)
_FEWEST_TAGS = 5
# Up to how many characters a page's text is searched for a date, where nothing declares one.
_SEARCHED = 500_000
_SOLD = "the page says that its article is for subscribers: this may be only the beginning of it"
_OUTSIDE = "more text stands elsewhere on the page: a part of the article may be missing (see the removed pieces)"
_TOO_DEEP = "the page's elements are nested too deeply to be read to its end: a part of the article may be missing"
# What trafilatura would take for part of an author's name. Styles that hold a "<" stay, so that the search is linear.
_STYLE = re.compile(r"<style\b[^<>]*>[^<]*</style\s*>", re.IGNORECASE)
# libxml2 compares each attribute with all others of its tag. What is as long holds a picture or data.
_LONG_TAG = re.compile(r"<([a-zA-Z][\w-]{0,30})\s[^<>]{10000,}>?")


def is_html(text: str) -> bool:
    """Tell a page with markup from plain text (which may well mention a tag)."""
    return bool(_HTML.match(text[:5000])) or len(_TAG.findall(text[:200_000])) >= _FEWEST_TAGS


def read_html(html: str, source: str) -> Page:
    """Read an HTML page.

    Args:
        html: the page, decoded.
        source: what results and messages call it.

    Returns:
        the paragraphs of the page's article as blocks, what the page says of its article, and as warnings what speaks
        against the choice.

    Raises:
        NoArticleError: it has no text, or is longer than any article.
    """
    _require_few_tags(html, source)
    html = _LONG_TAG.sub(r"<\1>", html)
    root, is_cut = _parse(html)
    if root is None:
        raise NoArticleError(f"{source} holds no article: there is nothing but markup")
    metadata, warnings_of_metadata = _metadata(html)
    declared = read_declared(root)
    lines = page_lines(root)
    choice = choose_body(lines, declared, html)
    if not choice.paragraphs:
        reason = choice.objection or "its text is links (is it an index page?)"
        if is_cut:
            reason = "its elements are nested too deeply to be read to its end"
        raise NoArticleError(f"{source} holds no article: {reason}")
    doubts = _find_doubts(choice, declared, root)
    if is_cut:
        doubts.append(_TOO_DEEP)
    paragraphs = _on_one_line(choice.paragraphs)
    require_article_size(paragraphs, source)
    title = declared.title(paragraphs, _possible_headlines(lines), metadata.url or "")
    return Page(
        source,
        make_blocks(paragraphs),
        title=title,
        site=metadata.hostname or metadata.sitename or None,
        url=metadata.url,
        author=people_among(metadata.author or ""),
        date=_whole_date(metadata.date),
        warnings=(*doubts, *warnings_of_metadata),
        objection=choice.objection,
        outside=_on_one_line(choice.outside),
    )


def _require_few_tags(html: str, source: str) -> None:
    """Refuse a page that takes long to parse.

    Raises:
        NoArticleError: it may have more than `MAX_TAGS`, by the number of "<" in it.
    """
    tags = html.count("<")
    if tags > MAX_TAGS:
        raise NoArticleError(
            f"{source} has {tags} tags; an article has at most {MAX_TAGS}: save the article's own page"
        )


def _whole_date(date: str | None) -> str | None:
    """Return a date that trafilatura found; None where it may be a year alone, as in a copyright line.

    The first day of a year stands for the year.
    """
    is_year = date is not None and date.endswith("-01-01")
    return None if is_year else date


def _find_doubts(choice: Choice, declared: Declared, root: Any) -> list[str]:
    """Return what speaks against a page's article, or for more of it elsewhere, as warnings."""
    doubts: list[str] = []
    if choice.objection:
        doubts.append(f"this may not be an article: {choice.objection}")
    if choice.outside:
        doubts.append(_OUTSIDE)
    if links_to_later_page(root, declared.addresses):
        doubts.append(CONTINUES)
    if declared.is_sold:
        doubts.append(_SOLD)
    return doubts


def _on_one_line(paragraphs: Iterable[str]) -> tuple[str, ...]:
    """Return paragraphs without line breaks, but for those that have no text then."""
    lines = map(one_line, paragraphs)
    return tuple(line for line in lines if line)


def _possible_headlines(lines: Sequence[Line]) -> set[str]:
    """Return the keys of the lines that may be a page's headline: a link may name a section, or another article."""
    keys: set[str] = set()
    for line in lines:
        is_link = line.linked >= line.words
        if len(line.text) < MAX_HEADLINE and (line.heading or not is_link):
            keys.add(line.key)
    return keys


def _parse(html: str) -> tuple[Any, bool]:
    """Return the root of a page, or None, and whether the parser has left out elements: those below 2,047 others."""
    from lxml import etree
    from lxml import html as lxml_html

    # Else libxml2 drops the rest of a page behind a script of 10 MB, or inside 256 open elements.
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = lxml_html.document_fromstring(html.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None, False
    return root, any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log)


def _metadata(html: str) -> tuple[Any, Sequence[str]]:
    """Return what trafilatura finds a page to say of its article, and a warning if that can't be read."""
    from trafilatura.metadata import extract_metadata
    from trafilatura.settings import Document

    # trafilatura logs what it can't parse; what it doesn't find is None.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        return extract_metadata(_STYLE.sub("", html), extensive=len(html) < _SEARCHED), ()
    except Exception as error:  # damaged markup breaks it in many ways, and the text can be read without it
        reason = one_line(str(error)) or type(error).__name__
        return Document(), (f"author, date and site could not be read from the page: {reason}",)
