import os
import subprocess
import sys

import pytest

from summarizer.checks import check_abstract, check_abstract_sentence, find_support, skip_bigram_coverage
from summarizer.text.sentences import split_sentences
from tests.conftest import ARTICLE

SENTENCES = split_sentences(ARTICLE.replace("\n", " "))
LONG = (
    "Badan Pusat Statistik mencatat inflasi 2,3 persen pada (15/10). Dua puluh warga Bandung mengadu ke KPK. "
    "Presiden Prabowo Subianto dan Joko Widodo bertemu. “Kami akan membangun, merawat, dan menjaga taman itu,” kata "
    "Rina Nur'aini dari Uni-Eropa. Anggarannya 1,2 juta dolar AS untuk 350 rumah."
)

MEETING = (
    "Wali Kota Budi Wijaya bertemu Agus Santoso pada Senin (12/5/2025) pukul 10.00. Budi berkata, “Kami akan membangun "
    "8 rumah baru untuk warga kota.” Biayanya Rp8.145.000.000 atau 6 persen dari anggaran. Sebanyak 9 orang datang "
    "pada 14-16 Juni. Kesebelasan Laras menang 3-1. Dirut PT Laras Jaya dan aktor Atalarik Syahputra hadir, kata "
    "A.M. HendropriyonoSekretaris. KPK membahas aturan di Komisi 2, kuartal kedua."
)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Budi Wijaya bertemu Santoso pada 12 Mei 2025 dan 12/5.", MEETING),
        ("Acara itu pada 14 dan 16 Juni, bukan 14 juni saja.", MEETING),
        ("Laras menang 3-1, lawannya kalah 1-3.", MEETING),
        ("Biayanya Rp8,1 miliar, 6% dari anggaran.", MEETING),
        ("Ada 8 rumah untuk 9 warga.", MEETING),
        ("Dirut Laras dan Atalarik S. hadir.", MEETING),
        ("Komisi Pemberantasan Korupsi datang ke Komisi 2.", MEETING),
        (
            "Ia berkata, “Saya datang ke sini. Saya senang sekali.”",
            "“Saya datang ke sini,” katanya. “Saya senang sekali.”",
        ),
        ("Pemkab Batang menolak.", "Pemerintah Kabupaten Batang menolak."),
        ("Kemenkumham menolak.", "Kementerian Hukum dan HAM menolak."),
        ("Mendikdasmen datang.", "Menteri Pendidikan Dasar dan Menengah datang."),
        ("Biayanya 9 juta Rupiah.", "Biayanya Rp9 juta."),
        ("Wali Kota Ratna Puspita membuka taman senilai Rp7,5 miliar.", ARTICLE),
        ("Taman di tepi Sungai Laras-nya dibuka.", ARTICLE),
        ("BPS mencatat inflasi 2,3% pada 15 Oktober.", LONG),
        ("Sebanyak 20 warga mengadu ke Komisi Pemberantasan Korupsi.", LONG),
        ("Warga se-Bandung mengadu.", LONG),
        ("Kata Rina Nuraini, “Kami akan membangun ... dan menjaga taman itu.”", LONG),
        ("Ia berkata, “Macet... macet... macet... [tertawa] sekali.”", "Ia: macet, macet, macet sekali."),
        ("", LONG),
        ("Yayasan GlobalHealth menolak.", "Yayasan Global Health menolak."),
        # A middle name left out; an office in front of two names.
        ("Anies Baswedan bertemu Agus Santoso.", "Anies Rasyid Baswedan bertemu Bapak Agus Santoso."),
        ("Menteri Santoso datang.", "Menteri Agama datang. Bapak Santoso pergi."),
    ],
)
def test_supported(text: str, source: str) -> None:
    assert check_abstract(text, source) == []


