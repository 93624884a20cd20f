import gzip
import json
import os
import resource
import shutil
import signal
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import Mock

import pytest

import summarizer
from summarizer import summarizer as api
from summarizer.batch import reading
from summarizer.batch import run as batch
from summarizer.batch.inputs import GLOBS, list_files
from summarizer.batch.provenance import Settings, code_digest
from summarizer.batch.reading import BatchInput
from summarizer.batch.results import Record, ResultFolder, lock
from summarizer.batch.run import Summary
from summarizer.errors import ModelError, OutputError, RingkasError
from summarizer.models.base import Task
from summarizer.storage.store import Store
from tests.batch.batches import ENGLISH, SMALL_WINDOW, NeighbourModel, page, run_batch, tree
from tests.conftest import ARTICLE, ROOT, FakeModel, python


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


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "keluar"


@pytest.fixture(autouse=True)
def small_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "WINDOW", SMALL_WINDOW)


def lines(path: Path) -> list[dict[str, str]]:
    """The lines of a list of results or failures; there is no list of nothing."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def errors(output: Path) -> list[str]:
    return [failure["error"] for failure in lines(output / "failures.jsonl")]


def counts(summary: Summary) -> tuple[int, int, int]:
    """How many inputs were done, skipped and failed."""
    return summary.done, summary.skipped, summary.failed


GOOD = (
    *("a/1.txt", "a/3.txt", "a/5.txt", "a/7.txt", "a/b/0.txt", "a/b/2.txt", "a/b/4.txt", "a/b/6.txt"),
    *("x.txt.gz", "y.jsonl:1", "y.jsonl:2", "y.jsonl:4", "y.jsonl:5", "y.jsonl:6"),
)


@pytest.mark.parametrize("processes", [0, 2])
def test_each_input_has_a_result_or_a_failure(source: Path, output: Path, processes: int) -> None:
    report = Mock()
    summary = run_batch(source, output, report=report, processes=processes)
    assert counts(summary) == (14, 0, 3)
    assert summary.warnings == 0
    assert sum(call.args[0] for call in report.advance.call_args_list) == 17
    assert str(summary).startswith("14 done, 3 failed (")
    records = {record["input"]: record for record in lines(output / "results.jsonl")}
    assert tuple(records) == GOOD
    assert {path for path in tree(output) if not path.startswith(".")} == {
        *("results.jsonl", "failures.jsonl", "x.txt.gz.json"),
        *(f"{name}.json" for name in GOOD if name.startswith("a/")),
        *(f"y.jsonl/{number:06}.json" for number in (1, 2, 4, 5, 6)),
    }
    record = records["a/b/2.txt"]
    own = json.loads((output / "a/b/2.txt.json").read_text(encoding="utf-8"))
    assert own.items() <= record.items()
    assert own["source"] == "a/b/2.txt"
    assert own["title"] == "Taman Nomor 2 Dibuka"
    assert own["model"] == "fake"
    assert record["paragraphs"] == [f"{ARTICLE} Taman itu yang nomor 2."]
    failures = lines(output / "failures.jsonl")
    assert [(failure["input"], failure["kind"]) for failure in failures] == [
        ("english.txt", "NotIndonesianError"),
        ("kosong.txt", "InputError"),
        ("y.jsonl:3", "InputError"),
    ]
    assert [str(call.args[0]) for call in report.fail.call_args_list] == errors(output)
    assert all(failure["advice"] for failure in failures)


def test_a_result_counts_only_for_the_same_input_model_settings_and_version(
    source: Path, output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def done(name: str = "fake", options: dict[str, object] | None = None, **settings: object) -> int:
        model = NeighbourModel()
        model.name = name
        return run_batch(source, output, model=model, made_with=options, settings=Settings(**settings)).done  # type: ignore[arg-type]

    assert done() == 14
    assert done() == 0
    (source / "a" / "1.txt").write_text(page(99), encoding="utf-8")
    assert done() == 1
    assert "Nomor 99" in (output / "a" / "1.txt.json").read_text(encoding="utf-8")
    for settings in ({"translate": "none"}, {"length": "short"}):
        assert done(**settings) == 14
        assert done(**settings) == 0
    assert done("lain") == 14
    terms = tmp_path / "istilah.toml"
    terms.write_text('"taman" = "garden"\n', encoding="utf-8")
    for options in ({"engine": "ctranslate2"}, {"device": "cuda"}, {"glossary": terms}):
        assert done(options=options) == 14
        assert done(options=options) == 0
    terms.write_text('"taman" = "park"\n', encoding="utf-8")
    assert done(options={"glossary": terms}) == 14
    monkeypatch.setattr(summarizer, "__version__", "99")
    assert done() == 14
    assert done() == 0


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("writing/quality_estimation.toml", True),
        ("batch/reading.py", True),
        ("prompts/adapter/translate.toml", True),
        ("web/app.py", False),
        ("models/embedded/adapter/README.md", False),
        ("text/__pycache__/words.pyc", False),
    ],
)
def test_a_result_counts_only_for_the_same_code_and_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, counts: bool
) -> None:
    for folder in ("summarizer", "prompts"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("*.pyc", "*.safetensors"))
    monkeypatch.setattr("summarizer.batch.provenance.files", lambda package: tmp_path / package)
    monkeypatch.setattr("summarizer.models.prompts.prompts_folder", lambda: tmp_path / "prompts")
    before = code_digest()
    file = tmp_path / path if path.startswith("prompts") else tmp_path / "summarizer" / path
    assert file.exists() or "__pycache__" in path
    file.parent.mkdir(exist_ok=True)
    with open(file, "ab") as content:
        content.write(b"\n")
    assert (code_digest() != before) == counts


@pytest.mark.parametrize("damage", [None, "", "half", "results.jsonl", ".ringkas"])
def test_a_second_run_writes_what_was_damaged_or_deleted_without_the_model(
    source: Path, output: Path, damage: str | None
) -> None:
    run_batch(source, output)
    whole = tree(output)
    model = NeighbourModel()
    if damage == "results.jsonl":
        (output / damage).write_bytes(b'{"input": "a/1.txt"}\n[]\n\xff\xfe\nnull\n')
    elif damage == ".ringkas":
        shutil.rmtree(output / damage)
        with open(output / "results.jsonl", "ab") as file:
            file.write(b'{"input": "a/1.txt"}\n[]\n\xff\xfe\nnull\n')
    elif damage is not None:
        for name in ("a/b/4.txt.json", "y.jsonl/000002.json"):
            file = output / name
            file.write_bytes(file.read_bytes()[: len(file.read_bytes()) // 2]) if damage else file.unlink()
    assert counts(run_batch(source, output, model=model)) == (0, 14, 3)
    assert model.calls == []
    assert tree(output) == whole
    assert run_batch(source, output, resume=False).done == 14
    assert tree(output) == whole


def test_what_somebody_has_edited_stays(source: Path, output: Path) -> None:
    run_batch(source, output, settings=Settings(format="md"))
    whole = tree(output)
    file = output / "a" / "1.txt.md"
    edited = file.read_text(encoding="utf-8").replace("That is", "It is").replace("This is", "It is") + "Checked.\n"
    file.write_text(edited, encoding="utf-8")
    report = Mock()
    model = NeighbourModel()
    summary = run_batch(source, output, model=model, report=report, settings=Settings(format="md"))
    assert counts(summary) == (0, 14, 3)
    assert summary.edited == 1
    assert model.calls == []
    assert "1 edited file left as it is" in str(summary)
    assert {name: content for name, content in tree(output).items() if content != whole[name]} == {
        "a/1.txt.md": edited.encode()
    }
    # A result that is made anew doesn't take its place.
    for number, name in enumerate(("1.txt.md.edited", "1.txt.md.edited-2"), 1):
        report = Mock()
        summary = run_batch(source, output, report=report, resume=False, settings=Settings(format="md"))
        assert summary.done == 14
        assert summary.edited == 0
        assert file.with_name(name).read_text(encoding="utf-8") == edited
        assert file.read_bytes() == whole["a/1.txt.md"]
        [said] = report.say.call_args_list
        assert said.args[0].endswith(f"1.txt.md had been edited: it is now {name}")
        file.write_text(edited, encoding="utf-8")
        assert len(list((output / "a").glob("*.edited*"))) == number


def test_an_edited_file_makes_room_for_another_format_and_back(source: Path, output: Path) -> None:
    run_batch(source, output, settings=Settings(format="md"))
    whole = tree(output)
    file = output / "a" / "1.txt.md"
    file.write_text("Checked.\n", encoding="utf-8")
    report = Mock()
    assert run_batch(source, output, report=report).skipped == 14
    [said] = report.say.call_args_list
    assert said.args[0].endswith("1.txt.md had been edited: it is now 1.txt.md.edited")
    assert run_batch(source, output, settings=Settings(format="md")).skipped == 14
    assert tree(output) == whole | {"a/1.txt.md.edited": b"Checked.\n"}


def test_a_run_that_was_killed_before_it_wrote_a_file_leaves_none_that_looks_edited(
    source: Path, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_batch(source / "a", output)
    before = tree(output)
    for number in (1, 2):
        # Twice, so that the file is older than the result in front of the last one.
        settings = Settings(translate="none", length="short" if number == 1 else "long")
        with monkeypatch.context() as patch:
            patch.setattr(ResultFolder, "write", Mock(side_effect=KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                run_batch(source / "a", output, settings=settings)
    assert {name for name, content in tree(output).items() if before.get(name) != content} == {
        ".ringkas/results.sqlite",
        "results.jsonl",
    }
    summary = run_batch(source / "a", output, settings=settings)
    assert summary.edited == 0
    assert summary.failed == 0
    run_batch(source / "a", output.parent / "lain", settings=settings)
    for name, content in tree(output.parent / "lain").items():
        if name.endswith(".json"):
            assert tree(output)[name] == content, name


def test_a_result_that_is_safe_is_done_even_if_the_stop_comes_at_once(
    source: Path, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = ResultFolder.keep

    def keep_and_stop(self: ResultFolder, results: Iterable[tuple[BatchInput, str, Record]]) -> None:
        keep(self, results)
        raise KeyboardInterrupt

    monkeypatch.setattr(ResultFolder, "keep", keep_and_stop)
    run = batch.Batch(api.Summarizer(NeighbourModel()), output, Settings(), Mock())
    with lock(output), pytest.raises(KeyboardInterrupt):
        run.run(list_files([str(source / "a")], None, GLOBS, [output]))
    assert run.summary.done == len(lines(output / "results.jsonl")) > 0


def test_a_result_that_is_not_kept_is_not_done(source: Path, output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ResultFolder, "keep", Mock(side_effect=KeyboardInterrupt))
    run = batch.Batch(api.Summarizer(NeighbourModel()), output, Settings(), Mock())
    with lock(output), pytest.raises(KeyboardInterrupt):
        run.run(list_files([str(source / "a")], None, GLOBS, [output]))
    assert run.summary.done == 0


@pytest.mark.parametrize(
    ("piece", "by"),
    [(b"SQLite", b"Bukan "), (b'{"input": "', b'["input": "'), (b'"key": "', b'"kuk": "')],
)
def test_a_damaged_database_names_a_way_out(source: Path, output: Path, piece: bytes, by: bytes) -> None:
    run_batch(source, output)
    whole = tree(output)
    database = output / ".ringkas" / "results.sqlite"
    data = database.read_bytes().replace(piece, by)
    database.write_bytes(data)
    with pytest.raises(RingkasError, match=r"^[^\n]*results\.sqlite[^\n]*--no-resume[^\n]*$") as caught:
        run_batch(source, output)
    # "run the same command again to resume" would be no help.
    assert not isinstance(caught.value, OutputError)
    assert database.read_bytes() == data
    # What is of other inputs stays, and new results take the place of old ones.
    assert counts(run_batch(source / "a", output, resume=False)) == (8, 0, 0)
    assert run_batch(source, output, settings=Settings(translate="none"), resume=False).done == 14
    assert run_batch(source, output).done == 14
    assert {name: tree(output)[name] for name in whole if name.endswith(".json")}.items() <= whole.items()


@pytest.mark.parametrize(
    "change",
    [
        {"title": 5},
        {"title_translation": []},
        {"sentences": [{}]},
        {"paragraphs": None},
        {"warnings": {}},
        {"support": [{"sentence": "A", "positions": [[0, 0]], "sources": [], "share": 1.0}]},
    ],
)
def test_a_result_of_another_shape_in_the_database_names_a_way_out(
    source: Path, output: Path, change: dict[str, object]
) -> None:
    run_batch(source, output)
    with Store(output / ".ringkas" / "results.sqlite") as store:
        store.put("a/1.txt", store.get("a/1.txt") | change)
    settings = Settings(format="md")
    with pytest.raises(RingkasError, match=r"^[^\n]*results\.sqlite[^\n]*a/1\.txt[^\n]*--no-resume[^\n]*$"):
        run_batch(source, output, settings=settings)
    assert run_batch(source, output, settings=settings, resume=False).done == 14


def test_a_folder_in_the_place_of_the_results_is_named(source: Path, output: Path) -> None:
    (output / "results.jsonl").mkdir(parents=True)
    with pytest.raises(OutputError, match=r"cannot read .*results\.jsonl: is a directory"):
        run_batch(source, output)


def test_the_result_of_what_is_there_no_more_goes(source: Path, output: Path) -> None:
    run_batch(source, output)
    (source / "a" / "1.txt").write_text(ENGLISH, encoding="utf-8")
    run_batch(source, output)
    assert not (output / "a" / "1.txt.json").exists()
    assert "a/1.txt" not in [record["input"] for record in lines(output / "results.jsonl")]
    # What can't be read any more may hold it still.
    assert run_batch([BatchInput("a/3.txt", str(source / "tidak ada"))], output).failed == 1
    assert (output / "a" / "3.txt.json").exists()
    assert "a/3.txt" in [record["input"] for record in lines(output / "results.jsonl")]


def test_a_forgotten_option_costs_no_result(tmp_path: Path, output: Path) -> None:
    rows = [json.dumps({"isi": page(number)}) for number in range(3)]
    (tmp_path / "a.jsonl").write_text("\n".join(rows), encoding="utf-8")
    assert run_batch(tmp_path / "a.jsonl", output, settings=Settings(text_field="isi")).done == 3
    before = tree(output)
    assert counts(run_batch(tmp_path / "a.jsonl", output)) == (0, 0, 3)
    assert before["results.jsonl"] == tree(output)["results.jsonl"]
    assert counts(run_batch(tmp_path / "a.jsonl", output, settings=Settings(text_field="isi"))) == (0, 3, 0)


def test_what_a_killed_run_wrote_is_replaced_by_one_that_begins_anew(source: Path, output: Path) -> None:
    run_batch(source, output)
    (output / "results.jsonl").unlink()
    other = FakeModel(lambda task, text: ENGLISH if task is Task.TRANSLATE else text, max_input_tokens=10_000)
    assert counts(run_batch(source, output, model=other, resume=False)) == (14, 0, 3)
    assert ENGLISH.partition(". ")[0] in (output / "a" / "1.txt.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "ending", "start"), [("md", "md", "# Taman Nomor"), ("text", "txt", "Taman Nomor")])
def test_another_format_needs_no_model(source: Path, output: Path, name: str, ending: str, start: str) -> None:
    run_batch(source, output)
    model = NeighbourModel()
    run_batch(source, output, settings=Settings(format=name), model=model)
    files = [path for path in (output / "a").rglob("*") if path.is_file()]
    assert {path.suffix for path in files} == {f".{ending}"}
    assert len(files) == 8
    assert model.calls == []
    assert files[0].read_text(encoding="utf-8").startswith(start)
    run_batch(source, output.parent / "lain", settings=Settings(format=name))
    assert tree(output) == tree(output.parent / "lain")


def test_fail_fast_stops_at_the_first_failure(source: Path, output: Path) -> None:
    for name in ("english.txt", "kosong.txt", "y.jsonl"):
        (source / name).unlink()
    # The first window is done, the second one holds the bad input.
    (source / "a" / "b" / "6.txt").write_text(ENGLISH, encoding="utf-8")
    assert counts(run_batch(source, output, fail_fast=True)) == (SMALL_WINDOW, 0, 1)
    assert [failure["input"] for failure in lines(output / "failures.jsonl")] == ["a/b/6.txt"]
    # Stopped at the first input, it doesn't take the results of those behind it for another run's.
    (source / "a" / "0.txt").write_text(ENGLISH, encoding="utf-8")
    summary = run_batch(source, output, fail_fast=True)
    assert counts(summary) == (0, 0, 1)
    assert summary.others == 0
    (source / "a" / "0.txt").unlink()
    (source / "a" / "b" / "6.txt").write_text(page(6), encoding="utf-8")
    assert counts(run_batch(source, output, fail_fast=True)) == (4, SMALL_WINDOW, 0)
    assert lines(output / "failures.jsonl") == []


def test_names_that_clash_with_the_folders_own(tmp_path: Path, output: Path) -> None:
    source = tmp_path / "masuk"
    source.mkdir()
    (source / "results.jsonl").write_text(json.dumps({"text": page(1)}), encoding="utf-8")
    for name, number in (("a\x07.txt", 2), ("a.txt", 3), (f"{'n' * 251}.txt", 4)):
        (source / name).write_text(page(number), encoding="utf-8")
    assert counts(run_batch(source, output)) == (3, 0, 1)
    assert "name too long" in errors(output)[0]
    assert {"_results.jsonl/000001.json", "a.txt.json", "a%07.txt.json", "results.jsonl"} <= tree(output).keys()
    assert run_batch(source, output).skipped == 3
    (source / "_results.jsonl").write_text(json.dumps({"text": page(5)}), encoding="utf-8")
    assert run_batch(source, output).done == 1
    for name, number in (("_results.jsonl", 1), ("__results.jsonl", 5)):
        assert f"Nomor {number} " in (output / name / "000001.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["../luar.txt", "c/../../luar.txt", "{folder}/luar.txt"])
def test_a_result_outside_of_the_folder_is_neither_written_nor_believed(
    tmp_path: Path, output: Path, name: str
) -> None:
    outside = tmp_path / "luar.txt.json"
    (tmp_path / "a.txt").write_text(page(1), encoding="utf-8")
    file = BatchInput(name.format(folder=tmp_path), str(tmp_path / "a.txt"))
    assert run_batch([file], output).failed == 1
    assert not outside.exists()
    outside.write_text("{}", encoding="utf-8")
    digest = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    record = {"input": file.name, "output": f"{file.name}.json", "key": "lama", "sha256": digest}
    (output / "results.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    (tmp_path / "a.txt").write_text(ENGLISH, encoding="utf-8")
    assert run_batch([file], output).failed == 1
    assert outside.read_text(encoding="utf-8") == "{}"
    assert lines(output / "results.jsonl") == []


def test_a_result_whose_place_is_taken_fails_alone(source: Path, output: Path) -> None:
    (output / "a" / "1.txt.json").mkdir(parents=True)
    (output / "a" / "3.txt.json").write_text("berharga", encoding="utf-8")
    (output / "y.jsonl").touch()
    assert counts(run_batch(source, output)) == (7, 0, 10)
    assert sum("y.jsonl:" in error for error in errors(output)) == 6
    assert sum(error.startswith(("a/1.txt: ", "a/3.txt: ")) for error in errors(output)) == 2
    assert (output / "a" / "3.txt.json").read_text(encoding="utf-8") == "berharga"
    (output / "a" / "1.txt.json").rmdir()
    (output / "a" / "3.txt.json").unlink()
    (output / "y.jsonl").unlink()
    assert counts(run_batch(source, output)) == (7, 7, 3)
    # An input of that name is no result either.
    own = output / "a" / "8.txt.json"
    own.write_text(page(3), encoding="utf-8")
    (source / "a" / "8.txt").write_text(page(8), encoding="utf-8")
    assert run_batch([BatchInput("a/8.txt", str(source / "a" / "8.txt")), BatchInput("b", str(own))], output).done == 1
    assert own.read_text(encoding="utf-8") == page(3)


def one_of(folder: Path, text: str, name: str = "a.txt") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("text", [page(2), ENGLISH])
@pytest.mark.parametrize("resume", [True, False])
def test_the_result_of_another_file_of_that_name_stays(tmp_path: Path, output: Path, text: str, resume: bool) -> None:
    monday = one_of(tmp_path / "senin", page(1))
    tuesday = one_of(tmp_path / "selasa", text)
    one_of(tuesday, page(3), "b.txt")
    assert run_batch(monday, output).done == 1
    before = tree(output)
    assert counts(run_batch(tuesday, output, resume=resume)) == (1, 0, 1)
    assert f"the result of another file of that name, {monday / 'a.txt'}" in errors(output)[0]
    assert tree(output)["a.txt.json"] == before["a.txt.json"]
    assert before["results.jsonl"] in tree(output)["results.jsonl"]
    # Without its file, the old result is none.
    (output / "a.txt.json").unlink()
    assert run_batch(tuesday, output).failed == (text == ENGLISH)


@pytest.mark.parametrize("name", ["a.txt", "a\udcff.txt"])
def test_the_result_of_a_file_that_was_moved_or_changed_is_replaced(tmp_path: Path, output: Path, name: str) -> None:
    monday = one_of(tmp_path / "senin", page(1), name)
    run_batch(monday, output)
    [record] = lines(output / "results.jsonl")
    assert record["file"] == str(monday / name)
    one_of(monday, page(2), name)
    assert run_batch(monday, output).done == 1
    tuesday = monday.rename(tmp_path / "selasa")
    assert run_batch(tuesday, output).skipped == 1
    one_of(tuesday, page(3), name)
    assert run_batch(tuesday, output).done == 1


def test_the_output_may_lie_among_the_inputs(source: Path) -> None:
    assert run_batch(source, source / "hasil").done == 14
    assert run_batch(source, source / "hasil", settings=Settings(format="text")).skipped == 14


def test_what_goes_wrong_in_the_model_spares_the_others(source: Path, output: Path) -> None:
    def write(task: Task, text: str) -> str:
        if "nomor 3." in text or "nomor 0." in text:
            raise ValueError("meledak")
        return text

    assert counts(run_batch(source, output, model=FakeModel(write))) == (12, 0, 5)
    assert "a/3.txt can't be summarised: ValueError: meledak" in errors(output)
    summary = run_batch(source / "a", output.parent / "lain", model=FakeModel(write), fail_fast=True)
    assert counts(summary) == (SMALL_WINDOW - 2, 0, 2)


@pytest.mark.parametrize(
    ("error", "message"),
    [(KeyError("meledak"), "KeyError: 'meledak'"), (MemoryError(), "there is not enough memory")],
)
def test_what_goes_wrong_in_reading_spares_the_others(
    source: Path, output: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, message: str
) -> None:
    real = reading.read_text

    def read(text: str, name: str) -> object:
        if name == "a/3.txt":
            raise error
        return real(text, name)

    monkeypatch.setattr(reading, "read_text", read)
    assert counts(run_batch(source, output)) == (13, 0, 4)
    assert f"a/3.txt can't be read: {message}" in errors(output)


def test_no_room_for_temporary_files_is_said_once(source: Path, output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the identifier of languages unpacks its model: no input is to blame."""

    report = Mock()
    refuse = Mock(side_effect=ModelError("no room: set TMPDIR"))
    monkeypatch.setattr("summarizer.cleaning.require_article", refuse)
    with pytest.raises(ModelError, match="TMPDIR"):
        run_batch(source, output, report=report)
    report.fail.assert_not_called()
    monkeypatch.undo()
    assert run_batch(source, output).done == 14


