"""The rules, lists and patterns of the TOML files here; the head of each file explains its fields."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Literal, get_args

RuleKind = Literal["section", "line", "tail", "head", "prefix", "end", "inline", "teaser", "cut"]
Role = Literal[
    "outlet_dateline",
    "dateline",
    "name_dateline",
    "front",
    "caption",
    "page_count",
    "next_page",
    "in_article",
    "message",
]

WHOLE_LINE: tuple[RuleKind, ...] = ("section", "line", "tail", "head")
"""The kinds of rules that take a whole line, in the order in which they are tried."""

BULLET = re.compile(r"^(?:[-–—•·*▪◦●»›|+○➤➔➡→☛👉]\s*|>{1,3}\s*|\d{1,2}[.)]\s+)?")
"""What may come before an item of a list."""

# What stands around a pattern of a kind.
_SHAPES = {"prefix": (r"\A", ""), "end": (r"\s*", r"\s*$"), **dict.fromkeys(WHOLE_LINE, (r"\A", r"\Z"))}
_MAX_LINE = 700
_END_REACH = 500


@dataclass(frozen=True)
class Rule:
    """One rule of ``rules.toml``."""

    name: str
    kind: RuleKind
    pattern: re.Pattern[str]
    hit: str
    miss: str
    between: bool = False
    after: bool = False
    long: bool = False
    final: bool = False
    role: Role | Literal[""] = ""
    warning: str = ""
    needs: tuple[str, ...] = ()

    def finds(self, text: str) -> list[re.Match[str]]:
        """Return where the rule matches a paragraph, in the way of its kind; an empty list where it doesn't."""
        if self.needs and not any(piece in text for piece in self.needs):
            return []
        if self.kind == "prefix":
            match = self.pattern.match(text)
            return [] if match is None else [match]
        return list(self.pattern.finditer(text, max(0, len(text) - _END_REACH) if self.kind == "end" else 0))


# What stands in for files while something is measured, by their names.
_substitutes: dict[str, dict[str, Any]] = {}


@cache
def load_toml(name: str) -> dict[str, Any]:
    """Return what a file here holds, by its name without ``.toml``."""
    if name in _substitutes:
        return _substitutes[name]
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@contextmanager
def substituted(name: str, table: dict[str, Any]) -> Iterator[None]:
    """Let a table stand in for what a file here holds, as measurements do that leave a rule out."""
    _substitutes[name] = table
    _forget()
    try:
        yield
    finally:
        del _substitutes[name]
        _forget()


def _forget() -> None:
    for cached in (load_toml, word_list, html_tags, html_pattern, load_rules, rules_of, _rule_of, _lists):
        cached.cache_clear()


@cache
def word_list(name: str) -> frozenset[str]:
    """Return one of the word lists at the head of ``rules.toml``."""
    return frozenset(load_toml("rules")[name])


@cache
def html_tags(name: str) -> frozenset[str]:
    """Return a list of tags of ``html_lists.toml``."""
    return frozenset(load_toml("html_lists")[name].split())


@cache
def html_pattern(name: str) -> re.Pattern[str]:
    """Return one pattern for a list of patterns of ``html_lists.toml``, upper and lower case alike.

    Raises:
        ValueError: one of them is no regular expression.
    """
    patterns = load_toml("html_lists")[name]
    try:
        return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)
    except re.error as error:
        broken = ", ".join(repr(pattern) for pattern in patterns if not _is_expression(pattern))
        raise ValueError(f"{broken} in {name} of html_lists.toml is no regular expression: {error}") from error


def _is_expression(pattern: str) -> bool:
    """Tell whether a pattern is a regular expression by itself."""
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def make_rule(entry: dict[str, Any]) -> Rule:
    """Return the rule that an entry of the file is.

    Raises:
        ValueError: a field is missing, unknown, or has no such value, or the pattern is no regular expression.
    """
    fault = _fault_of(entry)
    if fault:
        raise ValueError(f"the rule {entry.get('name')}: {fault} (see the head of rules.toml)")
    before, after = _SHAPES.get(entry["kind"], ("", ""))
    flags = re.IGNORECASE if entry["kind"] in WHOLE_LINE else re.NOFLAG
    pattern = join_lines(entry["pattern"])
    for name, alternatives in _lists().items():
        pattern = pattern.replace(name, f"(?:{alternatives})")
    try:
        compiled = re.compile(f"{before}(?:{pattern}){after}", flags)
    except re.error as error:
        raise ValueError(f"the rule {entry['name']}: its pattern is no regular expression: {error}") from error
    return Rule(**{**entry, "pattern": compiled, "needs": tuple(entry.get("needs", ()))})


