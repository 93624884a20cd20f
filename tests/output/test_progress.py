from __future__ import annotations

import io
import sys

import pytest

from summarizer.errors import InputError
from summarizer.output.progress import BatchProgress, Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def work(progress: BatchProgress) -> None:
    with progress:
        progress.skip()
        progress.fail(InputError("a.txt is empty"))
        progress.advance(1)
        for _ in range(6):
            progress.advance(0.5)


def test_a_terminal_gets_a_bar_with_rate_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr("tqdm.std.tqdm.monitor_interval", 0)
    work(BatchProgress(10))
    shown = terminal.getvalue()
    assert "ringkas: a.txt is empty\n" in shown
    assert "/10 [" in shown
    progress = BatchProgress(10)
    progress.skip()
    progress.advance(3)
    assert progress._pace().endswith(" left")
    assert "per minute" in progress._pace()
    progress.close()


def test_a_log_gets_lines_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    work(BatchProgress(10, log_seconds=3600))
    assert capsys.readouterr().err == "ringkas: a.txt is empty\n"
    work(BatchProgress(10, log_seconds=0))
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "ringkas: 1 of 10 articles, starting"
    assert lines[-1].startswith("ringkas: 5 of 10 articles, ")
    assert lines[-1].endswith(" left, 1 failed")


def test_quiet(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    work(BatchProgress(10, quiet=True, log_seconds=0))
    assert capsys.readouterr().err == "ringkas: a.txt is empty\n"
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    work(BatchProgress(10, quiet=True))
    assert terminal.getvalue() == "ringkas: a.txt is empty\n"


def test_a_bar_of_steps_and_fractions(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr("tqdm.std.tqdm.monitor_interval", 0)
    monkeypatch.setattr("summarizer.output.progress._DELAY", 0)
    with Progress(2, "summarizing") as progress:
        progress.advance(0.9)
        progress.describe("translating")
        progress.advance(1)
    assert "summarizing:   0%" in terminal.getvalue()
    assert "translating:  45%" in terminal.getvalue()
    assert "/2 [" in terminal.getvalue()


@pytest.mark.parametrize("shown", [True, None, False])
def test_no_bar_without_a_terminal_or_against_the_will(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, shown: bool | None
) -> None:
    if not shown:
        monkeypatch.setattr("sys.stderr", Terminal())
    with Progress(2, "summarizing", shown=shown) as progress:
        progress.advance(1)
        progress.describe("translating")
    assert capsys.readouterr().err == ""
    if not shown:
        assert sys.stderr.getvalue() == ""  # type: ignore[attr-defined]
