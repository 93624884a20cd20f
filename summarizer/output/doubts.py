"""Translations sentence by sentence, with what is doubtful in them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from operator import itemgetter
from typing import Literal

from summarizer.output.fields import Fields
from summarizer.text.sentences import find_lines

Part = Literal["title", "abstract", "article"]
"""What was translated. Of a text without an abstract, its translation is in the place of the abstract's."""

SENTENCES: Mapping[Part, str] = {
    "title": "title_sentences",
    "abstract": "sentences",
    "article": "article_sentences",
}
"""The field that holds the sentences of each part."""

UNMARKED = "many faults have no mark"
DRAFT = f"machine draft, not to quote; {UNMARKED}"
EDITED = "edited by hand, not reviewed"
REVIEWED = "reviewed"

SECOND_CHOICE = "second choice"
"""What an alternative is called: of the translations that the model found, the next best, which is rarely better."""

# How a warning about one sentence begins; what it says stands with the sentence's doubts.
_OF_SENTENCE = "the translation of “"
# How warnings begin about what the model wrote as an abstract.
_OF_ABSTRACT = ("part of the abstract is", "the model wrote no usable abstract")


def sentence_lines(fields: Fields, part: Part = "abstract") -> list[list[Fields]]:
    """Return a translation line by line: sentences with their ``confidence``, whether ``doubtful``, and ``reasons``.

    Where they aren't known, a line is one sentence.
    """
    sentences = list(filter(_translation_of, fields.get(SENTENCES[part]) or ()))
    texts = _lines(fields, part)
    places_by_line = find_lines(texts, list(map(_translation_of, sentences)))
    if places_by_line is None:
        return list(map(_as_sentences, texts))
    lines = []
    for places in places_by_line:
        line = [sentences[place] for place in places]
        lines.append(line)
    return lines


def _translation_of(sentence: Fields) -> str:
    """Return the English of a sentence; "" where there is none."""
    return str(sentence["translation"] or "")


def _as_sentences(line: str) -> list[Fields]:
    """Return a line whose sentences aren't known as one sentence, and a blank line as none."""
    if not line:
        return []
    return [{"translation": line, "confidence": None, "doubtful": False, "reasons": []}]


def summarize_doubt(sentence: Fields) -> str:
    """Return the reasons for a doubt, and the model's second choice of a translation, if that is known."""
    parts = list(sentence["reasons"])
    alternative = sentence.get("alternative")
    if alternative:
        parts.append(f"{SECOND_CHOICE}: {alternative}")
    return "; ".join(parts)


def count_doubts(fields: Fields) -> int:
    """Return how many sentences of a result are doubtful: in headline, abstract and article."""
    return sum(map(itemgetter("doubtful"), _all_sentences(fields)))


def lowest_confidence(fields: Fields) -> float | None:
    """Return the confidence of the least certain sentence of a result, from 0 to 1; None if none was judged."""
    lowest: float | None = None
    for sentence in _all_sentences(fields):
        confidence = sentence["confidence"]
        if confidence is not None and (lowest is None or confidence < lowest):
            lowest = confidence
    return lowest


def page_warnings(fields: Fields) -> list[str]:
    """Return the warnings of a result without those about one sentence, which stand where the sentence does.

    Where the sentences aren't known, all of them are returned.
    """
    warnings = list(fields["warnings"])
    are_sentences_known = any(map(fields.get, SENTENCES.values()))
    if are_sentences_known:
        return [warning for warning in warnings if not warning.startswith(_OF_SENTENCE)]
    return warnings


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
    for sentence in chain(*sentence_lines(fields)):
        if sentence["confidence"] is not None:
            return DRAFT
    return None


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
