from __future__ import annotations

import errno
import json
import os
import re
import signal
import stat
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from summarizer import summarizer as api
from summarizer.article import Article
from summarizer.batch.results import lock
from summarizer.batch.run import GROUP
from summarizer.cli import start
from summarizer.cli.commands import main
from summarizer.models import catalogue
from summarizer.models.base import Generation, Task, TextModel
from summarizer.models.embedded.convert import checkpoint_dir
from summarizer.storage.cache import build_once
from summarizer.text.sentences import split_sentences
from tests.batch.batches import landed
from tests.conftest import ARTICLE, SAMPLES, FakeModel, in_english

ROOT = str(Path(__file__).parent.parent)
RINGKAS = f"{sys.executable} -c 'from summarizer.cli.commands import main; main()'"
ABSTRACT = "Kota Girimulya membuka taman seluas 12 hektare."


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


def shell(command: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": ROOT}
    return subprocess.run(["bash", "-c", command], capture_output=True, text=True, env=environment)


def run(*arguments: str, stdin: str | bytes | None = None, **environment: str) -> Result:
    return CliRunner().invoke(main, arguments, input=stdin, env=environment)


def test_summarize(page: str) -> None:
    result = run("summarize", page)
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout == (
        f"Taman Baru Dibuka\nA new park opens\n\nAbstract (Indonesian)\n{ABSTRACT}\n\n"
        f"Translation (English)\n{in_english(ABSTRACT)}\n"
    )


def test_summarize_json_is_one_object_a_file(page: str, tmp_path: Path) -> None:
    other = tmp_path / "b.txt"
    other.write_text(ARTICLE, encoding="utf-8")
    result = run("summarize", page, str(other), "--format", "json")
    first, second = map(json.loads, result.stdout.splitlines())
    assert {"source", "title", "abstract", "translation", "warnings", "model"} <= set(first)
    assert (first["source"], second["source"], second["title"]) == (page, str(other), None)


def test_summarize_standard_input() -> None:
    result = run("summarize", "-", "--format", "md", stdin=ARTICLE.encode())
    assert result.exit_code == 0
    assert result.stdout.startswith("# \\-\n") or result.stdout.startswith("# -\n")
    assert f"## Abstract\n\n{ABSTRACT}" in result.stdout


def test_translate_options(page: str) -> None:
    assert "Translation" not in run("summarize", page, "--translate", "none").stdout
    assert "Article (English)\nThe Girimulya" in run("summarize", page, "--translate", "article").stdout


def test_length(page: str, tmp_path: Path) -> None:
    batch = ["batch", page, "-o", str(tmp_path / "keluar"), "--jobs", "0", "-q"]

    def length(*options: str, **environment: str) -> list[str | None]:
        one = run("summarize", page, "--format", "json", *options, **environment).stdout
        assert run(*batch, *options, **environment).output == ""
        many = (tmp_path / "keluar" / "a.txt.json").read_text(encoding="utf-8")
        return [json.loads(text).get("length") for text in (one, many)]

    assert length() == [None, None]
    assert length("--length", "short") == ["short", "short"]
    assert length(RINGKAS_LENGTH="long") == ["long", "long"]


def test_each_option_has_a_variable(page: str, tmp_path: Path, fake_model: dict[str, object]) -> None:
    output = tmp_path / "out.json"
    result = run(
        "summarize",
        page,
        RINGKAS_FORMAT="json",
        RINGKAS_OUTPUT=str(output),
        RINGKAS_TRANSLATE="none",
        RINGKAS_MODEL="lain",
        RINGKAS_DEVICE="cuda",
        RINGKAS_THREADS="1",
        RINGKAS_OFFLINE="1",
    )
    assert (result.exit_code, result.stdout) == (0, "")
    assert json.loads(output.read_text(encoding="utf-8"))["translation"] is None
    assert {name: fake_model[name] for name in ("name", "device", "threads", "offline")} == {
        "name": "lain",
        "device": "cuda",
        "threads": 1,
        "offline": True,
    }


def test_one_bad_file_does_not_stop_the_others(page: str, tmp_path: Path) -> None:
    empty = tmp_path / "kosong.txt"
    empty.touch()
    result = run("summarize", str(empty), page, str(tmp_path / "hilang.txt"), "--format", "json")
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 1
    assert result.stderr.splitlines() == [
        f"ringkas: {empty} is empty",
        f"ringkas: cannot read {tmp_path / 'hilang.txt'}: no such file or directory",
    ]


def test_what_goes_wrong_with_one_file_does_not_stop_the_others(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, output = api.clean, tmp_path / "hasil.jsonl"
    bad, other = tmp_path / "\x1b]0;judul\x07b.txt", tmp_path / "c.txt"
    for file in (bad, other):
        file.write_text(ARTICLE, encoding="utf-8")

    def clean(article: Article) -> Article:
        if article.source.endswith("b.txt"):
            raise IndexError("satu\ndua")
        return real(article)

    monkeypatch.setattr(api, "clean", clean)
    for command in ("summarize", "clean"):
        result = run(command, page, str(bad), str(other), "--format", "json", "--output", str(output))
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == f"ringkas: {tmp_path}/b.txt can't be processed: IndexError: satu dua\n"
        sources = [json.loads(line)["source"] for line in output.read_text(encoding="utf-8").splitlines()]
        assert sources == [page, str(other)]
        assert "Traceback" in run("--verbose", command, page, str(bad)).stderr


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"%PDF-1.4", "PDF"),
        (b"\x00\x01\x02" * 999, "binary"),
        (b"Terpopuler\n- Harga Cabai Naik\n", "no article"),
        (
            b"The government said that the bridge would be closed for half a year of repairs. " * 4,
            "seems to be English",
        ),
    ],
)
def test_bad_input_is_one_line_and_writes_nothing(tmp_path: Path, content: bytes, message: str) -> None:
    file, output = tmp_path / "buruk", tmp_path / "hasil.txt"
    file.write_bytes(content)
    for command in ("summarize", "clean"):
        result = run(command, str(file), "--output", str(output))
        assert result.exit_code == 1
        assert result.stdout == ""
        assert result.stderr.count("\n") == 1
        assert message in result.stderr
        assert not output.exists()


