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
    "<p>- Advertisement -</p>",
    "<p>(Sponsored)</p>",
    "<p>Lanjutkan membaca di bawah iklan</p>",
    "<p>Advertisement - Gulir untuk lanjut membaca</p>",
    "<p>Tutup Iklan</p>",
    "<p>Skip Ad</p>",
    "<p>Close [X]</p>",
    "<p>Iklan oleh Google</p>",
    "<p>Advertisement. Scroll to continue reading.</p>",
    "<p>SCROLL TO RESUME CONTENT</p>",
    "<p>Konten berlanjut setelah iklan</p>",
    "<p>--- Iklan ---</p>",
    "<p>[Iklan]</p>",
    '<p>[adinserter block="2"]</p>',
    "<p>ADVERTORIAL</p>",
    "<p>Laporkan Iklan</p>",
    "<p>Artikel lain: <a href=/a>Harga Cabai Naik di Pasar Laras</a></p>",
    "<p>Kunjungi juga: <a href=/a>Harga Cabai Naik di Pasar Laras</a></p>",
    "<p>Tonton: <a href=/a>Harga Cabai Naik di Pasar Laras</a></p>",
    "<p>Populer: <a href=/a>Harga Cabai Naik di Pasar Laras</a></p>",
    "<p>Trending: <a href=/a>Harga Cabai Naik di Pasar Laras</a></p>",
    "<p>&gt;&gt;&gt; <a href=/a>Harga Cabai Naik di Pasar Laras</a></p>",
    "<p>➤ <a href=/a>Harga Cabai Naik di Pasar Laras</a></p>",
    "<p>Berita Terkait: <a href=/a>Harga Cabai Naik di Pasar Laras</a></p>",
    "<p>Lihat: <a href=/a>Harga Cabai Naik di Pasar Laras</a></p>",
    "<p>TERKAIT: <a href=/a>Harga Cabai Naik di Pasar Laras</a></p>",
    "<p>Baca selengkapnya: <a href=/a>Harga Cabai Naik di Pasar Laras</a></p>",
    "<p>Terkini: <a href=/a>Harga Cabai Naik di Pasar Laras</a></p>",
    "<p>Baca di sini: <a href=/a>Harga Cabai Naik di Pasar Laras</a></p>",
    "<p><strong>Baca Juga :</strong> <a href=/a>Harga Cabai Naik di Pasar Laras</a></p>",
    "<p>[Baca Juga: <a href=/a>Harga Cabai Naik di Pasar Laras</a>]</p>",
    "<p>Simak pula: <a href=/a>Harga Cabai Naik di Pasar Laras</a></p>",
    "<p>Video: <a href=/a>Harga Cabai Naik di Pasar Laras</a></p>",
    "<p>Berita lain terkait: <a href=/a>Harga Cabai Naik di Pasar Laras</a></p>",
    "<p>Yuk, tonton videonya:</p>",
    "<p>Berikut videonya:</p>",
    "<p>Simak ulasan lengkapnya di video berikut.</p>",
    "<p>Simak video berikut ini:</p>",
    "<p>Saksikan video selengkapnya di bawah ini:</p>",
    "<p>Tonton video selengkapnya di sini.</p>",
    "<p>Geser untuk melihat foto lainnya</p>",
    "<p>Buka Foto</p>",
    "<p>Sumber foto: Humas Pemkab Laras</p>",
    "<p>Dok. Humas Pemkab Laras</p>",
    "<p>Foto: Dok. Polres Laras</p>",
    "<p>Lihat Foto</p>",
    "<p>1/5</p>",
    "<p>Klik gambar untuk memperbesar</p>",
    "<p>(Foto/Istimewa)</p>",
    "<p>Istimewa/Laras.id</p>",
    "<p>Ukuran Font: Kecil Sedang Besar</p>",
    "<p>Text to Speech</p>",
    "<p>Mode Gelap</p>",
    "<p>3 min read</p>",
    "<p>Estimasi Baca: 2 Menit</p>",
    "<p>Simpan Artikel</p>",
    "<p>Print PDF Email</p>",
    "<p>Google News</p>",
    "<p>Memuat artikel...</p>",
    "<p>What's Your Reaction?</p><p>Love 0</p><p>Sad 0</p>",
    "<p>2 menit membaca</p>",
    "<p>A- A A+</p>",
    "<p>Bagikan artikel ini</p>",
    "<p>Salin Link</p>",
    "<p>Tautan disalin!</p>",
    "<p>Ubah ukuran teks</p>",
    "<p>Dengarkan</p>",
    "<p>Putar Audio</p>",
    "<p>Share to WhatsApp</p>",
    "<p>*) Dapatkan berita terbaru dengan mengunduh aplikasi Laras di Play Store.</p>",
    "<p>Update terus berita terbaru lewat akun Instagram @larasid.</p>",
    "<p>Nantikan kabar terbaru hanya di Laras.id.</p>",
    "<p>Pantau terus Laras.id untuk berita terkini.</p>",
    "<p>Ikuti Terus Laras.id</p>",
    "<p>Jangan Lupa Subscribe Channel YouTube Laras TV</p>",
    "<p>Nonton TV Streaming</p>",
    "<p>Live Streaming Laras TV</p>",
    "<p>Simak berita lainnya terkait banjir di Laras.id.</p>",
    "<p>Untuk informasi lebih lanjut kunjungi www.laras.id.</p>",
    "<p>Follow Instagram kami di @larasid</p>",
    "<p>Klik di sini untuk bergabung ke grup WhatsApp kami</p>",
    "<p>Dapatkan update berita pilihan setiap hari dari Laras.id.</p>",
    "<p>Ikuti Laras.id di Google News</p>",
    "<p>Cek berita menarik lainnya di Google News</p>",
    "<p>Follow akun TikTok Laras.id</p>",
    '<p>Yuk gabung channel telegram "Laras Update"</p>',
    "<p>Jangan lewatkan berita menarik lainnya di Laras.id!</p>",
    "<p>[embed]https://www.youtube.com/watch?v=abc[/embed]</p>",
    "<p>Your browser does not support the video tag.</p>",
    '<p>[caption id="attachment_12" align="alignnone" width="640"]</p>',
    "<p>Daftar Isi [Tampilkan]</p>",
    "<p>Daftar Isi</p>",
    "<p>[instagram]</p>",
    "<p>Video Player is loading.</p>",
    "<p>Loading ad</p>",
    "<p>This is a modal window.</p>",
    "<p>Bagaimana pendapat Anda?</p>",
    "<p>Apakah Anda setuju? Tulis di kolom komentar!</p>",
    "<p>Tulis pendapat Anda di kolom komentar.</p>",
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
    "<p>*rin</p>",
    "<p>Red.</p>",
    "<p>Dikutip dari berbagai sumber.</p>",
    "<p>Artikel ini pernah tayang di Laras.id dengan judul Jembatan Ambruk.</p>",
    "<p>Dilarang mengambil konten tanpa izin tertulis dari redaksi.</p>",
    "<p>Label: banjir, jembatan</p>",
    "<p>by Rina Wulandari - Maret 2, 2025</p>",
    "<p>Isi artikel ini sepenuhnya menjadi tanggung jawab penulis.</p>",
    "<p>Konten ini disempurnakan menggunakan AI.</p>",
    "<p>Laporan dari Kontributor Laras, Rina Wulandari</p>",
    "<p>Jika Anda menemukan kesalahan dalam artikel ini, hubungi redaksi@laras.id.</p>",
    "<p>Terima kasih telah membaca artikel ini sampai selesai.</p>",
    "<p>Semoga bermanfaat.</p>",
    "<p>Apakah artikel ini bermanfaat? Ya Tidak</p>",
    "<p>Link berhasil disalin</p>",
    "<p>Kode Etik | Pedoman Media Siber | Kontak</p>",
    "<p>Jaringan Laras Media: Laras Jateng, Laras Jatim, Laras Bali</p>",
    "<p>Diterbitkan oleh PT Laras Media Utama</p>",
    "<p>Terverifikasi Dewan Pers</p>",
    "<p>Terakhir diperbarui pada 2 Maret 2025</p>",
    "<p>Diperbarui 2 Maret 2025</p>",
    "<p>First published 2 March 2025</p>",
    "<p>Rina Wulandari, dosen Universitas Laras. Tulisan ini pendapat pribadi.</p>",
    "<p>Visited 12 times, 1 visit(s) today</p>",
    "<p>Jadilah yang pertama berkomentar</p>",
    "<p>Silakan login untuk memberi komentar</p>",
    "<p>Bergabung dengan percakapan</p>",
    "<p>Belum ada komentar</p>",
    "<p>Be the first to comment</p>",
    "<p>(Rina/Wira)</p>",
    "<p>Editor : Rina</p>",
    "<p>Editor: Rina W | Sumber: Laras Post</p>",
    "<p>RINA WULANDARI | LARAS.ID</p>",
    "<p>— Rina</p>",
    "<p>[rin]</p>",
    "<p>Ed: Rina</p>",
    "<p>Pewarta : Rina Wulandari Editor: Wira Copyright © LARAS 2025</p>",
    "<p>Sumber: Humas Polres</p>",
    "<p>Penulis: Rina (Kontributor Laras)</p>",
    "<p>Follow Us</p>",
    "<p>Ikuti kami:</p>",
    "<p>Facebook Twitter Instagram YouTube TikTok</p>",
    "<p>© 2025 Laras.id - All Rights Reserved</p>",
    "<p>Hubungi Kami | Redaksi | Tentang Kami</p>",
    "<p>Bagikan ke teman Anda</p>",
    "<p>Berita ini telah dibaca 120 kali</p>",
    "<p>Views: 120</p>",
    "<p>Tulisan ini adalah opini pribadi penulis dan tidak mewakili redaksi.</p>",
    "<p>*) Penulis adalah dosen Universitas Laras</p>",
    "<p>Diolah dari berbagai sumber</p>",
    "<p>Sumber berita: laras.id</p>",
    "<p>Artikel ini disadur dari Laras Post.</p>",
    "<p>Artikel asli dapat dibaca di sini.</p>",
    "<p>Demikian artikel tentang jembatan ambruk. Semoga bermanfaat.</p>",
    "<p>Previous: Harga Cabai Naik</p><p>Next: Klub Laras Menang</p>",
    "<p>Tinggalkan Balasan</p>",
    "<p>Kirim Komentar</p>",
    "<p>Nama *</p><p>Email *</p><p>Situs Web</p>",
    "<p>Berlangganan sekarang untuk mendapatkan berita.</p>",
    "<p>Masukkan email Anda</p>",
    "<p>Download aplikasi Laras di App Store</p>",
    "<p>Terbit: 2 Maret 2025</p>",
    "<p>Publikasi: 2 Maret 2025 10:00</p>",
    "<p>Topik: Banjir Jembatan</p>",
    "<p>Kategori: Daerah</p>",
    "<p>Posted in Daerah</p>",
    "<p>Selengkapnya di Laras.id</p>",
    "<p>Hak Cipta Dilindungi Undang-Undang</p>",
    "<p>Dapatkan notifikasi berita terbaru</p>",
    "<p>Aktifkan Notifikasi</p>",
    "<p>Kembali ke atas</p>",
    "<p>Back to top</p>",
    "<p>Ikuti Kuis</p>",
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


