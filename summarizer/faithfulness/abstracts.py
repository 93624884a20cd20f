"""Check an Indonesian text against the Indonesian text that it was written from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from summarizer.faithfulness.contexts import find_misplaced_numbers, find_promotions
from summarizer.faithfulness.faults import Fault
from summarizer.faithfulness.lexicon import common_words, load_lexicon
from summarizer.faithfulness.names import (
    SMALL_WORDS,
    Name,
    explains,
    find_names,
    forms,
    holds,
    initials,
    spelling,
    words_of,
)
from summarizer.faithfulness.numbers import ROMAN, Number, find_dates, find_numbers, find_pairs, same_measure
from summarizer.text.glossary import load_glossary
from summarizer.text.sentences import split_sentences
from summarizer.text.words import WORD, fold

_LONGER = 4
# A straight mark opens where a space comes before it alone, and closes where one comes after it.
_QUOTED = re.compile(r'“([^“”]+)”|(?<![^\s(])"(?=\S)([^"]+)(?<=\S)"')
_FEWEST_QUOTED_WORDS = 3
# How far apart parts of one quotation may stand in the article, in characters: who speaks, and a sentence or two.
_LONGEST_GAP = 400
_SHORTEST_BLEND = 5
_FEWEST_DIGITS = 2
_HALVES = {Fraction(50), Fraction(1, 2)}
# Digits and the scale word after them.
_AMOUNT = re.compile(r"([1-9]\d*)(?:,(\d+))?\s?[^\W\d_]+")
_ELLIPSIS = re.compile(r"\.\.+|…|\[[^\]]*\]")


@dataclass(frozen=True)
class _Source:
    numbers: list[Number]
    dates: set[tuple[int, int]]
    pairs: set[frozenset[int]]
    words: set[str]
    spellings: set[str]
    initials: set[str]
    abbreviations: set[str]
    aliases: set[str]
    plain: str
    bare: str
    text: str
    capitals: list[str]


@lru_cache(maxsize=64)
def _prepare(source: str) -> _Source:
    glossary = load_glossary()
    # Terms with the same English are names of one thing: "MK" and "Mahkamah Konstitusi".
    english = {glossary.terms[term][0] for term in glossary.find(source)}
    same = {term for term, known in glossary.terms.items() if known[0] in english}
    return _Source(
        numbers=find_numbers(source, "id"),
        dates=set(find_dates(source)),
        pairs=set(find_pairs(source, loose=True)),
        words=words_of(source),
        spellings={spelling(word) for word in WORD.findall(source) if word[0].isupper()},
        initials=initials(source),
        abbreviations={word for word in WORD.findall(source) if word.isupper() and len(word) > 1},
        aliases=set().union(*map(words_of, same)),
        plain=_plain(source),
        # What stands in brackets within a quotation is the reporter's.
        bare=_plain(re.sub(r"\([^()]*\)", " ", source)),
        text=source,
        capitals=[fold(word) for word in WORD.findall(source) if word[0].isupper()],
    )


def check_abstract(text: str, source: str) -> list[Fault]:
    """Find what an Indonesian text says and its source doesn't.

    It looks up: numbers with their units and with what they count, in digits and words ("1,2 juta" is "1.200.000",
    "kedua" supports "2", "8 orang" doesn't support "8 persen"), amounts also where they are rounded to two digits or
    more; the words around numbers, and whether something rose from them or to them; months and days, dates and scores
    as wholes; words written like names, each by itself, without affixes, also where the source only holds the words
    that they abbreviate, or their abbreviation; names made of two people's, and titles without
    their "wakil"; quotations of three words and more from one
    place, punctuation and case aside; words for serious matters such as crime and death.

    Args:
        text: an Indonesian text, such as an abstract.
        source: the article that it was written from.

    Returns:
        Each fault once, numbers first.
    """
    prepared = _prepare(source)
    faults = _unsupported_numbers(text, prepared)
    if not faults:
        supported = [number for number in find_numbers(text, "id") if number.claim and number.digits]
        faults += find_misplaced_numbers(text, supported, source, prepared.numbers, _may_support)
    # Pronouns, prepositions and currencies are not names, however they are written.
    never = load_lexicon().untranslated | load_lexicon().names.never
    names = [name for name in find_names(text, "id") if name.text.lower() not in never]
    missing = [name for at, name in enumerate(names) if not _is_held(at, names, text, prepared)]
    faults += [Fault("name", name.text) for name in missing]
    if not missing:
        faults += [Fault("name", pair) for pair in _mixed_names(text, names, prepared)]
        faults += find_promotions(text, source)
    faults += [Fault("quotation", piece) for piece in _unsupported_quotations(text, prepared)]
    faults += [Fault("serious", word) for word in _unsupported_matters(text, source)]
    return list(dict.fromkeys(faults))


def _unsupported_matters(text: str, source: str) -> Iterator[str]:
    """Yield serious words, such as those for crime and death, that nothing in the source accounts for."""
    for words in load_lexicon().serious.values():
        found = words.indonesian.search(text)
        if found and not words.sources.search(source):
            yield found.group()


def check_sentence(sentence: str, source: str, least: float = 0.5) -> list[Fault]:
    """Do what `check_abstract` does; a sentence most of whose words the source lacks is a fault as a whole.

    Args:
        sentence: one sentence of an abstract.
        source: the article.
        least: smallest share of its longer words that the source must hold.
    """
    faults = check_abstract(sentence, source)
    if not faults and share_of_words(sentence, source) < least:
        return [Fault("sentences", sentence)]
    return faults


def share_of_words(sentence: str, source: str) -> float:
    """Return the share of a sentence's longer words (four letters and more) that the source holds, from 0 to 1.

    A sentence without longer words has all of them.
    """
    held = _prepare(source).words
    words = [match.group() for match in WORD.finditer(sentence) if len(match.group()) >= _LONGER]
    words = [word for word in words if word[0].isalpha()]
    return sum(fold(word) in held for word in words) / len(words) if words else 1.0


def _unsupported_numbers(text: str, source: _Source) -> list[Fault]:
    wrong = []
    for number in find_numbers(text, "id"):
        # "Dua" may count what the source lists.
        if not number.claim or (not number.digits and Fraction(2) in number.readings):
            continue
        same = [other for other in source.numbers if _may_support(number, other)]
        if not same:
            wrong.append(Fault("number", number.text))
        elif not any(same_measure(number, other) for other in same):
            wrong.append(Fault("unit", number.text))
    # Numbers that the source has, each by itself, and doesn't put together so.
    reported = {fault.piece for fault in wrong}
    together = [*find_dates(text).items(), *find_pairs(text).items()]
    held = source.dates | source.pairs
    wrong += [
        Fault("number", words)
        for numbers, words in together
        if numbers not in held and not any(any(_find_word(piece, words)) for piece in reported)
    ]
    return wrong


def _may_support(number: Number, other: Number) -> bool:
    if number.unit and not other.unit and not other.claim and number.readings.isdisjoint(_HALVES):
        # "Kuartal" is no "4 persen".
        return False
    return number.agrees(other) or _rounds(number, other)


def _rounds(number: Number, other: Number) -> bool:
    """Tell whether an amount is another one to two digits or more: "205 miliar" is "205,14 miliar"."""
    digits = _AMOUNT.fullmatch(number.text)
    if not digits or number.unit != other.unit:
        return False
    whole, decimals = digits.group(1), digits.group(2) or ""
    if len(whole + decimals) < _FEWEST_DIGITS:
        return False
    # Not int(): it refuses thousands of digits.
    steps = [(value, value / Fraction(Decimal(whole + decimals))) for value in number.values]
    # Cut off, or rounded up.
    return any(
        0 <= exact - value < step or 0 < 2 * (value - exact) <= step for exact in other.values for value, step in steps
    )


def _is_held(at: int, names: list[Name], text: str, source: _Source) -> bool:
    name = names[at]
    word = name.text
    if holds(source.words, word) or holds(source.aliases, word) or spelling(word) in source.spellings:
        return True
    if ROMAN.fullmatch(word):
        return any(number.agrees(other) for number in find_numbers(word, "id") for other in source.numbers)
    if len(word) == 1:
        # An initial: "Abdi A." for "Abdi Adan".
        return any(capital.startswith(fold(word)) for capital in source.capitals)
    if (word.isupper() and fold(word) in source.initials) or _is_blend(word, source.capitals):
        return True
    if word.isupper() and explains(text[: name.start], word):
        return True
    return _is_abbreviated(at, names, text, source.abbreviations)


def _is_abbreviated(at: int, names: list[Name], text: str, abbreviations: set[str]) -> bool:
    """Tell whether a name is part of a longer one, without a gap, of which the source has the abbreviation alone."""
    first = last = at
    while first > 0 and _adjoin(text, names[first - 1], names[first]):
        first -= 1
    while last + 1 < len(names) and _adjoin(text, names[last], names[last + 1]):
        last += 1
    letters = ["".join(part[0] for part in name.text.split("-") if part).upper() for name in names[first : last + 1]]
    return any(
        "".join(letters[start:end]) in abbreviations
        for start in range(at - first + 1)
        for end in range(max(at - first + 1, start + 2), len(letters) + 1)
    )


def _adjoin(text: str, one: Name, other: Name) -> bool:
    return all(word in SMALL_WORDS for word in text[one.end : other.start].split())


def _mixed_names(text: str, names: list[Name], source: _Source) -> list[str]:
    """Return names made of two people's: the source gives the first one another surname, the second another first name.

    Pairs that the source has within one run of words with capitals are names of one thing: "Dirut PT Pertamina".
    """
    common = common_words("id") - load_lexicon().names.given
    mixed = []
    for one, other in pairwise(names):
        if text[one.end : other.start] != " " or {fold(one.text), fold(other.text)} & common:
            continue
        if one.text.isupper() or other.text.isupper() or len(other.text) < _LONGER:
            continue
        if any(_plain(f"{left} {right}") in source.plain for left in forms(one.text) for right in forms(other.text)):
            continue
        behind = re.findall(rf"\b{re.escape(one.text)} ([A-Z][\w'’-]*)((?: [A-Z][\w'’-]*)*)", source.text)
        before = [source.text[: match.start()].split() for match in _find_word(other.text, source.text)]
        surnames = {surname for surname, _ in behind} - {other.text}
        if not any(fold(surname) not in common for surname in surnames):
            continue
        if any(other.text in rest.split() for _, rest in behind):
            continue
        if before and all(words and words[-1][0].isupper() and words[-1][-1].isalnum() for words in before):
            mixed.append(f"{one.text} {other.text}")
    return mixed


def _find_word(word: str, text: str) -> Iterator[re.Match[str]]:
    return re.finditer(rf"\b{re.escape(word)}\b", text)


def _is_blend(word: str, words: list[str]) -> bool:
    """Tell whether a word is made of the beginnings of others, such as Kemenkeu of Kementerian Keuangan."""
    key = fold(word)
    return len(key) >= _SHORTEST_BLEND and any(
        _blends(key, words[at : at + 5], first=True) for at in range(len(words) - 1)
    )


def _blends(rest: str, words: list[str], *, first: bool) -> bool:
    if not rest:
        return not first
    if not words:
        return False
    for length in range(len(rest), 1, -1):
        head, word = rest[:length], words[0]
        # "Polda" has beginnings, "Mendikdasmen" a root from within: pen-didik-an.
        fits = word.startswith(head) or (not first and (word.endswith(head) or (len(head) > 2 and head in word)))
        if (
            fits
            and (length < len(word) or not first)
            and not (first and length == len(rest))
            and _blends(rest[length:], words[1:], first=False)
        ):
            return True
    return not first and _blends(rest, words[1:], first=False)


def _unsupported_quotations(text: str, source: _Source) -> list[str]:
    wrong = []
    for sentence in split_sentences(text):
        for match in _QUOTED.finditer(sentence):
            quoted = match.group(1) or match.group(2)
            if len(quoted.split()) < _FEWEST_QUOTED_WORDS or _is_quoted(quoted, source):
                continue
            # A speech that the article interrupts ("…," kata Budi. "…") is there sentence by sentence.
            pieces = [piece for part in _ELLIPSIS.split(quoted) for piece in split_sentences(part)]
            said = [_plain(piece) for piece in pieces]
            if not any(_are_close(said, article) for article in (source.plain, source.bare)):
                wrong.append(quoted)
    return wrong


def _is_quoted(piece: str, source: _Source) -> bool:
    return _plain(piece) in source.plain or _plain(piece) in source.bare


def _are_close(pieces: list[str], text: str) -> bool:
    """Tell whether a text holds pieces of a quotation in their order, as far apart as one speaker's words may be."""
    places = [match.start() for match in re.finditer(re.escape(pieces[0]), text)] if pieces else [0]
    for at in places:
        end = at + len(pieces[0]) if pieces else 0
        for piece in pieces[1:]:
            # Words of two pieces share the space between them.
            start = text.find(piece, end - 1, end + _LONGEST_GAP + len(piece))
            if start < 0:
                break
            end = start + len(piece)
        else:
            return True
    return False


def _plain(text: str) -> str:
    words = " ".join(re.findall(r"[^\W_]+", re.sub("(?<=\\w)'(?=\\w)", "", fold(text))))
    return f" {words} "
