"""Whether a sentence can be understood without those in front of it."""

import pytest

from summarizer.checks import find_dangling_opening, has_unresolved_reference


@pytest.mark.parametrize(
    ("sentence", "kinds"),
    [
        ("Yang bersangkutan sudah diperiksa.", ["opening"]),
        ("Hal itu disampaikan Budi di Jakarta.", ["opening"]),
        ("Korban tersebut dibawa ke rumah sakit.", ["opening"]),
        ("“Kami akan membangun taman.”", ["opening"]),
        ("Kedua tersangka ditahan.", ["opening"]),
        ("", []),
        ("“Kami akan membangun taman,” kata Budi.", []),
        ("Hari ini hujan turun.", []),
        ("Ini", []),
    ],
)
def test_what_an_abstract_cannot_open_with(sentence: str, kinds: list[str]) -> None:
    assert [fault.kind for fault in find_dangling_opening(sentence)] == kinds


@pytest.mark.parametrize(
    ("sentence", "before", "unresolved"),
    [
        ("Ia meminta warga tenang.", "Hujan turun.", True),
        ("“Kami akan membangun taman,” ujar dia di kantor.", "Hujan turun.", True),
        ("Sekitar 113 orang lainnya terluka.", "Hujan turun.", True),
        ("Polisi memeriksa pabrik tersebut.", "Hujan turun.", True),
        ("Dua hari setelahnya Budi Santoso pergi.", "Hujan turun.", True),
        ("Fakta inilah yang membuat warga menolak.", "Hujan turun.", True),
        ("Polisi memeriksa pabrik tersebut.", "Pabrik semen meledak.", False),
        ("Polisi menyegel pabrik itu.", "Kepolisian datang. Pabrik-pabrik tutup. Sebuah pabrik meledak.", False),
        ("Pabrik semen meledak dan polisi menyegel pabrik tersebut.", "", False),
        ("Budi Santoso mengatakan ia akan datang.", "", False),
        ("Selain itu, Budi menjual 12 sepeda dan barang lainnya.", "", False),
        ("Hujan turun pada malam itu.", "", False),
    ],
)
def test_what_needs_the_sentence_in_front(sentence: str, before: str, unresolved: bool) -> None:
    assert has_unresolved_reference(sentence, before) == unresolved
