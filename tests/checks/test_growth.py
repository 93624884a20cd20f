"""Checks take time that grows as their texts do: twice the text may take twice as long, not four times."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from summarizer.checks import check_abstract, check_translation, find_support
from summarizer.text.sentences import split_paragraphs, split_sentences
from summarizer.web.presenting import present
from summarizer.writing.review import review
from tests.conftest import in_some_try, processor_seconds

# What takes the square of a text's length has a ratio of 16 here, what grows as the text does one of 4.
_TIMES_LONGER = 4
_MOST_TIMES_SLOWER = 10
# Processor seconds below which a clock says nothing.
_TOO_SHORT = 0.1


def many_names(count: int, last: str) -> str:
    """Return as many different names as are wanted, unlike each other but for their letters."""
    syllables = [consonant + vowel for consonant in "bdgklmnprst" for vowel in "aeiou"]
    names = []
    for number in range(count):
        first, second = divmod(number, len(syllables))
        names.append(f"{syllables[first % len(syllables)]}{syllables[second]}{last}".capitalize())
    return " dan ".join(names)


def amounts(count: int) -> str:
    """Return as many different amounts, all of which "13 triliun" rounds."""
    return " ".join(f"13,{number:05} triliun" for number in range(count))


def sentences_of(count: int, paragraphs: int) -> list[dict[str, Any]]:
    """Return sentences as a model wrote them, all of them doubtful."""
    of_model = []
    for number in range(count):
        texts = {"source": f"Warga {number} pergi.", "translation": f"Resident {number} left."}
        doubt = {"confidence": 0.1, "doubtful": True, "reasons": ["“left” may be mistranslated"]}
        of_model.append(texts | doubt | {"paragraph": number * paragraphs // count})
    return of_model


def review_written(count: int, paragraphs: int | None = None) -> None:
    """Review as many sentences, each of which a reader has changed; a paragraph has one, or all are in so many."""
    paragraphs = paragraphs or count
    of_model = sentences_of(count, paragraphs)
    sources = [""] * paragraphs
    lines = [""] * paragraphs
    for sentence in of_model:
        place = sentence["paragraph"]
        sources[place] += f" {sentence['source']}"
        lines[place] += f" {sentence['translation'].replace('left', 'went')}"
    review(list(map(str.strip, sources)), None, "\n".join(map(str.strip, lines)), written=of_model)


def entry_of(count: int) -> dict[str, Any]:
    """Return a result of as many sentences as the server keeps it, with its review."""
    of_model = sentences_of(count, count)
    rows = []
    for sentence in of_model:
        texts = {"sentence": sentence["source"], "translation": sentence["translation"]}
        place = {"positions": [[sentence["paragraph"], 0]], "confidence": 0.1, "alternative": None}
        rows.append(texts | place | {"doubts": sentence["reasons"]})
    found = {"sentences": rows, "doubts": [], "doubtful": True}
    translation = "\n".join(sentence["translation"] for sentence in of_model)
    return {"abstract": None, "translation": translation, "sentences": of_model, "warnings": [], "review": found}


LINE = "Ya … Budi mengalahkan Ani."


@pytest.mark.parametrize(
    ("work", "size"),
    [
        (lambda size: split_sentences("“ " * size), 8_000),
        (lambda size: split_sentences("‘" * size), 16_000),
        (lambda size: find_support("Ya. " * size, split_paragraphs(["Ya. " * size])), 1_000),
        (lambda size: find_support("Budi pergi. " * size, split_paragraphs(["Budi pergi. " * size])), 400),
        (lambda size: check_translation("1" * size * 13, "Budi Santoso " * size), 300),
        (lambda size: check_translation("Budi Santoso " * size, "1" * size * 13), 300),
        (lambda size: check_translation(many_names(size, "ksa"), many_names(size, "lto")), 500),
        (lambda size: check_abstract("17 " * size, "18 " * size), 1_500),
        (lambda size: check_abstract("17 Mei " * size, "18 Mei " * size), 1_500),
        (lambda size: check_abstract("A B C " * size, "D E F " * size), 200),
        (lambda size: check_abstract("Abcdefgh " * size, "Abba Cdab " * size), 200),
        (lambda size: check_translation("naik " * size, "fell " * size), 2_000),
        (lambda size: check_abstract("Ia tewas. " * size, "Budi pergi. " * size), 1_000),
        (lambda size: review([LINE] * size, "\n".join([LINE] * size), None), 1_000),
        (lambda size: check_translation("tidak " * size, "unable " * size), 2_000),
        (lambda size: check_translation("Ya.", "“" * size), 40_000),
        (lambda size: check_abstract("13 triliun " * size, amounts(size)), 500),
        (review_written, 500),
        (lambda size: review_written(size, paragraphs=1), 400),
        (lambda size: present(entry_of(size)), 2_000),
        (lambda size: check_abstract(f"“a b c {'[' * size}”", "Budi pergi."), 20_000),
        (lambda size: check_abstract('"a b" ' * size, "Budi pergi. " * size), 1_000),
        (lambda size: find_support("Ani pergi. ", split_paragraphs(["Budi Ani pergi. " * size])), 2_000),
    ],
    ids=[
        "opening marks",
        "marks alone",
        "one-word sentences",
        "sentences",
        "digits as names",
        "names as digits",
        "many names",
        "numbers",
        "dates",
        "single letters",
        "blends",
        "directions",
        "serious words",
        "lines of a review",
        "negatives",
        "opening marks of a translation",
        "amounts that one rounds",
        "paragraphs that a model wrote",
        "sentences that a model wrote",
        "sentences that are shown",
        "brackets in a quotation",
        "quotations",
        "copies",
    ],
)
def test_four_times_the_text_takes_no_sixteen_times_as_long(work: Callable[[int], object], size: int) -> None:
    work(10)

    def grows_as_the_text_does() -> bool:
        short = processor_seconds(partial(work, size))
        long = processor_seconds(partial(work, size * _TIMES_LONGER))
        return long < max(short, _TOO_SHORT) * _MOST_TIMES_SLOWER

    assert in_some_try(grows_as_the_text_does)