def test_a_process_that_dies_over_an_input_is_said(source: Path, output: Path) -> None:
    script = (
        "import os, signal, sys, pathlib\n"
        "from summarizer.batch import reading\n"
        "from tests.batch.batches import run_batch\n"
        "real = reading.read_text\n"
        "def read(text, name):\n"
        "    return os.kill(os.getpid(), signal.SIGKILL) if name == 'a/3.txt' else real(text, name)\n"
        "reading.read_text = read\n"
        "if __name__ == '__main__':\n"
        "    run_batch(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), processes=2)\n"
    )
    (output.parent / "skrip.py").write_text(script, encoding="utf-8")
    assert python(output.parent / "skrip.py", source, output).returncode == 0
    [failure] = [failure for failure in lines(output / "failures.jsonl") if failure["input"] == "a/3.txt"]
    assert "the process that read it died" in failure["error"]
    assert len(lines(output / "results.jsonl")) == 13


def test_an_output_that_cannot_be_used(source: Path, output: Path) -> None:
    with lock(output), pytest.raises(OutputError, match="another run is writing to"):
        run_batch(source, output)
    assert run_batch(source, output).done == 14
    with pytest.raises(OutputError, match=r"cannot write to .*results.jsonl"):
        run_batch(source, output / "results.jsonl")


