"""Check an English translation against the Indonesian text that it was made from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import zip_longest
from typing import Literal

from summarizer.faithfulness.faults import Fault
from summarizer.faithfulness.names import (
    SMALL_WORDS,
    WORD,
    Name,
    common_words,
    english_names,
    explains,
    find_names,
    fold,
    forms,
    holds,
    initials,
    like_any,
    looks_alike,
    words_of,
)
from summarizer.faithfulness.numbers import Number, Reading, find_numbers, load_words, read_digits, same_unit
from summarizer.text.glossary import Glossary, load_glossary
from summarizer.text.sentences import split_sentences

_FEWEST_WORDS = 6
_SHORTEST, _LONGEST = 0.4, 2.2
_ALIKE, _VERY_ALIKE = 0.6, 0.72
# A letter in UTF-8 that was read as Latin-1: "SÃ£o".
_DAMAGED = re.compile("[\xc3-\xc5][\x80-\xbf]")
# "No. 3", "at least", "whether or not", "last but not least": none is a negative.
_NO_NEGATIVE = re.compile(
    r"\b[Nn]o\.?\s?(?=\d)|\b(?:(?:at|the)(?: very)? least|but not least|or not)\b|non[- ]performing"
)
# How far apart, in parts of the text, a negative and a word for it may be; "un" in front of one is a surer sign.
_APART, _NEAR, _BESIDE = 0.5, 0.3, 0.1
_HYPHENED = re.compile(r"\b([Uu]n|[Nn]on)-(?=\w)")
# Miles, pounds, inches, feet, ounces, acres, square miles, Fahrenheit: what a metric value is multiplied by, and added.
_CONVERSIONS = ((0.6214, 0), (2.2046, 0), (0.3937, 0), (3.2808, 0), (0.0353, 0), (2.471, 0), (0.3861, 0), (1.8, 32))
_ROUNDING = 0.03
_IMPERIAL = re.compile(
    r"\b(?:miles?|mph|feet|foot|ft|inch(?:es)?|pounds?|lbs?|ounces?|oz|yards?|acres?|fahrenheit)\b|°F|\(F\)",
    re.IGNORECASE,
)
# What begins a sentence and has affixes of Indonesian is a rare word rather than a name.
_AFFIXED = re.compile(
    r"(?:pe[mnr]|peng|me[mnlr]|ber|di|ke|se|ter)\w{4,}|\w+(?:nya|an|kan|lah|if|al|is|si|isme|tor)$", re.IGNORECASE
)
_PREFIXED = re.compile(r"(?:me[mn]|meng|meny|pe[mn]g?|ber|ter|di)\w{4,}")
_AFFIX = re.compile(r"(?<=[a-z])-(?=[A-Z])|(?<=\w)-(?=(?:nya|lah|kah|pun)\b)")
# Longer words in capitals are shouted rather than abbreviated, if they are common ones.
_LONGEST_ABBREVIATION = 3
_TITLE_CASE = 0.8
_ENGLISH_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_END = re.compile(r"[.!?][”\"’')\]]*\s+(?=[“\"‘'(\[]*[A-Z])")


def check_translation(source: str, translation: str, glossary: Glossary | None = None) -> list[Fault]:
    """Find where an English translation departs from an Indonesian sentence or paragraph.

    Compared are: numbers with their units, months and days; names, which must stand as they are, in a form that the
    glossary knows, or in another spelling; negatives; words left in Indonesian; length, and the number of sentences.

    Args:
        source: Indonesian text.
        translation: its English translation.
        glossary: terms with their English forms; None for the built-in ones. What the user added to it must be
            translated as it says.

    Returns:
        Each fault once; an empty list where nothing is wrong.
    """
    glossary = glossary or load_glossary()
    source, translation = _DAMAGED.sub(_undamaged, source), _DAMAGED.sub(_undamaged, translation)
    faults = _number_faults(source, translation)
    faults += _name_faults(source, translation, glossary)
    faults += _negation_faults(source, translation)
    faults += _untranslated(source, translation)
    faults += _length_faults(source, translation)
    return list(dict.fromkeys(faults))


def _undamaged(match: re.Match[str]) -> str:
    try:
        return match.group().encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return match.group()


def _number_faults(source: str, translation: str) -> list[Fault]:
    there, here = find_numbers(source, "id"), find_numbers(translation, "en")
    faults = []
    for own, others, other_text, missing in ((there, here, translation, True), (here, there, source, False)):
        words = {fold(match.group()) for match in WORD.finditer(other_text)}
        for number in own:
            if not number.claim or (fold(number.text) in words and not number.digits):
                continue
            same = [other for other in others if number.agrees(other)]
            if not same and _IMPERIAL.search(translation) and _converted(number, others, to_metric=missing):
                continue
            if not same:
                faults.append(Fault("number", number.text, missing))
            elif missing and not any(_unit_kept(number, other) for other in same):
                faults.append(Fault("unit", number.text, missing))
    faults += _magnitude_faults(there, here)
    return faults


def _magnitude_faults(there: list[Number], here: list[Number]) -> list[Fault]:
    """Find an unknown number of the translation ("hundreds") that is of another magnitude than all of the source's."""
    about, others = (
        {reading: number for number in numbers for reading in number.readings if isinstance(reading, tuple)}
        for numbers in ([number for number in here if number.vague], [number for number in there if number.vague])
    )
    if not about or not others or not set(about).isdisjoint(others):
        return []
    return [Fault("number", number.text) for number in about.values()]


