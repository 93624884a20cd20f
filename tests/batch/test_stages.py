"""The tables and stages of a job on a cluster, without one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from summarizer import Article, Summarizer, read_text
from summarizer.batch.inputs import Item, read_bytes, read_item
from summarizer.batch.run import Settings
from summarizer.errors import InputError, NotIndonesianError, RingkasError
from summarizer.extraction.boilerplate import clean
from summarizer.models.base import Task
from tests.conftest import ARTICLE, FakeModel, in_english

pa = pytest.importorskip("pyarrow")

from summarizer.batch.cluster import isolation, stages  # noqa: E402
from summarizer.batch.cluster.tables import (  # noqa: E402
    ARTICLES,
    PAGES,
    RESULTS,
    Columns,
    article_of,
    article_row,
    error_row,
    items_of,
    pages_table,
    table_of,
)


def test_pages_come_back_as_they_were() -> None:
    items = [
        Item("a.txt", "/data/a.txt", data=ARTICLE.encode()),
        Item("b.warc:3", "/data/b.warc", 3, b"\xff\x00", "https://contoh.id/b"),
        Item("c.txt", "/data/c.txt", error=InputError("cannot read c.txt: permission denied", advice="chmod u+r")),
    ]
    table = pages_table(items)
    assert table.schema == PAGES
    first, second, third = items_of(table, None)
    assert [first, second] == items[:2]
    assert (str(third.error), getattr(third.error, "advice", None)) == (
        "cannot read c.txt: permission denied",
        "chmod u+r",
    )


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"id": "a", "text": ARTICLE}, [ARTICLE]),
        ({"id": 7, "text": ARTICLE, "title": "Taman Baru Dibuka"}, ["Taman Baru Dibuka", ARTICLE]),
        ({"id": "a", "text": ARTICLE, "title": None}, [ARTICLE]),
        ({"id": "a", "text": f"<html><body><p>{ARTICLE}</p></body></html>"}, [ARTICLE]),
        ({"id": "a.jsonl", "text": f"Taman\n\n{ARTICLE}".encode()}, ["Taman", ARTICLE]),
    ],
)
def test_a_row_is_read_as_a_line_or_a_page_is(row: dict[str, Any], expected: list[str]) -> None:
    [item] = items_of(pa.Table.from_pylist([row | {"more": date(2025, 2, 3)}]), Columns())
    assert item.name == str(row["id"])
    assert list(read_item(item, read_bytes(item), "text").paragraphs) == expected


@pytest.mark.parametrize(
    ("row", "columns", "message"),
    [
        ({"id": None, "text": ARTICLE}, Columns(), "a row has no id in the column 'id'"),
        ({"text": ARTICLE}, Columns("number"), "a row has no id in the column 'number'"),
        ({"id": "a", "text": None}, Columns(), "a has no text in a field 'text'"),
        ({"id": "a"}, Columns(), "a has no text in a field 'text'"),
        ({"id": "a", "text": 3}, Columns(), "a has a number in the field 'text', not text"),
        ({"id": "a", "text": [ARTICLE]}, Columns(), "a has a list in the field 'text', not text"),
        ({"id": "a", "text": b""}, Columns(), "a is empty"),
    ],
)
def test_a_row_that_is_no_article_says_why(row: dict[str, Any], columns: Columns, message: str) -> None:
    [item] = items_of(pa.Table.from_pylist([row]), columns)
    with pytest.raises(RingkasError, match=message):
        read_item(item, read_bytes(item), columns.text)


def test_an_article_comes_back_as_it_was(tmp_path: Path) -> None:
    page = f"Taman Baru Dibuka\nSuara.com - {ARTICLE}\nTerpopuler\n- Harga Cabai Naik"
    article = Summarizer().clean(read_text(page, "a.txt"))
    assert article.removed
    table = table_of([("a.txt", "0123")], [article_row(article)], ARTICLES)
    assert table.schema == ARTICLES
    [row] = table.to_pylist()
    assert (row["id"], row["fingerprint"], row["error"]) == ("a.txt", "0123", None)
    assert article_of(row) == article


def test_a_result_and_an_error_are_rows_of_one_table() -> None:
    result = Summarizer(FakeModel()).summarize(read_text(ARTICLE, "a.txt"))
    error = NotIndonesianError("b.txt seems to be in English", "en")
    rows = [result.to_record(), error_row(error)]
    good, bad = table_of([("a.txt", "0"), ("b.txt", "1")], rows, RESULTS).to_pylist()
    assert (good["abstract"], good["error"]) == (result.abstract, None)
    assert [bad[name] for name in ("id", "abstract", "error", "error_kind", "advice")] == [
        "b.txt",
        None,
        "b.txt seems to be in English",
        "NotIndonesianError",
        NotIndonesianError.advice,
    ]


class Here:
    """Does in this process what a child would do."""

    def __init__(self, function: Callable[[Sequence[Any]], list[Any]], *_: object, **__: object) -> None:
        self.function = function

    def __call__(self, items: Sequence[Any]) -> list[Any]:
        return self.function(items)


@pytest.fixture
def recipe(monkeypatch: pytest.MonkeyPatch) -> Iterator[stages.Recipe]:
    def write(task: Task, source: str) -> str:
        if "rusak" in source:
            raise ValueError("meledak")
        return "Kota Girimulya membuka taman." if task is Task.SUMMARIZE else in_english(source)

    monkeypatch.setattr(isolation, "Isolated", Here)
    stages._cleaner.cache_clear()
    yield stages.Recipe.of(Summarizer(FakeModel(write)), Settings())
    stages._cleaner.cache_clear()


def test_each_row_of_a_job_has_a_result_or_an_error(recipe: stages.Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    real = stages.read_item

    def read(item: Item, *options: Any) -> Article:
        if item.name == "aneh.txt":
            raise KeyError("meledak")
        return real(item, *options)

    monkeypatch.setattr(stages, "read_item", read)
    contents = {
        "a.txt": ARTICLE,
        "en.txt": "The government said that the bridge would be closed for half a year. " * 5,
        "aneh.txt": ARTICLE,
        "kosong.txt": "",
        "b.txt": f"{ARTICLE} Lampu taman itu rusak.",
    }
    items = [Item(name, name, data=text.encode()) for name, text in contents.items()]
    items.append(Item("c.txt", "c.txt", error=InputError("cannot read c.txt: permission denied")))
    articles = stages.clean_table(pages_table(items), recipe, None)
    assert articles.schema == ARTICLES
    results = stages.Writer(recipe, None)(articles)
    assert results.schema == RESULTS
    rows = results.to_pylist()
    assert [row["id"] for row in rows] == [item.name for item in items]
    assert [row["fingerprint"] for row in rows] == [recipe.fingerprint(item) for item in items]
    assert [row["abstract"] for row in rows] == ["Kota Girimulya membuka taman.", *[None] * 5]
    assert [row["error"] for row in rows] == [
        None,
        "en.txt is not Indonesian; it seems to be English: --force accepts it",
        "aneh.txt can't be read: KeyError: 'meledak'",
        "kosong.txt is empty",
        "b.txt can't be summarised: ValueError: meledak",
        "cannot read c.txt: permission denied",
    ]
    # Nothing to write, no model to ask.
    assert stages.Writer(recipe, None)(articles.slice(1, 3)).to_pylist() == rows[1:4]


def test_a_worker_with_another_version_does_nothing(recipe: stages.Recipe) -> None:
    other = replace(recipe, maker=(recipe.maker[0], "0123", *recipe.maker[2:]))
    for work in (lambda: stages.clean_table(pages_table([]), other, None), lambda: stages.Writer(other, None)(None)):
        with pytest.raises(InputError, match="a worker has another version of Ringkas"):
            work()


def test_what_a_child_died_over_is_named() -> None:
    assert str(stages.lost_item(Item("a.txt", "a.txt"))) == "a.txt can't be read: the process that read it died"
    lost = stages._lost_article(clean(read_text(ARTICLE, "a.txt")))
    assert str(lost) == "a.txt can't be summarised: the process that wrote died"


def test_pages_are_read_from_any_file_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ray")
    from pyarrow.fs import LocalFileSystem

    from summarizer.batch.cluster import sources

    monkeypatch.setattr(sources, "MAX_BYTES", 1000)
    tmp_path = tmp_path / "Masuk"
    tmp_path.mkdir()
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "b.jsonl").write_text('{"text": "satu"}\n\n{"text": "dua"}\n', encoding="utf-8")
    (tmp_path / "c.txt").write_bytes(b"a" * 1001)
    names = ["a.txt", "b.jsonl", "c.txt", "hilang.txt"]
    [table] = sources.read_pages(LocalFileSystem(), [(name, str(tmp_path / name), 0) for name in names])
    rows = table.to_pylist()
    assert [row["id"] for row in rows] == ["a.txt", "b.jsonl:1", "b.jsonl:3", "c.txt", "hilang.txt"]
    assert [row["page"] for row in rows] == [ARTICLE.encode(), b'{"text": "satu"}', b'{"text": "dua"}', None, None]
    assert [row["error"] for row in rows[:3]] == [None] * 3
    assert rows[3]["error"].startswith("c.txt is larger than")
    # What Arrow says names the file as it is called.
    assert re.match(rf"cannot read hilang.txt: failed to open .*{tmp_path}/hilang.txt", rows[4]["error"])