def test_a_full_disk_loses_nothing(source: Path, output: Path, tmp_path: Path) -> None:
    run_batch(source, tmp_path / "lain")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, hard))
    try:
        with pytest.raises(OutputError, match="results"):
            run_batch(source, output)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not list(output.rglob("*.tmp"))
    assert run_batch(source, output).done < 14
    assert tree(output) == tree(tmp_path / "lain")


def test_killed_again_and_again_a_batch_ends_the_same(source: Path, tmp_path: Path) -> None:
    """At least fifty times, at random points; byte for byte, hidden files too."""
    kills = 60
    run = python("-m", "tests.batch.batches", source, tmp_path / "runs", kills, 5)
    assert run.returncode == 0, run.stderr
    killed, finished = map(int, run.stdout.split())
    assert killed == kills
    run_batch(source, tmp_path / "lain")
    undisturbed = tree(tmp_path / "lain")
    for number in range(finished):
        assert tree(tmp_path / "runs" / str(number)) == undisturbed


@pytest.mark.skipif(not os.access("/dev/shm", os.W_OK), reason="there is no other file system at hand")
def test_a_folder_of_the_output_may_be_on_another_file_system(tmp_path: Path) -> None:
    output = tmp_path / "keluar"
    output.mkdir()
    with tempfile.TemporaryDirectory(dir="/dev/shm") as elsewhere:
        (output / "b").symlink_to(elsewhere)
        (tmp_path / "masuk" / "b").mkdir(parents=True)
        (tmp_path / "masuk" / "a.txt").write_text(ARTICLE, encoding="utf-8")
        (tmp_path / "masuk" / "b" / "a.txt").write_text(f"{ARTICLE} Lagi.", encoding="utf-8")
        assert run_batch(tmp_path / "masuk", output).done == 2
        assert [file.name for file in Path(elsewhere).iterdir()] == ["a.txt.json"]


