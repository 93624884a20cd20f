"""Copy key facts out of an article: who, figures, where, when, and who said what. Nothing of it is generated."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from summarizer.article import Article
from summarizer.faithfulness import common_words, find_numbers, load_lexicon
from summarizer.text.sentences import split_sentences

_MOST = {"who": 6, "figures": 8, "where": 4, "when": 4, "said": 4}
# A word with a capital; a full stop belongs to initials and to what stands in front of names alone.
_CAPITAL = r"(?:[A-Z]\.|(?:Drs?|Prof|Ir|Hj?|Moh?|Muh|St)\.|[A-Z][\w'’-]*)"
# A run of them: "Menteri Energi dan Sumber Daya Mineral (ESDM) Bahlil Lahadalia".
_RUN = rf"{_CAPITAL}(?:(?: (?:dan|bin|binti|van|de|al)(?= [A-Z]))? (?:\([A-Z][\w ]{{1,20}}\) (?=[A-Z]))?{_CAPITAL})*"
# How far before a quotation its speaker's name may begin, in characters.
_SPEAKER_REACH = 300
_MONEY_BEFORE = re.compile(r"(?:Rp\.?|US\$|S\$|A\$|\$|€|£)\s?$")
_UNIT_BEHIND = re.compile(r"\s?%|\s(?!(?:dan|atau|yang|di|ke|dari|pada|untuk)\b)[a-z]+(?: per [a-z]+)?")
_NO_TITLE = re.compile(r"(?:di|me|ber|ter|pe[mn])\w{3,}")
_CLAUSE = re.compile(r"(?<=[,;:.!?])\s+|\s+[–—-]\s+|(?<=\w)\s+(?=(?:sedangkan|sementara|namun|tetapi)\b)")
_CLAUSE_WORDS, _LEAST_WORDS = 25, 3
_YEAR = re.compile(r"(?:19|20)\d\d")
_QUOTATION = re.compile(r"“[^“”]+”|\"[^\"]+\"")


@dataclass(frozen=True)
class Fact:
    """Words of an article.

    Attributes:
        text: as they stand in the paragraph.
        paragraph: which one, from 0.
        start: offset in it.
        context: of a figure, the clause that it stands in; of words that somebody said, who said them, as they stand in
            the paragraph too; empty for others.
        day: of a time, the day as YYYY-MM-DD, reckoned from the article's date; None where that isn't certain.
    """

    text: str
    paragraph: int
    start: int
    context: str = ""
    day: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values; ``context`` and ``day`` only where there are any."""
        values: dict[str, Any] = {"text": self.text, "paragraph": self.paragraph, "start": self.start}
        return values | {name: value for name in ("context", "day") if (value := getattr(self, name))}


