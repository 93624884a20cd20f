"""Pages for the tests here."""

from summarizer.article import Article
from summarizer.extraction.acceptance import require_article
from summarizer.extraction.blocks import Page, make_blocks
from summarizer.extraction.boilerplate import clean
from summarizer.extraction.reading import read_text


def page_of(*paragraphs: str, url: str | None = None) -> Page:
    return Page("a", make_blocks(paragraphs), None, url=url)


def lines_of(page: Page | str) -> tuple[str, ...]:
    """The lines of a page, or of the page that a text or HTML makes."""
    page = read_text(page, "a") if isinstance(page, str) else page
    return tuple(block.text for block in page.blocks)


def cleaned(*lines: str) -> Article:
    """The article of a text or HTML, which need not be accepted."""
    return clean(read_text("\n".join(lines), "a"))


def accepted(text: str) -> Article:
    """The article of a page, which must be accepted."""
    page = read_text(text, "a.html")
    article = clean(page)
    require_article(article, page.objection)
    return article
