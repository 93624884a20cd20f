"""What may never go from a sentence, and what can stay."""

import pytest

from summarizer.checks import find_deletion_faults, may_meet
from tests.checks.deletions.marked import cut


@pytest.mark.parametrize(
    "marked",
    [
        # Negatives, modals, hedges and conditions, while what they bear on stays.
        "Polisi {tidak} menemukan bukti di rumah itu.",
        "Polisi {belum} menahan pelaku.",
        "Pemerintah {akan} menaikkan harga beras.",
        "Budi {diduga} mencuri sepeda motor.",
        "Jembatan itu {mungkin} ditutup pekan depan.",
        "Ia {mantan} gubernur di dua provinsi.",
        "Harga naik {jika} hujan turun.",
        "Dana itu {hampir tidak} cukup untuk membeli beras.",
        # Who says what is an opinion, a charge or a guess.
        "{Budi menilai} kebijakan itu merugikan petani.",
        "{Menurut Sari,} pemerintah harus membuka data itu.",
        "{Polisi menyebut} Budi menjadi tersangka kasus korupsi.",
        "Pemerintah harus membuka data itu, {kata Sari.}",
        # Numbers, their units and what they count.
        "Kebakaran itu menewaskan 12 {orang} di Girimulya.",
        "Biayanya Rp 7,5 {miliar} tahun ini.",
        "Biayanya {sekitar} 7,5 miliar rupiah.",
        "Biayanya {Rp} 7,5 miliar.",
        "Biayanya naik {tiga} persen.",
        "Harga naik dari 5 persen {menjadi} 60 persen.",
        "Aturan itu ada di Pasal 5 ayat {(1)} undang-undang.",
        "Sari (40), Budi {(35)} dan Tono (12) datang.",
        # Places, and words of two parts.
        "Warga berkumpul di {tengah} kota.",
        "Ada {pun} warga pulang.",
        # Which one, when, and what somebody is made to do; one of several.
        "Pebalap tuan rumah {itu} unggul di Laras.",
        "Sari pindah ke Laras musim panas {lalu.}",
        "Pesona itu membuat warga {terpukau.}",
        "Ia tampil dalam {sebuah film} Laras di bioskop.",
        "Unjuk rasa digelar di Laras, {di depan balai kota,} dan Girimulya.",
        "Ia membuat Sari dan {orang-orang yang hadir} tertawa.",
        # What says nothing alone, and the rest of a phrase or clause.
        "Momen {menarik} terjadi di taman.",
        "Sari, {untuk pengumuman harga} resmi, berangkat ke Laras.",
        "Langkah itu penting {agar pasokan, terutama beras,} tidak terganggu.",
        "Budi mengungkapkan dalam {sebuah buku} pernah sakit.",
        "{Empat hal itu,} di antaranya, beras dan gula.",
        "Taman dibuka wali kota {terpilih} Laras.",
        # Halves.
        "Banjir tidak hanya merendam sawah, {tetapi juga memutus jalan.}",
        "Banjir {tidak hanya merendam sawah,} tetapi memutus jalan.",
        "Baik sawah {maupun kebun} terendam.",
        # What "itu" points to; names; quotations and brackets.
        "Warga di {rumah} itu mengungsi.",
        "Gubernur Ratna {Puspita} mengatakan hujan turun.",
        "Universitas {Laras} membuka kampus baru.",
        '"Kami {tidak pernah} lelah bekerja," kata Budi.',
        'Budi menyebut {"kami lelah} bekerja" kepada warga.',
        "Banjir (setinggi {dua meter)} merendam sawah.",
        # Words that can't meet, begin or end.
        "Warga pindah ke {rumah kerabat} di Girimulya.",
        "Warga yang {rumahnya terendam} dan mengungsi pulang.",
        "Pemerintah membangun jembatan untuk {warga.}",
        "{Kebakaran itu} yang menewaskan dua orang dipadamkan.",
        "{Warga segera} membangun jembatan baru.",
        "Panitia menggelar {rapat} pada hari Senin.",
        "Beras {dan} gula naik.",
        # The office of who isn't introduced; the office, but not the body that it is held in.
        "{Bupati Girimulya,} Ratna Puspita, membuka taman.",
        "{Ketua Bidang Kebijakan} APINDO Ratna Puspita membuka taman.",
        # The verb; an abbreviation that is used again.
        "Wali Kota Girimulya Ratna Puspita {membuka taman} yang baru.",
        "Badan Air Girimulya {(BAG)} menutup pintu air, kata kepala BAG itu.",
        "Warga yang tinggal di tepi sungai {menolak rencana itu.}",
        "{Beredar sebuah} video yang menampilkan Ratna.",
        "{Itulah} alasan Ratna pergi ke Laras.",
        # What is said, asked or seen, and who says it.
        "Sari mengatakan {bahwa hujan turun.}",
        "Warga meminta {agar jalan dibuka.}",
        "Wali kota memberikan {sebuah pernyataan.}",
        "Petugas perlu memperhatikan {bahwa jalan licin.}",
        '"Hujan turun," kata {Sari di Laras.}',
        "Wali Kota Sari {saat ditemui di Laras menjelaskan,} jalan dibuka.",
        "Sari, {kata warga, mengatakan} jalan dibuka.",
        # The clause that the sentence is about; what takes back the rest.
        "Sementara untuk stok gula, {gudang hanya punya seribu ton.}",
        "Setelah hujan reda, {warga pulang.}",
        "Laras kalah 0-2 dari Girimulya {walau akhirnya menang 3-2.}",
        # A part of a clause, of a list, of what "yaitu" announces.
        "Budi, {yang lahir di Laras,} tanggal 10 Mei 1963, wafat.",
        "Pengguna {di Laras,} Girimulya, dan desa lain mengeluh.",
        "Wali kota membuka taman {untuk warga,} yaitu Taman Laras.",
        "Udara masih dalam {kondisi} tidak sehat.",
        "Taman dibuka Senin (3/2) {dan ditutup Rabu (5/2).}",
        "Ada dua taman, yaitu Taman Laras {dan Taman Kota.}",
        "Dua taman baru itu adalah Taman Laras {(teduh) dan Taman Kota.}",
        "Selain membuka taman, Wali Kota Sari {menanam pohon.}",
        "Budi {yang semula berada} di urutan kedua turun ke urutan ketiga.",
        "Warga menyambut {Presiden terpilih} Laras Ratna Puspita di taman.",
        # What somebody holds; what limits it.
        "{Menurut dia,} taman itu memperkuat fungsi kota.",
        "{Menurut Sari,} jalan itu aman.",
        "Warga membantu {terutama} desa yang jauh.",
        # The body that somebody speaks for is not he.
        "{Sementara itu, CEO} Laras Air, Ratna Puspita mengatakan hujan turun.",
    ],
)
def test_what_may_not_go(marked: str) -> None:
    words, kept = cut(marked)
    assert not all(kept)
    assert find_deletion_faults(words, kept)


