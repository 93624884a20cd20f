"""Find words of a group that became others of it: "sepertiga" that became "a quarter"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from summarizer.checks.faults import Fault, Kind
from summarizer.checks.wordlists import any_of, starred_pattern, word_list, word_table


@dataclass(frozen=True)
class _Group:
    """Words that exclude each other; ``wordlists.toml`` says what its lists are.

    Attributes:
        fault: the kind of fault that a mistaken word is.
        indonesian: finds the words that mean one member, the longest first ("ratusan ribu" before "ratusan").
        english: the same in English.
        member_of: the member that each of these words means, in lower case.
        sources: by member, what accounts for its English words besides its Indonesian ones.
        renderings: by member, what accounts for its Indonesian words besides its English ones.
    """

    fault: Kind
    indonesian: re.Pattern[str]
    english: re.Pattern[str]
    member_of: Mapping[str, str]
    sources: Mapping[str, re.Pattern[str]]
    renderings: Mapping[str, re.Pattern[str]]


def find_alternative_faults(source: str, translation: str) -> list[Fault]:
    """Find words of a translation in the place of others: "thousands" for "ratusan", "a year" for "per bulan".

    There is a fault only where each text has a word of a member that the other one has no word for.
    """
    faults = []
    for group in _groups():
        said = _find_members(source, group.indonesian, group.member_of)
        rendered = _find_members(translation, group.english, group.member_of)
        if not said or not rendered or said.keys() == rendered.keys():
            continue
        # "Ribu" of "ratusan ribu" is no "ribuan".
        other_source = group.indonesian.sub(" ", source)
        other_translation = group.english.sub(" ", translation)
        lost = _find_unaccounted(said, rendered, group.renderings, other_translation)
        added = _find_unaccounted(rendered, said, group.sources, other_source)
        if lost is not None and added is not None:
            faults.append(Fault(group.fault, added))
    return faults


def _find_unaccounted(
    members: Mapping[str, str], others: Mapping[str, str], accounts: Mapping[str, re.Pattern[str]], text: str
) -> str | None:
    """Return the first word whose member the other text has no word for; None if there is none."""
    for member, word in members.items():
        if member not in others and not accounts[member].search(text):
            return word
    return None


def _find_members(text: str, pattern: re.Pattern[str], member_of: Mapping[str, str]) -> dict[str, str]:
    """Return the members that a text has words for, each with the first of its words."""
    members: dict[str, str] = {}
    for match in pattern.finditer(text):
        # A letter such as "ſ" matches without regard to case, and has no such lower case.
        member = member_of.get(match.group().lower())
        if member is not None:
            members.setdefault(member, match.group())
    return members


@cache
def _groups() -> list[_Group]:
    """Return the groups of ``alternatives`` in ``wordlists.toml``."""
    groups = []
    for group, table in word_table("alternatives").items():
        indonesian: dict[str, str] = {}
        english: dict[str, str] = {}
        sources: dict[str, re.Pattern[str]] = {}
        renderings: dict[str, re.Pattern[str]] = {}
        for member in table["members"]:
            lists = f"alternatives.{group}.members.{member}"
            indonesian |= dict.fromkeys(word_list(f"{lists}.indonesian"), member)
            english |= dict.fromkeys(word_list(f"{lists}.english"), member)
            sources[member] = starred_pattern(word_list(f"{lists}.sources"))
            renderings[member] = starred_pattern(word_list(f"{lists}.renderings"))
        groups.append(
            _Group(
                fault=table["fault"],
                indonesian=_whole_words(indonesian),
                english=_whole_words(english),
                member_of=indonesian | english,
                sources=sources,
                renderings=renderings,
            )
        )
    return groups


def _whole_words(words: Mapping[str, str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){any_of(map(re.escape, words))}(?![\w-])", re.IGNORECASE)
