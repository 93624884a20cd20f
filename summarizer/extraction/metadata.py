"""What an HTML page says of its article for machines: headline, description, text, authors."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from html import unescape
from itertools import islice
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
_PARTING = ":|-–—"
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
        """Whether its address or its headline is one of pages about their site: "Pedoman Media Siber"."""
        for address in self.addresses:
            _, _, last_part = _ENDING.sub("", _path(address)).rpartition("/")
            if html_pattern("about_paths").fullmatch(last_part):
                return True
        # The name of the site may stand beside it.
        parts = _PARTS.split(self.headlines[0])[::2] if self.headlines else []
        names = [part for part in parts if not is_about_site(part)]
        return len(names) < len(parts) and len(" ".join(names).split()) <= _NAME_WORDS

    @property
    def _is_list(self) -> bool:
        paths = map(_path, self.addresses)
        return not self.has_article and any(map(html_pattern("list_paths").fullmatch, paths))

    def title(self, paragraphs: Sequence[str], shown: Set[str], address: str) -> str | None:
        """Return the headline of a text: of all that are declared, and runs of their parts, the likeliest one.

        ``shown`` holds the lines of the page, each as `alphanumeric_key` gives it, and ``address`` is the page's.
        """
        stems = stems_of(*paragraphs[:_PARAGRAPHS])
        host = alphanumeric_key(split_address(address).hostname or "")
        keys = list(map(alphanumeric_key, self.headlines))

        def score(part: str) -> float:
            part_key = alphanumeric_key(part)
            agreement = 2 if part_key in shown else 0
            for key in keys:
                if part_key in key:
                    agreement += 1
            return shared_stems(part, stems) + _AGREEMENT * agreement

        return max(self._parts(host), key=score, default=None)

    def _parts(self, host: str) -> Iterator[str]:
        """Yield each run of a headline's parts, the longest first, without what the host is called at its ends."""
        for headline in (*self.headlines, *self._behind_names()):
            pieces = _PARTS.split(headline)[: 2 * _MAX_PARTS - 1]
            while len(pieces) > 1 and alphanumeric_key(pieces[-1]) in host:
                pieces = pieces[:-2]
            for start in range(0, len(pieces), 2):
                for end in range(len(pieces), start, -2):
                    yield "".join(pieces[start:end]).strip()

    def _behind_names(self) -> Iterator[str]:
        """Yield what stands behind another headline, such as a blog's name: the article's own."""
        for headline in self.headlines:
            for name in self.headlines:
                rest = headline.removeprefix(name)
                is_parted = rest[:1] in (*_PARTING, "")
                if headline != name and is_parted:
                    yield rest.strip(f" {_PARTING}")


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
    titles = _titles(root, metas)
    shown = _shown_headlines(root)
    descriptions = [*_values(metas, _DESCRIPTIONS), *_strings(articles, "description")]
    addresses = _addresses(root, metas)
    bodies = [_MARKUP.sub("\n", unescape(body)) for body in _strings(articles, "articleBody")]
    return Declared(
        tuple(dict.fromkeys((*titles, *shown))),
        _claims(titles, shown),
        description=stems_of(descriptions[0] if descriptions else ""),
        bodies=tuple(bodies),
        is_sold=any(map(_is_sold, articles)),
        has_article=bool(articles),
        addresses=addresses,
        type=metas.get("og:type", ""),
    )


def _titles(root: Any, metas: Mapping[str, str]) -> list[str]:
    """Return the headlines of ``og:title`` and ``<title>``."""
    texts = _values(metas, _TITLES)
    for element in root.iter("title"):
        if element.getparent().tag == "head":
            texts.append("".join(element.itertext()))
            break
    return _without_entities(texts)


def _shown_headlines(root: Any) -> list[str]:
    """Return the headlines of ``<h1>``."""
    return _without_entities("".join(element.itertext()) for element in islice(root.iter("h1"), _MAX_HEADLINES))


def _without_entities(texts: Iterable[str]) -> list[str]:
    """Return texts on one line each, without what a site has escaped twice; blank ones are left out."""
    return list(filter(None, (one_line(unescape(text)) for text in texts)))


def _claims(titles: Sequence[str], shown: Sequence[str]) -> tuple[frozenset[str], ...]:
    """Return the words by which headlines say which text is the story, each set once.

    Where one of several ``<h1>`` is the page's title, the others belong to articles that follow on the same page.
    """
    claims = [claim for claim in map(stems_of, titles) if len(claim) >= _MIN_STEMS]
    claims_of_h1 = [claim for claim in map(stems_of, shown) if len(claim) >= _MIN_STEMS]
    named_in_title: list[frozenset[str]] = []
    for claim in claims_of_h1:
        if any(claim <= title for title in claims):
            named_in_title.append(claim)
    return tuple(dict.fromkeys((*claims, *(named_in_title or claims_of_h1))))


def _addresses(root: Any, metas: Mapping[str, str]) -> tuple[str, ...]:
    """Return the addresses that a page says are its own."""
    links = [element for element in root.iter("link") if element.get("rel") == "canonical"]
    addresses = [metas.get("og:url", ""), *(link.get("href") or "" for link in links)]
    return tuple(filter(None, map(str.strip, addresses)))


def _values(metas: Mapping[str, str], names: Iterable[str]) -> list[str]:
    """Return what there is of some ``<meta>`` elements, in the order of the names."""
    return [metas[name] for name in names if name in metas]


def _is_sold(article: Mapping[str, Any]) -> bool:
    return str(article.get("isAccessibleForFree")).casefold() == "false"


def _strings(nodes: Sequence[dict[str, Any]], key: str) -> list[str]:
    """Return the texts that nodes have for a key, without the halves of characters that JSON can hold."""
    texts = []
    for node in nodes:
        value = node.get(key)
        text = value.encode("utf-8", "ignore").decode() if isinstance(value, str) else ""
        if text.strip():
            texts.append(text)
    return texts


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
    people: dict[str, None] = {}
    for author in declared.split(";"):
        name = _ROLE.sub("", one_line(author))
        if name and not html_pattern("no_names").search(name):
            people[name] = None
    return "; ".join(people) or None
