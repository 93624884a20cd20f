"""What an HTML page says of its article for machines: headline, description, address, text, authors."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import SplitResult, urlsplit

from summarizer.extraction import html_lists
from summarizer.text.normalise import one_line
from summarizer.text.words import alphanumeric_key, shared_stems, stems_of

# Fewest words of some length of a headline that can tell a story from another.
_MIN_STEMS = 2
# Most <h1> of an article's page, and how many articles of JSON-LD are asked for a headline.
_MAX_HEADINGS, _MAX_ARTICLES = 5, 20
# What each other place that has a headline too speaks for it, in words shared with the text.
_AGREEMENT = 1.5
# Into how many parts a headline is cut at most, how long it is, and how many paragraphs it is held against.
_MAX_PARTS, _MAX_CHARACTERS, _PARAGRAPHS = 6, 300, 200
# Most words of a site's name.
_NAME_WORDS = 4
_TITLES = ("og:title", "twitter:title")
_DESCRIPTIONS = ("og:description", "description", "twitter:description")
_PARTS = re.compile(r"(\s[|–—»«:-]\s|\s?\|\s?|(?<=\.com):\s|\s:\s)")
_MARKUP = re.compile(r"<[^<>]{0,500}>")
# A number that a site puts behind a name, such as one of comments.
_COUNT = re.compile(r"\s\d{1,3}$")
_ROLE = re.compile(r"^(?:pewarta|penulis|reporter|editor|oleh|by|kontributor|laporan)\s*:?\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Declared:
    """What a page declares.

    Attributes:
        headlines: where headlines are declared (``og:title``, JSON-LD, ``<title>``, ``<h1>``), in that order; each
            once, as it stands there.
        description: the first that isn't empty; it often is the story's lead.
        bodies: the texts of ``articleBody`` in JSON-LD.
        addresses: of ``og:url`` and ``rel=canonical``.
        site: the site's name.
        has_article: whether JSON-LD has an article.
        is_sold: whether it says that the article isn't free to read.
        type: what kind of page it says that it is, its ``og:type``.
    """

    headlines: tuple[str, ...]
    description: str
    bodies: tuple[str, ...]
    addresses: tuple[str, ...]
    site: str
    has_article: bool
    is_sold: bool = False
    type: str = ""

    @property
    def objection(self) -> str:
        """Why the page can't be an article, by what it says of itself; empty where nothing speaks against it."""
        if _is_called("sold_types", self.type):
            return "the page says that it sells something"
        if self.is_about_its_site:
            return "the page says that it is about its site, or that it lists what the site has"
        return ""

    @property
    def is_home(self) -> bool:
        """Whether the page says that it is the front page of a site."""
        paths = [_path(address) for address in self.addresses if "//" in address]
        return bool(paths) and not any(paths) and not self.has_article

    @property
    def is_about_its_site(self) -> bool:
        """Whether headline or address say that the page is about its site, or a list of what the site has."""
        paths = [re.sub(r"\.\w{3,5}$", "", _path(address)) for address in self.addresses]
        if any(_is_called("about_paths", path.rpartition("/")[2]) for path in paths):
            return True
        if not self.has_article and any(_is_called("list_paths", path) for path in paths):
            return True
        if any(_is_called("welcomes", headline) for headline in self.headlines):
            return True
        # The name of the site may stand beside it.
        parts = _PARTS.split(self.headlines[0])[::2] if self.headlines else []
        told = [part for part in parts if not _is_called("about_titles", part.strip())]
        return len(told) < len(parts) and sum(len(part.split()) for part in told) <= _NAME_WORDS

    def claims(self) -> list[frozenset[str]]:
        """Return the words by which headlines say which text is the story: none of the site's name."""
        claims = (stems_of(text) - stems_of(self.site) for text in self.headlines)
        return [claim for claim in dict.fromkeys(claims) if len(claim) >= _MIN_STEMS]

    def title(self, paragraphs: Sequence[str], lines: Iterable[str], site: str) -> str | None:
        """Return the headline of a text: of all that are declared, whole and without the site's name, the best.

        Args:
            paragraphs: the text.
            lines: all lines of the page: one of them is the headline.
            site: the site's host name or name.
        """
        stems = stems_of(*paragraphs[:_PARAGRAPHS])
        shown = {alphanumeric_key(line) for line in lines if len(line) < _MAX_CHARACTERS}
        forms = [alphanumeric_key(headline) for headline in self.headlines]
        names = [name for part in (self.site, *site.split(".")) if len(name := alphanumeric_key(part)) > 3]
        # "kabarlaras.portal.id": where a portal gives each newspaper a name of its own.
        hosts = [split_address(address).hostname or "" for address in self.addresses]
        wholes = {alphanumeric_key(label) for host in hosts for label in host.split(".")}
        best: tuple[float, str] = (0.0, "")
        for headline in (*self.headlines, *self._rests()):
            for part in _parts(headline, names, wholes):
                own = alphanumeric_key(part)
                agreed = sum(own in form for form in forms) + 2 * (own in shown)
                score = shared_stems(part, stems) + _AGREEMENT * agreed
                if own and score > best[0]:
                    best = score, part
        return best[1] or next((part for text in self.headlines for part in _parts(text, names, wholes)), None)

    def _rests(self) -> Iterator[str]:
        """Yield what is left of a headline after another one, such as a blog's name."""
        for headline in self.headlines:
            for name in self.headlines:
                rest = headline.removeprefix(name)
                if len(rest) < len(headline) and rest[:1] in ":|-–—":
                    yield rest.strip(" :|-–—")


