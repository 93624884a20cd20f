"""What an HTML page says of its article for machines: headline, description, address, text, authors."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from html import unescape
from typing import Any
from urllib.parse import SplitResult, urlsplit

from summarizer.extraction import html_lists
from summarizer.extraction.decoding import repair
from summarizer.extraction.vocabulary import shared_words, stems_of
from summarizer.text.normalise import one_line


@dataclass(frozen=True)
class MetadataThresholds:
    """What makes a headline; tuned on saved pages of 30 Indonesian sites.

    Attributes:
        headline_stems: fewest words of some length of a headline that can tell a story from another.
        headings: most ``<h1>`` of an article's page.
        articles: how many articles of JSON-LD are asked for a headline: each one is held against all others.
        agreement: what each other place that has a headline too speaks for it, in words shared with the text.
        slug_words: fewest words of an address that spells out a headline.
        parts: into how many parts a headline is cut at most.
        characters: longest headline.
        paragraphs: how many of a text's first paragraphs are looked at.
        name_words: most words of a site's name.
    """

    headline_stems: int = 2
    headings: int = 5
    articles: int = 20
    agreement: float = 1.5
    slug_words: int = 3
    parts: int = 6
    characters: int = 300
    paragraphs: int = 200
    name_words: int = 4


THRESHOLDS = MetadataThresholds()

_TITLES = ("og:title", "twitter:title")
_DESCRIPTIONS = ("og:description", "description", "twitter:description")
_PARTS = re.compile(r"(\s[|–—»«:-]\s|\s?\|\s?|(?<=\.com):\s|\s:\s)")
_SLUG = re.compile(r"[a-z]{3,}")
_LETTERS = re.compile(r"\w+")
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
    def is_product(self) -> bool:
        """Whether the page says that it is there to sell something."""
        return _is_called("sold_types", self.type)

    @property
    def is_home(self) -> bool:
        """Whether the page says that it is the front page of a site."""
        paths = [_path(address) for address in self.addresses if "//" in address]
        return bool(paths) and not any(paths) and not self.has_article

    @property
    def is_about_site(self) -> bool:
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
        return len(told) < len(parts) and sum(len(part.split()) for part in told) <= THRESHOLDS.name_words

    @property
    def slug(self) -> str:
        """The words of the page's address, where it spells out a headline; else nothing."""
        for address in self.addresses:
            words = _SLUG.findall(_path(address).rpartition("/")[2].casefold())
            if len(words) >= THRESHOLDS.slug_words:
                return " ".join(words)
        return ""

    def claims(self) -> list[frozenset[str]]:
        """Return the words by which headlines and address say which text is the story: no general ones."""
        general = _generic() | stems_of([self.site])
        claims = (stems_of([text]) - general for text in (*self.headlines, self.slug))
        return [claim for claim in dict.fromkeys(claims) if len(claim) >= THRESHOLDS.headline_stems]

    def title(
        self, paragraphs: Sequence[str], lines: Iterable[str], site: str, heading: str | None = None
    ) -> str | None:
        """Return the headline of a text: of all that are declared, whole and without the site's name, the best.

        Args:
            paragraphs: the text.
            lines: all lines of the page: one of them is the headline.
            site: the site's host name or name.
            heading: the one above the text: the headline where what is declared hardly has a word of the text.
        """
        stems = stems_of(paragraphs[: THRESHOLDS.paragraphs])
        shown = {letters(line) for line in lines if len(line) < THRESHOLDS.characters}
        forms = [letters(headline) for headline in self.headlines]
        names = [name for part in (self.site, *site.split(".")) if len(name := letters(part)) > 3]
        # "kabarlaras.portal.id": where a portal gives each newspaper a name of its own.
        hosts = [split_address(address).hostname or "" for address in self.addresses]
        wholes = {letters(label) for host in hosts for label in host.split(".")}
        best: tuple[float, str] = (0.0, "")
        for headline in (*self.headlines, *self._rests()):
            for part in _parts(headline, names, wholes):
                own = letters(part)
                agreed = sum(own in form for form in forms) + 2 * (own in shown)
                score = shared_words(part, stems) + THRESHOLDS.agreement * agreed
                if own and score > best[0]:
                    best = score, part
        is_shown = letters(best[1]) in shown
        if heading and not is_shown and shared_words(best[1], stems) <= 1 < shared_words(heading, stems):
            return heading
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


def calendar_day(year: int, month: int, day: int) -> str | None:
    """Return a day as YYYY-MM-DD; None where the calendar doesn't have it."""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def letters(text: str) -> str:
    """Return the letters and digits of a text in a row, case folded, by which copies of it are known."""
    return "".join(_LETTERS.findall(text.casefold()))


def _parts(headline: str, names: Sequence[str], wholes: Collection[str] = ()) -> Iterator[str]:
    """Yield each run of a headline's parts, the longest first: the names of site and section may be among them.

    Args:
        headline: as it is declared.
        names: what the site is called. Parts with such a name are left out, unless there is no other.
        wholes: what parts that are left out too consist of, such as the first part of the host's name.
    """
    pieces = _PARTS.split(headline)[: 2 * THRESHOLDS.parts - 1]
    forms = {at: letters(pieces[at]) for at in range(0, len(pieces), 2)}
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
        content = one_line(repair(element.get("content") or ""))
        if name and content:
            metas.setdefault(name, content)
    articles = list(_linked_data(root))
    headings = [_text(element) for element in root.iter("h1")]
    titles = [_text(element) for element in root.iter("title") if element.getparent().tag == "head"][:1]
    linked = _strings(articles[: THRESHOLDS.articles], "headline")
    headlines = [*(metas.get(name, "") for name in _TITLES), *linked, *titles]
    # On an index, each teaser has one.
    if len(headings) <= THRESHOLDS.headings:
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
    return one_line(repair("".join(element.itertext())))


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


@cache
def _generic() -> frozenset[str]:
    return stems_of(list(html_lists.words("generic")))


def _is_called(kind: str, text: str) -> bool:
    """Tell whether a text as a whole matches one of the patterns of a list."""
    return html_lists.pattern(kind).fullmatch(text) is not None


def is_no_headline(text: str) -> bool:
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
    for name in one_line(repair(declared)).split(";"):
        person = _COUNT.sub("", _ROLE.sub("", name.strip()))
        own = letters(person)
        if person and not others.search(person) and not any(label in own or own in label for label in labels):
            names.append(person)
    return "; ".join(dict.fromkeys(names)) or None
