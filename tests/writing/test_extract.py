"""Faithful abstracts: sentences of the article, chosen by their rank and by a draft."""

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


def test_the_drafts_sentences_are_taken_in_the_articles_words_and_order() -> None:
    draft = ["Kerugian pasar ditaksir Rp7,5 miliar oleh Ratna.", "Kebakaran hebat melanda pasar di Girimulya."]
    assert extract(FIRE, "", draft, 4) == [FIRE[0], FIRE[1], FIRE[2], FIRE[8]]
    assert FIRE[8] not in extract(FIRE, "", [], 4)


@pytest.mark.parametrize("most", [1, 2, 3, 5])
@pytest.mark.parametrize("draft", [[], ["Kucing tidur."], FIRE, FIRE[::-1], *([FIRE[0], FIRE[at]] for at in (2, 3, 6))])
def test_what_is_chosen_can_stand_together(draft: list[str], most: int) -> None:
    chosen = extract(FIRE, "Pasar Girimulya terbakar", draft, most)
    assert min(most, 2) <= len(chosen) <= most
    assert chosen == [sentence for sentence in FIRE if sentence in chosen]
    # What leans on the sentence in front comes with it or not at all.
    assert all(FIRE[at] not in chosen or FIRE[at - 1] in chosen for at in (2, 3, 6))


def test_what_was_named_before_may_be_pointed_at() -> None:
    assert FIRE[7] in extract(FIRE, "", [FIRE[7]], 3)
    elsewhere = ["Kebakaran melanda Girimulya pada Senin malam.", *FIRE[1:]]
    assert FIRE[7] not in extract(elsewhere, "", [FIRE[7]], 3)


@pytest.mark.parametrize("first", ["Hal itu dikatakan Ratna Puspita di Girimulya.", '"Kami datang dari jauh."'])
def test_an_article_that_has_lost_its_lead(first: str) -> None:
    assert first not in extract([first, *FIRE], "", [first], 3)


def test_the_headline_tells_what_matters() -> None:
    assert FIRE[5] not in extract(FIRE, "", [], 3)
    assert FIRE[5] in extract(FIRE, "Tujuh mobil pemadam datang dari kota tetangga", [], 3)


@pytest.mark.parametrize(
    "dateline",
    ["Girimulya (ANTARA News) - ", "GIRIMULYA, KOMPAS.com - ", "Suara.com-", "Girimulya, CNN Indonesia - - "],
)
def test_a_dateline_goes_if_the_draft_leaves_it_out(dateline: str) -> None:
    article = [dateline + FIRE[0], *FIRE[1:]]
    assert extract(article, "", [FIRE[0]], 2)[0] == FIRE[0]
    for draft in ([article[0]], []):
        assert extract(article, "", draft, 2)[0] == article[0]
    dashed = ["Pasar Girimulya - yang dibangun pada 1980 - terbakar pada Senin malam.", *FIRE[1:]]
    assert extract(dashed, "", ["Pasar Girimulya terbakar pada Senin malam."], 2)[0] == dashed[0]


@pytest.mark.parametrize("sentence", ["...", "?", "Ia pergi.", '"Ya," katanya.', "Hal itu benar."])
@pytest.mark.parametrize("count", [1, 2, 7])
def test_articles_of_nothing_that_can_stand_alone(sentence: str, count: int) -> None:
    assert extract([sentence] * count, "", [sentence], 1) == [sentence]


@pytest.mark.parametrize(
    "draft", ["", "Kata Kata Kata Kata Kata Kata", "Bandung 99.", '"', "Wali Kota Ratna terbakar."]
)
def test_whatever_is_drafted_the_article_speaks(draft: str) -> None:
    article = Article("a.txt", None, (" ".join(FIRE),))
    [abstract] = write_abstracts([article], FakeModel(lambda task, source: draft, extracts=True))
    assert set(split_sentences(abstract.text)) <= set(FIRE)
    assert abstract.text.startswith(FIRE[0])
    assert (abstract.support[0].positions, abstract.warnings, abstract.repairs) == (((0, 0),), (), ())
