"""How well cleaning keeps an article whole and the rest of the page out of it.

The expectations are a JSON object: a page's path under the folder of pages to an object with

* ``site``: what the table groups the page under;
* ``title``: the headline, where it is checked;
* ``body``: the article's paragraphs, which must all be in the output;
* ``optional``: pieces that are neither wanted nor wrong, such as a subtitle;
* ``junk``: pieces of the page that must not be in the output;
* or, instead of these, ``"refuse": true`` for a page that holds no article.

Or they are a folder with a file ``PAGE.json`` for each page, with ``article`` (true or false), ``site``, ``title``,
``body``, ``optional`` and ``must_not`` in the same sense.

Word precision and recall compare bags of words (runs of letters and digits, case folded) of the output and of the
body, summed over the pages of a site; the title counts for neither. A paragraph is present if the output holds its
letters and digits in a row, a junk segment is left if the output holds it as it is but for white space. An article is
lost if less than half of its body's words are in the output; the output is another story if, besides, less than half of
its words are the body's.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click
from tabulate import tabulate

from eval.data import parse_object, read_text_file
from summarizer.errors import InputError, NoArticleError, NotIndonesianError
from summarizer.extraction.acceptance import require_article
from summarizer.extraction.boilerplate import clean
from summarizer.extraction.decoding import decode
from summarizer.extraction.html import is_html
from summarizer.extraction.reading import read_file, read_text
from summarizer.extraction.story import find_story

_WORD = re.compile(r"\w+")
_HALF = 0.5
FLOORS = ("wild", "wild2", "shipped")
"""The floors of ``cleaning_floor.toml`` for pages in a folder, each named as its set of pages."""


@dataclass(frozen=True)
class Extraction:
    """What a tool makes of a page: the article, one paragraph per line, and its headline where the tool gives one."""

    text: str
    title: str | None = None


Extractor = Callable[[Path], Extraction | None]
"""Makes an extraction of a page's file, or None where it finds no article."""


@dataclass(frozen=True)
class JudgedPage:
    """A page with what is expected of it; see the module's head."""

    name: str
    site: str
    body: tuple[str, ...] = ()
    junk: tuple[str, ...] = ()
    refuse: bool = False
    title: str = ""
    optional: tuple[str, ...] = ()


@dataclass
class Tally:
    """Counts over one or more pages.

    ``found`` are the words of the body that are in the output, ``output`` those in the output but for optional ones,
    ``expected`` those in the body. The lists name pages: with a paragraph that is missing, junk that is left, a wrong
    headline, or alone. Refused pages are among those that are lost.
    """

    pages: int = 0
    found: int = 0
    output: int = 0
    expected: int = 0
    titles: int = 0
    missing: list[tuple[str, str]] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    other_story: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    untitled: list[tuple[str, str]] = field(default_factory=list)

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

    def add(self, page: JudgedPage, output: Extraction | None) -> None:
        """Count a page, and what a tool made of it: None where it refused the page."""
        self.pages += 1
        if page.refuse:
            if output is not None:
                self.accepted.append(page.name)
            return
        if output is None:
            self.refused.append(page.name)
            output = Extraction("")
        self._count_words(page, output)
        self._note_paragraphs(page, output)
        if page.title:
            self._note_title(page, output)

    def _count_words(self, page: JudgedPage, output: Extraction) -> None:
        """Count the words of the body and of the output; note a page whose body is mostly missing."""
        body = Counter(_words(" ".join(page.body)))
        optional = Counter(_words(" ".join(page.optional)))
        words = Counter(_words(output.text))
        found = (words & body).total()
        # What stands on a page as an optional piece, and in the output besides the body, doesn't count.
        wrong = (words - body - optional).total()
        self.found += found
        self.output += found + wrong
        self.expected += body.total()
        lacks_body = found < _HALF * body.total()
        is_mostly_other_text = found < _HALF * words.total()
        if lacks_body:
            self.lost.append(page.name)
            if output.text and is_mostly_other_text:
                self.other_story.append(page.name)

    def _note_paragraphs(self, page: JudgedPage, output: Extraction) -> None:
        """Note the paragraphs of the body that are missing, and the pieces of junk that are left."""
        # Paragraphs of the body are looked up by their letters, junk is looked up with its marks.
        letters = _letters(output.text)
        for paragraph in page.body:
            if _letters(paragraph) not in letters:
                self.missing.append((page.name, paragraph))
        text = _with_single_spaces(output.text)
        for junk in page.junk:
            if _with_single_spaces(junk) in text:
                self.left.append((page.name, junk))

    def _note_title(self, page: JudgedPage, output: Extraction) -> None:
        """Count a page that has a headline, and note it if the output has another one or none."""
        self.titles += 1
        title = output.title or ""
        if _letters(title) != _letters(page.title):
            self.untitled.append((page.name, title))

    def faults(self, floor: str) -> list[str]:
        """Return in what the scores fall below a floor of ``cleaning_floor.toml``.

        Raises:
            KeyError: there is no such floor.
        """
        table = read_floors()
        faults = []
        for name in ("precision", "recall"):
            least = table[floor][name] - table["tolerance"]
            if getattr(self, name) < least:
                faults.append(f"word {name} is {getattr(self, name):.4f}, and must be {least:.4f}")
        for name in ("lost", "other_story", "refused", "accepted"):
            pages = getattr(self, name)
            if pages:
                faults.append(f"{name.replace('_', ' ')}: {', '.join(pages)}")
        if self.untitled:
            faults.append(f"wrong headline: {', '.join(page for page, _ in self.untitled)}")
        return faults

    def __add__(self, other: Tally) -> Tally:
        """Return the sum of two scores."""
        return Tally(**{name: value + getattr(other, name) for name, value in vars(self).items()})


