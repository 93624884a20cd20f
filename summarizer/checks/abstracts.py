"""Check a sentence of an Indonesian abstract against the article that it was written from."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
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

# Words of fewer letters say little about whether a sentence is of the article.
_LONGER = 4
# A straight mark opens where a space comes before it alone, and closes where one comes after it.
_QUOTED = re.compile(r'“([^“”]+)”|(?<![^\s(])"(?=\S)([^"]+)(?<=\S)"')
# Fewer words in quotation marks are a title or a word in another sense rather than what somebody said.
_MIN_QUOTED_WORDS = 3
# In letters. Polda has five; what is longer than the second is no word, and would take long to take apart.
_SHORTEST_BLEND = 5
_LONGEST_BLEND = 24
# So many words in a row may make a blend.
_BLENDED_WORDS = 5
_WORD_RUN = re.compile(r"\w+")
# Behind a first name: group 1 is a surname, group 2 what follows that.
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
# Where a sentence has one of these faults, another look at where its numbers and names stand would tell it twice.
_NUMBERS_AND_NAMES = frozenset({"number", "unit", "name"})


class _Numbers:
    """The numbers of an article, to look up those that may support one of its abstract."""

    def __init__(self, numbers: Iterable[Number]) -> None:
        self._by_reading: dict[Reading, list[Number]] = {}
        # By unit, the values that numbers with it have, rising, with the number that each is of.
        self._by_unit: dict[str | None, list[tuple[Fraction, Number]]] = {}
        distinct: dict[Number, None] = {}
        for number in numbers:
            # Where a number stands, and how it is written, says nothing here.
            distinct[replace(number, text="", start=0, end=0)] = None
        for number in distinct:
            for reading in number.readings:
                self._by_reading.setdefault(reading, []).append(number)
            for value in number.values:
                self._by_unit.setdefault(number.unit, []).append((value, number))
        for values in self._by_unit.values():
            values.sort(key=_value_of)

    def find_support(self, number: Number) -> list[Number]:
        """Return the numbers that have the value of another one, or that it rounds."""
        agreeing: list[Number] = []
        for reading in number.readings:
            for other in self._by_reading.get(reading, []):
                if _may_support(other, number):
                    agreeing.append(other)
        return agreeing + self._find_rounded(number)

    def _find_rounded(self, number: Number) -> list[Number]:
        """Return the numbers of the same unit that an amount cuts off or rounds to two digits or more: "13 triliun"."""
        amount = _AMOUNT.fullmatch(number.text)
        if amount is None:
            return []
        decimals = amount[2] or ""
        digits = int(amount[1] + decimals)
        if digits < _LEAST_ROUNDED:
            return []
        values = self._by_unit.get(number.unit, [])
        rounded: list[Number] = []
        for value in number.values:
            # Of "13 triliun", what the 3 counts: a trillion.
            last_place = value / digits
            # What is cut off or rounded to the digits lies between half a step below them and a step above.
            first = bisect_left(values, (digits - Fraction(1, 2)) * last_place, key=_value_of)
            last = bisect_right(values, (digits + 1) * last_place, key=_value_of)
            for exact_value, other in values[first : min(last, first + MOST_PLACES)]:
                exact = exact_value / last_place
                is_cut_off = int(exact) == digits
                is_rounded = round(exact) == digits
                if (is_cut_off or is_rounded) and _may_support(other, number):
                    rounded.append(other)
        return rounded


def _value_of(item: tuple[Fraction, Number]) -> Fraction:
    return item[0]


def _may_support(number: Number, supported: Number) -> bool:
    """Tell whether a number may support another one: one with a unit needs one for sure, "kuartal" is no "4 persen"."""
    is_certain = number.unit is not None or number.claim
    return supported.unit is None or is_certain


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
        """Yield where a name begins in the text, be it a part of a longer one."""
        first_run = _WORD_RUN.match(name)
        if first_run is None:
            return
        for place in self._places.get(first_run.group(), []):
            if self._text.startswith(name, place):
                yield place

    def find_surnames(self, name: str) -> list[tuple[str, list[str]]]:
        """Return what follows a first name wherever it stands: a word with a capital, and more such words."""
        surnames: list[tuple[str, list[str]]] = []
        end = 0
        for place in self._find(name):
            if place < end:
                # It is one of the surnames.
                continue
            match = _SURNAMES.match(self._text, place + len(name))
            if match:
                surnames.append((match[1], match[2].split()))
                end = match.end()
        return surnames

    def find_words_before(self, name: str) -> list[str]:
        """Return the word in front of a name wherever it stands whole; "" where none is near."""
        words: list[str] = []
        for place in self._find(name):
            end = place + len(name)
            behind = self._text[end : end + 1]
            goes_on = behind.isalnum() or behind == "_"
            if goes_on:
                continue
            before = self._text[max(0, place - _LONGEST_NAME) : place].split()
            words.append(before[-1] if before else "")
        return words


_Blends = Mapping[str, Sequence[tuple[str, ...]]]
"""Words that a blend may be made of, some in a row, by the two letters that the first of them begins with."""


def _index_blends(capitals: Sequence[str]) -> _Blends:
    """Return what blends of the words with capitals of a text may be made of.

    Args:
        capitals: these words, in their order and in `fold` form.
    """
    rows: dict[str, dict[tuple[str, ...], None]] = {}
    # The last word has none behind it that it could make a blend with.
    for place in range(len(capitals) - 1):
        row = tuple(capitals[place : place + _BLENDED_WORDS])
        same_beginning = rows.setdefault(row[0][:2], {})
        if len(same_beginning) < MOST_PLACES:
            same_beginning[row] = None
    return {beginning: list(known) for beginning, known in rows.items()}


@dataclass(frozen=True)
class _Article:
    """What sentences are looked up in.

    Attributes:
        sentences: of the article.
        text: these, a line each.
        rows: its words, as `_plain` has them.
        name_places: where its words begin.
        words: the forms of its words, and of terms that mean the same as its own in English ("MK", "Mahkamah
            Konstitusi").
        initials: the abbreviations that its names can have.
        initial_letters: the letters that its words with capitals begin with, in `fold` form.
        blends: what blends of its words with capitals are made of.
        numbers: its numbers.
        together: the dates of the article (day and month), and pairs of numbers that it links.
        scores: its scores, such as (3, 1).
        searched_patterns: whether the article has any of some words, by their pattern: see `has`.
    """

    sentences: Sentences[str]
    text: str
    rows: WordRows
    name_places: _NamePlaces
    words: Set[str]
    initials: Set[str]
    initial_letters: Set[str]
    blends: _Blends
    numbers: _Numbers
    together: Set[tuple[int, int] | frozenset[int]]
    scores: Set[tuple[int, int]]
    searched_patterns: dict[re.Pattern[str], bool] = field(default_factory=dict)

    def has(self, words: re.Pattern[str]) -> bool:
        """Tell whether it has one of some words; all of its text is searched once for each pattern."""
        if words not in self.searched_patterns:
            self.searched_patterns[words] = words.search(self.text) is not None
        return self.searched_patterns[words]


@lru_cache(maxsize=64)
def _read(sentences: Sentences[str]) -> _Article:
    """Return what `check_abstract` looks up of an article, so that it is read once for all sentences."""
    text = "\n".join(sentences)
    words = words_of(text)
    for term in _find_synonyms(text):
        words |= words_of(term)
    capitals: list[str] = []
    initial_letters: set[str] = set()
    for word in WORD.findall(text):
        if word[0].isupper():
            capital = fold(word)
            capitals.append(capital)
            initial_letters.add(capital[:1])
    return _Article(
        sentences=sentences,
        text=text,
        rows=WordRows(_plain(text)),
        name_places=_NamePlaces(text),
        words=words,
        initials=initials(text),
        initial_letters=initial_letters,
        blends=_index_blends(capitals),
        numbers=_Numbers(find_numbers(text, "id")),
        together={*find_dates(text), *find_pairs(text, loose=True)},
        scores=set(find_scores(text)),
    )


def _find_synonyms(text: str) -> list[str]:
    """Return the terms that mean the same in English as those of a text, and these: "MK", "Mahkamah Konstitusi"."""
    glossary = load_glossary()
    english = {glossary.terms[term][0] for term in glossary.find(text)}
    return [term for term, known in glossary.terms.items() if known[0] in english]


def check_abstract_sentence(sentence: str, article: Sequence[str], before: str | None = None) -> list[Fault]:
    """Find what a sentence of an abstract says otherwise than the sentences of the article that it was written from.

    Besides what `check_abstract` looks up: names and numbers among other words than in the article, negatives that were
    dropped or added, and sentences most of whose words it lacks. These are for sentences that stay close to their
    article.

    Args:
        sentence: of an abstract, on one line.
        article: the sentences of the article.
        before: the abstract in front of the sentence; what points back to none of it is a fault. None if it isn't
            known.
    """
    source = _read(Sentences.of(article))
    faults = _find_unsaid(sentence, source)
    kinds = {fault.kind for fault in faults}
    if kinds.isdisjoint(_NUMBERS_AND_NAMES):
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
    faults: list[Fault] = []
    for sentence in split_sentences(text):
        faults += _find_unsaid(sentence, article)
    return list(dict.fromkeys(faults))


def _find_unsaid(sentence: str, source: _Article) -> list[Fault]:
    """Find what `check_abstract` looks up in one sentence."""
    return [
        *_find_number_faults(sentence, source),
        *_find_name_faults(sentence, source),
        *_find_quotation_faults(sentence, source),
        *_find_serious_faults(sentence, source),
    ]


def _find_serious_faults(sentence: str, source: _Article) -> Iterator[Fault]:
    """Find the first word of each serious matter that the article says nothing of."""
    for words in serious_words().values():
        serious = words.indonesian.search(sentence)
        if serious and not source.has(words.sources):
            yield Fault("serious", serious.group())


def _share_of_words(sentence: str, source: _Article) -> float:
    """Return what part of the longer words of a sentence the article has, from 0 to 1; 1 if there are none."""
    count = 0
    held = 0
    for word in WORD.findall(sentence):
        if len(word) < _LONGER or not word[0].isalpha():
            continue
        count += 1
        if fold(word) in source.words:
            held += 1
    return held / count if count else 1.0


def _find_number_faults(sentence: str, source: _Article) -> list[Fault]:
    """Find the numbers of a sentence that the article lacks, or that it doesn't put together so: dates, scores."""
    faults: list[Fault] = []
    for number in find_numbers(sentence, "id"):
        # "Dua" may count what the source lists.
        is_two_in_words = not number.digits and Fraction(2) in number.readings
        if number.claim and not is_two_in_words:
            fault = _find_number_fault(number, sentence, source)
            if fault:
                faults.append(fault)
    # Numbers that the source has, each by itself, and doesn't put together so.
    pieces = {fault.piece for fault in faults}
    for numbers, words in [*find_dates(sentence).items(), *find_pairs(sentence).items()]:
        if numbers not in source.together and not _holds_any(words, pieces):
            faults.append(Fault("number", words))
    return faults + _find_turned_scores(sentence, source)


def _find_number_fault(number: Number, sentence: str, source: _Article) -> Fault | None:
    """Return what is wrong with a number of a sentence, compared with those of the article."""
    support = source.numbers.find_support(number)
    if not support:
        return Fault("number", number.text)
    if not any(same_measure(number, other) for other in support):
        return Fault("unit", number.text)
    if _has_other_sign(number, support, sentence, source):
        return Fault("number", number.sign + number.text)
    return None


def _has_other_sign(number: Number, support: Sequence[Number], sentence: str, source: _Article) -> bool:
    """Tell whether a number is negative and those of the article aren't, or the reverse: "minus 5" and "5"."""
    if any(bool(other.sign) == bool(number.sign) for other in support):
        return False
    # "5 derajat di bawah nol" has no sign.
    words = words_pattern("negative_numbers.indonesian")
    if number.sign:
        return not source.has(words)
    return words.search(sentence) is None


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


def _find_name_faults(sentence: str, source: _Article) -> list[Fault]:
    """Find the names of a sentence that the article lacks; if it has all, those that are put together of two."""
    # Pronouns, prepositions and currencies are not names, however they are written.
    never = word_list("untranslated") | word_list("names.never")
    names: list[Name] = []
    faults: list[Fault] = []
    for name in find_names(sentence, "id"):
        if name.text.lower() in never:
            continue
        names.append(name)
        if not _is_held(name.text, source):
            faults.append(Fault("name", name.text))
    if not faults:
        for mixed in _find_mixed_names(sentence, names, source):
            faults.append(Fault("name", mixed))
    return faults


def _is_held(word: str, source: _Article) -> bool:
    """Tell whether an article has a name, or what it abbreviates."""
    if holds(source.words, word):
        return True
    folded = fold(word)
    if len(word) == 1:
        # An initial: "Abdi A." for "Abdi Adan".
        return folded in source.initial_letters
    is_abbreviation = word.isupper() and folded in source.initials
    return is_abbreviation or _is_blend(folded, source.blends)


def _is_blend(word: str, blends: _Blends) -> bool:
    """Tell whether a word is made of the beginnings of others, such as Kemenkeu of Kementerian Keuangan."""
    if not _SHORTEST_BLEND <= len(word) <= _LONGEST_BLEND:
        return False
    return any(_blends(word, row, first=True) for row in blends.get(word[:2], []))


def _blends(rest: str, words: Sequence[str], *, first: bool) -> bool:
    """Tell whether the rest of a word is made of pieces of some words, in their order.

    Args:
        rest: what is not accounted for yet.
        words: those that haven't given a piece yet; but for the first word of all, each may be left out.
        first: whether nothing is accounted for yet. Then the next word must give a piece, but not the whole of it: one
            word makes no blend.
    """
    if not rest:
        return not first
    if not words:
        return False
    word = words[0]
    longest = len(rest) - 1 if first else len(rest)
    for length in range(longest, 1, -1):
        piece = rest[:length]
        if _gives(word, piece, first=first) and _blends(rest[length:], words[1:], first=False):
            return True
    return not first and _blends(rest, words[1:], first=False)


def _gives(word: str, piece: str, *, first: bool) -> bool:
    """Tell whether a piece of a blend may be of a word: "Polda" has beginnings, "Mendikdasmen" a root, pen-didik-an."""
    if word.startswith(piece):
        return True
    if first:
        return False
    return word.endswith(piece) or (len(piece) > 2 and piece in word)


def _find_mixed_names(sentence: str, names: Sequence[Name], source: _Article) -> Iterator[str]:
    """Yield names made of two people's: the source gives each of them another one."""
    seen: set[tuple[str, str]] = set()
    for name, following in pairwise(names):
        pair = (name.text, following.text)
        is_together = sentence[name.end : following.start] == " "
        if is_together and pair not in seen:
            seen.add(pair)
            if _is_mixed(name.text, following.text, source):
                yield f"{name.text} {following.text}"


def _is_mixed(first_name: str, surname: str, source: _Article) -> bool:
    """Tell whether the source gives a first name other surnames, and a surname other first names."""
    if _is_common(first_name) or _is_common(surname):
        return False
    is_abbreviation = first_name.isupper() or surname.isupper()
    if is_abbreviation or len(surname) < _LONGER or _stand_together(first_name, surname, source):
        return False
    return _has_other_surnames(first_name, surname, source) and _has_other_first_names(surname, source)


def _stand_together(first_name: str, surname: str, source: _Article) -> bool:
    """Tell whether an article has a first name with a surname, in whatever forms."""
    for left in forms(first_name):
        for right in forms(surname):
            if source.rows.hold(_plain(f"{left} {right}")):
                return True
    return False


def _has_other_surnames(first_name: str, surname: str, source: _Article) -> bool:
    """Tell whether names follow a first name in an article, and a surname isn't among them."""
    has_name = False
    for following, others in source.name_places.find_surnames(first_name):
        if surname in others:
            return False
        if not _is_common(following):
            has_name = True
    return has_name


def _has_other_first_names(surname: str, source: _Article) -> bool:
    """Tell whether a surname stands in an article, and nowhere without a word that looks like a first name."""
    words = source.name_places.find_words_before(surname)
    return bool(words) and all(map(_looks_like_first_name, words))


def _looks_like_first_name(word: str) -> bool:
    # A mark at its end would part it from what follows.
    return word[:1].isupper() and word[-1:].isalnum()


def _is_common(word: str) -> bool:
    """Tell whether a word with a capital is a common one that nobody is called."""
    folded = fold(word)
    return folded in common_words("id") and folded not in word_list("names.given")


def _find_quotation_faults(sentence: str, source: _Article) -> Iterator[Fault]:
    for match in _QUOTED.finditer(sentence):
        quoted = match.group(1) or match.group(2)
        is_long = len(quoted.split()) >= _MIN_QUOTED_WORDS
        if is_long and not _is_quoted(quoted, source):
            yield Fault("quotation", quoted)


def _is_quoted(quoted: str, source: _Article) -> bool:
    """Tell whether an article has what a quotation says, sentence by sentence."""
    # A speech that the article interrupts ("…," kata Budi. "…") is there sentence by sentence.
    sentences: list[str] = []
    for part in _ELLIPSIS.split(quoted):
        sentences += split_sentences(part)
    rows = map(_plain, sentences)
    return all(map(source.rows.hold, rows))


def _plain(text: str) -> list[str]:
    """Return the words of a text in `fold` form, without marks."""
    without_apostrophes = re.sub(r"(?<=\w)'(?=\w)", "", fold(text))
    return re.findall(r"[^\W_]+", without_apostrophes)
