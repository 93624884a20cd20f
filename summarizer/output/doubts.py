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

DRAFT = "machine draft, for the gist, not to quote"
"""What is said once of a translation whose confidence is known."""

_SENTENCES: dict[Part, str] = {"title": "title_sentences", "abstract": "sentences", "article": "article_sentences"}


def sentence_lines(fields: Fields, part: Part = "abstract") -> list[list[Fields]]:
    """Return a translation line by line: sentences with their ``confidence``, whether ``doubtful``, and ``reasons``.

    Of an edited abstract, they are those of the ``review``. Where they aren't known, a line is one sentence.
    """
    sentences: list[Fields] = fields.get(_SENTENCES[part]) or []
    if part == "abstract" and fields.get("edited"):
        reviewed = fields["review"]["sentences"]
        sentences = [{**one, "doubtful": bool(one["doubts"]), "reasons": one["doubts"]} for one in reviewed]
    translated = [sentence for sentence in sentences if sentence["translation"]]
    texts = _lines(fields, part)
    lines = find_lines(texts, [sentence["translation"] for sentence in translated])
    if lines is None:
        unknown: Fields = {"confidence": None, "doubtful": False, "reasons": []}
        return [[{"translation": text, **unknown}] if text else [] for text in texts]
    return [[translated[place] for place in places] for places in lines]


def summarize_doubt(sentence: Fields) -> str:
    """Return the first reason for a doubt, and how else the sentence could be translated, if that is known."""
    other = sentence.get("alternative")
    return "; ".join([*sentence["reasons"][:1], *([f"or: {other}"] if other else [])])


def _lines(fields: Fields, part: Part) -> list[str]:
    if part == "article":
        return list(fields.get("article_translation") or ())
    text = (fields.get("title_translation") or None) if part == "title" else fields["translation"]
    return [] if text is None else text.split("\n")


def count_doubts(fields: Fields) -> int:
    """Return how many sentences of a result are doubtful; a doubt about the whole translation counts as one."""
    count = {part: sum(one["doubtful"] for one in chain(*sentence_lines(fields, part))) for part in _SENTENCES}
    if review := fields.get("review"):
        count["abstract"] = sum(bool(one["doubts"]) for one in review["sentences"]) + len(review["doubts"])
    return sum(count.values())


def is_draft(fields: Fields) -> bool:
    """Tell whether to say that a translation is a machine's draft."""
    return any(one["confidence"] is not None for one in chain(*sentence_lines(fields)))
