"""Remove from a page what is not the article.

What goes is said by the rules in ``rules.toml``, and by a few general rules of shape that need no wording:
headlines below a navigation heading, headlines in a run, copies of text that stands elsewhere on the page, and
boilerplate above the article. Nothing is ever rewritten: a piece that goes out of the middle of a paragraph leaves two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from summarizer.article import Article, Removed
from summarizer.extraction.line_classes import Line
from summarizer.extraction.rules import load_rules, opens_teaser
from summarizer.extraction.segmentation import Story, find_story, page_classifier
from summarizer.extraction.teasers import teaser_end

TITLE = "title"
"""The headline, which the article has apart from its text."""
HEADLINE_LIST = "headline_list"
"""Name of the rule of shape, under which the lines below a navigation heading are removed."""
HEADLINE_RUN = "headline_run"
"""Headlines that follow each other, with no heading above them."""
OUTER_COPY = "outer_copy"
"""A paragraph that holds the ones after it once more: nested markup that was saved as text."""
REPEATED = "repeated"
"""A paragraph that was there already."""
ABOVE_ARTICLE = "above_article"
"""A line above the article that no rule knows, between others that are known."""
BELOW_ARTICLE = "below_article"
"""A label below the article, under a line that is known."""
DATED_FEED = "dated_feed"
"""Headlines below the article with a date each, and what they announce."""
BARE_BULLET = "bare_bullet"
"""A line that holds nothing but a bullet."""

_PAGE_NUMBERS, _PAGE_OF = "page_numbers", re.compile(r"(\d{1,2}) ?(?:dari|/|of) ?(\d{1,2})", re.IGNORECASE)
_CUT_OFF = re.compile(r"\w\s?(?:…|\.{3,})$")
_LATER_PAGE = re.compile(r"[?&](?:page|hal|halaman)=([2-9]|[1-9]\d)\b")
_BARE_BULLET = re.compile(r"[-–—•·*▪◦●○»›|+#]+|\d{1,2}[.)]?")


@dataclass(frozen=True)
class BoilerplateThresholds:
    """How far cleaning looks and what it takes for few, tuned on the saved pages of 16 Indonesian sites.

    Attributes:
        passes: most times that all steps are done; each but the last takes something, so it bounds hostile pages.
        prefixes: most datelines before the first sentence.
        label_words: most words of a subheading below a list.
        copy_words: fewest words of a paragraph of which a copy goes.
        copy_characters: fewest characters of a paragraph that an outer copy may begin with.
        copy_share: share of an outer copy that the paragraphs after it must make up, from 0 to 1.
        copy_reach: how many paragraphs after it an outer copy may hold.
        head_lines: among how many lines at the top the article's beginning is looked for.
        head_share: how many times the text above it the text below must be.
        names_reach: in how much of the text names are looked up, in characters.
        title_reach: how many lines below the story's beginning its headline may stand.
        few_labels: fewest labels above the story that make a menu.
        run: fewest headlines of a list without a heading, inside the article and at its end.
        feed: fewest headlines with a date of a feed below the article, and fewest words of running text above it.
    """

    passes: int = 20
    prefixes: int = 4
    label_words: int = 4
    copy_words: int = 6
    copy_characters: int = 40
    copy_share: float = 0.6
    copy_reach: int = 60
    head_lines: int = 15
    head_share: int = 4
    names_reach: int = 20_000
    title_reach: int = 12
    few_labels: int = 5
    run: tuple[int, int] = (3, 2)
    feed: tuple[int, int] = (3, 25)


THRESHOLDS = BoilerplateThresholds()

Numbered = tuple[int, Line]
"""A paragraph, or what is left of it, with the number of the paragraph it was on the page."""


def clean(article: Article) -> Article:
    """Return the article without navigation, adverts, prompts, bylines and datelines.

    Args:
        article: a page as it was read.

    Returns:
        The same article with fewer paragraphs, and with all that went in `Article.removed`. Each paragraph that is
        left is a piece of the original one. Cleaning a cleaned article again changes nothing.
    """
    page = _Page(article)
    for _ in range(THRESHOLDS.passes):
        before = page.kept
        page.pass_once()
        if page.kept == before:
            break
    page.removed.sort(key=lambda piece: piece.line)
    paragraphs = tuple(line.text for _, line in page.kept)
    return replace(
        article,
        warnings=tuple(dict.fromkeys((*article.warnings, *_doubts(article, page.removed, paragraphs)))),
        paragraphs=paragraphs,
        removed=article.removed + tuple(page.removed),
        lines=tuple(article.lines[number - 1] if article.lines else number for number, _ in page.kept),
    )


def _doubts(article: Article, removed: Sequence[Removed], paragraphs: Sequence[str]) -> Iterator[str]:
    """Yield a warning for each sign that not all of the article is there."""
    yield from _missing_pages([piece.text for piece in removed if piece.rule == _PAGE_NUMBERS])
    rules = {piece.rule for piece in removed}
    yield from (rule.warning for rule in load_rules() if rule.warning and rule.name in rules)
    if paragraphs and _CUT_OFF.search(paragraphs[-1]):
        yield "the text seems to be cut off: it ends with dots"
    if page := _LATER_PAGE.search(article.url or ""):
        yield f"the address is that of page {page[1]} of the article: the pages before it are not in the file"


def _missing_pages(counters: Sequence[str]) -> Iterator[str]:
    """Yield a warning where counters such as "1 dari 4 halaman" say that not all pages of the article are there."""
    counted = [(int(match[1]), int(match[2])) for text in counters if (match := _PAGE_OF.search(text))]
    there, all_pages = {number for number, _ in counted}, max((total for _, total in counted), default=0)
    if len(there) > 1 and min(there) == 2:
        # They stand between the pages, and so none on the first.
        there.add(1)
    if missing := all_pages - len(there):
        yield f"the article has {all_pages} pages, of which {missing} {'is' if missing == 1 else 'are'} not in the file"


class _Page:
    """A page while it is cleaned; each step takes away from `kept` and adds to `removed`."""

    def __init__(self, article: Article) -> None:
        self.title = (article.title or "").casefold()
        self.is_cut = article.is_cut
        self.classify = page_classifier(article.paragraphs, article.site)
        self.book = self.classify.book
        self.kept: list[Numbered] = [(number, self.classify(text)) for number, text in enumerate(article.paragraphs, 1)]
        self.removed: list[Removed] = []
        self.footers = {rule.name for kind in ("section", "tail") for rule in self.book.of(kind)}
        # Whether menus stand above the story, so that a footer must stand below it.
        self.is_whole_page = False
        # Whether what stood above the story's headline is gone.
        self.has_headline = False

    def pass_once(self) -> None:
        """Do every step once, from the coarse to the fine."""
        self._story()
        self._feed()
        self._copies()
        self._lines()
        self._runs()
        self._head()
        self._tail()
        self._inside()
        self._prefixes()

    def _take(self, item: Numbered, rule: str) -> None:
        self.removed.append(Removed(item[1].text, rule, item[0]))

    def _copies(self) -> None:
        seen: set[str] = set()
        kept = []
        for position, item in enumerate(self.kept):
            if _holds_the_next(item[1], self.kept[position + 1 : position + 1 + THRESHOLDS.copy_reach]):
                self._take(item, OUTER_COPY)
            elif item[1].text in seen:
                self._take(item, REPEATED)
            else:
                kept.append(item)
                if item[1].words >= THRESHOLDS.copy_words:
                    seen.add(item[1].text)
        self.kept = kept

    def _story(self) -> None:
        """Take what stands around the story (see `segmentation`), where it is known not to belong to it."""
        lines = [line for _, line in self.kept]
        story = find_story(lines, is_cut=self.is_cut)
        if story.start == story.end:
            return
        first = self._below_title(lines, story.start)
        above = range(first or story.start)
        labels = sum(story.weights[at] < 0 and at not in story.rows for at in above)
        self.is_whole_page |= labels >= THRESHOLDS.few_labels
        self.has_headline |= first > 0
        keep = [at >= first for at in range(len(lines))]
        if first or (self.is_whole_page and not self.has_headline):
            for at in range(first, self._lead(lines, first, story) if first else story.start):
                keep[at] = False
        end = self._below_story(lines, story)
        keep[end:] = [False] * (len(lines) - end)
        inside_list = False
        for at, item in enumerate(self.kept):
            if not keep[at]:
                rule = item[1].boilerplate
                inside_list = (inside_list and not rule and item[1].is_list_item) or bool(
                    rule and rule.kind == "section"
                )
                side = HEADLINE_LIST if inside_list else ABOVE_ARTICLE if at < story.start else BELOW_ARTICLE
                self._take(item, TITLE if item[1].text.casefold() == self.title else rule.name if rule else side)
        self.kept = [item for item, kept in zip(self.kept, keep, strict=True) if kept]

    def _below_title(self, lines: list[Line], start: int) -> int:
        """Return the number of the line after the headline, or 0 where the headline doesn't stand above the story."""
        for at in range(min(start + THRESHOLDS.title_reach, len(lines) - 1), -1, -1):
            if lines[at].text.casefold() == self.title and self._is_head(at + 1, start):
                return at + 1
        return 0

    def _lead(self, lines: list[Line], first: int, story: Story) -> int:
        """Return the number of the first paragraph below the headline, where only a table parts it from the story."""
        lead = next((at for at in range(first, story.start) if story.weights[at] > 0), story.start)
        parting = [at for at in range(lead, story.start) if story.weights[at] < 0]
        rows = sum(at in story.rows for at in parting)
        is_page = any((rule := lines[at].boilerplate) and not rule.between for at in set(parting) - story.rows)
        return lead if rows >= len(parting) - rows and not is_page else story.start

    def _below_story(self, lines: list[Line], story: Story) -> int:
        """Return the number of the first line below the story that shows that the article is over."""
        for at in range(story.end, len(lines)):
            if at in story.rows:
                continue
            rule = lines[at].boilerplate
            if rule and not rule.between and (self.is_whole_page or rule.kind != "head"):
                return at
            if self.is_whole_page and story.weights[at] < 0 and not rule:
                return at
        return len(lines)

    def _feed(self) -> None:
        """Take a feed of other news below the article: headlines, below each a date and what it announces."""
        fewest, words = THRESHOLDS.feed
        lines = [line for _, line in self.kept]
        dated = [at for at in range(len(lines) - 1) if lines[at].is_label and not lines[at].boilerplate]
        dated = [at for at in dated if (rule := lines[at + 1].rule("head")) and rule.name == "date_line"]
        # The article's own headline may have one too.
        below = [at for at in dated if sum(line.words for line in lines[:at] if line.is_running) >= words]
        if len(below) < fewest:
            return
        first = below[0] - self._is_list_name(below[0] - 1)
        for item in self.kept[first:]:
            self._take(item, DATED_FEED)
        self.kept = self.kept[:first]

    def _is_list_name(self, at: int) -> bool:
        line = self.kept[at][1]
        return line.is_label and line.words <= THRESHOLDS.label_words

    def _lines(self) -> None:
        kept = []
        inside_list = False
        for position, item in enumerate(self.kept):
            if heading := item[1].rule("section"):
                inside_list = True
                self._take(item, heading.name)
            elif _BARE_BULLET.fullmatch(item[1].text):
                self._take(item, HEADLINE_LIST if inside_list else BARE_BULLET)
            elif rule := item[1].rule("line"):
                self._take(item, rule.name)
            elif inside_list and item[1].is_list_item and not self._is_subheading(position):
                self._take(item, HEADLINE_LIST)
            else:
                inside_list = False
                kept.append(item)
        self.kept = kept

    def _is_subheading(self, position: int) -> bool:
        """Tell whether a line is a few words with the text right after it: headlines are longer."""
        after = self.kept[position + 1 : position + 2]
        return self.kept[position][1].words <= THRESHOLDS.label_words and bool(after) and after[0][1].is_running

    def _runs(self) -> None:
        kept: list[Numbered] = []
        run: list[Numbered] = []
        for item in [*self.kept, (0, self.classify(""))]:
            if item[0] and item[1].is_headline:
                run.append(item)
                continue
            # Fewer are enough below the article, where nothing follows.
            if len(run) >= THRESHOLDS.run[0 if item[0] else 1] and kept:
                for headline in run:
                    self._take(headline, HEADLINE_RUN)
            else:
                kept += run
            run = []
            if item[0]:
                kept.append(item)
        self.kept = kept

    def _head(self) -> None:
        """Take what stands above the article: down to a line that says so, or to the article's own dateline."""
        top = self.kept[: THRESHOLDS.head_lines]
        datelines = [rule for rule in self.book.of("prefix") if rule.name.endswith("outlet_dateline")]

        known = [index for index, item in enumerate(top) if item[1].rule("head")]
        start = max((index + 1 for index in known if self._is_head(index + 1)), default=0)
        dateline = next(
            (index for index, item in enumerate(top) if any(rule.matches(item[1].text) for rule in datelines)), 0
        )
        if dateline >= start and self._is_head(dateline):
            start = dateline
        elif start:
            while start < len(self.kept) - 1 and not self.kept[start][1].is_running:
                start += 1
        for index, item in enumerate(self.kept[:start]):
            rule = item[1].rule("head") if index in known else None
            self._take(item, rule.name if rule else ABOVE_ARTICLE)
        self.kept = self.kept[start:]

    def _is_head(self, end: int, start: int = 0) -> bool:
        """Tell whether the sentences above are so few, beside what follows, that they can't be the article."""
        above = sum(line.words for _, line in self.kept[start:end] if not line.is_list_item)
        below = sum(line.words for _, line in self.kept[end:] if line.is_running)
        return below > THRESHOLDS.head_share * above

    def _tail(self) -> None:
        position = len(self.kept) - 1
        while position > 0:
            if rule := self.kept[position][1].rule("tail"):
                self._take(self.kept[position], rule.name)
                for item in self.kept[position + 1 :]:
                    self._take(item, HEADLINE_LIST)
                del self.kept[position:]
            elif not self.kept[position][1].is_list_item:
                break
            position -= 1
        self._below()
        while self.kept:
            number, text = self.kept[-1][0], self.kept[-1][1].text
            found = next(((rule, m) for rule in self.book.of("end") if (m := rule.matches(text))), None)
            if not found or (found[1].start() == 0 and len(self.kept) == 1):
                break
            self.removed.append(Removed(text[found[1].start() :].strip(), found[0].name, number))
            self.kept[-1:] = [(number, self.classify(text[: found[1].start()]))] if found[1].start() else []

    def _below(self) -> None:
        """Take the labels below the article that stand under something that was taken already: menus, footers."""
        end = next((at for at in range(len(self.kept), 0, -1) if not self.kept[at - 1][1].is_list_item), 0)
        last = self.kept[end - 1][0] if end else 0
        first = min(
            (piece.line for piece in self.removed if piece.line > last and piece.rule in self.footers), default=0
        )
        if not first or not end:
            return
        for item in self.kept[end:]:
            if item[0] > first:
                self._take(item, BELOW_ARTICLE)
        self.kept = [item for item in self.kept if item[0] <= max(first, last)]

    def _inside(self) -> None:
        text = "\n".join(line.text for _, line in self.kept)[: THRESHOLDS.names_reach]
        kept: list[Numbered] = []
        for number, line in self.kept:
            paragraph = line.text
            at = 0
            for start, end, rule in sorted(self._pieces(paragraph, text)):
                if start >= at:
                    self.removed.append(Removed(paragraph[start:end].strip(), rule, number))
                    if left := paragraph[at:start].strip():
                        kept.append((number, self.classify(left)))
                    at = end
            if left := paragraph[at:].strip():
                kept.append((number, self.classify(left)))
        self.kept = kept

    def _pieces(self, paragraph: str, text: str) -> Iterator[tuple[int, int, str]]:
        """Find the pieces inside a paragraph that have to go: start, end, rule."""
        for rule in self.book.of("inline"):
            if not rule.may_match(paragraph):
                continue
            for match in rule.pattern.finditer(paragraph):
                yield match.start(), match.end(), rule.name
        for rule in self.book.of("teaser"):
            if not rule.may_match(paragraph):
                continue
            for match in rule.pattern.finditer(paragraph):
                if opens_teaser(paragraph, match.start()):
                    end = teaser_end(paragraph, match.end(), text, has_colon=":" in match.group())
                    if end is not None:
                        yield match.start(), end, rule.name

    def _prefixes(self) -> None:
        if not self.kept:
            return
        number, first = self.kept[0][0], self.kept[0][1].text
        for _ in range(THRESHOLDS.prefixes):
            found = next(((rule, match) for rule in self.book.of("prefix") if (match := rule.matches(first))), None)
            if not found or not first[found[1].end() :].strip():
                break
            self.removed.append(Removed(found[1].group().strip(), found[0].name, number, leading=True))
            first = first[found[1].end() :]
        self.kept[0] = (number, self.classify(first))


def _holds_the_next(line: Line, following: list[Numbered]) -> bool:
    """Tell whether a paragraph starts with the next one whole, and is made of those after it."""
    first = following[0][1].text if following else ""
    if not THRESHOLDS.copy_characters <= len(first) < len(line.text) or not line.text.startswith(first):
        return False
    inside = sum(len(after.text) for _, after in following if after.text in line.text)
    return inside >= THRESHOLDS.copy_share * len(line.text)
