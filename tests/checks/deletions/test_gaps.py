"""What is wrong with single gaps, check by check; what goes stands between braces."""

from collections.abc import Callable

import pytest

from summarizer.checks.deletions.clauses import breaks_relative, cuts_across, leaves_end_of_clause, loses_clause_link
from summarizer.checks.deletions.ends import breaks_beginning, breaks_end
from summarizer.checks.deletions.gaps import Gap, InnerGap
from summarizer.checks.deletions.marks import breaks_marks
from summarizer.checks.deletions.names import breaks_name, loses_office
from summarizer.checks.deletions.phrases import (
    joins_function_words,
    joins_unequal,
    leaves_apposition,
    leaves_complement,
    leaves_rest_of_phrase,
    loses_change,
    loses_coordination,
    loses_item,
    loses_list,
    loses_place,
    loses_substance,
    loses_which,
)
from summarizer.checks.deletions.predicates import loses_object, loses_subject, loses_verb, loses_who_speaks
from summarizer.checks.deletions.scope import loses_contrast, loses_count, loses_reference, loses_scope
from tests.checks.deletions.marked import gap, inner_gap

# A check, a sentence in which it finds a fault, and one like it in which it finds none.
_GAPS: list[tuple[Callable[[Gap], bool], str, str]] = [
    (breaks_marks, "Banjir (setinggi {dua meter)} datang.", "Banjir {(setinggi dua meter)} datang."),
    (breaks_marks, 'Budi menyebut {"kami lelah} bekerja" kemarin.', 'Budi menyebut {"kami lelah bekerja"} kemarin.'),
    (breaks_marks, '"Kami {pernah} lelah," kata Budi.', '"Kami lelah," kata Budi {kemarin} sore.'),
    (breaks_marks, "Banjir [setinggi {dua meter]} datang.", "Banjir {[setinggi dua meter]} datang."),
    (breaks_marks, "Budi menyebut {'kami lelah} bekerja' kemarin.", "Budi menyebut {'kami lelah bekerja'} kemarin."),
    (breaks_marks, "Film ‘Laskar {Besar} Laras’ tayang.", "Warga salat Jum'at {bersama} di Laras."),
    (breaks_marks, "Budi menyebut {«kami lelah} bekerja» kemarin.", "Budi menyebut {«kami lelah bekerja»} kemarin."),
    (loses_scope, "Polisi {tidak} menahan pelaku.", "Polisi {telah} menahan pelaku."),
    (loses_scope, "Warga mengungsi {bisa} menyelamatkan ternak.", "Warga mengungsi untuk {bisa} menyelamatkan ternak."),
    (loses_scope, "Warga desa {tidak pulang.}", "Warga desa pulang, {tidak bekerja.}"),
    (loses_scope, "Harga naik {jika} hujan turun.", "Harga naik, {jika hujan turun,} kata Budi."),
    (loses_contrast, "Laras kalah 0-2 {meski akhirnya menang.}", "Laras kalah 0-2 {di Girimulya.}"),
    (loses_count, "Banjir menewaskan 12 {orang} di Laras.", "Banjir menewaskan 12 {orang} warga."),
    (loses_count, "Warga pulang tanggal 3 {Mei} malam.", "Warga pulang tanggal 3 {Mei} hingga 5 Mei."),
    (loses_count, "Hal itu terjadi tahun 3 {kali} ini.", "Hal itu terjadi tahun 2019 {kali} ini."),
    (loses_count, "Banjir menewaskan 12 {orang.}", "Banjir menewaskan 12 {di Laras.}"),
    (loses_count, "Biayanya {sekitar} 7 miliar.", "Biayanya {hanya} 7 miliar."),
    (loses_count, "Harga naik {tiga} persen.", "Harga naik {pada tahun tiga,} persen."),
    (loses_reference, "Warga di {rumah} itu pulang.", "Warga di rumah {besar} itu pulang."),
    (loses_reference, "{Warga} itu pulang.", "{Kemarin} warga itu pulang."),
    (loses_reference, "Peristiwa {itu} terjadi.", "Peristiwa di Laras {itu} terjadi."),
    (loses_reference, "Menurut {Badan Kota} (BKX) itu.", "Menurut {Komisi Pemberantasan Korupsi} (KPK) itu."),
    (loses_office, "{Bupati Girimulya,} Ratna membuka taman.", "{Kemarin,} Ratna membuka taman."),
    (loses_office, "{Ketua} Badan Air, Ratna, datang.", "{Ketua} Badan Air datang."),
    (breaks_name, "Gubernur Ratna {Puspita} datang.", "Gubernur Ratna Puspita {kemarin} datang."),
    (breaks_name, "Warga menyambut {Ratna} Puspita kemarin.", "Warga menyambut {Ketua} Puspita kemarin."),
    (breaks_name, "Warga menyambut {Ketua Bidang} APINDO Ratna.", "Warga menyambut {Ketua Bidang} Ratna."),
    (breaks_name, "Banjir merendam {Badan Air (BAG)} Girimulya.", "Banjir merendam {warga (12)} Girimulya."),
    (breaks_name, "Warga menyambut Ratna {Direktur} Puspita.", "Warga menyambut Presiden {Direktur} Puspita."),
    (breaks_name, "Di {Presiden terpilih} Laras hujan turun.", "Di {Presiden} Laras hujan turun."),
    (breaks_name, "PT Surya {selaku pemilik} Glodok datang.", "PT Surya {selaku pemilik} gedung datang."),
    (breaks_name, "Kata Gubernur {Laras} tadi.", "Kata Gubernur {RI} tadi."),
    (breaks_beginning, "{Kebakaran itu} yang dipadamkan.", "{Kemarin,} kebakaran itu dipadamkan."),
    (breaks_beginning, "{Empat hal itu,} di antaranya, beras.", "{Empat hal itu,} beras dan gula."),
    (breaks_beginning, "{Beredar} video itu.", "{Sebuah} video beredar."),
    (breaks_beginning, "{Pada malam} warga pulang.", "{Sebanyak} 400 warga pulang."),
    (breaks_end, "Pemerintah membangun jembatan untuk {warga.}", "Pemerintah membangun jembatan {untuk warga.}"),
    (breaks_end, "Sari mengatakan {bahwa hujan turun.}", "Hujan turun {di Laras.}"),
    (breaks_end, "Panitia menggelar {rapat.}", "Panitia menggelar rapat {kemarin.}"),
    (breaks_end, "Itu membuat warga {terpukau.}", "Itu dilihat warga {terpukau.}"),
    (breaks_end, "Sari pindah musim panas {lalu.}", "Sari pindah pada Mei {lalu.}"),
    (breaks_end, "Ada dua taman, yaitu Taman Laras {dan Taman Kota.}", "Sari membuka Taman Laras {dan Taman Kota.}"),
    (breaks_end, "Warga membeli beras, {gula dan garam.}", "Warga membeli beras, {karena hujan.}"),
]

