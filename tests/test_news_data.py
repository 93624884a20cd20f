import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from summarizer import Article, Summarizer

NEWS = Path(__file__).parents[1] / "eval" / "data" / "news"
INDEX: list[dict[str, Any]] = json.loads((NEWS / "index.json").read_text(encoding="utf-8"))
# What cleaning is known to lose: a quotation of four words, behind a dateline, as the first paragraph.
LOST = {"gugatan-nelayan-pesisir": {'"Laut kami kembali, Pak!"'}}


def read(entry: dict[str, Any]) -> str:
    return (NEWS / f"{entry['name']}.txt").read_text(encoding="utf-8")


def body(entry: dict[str, Any]) -> list[str]:
    """The article's own paragraphs: the lines that the index names, without the pieces that aren't the article's."""
    lines = read(entry).split("\n")
    paragraphs = []
    for line in (line for first, last in entry["body"] for line in lines[first - 1 : last]):
        for piece in entry["inside"]:
            line = line.replace(piece, " ")
        paragraphs.append(" ".join(line.split()))
    return [paragraph for paragraph in paragraphs if paragraph]


@cache
def cleaned(name: str) -> Article:
    return Summarizer().clean(NEWS / f"{name}.txt")


@pytest.mark.parametrize("entry", INDEX, ids=lambda entry: entry["name"])
def test_cleaning_keeps_the_whole_body_in_order(entry: dict[str, Any]) -> None:
    assert sum(len(paragraph.split()) for paragraph in body(entry)) == entry["words"]
    # A dateline may stay: that is for the cleaning benchmark to count.
    kept = cleaned(entry["name"]).paragraphs
    places = {text: place for text in body(entry) for place, paragraph in enumerate(kept) if text in paragraph}
    assert set(body(entry)) - set(places) <= LOST.get(entry["name"], set())
    assert list(places.values()) == sorted(set(places.values()))


def test_cleaning_takes_nine_tenths_of_the_rest_out() -> None:
    words = sum(entry["words"] for entry in INDEX)
    around = sum(len(read(entry).split()) for entry in INDEX) - words
    assert sum(cleaned(entry["name"]).words for entry in INDEX) - words <= 0.1 * around
