"""Abstracts of the article's own sentences, chosen by how much they matter."""

from collections.abc import Sequence

import pytest

from summarizer.article import Article
from summarizer.text.sentences import split_sentences
from summarizer.writing.abstract import write_abstracts
from summarizer.writing.extract import extract
from tests.conftest import FakeModel

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


# What matters nowhere near enough.
LOW = -9.0


def ranks(**places: float) -> list[float]:
    """Ranks of the sentences of `FIRE`: of those named ``s0`` and so on; the others matter little."""
    return [places.get(f"s{place}", LOW) for place in range(len(FIRE))]


def test_what_matters_most_is_taken_in_the_articles_order() -> None:
    assert extract(FIRE, "", ranks(s8=7, s1=4, s0=9), [], 4) == [FIRE[0], FIRE[1], FIRE[8]]
    assert extract(FIRE, "", ranks(s8=7, s1=4, s0=9), [], 2) == [FIRE[0], FIRE[8]]
    assert len(extract(FIRE, "", ranks(s0=9), [], 5)) == 2


def test_what_the_draft_holds_gains() -> None:
    draft = ["Kerugian pasar ditaksir Rp7,5 miliar oleh Ratna."]
    assert FIRE[8] not in extract(FIRE, "", [0.0] * len(FIRE), [], 3)
    assert FIRE[8] in extract(FIRE, "", [0.0] * len(FIRE), draft, 3)


@pytest.mark.parametrize("most", [1, 2, 3, 5])
@pytest.mark.parametrize("high", [(), range(10), *((0, at) for at in (2, 3, 6))])
def test_what_is_chosen_can_stand_together(high: Sequence[int], most: int) -> None:
    chosen = extract(FIRE, "Pasar Girimulya terbakar", ranks(**{f"s{place}": 5.0 for place in high}), [], most)
    assert min(most, 2) <= len(chosen) <= most
    assert chosen == [sentence for sentence in FIRE if sentence in chosen]
    # What leans on the sentence in front comes with it or not at all.
    assert all(FIRE[at] not in chosen or FIRE[at - 1] in chosen for at in (2, 3, 6))


def test_what_was_named_before_may_be_pointed_at() -> None:
    assert FIRE[7] in extract(FIRE, "", ranks(s0=5, s7=5), [], 2)
    elsewhere = ["Kebakaran melanda Girimulya pada Senin malam.", *FIRE[1:]]
    assert FIRE[7] not in extract(elsewhere, "", ranks(s0=5, s7=5), [], 2)


@pytest.mark.parametrize("first", ["Hal itu dikatakan Ratna Puspita di Girimulya.", '"Kami datang dari jauh."'])
def test_an_article_that_has_lost_its_lead(first: str) -> None:
    assert first not in extract([first, *FIRE], "", [9.0, *ranks(s0=1)], [], 3)


def test_the_headline_tells_what_matters() -> None:
    alike = [0.0] * len(FIRE)
    assert FIRE[5] not in extract(FIRE, "", alike, [], 3)
    assert FIRE[5] in extract(FIRE, "Tujuh mobil pemadam datang dari kota tetangga", alike, [], 3)


@pytest.mark.parametrize(
    "dateline",
    ["Girimulya (ANTARA News) - ", "GIRIMULYA, KOMPAS.com - ", "Suara.com-", "Girimulya, CNN Indonesia - - "],
)
def test_a_dateline_is_left_out(dateline: str) -> None:
    assert extract([dateline + FIRE[0], *FIRE[1:]], "", ranks(s0=9), [], 2)[0] == FIRE[0]


@pytest.mark.parametrize(
    "first",
    ["Pasar Girimulya - yang dibangun pada 1980 - terbakar pada Senin malam.", "Laga Persija-Persib ditunda Senin."],
)
def test_a_dash_makes_no_dateline(first: str) -> None:
    assert extract([first, *FIRE[1:]], "", ranks(s0=9), [], 2)[0] == first


@pytest.mark.parametrize("sentence", ["...", "?", "Ia pergi.", '"Ya," katanya.', "Hal itu benar."])
@pytest.mark.parametrize("count", [1, 2, 7])
def test_articles_of_nothing_that_can_stand_alone(sentence: str, count: int) -> None:
    assert extract([sentence] * count, "", [0.0] * count, [], 1) == [sentence]


def test_the_article_speaks_where_a_model_ranks() -> None:
    article = Article("a.txt", None, (" ".join(FIRE),))
    [abstract] = write_abstracts([article], FakeModel(rank=lambda sentence: 0.0))
    assert set(split_sentences(abstract.text)) <= set(FIRE)
    assert abstract.text.startswith(FIRE[0])
    assert (abstract.support[0].positions, abstract.warnings, abstract.repairs) == (((0, 0),), (), ())
