"""Find the names of a text, and look them up in another one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz import fuzz, process

from summarizer.checks.numbers.grammar import load_grammar
from summarizer.checks.wordlists import word_list, word_table
from summarizer.text.sentences import split_sentences
from summarizer.text.words import WORD, Language, common_words, fold

SMALL_WORDS = frozenset({"dan", "di", "untuk", "dari", "the", "of", "and", "for", "on", "in", "yang", "pada", "to"})
"""Words in lower case that stand between the words of a name."""

# A mark, at the end of what stands in front of a word, that a sentence may begin behind.
_OPENING = re.compile(r"[“\"‘'(\[:–—-]\s*$")
# How far in front of a word such a mark may stand, in characters.
_OPENING_REACH = 3
_WORDS_IN_A_ROW = re.compile(r"[^\W\d_][\w'’-]*+(?:\s++[^\W\d_][\w'’-]*+)*+")
# How many words an abbreviation may stand for.
_ABBREVIATED = range(2, 8)
# Words that sound alike have so many consonants: with fewer, too many others do.
_MIN_CONSONANTS = 3
# How many letters of a word an ending of English may take the place of: none, as in Indonesia-n, to two.
_CUTS = (0, 1, 2)
# How many letters must be left of a word where no letter is cut, and where some are.
_SHORTEST_STEM = 3
_SHORTEST_CUT_STEM = 4
# The longest ending of "names.derived" has so many letters.
_LONGEST_ENDING = 6
_ORDINAL = re.compile("[Kk]e-[IVX]+")
_MONEY = re.compile(r"(?:Rp|US|USD|IDR|HK|RM)\d", re.IGNORECASE)
# UTF-8 that was read as Latin-1; "35W", and "2020.Pada" without its space.
_DAMAGED = re.compile(r"[ÃÂâ€]|^\d+(?:[A-Z]?$|\.[^\W\d_])")


@dataclass(frozen=True)
class Name:
    """A word of a text that is written like a name.

    Attributes:
        text: the word.
        start: its first character in the text.
        end: the character behind its last.
        first: whether it opens a sentence.
        alone: whether no other name follows directly.
    """

    text: str
    start: int
    end: int
    first: bool
    alone: bool = True


def find_names(text: str, language: Language) -> list[Name]:
    """Find the words of a text that are written like names, in its order.

    A word counts if it has a capital that no beginning of a sentence explains, or an inner capital; or if it begins a
    sentence and is not a common word of the language. Words of numbers and dates don't.

    Args:
        text: a sentence or several, on one line.
        language: of the text.
    """
    names: list[Name] = []
    for name in _find_words_like_names(text, language):
        if names and text[names[-1].end : name.start] == " ":
            names[-1] = replace(names[-1], alone=False)
        names.append(name)
    return names


def _find_words_like_names(text: str, language: Language) -> Iterator[Name]:
    """Yield the words that `find_names` finds, each as if it stood alone."""
    end = 0
    for sentence in split_sentences(text):
        is_first_word = True
        for match in WORD.finditer(sentence):
            word = match.group()
            # Word by word: a sentence may have a space that its text lacks ("Prof.Budi").
            start = max(end, text.find(word, end))
            end = start + len(word)
            opens = is_first_word or _follows_opening_mark(sentence, match.start())
            is_first_word = False
            if not has_capital(word) or _is_number_or_money(word, language):
                continue
            is_explained = opens and _is_common(word, language)
            if not is_explained:
                yield Name(word, start, end, opens)


def _follows_opening_mark(sentence: str, place: int) -> bool:
    reach = max(0, place - _OPENING_REACH)
    return _OPENING.search(sentence, reach, place) is not None


def has_capital(text: str) -> bool:
    """Tell whether a text has a capital anywhere."""
    return any(map(str.isupper, text))


def _is_number_or_money(word: str, language: Language) -> bool:
    """Tell whether a word with a capital is no name, but "A", "Rp5", "Ke-VI", a number or a date, or damaged."""
    is_english_letter = len(word) == 1 and language == "en"
    if is_english_letter or _MONEY.match(word) or _DAMAGED.search(word) or _ORDINAL.fullmatch(word):
        return True
    number_words = load_grammar(language).words
    is_number = not number_words.isdisjoint(forms(word))
    # "Twenty-First", "Senin-Jumat".
    is_made_of_numbers = number_words.issuperset(_parts(word))
    return is_number or is_made_of_numbers


def _parts(word: str) -> list[str]:
    """Return what marks part in a word, in lower case: "anak" twice of "Anak-anak"."""
    return [part for part in re.split("[-.'’]", word.casefold()) if part]


def _is_common(word: str, language: Language) -> bool:
    """Tell whether a word that opens a sentence owes its capital to that."""
    has_inner_capital = has_capital(word[1:]) and "-" not in word
    if has_inner_capital or word.casefold() in word_list("names.bodies"):
        return False
    parts = _parts(word)
    # "Anak-anak" is "anak" twice.
    is_doubled = len(parts) > 1 and parts[0] == parts[-1]
    return parts[0] in common_words(language) or is_doubled


def forms(word: str) -> set[str]:
    """Return what a word may be looked up as, in `fold` form: whole, without affixes ("B-29s"), without marks."""
    whole = fold(word)
    spellings = {whole}
    for prefix in word_list("names.prefixes"):
        spellings.add(whole.removeprefix(prefix))
    # Each step takes something off what the steps before it have left.
    for spelling in spellings.copy():
        for suffix in word_list("names.suffixes"):
            # A letter may stand in front of "'s", two in front of other endings.
            shortest = len(suffix) + (1 if suffix == "'s" else 2)
            if spelling.endswith(suffix) and len(spelling) > shortest:
                spellings.add(spelling.removesuffix(suffix))
    for spelling in spellings.copy():
        if re.search(r"\ds$", spelling):
            spellings.add(spelling.removesuffix("s"))
    for spelling in spellings.copy():
        spellings.add(re.sub(r"[.'’-]", "", spelling))
    return spellings


def words_of(text: str) -> set[str]:
    """Return the forms of all words of a text, and of the parts of those with a hyphen."""
    words = set(WORD.findall(text))
    for word in list(words):
        for part in re.split("[-.]", word):
            if len(part) > 1:
                words.add(part)
    held: set[str] = set()
    for word in words:
        held |= forms(word)
    return held


def holds(held: Set[str], word: str) -> bool:
    """Tell whether a text whose `words_of` are given holds a word, whole or part for part."""
    if not held.isdisjoint(forms(word)):
        return True
    parts = [part for part in re.split("[-.]", word) if part]
    if len(parts) < 2:
        return False
    # A single letter says nothing.
    telling_parts = [part for part in parts if len(part) > 1]
    return all(not held.isdisjoint(forms(part)) for part in telling_parts)


def initials(text: str) -> set[str]:
    """Return the abbreviations that runs of two to seven names can have ("Badan Pusat Statistik": bps).

    They are in lower case. Words without a capital, and `SMALL_WORDS`, may stand between the names.
    """
    abbreviations: set[str] = set()
    for run in _WORDS_IN_A_ROW.findall(text):
        letters: list[str] = []
        for word in run.split():
            is_name = word[0].isupper() and word.lower() not in SMALL_WORDS
            if is_name:
                letters.append(_initials_of(word))
        for start in range(len(letters) - 1):
            for length in _ABBREVIATED:
                abbreviations.add("".join(letters[start : start + length]))
    return abbreviations


def _initials_of(word: str) -> str:
    """Return the first letter of a word, and of each part behind a hyphen, in lower case."""
    letters = ""
    for part in word.split("-"):
        letters += part[:1]
    return letters.lower()


@lru_cache(maxsize=4096)
def _skeleton(word: str) -> str:
    """Return the consonants of a word in a spelling that older, foreign and English ones share: Soeharto, Suharto."""
    text = re.sub("[^a-z0-9]", "", fold(word))
    for spelling, sound in word_table("names.sounds").items():
        text = text.replace(spelling, sound)
    for ending, sound in word_table("names.endings").items():
        if text.endswith(ending):
            text = text.removesuffix(ending) + sound
    without_doubles = re.sub(r"([a-z])\1+", r"\1", text)
    letters = re.sub("[0-9]", "", without_doubles)
    return letters[:1] + re.sub("[aeiouh]", "", letters[1:])


@lru_cache(maxsize=4096)
def _folded(word: str) -> str:
    """Return what `fold` does, which each pair of words that is compared asks for."""
    return fold(word)


class LikeWords:
    """Words of a text, to look up whether another word is made of one of them, or is another spelling of it.

    Each look-up takes the same time, however many words there are: nothing is compared, but looked up by what may be
    left of a word.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._skeletons: set[str] = set()
        # Of all words, as `_stems` returns them.
        self._stems: set[tuple[str, int]] = set()
        # By what `_bases` leaves of the words, how long the longest ending is that it took away.
        self._longest_endings: dict[str, int] = {}
        for word in words:
            self._skeletons.add(_skeleton(word))
            self._stems.update(_stems(word))
            for base, length in _bases(word):
                longest = self._longest_endings.get(base, 0)
                self._longest_endings[base] = max(length, longest)

    def has_like(self, word: str) -> bool:
        """Tell whether a word is made of one of the words, or one of them of it, or whether it may be spelt so.

        By an English ending, "Indonesian" is made of "Indonesia"; "Soeharto" is another spelling of "Suharto".
        """
        skeleton = _skeleton(word)
        has_same_sound = len(skeleton) >= _MIN_CONSONANTS and skeleton in self._skeletons
        return has_same_sound or self._has_stem_of(word) or self._has_word_made_of(word)

    def _has_stem_of(self, word: str) -> bool:
        """Tell whether a word is one of the words with an ending of English."""
        for base, length in _bases(word):
            for cut in _CUTS:
                # An ending is longer than what it takes the place of.
                if cut < length and (base, cut) in self._stems:
                    return True
        return False

    def _has_word_made_of(self, word: str) -> bool:
        """Tell whether one of the words is a word with an ending of English."""
        for stem, cut in _stems(word):
            longest_ending = self._longest_endings.get(stem, 0)
            # An ending has a letter, and no fewer than it takes the place of.
            if longest_ending >= max(cut, 1):
                return True
        return False


