"""Tidying of sentences."""

from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from summarizer.writing.tidying import drop_credit, tidy
from tests.strategies import sentences


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("- Hujan turun di Laras.", "Hujan turun di Laras."),
        ("Hujan  turun , lalu reda .", "Hujan turun, lalu reda."),
        ("Rapat digelar Selasa (27/2 / 2018).", "Rapat digelar Selasa (27/2/2018)."),
        ("Rapat ( tertutup ) digelar.", "Rapat (tertutup) digelar."),
        ("Kecelakaan pesawatSaudia menewaskan dua orang.", "Kecelakaan pesawat Saudia menewaskan dua orang."),
        ("Minat keinginanIranuntuk berunding besar.", "Minat keinginan Iran untuk berunding besar."),
        ("Sari,Budi dan Tono datang.", "Sari, Budi dan Tono datang."),
        ("Liputan6.com, JakartaProgram itu dimulai.", "Program itu dimulai."),
        ("MENTERI KEUANGAN menunda rapat.", "Menteri keuangan menunda rapat."),
        # Names and addresses are as they are.
        ("Apple menjual iPhone dan PlayStation di TikTok.", "Apple menjual iPhone dan PlayStation di TikTok."),
        ("Kabar itu dimuat detikOto dan Kompas.com.", "Kabar itu dimuat detikOto dan Kompas.com."),
        ("Kantor KPK dan BPBD (ANTARA) tutup.", "Kantor KPK dan BPBD (ANTARA) tutup."),
        ("Harga Rp1.500,50 per kg pada 3/2.", "Harga Rp1.500,50 per kg pada 3/2."),
        ("Suhu -5 derajat.", "Suhu -5 derajat."),
    ],
)
def test_marks_spaces_and_glued_words(sentence: str, told: str) -> None:
    assert tidy(sentence) == told
    assert tidy(told) == told


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Dikutip dari Antara, Senin (3/2), hujan turun di Laras.", "Hujan turun di Laras."),
        ("Seperti dikutip Antara, Selasa (7/2/2017) hujan turun di Laras.", "Hujan turun di Laras."),
        ("Melansir BBC, Sari menang di kota Laras.", "Sari menang di kota Laras."),
        ("Seperti diberitakan Suara Laras, hujan turun di kota.", "Hujan turun di kota."),
        ("Dikutip dari Antara, hujan turun.", "Dikutip dari Antara, hujan turun."),
        (
            "Kabar itu dikutip dari Antara, Senin (3/2), oleh warga.",
            "Kabar itu dikutip dari Antara, Senin (3/2), oleh warga.",
        ),
        ("Mengutip kamus tidak dilarang.", "Mengutip kamus tidak dilarang."),
    ],
)
def test_what_opens_a_sentence_and_credits_another_site_goes(sentence: str, told: str) -> None:
    assert drop_credit(sentence) == told


CREDITS = st.sampled_from(
    ["", "Dikutip dari Antara, Senin (3/2), ", "Dilansir Kompas, ", "Seperti diberitakan, ", "- "]
)


@pytest.mark.parametrize("step", [tidy, drop_credit])
@settings(max_examples=100, deadline=None)
@given(CREDITS, sentences)
@example("", "Ini mata( Bali dan Budi.")
def test_a_second_time_changes_nothing(step: Callable[[str], str], opening: str, sentence: str) -> None:
    once = step(opening + sentence)
    assert step(once) == once
