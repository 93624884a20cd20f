"""Check an abstract and its translation sentence by sentence, whoever wrote them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from summarizer.checks import Support, check_abstract_sentence, check_translation, find_support
from summarizer.text.glossary import Glossary
from summarizer.text.sentences import split_sentences

Written = Mapping[str, Any]
"""A sentence that a model wrote, as plain values.

They are ``translation``, ``confidence``, ``doubtful`` and ``reasons``; and its source, as ``abstract``, or
as ``source`` with its ``paragraph``.
"""


@dataclass(frozen=True)
class ReviewedSentence:
    """A sentence of an abstract, or of a text that was translated.

    Attributes:
        support: the sentence, and what it rests on; a sentence of the text itself rests on itself.
        translation: its English; None where there is none, or where the translation has another number of sentences.
        doubts: what the checks say of both, in plain words; empty where they find nothing.
        confidence: how far to trust the translation, from 0 to 1; None where it isn't known, as of a reader's own.
    """

    support: Support
    translation: str | None
    doubts: tuple[str, ...]
    confidence: float | None = None


@dataclass(frozen=True)
class Review:
    """What the checks say of an abstract and its translation.

    Attributes:
        sentences: of the abstract, in order.
        doubts: about the translation as a whole, where its sentences can't be told apart by the abstract's.
    """

    sentences: tuple[ReviewedSentence, ...]
    doubts: tuple[str, ...] = ()

    @property
    def is_doubtful(self) -> bool:
        """Whether the checks found anything."""
        return bool(self.doubts) or any(sentence.doubts for sentence in self.sentences)

    def to_dict(self) -> dict[str, Any]:
        """Return the review as plain values: ``sentences``, ``doubts`` and ``doubtful``.

        Each sentence has ``sentence``, ``translation``, ``confidence``, ``positions``, ``sources`` and ``share`` (as in
        `Result.to_dict`), and ``doubts``.
        """
        sentences = [
            {
                "sentence": one.support.sentence,
                "translation": one.translation,
                "confidence": one.confidence,
                "positions": [list(position) for position in one.support.positions],
                "sources": list(one.support.sources),
                "share": one.support.share,
                "doubts": list(one.doubts),
            }
            for one in self.sentences
        ]
        return {"sentences": sentences, "doubts": list(self.doubts), "doubtful": self.is_doubtful}


def review(
    paragraphs: Sequence[str],
    abstract: str,
    translation: str | None,
    glossary: Glossary | None = None,
    written: Sequence[Written] = (),
) -> Review:
    """Check an abstract against its article, and its translation against the abstract.

    Args:
        paragraphs: the article.
        abstract: in Indonesian.
        translation: of the abstract, in English; None where there is none.
        glossary: terms with their English forms; None for the built-in ones.
        written: the sentences that a model wrote; what was not sure of their translations holds for those that are
            still there.
    """
    # A line of a digest's abstract may be a heading, which has no mark at its end.
    supports = [support for line in abstract.split("\n") for support in find_support(line, paragraphs)]
    article = [sentence for paragraph in paragraphs for sentence in split_sentences(paragraph)]
    english = [one for line in (translation or "").split("\n") for one in _split_english(line, written)]
    is_aligned = len(english) == len(supports)
    sentences = []
    for at, support in enumerate(supports):
        doubts = [
            "hardly any of it stands in the article" if fault.kind == "sentences" else f"abstract: {fault}"
            for fault in check_abstract_sentence(support.sentence, article)
        ]
        own = english[at] if is_aligned else None
        if own is None:
            sentences.append(ReviewedSentence(support, None, tuple(doubts)))
            continue
        doubts += [f"translation: {doubt}" for doubt in _doubts(support.sentence, own, glossary, written)]
        known = _confidence("abstract", support.sentence, own, written)
        sentences.append(ReviewedSentence(support, own, tuple(doubts), known))
    if not translation or is_aligned:
        return Review(tuple(sentences))
    return Review(tuple(sentences), tuple(_whole_doubts(abstract, translation, glossary, written)))


def review_translation(
    paragraphs: Sequence[str], translation: str, glossary: Glossary | None = None, written: Sequence[Written] = ()
) -> Review:
    """Check a translation against its text.

    Args:
        paragraphs: the text, in Indonesian.
        translation: in English, a line for each paragraph.
        glossary: as for `review`.
        written: as for `review`.

    Returns:
        The sentences of the text. A paragraph that has another number of sentences in English stands as one.
    """
    rows = translation.split("\n")
    is_aligned = len(rows) == len(paragraphs)
    sentences = []
    for row, paragraph in enumerate(paragraphs):
        if not paragraph:
            continue
        own = [one for one in written if one["paragraph"] == row]
        sources = [one["source"] for one in own] or split_sentences(paragraph)
        english = _split_english(rows[row], own) if is_aligned else []
        is_whole = is_aligned and len(english) != len(sources)
        if is_whole:
            sources, english = [paragraph], [rows[row]]
        for column, source in enumerate(sources):
            support = Support(source, ((row, column),), (source,), 1.0)
            if not is_aligned:
                sentences.append(ReviewedSentence(support, None, ()))
                continue
            text = english[column]
            doubts = _whole_doubts(source, text, glossary, own) if is_whole else _doubts(source, text, glossary, own)
            sentences.append(ReviewedSentence(support, text, tuple(doubts), _confidence("source", source, text, own)))
    if is_aligned:
        return Review(tuple(sentences))
    return Review(tuple(sentences), tuple(_whole_doubts("\n".join(paragraphs), translation, glossary, written)))


def _split_english(text: str, written: Sequence[Written]) -> list[str]:
    """Split a line of a translation into sentences; what the model wrote for one stays together while it is there."""
    sentences = split_sentences(text)
    for one in written:
        parts = split_sentences(one["translation"] or "")
        if len(parts) < 2:
            continue
        for at in range(len(sentences) - len(parts) + 1):
            if sentences[at : at + len(parts)] == parts:
                sentences[at : at + len(parts)] = [one["translation"]]
                break
    return sentences


def _confidence(field: str, source: str, translation: str, written: Sequence[Written]) -> float | None:
    """Return how far to trust a translation if a model wrote it; ``field`` holds what it wrote it of."""
    own = (one["confidence"] for one in written if (one[field], one["translation"]) == (source, translation))
    return next(own, None)


def _doubts(source: str, translation: str, glossary: Glossary | None, written: Sequence[Written]) -> list[str]:
    """Return what the checks find, and what the model was not sure of if the sentence is as it wrote it."""
    found = [str(fault) for fault in check_translation(source, translation, glossary)]
    for one in written:
        if one["doubtful"] and one["translation"] == translation:
            found += one["reasons"]
    return list(dict.fromkeys(found))


def _whole_doubts(
    source: str, translation: str, glossary: Glossary | None, written: Sequence[Written]
) -> Iterator[str]:
    """Yield what the checks find, and what the model was not sure of in those of its sentences that are still there."""
    yield from map(str, check_translation(source, translation, glossary))
    for one in written:
        if one["doubtful"] and one["translation"] and one["translation"] in translation:
            yield f"“{one['translation']}”: {'; '.join(one['reasons'])}"
