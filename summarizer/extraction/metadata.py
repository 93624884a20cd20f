"""What an HTML page says of its article for machines: headline, description, text, authors."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import SplitResult, urlsplit

from summarizer.extraction.blocks import alphanumeric_key, shared_stems, stems_of
from summarizer.extraction.rules import html_pattern
from summarizer.text.normalise import one_line

# Fewest words of some length of a headline that can tell a story from another, and most headlines that are looked at.
_MIN_STEMS = 2
_MAX_HEADLINES = 20
# What each other place that has a headline too speaks for it, in words shared with the text.
_AGREEMENT = 1.5
# Into how many parts a headline is cut at most, and how many paragraphs it is held against.
_MAX_PARTS = 6
_PARAGRAPHS = 200
# Most words of a site's name.
_NAME_WORDS = 4
MAX_HEADLINE = 300
"""Most characters of a line that may be the headline."""

_TITLES = ("og:title", "twitter:title")
_DESCRIPTIONS = ("og:description", "description", "twitter:description")
_PARTS = re.compile(r"(\s[|–—»«:-]\s|\s?\|\s?|(?<=\.com):\s)")
# How the path of a page may end: "tentang-kami.html".
_ENDING = re.compile(r"\.\w{3,5}$")
_MARKUP = re.compile(r"<[^<>]{0,500}>")
_ROLE = re.compile(r"^(?:pewarta|penulis|reporter|editor|oleh|by|kontributor|laporan)\s*:?\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Declared:
    """What a page declares.

    Its headlines are of ``og:title``, ``<title>`` and ``<h1>``, in that order, each once. Claims are the words
    by which they say which text is the story; the description often is the story's lead.
    Bodies are of JSON-LD, which may have an article without one; an article that is sold isn't free to read. Addresses
    are the page's own, and its type is what ``og:type`` says.
    """

    headlines: tuple[str, ...]
    claims: tuple[frozenset[str], ...]
    description: frozenset[str]
    bodies: tuple[str, ...]
    is_sold: bool
    has_article: bool = False
    addresses: tuple[str, ...] = ()
    type: str = ""

    @property
    def objection(self) -> str:
        """Why the page can't be an article, by what it says of itself; empty where nothing speaks against it."""
        if html_pattern("sold_types").fullmatch(self.type):
            return "the page says that it sells something"
        if self._is_about_site or self._is_list:
            return "the page says that it is about its site, or that it lists what the site has"
        return ""

    @property
    def _is_about_site(self) -> bool:
        paths = [_ENDING.sub("", _path(address)) for address in self.addresses]
        if any(html_pattern("about_paths").fullmatch(path.rpartition("/")[2]) for path in paths):
            return True
        # The name of the site may stand beside it.
        parts = _PARTS.split(self.headlines[0])[::2] if self.headlines else []
        others = [part for part in parts if not is_about_site(part)]
        return len(others) < len(parts) and sum(len(part.split()) for part in others) <= _NAME_WORDS

    @property
    def _is_list(self) -> bool:
        paths = [_path(address) for address in self.addresses]
        return not self.has_article and any(html_pattern("list_paths").fullmatch(path) for path in paths)

    def title(self, paragraphs: Sequence[str], shown: Set[str], address: str) -> str | None:
        """Return the headline of a text: of all that are declared, and runs of their parts, the likeliest one."""
        # The letters and digits of the page's lines are `shown`.
        stems = stems_of(*paragraphs[:_PARAGRAPHS])
        host = alphanumeric_key(split_address(address).hostname or "")
        forms = [alphanumeric_key(headline) for headline in self.headlines]

        def score(part: str) -> float:
            own = alphanumeric_key(part)
            agreed = sum(own in form for form in forms) + 2 * (own in shown)
            return shared_stems(part, stems) + _AGREEMENT * agreed

        return max(self._parts(host), key=score, default=None)

    def _parts(self, host: str) -> Iterator[str]:
        """Yield each run of a headline's parts, the longest first, without what the host is called at its ends."""
        # Behind another headline, such as a blog's name, stands the article's own.
        pairs = ((headline, name) for headline in self.headlines for name in self.headlines)
        rests = (headline.removeprefix(name) for headline, name in pairs if headline != name)
        behind = [rest.strip(" :|-–—") for rest in rests if rest[:1] in (*":|-–—", "")]
        for headline in (*self.headlines, *behind):
            pieces = _PARTS.split(headline)[: 2 * _MAX_PARTS - 1]
            while len(pieces) > 1 and alphanumeric_key(pieces[-1]) in host:
                pieces = pieces[:-2]
            for start in range(0, len(pieces), 2):
                for end in range(len(pieces), start, -2):
                    yield "".join(pieces[start:end]).strip()