def _converted(number: Number, others: list[Number], *, to_metric: bool) -> bool:
    """Tell whether a number may be one of the others in miles, pounds, inches, feet, acres or degrees Fahrenheit."""
    values = [float(reading) for reading in number.readings if isinstance(reading, Fraction)]
    theirs = [float(reading) for other in others for reading in other.readings if isinstance(reading, Fraction)]
    pairs = [(value, other) if to_metric else (other, value) for value in values for other in theirs]
    return any(
        abs(imperial - metric * factor - offset) <= _ROUNDING * abs(imperial)
        for metric, imperial in pairs
        for factor, offset in _CONVERSIONS
    )


def _unit_kept(number: Number, other: Number) -> bool:
    return same_unit(number.unit, other.unit)


def _name_faults(source: str, translation: str, glossary: Glossary) -> list[Fault]:
    there, here = find_names(source, "id"), find_names(translation, "en")
    if _in_title_case(translation):
        here = []
    # "anti-Tiongkok", "Amerika-nya": the glossary knows the name alone.
    terms = list(dict.fromkeys((*glossary.find(source), *glossary.find(_AFFIX.sub(" ", source)))))
    known = {fold(word) for term in terms for form in glossary.terms[term] for word in WORD.findall(form)}
    source_words, english_words = words_of(source), words_of(translation)
    english = _with_parts(translation)
    faults = [
        Fault("term", term, missing=True)
        for term in terms
        if term in glossary.own and not any(form.casefold() in translation.casefold() for form in glossary.terms[term])
    ]
    source_list = _with_parts(source)
    # "A1 GP" is "A1GP".
    squeezed = re.sub(r"[\s-]", "", fold(source))
    source_initials, english_initials = initials(source), initials(translation)
    new = []
    for name, following in zip_longest(here, here[1:]):
        # A rare word at the beginning of a sentence looks like a name; one with a surname behind it is one.
        alone = following is None or translation[name.end : following.start] != " "
        if name.first and alone and not name.text.isupper():
            continue
        if _may_stand(name, "en") or holds(source_words, name.text) or holds(known, name.text):
            continue
        if not known.isdisjoint(forms(name.text)) or like_any(name.text, known):
            continue
        if all(_part_known(part, source_words, known, source_list) for part in _name_parts(name.text)):
            continue
        if name.text.isupper() and (fold(name.text) in source_initials or fold(name.text) in squeezed):
            continue
        if name.text.isupper() and explains(translation[: name.start], name.text):
            continue
        new.append(name)
    lost = []
    for name, following in zip_longest(there, there[1:]):
        if _may_stand(name, "id") or holds(english_words, name.text):
            continue
        alone = following is None or source[name.end : following.start] != " "
        if name.first and alone and not name.text.isupper() and _is_opener(name.text):
            continue
        own = [term for term in terms if {name.text, *_name_parts(name.text)} & set(WORD.findall(term))]
        known_forms = [WORD.findall(form) for term in own for form in glossary.terms[term]]
        if any(all(_stands(word, english_words, english) for word in form) for form in known_forms):
            continue
        kept = all(_part_kept(part, english_words, english) for part in _name_parts(name.text))
        if kept or f"{fold(name.text)}s" in english_words:
            continue
        if name.text.isupper() and explains(source[: name.start], name.text):
            continue
        if fold(name.text) in english_initials or (name.text.isupper() and len(name.text) <= 2):
            continue
        lost.append(name)
    # "Supreme Court" is made of common words, and another body than the source's.
    known_names = " ".join(form for term in terms for form in glossary.terms[term])
    faults += [
        Fault("name", form)
        for form in glossary.foreign(source, translation)
        if form not in known_names and not all(holds(source_words, word) for word in WORD.findall(form))
    ]
    # What is left on both sides may be two spellings of a name that is neither's: Bukares, Bucharest.
    pairs = [(one, other) for one in lost for other in new if _respells(one.text, other.text)]
    paired = {name for pair in pairs for name in pair}
    faults += [Fault("name", name.text) for name in new if name not in paired]
    faults += [Fault("name", name.text, missing=True) for name in lost if name not in paired]
    return faults


