"""Find the names of a text, and look them up in another one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import zip_longest

from rapidfuzz import fuzz

from summarizer.checks.numbers.grammar import load_grammar
from summarizer.checks.wordlists import word_list, word_table
from summarizer.text.sentences import split_sentences
from summarizer.text.words import WORD, Language, common_words, fold

SMALL_WORDS = {"dan", "di", "untuk", "dari", "the", "of", "and", "for", "on", "in", "yang", "pada", "to"}
"""Words in lower case that stand between the words of a name."""

_OPENING = re.compile(r"[“\"‘'(\[:–—-]\s*$")
_MIN_CONSONANTS = 3
_ORDINAL = re.compile("[Kk]e-[IVX]+")
_MONEY = re.compile(r"(?:Rp|US|USD|IDR|HK|RM)\d", re.IGNORECASE)
# UTF-8 that was read as Latin-1; "35W", and "2020.Pada" without its space.
_DAMAGED = re.compile(r"[ÃÂâ€]|^\d+(?:[A-Z]?$|\.[^\W\d_])")


@dataclass(frozen=True)
class Name:
    """A word of a text that is written like a name: whether it opens a sentence, and no other name follows directly."""

    text: str
    start: int
    end: int
    first: bool
    alone: bool = True


def find_names(text: str, language: Language) -> list[Name]:
    """Find the words of a text that are written like names, in its order.

    A word counts if it has a capital that no beginning of a sentence explains, or an inner capital; or if it begins a
    sentence and is not a common word of the language. Words of numbers and dates don't.
    """
    found = list(_names(text, language))
    return [
        replace(name, alone=following is None or text[name.end : following.start] != " ")
        for name, following in zip_longest(found, found[1:])
    ]


def _names(text: str, language: Language) -> Iterator[Name]:
    end = 0
    for sentence in split_sentences(text):
        for count, match in enumerate(WORD.finditer(sentence)):
            word = match.group()
            # Word by word: a sentence may have a space that its text lacks ("Prof.Budi").
            start = max(end, text.find(word, end))
            end = start + len(word)
            if word.islower() or word.isdigit() or _is_number_or_money(word, language):
                continue
            opens = not count or bool(_OPENING.search(sentence, max(0, match.start() - 3), match.start()))
            if any(map(str.isupper, word)) and not (opens and _is_common(word, language)):
                yield Name(word, start, end, opens)


def _is_number_or_money(word: str, language: Language) -> bool:
    skipped = load_grammar(language).words
    return bool(
        (len(word) == 1 and language == "en")
        or _MONEY.match(word)
        or _DAMAGED.search(word)
        or _ORDINAL.fullmatch(word)
        or not forms(word).isdisjoint(skipped)
        or all(part in skipped for part in _parts(word))
    )


def _parts(word: str) -> list[str]:
    return [part for part in re.split("[-.'’]", word.casefold()) if part]


def _is_common(word: str, language: Language) -> bool:
    if (any(map(str.isupper, word[1:])) and "-" not in word) or word.casefold() in word_list("names.bodies"):
        return False
    parts = _parts(word)
    # "Anak-anak" is "anak" twice.
    is_doubled = len(parts) > 1 and parts[0] == parts[-1]
    return parts[0] in common_words(language) or is_doubled


def forms(word: str) -> set[str]:
    """Return what a word may be looked up as, in `fold` form: whole, without affixes ("B-29s"), without marks."""
    whole = fold(word)
    found = {whole, *(whole.removeprefix(prefix) for prefix in word_list("names.prefixes"))}
    found |= {
        form.removesuffix(suffix)
        for form in found
        for suffix in word_list("names.suffixes")
        if form.endswith(suffix) and len(form) > len(suffix) + (1 if suffix == "'s" else 2)
    }
    found |= {form.removesuffix("s") for form in found if re.search(r"\ds$", form)}
    return found | {re.sub(r"[.'’-]", "", form) for form in found}


def words_of(text: str) -> set[str]:
    """Return the forms of all words of a text, and of the parts of those with a hyphen."""
    words = WORD.findall(text)
    parts = [part for word in words for part in re.split("[-.]", word) if len(part) > 1]
    return set[str]().union(*map(forms, {*words, *parts}))


def holds(held: Set[str], word: str) -> bool:
    """Tell whether a text whose `words_of` are given holds a word, whole or part for part."""
    if not held.isdisjoint(forms(word)):
        return True
    parts = [part for part in re.split("[-.]", word) if part]
    return len(parts) > 1 and all(not held.isdisjoint(forms(part)) or len(part) == 1 for part in parts)


def initials(text: str) -> set[str]:
    """Return the abbreviations that runs of two to seven names can have ("Badan Pusat Statistik": bps)."""
    found: set[str] = set()
    for run in re.findall(r"[^\W\d_][\w'’-]*+(?:\s++[^\W\d_][\w'’-]*+)*+", text):
        words = [word for word in run.split() if word[0].isupper() and word.lower() not in SMALL_WORDS]
        letters = ["".join(part[0] for part in word.split("-") if part).lower() for word in words]
        found |= {"".join(letters[at : at + length]) for at in range(len(letters) - 1) for length in range(2, 8)}
    return found


@lru_cache(maxsize=4096)
def _skeleton(word: str) -> str:
    """Return the consonants of a word in a spelling that older, foreign and English ones share: Soeharto, Suharto."""
    text = re.sub("[^a-z0-9]", "", fold(word))
    for old, new in word_table("names.sounds").items():
        text = text.replace(old, new)
    for old, new in word_table("names.endings").items():
        text = text.removesuffix(old) + new if text.endswith(old) else text
    text = re.sub("[0-9]", "", re.sub(r"([a-z])\1+", r"\1", text))
    return text[:1] + re.sub("[aeiouh]", "", text[1:])


@lru_cache(maxsize=4096)
def _folded(word: str) -> str:
    """Return what `fold` does, which each pair of words that is compared asks for."""
    return fold(word)


def like_any(word: str, others: Iterable[str]) -> bool:
    """Tell whether a word is made of, or another spelling of, one of the others."""
    return any(same_stem(word, other) or same_sound(word, other) for other in others)


def same_stem(word: str, other: str) -> bool:
    """Tell whether one word is made of the other by an English ending: Indonesia, Indonesian."""
    short, long = sorted((_folded(word), _folded(other)), key=len)
    for cut in (0, 1, 2):
        stem = short[: len(short) - cut]
        if len(stem) >= 3 and long.startswith(stem) and long[len(stem) :] in word_list("names.derived"):
            return cut == 0 or len(stem) >= 4
    return False


def same_sound(word: str, other: str) -> bool:
    """Tell whether two words may be spellings of one name: Suriah, Syria."""
    one = _skeleton(word)
    two = _skeleton(other)
    return one == two and len(one) >= _MIN_CONSONANTS


def looks_alike(word: str, other: str, least: float) -> bool:
    """Tell whether two words begin with one sound, and share at least a part of their letters in order, from 0 to 1."""
    return _skeleton(word)[:1] == _skeleton(other)[:1] and fuzz.ratio(_folded(word), _folded(other)) >= 100 * least