@pytest.mark.parametrize(
    ("text", "source", "pieces"),
    [
        # What a source has each by itself, and not together.
        ("Budi Santoso datang.", MEETING, ["Budi Santoso"]),
        ("Agus Wijaya datang.", MEETING, ["Agus Wijaya"]),
        ("Ia datang pada 14 Mei.", MEETING, ["14 Mei"]),
        ("Ia datang pada Senin (12/6).", MEETING, ["12/6"]),
        ("Laras menang 3-8.", MEETING, ["3-8"]),
        # The right digits with another unit or scale.
        ("Biayanya 9 persen.", MEETING, ["9"]),
        ("Sebanyak 6 orang datang.", MEETING, ["6"]),
        ("Sebanyak 8 orang datang.", MEETING, ["8"]),
        ("Jaraknya 9 kilometer.", MEETING, ["9"]),
        ("Biayanya Rp8,1 juta.", MEETING, ["8,1 juta"]),
        ("Biayanya Rp8,2 miliar.", MEETING, ["8,2 miliar"]),
        # One word of a quotation, an abbreviation from nowhere, a long name without its abbreviation.
        (
            "Kata Budi, “Kami akan membangun 8 rumah lama untuk warga kota.”",
            MEETING,
            ["Kami akan membangun 8 rumah lama untuk warga kota."],
        ),
        ("Yayasan GlobalHealth menolak.", "Yayasan Global menolak.", ["GlobalHealth"]),
        ("Polda datang.", "Fakultas Ilmu Politik Universitas Udayana", ["Polda"]),
        ("Warga negara (WNA) datang ke PDKT.", MEETING, ["WNA", "PDKT"]),
        ("Komisi Perlindungan Konsumen datang.", "Ia bertemu Komisi itu di kantor kpk.", ["Perlindungan", "Konsumen"]),
        ("Rina Puspita membuka taman.", ARTICLE, ["Rina"]),
        ("Taman itu menelan Rp75 miliar di KPK.", ARTICLE, ["75 miliar", "KPK"]),
        ("Biayanya Rp8,5 miliar di Sungai Barito.", ARTICLE, ["8,5 miliar", "Barito"]),
        ("Taman dibuka pada Senin.", ARTICLE, ["Senin"]),
        ("Presiden Joko Subianto datang.", LONG, ["Joko Subianto"]),
        ("Kata Rina, “Kami akan membongkar taman itu besok.”", LONG, ["Kami akan membongkar taman itu besok."]),
        ("Warga se-Surabaya mengadu.", LONG, ["se-Surabaya"]),
    ],
)
def test_unsupported(text: str, source: str, pieces: list[str]) -> None:
    assert [fault.piece for fault in check_abstract(text, source)] == pieces


def test_a_sentence_of_other_words_is_a_fault() -> None:
    assert check_abstract_sentence("Taman itu menelan biaya di kota.", SENTENCES) == []
    [fault] = check_abstract_sentence("Sejumlah guru menilai aplikasi keliru.", SENTENCES)
    assert fault.kind == "sentences"
    assert check_abstract_sentence("Ya, di.", SENTENCES) == []


def test_what_points_back_is_a_fault_where_nothing_stands_in_front() -> None:
    sentence = "Biaya taman tersebut Rp7,5 miliar."
    assert check_abstract_sentence(sentence, SENTENCES) == []
    assert [fault.kind for fault in check_abstract_sentence(sentence, SENTENCES, before="")] == ["opening"]
    assert check_abstract_sentence(sentence, SENTENCES, before="Wali Kota membuka taman.") == []


def test_a_number_at_fault_does_not_hide_a_date_that_holds_its_digits() -> None:
    faults = check_abstract("Rapat pada 12 Mei dihadiri 2 orang.", "Rapat digelar 13 Mei, sidang 12 Juni.")
    assert {"2", "12 Mei"} <= {fault.piece for fault in faults}


def test_support_names_the_sentences() -> None:
    paragraphs = ["Hujan turun. Wali Kota Ratna Puspita membuka taman.", "Taman itu menelan biaya Rp7,5 miliar."]
    first, second = find_support("Ratna Puspita membuka taman seharga Rp7,5 miliar. Ayam jantan berkokok.", paragraphs)
    assert first.positions == ((0, 1), (1, 0))
    assert first.sources == ("Wali Kota Ratna Puspita membuka taman.", "Taman itu menelan biaya Rp7,5 miliar.")
    assert 0.5 < first.share <= 1
    assert (second.positions, second.share) == ((), 0.0)
    assert find_support("", paragraphs) == []
    assert find_support("Satu kalimat.", [])[0].positions == ()


