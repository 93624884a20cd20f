"""Results as HTML: one in a notebook, a whole batch on a page of its own, the page of ``ringkas serve``.

Jinja escapes what comes from an article. A page of results loads nothing: its content security policy allows the style
and the script that are in it, by their hashes, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from importlib.resources import files
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from summarizer import __version__
from summarizer.output.doubts import count_doubts, draft_note, page_warnings, sentence_lines
from summarizer.output.fields import Fields
from summarizer.storage.atomic import open_whole
from summarizer.text.normalise import beginning
from summarizer.text.sentences import split_sentences
from summarizer.text.words import WORD

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.environment import TemplateStream

# Of a long paragraph, so many sentences stand beside their translation, so that a reader finds one in the other.
_SENTENCES_OF_ROW = 3


def interleave_removed(fields: Fields) -> list[list[dict[str, Any]]]:
    """Put a page together again: runs of pieces that were all kept (``text``) or all removed (``text``, ``rule``)."""
    # A place sorts by line; in it: what stood in front, the first kept piece, what was cut out, the other pieces.
    places: list[tuple[int, int, dict[str, Any]]] = []
    seen: set[int] = set()
    lines = fields["lines"] or range(1, len(fields["paragraphs"]) + 1)
    for line, text in zip(lines, fields["paragraphs"], strict=True):
        places.append((line, 3 if line in seen else 1, {"text": text}))
        seen.add(line)
    for piece in fields["removed"]:
        rank = 0 if piece.get("leading") else 2
        places.append((piece["line"], rank, piece))
    places.sort(key=itemgetter(0, 1))
    runs = []
    for _, run in groupby(map(itemgetter(2), places), key=_is_removed):
        pieces = list(run)
        runs.append(pieces)
    return runs


def _is_removed(piece: Fields) -> bool:
    return "rule" in piece


def find_glosses(fields: Fields) -> str:
    """Return what the Indonesian words of a result mean, by the word or phrase in lower case, as a JSON object."""
    from summarizer.lexicon.gloss import gloss_text

    texts = [fields.get("title"), fields.get("abstract"), *fields.get("paragraphs", ())]
    # Sentences of an abstract have no source: all of them are in its text.
    texts += [sentence.get("source") for sentence in fields.get("sentences") or ()]
    meanings: dict[str, str] = {}
    for text in filter(None, texts):
        for gloss in gloss_text(text):
            meanings[gloss.word.lower()] = " | ".join(gloss.senses)
    return json.dumps(meanings, ensure_ascii=False)


def mark_cut(source: str, sentence: str) -> list[dict[str, Any]]:
    """Tell what of a sentence of an article an abstract has cut: runs of its words, with ``text`` and whether ``cut``.

    Where the sentence isn't what is left of the source, nothing is told to be cut.
    """
    words = source.split()
    cores = list(map(_core, words))
    kept_cores = list(filter(None, map(_core, sentence.split())))
    blocks = SequenceMatcher(None, cores, kept_cores, autojunk=False).get_matching_blocks()
    kept: set[int] = set()
    for block in blocks:
        kept.update(range(block.a, block.a + block.size))
    if len(kept) < len(kept_cores):
        return [{"text": source, "cut": False}]

    def is_cut(place: int) -> bool:
        # A dash between words is neither.
        return place not in kept and bool(cores[place])

    runs = []
    for cut, places in groupby(range(len(words)), key=is_cut):
        text = " ".join([words[place] for place in places])
        runs.append({"text": text, "cut": cut})
    return runs


def tell_error(failure: Fields) -> str:
    """Return what is wrong with an input, without the name in front that the page shows above."""
    name = failure["input"]
    return str(failure["error"].removeprefix(f"{name} "))


def has_cuts(fields: Fields) -> bool:
    """Tell whether the abstract of a result leaves words out of a sentence that it rests on."""
    for item in fields.get("support", ()):
        for source in item["sources"]:
            if any(run["cut"] for run in mark_cut(source, item["sentence"])):
                return True
    return False


def _core(word: str) -> str:
    return "".join(WORD.findall(word)).casefold()


@dataclass(frozen=True)
class Row:
    """A paragraph of an article, or a part of one, beside its translation; or pieces that cleaning removed there."""

    removed: Sequence[Fields] = ()
    paragraph: int = 0
    """Counted from 0."""
    text: str = ""
    """In Indonesian; empty where it isn't known which paragraph was translated."""
    first: int = 0
    """The number of its first sentence in the paragraph, counted from 0."""
    english: Sequence[tuple[int | None, Fields]] | None = None
    """The sentences of its translation, each with its place in ``article_sentences``, or None if it has none there;
    None if the article isn't translated."""


