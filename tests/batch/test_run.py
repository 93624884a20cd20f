from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import summarizer
from summarizer import batching
from summarizer.article import Article
from summarizer.batch import run as batch
from summarizer.batch.folder import lock
from summarizer.batch.inputs import GLOBS, Item, list_files
from summarizer.batch.run import Batch, Settings, Summary
from summarizer.errors import InputError, OutputError, RingkasError
from summarizer.models.base import Task
from summarizer.output.forms import Form
from summarizer.storage import atomic as files
from summarizer.summarizer import Summarizer
from tests.batch.batches import SMALL_WINDOW, NeighbourModel, Silent, landed, run_batch, tree
from tests.conftest import ARTICLE, FakeModel

ROOT = Path(__file__).parents[2]
ENGLISH = "The government said that the bridge would be closed for half a year of repairs. " * 4


def page(number: int) -> str:
    return (
        f"Taman Nomor {number} Dibuka\nSuara.com - {ARTICLE} Taman itu yang nomor {number}.\n"
        "Terpopuler\n- Harga Cabai Naik\n"
    )


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Fourteen good inputs and three bad ones, in folders, JSON lines and gzip."""
    folder = tmp_path / "masuk"
    (folder / "a" / "b").mkdir(parents=True)
    for number in range(8):
        (folder / ("a" if number % 2 else "a/b") / f"{number}.txt").write_text(page(number), encoding="utf-8")
    (folder / "kosong.txt").touch()
    (folder / "english.txt").write_text(ENGLISH, encoding="utf-8")
    (folder / "x.txt.gz").write_bytes(gzip.compress(page(20).encode()))
    lines = [json.dumps({"text": page(number)}) for number in range(30, 35)]
    (folder / "y.jsonl").write_text("\n".join([*lines[:2], "{", *lines[2:]]), encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def small_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "WINDOW", SMALL_WINDOW)


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


GOOD = (
    *("a/1.txt", "a/3.txt", "a/5.txt", "a/7.txt", "a/b/0.txt", "a/b/2.txt", "a/b/4.txt", "a/b/6.txt"),
    *("x.txt.gz", "y.jsonl:1", "y.jsonl:2", "y.jsonl:4", "y.jsonl:5", "y.jsonl:6"),
)


@pytest.mark.parametrize("processes", [0, 2])
def test_one_result_for_each_good_input(source: Path, tmp_path: Path, processes: int) -> None:
    output, report = tmp_path / "keluar", Silent()
    summary = run_batch(source, output, report=report, processes=processes)
    assert (summary.done, summary.skipped, summary.failed, summary.warnings) == (14, 0, 3, 0)
    assert report.advanced == pytest.approx(17)
    records = {str(record["input"]): record for record in lines(output / "results.jsonl")}
    assert tuple(sorted(records)) == GOOD
    assert {path for path in tree(output) if not path.startswith(".")} == {
        *("results.jsonl", "failures.jsonl", "x.txt.gz.json"),
        *(f"{name}.json" for name in GOOD if name.startswith("a/")),
        *(f"y.jsonl/{number:06}.json" for number in (1, 2, 4, 5, 6)),
    }
    record = records["a/b/2.txt"]
    own = json.loads((output / "a/b/2.txt.json").read_text(encoding="utf-8"))
    assert own.items() <= record.items()
    assert (own["source"], own["title"], own["model"]) == ("a/b/2.txt", "Taman Nomor 2 Dibuka", "fake")
    assert record["paragraphs"] == [f"{ARTICLE} Taman itu yang nomor 2."]
    assert "Suara.com -" in [piece["text"] for piece in record["removed"]]  # type: ignore[attr-defined]


def test_failures_say_what_to_do(source: Path, tmp_path: Path) -> None:
    report = Silent()
    run_batch(source, tmp_path / "keluar", report=report)
    failures = lines(tmp_path / "keluar" / "failures.jsonl")
    assert [(failure["input"], failure["kind"], failure["advice"]) for failure in failures] == [
        ("english.txt", "NotIndonesianError", "leave it out, or accept it with --force"),
        ("kosong.txt", "InputError", "save the article's page again, as text or HTML"),
        ("y.jsonl:3", "InputError", "correct this line, or leave it out"),
    ]
    assert [failure["error"] for failure in failures] == report.errors


def test_a_second_run_does_nothing_again(source: Path, tmp_path: Path) -> None:
    output = tmp_path / "keluar"
    run_batch(source, output)
    before, model = tree(output), NeighbourModel()
    summary = run_batch(source, output, model=model)
    assert (summary.done, summary.skipped, summary.failed) == (0, 14, 3)
    assert model.calls == []
    assert tree(output) == before
    assert run_batch(source, output, resume=False).done == 14
    assert tree(output) == before


def _done_again(source: Path, output: Path, model: FakeModel | None = None, **settings: object) -> int:
    return run_batch(source, output, model=model, settings=Settings(**settings)).done  # type: ignore[arg-type]


def test_a_result_counts_only_for_the_same_input_model_settings_and_version(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "keluar"
    run_batch(source, output)
    (source / "a" / "1.txt").write_text(page(99), encoding="utf-8")
    assert _done_again(source, output) == 1
    assert "Nomor 99" in (output / "a" / "1.txt.json").read_text(encoding="utf-8")
    assert _done_again(source, output, translate="none") == 14
    other = NeighbourModel()
    other.name = "lain"
    assert _done_again(source, output, other, translate="none") == 14
    assert _done_again(source, output, other, translate="none", length="short") == 14
    assert json.loads((output / "a" / "1.txt.json").read_text(encoding="utf-8"))["length"] == "short"
    assert _done_again(source, output, other, translate="none") == 14
    monkeypatch.setattr(summarizer, "__version__", "99")
    assert _done_again(source, output, other, translate="none") == 14
    assert _done_again(source, output, other, translate="none") == 0


def test_a_result_counts_only_for_the_same_code(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = tmp_path / "keluar"
    run_batch(source, output)
    prompts = tmp_path / "prompts"
    shutil.copytree(ROOT / "prompts", prompts)
    monkeypatch.setattr("summarizer.models.prompts.prompts_folder", lambda: prompts)
    assert _done_again(source, output) == 0
    with open(prompts / "adapter" / "translate.toml", "a", encoding="utf-8") as file:
        file.write("# another prompt\n")
    assert _done_again(source, output) == 14


def test_a_result_counts_only_for_the_same_glossary_device_and_engine(source: Path, tmp_path: Path) -> None:
    output, terms = tmp_path / "keluar", tmp_path / "istilah.toml"
    terms.write_text('"taman" = "garden"\n', encoding="utf-8")

    def done(**options: object) -> int:
        ringkas = Summarizer(NeighbourModel(), **options)  # type: ignore[arg-type]
        with lock(output) as state:
            run = Batch(ringkas, output, state, Settings(), Silent())
            return run.run(list_files([str(source)], None, GLOBS, [output])).done

    assert done() == 14
    for options in ({"glossary": terms}, {"engine": "ctranslate2"}, {"device": "cuda"}):
        assert done(**options) == 14
        assert done(**options) == 0
    terms.write_text('"taman" = "park"\n', encoding="utf-8")
    assert done(glossary=terms) == 14


@pytest.mark.parametrize("damage", ["", '{"half'])
def test_a_result_that_is_damaged_or_gone_is_made_anew(source: Path, tmp_path: Path, damage: str) -> None:
    output = tmp_path / "keluar"
    run_batch(source, output)
    whole = tree(output)
    file = output / "a" / "b" / "4.txt.json"
    if damage:
        file.write_text(damage, encoding="utf-8")
    else:
        file.unlink()
    assert run_batch(source, output).done == 1
    assert tree(output).keys() == whole.keys()
    assert json.loads(file.read_text(encoding="utf-8"))["source"] == "a/b/4.txt"


@pytest.mark.parametrize("damage", [b"", b'{"input": "a/1.txt"}\n[]\n\xff\xfe\nnull\n'])
def test_a_list_of_results_that_is_damaged_is_made_anew(source: Path, tmp_path: Path, damage: bytes) -> None:
    output = tmp_path / "keluar"
    run_batch(source, output)
    whole = tree(output)
    (output / "results.jsonl").write_bytes(damage)
    assert run_batch(source, output).done == 14
    assert tree(output) == whole


def test_outdated_results_go(source: Path, tmp_path: Path) -> None:
    output = tmp_path / "keluar"
    run_batch(source, output)
    (source / "a" / "1.txt").write_text(ENGLISH, encoding="utf-8")
    run_batch(source, output)
    assert not (output / "a" / "1.txt.json").exists()
    assert "a/1.txt" not in [record["input"] for record in lines(output / "results.jsonl")]
    # In another form, each result has another name.
    run_batch(source, output, settings=Settings(form="md"))
    assert sorted(path.suffix for path in (output / "a").iterdir() if path.is_file()) == [".md"] * 3


def test_results_of_what_cannot_be_read_any_more_stay(source: Path, tmp_path: Path) -> None:
    output = tmp_path / "keluar"
    run_batch(source, output)
    gone = [Item("a/1.txt", str(source / "tidak ada"))]
    with lock(output) as state:
        run = Batch(Summarizer(NeighbourModel()), output, state, Settings(), Silent())
        assert run.run(gone).failed == 1
    assert (output / "a" / "1.txt.json").exists()
    assert tuple(sorted(str(record["input"]) for record in lines(output / "results.jsonl"))) == GOOD


@pytest.mark.parametrize(
    ("form", "start"),
    [
        ("md", r"# Taman Nomor 0 Dibuka\n\n\*\*(That|This) is: Park number 0 opens\*\*\n\n## Abstract"),
        ("text", r"Taman Nomor 0 Dibuka\n(That|This) is: Park number 0 opens\n\nAbstract"),
    ],
)
def test_forms(source: Path, tmp_path: Path, form: Form, start: str) -> None:
    run_batch(source, tmp_path / "keluar", settings=Settings(form=form))
    ending = "md" if form == "md" else "txt"
    assert re.match(start, (tmp_path / "keluar" / "a" / "b" / f"0.txt.{ending}").read_text(encoding="utf-8"))
    assert run_batch(source, tmp_path / "keluar", settings=Settings(form=form)).skipped == 14


def test_fail_fast(source: Path, tmp_path: Path) -> None:
    output = tmp_path / "keluar"
    for name in ("english.txt", "kosong.txt", "y.jsonl"):
        (source / name).unlink()
    (source / "a" / "b" / "0.txt").write_text(ENGLISH, encoding="utf-8")
    (source / "a" / "b" / "6.txt").write_text(ENGLISH, encoding="utf-8")
    summary = run_batch(source, output, fail_fast=True)
    # The first window is done, the second one holds the bad input.
    assert (summary.done, summary.failed) == (SMALL_WINDOW, 1)
    assert [failure["input"] for failure in lines(output / "failures.jsonl")] == ["a/b/0.txt"]
    assert len(lines(output / "results.jsonl")) == SMALL_WINDOW
    # Stopped at the second input, it doesn't take the results of those behind it for another run's.
    (source / "a" / "0.txt").write_text(ENGLISH, encoding="utf-8")
    summary = run_batch(source, output, fail_fast=True)
    assert (summary.skipped + summary.failed < SMALL_WINDOW, summary.others) == (True, 0)
    (source / "a" / "0.txt").unlink()
    for name in "06":
        (source / "a" / "b" / f"{name}.txt").write_text(page(int(name)), encoding="utf-8")
    summary = run_batch(source, output, fail_fast=True)
    assert (summary.done, summary.skipped, summary.failed) == (4, SMALL_WINDOW, 0)
    assert lines(output / "failures.jsonl") == []


def test_names_that_clash_with_the_folders_own(tmp_path: Path) -> None:
    source, output = tmp_path / "masuk", tmp_path / "keluar"
    source.mkdir()
    (source / "results.jsonl").write_text(json.dumps({"text": page(1)}), encoding="utf-8")
    (source / "a\x07.txt").write_text(page(2), encoding="utf-8")
    (source / "a.txt").write_text(page(3), encoding="utf-8")
    (source / f"{'n' * 251}.txt").write_text(page(4), encoding="utf-8")
    report = Silent()
    summary = run_batch(source, output, report=report)
    assert (summary.done, summary.failed) == (3, 1)
    assert report.errors == [f"{'n' * 251}.txt: the name of its result is too long"]
    assert {"_results.jsonl/000001.json", "a.txt.json", "a.txt (2).json", "results.jsonl"} <= tree(output).keys()
    assert run_batch(source, output).skipped == 3
    (source / "_results.jsonl").write_text(json.dumps({"text": page(5)}), encoding="utf-8")
    assert run_batch(source, output).done == 1
    for name, number in (("_results.jsonl", 1), ("__results.jsonl", 5)):
        assert f"Nomor {number} " in (output / name / "000001.json").read_text(encoding="utf-8")


def test_invisible_characters_lead_nowhere_else(tmp_path: Path) -> None:
    source, output, elsewhere = tmp_path / "masuk", tmp_path / "dalam" / "keluar", tmp_path / "lain"
    for number, name in enumerate(
        ("\u200b../a.txt", f"\u200b{elsewhere}/b.txt", "c/x.txt", "c/\u200b/x.txt", "\u200b.ringkas/lock.txt")
    ):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(page(number), encoding="utf-8")
    output.parent.mkdir()
    (output.parent / "a.txt.json").write_text("berharga", encoding="utf-8")
    assert run_batch(source, output).done == 5
    assert tree(output.parent)["a.txt.json"] == b"berharga"
    assert not elsewhere.exists()
    written = [str(record["output"]) for record in lines(output / "results.jsonl")]
    assert set(written) == {
        *("_../a.txt.json", f"_{elsewhere}/b.txt.json", "c/x.txt.json", "c/_/x.txt.json", "_.ringkas/lock.txt.json")
    }
    assert all((output / name).is_file() for name in written)
    assert run_batch(source, output).skipped == 5


@pytest.mark.parametrize("name", ["../luar.txt", "c/../../luar.txt", "{folder}/luar.txt"])
def test_a_result_outside_of_the_folder_is_neither_written_nor_believed(tmp_path: Path, name: str) -> None:
    output, outside = tmp_path / "keluar", tmp_path / "luar.txt.json"
    (tmp_path / "a.txt").write_text(page(1), encoding="utf-8")
    item, report = Item(name.format(folder=tmp_path), str(tmp_path / "a.txt")), Silent()

    def run() -> Summary:
        with lock(output) as state:
            return Batch(Summarizer(NeighbourModel()), output, state, Settings(), report).run([item])

    assert run().failed == 1
    assert report.errors == [f"{item.name}: the name of its result can't be used in the output folder"]
    assert not outside.exists()
    outside.write_text("berharga", encoding="utf-8")
    digest = hashlib.sha256(outside.read_bytes()).hexdigest()
    record = {"input": item.name, "output": f"{item.name}.json", "key": "lama", "sha256": digest}
    (output / "results.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    (tmp_path / "a.txt").write_text(ENGLISH, encoding="utf-8")
    assert run().failed == 1
    assert outside.read_text(encoding="utf-8") == "berharga"
    assert lines(output / "results.jsonl") == []


def test_a_result_whose_place_is_taken_fails_alone(source: Path, tmp_path: Path) -> None:
    output = tmp_path / "keluar"
    (output / "a" / "1.txt.json").mkdir(parents=True)
    (output / "y.jsonl").touch()
    report = Silent()
    summary = run_batch(source, output, report=report)
    assert (summary.done, summary.failed) == (8, 9)
    assert "a/1.txt: there is a folder where its result should go" in report.errors
    assert "y.jsonl:1: there is a file where its result's folder should go" in report.errors
    (output / "a" / "1.txt.json").rmdir()
    (output / "y.jsonl").unlink()
    summary = run_batch(source, output)
    assert (summary.done, summary.skipped, summary.failed) == (6, 8, 3)


@pytest.mark.parametrize("ending", ["htm", "htm.gz"])
def test_a_result_takes_the_place_of_no_other_file(tmp_path: Path, ending: str) -> None:
    """Not of an input, not even if an earlier run has written it, and not of what no batch has written."""
    output, report, text = tmp_path / "keluar", Silent(), Settings(form="text")
    output.mkdir()
    (tmp_path / "b.txt").write_text(page(2), encoding="utf-8")
    page_file, own = output / f"a.{ending}", output / f"a.{ending}.txt"
    page_file.write_text(page(1), encoding="utf-8")
    own.write_text(page(3), encoding="utf-8")

    def run(*paths: Path) -> Summary:
        with lock(output) as state:
            files = list_files(map(str, paths), None, GLOBS, [output / "lain"])
            return Batch(Summarizer(NeighbourModel()), output, state, text, report).run(files)

    assert run(page_file).failed == 1
    assert report.errors == [f"a.{ending}: there is another file where its result should go: a.{ending}.txt"]
    assert run(page_file, own).done == 1
    assert own.read_text(encoding="utf-8") == page(3)
    own.unlink()
    assert run(page_file).done == 1
    result = own.read_text(encoding="utf-8")
    page_file.write_text(page(4), encoding="utf-8")
    assert run(page_file, own).failed == 1
    page_file.write_text(ENGLISH, encoding="utf-8")
    assert run(page_file, own).failed == 1
    assert own.read_text(encoding="utf-8") == result


def test_what_a_killed_run_wrote_may_be_replaced(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = tmp_path / "keluar"

    def die(*_: object) -> None:
        raise OutputError("mati")

    with monkeypatch.context() as patch:
        patch.setattr("summarizer.batch.folder.ResultFolder.land", die)
        with pytest.raises(OutputError, match="mati"):
            run_batch(source, output)
    assert (output / "x.txt.gz.json").exists()
    # Other texts: what is there isn't known by what it holds.
    assert run_batch(source, output, settings=Settings(translate="none")).done == 14
    run_batch(source, tmp_path / "lain", settings=Settings(translate="none"))
    assert tree(output) == tree(tmp_path / "lain")


def one_of(folder: Path, text: str, name: str = "a.txt") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("text", [page(2), ENGLISH])
@pytest.mark.parametrize("resume", [True, False])
def test_the_result_of_another_file_of_that_name_stays(tmp_path: Path, text: str, resume: bool) -> None:
    output, report = tmp_path / "keluar", Silent()
    monday, tuesday = one_of(tmp_path / "senin", page(1)), one_of(tmp_path / "selasa", text)
    one_of(tuesday, page(3), "b.txt")
    assert run_batch(monday, output).done == 1
    before = tree(output)
    summary = run_batch(tuesday, output, report=report, resume=resume)
    assert (summary.done, summary.failed) == (1, 1)
    assert report.errors == [
        f"a.txt: the output folder has the result of another file of that name, {monday / 'a.txt'}: "
        "choose another output folder"
    ]
    assert tree(output)["a.txt.json"] == before["a.txt.json"]
    assert before["results.jsonl"] in tree(output)["results.jsonl"]
    # Without its file, the old result is none.
    (output / "a.txt.json").unlink()
    assert run_batch(tuesday, output).failed == (text == ENGLISH)


@pytest.mark.parametrize("name", ["a.txt", "a\udcff.txt"])
def test_the_result_of_a_file_that_was_moved_or_changed_is_replaced(tmp_path: Path, name: str) -> None:
    output, monday = tmp_path / "keluar", one_of(tmp_path / "senin", page(1), name)
    run_batch(monday, output)
    [record] = lines(output / "results.jsonl")
    assert record["file"] == str(monday / name)
    one_of(monday, page(2), name)
    assert run_batch(monday, output).done == 1
    tuesday = monday.rename(tmp_path / "selasa")
    assert run_batch(tuesday, output).skipped == 1
    one_of(tuesday, page(3), name)
    assert run_batch(tuesday, output).done == 1
    # Records of older versions don't say where their files were.
    [record] = lines(output / "results.jsonl")
    assert record.pop("file") == str(tuesday / name)
    (output / "results.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    assert run_batch(one_of(tmp_path / "rabu", page(4), name), output).done == 1


def test_the_output_may_lie_among_the_inputs(source: Path) -> None:
    assert run_batch(source, source / "hasil").done == 14
    assert run_batch(source, source / "hasil", settings=Settings(form="text")).done == 14


def test_what_goes_wrong_in_the_model_spares_the_others(source: Path, tmp_path: Path) -> None:
    def write(task: Task, text: str) -> str:
        if "nomor 3." in text:
            raise ValueError("meledak")
        return text

    report = Silent()
    summary = run_batch(source, tmp_path / "keluar", model=FakeModel(write), report=report)
    assert (summary.done, summary.failed) == (13, 4)
    assert "a/3.txt can't be summarised: ValueError: meledak" in report.errors


def test_fail_fast_stops_at_what_the_model_cannot_write(source: Path, tmp_path: Path) -> None:
    def write(task: Task, text: str) -> str:
        if "nomor 0." in text:
            raise ValueError("meledak")
        return text

    summary = run_batch(source / "a", tmp_path / "keluar", model=FakeModel(write), fail_fast=True)
    assert (summary.done, summary.failed) == (SMALL_WINDOW - 1, 1)


@pytest.mark.parametrize(
    ("error", "message"),
    [(KeyError("meledak"), "KeyError: 'meledak'"), (MemoryError(), "there is not enough memory")],
)
def test_what_goes_wrong_in_reading_spares_the_others(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, message: str
) -> None:
    real = batch.read_item

    def read(item: Item, *options: object) -> Article:
        if item.name == "a/3.txt":
            raise error
        return real(item, *options)  # type: ignore[arg-type]

    monkeypatch.setattr(batch, "read_item", read)
    report = Silent()
    summary = run_batch(source, tmp_path / "keluar", report=report)
    assert (summary.done, summary.failed) == (13, 4)
    assert f"a/3.txt can't be read: {message}" in report.errors


def test_a_process_that_dies_over_an_item_is_said() -> None:
    lost = batch._Reader.lost((Item("a.txt", "a.txt"), None)).content
    assert isinstance(lost, InputError)
    assert str(lost) == "a.txt can't be read: the process that read it died"
    assert lost.advice == "check whether memory ran out, or leave it out"


def test_two_runs_on_one_folder(source: Path, tmp_path: Path) -> None:
    with lock(tmp_path / "keluar"), pytest.raises(OutputError, match="another run is writing to"):
        run_batch(source, tmp_path / "keluar")
    assert run_batch(source, tmp_path / "keluar").done == 14


def test_an_output_that_is_no_folder(source: Path, tmp_path: Path) -> None:
    (tmp_path / "keluar").touch()
    with pytest.raises(OutputError, match=r"cannot write to .*keluar"):
        run_batch(source, tmp_path / "keluar")


def test_a_full_disk_loses_nothing(source: Path, tmp_path: Path) -> None:
    output = tmp_path / "keluar"
    run_batch(source, tmp_path / "lain")
    big = max(len(data) for name, data in tree(tmp_path / "lain").items() if name.endswith(".json"))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # Room for each result, but not for the records of a window.
    resource.setrlimit(resource.RLIMIT_FSIZE, (big + 10, hard))
    try:
        with pytest.raises(OutputError, match=r"cannot use .*landed\.sqlite: disk I/O error"):
            run_batch(source, output)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not list(output.rglob("*.tmp"))
    run_batch(source, output)
    assert tree(output) == tree(tmp_path / "lain")


@pytest.mark.parametrize("victim", range(0, 16, 3))
def test_no_write_that_fails_loses_anything(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, victim: int
) -> None:
    run_batch(source, tmp_path / "lain")
    calls = 0

    def fsync(_: int) -> None:
        nonlocal calls
        calls += 1
        if calls == victim + 1:
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(files.os, "fsync", fsync)
        with pytest.raises(OutputError, match="no space left on device"):
            run_batch(source, tmp_path / "keluar")
    run_batch(source, tmp_path / "keluar")
    assert tree(tmp_path / "keluar") == tree(tmp_path / "lain")


def test_results_land_as_they_are_ready_and_progress_counts_them(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "WINDOW", 32)
    monkeypatch.setattr(batching, "GROUP", 4)
    output, report = tmp_path / "keluar", Silent()
    seen: list[tuple[int, float]] = []

    def write(task: Task, text: str) -> str:
        seen.append((landed(output), report.advanced))
        return text

    run_batch(source, output, model=FakeModel(write), report=report)
    # The three inputs without an article count from the start.
    assert sorted(set(seen)) == [(count, count + 3) for count in (0, 4, 8, 12)]


@pytest.mark.parametrize("step", [0, 1, 2])
def test_an_interruption_leaves_the_folder_in_order(source: Path, tmp_path: Path, step: int) -> None:
    calls = 0

    def write(task: Task, text: str) -> str:
        nonlocal calls
        calls += 1
        if calls == step * 2 * SMALL_WINDOW + 1:
            raise KeyboardInterrupt
        return text

    output = tmp_path / "keluar"
    with pytest.raises(KeyboardInterrupt):
        run_batch(source, output, model=FakeModel(write))
    done = lines(output / "results.jsonl")
    assert len(done) <= SMALL_WINDOW * (step + 1)
    assert all((output / str(record["output"])).is_file() for record in done)
    assert not (output / ".ringkas" / "landed.sqlite").exists()
    assert run_batch(source, output, model=FakeModel(lambda task, text: text)).skipped == len(done)


def test_killed_again_and_again_a_batch_ends_the_same(source: Path, tmp_path: Path) -> None:
    """At least fifty times, at random points; byte for byte, hidden files too."""
    kills = 60
    run = subprocess.run(
        [sys.executable, "-m", "tests.batch.batches", str(source), str(tmp_path / "runs"), str(kills), "5"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    killed, finished = map(int, run.stdout.split())
    assert killed == kills
    run_batch(source, tmp_path / "lain")
    undisturbed = tree(tmp_path / "lain")
    for number in range(finished):
        assert tree(tmp_path / "runs" / str(number)) == undisturbed


def test_a_killed_run_with_processes_frees_the_folder(source: Path, tmp_path: Path) -> None:
    output, script = tmp_path / "keluar", tmp_path / "skrip.py"
    script.write_text(
        "import sys, time\n"
        "from pathlib import Path\n"
        "from tests.batch.batches import NeighbourModel, batch, run_batch\n"
        "class Slow(NeighbourModel):\n"
        "    def generate(self, task, requests, **options):\n"
        "        time.sleep(0.2)\n"
        "        return super().generate(task, requests, **options)\n"
        "if __name__ == '__main__':\n"
        f"    batch.WINDOW = {SMALL_WINDOW}\n"
        "    run_batch(Path(sys.argv[1]), Path(sys.argv[2]), model=Slow(), processes=2)\n",
        encoding="utf-8",
    )
    with subprocess.Popen(
        [sys.executable, str(script), str(source), str(output)], env=os.environ | {"PYTHONPATH": str(ROOT)}
    ) as run:
        deadline = time.monotonic() + 60
        while not landed(output) and time.monotonic() < deadline:
            time.sleep(0.01)
        run.kill()
    assert run.returncode == -signal.SIGKILL
    summary = run_batch(source, output, processes=2)
    assert summary.skipped
    assert summary.done + summary.skipped == 14
    run_batch(source, tmp_path / "lain")
    assert tree(output) == tree(tmp_path / "lain")


def test_a_killed_run_with_the_embedded_model_ends_the_same(tmp_path: Path, checkpoint: Path) -> None:
    source = tmp_path / "masuk"
    source.mkdir()
    for number in range(4):
        (source / f"{number}.txt").write_text(page(number) + ARTICLE * (number % 3), encoding="utf-8")
    script = tmp_path / "skrip.py"
    script.write_text(
        "import sys\n"
        "from summarizer.batch import run as batch\n"
        "from summarizer.cli.commands import main\n"
        "if __name__ == '__main__':\n"
        "    batch.WINDOW = 2\n"
        "    main(['batch', *sys.argv[1:], '--jobs', '0'])\n",
        encoding="utf-8",
    )

    def start(output: Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, str(script), str(source), "-o", str(output)],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
        )

    with start(tmp_path / "lain") as run:
        assert run.wait() == 0
    with start(tmp_path / "keluar") as run:
        while not landed(tmp_path / "keluar") and run.poll() is None:
            time.sleep(0.01)
        run.kill()
    with start(tmp_path / "keluar") as run:
        assert run.wait() == 0
        assert run.stderr is not None
        assert b"2 done, 2 skipped" in run.stderr.read()
    assert tree(tmp_path / "keluar") == tree(tmp_path / "lain")


def test_a_summary_is_one_line() -> None:
    assert str(batch.Summary(30, 2, 1, 4, 60.0)) == (
        "30 done, 2 skipped, 1 failed, 4 warnings, 30.0 articles per minute"
    )
    assert "0.0 articles" in str(batch.Summary())


def test_list_and_batch_agree_about_what_is_there(source: Path, tmp_path: Path) -> None:
    named = list_files([str(source)], None, GLOBS, [tmp_path / "keluar"])
    assert len(named) == 12
    assert all(not isinstance(item.error, RingkasError) for item in named)
