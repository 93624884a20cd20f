"""Check a sentence of an Indonesian abstract against the article that it was written from."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, pairwise

from summarizer.checks.contexts import find_flipped_negatives, find_misplaced
from summarizer.checks.faults import Fault
from summarizer.checks.names import Name, find_names, forms, holds, initials, words_of
from summarizer.checks.numbers.measures import (
    find_dates,
    find_numbers,
    find_pairs,
    find_scores,
    find_turned_scores,
    same_measure,
)
from summarizer.checks.numbers.reader import Number, Reading
from summarizer.checks.references import has_unresolved_reference
from summarizer.checks.rows import MOST_PLACES, Sentences, WordRows
from summarizer.checks.wordlists import serious_words, word_list, words_pattern
from summarizer.lexicon.glossary import load_glossary
from summarizer.text.normalise import require_characters
from summarizer.text.sentences import split_sentences
from summarizer.text.words import WORD, common_words, fold

_LONGER = 4
# A straight mark opens where a space comes before it alone, and closes where one comes after it.
_QUOTED = re.compile(r'“([^“”]+)”|(?<![^\s(])"(?=\S)([^"]+)(?<=\S)"')
_MIN_QUOTED_WORDS = 3
_SHORTEST_BLEND = 5
_LONGEST_BLEND = 24
_WORD_RUN = re.compile(r"\w+")
_SURNAMES = re.compile(r" ([A-Z][\w'’-]*)((?: [A-Z][\w'’-]*)*)")
# How far in front of a surname the first name may begin, in characters.
_LONGEST_NAME = 40
# Digits and the scale word after them.
_AMOUNT = re.compile(r"([1-9]\d{0,8})(?:,(\d{1,6}))?\s?[^\W\d_]+")
# An opening bracket ends the search for a closing one: opening ones alone would take the square of their number.
_ELLIPSIS = re.compile(r"\.\.+|…|\[[^\[\]]*\]")
# The least amount, its mark aside, that rounds another one: of two digits.
_LEAST_ROUNDED = 10
# Smallest share of a sentence's longer words that the article must hold.
_MIN_WORDS = 0.5


class _Numbers:
    """The numbers of an article, to look up those that may support one of its abstract."""

    def __init__(self, numbers: Iterable[Number]) -> None:
        self._by_reading: dict[Reading, list[Number]] = {}
        self._by_unit: dict[str | None, list[tuple[Fraction, Number]]] = {}
        # Where a number stands, and how it is written, says nothing here.
        for number in dict.fromkeys(replace(number, text="", start=0, end=0) for number in numbers):
            for reading in number.readings:
                self._by_reading.setdefault(reading, []).append(number)
            for value in number.values:
                self._by_unit.setdefault(number.unit, []).append((value, number))
        for values in self._by_unit.values():
            values.sort(key=_first)

    def find_support(self, number: Number) -> list[Number]:
        """Return the numbers that have the value of another one, or that it rounds."""
        agreeing: list[Number] = []
        for reading in number.readings:
            same = self._by_reading.get(reading, [])
            agreeing += [other for other in same if _is_certain(number, other)]
        return agreeing + self._find_rounded(number)

    def _find_rounded(self, number: Number) -> list[Number]:
        """Return the numbers of the same unit that an amount cuts off or rounds to two digits or more: "13 triliun"."""
        written = _AMOUNT.fullmatch(number.text)
        if not written:
            return []
        digits = int(written[1] + (written[2] or ""))
        if digits < _LEAST_ROUNDED:
            return []
        values = self._by_unit.get(number.unit, [])
        rounded: list[Number] = []
        for value in number.values:
            last_place = value / digits
            # What is cut off or rounded to the digits lies between half a step below them and a step above.
            first = bisect_left(values, (digits - Fraction(1, 2)) * last_place, key=_first)
            last = bisect_right(values, (digits + 1) * last_place, key=_first)
            for exact_value, other in values[first : min(last, first + MOST_PLACES)]:
                exact = exact_value / last_place
                if digits in (int(exact), round(exact)) and _is_certain(number, other):
                    rounded.append(other)
        return rounded


class _NamePlaces:
    """Where the words of a text begin, to look up the words around a name."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._places: dict[str, list[int]] = {}
        for match in _WORD_RUN.finditer(text):
            places = self._places.setdefault(match.group(), [])
            if len(places) < MOST_PLACES:
                places.append(match.start())

    def _find(self, name: str) -> Iterator[int]:
        first_run = _WORD_RUN.match(name)
        places = self._places.get(first_run.group(), []) if first_run else []
        return (place for place in places if self._text.startswith(name, place))

    def find_surnames(self, name: str) -> list[tuple[str, list[str]]]:
        """Return what follows a first name wherever it stands: a word with a capital, and more such words."""
        surnames: list[tuple[str, list[str]]] = []
        end = 0
        for place in self._find(name):
            match = _SURNAMES.match(self._text, place + len(name))
            if match and place >= end:
                surnames.append((match[1], match[2].split()))
                end = match.end()
        return surnames

    def find_words_before(self, name: str) -> list[str]:
        """Return the word in front of a name wherever it stands whole; "" where none is near."""
        words: list[str] = []
        for place in self._find(name):
            end = place + len(name)
            if self._text[end : end + 1].isalnum() or self._text[end : end + 1] == "_":
                continue
            before = self._text[max(0, place - _LONGEST_NAME) : place].split()
            words.append(before[-1] if before else "")
        return words


