"""Compare what stands beside the words and numbers of an abstract, and how it opens, with the article."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from itertools import pairwise

from summarizer.faithfulness.faults import Fault
from summarizer.faithfulness.lexicon import any_of, load_lexicon
from summarizer.faithfulness.names import find_names
from summarizer.faithfulness.numbers import Number
from summarizer.faithfulness.support import word_weights
from summarizer.text.sentences import split_sentences
from summarizer.text.words import WORD, fold

# How many words on either side of a number belong to its clause at most, and how many of these must be telling ones
# before a number is said to stand among others.
_REACH, _FEWEST_NEIGHBOURS = 5, 3
# Telling words have so many letters ("poin"), and are compared by so many: "membangun", "pembangunan" by their middle.
_LONGER, _STEM = 4, 5
# How far apart two content words of the article may stand as neighbours. Of 3, 5, 8 and any, 5 told misleading
# sentences best: area under the curve .82 on the 91 that `AbstractSettings` tells of; .76 for the share of words alone.
_NEAR = 5
_CLAUSE_END = re.compile(r"[.!?;](?=\s|$)|,(?=\s)|\n")
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|\n")
_YEAR = re.compile(r"(?:19|20)\d\d")
_WHENCE = re.compile(r"\b(dari|menjadi|ke)\s+(?:sekitar\s+|hampir\s+)?(?:Rp\.?\s?|US\$\s?)?$")
_OPPOSITES = {"dari": {"menjadi", "ke"}, "menjadi": {"dari"}, "ke": {"dari"}}
_BARE_QUOTATION = re.compile(r'\s*(?:“[^“”]*”|"[^"]*")[\s.]*')


def find_misplaced_numbers(
    text: str,
    numbers: Sequence[Number],
    source: str,
    held: Sequence[Number],
    agrees: Callable[[Number, Number], bool] = Number.agrees,
) -> list[Fault]:
    """Find numbers of an abstract that the article has among other words, or at the other end of a change.

    Args:
        text: the abstract.
        numbers: those of its numbers that the article holds.
        source: the article.
        held: the article's numbers.
        agrees: tells whether a number of the abstract may be one of the article.
    """
    faults = []
    for number in numbers:
        same = [other for other in held if agrees(number, other)]
        if same and (_among_others(text, number, source, same) or _turned_round(text, number, source, same)):
            faults.append(Fault("number", number.text))
    return faults


def _among_others(text: str, number: Number, source: str, same: Sequence[Number]) -> bool:
    """Tell whether no word around the number stands in a sentence of the article with that number."""
    # Dates and years go with whatever happened then.
    if number.measure == "date" or _YEAR.fullmatch(number.text):
        return False
    around = _stems(_clause(text, number))
    if len(around) < _FEWEST_NEIGHBOURS:
        return False
    return all(around.isdisjoint(_stems(_surroundings(source, other))) for other in same)


def _turned_round(text: str, number: Number, source: str, same: Sequence[Number]) -> bool:
    """Tell whether the number is what something rose from, and in the article what it rose to, or the reverse."""
    word = _WHENCE.search(text, 0, number.start)
    if not word:
        return False
    theirs = [_WHENCE.search(source, 0, other.start) for other in same]
    return all(there and there.group(1) in _OPPOSITES[word.group(1)] for there in theirs)


def _clause(text: str, number: Number) -> str:
    """Return the words around a number, up to the ends of its clause."""
    before = _CLAUSE_END.split(text[: number.start])[-1].split()[-_REACH:]
    after = _CLAUSE_END.split(text[number.end :])[0].split()[:_REACH]
    return " ".join((*before, *after))


def _surroundings(text: str, number: Number) -> str:
    """Return the sentence that a number stands in, and those beside it, which often name what is counted."""
    before = _SENTENCE_END.split(text[: number.start])[-2:]
    return " ".join((*before, *_SENTENCE_END.split(text[number.end :])[:2]))


def _stems(text: str) -> set[str]:
    function_words = load_lexicon().function_words
    words = (fold(word) for word in WORD.findall(text) if word[0].isalpha())
    return {_stem(word) for word in words if len(word) >= _LONGER and word not in function_words}


def _stem(word: str) -> str:
    """Return the part of a word that affixes leave alone, as far as its letters tell."""
    bare = re.sub(r"^(?:me[mn]?(?:g|y)?|pe[mn]?(?:g|y)?|ber|ter|di|ke|se)(?=\w{4})|(?:nya|kan|an|i)$", "", word)
    return bare[:_STEM] if len(bare) >= 4 else word


def find_promotions(text: str, source: str) -> list[Fault]:
    """Find titles that the source gives with "wakil", "calon" and the like alone, and the text without.

    A title is two words with capitals: "Ketua Komisi", where the source only has a "Wakil Ketua Komisi".
    """
    qualifiers = "|".join(sorted(load_lexicon().qualifiers))
    faults = []
    for match in re.finditer(r"(?<![\w-])[A-Z]\w+ [A-Z][\w-]+", text):
        title = re.escape(match.group())
        lesser = rf"(?i:\b(?:{qualifiers})) {title}\b"
        held = len(re.findall(rf"(?<![\w-]){title}\b", source))
        if held and held == len(re.findall(lesser, source)) and not re.search(lesser, text):
            faults.append(Fault("name", match.group()))
    return faults


def find_opening_faults(sentence: str, *, inside: bool = False) -> list[Fault]:
    """Find whether a sentence can't open an abstract: a quotation that nobody speaks, or a word that points back.

    Args:
        sentence: one sentence.
        inside: it comes behind another one, so that it may open with a word that only links them ("Selain itu").
    """
    words = [word.lower() for word in WORD.findall(sentence)]
    lexicon = load_lexicon()
    first = {" ".join(words[:count]) for count in (1, 2, 3)}
    if inside and first & set(lexicon.linking):
        return []
    # "Kabar ini ...", but "Hari ini ...".
    second = words[1] if len(words) > 1 else ""
    points = second in lexicon.that or (second in lexicon.this and words[0] not in lexicon.times)
    if _BARE_QUOTATION.fullmatch(sentence) or first & set(lexicon.dangling) or points:
        return [Fault("opening", " ".join(sentence.split()[:3]))]
    return []


def leans_on_another(sentence: str, before: str) -> bool:
    """Tell whether an article's sentence has to stand behind the one in front of it there to be understood.

    It does if it opens with what points back, or if something in it is said by, or of, somebody or something that was
    named before: "katanya", "menurut dia", "113 orang lainnya", "polisi tersebut". Whoever a pronoun stands for must be
    named in front of it; a word with "tersebut" or "itu" must stand in front of it.

    Args:
        sentence: a sentence of the article.
        before: what is read before it.
    """
    if find_opening_faults(sentence, inside=True) or _back_pattern().search(sentence):
        return True
    pronoun = _pronoun_pattern().search(sentence)
    if pronoun and not any(name.start < pronoun.start() for name in find_names(sentence, "id")):
        return True
    lexicon = load_lexicon()
    for match in _pointed_pattern().finditer(sentence):
        word = match.group(1).lower()
        if match.group().lower() in lexicon.dangling or word in lexicon.times:
            continue
        if _stem(word) not in _all_stems(f"{before} {sentence[: match.start()]}"):
            return True
    return False


def _all_stems(text: str) -> set[str]:
    return {_stem(fold(word)) for word in WORD.findall(text)}


@cache
def _back_pattern() -> re.Pattern[str]:
    """Return what finds a speaker without a name, others than were counted before, and a time after another."""
    lexicon = load_lexicon()
    pronouns, others, afterwards = map(any_of, (lexicon.pronouns, lexicon.others, lexicon.afterwards))
    return re.compile(rf"\b{lexicon.speech}(?:nya\b| {pronouns}\b)|\d \w+ {others}\b|\b{afterwards}\b", re.IGNORECASE)


@cache
def _pronoun_pattern() -> re.Pattern[str]:
    return re.compile(rf"\b{any_of(load_lexicon().pronouns)}\b", re.IGNORECASE)


@cache
def _pointed_pattern() -> re.Pattern[str]:
    return re.compile(rf"\b([^\W\d_]+) {any_of(load_lexicon().pointing)}\b")


def share_of_pairs(sentence: str, source: str) -> float:
    """Return the share of a sentence's neighbouring content words that are neighbours in the source too, from 0 to 1.

    A sentence whose words all stand in the article may still put together what the article doesn't. Words are compared
    without affixes. Two of them are neighbours in the source if they stand in one sentence, with no more than four
    content words between them, in whatever order. Pairs of words that are rare in the source count more.

    Args:
        sentence: one sentence of an abstract.
        source: the article.
    """
    words = _content(sentence)
    near, weights, unknown = _neighbours(source)
    pairs = [(one, other) for one, other in pairwise(words) if one != other]
    total = math.fsum(weights.get(word, unknown) for pair in pairs for word in pair)
    held = math.fsum(weights[word] for pair in pairs if pair in near for word in pair)
    return held / total if total else 1.0


@lru_cache(maxsize=64)
def _neighbours(source: str) -> tuple[set[tuple[str, str]], dict[str, float], float]:
    """Return the pairs of a text, how much each word of it counts, and how much any other one does."""
    sentences = [_content(sentence) for sentence in split_sentences(source)]
    weights, unknown = word_weights([set(words) for words in sentences])
    near = set()
    for words in sentences:
        for at, word in enumerate(words):
            for other in words[at + 1 : at + 1 + _NEAR]:
                near |= {(word, other), (other, word)}
    return near, weights, unknown


def _content(sentence: str) -> list[str]:
    """Return the content words of a sentence in order: numbers, names, and longer words without affixes."""
    function_words = load_lexicon().function_words
    words = [word for word in WORD.findall(sentence) if fold(word) not in function_words]
    return [_stem(fold(word)) for word in words if len(word) >= _LONGER or not word.islower()]