def _stems(word: str) -> list[tuple[str, int]]:
    """Return what may be left of a word where an ending is added, with how many letters are cut: Turki, Turk-ish."""
    folded = _folded(word)
    stems: list[tuple[str, int]] = []
    for cut in _CUTS:
        stem = folded[: len(folded) - cut]
        shortest = _SHORTEST_STEM if cut == 0 else _SHORTEST_CUT_STEM
        if len(stem) >= shortest:
            stems.append((stem, cut))
    return stems


def _bases(word: str) -> list[tuple[str, int]]:
    """Return what is left of a word without an ending of English, with how long that is, for each that it has."""
    folded = _folded(word)
    bases: list[tuple[str, int]] = []
    for length in range(1, len(folded) - _SHORTEST_STEM + 1):
        if length > _LONGEST_ENDING:
            break
        if folded[-length:] in word_list("names.derived"):
            bases.append((folded[:-length], length))
    return bases


class SpelledWords:
    """Words of a text, to look up those that share most of their letters with another one."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_sound: dict[str, list[str]] = {}
        for word in words:
            self._by_sound.setdefault(_skeleton(word)[:1], []).append(word)

    def find_alike(self, word: str, least: float) -> list[str]:
        """Return the words that begin with one sound with a word, and share at least a part of its letters in order.

        Args:
            word: the word.
            least: the part of the letters of both, from 0 to 1: Levenshtein's ratio without substitutions.
        """
        candidates = self._by_sound.get(_skeleton(word)[:1], [])
        # (word, score, place) of each.
        alike = process.extract(
            word, candidates, scorer=fuzz.ratio, processor=_folded, score_cutoff=100 * least, limit=None
        )
        return [candidate for candidate, _, _ in alike]
