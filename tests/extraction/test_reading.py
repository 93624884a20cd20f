import contextlib
import io
import re
import sys
from pathlib import Path
from random import Random
from types import SimpleNamespace

import pytest

from summarizer.errors import InputError, NoArticleError, RingkasError
from summarizer.extraction.decoding import MAX_BYTES
from summarizer.extraction.html import is_html
from summarizer.extraction.reading import read_file, read_text
from summarizer.extraction.text_dump import split_paragraphs
from tests.conftest import ARTICLE

PAGE = f"Taman Baru Dibuka di Girimulya\n\n{ARTICLE}\n“Kami senang,” kata seorang warga – ia tinggal di dekat situ.\n"
HTML = (
    "<!DOCTYPE html><html lang='id'><head><title>Taman Baru Dibuka di Girimulya</title>"
    "<meta property='og:url' content='https://contoh.co.id/taman'>"
    "<meta name='author' content='Rina Wulandari'>"
    "<meta property='article:published_time' content='2025-02-03'></head>"
    "<body><nav><a href='/a'>Beranda</a> <a href='/b'>Olahraga</a></nav><article>"
    "<h1>Taman Baru Dibuka di Girimulya</h1>"
    f"<p>{ARTICLE}</p><p>{ARTICLE.replace('taman', 'lapangan')}</p></article>"
    "<script>alert('jahat')</script></body></html>"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(PAGE.encode(encoding))
    article = read_file(file)
    assert article.title == "Taman Baru Dibuka di Girimulya"
    assert article.paragraphs == (
        article.title,
        ARTICLE,
        "“Kami senang,” kata seorang warga – ia tinggal di dekat situ.",
    )


@pytest.mark.parametrize("page", [PAGE, HTML.replace("<head>", "<head><meta charset='utf-8'>")])
@pytest.mark.parametrize("broken", [b"\xe2\x80", b"\xff", b"\xc3 "])
def test_a_broken_character_in_utf_8(tmp_path: Path, page: str, broken: bytes) -> None:
    file = tmp_path / "a.txt"
    quoted = page.replace("Wali Kota", "“Wali” Kota —")
    file.write_bytes(quoted.encode().replace(b"taman baru", b"taman " + broken + b"baru"))
    text = read_file(file).text
    assert "“Wali” Kota — Ratna" in text
    assert re.search("taman \ufffd ?baru", text)


def test_a_page_that_says_it_is_utf_8_may_be_windows_1252(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    html = HTML.replace("<head>", "<head><meta charset='utf-8'>").replace("Wali Kota", "“Wali” Kota —")
    file.write_bytes(html.encode("cp1252"))
    assert "“Wali” Kota — Ratna" in read_file(file).text


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_nul_in_a_text_is_dropped(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(PAGE.replace("Wali Kota", "Wali\0 Kota").encode(encoding))
    assert read_file(file).paragraphs == read_text(PAGE, "a").paragraphs


def test_html_says_its_encoding(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    html = HTML.replace("<head>", "<head><meta charset='iso-8859-15'>").replace("Wali Kota", "Wali Kota €")
    file.write_bytes(html.encode("iso-8859-15"))
    assert "Wali Kota € Ratna" in read_file(file).text


@pytest.mark.parametrize("encoding", ["utf-16", "UTF-16LE", "tidak-ada"])
def test_html_that_names_an_encoding_it_cannot_have(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.html"
    html = HTML.replace("<head>", f"<head><meta charset='{encoding}'>").replace("Wali Kota", "“Wali” Kota")
    data = html.encode("cp1252")
    file.write_bytes(data + b" " * (len(data) % 2))
    assert "“Wali” Kota Ratna" in read_file(file).text


@pytest.mark.parametrize("text", [HTML, HTML.replace("'", '"'), HTML + "\n\t\\ Itu’s"])
def test_bytes_as_python_prints_them(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.html"
    file.write_text(f"{text.encode()!r}\n", encoding="utf-8")
    assert read_file(file).paragraphs == read_text(text, "a").paragraphs


@pytest.mark.parametrize("text", ["b'lurah' itu diam.", "b'", "'lurah'", 'b"lurah\nitu"'])
def test_text_that_only_looks_like_printed_bytes_stays(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.txt"
    file.write_text(text, encoding="utf-8")
    assert "\n".join(read_file(file).paragraphs) == text


@pytest.mark.parametrize(
    ("damaged", "text"),
    [
        ("Pasar itu â€” yang rapuh â€” ditutup.", "Pasar itu — yang rapuh — ditutup."),
        ("â€œKami senang,â€ kata AndrÃ© Ã‰lan.", "“Kami senang,” kata André Élan."),
        ("“Kami senang,” kata André – ia â la carte.", "“Kami senang,” kata André – ia â la carte."),
        ("Ia menulis &amp; di papan; ﬁlm, Ｘ, Itu’s.", "Ia menulis &amp; di papan; ﬁlm, Ｘ, Itu’s."),
    ],
)
def test_damaged_characters_are_repaired_and_nothing_else(damaged: str, text: str) -> None:
    assert read_text(damaged, "a").paragraphs == (text,)
    html = read_text(HTML.replace(ARTICLE, f"{ARTICLE} {damaged.replace('&', '&amp;')}"), "a")
    assert f"{ARTICLE} {text}" in html.paragraphs


def test_html() -> None:
    article = read_text(HTML, "a.html")
    assert article.title == "Taman Baru Dibuka di Girimulya"
    assert article.paragraphs[:2] == (article.title, ARTICLE)
    assert (article.author, article.date, article.site) == ("Rina Wulandari", "2025-02-03", "contoh.co.id")
    assert "jahat" not in article.text
    assert "Olahraga" not in article.text


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(PAGE.encode())))
    assert read_file("-").source == "-"
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(InputError, match="standard input is closed"):
        read_file("-")


def test_text_with_an_address_first() -> None:
    article = read_text(f"https://www.contoh.co.id/berita/1\n{PAGE}", "a")
    assert (article.url, article.site) == ("https://www.contoh.co.id/berita/1", "www.contoh.co.id")
    assert article.title == "Taman Baru Dibuka di Girimulya"


def test_text_without_a_title() -> None:
    article = read_text(f"{ARTICLE}\n{ARTICLE}", "a")
    assert article.title is None
    assert len(article.paragraphs) == 2


def test_wrapped_lines_are_joined() -> None:
    import textwrap

    wrapped = "\n\n".join(textwrap.fill(text, 72) for text in (ARTICLE, ARTICLE.replace("taman", "lapangan")))
    assert split_paragraphs(wrapped) == (ARTICLE, ARTICLE.replace("taman", "lapangan"))


def test_short_lines_that_are_not_wrapped_stay_apart() -> None:
    lines = ["Hasil lengkap:", "Persija 2-1 Persib", "Arema 0-0 PSM", "Bali United 3-2 Madura", "Dewa 1-1 Persis"]
    assert split_paragraphs("\n".join(lines)) == tuple(lines)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b" \n\t ", "is empty"),
        (b"\xef\xbb\xbf  ", "is empty"),
        (b"%PDF-1.7\n1 0 obj", "PDF"),
        (b"{\\rtf1\\ansi\n\\f0\\fs24 Taman", "an RTF file: save the page as plain text"),
        (b"PK\x03\x04\x14\x00", "ZIP or Office"),
        (b"WARC/1.1\r\nWARC-Type: response\r\n", "WARC file of many pages, which .ringkas batch. reads"),
        (b"\x89PNG\r\n\x1a\n\x00", "picture"),
        (bytes(range(256)) * 40, "binary"),
        (b"\x00" * 5000, "binary"),
        (Random(7).randbytes(5000), "binary"),
        (Random(7).randbytes(5000).replace(b"\0", b""), "binary"),
        ("“Taman” ".encode() + Random(7).randbytes(200), "binary"),
        (b"<meta charset=utf-8>" + Random(7).randbytes(5000).replace(b"\0", b""), "binary"),
        (b"Taman\0Kota\0" * 500, "binary"),
        (b"x" * (MAX_BYTES + 1), "larger than 20 MB"),
        (b"<?xml version='1.0'?><rss><channel><item/></channel></rss>", "XML feed"),
        (b"<!doctype html><html><body></body></html>", "no article"),
        (b"<!doctype html><!-- kosong -->", "no article: there is nothing but markup"),
    ],
)
def test_bad_input(tmp_path: Path, data: bytes, message: str) -> None:
    file = tmp_path / "buruk.txt"
    file.write_bytes(data)
    with pytest.raises(InputError, match=message) as caught:
        read_file(file)
    assert "\n" not in str(caught.value)
    assert str(file) in str(caught.value)


def test_missing_and_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_file(tmp_path / "tidak-ada.txt")
    with pytest.raises(InputError, match="is a folder"):
        read_file(tmp_path)
    with pytest.raises(InputError, match=r"cannot read .*: embedded null byte"):
        read_file("a\0b")


def test_a_files_name_cannot_reach_the_terminal(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_file(tmp_path / "\x1b[31mjahat\n.txt")
    assert "\x1b" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("html", ["<html>" + "<div>" * 5000, "<p>" * 9, "<!doctype html>\0\0<b", "<html><p>a</p"])
def test_broken_html_raises_nothing_else(html: str) -> None:
    with contextlib.suppress(RingkasError):
        assert read_text(html, "a.html").paragraphs


@pytest.mark.parametrize(
    "error", [ValueError("rusak\nsekali"), RecursionError("maximum recursion depth exceeded"), AssertionError()]
)
def test_a_page_that_trafilatura_cannot_read(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    # The body is found without it; it is one opinion among others.
    monkeypatch.setattr("trafilatura.extract", fail)
    assert ARTICLE in read_text(HTML, "a.html").paragraphs
    monkeypatch.setattr("trafilatura.metadata.extract_metadata", fail)
    article = read_text(HTML, "a.html")
    assert ARTICLE in article.paragraphs
    assert article.title
    assert article.site is article.author is article.date is None
    told = r"could not be read from the page: (rusak sekali|maximum recursion|AssertionError)"
    assert re.search(told, "".join(article.warnings))


def test_text_that_mentions_a_tag_is_text() -> None:
    assert not is_html(f"{ARTICLE} Ia menulis <p> di papan tulis.")
    assert not is_html("3 < 5 dan 7 > 2")


@pytest.mark.parametrize(("tag", "known"), [("<script>", False), ("<html>", True)])
def test_many_comments_in_front_of_a_page(tag: str, known: bool) -> None:
    assert is_html("<!---->" * 40 + "<!-- a -->\n<!-- <b> -->" + tag) == known


def test_text_outside_of_a_page_of_frames_breaks_nothing() -> None:
    html = f"<html><frameset><frame src=a>Bingkai</frameset><h1>Taman Baru</h1><p>{ARTICLE}</p><p>{ARTICLE}</p></html>"
    assert ARTICLE in read_text(html, "a").paragraphs


def test_no_article_in_html() -> None:
    with pytest.raises(NoArticleError):
        read_text("<!doctype html><html><body><script>x</script></body></html>", "a.html")


def test_the_heading_above_the_text_is_the_headline_where_what_is_declared_tells_nothing_of_it() -> None:
    text = (
        "<h2>Berita</h2><p>Kabar warga</p><h5>Taman Baru Girimulya</h5>"
        + f"<div><p>{ARTICLE}</p><p>{ARTICLE}</p></div>"
    )
    page = f"<html><head><title>%s</title></head><body>{text}</body></html>"
    assert read_text(page % "Laras Medika", "a").title == "Taman Baru Girimulya"
    assert read_text(page % "Taman Girimulya Seluas 12 Hektare", "a").title == "Taman Girimulya Seluas 12 Hektare"
    escaped = page.replace("<h5>", "<h5>\u202e")
    assert read_text(escaped % "Laras Medika", "a").title == "Taman Baru Girimulya"
    shown = page.replace("<body>", "<body><h1>Laras Medika</h1>")
    assert read_text(shown % "Laras Medika", "a").title == "Laras Medika"


def test_a_year_is_no_day_of_publication() -> None:
    page = f"<html><body><h1>Taman Baru Girimulya</h1><p>{ARTICLE}</p><p>{ARTICLE}</p><footer>%s</footer></body></html>"
    assert read_text(page % "Copyright © 2024 Harian Laras", "a").date is None
    assert read_text(page % "1 Januari 2024", "a").date == "2024-01-01"


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("dunia/13/09/26/mt-taman", "2013-09-26"),
        ("dunia/13/19/26/taman", "2013-10-02"),
        ("dunia/13/02/30/taman", "2013-10-02"),
        ("a/99/09/26/b", "2013-10-02"),
    ],
)
def test_a_day_in_the_address_is_older_than_the_day_on_which_a_page_was_saved(path: str, day: str) -> None:
    page = HTML.replace("contoh.co.id/taman", f"contoh.co.id/{path}").replace(
        "<meta property='article:published_time' content='2025-02-03'>", ""
    )
    assert read_text(page.replace("<nav>", "<div>Rabu, 2 Oktober 2013</div><nav>"), "a").date == day


@pytest.mark.parametrize(
    ("time", "day"),
    [
        ("", "2024-05-17"),
        ("<meta property='article:published_time' content='2024-05-18'>", "2024-05-17"),
        ("<meta property='article:published_time' content='2017-05-24'>", "2017-05-24"),
    ],
)
def test_a_day_in_the_address_is_not_read_from_its_other_end(time: str, day: str) -> None:
    page = HTML.replace("contoh.co.id/taman", "contoh.co.id/read/24/05/17/taman").replace(
        "<meta property='article:published_time' content='2025-02-03'>", time
    )
    assert read_text(page, "a").date == day
