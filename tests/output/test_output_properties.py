"""What holds of any result in any form: nothing is lost in it, and it can be read again."""

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer import Article, Removed, Result
from summarizer.output.doubts import sentence_lines
from summarizer.output.fields import Fields
from summarizer.output.html import pair_article
from summarizer.output.table import COLUMNS, SENTENCE_COLUMNS, write_csv, write_tsv
from summarizer.result import Confidence, TranslatedSentence
from summarizer.web.editing import article_of, record_of
from tests.strategies import bare, characters, english_sentences, paragraphs

FORMULAS = ['=HYPERLINK("http://jahat")', "+1", "-2", "@a", "\t=1", "\r=1", '"', ",", ";", "\n", "a\r\nb", "\0", "'"]
TEXTS = characters | st.sampled_from(FORMULAS)
# "Missing" and "" are one in the plain values.
KNOWN = st.none() | TEXTS.filter(bool)
CONFIDENCES = st.builds(
    Confidence,
    st.none() | st.floats(0, 1),
    st.lists(TEXTS, max_size=2).map(tuple),
    st.booleans(),
    KNOWN,
)
REMOVED = st.builds(Removed, TEXTS, st.sampled_from(["advert", "dateline"]), st.integers(1, 6), leading=st.booleans())


@st.composite
def results(draw: Callable[..., object]) -> Result:
    """Results whose article is translated; each sentence of the translation is known."""
    texts: list[str] = draw(st.lists(paragraphs, max_size=3))  # type: ignore[assignment]
    numbers = draw(st.lists(st.integers(1, 6), min_size=len(texts), max_size=len(texts)))
    removed = draw(st.lists(REMOVED, max_size=3))
    known: list[TranslatedSentence] = []
    lines: list[str] = []
    for place in range(len(texts)):
        english: list[str] = draw(st.lists(english_sentences, max_size=5))  # type: ignore[assignment]
        lines.append(" ".join(english))
        for sentence in english:
            known.append(TranslatedSentence(place, "Satu.", sentence, draw(CONFIDENCES)))  # type: ignore[arg-type]
    article = Article(
        draw(TEXTS),  # type: ignore[arg-type]
        draw(st.none() | TEXTS),  # type: ignore[arg-type]
        tuple(texts),
        site=draw(KNOWN),  # type: ignore[arg-type]
        author=draw(KNOWN),  # type: ignore[arg-type]
        removed=tuple(sorted(removed, key=lambda piece: piece.paragraph_number)),  # type: ignore[call-overload]
        paragraph_numbers=tuple(sorted(numbers)),  # type: ignore[call-overload]
    )
    return Result(
        article,
        draw(TEXTS),  # type: ignore[arg-type]
        draw(st.none() | TEXTS),  # type: ignore[arg-type]
        tuple(lines),
        (),
        "fake",
        article_sentences=tuple(known),
    )


FEW = settings(max_examples=60, deadline=None)


@FEW
@given(results())
def test_an_article_beside_its_translation_has_every_sentence_and_every_removed_piece_once(result: Result) -> None:
    fields = result.to_record()
    rows = pair_article(fields)
    indonesian = ["" for _ in result.article.paragraphs]
    places: list[int | None] = []
    removed: list[Fields] = []
    for row in rows:
        removed += row.removed
        if not row.removed:
            indonesian[row.paragraph] += row.text
        places += [place for place, _ in row.english or ()]
    assert list(map(bare, indonesian)) == list(map(bare, result.article.paragraphs))
    assert places == list(range(len(result.article_sentences)))
    assert len(removed) == len(fields["removed"])
    assert all(piece in removed for piece in fields["removed"])


@FEW
@given(results())
def test_the_sentences_of_a_line_are_the_line(result: Result) -> None:
    lines = sentence_lines(result.to_record(), "article")
    texts = [" ".join(sentence["translation"] for sentence in line) for line in lines]
    assert tuple(texts) == result.article_translation


@FEW
@given(results())
def test_a_result_is_one_line_of_json_and_its_article_can_be_made_of_it_again(result: Result) -> None:
    line = result.to_json()
    assert "\n" not in line
    assert json.loads(line) == result.to_dict()
    record = json.loads(json.dumps(record_of(result, result.article)))
    assert article_of(record) == replace(result.article)


@FEW
@given(results())
def test_a_cell_of_a_spreadsheet_is_the_text_and_never_a_formula(
    tmp_path_factory: pytest.TempPathFactory, result: Result
) -> None:
    target = tmp_path_factory.mktemp("table") / "results.csv"
    record = result.to_record()
    write_csv(target, lambda: [record])
    with target.open(encoding="utf-8-sig", newline="") as file:
        header, row = csv.reader(file)
    assert tuple(header) == COLUMNS
    cells = dict(zip(header, row, strict=True))
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
    for name in ("source", "title", "abstract", "translation", "site", "author", "model"):
        text = record.get(name) or ""
        assert cells[name] in (text, f"'{text}")


@FEW
@given(results())
def test_a_table_of_sentences_has_a_line_for_each(tmp_path_factory: pytest.TempPathFactory, result: Result) -> None:
    target: Path = tmp_path_factory.mktemp("table") / "results.tsv"
    write_tsv(target, lambda: [result.to_record()])
    *lines, end = target.read_text(encoding="utf-8").split("\n")
    assert end == ""
    assert len(lines) == 1 + len(result.article_sentences)
    assert {line.count("\t") for line in lines} == {len(SENTENCE_COLUMNS) - 1}
