import pytest

from summarizer.checks import (
    Support,
    check_abstract,
    check_abstract_sentence,
    find_support,
    measure_support,
    skip_bigram_coverage,
)
from summarizer.text.sentences import split_paragraphs, split_sentences
from tests.conftest import ARTICLE, python

SENTENCES = split_sentences(ARTICLE)
PRICES = split_sentences(
    "Harga cabai naik dari Rp40.000 menjadi Rp65.000 per kilogram. Pedagang pasar mengeluhkan pasokan yang menipis. "
    "Pemerintah daerah menyiapkan operasi pasar murah dengan 12 ton beras. Sebanyak 12 sekolah libur karena banjir. "
    "Agus Santoso menonton pertandingan bola. Presiden membangun rumah baru."
)
REPORTS = split_sentences(
    "Sartika membantah kabar itu dan tidak menyesal. Bagas tidak pulang. Polisi belum memeriksa saksi di Girimulya. "
    "Ayu Wulandari melaporkan Bagas ke polisi."
)
LONG = (
    "Badan Pusat Statistik mencatat inflasi 2,3 persen pada (15/10). Dua puluh warga Bandung mengadu ke KPK. "
    "Presiden Prabowo Subianto dan Joko Widodo bertemu. “Kami akan membangun, merawat, dan menjaga taman itu,” kata "
    "Rina Nur'aini dari Uni-Eropa. Anggarannya 1,2 juta dolar AS untuk 350 rumah."
)

MEETING = (
    "Wali Kota Budi Wijaya bertemu Agus Santoso pada Senin (12/5/2025) pukul 10.00. Budi berkata, “Kami akan membangun "
    "8 rumah baru untuk warga kota.” Biayanya Rp8.145.000.000 atau 6 persen dari anggaran. Sebanyak 9 orang datang "
    "pada 14-16 Juni. Kesebelasan Laras menang 3-1. Dirut PT Laras Jaya dan aktor Atalarik Syahputra hadir. "
    "KPK membahas aturan di Komisi 2, kuartal kedua."
)
LOSS = "Kejaksaan menyerahkan kerugian negara senilai Rp 13,255 triliun."


