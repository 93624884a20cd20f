import contextlib
import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.errors import RingkasError
from summarizer.extraction.blocks import MAX_CHARACTERS, MAX_LINES
from summarizer.extraction.boilerplate import clean
from summarizer.extraction.decoding import decode
from summarizer.extraction.rules import load_rules
from tests.conftest import ARTICLE, in_some_try, processor_seconds
from tests.extraction.pages import cleaned, lines_of, page_of

# Whole lines that the rules know, glued and mixed with prose, make the cases that random text would never find.
PIECES = st.one_of(
    st.sampled_from([rule.hit for rule in load_rules()] + [rule.miss for rule in load_rules()] + [ARTICLE, "-", "• "]),
    st.text(alphabet="ABab .:?-—“\"'()/,1\n", max_size=40),
)
MARKUP = st.sampled_from(["<div>", "</div>", "<p>", "<br>", "<a href=x>", "<!--", "-->", "<td", "\0", ARTICLE])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(PIECES, min_size=1, max_size=3).map("".join), max_size=12))
def test_what_is_left_are_pieces_of_the_page_in_order(lines: list[str]) -> None:
    paragraphs = [" ".join(part.split()) for line in lines for part in line.split("\n")]
    page = page_of(*(part for part in paragraphs if part))
    result = clean(page)
    at = 0
    text = "".join("\n".join(lines_of(page)).split(" "))
    # But for spaces that sites have lost.
    for paragraph in ("".join(paragraph.split(" ")) for paragraph in result.paragraphs):
        found = text.find(paragraph, at)
        assert found >= 0
        at = found + len(paragraph)
    for piece in result.removed:
        assert piece.text in page.blocks[piece.paragraph_number - 1].text
    assert len(result.paragraph_numbers) == len(result.paragraphs)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_raise_nothing_but_our_own_error(data: bytes) -> None:
    with contextlib.suppress(RingkasError):
        cleaned(decode(data, "a"))


@settings(max_examples=200, deadline=None)
@given(st.lists(MARKUP, max_size=30))
def test_any_markup_raises_nothing_but_our_own_error(parts: list[str]) -> None:
    with contextlib.suppress(RingkasError):
        cleaned("<html>" + "".join(parts))


MB = 1_000_000


def lines(line: Callable[[int], str], count: int) -> str:
    return "\n".join(map(line, range(count)))


