"""Whatever elements are called and however they are nested: all of an article comes out, and nothing else."""

import contextlib
import re

import pytest

from eval.cleaning import read_floors
from eval.invented_pages import LAYOUTS, invent_page
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
        assert (seed, paragraphs) == (seed, list(page.body))
        assert (seed, article.title) == (seed, page.title)
        assert (seed, article.warnings) == (seed, ())


@pytest.mark.parametrize("layout", [layout for layout in LAYOUTS if layout != "front"])
def test_half_of_an_article_is_never_lost_in_silence(layout: str) -> None:
    for seed in range(SEEDS.stop, 2 * SEEDS.stop):
        page = invent_page(seed, layout)
        # What is refused is told.
        with contextlib.suppress(NoArticleError):
            article = accepted(page.html)
            kept = set(article.paragraphs)
            lost = sum(len(text.split()) for text in page.body if text not in kept)
            assert (seed, lost) < (seed, article.words) or article.warnings
            assert (seed, kept & set(page.junk)) == (seed, set())


def test_an_invented_front_page_is_refused() -> None:
    for seed in SEEDS:
        with pytest.raises(NoArticleError):
            accepted(invent_page(seed, "front").html)


def test_a_page_is_made_again_from_its_number() -> None:
    assert invent_page(7, "boxes") == invent_page(7, "boxes")
    assert invent_page(7, "boxes").html != invent_page(8, "boxes").html
    assert {invent_page(seed).layout for seed in range(len(LAYOUTS))} == set(LAYOUTS)