_INNER_GAPS: list[tuple[Callable[[InnerGap], bool], str, str]] = [
    (loses_coordination, "Beras {dan} gula naik.", "Beras {dan gula} naik."),
    (loses_coordination, "Warga {yang} - naik.", "Warga {itu} - naik."),
    (joins_function_words, "Warga pindah ke {rumah} di Laras.", "Warga pindah ke {rumah} Laras."),
    (joins_function_words, "Warga yang {terendam} dan pulang.", "Warga yang {terendam} pulang."),
    (joins_function_words, "Warga pergi dari {rumah} akan pulang.", "Warga pergi untuk {rumah} akan pulang."),
    (joins_function_words, "Warga keluar dari {rumah} untuk malam.", "Warga keluar dari {rumah} dalam kota."),
    (loses_place, "Warga berkumpul di {tengah} kota.", "Warga berkumpul di {sebuah} kota."),
    (loses_place, "Ada {pun} warga pulang.", "Ada {para} warga pulang."),
    (loses_change, "Harga naik 5 persen {menjadi} 60 persen.", "Harga naik 5 persen {(lima)} 60 persen."),
    (loses_change, "Di Pasal 5 ayat {(1)} undang-undang.", "Di rumah Budi {(1)} undang-undang."),
    (loses_which, "Pebalap tuan rumah {itu} unggul.", "Pebalap tuan rumah {baru} unggul."),
    (loses_which, "Pada musim panas {lalu} Sari pindah.", "Pada bulan Mei {lalu} Sari pindah."),
    (loses_which, "Ia tampil dalam {sebuah film} Laras.", "Ia tampil dalam {sebuah} Laras."),
    (loses_item, "Digelar di Laras, {di balai kota,} dan Girimulya.", "Digelar di Laras, {di balai kota,} pada Senin."),
    (loses_item, "Ia dan {orang} tertawa di sana.", "Ia dan {orang} warga di sana."),
    (loses_list, "Ada {dua pemain} yakni Sari.", "Ada pemain, {dua pemain} yakni Sari."),
    (loses_list, "Tertulis dalam {Anggaran} 2025 itu.", "Tertulis dalam {anggaran} 2025 itu."),
    (loses_substance, "Momen {menarik} terjadi di taman.", "Taman {menarik} terjadi di kota."),
    (leaves_rest_of_phrase, "Sari, {untuk pengumuman harga} resmi, datang.", "Sari, {untuk pengumuman harga,} datang."),
    (
        leaves_rest_of_phrase,
        "Penting {agar pasokan, terutama beras,} tidak naik.",
        "Penting {agar pasokan} tidak naik.",
    ),
    (leaves_apposition, "Ia membuka taman {untuk warga,} Sari.", "Ia membuka taman {untuk warga} Sari."),
    (leaves_complement, "Di Laras diberikan {piala oleh Sari kepada} Budi.", "Piala diberikan {langsung kepada} Budi."),
    (leaves_complement, "Gunung itu {dengan tinggi bervariasi} 400 meter.", "Gunung itu {setinggi itu} 400 meter."),
    (joins_unequal, "Itu diketahui {dari serikat makanan} dan minuman.", "Itu makanan {dari serikat} dan minuman."),
    (joins_unequal, "Beras dan {gula} menaikkan harga.", "Beras dan {gula,} menaikkan harga."),
    (loses_clause_link, "Ia buka suara {soal kabar bahwa} harga naik.", "Ia buka suara {soal kabar} bahwa harga naik."),
    (loses_clause_link, "Ia bekerja {dengan warga untuk} membangun.", "Ia bekerja {dengan warga yang} membangun."),
    (loses_clause_link, "Ia datang untuk {warga dengan} membangun taman.", "Warga yang {bekerja untuk} Laras pulang."),
    (loses_clause_link, "Ia {mengatakan} bahwa harga naik.", "Ia {dan} bahwa harga naik."),
    (breaks_relative, "Hari {ada kecelakaan} yang fatal.", "Hari {itu} yang fatal."),
    (breaks_relative, "Warga yang {membawa} Sari pulang.", "Warga yang {lama} bekerja pulang."),
    (breaks_relative, "Warga yang {tinggal bersama} Sari pulang.", "Warga yang {tinggal bersama} kerabat pulang."),
    (breaks_relative, "Warga {yang membawa} golok pulang.", "Warga {yang membawa golok,} pulang."),
    (
        breaks_relative,
        "Roket {yang ditembakkan ke wilayah} besar jatuh.",
        "Roket {yang ditembakkan ke wilayah} itu jatuh.",
    ),
    (loses_who_speaks, "Kata {Sari,} Senin kemarin.", "Kata {Sari,} warga kemarin."),
    (loses_who_speaks, "Warga mengatakan {mereka} membuka taman.", "Warga mengatakan {sering} membuka taman."),
    (loses_who_speaks, "Dia {mengatakan} pihaknya pulang.", "Dia pulang {karena} warga mengatakan."),
    (loses_subject, "Kemarin, {Sari} membuka taman.", "Kemarin {Sari} membuka taman."),
    (loses_subject, "Taman itu {dibuka mereka} kemarin.", "Taman itu {dibuka mereka} di Laras."),
    (loses_subject, "Ketika {harga beras} menurun, warga pulang.", "Ketika {harga beras,} menurun, warga pulang."),
    (loses_subject, "Beras diambil {oleh warga} akan dijual.", "Beras datang {oleh warga} Laras dijual."),
    (loses_object, "Panitia menggelar {rapat} pada Senin.", "Panitia menggelar {rapat} dewan."),
    (loses_object, "Ia menawarkan {hal itu saat menerima} Sari.", "Ia menawarkan {hal itu} Sari."),
    (loses_verb, "Sari {menjawab pertanyaan} merupakan wali kota.", "Sari, {menjawab pertanyaan} merupakan wali kota."),
    (loses_verb, "Ia datang untuk {melakukan pertemuan dengan} Sari.", "Ia datang, {melakukan pertemuan dengan} Sari."),
    (cuts_across, "Hujan {turun. Warga} pulang ke rumah.", "Hujan {turun, warga} dan pulang ke rumah."),
    (cuts_across, "Hujan {turun, warga} pulang ke rumah.", "Hujan {turun, warga,} pulang ke rumah."),
    (leaves_end_of_clause, "Sari, {yang lahir di Laras,} tanggal 3 Mei.", "Sari, {yang lahir di Laras,} menang."),
]


@pytest.mark.parametrize(("check", "marked"), [(check, wrong) for check, wrong, _ in _GAPS])
def test_a_check_finds_a_gap_that_may_not_be(check: Callable[[Gap], bool], marked: str) -> None:
    assert check(gap(marked))


@pytest.mark.parametrize(("check", "marked"), [(check, right) for check, _, right in _GAPS])
def test_a_check_leaves_a_good_gap_alone(check: Callable[[Gap], bool], marked: str) -> None:
    assert not check(gap(marked))


@pytest.mark.parametrize(("check", "marked"), [(check, wrong) for check, wrong, _ in _INNER_GAPS])
def test_a_check_finds_words_that_may_not_meet(check: Callable[[InnerGap], bool], marked: str) -> None:
    assert check(inner_gap(marked))


@pytest.mark.parametrize(("check", "marked"), [(check, right) for check, _, right in _INNER_GAPS])
def test_a_check_leaves_words_alone_that_may_meet(check: Callable[[InnerGap], bool], marked: str) -> None:
    assert not check(inner_gap(marked))


def test_a_gap_at_an_end_of_a_sentence_is_no_inner_gap() -> None:
    assert gap("{Kemarin,} hujan turun.").inner is None
