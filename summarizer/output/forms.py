"""Results and articles as text, Markdown or JSON."""

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

Colorize = Callable[[str, str], str]
"""Colours a text for a terminal: takes it and the name of the colour."""

Translated = Literal["title", "abstract", "article"]
"""What was translated. Of a text without an abstract, its translation is in the place of the abstract's."""

DRAFT = "machine draft, for the gist, not to quote"
"""What is said once of a translation whose confidence is known."""

_SENTENCES: dict[Translated, str] = {
    "title": "title_sentences",
    "abstract": "sentences",
    "article": "article_sentences",
}
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


def sentence_lines(fields: Fields, of: Translated = "abstract") -> list[list[Mapping[str, Any]]]:
    """Return the sentences of a translation, line by line, each with whether it is ``doubtful`` and the ``reasons``.

    If a reader has edited the abstract, its sentences are those of the ``review``. There are none if the sentences
    aren't known, or are not those of the text that is shown.
    """
    sentences: list[Mapping[str, Any]] = fields.get(_SENTENCES[of]) or []
    if of == "abstract" and fields.get("edited"):
        reviewed = fields["review"]["sentences"]
        sentences = [{**one, "doubtful": bool(one["doubts"]), "reasons": one["doubts"]} for one in reviewed]
    waiting = deque(one for one in sentences if one["translation"])
    lines = []
    for text in _lines(fields, of) if waiting else ():
        own, rest = [], len(text)
        while waiting and rest > 0:
            own.append(waiting.popleft())
            rest -= len(own[-1]["translation"]) + 1
        if " ".join(one["translation"] for one in own) != text:
            return []
        lines.append(own)
    return [] if waiting else lines


def _lines(fields: Fields, of: Translated) -> list[str]:
    if of == "article":
        return list(fields.get("article_translation") or ())
    text = (fields.get("title_translation") or None) if of == "title" else fields["translation"]
    return [] if text is None else text.split("\n")


def count_doubts(fields: Fields) -> int:
    """Return how many sentences of a result are doubtful; a doubt about the whole translation counts as one."""
    count = {of: sum(one["doubtful"] for one in chain.from_iterable(sentence_lines(fields, of))) for of in _SENTENCES}
    if review := fields.get("review"):
        count["abstract"] = sum(bool(one["doubts"]) for one in review["sentences"]) + len(review["doubts"])
    return sum(count.values())


def is_draft(fields: Fields) -> bool:
    """Tell whether to say that a translation is a machine's draft."""
    return any(one["confidence"] is not None for one in chain.from_iterable(sentence_lines(fields)))


def _plain(text: str, _: str) -> str:
    return text


def render(fields: Fields, form: Form, *, colorize: Colorize = _plain) -> str:
    """Return a result, as `Result.to_dict` gives it, in one of the forms, with a line break at its end."""
    if form == "json":
        return json.dumps(fields, ensure_ascii=False) + "\n"
    return "\n\n".join(_markdown(fields) if form == "md" else _text(fields, colorize)) + "\n"


def _text(fields: Fields, colorize: Colorize) -> Iterable[str]:
    def english(of: Translated) -> list[str]:
        return _marked(fields, of, str, lambda text, reason: colorize(f"{text} [? {reason}]", "yellow"))

    yield "\n".join((fields["title"] or fields["source"], *english("title")))
    if fields["abstract"] is not None:
        yield f"Abstract (Indonesian)\n{fields['abstract']}"
    if fields["translation"] is not None:
        heading = f"Translation (English): {DRAFT}" if is_draft(fields) else "Translation (English)"
        yield "\n".join((heading, *english("abstract")))
    if "article_translation" in fields:
        yield "Article (English)\n" + join_paragraphs(english("article"))
    if fields["warnings"]:
        yield "Warnings\n" + "\n".join(f"- {warning}" for warning in fields["warnings"])


def _markdown(fields: Fields) -> Iterable[str]:
    def english(of: Translated, show: Callable[[str], str] = escape_markdown) -> list[str]:
        return _marked(fields, of, show, lambda text, reason: f"{text} **\\[? {escape_markdown(reason)}\\]**")

    yield f"# {escape_markdown(fields['title'] or fields['source'])}"
    yield from english("title", lambda text: f"**{escape_markdown(text)}**")
    if fields["abstract"] is not None:
        yield from ("## Abstract", escape_markdown(fields["abstract"]))
    if fields["translation"] is not None:
        yield "## Translation"
        if is_draft(fields):
            yield f"*{DRAFT.capitalize()}.*"
        # Of a text without an abstract, a line is a paragraph.
        yield ("\n" if fields["abstract"] is not None else "\n\n").join(english("abstract"))
    if "article_translation" in fields:
        yield "## Article"
        yield from filter(None, english("article"))
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


def _marked(fields: Fields, of: Translated, show: Callable[[str], str], mark: Callable[[str, str], str]) -> list[str]:
    """Return a translation, line by line, each piece shown; ``mark`` gets a doubtful one and the first reason."""
    lines = [
        " ".join(
            mark(show(one["translation"]), one["reasons"][0]) if one["doubtful"] else show(one["translation"])
            for one in line
        )
        for line in sentence_lines(fields, of)
    ]
    return lines or [show(line) for line in _lines(fields, of)]


def render_article(fields: Fields, *, show_removed: bool = False, colorize: Colorize = _plain) -> str:
    """Return a cleaned article, as `Article.to_dict` gives it, as text; on demand with what cleaning removed."""
    text = join_paragraphs([*filter(None, [fields["title"]]), *fields["paragraphs"]]) + "\n"
    if not show_removed:
        return text
    lines = [
        f"{piece['line']:>5}  {colorize(piece['rule'], 'cyan')}: {colorize(piece['text'], 'red')}\n"
        for piece in fields["removed"]
    ]
    return f"{text}\n{len(lines)} pieces were removed:\n{''.join(lines)}"
