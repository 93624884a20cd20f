"""Where a headline stops in a paragraph and the article goes on."""

import pytest

from summarizer.extraction.boilerplate import clean
from tests.extraction.pages import page_of

LEAD = "Rapat desa membahas jembatan baru di tepi sungai sejak pagi."
STORY = "Lurah Ratna Puspita mengatakan jembatan itu dibuka pekan depan. Warga sudah lama menunggu jembatan."


def left(paragraph: str) -> list[str]:
    return list(clean(page_of(paragraph, STORY)).paragraphs)


@pytest.mark.parametrize(
    ("teaser", "rest"),
    [
        ("Pilihan editor: Isu Lama Pasar Desa Setelah Geger Harga ", "Ratna Puspita menyebut biaya itu wajar."),
        ("Baca juga: Isu Lama Pasar Desa Girimulya ", "Setelah Ratna Puspita menyebut biaya itu, warga diam."),
        (
            "Baca Juga:Skenario Lama UUDBuat Apa Desa NegaraWaspada Agenda TersembunyiNgotot Tiga Periode",
            "Pada rapat lalu, biaya itu dibahas juga.",
        ),
        ("Baca juga: Harga Cabai Naik, Diumumkan 18 Januari? Video: Rapat Desa Ricuh Soal Harga", ""),
        ("Video: Lurah Tak Akan Diam Jika Harga Naik Video: Lurah Tak Akan Diam Jika Harga Naik", ""),
    ],
)
def test_the_headline_goes_and_the_sentence_stays(teaser: str, rest: str) -> None:
    assert left(f"{LEAD} {teaser}{rest}") == [LEAD, *([rest] if rest else []), STORY]


def test_prose_that_looks_like_a_teaser_stays() -> None:
    for rest in (
        "Baca juga akan sulit bila huruf itu kecil, kata dia.",
        "Ia memutar video: jembatan itu tampak retak.",
    ):
        assert left(f"{LEAD} {rest}") == [f"{LEAD} {rest}", STORY]