@pytest.mark.parametrize(
    ("text", "source", "pieces"),
    [
        ("Budi Wijaya bertemu Santoso pada 12 Mei 2025 dan 12/5.", MEETING, []),
        ("Acara itu pada 14 dan 16 Juni, bukan 14 juni saja.", MEETING, []),
        ("Biayanya Rp8,1 miliar, 6% dari anggaran.", MEETING, []),
        ("Ia: “Saya datang ke sini. Saya senang sekali.”", "“Saya datang ke sini,” ujarnya. “Saya senang sekali.”", []),
        ("Mendikdasmen datang.", "Menteri Pendidikan Dasar dan Menengah datang.", []),
        ("Taman di tepi Sungai Laras-nya dibuka.", ARTICLE, []),
        ("Warga se-Bandung mengadu.", LONG, []),
        ("Kata Rina Nuraini, “Kami akan membangun ... dan menjaga taman itu.”", LONG, []),
        ("Ia berkata, “Macet... macet... macet... [tertawa] sekali.”", "Ia: macet, macet, macet sekali.", []),
        ("", LONG, []),
        # A middle name left out; an office in front of two names.
        ("Anies Baswedan bertemu Agus Santoso.", "Anies Rasyid Baswedan bertemu Bapak Agus Santoso.", []),
        ("Menteri Santoso datang.", "Menteri Agama datang. Bapak Santoso pergi.", []),
        ("Seorang warga tewas.", "Nyawa seorang warga tak tertolong.", []),
        ("Laras menang 3-1, lawannya kalah 1-3.", MEETING, []),
        ("Suhu turun 5 derajat.", "Suhu minus 5 derajat.", []),
        ("Suhunya minus 5 derajat.", "Suhu 5 derajat di bawah nol.", []),
        ("Laras menang 3-1.", "Kesebelasan lawan kalah 1-3 dari Laras.", []),
        ("Laras menang 3-0.", "Kesebelasan Laras menggulung lawannya, 0-3.", []),
        # Amounts may be rounded, up or down.
        *((f"Kejaksaan mengembalikan Rp 13,{digit} triliun.", LOSS, []) for digit in (2, 3)),
        # What a source has each by itself, and not together.
        ("Budi Santoso datang.", MEETING, ["Budi Santoso"]),
        ("Ia datang pada Senin (12/6).", MEETING, ["12/6"]),
        # The right digits with another unit or scale.
        ("Biayanya 9 persen.", MEETING, ["9"]),
        ("Sebanyak 8 orang datang.", MEETING, ["8"]),
        ("Biayanya Rp8,1 juta.", MEETING, ["8,1 juta"]),
        # One word of a quotation, an abbreviation from nowhere, a long name without its abbreviation.
        ("Kata Budi, “Kami akan menjual 8 rumah baru.”", MEETING, ["Kami akan menjual 8 rumah baru."]),
        ("Komisi Perlindungan Konsumen datang.", "Ia bertemu Komisi itu di kantor kpk.", ["Perlindungan", "Konsumen"]),
        ("Biayanya Rp8,5 miliar di Sungai Barito.", ARTICLE, ["8,5 miliar", "Barito"]),
        ("Warga se-Surabaya mengadu.", LONG, ["se-Surabaya"]),
        ("Seorang warga tewas.", "Seorang warga jatuh dan dirawat.", ["tewas"]),
        ("Pemangkasan dipicu penipuan.", "Bank memangkas bunga karena krisis harga.", ["penipuan"]),
        ("Laras menang 3-8.", MEETING, ["3-8"]),
        ("Laras menang 1-3.", MEETING, ["1-3"]),
        ("Suhunya 5 derajat.", "Suhu minus 5 derajat.", ["5"]),
        ("Suhunya minus 5 derajat.", "Suhu 5 derajat.", ["minus 5"]),
        ("Kejaksaan mengembalikan Rp 13,4 triliun.", LOSS, ["13,4 triliun"]),
        ("Sartika melaporkan Bagas.", "", ["Sartika", "Bagas"]),
        # A number at fault does not hide a date that holds its digits.
        ("Rapat pada 12 Mei dihadiri 2 orang.", "Rapat digelar 13 Mei, sidang 12 Juni.", ["2", "12 Mei"]),
    ],
)
def test_what_a_source_does_not_say_of_an_abstract(text: str, source: str, pieces: list[str]) -> None:
    assert [fault.piece for fault in check_abstract(text, source)] == pieces


@pytest.mark.parametrize(
    ("sentence", "article", "before", "faults"),
    [
        ("Taman itu menelan biaya di kota.", SENTENCES, None, []),
        ("Guru menilai aplikasi keliru.", SENTENCES, None, ["sentences Guru menilai aplikasi keliru."]),
        ("Biaya taman tersebut Rp7,5 miliar.", SENTENCES, None, []),
        ("Biaya taman tersebut Rp7,5 miliar.", SENTENCES, "", ["opening Biaya taman tersebut Rp7,5 miliar."]),
        ("Biaya taman tersebut Rp7,5 miliar.", SENTENCES, "Wali Kota membuka taman.", []),
        # Numbers and names stand among their neighbours.
        ("Harga cabai melonjak dari Rp40.000 menjadi Rp65.000.", PRICES, None, []),
        ("Pemerintah menyiapkan 12 ton beras untuk operasi pasar.", PRICES, None, []),
        ("Harga cabai naik 12 per kilogram.", PRICES, None, ["number 12"]),
        ("Presiden Santoso membangun rumah baru.", PRICES, None, ["name Santoso"]),
        # Negatives are those of the article.
        ("Polisi memeriksa saksi.", REPORTS, None, ["negation tidak memeriksa"]),
        ("Polisi belum memeriksa saksi.", REPORTS, None, []),
        ("Bagas pulang.", REPORTS, None, ["negation tidak pulang"]),
        ("Sartika tidak membantah kabar itu.", REPORTS, None, ["negation tidak membantah"]),
        ("Ayu tidak melaporkan Bagas.", REPORTS, None, ["negation tidak melaporkan"]),
    ],
)
def test_a_sentence_beside_those_of_the_article(
    sentence: str, article: list[str], before: str | None, faults: list[str]
) -> None:
    assert [f"{fault.kind} {fault.piece}" for fault in check_abstract_sentence(sentence, article, before)] == faults


