"""Find directions that a translation turned round: a rise that became a fall, a winner that became the loser."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from summarizer.checks.faults import Fault
from summarizer.checks.wordlists import any_of, starred_pattern, word_list, word_table
from summarizer.lexicon.glossary import Glossary
from summarizer.text.words import WORD, fold

# So many words in front of a direction may hold the negative that turns it round: "tidak pernah naik".
_BEFORE = 3
# In characters: what so many words may take.
_REACH = 40
# A name of up to five words.
_NAME = r"[A-Z][\w'’.-]*(?: [A-Z][\w'’-]*){0,4}"
# Words in lower case between a name and what it did: "Chelsea berhasil mengalahkan".
_BETWEEN = r"(?: [a-z]\w*){0,3} "


@dataclass(frozen=True)
class _Direction:
    """The words of a direction; ``wordlists.toml`` says what its lists are.

    Attributes:
        opposite: the name of the direction that says the opposite.
        indonesian: finds the words that mean the direction.
        english: the same in English.
        sources: finds what accounts for its English words in Indonesian.
        renderings: finds what accounts for its Indonesian words in English.
    """

    opposite: str
    indonesian: re.Pattern[str]
    english: re.Pattern[str]
    sources: re.Pattern[str]
    renderings: re.Pattern[str]


@dataclass(frozen=True)
class _Contest:
    """Who won and who lost.

    Attributes:
        winner: the words of the winner's name, in `fold` form.
        loser: the same of the loser.
        winner_written: the winner's name as it stands in the text.
        loser_written: the same of the loser.
    """

    winner: frozenset[str]
    loser: frozenset[str]
    winner_written: str
    loser_written: str


def find_direction_faults(source: str, translation: str) -> list[Fault]:
    """Find words of a translation that say the opposite of a direction of its source: "fell" for "naik".

    There is a fault only where the translation has the opposite and no word at all for the direction itself, and the
    source no word for the opposite; and where no negative stands in front of either.
    """
    directions = _directions()
    faults: list[Fault] = []
    for direction in directions.values():
        said = direction.indonesian.search(source)
        if not said or direction.renderings.search(translation):
            continue
        opposite = directions[direction.opposite]
        turned = opposite.english.search(translation)
        if not turned or opposite.sources.search(source):
            continue
        is_negated = _follows_negative(source, said.start()) or _follows_negative(translation, turned.start())
        if not is_negated:
            faults.append(Fault("direction", turned.group()))
    return faults


@cache
def _directions() -> Mapping[str, _Direction]:
    """Return the words of each direction in ``wordlists.toml``, by its name."""
    directions: dict[str, _Direction] = {}
    for name, table in word_table("directions").items():
        indonesian = word_list(f"directions.{name}.indonesian")
        english = word_list(f"directions.{name}.english")
        sources = word_list(f"directions.{name}.sources") | indonesian
        renderings = word_list(f"directions.{name}.renderings") | english
        directions[name] = _Direction(
            opposite=table["opposite"],
            indonesian=starred_pattern(indonesian),
            english=starred_pattern(english),
            sources=starred_pattern(sources),
            renderings=starred_pattern(renderings),
        )
    return directions


def _follows_negative(text: str, place: int) -> bool:
    """Tell whether one of the few words in front of a place is a negative of Indonesian or English."""
    text_before = text[max(0, place - _REACH) : place].lower().replace("’", "'")
    words = text_before.split()[-_BEFORE:]
    return any(map(_is_negative, words))


def _is_negative(word: str) -> bool:
    return word in word_list("negation.indonesian") or word in word_list("negation.english") or word.endswith("n't")


def find_contest_faults(source: str, translation: str, glossary: Glossary) -> list[Fault]:
    """Find a winner and a loser of the source who changed places in the translation.

    Both texts must name both of them on either side of a word such as "mengalahkan" or "beat". Names that the glossary
    knows are recognised in English.
    """
    rendered = list(_find_contests(translation, "english"))
    if not rendered:
        return []
    faults: list[Fault] = []
    for contest in _find_contests(source, "indonesian"):
        expected = _with_english_names(contest, glossary)
        is_swapped = any(_are_swapped(expected, other) for other in rendered)
        is_kept = any(_is_same(expected, other) for other in rendered)
        if is_swapped and not is_kept:
            faults.append(Fault("contest", contest.winner_written))
    return faults


def _with_english_names(contest: _Contest, glossary: Glossary) -> _Contest:
    """Return a contest of an Indonesian text, with the English words of those who took part as well."""
    return replace(
        contest,
        winner=contest.winner | _english_words(contest.winner_written, glossary),
        loser=contest.loser | _english_words(contest.loser_written, glossary),
    )


def _is_same(contest: _Contest, other: _Contest) -> bool:
    """Tell whether who won may be the same in two texts, and who lost too."""
    return not contest.winner.isdisjoint(other.winner) and not contest.loser.isdisjoint(other.loser)


def _are_swapped(contest: _Contest, other: _Contest) -> bool:
    """Tell whether who won in one text lost in the other, and the reverse."""
    winner_lost = not contest.winner.isdisjoint(other.loser)
    loser_won = not contest.loser.isdisjoint(other.winner)
    # "Manchester City" and "Manchester United" share a word.
    may_be_kept = not contest.winner.isdisjoint(other.winner) or not contest.loser.isdisjoint(other.loser)
    return winner_lost and loser_won and not may_be_kept


def _english_words(name: str, glossary: Glossary) -> frozenset[str]:
    """Return the words of all English forms of the terms that a name holds, in `fold` form."""
    words: set[str] = set()
    for term in glossary.find(name):
        for form in glossary.terms[term]:
            words.update(map(fold, WORD.findall(form)))
    return frozenset(words)


def _find_contests(text: str, language: Literal["indonesian", "english"]) -> Iterator[_Contest]:
    for match in _contest_pattern(language, "winner").finditer(text):
        yield _contest_of(winner=match["first"], loser=match["second"])
    for match in _contest_pattern(language, "loser").finditer(text):
        yield _contest_of(winner=match["second"], loser=match["first"])


def _contest_of(*, winner: str, loser: str) -> _Contest:
    return _Contest(
        winner=frozenset(map(fold, WORD.findall(winner))),
        loser=frozenset(map(fold, WORD.findall(loser))),
        winner_written=winner,
        loser_written=loser,
    )


@cache
def _contest_pattern(language: str, outcome: str) -> re.Pattern[str]:
    """Return what finds two names with a word between them that says that the first one won, or lost."""
    words = any_of(map(re.escape, word_list(f"contests.{language}_{outcome}")))
    return re.compile(rf"\b(?P<first>{_NAME}){_BETWEEN}{words}{_BETWEEN}(?P<second>{_NAME})")
