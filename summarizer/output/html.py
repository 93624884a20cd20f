"""Show results as HTML: one in a notebook, a whole batch on a page of its own.

Everything that comes from an article is escaped by Jinja. The page loads nothing: its content security policy allows
the style and the script that are in it, by their hashes, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from summarizer.output.forms import DRAFT, Fields, count_doubts, is_draft, marked_lines
from summarizer.storage.atomic import open_whole
from summarizer.text.sentences import split_sentences

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.environment import TemplateStream


ASSETS = {"desk.css": "text/css", "desk.js": "text/javascript"}
"""What the page of ``ringkas serve`` loads, and the media types."""


@dataclass(frozen=True)
class Stretch:
    """Paragraphs of a page that follow each other and were all kept or all removed.

    Attributes:
        texts: the paragraphs, or pieces of them.
        rules: for each piece, the rule that removed it; empty where they were kept.
    """

    texts: tuple[str, ...]
    rules: tuple[str, ...]


def fold(fields: Fields) -> list[Stretch]:
    """Put a page together again from what was kept and what was removed.

    Where a paragraph was kept in part, its pieces are in their order, but only ``leading`` tells on which side of the
    kept part a removed piece stood.

    Args:
        fields: ``paragraphs``, ``lines`` (may be empty) and ``removed`` of a record.
    """
    paragraphs = fields["paragraphs"]
    lines = fields["lines"] or range(1, len(paragraphs) + 1)
    # A place sorts by line; in it: what stood in front, the first kept piece, what was cut out, the other pieces.
    seen: set[int] = set()
    places: list[tuple[int, int, str, str]] = []
    for line, text in zip(lines, paragraphs, strict=True):
        places.append((line, 3 if line in seen else 1, "", text))
        seen.add(line)
    places += [
        (piece["line"], 0 if piece.get("leading") else 2, piece["rule"], piece["text"]) for piece in fields["removed"]
    ]
    places.sort(key=lambda place: place[:2])
    runs = []
    for _, group in groupby(places, key=lambda place: bool(place[2])):
        members = list(group)
        rules = tuple(rule for *_, rule, _ in members if rule)
        runs.append(Stretch(tuple(text for *_, text in members), rules))
    return runs


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
    assets = {name: f"{name}?{_policy_hash(render_asset(name))[7:15]}" for name in ASSETS}
    return _environment().get_template("desk.html").render(assets=assets, version=version)


def render_entry(fields: Fields, *, max_edit: int) -> str:
    """Return a result as a part of the page of ``ringkas serve``.

    Args:
        fields: an entry of the history.
        max_edit: longest text that a reader may put in place of one of its, in characters.
    """
    return _environment().get_template("entry.html").render(fields=fields, max_edit=max_edit)


def render_list(entries: Iterable[Fields]) -> str:
    """Return the list of results of the page of ``ringkas serve``.

    Args:
        entries: what `summarizer.web.history.History.listed` returns.
    """
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
    return (
        _environment()
        .get_template("page.html")
        .stream(
            records=records,
            failures=failures,
            count=count,
            warned=warned,
            doubtful=doubtful,
            version=version,
            style=_source("card.css") + _source("page.css"),
            script=_source("page.js"),
        )
    )


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader

    environment = Environment(
        loader=PackageLoader("summarizer.output"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"folded": fold, "sentences": split_sentences, "sha256": _policy_hash, "words": _words}
    environment.filters |= {"marked_lines": marked_lines, "doubts": count_doubts}
    environment.tests |= {"web_address": _is_web_address, "draft": is_draft}
    environment.globals |= {"draft_note": DRAFT}
    return environment


@cache
def _source(name: str) -> str:
    return files(__package__).joinpath("templates", name).read_text(encoding="utf-8")


def _policy_hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _words(fields: Fields) -> int:
    return sum(len(text.split()) for text in fields["paragraphs"])


def _is_web_address(value: object) -> bool:
    """Tell whether an address that a page says it has may be linked to."""
    try:
        return isinstance(value, str) and urlsplit(value).scheme in ("http", "https")
    except ValueError:
        return False
