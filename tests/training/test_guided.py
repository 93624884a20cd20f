from __future__ import annotations

import gzip
from collections.abc import Mapping
from pathlib import Path

import pytest

from summarizer.errors import InputError
from summarizer.models import DEFAULT, prepare_model
from summarizer.training.back import BackTranslator
from summarizer.training.guided import (
    BackTranslation,
    Guide,
    Guided,
    append_back,
    choose,
    keep,
    read_back,
)
from summarizer.training.lexicon import Sense

SENSES = {
    "pelana": [Sense("saddle", 3, frozenset("n"))],
    "sadel": [Sense("saddle", 3, frozenset("n"))],
    "menimba": [Sense("scoop", 3, frozenset("v"))],
    "curam": [Sense("steep", 3, frozenset("a"))],
    "minyak tanah": [Sense("kerosene", 3, frozenset("n"))],
    "jari manis": [Sense("ring finger", 3, frozenset("n"))],
    "api": [Sense("fire", 3, frozenset("n"))],
}


def guide(text: str, most: Mapping[str, int] | None = None) -> str:
    return Guide(SENSES, dict.fromkeys(SENSES, 5) if most is None else most).guide(text).mixed


@pytest.mark.parametrize(
    ("text", "mixed"),
    [
        ("The horse had a saddle, at last.", "The horse had a pelana, at last."),
        ("They sold three saddles.", "They sold three pelana."),
        ("The path is steep.", "The path is curam."),
        ("They scoop water with their hands.", "They menimba water with their hands."),
        ("He was scooping water.", "He was menimba water."),
        ("She wore it on her ring finger.", "She wore it on her jari manis."),
        (
            "The kerosene and the saddle burnt on a steep hill.",
            "The minyak tanah and the pelana burnt on a curam hill.",
        ),
    ],
)
def test_rare_words_become_indonesian(text: str, mixed: str) -> None:
    assert guide(text) == mixed


@pytest.mark.parametrize(
    "text",
    [
        "Saddle Creek is a label.",  # a name
        "He will saddle a horse.",  # a verb, and the translation is a noun
        "It was the scoop of the year.",  # the other way round
        "Water was scooped from the well.",  # a past participle
        "A firefighter came.",  # part of a word
        "",
        "…!",
    ],
)
def test_other_words_stay(text: str) -> None:
    assert guide(text) == text


def test_each_word_is_used_so_often_and_those_least_used_come_first() -> None:
    found = Guide(SENSES, {"pelana": 1, "sadel": 2, "api": 0})
    said = [found.guide("Behind the saddle was a fire.") for _ in range(4)]
    assert [one.words for one in said] == [("sadel",), ("pelana",), ("sadel",), ()]
    assert said[-1].mixed == said[-1].text


def test_at_most_three_words_are_replaced() -> None:
    mixed = guide("The saddle, the kerosene, the steep hill and the ring finger.")
    assert mixed == "The pelana, the minyak tanah, the curam hill and the ring finger."


def test_what_is_kept_has_the_words_and_is_likely_enough() -> None:
    source = Guided("The saddle burnt.", "The pelana burnt.", ("pelana",))
    written = [
        BackTranslation(source, "Pelana itu terbakar.", -0.4),
        BackTranslation(source, "Pelananya terbakar.", -0.3),  # another form of it
        BackTranslation(source, "Kursi itu terbakar.", -0.3),
        BackTranslation(source, "Pelana itu dibakar.", -0.9),
        BackTranslation(source, "", -0.1),
    ]
    assert [(pair.source, pair.target) for pair in keep(written, -0.5)] == [
        ("Pelana itu terbakar.", "The saddle burnt."),
    ]
    assert [pair.source for pair in keep(written, -1.0, -0.5)] == ["Pelana itu dibakar."]


