from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from click.testing import CliRunner

from eval.__main__ import main
from eval.word_pairs import count_pairs, pack

SENTENCES = [("rumah besar", "big house"), ("rumah kecil", "small house"), ("buku kecil", "small book")] * 5


def test_words_that_stand_together_translate_each_other() -> None:
    pairs, words, stems = count_pairs(SENTENCES)
    there = {(pair.word, pair.stem): pair.there for pair in pairs}
    back = {(pair.word, pair.stem): pair.back for pair in pairs}
    assert there["rumah", "hous"] > 0.8
    assert there["buku", "book"] > 0.6
    assert there["buku", "smal"] < 0.4
    assert back["besar", "big"] > 0.6
    assert words["rumah"] == 10
    assert stems["book"] == 5
    for word in words:
        assert sum(share for (own, _), share in there.items() if own == word) == pytest.approx(1)


def test_nothing_to_count() -> None:
    assert count_pairs([])[0] == []
    assert count_pairs([("satu", "")])[0] == []


def test_the_command_writes_what_the_checks_read(tmp_path: Path) -> None:
    for column, suffix in enumerate((".id", ".en")):
        lines = [f"{pair[column]} {number}" for number, pair in enumerate(SENTENCES)]
        (tmp_path / f"kecil{suffix}").write_text("\n".join(lines), encoding="utf-8")
    arguments = ["wordpairs", str(tmp_path / "kecil.id"), "--output", str(tmp_path / "pairs.gz")]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    common, *lines = gzip.decompress((tmp_path / "pairs.gz").read_bytes()).decode().splitlines()
    assert "hous" in common.split()
    assert [line.split()[0] for line in lines] == ["besar", "buku", "kecil", "rumah"]
    assert (tmp_path / "pairs.gz").read_bytes() == pack(*count_pairs(SENTENCES))
    (tmp_path / "kecil.en").write_text("one", encoding="utf-8")
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    assert "kecil.id has 15 lines, but " in result.output
    result = CliRunner().invoke(main, [*arguments[:2], "--output", str(tmp_path / "a" / "b.gz")])
    assert result.exit_code == 1
