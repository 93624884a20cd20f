"""Exit codes and classes of errors are those that docs/errors.md promises."""

import pickle
import re
from pathlib import Path

import pytest

import summarizer
from summarizer import errors
from summarizer.errors import ExitCode, NotIndonesianError, RingkasError

PAGE = Path(__file__).parent.parent / "docs" / "errors.md"
CLASSES = [error for error in vars(errors).values() if isinstance(error, type) and issubclass(error, RingkasError)]


def test_the_table_is_complete() -> None:
    rows = re.findall(r"^\| `(\d+)` \| (?:`(\w+)`)? ?\|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    own = {error.exit_code: error.__name__ for error in CLASSES}
    assert {int(code): name for code, name in rows} == {code.value: own.get(code, "") for code in ExitCode}


@pytest.mark.parametrize("error", CLASSES)
def test_each_class_has_a_code_and_advice_of_its_own_and_is_public(error: type[RingkasError]) -> None:
    assert getattr(summarizer, error.__name__) is error
    assert [other for other in CLASSES if other.exit_code == error.exit_code] == [error]
    assert [other for other in CLASSES if other.advice == error.advice] == [error]


def test_errors_travel_between_processes() -> None:
    copy = pickle.loads(pickle.dumps(RingkasError("a.txt is empty", advice="save it again")))
    assert (str(copy), copy.advice) == ("a.txt is empty", "save it again")
    foreign = pickle.loads(pickle.dumps(NotIndonesianError("a.txt is English", "en")))
    assert (str(foreign), foreign.language, foreign.exit_code) == ("a.txt is English", "en", ExitCode.NOT_INDONESIAN)
