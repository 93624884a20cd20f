"""How well cleaning keeps an article whole and the rest of the page out of it.

The expectations are a JSON object: a page's path under the folder of pages to an object with

* ``site``: what the table groups the page under;
* ``body``: the article's paragraphs, which must all be in the output;
* ``junk``: pieces of the page that must not be in the output;
* or, instead of the latter two, ``"refuse": true`` for a page that holds no article.

Word precision and recall compare bags of words (runs of letters and digits, case folded) of the output and of the
body, summed over the pages of a site; the title counts for neither. A paragraph is present if the output holds its
letters and digits in a row, a junk segment is left if the output holds it as it is but for white space.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import click

from summarizer.errors import InputError, NoArticleError, NotIndonesianError
from summarizer.extraction.acceptance import require_article
from summarizer.extraction.boilerplate import clean
from summarizer.extraction.decoding import decode
from summarizer.extraction.html import is_html
from summarizer.extraction.reading import read_file, read_text

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Page:
    """A page with what is expected of it; see the module's head."""

    name: str
    site: str
    body: tuple[str, ...] = ()
    junk: tuple[str, ...] = ()
    refuse: bool = False


@dataclass
class Score:
    """Counts over one or more pages.

    Attributes:
        found: words of the body that are in the output.
        output: words in the output.
        expected: words in the body.
        missing: paragraphs of the body that are not in the output, as (page, paragraph).
        left: junk segments that are in the output, as (page, segment).
        wrong: pages without an article that were taken, and pages with one that were refused.
        pages: number of pages.
    """

    found: int = 0
    output: int = 0
    expected: int = 0
    missing: list[tuple[str, str]] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    pages: int = 0

    @property
    def precision(self) -> float:
        """Share of the output's words that are the body's, from 0 to 1."""
        return self.found / self.output if self.output else 1.0

    @property
    def recall(self) -> float:
        """Share of the body's words that are in the output, from 0 to 1."""
        return self.found / self.expected if self.expected else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def add(self, page: Page, output: str | None) -> None:
        """Count a page.

        Args:
            page: the page.
            output: the text that a tool made of it, or None where the tool refused it.
        """
        self.pages += 1
        if page.refuse or output is None:
            if page.refuse != (output is None):
                self.wrong.append(page.name)
            if page.refuse:
                return
        text = output or ""
        words, body = Counter(_words(text)), Counter(_words(" ".join(page.body)))
        self.found += (words & body).total()
        self.output += words.total()
        self.expected += body.total()
        letters, flat = _letters(text), " ".join(text.split())
        self.missing += [(page.name, part) for part in page.body if _letters(part) not in letters]
        self.left += [(page.name, part) for part in page.junk if " ".join(part.split()) in flat]


def read_expectations(path: Path) -> list[Page]:
    """Read a file of expectations.

    Raises:
        OSError: the file can't be read.
        ValueError: it is no such file.
    """
    table = json.loads(path.read_text(encoding="utf-8"))
    return [
        Page(
            name, entry["site"], tuple(entry.get("body", ())), tuple(entry.get("junk", ())), entry.get("refuse", False)
        )
        for name, entry in table.items()
    ]


def score(pages: list[Page], folder: Path, tool: Callable[[Path], str | None]) -> dict[str, Score]:
    """Run a tool over pages.

    Args:
        pages: the pages with their expectations.
        folder: where the pages lie.
        tool: makes text of a page's file, or None if it finds no article there.

    Returns:
        The scores by site, in the sites' alphabetical order.
    """
    scores = {site: Score() for site in sorted({page.site for page in pages})}
    for page in pages:
        scores[page.site].add(page, tool(folder / page.name))
    return scores


def ringkas(path: Path) -> str | None:
    """Return the cleaned article of a page, or None where it is refused."""
    try:
        article = clean(read_file(path))
        require_article(article)
    except (NoArticleError, NotIndonesianError):
        return None
    return article.text