TIE = """
import json, sys
from summarizer.checks import find_support
paragraphs = [
    "Gudang sayur, kios bunga, pasar ikan, dermaga nelayan, balai warga dibangun.",
    "Dibangun balai warga, dermaga nelayan, pasar ikan, kios bunga, gudang sayur.",
    "Warga menunggu dermaga dan gudang.",
]
print(json.dumps([support.positions for support in find_support(" ".join(sys.argv[1:]), paragraphs)]))
"""


def test_support_is_the_same_in_every_process() -> None:
    sentence = "Balai warga, gudang sayur, kios bunga, pasar ikan dan dermaga nelayan segera dibangun."
    command = [sys.executable, "-c", TIE, sentence]
    found = {
        subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": str(seed)}, capture_output=True, check=True).stdout
        for seed in range(6)
    }
    assert found == {b"[[[0, 0]]]\n"}


PRICES = (
    "Harga cabai naik dari Rp40.000 menjadi Rp65.000 per kilogram. Pedagang pasar mengeluhkan pasokan yang menipis. "
    "Pemerintah daerah menyiapkan operasi pasar murah dengan 12 ton beras. Sebanyak 12 sekolah libur karena banjir."
)


@pytest.mark.parametrize(
    "text",
    [
        "Harga cabai melonjak dari Rp40.000 menjadi Rp65.000.",
        "Pemerintah menyiapkan 12 ton beras untuk operasi pasar.",
        "Kenaikan harga cabai menjadi Rp65.000 dikeluhkan.",
        "Libur berlaku bagi 12 sekolah.",
    ],
)
def test_numbers_among_their_neighbours(text: str) -> None:
    assert check_abstract_sentence(text, split_sentences(PRICES)) == []


@pytest.mark.parametrize(
    ("text", "kind", "piece"),
    [
        ("Harga cabai naik 12 per kilogram.", "number", "12"),
        ("Presiden Santoso membangun rumah baru.", "name", "Santoso"),
    ],
)
def test_numbers_and_names_among_other_words(text: str, kind: str, piece: str) -> None:
    source = f"{PRICES} Agus Santoso menonton pertandingan bola. Presiden membangun rumah baru."
    faults = check_abstract_sentence(text, split_sentences(source))
    assert (kind, piece) in [(fault.kind, fault.piece) for fault in faults]


def test_a_quotation_is_of_one_place() -> None:
    far = "Warga lain membahas hal yang berbeda di tempat yang jauh dari sana pada hari berikutnya. " * 6
    source = f"“Kami akan membangun taman,” kata Budi. {far} “Kami tidak tahu apa-apa,” kata Andi."
    joined = "Kata Budi, “Kami akan membangun taman. Kami tidak tahu apa-apa.”"
    assert [fault.kind for fault in check_abstract(joined, source)] == ["quotation"]
    assert check_abstract(joined, source.replace(far, "")) == []


@pytest.mark.parametrize(
    ("sentence", "least", "most"),
    [
        ("Wali Kota Ratna Puspita mengatakan taman itu menelan biaya Rp7,5 miliar.", 1.0, 1.0),
        ("Taman menelan biaya Rp7,5 miliar, kata Wali Kota Ratna Puspita.", 0.8, 1.0),
        ("Pemerintah Kota Girimulya membayar warga sampai Minggu.", 0.0, 0.6),
        ("Presiden mengunjungi pabrik sepatu.", 0.0, 0.0),
        ("Itu dia.", 1.0, 1.0),
        ("", 1.0, 1.0),
    ],
)
def test_neighbours_are_to_be_neighbours_in_the_source(sentence: str, least: float, most: float) -> None:
    assert least <= skip_bigram_coverage(sentence, SENTENCES) <= most


def test_pairs_are_found_whatever_their_affixes() -> None:
    assert skip_bigram_coverage("Pembangunan jembatan lama", ["Mereka membangun jembatan lama."]) == 1.0
    assert skip_bigram_coverage("Taman", []) == 1.0
    assert skip_bigram_coverage("Taman kota", []) == 0.0


