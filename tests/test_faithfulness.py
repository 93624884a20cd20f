import pytest

from summarizer.faithfulness import changed_numbers, names, numbers, support, unsupported
from tests.conftest import ARTICLE


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Taman seluas 12 hektare di tepi Sungai Laras dibuka.", []),
        ("Wali Kota Ratna Puspita membuka taman senilai Rp7,5 miliar.", []),
        ("Taman itu menelan biaya Rp7,5 miliar, kata wali kota.", []),
        ("Taman seluas 21 hektare dibuka.", ["21"]),
        ("Taman itu dibuka Wali Kota Rina Puspita.", ["Rina"]),
        ("Taman itu menelan Rp75 miliar di KPK.", ["75", "KPK"]),
        ("Biayanya Rp8,5 miliar di Sungai Barito.", ["8,5", "Barito"]),
    ],
)
def test_unsupported(text: str, wrong: list[str]) -> None:
    assert unsupported(text, ARTICLE) == wrong


def test_names_leave_out_sentence_starts() -> None:
    assert names("Taman itu dibuka Ratna. Warga senang. KPK diam.") == ["Ratna", "KPK"]


def test_numbers_share_a_form() -> None:
    indonesian = numbers("1.250,5 pada (15/10) pukul 19.30", "id")
    assert list(indonesian) == ["1250.5", "15/10", "19.30"]
    assert list(indonesian) == list(numbers("1,250.5 on (15/10) at 19:30", "en"))
    assert list(indonesian.values()) == ["1.250,5", "15/10", "19.30"]


@pytest.mark.parametrize(
    ("source", "translation", "changed"),
    [
        ("Laba naik 23,5 persen menjadi Rp1.250.000.", "Profit rose 23.5 percent to Rp1,250,000.", []),
        ("Ada 47 korban.", "There were 74 victims.", ["47", "74"]),
        ("Ada 47 korban.", "There were victims.", ["47"]),
        ("Nilainya Rp7,5 miliar.", "It is worth Rp75 billion.", ["7,5", "75"]),
        ("Ada 1.250 warga.", "There were 1.250 residents.", ["1.250"]),
        ("Ada korban.", "There were 3 victims.", ["3"]),
        ("Tidak ada angka.", "No number.", []),
    ],
)
def test_changed_numbers(source: str, translation: str, changed: list[str]) -> None:
    assert changed_numbers(source, translation) == changed


def test_support_is_a_share_of_the_longer_words() -> None:
    assert support("Taman itu menelan biaya di kota.", ARTICLE) == 1.0
    assert support("Sejumlah guru menilai taman keliru.", ARTICLE) == pytest.approx(1 / 5)
    assert support("Ia di sini.", "apa") == 0.0
    assert support("Ya, di.", ARTICLE) == 1.0
