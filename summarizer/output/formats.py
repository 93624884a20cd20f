"""The formats of results, each a function: of one result (`FORMATS`), or of all results of a batch (`EXPORTS`)."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from summarizer.output.doubts import DRAFT, Fields, Part, is_draft, sentence_lines, summarize_doubt
from summarizer.output.html import write_page
from summarizer.output.table import write_csv, write_tsv

Colorize = Callable[[str, str], str]
"""Colours a text for a terminal: takes it and the name of the colour."""

Mark = Callable[[str, str], str]
"""Marks a doubtful sentence: takes it and the reason."""

_ITEM = re.compile(r"(?:[-*•–]|\d{1,3}[.)]|[a-z]\))\s")
_BULLET = re.compile(r"^[-*•–]\s+(?=\S)")
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


def mark_paragraphs(translation: Fields, *, colorize: Colorize) -> list[str]:
    """Return the paragraphs of a translation, as `Translation.to_dict` gives it, with its marks."""
    rows: list[list[Fields]] = [[] for _ in translation["paragraphs"]]
    for one in translation["sentences"]:
        rows[one["paragraph"]].append(one)
    return [_join_marked(row, str, _mark_text(colorize)) for row in rows]


def _text(fields: Fields, colorize: Colorize) -> str:
    def english(part: Part) -> list[str]:
        return _marked(fields, part, str, _mark_text(colorize))

    blocks = ["\n".join((fields["title"] or fields["source"], *english("title")))]
    if fields["abstract"] is not None:
        blocks.append(f"Abstract (Indonesian)\n{fields['abstract']}")
    if fields["translation"] is not None:
        heading = f"Translation (English): {DRAFT}" if is_draft(fields) else "Translation (English)"
        blocks.append("\n".join((heading, *english("abstract"))))
    if "article_translation" in fields:
        blocks.append("Article (English)\n" + join_paragraphs(english("article")))
    if fields["warnings"]:
        blocks.append("Warnings\n" + "\n".join(f"- {warning}" for warning in fields["warnings"]))
    return "\n\n".join(blocks) + "\n"


def _markdown(fields: Fields, _: Colorize) -> str:
    def english(part: Part, show: Callable[[str], str] = escape_markdown) -> list[str]:
        return _marked(fields, part, show, lambda text, reason: f"{text} **\\[? {escape_markdown(reason)}\\]**")

    blocks = [f"# {escape_markdown(fields['title'] or fields['source'])}"]
    blocks += english("title", lambda text: f"**{escape_markdown(text)}**")
    if fields["abstract"] is not None:
        blocks += ["## Abstract", escape_markdown(fields["abstract"])]
    if fields["translation"] is not None:
        blocks += ["## Translation", *[f"*{DRAFT.capitalize()}.*"] * is_draft(fields)]
        # Of a text without an abstract, a line is a paragraph.
        blocks.append(("\n" if fields["abstract"] is not None else "\n\n").join(english("abstract")))
    if "article_translation" in fields:
        blocks += ["## Article", *filter(None, english("article"))]
    if fields.get("support"):
        blocks.append("## Support")
    for item in fields.get("support", ()):
        rows = [
            f"- paragraph {row + 1}, sentence {column + 1}: {escape_markdown(source)}"
            for (row, column), source in zip(item["positions"], item["sources"], strict=True)
        ]
        blocks += [f"> {escape_markdown(item['sentence'])}", "\n".join(rows) or "- nothing"]
    if fields["warnings"]:
        blocks += ["## Warnings", "\n".join(f"- {escape_markdown(warning)}" for warning in fields["warnings"])]
    return "\n\n".join(blocks) + "\n"


def _json(fields: Fields, _: Colorize) -> str:
    return json.dumps(fields, ensure_ascii=False) + "\n"


def _mark_text(colorize: Colorize) -> Mark:
    return lambda text, reason: colorize(f"{text} [? {reason}]".strip(), "yellow")


def _marked(fields: Fields, part: Part, show: Callable[[str], str], mark: Mark) -> list[str]:
    return [_join_marked(line, show, mark) for line in sentence_lines(fields, part)]


def _join_marked(sentences: Sequence[Fields], show: Callable[[str], str], mark: Mark) -> str:
    """Return a line of a translation, each sentence shown; a doubtful one marked with `summarize_doubt`."""
    return " ".join(
        mark(show(one["translation"]), summarize_doubt(one)) if one["doubtful"] else show(one["translation"])
        for one in sentences
    )


@dataclass(frozen=True)
class Format:
    """A way to write results: what renders one, the ending of file names, and what stands between two results."""

    render: Callable[[Fields, Colorize], str]
    ending: str
    separator: str = ""


FORMATS = {
    "text": Format(_text, ".txt", f"\n{'-' * 72}\n\n"),
    "md": Format(_markdown, ".md", "\n---\n\n"),
    "json": Format(_json, ".json"),
}
"""The choices of ``--format``, and of downloads."""


@dataclass(frozen=True)
class Export:
    """A way to write all results of a batch into one file, and the help of its option."""

    write: Callable[[Path, Callable[[], Iterable[Fields]], Sequence[Fields]], None]
    """Takes the file, what returns the results afresh each time, and the failures as ``failures.jsonl`` has them."""
    help: str


EXPORTS = {
    "html": Export(write_page, "Also write one HTML page with all results."),
    "csv": Export(write_csv, "Also write a CSV file with all results, for spreadsheets."),
    "tsv": Export(write_tsv, "Also write a TSV file of all sentences and their translations."),
}
"""By the option of ``ringkas batch`` that asks for it."""


def render(fields: Fields, format_name: str, *, colorize: Colorize = lambda text, _: text) -> str:
    """Return a result, as `Result.to_dict` gives it, in one of the `FORMATS`."""
    return FORMATS[format_name].render(fields, colorize)


def _article_text(fields: Fields, show_removed: bool, colorize: Colorize) -> str:
    text = join_paragraphs([*filter(None, [fields["title"]]), *fields["paragraphs"]]) + "\n"
    if not show_removed:
        return text
    lines = [
        f"{piece['line']:>5}  {colorize(piece['rule'], 'cyan')}: {colorize(piece['text'], 'red')}\n"
        for piece in fields["removed"]
    ]
    count = f"{len(lines)} {'piece was' if len(lines) == 1 else 'pieces were'}"
    return f"{text}\n{count} removed:\n{''.join(lines)}"


def _article_markdown(fields: Fields, show_removed: bool, _: Colorize) -> str:
    blocks = [f"# {escape_markdown(fields['title'])}"] if fields["title"] else []
    blocks += map(_markdown_paragraph, fields["paragraphs"])
    if show_removed:
        rows = [
            f"- {piece['line']}, {escape_markdown(piece['rule'])}: {escape_markdown(piece['text'])}"
            for piece in fields["removed"]
        ]
        blocks += ["## Removed", "\n".join(rows) or "Nothing."]
    return "\n\n".join(blocks) + "\n"


def _markdown_paragraph(text: str) -> str:
    """Return a paragraph, escaped; the item of a list stays one."""
    mark = _BULLET.match(text)
    return f"- {escape_markdown(text[mark.end() :])}" if mark else escape_markdown(text)


def _article_json(fields: Fields, _show_removed: bool, _: Colorize) -> str:
    shown = ("source", "title", "paragraphs", "removed", "warnings")
    return _json({name: fields[name] for name in shown if name in fields}, _)


ARTICLE_FORMATS: dict[str, Callable[[Fields, bool, Colorize], str]] = {
    "text": _article_text,
    "md": _article_markdown,
    "json": _article_json,
}
"""The choices of ``ringkas clean --format``, among those of `FORMATS`; they take `Article.to_dict`."""
