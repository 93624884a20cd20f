"""Whatever elements are called and however they are nested: all of an article comes out, and nothing else."""

import contextlib
import re
from collections.abc import Callable

import pytest

from eval.cleaning import read_floors
from eval.invented_pages import LAYOUTS, InventedPage, invent_page
from summarizer.errors import NoArticleError
from tests.extraction.pages import accepted

SEEDS = range(read_floors()["invented"]["seeds"])
# Pages of which a part was lost once, by their layouts.
LOST_ONCE = {"scattered": (83, 92, 101, 105, 115, 118, 131, 133, 139)}
# What stands above each entry of a live blog may stay.
TIME = re.compile(r"\d{1,2}\.\d{2} WIB")


@pytest.mark.parametrize("layout", [layout for layout in LAYOUTS if layout != "front"])
def test_an_invented_page_gives_its_article_and_nothing_else(layout: str) -> None:
    for seed in (*SEEDS, *LOST_ONCE.get(layout, ())):
        page = invent_page(seed, layout)
        article = accepted(page.html)
        paragraphs = [text for text in article.paragraphs if not TIME.fullmatch(text)]
        assert paragraphs == list(page.body), seed
        assert article.title == page.title, seed
        assert article.warnings == (), seed


@pytest.mark.parametrize("layout", [layout for layout in LAYOUTS if layout != "front"])
def test_half_of_an_article_is_never_lost_in_silence(layout: str) -> None:
    for seed in range(SEEDS.stop, 2 * SEEDS.stop):
        page = invent_page(seed, layout)
        # What is refused is told.
        with contextlib.suppress(NoArticleError):
            article = accepted(page.html)
            kept = set(article.paragraphs)
            lost = sum(len(text.split()) for text in page.body if text not in kept)
            assert lost < article.words or article.warnings, seed
            assert kept & set(page.junk) == set(), seed


def as_heading(tag: str) -> Callable[[InventedPage], str]:
    """What puts the headline of a page into another element than h1, with no name or one that tells nothing."""
    return lambda page: page.html.replace("<h1>", f"<{tag}>").replace("</h1>", f"</{tag.split()[0]}>")


def around_the_last(tag: str) -> Callable[[InventedPage], str]:
    """What puts some of the last paragraphs of a page into another element."""

    def put(page: InventedPage) -> str:
        paragraphs = [f"<p>{text}</p>" for text in page.body if len(text.split()) >= 8]
        html = page.html
        for paragraph in paragraphs[-3:]:
            html = html.replace(paragraph, f"<{tag}>{paragraph}</{tag.split()[0]}>")
        return html

    return put


@pytest.mark.parametrize(
    "change",
    [
        as_heading("h2"),
        as_heading("div class=judul"),
        around_the_last("noscript"),
        around_the_last("template"),
        around_the_last("figure"),
        around_the_last("a name=isi"),
        around_the_last("div class=berita-terkait"),
    ],
    ids=["h2", "judul", "noscript", "template", "figure", "mark", "terkait"],
)
def test_no_paragraph_is_lost_in_silence_wherever_it_stands(change: Callable[[InventedPage], str]) -> None:
    for layout in LAYOUTS:
        for seed in range(2):
            page = invent_page(seed, layout)
            # What is refused is told.
            with contextlib.suppress(NoArticleError):
                article = accepted(change(page))
                kept = " ".join(article.paragraphs)
                missing = [text for text in page.body if len(text.split()) >= 8 and text not in kept]
                assert not missing or article.warnings, (layout, seed, missing)


def test_an_invented_front_page_is_refused() -> None:
    for seed in SEEDS:
        with pytest.raises(NoArticleError):
            accepted(invent_page(seed, "front").html)


def test_a_page_is_made_again_from_its_number() -> None:
    assert invent_page(7, "boxes") == invent_page(7, "boxes")
    assert invent_page(7, "boxes").html != invent_page(8, "boxes").html
    assert {invent_page(seed).layout for seed in range(len(LAYOUTS))} == set(LAYOUTS)
