from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from summarizer.faithfulness import check_abstract, check_translation
from summarizer.summarizer import Summarizer
from summarizer.text.sentences import split_sentences

NEWS = Path(__file__).parents[1] / "eval" / "data" / "news"
INDEX: list[dict[str, Any]] = json.loads((NEWS / "index.json").read_text(encoding="utf-8"))
# What cleaning is known to lose: a quotation of four words, behind a dateline, as the first paragraph.
LOST = {"gugatan-nelayan-pesisir": {'"Laut kami kembali, Pak!"'}}
TOPICS = {"politics", "law", "economy", "sport", "technology", "disaster", "health", "entertainment"}

each_article = pytest.mark.parametrize("entry", INDEX, ids=lambda entry: entry["name"])


def read(entry: dict[str, Any], ending: str) -> str:
    return (NEWS / f"{entry['name']}{ending}").read_text(encoding="utf-8").strip()


def body(entry: dict[str, Any]) -> list[str]:
    """The article's own paragraphs: the lines that the index names, without the pieces that aren't the article's."""
    lines = (NEWS / f"{entry['name']}.txt").read_text(encoding="utf-8").split("\n")
    paragraphs = []
    for first, last in entry["body"]:
        for line in lines[first - 1 : last]:
            for piece in entry["inside"]:
                line = line.replace(piece, " ")
            paragraphs.append(" ".join(line.split()))
    return [paragraph for paragraph in paragraphs if paragraph]


def test_index_and_files_agree() -> None:
    names = [entry["name"] for entry in INDEX]
    assert names == sorted(set(names))
    wanted = {f"{name}{ending}" for name in names for ending in (".txt", ".ref.txt", ".en.txt")}
    assert {path.name for path in NEWS.iterdir()} == wanted | {"index.json", "README.md"}


def test_topics_shapes_and_lengths_are_spread() -> None:
    topics = [entry["topic"] for entry in INDEX]
    assert set(topics) == TOPICS
    assert min(topics.count(topic) for topic in TOPICS) >= 3
    shapes = [entry["shape"] for entry in INDEX]
    assert len(set(shapes)) == len(shapes)
    words = [entry["words"] for entry in INDEX]
    assert sum(80 <= count <= 150 for count in words) >= 6
    assert sum(250 <= count <= 450 for count in words) >= 8
    assert sum(600 <= count <= 900 for count in words) >= 4


@each_article
def test_body_has_the_length_that_the_index_says(entry: dict[str, Any]) -> None:
    words = sum(len(paragraph.split()) for paragraph in body(entry))
    assert words == entry["words"]
    assert 80 <= words <= 900


@each_article
def test_cleaning_keeps_the_whole_body(entry: dict[str, Any]) -> None:
    article = Summarizer().clean(NEWS / f"{entry['name']}.txt")
    # A dateline may stay: that is for the cleaning benchmark to count.
    places = {
        paragraph: place
        for paragraph in body(entry)
        for place, kept in enumerate(article.paragraphs)
        if paragraph in kept
    }
    assert set(body(entry)) - set(places) <= LOST.get(entry["name"], set())
    assert list(places.values()) == sorted(set(places.values()))
    assert 80 <= article.words <= 900


def test_cleaning_takes_nine_tenths_of_the_rest_out() -> None:
    around = left = 0
    for entry in INDEX:
        around += len(read(entry, ".txt").split()) - entry["words"]
        left += Summarizer().clean(NEWS / f"{entry['name']}.txt").words - entry["words"]
    assert left <= 0.1 * around


@each_article
def test_numbers_and_names_of_the_abstract_are_in_the_body(entry: dict[str, Any]) -> None:
    assert check_abstract(read(entry, ".ref.txt"), "\n".join(body(entry))) == []


@each_article
def test_abstract_is_short_and_no_copy(entry: dict[str, Any]) -> None:
    abstract = read(entry, ".ref.txt")
    assert "\n" not in abstract
    assert 30 <= len(abstract.split()) <= 70
    assert 2 <= len(split_sentences(abstract)) <= 3
    text = "\n".join(body(entry))
    assert not [sentence for sentence in split_sentences(abstract) if sentence in text]


@each_article
def test_translation_follows_the_abstract(entry: dict[str, Any]) -> None:
    abstract, translation = read(entry, ".ref.txt"), read(entry, ".en.txt")
    assert "\n" not in translation
    assert len(split_sentences(translation)) == len(split_sentences(abstract))
    assert [fault for fault in check_translation(abstract, translation) if fault.kind in {"number", "unit"}] == []
    assert not {"yang", "dan", "dengan", "untuk"} & set(translation.lower().split())
