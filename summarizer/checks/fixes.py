"""Put numbers, dates and terms that a translation has in Indonesian form into English form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from summarizer.checks.numbers.grammar import load_grammar, read_digits
from summarizer.checks.wordlists import any_of, word_list, word_table
from summarizer.lexicon.glossary import Glossary, load_glossary

# Digits with marks between them: "16,05", "1.234.567".
_MARKED = re.compile(r"(?<![\d.,])\d+(?:[.,]\d+)+")
# Such digits as English writes them: "16.05", "1,234,567.8".
_ENGLISH_FORM = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_OTHER_MARKS = str.maketrans(".,", ",.")
# Groups 1 to 3 are the numbers: "12/3", "12 / 3 / 2025".
_DATE = r"(?<![\d/])(\d{1,2}) ?/ ?(\d{1,2})(?: ?/ ?(\d{4}))?(?! ?/ ?\d|\d)"
_TIME = r"((?:[01]?\d|2[0-4])\.[0-5]\d)(?![\d.,]\d|\d)"
# What follows an amount rather than a time of day: "16.05 percent", "16.05 million".
_NO_AMOUNT = r"(?!\s*(?:%|per ?cent|\w+illion|thousand))"
# Group 1 says that there are several of what follows.
_MANY = r"(?i:\b(\d+|two|three|four|five|six|seven|eight|nine|ten|all|both|few|many|other|several|some|these|those) )"


def fix_numbers(source: str, translation: str) -> str:
    """Put numbers that stand in the source as they do in the translation into English form: "16,05" is "16.05".

    Args:
        source: Indonesian, on one line.
        translation: its English.
    """

    def in_english(match: re.Match[str]) -> str:
        written = match.group()
        swapped = written.translate(_OTHER_MARKS)
        is_copied = written in source
        if not is_copied or _is_english_number(written) or not _ENGLISH_FORM.fullmatch(swapped):
            return written
        return swapped

    return _fix_times(source, _MARKED.sub(in_english, translation))


def _is_english_number(written: str) -> bool:
    """Tell whether digits with marks mean in English what they mean in Indonesian.

    What is no number in Indonesian form means itself: "Versi 4.05", "pukul 16.05".
    """
    if not _ENGLISH_FORM.fullmatch(written):
        return False
    return read_digits(written, "en")[0] in read_digits(written, "id")


def _fix_times(source: str, translation: str) -> str:
    """Put a colon into the times of day of the source: "pukul 16.05" is 16:05, and "4.05 p.m." is 4:05 p.m."""
    for match in _clock_pattern().finditer(source):
        # "Pukul 16.05" has one time, "pukul 16.05-17.30" has two.
        for time in match.groups():
            if time is not None:
                translation = _fix_time(time, translation)
    return translation


def _fix_time(time: str, translation: str) -> str:
    hour, minute = time.split(".")
    hour_in_12 = int(hour) % 12 or 12
    hours = any_of({hour, str(int(hour)), str(hour_in_12)})
    pattern = rf"(?<![\w.,:$€£])({hours})\.{minute}(?![\d:]|[.,]\d){_NO_AMOUNT}"
    return re.sub(pattern, rf"\1:{minute}", translation)


@cache
def _clock_pattern() -> re.Pattern[str]:
    """Return what finds a time of day, or two with a dash between them, behind a word such as "pukul"."""
    words = any_of(map(re.escape, word_list("clock")))
    return re.compile(rf"\b{words}\s+{_TIME}(?:\s*(?:-|–|hingga|sampai)\s*{_TIME})?", re.IGNORECASE)


def fix_dates(source: str, translation: str) -> str:
    """Put dates that a translation has in digits into words, as the month is unclear: "(12/3)" is "(12 March)".

    Args:
        source: Indonesian, on one line. Only its dates are put into words.
        translation: its English.
    """
    dates = _find_dates(source)
    months = _english_names(load_grammar("en").months)

    def in_words(match: re.Match[str]) -> str:
        first = int(match[1])
        second = int(match[2])
        if (first, second) in dates:
            day = first
            month = second
        else:
            # The model may have put the month first, as Americans do.
            day = second
            month = first
        if (day, month) not in dates or month not in months:
            return match.group()
        words = f"{day} {months[month].capitalize()}"
        return f"{words} {match[3]}" if match[3] else words

    return re.sub(_DATE, in_words, translation)


def _find_dates(source: str) -> set[tuple[int, int]]:
    """Return (day, month) of the dates in digits of a text: they have a year, or a weekday in front of them."""
    dates: set[tuple[int, int]] = set()
    for match in _source_date_pattern().finditer(source):
        has_year = match[3] is not None
        has_weekday = not match.group()[0].isdigit()
        # What has neither may be a fraction: "2/3".
        if has_year or has_weekday:
            dates.add((int(match[1]), int(match[2])))
    return dates


@cache
def _source_date_pattern() -> re.Pattern[str]:
    """Return what finds a date in digits, with the weekday and the opening bracket in front of it, if there are any."""
    days = any_of(load_grammar("id").days)
    return re.compile(rf"(?:\b{days}\b,? ?[(\[]? ?)?{_DATE}", re.IGNORECASE)


def _english_names(words: Mapping[str, int]) -> dict[int, str]:
    """Return the longest singular word for each month, day or scale of a table of a grammar."""
    names: dict[int, str] = {}
    for word in sorted(words, key=len):
        is_plural = word.endswith("s")
        if not is_plural:
            names[words[word]] = word
    return names


def fix_terms(source: str, translation: str, glossary: Glossary | None = None) -> str:
    """Put terms, months, days and scales that were left in Indonesian into English, as a glossary has them.

    Args:
        source: Indonesian, on one line. Only its terms are put into English.
        translation: its English.
        glossary: another one than the package's.
    """
    glossary = glossary or load_glossary()
    terms = glossary.find(source)
    for term in sorted(terms, key=len, reverse=True):
        if not _is_within_another(term, terms) and not _may_stay(term, glossary):
            # A backslash in a user's glossary means itself.
            english = glossary.terms[term][0].replace("\\", r"\\")
            translation = re.sub(_term_pattern(term, glossary), english, translation)
    return _fix_words(source, translation)


def _is_within_another(term: str, terms: Iterable[str]) -> bool:
    return any(term in other and term != other for other in terms)


def _may_stay(term: str, glossary: Glossary) -> bool:
    """Tell whether a term may stand in English as it is; so may abbreviations, if the user doesn't say otherwise."""
    is_english = term in glossary.terms[term]
    is_abbreviation = term.isupper() and term not in glossary.demanded
    return is_english or is_abbreviation