@pytest.mark.parametrize("device", ["pipe", "/dev/zero"])
def test_what_never_ends_in_the_place_of_a_result_fails_alone(tmp_path: Path, device: str) -> None:
    source = tmp_path / "in"
    source.mkdir()
    for number in range(2):
        (source / f"{number}.txt").write_text(page(number), encoding="utf-8")
    output = tmp_path / "out"
    run_batch(source, output)
    place = output / "0.txt.json"
    place.unlink()
    if device == "pipe":
        os.mkfifo(place)
    else:
        place.symlink_to(device)
    (output / "1.txt.json").unlink()
    with within(20):
        summary = run_batch(source, output)
    assert (summary.skipped, summary.failed) == (1, 1)
    assert place.is_symlink() or place.is_fifo()
    assert (output / "1.txt.json").is_file()


def test_a_pipe_in_the_place_of_the_list_of_results_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(page(1), encoding="utf-8")
    output = tmp_path / "out"
    output.mkdir()
    os.mkfifo(output / "results.jsonl")
    with within(20), pytest.raises(OutputError, match="it is a device or a pipe"):
        run_batch(tmp_path / "a.txt", output)


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """Fail where the block takes longer than so many seconds of time."""

    def stop(*_: object) -> None:
        pytest.fail(f"more than {seconds} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