def pair_article(fields: Fields) -> list[Row]:
    """Put the paragraphs of an article beside their translations, with the removed pieces where they were.

    A paragraph of many sentences makes several rows.
    """
    lines = sentence_lines(fields, "article")
    known = fields.get("article_sentences") or ()
    places = {id(sentence): place for place, sentence in enumerate(known)}
    rows: list[Row] = []
    paragraph = 0
    is_paired = len(lines) == len(fields["paragraphs"])
    if not is_paired:
        for line in filter(None, lines):
            english = [(None, sentence) for sentence in line]
            rows.append(Row(english=english))
    for run in interleave_removed(fields):
        if "rule" in run[0]:
            rows.append(Row(removed=run))
            continue
        for piece in run:
            if is_paired:
                translation = [(places.get(id(sentence)), sentence) for sentence in lines[paragraph]]
                rows += _pair_paragraph(paragraph, piece["text"], translation)
            else:
                rows.append(Row(paragraph=paragraph, text=piece["text"]))
            paragraph += 1
    return rows


def _pair_paragraph(paragraph: int, text: str, english: Sequence[tuple[int | None, Fields]]) -> list[Row]:
    """Put a paragraph beside its translation: a few sentences a row, where each has one of its own."""
    sentences = split_sentences(text)
    is_short = len(sentences) <= _SENTENCES_OF_ROW
    if is_short or len(sentences) != len(english):
        return [Row(paragraph=paragraph, text=text, english=english)]
    rows = []
    for first in range(0, len(sentences), _SENTENCES_OF_ROW):
        end = first + _SENTENCES_OF_ROW
        part = " ".join(sentences[first:end])
        rows.append(Row(paragraph=paragraph, text=part, first=first, english=english[first:end]))
    return rows


def render_card(macro: Literal["result", "article", "translation"], fields: Fields) -> str:
    """Return a result, an article with what cleaning removed folded in, or a translation as HTML for a notebook."""
    body = getattr(_environment().get_template("card.html").module, macro)(fields)
    return f'<style>{_source("card.css")}</style><div class="ringkas">{body}</div>'


def render_template(name: str, **values: Any) -> str:
    """Return one of the templates of ``ringkas serve``."""
    return _environment().get_template(name).render(values)


def write_page(target: Path, records: Callable[[], Iterable[Fields]], failures: Sequence[Fields]) -> None:
    """Write a self-contained page with results, which are taken one by one, and what failed.

    Raises:
        OutputError: the file can't be written; it is as it was.
    """
    stream = _page(records, failures)
    stream.enable_buffering(64)
    with open_whole(target) as file:
        for part in stream:
            file.write(part.encode("utf-8"))


def render_page(results: Sequence[Fields]) -> str:
    """Return a self-contained page with results."""
    return "".join(_page(lambda: results, ()))


def _page(records: Callable[[], Iterable[Fields]], failures: Sequence[Fields]) -> TemplateStream:
    """Return the page of results and failures, piece by piece; the results are asked for twice, to be counted first."""
    count = warned = doubtful = translated = 0
    for fields in records():
        count += 1
        translated += fields.get("translation") is not None
        warned += bool(page_warnings(fields))
        doubtful += bool(count_doubts(fields))
    values = {
        "count": count,
        "warned": warned,
        "doubtful": doubtful,
        "translated": translated,
        "failures": failures,
        "records": records,
    }
    words = _source("words.id.json").strip()
    scripts = map(_source, ("words.js", "page.js", "glosses.js"))
    script = f'"use strict";\nconst WORDS = {words};\n' + "".join(scripts)
    sources = {"style": _source("card.css") + _source("page.css"), "script": script}
    return _environment().get_template("page.html").stream(values, **sources)


@cache
def _environment() -> Environment:
    """Return the templates, with what they call."""
    from jinja2 import Environment, PackageLoader

    loader = PackageLoader("summarizer.output")
    environment = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {
        "beginning": beginning,
        "doubts": count_doubts,
        "draft_note": draft_note,
        "error": tell_error,
        "glosses": find_glosses,
        "has_cuts": has_cuts,
        "marked_cut": mark_cut,
        "page_warnings": page_warnings,
        "paired": pair_article,
        "sentence_lines": sentence_lines,
        "sentences": split_sentences,
        "sha256": lambda text: f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}",
    }
    environment.tests |= {"web_address": _is_web_address}
    environment.globals |= {"version": __version__}
    return environment


@cache
def _source(name: str) -> str:
    return files(__package__).joinpath("templates", name).read_text(encoding="utf-8")


def _is_web_address(value: object) -> bool:
    try:
        return isinstance(value, str) and urlsplit(value).scheme in ("http", "https")
    except ValueError:
        return False
