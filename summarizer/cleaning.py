"""Take out of a page what is not the article.

What goes is said by the rules in ``cleaning_rules.toml``, and by a few general rules of shape that need no wording:
headlines below a navigation heading, headlines in a run, copies of text that stands elsewhere on the page, and page
furniture above the article. Nothing is ever rewritten: a piece that goes out of the middle of a paragraph leaves two.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

from summarizer.article import Article, Removed

Kind = Literal["line", "section", "prefix", "tail", "end", "head", "inline", "teaser"]

HEADLINE_LIST = "headline_list"
"""Name of the rule of shape, under which the lines below a navigation heading are removed."""
HEADLINE_RUN = "headline_run"
"""Headlines that follow each other, with no heading above them."""
OUTER_COPY = "outer_copy"
"""A paragraph that holds the ones behind it once more: nested markup that was saved as text."""
REPEATED = "repeated"
"""A paragraph that was there already."""
ABOVE_ARTICLE = "above_article"
"""A line above the article that no rule knows, between others that are known."""
BELOW_ARTICLE = "below_article"
"""A label below the article, under a line that is known."""
BARE_BULLET = "bare_bullet"
"""A line that holds nothing but a bullet."""

_PASSES = 20
_PREFIXES = 3
_TEASER_WORDS = 30
_BULLET = re.compile(r"^(?:[-–—•·*▪◦●»›#|]\s*|\d{1,2}[.)]\s+)?")
_BARE_BULLET = re.compile(r"[-–—•·*▪◦●»›|]+|\d{1,2}[.)]?")
_NUMBERED = re.compile(r"\d{1,2}[.)]\s")
_SENTENCE_END = re.compile(r"[.…][\"'”’)\]]*$")
_RUNNING = re.compile(r"[.!?…][\"'”’)\]]*(?:\s|$)")
# Where two pieces of text were glued together as their markup was dropped: "BerakhirPolisi", "RKRano".
_GLUE = re.compile(r"(?<=[a-z0-9?!\"”’+)])(?=[A-Z“\"])|(?<=[A-Z]{2})(?=[A-Z][a-z])|(?<=[?!])\s+(?=[A-Z“\"])")
_OPENS_TEASER = re.compile(r"(?:^|[.!?…:\"”’)])\s*$")
_NEXT_TEASER = re.compile(r"\s(?:Baca|Simak|Lihat|Tonton|Video|Foto|Infografis)(?: [Jj]uga)?\s?:\s")
_HEADLINE_WORDS, _LABEL_WORDS, _COPY_WORDS, _RUN_WORDS = 22, 4, 6, 5
_HEAD_LINES, _HEAD_SHARE = 15, 4
_COPY_REACH = 60
_RULE_REACH, _END_REACH, _NAMES_REACH = 700, 500, 20_000

Numbered = tuple[int, str]
"""A paragraph, or what is left of it, with the number of the paragraph it was on the page."""


@dataclass(frozen=True)
class Rule:
    """One rule of ``cleaning_rules.toml``; the file's head explains the fields."""

    name: str
    kind: Kind
    site: str
    pattern: re.Pattern[str]
    hit: str
    miss: str

    def applies_to(self, site: str | None) -> bool:
        """Tell whether the rule is meant for pages of this site."""
        return self.site == "any" or (site is not None and site.endswith(self.site))

    def matches(self, paragraph: str) -> re.Match[str] | None:
        """Match the rule against a paragraph, in the way of its kind."""
        if self.kind == "prefix":
            return self.pattern.match(paragraph)
        if self.kind == "end":
            return self.pattern.search(paragraph, max(0, len(paragraph) - _END_REACH))
        if self.kind == "inline":
            return self.pattern.search(paragraph)
        if self.kind == "teaser":
            return next((m for m in self.pattern.finditer(paragraph) if _opens_teaser(paragraph, m.start())), None)
        return self.pattern.fullmatch(paragraph)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("cleaning_rules.toml").read_text(encoding="utf-8"))


@cache
def _word_list(name: str) -> frozenset[str]:
    return frozenset(_data()[name])


