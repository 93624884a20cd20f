"""Translations sentence by sentence, with what is doubtful in them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any, Literal

from summarizer.text.sentences import find_lines

Fields = Mapping[str, Any]
"""A result or an article as plain values, as its ``to_dict`` gives it."""

Part = Literal["title", "abstract", "article"]
"""What was translated. Of a text without an abstract, its translation is in the place of the abstract's."""

SENTENCES: Mapping[Part, str] = {
    "title": "title_sentences",
    "abstract": "sentences",
    "article": "article_sentences",
}
"""The field that holds the sentences of each part."""

DRAFT = "machine draft, for the gist, not to quote"
EDITED = "edited by hand, not reviewed"
REVIEWED = "reviewed"

# How a warning about one sentence begins; what it says stands with the sentence's doubts.
_OF_SENTENCE = "the translation of “"
# How warnings begin about what the model wrote as an abstract.
_OF_ABSTRACT = ("part of the abstract is", "the model wrote no usable abstract")


def sentence_lines(fields: Fields, part: Part = "abstract") -> list[list[Fields]]:
    """Return a translation line by line: sentences with their ``confidence``, whether ``doubtful``, and ``reasons``.

    Where they aren't known, a line is one sentence.
    """
    known = fields.get(SENTENCES[part]) or ()
    translated = [sentence for sentence in known if sentence["translation"]]
    texts = _lines(fields, part)
    lines = find_lines(texts, [sentence["translation"] for sentence in translated])
    if lines is None:
        unknown: Fields = {"confidence": None, "doubtful": False, "reasons": []}
        return [[{"translation": text, **unknown}] if text else [] for text in texts]
    return [[translated[place] for place in places] for places in lines]


def summarize_doubt(sentence: Fields) -> str:
    """Return the first reason for a doubt, and how else the sentence could be translated, if that is known."""
    parts = list(sentence["reasons"][:1])
    alternative = sentence.get("alternative")
    if alternative:
        parts.append(f"or: {alternative}")
    return "; ".join(parts)


def count_doubts(fields: Fields) -> int:
    """Return how many sentences of a result are doubtful: in headline, abstract and article."""
    return sum(sentence["doubtful"] for sentence in _all_sentences(fields))


def lowest_confidence(fields: Fields) -> float | None:
    """Return the confidence of the least certain sentence of a result, from 0 to 1; None if none was judged."""
    values = (sentence["confidence"] for sentence in _all_sentences(fields))
    return min((value for value in values if value is not None), default=None)


def page_warnings(fields: Fields) -> list[str]:
    """Return the warnings of a result without those about one sentence, which stand where the sentence does.

    Where the sentences aren't known, all of them are returned.
    """
    if not any(fields.get(name) for name in SENTENCES.values()):
        return list(fields["warnings"])
    return [warning for warning in fields["warnings"] if not warning.startswith(_OF_SENTENCE)]


def is_about_abstract(warning: str) -> bool:
    """Tell whether a warning is about the abstract as the model wrote it, and not about the page or a translation."""
    return warning.startswith(_OF_ABSTRACT)


def draft_note(fields: Fields) -> str | None:
    """Say how far a translation has come: a machine's draft, edited, or reviewed; None if there is nothing to say.

    A text is taken for a draft if its translator, or a judge, says how sure it is.
    """
    if fields.get("translation") is None:
        return None
    if fields.get("reviewed"):
        return REVIEWED
    if fields.get("edited"):
        return EDITED
    is_judged = any(sentence["confidence"] is not None for sentence in chain(*sentence_lines(fields)))
    return DRAFT if is_judged else None


def _all_sentences(fields: Fields) -> list[Fields]:
    sentences: list[Fields] = []
    for part in SENTENCES:
        sentences.extend(chain(*sentence_lines(fields, part)))
    return sentences


def _lines(fields: Fields, part: Part) -> list[str]:
    if part == "article":
        return list(fields.get("article_translation") or ())
    text = (fields.get("title_translation") or None) if part == "title" else fields["translation"]
    return [] if text is None else text.split("\n")
