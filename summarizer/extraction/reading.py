"""Read a saved page, text or HTML, into a `Page`."""

from __future__ import annotations

import os
import re
from html import unescape

from summarizer.errors import NoArticleError
from summarizer.extraction.blocks import Page
from summarizer.extraction.decoding import SavedPage, read_raw, shown_name
from summarizer.extraction.html import is_html, read_html
from summarizer.extraction.plain_text import read_plain_text, without_tags

# A feed, a sitemap, or XML that isn't a page.
_DATA = re.compile(
    r"\s*(?:<\?xml\b[^>]*>\s*(?:<\?xml-[^>]*>\s*)*+<(?!html|!doctype\s+html|!--)"
    r"|<(?:rss|feed|urlset|sitemapindex|rdf:rdf)\b)",
    re.IGNORECASE,
)
# Characters that a site has escaped twice, in HTML and in the text of such a page: marks of type, and letters with an
# accent; "&amp;" may be meant.
_TYPE = (
    r"([lr][sad]quo|quot|apos|nbsp|hellip|[mn]dash|bull|deg|euro|copy|reg|trade|times"
    r"|[aeiouAEIOU](?:acute|grave|circ|uml)|[nN]tilde|[cC]cedil"
    r"|#0{0,4}(?:8[2-4]\d\d|1[6-9]\d|2[0-4]\d|25[0-5]|3[49])"
    r"|#[xX]0{0,4}(?:2[01][\da-fA-F]{2}|2[27]|[a-fA-F][\da-fA-F]))"
)
_ESCAPED_TWICE = re.compile(rf"&amp;{_TYPE};")
_ESCAPED = re.compile(rf"&{_TYPE};")


def read_file(source: str | os.PathLike[str] | SavedPage) -> Page:
    """Read a saved page from a file, from standard input where the path is ``-``, or from memory.

    Raises:
        InputError: it can't be read, is too large, or isn't text.
        NoArticleError: it is data, or longer than any article.
        TypeError: the source is neither a path nor a page, or it is the page's own bytes.
    """
    return read_decoded(read_raw(source), shown_name(source))


def read_decoded(text: str, name: str) -> Page:
    """Read a page that `read_raw` has decoded and repaired; ``name`` is what messages and `Page.source` call it.

    Raises:
        NoArticleError: it is data, or holds no text.
    """
    if _DATA.match(text):
        raise NoArticleError(f"{name} is an XML feed or data file, not a saved article: save the article's own page")
    if is_html(text):
        return read_html(_ESCAPED_TWICE.sub(r"&\1;", text), name)
    text = without_tags(text)
    return read_plain_text(_ESCAPED.sub(lambda entity: unescape(entity.group()), text), name)


def read_text(text: str, source: str) -> Page:
    """Read a page that is already a string, text or HTML; ``source`` is what messages and `Page.source` call it.

    Raises:
        InputError: it is empty, or no text.
        NoArticleError: it is data, or longer than any article.
    """
    return read_file(SavedPage(source, text))