def _path(address: str) -> str:
    return split_address(address).path.strip("/")


def split_address(address: str) -> SplitResult:
    """Return the parts of an address; those of one that isn't well formed are empty."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def read_declared(root: Any) -> Declared:
    """Collect what a page that lxml parsed declares."""
    metas: dict[str, str] = {}
    for element in root.iter("meta"):
        name = (element.get("property") or element.get("name") or "").casefold()
        if content := (element.get("content") or "").strip():
            metas.setdefault(name, content)
    articles = list(_linked_data(root))
    titles = ["".join(element.itertext()) for element in root.iter("title") if element.getparent().tag == "head"]
    headings = ["".join(element.itertext()) for element in root.iter("h1")]
    found = [*(metas.get(name, "") for name in _TITLES), *titles[:1], *headings[:_MAX_HEADLINES]]
    headlines = tuple(filter(None, dict.fromkeys(map(one_line, map(unescape, found)))))
    claims = dict.fromkeys(map(stems_of, headlines))
    canonical = [element.get("href") or "" for element in root.iter("link") if element.get("rel") == "canonical"]
    addresses = [address.strip() for address in (metas.get("og:url", ""), *canonical)]
    descriptions = [*(metas.get(name, "") for name in _DESCRIPTIONS), *_strings(articles, "description")]
    return Declared(
        headlines,
        tuple(claim for claim in claims if len(claim) >= _MIN_STEMS),
        description=stems_of(next(filter(None, descriptions), "")),
        bodies=tuple(_MARKUP.sub("\n", unescape(body)) for body in _strings(articles, "articleBody")),
        is_sold=any(str(node.get("isAccessibleForFree")).casefold() == "false" for node in articles),
        has_article=bool(articles),
        addresses=tuple(filter(None, addresses)),
        type=metas.get("og:type", ""),
    )


def _strings(nodes: Sequence[dict[str, Any]], key: str) -> list[str]:
    """Return the texts that nodes have for a key, without the halves of characters that JSON can hold."""
    values = (node.get(key) for node in nodes)
    texts = (value.encode("utf-8", "ignore").decode() for value in values if isinstance(value, str))
    return [text for text in texts if text.strip()]


def _linked_data(root: Any) -> Iterator[dict[str, Any]]:
    """Yield the articles in JSON-LD (https://schema.org/Article), however deep they are."""
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        try:
            waiting: list[object] = [json.loads(script.text or "", strict=False)]
        except (ValueError, RecursionError):
            continue
        while waiting:
            node = waiting.pop()
            if isinstance(node, list):
                waiting += reversed(node)
            elif isinstance(node, dict):
                if "articleBody" in node or re.search("Article|Posting", str(node.get("@type"))):
                    yield node
                waiting += reversed(node.values())


def is_about_site(text: str) -> bool:
    """Tell whether a page with this heading is about its site ("Tentang Kami"), or a list ("Category: Politik")."""
    return html_pattern("about_titles").fullmatch(text.strip(" :")) is not None


def people_among(declared: str) -> str | None:
    """Return the people among a page's authors, with semicolons between them: no roles, and no outlets."""
    people = dict.fromkeys(_ROLE.sub("", one_line(name)) for name in declared.split(";"))
    return "; ".join(name for name in people if name and not html_pattern("no_names").search(name)) or None
