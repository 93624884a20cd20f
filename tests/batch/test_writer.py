"""What a job on a cluster reads, and its actor, without a cluster."""

from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from summarizer import Summarizer
from summarizer.batch.provenance import JobSpec, Settings
from summarizer.batch.reading import BatchInput
from summarizer.errors import InputError
from summarizer.models.base import Task
from tests.batch.batches import ENGLISH
from tests.conftest import ARTICLE, FakeModel, in_english

pa = pytest.importorskip("pyarrow")

from pyarrow.fs import LocalFileSystem  # noqa: E402

from summarizer.batch.cluster.sources import input_rows, read_file, read_row  # noqa: E402
from summarizer.batch.cluster.tables import RESULTS  # noqa: E402
from summarizer.batch.cluster.writer import Writer  # noqa: E402


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


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"url": "a", "isi": ARTICLE}, ARTICLE),
        ({"url": 7, "isi": ARTICLE, "title": "Taman Baru Dibuka"}, f"Taman Baru Dibuka\n{ARTICLE}"),
        ({"url": "a", "isi": ARTICLE, "title": None}, ARTICLE),
        ({"url": "a", "isi": f"<html><body><p>{ARTICLE}</p></body></html>"}, ARTICLE),
        ({"url": "a.jsonl", "isi": f"Taman Baru Dibuka\n\n{ARTICLE}".encode()}, f"Taman Baru Dibuka\n{ARTICLE}"),
        ({"url": None, "isi": ARTICLE}, "a row has no id in the column 'url'"),
        ({"url": "a", "isi": 3}, "a has no text in a field 'isi'"),
        ({"url": "a", "isi": b""}, "a is empty"),
    ],
)
def test_a_row_is_read_as_a_line_or_a_page_is(
    ringkas: Summarizer, spec: JobSpec, row: dict[str, Any], expected: str
) -> None:
    spec = replace(spec, settings=Settings(force=True, text_field="isi"))
    read = partial(read_row, id_column="url", text_column="isi")
    [given] = input_rows(row | {"more": date(2025, 2, 3)}, read, spec)
    [found] = Writer(ringkas, spec)(pa.Table.from_pylist([given])).to_pylist()
    assert found["id"] == str(row["url"] or "")
    if found["error"]:
        assert found["error"].startswith(expected)
        assert found["abstract"] is None
    else:
        assert "\n".join(filter(None, (found["title"], *found["paragraphs"]))) == expected


def test_each_input_has_a_result_or_an_error(ringkas: Summarizer, spec: JobSpec) -> None:
    contents = {"a.txt": ARTICLE, "en.txt": ENGLISH, "kosong.txt": "", "b.txt": f"{ARTICLE} Lampu taman itu rusak."}
    given = [BatchInput(name, name, data=text.encode()) for name, text in contents.items()]
    given.append(BatchInput("c.txt", "c.txt", error=InputError("cannot read c.txt", advice="x")))
    table = pa.Table.from_pylist(list(input_rows({}, lambda _: given, spec)))
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
    assert rows[4]["error"] == "cannot read c.txt"
    assert rows[4]["advice"] == "x"


def test_a_worker_with_another_version_does_nothing(ringkas: Summarizer, spec: JobSpec) -> None:
    version, _, models = spec.provenance
    with pytest.raises(InputError, match="another version of Ringkas"):
        Writer(ringkas, replace(spec, provenance=(version, "0123", models)))


def test_files_are_read_from_any_file_system(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "b.jsonl").write_text('{"text": "satu"}\n\n{"text": "dua"}\n', encoding="utf-8")
    found = [
        (one.name, one.data, one.error is None)
        for name in ("a.txt", "b.jsonl", "hilang.txt")
        for one in read_file({"name": name, "path": str(tmp_path / name)}, LocalFileSystem())
    ]
    assert found == [
        ("a.txt", ARTICLE.encode(), True),
        ("b.jsonl:1", b'{"text": "satu"}', True),
        ("b.jsonl:3", b'{"text": "dua"}', True),
        ("hilang.txt", None, False),
    ]
