import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from eval.data import Benchmark, DataSet, Sample
from eval.metrics import Output
from eval.runs import Run, evaluate
from eval.systems import Model, Outputs, System, Writer
from summarizer import InputError, RingkasError
from summarizer.errors import OutputError
from summarizer.models.base import Request, Task
from summarizer.models.catalogue import load_model
from tests.conftest import ARTICLE, ROOT, until

ITEMS = tuple(Sample(str(number), None, (f"Kalimat {number}. Lagi.",), ("x",)) for number in range(5))
NAME = "gemma-3-270m-ringkas"


class SlowModel(System):
    """Writes the first sentence of each item, a little slowly, and puts down what it was asked for in a file."""

    name = "slow"
    is_model = True
    batch = 2

    def __init__(self, log: Path, version: int = 1, seconds: float = 0.0) -> None:
        self._log = log
        self._version = version
        self._seconds = seconds

    def settings(self) -> dict[str, Any]:
        return {"version": self._version}

    def start(self) -> Writer:
        self._note("start")
        return self._write

    def _write(self, items: Sequence[Sample]) -> list[Output]:
        for item in items:
            time.sleep(self._seconds)
            self._note(item.id)
        return [Output(f"{item.text.split('.')[0]}.", 5, ("slow",), ("lead",)) for item in items]

    def _note(self, text: str) -> None:
        with self._log.open("a", encoding="utf-8") as file:
            file.write(f"{text}\n")


def asked(log: Path) -> list[str]:
    return log.read_text(encoding="utf-8").split() if log.exists() else []


def run(store: Path, *systems: System, items: tuple[Sample, ...] = ITEMS, benchmark: Benchmark = "summaries") -> Run:
    return evaluate(benchmark, DataSet("set", "json", "", "", 5, items), systems, store=store)


def test_what_was_written_is_not_written_again(tmp_path: Path) -> None:
    store = tmp_path / "runs" / "s.sqlite"
    log = tmp_path / "log"
    [first] = run(store, SlowModel(log, seconds=0.01), items=ITEMS[:3]).systems
    assert asked(log) == ["start", "0", "1", "2"]
    [second] = run(store, SlowModel(log, seconds=0.01)).systems
    assert asked(log)[4:] == ["start", "3", "4"]
    [third] = run(store, SlowModel(log)).systems
    assert len(asked(log)) == 7
    assert third.outputs == second.outputs
    assert third.outputs[:3] == first.outputs
    assert third.outputs[4] == Output("Kalimat 4.", 5, ("slow",), ("lead",))
    # The speed of outputs from the store is that of the run that wrote them.
    assert third.speed == second.speed
    assert third.speed["items_per_minute"] <= 60 / 0.01
    assert third.speed["tokens_per_second"] == pytest.approx(5 * third.speed["items_per_minute"] / 60)


def test_other_settings_items_and_tasks_are_something_else(tmp_path: Path) -> None:
    store = tmp_path / "s.sqlite"
    log = tmp_path / "log"
    run(store, SlowModel(log), items=ITEMS[:1])
    run(store, SlowModel(log, version=2), items=ITEMS[:1])
    run(store, SlowModel(log), items=ITEMS[:1], benchmark="translations")
    run(store, SlowModel(log), items=(Sample("0", "Judul", ITEMS[0].paragraphs, ("x",)),))
    assert asked(log).count("0") == 4
    # References and ids change nothing about what is written.
    run(store, SlowModel(log), items=(Sample("9", None, ITEMS[0].paragraphs, ("y",)),))
    assert len(asked(log)) == 8


_KILLED = """
import sys
from pathlib import Path
from tests.eval.test_runs import SlowModel, run

run(Path(sys.argv[2]), SlowModel(Path(sys.argv[1]), seconds=0.3))
"""


def test_a_run_that_was_killed_goes_on_where_it_stopped(tmp_path: Path) -> None:
    log = tmp_path / "log"
    store = tmp_path / "s.sqlite"
    with subprocess.Popen([sys.executable, "-c", _KILLED, str(log), str(store)], cwd=ROOT) as process:
        # In the middle of the second batch of two.
        until(lambda: "2" in asked(log))
        process.kill()
    before = asked(log)
    [system] = run(store, SlowModel(log)).systems
    assert asked(log)[len(before) :] in (["start", "2", "3", "4"], ["start", "4"])
    assert [output.text for output in system.outputs] == [f"Kalimat {number}." for number in range(5)]


def test_the_engine_is_part_of_a_model_s_name() -> None:
    assert Model("summaries", "opus-mt-id-en#ctranslate2").name == "opus-mt-id-en#ctranslate2"
    # The embedded model would run as ever, and its figures would stand under the engine's name.
    with pytest.raises(InputError, match="ctranslate2"):
        Model("summaries", "gemma-3-270m#ctranslate2").settings()
    with pytest.raises(InputError, match="marian"):
        Model("summaries", "a/b#marian")


def test_what_is_wrong_shows_before_a_model_works(tmp_path: Path) -> None:
    log = tmp_path / "log"
    store = tmp_path / "s.sqlite"
    with pytest.raises(RingkasError, match=r"missing\.txt"):
        run(store, SlowModel(log), Outputs("other", tmp_path / "missing.txt", 5))
    store.write_text("no database at all, but long enough to be looked at" * 99, encoding="utf-8")
    with pytest.raises(OutputError, match=r"s\.sqlite"):
        run(store, SlowModel(log))
    assert not log.exists()


def test_the_embedded_model_takes_texts_as_they_are(checkpoint: Path, tmp_path: Path) -> None:
    # Too short to be an article, and no Indonesian: an evaluation refuses neither.
    items = (Sample("a", None, (ARTICLE,), ("x",)), Sample("b", None, ("Rain fell.",), ("x",)))
    [system] = run(tmp_path / "s.sqlite", Model("summaries", NAME), items=items).systems
    assert "taman" in system.outputs[0].text
    assert system.outputs[1].text
    assert checkpoint.name in system.settings["model"]
    assert system.speed["tokens_per_second"]
    items = (Sample("b", None, ("Dia membeli 12 buku.", "Itu mahal."), ("x",)),)
    [system] = run(tmp_path / "s.sqlite", Model("translations", NAME), items=items, benchmark="translations").systems
    assert "12" in system.outputs[0].text
    # Raw abstracts are those of the model alone.
    source = " ".join(ARTICLE.split()[:60])
    [written] = Model("summaries", NAME, raw=True).start()([Sample("a", None, (source,), ("x",))])
    model = load_model(NAME)
    [alone] = model.generate(Task.SUMMARIZE, [Request(source)])
    assert written.text == alone.text
    assert written.tokens == model.count_tokens(alone.text)
    assert written.repairs == ()


@pytest.mark.parametrize(
    ("content", "count", "texts"),
    [
        ("a\n\nc  d\ne\nf", 5, ["a", "", "c d", "e", "f"]),
        # The first items of a file of all outputs.
        ("a\n\nc  d\ne\nf\n", 2, ["a", ""]),
        ("a\nb\n", 5, None),
        ("", 5, None),
    ],
)
def test_a_file_of_outputs_has_a_line_for_each_item(
    tmp_path: Path, content: str, count: int, texts: list[str] | None
) -> None:
    (tmp_path / "o.txt").write_text(content, encoding="utf-8")
    write = Outputs("o", tmp_path / "o.txt", 5).start()
    with nullcontext() if texts else pytest.raises(InputError, match=r"o\.txt"):
        assert [output.text for output in write(ITEMS[:count])] == texts
