"""What a job on a cluster finds, without one."""

from __future__ import annotations

from pathlib import Path

import pytest

from summarizer.batch.inputs import GLOBS, list_files

pytest.importorskip("ray")

from summarizer.batch.cluster.sources import TABLES, find_files


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def names(folder: Path) -> list[str]:
    found = find_files([str(folder)], (*GLOBS, *TABLES))
    return [name for name, _ in found.pages] + [Path(path).relative_to(folder).as_posix() for path in found.tables]


def test_a_folder_is_searched_as_a_batch_searches_it(tmp_path: Path) -> None:
    touch(
        tmp_path, "a.html", "a_files/iklan.html", "a_files/b/c.html", "d_files/e.html", "f.txt", ".g.txt", "h/i.jsonl"
    )
    touch(tmp_path, "keluar/.ringkas/lock", "keluar/f.txt", ".ringkas/lock")
    expected = ["a.html", "d_files/e.html", "f.txt", "h/i.jsonl"]
    assert names(tmp_path) == expected
    assert sorted(item.name for item in list_files([str(tmp_path)], None, GLOBS, [])) == expected


def test_names_of_which_little_can_be_shown_are_those_of_a_batch(tmp_path: Path) -> None:
    touch(tmp_path, "\u200b../a.txt", "b/\u200b/c.txt", "\u200b/d/e.txt")
    expected = ["_../a.txt", "_/d/e.txt", "b/_/c.txt"]
    assert sorted(names(tmp_path)) == expected
    assert sorted(item.name for item in list_files([str(tmp_path)], None, GLOBS, [])) == expected


@pytest.mark.parametrize("output", ["", "keluar/"])
def test_what_a_job_has_written_is_no_input(tmp_path: Path, output: str) -> None:
    touch(tmp_path, "a.parquet", f"{output}_ringkas/0a.json", f"{output}job=0a/b.parquet")
    touch(tmp_path, "job=soto/c.txt" if output else "d.txt")
    assert names(tmp_path) == ["job=soto/c.txt" if output else "d.txt", "a.parquet"]
