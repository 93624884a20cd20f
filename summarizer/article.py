"""The article as it passes from step to step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Removed:
    """A piece of the page that cleaning removed.

    Attributes:
        text: the piece, word for word.
        rule: name of the rule that removed it (see ``rules.toml``).
        line: number of the paragraph that it stood in, counted from 1 over the paragraphs before cleaning.
        leading: whether it came before what was kept of its paragraph, as a dateline does.
    """

    text: str
    rule: str
    line: int
    leading: bool = False


@dataclass(frozen=True)
class Article:
    """A news article, cleaned.

    Attributes:
        source: where it came from: a file's name, or ``-`` for standard input.
        title: the headline, or None where the page has none.
        paragraphs: the text, one paragraph per item: no line breaks, no control characters, single spaces.
        site: the publisher's host name or name, where the page says it.
        url: the page's address, where the page says it.
        author: the byline, where the page's metadata says it.
        date: day of publication as YYYY-MM-DD, where the page's metadata says it.
        removed: what cleaning removed, in the order of the page.
        lines: for each paragraph, the number of the one on the page that it is (a piece of), counted like those of
            `removed`; empty where it was made by hand.
        warnings: what the reader should know of how the article was found, in plain words; empty when all is well.
        genre: what the page is where it is no news report: ``advertorial``, ``opinion``, ``live``, ``digest``,
            ``howto`` or ``caption``; None for all others. In JSON it is ``kind``.
        stories: of a digest, the places of the paragraphs that open its stories, from 0; empty where they aren't
            known.
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
        """Return the article as HTML with what cleaning removed folded in, for Jupyter."""
        from summarizer.output.html import render_card

        return render_card("article", self.to_dict())
