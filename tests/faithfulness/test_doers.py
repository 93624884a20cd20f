"""Who does what in an abstract, and who in its article."""

import pytest

from summarizer.faithfulness import has_another_doer

ARTICLE = (
    "Kisruh Sartika dengan mantan karyawannya, Ayu Wulandari, masih berlanjut. Bukan hanya Sartika, Ayu juga "
    "melaporkan Bagas Nugraha ke polisi di Girimulya. Sartika sempat dilaporkan oleh Ayu Wulandari pekan lalu. Wali "
    "Kota Ratna Puspita meninjau pasar. Ia meminta warga tenang. Kepala dinas di Girimulya menutup tiga kios."
)


@pytest.mark.parametrize(
    "sentence",
    [
        "Sartika juga melaporkan Bagas Nugraha ke polisi.",
        "Bagas Nugraha telah dilaporkan Sartika.",
        "Ayu dilaporkan ke polisi.",
        "Bagas Nugraha meninjau pasar.",
    ],
)
def test_a_deed_of_another_name_is_found(sentence: str) -> None:
    assert has_another_doer(sentence, ARTICLE)


@pytest.mark.parametrize(
    "sentence",
    [
        "Ayu Wulandari melaporkan Bagas Nugraha.",
        "Bagas dilaporkan Ayu.",  # the article has it the other way about: melaporkan Bagas
        "Wali Kota Ratna meninjau pasar.",
        "Ratna Puspita meminta warga tenang.",  # "Ia" may be anybody
        "Wulan melaporkan Bagas.",  # the article has no Wulan: another check's business
        "Pasar di Girimulya meninjau warga.",  # behind a preposition, Girimulya does nothing
        "Sartika membantah kabar itu.",  # the article has no such deed
        "Warga tenang.",
        "",
    ],
)
def test_a_deed_that_may_be_the_names_own_is_not(sentence: str) -> None:
    assert not has_another_doer(sentence, ARTICLE)


def test_an_empty_article_tells_nothing() -> None:
    assert not has_another_doer("Sartika melaporkan Bagas.", "")