def peers() -> dict[str, Callable[[Path], str | None]]:
    """Return the other extractors that are installed.

    They take HTML alone: of plain text, each gives back all of it (but the address and title, so that they are not
    blamed for what is counted for nobody).
    """
    found: dict[str, Callable[[str], str | None]] = {}
    try:
        from trafilatura import extract
    except ImportError:
        pass
    else:
        found["trafilatura (precision)"] = lambda html: extract(html, favor_precision=True, include_comments=False)
    try:
        from newspaper import Article as NewspaperArticle
    except ImportError:
        pass
    else:

        def newspaper(html: str) -> str | None:
            article = NewspaperArticle("http://localhost/", language="id", fetch_images=False)
            article.download(input_html=html)
            article.parse()
            return str(article.text)

        found["newspaper4k"] = newspaper
    try:
        from resiliparse.extract.html2text import extract_plain_text
    except ImportError:
        pass
    else:
        found["resiliparse"] = lambda html: str(extract_plain_text(html, main_content=True, comments=False))

    def on_file(tool: Callable[[str], str | None]) -> Callable[[Path], str | None]:
        def run(path: Path) -> str | None:
            text = decode(path.read_bytes(), path.name)
            try:
                if is_html(text):
                    return tool(text) or None
                article = read_text(text, path.name)
                return "\n".join(paragraph for paragraph in article.paragraphs if paragraph != article.title)
            except NoArticleError:  # an XML feed, which is nothing to hand to them
                return None

        return run

    return {name: on_file(tool) for name, tool in found.items()}


def total(scores: dict[str, Score]) -> Score:
    """Return the sum of scores."""
    result = Score()
    for one in scores.values():
        result.found += one.found
        result.output += one.output
        result.expected += one.expected
        result.pages += one.pages
        result.missing += one.missing
        result.left += one.left
        result.wrong += one.wrong
    return result


def format_table(scores: dict[str, Score]) -> str:
    """Return the scores by site, and of all pages, as a table of plain text."""
    rows = [("SITE", "PAGES", "P", "R", "F1", "MISSING", "JUNK LEFT", "WRONGLY TAKEN/REFUSED")]
    for site, one in {**scores, "all": total(scores)}.items():
        figures = (f"{one.precision:.4f}", f"{one.recall:.4f}", f"{one.f1:.4f}")
        rows.append((site, str(one.pages), *figures, str(len(one.missing)), str(len(one.left)), str(len(one.wrong))))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows)


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False))
@click.argument("expectations", type=click.Path(exists=True, dir_okay=False))
@click.option("--kind", type=click.Choice(["all", "html", "text"]), default="all", help="Which pages to take.")
@click.option("--no-peers", is_flag=True, help="Measure Ringkas alone.")
@click.option("-v", "--verbose", is_flag=True, help="List what is missing and what is left.")
def cleaning(folder: str, expectations: str, kind: str, no_peers: bool, verbose: bool) -> None:
    """Measure cleaning on the pages in FOLDER; EXPECTATIONS says what must come out (see eval/cleaning.py)."""
    try:
        pages = read_expectations(Path(expectations))
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise click.ClickException(f"cannot read {expectations}: {error!r}") from error
    if kind != "all":
        pages = [page for page in pages if page.name.endswith((".html", ".htm")) == (kind == "html")]
    tools: dict[str, Callable[[Path], str | None]] = {"ringkas": ringkas}
    if not no_peers:
        tools |= peers()
    for name, tool in tools.items():
        try:
            scores = score(pages, Path(folder), tool)
        except (OSError, InputError) as error:
            raise click.ClickException(str(error)) from error
        click.echo(f"{name}\n{format_table(scores)}\n")
        if verbose and name == "ringkas":
            everything = total(scores)
            for label, items in (("missing", everything.missing), ("left", everything.left)):
                for page, part in items:
                    click.echo(f"{label:8} {page}: {part[:160]}")
            for page in everything.wrong:
                click.echo(f"wrong    {page}")


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _letters(text: str) -> str:
    return "".join(_words(text))
