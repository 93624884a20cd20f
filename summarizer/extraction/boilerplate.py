"""Remove from a page what is not the article.

What goes is said by where the story stands, by the rules in ``rules.toml``, and by two rules of shape that need no
wording. Nothing else is rewritten than lost spaces: a piece that goes out of the middle of a paragraph leaves two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from summarizer.article import Article, Removed
from summarizer.extraction.article_pages import CONTINUES, missing_pages
from summarizer.extraction.blocks import Block, Kind, Page, alphanumeric_key, is_headline, is_running
from summarizer.extraction.datelines import REPORT
from summarizer.extraction.rules import Rule, RuleKind, load_rules, rules_of, word_list
from summarizer.extraction.story import Story, find_date, find_story
from summarizer.extraction.teasers import opens_teaser, teaser_end
from summarizer.text.words import common_words

# What goes by no rule of the file, each by a name of its own.
_TITLE = "title"  # the headline, which the article has apart from its text
_ABOVE = "above_article"
_BELOW = "below_article"
_OUTSIDE = "outside_article"  # what stands outside of the element of the page that holds the article
_HEADLINE_LIST = "headline_list"  # headlines and labels below the heading of a list
_HEADLINE_RUN = "headline_run"  # headlines that follow each other, with no heading above them
_OUTER_COPY = "outer_copy"  # a paragraph that holds the next ones once more: nested markup that was saved as text
_COPY = "copy"  # the same page once more, in one file
# Most words of a subheading below a list.
_SUBHEADING_WORDS = 4
# Fewest headlines of a list without a heading: two may be a subheading in two lines.
_RUN = 3
# Fewest characters that an outer copy may begin with, the share of it that the blocks after it must make up, and how
# many of them are looked at.
_COPY_CHARACTERS = 40
_COPY_SHARE = 0.6
_COPY_REACH = 60
# Among how many paragraphs at the top the one with the dateline is: a lead may stand above it.
_DATELINE_REACH = 3
# In how much of the text the names at the beginning of sentences are looked up, in characters.
_NAMES_REACH = 20_000
_CUT_OFF = re.compile(r"\w\s?(?:…|\.{3,})$")
# A comma between letters; a full stop between a word and a capitalised one that doesn't end an address.
_LOST_SPACE = re.compile(
    r"(?<=[^\W\d_]{2}),(?=[^\W\d_]{2})|(?<=[a-z]{3})\.(?!(?:Com|Co|Id|Net|Tv|Org|News|Info)\b)(?=[A-Z][a-z]+[ ,])"
)

Numbered = tuple[int, str]
"""A paragraph, or a piece of it, with its number on the page."""


def clean(page: Page) -> Article:
    """Return the article of a page, without navigation, adverts, prompts, bylines and datelines."""
    story = find_story(page)
    kept, removed = _sort_out(page.blocks, story)
    kept, cut = _cut_pieces(kept)
    removed += [*cut, *_cut_end(kept), *_cut_datelines(kept, alphanumeric_key(page.site or ""))]
    removed.sort(key=lambda piece: piece.paragraph_number)
    removed += [Removed(text, _OUTSIDE, line) for line, text in enumerate(page.outside, start=len(page.blocks) + 1)]
    paragraphs = tuple(_restore_spaces(text) for _, text in kept)
    warnings = (*page.warnings, *_doubts(page.url or "", removed, paragraphs))
    return Article(
        page.source,
        story.headline,
        paragraphs,
        site=page.site,
        url=page.url,
        author=page.author,
        date=page.date or find_date(page.blocks, story),
        removed=tuple(removed),
        paragraph_numbers=tuple(number for number, _ in kept),
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _sort_out(blocks: Sequence[Block], story: Story) -> tuple[list[Numbered], list[Removed]]:
    """Tell the paragraphs of the article from the other blocks of the page."""
    kept: list[Numbered] = []
    removed = []
    inside_list = False
    runs = _headline_runs(blocks)
    copies = _copies_from(blocks)
    for at, block in enumerate(blocks):
        is_item = inside_list and block.kind in (Kind.LABEL, Kind.ROW) and not _is_subheading(blocks, at)
        inside_list = is_item or block.kind is Kind.SECTION or (inside_list and block.kind is Kind.LINE)
        if story.headline and block.text.casefold() == story.headline.casefold():
            rule = _TITLE
        elif story.start <= at < story.end:
            rule = _HEADLINE_RUN if at in runs else _why_not(blocks, at, is_item=is_item)
        elif block.rule:
            rule = block.rule.name
        elif is_item:
            rule = _HEADLINE_LIST
        else:
            rule = _ABOVE if at < story.start else _BELOW
        if not rule and at >= copies:
            rule = _COPY
        if rule:
            removed.append(Removed(block.text, rule, at + 1))
        else:
            kept.append((at + 1, block.text))
    return kept, removed


def _copies_from(blocks: Sequence[Block]) -> int:
    """Return from which block on all running text is what stands above once more, in the same order; else the end."""
    running = [at for at, block in enumerate(blocks) if block.kind is Kind.TEXT and is_running(block.text)]
    texts = [blocks[at].text for at in running]
    if not texts or texts[0] not in texts[1:]:
        return len(blocks)
    size = texts.index(texts[0], 1)
    # A single paragraph that comes again may be meant.
    if size == 1 or texts[size:] != texts[:-size]:
        return len(blocks)
    return running[size]


def _headline_runs(blocks: Sequence[Block]) -> set[int]:
    """Return which blocks are headlines in a row, with text above and below them: a list that has no heading."""
    runs: set[int] = set()
    run: list[int] = []
    is_below_text = False
    for at, block in enumerate(blocks):
        if block.kind is Kind.LABEL and is_headline(block.text):
            run.append(at)
            continue
        if len(run) >= _RUN and is_below_text and block.kind is Kind.TEXT:
            runs.update(run)
        run = []
        is_below_text = block.kind is Kind.TEXT
    return runs


def _is_subheading(blocks: Sequence[Block], at: int) -> bool:
    """Tell whether a block is a few words with the text right after it: headlines are longer."""
    return blocks[at].words <= _SUBHEADING_WORDS and any(is_running(block.text) for block in blocks[at + 1 : at + 2])


def _why_not(blocks: Sequence[Block], at: int, *, is_item: bool) -> str:
    """Return by which rule a block between the article's paragraphs goes; nothing where it is one of them."""
    block = blocks[at]
    if block.rule and block.kind in (Kind.SECTION, Kind.LINE):
        return block.rule.name
    if is_item:
        return _HEADLINE_LIST
    return _OUTER_COPY if _holds_the_next(block, blocks[at + 1 : at + 1 + _COPY_REACH]) else ""


