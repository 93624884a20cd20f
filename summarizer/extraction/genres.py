"""Tell pages that are no news report, by ``genres.toml``: opinion, digests, live blogs, guides, captions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

from summarizer.article import Article
from summarizer.extraction.blocks import has_sentence
from summarizer.extraction.rules import join_lines, load_toml

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
    """Tell whether an article is of a kind of ``genres.toml``: short enough, and with a pattern of it somewhere."""
    paragraphs = article.paragraphs
    texts_of_places = {
        "title": [article.title or ""],
        "url": [article.url or ""],
        "first": paragraphs[:1],
        "last": paragraphs[-2:],
        "entries": paragraphs,
    }
    if "most_words" in kind and article.words > kind["most_words"]:
        return False
    for place, texts in texts_of_places.items():
        if place not in kind:
            continue
        matches = list(filter(_compiled(kind[place]).search, texts))
        fewest = _FEWEST_ENTRIES if place == "entries" else 1
        if len(matches) >= fewest:
            return True
    return False


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern of ``genres.toml`` as what finds it, in upper and lower case alike."""
    return re.compile(join_lines(pattern), re.IGNORECASE)


def _find_stories(paragraphs: Sequence[str]) -> tuple[int, ...]:
    """Return the places of the headings that open a digest's stories: short, with text below."""
    stories = []
    for place, (text, below) in enumerate(pairwise(paragraphs)):
        if _is_heading(text) and not _is_heading(below):
            stories.append(place)
    return tuple(stories) if len(stories) >= _FEWEST_STORIES else ()


def _is_heading(text: str) -> bool:
    """Tell whether a paragraph of a digest may be a headline."""
    return len(text.split()) <= _HEADING_WORDS and not has_sentence(_NUMBER.sub("", text).rstrip("?!"))