def _stands(word: str, english_words: set[str], english: list[str]) -> bool:
    """Tell whether a word of a glossary form stands in a translation; those between names may differ."""
    return word in SMALL_WORDS or holds(english_words, word) or like_any(word, english)


def _with_parts(text: str) -> list[str]:
    """Return the words of a text, and the parts of those with a hyphen: "Indian-owned", "Indian", "owned"."""
    words = WORD.findall(text)
    return words + [part for word in words if "-" in word for part in word.split("-") if part]


def _name_parts(name: str) -> list[str]:
    """Return those parts of a word that make it a name: SARS of "mirip-SARS"."""
    parts = [part for part in re.split("[-.]", name) if len(part) > 1]
    return [part for part in parts if any(letter.isupper() for letter in part)] or parts or [name]


def _part_known(part: str, source_words: set[str], known: set[str], source_list: list[str]) -> bool:
    return (
        fold(part) in common_words("en")
        or holds(source_words, part)
        or holds(known, part)
        or like_any(part, source_list)
        or any(_respells(word, part, _VERY_ALIKE) for word in source_list)
    )


def _part_kept(part: str, english_words: set[str], english: list[str]) -> bool:
    return (
        holds(english_words, part)
        or like_any(part, english)
        or any(_respells(part, word, _VERY_ALIKE) for word in english)
    )


def _respells(word: str, english: str, least: float = _ALIKE) -> bool:
    """Tell whether English may write an Indonesian word so: "Bukares" as "Bucharest".

    Unless the word is a common one ("meteorologi"), English must know its spelling: "Kementan" isn't "Kementerin".
    """
    if not looks_alike(word, english, least):
        return False
    spelled = forms(english)
    return fold(word) in common_words("id") or any(
        form in english_names() or form in common_words("en") for form in spelled
    )


def _may_stand(name: Name, language: str) -> bool:
    """Tell whether a word with a capital needs no counterpart: titles and the like."""
    lists = load_words()["names"]
    common = common_words("id" if language == "id" else "en")
    keys = forms(name.text)
    if not keys.isdisjoint(lists[language]["free"].split()):
        return True
    if name.text.isupper() and 1 < len(name.text) <= _LONGEST_ABBREVIATION:
        return False
    if language == "en":
        keys |= {re.sub("(?:es|s)$", "", key) for key in keys} | {re.sub("ies$", "y", key) for key in keys}
    return all(part in common for part in re.split("[-.]", fold(name.text)) if part) or not keys.isdisjoint(common)


