import pytest

from summarizer.lexicon import WordClass, correct_spelling
from summarizer.lexicon.segmentation import restore_spaces


@pytest.mark.parametrize(
    ("word", "pieces"),
    [
        ("menjagakemerdekaan", "menjaga kemerdekaan"),
        ("emasislami", "emas islami"),
        ("cuacayang", "cuaca yang"),
        ("melaporkanpenipuanyang", "melaporkan penipuan yang"),
        ("kartunitu", "kartun itu"),
    ],
)
def test_a_word_that_lost_its_spaces_is_taken_apart(word: str, pieces: str) -> None:
    assert restore_spaces(word) == pieces


@pytest.mark.parametrize(
    "word",
    [
        "kemungkinan",
        "mengabadikan",
        "abadikan",
        "supporters",
        "memindahbukukan",
        "berbedabeda",
        "antarmenteri",
        "prasejarah",
        "bandarlampung",
        "ruang",
        "xqzwvbnmrt",
    ],
)
def test_a_word_that_may_be_one_stays_one(word: str) -> None:
    assert restore_spaces(word) == word


def test_the_fewest_pieces_win() -> None:
    assert restore_spaces("kemejabatik") == "kemeja batik"


def test_names_stay_in_one() -> None:
    assert restore_spaces("Sumberharga") == "Sumberharga"


def test_an_endless_word_costs_no_time() -> None:
    assert restore_spaces("yang" * 100_000) == "yang" * 100_000


def test_a_sentence_gets_back_its_spaces_and_keeps_its_addresses() -> None:
    text = "Ia menjagakemerdekaan, kata emasislami.com dan @cuacayang."
    assert correct_spelling(text) == "Ia menjaga kemerdekaan, kata emasislami.com dan @cuacayang."


def test_misspelt_words_alone_can_be_asked_for() -> None:
    assert correct_spelling("Ia menjagakemerdekaan", (WordClass.MISSPELT,)) == "Ia menjagakemerdekaan"


@pytest.mark.parametrize("text", ["", "menjaga kemerdekaan", "Ia menjaga kemerdekaan, kata harga saham."])
def test_a_text_that_lost_no_space_is_as_it_was(text: str) -> None:
    assert correct_spelling(text) == text