def read_floors() -> dict[str, Any]:
    """Return what ``cleaning_floor.toml`` holds."""
    return tomllib.loads(Path(__file__).with_name("cleaning_floor.toml").read_text(encoding="utf-8"))


def read_expectations(path: Path) -> list[JudgedPage]:
    """Read a file of expectations, or a folder with one for each page.

    Raises:
        InputError: it can't be read, or is something else.
    """
    table = _load_folder(path) if path.is_dir() else _load(path)
    return [_page(name, entry, path) for name, entry in table.items()]


def _load_folder(folder: Path) -> dict[str, Any]:
    """Return what the files of a folder hold, by the names of the pages."""
    return {file.stem: _load(file) for file in sorted(folder.glob("*.json"))}


def _page(name: str, entry: Any, path: Path) -> JudgedPage:
    """Return what is expected of a page.

    Raises:
        InputError: the entry is of another form.
    """
    try:
        if any(isinstance(entry.get(key), str) for key in ("body", "junk", "must_not", "optional")):
            raise TypeError("its pieces are not a list")
        return JudgedPage(
            name,
            entry["site"],
            tuple(entry.get("body", ())),
            tuple(entry.get("junk", ()) or entry.get("must_not", ())),
            entry.get("refuse", not entry.get("article", True)),
            entry.get("title", ""),
            tuple(entry.get("optional", ())),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path}: what is expected of {name} is of another form: {error!r}") from error


def _load(file: Path) -> dict[str, Any]:
    return parse_object(read_text_file(file), str(file))


def score(pages: list[JudgedPage], folder: Path, tool: Extractor) -> dict[str, Tally]:
    """Run a tool over the pages in a folder, and return the scores by site, in alphabetical order."""
    scores: dict[str, Tally] = {}
    for page in sorted(pages, key=lambda page: page.site):
        scores.setdefault(page.site, Tally()).add(page, tool(folder / page.name))
    return scores


def ringkas(path: Path) -> Extraction | None:
    """Return the cleaned article of a page, or None where it is refused."""
    try:
        page = read_file(path)
        article = clean(page)
        require_article(article, page.objection)
    except (NoArticleError, NotIndonesianError):
        return None
    return Extraction(article.text, article.title)


def peers() -> dict[str, Extractor]:
    """Return the other extractors that are installed.

    They take only HTML: of plain text, each gives back all of it (but the address and title, so that they are not
    blamed for what is counted for nobody).
    """
    tools = {
        "trafilatura (precision)": ("trafilatura", _trafilatura),
        "newspaper4k": ("newspaper", _newspaper),
        "resiliparse": ("resiliparse", _resiliparse),
        "readability-lxml": ("readability", _readability),
    }
    return {name: _on_file(tool) for name, (module, tool) in tools.items() if find_spec(module)}


def _trafilatura(html: str) -> Extraction:
    from trafilatura import extract, extract_metadata

    return Extraction(extract(html, favor_precision=True, include_comments=False) or "", extract_metadata(html).title)


def _newspaper(html: str) -> Extraction:
    from newspaper import Article as NewspaperArticle

    article = NewspaperArticle("http://localhost/", language="id", fetch_images=False)
    article.download(input_html=html)
    article.parse()
    return Extraction(str(article.text), article.title)