@cache
def load_rules() -> tuple[Rule, ...]:
    """Read the rules, in the order of the file.

    Raises:
        ValueError: a rule is of no known kind.
    """
    cities = "|".join(re.escape(form) for city in _data()["cities"] for form in (city, city.upper()))
    rules = []
    for entry in _data()["rule"]:
        if entry["kind"] not in get_args(Kind):
            raise ValueError(f"rule {entry['name']!r} has the unknown kind {entry['kind']!r}")
        flags = re.IGNORECASE if entry["kind"] in ("line", "section", "tail", "head") else re.NOFLAG
        pattern = entry["pattern"].replace("{city}", f"(?:{cities})")
        if entry["kind"] == "end":
            pattern = rf"\s*(?:{pattern})\s*$"
        rules.append(Rule(**{**entry, "pattern": re.compile(pattern, flags)}))
    return tuple(rules)


def clean(article: Article) -> Article:
    """Return the article without navigation, adverts, prompts, bylines and datelines.

    Args:
        article: a page as it was read.

    Returns:
        The same article with fewer paragraphs, and with all that went in `Article.removed`. Each paragraph that is
        left is a piece of the original one. Cleaning a cleaned article again changes nothing.
    """
    page = _Page(article)
    for _ in range(_PASSES):
        before = page.kept
        page.pass_once()
        if page.kept == before:
            break
    page.removed.sort(key=lambda piece: piece.line)
    return replace(
        article,
        paragraphs=tuple(paragraph for _, paragraph in page.kept),
        removed=article.removed + tuple(page.removed),
        lines=tuple(article.lines[number - 1] if article.lines else number for number, _ in page.kept),
    )


