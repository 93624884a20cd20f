from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from eval.data import DataSet, Output, Sample
from eval.runs import digest, evaluate, peak_memory, run_apart, run_system
from eval.systems import Outputs, SummaryModel, TranslationModel
from summarizer import InputError, RingkasError
from summarizer.errors import OutputError
from summarizer.models.base import Request, Task
from summarizer.models.catalogue import load_model
from summarizer.storage.store import Store
from tests.conftest import ARTICLE
from tests.eval.conftest import SlowModel

ITEMS = [Sample(str(number), None, (f"Kalimat {number}. Lagi.",), ("x",)) for number in range(5)]


def asked(log: Path) -> list[str]:
    return log.read_text(encoding="utf-8").split() if log.exists() else []


def test_what_was_written_is_not_written_again(tmp_path: Path) -> None:
    store, log = tmp_path / "runs" / "s.sqlite", tmp_path / "log"
    progress: list[int] = []
    first = run_system(SlowModel(log), "summaries", ITEMS[:3], store, progress.append)
    assert asked(log) == ["warm-up", "0", "1", "2"]
    assert sum(progress) == 3
    second = run_system(SlowModel(log), "summaries", ITEMS, store)
    assert asked(log) == ["warm-up", "0", "1", "2", "warm-up", "3", "4"]
    third = run_system(SlowModel(log), "summaries", ITEMS, store)
    assert len(asked(log)) == 7
    assert third.outputs == second.outputs
    assert third.outputs[:3] == first.outputs
    assert third.outputs[4] == Output("Kalimat 4.", 5, ("slow",), ("candidate",))
    assert first.speed is not None
    assert second.speed is not None
    assert third.speed is not None
    assert (first.speed.from_store, second.speed.from_store, third.speed.from_store) == (0, 3, 5)
    # The speed of outputs from the store is that of the run that wrote them.
    assert third.speed.items_per_minute == second.speed.items_per_minute


def test_other_settings_items_and_tasks_are_something_else(tmp_path: Path) -> None:
    store, log = tmp_path / "s.sqlite", tmp_path / "log"
    run_system(SlowModel(log), "summaries", ITEMS[:1], store)
    run_system(SlowModel(log, version=2), "summaries", ITEMS[:1], store)
    run_system(SlowModel(log), "translations", ITEMS[:1], store)
    run_system(SlowModel(log), "summaries", [Sample("0", "Judul", ITEMS[0].paragraphs, ("x",))], store)
    assert asked(log).count("0") == 4
    # References and ids change nothing about what is written.
    run_system(SlowModel(log), "summaries", [Sample("9", None, ITEMS[0].paragraphs, ("y",))], store)
    assert len(asked(log)) == 8


def test_speed_leaves_the_warm_up_out(tmp_path: Path) -> None:
    class Heavy(SlowModel):
        def warm_up(self) -> None:
            time.sleep(0.3)

    run = run_system(Heavy(tmp_path / "log", seconds=0.02), "summaries", ITEMS, tmp_path / "s.sqlite")
    assert run.speed is not None
    assert run.speed.warm_up is not None
    assert run.speed.warm_up >= 0.3
    assert 60 / 0.2 < run.speed.items_per_minute <= 60 / 0.02
    assert run.speed.tokens_per_second == pytest.approx(5 * run.speed.items_per_minute / 60)
    assert run.speed.peak_mb is not None
    assert 20 < run.speed.peak_mb < 20_000


_KILLED = """
import sys
from pathlib import Path
from eval.runs import run_apart
from tests.eval.conftest import SlowModel
from tests.eval.test_runs import ITEMS

if __name__ == "__main__":
    run_apart(SlowModel(Path(sys.argv[1]), seconds=0.8), "summaries", ITEMS, Path(sys.argv[2]))
"""


def test_a_run_that_was_killed_goes_on_where_it_stopped(tmp_path: Path) -> None:
    log, path, script = tmp_path / "log", tmp_path / "s.sqlite", tmp_path / "script.py"
    script.write_text(_KILLED, encoding="utf-8")
    root = str(Path(__file__).parents[2])
    process = subprocess.Popen(
        [sys.executable, str(script), str(log), str(path)], env={**os.environ, "PYTHONPATH": root}, cwd=root
    )
    try:
        deadline = time.monotonic() + 60
        # In the middle of the second batch of two.
        while "2" not in asked(log):
            assert process.poll() is None, "it ended before it was killed"
            assert time.monotonic() < deadline
            time.sleep(0.02)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    # Its worker finds out when it has finished the batch.
    time.sleep(2.5)
    after = asked(log)
    assert "4" not in after, "the worker went on without its parent"
    with Store(path) as store:
        kept = [item for item in ITEMS if store.get(digest("summaries", {"version": 1}, item))]
        assert len(kept) in (2, 4)
        assert store.get(digest("summaries", {"version": 1}))["peak_mb"]
    run = run_system(SlowModel(log), "summaries", ITEMS, path)
    assert asked(log)[len(after) :] == ["warm-up", *(str(number) for number in range(len(kept), 5))]
    assert [output.text for output in run.outputs] == [f"Kalimat {number}." for number in range(5)]


