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
        ("kepala daerah diperiksa kpk . uang iphone store .", "Kepala daerah diperiksa KPK. Uang iPhone Store."),
        ("makan siang di surabaya.", "Makan siang di surabaya."),
        ('harga naik 7,5 % , kata " joko " ( 12 / 3 ) .', 'Harga naik 7,5%, kata "Joko" (12 / 3).'),
        ("warga kota itu berkata kota bandung sepi.", "Warga kota itu berkata kota Bandung sepi."),
        # At the start of a sentence, a capital letter says nothing of the word.
        ("hujan membuat presiden dan jalan basah.", "Hujan membuat presiden dan jalan basah."),
        ("", ""),
        ("123 orang.", "123 orang."),
        ('ia berkata: "uang itu hilang". lalu pergi.', 'Ia berkata: "Uang itu hilang". Lalu pergi.'),
        ("iphone store tutup", "iPhone Store tutup"),
        # Nothing but case and spaces changes.
        ("kpk, “joko susilo” - iphone… é ß x’y ؟ 12.000", "KPK, “Joko Susilo” - iPhone… É ß x’y ؟ 12.000"),
    ],
)
def test_names_and_sentence_starts(text: str, expected: str) -> None:
    assert restore_case(text, SOURCE) == expected


def test_a_name_that_opens_each_of_its_sentences_keeps_its_capital() -> None:
    source = "Alwi Farhan menang. Alwi menantang juara. Kemarin hujan."
    assert restore_case("hari ini: alwi menang, kemarin tidak", source) == "Hari ini: Alwi menang, kemarin tidak"