def test_force(tmp_path: Path) -> None:
    file = tmp_path / "en.txt"
    file.write_text("The government said that the bridge would be closed for half a year. " * 4, encoding="utf-8")
    assert run("clean", str(file)).exit_code == 1
    assert run("clean", str(file), "--force").exit_code == 0


def test_output_is_whole_and_has_a_new_files_rights(page: str, tmp_path: Path) -> None:
    output = tmp_path / "hasil.txt"
    output.write_text("alt", encoding="utf-8")
    assert run("summarize", page, "--output", str(output)).exit_code == 0
    assert ABSTRACT in output.read_text(encoding="utf-8")
    assert stat.S_IMODE(output.stat().st_mode) & 0o600 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "hasil.txt"]


@pytest.mark.parametrize("command", ["summarize", "clean", "translate"])
def test_output_that_cannot_be_written(
    page: str, tmp_path: Path, command: str, fake_model: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    # It is said before any work is done.
    monkeypatch.setattr(api, "load_model", None)
    os.mkfifo(tmp_path / "pipa")
    for name, reason in (("tidak/ada.txt", "no such file or directory"), ("pipa", "it is a device or a pipe")):
        result = run(command, page, "--output", str(tmp_path / name))
        assert result.exit_code == 1
        assert result.stderr.startswith(f"ringkas: cannot write {tmp_path / name}: {reason}")
        assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["summarize", "clean", "translate"])
