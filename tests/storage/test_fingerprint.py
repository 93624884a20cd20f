from pathlib import Path

from summarizer.storage.fingerprint import digest_folder, digest_values


def test_values_alone_count() -> None:
    assert digest_values({"a": 1, "b": [None, "x\ud800"]}) == digest_values({"b": [None, "x\ud800"], "a": 1})
    assert len({digest_values(value) for value in ({"a": 1}, {"a": "1"}, {"a": None}, {}, ["a", 1])}) == 5


def test_each_file_counts_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    seen = {digest_folder(tmp_path)}
    changes = [("a.py", "1"), ("a.py", "2"), ("below/b.json", ""), ("below/b.json", "x"), ("c.txt.gz", ""), ("d", "")]
    for path, text in changes:
        (tmp_path / path).write_text(text, encoding="utf-8")
        seen.add(digest_folder(tmp_path))
    assert len(seen) == len(changes) + 1
    (tmp_path / "below" / "b.json").rename(tmp_path / "below" / "d.json")
    assert digest_folder(tmp_path) not in seen