def _is_opener(word: str) -> bool:
    """Tell whether an Indonesian word that begins a sentence is a rare word rather than a name."""
    return bool(_AFFIXED.match(word)) or word.lower() in load_words()["names"]["id"]["openers"].split()


def _in_title_case(text: str) -> bool:
    words = [word for word in WORD.findall(text) if word[0].isalpha() and len(word) > 3]
    return len(words) > 3 and sum(word[0].isupper() for word in words) > _TITLE_CASE * len(words)


@cache
def _negation(language: str) -> tuple[frozenset[str], frozenset[str]]:
    table = load_words()["negation"][language]
    return frozenset(table["words"].split()), frozenset(table["lexical"].split())


@cache
def _idioms() -> list[tuple[re.Pattern[str], frozenset[str]]]:
    """Return idioms with a negative, and the English words beside which English needs the negative too."""
    table = load_words()["negation"]["idioms"]
    return [
        (re.compile(rf"\b{idiom}\b", re.IGNORECASE), frozenset(literal.split())) for idiom, literal in table.items()
    ]


@cache
def _implied() -> frozenset[str]:
    return frozenset(load_words()["negation"]["id"]["implied"].split())


@dataclass(frozen=True)
class _Negative:
    """A word of negation, and where it stands in its text, from 0 to 1."""

    word: str
    place: float


def _placed(words: Sequence[str], chosen: Callable[[str], bool]) -> list[_Negative]:
    return [_Negative(word, at / len(words)) for at, word in enumerate(words) if chosen(word)]


def _is_plain_english(key: str) -> bool:
    return key in _negation("en")[0] or key.endswith("n't")


def _is_lexical_english(key: str) -> bool:
    """Tell whether an English word may stand for a negative: "unable", "incompetent", "hopeless", "lacks"."""
    table = load_words()["negation"]["en"]
    if _is_plain_english(key) or key in table["unlike"].split():
        return False
    stems = [key.removeprefix(prefix) for prefix in table["prefixes"] if key.startswith(prefix)]
    # "Unstoppable" is of "stop".
    stems += [re.sub(r"(.)\1$", r"\1", stem.removesuffix("able")) for stem in stems if stem.endswith("able")]
    if key.endswith(tuple(table["adjective_endings"])):
        stems += [key.removeprefix(prefix) for prefix in table["adjective_prefixes"] if key.startswith(prefix)]
    if key.endswith("less"):
        stems.append(key.removesuffix("less"))
    return key in _negation("en")[1] or any(len(stem) > 2 and stem in common_words("en") for stem in stems)


def _negation_faults(source: str, translation: str) -> list[Fault]:
    """Compare the negatives of a sentence and its translation.

    Each negative of Indonesian needs a plain one of English ("not"), or a word that may stand for it ("unable") at
    about the same place of the sentence. Such words are used up by those of the source that mean them ("gagal").
    """
    words, lexical = _negation("id")
    table = load_words()["negation"]["en"]
    counted = _HYPHENED.sub(r"\1", _NO_NEGATIVE.sub(" ", translation))
    english = [word.lower().replace("’", "'") for word in _ENGLISH_WORD.findall(counted)]
    text, excused = source, False
    for idiom, literal in _idioms():
        if literal.isdisjoint(english):
            text, count = idiom.subn(" ", text)
            excused |= count > 0
    keys = [word.lower() for word in _ENGLISH_WORD.findall(text)]
    negatives = _placed(keys, words.__contains__)
    plain = _placed(english, _is_plain_english)
    lacking = _placed(english, _is_lexical_english)
    prefixed = [word for word in lacking if word.word.startswith("un")]
    others = [word for word in lacking if word not in prefixed]
    for implied in _placed(keys, lambda key: key in _implied() or key.startswith("ketidak")):
        if not _take_nearest(others, implied, _BESIDE):
            _take_nearest(prefixed, implied, _BESIDE)
    not_yet = _placed(english, table["not_yet"].split().__contains__)
    for implied in _placed(keys, table["not_yet_from"].split().__contains__):
        _take_nearest(not_yet, implied, _BESIDE)
    if "yet to" in translation:
        not_yet += _placed(english, {"yet"}.__contains__)
    uncovered = [
        negative
        for negative in negatives
        if not _take_nearest(others, negative, _NEAR)
        and not _take_nearest(prefixed, negative, _APART)
        and not (negative.word.startswith("belum") and _take_nearest(not_yet, negative, _NEAR))
    ]
    if len(uncovered) > len(plain):
        return [Fault("negation", uncovered[0].word, missing=True)]
    if plain and not negatives and not excused and not any(_is_lexical(key, lexical) for key in keys):
        return [Fault("negation", plain[0].word)]
    return []


