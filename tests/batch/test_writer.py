"""The tables and the actor of a job on a cluster, without one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from summarizer import Summarizer
from summarizer.batch.provenance import JobSpec, Settings
from summarizer.batch.reading import BatchInput
from summarizer.errors import InputError
from summarizer.models.base import Task
from tests.conftest import ARTICLE, FakeModel, in_english

pa = pytest.importorskip("pyarrow")
pytest.importorskip("ray")

from pyarrow.fs import LocalFileSystem  # noqa: E402

from summarizer.batch.cluster.sources import read_pages  # noqa: E402
from summarizer.batch.cluster.tables import INPUTS, RESULTS, Columns, input_tables, inputs_of  # noqa: E402
from summarizer.batch.cluster.writer import Writer, memory_of, read_rows  # noqa: E402


def _write(task: Task, source: str) -> str:
    if "rusak" in source:
        raise ValueError("meledak")
    return "Kota Girimulya membuka taman." if task is Task.SUMMARIZE else in_english(source)


@pytest.fixture
def ringkas() -> Summarizer:
    return Summarizer(FakeModel(_write))


@pytest.fixture
def spec(ringkas: Summarizer) -> JobSpec:
    return JobSpec.of(ringkas, Settings())


def test_inputs_come_back_as_they_were(spec: JobSpec) -> None:
    given = [
        BatchInput("a.txt", "/data/a.txt", data=ARTICLE.encode()),
        BatchInput("b.warc:3", "/data/b.warc", 3, b"\xff\x00", "https://contoh.id/b"),
        BatchInput("c.txt", "/data/c.txt", error=InputError("cannot read c.txt", advice="chmod u+r")),
    ]
    [table] = input_tables(given, spec)
    assert table.schema == INPUTS
    first, second, third = inputs_of(table)
    assert [first, second] == given[:2]
    assert third.error is not None
    assert (str(third.error), third.error.advice) == ("cannot read c.txt", "chmod u+r")
    prints = table["fingerprint"].to_pylist()
    finished = np.sort(np.array([prints[0], prints[2], "f" * 32], np.bytes_))
    [left] = input_tables(given, spec, finished)
    assert left["id"].to_pylist() == ["b.warc:3"]
    assert len(set(prints)) == 3


@pytest.mark.parametrize(
    ("row", "columns", "expected"),
    [
        ({"id": "a", "text": ARTICLE}, Columns(), ARTICLE),
        ({"id": 7, "text": ARTICLE, "title": "Taman Baru Dibuka"}, Columns(), f"Taman Baru Dibuka\n{ARTICLE}"),
        ({"id": "a", "text": ARTICLE, "title": None}, Columns(), ARTICLE),
        ({"id": "a", "text": f"<html><body><p>{ARTICLE}</p></body></html>"}, Columns(), ARTICLE),
        (
            {"id": "a.jsonl", "text": f"Taman Baru Dibuka\n\n{ARTICLE}".encode()},
            Columns(),
            f"Taman Baru Dibuka\n{ARTICLE}",
        ),
        ({"id": None, "text": ARTICLE}, Columns(), "a row has no id in the column 'id'"),
        ({"text": ARTICLE}, Columns("number"), "a row has no id in the column 'number'"),
        ({"id": "a", "text": None}, Columns(), "a has no text in a field 'text'"),
        ({"id": "a"}, Columns(), "a has no text in a field 'text'"),
        ({"id": "a", "text": 3}, Columns(), "a has a number in the field 'text'"),
        ({"id": "a", "text": [ARTICLE]}, Columns(), "a has a list in the field 'text'"),
        ({"id": "a", "text": b""}, Columns(), "a is empty"),
    ],
)
def test_a_row_is_read_as_a_line_or_a_page_is(
    ringkas: Summarizer, spec: JobSpec, row: dict[str, Any], columns: Columns, expected: str
) -> None:
    spec = replace(spec, settings=Settings(force=True))
    [table] = read_rows(pa.Table.from_pylist([row | {"more": date(2025, 2, 3)}]), columns, spec)
    [found] = Writer(ringkas, spec)(table).to_pylist()
    assert found["id"] == str(row.get(columns.id) or "")
    if found["error"]:
        assert found["error"].startswith(expected)
        assert found["abstract"] is None
    else:
        assert "\n".join(filter(None, (found["title"], *found["paragraphs"]))) == expected


def test_each_input_has_a_result_or_an_error(ringkas: Summarizer, spec: JobSpec) -> None:
    contents = {
        "a.txt": ARTICLE,
        "en.txt": "The government said that the bridge would be closed for half a year. " * 5,
        "kosong.txt": "",
        "b.txt": f"{ARTICLE} Lampu taman itu rusak.",
    }
    given = [BatchInput(name, name, data=text.encode()) for name, text in contents.items()]
    [table] = input_tables([*given, BatchInput("c.txt", "c.txt", error=InputError("cannot read c.txt"))], spec)
    results = Writer(ringkas, spec)(table)
    assert results.schema == RESULTS
    rows = results.to_pylist()
    assert [(row["id"], row["error_kind"]) for row in rows] == [
        ("a.txt", None),
        ("en.txt", "NotIndonesianError"),
        ("kosong.txt", "InputError"),
        ("b.txt", "RingkasError"),
        ("c.txt", "InputError"),
    ]
    assert [row["fingerprint"] for row in rows] == table["fingerprint"].to_pylist()
    assert [row["abstract"] is None for row in rows] == [row["error"] is not None for row in rows]
    assert rows[3]["error"] == "b.txt can't be summarised: ValueError: meledak"
    assert all(row["advice"] for row in rows[1:])


def test_a_worker_with_another_version_does_nothing(ringkas: Summarizer, spec: JobSpec) -> None:
    version, _, models = spec.provenance
    with pytest.raises(InputError, match="another version of Ringkas"):
        Writer(ringkas, replace(spec, provenance=(version, "0123", models)))


def test_actors_ask_for_the_memory_of_their_models() -> None:
    assert memory_of(Summarizer(FakeModel())) == memory_of(Summarizer("gemma-3-270m-ringkas")) == 2 << 30
    assert memory_of(Summarizer("opus-mt-id-en")) > 2 << 30


def test_files_are_read_from_any_file_system(tmp_path: Path, spec: JobSpec) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "b.jsonl").write_text('{"text": "satu"}\n\n{"text": "dua"}\n', encoding="utf-8")
    (tmp_path / "c.txt").write_bytes(b"a" * 20_000_001)
    names = [{"name": name, "path": str(tmp_path / name)} for name in ("a.txt", "b.jsonl", "c.txt", "hilang.txt")]
    [table] = read_pages(pa.Table.from_pylist(names), LocalFileSystem(), spec)
    rows = table.to_pylist()
    assert [row["id"] for row in rows] == ["a.txt", "b.jsonl:1", "b.jsonl:3", "c.txt", "hilang.txt"]
    assert [row["data"] for row in rows] == [ARTICLE.encode(), b'{"text": "satu"}', b'{"text": "dua"}', None, None]
    assert [bool(row["error"]) for row in rows] == [False, False, False, True, True]