def join_lines(pattern: str) -> str:
    """Return a pattern that stands on several lines as one, without line breaks and the spaces around them."""
    return "".join(map(str.strip, pattern.splitlines())) if "\n" in pattern else pattern


def _fault_of(entry: dict[str, Any]) -> str:
    """Return what is wrong with the fields of an entry, or ""."""
    return _fault_of_types(entry) or _fault_of_values(entry)


def _fault_of_types(entry: dict[str, Any]) -> str:
    """Return which field of an entry is unknown, missing or of another type, or ""."""
    known = {field.name for field in fields(Rule)}
    for name in entry:
        if name not in known:
            return f"{name!r} is no field of a rule"
    for name in ("name", "kind", "pattern", "hit", "miss"):
        if name not in entry:
            return f"it has no {name!r}"
    for name in ("name", "pattern", "hit", "miss"):
        if not isinstance(entry[name], str):
            return f"its {name!r} is no text"
    for name in ("after", "long", "between", "final"):
        if not isinstance(entry.get(name, False), bool):
            return f"{name!r} is true, or left out"
    return ""


def _fault_of_values(entry: dict[str, Any]) -> str:
    """Return which field of an entry, of those with values of their own, has another value, or ""."""
    if entry["kind"] not in get_args(RuleKind):
        return f"{entry['kind']!r} is no kind of rule"
    if entry.get("role", "") not in ("", *get_args(Role)):
        return f"{entry['role']!r} is no role"
    if "needs" in entry and (not isinstance(entry["needs"], list) or entry["kind"] in WHOLE_LINE):
        return "'needs' is a list of pieces of text, and for no rule of a whole line"
    return ""


@cache
def load_rules() -> tuple[Rule, ...]:
    """Read the rules, in the order of the file."""
    return tuple(map(make_rule, load_toml("rules")["rule"]))


@cache
def rules_of(kind: RuleKind) -> tuple[Rule, ...]:
    """Return the rules of a kind, in the order of the file."""
    return tuple(rule for rule in load_rules() if rule.kind == kind)


def line_rule(line: str) -> Rule | None:
    """Return the first rule that matches a whole line, without its bullet unless the rule is of kind tail."""
    return _rule_of(line[:_MAX_LINE], is_long=len(line) > _MAX_LINE)


# A line of a page is looked at several times while its body is chosen, and once more as a block.
@lru_cache(maxsize=1024)
def _rule_of(line: str, *, is_long: bool) -> Rule | None:
    """Do what `line_rule` does for the beginning of a line."""
    plain = BULLET.sub("", line, count=1)
    for kind in WHOLE_LINE:
        for rule in rules_of(kind):
            if is_long and not rule.long:
                continue
            if rule.pattern.fullmatch(line if kind == "tail" else plain):
                return rule
    return None


@cache
def _lists() -> dict[str, str]:
    """Return the patterns that stand for the lists of ``rules.toml``, by the names that patterns have for them."""
    data = load_toml("rules")
    cities = _alternatives(map(re.escape, data["cities"]), str.upper)
    media = _alternatives(data["media_words"], str.capitalize, str.upper)
    # Up to four capitalised words, one of which has a media word in it: "Harian Laras", "Rimanews", "RADAR GIRIMULYA".
    outlet = rf"(?:[A-Z][\w&]*\s){{0,2}}(?=[A-Z])\w{{0,30}}?(?:{media})\w{{0,30}}(?:\s[A-Z][\w&]*){{0,2}}"
    ends = _alternatives(data["domains"], str.upper, str.capitalize)
    domain = rf"[A-Za-z][\w-]{{1,30}}\.(?:{ends})"
    return {"{city}": cities, "{outlet}": outlet, "{domain}": domain, "{dash}": data["dashes"]}


def _alternatives(words: Iterable[str], *changes: Callable[[str], str]) -> str:
    """Return a pattern of words, each as it is and with each change."""
    forms = []
    for word in words:
        forms.append(word)
        forms += [change(word) for change in changes]
    return "|".join(forms)
