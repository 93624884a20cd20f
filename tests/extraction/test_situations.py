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
    "<div><a href=/t/a>Banjir</a><a href=/t/b>Jembatan Gantung</a><a href=/t/c>Sukamaju</a></div>",
    "<p><a href=/a>banjir</a> <a href=/b>jembatan ambruk</a> <a href=/c>sukamaju</a> <a href=/d>perahu</a></p>",
    "<div><span>#Banjir</span><span>#JembatanAmbruk</span></div>",
    "<p>Ringkasan ini dibuat oleh AI</p>",
    "<p>Dengarkan berita ini dalam bentuk audio</p><p>00:00 03:12</p>",
    "<p>Ikuti kuis berhadiah di aplikasi Laras dan menangkan pulsa Rp100.000!</p>",
    "<p>Jawab kuisnya dan menangkan hadiahnya!</p>",
    "<p>Baca ramalan zodiak Anda hari ini di sini.</p>",
    "<p>Jadikan Laras.id sumber pilihan Anda di Google</p>",
)
PAGING = (
    "<p>Halaman 1 2 3</p><p>Selengkapnya</p>",
    "<p>Laman 1 dari 3</p>",
    "<p>« Sebelumnya 1 2 3 Berikutnya »</p>",
    "<p>Lanjut ke halaman 2 &gt;&gt;</p>",
    "<p>(Bersambung ke halaman 2)</p>",
    "<p>HALAMAN SELANJUTNYA &gt;</p>",
    "<p>Baca di halaman berikutnya...</p>",
)
PAYWALLS = (
    "<p>Konten ini khusus untuk pelanggan.</p><p>Berlangganan sekarang mulai dari Rp29.000 per bulan.</p>",
    "<p>Daftar gratis untuk melanjutkan membaca</p><p>Anda memiliki 2 artikel gratis tersisa bulan ini.</p>",
    "<p>Nikmati akses tak terbatas ke semua artikel premium. Langganan mulai Rp50.000/bulan.</p>",
    "<p>Untuk membaca artikel selengkapnya, silakan login atau berlangganan.</p>",
    "<p>Dukung jurnalisme kami dengan berlangganan.</p><p>Mulai berlangganan</p><p>Langganan sekarang</p>",
    "<p>Anda harus masuk untuk membaca artikel ini.</p>",
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


@pytest.mark.parametrize("piece", [*PAGING, *PAYWALLS])
def test_where_an_article_goes_on_elsewhere_the_reader_is_told(piece: str) -> None:
    article = accepted(page(f"<h1>{TITLE}</h1><div>{story(TEXTS)}{piece}</div>"))
    assert article.paragraphs == TEXTS
    expected = "subscription" if piece in PAYWALLS else "page"
    assert any(expected in warning for warning in article.warnings)


@pytest.mark.parametrize("piece", [*PAGING, *PAYWALLS])
def test_paging_and_paywalls_between_paragraphs_go(piece: str) -> None:
    html = page(f"<h1>{TITLE}</h1><div>{story(TEXTS[:3])}{piece}{story(TEXTS[3:])}</div>")
    assert accepted(html).paragraphs == TEXTS


def test_a_row_of_links_in_a_table_stays() -> None:
    cells = "".join(f"<tr><td>Desa Laras {n}</td><td>Kota Sukamaju {n}</td></tr>" for n in range(3))
    rows = f"{cells}<tr><td><a href=/a>Girimulya</a></td><td><a href=/b>Wonosari</a></td></tr>"
    html = page(
        f"<h1>{TITLE}</h1><div>{story(TEXTS[:3])}<p>Jadwal laga:</p><table>{rows}</table>{story(TEXTS[3:])}</div>"
    )
    assert "Girimulya Wonosari" in accepted(html).paragraphs


@pytest.mark.parametrize("piece", BELOW)
def test_what_stands_below_an_article_goes(piece: str) -> None:
    html = page(f"<h1>{TITLE}</h1><div>{story(TEXTS)}{piece}</div><footer><p>Copyright © 2025 Laras</p></footer>")
    assert accepted(html).paragraphs == TEXTS


@pytest.mark.parametrize(
    "prose",
    [
        "Dengarkan podcast itu sampai selesai, kata guru tersebut kepada para muridnya.",
        "Apakah artikel ini bermanfaat bagi hakim, tanya seorang pengunjung sidang itu.",
        "Anda harus masuk lebih dulu lewat pintu timur, kata petugas stadion itu kepada penonton.",
        "Untuk membaca buku itu, siswa harus berlangganan lebih dulu di perpustakaan desa.",
        "Ikuti kuis itu dengan jujur, pesan guru tersebut kepada para muridnya.",
        "Berlangganan koran mulai dari rumah ke rumah menjadi kebiasaan warga di desa itu.",
        "Penulis adalah dosen Universitas Laras dan pengamat jembatan gantung.",
    ],
)
def test_prose_that_reads_alike_stays(prose: str) -> None:
    html = page(f"<h1>{TITLE}</h1><div>{story((*TEXTS[:3], prose, *TEXTS[3:]))}</div>")
    assert prose in accepted(html).paragraphs