def _take_nearest(words: list[_Negative], word: _Negative, within: float) -> bool:
    """Take the word that stands nearest to another one off a list; return False if none stands near enough."""
    best = min(words, key=lambda other: abs(other.place - word.place), default=None)
    if best is None or abs(best.place - word.place) > within:
        return False
    words.remove(best)
    return True


def _is_lexical(key: str, lexical: Iterable[str]) -> bool:
    return (
        key in lexical
        or key.startswith(("ketidak", "tak", "non", "anti", "tuna"))
        or key.removesuffix("nya") in lexical
    )


def _untranslated(source: str, translation: str) -> list[Fault]:
    table = load_words()["untranslated"]["words"].split()
    # What stands in quotation marks or in capitals may be a title or a name.
    text = re.sub(r"“[^”]*”|\"[^\"]*\"|‘[^’]*’", " ", translation)
    source_words = {match.group() for match in WORD.finditer(source)}
    english = common_words("en")
    left = []
    for match in WORD.finditer(text):
        word = match.group()
        around = text[match.end() : match.end() + 2].strip()[:1]
        if word in table and word in source_words and not around.isupper():
            left.append(word)
    if not left:
        kept = [match.group() for match in WORD.finditer(text)]
        kept = [word for word in kept if word.islower() and len(word) > 4 and word in source_words]
        loans = load_words()["names"]["loans"]["words"].split()
        left = [word for word in kept if word in common_words("id") and word not in english and word not in loans]
        # One word may be a loan that English has taken, two are none, nor is one with a prefix of Indonesian.
        left = left if len(set(left)) > 1 or any(_PREFIXED.match(word) for word in left) else []
    return [Fault("untranslated", " ".join(dict.fromkeys(left)))] if left else []


def _sentences(text: str) -> int:
    return 1 + len(_END.findall(text))


def _length_faults(source: str, translation: str) -> list[Fault]:
    there, here = len(source.split()), len(translation.split())
    if there < _FEWEST_WORDS:
        return [Fault("length", "long")] if here > there * _LONGEST + _FEWEST_WORDS else []
    ratio = here / there
    sentences = max(len(split_sentences(source)), _sentences(source)), _sentences(translation)
    if sentences[1] > sentences[0] and ratio > _ADDED:
        return [Fault("sentences", "added")]
    if sentences[1] < sentences[0] and ratio < _DROPPED:
        return [Fault("sentences", "dropped", missing=True)]
    if ratio > _LONGEST:
        return [Fault("length", "long")]
    return [Fault("length", "short")] if ratio < _SHORTEST else []


_ADDED, _DROPPED = 1.5, 0.7


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
        if _ENGLISH_FORM.fullmatch(written) and _means(written + rest, values):
            continue
        if _ENGLISH_FORM.fullmatch(swapped) and _means(swapped + rest, values):
            translation = translation[: number.start] + swapped + translation[number.start + len(written) :]
    return translation


_DATE = r"(?<![\d/])(\d{1,2}) ?/ ?(\d{1,2})(?: ?/ ?(\d{4}))?(?! ?/ ?\d|\d)"


