import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.text.sentences import PlacedSentence, find_lines, split_paragraphs, split_sentences
from tests.strategies import bare, characters, paragraphs, sentences


@pytest.mark.parametrize(
    "sentence",
    [
        "Harganya naik menjadi Rp1.000.000 atau 23,5 persen.",
        "Dr. Budi Santoso memimpin PT Maju Jaya Tbk. sejak 2010.",
        "Laba PT. Astra Sejahtera Tbk. naik 5 poin.",
        "Putusan No. 12 Tahun 2020 masih berlaku.",
        "Perkara nomor 531/Pdt. Sus-Arb/2023 diputus hari ini.",
        "Penulis J.K. Rowling dan B.J. Habibie pernah bertemu.",
        "Kebakaran itu terjadi pada Sabtu (15/10) pukul 19.30 WIB.",
        "Jl. Sudirman RT. 05 RW. 03 ditutup oleh AKBP. Andi, Kol. Inf. Budi dan Ny. Sri.",
        "Prof. Dr. H. Susilo, M.Si. hadir dalam rapat.",
        '"Kami tidak tahu. Kami akan mengecek," kata Budi.',
        "“Kami siap. Semua sudah diatur. Tidak ada masalah,” kata Menteri.",
        "Ia lahir pada 12 Des. 1990 di Malang.",
        "Lihat hal. 12 dan pkl. 10.00 untuk Rp. 20.000 saja.",
    ],
)
def test_a_sentence_with_a_mark_inside_stays_whole(sentence: str) -> None:
    assert split_sentences(sentence) == [sentence]
    after = "Lalu semua orang pulang."
    assert split_sentences(f"{sentence} {after}") == [sentence, after]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hujan turun. Jalan licin.", ["Hujan turun.", "Jalan licin."]),
        ("Ia membahas banyak hal. Presiden pulang.", ["Ia membahas banyak hal.", "Presiden pulang."]),
        ('Ia bertanya, "Mengapa?" Lalu diam.', ['Ia bertanya, "Mengapa?"', "Lalu diam."]),
        ('"Itu salah!" ujarnya. Ia pergi.', ['"Itu salah!" ujarnya.', "Ia pergi."]),
        ("Harganya Rp 1.500. Pembeli senang.", ["Harganya Rp 1.500.", "Pembeli senang."]),
        ("Ia siap kerja.Presiden datang ke kota.", ["Ia siap kerja.", "Presiden datang ke kota."]),
        ('Ia siap."Kami senang.Semua maju."Ani pulang.', ["Ia siap.", '"Kami senang. Semua maju."', "Ani pulang."]),
        ("Acara selesai pukul 15.30 WIB. Tamu pulang.", ["Acara selesai pukul 15.30 WIB.", "Tamu pulang."]),
        ("Liputan6.com memuatnya. Begitu juga detik.com.", ["Liputan6.com memuatnya.", "Begitu juga detik.com."]),
        # A mark alone is no sentence.
        ('Jumlahnya naik. " "', ['Jumlahnya naik. " "']),
        ("Jumlahnya naik. … ”", ["Jumlahnya naik. … ”"]),
        ("", []),
        ("   ", []),
    ],
)
def test_a_text_is_split_into_its_sentences(text: str, expected: list[str]) -> None:
    assert split_sentences(text) == expected


def test_splitting_loses_no_character() -> None:
    text = 'Satu. "Dua! Tiga?" kata A.B. Empat… Lima (No. 6). 7. Delapan.Sembilan orang'
    assert "".join(split_sentences(text)).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("space", ["\u00a0", "\u2009", "\u202f", "\u3000", "\u2028", "\x85"])
def test_a_wide_space_between_a_capital_and_a_full_stop_is_only_a_space(space: str) -> None:
    text = f"Ini vitamin B{space}. Ini lain."
    assert "".join("".join(split_sentences(text)).split()) == "".join(text.split())


def test_sentences_of_an_article_know_their_places() -> None:
    assert split_paragraphs(["Satu. Dua.", "", "Tiga."]) == [
        PlacedSentence((0, 0), "Satu."),
        PlacedSentence((0, 1), "Dua."),
        PlacedSentence((2, 0), "Tiga."),
    ]


@pytest.mark.parametrize(
    ("lines", "sentences", "places"),
    [
        (["Satu. Dua.", "", "Tiga"], ["Satu.", "Dua.", "Tiga"], [[0, 1], [], [2]]),
        # No mark need end a sentence, and any may stand inside of one.
        (["Satu Dua. Tiga. Empat"], ["Satu", "Dua. Tiga.", "Empat"], [[0, 1, 2]]),
        ([""], [], [[]]),
        # Another text; more; less; other lines; other spaces.
        (["Satu. Dua."], ["Satu.", "Lain."], None),
        (["Satu. Dua."], ["Satu."], None),
        (["Satu."], ["Satu.", "Dua."], None),
        (["Satu.", "Dua. Tiga."], ["Satu. Dua.", "Tiga."], None),
        (["Satu.  Dua."], ["Satu.", "Dua."], None),
        (["Satu. "], ["Satu."], None),
    ],
)
def test_which_sentences_the_lines_of_a_text_consist_of(
    lines: list[str], sentences: list[str], places: list[list[int]] | None
) -> None:
    assert find_lines(lines, sentences) == places


@settings(max_examples=100, deadline=None)
@given(paragraphs | characters)
def test_sentences_have_all_the_letters_of_any_text_and_are_split_no_further(text: str) -> None:
    once = split_sentences(text)
    assert bare("".join(once)) == bare(text)
    assert split_sentences(" ".join(once)) == once


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(sentences, max_size=3), max_size=4))
def test_lines_that_consist_of_sentences_are_found_to(lines: list[list[str]]) -> None:
    flat: list[str] = []
    for line in lines:
        flat += line
    places_of_lines = find_lines(map(" ".join, lines), flat)
    assert places_of_lines is not None
    assert [[flat[place] for place in places] for places in places_of_lines] == lines
