"""Tell pages that are no news report, by ``genres.toml``: opinion, digests, live blogs, guides, captions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from summarizer.article import Article
from summarizer.extraction.blocks import has_sentence
from summarizer.extraction.rules import load_toml

# A heading inside of a digest has at most so many words; a list of fewer stories is none.
_HEADING_WORDS = 20
_FEWEST_STORIES = 2
_FEWEST_ENTRIES = 4
_NUMBER = re.compile(r"^#?\d{1,2}\s*[.):]\s+")


def classify_genre(article: Article) -> Article:
    """Return a cleaned article with its kind, and the stories of a digest, where it is no news report."""
    for name, kind in load_toml("genres").items():
        if _fits(kind, article):
            stories = _find_stories(article.paragraphs) if kind.get("stories") else ()
            return replace(article, genre=name, stories=stories)
    return article


def describe_genre(name: str) -> str:
    """Return what a kind is in plain words."""
    return str(load_toml("genres")[name]["says"])


def _fits(kind: Mapping[str, Any], article: Article) -> bool:
    paragraphs = article.paragraphs
    places = {
        "title": [article.title or ""],
        "url": [article.url or ""],
        "first": paragraphs[:1],
        "last": paragraphs[-2:],
        "entries": paragraphs,
    }
    found = {
        place: sum(bool(re.search(kind[place], text, re.IGNORECASE)) for text in texts)
        for place, texts in places.items()
        if place in kind
    }
    is_short = article.words <= kind.get("most_words", article.words)
    return is_short and (found.pop("entries", 0) >= _FEWEST_ENTRIES or any(found.values()))


def _find_stories(paragraphs: Sequence[str]) -> tuple[int, ...]:
    """Return the places of the headings that open a digest's stories: short, with text below."""
    is_heading = [
        len(text.split()) <= _HEADING_WORDS and not has_sentence(_NUMBER.sub("", text).rstrip("?!"))
        for text in paragraphs
    ]
    found = tuple(place for place, (own, below) in enumerate(pairwise(is_heading)) if own and not below)
    return found if len(found) >= _FEWEST_STORIES else ()
