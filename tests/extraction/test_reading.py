import io
import re
import sys
from pathlib import Path
from random import Random
from types import SimpleNamespace
from unittest.mock import Mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.errors import ExitCode, InputError
from summarizer.extraction.boilerplate import clean
from summarizer.extraction.decoding import MAX_BYTES, decode
from summarizer.extraction.html import is_html
from summarizer.extraction.reading import read_file, read_text
from tests.conftest import ARTICLE, RINGKAS, python
from tests.extraction.pages import lines_of

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


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_encodings_are_told_from_bytes(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(PAGE.encode(encoding))
    assert lines_of(read_file(file)) == tuple(filter(None, PAGE.split("\n")))
    if encoding in ("utf-8", "utf-8-sig", "cp1252"):
        file.write_bytes(PAGE.replace("Wali Kota", "Wali\0 Kota").encode(encoding))
        assert lines_of(read_file(file)) == tuple(filter(None, PAGE.split("\n")))


@pytest.mark.parametrize("page", [PAGE, HTML.replace("<head>", "<head><meta charset='utf-8'>")])
@pytest.mark.parametrize("broken", [b"\xe2\x80", b"\xff", b"\xc3 "])
def test_a_broken_character_in_utf_8(page: str, broken: bytes) -> None:
    quoted = page.replace("Wali Kota", "“Wali” Kota —").encode()
    text = decode(quoted.replace(b"taman baru", b"taman " + broken + b"baru"), "a")
    assert "“Wali” Kota — Ratna" in text
    assert re.search("taman \ufffd ?baru", text)


@pytest.mark.parametrize(
    ("said", "encoding"),
    [("iso-8859-15", "iso-8859-15"), *((name, "cp1252") for name in ("utf-8", "utf-16", "UTF-16LE", "tidak-ada"))],
)
def test_html_says_its_encoding_or_a_wrong_one(said: str, encoding: str) -> None:
    html = HTML.replace("<head>", f"<head><meta charset='{said}'>").replace("Wali Kota", "Wali Kota é")
    data = html.encode(encoding)
    assert "Wali Kota é Ratna" in decode(data + b" " * (len(data) % 2), "a")


@pytest.mark.parametrize("said", ["iso-8859-1", "latin1", "iso-8859-15", "us-ascii"])
def test_quotation_marks_of_a_page_that_says_it_has_none(said: str) -> None:
    html = HTML.replace("<head>", f"<head><meta charset='{said}'>").replace("Wali Kota", "“Wali” – Kota…")
    assert "“Wali” – Kota… Ratna" in decode(html.encode("cp1252"), "a")


@pytest.mark.parametrize("page", [PAGE, HTML])
def test_half_of_a_character_loses_nothing_of_a_text(page: str) -> None:
    assert lines_of(read_text(page.replace("taman", "ta\ud83dman"), "a")) == lines_of(
        read_text(page.replace("taman", "ta?man"), "a")
    )


def test_a_style_sheet_in_front_of_a_page_makes_no_data_of_it() -> None:
    html = f"<?xml version='1.0'?>\n<?xml-stylesheet href='a.css'?>\n{HTML}"
    assert lines_of(read_text(html, "a")) == lines_of(read_text(HTML, "a"))
    with pytest.raises(InputError, match="XML feed"):
        read_text("<?xml version='1.0'?><?xml-stylesheet href='a.xsl'?><rss><channel/></rss>", "a")


@pytest.mark.parametrize(
    ("damaged", "text"),
    [
        ("Pasar itu â€” yang rapuh â€” ditutup.", "Pasar itu — yang rapuh — ditutup."),
        ("â€œKami senang,â€\x9d kata AndrÃ© Ã‰lan.", "“Kami senang,” kata André Élan."),
        ("\x93Kami senang,\x94 kata André \x96 ia.", "“Kami senang,” kata André – ia."),
        ("“Kami senang,” kata André – ia â la carte.", "“Kami senang,” kata André – ia â la carte."),
        ("Ia menulis &amp; di papan; ﬁlm, Ｘ, Itu’s.", "Ia menulis &amp; di papan; ﬁlm, Ｘ, Itu’s."),
    ],
)
def test_damaged_characters_are_repaired_and_nothing_else(damaged: str, text: str) -> None:
    assert lines_of(read_text(damaged, "a")) == (text,)
    html = read_text(HTML.replace(ARTICLE, f"{ARTICLE} {damaged.replace('&', '&amp;')}"), "a")
    assert f"{ARTICLE} {text}" in lines_of(html)


def test_standard_input_is_read_and_a_closed_one_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(PAGE.encode())))
    assert read_file("-").source == "-"
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(InputError, match="standard input is closed"):
        read_file("-")


