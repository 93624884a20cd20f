"""Find the names of a text, and look them up in another one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from importlib.resources import files

from summarizer.faithfulness.numbers import JOINED, Language, load_words
from summarizer.text.sentences import split_sentences

WORD = re.compile(r"(?:[^\W_]|(?<=[A-Z])&(?=[A-Z]))+(?:['’‘.-][^\W_]+)*")
_OPENING = re.compile(r"[“\"‘'(\[:–—-]\s*$")
_FEWEST_CONSONANTS = 3
_AMOUNT = re.compile(r"\.?\s?[$\d]")
_MONEY = re.compile(r"(?:Rp|US|USD|IDR|HK|RM)\d", re.IGNORECASE)
_NO_NAME = ("ly", "ing", "tion", "ness", "ments")
_INNER_CAPITAL = re.compile(r"[^\W\d_](?=[A-Z][a-z])")
_GLUED = re.compile(r"[A-Z]{2,}(?=[A-Z][a-z])|[A-Z]?[^\WA-Z\d_]{2,}|[A-Z]{2,}|\d+")
# UTF-8 that was read as Latin-1; "35W", and "2020.Pada" without its space.
_BROKEN = re.compile("[ÃÂâ€]")
_COORDINATE = re.compile(r"\d+[A-Z]?$|\d+\.[^\W\d_]")
SMALL_WORDS = {"dan", "di", "untuk", "dari", "the", "of", "and", "for", "on", "in", "yang", "pada", "to"}


@dataclass(frozen=True)
class Name:
    """A word of a text that is written like a name, or like part of one.

    Attributes:
        text: the word.
        start: offset of its first character.
        end: offset behind its last character.
        first: a sentence or a quotation begins with it.
    """

    text: str
    start: int
    end: int
    first: bool


@cache
def common_words(language: Language) -> frozenset[str]:
    """Return words that are hardly ever names.

    The Indonesian list holds the words that stand in lower case five times or more in some 13,000 news articles and in
    the Indonesian side of the adapter's training sets; the English one holds words of SCOWL, among others (see NOTICE).
    """
    text = files(__package__).joinpath(f"common_{language}.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


@cache
def english_names() -> frozenset[str]:
    """Return names that English has a spelling of its own for, in `fold` form: those of SCOWL (see NOTICE)."""
    return frozenset(files(__package__).joinpath("names_en.txt").read_text(encoding="utf-8").split())


def find_names(text: str, language: Language) -> list[Name]:
    """Find the words of a text that are written like names, in its order.

    A word counts if it has a capital that no beginning of a sentence explains, or an inner capital; or if it begins a
    sentence and is no common word of the language. Months, days and words for numbers are left to
    `summarizer.faithfulness.numbers`.
    """
    calendar = load_words()[language]
    skipped = {*calendar["months"], *calendar["days"], *calendar["units"], *calendar["ordinals"], *calendar["scales"]}
    joined = {one + other for one in calendar["units"] for other in JOINED} if language == "id" else set()
    bodies = set(load_words()["names"]["id"]["bodies"].split()) if language == "id" else set()
    found: list[Name] = []
    offset = 0
    for sentence in split_sentences(text):
        offset = max(offset, text.find(sentence, offset))
        first = True
        for match in WORD.finditer(sentence):
            word = match.group()
            opens = first or bool(_OPENING.search(sentence, max(0, match.start() - 3), match.start()))
            first = False
            if not any(letter.isupper() for letter in word) or not any(letter.isalpha() for letter in word):
                continue
            key = word.casefold()
            inner = any(letter.isupper() for letter in word[1:]) and "-" not in word
            parts = [part for part in re.split("[-.'’]", key) if part]
            if not forms(word).isdisjoint(skipped) or key in joined or all(part in skipped for part in parts):
                continue
            if opens and len(parts) == 2 and parts[0] == parts[1]:
                # "Bos-bos" is a plural.
                continue
            if (len(word) == 1 and language == "en") or _MONEY.match(word):
                continue
            if key in load_words()["units"]["before"] and _AMOUNT.match(sentence, match.end()):
                continue
            if _BROKEN.search(word) or _COORDINATE.match(word):
                continue
            if opens and language == "en" and key.endswith(_NO_NAME):
                continue
            common = not inner and word[0].isupper() and any(part in common_words(language) for part in parts[:1])
            if opens and common and key not in bodies:
                continue
            if not word[0].isupper() and not inner and not re.search("-[A-Z]", word):
                continue
            found.append(Name(word, offset + match.start(), offset + match.end(), opens))
        offset += len(sentence)
    return found


def fold(word: str) -> str:
    """Return a word without case and accents."""
    plain = unicodedata.normalize("NFKD", word.casefold().replace("’", "'").replace("‘", "'"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


@cache
def _affixes() -> dict[str, tuple[str, ...]]:
    table = load_words()["names"]
    return {
        "prefixes": tuple(f"{prefix}-" for prefix in table["prefixes"].split()),
        "suffixes": tuple(table["suffixes"].split()),
        "derived": tuple(table["derived"].split()),
        "sounds": tuple(table["sounds"].split()),
    }


def forms(word: str) -> set[str]:
    """Return what a word may be looked up as: whole, without affixes, without marks; all in `fold` form."""
    whole = fold(word)
    table = _affixes()
    found = {whole, *(whole.removeprefix(prefix) for prefix in table["prefixes"] if whole.startswith(prefix))}
    found |= {
        form.removesuffix(suffix)
        for form in found
        for suffix in table["suffixes"]
        if form.endswith(suffix) and len(form) > len(suffix) + (1 if suffix == "'s" else 2)
    }
    # "B-29s", "the 1990s"
    found |= {form.removesuffix("s") for form in found if re.search(r"\ds$", form)}
    return found | {re.sub(r"[.'’-]", "", form) for form in found}


def words_of(text: str) -> set[str]:
    """Return the forms of all words of a text, and of the parts of those with a hyphen."""
    found: set[str] = set()
    for match in WORD.finditer(text):
        word = match.group()
        found |= forms(word)
        parts = re.split("[-.]", word)
        # "CEOApriliaRacing", "KUHPidana": words that were glued together are held each.
        parts += _GLUED.findall(word) if _INNER_CAPITAL.search(word) else []
        for part in parts:
            if len(part) > 1:
                found |= forms(part)
    return found


def holds(held: Set[str], word: str) -> bool:
    """Tell whether a text whose `words_of` are given holds a word, whole or part for part."""
    if not held.isdisjoint(forms(word)):
        return True
    parts = [part for part in re.split("[-.]", word) if part]
    if len(parts) == 1 and _INNER_CAPITAL.search(word):
        parts = _GLUED.findall(word)
        parts = parts if "".join(parts) == word else []
    return len(parts) > 1 and all(not held.isdisjoint(forms(part)) or len(part) == 1 for part in parts)


def initials(text: str) -> set[str]:
    """Return the abbreviations that runs of two to seven names can have ("Badan Pusat Statistik": bps)."""
    found: set[str] = set()
    for run in re.findall(r"(?:[^\W\d_][\w'’-]*)(?:\s+[^\W\d_][\w'’-]*)+", text):
        letters = [
            "".join(part[0] for part in word.split("-") if part).lower()
            for word in run.split()
            if word[0].isupper() and word.lower() not in SMALL_WORDS
        ]
        for start in range(len(letters)):
            for length in range(2, 8):
                found.add("".join(letters[start : start + length]))
    return found


def explains(before: str, abbreviation: str) -> bool:
    """Tell whether the words in front of an abbreviation in brackets are those that it stands for.

    Args:
        before: the text up to the abbreviation.
        abbreviation: in capitals.
    """
    words = before.rstrip()
    if not words.endswith("("):
        return False
    letters = [part[0] for word in WORD.findall(words) for part in word.split("-") if part and word not in SMALL_WORDS]
    return "".join(letters[-len(abbreviation) :]).upper() == abbreviation


def same_stem(word: str, other: str) -> bool:
    """Tell whether one word is made of the other by an English ending: Indonesia, Indonesian."""
    short, long = sorted((fold(word), fold(other)), key=len)
    for cut in (0, 1, 2):
        stem = short[: len(short) - cut]
        if len(stem) >= 3 and long.startswith(stem) and long[len(stem) :] in _affixes()["derived"]:
            return cut == 0 or len(stem) >= 4
    return False


def spelling(word: str) -> str:
    """Return a word in the spelling that its older and foreign ones are put into: Soeharto, Suharto."""
    text = re.sub("[^a-z0-9]", "", fold(word))
    for pair in _affixes()["sounds"]:
        old, new = pair.split(":")
        text = text.replace(old, new)
    return re.sub(r"([a-z])\1+", r"\1", text)


def skeleton(word: str) -> str:
    """Return the consonants of a word in a spelling that Indonesian and English share."""
    text = re.sub("[0-9]", "", spelling(word))
    return text[:1] + re.sub("[aeiouh]", "", text[1:])


def same_sound(word: str, other: str) -> bool:
    """Tell whether two words may be spellings of one name: Suriah, Syria."""
    one, two = skeleton(word), skeleton(other)
    return one == two and len(one) >= _FEWEST_CONSONANTS


def like_any(word: str, others: Iterable[str]) -> bool:
    """Tell whether a word is made of, or another spelling of, one of the others."""
    return any(same_stem(word, other) or same_sound(word, other) for other in others)


def looks_alike(word: str, other: str, least: float) -> bool:
    """Tell whether an Indonesian and an English word may be one foreign name: Bukares, Bucharest.

    They must begin with the same sound, and share at least ``least`` of their letters in order.
    """
    one, two = fold(word), fold(other)
    return skeleton(one)[:1] == skeleton(two)[:1] and SequenceMatcher(None, one, two).ratio() >= least
