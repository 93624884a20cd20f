"""What holds of any text that a reader edits: each sentence keeps its place, and what is known of it while it stays."""

from itertools import groupby
from operator import itemgetter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.output.doubts import sentence_lines
from summarizer.writing.review import Written, review, review_lines
from tests.conftest import ARTICLE
from tests.strategies import bare, english_sentences, paragraphs, sentences

FEW = settings(max_examples=60, deadline=None)
# By paragraph, its sentences and their translations.
TRANSLATED = st.lists(st.lists(st.tuples(sentences, english_sentences), max_size=3), min_size=1, max_size=3)


def written_of(pairs_by_paragraph: list[list[tuple[str, str]]]) -> list[Written]:
    """What a model wrote; the same pair has the same confidence wherever it stands, and others another."""
    numbers: dict[tuple[str, str], int] = {}
    written: list[Written] = []
    for paragraph, pairs in enumerate(pairs_by_paragraph):
        for pair in pairs:
            number = numbers.setdefault(pair, len(numbers))
            known = {"confidence": 1 / (1 + number), "doubtful": False, "reasons": []}
            written.append({"paragraph": paragraph, "source": pair[0], "translation": pair[1], **known})
    return written


def texts_of(pairs_by_paragraph: list[list[tuple[str, str]]], side: int) -> list[str]:
    """The paragraphs in Indonesian (0) or English (1)."""
    return [" ".join(map(itemgetter(side), pairs)) for pairs in pairs_by_paragraph]


def rows_by_paragraph(found: dict[str, Any], count: int) -> list[list[dict[str, Any]]]:
    rows: list[list[dict[str, Any]]] = [[] for _ in range(count)]
    for paragraph, group in groupby(found["sentences"], key=lambda row: row["positions"][0][0]):
        rows[paragraph] += group
    return rows


@FEW
@given(TRANSLATED)
def test_what_nobody_edited_is_as_the_model_wrote_it(pairs: list[list[tuple[str, str]]]) -> None:
    written = written_of(pairs)
    found = review(texts_of(pairs, 0), None, "\n".join(texts_of(pairs, 1)), written=written)
    wanted = [(row["source"], row["translation"], row["confidence"]) for row in written]
    assert [(row["sentence"], row["translation"], row["confidence"]) for row in found["sentences"]] == wanted


@FEW
@given(TRANSLATED, english_sentences, st.integers(0, 2))
def test_an_edit_of_a_paragraph_loses_no_letter_and_leaves_the_others_alone(
    pairs: list[list[tuple[str, str]]], new: str, place: int
) -> None:
    place %= len(pairs)
    english = texts_of(pairs, 1)
    english[place] = f"{new} {english[place]}".strip() if pairs[place] else ""
    indonesian = texts_of(pairs, 0)
    written = written_of(pairs)
    found = rows_by_paragraph(review(indonesian, None, "\n".join(english), written=written), len(pairs))
    for paragraph, rows in enumerate(found):
        assert bare("".join(map(itemgetter("sentence"), rows))) == bare(indonesian[paragraph])
        assert bare("".join(map(itemgetter("translation"), rows))) == bare(english[paragraph])
        if paragraph != place:
            confidences = [row["confidence"] for row in written if row["paragraph"] == paragraph]
            assert list(map(itemgetter("confidence"), rows)) == confidences


@FEW
@given(st.lists(st.tuples(sentences, english_sentences), min_size=1, max_size=3))
def test_an_abstract_is_paired_as_it_was_written(pairs: list[tuple[str, str]]) -> None:
    written: list[Written] = []
    for indonesian, english in pairs:
        written.append({"abstract": indonesian, "translation": english, "doubtful": False, "reasons": []})
    [abstract] = texts_of([pairs], 0)
    [translation] = texts_of([pairs], 1)
    found = review([ARTICLE], abstract, translation, written=written)
    assert [(row["sentence"], row["translation"]) for row in found["sentences"]] == pairs


@FEW
@given(st.lists(st.tuples(paragraphs | st.just(""), english_sentences | st.just("")), min_size=1, max_size=3))
def test_lines_that_are_checked_keep_all_their_text(lines: list[tuple[str, str]]) -> None:
    sources = list(map(itemgetter(0), lines))
    translations = list(map(itemgetter(1), lines))
    checked = review_lines(sources, translations)
    fields = {"translation": checked.text, "sentences": checked.to_dict()["sentences"]}
    shown = [" ".join(map(itemgetter("translation"), line)) for line in sentence_lines(fields)]
    assert shown == translations
    for number, source in enumerate(sources):
        found = [sentence.source for sentence in checked.sentences if sentence.paragraph == number]
        assert bare("".join(found)) == bare(source)