@dataclass(frozen=True)
class KeyFacts:
    """Key facts of an article, in its order, the first few of each sort.

    Attributes:
        who: people, with what they are as far as it stands in front of the name.
        figures: numbers with what they count, each with its clause.
        where: places behind "di".
        when: dates and days.
        said: quotations with a named speaker.
    """

    who: tuple[Fact, ...] = ()
    figures: tuple[Fact, ...] = ()
    where: tuple[Fact, ...] = ()
    when: tuple[Fact, ...] = ()
    said: tuple[Fact, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return them as plain values: a list for each sort."""
        return {field.name: [fact.to_dict() for fact in getattr(self, field.name)] for field in fields(self)}


def find_facts(article: Article) -> KeyFacts:
    """Find the key facts of a cleaned article.

    Days are reckoned from the article's date, or from the first full date of its text if the page has none. "Kemarin"
    in a quotation is as long ago as the speaker likes, so it gets no day.

    Args:
        article: cleaned.
    """
    today = _today(article)
    finders: Mapping[str, Callable[[str], Iterable[tuple[int, int, str, str | None]]]] = {
        "who": lambda text: _find_people(text, "\n".join(article.paragraphs)),
        "figures": _find_figures,
        "where": _find_places,
        "when": lambda text: _find_days(text, today),
        "said": _find_quotations,
    }
    return KeyFacts(**{name: tuple(_collect(article, name, find)) for name, find in finders.items()})


def _collect(
    article: Article, name: str, find: Callable[[str], Iterable[tuple[int, int, str, str | None]]]
) -> Iterator[Fact]:
    """Yield facts of one sort, none of them twice."""
    seen: list[set[str]] = []
    for row, text in enumerate(article.paragraphs):
        for start, end, context, day in find(text):
            fact = Fact(text[start:end], row, start, context, day)
            words = {day} if day else set(fact.text.casefold().split())
            # Who was named with a title is named by one word later.
            if any(words <= earlier for earlier in seen):
                continue
            seen.append(words)
            yield fact
            if len(seen) == _MOST[name]:
                return


def _find_people(text: str, article: str) -> Iterator[tuple[int, int, str, None]]:
    words = _words()
    titles = "|".join(sorted(map(re.escape, words["titles"]), key=len, reverse=True))
    # "Presiden Joko Widodo dan Menteri ...": two people.
    run = _RUN.replace("dan|", rf"dan(?! (?i:{titles})\b)|")
    # "Bupati Girimulya, Ratna Puspita, ..."
    behind = rf"(?:, {_CAPITAL}(?: {_CAPITAL}){{1,3}}(?=,))?"
    found = []
    for match in re.finditer(rf"(?<![\w-])(?i:{titles})(?P<more>(?: [a-z]{{3,}}){{0,2}}) (?P<run>{run}){behind}", text):
        if any(_NO_TITLE.fullmatch(word) or word in words["no_title"] for word in match["more"].split()):
            continue
        first, last = match["run"].split()[0], match.group().split()[-1]
        # Somebody's name is no common word, abbreviation or place: "Menteri Keuangan", "warga Desa X" are nobody yet.
        nobody = last.casefold() in common_words("id") or last.isupper() or _is_place(last, article)
        if not (nobody or (first in words["kinds_of_place"] and match["run"] + "," not in match.group())):
            found.append((match.start(), match.end(), "", None))
    for match in re.finditer(rf"[\"”,] ?{load_lexicon().speech} (?P<name>{_RUN})", text):
        if not any(start <= match.start("name") < end for start, end, *_ in found):
            found.append((match.start("name"), match.end("name"), "", None))
    yield from sorted(found)


def _is_place(word: str, article: str) -> bool:
    before = "|".join(("di", "ke", "dari", *_words()["kinds_of_place"]))
    return word in _countries() or bool(re.search(rf"\b(?:{before}) {re.escape(word)}\b", article))


def _find_figures(text: str) -> Iterator[tuple[int, int, str, None]]:
    days = [(match.start(), match.end()) for match in _when().finditer(text)]
    for number in find_numbers(text, "id"):
        counted = number.unit or number.measure not in ("date", None)
        if not number.claim or not number.digits or not counted or _YEAR.fullmatch(number.text):
            continue
        if any(start <= number.start < end for start, end in days):
            continue
        first, last = _clause(text, number.start, number.end)
        # Fewer are an age between commas, say.
        if not _LEAST_WORDS <= len(text[first:last].split()) <= _CLAUSE_WORDS:
            continue
        before, behind = _MONEY_BEFORE.search(text, 0, number.start), _UNIT_BEHIND.match(text, number.end)
        # Behind an amount of money, nothing is counted.
        end = behind.end() if behind and not before else number.end
        yield before.start() if before else number.start, min(end, last), text[first:last], None


def _clause(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the clause around a piece of text begins and ends."""
    first, last = 0, len(text)
    for match in _CLAUSE.finditer(text):
        if match.end() <= start:
            first = match.end()
        elif match.start() >= end:
            last = match.start()
            break
    return first, last


def _find_places(text: str) -> Iterator[tuple[int, int, str, None]]:
    never = _words()["no_places"]
    # Behind a comma, a place is over soon; somebody who does something isn't.
    for match in re.finditer(rf"\b[Dd]i (?P<place>{_RUN}(?:, {_RUN}(?=[,.;(]|\s\(|$))*)", text):
        words = match["place"].split(" ")
        while words and words[-1].strip(",.").casefold() in never:
            words.pop()
        place = " ".join(words).rstrip(",.")
        if not words or words[0].strip(",.").casefold() in never:
            continue
        if len(words) == 1 and (place.casefold() in common_words("id") or (place.isupper() and len(place) > 2)):
            continue
        yield match.start("place"), match.start("place") + len(place), "", None


def _find_days(text: str, today: date | None) -> Iterator[tuple[int, int, str, str | None]]:
    quoted = [(match.start(), match.end()) for match in _QUOTATION.finditer(text)]
    found: list[tuple[int, int, str, str | None]] = []
    for match in _when().finditer(text):
        day = _read_date(match, today)
        # "9/10" may be a share.
        if match["weekday"] or match["name"] or match["year"] or (day and match.group().lstrip(" ,").startswith("(")):
            start = match.start() + len(match.group()) - len(match.group().lstrip(" ,"))
            found.append((start, match.end(), "", day.isoformat() if day else None))
    days: Mapping[str, int] = _words()["days"]
    for match in re.finditer(rf"\b(?:{'|'.join(days)})\b", text, re.IGNORECASE):
        is_quoted = any(start < match.start() < end for start, end in quoted)
        day = _days_after(today, days[match.group().lower()]) if today and not is_quoted else None
        # A date behind it says more: "kemarin (3/2)".
        if not any(start - 3 <= match.end() <= end for start, end, *_ in found):
            found.append((match.start(), match.end(), "", day.isoformat() if day else None))
    yield from sorted(found)


def _days_after(day: date, count: int) -> date | None:
    """Return another day; None outside of the calendar, which a page's metadata may be at the end of."""
    try:
        return day + timedelta(count)
    except OverflowError:
        return None


def _read_date(match: re.Match[str], today: date | None) -> date | None:
    """Return the day that is meant; None if there is none, or if its year or its day of the week isn't sure."""
    day = int(match["day"] or match["day2"])
    month = int(match["month"]) if match["month"] else _months().index(match["name"].lower()) + 1
    year = match["year"] or match["year2"]
    years = [int(year)] if year else [today.year + shift for shift in (-1, 0, 1)] if today else []
    found = []
    for number in years:
        try:
            found.append(date(number, month, day))
        except ValueError:
            continue
    if match["weekday"]:
        weekday = match["weekday"].lower().replace("'", "")
        found = [one for one in found if one.weekday() == _weekdays().index(weekday)]
    if not year and today:
        found = [one for one in found if abs((one - today).days) <= 183]
    return found[0] if len(found) == 1 else None


def _today(article: Article) -> date | None:
    """Return the day on which an article appeared, or the first full date of its text."""
    if article.date:
        try:
            return date.fromisoformat(article.date)
        except ValueError:
            pass
    for text in article.paragraphs:
        for match in _when().finditer(text):
            if match["weekday"] and match["year"] and (day := _read_date(match, None)):
                return day
    return None


def _find_quotations(text: str) -> Iterator[tuple[int, int, str, None]]:
    words = _words()
    behind = re.compile(rf",? ?{load_lexicon().speech} (?P<name>(?:[a-z]+ ){{0,2}}{_RUN})")
    before = re.compile(rf"(?P<name>{_RUN}) (?:{'|'.join(words['says'])})[^\"“”]{{0,40}}[,:] ?$")
    for match in _QUOTATION.finditer(text):
        near = max(0, match.start() - _SPEAKER_REACH)
        speaker = behind.match(text, match.end()) or before.search(text, near, match.start())
        if speaker and len(split_sentences(match.group())) and len(match.group().split()) > 2:
            yield match.start(), match.end(), speaker["name"].rstrip("."), None


@cache
def _months() -> tuple[str, ...]:
    from babel.dates import get_month_names

    names = get_month_names("wide", locale="id")
    return tuple(names[number].lower() for number in range(1, 13))


@cache
def _weekdays() -> tuple[str, ...]:
    from babel.dates import get_day_names

    names = get_day_names("wide", locale="id")
    return tuple(names[number].lower() for number in range(7))  # from Monday on, as `date.weekday` counts


@cache
def _when() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<weekday>\b(?:{'|'.join(_weekdays())}|jum'at)\b)?(?:\s+(?:pagi|siang|sore|petang|malam|dini hari))?,?\s*"
        rf"(?:\(?(?P<day>\d{{1,2}})\s?/\s?(?P<month>\d{{1,2}})(?:\s?/\s?(?P<year>\d{{4}}))?\)?"
        rf"|\b(?P<day2>\d{{1,2}})\s(?P<name>{'|'.join(_months())})(?:\s(?P<year2>\d{{4}}))?)",
        re.IGNORECASE,
    )


@cache
def _countries() -> frozenset[str]:
    from babel import Locale

    return frozenset(Locale("id").territories.values())


@cache
def _words() -> dict[str, Any]:
    table = tomllib.loads(files(__package__).joinpath("facts.toml").read_text(encoding="utf-8"))
    return {name: value.split() if isinstance(value, str) else value for name, value in table.items()}