def _holds_the_next(block: Block, following: Sequence[Block]) -> bool:
    """Tell whether a paragraph starts with the next one whole, and is made of those after it."""
    first = following[0].text if following else ""
    if not _COPY_CHARACTERS <= len(first) < len(block.text) or not block.text.startswith(first):
        return False
    copied = 0
    for after in following:
        if after.text in block.text:
            copied += len(after.text)
    return copied >= _COPY_SHARE * len(block.text)


def _cut_pieces(paragraphs: Sequence[Numbered]) -> tuple[list[Numbered], list[Removed]]:
    """Take teasers, adverts and credits out of paragraphs."""
    text = "\n".join(text for _, text in paragraphs)[:_NAMES_REACH]
    kept = []
    removed = []
    for number, paragraph in paragraphs:
        at = 0
        for start, end, rule in _pieces(paragraph, text):
            removed.append(Removed(paragraph[start:end].strip(), rule, number))
            kept.append((number, paragraph[at:start].strip()))
            at = end
        kept.append((number, paragraph[at:].strip()))
    return [(number, text) for number, text in kept if text], removed


def _pieces(paragraph: str, text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the start and end of each piece inside a paragraph that has to go, and the rule's name."""
    matches = []
    for rule in (*rules_of("inline"), *rules_of("teaser")):
        matches += [(match.start(), match.end(), rule) for match in rule.finds(paragraph)]
    at = 0
    for start, end, rule in sorted(matches, key=lambda piece: piece[:2]):
        if start < at:
            continue
        stop: int | None = end
        if rule.kind == "teaser":
            if paragraph[at:start].strip() and not opens_teaser(paragraph, start):
                continue
            stop = teaser_end(paragraph, end, text, has_colon=":" in paragraph[start:end])
        if stop is not None:
            yield start, stop, rule.name
            at = stop


def _cut_end(kept: list[Numbered]) -> Iterator[Removed]:
    """Take what stands behind the article's last sentence."""
    while kept and (found := _first_match("end", kept[-1][1])):
        rule, match = found
        number, text = kept[-1]
        if match.start() == 0 and len(kept) == 1:
            break
        yield Removed(text[match.start() :].strip(), rule.name, number)
        kept.pop()
        if match.start() > 0:
            kept.append((number, text[: match.start()]))


def _cut_datelines(kept: list[Numbered], site: str) -> Iterator[Removed]:
    """Take what stands in front of the article's first sentence, or below a lead in front of the next one.

    ``site`` is what the site is called, as `alphanumeric_key` gives it.
    """
    for place in range(min(len(kept), _DATELINE_REACH)):
        is_cut = False
        while found := _first_match("prefix", kept[place][1]):
            rule, match = found
            number, text = kept[place]
            begins_report = rule.role in REPORT or _names_site(match.group(), site)
            if not text[match.end() :].strip() or (place > 0 and not begins_report):
                break
            yield Removed(match.group().strip(), rule.name, number, leading=True)
            kept[place] = number, text[match.end() :]
            is_cut = True
        if is_cut:
            return


def _names_site(dateline: str, site: str) -> bool:
    name = alphanumeric_key(dateline)
    return len(name) > 2 and name in site


def _first_match(kind: RuleKind, text: str) -> tuple[Rule, re.Match[str]] | None:
    """Return the first rule of a kind that finds something in a text, and what it finds."""
    for rule in rules_of(kind):
        for match in rule.finds(text):
            if match.group():
                return rule, match
    return None


def _restore_spaces(text: str) -> str:
    """Return text with the spaces that sites lose as they drop links: after commas and full stops, between words.

    A word is cut in two only if it isn't a common one and what it is cut into is. Of 14,786 articles, all of 100 commas
    and full stops that were looked at, and all of 160 words, had lost their spaces.
    """
    return _glued_words().sub(_cut, _LOST_SPACE.sub(lambda mark: f"{mark.group()} ", text))


@cache
def _glued_words() -> re.Pattern[str]:
    """Return what finds two words in one: the second has a capital, or one of them is among the most frequent ones."""
    frequent = "|".join(sorted(word_list("glued_words")))
    return re.compile(
        rf"(?<![\w.@/-])(?:(?P<before>(?!detik)[a-z]{{3,}})(?P<name>[A-Z][a-z]{{2,}})"
        rf"|(?P<frequent>{frequent})(?P<behind>[a-z]{{5,}})|(?P<first>[a-z]{{5,}})(?P<last>{frequent}))(?![\w@/-])"
    )


def _cut(glued: re.Match[str]) -> str:
    common = common_words("id")
    first, second = filter(None, glued.groups())
    known = (first,) if glued["name"] else (first, second)
    return f"{first} {second}" if glued.group() not in common and common.issuperset(known) else glued.group()


def _doubts(address: str, removed: Sequence[Removed], paragraphs: Sequence[str]) -> Iterator[str]:
    """Yield a warning for each sign that not all of the article is there."""
    by_rule: dict[str, list[str]] = {}
    for piece in removed:
        by_rule.setdefault(piece.rule, []).append(piece.text)
    counts: list[str] = []
    for rule in load_rules():
        if rule.warning and rule.name in by_rule:
            yield rule.warning
        if rule.role == "next_page" and rule.name in by_rule:
            yield CONTINUES
        if rule.role == "page_count":
            counts += by_rule.get(rule.name, [])
    if paragraphs and _CUT_OFF.search(paragraphs[-1]):
        yield "the text seems to be cut off: it ends with dots"
    yield from missing_pages(counts, address)
