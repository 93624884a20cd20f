"""Check an abstract and its translation sentence by sentence, whoever wrote them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from summarizer.faithfulness import Support, check_sentence, check_translation, find_support
from summarizer.text.glossary import Glossary
from summarizer.text.sentences import split_sentences


@dataclass(frozen=True)
class ReviewedSentence:
    """A sentence of an abstract.

    Attributes:
        support: the sentence, and the sentences of the article that it rests on.
        translation: its English; None where there is none, or where the translation has another number of sentences.
        doubts: what the checks say of both, in plain words; empty where they find nothing.
    """

    support: Support
    translation: str | None
    doubts: tuple[str, ...]


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

        Each sentence has ``sentence``, ``translation``, ``positions``, ``sources`` and ``share`` (as in
        `Result.to_dict`), and ``doubts``.
        """
        sentences = [
            {
                "sentence": one.support.sentence,
                "translation": one.translation,
                "positions": [list(position) for position in one.support.positions],
                "sources": list(one.support.sources),
                "share": one.support.share,
                "doubts": list(one.doubts),
            }
            for one in self.sentences
        ]
        return {"sentences": sentences, "doubts": list(self.doubts), "doubtful": self.is_doubtful}


def review(
    paragraphs: Sequence[str], abstract: str, translation: str | None, glossary: Glossary | None = None
) -> Review:
    """Check an abstract against its article, and its translation against the abstract.

    Args:
        paragraphs: the article.
        abstract: in Indonesian.
        translation: of the abstract, in English; None where there is none.
        glossary: terms with their English forms; None for the built-in ones.
    """
    supports = find_support(abstract, paragraphs)
    source = "\n".join(paragraphs)
    english = split_sentences(translation or "")
    is_aligned = len(english) == len(supports)
    sentences = []
    for at, support in enumerate(supports):
        doubts = [
            "hardly any of it stands in the article" if fault.kind == "sentences" else f"abstract: {fault}"
            for fault in check_sentence(support.sentence, source)
        ]
        own = english[at] if is_aligned else None
        if own is not None:
            doubts += [f"translation: {fault}" for fault in check_translation(support.sentence, own, glossary)]
        sentences.append(ReviewedSentence(support, own, tuple(doubts)))
    whole: tuple[str, ...] = ()
    if translation and not is_aligned:
        whole = tuple(map(str, check_translation(abstract, translation, glossary)))
    return Review(tuple(sentences), whole)