def _path(address: str) -> str:
    return split_address(address).path.strip("/")


def split_address(address: str) -> SplitResult:
    """Return the parts of an address; those of one that isn't well formed are empty."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def _parts(headline: str, names: Sequence[str], wholes: Collection[str] = ()) -> Iterator[str]:
    """Yield each run of a headline's parts, the longest first: the names of site and section may be among them.

    Args:
        headline: as it is declared.
        names: what the site is called. Parts with such a name are left out, unless there is no other.
        wholes: what parts that are left out too consist of, such as the first part of the host's name.
    """
    pieces = _PARTS.split(headline)[: 2 * _MAX_PARTS - 1]
    forms = {at: alphanumeric_key(pieces[at]) for at in range(0, len(pieces), 2)}
    told = [at for at, form in forms.items() if form not in wholes and not any(name in form for name in names)]
    # Only neighbours make a run.
    pairs = ((told[i], told[j], j - i) for i in range(len(told)) for j in range(i, len(told)))
    runs = [(start, end) for start, end, steps in pairs if end - start == 2 * steps]
    for start, end in sorted(runs, key=lambda run: run[0] - run[1]) or [(0, len(pieces) - 1)]:
        yield "".join(pieces[start : end + 1]).strip()


def read_declared(root: Any) -> Declared:
    """Collect what a page declares.

    Args:
        root: the page, as lxml parsed it.
    """
    metas: dict[str, str] = {}
    for element in root.iter("meta"):
        name = (element.get("property") or element.get("name") or "").casefold()
        content = one_line(element.get("content") or "")
        if name and content:
            metas.setdefault(name, content)
    articles = list(_linked_data(root))
    headings = [_text(element) for element in root.iter("h1")]
    titles = [_text(element) for element in root.iter("title") if element.getparent().tag == "head"][:1]
    linked = _strings(articles[:_MAX_ARTICLES], "headline")
    headlines = [*(metas.get(name, "") for name in _TITLES), *linked, *titles]
    # On an index, each teaser has one.
    if len(headings) <= _MAX_HEADINGS:
        headlines += [text for text in headings if text]
    descriptions = [*(metas.get(name, "") for name in _DESCRIPTIONS), *_strings(articles, "description")]
    canonical = [element.get("href") or "" for element in root.iter("link") if element.get("rel") == "canonical"]
    return Declared(
        headlines=tuple(dict.fromkeys(one_line(unescape(text)) for text in headlines if text)),
        description=next((text for text in descriptions if text), ""),
        bodies=tuple(_MARKUP.sub("\n", unescape(body)) for body in _strings(articles, "articleBody")),
        addresses=tuple(address.strip() for address in (metas.get("og:url", ""), *canonical) if address.strip()),
        site=metas.get("og:site_name", ""),
        has_article=bool(articles),
        is_sold=any(str(node.get("isAccessibleForFree")).casefold() == "false" for node in articles),
        type=metas.get("og:type", ""),
    )


def _text(element: Any) -> str:
    return one_line("".join(element.itertext()))


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


def _is_called(kind: str, text: str) -> bool:
    """Tell whether a text as a whole matches one of the patterns of a list."""
    return html_lists.pattern(kind).fullmatch(text) is not None


def is_about_site(text: str) -> bool:
    """Tell whether a page with this heading is about its site ("Tentang Kami"), or a list ("Category: Politik")."""
    return _is_called("about_titles", text.strip(" :"))


def authors(declared: str, host: str) -> str | None:
    """Return the people among a page's authors: no outlets, companies, or roles.

    Args:
        declared: the names, with semicolons between them.
        host: the site's host name, as outlets call themselves by it.
    """
    labels = [label for label in host.casefold().split(".") if len(label) > 3]
    others = html_lists.pattern("no_names")
    names = []
    for name in one_line(declared).split(";"):
        person = _COUNT.sub("", _ROLE.sub("", name.strip()))
        own = alphanumeric_key(person)
        if person and not others.search(person) and not any(label in own or own in label for label in labels):
            names.append(person)
    return "; ".join(dict.fromkeys(names)) or None