# Boxes that a reader fills in: a poll, a newsletter, a rating, a search.
FORMS = (
    "<div><p>Polling: siapa calon bupati pilihan Anda?</p><label><input type=radio name=x> Budi</label>"
    "<label><input type=radio name=x> Rina</label><button>Kirim suara</button></div>",
    "<div><h4>Dapatkan kabar terpilih di kotak masuk Anda</h4><input type=email><button>Daftar</button>"
    "<p>Dengan mendaftar, Anda menyetujui ketentuan yang berlaku di situs kami.</p></div>",
    "<div><p>Seberapa besar minat Anda pada berita daerah ini? Beri nilai dari satu sampai lima.</p>"
    "<select><option>1</option><option>2</option></select></div>",
    "<form><p>Belum menemukan berita yang Anda cari? Ketik kata kuncinya di bawah ini.</p><input name=q></form>",
)


@pytest.mark.parametrize("box", FORMS)
def test_a_box_that_a_reader_fills_in_goes(box: str) -> None:
    html = page(f"<h1>{TITLE}</h1><div>{story(TEXTS[:3])}{box}{story(TEXTS[3:])}</div>")
    assert accepted(html).paragraphs == TEXTS


@pytest.mark.parametrize("field", ["<input type=hidden name=id>", "<input type=submit value=Bagikan>"])
def test_a_paragraph_beside_a_field_that_nobody_fills_in_stays(field: str) -> None:
    boxes = "".join(f"<div><p>{text}</p>{field}</div>" for text in TEXTS)
    assert accepted(page(f"<h1>{TITLE}</h1><div>{boxes}</div>")).paragraphs == TEXTS