def test_a_process_of_its_own(tmp_path: Path) -> None:
    progress: list[int] = []
    run = run_apart(SlowModel(tmp_path / "log"), "summaries", ITEMS, tmp_path / "s.sqlite", progress.append)
    assert [output.text for output in run.outputs] == [f"Kalimat {number}." for number in range(5)]
    assert sum(progress) == 5
    here = peak_memory()
    assert here is not None
    assert run.speed is not None
    assert run.speed.peak_mb is not None
    assert run.speed.peak_mb < 2 * here


def test_what_is_wrong_there_is_said_here(tmp_path: Path) -> None:
    with pytest.raises(RingkasError, match="unknown model 'gemma-9'"):
        run_apart(SummaryModel("gemma-9"), "summaries", ITEMS, tmp_path / "s.sqlite")


def test_the_engine_is_part_of_a_model_s_name() -> None:
    assert SummaryModel("opus-mt-id-en#ctranslate2").name == "opus-mt-id-en#ctranslate2"
    # The embedded model would run as ever, and its figures would stand under the engine's name.
    with pytest.raises(InputError, match="gemma-3-270m#ctranslate2: ctranslate2 runs only encoder-decoders"):
        SummaryModel("gemma-3-270m#ctranslate2").settings()
    with pytest.raises(InputError, match="unknown engine 'marian' in a/b#marian"):
        SummaryModel("a/b#marian")


def test_the_weights_of_a_folder_are_known_by_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "checkpoint"
    folder.mkdir()
    (folder / "config.json").write_text('{"model_type": "t5"}', encoding="utf-8")
    (folder / "tokenizer.json").write_text("{}", encoding="utf-8")
    (folder / "model.safetensors").write_bytes(b"1")
    system = SummaryModel(str(folder))
    before = system.settings()
    assert system.name == "checkpoint"
    assert system.settings() == before
    (folder / "model.safetensors").write_bytes(b"12")
    assert system.settings() != before


class Dying(SlowModel):
    def warm_up(self) -> None:
        os._exit(3)


def test_a_process_that_dies(tmp_path: Path) -> None:
    with pytest.raises(RingkasError, match="the process of slow ended with code 3"):
        run_apart(Dying(tmp_path / "log"), "summaries", ITEMS, tmp_path / "s.sqlite")


class Greedy(SlowModel):
    def warm_up(self) -> None:
        raise MemoryError("Unable to allocate 168 GiB")


def test_a_process_without_enough_memory(tmp_path: Path) -> None:
    with pytest.raises(RingkasError, match="slow needs more memory than there is: Unable to allocate 168 GiB"):
        run_apart(Greedy(tmp_path / "log"), "summaries", ITEMS, tmp_path / "s.sqlite")


def test_files_of_outputs_are_read_before_a_model_works(tmp_path: Path) -> None:
    systems = [SlowModel(tmp_path / "log"), Outputs("other", tmp_path / "missing.txt")]
    with pytest.raises(RingkasError, match=r"cannot read .*missing\.txt"):
        evaluate("summaries", DataSet("set", "json", "", "", 5, tuple(ITEMS)), systems, store=tmp_path / "s.sqlite")
    assert not (tmp_path / "log").exists()


def test_a_store_that_is_something_else(tmp_path: Path) -> None:
    (tmp_path / "s.sqlite").write_text("no database at all, but long enough to be looked at" * 99, encoding="utf-8")
    with pytest.raises(OutputError, match=r"cannot use .*s\.sqlite"):
        run_system(SlowModel(tmp_path / "log"), "summaries", ITEMS, tmp_path / "s.sqlite")


def test_a_store_of_another_version(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "s.sqlite") as database:
        database.execute("CREATE TABLE outputs (key TEXT)")
    database.close()
    with pytest.raises(OutputError, match=r"s\.sqlite was not made by this version of Ringkas"):
        run_system(SlowModel(tmp_path / "log"), "summaries", ITEMS, tmp_path / "s.sqlite")
    assert not (tmp_path / "log").exists()


