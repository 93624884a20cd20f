"""The choice of sentences of an article that is too long."""

import pytest

from summarizer.writing.selection import select_sentences

LEAD = ["Pabrik semen di Girimulya meledak.", "Polisi datang pada malam hari."]
CENTRAL = "Ledakan pabrik semen di Girimulya melukai sembilan pekerja pabrik."
ASIDE = ["Cuaca kemarin cerah sekali.", "Pedagang menjual buah segar.", "Anak-anak bermain layangan."]
BACK = "Ia menyebut ledakan pabrik semen itu kecelakaan."


def select(sentences: list[str], room: int, title: str = "") -> list[str]:
    places = select_sentences(sentences, [len(sentence.split()) for sentence in sentences], room, title)
    assert places == sorted(set(places))
    return [sentences[place] for place in places]


@pytest.mark.parametrize(
    ("sentences", "room", "title", "chosen"),
    [
        # All that fits, else the beginning and what is central, in the article's order.
        ([*LEAD, *ASIDE], 22, "", [*LEAD, *ASIDE]),
        ([*LEAD, ASIDE[0], CENTRAL, *ASIDE[1:]], 20, "", [*LEAD, CENTRAL]),
        ([*LEAD, *ASIDE], 14, "Anak-anak bermain layangan", [*LEAD, ASIDE[2]]),
        # What points back comes with what it points to or not at all.
        ([*LEAD, CENTRAL, BACK, *ASIDE], 27, "", [*LEAD, CENTRAL, BACK]),
        ([], 10, "", []),
    ],
)
def test_what_is_chosen(sentences: list[str], room: int, title: str, chosen: list[str]) -> None:
    assert select(sentences, room, title) == chosen


@pytest.mark.parametrize("room", range(40))
def test_the_room_is_kept_and_the_first_sentence_is_read_if_any(room: int) -> None:
    chosen = select([*LEAD, CENTRAL, BACK, *ASIDE, "..."], room, "Pabrik meledak")
    assert sum(len(sentence.split()) for sentence in chosen) <= room
    assert chosen[:1] == (LEAD[:1] if room >= len(LEAD[0].split()) else [])
    assert BACK not in chosen or CENTRAL in chosen