def test_output_does_not_take_an_inputs_place(page: str, tmp_path: Path, command: str) -> None:
    (tmp_path / "pranala").symlink_to(page)
    before = Path(page).read_text(encoding="utf-8")
    for output in (page, str(tmp_path / "pranala")):
        result = run(command, page, "--output", output)
        assert result.exit_code == 1
        assert result.stderr == f"ringkas: {page} would be both read and written to: choose another --output\n"
    assert Path(page).read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["summarize"],
        ["summarize", "a.txt", "--format", "pdf"],
        ["summarize", "a.txt", "--translate", "semua"],
        ["summarize", "a.txt", "--threads", "0"],
        ["summarize", "a.txt", "--length", "huge"],
        ["batch", "a.txt", "--output", "b", "--length", "2"],
        ["translate"],
        ["batch", "a.txt"],
        ["batch", "--output", "b"],
        ["batch", "a.txt", "--output", "b", "--format", "xml"],
        ["batch", "a.txt", "--output", "b", "--jobs", "-1"],
        ["batch", "a.txt", "--output", __file__],
        ["ringkaskan"],
        ["--salah"],
    ],
)
def test_wrong_usage(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Usage" in result.stderr


def test_batch(page: str, tmp_path: Path) -> None:
    output = tmp_path / "keluar"
    (tmp_path / "kosong.txt").touch()
    result = run("batch", str(tmp_path), "--output", str(output), "--jobs", "0")
    assert (result.exit_code, result.stdout) == (1, "")
    error, failures, summary = result.stderr.splitlines()
    assert error == "ringkas: kosong.txt is empty"
    assert failures == f"ringkas: what failed, and what to do about it: {output / 'failures.jsonl'}"
    assert re.fullmatch(r"ringkas: 1 done, 0 skipped, 1 failed, 0 warnings, \d+\.\d articles per minute", summary)
    assert json.loads((output / "a.txt.json").read_text(encoding="utf-8"))["abstract"] == ABSTRACT
    (tmp_path / "kosong.txt").unlink()
    result = run("batch", str(tmp_path), "--output", str(output), "--jobs", "0")
    assert result.exit_code == 0
    assert "0 done, 1 skipped, 0 failed" in result.stderr
    assert run("batch", str(tmp_path), "--output", str(output), "--jobs", "0", "--quiet", "--no-resume").stderr == ""


def test_batch_options_and_variables(page: str, tmp_path: Path, fake_model: dict[str, object]) -> None:
    output = tmp_path / "keluar"
    (tmp_path / "b.jsonl").write_text(json.dumps({"isi": ARTICLE}), encoding="utf-8")
    variables = {
        "RINGKAS_BATCH_OUTPUT": str(output),
        "RINGKAS_BATCH_FORMAT": "md",
        "RINGKAS_TEXT_FIELD": "isi",
        "RINGKAS_TRANSLATE": "none",
        "RINGKAS_MODEL": "lain",
        "RINGKAS_JOBS": "0",
        "RINGKAS_QUIET": "1",
    }
    result = run("batch", str(tmp_path), "--glob", "*.jsonl", "--glob", "a*", **variables)
    assert (result.exit_code, result.output, fake_model["name"]) == (0, "", "lain")
    names = {path.relative_to(output).as_posix() for path in output.rglob("*.md")}
    assert names == {"a.txt.md", "b.jsonl/000001.md"}
    assert "## Translation" not in (output / "a.txt.md").read_text(encoding="utf-8")


def test_batch_writes_a_page(page: str, tmp_path: Path) -> None:
    (tmp_path / "kosong.txt").touch()
    shown = tmp_path / "semua.html"
    arguments = ["batch", str(tmp_path), "-o", str(tmp_path / "keluar"), "--jobs", "0", "-q", "--html", str(shown)]
    assert run(*arguments).exit_code == 1
    html = shown.read_text(encoding="utf-8")
    assert ABSTRACT in html
    assert "kosong.txt is empty" in html
    # A run that has nothing to do writes it as well, and doesn't take it for an input.
    shown.touch()
    run(*arguments)
    assert shown.read_text(encoding="utf-8") == html


def test_batch_writes_a_table(page: str, tmp_path: Path) -> None:
    table = tmp_path / "semua.csv"
    result = run("batch", page, "-o", str(tmp_path / "keluar"), "--jobs", "0", "-q", "--csv", str(table))
    assert (result.exit_code, result.output) == (0, "")
    assert ABSTRACT in table.read_text(encoding="utf-8-sig")
    sentences = tmp_path / "kalimat.tsv"
    result = run("batch", page, "-o", str(tmp_path / "keluar"), "--jobs", "0", "-q", "--tsv", str(sentences))
    assert (result.exit_code, result.output) == (0, "")
    _, headline, first = sentences.read_text(encoding="utf-8").splitlines()
    assert headline == "a.txt\ttitle\t1\t0\tTaman Baru Dibuka\tA new park opens\t"
    assert first.startswith(f"a.txt\tabstract\t1\t1\t{ABSTRACT}\t{in_english(ABSTRACT)}\t")
    result = run("batch", page, "-o", str(tmp_path / "neu"), "--jobs", "0", "--csv", str(tmp_path / "x" / "y.csv"))
    assert (result.exit_code, (tmp_path / "neu" / "a.txt.json").exists()) == (1, False)


@pytest.mark.parametrize(("name", "reason"), [("tidak ada/semua.html", "no such file"), ("keluar", "is a directory")])
def test_batch_says_at_once_that_its_page_cannot_be_written(
    page: str, tmp_path: Path, fake_model: dict[str, object], name: str, reason: str
) -> None:
    output = tmp_path / "keluar"
    result = run("batch", page, "-o", str(output), "--jobs", "0", "--html", str(tmp_path / name))
    assert result.exit_code == 1
    assert reason in result.stderr
    assert not (output / "a.txt.json").exists()


def test_batch_leaves_no_trace_of_looking_whether_its_page_can_be_written(page: str, tmp_path: Path) -> None:
    output = tmp_path / "keluar"
    assert run("batch", page, "-o", str(output), "--jobs", "0", "--html", str(output / "semua.html")).exit_code == 0
    assert sorted(path.name for path in output.iterdir()) == [
        *(".ringkas", "a.txt.json", "failures.jsonl", "results.jsonl", "semua.html")
    ]


def test_batch_names_the_results_of_other_inputs(page: str, tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text(ARTICLE, encoding="utf-8")
    output = tmp_path / "keluar"
    assert run("batch", page, "-o", str(output), "--jobs", "0").stderr.count("\n") == 1
    result = run("batch", str(tmp_path / "b.txt"), "-o", str(output), "--jobs", "0")
    assert result.exit_code == 0
    others, summary = result.stderr.splitlines()
    assert others == (
        f"ringkas: {output / 'results.jsonl'} still holds results of inputs that were not named this time: 1"
    )
    assert "1 done, 0 skipped, 0 failed" in summary


def test_batch_makes_no_model_ready_for_nothing(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def prepare(name: str, progress: object, **options: object) -> Path:
        raise AssertionError(name)

    monkeypatch.setattr(api, "fingerprint", prepare)
    result = run("batch", str(tmp_path / "tidak ada.txt"), "-o", str(tmp_path / "keluar"))
    assert result.exit_code == 1
    assert "ringkas: cannot read tidak ada.txt: no such file or directory\n" in result.stderr
    assert "0 done, 0 skipped, 1 failed" in result.stderr


def test_batch_into_its_own_input(page: str, tmp_path: Path) -> None:
    result = run("batch", str(tmp_path), "-o", str(tmp_path), "--jobs", "0")
    assert result.exit_code == 1
    assert "would be both read and written to: choose another folder for the results" in result.stderr
    assert result.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("option", ["--html", "--csv", "--tsv"])
@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("masuk/a.txt", "a.txt would be both read and written to"),
        ("tautan", "a.txt would be both read and written to"),
        ("keluar/results.jsonl", "{target} belongs to the results themselves"),
        ("keluar/failures.jsonl", "{target} belongs to the results themselves"),
        ("keluar/.ringkas/lain.html", "{target} belongs to the results themselves"),
    ],
)
@pytest.mark.parametrize("named", ["masuk", "masuk/a.txt"])
def test_batch_writes_its_page_over_nothing_else(
    page: str, tmp_path: Path, option: str, target: str, reason: str, named: str
) -> None:
    (tmp_path / "masuk").mkdir()
    file = Path(page).rename(tmp_path / "masuk" / "a.txt")
    (tmp_path / "tautan").symlink_to(file)
    before = file.read_bytes()
    shown = str(tmp_path / target)
    result = run("batch", str(tmp_path / named), "-o", str(tmp_path / "keluar"), "--jobs", "0", option, shown)
    message = f"ringkas: {reason.format(target=shown)}: choose another {option}\n"
    assert (result.exit_code, result.stderr) == (1, message)
    assert file.read_bytes() == before
    assert not (tmp_path / "keluar").exists()


def test_batch_writes_no_two_things_into_one_file(page: str, tmp_path: Path) -> None:
    shown = str(tmp_path / "semua")
    result = run("batch", page, "-o", str(tmp_path / "keluar"), "--html", shown, "--tsv", shown)
    assert (result.exit_code, result.stderr) == (
        1,
        f"ringkas: {shown} would be written to twice: choose another --tsv\n",
    )
    own = tmp_path / "results.jsonl"
    own.write_text(json.dumps({"text": ARTICLE}), encoding="utf-8")
    result = run("batch", str(own), "-o", str(tmp_path))
    assert (result.exit_code, result.stderr) == (
        1,
        "ringkas: results.jsonl would be both read and written to: choose another --output\n",
    )


def test_batch_writes_its_own_pages_again(page: str, tmp_path: Path) -> None:
    arguments = ["batch", str(tmp_path), "-o", str(tmp_path / "keluar"), "--jobs", "0", "-q", "--glob", "*"]
    for option in ("--html", "--csv", "--tsv"):
        arguments += [option, str(tmp_path / f"semua.{option.strip('-')}")]
    (tmp_path / "semua.html").touch()
    for _ in range(2):
        result = run(*arguments)
        assert (result.exit_code, result.output) == (0, "")


@pytest.mark.parametrize("command", ["summarize", "translate", "batch --jobs 0 --output {folder}/keluar"])
def test_nobody_hears_messages_where_standard_error_is_closed(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    main([*command.format(folder=tmp_path).split(), page], standalone_mode=False)
    if command.startswith("batch"):
        assert capsys.readouterr().out == ""
        assert (tmp_path / "keluar" / "a.txt.json").exists()
    else:
        assert "Taman Baru Dibuka" in capsys.readouterr().out


def test_batch_needs_a_name_for_its_output(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("batch", page, "-o", "")
    assert (result.exit_code, result.stderr) == (1, "ringkas: the name of the output folder is empty\n")
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_batch_takes_a_list(page: str, tmp_path: Path) -> None:
    result = run("batch", "-", "-o", str(tmp_path / "keluar"), "--jobs", "0", "-q", stdin=f"{page}\n\n")
    assert (result.exit_code, result.output) == (0, "")
    assert (tmp_path / "keluar" / "a.txt.json").exists()
    result = run("batch", "-", "-o", str(tmp_path / "keluar"), stdin="\n")
    assert (result.exit_code, result.stderr) == (1, "ringkas: the list on standard input is empty\n")


def test_batch_reports_an_address_in_its_list(page: str, tmp_path: Path) -> None:
    listed = f"https://contoh.id/berita/1\n{page}\n"
    pages = ["--html", str(tmp_path / "semua.html")]
    result = run("batch", "-", "-o", str(tmp_path / "keluar"), "--jobs", "0", "-q", *pages, stdin=listed)
    assert result.exit_code == 1
    assert (tmp_path / "keluar" / "a.txt.json").exists()
    [failure] = (tmp_path / "keluar" / "failures.jsonl").read_text(encoding="utf-8").splitlines()
    assert "https://contoh.id/berita/1 is a web address: save the page first" in failure


@pytest.mark.parametrize("command", ["summarize", "translate", "clean"])
def test_a_dash_as_output_is_standard_output(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(command, page, "-o", "-")
    assert (result.exit_code, result.output) == (0, run(command, page).output)
    assert not (tmp_path / "-").exists()


def test_batch_stops_at_the_first_failure_if_it_shall(page: str, tmp_path: Path) -> None:
    (tmp_path / "0.txt").touch()
    result = run("batch", str(tmp_path), "-o", str(tmp_path / "keluar"), "--jobs", "0", "--fail-fast")
    assert result.exit_code == 1
    assert "0 done, 0 skipped, 1 failed" in result.stderr


def test_batch_that_cannot_begin(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with lock(tmp_path / "keluar"):
        result = run("batch", page, "-o", str(tmp_path / "keluar"))
    assert result.exit_code == 1
    assert result.stderr == (
        f"ringkas: another run is writing to {tmp_path / 'keluar'}: wait for it, or choose another folder\n"
    )
    assert run("batch", page, "-o", "/proc/tidak/ada").stderr.startswith("ringkas: cannot write to /proc/tidak/ada: ")
    monkeypatch.setattr(api, "fingerprint", catalogue.fingerprint)
    result = run("batch", page, "-o", str(tmp_path / "keluar"), "--model", "gpt-7")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "unknown model 'gpt-7'" in result.stderr


def test_batch_on_a_full_disk(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fsync(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", fsync)
        result = run("batch", page, "-o", str(tmp_path / "keluar"), "--jobs", "0")
    assert result.exit_code == 1
    assert result.stderr == (
        f"ringkas: cannot write {tmp_path / 'keluar' / 'a.txt.json'}: no space left on device; "
        "finished results are kept; run the same command again to resume\n"
    )
    assert run("batch", page, "-o", str(tmp_path / "keluar"), "--jobs", "0").exit_code == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_batch_stopped_by_a_signal(tmp_path: Path, number: int, code: int) -> None:
    for name in range(70):
        (tmp_path / f"{name:02}.txt").write_text(f"{ARTICLE} Nomor {name}.", encoding="utf-8")
    script, output = tmp_path / "skrip.py", tmp_path / "keluar"
    script.write_text(
        "import signal, sys, time\n"
        # A program that a shell started in the background ignores SIGINT, and so do those that it starts.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from tests.conftest import FakeModel\n"
        "from summarizer import summarizer as api\nfrom summarizer.cli import commands\n"
        "def slow(task, source):\n"
        "    time.sleep(0.02)\n"
        "    return source\n"
        "if __name__ == '__main__':\n"
        "    commands.Summarizer = lambda **options: api.Summarizer(FakeModel(slow))\n"
        "    commands.main(['batch', *sys.argv[1:]], prog_name='ringkas')\n",
        encoding="utf-8",
    )
    arguments = [sys.executable, str(script), str(tmp_path), "-o", str(output), "--jobs", "2", "--quiet"]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)}
    # In a group of their own, the signal reaches the processes that read as well, as Ctrl-C does on a terminal.
    with subprocess.Popen(
        arguments, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as batch:
        while not landed(output) and batch.poll() is None:
            time.sleep(0.01)
        os.killpg(batch.pid, number)
        errors = batch.communicate()[1]
    assert batch.returncode == code, errors
    stopped = re.fullmatch(
        r"ringkas: stopped: (\d+) done, 0 skipped, 0 failed, \d+ warnings, .* per minute; "
        r"run the same command again to resume\n",
        errors,
    )
    assert stopped, errors
    done = (output / "results.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(done) == int(stopped[1])
    assert len(done) in range(GROUP, 70, GROUP)


@pytest.mark.parametrize("module", ["click", "summarizer.cli.commands", "summarizer.batch.run"])
def test_stopped_while_it_is_loaded(module: str) -> None:
    script = (
        "import os, signal, sys\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "class Stopper:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == {module!r}:\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Stopper())\n"
        "from summarizer.cli import start\n"
        "start()\n"
    )
    result = subprocess.run([sys.executable, "-c", script, "models"], capture_output=True, text=True, cwd=ROOT)
    assert (result.returncode, result.stdout, result.stderr) == (130, "", "ringkas: stopped\n")


def test_in_the_background_ctrl_c_stops_nothing() -> None:
    script = (
        "import os, signal\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "from summarizer.cli import start\n"
        "os.kill(os.getpid(), signal.SIGINT)\n"
        "start()\n"
    )
    result = subprocess.run([sys.executable, "-c", script, "--help"], capture_output=True, text=True, cwd=ROOT)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("is_heard", [True, False])
def test_ctrl_c_is_the_commands_own_once_they_are_loaded(is_heard: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[object] = []
    monkeypatch.setattr("summarizer.cli.commands.main", lambda prog_name: found.append(signal.getsignal(signal.SIGINT)))
    handler = signal.default_int_handler if is_heard else signal.SIG_IGN
    before = signal.signal(signal.SIGINT, handler)
    try:
        start()
    finally:
        signal.signal(signal.SIGINT, before)
    assert found == [handler]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_batch_stopped_before_it_began(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: int
) -> None:
    def prepare(name: str, progress: object, **options: object) -> Path:
        signal.raise_signal(number)
        raise AssertionError

    monkeypatch.setattr(api, "fingerprint", prepare)
    # A process that began in the background, or an earlier test, may have left it deaf to Ctrl-C.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        result = run("batch", page, "-o", str(tmp_path / "keluar"))
    finally:
        signal.signal(signal.SIGINT, before)
    assert (result.exit_code, result.stderr) == (code, "ringkas: stopped before anything was done\n")


def test_clean(page: str) -> None:
    result = run("clean", page)
    assert result.stdout == f"Taman Baru Dibuka\n\n{ARTICLE}\n"


def test_clean_shows_what_went(page: str) -> None:
    result = run("clean", page, "--show-removed")
    assert "4 pieces were removed" in result.stdout
    assert "outlet_dateline: Suara.com -" in result.stdout
    assert "headline_list: - Harga Cabai Naik" in result.stdout
    command = ["clean", page, "--show-removed"]
    coloured = CliRunner().invoke(main, command, color=True, env={"NO_COLOR": "", "TERM": "xterm"})
    assert "\x1b[36moutlet_dateline" in coloured.stdout
    for plain in ({"NO_COLOR": "1", "TERM": "xterm"}, {"NO_COLOR": "", "TERM": "dumb"}):
        assert CliRunner().invoke(main, command, color=True, env=plain).stdout == result.stdout


def test_clean_says_what_may_be_missing(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(f"{ARTICLE}\nRatna menambahkan bahwa taman itu akan ...\n", encoding="utf-8")
    result = run("clean", str(file))
    assert result.exit_code == 0
    assert result.stderr == f"ringkas: warning: {file}: the text seems to be cut off: it ends with dots\n"
    assert "cut off" in json.loads(run("clean", str(file), "--format", "json").stdout)["warnings"][0]
    odd = file.rename(tmp_path / "\x1b]0;judul\x07\u202ea.txt")
    assert run("clean", str(odd)).stderr == result.stderr


def test_clean_needs_no_choice_of_models(page: str, tmp_path: Path) -> None:
    (tmp_path / "models.toml").write_text("x = [", encoding="utf-8")
    result = run("clean", page, RINGKAS_CONFIG=str(tmp_path))
    assert (result.exit_code, result.stderr) == (0, "")
    assert ARTICLE in result.stdout


def test_clean_json(page: str) -> None:
    fields = json.loads(run("clean", page, "--format", "json").stdout)
    assert fields["title"] == "Taman Baru Dibuka"
    assert fields["paragraphs"] == [ARTICLE]
    assert fields["removed"][-1] == {"line": 4, "rule": "headline_list", "text": "- Harga Cabai Naik"}


def test_translate_paragraphs() -> None:
    result = run("translate", "-", stdin="Hujan turun.\n\nJalan licin sekali.\n")
    assert result.stdout == "Hujan turun.\n\nJalan licin sekali.\n"


@pytest.mark.parametrize("text", ["Hujan turun.\n\nJalan licin.\n", "Hujan turun.", "a\nb\n\n\n"])
def test_translate_lines(text: str) -> None:
    result = run("translate", "-", "--lines", "--force", stdin=text)
    assert result.stdout.count("\n") == (text if text.endswith("\n") else text + "\n").count("\n")


def test_translate_writes_an_object_for_each_line_as_it_is_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens, scores = (" It", " rains", ".", ""), (-0.1, -0.2, -0.1, -0.1)
    written = Generation("It rains.", finished=True, tokens=tokens, token_scores=scores)
    said: list[str] = []
    monkeypatch.setattr(api, "load_model", lambda name, **options: FakeModel(lambda task, source: written))
    monkeypatch.setattr("summarizer.cli.commands._say", said.append)
    monkeypatch.setattr("summarizer.cli.commands.GROUP", 1)
    result = run("translate", "-", "--lines", "--format", "json", "--force", stdin="Hujan turun.\n\nHujan ke-77.\n")
    assert (result.exit_code, result.stderr) == (0, "")
    first, blank, last = map(json.loads, said)
    assert (first["source"], first["translation"], first["reasons"]) == ("Hujan turun.", "It rains.", [])
    assert 0 < last["confidence"] < first["confidence"] < 1
    assert blank == {"source": "", "translation": "", "confidence": None, "reasons": []}
    assert "“77” is missing" in last["reasons"]


def test_translate_says_null_where_confidence_is_not_known() -> None:
    [line] = run("translate", "-", "--format", "json", stdin=ARTICLE).stdout.splitlines()
    fields = json.loads(line)
    assert list(fields) == ["source", "translation", "confidence", "reasons"]
    assert (fields["source"], fields["confidence"], fields["reasons"]) == (ARTICLE, None, [])


def test_translate_warns_on_standard_error() -> None:
    result = run("translate", "-", stdin=ARTICLE)
    assert (result.exit_code, result.stderr) == (0, "")
    result = run("translate", "-", stdin="Ada korban banjir di kota itu kemarin sore.")
    assert result.exit_code == 0
    assert "left in Indonesian" in result.stderr


def test_translate_into_a_file(tmp_path: Path) -> None:
    output = tmp_path / "en.txt"
    result = run("translate", "-", "-o", str(output), stdin=ARTICLE)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert output.read_text(encoding="utf-8") == run("translate", "-", stdin=ARTICLE).stdout


def test_a_doubt_is_coloured_on_a_terminal_alone(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = FakeModel(lambda task, text: ABSTRACT if task is Task.SUMMARIZE else "A 13-hectare park opens.")
    monkeypatch.setattr(api, "load_model", lambda name, **options: wrong)
    shown = CliRunner().invoke(main, ["summarize", page], color=True).stdout
    assert re.search(r"\x1b\[33mA 13-hectare park opens\. \[\? .+\]\x1b\[0m", shown)
    output = tmp_path / "ringkasan.txt"
    CliRunner().invoke(main, ["summarize", page, "-o", str(output)], color=True)
    assert output.read_text(encoding="utf-8") == re.sub(r"\x1b\[\d+m", "", shown)


def test_glossary(page: str, tmp_path: Path) -> None:
    file = tmp_path / "istilah.toml"
    file.write_text('"Girimulya" = "Mount Noble"', encoding="utf-8")
    assert "Mount Noble opened" in run("summarize", page, "--glossary", str(file)).stdout
    for command in (["summarize", page], ["translate", page], ["batch", page, "--output", str(tmp_path / "keluar")]):
        result = run(*command, "--glossary", str(tmp_path / "tidak ada.toml"))
        assert result.exit_code == 1
        assert result.stderr.startswith("ringkas: cannot read the glossary")


def test_hostile_articles_are_harmless(tmp_path: Path) -> None:
    file = tmp_path / "jahat.txt"
    file.write_text(f"\x1b[2J\x1b]0;judul\x07Judul <script>\n{ARTICLE}\x1b[31m <eos> {{source}}\n", encoding="utf-8")
    for form in ("text", "md", "json"):
        result = run("summarize", str(file), "--format", form, "--translate", "article")
        assert result.exit_code == 0
        assert "\x1b" not in result.stdout
    assert "<script>" not in run("summarize", str(file), "--format", "md").stdout


def test_version_names_what_matters() -> None:
    text = run("--version").stdout
    assert all(name in text for name in ("ringkas 0.", "Python 3.", "onnxruntime ", "torch ", "transformers "))


def test_version_says_what_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if name == "torch":
            raise PackageNotFoundError(name)
        return "1.2"

    monkeypatch.setattr("summarizer.cli.commands.version", version)
    result = run("--version")
    assert result.exit_code == 0
    assert result.stdout.endswith("onnxruntime 1.2, torch not installed, transformers 1.2)\n")


def test_models() -> None:
    lines = run("models").stdout.splitlines()
    headers = [
        "NAME",
        "PARAMETERS",
        "DOWNLOAD",
        "TASKS",
        "LANGUAGES",
        "LICENCE",
        "PUBLISHED QUALITY",
        "DEFAULT FOR",
        "STATUS",
    ]
    assert re.split(r"\s{2,}", lines[0]) == headers
    assert [line.split()[0] for line in lines[1:3]] == ["gemma-3-270m-ringkas", "gemma-3-270m"]
    for line in lines[1:3]:
        assert "Gemma Terms of Use" in line
        assert line.split()[-1] in ("ready", "installed")
    assert any("opus-mt-id-en" in line and "Apache-2.0" in line for line in lines)
    assert sum("not for commercial use" in line for line in lines) == 2


def test_models_path_and_fetch(checkpoint: Path) -> None:
    assert run("models", "path").stdout == f"{checkpoint}\n"
    assert run("models", "fetch", catalogue.DEFAULT).stdout == f"{checkpoint}\n"


def test_models_path_when_not_ready(tmp_path: Path) -> None:
    result = run("models", "path", RINGKAS_CACHE=str(tmp_path))
    assert result.exit_code == 1
    assert "run 'ringkas models fetch gemma-3-270m-ringkas'" in result.stderr


@pytest.mark.parametrize("name", ["gpt-7", "tidak-ada.gguf"])
def test_models_that_are_not_there(name: str) -> None:
    for verb in ("path", "fetch"):
        result = run("models", verb, name)
        assert result.exit_code == 1
        assert result.stderr.count("\n") == 1
        assert name in result.stderr


def test_an_unknown_model_is_one_line(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "check_model", catalogue.check_model)
    result = run("summarize", page, "--model", "gpt-7")
    assert result.exit_code == 1
    assert "unknown model 'gpt-7'" in result.stderr


def test_sample_page_cleans() -> None:
    assert run("clean", str(SAMPLES / "jembatan.txt")).exit_code == 0


def test_models_verify_and_remove(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RINGKAS_CACHE", str(tmp_path / "cache"))
    place = checkpoint_dir(adapter=catalogue.find_info(catalogue.DEFAULT).source.adapter)
    folder = build_once(place, lambda scratch: (scratch / "weights").write_bytes(b"x" * 999) and None)
    assert run("models", "verify").stdout == f"{catalogue.DEFAULT} is undamaged\n"
    (folder / "weights").write_bytes(b"x" * 998 + b"y")
    result = run("models", "verify")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "is damaged: weights" in result.stderr
    assert run("models", "remove", catalogue.DEFAULT).stdout == f"{folder}\n"
    assert not folder.exists()
    result = run("models", "remove", str(tmp_path))
    assert (result.exit_code, result.stderr) == (1, f"ringkas: {tmp_path} is your own folder: delete it yourself\n")


def test_more_threads_than_cores(page: str, fake_model: dict[str, object]) -> None:
    result = run("summarize", page, "--threads", "9999")
    assert result.exit_code == 0
    assert re.fullmatch(r"ringkas: 9999 threads are more than the (\d+) cores there are: using \1\n", result.stderr)
    assert fake_model["threads"] == len(os.sched_getaffinity(0))


@pytest.mark.parametrize("redirection", ["> /dev/full", ">&-"])
@pytest.mark.parametrize("arguments", ["clean {page}", "models", "--help", "--version"])
def test_standard_output_that_takes_nothing(page: str, redirection: str, arguments: str) -> None:
    command = f"{RINGKAS} {arguments.format(page=page)} {redirection}"
    result = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, env=os.environ | {"PYTHONPATH": ROOT}
    )
    if arguments.startswith("--") and redirection == ">&-":
        # Click says nothing where there is nobody to say it to.
        assert (result.returncode, result.stderr) == (0, "")
        return
    assert result.returncode == 1
    assert re.fullmatch(
        r"ringkas: cannot write to standard output: (no space left on device|it is closed)\n", result.stderr
    )


def test_a_limit_on_the_size_of_files(page: str, tmp_path: Path) -> None:
    Path(page).write_text(f"Taman Baru Dibuka\n{ARTICLE}\n" * 40, encoding="utf-8")
    command = f"ulimit -f 1; {RINGKAS} clean {page} > {tmp_path}/x"
    result = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, env=os.environ | {"PYTHONPATH": ROOT}
    )
    assert result.returncode == 1
    assert re.fullmatch(r"ringkas: .*: file too large\n", result.stderr)


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (KeyboardInterrupt(), 130, "stopped"),
        (MemoryError(), 1, "there is not enough memory"),
        (RuntimeError("[ONNXRuntimeError] : 6 : std::bad_alloc"), 1, "there is not enough memory"),
        (RuntimeError("satu\ndua"), 1, "unexpected RuntimeError: satu dua (--verbose says more)"),
        (OSError(errno.EIO, "Input/output error", "/data/a.onnx"), 1, "/data/a.onnx: input/output error"),
        (OSError("satu\ndua"), 1, "the system: satu dua"),
        # Who reads has seen enough.
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), 141, None),
    ],
)
def test_what_goes_wrong_is_one_line(
    page: str, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, message: str | None
) -> None:
    def load(name: str, **options: object) -> TextModel:
        raise error

    monkeypatch.setattr(api, "load_model", load)
    for command in ("summarize", "translate"):
        result = run(command, page)
        said = "" if message is None else f"ringkas: {message}\n"
        assert (result.exit_code, result.stdout, result.stderr) == (code, "", said)


@pytest.mark.parametrize(
    ("failing", "code", "said"),
    [
        (
            OSError(errno.ENOSPC, "No space left on device"),
            1,
            "ringkas: cannot write to standard output: no space left",
        ),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), 141, ""),
    ],
)
def test_a_result_that_cannot_be_said(
    page: str, monkeypatch: pytest.MonkeyPatch, failing: OSError, code: int, said: str
) -> None:
    echo = click.echo

    def fail(text: str, *, err: bool = False, **options: bool) -> None:
        if not err:
            raise failing
        echo(text, err=err)

    monkeypatch.setattr(click, "echo", fail)
    result = run("clean", page)
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr.startswith(said)
    assert result.stderr.count("\n") == bool(said)


def test_no_standard_output_at_all(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(SystemExit, match="1"):
        main(["models", "default"])
    assert capsys.readouterr().err == "ringkas: cannot write to standard output: it is closed\n"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such limit")
def test_a_limit_on_memory(page: str, checkpoint: Path) -> None:
    command = f"ulimit -v 500000; {RINGKAS} translate {page}"
    one_thread = {"OPENBLAS_NUM_THREADS": "1", "RINGKAS_THREADS": "1"}
    result = subprocess.run(
        command, shell=True, capture_output=True, text=True, env={**os.environ, **one_thread}, check=False
    )
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == f"ringkas: there is not enough memory to load the model in {checkpoint}\n"


def test_verbose_says_what_goes_on(page: str) -> None:
    quiet, verbose = run("summarize", page), run("--verbose", "summarize", page)
    assert (quiet.stderr, verbose.stdout) == ("", quiet.stdout)
    read, loaded, written, translated = verbose.stderr.splitlines()
    assert read == f"ringkas: {page}: 35 words kept, 4 pieces removed"
    for line, what in ((loaded, "loading"), (written, "writing abstracts of"), (translated, "translating with")):
        assert re.fullmatch(rf"ringkas: {what} \S+ took \d+\.\d s", line)


def test_verbose_says_where_an_error_comes_from(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(name: str, **options: object) -> TextModel:
        raise RuntimeError("satu")

    monkeypatch.setattr(api, "load_model", load)
    result = run("--verbose", "summarize", page)
    assert result.exit_code == 1
    assert "Traceback" in result.stderr
    assert "unexpected RuntimeError: satu" in result.stderr


def test_hints_for_what_is_no_saved_page(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipa")
    for name, hint in (
        (str(tmp_path), "is a folder: name the files in it, or use 'ringkas batch'"),
        ("https://contoh.id/berita/1", "is a web address: save the page first, then name its file"),
        (str(tmp_path / "pipa"), "is a pipe, which may never end: pass it on standard input, as -"),
    ):
        for command in ("summarize", "clean", "translate"):
            result = run(command, name)
            assert (result.exit_code, result.stderr) == (1, f"ringkas: {name} {hint}\n")


def test_an_empty_name(page: str) -> None:
    for command in ("summarize", "clean", "translate"):
        result = run(command, "")
        assert (result.exit_code, result.stderr) == (1, "ringkas: the name of the file is empty\n")


@pytest.mark.parametrize("command", ["clean -", "batch - --output {folder}/keluar"])
@pytest.mark.parametrize(
    ("redirection", "message"),
    [
        ("< /proc/self/mem", "cannot read standard input: input/output error"),
        ("<&-", "standard input is closed"),
    ],
)
def test_standard_input_that_cannot_be_read(tmp_path: Path, command: str, redirection: str, message: str) -> None:
    result = subprocess.run(
        ["sh", "-c", f"{RINGKAS} {command.format(folder=tmp_path)} {redirection}"],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": ROOT},
    )
    assert (result.returncode, result.stderr) == (1, f"ringkas: {message}\n")


def test_the_output_of_a_command_is_no_pipe_that_never_ends(page: str) -> None:
    command = f"{RINGKAS} clean <(cat {page})"
    result = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, env=os.environ | {"PYTHONPATH": ROOT}
    )
    assert (result.returncode, result.stdout) == (0, f"Taman Baru Dibuka\n\n{ARTICLE}\n")


def test_translate_takes_a_page(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_text(
        f"<html><head><title>Taman Baru</title></head><body><nav><a href='/'>Beranda</a></nav><article>"
        f"<h1>Taman Baru Dibuka di Girimulya</h1><p>{ARTICLE}</p></article></body></html>",
        encoding="utf-8",
    )
    result = run("translate", str(file))
    assert result.exit_code == 0
    headline, text = result.stdout.split("\n\n")
    assert headline == "A new park opens in Girimulya"
    english = " ".join(map(in_english, split_sentences(ARTICLE))).replace("(2/2)", "(2 February)")
    assert text == f"{english}\n"


def test_items_of_a_list_stay_together() -> None:
    text = "Daftar belanja hari ini:\n\n- telur ayam\n\n- gula pasir\n\n1. beras\n\nHujan turun.\n"
    result = run("translate", "-", "--force", stdin=text)
    assert result.stdout == "Daftar belanja hari ini:\n\n- telur ayam\n- gula pasir\n1. beras\n\nHujan turun.\n"


def test_lines_are_translated_as_they_are_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def write(task: Task, source: str) -> str:
        seen.append(len(said))
        return in_english(source)

    said: list[str] = []
    monkeypatch.setattr(api, "_LINES", 2)
    monkeypatch.setattr(api, "load_model", lambda name, **options: FakeModel(write))
    monkeypatch.setattr("summarizer.cli.commands._say", said.append)
    result = run("translate", "-", "--lines", "--force", stdin="Satu.\nDua.\n\nTiga.\nEmpat.\n")
    assert result.exit_code == 0
    assert said == ["Satu.\nDua.\n", "\nTiga.\n", "Empat.\n"]
    assert seen == [0, 0, 1, 2]


def test_names_of_models_are_completed() -> None:
    environment = {
        "_RINGKAS_COMPLETE": "bash_complete",
        "COMP_WORDS": "ringkas summarize --model gemma",
        "COMP_CWORD": "3",
    }
    result = CliRunner().invoke(main, prog_name="ringkas", env=environment)
    assert f"plain,{catalogue.DEFAULT}" in result.stdout.splitlines()
