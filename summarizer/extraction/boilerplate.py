"""Remove from a page what is not the article.

What goes is said by where the story stands, by the rules in ``rules.toml``, and by two rules of shape that need no
wording. Nothing else is rewritten than lost spaces: a piece that goes out of the middle of a paragraph leaves two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from summarizer.article import Article, Removed
from summarizer.extraction.article_pages import CONTINUES, missing_pages
from summarizer.extraction.blocks import Block, Kind, Page, alphanumeric_key, is_headline, is_running
from summarizer.extraction.datelines import REPORT
from summarizer.extraction.lost_spaces import restore_lost_spaces
from summarizer.extraction.rules import Rule, RuleKind, load_rules, rules_of
from summarizer.extraction.story import Story, find_date, find_story
from summarizer.extraction.teasers import opens_teaser, teaser_end

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
# How many times the text in front of a dateline the text behind it must be, for that to be no part of the article.
_MUCH_MORE = 2
# In how much of the text the names at the beginning of sentences are looked up, in characters.
_NAMES_REACH = 20_000
_CUT_OFF = re.compile(r"\w\s?(?:…|\.{3,})$")

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
    paragraphs = tuple(restore_lost_spaces([text for _, text in kept], story.headline or ""))
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
    """Tell the paragraphs of the article, which come first, from the other blocks of the page."""
    kept: list[Numbered] = []
    removed: list[Removed] = []
    items = _find_items(blocks)
    runs = _headline_runs(blocks)
    copies = _copies_from(blocks)
    for place, block in enumerate(blocks):
        if story.headline and block.text.casefold() == story.headline.casefold():
            rule = _TITLE
        elif not story.start <= place < story.end:
            rule = _rule_outside_story(block, is_item=place in items, is_above=place < story.start)
        elif place in runs:
            rule = _HEADLINE_RUN
        else:
            rule = _rule_inside_story(blocks, place, is_item=place in items)
        if not rule and place >= copies:
            rule = _COPY
        number = place + 1
        if rule:
            removed.append(Removed(block.text, rule, number))
        else:
            kept.append((number, block.text))
    return kept, removed


def _find_items(blocks: Sequence[Block]) -> set[int]:
    """Return which blocks are headlines and labels below the heading of a list; boilerplate may stand among them."""
    items: set[int] = set()
    is_in_list = False
    for place, block in enumerate(blocks):
        if block.kind is Kind.SECTION:
            is_in_list = True
        elif is_in_list and block.kind in (Kind.LABEL, Kind.ROW) and not _is_subheading(blocks, place):
            items.add(place)
        elif block.kind is not Kind.LINE:
            is_in_list = False
    return items


def _copies_from(blocks: Sequence[Block]) -> int:
    """Return from which block on all running text is what stands above once more, in the same order; else the end."""
    running = [place for place, block in enumerate(blocks) if block.kind is Kind.TEXT and is_running(block.text)]
    texts = [blocks[place].text for place in running]
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
    for place, block in enumerate(blocks):
        if block.kind is Kind.LABEL and is_headline(block.text):
            run.append(place)
            continue
        if len(run) >= _RUN and is_below_text and block.kind is Kind.TEXT:
            runs.update(run)
        run = []
        is_below_text = block.kind is Kind.TEXT
    return runs


def _is_subheading(blocks: Sequence[Block], place: int) -> bool:
    """Tell whether a block is a few words with the text right after it: headlines are longer."""
    is_last = place + 1 == len(blocks)
    if is_last or blocks[place].words > _SUBHEADING_WORDS:
        return False
    return is_running(blocks[place + 1].text)


def _rule_outside_story(block: Block, *, is_item: bool, is_above: bool) -> str:
    """Return the name of the rule by which a block above or below the story goes."""
    if block.rule:
        return block.rule.name
    if is_item:
        return _HEADLINE_LIST
    return _ABOVE if is_above else _BELOW


def _rule_inside_story(blocks: Sequence[Block], place: int, *, is_item: bool) -> str:
    """Return the name of the rule by which a block within the story goes; "" for a paragraph of the article."""
    block = blocks[place]
    if block.rule and block.kind in (Kind.SECTION, Kind.LINE):
        return block.rule.name
    if is_item:
        return _HEADLINE_LIST
    following = blocks[place + 1 : place + 1 + _COPY_REACH]
    return _OUTER_COPY if _holds_the_next(block, following) else ""


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
    """Take teasers, adverts and credits out of paragraphs; return what is left, and what was taken."""
    text = "\n".join(text for _, text in paragraphs)[:_NAMES_REACH]
    kept: list[Numbered] = []
    removed: list[Removed] = []
    for number, paragraph in paragraphs:
        end_of_last = 0
        for start, end, rule in _pieces(paragraph, text):
            removed.append(Removed(paragraph[start:end].strip(), rule, number))
            kept.append((number, paragraph[end_of_last:start].strip()))
            end_of_last = end
        kept.append((number, paragraph[end_of_last:].strip()))
    return [(number, piece) for number, piece in kept if piece], removed


def _pieces(paragraph: str, text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the start and end of each piece inside a paragraph that has to go, and the rule's name.

    Args:
        paragraph: of the page.
        text: all paragraphs, or enough of them to know their names.
    """
    matches: list[tuple[int, int, Rule]] = []
    for rule in (*rules_of("inline"), *rules_of("teaser")):
        for match in rule.finds(paragraph):
            matches.append((match.start(), match.end(), rule))
    matches.sort(key=lambda match: match[:2])
    end_of_last = 0
    for start, end_of_match, rule in matches:
        if start < end_of_last:
            continue
        end: int | None = end_of_match
        if rule.kind == "teaser":
            follows_text = paragraph[end_of_last:start].strip() != ""
            if follows_text and not opens_teaser(paragraph, start):
                continue
            has_colon = ":" in paragraph[start:end_of_match]
            end = teaser_end(paragraph, end_of_match, text, has_colon=has_colon)
        if end is not None:
            yield start, end, rule.name
            end_of_last = end


