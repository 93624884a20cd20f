"""What Ringkas gives back, and the forms it can be written in."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from summarizer.article import Article
from summarizer.faithfulness import Support
from summarizer.models.base import Length
from summarizer.writing.repair import Repair

_MARKDOWN = re.compile(r"([\\`*_\[\]|~]|^[#>+-](?=\s)|^\d+(?=[.)]\s))", re.MULTILINE)


def escape_markdown(text: str) -> str:
    """Return text that Markdown shows as it is: neither its own marks nor HTML take effect."""
    return _MARKDOWN.sub(r"\\\1", html.escape(text, quote=False))


def format_removed(article: Article) -> list[dict[str, Any]]:
    """Return what cleaning took out as dictionaries with ``line``, ``rule``, ``text`` and, where true, ``leading``."""
    return [
        {"line": piece.line, "rule": piece.rule, "text": piece.text} | ({"leading": True} if piece.leading else {})
        for piece in article.removed
    ]


def article_fields(article: Article) -> dict[str, Any]:
    """Return an article as plain values, with what cleaning took out of it.

    ``source``, ``title``, ``paragraphs``, ``lines`` and ``removed`` are always there; ``site``, ``url``, ``author`` and
    ``date`` as far as the page says them.
    """
    text = {"paragraphs": list(article.paragraphs), "lines": list(article.lines), "removed": format_removed(article)}
    return _source_fields(article) | text


def to_record(result: Result) -> dict[str, Any]:
    """Return a result as `Result.to_dict` does, with the cleaned article as `article_fields` does."""
    return result.to_dict() | article_fields(result.article)


def _source_fields(article: Article) -> dict[str, Any]:
    fields: dict[str, Any] = {"source": article.source, "title": article.title}
    return fields | {name: value for name in ("site", "url", "author", "date") if (value := getattr(article, name))}


@dataclass(frozen=True)
class Result:
    """An article's abstract and its translation.

    Attributes:
        article: the cleaned article.
        abstract: in Indonesian.
        translation: the abstract in English; None if it was not asked for.
        article_translation: the article's paragraphs in English; None if they were not asked for.
        warnings: what the reader should know, in plain words; empty when all is well.
        model: name of the model that wrote; ``A + B`` if B translated.
        support: the sentences of the article that each sentence of the abstract rests on.
        repairs: what was done to keep abstract and translation to what the article says; empty if nothing had to be.
        length: the length that was asked for; None if it was left to the model.
    """

    article: Article
    abstract: str
    translation: str | None
    article_translation: tuple[str, ...] | None
    warnings: tuple[str, ...]
    model: str
    support: tuple[Support, ...] = ()
    repairs: tuple[Repair, ...] = ()
    length: Length | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values.

        ``source``, ``title``, ``abstract``, ``translation``, ``support``, ``repairs``, ``warnings`` and ``model`` are
        always there; each item of ``support`` has a ``sentence`` of the abstract, the ``positions`` (paragraph,
        sentence; from 0) and texts (``sources``) of what supports it, and the ``share`` of its words that they hold;
        ``article_translation`` and ``length`` only if they were asked for; ``site``, ``url``, ``author`` and ``date``
        as far as the page says them.
        """
        fields = _source_fields(self.article)
        fields |= {"abstract": self.abstract, "translation": self.translation}
        if self.article_translation is not None:
            fields["article_translation"] = list(self.article_translation)
        fields["support"] = [
            {
                "sentence": item.sentence,
                "positions": [list(position) for position in item.positions],
                "sources": list(item.sources),
                "share": item.share,
            }
            for item in self.support
        ]
        fields["repairs"] = [repair.to_dict() for repair in self.repairs]
        fields |= {"warnings": list(self.warnings), "model": self.model}
        return fields | ({"length": self.length} if self.length else {})

    def to_json(self) -> str:
        """Return the result as one line of JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False)

    def _repr_html_(self) -> str:
        """Return the result as HTML, for Jupyter."""
        from summarizer.output.html import render_result

        return render_result(self)

    def to_text(self) -> str:
        """Return the result as plain text for a terminal."""
        parts = [self.article.title or self.article.source, f"Abstract (Indonesian)\n{self.abstract}"]
        if self.translation is not None:
            parts.append(f"Translation (English)\n{self.translation}")
        if self.article_translation is not None:
            parts.append("Article (English)\n" + "\n\n".join(self.article_translation))
        if self.warnings:
            parts.append("Warnings\n" + "\n".join(f"- {warning}" for warning in self.warnings))
        return "\n\n".join(parts) + "\n"

    def to_markdown(self) -> str:
        """Return the result as Markdown in which the article's own text is shown as it is."""
        parts = [f"# {escape_markdown(self.article.title or self.article.source)}"]
        parts += ["## Abstract", escape_markdown(self.abstract)]
        if self.translation is not None:
            parts += ["## Translation", escape_markdown(self.translation)]
        if self.article_translation is not None:
            parts += ["## Article", *_paragraphs(self.article_translation)]
        if self.support:
            parts.append("## Support")
            for item in self.support:
                rows = [
                    f"- paragraph {row + 1}, sentence {column + 1}: {escape_markdown(source)}"
                    for (row, column), source in zip(item.positions, item.sources, strict=True)
                ]
                parts.append(f"> {escape_markdown(item.sentence)}\n\n" + ("\n".join(rows) or "- nothing"))
        if self.warnings:
            parts += ["## Warnings", "\n".join(f"- {escape_markdown(warning)}" for warning in self.warnings)]
        return "\n\n".join(parts) + "\n"


def _paragraphs(paragraphs: Iterable[str]) -> list[str]:
    return [escape_markdown(paragraph) for paragraph in paragraphs if paragraph]