@pytest.mark.parametrize(
    "marked",
    [
        "Kebakaran melanda pasar Girimulya {pada Senin malam.}",
        "{Namun,} harga beras tetap naik.",
        "Wali Kota Ratna Puspita{ } mengatakan taman itu {yang dibuka kemarin} menelan biaya Rp7,5 miliar.",
        "Ratna Puspita, {wali kota sejak 2019,} membuka taman itu.",
        "{Presiden Direktur} Ratna Puspita membuka taman baru.",
        "Warga {(sekitar 400 orang)} mengungsi ke sekolah.",
        "{Sebanyak} 400 warga mengungsi ke sekolah.",
        "Sungai itu meluap, {sehingga tidak ada mobil yang bisa lewat.}",
        "{Ratna mengatakan} jembatan itu dibuka hari Senin.",
        "Jembatan itu {telah} dibuka {oleh} Ratna.",
        "Kementerian {Keuangan (Kemenkeu)} menunda insentif itu.",
        "Banjir tidak hanya merendam sawah, tetapi juga memutus jalan {di dua desa.}",
        "Warga mengungsi untuk {bisa} menyelamatkan ternak.",
        "Mereka mengungsi sejak 22 April {2025.}",
        "Sari menuturkan, {saat ditemui di Laras,} warga pulang.",
        "Warga yang tinggal di tepi sungai menolak usulan {yang dibuat wali kota.}",
        "{Sementara itu,} CEO Laras Air, Ratna Puspita, membuka taman.",
        "{Sementara itu, CEO} Ratna Puspita membuka taman.",
        "{Meski hujan turun,} warga pulang.",
        "{Menurut data kota,} 400 warga mengungsi ke sekolah.",
        "Ada beberapa taman {yang dibuka,} yaitu Taman Laras dan Taman Kota.",
        "Setelah hujan reda, warga pulang {ke rumah mereka.}",
    ],
)
def test_what_may_go(marked: str) -> None:
    words, kept = cut(marked.replace("{ }", ""))
    assert not all(kept)
    faults = find_deletion_faults(words, kept)
    if "Kementerian" in marked:
        # A part of a name may not go, even with its abbreviation.
        assert faults
    else:
        assert faults == []


def test_what_is_whole_or_gone_has_no_fault() -> None:
    words = ["Polisi", "tidak", "menemukan", "bukti."]
    assert find_deletion_faults(words, [True] * 4) == find_deletion_faults(words, [False] * 4) == []


@pytest.mark.parametrize("after", ["", "BAG menolak."])
def test_an_abbreviation_may_go_if_nobody_uses_it(after: str) -> None:
    words, kept = cut("Badan Air Girimulya {(BAG)} menutup pintu air.")
    assert bool(find_deletion_faults(words, kept, after)) == bool(after)


def test_a_well_known_abbreviation_may_stand_for_its_name() -> None:
    assert may_meet(["Menurut", "Komisi", "Pemberantasan", "Korupsi", "(KPK)", "berkas", "itu", "lengkap."], 0, 4)


@pytest.mark.parametrize(
    "sentence",
    [
        # An abbreviation that the glossary lacks, and one that stands for other words.
        "Menurut Komisi Permata Kota (KPXK) berkas itu lengkap.",
        "Menurut Badan Air Laras (KPK) berkas itu lengkap.",
        "Menurut Komisi Pasar Laras (KPK) berkas itu lengkap.",
    ],
)
def test_another_abbreviation_may_not_stand_for_its_name(sentence: str) -> None:
    assert not may_meet(sentence.split(), 0, 4)