def _cut_end(kept: list[Numbered]) -> Iterator[Removed]:
    """Take what stands behind the article's last sentence off its paragraphs, and yield it, the last piece first."""
    while kept:
        number, text = kept[-1]
        rule_and_match = _first_match("end", text)
        if rule_and_match is None:
            break
        rule, match = rule_and_match
        goes_whole = match.start() == 0
        if goes_whole and len(kept) == 1:
            break
        yield Removed(text[match.start() :].strip(), rule.name, number)
        kept.pop()
        if not goes_whole:
            kept.append((number, text[: match.start()]))


def _cut_datelines(kept: list[Numbered], site: str) -> Iterator[Removed]:
    """Take what stands in front of the article's first sentence, or below a lead in front of the next one; yield it.

    Args:
        kept: paragraphs of the article; they lose what is yielded.
        site: what the site is called, as `alphanumeric_key` gives it.
    """
    for place in range(min(len(kept), _DATELINE_REACH)):
        is_cut = False
        while rule_and_match := _first_match("prefix", kept[place][1]):
            rule, match = rule_and_match
            number, text = kept[place]
            rest = text[match.end() :]
            begins_report = rule.role in REPORT or _names_site(match.group(), site)
            is_below_lead = place > 0
            if not rest.strip() or (is_below_lead and not begins_report):
                break
            if rule.role == "front" and (is_cut or not _is_front(rule, match.group(), rest, kept)):
                break
            yield Removed(match.group().strip(), rule.name, number, leading=True)
            kept[place] = (number, rest)
            is_cut = True
        if is_cut:
            return


def _is_front(rule: Rule, front: str, rest: str, kept: Sequence[Numbered]) -> bool:
    """Tell whether what ends with a dateline is no part of an article: more follows, and no other such dateline.

    Args:
        rule: that found it.
        front: what stands in the first paragraph up to the end of the dateline.
        rest: what follows there.
        kept: all paragraphs of the article.
    """
    words_behind = len(rest.split())
    for _, text in kept[1:]:
        words_behind += len(text.split())
    # A digest has a dateline for each of its reports.
    return words_behind > _MUCH_MORE * len(front.split()) and not rule.finds(rest)


def _names_site(dateline: str, site: str) -> bool:
    """Tell whether a dateline is in what the site is called; two letters are in too many names."""
    name = alphanumeric_key(dateline)
    return len(name) > 2 and name in site


def _first_match(kind: RuleKind, text: str) -> tuple[Rule, re.Match[str]] | None:
    """Return the first rule of a kind that finds something in a text, and what it finds."""
    for rule in rules_of(kind):
        for match in rule.finds(text):
            if match.group():
                return rule, match
    return None


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
