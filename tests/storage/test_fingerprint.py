from __future__ import annotations

from pathlib import Path

import pytest

from summarizer.storage.fingerprint import digest_folder, digest_values


def test_values_alone_count() -> None:
    assert digest_values({"a": 1, "b": [None, "x\ud800"]}) == digest_values({"b": [None, "x\ud800"], "a": 1})
    assert len({digest_values(value) for value in ({"a": 1}, {"a": "1"}, {"a": None}, {}, ["a", 1])}) == 5


def test_each_file_that_counts_counts(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    seen = {digest_folder(tmp_path)}
    changes = [("a.py", "1"), ("a.py", "2"), ("below/b.toml", ""), ("below/b.toml", "x"), ("c.txt", "")]
    for path, text in changes:
        (tmp_path / path).write_text(text, encoding="utf-8")
        seen.add(digest_folder(tmp_path))
    assert len(seen) == len(changes) + 1
    (tmp_path / "below" / "b.toml").rename(tmp_path / "below" / "d.toml")
    assert digest_folder(tmp_path) not in seen


def test_other_files_do_not_count(tmp_path: Path) -> None:
    (tmp_path / "a.py").touch()
    before = digest_folder(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.cpython-311.pyc").touch()
    (tmp_path / "LIES.md").touch()
    assert digest_folder(tmp_path) == before


def test_what_is_left_out(tmp_path: Path) -> None:
    for name in ("a.py", "cli.py"):
        (tmp_path / name).touch()
    before = digest_folder(tmp_path, without={"cli.py"})
    (tmp_path / "cli.py").write_text("1", encoding="utf-8")
    assert digest_folder(tmp_path, without={"cli.py"}) == before
    (tmp_path / "cli.py").rename(tmp_path / "command.py")
    with pytest.raises(ValueError, match=r"holds no cli\.py"):
        digest_folder(tmp_path, without={"cli.py"})