def test_an_article_within_the_form_of_a_whole_page_stays() -> None:
    html = page(f"<form><input name=q><h1>{TITLE}</h1><div>{story(TEXTS)}</div></form>")
    assert accepted(html).paragraphs == TEXTS


COMMENT_FORM = "<form><textarea name=comment placeholder='Tulis komentar'></textarea><button>Kirim</button></form>"
COMMENTS = (
    "<div><b>Andi</b><p>Semoga segera dibangun kembali jembatannya, kasihan warga di sana.</p></div>"
    "<div><b>Sari</b><p>Pemerintah harus cepat bertindak, jangan menunggu korban lagi.</p></div>"
)


def test_comments_below_the_place_where_they_are_written_go() -> None:
    html = page(f"<h1>{TITLE}</h1><div>{story(TEXTS)}{COMMENT_FORM}{COMMENTS}</div>")
    assert accepted(html).paragraphs == TEXTS


def test_an_article_below_a_hidden_dialogue_for_comments_stays() -> None:
    html = page(f"<div>{COMMENT_FORM}</div><h1>{TITLE}</h1><div>{story(TEXTS)}</div>")
    assert accepted(html).paragraphs == TEXTS


# Other articles, with a sentence of each, as many sites list them.
OTHERS = (
    "<div><h4><a href=/a>Harga Cabai Naik di Pasar Laras</a></h4><p>Harga cabai rawit di Pasar Laras naik dua kali "
    "lipat sejak pekan lalu karena hujan lebat.</p></div>"
    "<div><h4><a href=/b>Wali Kota Laras Dilantik Gubernur</a></h4><p>Wali Kota Laras yang baru dilantik gubernur di "
    "pendopo, disaksikan ratusan undangan.</p></div>"
)


