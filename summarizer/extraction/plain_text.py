"""Read a page that was saved as text; lines that a program has wrapped and Markdown are undone first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

from summarizer.errors import NoArticleError
from summarizer.extraction.blocks import (
    INDEX_OBJECTION,
    MAX_LINES,
    Block,
    Kind,
    Page,
    is_headline,
    is_running,
    make_blocks,
    require_article_size,
    stems_of,
)
from summarizer.extraction.chat import part_messages, without_marks
from summarizer.extraction.flattened_page import FUSED_WARNING, WARNING, cut_headline, cut_line, is_flattened, is_fused
from summarizer.extraction.mail import without_mail_marks
from summarizer.extraction.metadata import is_about_site, split_address
from summarizer.extraction.wrapping import unwrap
from summarizer.text.normalise import normalize_line_ends, plain_text

# Markdown as html2text, pandoc and turndown write it: so many marks make a page of it.
_MIN_MARKS = 3
_LINK = re.compile(r"!?\[((?:[^\[\]\\\n]|\\.){0,400})\]\((?:[^()\s]|\([^()\s]*\)){0,2000}(?:\s+\"[^\"\n]{0,200}\")?\)")
_HEADING = re.compile(r"^\s{0,3}(#{1,6})(?:\s+|$)", re.MULTILINE)
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^*_\n]{1,600}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*_])([*_])(?=\S)([^*_\n]{1,600}?)(?<=\S)\1(?![\w*_])")
_ESCAPE = re.compile(r"\\([-.+*_#()\[\]{}!`|\\>])")
_AUTHOR = re.compile(r"\(?(?:Penulis|Reporter|Pewarta|Oleh)\s*:\s*([A-Z][^|:()]{2,60}?)\s*(?:\||\)|$)")
_ABOUT = "its heading says that it is about its site, or that it lists what the site has"
# Fewest announcements of an index page, a headline and a teaser each; fewer may be an article and what stands below it.
_MIN_TEASERS = 4
# Share of them below a headline that is known as one, and fewest words that a headline shares with its teaser where its
# shape doesn't tell.
_ANNOUNCED = 0.5
_SHARED = 2
# Most lines of a page that a program may have wrapped: each paragraph of the longest page is cut into 20.
_MAX_WRAPPED = 20 * MAX_LINES
# More blank lines than anything that reads lines looks across.
_GAP = re.compile(r"(?:\n[^\S\n]*){6,}(?=\n)")
# What has brackets may be no address that can be taken apart.
_URL = re.compile(r"https?://[^\s\[\]]+")
# Elements of HTML that stand in texts from a site's database; those that begin a line, and those within one.
_BLOCKS = re.compile(
    r"<(?:/?(?:p|div|h[1-6]|li|ul|ol|blockquote|center|section|article|figure|figcaption)\b[^<>]*|[bh]r\s{0,9}/?)>",
    re.IGNORECASE,
)
_INLINE = re.compile(
    r"</?(?:a|b|i|u|s|em|strong|span|font|small|big|sup|sub|mark|cite|abbr|img|wbr)(?:\s[^<>]*|/)?>", re.IGNORECASE
)
_COMMENT = re.compile(r"<!--(?:[^-]|-(?!->)){0,2000}-->")
# Fewest of them that make markup of a text, which may mention one.
_MIN_TAGS = 2


def without_tags(text: str) -> str:
    """Return a text in which tags of HTML stand as what they mean: the ends of lines, or nothing.

    A text that only mentions a tag stays as it is: markup has several, and closes what it opens or breaks lines.
    """
    tags = [*_BLOCKS.findall(text), *_INLINE.findall(text)]
    if len(tags) < _MIN_TAGS or not any(tag.startswith("</") or tag[1:3].lower() in ("br", "hr") for tag in tags):
        return text
    return unescape(_INLINE.sub("", _BLOCKS.sub("\n", _COMMENT.sub("", text))))


def read_plain_text(text: str, source: str) -> Page:
    """Read a page that was saved as text; raise a `NoArticleError` for one that can be none."""
    text = normalize_line_ends(text)
    _require_few_lines(text, source)
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


def _require_few_lines(text: str, source: str) -> None:
    """Raise a `NoArticleError` for a text of so many lines that putting them together would take long."""
    if text.count("\n") <= _MAX_WRAPPED:
        return
    filled = sum(1 for line in text.split("\n") if line.strip())
    if filled > _MAX_WRAPPED:
        raise NoArticleError(f"{source} has {filled} lines; an article has at most {MAX_LINES}: is it a log or a list?")


def _find_author(paragraphs: Sequence[str]) -> str | None:
    for line in paragraphs:
        if byline := _AUTHOR.match(line):
            return byline.group(1)
    return None


def split_paragraphs(text: str) -> tuple[str, ...]:
    """Cut text into plain paragraphs: its lines, or runs of wrapped ones, without marks of Markdown and chats."""
    text = _GAP.sub("\n" * 6, normalize_line_ends(text))
    lines: Sequence[str] = [line.expandtabs().rstrip() for line in text.split("\n")]
    lines = unwrap(part_messages(without_mail_marks(lines)))
    plain = plain_text(without_marks(_without_markdown("\n".join(lines))))
    return tuple(filter(None, map(str.strip, plain.split("\n"))))


def _without_markdown(text: str) -> str:
    """Return a text without the marks of Markdown, if it has enough of them to be Markdown."""
    marks = 0
    for mark in (_LINK, _HEADING, _STRONG):
        marks += len(mark.findall(text))
    if marks < _MIN_MARKS:
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
    teasers: list[str] = []
    # Those found above teasers. If the page is an article, its own headline is the first.
    headlines: list[str] = []
    between: list[Block] = []
    for block in blocks:
        if block.kind is not Kind.TEXT:
            between.append(block)
            continue
        is_paragraph_below_another = not between
        if is_paragraph_below_another or not is_running(block.text):
            return False
        headline = _headline_above(block, between)
        if headline:
            headlines.append(headline)
        teasers.append(block.text)
        between.clear()
    has_enough_teasers = len(teasers) >= _MIN_TEASERS
    has_enough_headlines = len(headlines) >= _ANNOUNCED * len(teasers)
    if not has_enough_teasers or not has_enough_headlines:
        return False
    return not _come_back_to(headlines[0], teasers[1:])


def _come_back_to(headline: str, texts: Sequence[str]) -> bool:
    """Tell whether at least half of some texts have a word of a headline."""
    words = stems_of(headline)
    about_headline = 0
    for text in texts:
        if not words.isdisjoint(stems_of(text)):
            about_headline += 1
    return 2 * about_headline >= len(texts)


def _headline_above(teaser: Block, above: Sequence[Block]) -> str:
    """Return the label among the blocks above a text that may be its headline, by its shape or its words; or ""."""
    words = stems_of(teaser.text)
    for block in reversed(above):
        if block.kind not in (Kind.LABEL, Kind.ROW):
            continue
        if is_headline(block.text) or len(stems_of(block.text) & words) >= _SHARED:
            return block.text
    return ""
