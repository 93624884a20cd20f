"""What the form of a word shows."""

import pytest

from summarizer.checks.deletions.word_forms import WordForm, class_words, goes_on, links, links_speaker, read_forms


def form(word: str) -> WordForm:
    [read] = read_forms((word,))
    return read


def test_a_word_is_known_without_its_marks() -> None:
    assert form("“Orang-orang,”").core == "orang-orang"


def test_a_mark_alone_has_no_core() -> None:
    assert form("-").is_mark


@pytest.mark.parametrize("word", ["membuka", "dibuka", "bekerja"])
def test_a_verb_is_known_by_its_prefix(word: str) -> None:
    assert form(word).is_verb


@pytest.mark.parametrize("word", ["Membuka", "menteri", "buka", "meja"])
def test_a_name_or_a_noun_is_no_verb(word: str) -> None:
    assert not form(word).is_verb


def test_a_clitic_does_not_change_the_class_of_a_word() -> None:
    assert form("bisakah").belongs_to("auxiliaries")


def test_a_short_word_has_no_clitic() -> None:
    assert not form("kalah").belongs_to("prepositions")


@pytest.mark.parametrize("word", ["hujan,", "hujan.”", "-", "hujan)."])
def test_a_pause_is_known_by_its_mark(word: str) -> None:
    assert form(word).pauses


@pytest.mark.parametrize("word", ["hujan", "hujan)", "(hujan"])
def test_a_word_without_a_mark_that_parts_does_not_pause(word: str) -> None:
    assert not form(word).pauses


@pytest.mark.parametrize("word", ["12", "Rp7,5", "dua"])
def test_numbers_are_in_digits_or_words(word: str) -> None:
    assert form(word).is_number


def test_what_is_said_of_a_noun_goes_on() -> None:
    assert [word for word in ("yang", "membuka", "akan", "Laras") if goes_on(word)] == ["yang", "membuka", "akan"]


def test_prepositions_and_conjunctions_link() -> None:
    assert [word for word in ("di", "dan", "bahwa", "Laras") if links(word)] == ["di", "dan", "bahwa"]


def test_a_verb_of_speech_links_its_speaker() -> None:
    assert [word for word in ("kata", "menurut", "di") if links_speaker(word)] == ["kata", "menurut"]


def test_a_class_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError):
        class_words("nothing")


def test_only_so_many_sentences_are_remembered() -> None:
    for number in range(2_000):
        read_forms((f"kata{number}",))
    assert read_forms.cache_info().currsize <= 1_024