def test_what_is_told_of_a_page() -> None:
    article = read_text(HTML, "a.html")
    assert article.title == "Taman Baru Dibuka di Girimulya"
    assert lines_of(article)[1] == ARTICLE
    assert article.author == "Rina Wulandari"
    assert article.date == "2025-02-03"
    assert article.site == "contoh.co.id"
    assert not [word for word in ("jahat", "Olahraga") if word in "\n".join(lines_of(article))]
    article = read_text(f"https://www.contoh.co.id/berita/1\n{PAGE}", "a")
    assert article.url == "https://www.contoh.co.id/berita/1"
    assert article.site == "www.contoh.co.id"
    assert clean(article).title == "Taman Baru Dibuka di Girimulya"
    assert clean(read_text(f"{ARTICLE}\n{ARTICLE}", "a")).title is None


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf  ", "is empty"),
        (b"%PDF-1.7\n1 0 obj", "PDF"),
        (b"{\\rtf1\\ansi\n\\f0\\fs24 Taman", "RTF"),
        (b"PK\x03\x04\x14\x00", "ZIP or Office"),
        (b"WARC/1.1\r\nWARC-Type: response\r\n", "ringkas batch"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "binary"),
        (Random(7).randbytes(5000).replace(b"\0", b""), "binary"),
        ("“Taman” ".encode() + Random(7).randbytes(200), "binary"),
        (b"<meta charset=utf-8>" + Random(7).randbytes(5000).replace(b"\0", b""), "binary"),
        (b"Taman\0Kota\0" * 500, "binary"),
        (b"x" * (MAX_BYTES + 1), "larger than 20 MB"),
        (b"<?xml version='1.0'?><rss><channel><item/></channel></rss>", "XML feed"),
        (b"<!doctype html><html><body></body></html>", "no article"),
        (b"<!doctype html><!-- kosong -->", "nothing but markup"),
    ],
)
def test_bad_input_is_refused_in_one_line(tmp_path: Path, data: bytes, message: str) -> None:
    file = tmp_path / "buruk.txt"
    file.write_bytes(data)
    with pytest.raises(InputError, match=message) as caught:
        read_file(file)
    assert "\n" not in str(caught.value)
    assert str(file) in str(caught.value)


def test_what_is_no_file_to_read(tmp_path: Path) -> None:
    for path, told in ((tmp_path / "tidak-ada.txt", "no such file"), (tmp_path, "is a folder"), ("a\0b", "null byte")):
        with pytest.raises(InputError, match=told):
            read_file(path)
    with pytest.raises(InputError) as caught:
        read_file(tmp_path / "\x1b[31mjahat\n.txt")
    assert not {"\x1b", "\n"} & set(str(caught.value))


@pytest.mark.parametrize(
    ("text", "known"),
    [
        (f"{ARTICLE} Ia menulis <p> di papan tulis.", False),
        ("3 < 5 dan 7 > 2", False),
        *(("<!---->" * 40 + "<!-- a -->\n<!-- <b> -->" + tag, tag == "<html>") for tag in ("<script>", "<html>")),
    ],
)
def test_text_that_mentions_a_tag_is_text(text: str, *, known: bool) -> None:
    assert is_html(text) == known