def full(text: str) -> str:
    """Repeat a text up to a megabyte, in lines that are as long as may be."""
    line = text * (MAX_CHARACTERS // len(text))
    return "\n".join([line] * (MB // len(line.encode())))


WORDS = re.split(
    "~",
    "Baca juga: ~Simak video ~Jakarta - ~Suara.com - ~JAKARTA, ~Laras (~(a/~A. ~12 Mei 2025 ~Foto: ~Senin, ~Ikuti ~"
    "#tag ~Copyright © ~Klik untuk ~1. ~<td ~[1]Teks ~[x](y) ~**a** ~_a_b~[a](b~![~&lt;~<a <b ~<!--~</p>~a\n\n~"
    "Baca juga: Harga Naik di Laras Dia menyebutkan. ~aA~ ~–~…~é~中~😀~\t~\0~\x1b~\x9d~\u200b~“~'~>~{~/~\\~@~&",
)
HOSTILE = {
    **{f"only {words!r}": full(words) for words in (*WORDS, *'a1-•.,:?"([<#*_|©')},
    **{
        f"one line of {part!r}": "Home Login Indeks Redaksi " + part * (59_000 // len(part))
        for part in ("(Foto: ", "Jakarta, ", "A. ", "1 Mei 2020 ", "Baca Juga ", "Aa-", ".", "Share ", "Aa Bb ")
    },
    "as many lines as are read": lines(lambda n: f"{n} " + "a" * 95, MAX_LINES),
    "headlines with dates": lines(lambda n: f"Harga Cabai {n} Naik\nSenin, {n % 28 + 1} Mei 2025 10:00 WIB", 5_000),
    "sentences": lines(lambda n: f"Warga {n} diminta tetap di rumah sampai sore, kata lurah itu kemarin.", MAX_LINES),
    "copies": lines(lambda n: "ab " * (800 - n), 800),
    "hyphens": lines(lambda n: f"jir {n} sejak malam desa itu terendam ban-", 9_000),
    "a headline without end": lines(lambda n: f"Warga Desa Itu {n} Terendam Ban-", 9_000),
    "marks of a chat": "*a *b _c " * 6_000 + f"\n*{ARTICLE}*",
    "messages": lines(lambda n: f"[12/05/25 08.14] Warga {n}: {ARTICLE}", 4_000),
    "wrapped": lines(lambda n: "kata lurah itu kemarin siang di balai desa yang baru selesai"[: 52 + n % 9], 15_000),
    # Short enough for the rules of whole lines, and all but like what they know.
    **{
        f"a line like {line[:20]!r}": "\n".join([ARTICLE] * 4 + [line])
        for line in (
            " ".join(map(str, range(2013, 2023))) + " persen",
            " ".join(map(str, range(1, 21))) + " Last",
            "Halaman " + "1234567890" * 3 + ".",
            "Bagikan" + " 1" * 300 + " x",
            "Bagikan " + "1" * 300 + " x",
            "a " * 300 + "x",
            "a + " * 170 + "x",
            "#tag , " * 30 + "x.",
            "#a ,#a " * 90 + "x.",
        )
    },
    "one word with a media word in it": "Suara" * 11_000 + "\n" + ARTICLE,
    "abbreviations": "Kombes. " * 7_000,
    "Markdown": "# a\n# b\n# c\n" + full("[a] (*a **b _c [[x](y "),
    "deep HTML": "<html>" + "<div>" * 90_000 + ARTICLE,
    "deep and then wide": "<html>" + "<div class=share>" * 2_000 + "<div class=iklan>a</div>" * 48_000,
    "figures without pictures": "<html>" + "<figure>" * 2_000 + "<figure>a</figure>" * 40_000 + ARTICLE,
    "links in links": "<html>" + "<a href=x><div>" * 1_000 + f"<p>{ARTICLE}</p>" * 4_000,
    "text without scripts": "<html>" + f"<noscript><p>{ARTICLE}</p></noscript>" * 5_000,
    "boxes": "<html>" + "".join(f"<div class=c{n}><p>{ARTICLE} {n}</p></div>" for n in range(4_000)),
    "bare boxes": "<html><h1>Taman Baru</h1>" + "".join(f"<div>{ARTICLE} {n}</div>" for n in range(4_000)),
    "bare boxes of a word": "<html><h1>Taman Baru</h1>" + "<div>a</div>" * 60_000 + f"<div>{ARTICLE}</div>",
    "a long table": "<html><h1>Taman Baru</h1><table>" + "<tr><td>a</td><td>b</td></tr>" * 16_000,
    "a long table that lays out": "<html><h1>Taman Baru</h1><table>" + f"<tr><td>a</td><td>{ARTICLE}</td></tr>" * 4_000,
    "tables in tables": "<html><h1>Taman Baru</h1>" + "<table><tr><td>" * 16_000 + ARTICLE,
    "pictures and words": "<html><h1>Taman Baru</h1>"
    + "".join(f"<div><div class=c{n}><img src=a><p>{ARTICLE}</p></div></div>" for n in range(2_000)),
    "a huge attribute": "<html><div class='" + "berita-" * 140_000 + f"'><p>{ARTICLE}</p>",
    "many attributes": "<html><div " + " ".join(f"a{n}=b" for n in range(90_000)) + f"><p>{ARTICLE}",
    "unclosed tags": "<html><p>" + full("<a <b <i "),
    "entities": "<html><p>" + full("&nbsp;&amp;&copy;"),
    "an entity bomb": "<?xml version='1.0'?><!DOCTYPE html [<!ENTITY a0 'aaaaaaaaaa'>"
    + "".join(f"<!ENTITY a{n} '&a{n - 1};&a{n - 1};&a{n - 1};'>" for n in range(1, 40))
    + f"]><html><body><p>&a39; {ARTICLE}</p>",
    "brackets in JSON-LD": f"<html><script type='application/ld+json'>{'[' * 900_000}</script>",
    "much JSON-LD": "<html>" + full("<script type='application/ld+json'>{\"a\":1}</script>"),
    "a huge title": "<html><title>" + full("Judul | ") + f"</title><p>{ARTICLE}</p><p>{ARTICLE}</p>",
}


HOSTILE_BYTES = {
    "UTF-8 and windows-1252": full("Warga kota – ").encode() + full("é“ ").encode("cp1252")[: MB // 2],
    "cut UTF-16": full("é“ ").encode("utf-16") + b"\xff\xfe\x00",
    "all bytes": bytes(range(256)) * 4_000,
    "bad UTF-8": b"\xef\xbb\xbf" + b"\xff" * MB,
}
CASES = {name: text.encode() for name, text in HOSTILE.items()} | HOSTILE_BYTES


# How many times as long as a quarter of it a whole page may take: 4 would be linear, 16 quadratic.
MOST_GROWTH = 10
# What takes less is lost in the noise, in seconds of processor time.
NOISE = 0.5
# Far more than an idle machine needs, which is less than 2 seconds a megabyte: only work without end takes as long.
MOST_SECONDS_A_MEGABYTE = 20


def quarter(data: bytes) -> bytes:
    """A page without its middle: how it begins and ends decides what it is read as."""
    eighth = len(data) // 8
    # Two lines must not become one, which may be too long to be read.
    seam = b"\n" if b"\n" in data else b""
    return data[:eighth] + seam + data[-eighth:]


def cleaning_seconds(data: bytes) -> float:
    """Processor time that it takes to read and clean a page."""

    def read_and_clean() -> None:
        with contextlib.suppress(RingkasError):
            cleaned(decode(data, "a"))

    return processor_seconds(read_and_clean)


def grows_linearly(data: bytes) -> bool:
    """Whether a page takes about four times as long as a quarter of it, or no time worth the name."""
    whole = cleaning_seconds(data)
    assert whole <= MOST_SECONDS_A_MEGABYTE * max(1.0, len(data) / MB)
    return whole <= NOISE or whole <= MOST_GROWTH * cleaning_seconds(quarter(data))


@pytest.mark.parametrize("data", CASES.values(), ids=CASES)
def test_time_grows_with_the_page_not_with_its_square(data: bytes) -> None:
    assert in_some_try(lambda: grows_linearly(data))
