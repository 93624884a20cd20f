import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from summarizer.workers import call_within, map_ordered
from tests.conftest import until


def double(number: int) -> int:
    if number == 13:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.01 * (number % 3))
    return 2 * number


def lost(number: int) -> int:
    return -number


@pytest.mark.parametrize("processes", [0, 2])
def test_answers_come_in_the_order_of_the_items(processes: int) -> None:
    assert list(map_ordered(double, range(10), processes=processes, ahead=4, lost=lost)) == list(range(0, 20, 2))
    assert list(map_ordered(double, [], processes=processes, ahead=4, lost=lost)) == []


def test_a_process_that_dies_costs_one_item() -> None:
    items = [10, 11, 12, 13, 14, 15, 13, 13, 16, 17]
    answers = list(map_ordered(double, items, processes=2, ahead=4, lost=lost))
    assert answers == [20, 22, 24, -13, 28, 30, -13, -13, 32, 34]


def test_no_more_items_are_taken_than_allowed() -> None:
    items = iter(range(14, 100))
    answers = map_ordered(double, items, processes=1, ahead=5, lost=lost)
    assert next(answers) == 28
    assert next(items) == 19
    answers.close()


def test_processes_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "import os, sys, time\n"
        "from summarizer.workers import call_within, map_ordered\n"
        "def work(seconds):\n"
        "    print(os.getpid(), flush=True)\n"
        "    time.sleep(seconds)\n"
        "if __name__ == '__main__':\n"
        "    list(map_ordered(work, [60, 60], processes=2, ahead=2, lost=work))\n",
        encoding="utf-8",
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env=environment) as parent:
        assert parent.stdout is not None
        children = [int(parent.stdout.readline()) for _ in range(2)]
        parent.kill()
    until(lambda: not any(map(_is_alive, children)), seconds=30)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    # An orphan that nobody waits for stays in the table as a zombie.
    status = Path(f"/proc/{process}/stat")
    return not status.exists() or status.read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"


def test_a_call_in_time_gives_its_answer() -> None:
    assert call_within(5, lambda: 7) == 7


def test_a_call_in_time_raises_its_error() -> None:
    with pytest.raises(ZeroDivisionError):
        call_within(5, lambda: 1 // 0)


def test_a_call_that_takes_too_long_is_left_to_itself() -> None:
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        call_within(0.1, lambda: time.sleep(3))
    assert time.monotonic() - started < 2
