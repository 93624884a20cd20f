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

FACTS = {"who": "Who", "figures": "Figure", "where": "Where", "when": "When", "said": "Said"}
"""What the sorts of key facts are called."""

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


def marked_lines(fields: Fields) -> list[list[Mapping[str, Any]]]:
    """Return the sentences of a translation, line by line, each with whether it is ``doubtful`` and the ``reasons``.

    Args:
        fields: a result. If a reader has edited it, its sentences are those of its ``review``.

    Returns:
        Nothing if there is no translation, or if its sentences aren't known.
    """
    sentences: list[Mapping[str, Any]] = fields.get("sentences") or []
    if fields.get("edited"):
        reviewed = fields["review"]["sentences"]
        sentences = [{**one, "doubtful": bool(one["doubts"]), "reasons": one["doubts"]} for one in reviewed]
    waiting = deque(one for one in sentences if one["translation"])
    lines = []
    for text in (fields["translation"] or "").split("\n") if waiting else ():
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
    if review := fields.get("review"):
        return sum(bool(one["doubts"]) for one in review["sentences"]) + len(review["doubts"])
    return sum(one["doubtful"] for one in chain.from_iterable(marked_lines(fields)))


def is_draft(fields: Fields) -> bool:
    """Tell whether to say that a translation is a machine's draft."""
    return any(one["confidence"] is not None for one in chain.from_iterable(marked_lines(fields)))


def _plain(text: str, _: str) -> str:
    return text


def render(fields: Fields, form: Form, *, facts: bool = False, style: Style = _plain) -> str:
    """Return a result in one of the forms, with a line break at its end.

    Args:
        fields: the result, as `summarizer.result.Result.to_dict` gives it.
        form: ``text`` for a terminal; ``md`` for Markdown in which the article's own text is shown as it is; ``json``
            for an object on one line.
        facts: show the key facts in text and Markdown too.
        style: colours text for a terminal.
    """
    if form == "json":
        return json.dumps(fields, ensure_ascii=False) + "\n"
    parts = list(_markdown(fields) if form == "md" else _text(fields, style))
    if facts and (lines := list(_facts(fields["facts"], escape_markdown if form == "md" else str))):
        parts.append("\n".join(("## Key facts\n" if form == "md" else "Key facts (copied from the article)", *lines)))
    return "\n\n".join(parts) + "\n"


def _facts(facts: Fields, show: Callable[[str], str]) -> Iterable[str]:
    for name, items in facts.items():
        for item in items:
            extra = {"figures": f": {item.get('context')}", "said": f" ({item.get('context')})"}.get(name, "")
            yield f"- {FACTS[name]}: {show(item['text'] + extra)}" + (f" = {item['day']}" if "day" in item else "")


def _text(fields: Fields, style: Style) -> Iterable[str]:
    # Records of earlier versions have no headline in English.
    yield "\n".join(filter(None, (fields["title"] or fields["source"], fields.get("title_translation"))))
    if fields["abstract"] is not None:
        yield f"Abstract (Indonesian)\n{fields['abstract']}"
    if fields["translation"] is not None:
        heading = f"Translation (English): {DRAFT}" if is_draft(fields) else "Translation (English)"
        yield f"{heading}\n{_marked(fields, lambda text, reason: style(f'{text} [? {reason}]', 'yellow'))}"
    if "article_translation" in fields:
        yield "Article (English)\n" + join_paragraphs(fields["article_translation"])
    if fields["warnings"]:
        yield "Warnings\n" + "\n".join(f"- {warning}" for warning in fields["warnings"])


def _markdown(fields: Fields) -> Iterable[str]:
    yield f"# {escape_markdown(fields['title'] or fields['source'])}"
    if fields.get("title_translation"):
        yield f"**{escape_markdown(fields['title_translation'])}**"
    if fields["abstract"] is not None:
        yield from ("## Abstract", escape_markdown(fields["abstract"]))
    if fields["translation"] is not None:
        yield "## Translation"
        if is_draft(fields):
            yield f"*{DRAFT.capitalize()}.*"
        english = _marked(fields, lambda text, reason: f"{text} **\\[? {reason}\\]**", escape_markdown)
        # Of a text without an abstract, a line is a paragraph.
        yield english if fields["abstract"] is not None else english.replace("\n", "\n\n")
    if "article_translation" in fields:
        yield "## Article"
        yield from (escape_markdown(paragraph) for paragraph in fields["article_translation"] if paragraph)
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


def _marked(fields: Fields, mark: Callable[[str, str], str], escape: Callable[[str], str] = lambda text: text) -> str:
    """Return the translation; ``mark`` gets each doubtful sentence and the first reason to doubt it."""
    lines = marked_lines(fields)
    if not lines:
        return escape(fields["translation"])
    return "\n".join(
        " ".join(
            mark(escape(one["translation"]), escape(one["reasons"][0]))
            if one["doubtful"]
            else escape(one["translation"])
            for one in line
        )
        for line in lines
    )


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
