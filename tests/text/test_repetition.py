import pytest

from summarizer.text.repetition import cut_repetition, find_repetition


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Jokowi di Serang, Senin, Senin, Senin, Senin, Senin", "Jokowi di Serang, Senin,"),
        ("Harga naik. Warga resah. Warga resah. Warga resah.", "Harga naik. Warga resah."),
        ("a b c a b c a b c", "a b c"),
        ("", None),
        ("kata", None),
        ("Anak-anak itu bermain, bermain, dan bermain lagi.", None),
        ("Skor 2-1 2-1 pada babak itu.", None),
        ("Pemerintah kota dan pemerintah provinsi dan pemerintah pusat sepakat.", None),
        ("Ha ha ha, katanya.", None),
    ],
)
def test_repetition_is_found_and_cut(text: str, cut: str | None) -> None:
    assert (find_repetition(text) is None) == (cut is None)
    assert cut_repetition(text) == (text if cut is None else cut)
