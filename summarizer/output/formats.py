"""The formats of results, each a function: of one result (`FORMATS`), or of all results of a batch (`EXPORTS`)."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from summarizer.output.doubts import Part, draft_note, page_warnings, sentence_lines, summarize_doubt
from summarizer.output.fields import Fields, without
from summarizer.output.html import mark_cut, write_page
from summarizer.output.table import write_csv, write_tsv
from summarizer.output.terminal import PLAIN, Look, Notes

_ITEM = re.compile(r"(?:[-*•–]|\d{1,3}[.)]|[a-z]\))\s")
_BULLET = re.compile(r"^[-*•–]\s+(?=\S)")
_MARKDOWN = re.compile(r"([\\`*_\[\]|~]|^(?:#{1,6}|[+=-]+)(?=\s|$))", re.MULTILINE)
# The number of a list can't be escaped, only the mark after it.
_LIST_NUMBER = re.compile(r"^(\d+)(?=[.)]\s)", re.MULTILINE)


def join_paragraphs(paragraphs: Iterable[str]) -> str:
    """Return paragraphs with blank lines between them, but none between the items of a list."""
    text = ""
    before = None
    for paragraph in paragraphs:
        if before is not None:
            are_items = _ITEM.match(before) and _ITEM.match(paragraph)
            text += "\n" if are_items else "\n\n"
        text += paragraph
        before = paragraph
    return text


def escape_markdown(text: str) -> str:
    """Return text that Markdown shows as it is: neither its own marks nor HTML take effect."""
    return _LIST_NUMBER.sub(r"\1\\", _MARKDOWN.sub(r"\\\1", html.escape(text, quote=False)))


def mark_paragraphs(translation: Fields, look: Look) -> tuple[list[str], list[str]]:
    """Return the paragraphs of a translation, as `Translation.to_dict` gives it, with its marks, and the notes."""
    rows: list[list[Fields]] = [[] for _ in translation["paragraphs"]]
    for sentence in translation["sentences"]:
        rows[sentence["paragraph"]].append(sentence)
    notes = Notes(look)
    paragraphs = list(map(notes.mark, rows))
    return paragraphs, notes.take()


def _text(fields: Fields, look: Look) -> str:
    """Return a result for a terminal; doubts are notes below the text that they are about."""
    notes = Notes(look)

    def english(part: Part) -> str:
        lines = map(notes.mark, sentence_lines(fields, part))
        return join_paragraphs(lines) if part == "article" else "\n".join(lines)

    head = [look.wrap(fields["title"] or fields["source"])]
    if fields.get("title_translation"):
        head.append(english("title"))
    origin = _origin(fields)
    if origin:
        head.append(look.colorize(look.wrap(" · ".join(origin)), "cyan"))
    blocks = ["\n".join(head), *notes.take_block()]
    if fields["abstract"] is not None:
        blocks.append(f"Abstract (Indonesian)\n{look.wrap(fields['abstract'])}")
    if fields["translation"] is not None:
        note = draft_note(fields)
        heading = f"Translation (English): {note}" if note else "Translation (English)"
        blocks.append(f"{look.wrap(heading)}\n{english('abstract')}")
        blocks += notes.take_block()
    if "article_translation" in fields:
        blocks.append(f"Article (English)\n{english('article')}")
        blocks += notes.take_block()
    warnings = page_warnings(fields)
    if warnings:
        items = [look.wrap(f"- {warning}", "  ") for warning in warnings]
        blocks.append("\n".join(["Warnings", *items]))
    return "\n\n".join(blocks) + "\n"


def _origin(fields: Fields) -> list[str]:
    """Return what is known of where a result comes from: site, date, and the name of its file."""
    # Of what has no headline, the name stands in its place.
    name = fields["source"] if fields["title"] else None
    return list(filter(None, [fields.get("site"), fields.get("date"), name]))


def _markdown(fields: Fields, _: Look) -> str:
    """Return a result as Markdown; what came from a page is escaped."""
    blocks = [f"# {escape_markdown(fields['title'] or fields['source'])}"]
    for line in sentence_lines(fields, "title"):
        blocks.append(_markdown_line(line, mark="**"))
    blocks += _markdown_origin(fields)
    if fields["abstract"] is not None:
        blocks += ["## Abstract", escape_markdown(fields["abstract"])]
    if fields["translation"] is not None:
        blocks.append("## Translation")
        note = draft_note(fields)
        if note:
            blocks.append(f"*{note.capitalize()}.*")
        # Of a text without an abstract, a line is a paragraph.
        between = "\n" if fields["abstract"] is not None else "\n\n"
        blocks.append(between.join(map(_markdown_line, sentence_lines(fields))))
    if "article_translation" in fields:
        blocks.append("## Article")
        blocks += map(_markdown_line, filter(None, sentence_lines(fields, "article")))
    blocks += _markdown_support(fields)
    warnings = page_warnings(fields)
    if warnings:
        blocks += ["## Warnings", _markdown_list(map(escape_markdown, warnings))]
    return "\n\n".join(blocks) + "\n"


def _markdown_line(sentences: Sequence[Fields], mark: str = "") -> str:
    """Return a line of a translation; a doubtful sentence has the reasons behind it.

    The mark stands on both sides of each sentence, such as that of bold type, and not around the reasons, which have
    one of their own.
    """
    parts = []
    for sentence in sentences:
        text = f"{mark}{escape_markdown(sentence['translation'])}{mark}"
        if sentence["doubtful"]:
            text = f"{text} **\\[? {escape_markdown(summarize_doubt(sentence))}\\]**"
        parts.append(text)
    return " ".join(parts)


def _markdown_list(items: Iterable[str]) -> str:
    """Return a list of items that are Markdown."""
    return "\n".join([f"- {item}" for item in items])


def _markdown_origin(fields: Fields) -> list[str]:
    """Return a line with site, date and address, if any is known."""
    known = filter(None, [fields.get("site"), fields.get("date"), fields.get("url")])
    origin = " · ".join(map(escape_markdown, known))
    return [origin] if origin else []


def _markdown_support(fields: Fields) -> list[str]:
    """Return what the sentences of an abstract rest on, but for those that the article has word for word."""
    blocks: list[str] = []
    for item in fields.get("support", ()):
        if len(item["sources"]) == 1 and _words_of(item["sources"][0]) == _words_of(item["sentence"]):
            continue
        rows = []
        for (paragraph, sentence), source in zip(item["positions"], item["sources"], strict=True):
            place = f"paragraph {paragraph + 1}, sentence {sentence + 1}"
            rows.append(f"{place}: {_markdown_cut(source, item['sentence'])}")
        blocks += [f"> {escape_markdown(item['sentence'])}", _markdown_list(rows or ["nothing"])]
    return ["## Support", *blocks] if blocks else []


def _markdown_cut(source: str, sentence: str) -> str:
    """Return a sentence of the article, with what a sentence of the abstract leaves out of it struck through."""
    parts = []
    for run in mark_cut(source, sentence):
        mark = "~~" if run["cut"] else ""
        parts.append(f"{mark}{escape_markdown(run['text'])}{mark}")
    return " ".join(parts)


def _words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _json(fields: Fields, _: Look) -> str:
    return json.dumps(fields, ensure_ascii=False) + "\n"


@dataclass(frozen=True)
class Format:
    """A way to write results: what renders one, the ending of file names, and what stands between two results."""

    render: Callable[[Fields, Look], str]
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
    "csv": Export(write_csv, "Also write a CSV file with all results and failures, for spreadsheets."),
    "tsv": Export(write_tsv, "Also write a TSV file of all sentences and their translations."),
}
"""By the option of ``ringkas batch`` that asks for it."""


def render(fields: Fields, format_name: str, look: Look = PLAIN) -> str:
    """Return a result, as `Result.to_dict` gives it, in one of the `FORMATS`."""
    return FORMATS[format_name].render(fields, look)


def _article_text(fields: Fields, show_removed: bool, look: Look) -> str:
    """Return a cleaned article for a terminal, and what was removed if that is to be shown."""
    paragraphs = filter(None, [fields["title"], *fields["paragraphs"]])
    text = join_paragraphs(map(look.wrap, paragraphs)) + "\n"
    if not show_removed:
        return text
    lines = []
    for piece in fields["removed"]:
        rule = look.colorize(piece["rule"], "cyan")
        removed = look.colorize(piece["text"], "red")
        lines.append(f"{piece['line']:>5}  {rule}: {removed}\n")
    count = f"{len(lines)} {'piece was' if len(lines) == 1 else 'pieces were'}"
    return f"{text}\n{count} removed:\n{''.join(lines)}"


def _article_markdown(fields: Fields, show_removed: bool, _: Look) -> str:
    """Return a cleaned article as Markdown, and what was removed if that is to be shown."""
    blocks = [f"# {escape_markdown(fields['title'])}"] if fields["title"] else []
    blocks += _markdown_origin(fields)
    blocks += map(_markdown_paragraph, fields["paragraphs"])
    if show_removed:
        rows = []
        for piece in fields["removed"]:
            rule = escape_markdown(piece["rule"])
            text = escape_markdown(piece["text"])
            rows.append(f"{piece['line']}, {rule}: {text}")
        blocks += ["## Removed", _markdown_list(rows) or "Nothing."]
    return "\n\n".join(blocks) + "\n"


def _markdown_paragraph(text: str) -> str:
    """Return a paragraph, escaped; the item of a list stays one."""
    mark = _BULLET.match(text)
    return f"- {escape_markdown(text[mark.end() :])}" if mark else escape_markdown(text)


def _article_json(fields: Fields, _show_removed: bool, look: Look) -> str:
    # The numbers of the paragraphs on the page are for programs that show both.
    return _json(without(fields, "lines"), look)


ARTICLE_FORMATS: dict[str, Callable[[Fields, bool, Look], str]] = {
    "text": _article_text,
    "md": _article_markdown,
    "json": _article_json,
}
"""The choices of ``ringkas clean --format``, among those of `FORMATS`; they take `Article.to_dict`."""
