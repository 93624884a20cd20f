"""A page gives the same article in whatever way it was saved."""

import re
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree, html

from eval.cleaning import read_expectations, ringkas, score, total
from summarizer.extraction.decoding import decode
from summarizer.extraction.rules import html_tags
from tests.extraction.pages import cleaned

DATA = Path(__file__).parents[2] / "eval" / "data" / "cleaning"
# The text of jsonld.html stands in a script alone, so that no browser saves it as text.
PAGES = {
    page.name: page
    for page in read_expectations(DATA / "expectations.json")
    if page.name.endswith((".html", ".htm")) and not page.refuse and page.name != "jsonld.html"
}
# Saved as text, these give another article: a feed with a paragraph or two on each piece of news stands below theirs,
# which nothing but markup parts from it; and the headline of a gallery has the form of a caption.
ONLY_BY_MARKUP = {
    "bagian_beriklan.htm",
    "bagian_bernama.htm",
    "blog_msonormal.htm",
    "dalam_formulir.htm",
    "galeri_foto.html",
    "halaman_berganda.htm",
    "tanpa_akhir.htm",
}
SEPARATOR = "\u2028"


def test_the_shipped_pages_are_cleaned_as_well_as_the_floor_says() -> None:
    everything = total(score(read_expectations(DATA / "expectations.json"), DATA / "pages", ringkas))
    assert everything.faults("shipped") == []
    assert everything.untitled == []
    assert everything.missing == []
    assert everything.left == []


def text_of(page: str, bullet: str) -> str:
    """What a browser copies or saves as text: one line for each block, with nothing to tell the article by."""
    root = html.document_fromstring(page.encode(), parser=html.HTMLParser(encoding="utf-8"))
    etree.strip_elements(root, "script", "style", "head", "noscript", with_tail=False)
    for block in root.iter(*html_tags("blocks")):
        block.text = f"{SEPARATOR}{bullet if block.tag == 'li' else ''}{block.text or ''}"
        block.tail = f"{SEPARATOR}{block.tail or ''}"
    flat = (" ".join(line.split()) for line in root.text_content().split(SEPARATOR))
    return "\n".join(line for line in flat if line and line != bullet.strip())


def wrapped(page: str) -> str:
    return "\n\n".join(textwrap.fill(line, 78, break_long_words=False) for line in text_of(page, "* ").split("\n"))


WAYS: dict[str, Callable[[str], bytes]] = {
    "one line": lambda page: " ".join(page.split()).encode(),
    "windows-1252": lambda page: re.sub(
        "charset=[\"']?[\\w-]+", "charset=windows-1252", page.replace("⚡", "amp").replace("☰", "")
    ).encode("cp1252", "xmlcharrefreplace"),
    "CRLF": lambda page: page.replace("\n", "\r\n").encode(),
    "byte order mark": lambda page: page.encode("utf-16"),
    "text": lambda page: text_of(page, "").encode(),
    "text, dashes": lambda page: text_of(page, "- ").encode(),
    "text, dots": lambda page: text_of(page, "• ").encode(),
    "text, NBSP": lambda page: text_of(page, "").replace(" ", "\xa0").encode(),
    "text, windows-1252": lambda page: text_of(page, "").encode("cp1252", "ignore"),
    "text, wrapped": lambda page: wrapped(page).encode(),
}


@pytest.mark.parametrize(
    ("name", "way"),
    [(name, way) for name in PAGES for way in WAYS if name not in ONLY_BY_MARKUP or not way.startswith("text")],
)
def test_a_page_gives_the_same_article(name: str, way: str) -> None:
    page = decode((DATA / "pages" / name).read_bytes(), name)
    whole, article = (cleaned(decode(data, name)) for data in (page.encode(), WAYS[way](page)))
    if way == "text, windows-1252":  # signs that the encoding lacks are lost
        assert re.findall(r"\w+", article.text) == re.findall(r"\w+", whole.text)
    else:
        assert article.paragraphs == whole.paragraphs
    assert article.title == whole.title
