"""Read a page that was saved as text into an `Article` that is not cleaned yet.

What programs do to a page when they save it as text is undone first: wrapped lines, numbered links, Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from summarizer.article import Article
from summarizer.errors import InputError, NoArticleError
from summarizer.extraction.acceptance import require_few_lines
from summarizer.extraction.decoding import repair
from summarizer.extraction.line_classes import Line, ends_sentence
from summarizer.extraction.metadata import calendar_day, is_no_headline, split_address
from summarizer.extraction.one_line import (
    WARNING,
    cut_copies,
    cut_headline,
    cut_line,
    find_line_headline,
    is_one_line,
)
from summarizer.extraction.rules import BULLET
from summarizer.extraction.segmentation import find_headline, find_story, page_classifier
from summarizer.text.normalise import normalize_line_ends, plain_text


@dataclass(frozen=True)
class DumpThresholds:
    """What shows how a page was saved as text; measured on what lynx, w3m, html2text and browsers write.

    Attributes:
        widths: fewest and most characters of a wrapped line.
        outliers: share of the broken lines that may be longer than the width, from 0 to 1.
        long: share of the width from which on a line tells something about it.
        forced: share of the long lines that had to be broken where they are.
        fewest: fewest broken lines that are evidence by themselves.
        slack: by how many characters a line may stick out where there are fewer.
        links: fewest numbers of links without a list of addresses.
        rising: share of the numbers that follow the one before.
        marks: fewest marks of Markdown on a page of it.
        head_lines: how many of the first lines may hold the headline and the date.
        near: how many lines around the headline may hold the date.
        slug_words: fewest words of an address that spells out the headline.
        slug_share: share of them that the headline must have.
        title_words: fewest and most words of a headline.
        title_characters: most characters of one.
    """

    widths: tuple[int, int] = (50, 132)
    outliers: float = 0.02
    long: float = 0.75
    forced: float = 0.4
    fewest: int = 4
    slack: int = 15
    links: int = 5
    rising: float = 0.8
    marks: int = 3
    head_lines: int = 12
    near: int = 4
    slug_words: int = 4
    slug_share: float = 0.7
    title_words: tuple[int, int] = (2, 30)
    title_characters: int = 220


THRESHOLDS = DumpThresholds()

_ITEM = re.compile(r"\s*(?:[-*+•·▪◦●○»#]\s|\d{1,2}[.)]\s)")
_GOES_ON = re.compile(r"\s*\(?[a-z]")
# lynx -dump, elinks -dump: "[12]text", and at the end a list of the addresses.
_LINK_NUMBER = re.compile(r"\[(\d{1,4})\](?=\S)")
_REFERENCES = re.compile(r"^[^\S\n]*(?:References|Visible links|Hidden links):?\s*$", re.MULTILINE)
_REFERENCE = re.compile(r"^[^\S\n]*\d{1,4}\.\s+(?:[a-z]+://|file:|mailto:|javascript:)\S*", re.MULTILINE)
_PICTURE = re.compile(r"\[(?:INLINE|IMAGE|LINK)?\](?=\s)")
# Markdown as html2text, pandoc and turndown write it.
_LINK = re.compile(r"!?\[((?:[^\[\]\\\n]|\\.){0,400})\]\((?:[^()\s]|\([^()\s]*\)){0,2000}(?:\s+\"[^\"\n]{0,200}\")?\)")
_ADDRESS = re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,2000})>")
_HEADING = re.compile(r"^\s{0,3}(#{1,6})(?:\s+|$)", re.MULTILINE)
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^*_\n]{1,600}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*_])([*_])(?=\S)([^*_\n]{1,600}?)(?<=\S)\1(?![\w*_])")
_ESCAPE = re.compile(r"\\([-.+*_#()\[\]{}!`|\\>])")
_TABLE = re.compile(r"^[^\S\n]*\|(?:\s?:?-{3,}:?\s?\|)+\s*$", re.MULTILINE)
_ROW = re.compile(r"^[ \t]*\|[ \t]*+([^\n]*)\|[ \t]*$", re.MULTILINE)
_RULER = re.compile(r"^[^\S\n]*(?:[-*_|:]\s*){3,}$", re.MULTILINE)
_AUTHOR = re.compile(r"\(?(?:Penulis|Reporter|Pewarta|Oleh)\s*:\s*([A-Z][^|:()]{2,60}?)\s*(?:\||\)|$)")
_DATE = re.compile(r"(?:^|[\s,])(\d{1,2})(?:\s([^\W\d_]{3,9})\s|[/-](\d{1,2})[/-])(\d{4})\b")
# What has brackets may be no address that can be taken apart.
_URL = re.compile(r"https?://[^\s\[\]]+")


def read_dump(text: str, source: str) -> Article:
    """Read a page that was saved as text.

    Raises:
        InputError: there is no text.
        NoArticleError: there is nothing but an address, or there are more paragraphs than any article has.
    """
    paragraphs = split_paragraphs(text)
    if not paragraphs:
        raise InputError(f"{source} is empty")
    require_few_lines(paragraphs, source)
    url = site = None
    if _URL.fullmatch(paragraphs[0]):
        url, paragraphs = paragraphs[0], paragraphs[1:]
        site = split_address(url).hostname
    if not paragraphs:
        raise NoArticleError(f"{source} holds nothing but an address: save the page, then name its file")
    is_one = is_one_line(paragraphs)
    headline = None
    if is_one:
        paragraphs, headline = _cut(paragraphs, site)
    else:
        paragraphs = cut_copies(cut_headline(paragraphs))
    classify = page_classifier(paragraphs, site)
    lines = [classify(paragraph) for paragraph in paragraphs]
    story = find_story(lines, is_cut=is_one)
    at = _find_slug(paragraphs, url)
    if at is None and is_one:
        at = paragraphs.index(headline) if headline else None
    elif at is None:
        at = find_headline(lines, story)
    is_near = not is_one and len(paragraphs) > 1 and story.start <= THRESHOLDS.head_lines
    if at is None and is_near and _is_headline(paragraphs[0]) and not lines[0].rule("line"):
        at = 0
    head = [*lines[max(0, (at or 0) - THRESHOLDS.near) : max(story.start, at or 0) + THRESHOLDS.near]]
    # The headline may name another day than that of publication.
    head = [line for line in (*head, *lines[: THRESHOLDS.head_lines]) if at is None or line is not lines[at]]
    return Article(
        source=source,
        title=None if at is None else BULLET.sub("", paragraphs[at], count=1),
        paragraphs=paragraphs,
        site=site,
        url=url,
        author=next((match.group(1) for line in paragraphs if (match := _AUTHOR.match(line))), None),
        warnings=(WARNING,) if is_one else (),
        objection=None if is_one else _objection(paragraphs, at),
        is_cut=is_one,
        date=next((day for line in sorted(head, key=_is_undated) if (day := _date(line))), None),
    )


def _objection(paragraphs: Sequence[str], headline: int | None) -> str | None:
    """Return why a page is no article, by the heading that it begins with; a menu begins with several of them."""
    first, *rest = paragraphs
    if not is_no_headline(first) or any(map(is_no_headline, rest[: THRESHOLDS.near])):
        return None
    if ":" not in first and headline:
        return None
    return "its heading says that it is about its site, or that it lists what the site has"


def _cut(paragraphs: tuple[str, ...], site: str | None) -> tuple[tuple[str, ...], str | None]:
    """Cut a page that stands on one line.

    Returns:
        The pieces, and which of them is the headline.
    """
    pieces = cut_line(paragraphs)
    classify = page_classifier(pieces, site)
    story = find_story([classify(piece) for piece in pieces], is_cut=True)
    headline = find_line_headline(paragraphs, pieces, range(story.start, story.end)) if story.end else None
    if headline is None:
        return pieces, None
    pieces = cut_line(paragraphs, headline)
    return pieces, headline if headline in pieces else None


def _find_slug(paragraphs: Sequence[str], url: str | None) -> int | None:
    """Return which paragraph is the headline that the address spells out."""
    slug = set(re.findall(r"[a-z0-9]+", split_address(url).path.rstrip("/").rsplit("/", 1)[-1])) if url else set()
    if len(slug) < THRESHOLDS.slug_words:
        return None
    best, found = THRESHOLDS.slug_share * len(slug), None
    for at, text in enumerate(paragraphs):
        start = text.casefold()[: THRESHOLDS.title_characters]
        words = set(re.findall(r"[a-z0-9]+", re.sub(r"['’.,]", "", start)))
        if _is_headline(text) and len(slug & words) >= best:
            # A later one only if it has more of the words.
            best, found = len(slug & words) + 1, at
    return found


def _is_undated(line: Line) -> bool:
    return line.rule("head") is None


def _date(line: Line) -> str | None:
    """Return the day that a short line with day and time names, as YYYY-MM-DD."""
    if len(line.text) > THRESHOLDS.title_characters or (ends_sentence(line.text) and _is_undated(line)):
        return None
    for day, name, number, year in _DATE.findall(line.text):
        month = _months().get(name.casefold()[:3], 0) if name else int(number)
        if told := calendar_day(int(year), month, int(day)):
            return told
    return None


@cache
def _months() -> dict[str, int]:
    """Return the numbers of the months by the first three letters of their Indonesian and English names."""
    from babel.dates import get_month_names

    names = [get_month_names("wide", locale=language) for language in ("id", "en")]
    # "Ags" and "Agt" stand for Agustus in newspapers, though not in CLDR.
    return {name.casefold()[:3]: number for table in names for number, name in table.items()} | {"ags": 8, "agt": 8}


def _is_headline(line: str) -> bool:
    fewest, most = THRESHOLDS.title_words
    return (
        len(line) <= THRESHOLDS.title_characters
        and fewest <= len(line.split()) <= most
        and not (ends_sentence(line) and not line.endswith(("?", "!", "…")))
        and not (line.startswith("(") and line.endswith(")"))
        and any(character.isalpha() for character in line)
    )


def split_paragraphs(text: str) -> tuple[str, ...]:
    """Cut text into paragraphs: one for each line, or for each run of lines that a program has wrapped.

    Args:
        text: a page as it was saved.

    Returns:
        The paragraphs without the blank ones, each on one line, repaired (see `repair`), made plain (see
        `summarizer.text.normalise`), without the numbers of links and the marks of Markdown where the page is full of
        them.
    """
    # lynx breaks lines before it puts the numbers in.
    text = _without_link_numbers(normalize_line_ends(repair(text)))
    text = _without_markdown("\n".join(_unwrapped(text)))
    return tuple(line for part in plain_text(text).split("\n") if (line := part.strip()))


def _unwrapped(text: str) -> Iterator[str]:
    lines = [line.expandtabs().rstrip() for line in text.split("\n")]
    width = _width(lines)
    if width is None:
        yield from lines
        return
    paragraph = ""
    for line, after in pairwise([*lines, ""]):
        paragraph = f"{paragraph} {line.strip()}" if paragraph else line
        if not _goes_on(line, after, width):
            yield paragraph
            paragraph = ""


def _goes_on(line: str, after: str, width: int) -> bool:
    """Tell whether a line was broken only because the next one's first word had no room on it."""
    if not line or not after or len(line) > width or _ITEM.match(after):
        return False
    return len(line) + 1 + len(after.split(None, 1)[0]) > width


