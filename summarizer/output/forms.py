"""Write results and articles as text, Markdown or JSON."""

from __future__ import annotations

import html
import json
import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from itertools import chain, pairwise
from typing import Any, Literal, get_args

Fields = Mapping[str, Any]
"""A result or an article as plain values, as its ``to_dict`` gives it."""

Form = Literal["text", "md", "json"]

FORMS: tuple[Form, ...] = get_args(Form)
ENDINGS: dict[Form, str] = {"text": ".txt", "md": ".md", "json": ".json"}
"""File name extensions."""

SEPARATORS: dict[Form, str] = {"text": f"\n{'-' * 72}\n\n", "md": "\n---\n\n", "json": ""}
"""What stands between two results."""

_ITEM = re.compile(r"(?:[-*•–]|\d{1,3}[.)]|[a-z]\))\s")
_MARKDOWN = re.compile(r"([\\`*_\[\]|~]|^(?:#{1,6}|[+=-]+)(?=\s|$))", re.MULTILINE)
# The number of a list can't be escaped, only the mark after it.
_LIST_NUMBER = re.compile(r"^(\d+)(?=[.)]\s)", re.MULTILINE)


def join_paragraphs(paragraphs: Iterable[str]) -> str:
    """Return paragraphs with blank lines between them, but none between the items of a list."""
    kept = list(paragraphs)
    text = "".join(
        first + ("\n" if _ITEM.match(first) and _ITEM.match(second) else "\n\n") for first, second in pairwise(kept)
    )
    return text + "".join(kept[-1:])


def escape_markdown(text: str) -> str:
    """Return text that Markdown shows as it is: neither its own marks nor HTML take effect."""
    return _LIST_NUMBER.sub(r"\1\\", _MARKDOWN.sub(r"\\\1", html.escape(text, quote=False)))


DRAFT = "machine draft, for the gist, not to quote"
"""What is said once of a translation whose confidence is known."""

Style = Callable[[str, str], str]
"""Colours a text: takes it and the name of the colour."""


Part = Literal["title", "abstract", "article"]
"""What is translated. Of a text without an abstract, its translation is in the place of the abstract's."""

_SENTENCES: dict[Part, str] = {"title": "title_sentences", "abstract": "sentences", "article": "article_sentences"}
"""The fields with the sentences of each part. Records of earlier versions have those of the abstract alone."""


def _lines(fields: Fields, part: Part) -> list[str]:
    if part == "article":
        return list(fields.get("article_translation") or ())
    text = (fields.get("title_translation") or None) if part == "title" else fields["translation"]
    return [] if text is None else text.split("\n")


def marked_lines(fields: Fields, part: Part = "abstract") -> list[list[Mapping[str, Any]]]:
    """Return the sentences of a translation, line by line, each with whether it is ``doubtful`` and the ``reasons``.

    Args:
        fields: a result. If a reader has edited it, the sentences of its abstract are those of its ``review``.
        part: which translation.

    Returns:
        Nothing if there is no translation, or if its sentences aren't known.
    """
    sentences: list[Mapping[str, Any]] = fields.get(_SENTENCES[part]) or []
    if part == "abstract" and fields.get("edited"):
        reviewed = fields["review"]["sentences"]
        sentences = [{**one, "doubtful": bool(one["doubts"]), "reasons": one["doubts"]} for one in reviewed]
    waiting = deque(one for one in sentences if one["translation"])
    lines = []
    for text in _lines(fields, part) if waiting else ():
        own, rest = [], len(text)
        while waiting and rest > 0:
            own.append(waiting.popleft())
            rest -= len(own[-1]["translation"]) + 1
        if " ".join(one["translation"] for one in own) != text:
            return []
        lines.append(own)
    return lines if not waiting else []


def count_doubts(fields: Fields) -> int:
    """Return how many sentences of a result are doubtful; a doubt about the whole translation counts as one."""
    count = {
        part: sum(one["doubtful"] for one in chain.from_iterable(marked_lines(fields, part))) for part in _SENTENCES
    }
    if review := fields.get("review"):
        count["abstract"] = sum(bool(one["doubts"]) for one in review["sentences"]) + len(review["doubts"])
    return sum(count.values())


def is_draft(fields: Fields) -> bool:
    """Tell whether to say that a translation is a machine's draft."""
    return any(one["confidence"] is not None for one in chain.from_iterable(marked_lines(fields)))


