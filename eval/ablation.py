"""What each rule of cleaning is worth, by the sites that are worse without it.

A rule that is made for one site and helps no other may as well do harm on sites that nobody has seen; one that several
sites need, each of which it might have been made for, holds on sites that it wasn't made for. So what counts is sites,
not pages: the rules that two sites need are those that a site left out would still have kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.cleaning import JudgedPage, Tally, ringkas
from summarizer.errors import InputError
from summarizer.extraction.boilerplate import clean
from summarizer.extraction.reading import read_file
from summarizer.extraction.rules import load_toml, substituted

# Lists of ``html_lists.toml`` that hold patterns, each of which is left out alone.
_PATTERN_LISTS = (
    "announcing",
    "junk",
    "caption_names",
    "frame_names",
    "about_titles",
    "about_paths",
    "list_paths",
    "sold_types",
)


@dataclass(frozen=True)
class Worth:
    """What leaving one rule out does: the sites that are worse without it, and those that are better."""

    name: str
    worse: tuple[str, ...]
    better: tuple[str, ...]


def weigh_rules(pages: list[JudgedPage], folder: Path) -> Iterator[Worth]:
    """Yield, for each rule and pattern that may matter to the pages in a folder, what leaving it out does to them."""
    with_all = _by_site(pages, folder)
    for name, left_out in _changes(_rules_in_use(pages, folder)):
        with left_out:
            without_it = _by_site(pages, folder)
        worse: list[str] = []
        better: list[str] = []
        for site, tally in with_all.items():
            if _value(without_it[site]) < _value(tally):
                worse.append(site)
            elif _value(without_it[site]) > _value(tally):
                better.append(site)
        yield Worth(name, tuple(worse), tuple(better))


def _rules_in_use(pages: list[JudgedPage], folder: Path) -> set[str]:
    """Return the names of the rules that match something on the pages: to leave out another one changes nothing."""
    names: set[str] = set()
    for page in pages:
        with suppress(InputError):
            read = read_file(folder / page.name)
            for block in read.blocks:
                if block.rule:
                    names.add(block.rule.name)
            for piece in clean(read).removed:
                names.add(piece.rule)
    return names


def _changes(in_use: set[str]) -> Iterator[tuple[str, AbstractContextManager[None]]]:
    """Yield each thing that can be left out: its name, and what leaves it out while it is entered."""
    table = load_toml("rules")
    for rule in table["rule"]:
        # Datelines also tell where a report begins; cuts make the blocks.
        if rule["name"] not in in_use and rule["kind"] not in ("prefix", "cut"):
            continue
        others = [other for other in table["rule"] if other is not rule]
        yield f"{rule['kind']} {rule['name']}", substituted("rules", {**table, "rule": others})
    lists = load_toml("html_lists")
    for key in _PATTERN_LISTS:
        for number, pattern in enumerate(lists[key]):
            # A list needs a pattern: this one matches nothing.
            others = [other for other in lists[key] if other is not pattern] or ["(?!)"]
            yield f"{key} {number + 1}: {pattern[:40]}", substituted("html_lists", {**lists, key: others})


def _by_site(pages: list[JudgedPage], folder: Path) -> dict[str, Tally]:
    tallies: dict[str, Tally] = {}
    for page in pages:
        tallies.setdefault(page.site, Tally()).add(page, ringkas(folder / page.name))
    return tallies


def _value(tally: Tally) -> tuple[Any, ...]:
    """Return a tally as something that is larger where it is better: what is lost weighs more than any word."""
    cases = (tally.lost, tally.other_story, tally.refused, tally.accepted)
    errors = sum(map(len, cases))
    return -errors, tally.f1, -len(tally.missing), -len(tally.left), -len(tally.untitled)
