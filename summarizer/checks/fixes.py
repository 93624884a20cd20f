"""Put numbers, dates and terms that a translation has in Indonesian form into English form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from summarizer.checks.numbers.grammar import load_grammar, read_digits
from summarizer.checks.wordlists import any_of, word_list, word_table
from summarizer.lexicon.glossary import Glossary, load_glossary

_MARKED = re.compile(r"(?<![\d.,])\d+(?:[.,]\d+)+")
_ENGLISH_FORM = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_DATE = r"(?<![\d/])(\d{1,2}) ?/ ?(\d{1,2})(?: ?/ ?(\d{4}))?(?! ?/ ?\d|\d)"
_TIME = r"((?:[01]?\d|2[0-4])\.[0-5]\d)(?![\d.,]\d|\d)"
_NO_AMOUNT = r"(?!\s*(?:%|per ?cent|\w+illion|thousand))"
_MANY = r"(?i:\b(\d+|two|three|four|five|six|seven|eight|nine|ten|all|both|few|many|other|several|some|these|those) )"


def fix_numbers(source: str, translation: str) -> str:
    """Put numbers that stand in the source as they do in the translation into English form: "16,05" is "16.05"."""

    def in_english(match: re.Match[str]) -> str:
        written = match.group()
        swapped = written.translate(str.maketrans(".,", ",."))
        # What is no number in Indonesian form means itself: "Versi 4.05", "pukul 16.05".
        is_right = _ENGLISH_FORM.fullmatch(written) and read_digits(written, "en")[0] in read_digits(written, "id")
        return written if is_right or written not in source or not _ENGLISH_FORM.fullmatch(swapped) else swapped

    return _fix_times(source, _MARKED.sub(in_english, translation))


def _fix_times(source: str, translation: str) -> str:
    """Put a colon into the times of day of the source: "pukul 16.05" is 16:05, and "4.05 p.m." is 4:05 p.m."""
    for time in filter(None, (time for found in _clock_pattern().findall(source) for time in found)):
        hour, minute = time.split(".")
        hours = any_of({hour, str(int(hour)), str(int(hour) % 12 or 12)})
        pattern = rf"(?<![\w.,:$€£])({hours})\.{minute}(?![\d:]|[.,]\d){_NO_AMOUNT}"
        translation = re.sub(pattern, rf"\1:{minute}", translation)
    return translation


@cache
def _clock_pattern() -> re.Pattern[str]:
    words = any_of(map(re.escape, word_list("clock")))
    return re.compile(rf"\b{words}\s+{_TIME}(?:\s*(?:-|–|hingga|sampai)\s*{_TIME})?", re.IGNORECASE)


def fix_dates(source: str, translation: str) -> str:
    """Put dates that a translation has in digits into words, as the month is unclear: "(12/3)" is "(12 March)"."""
    own = re.finditer(rf"(?:\b{any_of(load_grammar('id').days)}\b,? ?[(\[]? ?)?{_DATE}", source, re.IGNORECASE)
    dates = {(int(date[1]), int(date[2])) for date in own if date[3] or not date.group()[0].isdigit()}
    months = _english_names(load_grammar("en").months)

    def in_words(match: re.Match[str]) -> str:
        first = int(match[1])
        second = int(match[2])
        day, month = (first, second) if (first, second) in dates else (second, first)
        if (day, month) not in dates or month not in months:
            return match.group()
        return f"{day} {months[month].capitalize()}" + (f" {match[3]}" if match[3] else "")

    return re.sub(_DATE, in_words, translation)


def _english_names(words: Mapping[str, int]) -> dict[int, str]:
    """Return the longest singular word for each month, day or scale of a table."""
    return {number: word for word, number in sorted(words.items(), key=lambda item: len(item[0])) if word[-1] != "s"}


def fix_terms(source: str, translation: str, glossary: Glossary | None = None) -> str:
    """Put terms, months, days and scales that were left in Indonesian into English, as a glossary has them."""
    glossary = glossary or load_glossary()
    found = glossary.find(source)
    for term in sorted(found, key=len, reverse=True):
        if any(term != other and term in other for other in found):
            continue
        forms = glossary.terms[term]
        if term in forms or (term.isupper() and term not in glossary.demanded):
            continue
        pattern = rf"(?<![\w-]){re.escape(term)}(?![\w-])"
        if " " not in term and term not in glossary.demanded and term.casefold() not in word_list("offices"):
            pattern += r"(?!\s+[A-Z])"
        # A backslash in a user's glossary means itself.
        translation = re.sub(pattern, forms[0].replace("\\", r"\\"), translation)
    return _fix_words(source, translation)


def _fix_words(source: str, translation: str) -> str:
    indonesian = load_grammar("id")
    english = load_grammar("en")
    scales = _english_names(english.scales)
    pairs = {rf"(?<=\d ){word}": "percent" for word in word_list("percent")}
    pairs |= {rf"(?<=\d ){word}": scales[value] for word, value in indonesian.scales.items()}
    for own, theirs in ((indonesian.months, english.months), (indonesian.days, english.days)):
        names = _english_names(theirs)
        for word, number in own.items():
            written = word.capitalize()
            # "Minggu" may be the week.
            if word not in theirs and word not in indonesian.ambiguous and written in source:
                pairs[re.escape(written)] = names[number].capitalize()
    for word, (one, several) in word_table("divisions").items():
        if word in source.casefold():
            pairs[rf"{_MANY}{word}"] = rf"\1 {several}"
            pairs[word] = one
    for old, new in pairs.items():
        translation = re.sub(rf"(?<![\w-]){old}(?![\w-])", new, translation)
    return translation