def test_support_names_the_sentences() -> None:
    article = split_paragraphs(
        ["Hujan turun. Wali Kota Ratna Puspita membuka taman.", "Taman itu menelan biaya Rp7,5 miliar."]
    )
    first = find_support("Ratna Puspita membuka taman seharga Rp7,5 miliar.", article)
    assert first.positions == ((0, 1), (1, 0))
    assert first.sources == ("Wali Kota Ratna Puspita membuka taman.", "Taman itu menelan biaya Rp7,5 miliar.")
    assert 0.5 < first.share < 1
    for sentence in ("Ayam jantan berkokok.", ""):
        assert find_support(sentence, article) == Support((), (), 0.0)
    assert find_support("Satu kalimat.", []).positions == ()


def test_a_copy_rests_on_its_sentence_whatever_else_holds_its_words() -> None:
    article = split_paragraphs(
        ["Warga desa itu pergi, kata Bupati Girimulya, yang juga pergi. Ia pergi.", "Bupati Girimulya juga pergi."]
    )
    assert find_support("Bupati Girimulya juga pergi.", article).positions == ((1, 0),)
    # Even where it has no word that counts.
    assert find_support("Ia pergi.", article) == Support(((0, 1),), ("Ia pergi.",), 1.0)


@pytest.mark.parametrize(
    ("sentence", "places", "share"),
    [("Hujan turun.", [0], 1.0), ("Ia itu.", [0], 1.0), ("Gempa.", [0, 1], 0.0), ("Hujan turun.", [], 0.0)],
)
def test_the_share_of_words_that_known_sources_hold(sentence: str, places: list[int], share: float) -> None:
    article = split_paragraphs(["Hujan turun lagi.", "Warga pulang."])
    found = measure_support(sentence, [article[place] for place in places], article)
    assert found.positions == tuple(article[place].position for place in places)
    assert found.share == share


TIE = """
from summarizer.checks import find_support
from summarizer.text.sentences import split_paragraphs
sentence = "Balai warga, gudang sayur, kios bunga, pasar ikan dan dermaga nelayan segera dibangun."
paragraphs = [
    "Gudang sayur, kios bunga, pasar ikan, dermaga nelayan, balai warga dibangun.",
    "Dibangun balai warga, dermaga nelayan, pasar ikan, kios bunga, gudang sayur.",
    "Warga menunggu dermaga dan gudang.",
]
print(find_support(sentence, split_paragraphs(paragraphs)).positions)
"""


@pytest.mark.parametrize("seed", "012345")
def test_support_is_the_same_in_every_process(seed: str) -> None:
    assert python("-c", TIE, PYTHONHASHSEED=seed).stdout == "((0, 0),)\n"


@pytest.mark.parametrize(
    ("sentence", "least", "most"),
    [
        ("Wali Kota Ratna Puspita mengatakan taman itu menelan biaya Rp7,5 miliar.", 1.0, 1.0),
        ("Taman menelan biaya Rp7,5 miliar, kata Wali Kota Ratna Puspita.", 0.8, 1.0),
        ("Pemerintah Kota Girimulya membayar warga sampai Minggu.", 0.0, 0.6),
        ("Presiden mengunjungi pabrik sepatu.", 0.0, 0.0),
        ("", 1.0, 1.0),
        ("Pembukaan taman.", 1.0, 1.0),
    ],
)
def test_neighbours_are_to_be_neighbours_in_the_source(sentence: str, least: float, most: float) -> None:
    assert least <= skip_bigram_coverage(sentence, SENTENCES) <= most
