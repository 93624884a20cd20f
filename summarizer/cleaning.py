"""Take out of a page what is not the article.

What goes is said by the rules in ``cleaning_rules.toml``, and by one general rule of shape: under the heading of a
navigation list, short lines that are no sentences belong to the list.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

from summarizer.article import Article, Removed

Kind = Literal["line", "section", "prefix", "tail"]

HEADLINE_LIST = "headline_list"
"""Name of the rule of shape, under which the lines below a navigation heading are removed."""

_DATELINES = 3
_BULLET = re.compile(r"^(?:[-–—•·*▪◦●»›]|\d{1,2}[.)])?\s*")
_BARE_BULLET = re.compile(r"[-–—•·*▪◦●»›|]+|\d{1,2}[.)]?")
_SENTENCE_END = re.compile(r"[.…][\"'”’)\]]*$")
_HEADLINE_WORDS = 22


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
        return self.pattern.fullmatch(paragraph)


@cache
def load_rules() -> tuple[Rule, ...]:
    """Read the rules, in the order of the file.

    Raises:
        ValueError: a rule is of no known kind.
    """
    table = tomllib.loads(files(__package__).joinpath("cleaning_rules.toml").read_text(encoding="utf-8"))
    rules = []
    for entry in table["rule"]:
        if entry["kind"] not in get_args(Kind):
            raise ValueError(f"rule {entry['name']!r} has the unknown kind {entry['kind']!r}")
        flags = re.IGNORECASE if entry["kind"] in ("line", "section", "tail") else re.NOFLAG
        rules.append(Rule(**{**entry, "pattern": re.compile(entry["pattern"], flags)}))
    return tuple(rules)


def clean(article: Article) -> Article:
    """Return the article without navigation, adverts, prompts, bylines and datelines.

    Args:
        article: a page as it was read.

    Returns:
        The same article with fewer paragraphs, and with all that went in `Article.removed`. Each paragraph that is
        left is a piece of the original one. Cleaning a cleaned article again changes nothing.
    """
    rules = [rule for rule in load_rules() if rule.applies_to(article.site)]
    by_kind = {kind: [rule for rule in rules if rule.kind == kind] for kind in get_args(Kind)}
    removed: list[Removed] = []
    kept: list[tuple[int, str]] = []
    inside_list = False
    for number, paragraph in enumerate(article.paragraphs, start=1):
        bare = _BULLET.sub("", paragraph, count=1)
        heading = _first(by_kind["section"], bare)
        if heading:
            inside_list = True
            removed.append(Removed(paragraph, heading.name, number))
            continue
        line = _first(by_kind["line"], bare)
        if line:
            removed.append(Removed(paragraph, line.name, number))
            continue
        if inside_list and _is_list_item(paragraph):
            removed.append(Removed(paragraph, HEADLINE_LIST, number))
            continue
        inside_list = False
        kept.append((number, paragraph))

    while kept:
        tail = _first(by_kind["tail"], kept[-1][1])
        if not tail or len(kept) == 1:
            break
        removed.append(Removed(kept[-1][1], tail.name, kept[-1][0]))
        kept.pop()

    if kept:
        number, first = kept[0]
        for _ in range(_DATELINES):
            found = next(((rule, match) for rule in by_kind["prefix"] if (match := rule.matches(first))), None)
            if not found or found[1].end() >= len(first):
                break
            removed.append(Removed(found[1].group().strip(), found[0].name, number))
            first = first[found[1].end() :]
        kept[0] = (number, first)

    removed.sort(key=lambda piece: piece.line)
    return replace(
        article,
        paragraphs=tuple(paragraph for _, paragraph in kept),
        removed=article.removed + tuple(removed),
    )


def _first(rules: list[Rule], paragraph: str) -> Rule | None:
    return next((rule for rule in rules if rule.matches(paragraph)), None)


def _is_list_item(paragraph: str) -> bool:
    """Tell whether a line has the shape of a headline or of a bare bullet, rather than of a sentence."""
    if _BARE_BULLET.fullmatch(paragraph):
        return True
    text = _BULLET.sub("", paragraph, count=1)
    return len(text.split()) <= _HEADLINE_WORDS and not _SENTENCE_END.search(text)