def _term_pattern(term: str, glossary: Glossary) -> str:
    """Return the pattern that finds a term in a translation."""
    pattern = rf"(?<![\w-]){re.escape(term)}(?![\w-])"
    is_phrase = " " in term
    is_office = term.casefold() in word_list("offices")
    if not is_phrase and not is_office and term not in glossary.demanded:
        # With a name behind it, it is part of a name: "Jawa Pos" is a newspaper.
        pattern += r"(?!\s+[A-Z])"
    return pattern


def _fix_words(source: str, translation: str) -> str:
    """Put percent, scales, months, days and the divisions of the country into English."""
    english_of = dict(_words_behind_digits())
    english_of |= _find_calendar_words(source)
    english_of |= _find_divisions(source)
    for pattern, english in english_of.items():
        translation = re.sub(rf"(?<![\w-]){pattern}(?![\w-])", english, translation)
    return translation


@cache
def _words_behind_digits() -> Mapping[str, str]:
    """Return the English of "persen" and of scales, by the pattern that finds them behind digits."""
    scales = _english_names(load_grammar("en").scales)
    english_of: dict[str, str] = {}
    for word in word_list("percent"):
        english_of[rf"(?<=\d ){word}"] = "percent"
    for word, value in load_grammar("id").scales.items():
        english_of[rf"(?<=\d ){word}"] = scales[value]
    return english_of


def _find_calendar_words(source: str) -> dict[str, str]:
    """Return the English of the months and days of a source that are other words there, by their pattern."""
    indonesian = load_grammar("id")
    english = load_grammar("en")
    english_of: dict[str, str] = {}
    for words, english_words in ((indonesian.months, english.months), (indonesian.days, english.days)):
        names = _english_names(english_words)
        for word, number in words.items():
            written = word.capitalize()
            # "Minggu" may be the week.
            is_clear = word not in english_words and word not in indonesian.ambiguous
            if is_clear and written in source:
                english_of[re.escape(written)] = names[number].capitalize()
    return english_of


def _find_divisions(source: str) -> dict[str, str]:
    """Return the English of "provinsi" and the like, if the source has them: behind a word for several, and else."""
    lower_case = source.casefold()
    english_of: dict[str, str] = {}
    for word, (singular, plural) in word_table("divisions").items():
        if word in lower_case:
            english_of[rf"{_MANY}{word}"] = rf"\1 {plural}"
            english_of[word] = singular
    return english_of