def _index_capitals(capitals: list[str]) -> dict[str, list[tuple[str, ...]]]:
    """Return the words that a blend may be made of, five in a row, by the two letters that the first begins with."""
    windows: dict[str, dict[tuple[str, ...], None]] = {}
    for place in range(len(capitals) - 1):
        window = tuple(capitals[place : place + 5])
        same_beginning = windows.setdefault(window[0][:2], {})
        if len(same_beginning) < MOST_PLACES:
            same_beginning[window] = None
    return {beginning: list(rows) for beginning, rows in windows.items()}


def _first(item: tuple[Fraction, Number]) -> Fraction:
    return item[0]


def _is_certain(number: Number, other: Number) -> bool:
    """Tell whether a number may support another one that has a unit: "kuartal" is no "4 persen"."""
    return bool(number.unit is None or other.unit or other.claim)


@dataclass(frozen=True)
class _Article:
    """What sentences are looked up in; its words are also those of names that mean the same in English."""

    sentences: Sentences[str]
    text: str
    rows: WordRows
    name_places: _NamePlaces
    words: set[str]
    initials: set[str]
    initial_letters: set[str]
    blends: dict[str, list[tuple[str, ...]]]
    numbers: _Numbers
    together: set[tuple[int, int] | frozenset[int]]
    scores: set[tuple[int, int]]
    known_patterns: dict[re.Pattern[str], bool] = field(default_factory=dict)

    def has(self, words: re.Pattern[str]) -> bool:
        """Tell whether it has one of some words; all of its text is searched once for each pattern."""
        if words not in self.known_patterns:
            self.known_patterns[words] = words.search(self.text) is not None
        return self.known_patterns[words]


@lru_cache(maxsize=64)
def _read(sentences: Sentences[str]) -> _Article:
    text = "\n".join(sentences)
    glossary = load_glossary()
    # "MK" and "Mahkamah Konstitusi".
    english = {glossary.terms[term][0] for term in glossary.find(text)}
    same = {term for term, known in glossary.terms.items() if known[0] in english}
    capitals = [fold(word) for word in WORD.findall(text) if word[0].isupper()]
    return _Article(
        sentences=sentences,
        text=text,
        rows=WordRows(_plain(text)),
        name_places=_NamePlaces(text),
        words=words_of(text).union(*map(words_of, same)),
        initials=initials(text),
        initial_letters={capital[:1] for capital in capitals},
        blends=_index_capitals(capitals),
        numbers=_Numbers(find_numbers(text, "id")),
        together={*find_dates(text), *find_pairs(text, loose=True)},
        scores=set(find_scores(text)),
    )


