"""The choice of sentences of an article that is too long."""

import pytest

from summarizer.writing.selection import select_sentences

LEAD = ["Pabrik semen di Girimulya meledak.", "Polisi datang pada malam hari."]
CENTRAL = "Ledakan pabrik semen di Girimulya melukai sembilan pekerja pabrik."
ASIDE = ["Cuaca kemarin cerah sekali.", "Pedagang menjual buah segar.", "Anak-anak bermain layangan."]


def _select(sentences: list[str], room: int, title: str = "") -> list[str]:
    places = select_sentences(sentences, [len(sentence.split()) for sentence in sentences], room, title)
    assert places == sorted(set(places))
    return [sentences[place] for place in places]


def test_all_of_an_article_that_fits() -> None:
    sentences = [*LEAD, *ASIDE]
    assert _select(sentences, sum(len(sentence.split()) for sentence in sentences)) == sentences


def test_the_beginning_and_what_is_central_in_the_articles_order() -> None:
    assert _select([*LEAD, ASIDE[0], CENTRAL, *ASIDE[1:]], 20) == [*LEAD, CENTRAL]
    assert _select([*LEAD, CENTRAL, *ASIDE], 20) == [*LEAD, CENTRAL]


def test_the_headline_tells_what_matters() -> None:
    assert _select([*LEAD, *ASIDE], 14, "Anak-anak bermain layangan") == [*LEAD, ASIDE[2]]
    assert _select([*LEAD, *ASIDE], 14) != [*LEAD, ASIDE[2]]


def test_what_points_back_comes_with_what_it_points_to_or_not_at_all() -> None:
    pair = [CENTRAL, "Ia menyebut ledakan pabrik semen itu kecelakaan."]
    assert _select([*LEAD, *pair, *ASIDE], 27) == [*LEAD, *pair]
    assert pair[1] not in _select([*LEAD, *pair, *ASIDE], 20)


@pytest.mark.parametrize("room", range(40))
def test_the_room_is_kept_and_the_first_sentence_is_read_if_any(room: int) -> None:
    chosen = _select([*LEAD, *ASIDE, CENTRAL], room, "Pabrik meledak")
    assert sum(len(sentence.split()) for sentence in chosen) <= room
    assert chosen[:1] == (LEAD[:1] if room >= len(LEAD[0].split()) else [])


def test_without_sentences_or_words() -> None:
    assert select_sentences([], [], 10) == []
    assert select_sentences(["...", "...", "..."], [5, 5, 5], 10) == [0, 1]