class _Page:
    """A page while it is cleaned; each step takes away from `kept` and adds to `removed`."""

    def __init__(self, article: Article) -> None:
        self.title = (article.title or "").casefold()
        self.kept: list[Numbered] = list(enumerate(article.paragraphs, start=1))
        self.removed: list[Removed] = []
        rules = [rule for rule in load_rules() if rule.applies_to(article.site)]
        self.rules = {kind: [rule for rule in rules if rule.kind == kind] for kind in get_args(Kind)}

        self.furniture = {rule.name for kind in ("section", "tail") for rule in self.rules[kind]}

    def pass_once(self) -> None:
        """Do every step once, from the coarse to the fine."""
        self._copies()
        self._lines()
        self._runs()
        self._head()
        self._tail()
        self._inside()
        self._prefixes()

    def _take(self, item: Numbered, rule: str) -> None:
        self.removed.append(Removed(item[1], rule, item[0]))

    def _copies(self) -> None:
        seen: set[str] = set()
        kept = []
        for position, item in enumerate(self.kept):
            if _holds_the_next(item[1], self.kept[position + 1 : position + 1 + _COPY_REACH]):
                self._take(item, OUTER_COPY)
            elif item[1] in seen:
                self._take(item, REPEATED)
            else:
                kept.append(item)
                if len(item[1].split(None, _COPY_WORDS)) >= _COPY_WORDS:
                    seen.add(item[1])
        self.kept = kept

    def _lines(self) -> None:
        kept = []
        inside_list = False
        for position, item in enumerate(self.kept):
            bare = _BULLET.sub("", item[1], count=1)
            heading = _first(self.rules["section"], bare)
            if heading:
                inside_list = True
                self._take(item, heading.name)
            elif _BARE_BULLET.fullmatch(item[1]):
                self._take(item, HEADLINE_LIST if inside_list else BARE_BULLET)
            elif rule := _first(self.rules["line"], bare):
                self._take(item, rule.name)
            elif inside_list and _is_list_item(item[1]) and not self._is_subheading(position):
                self._take(item, HEADLINE_LIST)
            else:
                inside_list = False
                kept.append(item)
        self.kept = kept

    def _is_subheading(self, position: int) -> bool:
        """Tell whether a line is a few words with the text right behind it: headlines are longer."""
        after = self.kept[position + 1 : position + 2]
        return len(self.kept[position][1].split()) <= _LABEL_WORDS and bool(after) and _is_running(after[0][1])

    def _runs(self) -> None:
        kept: list[Numbered] = []
        run: list[Numbered] = []
        for item in [*self.kept, (0, "")]:
            if item[0] and _is_headline(item[1]):
                run.append(item)
                continue
            # Two are enough below the article, where nothing follows.
            if len(run) >= (3 if item[0] else 2) and kept:
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
        top = self.kept[:_HEAD_LINES]
        datelines = [rule for rule in self.rules["prefix"] if rule.name.endswith("outlet_dateline")]
        known = [index for index, item in enumerate(top) if _first(self.rules["head"], _BULLET.sub("", item[1], 1))]
        start = max((index + 1 for index in known if self._is_head(index + 1)), default=0)
        dateline = next((index for index, item in enumerate(top) if _first(datelines, item[1])), 0)
        if dateline > start and self._is_head(dateline):
            start = dateline
        elif start:
            while start < len(self.kept) - 1 and not _is_running(self.kept[start][1]):
                start += 1
        for index, item in enumerate(self.kept[:start]):
            rule = _first(self.rules["head"], _BULLET.sub("", item[1], 1)) if index in known else None
            self._take(item, rule.name if rule else ABOVE_ARTICLE)
        self.kept = self.kept[start:]
        if self.title and len(self.kept) > 1 and self.kept[0][1].casefold() == self.title:
            self._take(self.kept.pop(0), REPEATED)

    def _is_head(self, end: int) -> bool:
        """Tell whether the sentences above are so few, beside what follows, that they can't be the article."""
        above = sum(len(text.split()) for _, text in self.kept[:end] if not _is_list_item(text))
        below = sum(len(text.split()) for _, text in self.kept[end:] if _is_running(text))
        return below > _HEAD_SHARE * above

    def _tail(self) -> None:
        position = len(self.kept) - 1
        while position > 0:
            rule = _first(self.rules["tail"], self.kept[position][1])
            if rule:
                self._take(self.kept[position], rule.name)
                for item in self.kept[position + 1 :]:
                    self._take(item, HEADLINE_LIST)
                del self.kept[position:]
            elif not _is_list_item(self.kept[position][1]):
                break
            position -= 1
        self._below()
        while self.kept:
            number, text = self.kept[-1]
            found = next(((rule, m) for rule in self.rules["end"] if (m := rule.matches(text))), None)
            if not found or (found[1].start() == 0 and len(self.kept) == 1):
                break
            self._take((number, text[found[1].start() :].strip()), found[0].name)
            self.kept[-1:] = [(number, text[: found[1].start()])] if found[1].start() else []

    def _below(self) -> None:
        """Take the labels below the article that stand under something that was taken already: menus, footers."""
        end = next((at for at in range(len(self.kept), 0, -1) if not _is_list_item(self.kept[at - 1][1])), 0)
        last = self.kept[end - 1][0] if end else 0
        first = min(
            (piece.line for piece in self.removed if piece.line > last and piece.rule in self.furniture), default=0
        )
        if not first or not end:
            return
        for item in self.kept[end:]:
            if item[0] > first:
                self._take(item, BELOW_ARTICLE)
        self.kept = [item for item in self.kept if item[0] <= max(first, last)]

    def _inside(self) -> None:
        text = "\n".join(paragraph for _, paragraph in self.kept)[:_NAMES_REACH]
        kept: list[Numbered] = []
        for number, paragraph in self.kept:
            at = 0
            for start, end, rule in sorted(self._pieces(paragraph, text)):
                if start >= at:
                    self._take((number, paragraph[start:end].strip()), rule)
                    if left := paragraph[at:start].strip():
                        kept.append((number, left))
                    at = end
            if left := paragraph[at:].strip():
                kept.append((number, left))
        self.kept = kept

    def _pieces(self, paragraph: str, text: str) -> Iterator[tuple[int, int, str]]:
        """Find the pieces inside a paragraph that have to go: start, end, rule."""
        for rule in self.rules["inline"]:
            for match in rule.pattern.finditer(paragraph):
                yield match.start(), match.end(), rule.name
        for rule in self.rules["teaser"]:
            for match in rule.pattern.finditer(paragraph):
                if _opens_teaser(paragraph, match.start()):
                    end = _teaser_end(paragraph, match.end(), text, has_colon=":" in match.group())
                    if end is not None:
                        yield match.start(), end, rule.name

    def _prefixes(self) -> None:
        if not self.kept:
            return
        number, first = self.kept[0]
        for _ in range(_PREFIXES):
            found = next(((rule, match) for rule in self.rules["prefix"] if (match := rule.matches(first))), None)
            if not found or not first[found[1].end() :].strip():
                break
            self._take((number, found[1].group().strip()), found[0].name)
            first = first[found[1].end() :]
        self.kept[0] = (number, first)


def _first(rules: list[Rule], paragraph: str) -> Rule | None:
    if len(paragraph) > _RULE_REACH and not (rules and rules[0].kind == "prefix"):
        return None
    return next((rule for rule in rules if rule.matches(paragraph)), None)


def _is_running(text: str) -> bool:
    """Tell whether a paragraph is running text: a finished sentence of more than a few words."""
    return len(text.split(None, 7)) > 7 and bool(_RUNNING.search(text))


