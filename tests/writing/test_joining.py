"""Putting what stays of a sentence together."""

import pytest

from summarizer.writing.joining import join_kept


@pytest.mark.parametrize(
    ("sentence", "gone", "shorter"),
    [
        ("Hujan turun di Laras, kata Budi.", range(4, 6), "Hujan turun di Laras."),
        ('Budi berkata "hujan turun" pada Senin.', range(4, 6), 'Budi berkata "hujan turun".'),
        ("Menurut Budi saat ditemui di Laras, hujan turun.", range(2, 6), "Menurut Budi, hujan turun."),
        ("Budi, wali kota, membuka taman.", range(1, 3), "Budi membuka taman."),
        ("Budi, Sari, Tono dan Rini datang.", range(1, 2), "Budi, Tono dan Rini datang."),
        ("Badan Air (BAG) menurut iPhone Laras.", range(4), "iPhone Laras."),
        ("Apakah hujan turun lagi?", range(3, 4), "Apakah hujan turun?"),
        ("Kata Komisi Pemberantasan Korupsi (KPK), uang hilang.", range(1, 4), "Kata KPK, uang hilang."),
        ("Bupati Laras, Sari Dewi, membuka taman.", range(2), "Sari Dewi membuka taman."),
        (
            "Berkat poin itu, tim memuncaki klasemen, menggeser Laras.",
            range(3),
            "Tim memuncaki klasemen, menggeser Laras.",
        ),
        ("Intinya, Budi membuka dua taman, yakni di Laras.", range(1), "Budi membuka dua taman, yakni di Laras."),
        ("Ia pergi ke Kediri, Jawa Timur, untuk berobat.", range(4, 6), "Ia pergi ke Kediri untuk berobat."),
        ("Warga di Jalan Sawo, Kediri, resah.", range(4, 5), "Warga di Jalan Sawo resah."),
        ("Di Kediri, Jawa Timur, ada banjir.", range(2, 4), "Di Kediri, ada banjir."),
        ("Budi, warga Kediri, Jawa Timur, sedih.", range(3, 5), "Budi, warga Kediri, sedih."),
        ("Ia singgah di Kediri, Jawa Timur, Solo, dan Yogya.", range(4, 6), "Ia singgah di Kediri, Solo, dan Yogya."),
        ("Laras - hujan turun.", range(1), "Hujan turun."),
        # Two sentences that a page has glued together.
        ("Kata Budi, di Laras, Jumat. Sari datang.", range(2, 5), "Kata Budi. Sari datang."),
        ("Budi, di Jl. Sudirman, membuka taman.", range(1, 3), "Budi, Sudirman, membuka taman."),
        ("Hujan turun deras.", range(0), "Hujan turun deras."),
        ('"Hujan turun," kata Budi.', range(2, 4), '"Hujan turun."'),
        ("Bupati Laras, Sari.", range(2), "Sari."),
        ("Bupati Laras, Sari, Budi datang.", range(2), "Sari, Budi datang."),
        ("Budi, wali kota, membuka, menutup, dan menyapu.", range(1, 3), "Budi, membuka, menutup, dan menyapu."),
        ("Warga pindah ke desa Girimulya, Laras.", range(3, 5), "Warga pindah ke Laras."),
        ("Warga pulang sejak Senin, ke desa.", range(2, 4), "Warga pulang ke desa."),
    ],
)
def test_gaps_are_closed(sentence: str, gone: range, shorter: str) -> None:
    words = sentence.split()
    kept = [place not in gone for place in range(len(words))]
    assert join_kept(words, kept) == shorter
