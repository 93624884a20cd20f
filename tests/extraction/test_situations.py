"""What Indonesian sites put between and below the paragraphs of an article."""

import pytest

from tests.extraction.pages import accepted
from tests.extraction.test_body import STORY, TITLE, page, story

TEXTS = tuple(f"{text} Begitu kata saksi {n}." for n, text in enumerate(STORY * 2))
BETWEEN = (
    "<p>[Gambas:Instagram]</p>",
    "<p>[Gambas:Video 20detik]</p>",
    "<p>Simak Video di Bawah Ini</p>",
    "<p>Tonton videonya di bawah ini:</p>",
    "<p>Lihat juga: <a href=/a>Harga Cabai Naik di Pasar</a></p>",
    "<p>Pilihan Editor: <a href=/a>Harga Cabai Naik di Pasar</a></p>",
    "<p>ADVERTISEMENT</p><p>SCROLL TO CONTINUE WITH CONTENT</p>",
    "<p>Artikel ini berlanjut di bawah iklan</p>",
    "<p>Dengarkan podcast kami di Spotify:</p>",
    "<p>Dengarkan artikel ini</p><p>0:00 / 3:21</p>",
    "<p>Infografis: Jembatan Ambruk (Laras/Rina)</p>",
)
BELOW = (
    "<p>(abc/def)</p>",
    "<div class='fb-comments'><p>Komentar ini menjadi tanggung jawab Anda sesuai UU ITE yang berlaku.</p></div>",
    "<div id='disqus_thread'><p>Please enable JavaScript to view the comments powered by Disqus.</p></div>",
    "<p>Read this article in English</p>",
    "<p>Penerjemah: Rina Wulandari</p><p>Editor: Wira Santoso</p>",
    "<p>Tag: banjir, jembatan, sukamaju</p>",
    "<p>Laporkan berita ini</p>",
    "<p>Bagaimana reaksi Anda tentang artikel ini?</p>",
    "<p>Punya informasi seputar peristiwa di sekitar Anda? Kirim ke redaksi@laras.id</p>",
    "<p>Ikuti kami di WhatsApp Channel untuk berita terbaru.</p>",
    "<p>COPYRIGHT © ANTARA 2025</p>",
)


@pytest.mark.parametrize("piece", BETWEEN)
def test_what_stands_between_paragraphs_goes(piece: str) -> None:
    html = page(f"<h1>{TITLE}</h1><div>{story(TEXTS[:3])}{piece}{story(TEXTS[3:])}</div>")
    assert accepted(html).paragraphs == TEXTS


@pytest.mark.parametrize("piece", BELOW)
def test_what_stands_below_an_article_goes(piece: str) -> None:
    html = page(f"<h1>{TITLE}</h1><div>{story(TEXTS)}{piece}</div><footer><p>Copyright © 2025 Laras</p></footer>")
    assert accepted(html).paragraphs == TEXTS


@pytest.mark.parametrize(
    "prose",
    [
        "Dengarkan podcast itu sampai selesai, kata guru tersebut kepada para muridnya.",
        "Apakah artikel ini bermanfaat bagi hakim, tanya seorang pengunjung sidang itu.",
        "Penulis adalah dosen Universitas Laras dan pengamat jembatan gantung.",
    ],
)
def test_prose_that_reads_alike_stays(prose: str) -> None:
    html = page(f"<h1>{TITLE}</h1><div>{story((*TEXTS[:3], prose, *TEXTS[3:]))}</div>")
    assert prose in accepted(html).paragraphs
