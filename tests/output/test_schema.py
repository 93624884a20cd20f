"""The schema says what results are, all of it and nothing else."""

import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest

from summarizer import Article, Removed, Result
from summarizer.checks import Support
from summarizer.extraction.rules import load_toml
from summarizer.models import LENGTHS
from summarizer.result import (
    AbstractSentence,
    Confidence,
    How,
    Repair,
    ResultSentence,
    TranslatedSentence,
    Truncation,
)
from tests.batch.batches import run_batch
from tests.conftest import ARTICLE

SCHEMA: dict[str, Any] = json.loads(
    files("summarizer.output").joinpath("result-1.schema.json").read_text(encoding="utf-8")
)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
SENTENCE = AbstractSentence("Satu.", Support(((0, 0),), ("Satu dua.",), 0.5), copied=True)
DOUBT = Confidence(0.4, ("?",), True, "Another.")
WHOLE = Result(
    article=Article(
        source="a.txt",
        title="Judul",
        paragraphs=("Satu dua.",),
        site="contoh.id",
        url="https://contoh.id/1",
        author="Ani",
        date="2025-01-02",
        removed=(Removed("Baca juga", "read_also", 2), Removed("JAKARTA -", "dateline", 1, leading=True)),
        paragraph_numbers=(1,),
        genre="opinion",
    ),
    abstract="Satu.",
    translation="One.",
    article_translation=("One two.",),
    warnings=("hati-hati",),
    model="fake",
    repairs=tuple(Repair("abstract", how, ("99",)) for how in get_args(How)),
    length="short",
    unread=Truncation(((0, 1),), 3, 2),
    title_translation="Title",
    sentences=(ResultSentence(SENTENCE, "One.", DOUBT),),
    title_sentences=(TranslatedSentence(0, "Judul", "Title", DOUBT),),
    article_sentences=(TranslatedSentence(0, "Satu dua.", "One two.", Confidence(None, (), False)),),
)


@pytest.mark.parametrize("length", [None, *LENGTHS])
def test_results_follow_the_schema(length: Any) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    VALIDATOR.validate(json.loads(replace(WHOLE, length=length).to_json()))
    VALIDATOR.validate(json.loads(json.dumps(WHOLE.to_record())))
    VALIDATOR.validate(json.loads(Result(Article("-", None, ()), "", None, None, (), "fake").to_json()))


def test_the_kinds_are_those_of_the_rules() -> None:
    assert set(SCHEMA["properties"]["kind"]["enum"]) == set(load_toml("genres"))


def test_records_of_batches_follow_it_and_have_all_of_its_fields(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"Taman Baru Dibuka\nSuara.com - {ARTICLE}\n", encoding="utf-8")
    run_batch(tmp_path / "a.txt", tmp_path / "keluar")
    record = json.loads((tmp_path / "keluar" / "results.jsonl").read_text(encoding="utf-8"))
    VALIDATOR.validate(record)
    assert set(SCHEMA["properties"]) == set(record) | set(WHOLE.to_record())


@pytest.mark.parametrize(
    "change", [{"abstract": None}, {"lain": 1}, {"length": "huge"}, {"date": "2 Januari"}, {"repairs": [{}]}]
)
def test_what_is_no_result_is_found(change: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid(json.loads(WHOLE.to_json()) | change)