def _plain(text: str, _: str) -> str:
    return text


def render(fields: Fields, form: Form, *, style: Style = _plain) -> str:
    """Return a result in one of the forms, with a line break at its end.

    Args:
        fields: the result, as `summarizer.result.Result.to_dict` gives it.
        form: ``text`` for a terminal; ``md`` for Markdown in which the article's own text is shown as it is; ``json``
            for an object on one line.
        style: colours text for a terminal.
    """
    if form == "json":
        return json.dumps(fields, ensure_ascii=False) + "\n"
    return "\n\n".join(_markdown(fields) if form == "md" else _text(fields, style)) + "\n"


def _text(fields: Fields, style: Style) -> Iterable[str]:
    def mark(text: str, reason: str) -> str:
        return style(f"{text} [? {reason}]", "yellow")

    yield "\n".join((fields["title"] or fields["source"], *_marked(fields, "title", str, mark)))
    if fields["abstract"] is not None:
        yield f"Abstract (Indonesian)\n{fields['abstract']}"
    if fields["translation"] is not None:
        heading = f"Translation (English): {DRAFT}" if is_draft(fields) else "Translation (English)"
        yield "\n".join((heading, *_marked(fields, "abstract", str, mark)))
    if "article_translation" in fields:
        yield "Article (English)\n" + join_paragraphs(_marked(fields, "article", str, mark))
    if fields["warnings"]:
        yield "Warnings\n" + "\n".join(f"- {warning}" for warning in fields["warnings"])


def _markdown(fields: Fields) -> Iterable[str]:
    def mark(text: str, reason: str) -> str:
        return f"{text} **\\[? {escape_markdown(reason)}\\]**"

    yield f"# {escape_markdown(fields['title'] or fields['source'])}"
    yield from _marked(fields, "title", lambda text: f"**{escape_markdown(text)}**", mark)
    if fields["abstract"] is not None:
        yield from ("## Abstract", escape_markdown(fields["abstract"]))
    if fields["translation"] is not None:
        yield "## Translation"
        if is_draft(fields):
            yield f"*{DRAFT.capitalize()}.*"
        # Of a text without an abstract, a line is a paragraph.
        between = "\n" if fields["abstract"] is not None else "\n\n"
        yield between.join(_marked(fields, "abstract", escape_markdown, mark))
    if "article_translation" in fields:
        yield "## Article"
        yield from filter(None, _marked(fields, "article", escape_markdown, mark))
    if fields.get("support"):
        yield "## Support"
    for item in fields.get("support", ()):
        rows = [
            f"- paragraph {row + 1}, sentence {column + 1}: {escape_markdown(source)}"
            for (row, column), source in zip(item["positions"], item["sources"], strict=True)
        ]
        yield from (f"> {escape_markdown(item['sentence'])}", "\n".join(rows) or "- nothing")
    if fields["warnings"]:
        yield from ("## Warnings", "\n".join(f"- {escape_markdown(warning)}" for warning in fields["warnings"]))


def _marked(fields: Fields, part: Part, show: Callable[[str], str], mark: Callable[[str, str], str]) -> list[str]:
    """Return a translation, line by line.

    Args:
        fields: a result.
        part: which translation.
        show: shows a piece of text as it is.
        mark: gets each doubtful sentence, as ``show`` returns it, and the first reason to doubt it.
    """
    lines = [
        " ".join(
            mark(show(one["translation"]), one["reasons"][0]) if one["doubtful"] else show(one["translation"])
            for one in line
        )
        for line in marked_lines(fields, part)
    ]
    return lines or [show(line) for line in _lines(fields, part)]


def render_article(fields: Fields, *, show_removed: bool = False, style: Style = _plain) -> str:
    """Return a cleaned article as text.

    Args:
        fields: the article, as `summarizer.article.Article.to_dict` gives it.
        show_removed: list what cleaning removed after it.
        style: colours text for a terminal.
    """
    title = [fields["title"]] if fields["title"] else []
    text = join_paragraphs([*title, *fields["paragraphs"]]) + "\n"
    if not show_removed:
        return text
    lines = [
        f"{piece['line']:>5}  {style(piece['rule'], 'cyan')}: {style(piece['text'], 'red')}\n"
        for piece in fields["removed"]
    ]
    return f"{text}\n{len(lines)} pieces were removed:\n{''.join(lines)}"