def test_sentences_of_other_articles_below_their_heading_go() -> None:
    html = page(f"<h1>{TITLE}</h1><div>{story(TEXTS)}<h3>Berita Lainnya</h3>{OTHERS}</div>")
    assert accepted(html).paragraphs == TEXTS


def test_the_paragraphs_behind_a_list_of_other_articles_stay() -> None:
    html = page(f"<h1>{TITLE}</h1><div>{story(TEXTS[:3])}<h3>Berita Lainnya</h3>{OTHERS}{story(TEXTS[3:])}</div>")
    assert accepted(html).paragraphs == TEXTS


def test_an_article_s_own_parts_below_headings_with_a_link_stay() -> None:
    paragraphs = accepted(page(f"<h1>{TITLE}</h1><div>{story(TEXTS)}{OTHERS}</div>")).paragraphs
    assert any("Harga cabai rawit" in paragraph for paragraph in paragraphs)


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
        "Iklan itu dihapus oleh Google setelah warga mengeluh, kata juru bicaranya.",
        "Tutup iklan itu dengan kain, pesan pemilik toko kepada pegawainya.",
        "Terkini: harga cabai di pasar itu naik dua kali lipat sejak pekan lalu.",
        "Populer: begitulah nama warung yang berdiri sejak 1970 di tepi sungai itu.",
        "Ikuti terus perkembangan harga di pasar, kata lurah itu kepada warganya.",
        "Simak berita lainnya di koran itu, kata guru tersebut, lalu buat ringkasannya.",
        "Untuk informasi lebih lanjut, warga bisa mendatangi posko di balai desa.",
        "Dapatkan berita itu dari saksi mata, bukan dari aplikasi, kata pemimpin redaksi itu.",
        "Bagaimana pendapat Anda tentang jembatan itu, tanya wartawan kepada bupati.",
        "Tulis pendapat Anda tentang sungai itu, kata guru mereka, bukan komentar orang lain.",
        "Geser batu itu untuk melihat retakannya, kata petugas yang memeriksa jembatan.",
        "Simpan artikel itu untuk dibaca lagi, kata dosen tersebut kepada mahasiswanya.",
        "Terima kasih telah membaca keadaan kami, kata lurah itu kepada gubernur yang datang.",
        "Semoga bermanfaat bagi petani, kata bupati itu saat meresmikan jembatan.",
        "Jika Anda menemukan korban, jangan dipindahkan sebelum petugas datang, katanya.",
        "Dilarang mengambil pasir di sungai itu sejak jembatan lama retak.",
        "Diterbitkan oleh penerbit kecil di kota itu, bukunya laris.",
        "Diperbarui dua tahun lalu, jembatan itu tetap ambruk diterjang banjir.",
        "Kategori: anak-anak, remaja, dan dewasa. Begitu lomba itu dibagi.",
        "Label itu ditempel di setiap perahu, kata petugas dinas perhubungan.",
        "Laporan dari warga diterima posko pada Selasa malam, kata petugas itu.",
        "Berita ini telah dibaca semua warga desa, dan mereka marah besar.",
        "Facebook, Twitter dan Instagram milik lurah itu tidak bisa dibuka.",
        "Berikut video yang beredar itu diperiksa polisi, dan hasilnya palsu.",
        "Konten ini dibuat oleh warga desa itu sendiri dengan telepon genggam.",
    ],
)
def test_prose_that_reads_alike_stays(prose: str) -> None:
    html = page(f"<h1>{TITLE}</h1><div>{story((*TEXTS[:3], prose, *TEXTS[3:]))}</div>")
    assert prose in accepted(html).paragraphs
