"""The command line with a fake model: what it writes, what it refuses, and with which exit code."""

import csv
import errno
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from click import Command, Context, Option
from click.testing import CliRunner, Result

from summarizer import summarizer as api
from summarizer import to_frame
from summarizer.batch.run import GROUP
from summarizer.cleaning import clean_source
from summarizer.cli.commands import main
from summarizer.cli.console import render_each
from summarizer.cli.help import GroupedOption
from summarizer.cli.models import models
from summarizer.errors import ExitCode, NoArticleError
from summarizer.extraction.blocks import MAX_CHARACTERS
from summarizer.models import catalogue
from summarizer.models.base import Generation, Task, TextModel
from summarizer.output.formats import EXPORTS, FORMATS
from summarizer.output.progress import Progress
from tests.batch.batches import landed
from tests.conftest import ABSTRACT, ARTICLE, RINGKAS, ROOT, FakeModel, in_english, python, until
from tests.models.server import Server

PROGRAM = f"{sys.executable} -c '{RINGKAS}'"
each_reader = pytest.mark.parametrize("command", ["summarize", "clean", "translate"])


@pytest.fixture(autouse=True)
def fake_model(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """Every model is the fake one; what it was asked for is kept."""
    asked: dict[str, object] = {}

    def load(name: str, **options: object) -> TextModel:
        asked.update(options, name=name)
        return FakeModel(lambda task, source: ABSTRACT if task is Task.SUMMARIZE else in_english(source))

    monkeypatch.setattr(api, "load_model", load)
    monkeypatch.setattr(api, "fingerprint", lambda name, progress, offline: f"{name} {name}-v1")
    monkeypatch.setattr(api, "check_model", lambda name, task, offline: None)
    return asked


@pytest.fixture
def page(tmp_path: Path) -> str:
    file = tmp_path / "a.txt"
    file.write_text(f"Taman Baru Dibuka\nSuara.com - {ARTICLE}\nTerpopuler\n- Harga Cabai Naik\n", encoding="utf-8")
    return str(file)


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | environment
    return subprocess.run(["bash", "-c", command], capture_output=True, text=True, env=environment)


def run(*arguments: str, stdin: str | bytes | None = None, **environment: str) -> Result:
    return CliRunner().invoke(main, arguments, input=stdin, env=environment)


def refused(result: Result | subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    """Check that a command failed with an exit code and one line, and wrote nothing."""
    exit_code = result.exit_code if isinstance(result, Result) else result.returncode
    assert exit_code == code, result.stderr
    assert result.stdout == "", result.stderr
    assert result.stderr.count("\n") == 1, result.stderr
    assert result.stderr.startswith("ringkas: ")
    assert [word for word in words if word not in result.stderr] == []


def test_summarize_prints_abstract_and_translation(page: str) -> None:
    result = run("summarize", page)
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout == (
        f"Taman Baru Dibuka\nA new park opens\n{page}\n\nAbstract (Indonesian)\n{ABSTRACT}\n\n"
        f"Translation (English)\n{in_english(ABSTRACT)}\n"
    )
    assert "Translation" not in run("summarize", page, "--translate", "none").stdout
    assert "Article (English)\nThe Girimulya" in run("summarize", page, "--translate", "article").stdout


def test_each_option_has_a_variable(page: str, tmp_path: Path, fake_model: dict[str, object]) -> None:
    output = tmp_path / "out.json"
    variables = {
        "RINGKAS_FORMAT": "json",
        "RINGKAS_OUTPUT": str(output),
        "RINGKAS_TRANSLATE": "none",
        "RINGKAS_LENGTH": "long",
        "RINGKAS_MODEL": "lain",
        "RINGKAS_DEVICE": "cuda",
        "RINGKAS_THREADS": "1",
        "RINGKAS_OFFLINE": "1",
    }
    result = run("summarize", page, **variables)
    assert result.exit_code == 0
    assert result.output == ""
    fields = json.loads(output.read_text(encoding="utf-8"))
    assert fields["translation"] is None
    assert fields["length"] == "long"
    assert fake_model | {"name": "lain", "device": "cuda", "threads": 1, "offline": True} == fake_model


def test_a_doubt_is_coloured_on_a_terminal_alone(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = FakeModel(lambda task, text: ABSTRACT if task is Task.SUMMARIZE else "A 13-hectare park opens.")
    monkeypatch.setattr(api, "load_model", lambda name, **options: wrong)
    shown = CliRunner().invoke(main, ["summarize", page], color=True).stdout
    assert "A 13-hectare park opens. \x1b[33m[1]\x1b[0m\n" in shown
    assert "\x1b[33m[1] “13” is not in the source\x1b[0m\n" in shown
    output = tmp_path / "ringkasan.txt"
    CliRunner().invoke(main, ["summarize", page, "-o", str(output)], color=True)
    assert output.read_text(encoding="utf-8") == re.sub(r"\x1b\[\d+m", "", shown)


def test_hostile_articles_are_harmless(tmp_path: Path) -> None:
    file = tmp_path / "jahat.txt"
    file.write_text(f"\x1b[2J\x1b]0;judul\x07Judul <script>\n{ARTICLE}\x1b[31m <eos> {{source}}\n", encoding="utf-8")
    for name in FORMATS:
        result = run("summarize", str(file), "--format", name, "--translate", "article")
        assert result.exit_code == 0
        assert "\x1b" not in result.stdout
    for command in ("summarize", "clean"):
        assert "<script>" not in run(command, str(file), "--format", "md").stdout


def test_clean_prints_the_article_in_each_format(page: str, tmp_path: Path) -> None:
    # It needs no choice of models.
    (tmp_path / "models.toml").write_text("x = [", encoding="utf-8")
    result = run("clean", page, RINGKAS_CONFIG=str(tmp_path))
    assert result.exit_code == 0
    assert result.stdout == f"Taman Baru Dibuka\n\n{ARTICLE}\n"
    assert result.stderr == ""
    assert run("clean", page, "--format", "md").stdout == f"# Taman Baru Dibuka\n\n{ARTICLE}\n"
    fields = json.loads(run("clean", page, "--format", "json").stdout)
    assert fields["title"] == "Taman Baru Dibuka"
    assert fields["paragraphs"] == [ARTICLE]
    assert fields["removed"][-1] == {"line": 4, "rule": "headline_list", "text": "- Harga Cabai Naik"}


def test_a_cleaned_article_says_in_json_where_it_comes_from(tmp_path: Path) -> None:
    file = tmp_path / "taman.html"
    head = (
        '<title>Taman Baru Dibuka</title><link rel="canonical" href="https://kabar.example/taman">'
        '<meta name="author" content="Sri Wahyuni">'
        '<meta property="article:published_time" content="2025-03-12T08:00:00+07:00">'
    )
    body = f"<article><h1>OPINI: Taman Baru Dibuka</h1><p>{ARTICLE}</p></article>"
    file.write_text(f"<html><head>{head}</head><body>{body}</body></html>", encoding="utf-8")
    fields = json.loads(run("clean", str(file), "--format", "json").stdout)
    del fields["paragraphs"], fields["removed"]
    assert fields == {
        "source": str(file),
        "title": "OPINI: Taman Baru Dibuka",
        "site": "kabar.example",
        "url": "https://kabar.example/taman",
        "author": "Sri Wahyuni",
        "date": "2025-03-12",
        "kind": "opinion",
    }


@pytest.mark.parametrize(("name", "told"), [("", "empty"), ("a" * 5_000, "too long")])
def test_a_name_that_no_file_has(page: str, name: str, told: str) -> None:
    refused(run("clean", name), ExitCode.INPUT, told)
    refused(run("clean", page, "--output", name), ExitCode.OUTPUT)


def test_a_password_in_an_address_is_not_shown() -> None:
    result = run("clean", "https://siti:rahasia@a.id/b", "--offline")
    refused(result, ExitCode.INPUT, "https://a.id/b")
    assert "rahasia" not in result.stderr


def test_clean_shows_what_went(page: str) -> None:
    command = ["clean", page, "--show-removed"]
    result = run(*command)
    assert "outlet_dateline: Suara.com -" in result.stdout
    assert "headline_list: - Harga Cabai Naik" in result.stdout
    markdown = run(*command, "--format", "md").stdout
    assert "## Removed" in markdown
    assert "headline\\_list: \\- Harga Cabai Naik" in markdown
    coloured = CliRunner().invoke(main, command, color=True, env={"NO_COLOR": "", "TERM": "xterm"})
    assert "\x1b[36moutlet_dateline" in coloured.stdout
    for plain in ({"NO_COLOR": "1", "TERM": "xterm"}, {"NO_COLOR": "", "TERM": "dumb"}):
        assert CliRunner().invoke(main, command, color=True, env=plain).stdout == result.stdout


def test_clean_says_what_may_be_missing(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(f"{ARTICLE}\nRatna menambahkan bahwa taman itu akan ...\n", encoding="utf-8")
    result = run("clean", str(file))
    assert result.exit_code == 0
    assert "cut off" in result.stderr
    assert str(file) in result.stderr
    odd = file.rename(tmp_path / "\x1b]0;judul\x07\u202ea.txt")
    assert not {"\x1b", "\u202e"} & set(run("clean", str(odd)).stderr)


def test_translate_paragraphs_and_lines() -> None:
    text = "Daftar belanja:\n\n- telur\n\n- gula\n\n1. beras\n\nHujan turun.\n\nJalan licin.\n"
    # Items of a list stay together.
    shown = "Daftar belanja:\n\n- telur\n- gula\n1. beras\n\nHujan turun.\n\nJalan licin.\n"
    assert run("translate", "-", "--force", stdin=text).stdout == shown
    for lines in (text, text.rstrip("\n"), f"{text}\n\n\n"):
        assert run("translate", "-", "--lines", "--force", stdin=lines).stdout.count("\n") == len(lines.splitlines())


def test_translate_says_of_each_line_how_sure_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = (" It", " rains", ".", "")
    scores = (-0.1, -0.2, -0.1, -0.1)
    written = Generation("It rains.", finished=True, tokens=tokens, token_scores=scores, source_scores=scores)
    monkeypatch.setattr(api, "load_model", lambda name, **options: FakeModel(lambda task, source: written))
    result = run("translate", "-", "--lines", "--format", "json", "--force", stdin="Hujan turun.\n\nHujan ke-77.\n")
    first, blank, last = map(json.loads, result.stdout.splitlines())
    assert first["source"] == "Hujan turun."
    assert first["translation"] == "It rains."
    assert first["reasons"] == []
    assert 0 < last["confidence"] < first["confidence"] < 1
    assert blank == {"source": "", "translation": "", "confidence": None, "reasons": []}
    assert any("77" in reason for reason in last["reasons"])
    assert run("translate", "-", "--force", stdin="Hujan ke-77.\n").stdout == "It rains. [1]\n\n[1] “77” is missing\n"
    assert run("translate", "-", "--lines", "--force", stdin="Hujan ke-77.\n").stdout == "It rains.\n"


@pytest.mark.parametrize("options", [(), ("--lines",), ("--force",)])
def test_a_line_that_is_no_paragraph_is_not_translated(options: tuple[str, ...]) -> None:
    long = f"{ABSTRACT} " * (MAX_CHARACTERS // len(f"{ABSTRACT} "))
    result = run("translate", "-", *options, stdin=f"{ABSTRACT}\n{long}\n{ABSTRACT}\n")
    assert result.exit_code == 0
    assert in_english(ABSTRACT) in result.stdout
    refused(run("translate", "-", *options, stdin=f"{ABSTRACT}\n{long * 2}\n"), ExitCode.INPUT, "line 2", "lines")


def test_a_glossary_is_obeyed_and_a_damaged_one_is_one_line(page: str, tmp_path: Path) -> None:
    file = tmp_path / "istilah.toml"
    file.write_text('"Girimulya" = "Mount\\nNoble"', encoding="utf-8")
    assert "Mount Noble opened" in run("summarize", page, "--glossary", str(file)).stdout
    # A line stays a line, whatever is in a term.
    lines = run("translate", "-", "--lines", "--glossary", str(file), stdin=f"{ABSTRACT}\nHujan turun.\n").stdout
    assert lines.count("\n") == 2
    assert "Mount Noble" in lines
    contents = (
        None,
        "a = [",
        "a = 3",
        "a = []",
        "a = ['']",
        "a = '\u200b'",
        "\ufffe",
        "a = " + "[" * 9999,
        "'' = 'b'",
        "' ' = 'b'",
    )
    for content in contents:
        if content is None:
            file.unlink()
        else:
            file.write_text(content, encoding="utf-8")
        for command in (["summarize", page], ["translate", page], ["batch", page, "--output", str(tmp_path / "o")]):
            refused(run(*command, "--glossary", str(file)), ExitCode.INPUT, "glossary")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="the system has no such file")
def test_a_glossary_that_is_a_pipe_is_refused_before_it_is_waited_for(page: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "istilah.toml")
    command = f"timeout 30 {PROGRAM} translate {page} --glossary {tmp_path / 'istilah.toml'}"
    refused(shell(command), ExitCode.INPUT, "is a pipe", "write its terms into a file")


def test_a_glossary_without_an_end_is_refused(page: str) -> None:
    refused(run("translate", page, "--glossary", "/dev/zero"), ExitCode.INPUT, "longer than")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a folder that somebody is in")
def test_whoever_is_in_a_folder_that_is_gone_is_told(page: str, tmp_path: Path) -> None:
    gone = tmp_path / "hilang"
    command = f"mkdir {gone} && cd {gone} && rmdir {gone} && {PROGRAM} batch {page} -o keluar"
    refused(shell(command), ExitCode.FAILED, "the folder that you are in is gone")


def test_a_glossary_may_begin_with_a_byte_order_mark(page: str, tmp_path: Path) -> None:
    file = tmp_path / "istilah.toml"
    file.write_text('"Girimulya" = "Mount Noble"', encoding="utf-8-sig")
    assert "Mount Noble opened" in run("summarize", page, "--glossary", str(file)).stdout
    file.write_text('"Girimulya" = "Mount Noble"', encoding="utf-16")
    refused(run("summarize", page, "--glossary", str(file)), ExitCode.INPUT, "glossary", "save it as that")


@each_reader
def test_output_is_whole_and_has_a_new_files_rights(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    output = tmp_path / "hasil.txt"
    output.write_text("alt", encoding="utf-8")
    result = run(command, page, "--output", str(output))
    assert result.exit_code == 0
    assert result.stdout == ""
    assert output.read_text(encoding="utf-8") == run(command, page).stdout
    assert stat.S_IMODE(output.stat().st_mode) & 0o600 == 0o600
    monkeypatch.chdir(tmp_path)
    assert run(command, page, "-o", "-").output == run(command, page).output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "hasil.txt"]


@each_reader
def test_output_that_cannot_be_written(
    page: str, tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It is said before any work is done.
    monkeypatch.setattr(api, "load_model", None)
    os.mkfifo(tmp_path / "pipa")
    (tmp_path / "pranala").symlink_to(page)
    before = Path(page).read_text(encoding="utf-8")
    for name in ("tidak/ada.txt", "pipa", "pranala", "a.txt"):
        refused(run(command, page, "--output", str(tmp_path / name)), ExitCode.OUTPUT)
    refused(run(command, page, "--output", ""), ExitCode.OUTPUT, "empty")
    assert Path(page).read_text(encoding="utf-8") == before


@pytest.mark.parametrize("redirection", ["> /dev/full", ">&-"])
@pytest.mark.parametrize("arguments", ["clean {page}", "--version"])
def test_standard_output_that_takes_nothing(page: str, redirection: str, arguments: str) -> None:
    refused(shell(f"{PROGRAM} {arguments.format(page=page)} {redirection}"), ExitCode.OUTPUT, "standard output")


@pytest.mark.parametrize("redirection", ["2> /dev/full", "2>&-", "2> >(true)"])
def test_a_standard_error_that_takes_nothing_changes_nothing_else(page: str, tmp_path: Path, redirection: str) -> None:
    """The disk of a log may be full: the exit code is what it would be, and work goes on."""
    folder = tmp_path / "halaman"
    folder.mkdir()
    (folder / "a.txt").write_text("Taman dibuka.", encoding="utf-8")
    shutil.copy(page, folder / "b.txt")
    for arguments, code in (
        (f"summarize {tmp_path}/tidak-ada", ExitCode.INPUT),
        ("sumarize", ExitCode.USAGE),
        ("clean --formt json", ExitCode.USAGE),
        (f"clean {folder} --output {tmp_path}/keluar", ExitCode.NO_ARTICLE),
    ):
        assert shell(f"{PROGRAM} {arguments} {redirection}").returncode == code, arguments
    assert [file.name for file in (tmp_path / "keluar").iterdir()] == ["b.txt.txt"]


@pytest.mark.parametrize(
    ("content", "code", "word"),
    [
        (None, ExitCode.INPUT, "no such file"),
        (b"", ExitCode.INPUT, "empty"),
        (b"%PDF-1.4", ExitCode.INPUT, "PDF"),
        (b"Taman dibuka.", ExitCode.NO_ARTICLE, "no article"),
        (b"The government said that the bridge would be closed for repairs. " * 4, ExitCode.NOT_INDONESIAN, "English"),
    ],
)
def test_bad_input_is_one_line_and_writes_nothing(
    tmp_path: Path, content: bytes | None, code: ExitCode, word: str
) -> None:
    file = tmp_path / "buruk"
    output = tmp_path / "hasil.txt"
    if content is not None:
        file.write_bytes(content)
    for command in ("summarize", "clean"):
        refused(run(command, str(file), "--output", str(output)), code, word)
        assert not output.exists()
    can_be_forced = run("clean", str(file), "--force").exit_code == 0
    assert can_be_forced == (code in (ExitCode.NO_ARTICLE, ExitCode.NOT_INDONESIAN))


@pytest.mark.parametrize(
    ("others", "code"),
    [
        (["hilang.txt"], ExitCode.INPUT),
        (["hilang.txt", "kosong.txt"], ExitCode.INPUT),
        (["indeks.txt"], ExitCode.NO_ARTICLE),
        (["hilang.txt", "indeks.txt"], ExitCode.FAILED),
    ],
)
def test_one_bad_file_does_not_stop_the_others(page: str, tmp_path: Path, others: list[str], code: ExitCode) -> None:
    (tmp_path / "kosong.txt").touch()
    (tmp_path / "indeks.txt").write_text("Terpopuler\n- Harga Cabai Naik\n", encoding="utf-8")
    for command in ("summarize", "clean"):
        result = run(command, *(str(tmp_path / name) for name in others), page, "--format", "json")
        assert result.exit_code == code
        assert json.loads(result.stdout)["source"] == page
        assert [name for name, line in zip(others, result.stderr.splitlines(), strict=True) if name not in line] == []


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (KeyboardInterrupt(), ExitCode.INTERRUPTED, "stopped"),
        (MemoryError(), ExitCode.FAILED, "memory"),
        (RuntimeError("[ONNXRuntimeError] : 6 : std::bad_alloc"), ExitCode.FAILED, "memory"),
        (RuntimeError("satu\ndua"), ExitCode.FAILED, "RuntimeError: satu dua"),
        (OSError(errno.EIO, "Input/output error", "/data/a.onnx"), ExitCode.FAILED, "/data/a.onnx"),
        # Who reads has seen enough.
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), ExitCode.OUTPUT_CLOSED, None),
    ],
)
def test_what_goes_wrong_is_one_line(
    page: str, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: ExitCode, message: str | None
) -> None:
    monkeypatch.setattr(api, "load_model", Mock(side_effect=error))
    result = run("summarize", page)
    if message is None:
        assert result.exit_code == code
        assert result.output == ""
    else:
        refused(result, code, message)
    if type(error) is RuntimeError:
        assert "Traceback" in run("--verbose", "summarize", page).stderr


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such limit")
def test_a_limit_on_memory(page: str, checkpoint: Path) -> None:
    result = shell(f"ulimit -v 500000; {PROGRAM} translate {page}", OPENBLAS_NUM_THREADS="1", RINGKAS_THREADS="1")
    refused(result, ExitCode.MODEL, "memory")


def test_standard_input_may_be_closed_or_a_pipe(page: str, tmp_path: Path) -> None:
    for command in ("clean - < /proc/self/mem", f"batch - --output {tmp_path}/keluar <&-"):
        refused(shell(f"{PROGRAM} {command}"), ExitCode.INPUT, "standard input")
    # The output of a command is no pipe that never ends.
    result = shell(f"{PROGRAM} clean <(cat {page})")
    assert result.returncode == 0
    assert result.stdout == f"Taman Baru Dibuka\n\n{ARTICLE}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["summarize"],
        ["summarize", "a.txt", "--format", "pdf"],
        ["summarize", "a.txt", "--threads", "0"],
        ["batch", "--output", "b"],
        ["batch", "a.txt", "--output", "b", "--jobs", "-1"],
        ["batch", "a.txt", "--output", __file__],
        ["batch", "a.txt", "--output", "b", "--html", str(ROOT)],
        ["serve", "--token", "rahasía"],
        ["ringkaskan"],
    ],
)
def test_wrong_usage_shows_the_usage(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == ExitCode.USAGE
    assert "Usage" in result.stderr


class Site(Server):
    """Has a page at each address but for some."""

    def answer(self, path: str) -> tuple[int, bytes, dict[str, str]]:
        html = f"<html><body><article><h1>Taman Baru</h1><p>{ARTICLE}</p></article></body></html>"
        return (404 if "hilang" in path else 200), (b"%PDF-1.7" if "pdf" in path else html.encode()), {}


@pytest.fixture
def site() -> Iterator[Site]:
    with Site().running() as site:
        yield site


@each_reader
def test_a_page_is_fetched_and_kept_on_demand(site: Site, command: str, tmp_path: Path) -> None:
    address = f"{site.url}/../berita/Taman%2f..%2fbaru.html?a=/b"
    folder = tmp_path / "pages" / "kept"
    result = run(command, address)
    assert result.exit_code == 0, result.stderr
    assert "Girimulya" in result.stdout, result.stderr
    assert not folder.exists(), result.stderr
    for _ in range(2):
        assert run(command, address, "--keep", str(folder)).stdout == result.stdout
    [kept] = folder.iterdir()
    page = site.answer("")[1]
    assert kept.suffix == ".html"
    assert kept.read_bytes() == page
    kept.write_bytes(b"another page")
    run(command, address, "--keep", str(folder))
    assert sorted(file.read_bytes() for file in folder.iterdir()) == sorted([page, b"another page"])


@each_reader
@pytest.mark.parametrize(("path", "word"), [("hilang", "404"), ("berkas.pdf", "PDF")])
def test_what_is_no_page_is_one_line_and_not_kept(
    site: Site, command: str, path: str, word: str, tmp_path: Path
) -> None:
    refused(run(command, f"{site.url}/{path}", "--keep", str(tmp_path / "kept")), ExitCode.INPUT, word)
    assert not (tmp_path / "kept").exists()


@each_reader
def test_offline_refuses_addresses(site: Site, command: str) -> None:
    for result in (run(command, site.url, "--offline"), run(command, site.url, RINGKAS_OFFLINE="1")):
        refused(result, ExitCode.INPUT, "offline")
    assert site.requests == []


def test_a_batch_fetches_nothing(site: Site, tmp_path: Path) -> None:
    assert run("batch", site.url, "-o", str(tmp_path / "hasil")).exit_code == ExitCode.INPUT
    listed = run("batch", "-", "-o", str(tmp_path / "hasil"), "--jobs", "0", stdin=site.url)
    assert listed.exit_code != 0
    assert site.requests == []


def test_a_batch_says_what_it_did_and_exits_with_failures(page: str, tmp_path: Path) -> None:
    command = ["batch", str(tmp_path), "--output", str(tmp_path / "keluar"), "--jobs", "0"]
    (tmp_path / "kosong.txt").touch()
    result = run(*command)
    assert result.exit_code == ExitCode.FAILED
    assert result.stdout == ""
    error, failures, summary, written = result.stderr.splitlines()
    assert "kosong.txt" in error
    assert str(tmp_path / "keluar" / "failures.jsonl") in failures
    assert all(word in summary for word in ("1 done", "1 failed (1 not readable)", "per minute"))
    # What there is none of is not counted.
    assert "unchanged" not in summary
    assert str(tmp_path / "keluar" / "results.jsonl") in written
    assert json.loads((tmp_path / "keluar" / "a.txt.json").read_text(encoding="utf-8"))["abstract"] == ABSTRACT
    (tmp_path / "kosong.txt").write_text(ARTICLE, encoding="utf-8")
    result = run(*command)
    assert result.exit_code == 0
    assert "1 done, 1 unchanged" in result.stderr
    # A run without failures leaves no empty list of them.
    assert not (tmp_path / "keluar" / "failures.jsonl").exists()
    assert run(*command, "--quiet", "--no-resume").stderr == ""
    # Results of inputs that were not named this time are.
    assert str(tmp_path / "keluar" / "results.jsonl") in run("batch", page, *command[2:]).stderr


def test_a_batch_of_failures_says_no_article_was_written(tmp_path: Path) -> None:
    (tmp_path / "kosong.txt").touch()
    command = ["batch", str(tmp_path / "kosong.txt"), "--output", str(tmp_path / "keluar"), "--jobs", "0"]
    assert run(*command).stderr.endswith(f"written: {tmp_path / 'keluar' / 'results.jsonl'}\n")


def test_batch_can_fail_on_doubt(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = ["batch", page, "--output", str(tmp_path / "keluar"), "--jobs", "0"]
    assert run(*command, "--fail-on-doubt").exit_code == 0
    wrong = FakeModel(lambda task, text: ABSTRACT if task is Task.SUMMARIZE else "A 13-hectare park opens.")
    monkeypatch.setattr(api, "load_model", lambda name, **options: wrong)
    monkeypatch.setattr(api, "fingerprint", lambda name, progress, offline: "wrong")
    # Written anew, and found there already; the results are written as usual.
    for done in ("1 done", "1 unchanged"):
        result = run(*command, "--fail-on-doubt")
        assert result.exit_code == ExitCode.DOUBTFUL
        assert done in result.stderr
        assert "doubtful" in result.stderr
        assert "13-hectare" in (tmp_path / "keluar" / "results.jsonl").read_text(encoding="utf-8")
    assert run(*command).exit_code == 0
    (tmp_path / "kosong.txt").touch()
    assert run("batch", str(tmp_path), *command[2:], "--fail-on-doubt").exit_code == ExitCode.FAILED
    # What an input that isn't named this time has is another run's.
    good = tmp_path / "b.txt"
    good.write_text(ARTICLE, encoding="utf-8")
    assert run("batch", str(good), *command[2:], "--translate", "none", "--fail-on-doubt").exit_code == 0


def test_batch_writes_a_page_and_tables(page: str, tmp_path: Path) -> None:
    (tmp_path / "kosong.txt").touch()
    html, table, sentences = (tmp_path / f"semua.{ending}" for ending in ("html", "csv", "tsv"))
    command = ["batch", str(tmp_path), "-o", str(tmp_path / "keluar"), "--jobs", "0", "-q", "--glob", "*.t*"]
    command += ["--html", str(html), "--csv", str(table), "--tsv", str(sentences)]
    assert run(*command).exit_code == ExitCode.FAILED
    shown = html.read_text(encoding="utf-8")
    assert ABSTRACT in shown
    assert "kosong.txt" in shown
    assert ABSTRACT in table.read_text(encoding="utf-8-sig")
    _, headline, first = sentences.read_text(encoding="utf-8").splitlines()
    assert headline == "a.txt\ttitle\t1\t0\tTaman Baru Dibuka\tA new park opens\t\t"
    assert first.startswith(f"a.txt\tabstract\t1\t1\t{ABSTRACT}\t{in_english(ABSTRACT)}\t")
    # A run that has nothing to do writes them as well, and doesn't take them for inputs.
    html.unlink()
    assert run(*command).stderr.count("\n") == 1
    assert html.read_text(encoding="utf-8") == shown


@pytest.mark.parametrize("named", ["masuk", "masuk/a.txt"])
def test_batch_writes_its_page_over_nothing_else(page: str, tmp_path: Path, named: str) -> None:
    (tmp_path / "masuk").mkdir()
    file = Path(page).rename(tmp_path / "masuk" / "a.txt")
    (tmp_path / "tautan").symlink_to(file)
    before = file.read_bytes()
    lists = ("keluar/results.jsonl", "keluar/failures.jsonl", "keluar/.ringkas/lain.html")
    for target, export in product(("masuk/a.txt", "tautan", *lists, "tidak ada/semua.html"), EXPORTS):
        command = ["batch", str(tmp_path / named), "-o", str(tmp_path / "keluar"), "--jobs", "0"]
        # It is said before any work is done.
        refused(run(*command, f"--{export}", str(tmp_path / target)), ExitCode.OUTPUT)
        assert file.read_bytes() == before
        assert not (tmp_path / "keluar" / "a.txt.json").exists()
    lines = file.rename(tmp_path / "masuk" / "baris.jsonl")
    refused(run("batch", str(lines), "-o", str(tmp_path / "masuk")), ExitCode.OUTPUT, "another --output")
    refused(run("batch", str(lines), "-o", "s3://ember/hasil"), ExitCode.OUTPUT, "only with --cluster")


SLOW = """
import signal, sys, time
# A program that a shell started in the background ignores SIGINT, and so do those that it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)
from tests.conftest import FakeModel
from summarizer import summarizer as api
from summarizer.cli import commands

def slow(task, source):
    time.sleep(0.02)
    return source

if __name__ == "__main__":
    commands.Summarizer = lambda **options: api.Summarizer(FakeModel(slow))
    commands.main(["batch", *sys.argv[1:]], prog_name="ringkas")
"""


def stop_batch(tmp_path: Path, number: int, *options: str) -> tuple[int, str]:
    """Stop a batch of 70 inputs with a signal, and return its exit code and what it wrote to standard error."""
    for name in range(70):
        (tmp_path / f"{name:02}.txt").write_text(f"{ARTICLE} Nomor {name}.", encoding="utf-8")
    script = tmp_path / "skrip.py"
    output = tmp_path / "keluar"
    script.write_text(SLOW, encoding="utf-8")
    arguments = [sys.executable, str(script), str(tmp_path), "-o", str(output), "--jobs", "2", *options]
    # In a group of their own, the signal reaches the processes that read as well, as Ctrl-C does on a terminal.
    with subprocess.Popen(
        arguments, env=os.environ | {"PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as batch:
        until(lambda: landed(output) or batch.poll() is not None)
        os.killpg(batch.pid, number)
        errors = batch.communicate()[1]
    return batch.returncode, errors


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, ExitCode.INTERRUPTED), (signal.SIGTERM, ExitCode.TERMINATED)]
)
def test_batch_stopped_by_a_signal(tmp_path: Path, number: int, code: ExitCode) -> None:
    returned, errors = stop_batch(tmp_path, number, "--quiet")
    assert returned == code, errors
    stopped = re.fullmatch(r"ringkas: stopped: (\d+) done, .*what was begun is not kept; .*resume\n", errors)
    assert stopped, errors
    done = (tmp_path / "keluar" / "results.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(done) == int(stopped[1])
    assert len(done) in range(GROUP, 70, GROUP)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_stops_a_batch_is_told_at_once_that_it_stops(tmp_path: Path, number: int) -> None:
    _, errors = stop_batch(tmp_path, number)
    first, second = errors.splitlines()[-2:]
    assert first == "ringkas: stopping, once what is being written is done"
    assert second.startswith("ringkas: stopped: ")


STOPPER = """
import os, signal, sys
signal.signal(signal.SIGINT, {handler})
class Stopper:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Stopper())
from summarizer.cli import start
start()
"""


@pytest.mark.parametrize("module", ["click", "summarizer.batch.run"])
def test_stopped_while_it_is_loaded(module: str) -> None:
    def run_stopped(handler: str) -> subprocess.CompletedProcess[str]:
        return python("-c", STOPPER.format(handler=handler, module=module), "--help")

    refused(run_stopped("signal.default_int_handler"), ExitCode.INTERRUPTED, "stopped")
    # A program that a shell started in the background ignores Ctrl-C.
    ignored = run_stopped("signal.SIG_IGN")
    assert ignored.returncode == 0
    assert ignored.stderr == ""


def test_version_names_what_matters() -> None:
    text = run("--version").stdout
    assert all(name in text for name in ("ringkas 0.", "Python 3.", "onnxruntime ", "torch ", "transformers "))


def test_models_are_listed_with_state_and_licence() -> None:
    result = run("models", COLUMNS="80")
    blocks = [block.splitlines() for block in result.stdout.split("\n\n")]
    assert max(len(line) for block in blocks for line in block) <= 80
    assert blocks[0][0] in (f"{catalogue.DEFAULT}: ready", f"{catalogue.DEFAULT}: installed")
    assert "Gemma Terms of Use" in " ".join(" ".join(blocks[0]).split())
    assert any(block[0] == "opus-mt-id-en: not fetched" and "Apache-2.0" in block[1] for block in blocks)
    assert "not for commercial use" in " ".join(result.stdout.split())
    listed: list[dict[str, Any]] = json.loads(run("models", "--format", "json").stdout)
    assert [model["name"] for model in listed] == [block[0].partition(":")[0] for block in blocks]


@pytest.mark.parametrize("variable", ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"])
@pytest.mark.parametrize("command", [("models", "fetch"), ("models", "path")])
def test_a_model_that_may_not_be_fetched_names_the_switch(
    tmp_path: Path, variable: str, command: tuple[str, ...]
) -> None:
    result = python(
        "-c", f"import sys; sys.argv[1:] = {[*command, 'opus-mt-id-en']}; {RINGKAS}",
        **{variable: "1"}, RINGKAS_CACHE=str(tmp_path), HF_HOME=str(tmp_path),
    )  # fmt: skip
    refused(result, ExitCode.MODEL, f"and {variable} turns downloads off: unset it, then run 'ringkas models fetch")


def test_a_folder_of_a_name_that_is_no_text_is_no_default(tmp_path: Path) -> None:
    folder = os.fsdecode(os.fsencode(tmp_path) + b"/\xff")
    Path(folder).mkdir()
    refused(run("models", "use", folder, RINGKAS_CONFIG=str(tmp_path)), ExitCode.MODEL, "UTF-8")


def test_usual_mistakes_are_told_what_to_write(page: str, tmp_path: Path) -> None:
    mistyped = run(page)
    assert mistyped.exit_code == ExitCode.USAGE
    assert f"ringkas summarize {page}" in mistyped.stderr
    assert "No such command" in run("ringkaskan").stderr
    refused(run("translate", "Presiden membuka rapat"), ExitCode.INPUT, "echo 'Presiden membuka rapat' | ringkas")
    refused(run("translate", "Presiden", "membuka", "rapat"), ExitCode.INPUT, "echo 'Presiden membuka rapat' | ringkas")
    several = run("translate", page, page)
    assert several.exit_code == ExitCode.USAGE
    assert "one file at a time" in several.stderr
    refused(run("summarize", "-", stdin="tiga kata saja"), ExitCode.NO_ARTICLE, "standard input holds", "3 words")
    # A folder that isn't there leaves no output behind.
    (tmp_path / "pranala").symlink_to("pranala")
    for inputs in (["tidak-ada"], ["tidak-ada", "juga-tidak"], [str(tmp_path / "pranala")]):
        result = run("batch", *inputs, "-o", str(tmp_path / "keluar"), "--jobs", "0")
        assert result.exit_code == ExitCode.INPUT
        assert result.stderr.count("\n") == len(inputs)
        assert not (tmp_path / "keluar").exists()


def test_pages_are_cleaned_into_a_folder(page: str, tmp_path: Path) -> None:
    pages = tmp_path / "masuk" / "b"
    output = tmp_path / "keluar"
    pages.mkdir(parents=True)
    (pages / "a.html").write_text(f"<h1>Taman Baru Dibuka di Girimulya</h1><p>{ARTICLE}</p>", encoding="utf-8")
    (pages.parent / "kosong.txt").touch()
    result = run("clean", str(pages.parent), "--format", "md", "--output", str(output))
    assert result.exit_code == ExitCode.INPUT
    assert result.stdout == ""
    assert "kosong.txt is empty" in result.stderr
    assert f"1 article written to {output}, 1 failed" in result.stderr
    assert [str(file.relative_to(output)) for file in output.rglob("*.*")] == ["b/a.html.md"]
    assert (output / "b" / "a.html.md").read_text(encoding="utf-8").endswith(f"{ARTICLE}\n")
    # What would be lost or can't be done is refused.
    assert run("clean", str(pages)).exit_code == ExitCode.USAGE
    assert run("clean", str(pages), "-", "-o", str(output)).exit_code == ExitCode.USAGE
    refused(run("clean", str(pages), "-o", page), ExitCode.OUTPUT, "is a file")
    (pages / "a.html.txt").write_text(ARTICLE, encoding="utf-8")
    assert run("clean", str(pages / "a.html"), str(pages / "a.html.txt"), "-o", str(pages)).exit_code == ExitCode.OUTPUT
    assert (pages / "a.html.txt").read_text(encoding="utf-8") == ARTICLE


def test_an_output_that_ends_with_a_slash_is_a_folder(page: str, tmp_path: Path) -> None:
    folder = f"{tmp_path}/baru/"
    assert run("clean", page, page, "--output", folder).exit_code == 0
    assert [file.suffix for file in Path(folder).iterdir()] == [".txt"]
    for command in ("summarize", "translate"):
        refused(run(command, page, "--output", f"{tmp_path}/lain/"), ExitCode.OUTPUT, "is a folder: name a file in it")
    assert not (tmp_path / "lain").exists()


def test_an_error_names_what_the_interface_has(tmp_path: Path) -> None:
    index = tmp_path / "indeks.txt"
    index.write_text("Terpopuler", encoding="utf-8")
    assert "--force accepts" in run("clean", str(index)).stderr
    with pytest.raises(NoArticleError, match="force=True accepts") as caught:
        clean_source(str(index))
    assert "force=True" in caught.value.advice
    run("batch", str(index), "-o", str(tmp_path / "keluar"), "--jobs", "0")
    failure = (tmp_path / "keluar" / "failures.jsonl").read_text(encoding="utf-8")
    assert "--force" in failure
    assert "force=True" not in failure


def test_several_files_say_which_one_is_worked_on(page: str, tmp_path: Path) -> None:
    other = tmp_path / "b.txt"
    other.write_text(ARTICLE, encoding="utf-8")
    places: list[str] = []

    def render(file: str, place: str) -> str:
        places.append(place)
        return file

    render_each([page, str(other)], render, None, "")
    assert places == ["1/2 ", "2/2 "]
    render_each([page], render, None, "")
    assert places[2:] == [""]


@pytest.mark.parametrize("translate", ["abstract", "none"])
def test_several_files_say_what_is_being_done_with_each(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, translate: str
) -> None:
    other = tmp_path / "b.txt"
    other.write_text(ARTICLE, encoding="utf-8")
    labels: list[str] = []
    monkeypatch.setattr(Progress, "describe", lambda progress, label: labels.append(label))
    assert run("summarize", page, str(other), "--translate", translate).exit_code == 0
    wanted = ["1/2 loading the model", "1/2 summarising", "1/2 translating", "2/2 summarising", "2/2 translating"]
    if translate == "none":
        wanted = ["1/2 loading the model", "1/2 summarising", "2/2 summarising"]
    # The model is prepared in between.
    assert [label for label in labels if "preparing" not in label] == wanted


def test_commands_are_told_whole_on_a_terminal_of_80_columns() -> None:
    told = run("--help", COLUMNS="80").stdout.partition("Commands:")[2]
    assert [line for line in told.splitlines() if line.strip() and not line.endswith(".")] == []
    assert "..." not in told


def test_help_shows_options_in_groups_each_once_and_examples() -> None:
    batch = run("batch", "--help").stdout
    headings = re.findall(r"^([A-Z]\w*):$", batch, re.MULTILINE)
    assert headings == ["Results", "Texts", "Inputs", "Run", "Models", "Cluster", "Options"]
    under_results = batch[batch.index("Results:") : batch.index("Texts:")]
    assert [
        name for name in ("--output", "--format", *(f"--{name}" for name in EXPORTS)) if name not in under_results
    ] == []
    for name in ("summarize", "translate", "batch", "serve"):
        shown = re.findall(r"^  (?:-\w, )?(--[\w-]+)", run(name, "--help").stdout, re.MULTILINE)
        options = [one for one in main.commands[name].get_params(Context(main)) if isinstance(one, Option)]
        assert sorted(shown) == sorted(next(name for name in one.opts if name.startswith("--")) for one in options)
    assert batch.rstrip().endswith("ringkas batch - --output results/")
    # What a group of a command says, another one needn't have.
    assert "Texts:" not in run("clean", "--help").stdout
    with pytest.raises(ValueError, match="no group"):
        GroupedOption(["--lain"], group="Typo")


def test_a_mistyped_page_is_said_not_to_be_there() -> None:
    result = run("halman/berita.html")
    assert result.exit_code == ExitCode.USAGE
    assert "there is no command and no file halman/berita.html" in result.stderr


def test_an_option_of_another_command_is_told_to_be_there(page: str, tmp_path: Path) -> None:
    result = run("summarize", page, "--csv", str(tmp_path / "semua.csv"))
    assert result.exit_code == ExitCode.USAGE
    assert "no such option --csv here: 'ringkas batch' has it" in result.stderr


def test_an_option_of_several_other_commands_is_told_with_all(page: str) -> None:
    result = run("clean", page, "--length", "short")
    assert result.exit_code == ExitCode.USAGE
    assert "'ringkas batch' and 'ringkas summarize' have it" in result.stderr


def test_an_option_in_front_of_its_command_is_told_whose_it_is(page: str) -> None:
    result = run("--csv", "semua.csv", "batch", page)
    assert result.exit_code == ExitCode.USAGE
    assert "no such option --csv here: 'ringkas batch' has it" in result.stderr


def test_an_option_that_no_command_has_is_told_with_one_like_it(page: str) -> None:
    result = run("clean", page, "--formt", "json")
    assert result.exit_code == ExitCode.USAGE
    assert "has it" not in result.stderr
    assert "--format" in result.stderr


@pytest.mark.parametrize("option", [f"--{name}" for name in EXPORTS])
def test_a_table_in_a_folder_that_is_not_there_stops_a_batch_before_it_writes(
    page: str, tmp_path: Path, option: str
) -> None:
    output = tmp_path / "keluar"
    missing = tmp_path / "tidak-ada"
    result = run("batch", page, "-o", str(output), option, str(missing / "semua"))
    refused(result, ExitCode.OUTPUT, f"there is no folder {missing}: make it, or choose another {option}")
    assert not output.exists()


def test_a_table_that_cannot_be_written_leaves_no_output_folder(page: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipa")
    output = tmp_path / "keluar"
    result = run("batch", page, "-o", str(output), "--csv", str(tmp_path / "pipa"))
    refused(result, ExitCode.OUTPUT, str(tmp_path / "pipa"), "choose another --csv")
    assert not output.exists()


@pytest.mark.parametrize("name", ["a/keluar/semua.csv", "a/semua.csv"])
def test_a_table_may_be_in_a_folder_that_the_batch_makes(page: str, tmp_path: Path, name: str) -> None:
    result = run("batch", page, "-o", str(tmp_path / "a" / "keluar"), "--jobs", "0", "--csv", str(tmp_path / name))
    assert result.exit_code == 0
    assert ABSTRACT in (tmp_path / name).read_text(encoding="utf-8-sig")


def test_a_folder_in_the_place_of_a_command_is_a_batch(tmp_path: Path) -> None:
    result = run(str(tmp_path))
    assert result.exit_code == ExitCode.USAGE
    assert f"ringkas batch {tmp_path} --output FOLDER" in result.stderr


@pytest.mark.parametrize("command", ["translate", "gloss"])
@pytest.mark.parametrize("words", [["Presiden"], ["Presiden membuka rapat"], ["Presiden", "membuka", "rapat"]])
def test_words_in_the_place_of_a_file_are_told_how(command: str, words: list[str]) -> None:
    refused(run(command, *words), ExitCode.INPUT, "echo ", " ".join(words), f"| ringkas {command} -")


def test_a_batch_without_a_folder_for_its_results_is_told_to_name_one(page: str) -> None:
    assert "name a folder for the results: --output FOLDER" in run("batch", page).stderr


def test_a_variable_is_blamed_only_for_its_own_value(page: str) -> None:
    assert "RINGKAS_LENGTH" not in run("summarize", page, "--length", "tiny").stderr
    assert "RINGKAS_LENGTH" in run("summarize", page, RINGKAS_LENGTH="tiny").stderr


def test_a_file_where_a_batch_keeps_its_state_is_named(page: str, tmp_path: Path) -> None:
    output = tmp_path / "k"
    output.mkdir()
    (output / ".ringkas").touch()
    refused(run("batch", page, "-o", str(output)), ExitCode.OUTPUT, f"{output}/.ringkas is a file", "--output")


def test_a_folder_in_the_place_of_the_results_is_found_before_the_work(
    page: str, tmp_path: Path, fake_model: dict[str, object]
) -> None:
    taken = tmp_path / "k" / "results.jsonl"
    taken.mkdir(parents=True)
    refused(run("batch", page, "-o", str(tmp_path / "k")), ExitCode.OUTPUT, f"cannot write {taken}: is a directory")
    assert "name" not in fake_model


def _all_commands() -> dict[str, Command]:
    found = {"": main} | dict(main.commands)
    for name, command in models.commands.items():
        found[f"models {name}"] = command
    return found


@pytest.mark.parametrize("name", _all_commands())
def test_help_fits_a_terminal(name: str) -> None:
    lines = run(*name.split(), "--help", COLUMNS="80").stdout.splitlines()
    assert [line for line in lines if len(line) > 80] == []


@pytest.mark.parametrize("name", _all_commands())
def test_no_sentence_of_help_breaks_off(name: str) -> None:
    commands = run(*name.split(), "--help", COLUMNS="80").stdout.partition("\nCommands:\n")[2]
    assert [line for line in commands.splitlines() if line.endswith("...")] == []


def test_a_batch_tells_its_end(page: str, tmp_path: Path) -> None:
    for name, text in {
        "indeks.txt": "Terpopuler",
        "inggris.txt": "The government said that the bridge would be closed for repairs. " * 4,
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    command = ["batch", str(tmp_path), "-o", str(tmp_path / "k"), "--jobs", "0", "--csv", str(tmp_path / "k.csv")]
    result = run(*command)
    assert "2 failed (1 without an article, 1 in English)" in result.stderr
    assert str(tmp_path / "k.csv") in result.stderr.splitlines()[-1]
    with open(tmp_path / "k.csv", encoding="utf-8-sig") as file:
        row, *failed = csv.DictReader(file)
    assert row["doubtful"] == "0"
    assert row["file"] == page
    assert row["confidence"] == ""
    assert [(row["source"], row["error"][:12]) for row in failed] == [
        ("indeks.txt", "indeks.txt h"),
        ("inggris.txt", "inggris.txt "),
    ]
    frame = to_frame(tmp_path / "k" / "results.jsonl")
    assert list(frame["file"]) == [page]
    assert list(to_frame(tmp_path / "k")["source"]) == [Path(page).name, "indeks.txt", "inggris.txt"]
    (tmp_path / "salah.jsonl").write_text('{"source": "a"}\n', encoding="utf-8")
    with pytest.raises(ValueError, match="line 1"):
        to_frame(tmp_path / "salah.jsonl")


def test_models_path_and_fetch(checkpoint: Path, tmp_path: Path) -> None:
    for command in ("path", "fetch"):
        assert run("models", command).stdout == f"{checkpoint}\n"
    refused(run("models", "path", RINGKAS_CACHE=str(tmp_path)), ExitCode.MODEL, "ringkas models fetch")
    refused(run("models", "remove", str(tmp_path)), ExitCode.MODEL, str(tmp_path))


@pytest.mark.parametrize("name", ["gpt-7", "tidak-ada.gguf"])
def test_models_that_are_not_there(name: str, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "check_model", catalogue.check_model)
    for command in (("models", "path", name), ("models", "fetch", name), ("summarize", page, "--model", name)):
        refused(run(*command), ExitCode.MODEL, name)


def test_names_of_models_are_completed() -> None:
    words = {"COMP_WORDS": "ringkas summarize --model gemma", "COMP_CWORD": "3"}
    result = CliRunner().invoke(main, prog_name="ringkas", env={"_RINGKAS_COMPLETE": "bash_complete"} | words)
    assert f"plain,{catalogue.DEFAULT}" in result.stdout.splitlines()


def test_quiet_translations_warn_of_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Warga kota itu tidak tahu.\n", encoding="utf-8")
    command = ("translate", str(tmp_path / "a.txt"), "--lines")
    loud = run(*command)
    quiet = run(*command, "--quiet")
    assert "warning" in loud.stderr
    assert quiet.stderr == ""
    assert quiet.stdout == loud.stdout


def test_verbose_says_what_goes_on(page: str) -> None:
    quiet = run("summarize", page)
    verbose = run("--verbose", "summarize", page)
    assert quiet.stderr == ""
    assert verbose.stdout == quiet.stdout
    for line, words in zip(verbose.stderr.splitlines(), ("words kept", "loading"), strict=True):
        assert line.startswith("ringkas: ")
        assert words in line


@pytest.mark.parametrize("place", [0, 1])
def test_check_says_that_it_takes_no_html(tmp_path: Path, place: int) -> None:
    texts = [tmp_path / "source.txt", tmp_path / "english.txt"]
    texts[0].write_text("Warga senang.\n", encoding="utf-8")
    texts[1].write_text("Residents are happy.\n", encoding="utf-8")
    texts[place].write_text("<html><body><p>Warga senang.</p></body></html>", encoding="utf-8")
    result = run("check", *map(str, texts), "--no-confidence")
    refused(result, ExitCode.INPUT, f"{texts[place].name} is HTML", "line by line", "ringkas clean")


def test_check_marks_what_is_wrong(tmp_path: Path) -> None:
    source = tmp_path / "source.txt"
    translation = tmp_path / "english.txt"
    source.write_text("Warga senang.\n\nBiayanya Rp7,5 miliar.\n", encoding="utf-8")
    translation.write_text("Residents are happy.\n\nIt cost Rp8.5 billion.\n", encoding="utf-8")
    command = ["check", str(source), str(translation), "--no-confidence"]
    text = run(*command)
    assert text.exit_code == 0, text.output
    first, blank, third, _, note = text.stdout.splitlines()
    assert first == "Residents are happy."
    assert blank == ""
    assert third == "It cost Rp8.5 billion. [1]"
    assert note.startswith("[1] ")
    # The blank line holds nothing to be doubted.
    assert "1 of 2" in text.stderr
    translation.write_text(f"Yes.\n\n{'Budi ' * 4001}\n", encoding="utf-8")
    refused(run(*command), ExitCode.INPUT, "line 3", "20,000")
    translation.write_text("Residents are happy.\n\nIt cost Rp8.5 billion.\n", encoding="utf-8")
    rows = run(*command, "--format", "json").stdout.splitlines()
    assert [bool(json.loads(row)["reasons"]) for row in rows] == [False, False, True]


def test_the_package_runs_as_the_command_does() -> None:
    result = python("-m", "summarizer", "--version")
    assert result.stdout.startswith("ringkas "), result.stderr
