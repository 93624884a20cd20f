import io
import time

import pytest

from summarizer.errors import InputError
from summarizer.output.progress import BatchProgress, Progress
from tests.conftest import until


def open_terminal(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    found = io.StringIO()
    monkeypatch.setattr(found, "isatty", lambda: True)
    monkeypatch.setattr("sys.stderr", found)
    monkeypatch.setattr("tqdm.std.tqdm.monitor_interval", 0)
    return found


def work(progress: BatchProgress) -> None:
    with progress:
        progress.skip()
        progress.fail(InputError("a.txt is empty"))
        progress.advance(1)
        for _ in range(6):
            progress.advance(0.5)


def test_a_terminal_gets_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = open_terminal(monkeypatch)
    work(BatchProgress(10))
    assert all(text in terminal.getvalue() for text in ("ringkas: a.txt is empty\n", "/10 ["))
    with Progress(2, "summarising", delay=0) as progress:
        progress.advance(0.9)
        progress.describe("translating")
        progress.advance(1)
    assert all(text in terminal.getvalue() for text in ("summarising:   0%", "translating:  45%", "/2 ["))


def test_a_bar_counts_whole_things_and_no_single_one(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = open_terminal(monkeypatch)
    with Progress(2, "summarising", delay=0) as progress:
        progress.advance(0.9)
        progress.describe("translating")
        assert "| 0/2 [" in terminal.getvalue()
        assert "| 1/2 [" not in terminal.getvalue()
    alone = open_terminal(monkeypatch)
    with Progress(1, "translating", delay=0) as progress:
        progress.advance(0.7)
        progress.describe("translating")
    assert "70%" in alone.getvalue()
    assert "/1" not in alone.getvalue()


@pytest.mark.filterwarnings("error")
def test_fractions_may_sum_up_to_more_than_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = open_terminal(monkeypatch)
    with BatchProgress(1, log_seconds=0) as progress:
        for share in (0.7, 0.2, 0.1 + 1e-12):
            progress.advance(share)
        progress.fail("b.txt is empty")
    with Progress(2, "summarising", delay=0) as progress:
        progress.advance(2 + 1e-12)
        progress.describe("translating")
    assert "2/2 [" in terminal.getvalue()
    assert "Warning" not in terminal.getvalue()


def test_the_clock_of_a_bar_goes_on_while_nothing_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer.output.progress.TICK_SECONDS", 0.01)
    terminal = open_terminal(monkeypatch)
    for bar in (Progress(2, "summarising", delay=0), BatchProgress(10)):
        with bar:
            drawn = len(terminal.getvalue())
            until(lambda drawn=drawn: len(terminal.getvalue()) > drawn)  # type: ignore[misc]
        drawn = len(terminal.getvalue())
        time.sleep(0.05)
        assert len(terminal.getvalue()) == drawn


def test_a_log_gets_lines_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    work(BatchProgress(10, log_seconds=3600))
    assert capsys.readouterr().err == "ringkas: a.txt is empty\n"
    work(BatchProgress(10, log_seconds=0))
    first, *_, last = capsys.readouterr().err.splitlines()
    assert "1 of 10" in first
    assert all(text in last for text in ("5 of 10", "per minute", " left", "1 failed"))


def test_quiet_shows_messages_alone(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    work(BatchProgress(10, quiet=True, log_seconds=0))
    assert capsys.readouterr().err == "ringkas: a.txt is empty\n"
    terminal = open_terminal(monkeypatch)
    work(BatchProgress(10, quiet=True))
    assert terminal.getvalue() == "ringkas: a.txt is empty\n"


def test_no_bar_against_the_will_or_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    found = io.StringIO()
    for stream, shown in ((open_terminal(monkeypatch), None), (open_terminal(monkeypatch), False), (found, True)):
        monkeypatch.setattr("sys.stderr", stream)
        with Progress(2, "summarising", shown=shown, delay=0) as progress:
            progress.advance(1)
            progress.describe("translating")
        assert stream.getvalue() == ""
