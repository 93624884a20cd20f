import pytest

from summarizer.text.repetition import cut_repetition, find_repetition


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Jokowi di Serang, Senin, Senin, Senin, Senin, Senin", "Jokowi di Serang, Senin,"),
        ("Harga naik. Warga resah. Warga resah. Warga resah.", "Harga naik. Warga resah."),
        ("a b c a b c a b c", "a b c"),
    ],
)
def test_repetition(text: str, cut: str) -> None:
    assert find_repetition(text) is not None
    assert cut_repetition(text) == cut


@pytest.mark.parametrize(
    "text",
    [
        "",
        "kata",
        "Anak-anak itu bermain, bermain, dan bermain lagi.",
        "Skor 2-1 2-1 pada babak itu.",
        "Pemerintah kota dan pemerintah provinsi dan pemerintah pusat sepakat.",
        "Ha ha ha, katanya.",
    ],
)
def test_no_repetition(text: str) -> None:
    assert find_repetition(text) is None
    assert cut_repetition(text) == text