def _width(lines: list[str]) -> int | None:
    """Return the width at which a program has wrapped the lines, or None where none has."""
    # A line that ends with a comma, or goes on with a small letter on the next one, was broken in a sentence.
    broken = sorted(
        len(line)
        for line, after in pairwise(lines)
        if len(line) >= THRESHOLDS.widths[0]
        and after
        and (line.endswith(",") or _GOES_ON.match(after))
        and not ends_sentence(line, ".!?:…")
    )
    if not broken:
        return None
    width = broken[-1 - int(len(broken) * THRESHOLDS.outliers)]
    if len(broken) < THRESHOLDS.fewest:
        # Hardly any evidence: then nothing may stick out.
        longest = max(map(len, lines))
        if longest > width + THRESHOLDS.slack:
            return None
        width = longest
    if not THRESHOLDS.widths[0] <= width <= THRESHOLDS.widths[1]:
        return None
    long = [
        (line, after)
        for line, after in pairwise(lines)
        if after and THRESHOLDS.long * width <= len(line) <= width and not _ITEM.match(after)
    ]
    forced = sum(_goes_on(line, after, width) for line, after in long)
    return width if forced >= THRESHOLDS.forced * len(long) else None


def _without_link_numbers(text: str) -> str:
    """Remove the numbers that lynx gives to links and pictures, and the list of addresses below the page."""
    numbers = [int(number) for number in _LINK_NUMBER.findall(text)]
    rising = sum(after == before + 1 for before, after in pairwise(numbers))
    found = _REFERENCES.search(text)
    listed = len(_REFERENCE.findall(text, found.end())) if found else 0
    if rising < THRESHOLDS.rising * (len(numbers) - 1) or (not listed and len(numbers) < THRESHOLDS.links):
        return text
    if found and listed:
        text = text[: found.start()] + _REFERENCES.sub("", _REFERENCE.sub("", text[found.start() :]))
    return _LINK_NUMBER.sub("", _PICTURE.sub("", text))


def _without_markdown(text: str) -> str:
    tables = len(_TABLE.findall(text))
    if not tables and sum(len(mark.findall(text)) for mark in (_LINK, _HEADING, _STRONG)) < THRESHOLDS.marks:
        return text
    if tables:
        text = _ROW.sub(r"\1", _TABLE.sub("", text))
    for _ in range(2):  # a picture in a link
        text = _LINK.sub(lambda match: "" if match.group().startswith("!") else match.group(1), text)
    text = _RULER.sub("", _HEADING.sub("", _ADDRESS.sub(r"\1", text)))
    text = _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", text))
    return _ESCAPE.sub(r"\1", text)
