"""Results as HTML: one in a notebook, a whole batch on a page of its own, the pages of ``ringkas serve``.

Everything that comes from an article is escaped by Jinja. A page of results loads nothing: its content security policy
allows the style and the script that are in it, by their hashes, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from summarizer.output.forms import DRAFT, Fields, count_doubts, is_draft, sentence_lines
from summarizer.storage.atomic import open_whole
from summarizer.text.sentences import split_sentences

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.environment import TemplateStream

ASSETS = {"desk.css": "text/css", "desk.js": "text/javascript"}
"""What the page of ``ringkas serve`` loads, and the media types."""


def interleave_removed(fields: Fields) -> list[list[dict[str, Any]]]:
    """Put a page together again: runs of pieces that were all kept (``text``) or all removed (``text``, ``rule``).

    Where a paragraph was kept in part, its pieces are in their order, but only ``leading`` tells on which side of the
    kept part a removed piece stood.

    Args:
        fields: ``paragraphs``, ``lines`` (may be empty) and ``removed`` of a record.
    """
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


def render_card(kind: Literal["result", "article"], fields: Fields) -> str:
    """Return a result, or an article with what cleaning removed folded in, as HTML for a notebook."""
    body = getattr(_environment().get_template("card.html").module, kind)(fields)
    return f'<style>{_source("card.css")}</style><div class="ringkas">{body}</div>'


def write_page(
    target: Path, records: Callable[[], Iterable[Fields]], failures: Sequence[Mapping[str, str]], *, version: str
) -> None:
    """Write a self-contained page with all results of a batch.

    Args:
        target: the file.
        records: returns the results, afresh each time; they are taken one by one.
        failures: ``input``, ``error`` and ``advice`` of what failed.
        version: of Ringkas.

    Raises:
        OutputError: the file can't be written.
    """
    stream = _page(records, failures, version)
    stream.enable_buffering(64)
    with open_whole(target) as file:
        for part in stream:
            file.write(part.encode("utf-8"))


def render_single(fields: Fields, *, version: str) -> str:
    """Return a self-contained page with one result."""
    return "".join(_page(lambda: [fields], (), version))


def render_desk(*, version: str) -> str:
    """Return the page of ``ringkas serve``; what it shows comes with later requests."""
    # A browser keeps the assets of a version, and asks for those of another.
    assets = {name: f"{name}?{_policy_hash(render_asset(name))[7:15]}" for name in ASSETS}
    return _environment().get_template("desk.html").render(assets=assets, version=version)


def render_entry(entry: Fields, *, max_edit: int) -> str:
    """Return an entry of the history for the page; ``max_edit`` limits a reader's texts, in characters."""
    return _environment().get_template("entry.html").render(fields=entry, max_edit=max_edit)


def render_list(entries: Iterable[Fields]) -> str:
    """Return what `summarizer.web.history.History.listed` gives as the page's list of results."""
    return _environment().get_template("list.html").render(entries=entries)


def render_asset(name: str) -> str:
    """Return one of `ASSETS`."""
    return _source("card.css") + _source("page.css") + _source(name) if name.endswith(".css") else _source(name)


def _page(
    records: Callable[[], Iterable[Fields]], failures: Sequence[Mapping[str, str]], version: str
) -> TemplateStream:
    count = warned = doubtful = 0
    for fields in records():
        count += 1
        warned += bool(fields["warnings"])
        doubtful += bool(count_doubts(fields))
    values = {"count": count, "warned": warned, "doubtful": doubtful, "failures": failures, "version": version}
    sources = {"style": _source("card.css") + _source("page.css"), "script": _source("page.js")}
    return _environment().get_template("page.html").stream(records=records, **values, **sources)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader

    loader = PackageLoader("summarizer.output")
    environment = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {
        "doubts": count_doubts,
        "interleaved": interleave_removed,
        "sentence_lines": sentence_lines,
        "sentences": split_sentences,
        "sha256": _policy_hash,
    }
    environment.tests |= {"web_address": _is_web_address, "draft": is_draft}
    environment.globals |= {"draft_note": DRAFT}
    return environment


@cache
def _source(name: str) -> str:
    return files(__package__).joinpath("templates", name).read_text(encoding="utf-8")


def _policy_hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _is_web_address(value: object) -> bool:
    """Tell whether an address that a page says it has may be linked to."""
    try:
        return isinstance(value, str) and urlsplit(value).scheme in ("http", "https")
    except ValueError:
        return False