def _resiliparse(html: str) -> Extraction:
    from resiliparse.extract.html2text import extract_plain_text

    return Extraction(str(extract_plain_text(html, main_content=True, comments=False)))


def _readability(html: str) -> Extraction:
    """Return what readability-lxml takes for the article."""
    from lxml.html import document_fromstring
    from readability import Document

    document = Document(html)
    summary = document_fromstring(document.summary(html_partial=True))
    parts = filter(None, map(str.strip, summary.itertext()))
    return Extraction("\n".join(parts), document.short_title())


def _on_file(tool: Callable[[str], Extraction]) -> Extractor:
    """Return a tool for HTML as one for files: of a page saved as text, all but the headline counts as extracted."""

    def run(path: Path) -> Extraction | None:
        text = decode(path.read_bytes(), path.name)
        try:
            if is_html(text):
                extraction = tool(text)
                return extraction if extraction.text.strip() else None
            page = read_text(text, path.name)
        except NoArticleError:
            # It is an XML feed, which is nothing to hand to them.
            return None
        headline = find_story(page).headline
        lines = [block.text for block in page.blocks if block.text != headline]
        return Extraction("\n".join(lines), headline)

    return run


def total(scores: dict[str, Tally]) -> Tally:
    """Return the sum of scores."""
    return sum(scores.values(), Tally())


def format_table(scores: dict[str, Tally]) -> str:
    """Return the scores by site, and of all pages, as a table of plain text."""
    columns = "SITE PAGES P R F1 MISSING JUNK LOST OTHER-STORY REFUSED ACCEPTED TITLES"
    rows = []
    for site, tally in {**scores, "all": total(scores)}.items():
        shares = [f"{share:.4f}" for share in (tally.precision, tally.recall, tally.f1)]
        paragraphs = (len(tally.missing), len(tally.left))
        pages = (len(tally.lost), len(tally.other_story), len(tally.refused), len(tally.accepted))
        right_titles = f"{tally.titles - len(tally.untitled)}/{tally.titles}"
        rows.append((site, tally.pages, *shares, *paragraphs, *pages, right_titles))
    return tabulate(rows, columns.split(), tablefmt="plain", disable_numparse=True)


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False))
@click.argument("expectations", type=click.Path(exists=True))
@click.option("--kind", type=click.Choice(["all", "html", "text"]), default="all", help="Which pages to take.")
@click.option("--no-peers", is_flag=True, help="Measure Ringkas alone.")
@click.option("--floor", type=click.Choice(FLOORS), help="Fail where Ringkas falls below this floor.")
@click.option("--ablation", is_flag=True, help="Say which sites need which rule, in place of all else.")
@click.option("-v", "--verbose", is_flag=True, help="List what is missing and what is left.")
def cleaning(
    folder: str, expectations: str, kind: str, no_peers: bool, floor: str | None, ablation: bool, verbose: bool
) -> None:
    """Measure cleaning on the pages in FOLDER; EXPECTATIONS says what must come out (see eval/cleaning.py)."""
    pages = read_expectations(Path(expectations))
    if kind != "all":
        pages = [page for page in pages if page.name.endswith((".html", ".htm")) == (kind == "html")]
    if ablation:
        _show_ablation(pages, Path(folder))
        return
    tools: dict[str, Extractor] = {"ringkas": ringkas}
    if not no_peers:
        tools |= peers()
    for name, tool in tools.items():
        scores = score(pages, Path(folder), tool)
        click.echo(f"{name}\n{format_table(scores)}\n")
        if name != "ringkas":
            continue
        whole = total(scores)
        if verbose:
            for label in ("missing", "left", "untitled", "lost", "other_story", "refused", "accepted"):
                for case in getattr(whole, label):
                    page, part = case if isinstance(case, tuple) else (case, "")
                    click.echo(f"{label:11} {page}: {part[:160]}".removesuffix(": "))
        if floor and (faults := whole.faults(floor)):
            raise click.ClickException("; ".join(faults))


def _show_ablation(pages: list[JudgedPage], folder: Path) -> None:
    """Print for each rule which sites need it, and which come out better without it."""
    from eval.ablation import weigh_rules

    for worth in weigh_rules(pages, folder):
        if worth.worse or worth.better:
            click.echo(f"{worth.name}: {len(worth.worse)} sites need it ({', '.join(worth.worse) or 'none'})")
        if worth.better:
            click.echo(f"  better without it: {', '.join(worth.better)}")


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _letters(text: str) -> str:
    return "".join(_words(text))


def _with_single_spaces(text: str) -> str:
    return " ".join(text.split())
