from __future__ import annotations

import pytest

from summarizer.text.truecasing import restore_case

SOURCE = (
    "Komisi Pemberantasan Korupsi (KPK) memeriksa Joko Susilo, mantan kepala daerah. Presiden tidak hadir. "
    "Menurut Joko Susilo, uang itu milik iPhone Store. Kota Bandung sepi, kata warga kota itu. Jalan ditutup."
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kpk memeriksa joko susilo.", "KPK memeriksa Joko Susilo."),
        ("mantan kepala daerah itu diperiksa kpk . uang milik iphone store .", None),
        ("warga kota itu berkata kota bandung sepi.", "Warga kota itu berkata kota Bandung sepi."),
        # At the start of a sentence, a capital letter says nothing of the word.
        ("hujan membuat presiden dan jalan basah.", "Hujan membuat presiden dan jalan basah."),
        ("", ""),
        ("123 orang.", "123 orang."),
        ('ia berkata: "uang itu hilang". lalu pergi.', 'Ia berkata: "Uang itu hilang". Lalu pergi.'),
        ("iphone store tutup", "iPhone Store tutup"),
    ],
)
def test_names_and_sentence_starts(text: str, expected: str | None) -> None:
    if expected is None:
        expected = "Mantan kepala daerah itu diperiksa KPK. Uang milik iPhone Store."
    assert restore_case(text, SOURCE) == expected


def test_spaces_before_punctuation_go() -> None:
    text = 'harga naik 7,5 % , kata " joko " ( 12 / 3 ) . pukul 07.30 wib !'
    assert restore_case(text, "Harga naik, kata Joko, pukul 07.30 WIB.") == (
        'Harga naik 7,5%, kata "Joko" (12 / 3). Pukul 07.30 WIB!'
    )


def test_words_that_the_source_does_not_have() -> None:
    assert restore_case("makan siang di surabaya.", "Rapat di Jakarta.") == "Makan siang di surabaya."
    assert restore_case("makan.", "") == "Makan."


def test_only_case_and_spaces_change() -> None:
    text = "kpk, “joko susilo” - iphone… é ß x’y ؟ 12.000"
    assert restore_case(text, SOURCE).casefold() == text.casefold()
