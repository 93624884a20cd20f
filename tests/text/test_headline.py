import pytest

from summarizer.text.headline import sentence_case

TEXT = (
    "Jembatan penghubung Desa Karangjati ambrol diterjang banjir. Wali Kota Ratna Puspita dan KPK memeriksanya. "
    "Amerika Serikat (AS) belum berkomentar, kata iNews."
)


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        ("Jembatan Ambrol Diterjang Banjir", "Jembatan ambrol diterjang banjir"),
        ("Wali Kota Ratna Puspita Mundur", "Wali Kota Ratna Puspita mundur"),
        # Abbreviations stay, one that is a word in small letters too, and one that the article doesn't have.
        ("KPK Periksa Jembatan, AS Diam, IHSG Naik", "KPK periksa jembatan, AS diam, IHSG naik"),
        # A name that the article doesn't have.
        ("Jembatan Ambrol, Prabowo Prihatin", "Jembatan ambrol, Prabowo prihatin"),
        ("JEMBATAN AMBROL, KPK TURUN TANGAN", "Jembatan ambrol, KPK turun tangan"),
        ("2.400 WARGA MENGUNGSI KE SEKOLAH", "2.400 warga mengungsi ke sekolah"),
        ('RATNA PUSPITA: "KAMI SUDAH MINTA BANTUAN"', 'Ratna Puspita: "Kami sudah minta bantuan"'),
        # A quotation begins like a sentence.
        ('Ratna Puspita: "Kami Sudah Minta Bantuan"', 'Ratna Puspita: "Kami sudah minta bantuan"'),
        ("2.400 Warga Mengungsi", "2.400 warga mengungsi"),
        # Verbs without their prefix, as headlines have them, and names that begin like such verbs.
        ("Wali Kota Sampaikan Kabar, Biaya Lampaui Target", "Wali Kota sampaikan kabar, biaya lampaui target"),
        ("Jembatan Ambrol, Puan dan Tito Prihatin", "Jembatan ambrol, Puan dan Tito prihatin"),
        # What is written like a sentence stays.
        ("Jembatan di Desa Karangjati ambrol", "Jembatan di Desa Karangjati ambrol"),
        *((name, name) for name in ("Ratna Puspita", "KPK", "", "12/3", "<b>", "Dan", "Ooredoo Hutchison")),
    ],
)
def test_words_are_as_in_a_sentence(headline: str, expected: str) -> None:
    assert sentence_case(headline, TEXT) == expected


def test_an_empty_article_is_no_obstacle() -> None:
    assert sentence_case("Warga Pulang ke Girimulya", "") == "Warga pulang ke Girimulya"
