"""Put numbers, dates and terms that a translation has in Indonesian form into English form."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from summarizer.checks.lexicon import load_lexicon
from summarizer.checks.numbers import Reading, find_numbers, load_grammar, read_digits
from summarizer.text.glossary import Glossary, load_glossary

_MARKED = re.compile(r"\d+(?:[.,]\d+)+")
_ENGLISH_FORM = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_DATE = r"(?<![\d/])(\d{1,2}) ?/ ?(\d{1,2})(?: ?/ ?(\d{4}))?(?! ?/ ?\d|\d)"
_TIME = r"(\d{1,2}\.\d{2})(?![\d.,]\d|\d)"
_LAST_HOUR, _MINUTES = 24, 60
_NO_AMOUNT = r"(?!\s*(?:%|per ?cent|\w+illion|thousand))"
_MANY = r"(?i:\b(\d+|two|three|four|five|six|seven|eight|nine|ten|all|both|few|many|other|several|some|these|those) )"


def fix_numbers(source: str, translation: str) -> str:
    """Put numbers of a translation into English form, where the form is all that is wrong with them.

    A number with the marks of Indonesian ("16,05") becomes English ("16.05") if the source has the number that it
    would be in Indonesian, and not the one that it is in English.
    """
    values = {reading for number in find_numbers(source, "id") for reading in number.readings}
    for number in reversed(find_numbers(translation, "en")):
        match = _MARKED.match(number.text)
        if not match or match.group() not in source:
            continue
        written, rest = match.group(), number.text[match.end() :]
        swapped = written.translate(str.maketrans(".,", ",."))
        if _ENGLISH_FORM.fullmatch(written) and _means(written, rest, values):
            continue
        if _ENGLISH_FORM.fullmatch(swapped) and _means(swapped, rest, values):
            translation = translation[: number.start] + swapped + translation[number.start + len(written) :]
    return _fix_times(source, translation)


def _fix_times(source: str, translation: str) -> str:
    """Put a colon into the times of day of the source: "pukul 16.05" is 16:05, and "4.05 p.m." is 4:05 p.m."""
    for first, second in _clock_pattern().findall(source):
        for time in filter(None, (first, second)):
            hour, minute = time.split(".")
            if int(hour) > _LAST_HOUR or int(minute) >= _MINUTES:
                continue
            hours = "|".join(dict.fromkeys((hour, str(int(hour)), str(int(hour) % 12 or 12))))
            pattern = rf"(?<![\w.,:$€£])({hours})\.{minute}(?![\d:]|[.,]\d){_NO_AMOUNT}"
            translation = re.sub(pattern, rf"\1:{minute}", translation)
    return translation


@cache
def _clock_pattern() -> re.Pattern[str]:
    words = "|".join(map(re.escape, load_lexicon().clock))
    return re.compile(rf"\b(?:{words})\s+{_TIME}(?:\s*(?:-|–|hingga|sampai)\s*{_TIME})?", re.IGNORECASE)


def fix_dates(source: str, translation: str) -> str:
    """Put dates that a translation has in digits into words: English readers differ on which of them is the month.

    "(12/3)" becomes "(12 March)", and "(3/12)" too, if the source has the first after a day of the week, or with a
    year, and not the second.
    """
    days = "|".join(load_grammar("id").days)
    own = re.finditer(rf"(?:\b({days})\b,? ?[(\[]? ?)?{_DATE}", source, re.IGNORECASE)
    dates = {
        (int(day), int(month)) for weekday, day, month, year in (match.groups() for match in own) if weekday or year
    }

    english = load_grammar("en")
    months = english.names_of(english.months)

    def in_words(match: re.Match[str]) -> str:
        first, second, year = (int(group) if group else None for group in match.groups())
        pair = next((pair for pair in ((first, second), (second, first)) if pair in dates), None)
        if pair is None:
            return match.group()
        day, month = pair
        try:
            # Without a year, one that has all days.
            date(year or 2000, month, day)
        except ValueError:
            return match.group()
        return f"{day} {months[month].capitalize()}" + (f" {year}" if year else "")

    return re.sub(_DATE, in_words, translation) if dates else translation


def _means(digits: str, rest: str, values: set[Reading]) -> bool:
    """Tell whether an English number, in digits with what follows them, is in its English reading one of the values."""
    # The scale word after the digits counts for the value.
    read = read_digits(digits, "en")
    scales = {value / one for value in find_numbers(digits + rest, "en")[0].values for one in read if one}
    return any(read[0] * scale in values for scale in scales if scale >= 1 and scale.denominator == 1)


def fix_terms(source: str, translation: str, glossary: Glossary | None = None) -> str:
    """Put terms that a translation left in Indonesian into English, where the glossary knows them.

    Months, days, scale words and "persen" are taken for terms too. A single word that goes on as part of a longer
    name ("Jawa Pos") stays.
    """
    glossary = glossary or load_glossary()
    found = glossary.find(source)
    for term in sorted(found, key=len, reverse=True):
        if any(term != other and term in other for other in found):
            continue
        forms = glossary.terms[term]
        if term in forms or (term.isupper() and term not in glossary.own):
            continue
        pattern = re.compile(rf"(?<![\w-])(?<![A-Z][a-z] ){re.escape(term)}(?![\w-])(?!\s+[A-Z])")
        if " " in term or term in glossary.own or term.casefold() in load_lexicon().offices:
            pattern = re.compile(rf"(?<![\w-]){re.escape(term)}(?![\w-])")
        # A backslash in a user's glossary means itself.
        translation = pattern.sub(forms[0].replace("\\", r"\\"), translation)
    return _fix_words(source, translation)


def _fix_words(source: str, translation: str) -> str:
    lexicon, indonesian, english = load_lexicon(), load_grammar("id"), load_grammar("en")
    scales = english.names_of(english.scales)
    pairs = {rf"(?<=\d ){word}": "percent" for word in lexicon.percent}
    pairs |= {rf"(?<=\d ){word}": scales[value] for word, value in indonesian.scales.items()}
    for kind in ("months", "days"):
        names = english.names_of(getattr(english, kind))
        for word, number in getattr(indonesian, kind).items():
            written = word.capitalize()
            # "Minggu" may be the week.
            if word not in getattr(english, kind) and word not in indonesian.ambiguous_days and written in source:
                pairs[re.escape(written)] = names[number].capitalize()
    for word, (one, several) in lexicon.divisions.items():
        if word in source.casefold():
            pairs[rf"{_MANY}{word}"] = rf"\1 {several}"
            pairs[word] = one
    for old, new in pairs.items():
        translation = re.sub(rf"(?<![\w-]){old}(?![\w-])", new, translation)
    return _fix_named_divisions(source, translation)


def _fix_named_divisions(source: str, translation: str) -> str:
    """Put what places are called into English, and after the name: "Kabupaten Bima" is "Bima Regency"."""
    for word, (one, _) in load_lexicon().divisions.items():
        title = word.capitalize()

        def turn(match: re.Match[str], title: str = title, one: str = one) -> str:
            # Capitals may go on after the name; it ends where it does in the source.
            names = match["names"].split()
            for count in range(len(names), 0, -1):
                name = " ".join(names[:count])
                if f"{title} {name}" in source:
                    return " ".join([name, one.title(), *names[count:]])
            return match.group()

        # After a preposition of Indonesian it is part of a title.
        translation = re.sub(rf"(?<![\w-])(?<!\bdi )(?<!\bke ){title}(?P<names>(?: [A-Z][\w'’-]*)+)", turn, translation)
    return translation
