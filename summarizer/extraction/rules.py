"""The cleaning rules of ``rules.toml``, and which of them a line matches."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

Kind = Literal["line", "section", "prefix", "tail", "end", "head", "inline", "teaser"]

BULLET = re.compile(r"^(?:[-–—•·*▪◦●»›|+○]\s*|\d{1,2}[.)]\s+)?")
"""What may come before an item of a list."""

_OPENS_TEASER = re.compile(r"(?:^|[.!?…:\"”’)])\s*$")
_RULE_REACH, _END_REACH = 700, 500


@dataclass(frozen=True)
class Rule:
    """One rule of ``rules.toml``; the file's head explains the fields."""

    name: str
    kind: Kind
    site: str
    pattern: re.Pattern[str]
    hit: str
    miss: str
    between: bool = False
    needs: tuple[str, ...] = ()
    warning: str = ""

    def may_match(self, text: str) -> bool:
        """Tell, far faster than the pattern, whether the text holds one of the strings without which it can't match."""
        return not self.needs or any(string in text for string in self.needs)

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
            return next((m for m in self.pattern.finditer(paragraph) if opens_teaser(paragraph, m.start())), None)
        return self.pattern.fullmatch(paragraph)


@dataclass(frozen=True)
class Cut:
    """One place where a page that stands on one line is cut; the head of ``rules.toml`` explains the fields."""

    name: str
    pattern: re.Pattern[str]
    hit: str
    miss: str
    after: bool = False


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("rules.toml").read_text(encoding="utf-8"))


@cache
def word_list(name: str) -> frozenset[str]:
    """Return one of the word lists at the head of the file."""
    return frozenset(_data()[name])


@cache
def load_rules() -> tuple[Rule, ...]:
    """Read the rules, in the order of the file.

    Raises:
        ValueError: a rule is of no known kind.
    """
    rules = []
    for entry in _data()["rule"]:
        if entry["kind"] not in get_args(Kind):
            raise ValueError(f"rule {entry['name']!r} has the unknown kind {entry['kind']!r}")
        flags = re.IGNORECASE if entry["kind"] in ("line", "section", "tail", "head") else re.NOFLAG
        pattern = _filled(entry["pattern"])
        if entry["kind"] == "end":
            pattern = rf"\s*(?:{pattern})\s*$"
        needs = tuple(entry.get("needs", ()))
        rules.append(Rule(**{**entry, "pattern": re.compile(pattern, flags), "needs": needs}))
    return tuple(rules)


@cache
def line_cuts() -> tuple[Cut, ...]:
    """Read where a page that stands on one line is cut, in the order of the file."""
    return tuple(Cut(**{**entry, "pattern": re.compile(_filled(entry["pattern"]))}) for entry in _data()["cut"])


def _filled(pattern: str) -> str:
    """Return a pattern with the lists in it."""
    for name, own in _lists():
        pattern = pattern.replace(name, f"(?:{own})")
    return pattern


@cache
def _lists() -> tuple[tuple[str, str], ...]:
    cities = "|".join(re.escape(form) for city in _data()["cities"] for form in (city, city.upper()))
    media = "|".join(form for word in _data()["media_words"] for form in (word, word.capitalize(), word.upper()))
    # Up to four capitalised words, one of which has a media word in it: "Harian Laras", "Rimanews", "RADAR GIRIMULYA".
    outlet = rf"(?:[A-Z][\w&]*\s){{0,2}}(?=[A-Z])\w*?(?:{media})\w*(?:\s[A-Z][\w&]*){{0,2}}"
    ends = "|".join(form for end in _data()["domains"] for form in (end, end.upper(), end.capitalize()))
    domain = rf"[A-Za-z][\w-]{{1,30}}\.(?:{ends})"
    return ("{city}", cities), ("{outlet}", outlet), ("{domain}", domain)


def opens_teaser(paragraph: str, start: int) -> bool:
    """Tell whether a sentence is over where a teaser begins, so that it can't be prose."""
    return bool(_OPENS_TEASER.search(paragraph[max(0, start - 5) : start]))


class RuleBook:
    """The rules for pages of one site, by kind."""

    def __init__(self, site: str | None = None, *, without: str | None = None) -> None:
        rules = [rule for rule in load_rules() if rule.applies_to(site) and rule.name != without]
        self._rules = {kind: [rule for rule in rules if rule.kind == kind] for kind in get_args(Kind)}
        # Most lines match no rule: one pattern of all rules of a kind tells so in one call.
        self._any = {
            kind: re.compile("|".join(f"(?:{rule.pattern.pattern})" for rule in self._rules[kind]), re.IGNORECASE)
            for kind in WHOLE
        }

    def of(self, kind: Kind) -> list[Rule]:
        """Return the rules of a kind."""
        return self._rules[kind]

    def first(self, kind: Kind, line: str) -> Rule | None:
        """Return the first rule of a kind that matches a whole line, without its bullet unless the kind is tail."""
        if len(line) > _RULE_REACH:
            return None
        text = line if kind == "tail" else BULLET.sub("", line, count=1)
        if kind in WHOLE and not self._any[kind].fullmatch(text):
            return None
        return next((rule for rule in self._rules[kind] if rule.matches(text)), None)


WHOLE: tuple[Kind, ...] = ("section", "line", "head", "tail")
"""The kinds of rules that take a whole line."""
