"""Check a sentence of an Indonesian abstract against the article that it was written from."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence, Set
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, pairwise

from summarizer.checks.blends import Blends, index_blends, is_blend
from summarizer.checks.contexts import find_flipped_negatives, find_misplaced
from summarizer.checks.faults import Fault
from summarizer.checks.names import Name, find_names, forms, holds, initials, words_of
from summarizer.checks.numbers.index import NumberIndex
from summarizer.checks.numbers.measures import (
    find_dates,
    find_numbers,
    find_pairs,
    find_scores,
    find_turned_scores,
    same_measure,
)
from summarizer.checks.numbers.reader import Number
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
_WORD_RUN = re.compile(r"\w+")
# Behind a first name: group 1 is a surname, group 2 what follows that.
_SURNAMES = re.compile(r" ([A-Z][\w'’-]*)((?: [A-Z][\w'’-]*)*)")
# How far in front of a surname the first name may begin, in characters.
_LONGEST_NAME = 40
# An opening bracket ends the search for a closing one: opening ones alone would take the square of their number.
_ELLIPSIS = re.compile(r"\.\.+|…|\[[^\[\]]*\]")
# Smallest share of a sentence's longer words that the article must hold.
_MIN_WORDS = 0.5
# Where a sentence has one of these faults, another look at where its numbers and names stand would tell it twice.
_NUMBERS_AND_NAMES = frozenset({"number", "unit", "name"})


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
    blends: Blends
    numbers: NumberIndex
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
        blends=index_blends(capitals),
        numbers=NumberIndex(find_numbers(text, "id")),
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
        TypeError: one of them is no text.
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
    return is_abbreviation or is_blend(folded, source.blends)


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