def fix_dates(source: str, translation: str) -> str:
    """Put dates that a translation has in digits into words: English readers differ on which of them is the month.

    "(12/3)" becomes "(12 March)", and "(3/12)" too, if the source has the first behind a day of the week, or with a
    year, and not the second.
    """
    days = "|".join(load_words()["id"]["days"])
    own = re.finditer(rf"(?:\b({days})\b,? ?[(\[]? ?)?{_DATE}", source, re.IGNORECASE)
    dates = {
        (int(day), int(month)) for weekday, day, month, year in (match.groups() for match in own) if weekday or year
    }

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
        return f"{day} {_english_for('months')[month].capitalize()}" + (f" {year}" if year else "")

    return re.sub(_DATE, in_words, translation) if dates else translation


_MARKED = re.compile(r"\d+(?:[.,]\d+)+")
_ENGLISH_FORM = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")


def _means(text: str, values: set[Reading]) -> bool:
    """Tell whether an English number, its English reading alone, is one of the values."""
    numbers = find_numbers(text, "en")
    digits = _MARKED.match(text)
    if len(numbers) != 1 or not digits:
        return False
    # The scale word behind the digits counts for the value.
    own, read = read_digits(digits.group(), "en")[0], read_digits(digits.group(), "en")
    scales = {reading / one for reading in numbers[0].readings if isinstance(reading, Fraction) for one in read if one}
    return any(own * scale in values for scale in scales if scale >= 1 and scale.denominator == 1)


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
        forms_ = glossary.terms[term]
        if term in forms_ or (term.isupper() and term not in glossary.own):
            continue
        pattern = re.compile(rf"(?<![\w-])(?<![A-Z][a-z] ){re.escape(term)}(?![\w-])(?!\s+[A-Z])")
        if " " in term or term in glossary.own:
            pattern = re.compile(rf"(?<![\w-]){re.escape(term)}(?![\w-])")
        translation = pattern.sub(forms_[0], translation)
    return _fix_words(source, translation)


def _fix_words(source: str, translation: str) -> str:
    words = load_words()
    scales = _english_for("scales")
    pairs = {rf"(?<=\d ){old}": new for old, new in words["percent"].items()}
    pairs |= {rf"(?<=\d ){old}": scales[value] for old, value in words["id"]["scales"].items()}
    for kind in ("months", "days"):
        english = _english_for(kind)
        for word, number in words["id"][kind].items():
            written = word.capitalize()
            # "Minggu" may be the week.
            if word not in words["en"][kind] and word != "minggu" and written in source:
                pairs[re.escape(written)] = english[number].capitalize()
    for word, (one, several) in words["divisions"].items():
        if word in source.casefold():
            pairs[rf"{_MANY}{word}"] = rf"\1 {several}"
            pairs[word] = one
    for old, new in pairs.items():
        translation = re.sub(rf"(?<![\w-]){old}(?![\w-])", new, translation)
    return _fix_named_divisions(source, translation)


_MANY = r"(?i:\b(\d+|two|three|four|five|six|seven|eight|nine|ten|all|both|few|many|other|several|some|these|those) )"


def _fix_named_divisions(source: str, translation: str) -> str:
    """Put what places are called into English, and behind the name: "Kabupaten Bima" is "Bima Regency"."""
    for word, (one, _) in load_words()["divisions"].items():
        title = word.capitalize()

        def turn(match: re.Match[str], title: str = title, one: str = one) -> str:
            # Capitals may go on behind the name; it ends where it does in the source.
            names = match["names"].split()
            for count in range(len(names), 0, -1):
                name = " ".join(names[:count])
                if f"{title} {name}" in source:
                    return " ".join([name, one.title(), *names[count:]])
            return match.group()

        # Behind a preposition of Indonesian it is part of a title.
        translation = re.sub(rf"(?<![\w-])(?<!\bdi )(?<!\bke ){title}(?P<names>(?: [A-Z][\w'’-]*)+)", turn, translation)
    return translation


@cache
def _english_for(kind: Literal["months", "days", "scales"]) -> dict[int, str]:
    """Return the English word for each month, day or scale, written in full."""
    english: dict[int, str] = {}
    for word, number in load_words()["en"][kind].items():
        if len(word) > len(english.get(number, "")) and not word.endswith("s"):
            english[number] = word
    return english
