"""The article as it passes from step to step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from summarizer.text.normalise import require_characters

CountArticles: TypeAlias = Callable[[float], None]
"""Called with the number of articles that have just been finished; fractions are steps on the way."""

Stage: TypeAlias = Literal["loading the model", "summarising", "translating"]
"""What is being done with articles, once they are cleaned."""

EnterStage: TypeAlias = Callable[[Stage], None]
"""Called as a stage begins."""


def require_texts(paragraphs: object) -> None:
    """Make sure that paragraphs are a list of texts; a single text would be taken for one of its letters.

    Raises:
        TypeError: they are something else.
    """
    if not isinstance(paragraphs, Sequence) or isinstance(paragraphs, str | bytes):
        raise TypeError(f"paragraphs are a tuple or list of str, not {type(paragraphs).__name__}")
    for paragraph in paragraphs:
        if not isinstance(paragraph, str):
            raise TypeError(f"a paragraph is str, not {type(paragraph).__name__}")


@dataclass(frozen=True)
class Removed:
    """A piece of the page that cleaning removed.

    Attributes:
        text: the piece.
        rule: the name of the rule of ``rules.toml`` that removed it.
        paragraph_number: of the paragraph that it stood in, counted from 1 over the page before cleaning; in JSON it is
            ``line``.
        leading: whether it came before what was kept of its paragraph, as a dateline does.
    """

    text: str
    rule: str
    paragraph_number: int
    leading: bool = False


@dataclass(frozen=True)
class Article:
    """A news article, cleaned, and what its page says of it.

    Attributes:
        source: the name of the file, an address, or ``-``.
        title: the headline, if the page has one.
        paragraphs: each on one line.
        site: the publisher's host name or name.
        url: the address that the page says it has.
        author: as the page names them.
        date: the day of publication, such as 2025-03-12.
        removed: what cleaning took out, in the order of the page.
        paragraph_numbers: of each paragraph, the number of the one on the page that it is (a piece of), counted like
            those of ``removed``; none where the article was made by hand. In JSON they are ``lines``.
        warnings: how it was found, in plain words; none when all is well.
        genre: of what is no news report, one of ``genres.toml``; in JSON it is ``kind``.
        stories: of a digest, the places of the paragraphs that open its stories, from 0, if they are known.
    """

    source: str
    title: str | None
    paragraphs: tuple[str, ...]
    site: str | None = None
    url: str | None = None
    author: str | None = None
    date: str | None = None
    removed: tuple[Removed, ...] = ()
    paragraph_numbers: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()
    genre: str | None = None
    stories: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what is no text, and half of a surrogate pair, which no model could read.

        Raises:
            TypeError: the headline is neither text nor None, or the paragraphs are no list of texts.
            InputError: headline or paragraphs hold half of a surrogate pair.
        """
        if self.title is not None and not isinstance(self.title, str):
            raise TypeError(f"a headline is str or None, not {type(self.title).__name__}")
        require_texts(self.paragraphs)
        require_characters(self.title or "", "headline")
        for paragraph in self.paragraphs:
            require_characters(paragraph, "article")

    @property
    def text(self) -> str:
        """The paragraphs, one per line."""
        return "\n".join(self.paragraphs)

    @property
    def words(self) -> int:
        """Number of words in the paragraphs."""
        return sum(len(paragraph.split()) for paragraph in self.paragraphs)

    def origin(self) -> dict[str, Any]:
        """Return ``source``, ``title`` and what is known of ``site``, ``url``, ``author``, ``date`` and ``kind``."""
        values: dict[str, Any] = {"source": self.source, "title": self.title}
        metadata = {"site": self.site, "url": self.url, "author": self.author, "date": self.date, "kind": self.genre}
        return values | {name: text for name, text in metadata.items() if text}

    def to_dict(self) -> dict[str, Any]:
        """Return the article as plain values; ``leading`` and ``warnings`` only where there is something to say."""
        removed = []
        for piece in self.removed:
            fields: dict[str, Any] = {"line": piece.paragraph_number, "rule": piece.rule, "text": piece.text}
            if piece.leading:
                fields["leading"] = True
            removed.append(fields)
        article = self.origin()
        article |= {"paragraphs": list(self.paragraphs), "lines": list(self.paragraph_numbers), "removed": removed}
        if self.warnings:
            article["warnings"] = list(self.warnings)
        return article

    def _repr_html_(self) -> str:
        from summarizer.output.html import render_card

        return render_card("article", self.to_dict())
