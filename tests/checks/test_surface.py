"""Faults on the surface of a translation, whatever it says."""

import pytest

from summarizer.checks.surface import fix_surface


@pytest.mark.parametrize(
    ("source", "written", "expected"),
    [
        # The end of a headline, and of a sentence.
        ("Dosen IPB ubah lahan tambang", "IPB lecturer converts mining land.", "IPB lecturer converts mining land"),
        ("Warga pulang.", "Residents go home", "Residents go home."),
        # What is there twice.
        ("Kata polisi.", "Police said the the man left.", "Police said the man left."),
        ("Ia berkata demikian.", "He said said so.", "He said so."),
        ("Kata dia.", "The the man left.", "The man left."),
        ("Komisi (KPK) datang.", "The commission (KPK) (KPK) came.", "The commission (KPK) came."),
        ("Ia datang, lalu pergi.", "He came,, then left.", "He came, then left."),
        ("Naik 5%.", "Up 5% percent.", "Up 5%."),
        ("Nilainya Rp125 miliar.", "It is worth Rp125 billion rupiah.", "It is worth Rp125 billion."),
        ("Nilainya US$5 juta.", "It is worth US$5 million dollars.", "It is worth US$5 million."),
        # Ordinals.
        ("Juara ke-3 liga.", "The ke-3 champion of the league.", "The 3rd champion of the league."),
        ("Pada abad ke-19.", "In the ke-19 century.", "In the 19th century."),
        ("HUT ke-22.", "The 22th anniversary.", "The 22nd anniversary."),
        ("HUT ke-11.", "The 11st anniversary.", "The 11th anniversary."),
        # Articles.
        ("Seorang warga Indonesia.", "A Indonesian citizen.", "An Indonesian citizen."),
        ("Ini hal baru.", "This is an new thing.", "This is a new thing."),
        # Capitals.
        ("Rayan Ait-Nouri cedera.", "rayan Ait-Nouri is injured.", "Rayan Ait-Nouri is injured."),
        ('"Hujan turun," katanya.', '"it is raining," he said.', '"It is raining," he said.'),
    ],
)
def test_a_fault_on_the_surface_is_mended(source: str, written: str, expected: str) -> None:
    assert fix_surface(source, written) == expected
    # Once is enough.
    assert fix_surface(source, expected) == expected


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("Rapat mulai pukul 8 pagi", "The meeting starts at 8 a.m."),
        ("Trump kembali ke AS", "Trump returns to the U.S."),
        ("Saham Apple Inc", "Shares of Apple Inc."),
        ("Apa kabar?", "How are you?"),
        ("Ia datang.", 'He said "come."'),
        ("Ada apa", "What is it?"),
        ("Tapi..", "But.."),
        ("Ia sudah pergi.", "He had had enough of that that day."),
        ("Konser Duran Duran.", "The Duran Duran concert."),
        ("Tim A dan A-One.", "Team A and A-One."),
        ("Ia ada di rumah.", "It is in-house; who is who is known."),
        ("Band The The tampil.", "The band The The performed."),
        ("Skor (2-1) (2-1).", "Scores (2-1) (2-1)."),
        ("Partai (A) dan (B).", "Parties (A) (B)."),
        ("Bunga 5%.", "Interest of 5% percentage."),
        ("Uang rupiah Rp5.", "Rp5 in rupiah."),
        ("Kode ke-3B.", "Code ke-3B."),
        ("Juara ke-113.", "The 113th champion."),
        ("Sebuah universitas.", "A university, a European one, a one-off, an MP, an hour, an X-ray."),
        ("Vitamin A efektif.", "Vitamin A is effective."),
        ("IPhone baru.", "iPhone sales rose."),
        ("detik.com menulis.", "detik.com wrote."),
        ("yang lalu", "ago"),
        ("", ""),
    ],
)
def test_what_is_right_stays(source: str, written: str) -> None:
    assert fix_surface(source, written) == written
