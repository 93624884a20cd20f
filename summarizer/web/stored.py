"""Whether what the history's file holds is an entry: who keeps files may change them, and a disk may do so too."""

from __future__ import annotations

from functools import cache
from typing import Any

from summarizer.output.shape import Schema, are_sources_placed, has_shape
from summarizer.web.openapi import build_schemas
from summarizer.web.presenting import Entry


@cache
def _schemas() -> Schema:
    return build_schemas()


def is_entry(key: str, value: Any) -> bool:
    """Tell whether a value that was kept under an id has the shape of an entry, as `summarizer.web.editing` has it."""
    schemas = _schemas()
    if not isinstance(value, dict) or not has_shape({"version": 0} | value, schemas["Entry"], schemas):
        return False
    return value["id"] == key and _holds_together(value)


def _holds_together(entry: Entry) -> bool:
    """Tell whether the parts of an entry refer to parts that are there."""
    rows = entry["review"]["sentences"]
    are_placed = are_sources_placed(rows) and are_sources_placed(entry["support"])
    return are_placed and _has_texts(entry) and _has_paragraphs(entry)


def _has_texts(entry: Entry) -> bool:
    """Tell whether there are the texts whose sentences an entry has."""
    rows = entry["review"]["sentences"]
    is_translated = any(row["translation"] is not None for row in rows)
    if is_translated and entry["translation"] is None:
        return False
    if entry.get("title_sentences") and entry.get("title_translation") is None:
        return False
    # Each sentence of a text that was only translated has one place.
    return entry["abstract"] is not None or all(len(row["positions"]) == 1 for row in rows)


def _has_paragraphs(entry: Entry) -> bool:
    """Tell whether there are the paragraphs that an entry names by their numbers."""
    paragraphs = len(entry["paragraphs"])
    # Of what was pasted to be translated, no lines are known.
    if len(entry["lines"]) not in (0, paragraphs):
        return False
    if any(not 0 <= place < paragraphs for place in entry["page"]["stories"]):
        return False
    translated = len(entry.get("article_translation", ()))
    return all(0 <= sentence["paragraph"] < translated for sentence in entry.get("article_sentences", ()))
