"""The choice of the sentences that an abstract is made from."""

from collections.abc import Sequence

import pytest

from summarizer.result import AbstractSentence
from summarizer.text.sentences import PlacedSentence
from summarizer.writing.selection import select_sentences

FIRE = [
    "Kebakaran melanda pasar Girimulya pada Senin malam.",
    "Kepala pemadam Ratna Puspita mengatakan api berasal dari kios di lantai dua.",
    "Ia meminta pedagang tidak kembali sebelum gedung diperiksa.",
    '"Kami menemukan kabel yang terkelupas," katanya.',
    "Kios di lantai satu tidak terbakar.",
    "Tujuh mobil pemadam datang dari kota tetangga.",
    "Sekitar 40 pedagang lainnya pindah ke lapangan.",
    "Wali Kota Banyu Laksana berjanji membangun kembali pasar tersebut.",
    "Kerugian ditaksir Rp7,5 miliar.",
    "Cuaca pada malam itu cerah.",
]


def choose(sentences: Sequence[str], ranks: Sequence[float], most: int) -> list[str]:
    """What is chosen of sentences, each a paragraph; every one rests on the sentence that it was."""
    article = [PlacedSentence((row, 0), text) for row, text in enumerate(sentences)]
    chosen = select_sentences([AbstractSentence.from_article(sentence) for sentence in article], ranks, most)
    for sentence in chosen:
        [(row, _)] = sentence.support.positions
        [source] = sentence.support.sources
        assert source == sentences[row]
        assert source.casefold().endswith(sentence.text.casefold())
        assert sentence.copied is True
        assert sentence.cut is False
        assert sentence.support.share == 1.0
    return [sentence.text for sentence in chosen]


def ranks(**places: float) -> list[float]:
    """Ranks of the sentences of `FIRE`: of those named ``s0`` and so on; the others matter nowhere near enough."""
    return [places.get(f"s{place}", -9.0) for place in range(len(FIRE))]


def test_what_matters_most_is_taken_in_the_articles_order() -> None:
    assert choose(FIRE, ranks(s8=7, s1=4, s0=9), 4) == [FIRE[0], FIRE[1], FIRE[8]]
    assert choose(FIRE, ranks(s8=7, s1=4, s0=9), 2) == [FIRE[0], FIRE[8]]
    assert len(choose(FIRE, ranks(s0=9), 5)) == 2


def test_a_heading_within_the_article_is_not_taken() -> None:
    article = [*FIRE[:2], "Kerugian Pedagang", *FIRE[8:]]
    assert choose(article, [4.0, -9.0, 9.0, 5.0, -9.0], 3) == [FIRE[0], FIRE[8]]
    # What says that it ends is a sentence, however short it is.
    article[2] = "Tiga pedagang pingsan."
    assert choose(article, [4.0, -9.0, 9.0, 5.0, -9.0], 3) == [FIRE[0], article[2], FIRE[8]]
    # Of an article that has nothing else, one is taken.
    assert choose(["Layanan 4G", "Kerugian Pedagang"], [1.0, 2.0], 1) == ["Kerugian Pedagang"]


@pytest.mark.parametrize("most", [1, 2, 3, 5])
@pytest.mark.parametrize("high", [(), range(10), *((0, at) for at in (2, 3, 6))])
def test_what_is_chosen_can_stand_together(high: Sequence[int], most: int) -> None:
    chosen = choose(FIRE, ranks(**{f"s{place}": 5.0 for place in high}), most)
    assert min(most, 2) <= len(chosen) <= most
    assert chosen == [sentence for sentence in FIRE if sentence in chosen]
    # What leans on the sentence in front comes with it or not at all.
    assert all(FIRE[at] not in chosen or FIRE[at - 1] in chosen for at in (2, 3, 6))


def test_what_repeats_a_chosen_sentence_is_not_told_twice() -> None:
    again = "Pada Senin malam, kebakaran melanda pasar di Girimulya, kata Ratna Puspita."
    assert choose([*FIRE, again], [*ranks(s0=9, s8=5), 8.0], 3) == [FIRE[0], FIRE[8]]
    assert choose([again, *FIRE], [9.0, *ranks(s0=8, s8=5)], 3) == [again, FIRE[8]]


def test_what_was_named_before_may_be_pointed_at() -> None:
    assert FIRE[7] in choose(FIRE, ranks(s0=5, s7=5), 2)
    elsewhere = ["Kebakaran melanda Girimulya pada Senin malam.", *FIRE[1:]]
    assert FIRE[7] not in choose(elsewhere, ranks(s0=5, s7=5), 2)


@pytest.mark.parametrize("first", ["Hal itu dikatakan Ratna Puspita di Girimulya.", '"Kami datang dari jauh."'])
def test_an_article_that_has_lost_its_lead(first: str) -> None:
    assert first not in choose([first, *FIRE], [9.0, *ranks(s0=1)], 3)