def test_a_file_grows_and_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "back.jsonl"
    written = [BackTranslation(Guided("A “fire”.", "An “api”.", ("api",)), "Sebuah “api”.", -0.25)]
    append_back(path, written)
    append_back(path, written)
    assert list(read_back(path)) == written * 2


@pytest.mark.parametrize(
    "text", ["{", '{"en": "A"}', "[1]", '{"en": "", "mixed": "", "words": [], "id": "", "score": "x"}']
)
def test_a_damaged_file_is_a_clear_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "back.jsonl"
    path.write_text(text + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="cannot read the back-translations in"):
        list(read_back(path))
    with pytest.raises(InputError, match="cannot read the back-translations in"):
        list(read_back(tmp_path / "absent.jsonl"))
    with pytest.raises(InputError, match="cannot write"):
        append_back(tmp_path, [])


NEWS = """a\tThe rider put the saddle on his horse.
a\tThe rider put the saddle on his horse.
a\tToo short a saddle.
a\tThe president opened the book fair with a saddle in Jakarta on Monday.
b\tNothing else in this sentence is rare at all.
"""


def write_news(data: Path) -> None:
    words = data / "dictionaries"
    words.mkdir()
    for name in ("dict_wiktionary", "dict_muse"):
        (words / f"{name}.id").write_text("pelana\nbuku\n", encoding="utf-8")
        (words / f"{name}.en").write_text("saddle\nbook\n", encoding="utf-8")
    (words / "wordnet_bahasa.tsv").write_text("pelana\tn\tsaddle\tseat\nbuku\tn\tbook\tpages\n", encoding="utf-8")
    (data / "english_news").mkdir()
    with gzip.open(data / "english_news" / "news.tsv.gz", "wt", encoding="utf-8") as stream:
        stream.write(NEWS)
    dev = data / "translation" / "dev"
    dev.mkdir(parents=True)
    (dev / "dev.id").write_text("Presiden membuka pameran buku.\n", encoding="utf-8")
    (dev / "dev.en").write_text("The president opened the book fair with a saddle.\n", encoding="utf-8")


def test_sentences_with_rare_words_are_chosen_but_none_of_a_dev_set(tmp_path: Path) -> None:
    write_news(tmp_path)
    chosen = choose(tmp_path, {"buku": 2000}, 10, seed=1)
    assert [one.mixed for one in chosen if one.words] == ["The rider put the pelana on his horse."]
    assert not any("president" in one.text for one in chosen)
    assert choose(tmp_path, {}, 0, seed=1) == []
    assert [one.words for one in choose(tmp_path, {"pelana": 1600, "buku": 2000}, 10, seed=1) if one.words]
    # A word that the model has seen often is none that it must be told.
    assert not any(one.words for one in choose(tmp_path, {"pelana": 2000, "buku": 2000}, 10, seed=1))


def test_a_damaged_list_of_sentences_is_a_clear_error(tmp_path: Path) -> None:
    write_news(tmp_path)
    (tmp_path / "english_news" / "news.tsv.gz").write_bytes(b"no gzip")
    with pytest.raises(InputError, match=r"cannot read .*news\.tsv\.gz"):
        choose(tmp_path, {}, 10, seed=1)


def test_the_embedded_model_writes_indonesian_with_the_given_words() -> None:
    checkpoint = prepare_model(DEFAULT)
    sentences = [
        Guided("The rider bought a new saddle.", "The rider bought a new pelana.", ("pelana",)),
        Guided("The minister opened the bridge on Monday.", "The minister opened the bridge on Monday.", ()),
    ]
    written = {one.guided: one for batch in BackTranslator(checkpoint).write(sentences) for one in batch}
    assert set(written) == set(sentences)
    assert "pelana" in written[sentences[0]].text
    assert "Senin" in written[sentences[1]].text
    assert all(-2 < one.score < 0 for one in written.values())
    assert len(keep(written.values(), -2)) == 2
    assert not list(BackTranslator(checkpoint).write([]))
