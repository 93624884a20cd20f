"""Compare who does what in an abstract with who does it in the article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from summarizer.faithfulness.lexicon import load_lexicon
from summarizer.faithfulness.names import find_names
from summarizer.text.sentences import split_sentences
from summarizer.text.words import WORD, fold

Voice = Literal["me", "di"]

_VERB = re.compile(r"(me|di)[a-z]{4,}")
_SUFFIX = re.compile(r"(?:nya|kan|i)$")
# What "me" becomes in front of a root, and the sound that the root loses by it: sapu, menyapu.
_NASALS = (("meny", "s"), ("meng", ""), ("meng", "k"), ("mem", ""), ("mem", "p"), ("men", ""), ("men", "t"), ("me", ""))
_ROOT, _SHORTEST = 5, 3


@dataclass(frozen=True)
class _Deed:
    """A verb without its prefix, and the words of the name that does it ("me") or suffers it ("di"), if any."""

    voice: Voice
    roots: frozenset[str]
    name: frozenset[str]


def has_another_doer(sentence: str, source: str) -> bool:
    """Tell whether a sentence of an abstract gives a verb to a name, and the article each time to another one.

    Names count that stand directly in front of a verb with "me-" or "di-", but for adverbs, or behind it: "Ayu juga
    melaporkan Bagas", "Bagas dilaporkan (oleh) Ayu". If the article has the verb without such a name anywhere, nothing
    is known, nor if it lacks the sentence's name. An article that calls one thing by two names may be misjudged.

    Args:
        sentence: one sentence of an abstract.
        source: the article.
    """
    done, held = _read(source)
    for deed in _deeds(sentence):
        if not deed.name or not deed.name <= held:
            continue
        same = [other for other in done if other.voice == deed.voice and other.roots & deed.roots]
        if same and all(other.name and not other.name & deed.name for other in same):
            return True
    return False


@lru_cache(maxsize=64)
def _read(text: str) -> tuple[tuple[_Deed, ...], frozenset[str]]:
    return tuple(_deeds(text)), frozenset(fold(word) for word in WORD.findall(text))


def _deeds(text: str) -> Iterator[_Deed]:
    lexicon = load_lexicon()
    for sentence in split_sentences(text):
        words = list(WORD.finditer(sentence))
        names = {name.start for name in find_names(sentence, "id")}
        for at, word in enumerate(words):
            verb = _VERB.fullmatch(word.group())
            if verb is None:
                continue
            roots = _roots(word.group())
            front = [other for other in words[:at] if other.group() not in lexicon.adverbs]
            before = _run(front[::-1], names)
            place = front[-len(before) - 1].group().lower() if len(before) < len(front) else ""
            # "... di Jakarta mengatakan": Jakarta says nothing.
            name = frozenset() if place in lexicon.prepositions else _key(before)
            voices: tuple[Voice, Voice] = ("me", "di") if verb.group(1) == "me" else ("di", "me")
            yield _Deed(voices[0], roots, name)
            behind = words[at + 1 :]
            named = _run(behind[1:] if behind and behind[0].group() == "oleh" else behind, names)
            if named:
                yield _Deed(voices[1], roots, _key(named))


def _run(words: list[re.Match[str]], names: set[int]) -> list[re.Match[str]]:
    """Return the words of a name that a list begins with: neighbours with nothing but a space between them."""
    found: list[re.Match[str]] = []
    for word in words:
        if word.start() not in names:
            break
        if found:
            one, other = sorted((found[-1], word), key=lambda match: match.start())
            if word.string[one.end() : other.start()] != " ":
                break
        found.append(word)
    return found


def _key(words: list[re.Match[str]]) -> frozenset[str]:
    return frozenset(fold(word.group()) for word in words)


def _roots(verb: str) -> frozenset[str]:
    """Return what the root of a verb may begin with."""
    bare = _SUFFIX.sub("", fold(verb))
    if bare.startswith("di"):
        return frozenset({bare[2:][:_ROOT]})
    roots = {lost + bare.removeprefix(prefix) for prefix, lost in _NASALS if bare.startswith(prefix)}
    return frozenset(root[:_ROOT] for root in roots if len(root) >= _SHORTEST)
