"""Tell pages that are no news report: opinion, digests, live blogs, guides, captions, advertorials.

The patterns are in ``genres.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, Self

from summarizer.article import Article
from summarizer.extraction.blocks import has_sentence

_PATTERNS = "title", "url", "first", "last", "paragraphs"
# A heading inside of a digest has at most so many words; a list of fewer stories is none.
_HEADING_WORDS, _FEWEST_STORIES = 20, 2
_NUMBERED = re.compile(r"#?\d{1,2}\s*[.):]\s+(?=\S)")


@dataclass(frozen=True)
class _Rule:
    """One kind of ``genres.toml``, which says what its fields are."""

    name: str
    says: str
    patterns: dict[str, re.Pattern[str]]
    fewest: int
    most_words: int | None
    stories: bool

    @classmethod
    def of(cls, name: str, table: Mapping[str, Any]) -> Self:
        patterns = {key: re.compile(table[key], re.IGNORECASE) for key in _PATTERNS if key in table}
        return cls(
            name, table["says"], patterns, table.get("fewest", 1), table.get("most_words"), table.get("stories", False)
        )

    def fits(self, article: Article) -> bool:
        """Tell whether an article is of this kind."""
        if self.most_words is not None and article.words > self.most_words:
            return False
        return (
            self._finds("title", [article.title or ""])
            or self._finds("url", [article.url or ""])
            or self._finds("first", article.paragraphs[:1])
            or self._finds("last", article.paragraphs[-2:])
            or self._finds("paragraphs", article.paragraphs, self.fewest)
        )

    def _finds(self, name: str, texts: Iterable[str], fewest: int = 1) -> bool:
        pattern = self.patterns.get(name)
        return pattern is not None and sum(bool(pattern.search(text)) for text in texts) >= fewest


def classify_genre(article: Article) -> Article:
    """Return a cleaned article with its kind, and the stories of a digest, where it is no news report."""
    for rule in _rules():
        if rule.fits(article):
            stories = find_stories(article.paragraphs) if rule.stories else ()
            return replace(article, genre=rule.name, stories=stories)
    return article


def describe_genre(name: str) -> str:
    """Return what a kind is in plain words.

    Raises:
        KeyError: there is no such kind.
    """
    return {rule.name: rule.says for rule in _rules()}[name]


def find_stories(paragraphs: Sequence[str]) -> tuple[int, ...]:
    """Return where the stories of a digest begin: the places of the headings that open them.

    Numbered headings are taken if there are any, else the short paragraphs without a sentence. Below each, there must
    be one with a sentence.
    """
    headings = [
        place for place, (text, below) in enumerate(pairwise(paragraphs)) if _opens(text) and has_sentence(below)
    ]
    numbered = [place for place in headings if _NUMBERED.match(paragraphs[place])]
    found = numbered if len(numbered) >= _FEWEST_STORIES else headings
    return tuple(found) if len(found) >= _FEWEST_STORIES else ()


def _opens(text: str) -> bool:
    number = _NUMBERED.match(text)
    # A numbered heading may be a question.
    heading = text[number.end() :].rstrip("?!") if number else text
    return len(heading.split()) <= _HEADING_WORDS and not has_sentence(heading)


@cache
def _rules() -> tuple[_Rule, ...]:
    tables = tomllib.loads(files(__package__).joinpath("genres.toml").read_text(encoding="utf-8"))
    return tuple(_Rule.of(name, table) for name, table in tables.items())
