"""The better translator is offered once, to a person at a (pseudo-)terminal."""

import io
import os
import re
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from summarizer import summarizer as api
from summarizer.cli.commands import main
from summarizer.models import Task
from summarizer.models.catalogue import DEFAULT, find_info, status
from summarizer.models.choice import RECOMMENDED, config_file, default_model, set_default
from tests.conftest import FakeJudge
from tests.models.firefox.service import Service

pty = pytest.importorskip("pty")
pytest.importorskip("fxtranslate")

BETTER = RECOMMENDED[Task.TRANSLATE]
QUESTION = "Fetch it now?"


@pytest.fixture(autouse=True)
def fake_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """No model is loaded; which one would be is said."""

    def load(name: str, **options: object) -> FakeJudge:
        print("translated by", name, file=sys.stderr)
        return FakeJudge("-")

    monkeypatch.setattr(api, "load_model", load)
    monkeypatch.delenv("CI", raising=False)


@pytest.fixture
def text(tmp_path: Path) -> str:
    file = tmp_path / "surat.txt"
    file.write_text("Warga boleh masuk tanpa membayar sampai akhir tahun.\n", encoding="utf-8")
    return str(file)


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)


def at_terminal(*arguments: str, answer: str = "", **environment: str) -> tuple[int, str]:
    """Run a command whose input and messages are a terminal's, the answer typed already; return code and messages."""
    own, other = pty.openpty()
    shown: list[bytes] = []

    def read() -> None:
        with suppress(OSError):  # the other side is closed
            while piece := os.read(own, 4096):
                shown.append(piece)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    os.write(own, answer.encode())
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        with open(other, encoding="utf-8", closefd=False) as stdin, open(other, "w", encoding="utf-8") as stderr:
            patch.setattr(sys, "stdin", stdin)
            patch.setattr(sys, "stderr", stderr)
            code = run(*arguments)
    reader.join(5)
    os.close(own)
    return code, b"".join(shown).decode()


@pytest.mark.parametrize(("answer", "chosen"), [("\n", BETTER), ("Y\n", BETTER), ("what?\nn\n", DEFAULT)])
def test_the_answer_lasts(service: Service, text: str, answer: str, chosen: str) -> None:
    code, shown = at_terminal("translate", "--force", text, answer=answer)
    assert code == 0, shown
    assert f"translated by {chosen}" in shown, shown
    assert "MPL-2.0" in shown
    assert "ringkas setup" not in shown
    assert default_model(Task.TRANSLATE) == chosen
    assert Task.TRANSLATE in config_file().read_text(encoding="utf-8")
    assert (status(find_info(BETTER)) == "ready") == (chosen == BETTER) == bool(service.requests)
    code, shown = at_terminal("translate", "--force", text)
    assert code == 0, shown
    assert f"translated by {chosen}" in shown, shown


@pytest.mark.parametrize(
    ("state", "word"),
    [({"damaged": True}, "downloaded"), ({"status": {"/": 503}}, "503"), ({"delay": 30.0}, "within 5 seconds")],
)
def test_what_goes_wrong_is_one_line_and_the_work_goes_on(
    service: Service, text: str, state: dict[str, object], word: str
) -> None:
    vars(service).update(state)
    begun = time.monotonic()
    code, shown = at_terminal("translate", "--force", text, answer="y\n")
    assert time.monotonic() - begun < 25
    # A terminal shows what is typed when it likes.
    lines = re.findall(r"ringkas: [^\r\n]*", shown)
    assert code == 0, shown
    assert word in lines[0], shown
    assert DEFAULT in lines[0], shown
    assert f"translated by {DEFAULT}" in shown
    assert not config_file().exists()
    assert status(find_info(BETTER)) == "missing"


def test_no_answer_is_none(service: Service, text: str) -> None:
    code, shown = at_terminal("translate", "--force", text, answer="\x04")
    assert code == 130, shown
    assert "stopped" in shown, shown
    assert not config_file().exists(), shown
    assert service.requests == [], shown


@pytest.mark.parametrize(
    ("options", "environment"),
    [
        (["--quiet"], {}),
        (["--offline"], {}),
        (["--model", DEFAULT], {}),
        (["--translation-model", DEFAULT], {}),
        ([], {"CI": "true"}),
        ([], {"RINGKAS_QUIET": "1"}),
        ([], {"RINGKAS_OFFLINE": "1"}),
        ([], {"RINGKAS_TRANSLATION_MODEL": DEFAULT}),
    ],
)
def test_who_is_not_asked(service: Service, text: str, options: list[str], environment: dict[str, str]) -> None:
    code, shown = at_terminal("translate", "--force", text, *options, **environment)
    assert code == 0, shown
    assert QUESTION not in shown, shown
    assert not config_file().exists()
    assert service.requests == []


def test_no_pipe_is_asked_and_no_one_who_has_chosen(
    service: Service, text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"y\n")))
        assert run("translate", "--force", text) == 0
        assert QUESTION not in capsys.readouterr().err
    for command in (["summarize", "--translate", "none"], ["translate"]):
        code, shown = at_terminal(*command, "--force", text)
        assert code == 0, shown
        assert QUESTION not in shown, shown
        set_default(DEFAULT, [Task.TRANSLATE])
    assert service.requests == []
