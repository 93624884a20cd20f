"""Results as HTML: one in a notebook, a whole batch on a page of its own, the page of ``ringkas serve``.

Jinja escapes what comes from an article. A page of results loads nothing: its content security policy allows the style
and the script that are in it, by their hashes, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher
from functools import cache
from importlib.resources import files
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from summarizer import __version__
from summarizer.output.doubts import DRAFT, Fields, count_doubts, is_draft, sentence_lines, summarize_doubt
from summarizer.storage.atomic import open_whole
from summarizer.text.sentences import split_sentences
from summarizer.text.words import WORD

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.environment import TemplateStream


def interleave_removed(fields: Fields) -> list[list[dict[str, Any]]]:
    """Put a page together again: runs of pieces that were all kept (``text``) or all removed (``text``, ``rule``)."""
    # A place sorts by line; in it: what stood in front, the first kept piece, what was cut out, the other pieces.
    places: list[tuple[int, int, dict[str, Any]]] = []
    seen: set[int] = set()
    lines = fields["lines"] or range(1, len(fields["paragraphs"]) + 1)
    for line, text in zip(lines, fields["paragraphs"], strict=True):
        places.append((line, 3 if line in seen else 1, {"text": text}))
        seen.add(line)
    places += [(piece["line"], 0 if piece.get("leading") else 2, piece) for piece in fields["removed"]]
    places.sort(key=itemgetter(0, 1))
    return [list(run) for _, run in groupby(map(itemgetter(2), places), key=lambda piece: "rule" in piece)]


def mark_cut(source: str, sentence: str) -> list[dict[str, Any]]:
    """Tell what of a sentence of an article an abstract has cut: runs of its words, with ``text`` and whether ``cut``.

    Where the sentence isn't what is left of the source, nothing is told to be cut.
    """
    words = source.split()
    whole, told = [_core(word) for word in words], [core for core in map(_core, sentence.split()) if core]
    blocks = SequenceMatcher(None, whole, told, autojunk=False).get_matching_blocks()
    kept = {place for start, _, size in blocks for place in range(start, start + size)}
    if len(kept) < len(told):
        return [{"text": source, "cut": False}]
    runs = groupby(range(len(words)), key=lambda place: place not in kept and bool(whole[place]))
    return [{"text": " ".join(words[place] for place in run), "cut": cut} for cut, run in runs]


def _core(word: str) -> str:
    return "".join(WORD.findall(word)).casefold()


def render_card(macro: Literal["result", "article"], fields: Fields) -> str:
    """Return a result, or an article with what cleaning removed folded in, as HTML for a notebook."""
    body = getattr(_environment().get_template("card.html").module, macro)(fields)
    return f'<style>{_source("card.css")}</style><div class="ringkas">{body}</div>'


def render_template(name: str, **values: Any) -> str:
    """Return one of the templates of ``ringkas serve``."""
    return _environment().get_template(name).render(values)


def write_page(target: Path, records: Callable[[], Iterable[Fields]], failures: Sequence[Fields]) -> None:
    """Write a self-contained page with results, which are taken one by one, and what failed."""
    stream = _page(records, failures)
    stream.enable_buffering(64)
    with open_whole(target) as file:
        for part in stream:
            file.write(part.encode("utf-8"))


def render_single(fields: Fields) -> str:
    """Return a self-contained page with one result."""
    return "".join(_page(lambda: [fields], ()))


def _page(records: Callable[[], Iterable[Fields]], failures: Sequence[Fields]) -> TemplateStream:
    count = warned = doubtful = 0
    for fields in records():
        count += 1
        warned += bool(fields["warnings"])
        doubtful += bool(count_doubts(fields))
    values = {"count": count, "warned": warned, "doubtful": doubtful, "failures": failures, "records": records}
    sources = {"style": _source("card.css") + _source("page.css"), "script": _source("page.js")}
    return _environment().get_template("page.html").stream(values, **sources)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader

    loader = PackageLoader("summarizer.output")
    environment = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {
        "doubt": summarize_doubt,
        "doubts": count_doubts,
        "interleaved": interleave_removed,
        "marked_cut": mark_cut,
        "sentence_lines": sentence_lines,
        "sentences": split_sentences,
        "sha256": lambda text: f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}",
    }
    environment.tests |= {"web_address": _is_web_address, "draft": is_draft}
    environment.globals |= {"draft_note": DRAFT, "version": __version__}
    return environment


@cache
def _source(name: str) -> str:
    return files(__package__).joinpath("templates", name).read_text(encoding="utf-8")


def _is_web_address(value: object) -> bool:
    try:
        return isinstance(value, str) and urlsplit(value).scheme in ("http", "https")
    except ValueError:
        return False
