from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from eval.speed import sample_stages
from summarizer import Summarizer
from tests.eval.conftest import call

PAGE = Path(__file__).parents[1] / "samples" / "jembatan.txt"


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--articles", "."], "no page"),
        (["--articles", "index"], "b.txt"),
        (["--model", "opus-mt-id-en"], "opus-mt-id-en"),
        (["--model", "no-such-model"], "no-such-model"),
    ],
)
def test_what_is_not_timed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], word: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "index").mkdir()
    shutil.copy(PAGE, tmp_path / "index" / "a.txt")
    (tmp_path / "index" / "b.txt").write_text("Beranda\nTerpopuler\nLogin\n", encoding="utf-8")
    outcome = call("speed", *arguments)
    assert (outcome.exit_code, outcome.output.count("\n")) == (1, 1)
    assert word in outcome.output


def test_the_time_goes_where_it_is_spent() -> None:
    with sample_stages() as samples:
        end = time.monotonic() + 0.3
        while time.monotonic() < end:
            Summarizer().clean(PAGE)
    assert samples.most_common()[0][0] == "reading and cleaning"
    with sample_stages() as samples:
        time.sleep(0.1)
    assert set(+samples) <= {"the rest"}


def test_all_of_it_on_one_article(tmp_path: Path, checkpoint: Path) -> None:
    for name in ("a.txt", "a.ref.txt"):
        shutil.copy(PAGE, tmp_path / name)
    outcome = call("speed", "--articles", tmp_path, "--plain", 0)
    assert outcome.exit_code == 0, outcome.output
    for text in ("articles a minute, 1 pages", "peak memory", "abstract", "translation", "checks", "scores"):
        assert text in outcome.output