def _is_list_item(paragraph: str) -> bool:
    """Tell whether a line has the shape of a headline or a label, rather than of a sentence."""
    text = _BULLET.sub("", paragraph, count=1)
    words = text.split(None, _HEADLINE_WORDS)
    if len(words) > _HEADLINE_WORDS or _SENTENCE_END.search(text) or text.endswith(":"):
        return False
    return not text.endswith("?") or len(words) < _RUN_WORDS or not _reads_as_sentence(text)


def _is_headline(paragraph: str) -> bool:
    """Tell whether a line, with nothing around it to go by, can only be a headline: title case, no full stop."""
    if _NUMBERED.match(paragraph) or not _is_list_item(paragraph):
        return False
    words = _BULLET.sub("", paragraph, count=1).split()
    return len(words) >= _RUN_WORDS and "(" not in paragraph and _is_title_case(words)


def _is_title_case(words: list[str]) -> bool:
    telling = [word for word in words if word[:1].isalpha() and word.casefold() not in _word_list("small_words")]
    return len(telling) >= 3 and sum(word[0].isupper() for word in telling) >= 0.9 * len(telling)


def _is_lower(word: str) -> bool:
    """Tell whether a word shows that a sentence is running, as title case would have capitalised it."""
    return word[:1].islower() and word.strip(",;:").casefold() not in _word_list("small_words")


def _reads_as_sentence(text: str) -> bool:
    if text[:1] in '“"':
        return True
    return sum(_is_lower(word) for word in text.split(None, 12)[:12]) >= 2


def _holds_the_next(text: str, following: list[Numbered]) -> bool:
    """Tell whether a paragraph starts with the next one whole, and is made of those behind it."""
    if not following or not text.startswith(following[0][1]) or len(text) <= len(following[0][1]):
        return False
    if len(following[0][1]) < 40:
        return False
    inside = sum(len(after) for _, after in following if after in text)
    return inside >= 0.6 * len(text)


def _opens_teaser(paragraph: str, start: int) -> bool:
    """Tell whether a sentence is over where a teaser begins, so that it can't be prose."""
    return bool(_OPENS_TEASER.search(paragraph[max(0, start - 5) : start]))


def _teaser_end(paragraph: str, start: int, text: str, *, has_colon: bool) -> int | None:
    """Find where the headline behind "Baca juga:" ends and the article goes on.

    Args:
        paragraph: the paragraph.
        start: where the headline begins.
        text: all of the page, in which names that start sentences are looked up.
        has_colon: whether a colon announces a headline; "Baca Juga" alone may have lost its list.

    Returns:
        The headline's end in the paragraph; None where it can't be told.
    """
    window = paragraph[start : start + 600]
    if not has_colon and (not window.strip() or _reads_as_sentence(window.lstrip())):
        return start
    another = _NEXT_TEASER.search(window)
    if another:
        window = window[: another.start()]
    words = list(re.finditer(r"\S+", window))
    cut_short = start + len(window) < len(paragraph) and not another
    # A full stop or a glued sentence ends the headline for certain.
    for boundary in _boundaries(window):
        if _reads_as_sentence(window[boundary:].lstrip()):
            return start + boundary
    if len(words) <= _TEASER_WORDS and not cut_short and not _RUNNING.search(window.rstrip(" .")):
        return start + len(window)
    end = _sentence_start([word.group() for word in words], text)
    return start + words[end].start() if end else None


def _boundaries(window: str) -> Iterator[int]:
    for match in _GLUE.finditer(window):
        yield match.end()


def _sentence_start(words: list[str], text: str) -> int | None:
    """Find the word with which a sentence begins behind a headline that has no mark at its end.

    In title case, the first word in lower case belongs to the sentence, and so do the capitalised words in front of it
    that the page names elsewhere ("... Elham Yahya | Dede Yusuf mengatakan"), or else the last one. In sentence case,
    only a word that starts sentences, or a quotation mark, tells.
    """

    def starters(at: int) -> bool:
        return words[at] in _word_list("sentence_starters") or words[at][0] in '“"'

    lower = next((at for at, word in enumerate(words) if at and _is_lower(word)), len(words))
    if lower <= 3:
        return next((at for at in range(4, min(len(words), _TEASER_WORDS)) if starters(at)), None)
    if lower > _TEASER_WORDS:
        return None
    first = lower - 1
    while first > 3 and words[first - 1][:1].isupper():
        first -= 1
    for at in range(first, lower):
        if starters(at):
            return at
        name = " ".join(words[at:lower])
        if lower - at > 1 and text.count(name) > 1:
            return at
    return lower - 1
