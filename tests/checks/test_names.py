"""Names of a text, and their likeness to others."""

import pytest

from summarizer.checks import find_names
from summarizer.checks.names import LikeWords, SpelledWords
from summarizer.checks.translations.names import find_name_faults
from summarizer.lexicon.glossary import load_glossary


def test_names_are_told_from_first_words_and_titles() -> None:
    def names(text: str) -> list[str]:
        return [name.text for name in find_names(text, "id")]

    assert names("Taman itu dibuka Ratna. Warga senang. KPK diam pada Senin, Mei.") == ["Ratna", "KPK"]
    assert names("Prabowo datang. Menteri pergi. Rp5 miliar habis.") == ["Prabowo"]
    text = "Warga se-Jawa senang."
    [name] = find_names(text, "id")
    assert text[name.start : name.end] == "se-Jawa"


def test_names_have_their_places_where_a_space_is_missing() -> None:
    text = "Rapat dibuka kemarin. Prof.Budi Santoso datang ke Jakarta (DPR)."
    found = find_names(text, "id")
    assert [text[name.start : name.end] for name in found] == ["Prof", "Budi", "Santoso", "Jakarta", "DPR"]
    assert [name.text for name in found if not name.alone] == ["Budi"]


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("Indonesian", "Indonesia"),
        ("Indonesia", "Indonesian"),
        ("Turkish", "Turki"),
        ("Turki", "Turkish"),
        ("Soeharto", "Suharto"),
    ],
)
def test_a_word_is_like_one_that_it_is_made_of_or_sounds_like(word: str, other: str) -> None:
    assert LikeWords(["Lain", other]).has_like(word)


@pytest.mark.parametrize(
    ("word", "other"), [("Budi", "Bali"), ("Bali", "Balikpapan"), ("Iran", "Irak"), ("", "A"), ("A", "")]
)
def test_a_word_is_not_like_any_other(word: str, other: str) -> None:
    assert not LikeWords(["Lain", other]).has_like(word)


def test_words_that_share_most_letters_are_alike() -> None:
    assert SpelledWords(["Bucharest", "Budapest", "Paris"]).find_alike("Bukares", 0.7) == ["Bucharest"]


def test_words_that_begin_with_other_sounds_are_not_alike() -> None:
    assert SpelledWords(["Ucharest"]).find_alike("Bukares", 0.1) == []


@pytest.mark.parametrize(
    ("source", "translation", "missing"),
    [
        # In headline case a capital says nothing, if the English of the word is there.
        ("Menteri Sambangi Warga Desa yang Terdampak Banjir", "Minister visits village residents hit by floods", []),
        (
            "Menteri Sambangi Warga Desa yang Terdampak Banjir",
            "Minister of village residents hit by floods",
            ["Sambangi"],
        ),
        # In a sentence it is a name.
        ("Kemarin Pak Sambangi pulang ke desa.", "Yesterday Mr Visit went home to the village.", ["Sambangi"]),
    ],
)
def test_words_of_headlines_are_no_names(source: str, translation: str, missing: list[str]) -> None:
    faults = find_name_faults(source, translation, load_glossary())
    assert [fault.piece for fault in faults if fault.missing] == missing


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("Wanita Muda Dipeluk Jessica Kemarin", "“Dipeluk” is missing (as a word: hugged, embraced)"),
        ("Ia dipanggil oleh Reserse.", "“Reserse” is missing (as a word: detective, criminal investigation)"),
        # No words, names that English has, and words that English has too.
        ("Ia pergi ke Wonogiri.", "“Wonogiri” is missing"),
        ("Ia pergi ke Batu.", "“Batu” is missing"),
        ("Ia pergi ke Abaya.", "“Abaya” is missing"),
    ],
)
def test_a_missing_name_that_is_a_word_has_its_meaning(source: str, said: str) -> None:
    faults = find_name_faults(source, "It rained.", load_glossary())
    assert said in list(map(str, faults))
