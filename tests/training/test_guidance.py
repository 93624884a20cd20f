import random

import pytest

from training.bitext import Pair
from training.guidance import guide_pair

PAIR = Pair("Polisi menyita gayung dan ember milik warga.", "Police seized residents' buckets and dippers.", 0)
ALWAYS = {"share": 1.0, "words": [1], "most": 0.5, "choice": 0.0}


def guided(pair: Pair, **settings: object) -> set[str]:
    """Return the sources that fifty draws give."""
    sources = set()
    for seed in range(50):
        made = guide_pair(pair, {**ALWAYS, **settings}, random.Random(seed))
        assert made.target == pair.target
        assert made.line == pair.line
        sources.add(made.source)
    return sources


def test_a_word_gives_way_to_the_rendering_that_the_target_has() -> None:
    sources = guided(PAIR)
    assert "Polisi menyita dipper dan ember milik warga." in sources
    assert "Polisi menyita gayung dan bucket milik warga." in sources
    assert not any("scoop" in source for source in sources)
    assert PAIR.source not in sources


def test_a_share_of_the_pairs_stays_as_it_is() -> None:
    assert guided(PAIR, share=0.0) == {PAIR.source}
    assert PAIR.source in guided(PAIR, share=0.5)


def test_several_words_may_give_way_but_no_more_than_a_part() -> None:
    several = guided(PAIR, words=[0, 0, 1])
    assert any("dipper" in source and "bucket" in source for source in several)
    words = ("dipper", "bucket", "seize", "resident", "police", "own")
    assert all(sum(word in source.lower() for word in words) == 1 for source in guided(PAIR, most=0.2))


def test_what_the_target_does_not_have_is_left_alone() -> None:
    pair = Pair("Polisi menyita gayung.", "Nothing of the kind.", 3)
    assert guided(pair) == {pair.source}


@pytest.mark.parametrize("source", ["", "12 + 30", "Jakarta"])
def test_a_source_without_such_words_is_left_alone(source: str) -> None:
    pair = Pair(source, "Jakarta police seized a dipper.", 3)
    assert guided(pair) == {source}


def test_a_wrong_sense_may_stand_beside_the_right_one() -> None:
    pair = Pair("Suara itu keras sekali.", "That sound was very loud.", 0)
    sources = guided(pair, choice=1.0)
    assert any("/" in source for source in sources)
    assert all("sound" in source.lower() for source in sources if "/" in source and "uara" not in source)
