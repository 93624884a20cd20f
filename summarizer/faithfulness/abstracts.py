"""Check an Indonesian text against the Indonesian text that it was written from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from summarizer.faithfulness.faults import Fault
from summarizer.faithfulness.names import WORD, Name, common_words, find_names, fold, forms, holds, initials, words_of
from summarizer.faithfulness.numbers import Number, find_numbers, same_unit
from summarizer.glossary import load_glossary
from summarizer.sentences import split_sentences

_LONGER = 4
# A straight mark opens where a space stands in front of it alone, and closes where one stands behind it.
_QUOTED = re.compile(r'“([^“”]+)”|(?<![^\s(])"(?=\S)([^"]+)(?<=\S)"')
_FEWEST_QUOTED_WORDS = 3
_SHORTEST_BLEND = 5
_ELLIPSIS = re.compile(r"\.\.+|…|\[[^\]]*\]")


@dataclass(frozen=True)
class _Source:
    numbers: list[Number]
    words: set[str]
    initials: set[str]
    aliases: set[str]
    plain: str
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
        words=words_of(source),
        initials=initials(source),
        aliases=set().union(*(words_of(term) for term in same)) if same else set(),
        plain=_plain(source),
        text=source,
        capitals=[fold(word) for word in WORD.findall(source) if word[0].isupper()],
    )


def check_abstract(text: str, source: str) -> list[Fault]:
    """Find what an Indonesian text says and its source doesn't.

    Looked up are: numbers with their units, in digits and words ("1,2 juta" is "1.200.000", "kedua" supports "2"),
    months and days; words written like names, each by itself, without affixes, also where the source only holds the
    words that they abbreviate, or their abbreviation; two names side by side that the source never has side by side;
    quotations of three words and more, punctuation and case aside.

    Args:
        text: an Indonesian text, such as an abstract.
        source: the article that it was written from.

    Returns:
        Each fault once, numbers first.
    """
    prepared = _prepare(source)
    faults = _unsupported_numbers(text, prepared)
    names = find_names(text, "id")
    missing = [name for name in names if not _is_held(name.text, names, prepared)]
    faults += [Fault("name", name.text) for name in missing]
    if not missing:
        faults += [Fault("name", pair) for pair in _mixed_names(text, names, prepared)]
    faults += [Fault("quotation", piece) for piece in _unsupported_quotations(text, prepared)]
    return list(dict.fromkeys(faults))


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
        same = [other for other in source.numbers if number.agrees(other)]
        if not same:
            wrong.append(Fault("number", number.text))
        elif not any(same_unit(number.unit, other.unit) for other in same):
            wrong.append(Fault("unit", number.text))
    return wrong


def _is_held(word: str, names: list[Name], source: _Source) -> bool:
    if holds(source.words, word) or holds(source.aliases, word):
        return True
    if (word.isupper() and fold(word) in source.initials) or _is_blend(word, source.capitals):
        return True
    # A name in full of which the source has the abbreviation alone.
    texts = [name.text for name in names]
    at = texts.index(word)
    for start in range(max(0, at - 6), at + 1):
        for end in range(max(at + 1, start + 2), min(len(texts), start + 7) + 1):
            letters = "".join(part[0] for name in texts[start:end] for part in name.split("-") if part).lower()
            if len(letters) > 1 and letters in source.words:
                return True
    return False


def _mixed_names(text: str, names: list[Name], source: _Source) -> list[str]:
    """Return pairs of names side by side that the source has with other neighbours alone: a first name, a surname."""
    common = common_words("id")
    mixed = []
    for one, other in pairwise(names):
        if text[one.end : other.start] != " " or {fold(one.text), fold(other.text)} & common:
            continue
        found = any(
            _plain(f"{left} {right}") in source.plain for left in forms(one.text) for right in forms(other.text)
        )
        if found or one.text.isupper() or other.text.isupper() or len(other.text) < _LONGER:
            continue
        behind = re.findall(rf"\b{re.escape(one.text)}\b(.{{0,2}})", source.text)
        before = re.findall(rf"(.{{0,2}})\b{re.escape(other.text)}\b", source.text)
        surnamed = all(re.fullmatch(" [A-Z]", letters) for letters in behind)
        preceded = all(re.fullmatch("[A-Za-z] ", letters) for letters in before)
        if (
            surnamed
            and preceded
            and behind
            and before
            and all(_follows_name(place, source) for place in _places(other, source))
        ):
            mixed.append(f"{one.text} {other.text}")
    return mixed


def _places(name: Name, source: _Source) -> list[int]:
    return [match.start() for match in re.finditer(rf"\b{re.escape(name.text)}\b", source.text)]


def _follows_name(place: int, source: _Source) -> bool:
    before = source.text[:place].split()
    return bool(before) and before[-1][0].isupper()


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
        fits = word.startswith(head) if first else head in word
        if (
            fits
            and length < len(word)
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
            if len(quoted.split()) < _FEWEST_QUOTED_WORDS or _plain(quoted) in source.plain:
                continue
            pieces = [_plain(piece) for piece in _ELLIPSIS.split(quoted)]
            if not all(piece in source.plain for piece in pieces if piece.strip()):
                wrong.append(quoted)
    return wrong


def _plain(text: str) -> str:
    words = " ".join(re.findall(r"[^\W_]+", re.sub("(?<=\\w)'(?=\\w)", "", fold(text))))
    return f" {words} "