@pytest.mark.parametrize(
    ("front", "first"),
    [
        ("Girimulya (ANTARA News) - ", FIRE[0]),
        ("jpnn.com, JAKARTA - ", FIRE[0]),
        ("Liputan6.com, Jakarta - ", FIRE[0]),
        ("GIRIMULYA, KOMPAS.com - ", FIRE[0]),
        ("Suara.com-", FIRE[0]),
        ("GIRIMULYA- ", FIRE[0]),
        ("Liputan6.com, Girimulya -", FIRE[0]),
        ("Girimulya, CNN Indonesia - - ", FIRE[0]),
        ("jpnn.com - JAKARTA - ", FIRE[0]),
        ("Rimanews-", FIRE[0]),
        # A dash makes no dateline.
        ("", "Pasar Girimulya - yang dibangun pada 1980 - terbakar pada Senin malam."),
        ("", "Laga Persija-Persib ditunda Senin."),
        ("", "Suara-Suara Girimulya terbakar pada Senin malam."),
    ],
)
def test_a_dateline_is_left_out(front: str, first: str) -> None:
    assert choose([front + first, *FIRE[1:]], ranks(s0=9), 2)[0] == first


@pytest.mark.parametrize("sentence", ["...", "?", "Ia pergi.", '"Ya," katanya.', "Hal itu benar."])
@pytest.mark.parametrize("count", [1, 2, 7])
def test_articles_of_nothing_that_can_stand_alone(sentence: str, count: int) -> None:
    assert choose([sentence] * count, [0.0] * count, 1) == [sentence]


OFFICE = ["Ketua RT Bayu Wicaksono datang.", "Ketua Kadin Muhammad Sulaiman datang.", "Hujan turun.", "Air naik."]


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        # What links it to the sentence in front of it goes with that.
        ("Namun, Pasar Girimulya dibuka.", "Pasar Girimulya dibuka."),
        ("Selain itu pasar Girimulya dibuka.", "Pasar Girimulya dibuka."),
        ("Namun demikian, pasar dibuka.", "Pasar dibuka."),
        ("Namun begitu, pasar dibuka.", "Pasar dibuka."),
        ("Terlebih, pasar Girimulya dibuka.", "Pasar Girimulya dibuka."),
        ("Terlebih lagi, pasar Girimulya dibuka.", "Pasar Girimulya dibuka."),
        ("Terlebih lagi pasar Girimulya dibuka.", "Pasar Girimulya dibuka."),
        ("Terlebih dahulu pasar Girimulya dibuka.", "Pasar Girimulya dibuka."),
        ("Lebih lanjut lagi, pasar Girimulya dibuka.", "Pasar Girimulya dibuka."),
        ("Di sisi lain, pasar Girimulya dibuka.", "Pasar Girimulya dibuka."),
        ("Sementara itu, pasar Girimulya dibuka.", "Pasar Girimulya dibuka."),
        # Several of them.
        ("Namun, di sisi lain, pasar Girimulya dibuka.", "Pasar Girimulya dibuka."),
        ("Bahkan selain itu pasar Girimulya dibuka.", "Pasar Girimulya dibuka."),
        # It may be needed, and stays whole.
        ("Apalagi pasar Girimulya dibuka.", "Apalagi pasar Girimulya dibuka."),
        ("Terlebihkan pasar Girimulya.", "Terlebihkan pasar Girimulya."),
        ("Naminarto membuka pasar.", "Naminarto membuka pasar."),
        ("Sebelumnya, pasar Girimulya ditutup.", "Sebelumnya, pasar Girimulya ditutup."),
    ],
)
def test_what_is_chosen_stands_by_itself(sentence: str, told: str) -> None:
    assert choose([*OFFICE, sentence], [-9.0] * 4 + [9.0], 1) == [told]


@pytest.mark.parametrize("link", ["Namun", "Terlebih lagi,", "Namun, di sisi lain,"])
def test_a_link_stays_where_what_it_links_to_is_there(link: str) -> None:
    sentences = [*OFFICE[:2], f"{link} Sulaiman mengatakan hujan turun.", "Air naik."]
    assert choose(sentences, [-9.0, 9.0, 9.0, -9.0], 2) == sentences[1:3]


@pytest.mark.parametrize(
    "sentence",
    [
        "Salah satunya pasar Girimulya.",
        "Ada lima pasar berikut ini.",
        "Warga berjualan di dalamnya.",
        "Tak hanya itu, pasar dibuka.",
        "Bukan cuma itu, pasar dibuka.",
        "Oleh karena itu, pasar dibuka.",
        "Maka dari itu, pasar dibuka.",
        "Kendati begitu, pasar dibuka.",
        "Walau demikian, pasar dibuka.",
    ],
)
def test_what_needs_others_is_not_chosen_alone(sentence: str) -> None:
    assert choose([*OFFICE, sentence], [0.0] * 4 + [9.0], 1) != [sentence]
