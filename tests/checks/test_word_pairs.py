import pytest

from summarizer.checks.word_pairs import cover_words, english_words, indonesian_words
from summarizer.lexicon.english import strip_english_ending


def test_words_have_one_form() -> None:
    assert indonesian_words("Anak-anak itu di rumahnya, anak-beranak!") == ["anak", "itu", "rumah", "anak-beranak"]
    assert english_words("He is in the bank’s vault") == ["the", "bank’s", "vault"]
    assert len({strip_english_ending(word) for word in ("arrest", "arrests", "arrested", "arresting")}) == 1
    assert strip_english_ending("stopped") == strip_english_ending("stop")
    assert strip_english_ending("by") == "by"


def test_a_word_that_was_misread_is_missing_and_its_translation_has_no_source() -> None:
    source = "Pembawa obor pertama adalah juara dunia renang."
    good = cover_words(source, "The first torchbearer is the world swimming champion, carrying the torch.")
    bad = cover_words(source, "The first speaker is the world champion.")
    assert dict(good.source)["obor"] > 0.2
    assert dict(bad.source)["obor"] < 0.05
    assert dict(bad.source)["dunia"] > 0.5
    assert dict(bad.target)["speaker"] < 0.05
    assert dict(bad.target)["world"] > 0.3


@pytest.mark.parametrize(("source", "translation"), [("", ""), ("Kota.", ""), ("", "Town."), ("12 % !", "12 % !")])
def test_texts_with_nothing_to_compare(source: str, translation: str) -> None:
    coverage = cover_words(source, translation)
    assert all(share == 0 for _, share in (*coverage.source, *coverage.target))
