"""Words of a source that a translation says nothing of."""

from __future__ import annotations

import pytest

from summarizer.checks.translations.missing import find_missing_words


def missing(source: str, translation: str) -> list[str]:
    return [match.written for match in find_missing_words(source, translation)]


@pytest.mark.parametrize(
    ("source", "translation", "words"),
    [
        # Left in Indonesian, though parallel text sometimes leaves it, too.
        ("Warga mengikuti lomba perahu.", "Residents took part in the boat lomba.", ["lomba"]),
        # A capital that opens a sentence says nothing.
        ("Anggar adalah olahraga.", "Anggar is a sport.", ["Anggar"]),
        ("Warga membawa obor.", "Residents carried water.", ["obor"]),
        # The abbreviation that stands beside a name is no rendering of it.
        (
            "Partai Solidaritas Indonesia (PSI) menang.",
            "The Indonesian Coalition Party (PSI) won.",
            ["Partai Solidaritas Indonesia"],
        ),
    ],
)
def test_words_that_a_translation_lacks(source: str, translation: str, words: list[str]) -> None:
    assert missing(source, translation) == words


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("Warga mengikuti lomba perahu.", "Residents took part in the boat race."),
        ("Anggar adalah olahraga.", "Fencing is a sport."),
        # It may be a name: behind other words, in front of another capital, in a headline.
        ("Kemarin Anggar pulang.", "Yesterday Anggar went home."),
        ("Anggar Dewi pulang.", "Anggar Dewi went home."),
        ("Anggar Pulang ke Laras Setelah Lama Pergi", "Anggar goes home to Laras after a long absence"),
        # An abbreviation is a rendering of a name that the source writes out alone.
        ("Partai Solidaritas Indonesia menang.", "PSI won."),
        ("Partai Solidaritas Indonesia (PSI) menang.", "The Indonesian Solidarity Party (PSI) won."),
        # English has the word.
        ("Warga menonton film.", "Residents watched a film."),
    ],
)
def test_words_that_a_translation_has(source: str, translation: str) -> None:
    assert missing(source, translation) == []