def check_abstract_sentence(sentence: str, article: Sequence[str], before: str | None = None) -> list[Fault]:
    """Find what a sentence of an abstract says otherwise than the sentences of the article that it was written from.

    Besides what `check_abstract` looks up: names and numbers among other words than in the article, negatives that were
    dropped or added, and sentences most of whose words it lacks. These are for sentences that stay close to their
    article. If the text before the sentence is given, what points back to none of it is a fault.
    """
    source = _read(Sentences.of(article))
    faults = _find_unsaid(sentence, source)
    if {fault.kind for fault in faults}.isdisjoint({"number", "unit", "name"}):
        faults += find_misplaced(sentence, source.sentences)
    faults += find_flipped_negatives(sentence, source.sentences)
    if before is not None and has_unresolved_reference(sentence, before):
        faults.append(Fault("opening", sentence))
    if not faults and _share_of_words(sentence, source) < _MIN_WORDS:
        faults.append(Fault("sentences", sentence))
    return list(dict.fromkeys(faults))


def check_abstract(text: str, source: str) -> list[Fault]:
    """Find what an Indonesian text says, in whatever words, and the one that it was written from doesn't.

    It looks up: numbers with their units and with what they count, in digits and words ("1,2 juta" is "1.200.000", "8
    orang" doesn't support "8 persen"); dates and scores as wholes; words written like names, each by itself, without
    affixes; names made of two people's; quotations of three words and more; words for serious matters such as crime and
    death.

    Args:
        text: Indonesian, on one line.
        source: what it was written from, each paragraph on one line.

    Raises:
        InputError: one of the texts holds half of a surrogate pair.
    """
    require_characters(text, "text")
    require_characters(source, "source")
    sentences: list[str] = []
    for line in source.split("\n"):
        sentences += split_sentences(line)
    article = _read(Sentences.of(sentences))
    faults = [fault for sentence in split_sentences(text) for fault in _find_unsaid(sentence, article)]
    return list(dict.fromkeys(faults))


def _find_unsaid(sentence: str, source: _Article) -> list[Fault]:
    """Find what `check_abstract` looks up in one sentence."""
    faults = _number_faults(sentence, source) + _name_faults(sentence, source)
    faults += [Fault("quotation", piece) for piece in _unsupported_quotations(sentence, source)]
    for words in serious_words().values():
        serious = words.indonesian.search(sentence)
        if serious and not source.has(words.sources):
            faults.append(Fault("serious", serious.group()))
    return faults


def _share_of_words(sentence: str, source: _Article) -> float:
    words = [word for word in WORD.findall(sentence) if len(word) >= _LONGER and word[0].isalpha()]
    return sum(fold(word) in source.words for word in words) / len(words) if words else 1.0


def _number_faults(sentence: str, source: _Article) -> list[Fault]:
    wrong: list[Fault] = []
    for number in find_numbers(sentence, "id"):
        # "Dua" may count what the source lists.
        if not number.claim or (not number.digits and Fraction(2) in number.readings):
            continue
        same = source.numbers.find_support(number)
        if not same:
            wrong.append(Fault("number", number.text))
        elif not any(same_measure(number, other) for other in same):
            wrong.append(Fault("unit", number.text))
        elif _has_other_sign(number, same, sentence, source):
            wrong.append(Fault("number", number.sign + number.text))
    # Numbers that the source has, each by itself, and doesn't put together so.
    pieces = {fault.piece for fault in wrong}
    linked = [*find_dates(sentence).items(), *find_pairs(sentence).items()]
    for numbers, words in linked:
        if numbers not in source.together and not _holds_any(words, pieces):
            wrong.append(Fault("number", words))
    return wrong + _find_turned_scores(sentence, source)


def _has_other_sign(number: Number, same: Sequence[Number], sentence: str, source: _Article) -> bool:
    """Tell whether a number is negative and those of the article aren't, or the reverse: "minus 5" and "5"."""
    if any(bool(other.sign) == bool(number.sign) for other in same):
        return False
    # "5 derajat di bawah nol" has no sign.
    words = words_pattern("negative_numbers.indonesian")
    return not source.has(words) if number.sign else words.search(sentence) is None


def _find_turned_scores(sentence: str, source: _Article) -> list[Fault]:
    """Find scores whose numbers changed places, unless somebody lost: then the other side's number may be first."""
    turned = find_turned_scores(sentence, source.scores)
    losses = words_pattern("losses.indonesian")
    if not turned or losses.search(sentence) or source.has(losses):
        return []
    return [Fault("number", words) for words in turned]


