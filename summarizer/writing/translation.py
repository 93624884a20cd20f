"""Translate Indonesian text into English, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from summarizer.faithfulness import Fault, check_translation, common_words, fix_dates, fix_numbers, fix_terms
from summarizer.models.base import Generation, Request, Task, TextModel
from summarizer.text.glossary import Glossary, load_glossary
from summarizer.text.quotations import Part, cut_quotations, join_quotations
from summarizer.text.repetition import cut_repetition, find_repetition
from summarizer.text.sentences import split_sentences
from summarizer.writing.repair import How, Repair

_LETTERS = re.compile(r"[^\W\d_]")
_SHOWN = 90
_COSTS = {
    "number": 3,
    "name": 2,
    "negation": 3,
    "serious": 3,
    "term": 2,
    "untranslated": 2,
    "length": 2,
    "sentences": 2,
    "unit": 1,
}
_USELESS = 10
# Halves read worse than a whole: worth it for a number, a negative, or two other faults.
_WORTH_SPLITTING = 3

CANDIDATES = 4
"""How many other translations the model makes of a sentence whose first one is at fault."""


@dataclass(frozen=True)
class Translation:
    """A translation and what the reader should know about it.

    Attributes:
        paragraphs: one English paragraph for each Indonesian one.
        warnings: in plain words; empty when all is well.
        repairs: what was done to keep it to what the text says; empty if nothing had to be.
    """

    paragraphs: tuple[str, ...]
    warnings: tuple[str, ...]
    repairs: tuple[Repair, ...] = ()

    @property
    def text(self) -> str:
        """The paragraphs, one a line."""
        return "\n".join(self.paragraphs)


@dataclass(frozen=True)
class _Attempt:
    """A translation of a sentence, and what is wrong with it."""

    text: str
    faults: tuple[str, ...]
    cost: int
    new: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()


def translate_texts(
    texts: Sequence[Sequence[str]],
    model: TextModel,
    advance: Callable[[float], None] = lambda share: None,
    *,
    glossary: Glossary | None = None,
) -> list[Translation]:
    """Translate texts, each sentence on its own, the sentences of all texts in the same batches.

    The sentences of a quotation are translated apart too (`summarizer.text.quotations`): models drop some when they are
    given several at a time. Numbers, dates and terms that stand in the translation in Indonesian form are put into
    English form. A translation that is empty, unfinished, runs in a loop, repeats the source, or has a fault that
    `summarizer.faithfulness.check_translation` finds, gives way to the model's candidate with the fewest faults; if
    faults are left, to the translations of its two halves, if they have fewer; what is still wrong then is named in a
    warning, one for each sentence.

    Args:
        texts: Indonesian texts, each a list of paragraphs; blank paragraphs stay blank.
        model: the model that writes.
        advance: called with the share of the sentences that have just been done; all shares together are 1.
        glossary: terms with their English forms; None for the built-in ones.

    Returns:
        A translation for each text, with as many paragraphs as the text has.
    """
    glossary = glossary or load_glossary()
    sentences = [[_split(paragraph, model) for paragraph in paragraphs] for paragraphs in texts]
    pieces = [[_texts(paragraph) for paragraph in text] for text in sentences]
    sources = [piece for text in pieces for paragraph in text for piece in paragraph if _LETTERS.search(piece)]
    distinct = list(dict.fromkeys(sources))
    requests = [Request(source) for source in distinct]
    written = model.generate(Task.TRANSLATE, requests, advance=lambda count: advance(count / max(1, len(distinct))))
    first = {
        source: _attempt(source, generation, glossary) for source, generation in zip(distinct, written, strict=True)
    }
    best = dict(first)
    how: dict[str, How] = {source: "form" for source, attempt in first.items() if attempt.fixed}
    _try_candidates(best, how, model, glossary)
    _try_halves(best, how, model, glossary)

    def translated(piece: str) -> str:
        # A piece without a letter ("***", "1.250") is not for the model, but its numbers have their English form.
        return best[piece].text if piece in best else fix_numbers(piece, piece)

    translations = []
    for paragraphs, text in zip(sentences, pieces, strict=True):
        joined = [
            [join_quotations(parts, [translated(part.text) for part in parts]) for parts in paragraph]
            for paragraph in paragraphs
        ]
        own = list(dict.fromkeys(piece for paragraph in text for piece in paragraph if piece in best))
        translations.append(
            Translation(
                paragraphs=tuple(" ".join(sentence for sentence in paragraph if sentence) for paragraph in joined),
                warnings=tuple(
                    f"the translation of {_shorten(piece)}: {'; '.join(best[piece].faults)}"
                    for piece in own
                    if best[piece].faults
                ),
                repairs=tuple(
                    Repair(
                        "translation", how[piece], first[piece].fixed if how[piece] == "form" else first[piece].faults
                    )
                    for piece in own
                    if piece in how
                ),
            )
        )
    return translations


def _try_candidates(best: dict[str, _Attempt], how: dict[str, How], model: TextModel, glossary: Glossary) -> None:
    failed = [source for source, attempt in best.items() if attempt.cost]
    if not failed:
        return
    requests = [Request(source, forbidden=best[source].new) for source in failed]
    for source, generations in zip(failed, model.candidates(Task.TRANSLATE, requests, CANDIDATES), strict=True):
        attempts = [_attempt(source, generation, glossary) for generation in generations]
        least = min(attempt.cost for attempt in attempts)
        if least < best[source].cost:
            equal = [attempt for attempt in attempts if attempt.cost == least]
            best[source] = max(equal, key=lambda attempt: _agreement(attempt, attempts))
            how[source] = "candidate"


def _try_halves(best: dict[str, _Attempt], how: dict[str, How], model: TextModel, glossary: Glossary) -> None:
    """Translate the halves of the sentences that are still at fault."""
    failed = [
        source for source, attempt in best.items() if attempt.cost >= _WORTH_SPLITTING and len(source.split()) >= 12
    ]
    if not failed:
        return
    halves = [
        (" ".join(words[: _middle(words)]), " ".join(words[_middle(words) :])) for words in map(str.split, failed)
    ]
    written = model.generate(Task.TRANSLATE, [Request(half) for pair in halves for half in pair])
    for place, source in enumerate(failed):
        pair = written[2 * place : 2 * place + 2]
        text = _join(source, pair[0].text, pair[1].text)
        joined = Generation(text, finished=all(generation.finished for generation in pair))
        attempt = _attempt(source, joined, glossary)
        if attempt.cost <= best[source].cost - _WORTH_SPLITTING:
            best[source] = attempt
            how[source] = "split"


def _join(source: str, first: str, second: str) -> str:
    """Put the translations of two halves of a sentence together, as the one sentence that they are."""
    words = source.split()
    if words[_middle(words) - 1][-1:] not in {".", "!", "?"}:
        first = first.rstrip(".")
        begins = second.split(" ")[0]
        if begins.casefold() in common_words("en"):
            second = second[:1].lower() + second[1:]
    return f"{first} {second}".strip()


def _agreement(attempt: _Attempt, others: Sequence[_Attempt]) -> float:
    """Return how much of a translation the others say too: what most samples agree on is seldom made up."""
    words = attempt.text.split()
    return sum(SequenceMatcher(None, words, other.text.split()).ratio() for other in others)


def _attempt(source: str, generation: Generation, glossary: Glossary) -> _Attempt:
    raw = cut_repetition(generation.text)
    text = fix_terms(source, fix_dates(source, fix_numbers(source, raw)), glossary)
    if not text:
        return _Attempt(text, ("there is none",), _USELESS)
    faults: list[str] = []
    if find_repetition(generation.text) is not None:
        faults.append("it repeated itself and was cut")
    elif not generation.finished:
        faults.append("it was cut off")
    elif len(source.split()) > 4 and text.casefold() == source.casefold():
        return _Attempt(text, ("it was left in Indonesian",), _USELESS)
    found: list[Fault] = check_translation(source, text, glossary)
    cost = _USELESS * len(faults) + sum(_COSTS.get(fault.kind, 2) for fault in found)
    new = tuple(fault.piece for fault in found if fault.kind in {"number", "name"} and not fault.missing)
    new = tuple(piece for piece in new if piece not in source)
    fixed = tuple(word for word in raw.split() if word not in text.split()) if text != raw else ()
    return _Attempt(text, (*faults, *map(str, found)), cost, new, fixed)


def split_pieces(paragraph: str, model: TextModel) -> list[str]:
    """Split a paragraph into what the model gets: sentences, and parts of those that it can't take whole.

    Long sentences are cut behind a semicolon, a comma or, failing these, a word, as near to their middle as can be.
    """
    return _texts(_split(paragraph, model))


def _texts(sentences: Sequence[Sequence[Part]]) -> list[str]:
    return [part.text for parts in sentences for part in parts]


def _split(paragraph: str, model: TextModel) -> list[list[Part]]:
    """Split a paragraph into its sentences, and each of these as `split_pieces` says."""
    return [_parts(sentence, model) for sentence in split_sentences(paragraph)]


def _parts(sentence: str, model: TextModel) -> list[Part]:
    parts = cut_quotations(sentence)
    if all(_fits(part.text, model) for part in parts):
        return parts
    return [Part(text) for text in _cut(sentence, model)]


def _fits(text: str, model: TextModel) -> bool:
    return model.count_tokens(text) <= model.max_input_tokens(Task.TRANSLATE)


def _cut(sentence: str, model: TextModel) -> list[str]:
    pieces: list[str] = []
    waiting = [sentence]
    while waiting:
        text = waiting.pop()
        words = text.split()
        if _fits(text, model):
            pieces.append(text)
        elif len(words) > 1:
            cut = _middle(words)
            waiting += [" ".join(words[cut:]), " ".join(words[:cut])]
        else:
            # One endless word is no language: halve it.
            waiting += [text[len(text) // 2 :], text[: len(text) // 2]]
    return pieces


def _middle(words: list[str]) -> int:
    for marks in (".!?", ";", ","):
        cuts = [at for at in range(1, len(words)) if words[at - 1].rstrip("\"”'’)")[-1:] in tuple(marks)]
        central = [cut for cut in cuts if len(words) / 5 <= cut <= len(words) * 4 / 5]
        if central:
            return min(central, key=lambda cut: abs(cut - len(words) / 2))
    return len(words) // 2


def _shorten(text: str) -> str:
    return f"“{text}”" if len(text) <= _SHOWN else f"“{text[: _SHOWN - 1].rstrip()}…”"
