"""Read a page that was saved as text; lines that a program has wrapped and Markdown are undone first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from summarizer.errors import NoArticleError
from summarizer.extraction.blocks import (
    INDEX_OBJECTION,
    Block,
    Kind,
    Page,
    ends_sentence,
    is_headline,
    is_running,
    make_blocks,
    require_article_size,
    stems_of,
)
from summarizer.extraction.flattened_page import FUSED_WARNING, WARNING, cut_headline, cut_line, is_flattened, is_fused
from summarizer.extraction.metadata import is_about_site, split_address
from summarizer.text.normalise import normalize_line_ends, plain_text

# Fewest and most characters of a wrapped line.
_WIDTHS = (50, 132)
# Fewest broken lines that are evidence by themselves; where there are fewer, so many characters a line may stick out.
_MIN_BROKEN = 4
_SLACK = 15
_ITEM = re.compile(r"\s*(?:[-*+•·▪◦●○»#]\s|\d{1,2}[.)]\s)")
_GOES_ON = re.compile(r"\s*\(?[a-z]")
# Markdown as html2text, pandoc and turndown write it: so many marks make a page of it.
_MIN_MARKS = 3
_LINK = re.compile(r"!?\[((?:[^\[\]\\\n]|\\.){0,400})\]\((?:[^()\s]|\([^()\s]*\)){0,2000}(?:\s+\"[^\"\n]{0,200}\")?\)")
_HEADING = re.compile(r"^\s{0,3}(#{1,6})(?:\s+|$)", re.MULTILINE)
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^*_\n]{1,600}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*_])([*_])(?=\S)([^*_\n]{1,600}?)(?<=\S)\1(?![\w*_])")
_ESCAPE = re.compile(r"\\([-.+*_#()\[\]{}!`|\\>])")
_AUTHOR = re.compile(r"\(?(?:Penulis|Reporter|Pewarta|Oleh)\s*:\s*([A-Z][^|:()]{2,60}?)\s*(?:\||\)|$)")
# Fewest lines of a mail that is quoted as a whole: a headline and two paragraphs. A single ">" may be a bullet.
_MIN_QUOTED = 3
_ABOUT = "its heading says that it is about its site, or that it lists what the site has"
# Fewest announcements of an index page, a headline and a teaser each; fewer may be an article and what stands below it.
_MIN_TEASERS = 4
# What has brackets may be no address that can be taken apart.
_URL = re.compile(r"https?://[^\s\[\]]+")


def read_plain_text(text: str, source: str) -> Page:
    """Read a page that was saved as text; raise a `NoArticleError` for one that can be none."""
    paragraphs = split_paragraphs(text)
    require_article_size(paragraphs, source)
    url = site = None
    if paragraphs and _URL.fullmatch(paragraphs[0]):
        url = paragraphs[0]
        paragraphs = paragraphs[1:]
        site = split_address(url).hostname
    if not paragraphs:
        raise NoArticleError(f"{source} holds no text: save the page, then name its file")
    is_flat = is_flattened(paragraphs)
    paragraphs = cut_line(paragraphs) if is_flat else cut_headline(paragraphs)
    warnings = []
    if is_flat:
        warnings.append(WARNING)
    elif len(paragraphs) == 1 and is_fused(paragraphs[0]):
        warnings.append(FUSED_WARNING)
    blocks = make_blocks(paragraphs)
    objection = ""
    # A menu may begin with such a heading too.
    is_about = len(blocks) > 1 and is_about_site(blocks[0].text) and blocks[1].kind is Kind.TEXT
    # The pieces of a flattened page don't tell how its lines followed one another.
    if is_about and not is_flat:
        objection = _ABOUT
    elif not is_flat and _is_index(blocks):
        objection = INDEX_OBJECTION
    return Page(
        source,
        blocks,
        site=site,
        url=url,
        author=_find_author(paragraphs),
        warnings=tuple(warnings),
        objection=objection,
        is_flattened=is_flat,
    )


def _find_author(paragraphs: Sequence[str]) -> str | None:
    for line in paragraphs:
        if byline := _AUTHOR.match(line):
            return byline.group(1)
    return None


def split_paragraphs(text: str) -> tuple[str, ...]:
    """Cut text into plain paragraphs: its lines, or runs of wrapped ones, without Markdown's marks."""
    lines: Sequence[str] = [line.expandtabs().rstrip() for line in normalize_line_ends(text).split("\n")]
    lines = _unquoted(lines)
    width = _width(lines)
    if width is not None:
        lines = list(_unwrapped(lines, width))
    plain = plain_text(_without_markdown("\n".join(lines)))
    return tuple(filter(None, map(str.strip, plain.split("\n"))))


def _unquoted(lines: Sequence[str]) -> Sequence[str]:
    """Return lines without the ">" that a mail program puts in front of each line of a mail that is passed on."""
    filled = [line for line in lines if line]
    if len(filled) < _MIN_QUOTED or not all(line.startswith(">") for line in filled):
        return lines
    return [line.lstrip("> ") for line in lines]


def _unwrapped(lines: Sequence[str], width: int) -> Iterator[str]:
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


def _width(lines: Sequence[str]) -> int | None:
    """Return the width at which a program has wrapped the lines, or None where none has."""
    # A line that ends with a comma, or goes on with a small letter on the next one, was broken in a sentence.
    broken = [
        len(line)
        for line, after in pairwise(lines)
        if len(line) >= _WIDTHS[0]
        and after
        and (line.endswith(",") or _GOES_ON.match(after))
        and not ends_sentence(line, ".!?:…")
    ]
    width = max(broken, default=0)
    if len(broken) < _MIN_BROKEN:
        # Hardly any evidence: then nothing may stick out.
        longest = max(map(len, lines))
        width = longest if longest <= width + _SLACK else 0
    return width if _WIDTHS[0] <= width <= _WIDTHS[1] else None


def _without_markdown(text: str) -> str:
    if sum(len(mark.findall(text)) for mark in (_LINK, _HEADING, _STRONG)) < _MIN_MARKS:
        return text
    for _ in range(2):  # a picture in a link
        text = _LINK.sub(lambda match: "" if match.group().startswith("!") else match.group(1), text)
    text = _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", _HEADING.sub("", text)))
    return _ESCAPE.sub(r"\1", text)


def _is_index(blocks: Sequence[Block]) -> bool:
    """Tell whether all that a page has are headlines with a teaser below each, as a front page does.

    An article has paragraphs that stand below one another, or below a heading that can't be a headline. Where it has
    neither, its texts come back to the words of its headline.
    """
    headline = ""
    teasers = []
    for above, block in pairwise(blocks):
        if block.kind is not Kind.TEXT or not is_running(block.text):
            continue
        if not is_headline(above.text) or above.kind not in (Kind.LABEL, Kind.ROW):
            return False
        headline = headline or above.text
        teasers.append(block.text)
    if len(teasers) < _MIN_TEASERS:
        return False
    announced = stems_of(headline)
    about_headline = sum(not announced.isdisjoint(stems_of(teaser)) for teaser in teasers[1:])
    return 2 * about_headline < len(teasers) - 1
