"""What a page tells of the other pages of its article: links, lines and addresses with the number of a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from typing import Any

from summarizer.extraction.metadata import split_address

CONTINUES = "the article continues on another page, which is not in the file"
"""The warning where a page links to its later pages, or a line says that there is a next one."""

# How an address names a later page of an article, in its query or at the end of its path.
_LATER_PAGE = re.compile(r"[?&](?:page|hal|halaman)=([2-9]|[1-9]\d)(?:&|$)")
_PAGE_NUMBER = re.compile(r"[2-9]|[1-9]\d")
_PAGE_OF = re.compile(r"(\d{1,2}) ?(?:dari|/|of) ?(\d{1,2})", re.IGNORECASE)
# The numbers of all pages, as they stand below one of them.
_PAGE_NUMBERS = re.compile(
    r"(?:halaman|laman|page|hal|[«‹<]?\s?(?:sebelumnya|prev(?:ious)?))\s*:?((?:[\s|,]*\d{1,2})+)", re.IGNORECASE
)


def links_to_later_page(root: Any, addresses: Iterable[str]) -> bool:
    """Tell whether a page that lxml parsed links to a later page of its own; ``addresses`` are its own."""
    # That of a site's front page tells nothing.
    paths = set(filter(None, map(_path, addresses)))
    return any(_is_later_page(link, paths) for link in root.iter("a", "link"))


def _path(address: str) -> str:
    return split_address(address).path.strip("/")


def _is_later_page(link: Any, paths: Set[str]) -> bool:
    """Tell whether a link leads to one of some paths with the number of a page behind it, or in its query.

    ``rel=next`` alone tells nothing: blogs give it to the next article.
    """
    address = split_address((link.get("href") or "").strip())
    path = address.path.strip("/")
    if _LATER_PAGE.search(f"?{address.query}"):
        is_query_alone = not address.netloc and not address.path
        is_next = "next" in (link.get("rel") or "").split()
        return is_query_alone or path in paths or (is_next and not paths)
    beginning, _, last = path.rpartition("/")
    return beginning in paths and _PAGE_NUMBER.fullmatch(last) is not None


def missing_pages(counts: Sequence[str], address: str) -> Iterator[str]:
    """Yield a warning for each sign that pages of an article are not there.

    ``counts`` are lines with numbers of pages ("1 dari 4 halaman", "Halaman: 1 2 3"), ``address`` is the page's own.
    """
    yield from _beside_counted_pages(counts)
    yield from _beside_numbered_pages(counts)
    if page := _LATER_PAGE.search(address):
        yield f"the address is that of page {page[1]} of the article: the pages before it are not in the file"


def _beside_counted_pages(counts: Sequence[str]) -> Iterator[str]:
    """Yield a warning where counts such as "1 dari 4 halaman" say that not all pages of the article are there."""
    present = set()
    most = 0
    for text in counts:
        if count := _PAGE_OF.search(text):
            present.add(int(count[1]))
            most = max(most, int(count[2]))
    if len(present) > 1 and min(present) == 2:
        # They stand between the pages, and so none on the first.
        present.add(1)
    if present and most > len(present):
        missing = most - len(present)
        verb = "is" if missing == 1 else "are"
        yield f"the article has {most} pages, of which {missing} {verb} not in the file"


def _beside_numbered_pages(lines: Sequence[str]) -> Iterator[str]:
    """Yield a warning where a line such as "Halaman: 1 2 3" says that the article has other pages."""
    for line in lines:
        numbers = _PAGE_NUMBERS.match(line)
        last = max(map(int, re.findall(r"\d+", numbers[1]))) if numbers else 0
        if last > 1 and not _PAGE_OF.search(line):
            yield f"the page has numbers up to {last}: other pages of the article may not be in the file"
            return