def test_the_embedded_model_takes_articles_as_they_are(checkpoint: Path, tmp_path: Path) -> None:
    items = [
        Sample("a", None, (ARTICLE,), ("x",)),
        # Too short to be an article, and no Indonesian: an evaluation refuses neither.
        Sample("b", None, ("Rain fell.",), ("x",)),
    ]
    run = run_system(SummaryModel("gemma-3-270m-ringkas"), "summaries", items, tmp_path / "s.sqlite")
    assert "taman" in run.outputs[0].text
    assert run.outputs[1].text
    assert checkpoint.name in run.settings["model"]
    assert run.speed is not None
    assert run.speed.tokens_per_second


def test_the_embedded_model_translates_item_by_item(checkpoint: Path, tmp_path: Path) -> None:
    items = [
        Sample("a", None, ("Presiden membuka rapat.",), ("x",)),
        Sample("b", None, ("Dia membeli 12 buku.", "Itu mahal."), ("x",)),
    ]
    run = run_system(TranslationModel("gemma-3-270m-ringkas"), "translations", items, tmp_path / "s.sqlite")
    assert "president" in run.outputs[0].text.casefold()
    assert "12" in run.outputs[1].text


def test_raw_outputs_are_those_of_the_model_alone(checkpoint: Path) -> None:
    name = "gemma-3-270m-ringkas"
    model = load_model(name)
    system = SummaryModel(name, raw=True)
    assert (system.name, system.settings()["raw"]) == (f"{name} (raw)", True)
    source = " ".join(ARTICLE.split()[:60])
    [written] = system.write([Sample("a", None, (source,), ("x",))])
    [alone] = model.generate(Task.SUMMARIZE, [Request(source)])
    assert (written.text, written.repairs) == (alone.text, ())
    text = "Presiden membeli 12 buku."
    [written] = TranslationModel(name, raw=True).write([Sample("c", None, (text,), ("x",))])
    [alone] = model.generate(Task.TRANSLATE, [Request(text)])
    assert (written.text, written.tokens) == (alone.text, model.count_tokens(alone.text))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("o.txt", "a\nb\n", "has 2 lines, but there are 5 items"),
        ("o.jsonl", '{"id": "0", "output": "a"}\n', "has no output for 4 items, the first is '1'"),
        ("o.jsonl", '{"id": "0"}\n', "line 1 has no field 'output'"),
        ("o.jsonl", "{}\n", "line 1 has no field 'id'"),
        ("o.jsonl", '{"id"\n', "line 1 is not JSON"),
        ("o.jsonl", '["id", "output"]\n', "line 1 is not a JSON object"),
        (
            "o.jsonl",
            '{"id": 0, "output": "a"}\n{"id": "0", "output": "b"}\n',
            "line 2: a second output for the item '0'",
        ),
        ("o.jsonl", '{"id": "0", "output": 1}\n', "line 1: the output is not a string"),
    ],
)
def test_bad_files_of_outputs(tmp_path: Path, name: str, content: str, message: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        Outputs("other", tmp_path / name).write(ITEMS)
    assert message in str(caught.value)


def test_files_of_outputs(tmp_path: Path) -> None:
    (tmp_path / "o.txt").write_text("a\n\nc  d\ne\nf", encoding="utf-8")
    assert [output.text for output in Outputs("o", tmp_path / "o.txt").write(ITEMS)] == ["a", "", "c d", "e", "f"]
    rows = "".join(f'{{"id": {number}, "output": "t{number}"}}\n' for number in (4, 3, 2, 1, 0))
    (tmp_path / "o.jsonl").write_text(rows, encoding="utf-8")
    assert [output.text for output in Outputs("o", tmp_path / "o.jsonl").write(ITEMS)] == ["t0", "t1", "t2", "t3", "t4"]


def test_a_file_of_all_outputs_where_the_first_items_are_taken(tmp_path: Path) -> None:
    (tmp_path / "o.txt").write_text("a\nb\nc\nd\ne\n", encoding="utf-8")
    assert [output.text for output in Outputs("o", tmp_path / "o.txt", total=5).write(ITEMS[:2])] == ["a", "b"]
    with pytest.raises(InputError, match="has 5 lines, but there are 9 items"):
        Outputs("o", tmp_path / "o.txt", total=9).write(ITEMS[:2])
