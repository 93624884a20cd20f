"""Whether a sentence can be understood without those in front of it."""

import pytest

from summarizer.checks import find_dangling_opening, has_unresolved_reference


@pytest.mark.parametrize(
    "sentence",
    [
        "Yang bersangkutan sudah diperiksa.",
        "Hal itu disampaikan Budi di Jakarta.",
        "Korban tersebut dibawa ke rumah sakit.",
        "“Kami akan membangun taman.”",
        "Kedua tersangka ditahan.",
    ],
)
def test_what_an_abstract_cannot_open_with(sentence: str) -> None:
    assert [fault.kind for fault in find_dangling_opening(sentence)] == ["opening"]


@pytest.mark.parametrize(
    "sentence",
    ["", "“Kami akan membangun taman,” kata Budi.", "Hari ini hujan turun.", "Ini"],
)
def test_what_it_can_open_with(sentence: str) -> None:
    assert find_dangling_opening(sentence) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Ia meminta warga tenang.",
        "“Kami akan membangun taman,” ujar dia di kantor.",
        "Sekitar 113 orang lainnya terluka.",
        "Polisi memeriksa pabrik tersebut.",
        "Dua hari setelahnya Budi Santoso pergi.",
        "Fakta inilah yang membuat warga menolak.",
    ],
)
def test_what_needs_the_sentence_in_front(sentence: str) -> None:
    assert has_unresolved_reference(sentence, "Hujan turun.")


@pytest.mark.parametrize(
    ("sentence", "before"),
    [
        ("Polisi memeriksa pabrik tersebut.", "Pabrik semen meledak."),
        ("Polisi menyegel pabrik itu.", "Kepolisian datang. Pabrik-pabrik tutup. Sebuah pabrik meledak."),
        ("Pabrik semen meledak dan polisi menyegel pabrik tersebut.", ""),
        ("Budi Santoso mengatakan ia akan datang.", ""),
        ("Selain itu, Budi menjual 12 sepeda dan barang lainnya.", ""),
        ("Hujan turun pada malam itu.", ""),
    ],
)
def test_what_needs_nothing(sentence: str, before: str) -> None:
    assert not has_unresolved_reference(sentence, before)