def _holds_any(text: str, pieces: Collection[str]) -> bool:
    """Tell whether a short text holds one of some pieces, with the boundaries of words around it."""
    boundaries = [match.start() for match in re.finditer(r"\b", text)]
    return any(text[start:end] in pieces for start, end in combinations(boundaries, 2))


def _name_faults(sentence: str, source: _Article) -> list[Fault]:
    # Pronouns, prepositions and currencies are not names, however they are written.
    never = word_list("untranslated") | word_list("names.never")
    names = [name for name in find_names(sentence, "id") if name.text.lower() not in never]
    missing = [name.text for name in names if not _is_held(name.text, source)]
    return [Fault("name", text) for text in missing or _mixed_names(sentence, names, source)]


def _is_held(word: str, source: _Article) -> bool:
    if holds(source.words, word):
        return True
    if len(word) == 1:
        # An initial: "Abdi A." for "Abdi Adan".
        return fold(word) in source.initial_letters
    return (word.isupper() and fold(word) in source.initials) or _is_blend(fold(word), source.blends)


def _is_blend(word: str, blends: dict[str, list[tuple[str, ...]]]) -> bool:
    """Tell whether a word is made of the beginnings of others, such as Kemenkeu of Kementerian Keuangan."""
    if not _SHORTEST_BLEND <= len(word) <= _LONGEST_BLEND:
        return False
    return any(_blends(word, window, first=True) for window in blends.get(word[:2], ()))


def _blends(rest: str, words: Sequence[str], *, first: bool) -> bool:
    if not rest or not words:
        return not rest and not first
    for length in range(len(rest) - first, 1, -1):
        head = rest[:length]
        word = words[0]
        # "Polda" has beginnings, "Mendikdasmen" a root from within: pen-didik-an.
        is_inside = not first and (word.endswith(head) or (len(head) > 2 and head in word))
        if (word.startswith(head) or is_inside) and _blends(rest[length:], words[1:], first=False):
            return True
    return not first and _blends(rest, words[1:], first=False)


def _mixed_names(sentence: str, names: list[Name], source: _Article) -> Iterator[str]:
    """Yield names made of two people's: the source gives each of them another one."""
    seen: set[tuple[str, str]] = set()
    for name, following in pairwise(names):
        pair = (name.text, following.text)
        if sentence[name.end : following.start] == " " and pair not in seen:
            seen.add(pair)
            if _is_mixed(*pair, source):
                yield f"{name.text} {following.text}"


def _is_mixed(first_name: str, surname: str, source: _Article) -> bool:
    """Tell whether the source gives a first name other surnames, and a surname other first names."""
    if _is_common(first_name) or _is_common(surname):
        return False
    if first_name.isupper() or surname.isupper() or len(surname) < _LONGER:
        return False
    for left in forms(first_name):
        if any(source.rows.hold(_plain(f"{left} {right}")) for right in forms(surname)):
            return False
    surnames = source.name_places.find_surnames(first_name)
    if all(_is_common(other) for other, _ in surnames) or any(surname in rest for _, rest in surnames):
        return False
    before = source.name_places.find_words_before(surname)
    return bool(before) and all(word[:1].isupper() and word[-1:].isalnum() for word in before)


def _is_common(word: str) -> bool:
    return fold(word) in common_words("id") and fold(word) not in word_list("names.given")


def _unsupported_quotations(sentence: str, source: _Article) -> Iterator[str]:
    for match in _QUOTED.finditer(sentence):
        quoted = match.group(1) or match.group(2)
        if len(quoted.split()) < _MIN_QUOTED_WORDS:
            continue
        # A speech that the article interrupts ("…," kata Budi. "…") is there sentence by sentence.
        pieces: list[str] = []
        for part in _ELLIPSIS.split(quoted):
            pieces += split_sentences(part)
        if not all(source.rows.hold(_plain(piece)) for piece in pieces):
            yield quoted


def _plain(text: str) -> list[str]:
    """Return the words of a text in `fold` form, without marks."""
    return re.findall(r"[^\W_]+", re.sub("(?<=\\w)'(?=\\w)", "", fold(text)))
