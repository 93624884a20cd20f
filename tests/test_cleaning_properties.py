import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.article import Article
from summarizer.cleaning import clean
from summarizer.errors import RingkasError
from summarizer.reading import decode, read_text
from summarizer.rules import load_rules
from tests.conftest import ARTICLE

# Whole lines that the rules know, glued and mixed with prose, make the cases that random text would never find.
PIECES = st.one_of(
    st.sampled_from([rule.hit for rule in load_rules()] + [rule.miss for rule in load_rules()] + [ARTICLE, "-", "• "]),
    st.text(alphabet="ABab .:?-—“\"'()/,1\n", max_size=40),
)
LINES = st.lists(st.lists(PIECES, min_size=1, max_size=3).map("".join), max_size=12)


def article(lines: list[str]) -> Article:
    paragraphs = [" ".join(part.split()) for line in lines for part in line.split("\n")]
    return Article(source="a", title=None, paragraphs=tuple(part for part in paragraphs if part))


@settings(max_examples=300, deadline=None)
@given(LINES)
def test_cleaning_again_changes_nothing(lines: list[str]) -> None:
    once = clean(article(lines))
    assert clean(once).paragraphs == once.paragraphs


@settings(max_examples=300, deadline=None)
@given(LINES)
def test_what_is_left_are_pieces_of_the_page_in_order(lines: list[str]) -> None:
    page = article(lines)
    result = clean(page)
    at = 0
    text = "\n".join(page.paragraphs)
    for paragraph in result.paragraphs:
        found = text.find(paragraph, at)
        assert found >= 0
        at = found + len(paragraph)
    for piece in result.removed:
        assert piece.text in page.paragraphs[piece.line - 1]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_raise_nothing_but_our_own_error(data: bytes) -> None:
    with contextlib.suppress(RingkasError):
        clean(read_text(decode(data, "a"), "a"))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(["<div>", "</div>", "<p>", "<br>", "<a href=x>", "<!--", "-->", "<td", "\0", ARTICLE]),
        max_size=30,
    )
)
def test_any_markup_raises_nothing_but_our_own_error(parts: list[str]) -> None:
    with contextlib.suppress(RingkasError):
        clean(read_text("<html>" + "".join(parts), "a"))


@pytest.mark.parametrize(
    "text",
    [
        "<html>" + "<div>" * 20_000 + ARTICLE,
        "<html>" + f"<p>{ARTICLE}</p>" * 3_000,
        "<html>" + "<p>a" * 100_000,
        "Simak video " * 50_000,
        "Baca juga: Harga Naik di Laras Dia menyebutkan. " * 15_000,
        "\n".join("Harga Cabai Naik di Tiga Pasar" + "a" * (n % 50) for n in range(20_000)),
        "\n".join("ab " * (700 - n) for n in range(700)),
        "A" * 500_000 + "a" * 500_000,
        "Jakarta - " * 100_000,
        "(a/" * 300_000,
    ],
    ids=[
        "deep",
        "paragraphs",
        "open paragraphs",
        "videos",
        "teasers",
        "headlines",
        "copies",
        "caps",
        "cities",
        "slashes",
    ],
)
def test_hostile_pages_are_cleaned_in_time(text: str) -> None:
    start = time.process_time()
    with contextlib.suppress(RingkasError):
        clean(read_text(text, "a"))
    # The promise is 2 s per MB; five times that fails only where time grows faster than the text.
    assert time.process_time() - start < 10