@pytest.mark.parametrize(
    ("text", "source", "pieces"),
    [
        ("Pemangkasan dipicu penipuan.", "Bank memangkas bunga karena krisis harga.", ["penipuan"]),
        ("Seorang warga tewas.", "Seorang warga jatuh dan dirawat.", ["tewas"]),
        ("Seorang warga tewas.", "Nyawa seorang warga tak tertolong.", []),
        ("Ia tersangka korupsi.", "Tersangka itu ditahan KPK.", []),
        ("Bupati mengundurkan diri.", "Bupati itu mundur.", []),
        ("Bupati mengundurkan diri.", "Bupati itu bertahan.", ["mengundurkan diri"]),
    ],
)
def test_serious_matters_must_be_the_sources(text: str, source: str, pieces: list[str]) -> None:
    assert [fault.piece for fault in check_abstract(text, source) if fault.kind == "serious"] == pieces


def test_rounded_amounts_stand_among_their_words() -> None:
    source = (
        "Kerugian negara senilai Rp 13,255 triliun diserahkan. Ia berkata. Ia pulang. Rp13,2 triliun bukan angka kecil."
    )
    assert check_abstract("Kejaksaan mengembalikan kerugian negara Rp 13,2 triliun.", f"Kejaksaan. {source}") == []


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Ketua Komisi II Aria Bima hadir.", ["Ketua Komisi"]),
        ("Wakil Ketua Komisi II Aria Bima hadir.", []),
        ("Bupati Laras Ratna Puspita hadir.", ["Bupati Laras"]),
        ("Presiden Joko Widodo hadir.", []),
        ("Aria Bima hadir.", []),
    ],
)
def test_nobody_is_promoted(text: str, pieces: list[str]) -> None:
    source = (
        "Wakil Ketua Komisi II DPR Aria Bima dan calon Bupati Laras Ratna Puspita hadir. "
        "Presiden Joko Widodo hadir bersama calon Presiden Joko Widodo."
    )
    assert [fault.piece for fault in check_abstract(text, source)] == pieces


REPORTS = (
    "Kisruh Sartika dengan mantan karyawannya, Ayu Wulandari, masih berlanjut. Bukan hanya Sartika, Ayu juga "
    "melaporkan Bagas Nugraha ke polisi di Girimulya. Sartika sempat dilaporkan oleh Ayu Wulandari pekan lalu. Wali "
    "Kota Ratna Puspita meninjau pasar. Ia meminta warga tenang. Kepala dinas di Girimulya menutup tiga kios. "
    "Sartika membantah kabar itu dan tidak menyesal. Bagas tidak pulang. Polisi belum memeriksa saksi."
)


@pytest.mark.parametrize(
    ("sentence", "kinds"),
    [
        ("Sartika juga melaporkan Bagas Nugraha ke polisi.", ["agent"]),
        ("Bagas Nugraha telah dilaporkan Sartika.", ["agent"]),
        ("Ayu dilaporkan ke polisi.", ["agent"]),
        ("Bagas Nugraha meninjau pasar.", ["agent"]),
        ("Ayu Wulandari melaporkan Bagas Nugraha.", []),
        ("Bagas dilaporkan Ayu.", []),  # the article has it the other way about: melaporkan Bagas
        ("Wali Kota Ratna meninjau pasar.", []),
        ("Ratna Puspita meminta warga tenang.", []),  # "Ia" may be anybody
        ("Kepala dinas di Girimulya meninjau kios.", []),  # behind a preposition, Girimulya does nothing
        ("Tiga kios ditutup kepala dinas.", []),
        ("Polisi memeriksa saksi.", ["negation"]),
        ("Polisi belum memeriksa saksi.", []),
        ("Bagas pulang.", ["negation"]),
        ("Sartika tidak membantah kabar itu.", ["negation"]),
        ("Warga tidak melaporkan Bagas.", ["negation"]),
    ],
)
def test_who_does_what_and_what_is_negated(sentence: str, kinds: list[str]) -> None:
    assert [fault.kind for fault in check_abstract_sentence(sentence, split_sentences(REPORTS))] == kinds


def test_an_empty_article_holds_nothing() -> None:
    assert [fault.kind for fault in check_abstract("Sartika melaporkan Bagas.", "")] == ["name", "name"]
