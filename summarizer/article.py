"""The article as it passes from step to step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Removed:
    """A piece of the page that cleaning removed, and by which rule of ``rules.toml``.

    Its line is the number of the paragraph that it stood in, counted from 1 over the paragraphs before cleaning; a
    leading one, such as a dateline, came before what was kept of its paragraph.
    """

    text: str
    rule: str
    line: int
    leading: bool = False


@dataclass(frozen=True)
class Article:
    """A news article, cleaned, and what its page says of it.

    Of each paragraph, `lines` has the number of the one on the page that it is (a piece of), counted like those of
    `removed`; it is empty where the article was made by hand. The genre of what is no news report is one of
    ``genres.toml``; in JSON it is ``kind``. Of a digest, `stories` are the places of the paragraphs that open its
    stories, from 0, if they are known. Warnings say how it was found; there are none when all is well.
    """

    source: str
    title: str | None
    paragraphs: tuple[str, ...]
    site: str | None = None
    url: str | None = None
    author: str | None = None
    date: str | None = None
    removed: tuple[Removed, ...] = ()
    lines: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()
    genre: str | None = None
    stories: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """The paragraphs, one per line."""
        return "\n".join(self.paragraphs)

    @property
    def words(self) -> int:
        """Number of words in the paragraphs."""
        return sum(len(paragraph.split()) for paragraph in self.paragraphs)

    def origin(self) -> dict[str, Any]:
        """Return ``source``, ``title`` and what the page says of ``site``, ``url``, ``author``, ``date``, ``kind``."""
        said = {"site": self.site, "url": self.url, "author": self.author, "date": self.date, "kind": self.genre}
        return {"source": self.source, "title": self.title} | {name: text for name, text in said.items() if text}

    def to_dict(self) -> dict[str, Any]:
        """Return the article as plain values; ``leading`` and ``warnings`` only where there is something to say."""
        removed = [
            {"line": piece.line, "rule": piece.rule, "text": piece.text} | ({"leading": True} if piece.leading else {})
            for piece in self.removed
        ]
        told = {"paragraphs": list(self.paragraphs), "lines": list(self.lines), "removed": removed}
        return self.origin() | told | ({"warnings": list(self.warnings)} if self.warnings else {})

    def _repr_html_(self) -> str:
        from summarizer.output.html import render_card

        return render_card("article", self.to_dict())
