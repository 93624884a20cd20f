"""Pages as somebody else copied them: Google's cache, the Wayback Machine, and what a browser prints."""

import pytest

from tests.conftest import ARTICLE
from tests.extraction.pages import cleaned

OTHER = ARTICLE.replace("taman", "lapangan")
TITLE = "Taman Baru Dibuka di Girimulya"
BODY = f"{TITLE}\n{ARTICLE}\n{OTHER}"
CACHED = (
    "Ini adalah cache Google dari https://www.contoh.id/berita/1. Ini adalah gambaran laman yang muncul pada tanggal "
    "12 Mei 2020 08:14:22 GMT. Laman terkini mungkin telah berubah pada saat itu. Pelajari selengkapnya."
)
CACHED_EN = (
    "This is Google's cache of https://www.contoh.id/berita/1. It is a snapshot of the page as it appeared on "
    "12 May 2020 08:14:22 GMT. The current page could have changed in the meantime. Learn more."
)
TIP = "Kiat: Untuk menemukan istilah penelusuran dengan cepat di laman ini, tekan Ctrl+F atau ⌘-F (Mac)."
ARCHIVED = (
    "The Wayback Machine - https://web.archive.org/web/20200512081422/https://www.contoh.id/berita/1\n12 captures\n"
    "12 May 2020 - 03 Jun 2023\nApr MAY Jun\n12\n2019 2020 2021\nsuccess\nfail\nAbout this capture\nCOLLECTED BY\n"
    "Collection: Common Crawl\nWeb crawl data from Common Crawl.\nTIMESTAMPS"
)
RETRIEVED = "FILE ARCHIVED ON 08:14:22 May 12, 2020 AND RETRIEVED FROM THE INTERNET ARCHIVE ON 03:11:10 Jun 03, 2023."
HEADER = f"5/12/25, 8:14 AM {TITLE} - Contoh.id"
HTML = f"<h1>{TITLE}</h1><p>{ARTICLE}</p><p>{OTHER}</p></body></html>"
HEAD = f"<html><head><title>{TITLE}</title></head><body>"


@pytest.mark.parametrize(
    "page",
    [
        f"{CACHED}\nVersi penuh\nVersi hanya teks\nLihat sumber\n{TIP}\n{BODY}",
        f"{CACHED} Versi penuhVersi hanya teksLihat sumber {TIP}\n\n{BODY}",
        f"{CACHED_EN}\nFull version\nText-only version\nView source\n{BODY}",
        f"{HEAD}<div id='bN015htcoyT__google-cache-hdr'><div>{CACHED}</div><div>{TIP}</div></div>{HTML}",
        f"{ARCHIVED}\n{BODY}\n{RETRIEVED}",
        f"{HEAD}<div id='wm-ipp-base'><div id='wm-ipp'><div>12 captures</div><div>Web crawl data from Common Crawl, "
        f"which crawls the web and freely provides its archives to the public.</div></div></div>{HTML}",
        f"Versi untuk dicetak\nCetak halaman ini\n{HEADER}\n{TITLE}\n{ARTICLE}\nhttps://www.contoh.id/berita/1 1/2\n"
        f"{HEADER}\n{OTHER}\nhttps://www.contoh.id/berita/1 2/2",
    ],
)
def test_a_copy_of_a_page_loses_what_the_copier_added(page: str) -> None:
    article = cleaned(page)
    assert article.title == TITLE
    assert article.paragraphs == (ARTICLE, OTHER)


@pytest.mark.parametrize(
    "page",
    [
        f"{BODY}\nHalaman: 1 2 3 Selengkapnya",
        f"{BODY} Halaman: 1 2 3 Selengkapnya",
        f"{HEAD}<h1>{TITLE}</h1><div><p>{ARTICLE}</p><p>{OTHER}</p><div>Halaman: <a>1</a> <a href=x>2</a> "
        "<a href=y>3</a> <a href=z>Selengkapnya</a></div></div>",
    ],
)
def test_the_numbers_of_an_articles_pages_go_and_the_reader_is_told(page: str) -> None:
    article = cleaned(page)
    assert article.title == TITLE
    assert article.paragraphs == (ARTICLE, OTHER)
    assert any("numbers up to 3" in warning for warning in article.warnings)


def test_a_line_that_only_names_a_page_is_no_list_of_pages() -> None:
    assert not cleaned(f"{BODY}\nHalaman 1 dari 1").warnings
    assert cleaned(f"{TITLE}\n{ARTICLE}\nHalaman 12 memuat daftar korban.").paragraphs[-1].startswith("Halaman 12")