@pytest.mark.parametrize(
    "error", [ValueError("rusak\nsekali"), RecursionError("maximum recursion depth exceeded"), AssertionError()]
)
def test_a_page_that_trafilatura_cannot_read(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    fail = Mock(side_effect=error)
    # The body is found without it; it is one opinion among others.
    monkeypatch.setattr("trafilatura.extract", fail)
    assert ARTICLE in lines_of(read_text(HTML, "a.html"))
    monkeypatch.setattr("trafilatura.metadata.extract_metadata", fail)
    article = read_text(HTML, "a.html")
    assert ARTICLE in lines_of(article)
    assert article.site is article.author is article.date is None
    assert re.search("could not be read.*(rusak sekali|maximum recursion|AssertionError)", "".join(article.warnings))


def test_a_year_is_no_day_of_publication() -> None:
    page = f"<html><body><h1>Taman Baru Girimulya</h1><p>{ARTICLE}</p><p>{ARTICLE}</p><footer>%s</footer></body></html>"
    assert read_text(page % "Copyright © 2024 Harian Laras", "a").date is None
    assert read_text(page % "2 Januari 2024", "a").date == "2024-01-02"


@pytest.mark.parametrize("node", ["<script>a='%s'</script>", "<style>/*%s*/</style>"])
def test_a_huge_script_or_style_loses_nothing_of_the_page(node: str) -> None:
    assert lines_of(HTML.replace("<nav>", f"{node % ('x' * 11_000_000)}<nav>")) == lines_of(HTML)


def test_no_room_for_what_tells_languages_apart(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(PAGE, encoding="utf-8")
    # No file may grow beyond 64 KiB: a full disk.
    told = python("-c", RINGKAS, "clean", tmp_path / "a.txt", limit="-f 64")
    assert told.returncode == ExitCode.MODEL
    assert "TMPDIR" in told.stderr


@pytest.mark.parametrize(
    "text",
    [
        f"Taman Baru Dibuka di Girimulya<br><br>{ARTICLE}<br/>{ARTICLE.replace('taman', 'lapangan')}",
        f"Taman Baru Dibuka di Girimulya\n<p>{ARTICLE}</p>\n<p><b>{ARTICLE.replace('taman', 'lapangan')}</b></p>",
    ],
)
def test_a_few_tags_in_a_text_stand_for_what_they_mean(text: str) -> None:
    assert lines_of(read_text(text, "a"))[-2:] == (ARTICLE, ARTICLE.replace("taman", "lapangan"))


def test_windows_1252_amid_utf_8_is_read() -> None:
    data = HTML.replace("Wali Kota", "“Wali” Kota").encode().replace(b"Ratna", b"\x93Ratna\x94", 1)
    assert "“Wali” Kota “Ratna”" in decode(data, "a")


def test_an_encoding_in_a_comment_is_not_the_page_s() -> None:
    html = HTML.replace("<head>", "<head><!-- <meta charset='koi8-r'> -->").replace("Wali Kota", "“Wali” Kota")
    assert "“Wali” Kota" in decode(html.encode("cp1252"), "a")


@pytest.mark.parametrize("twice", ["&amp;#039;", "&amp;#x27;", "&amp;apos;"])
def test_an_apostrophe_that_a_site_escaped_twice(twice: str) -> None:
    assert "Jum'at Ratna" in "\n".join(lines_of(read_text(HTML.replace("Ratna", f"Jum{twice}at Ratna"), "a")))


# Letters and signs of one character each, of which no two side by side could be UTF-8 that was read as something else.
SIGNS = st.lists(st.sampled_from([*"aé“”‘’–—…½²°€£ü", "\u00a0", "\n"]), max_size=20).map("a".join)


@pytest.mark.parametrize(
    "charset",
    ["utf-8", "utf-8-sig", "utf-16", "utf-32", "windows-1252", "iso-8859-1", "iso-8859-15", "windows-1254", "gb18030"],
)
@settings(max_examples=60, deadline=None)
@given(signs=SIGNS)
def test_a_page_is_the_same_in_every_encoding_that_it_names(charset: str, signs: str) -> None:
    data = f'<html><head><meta charset="{charset}"></head><p>{ARTICLE} a{signs}a</p></html>'.encode(charset, "replace")
    assert decode(data, "a") == data.decode(charset)
