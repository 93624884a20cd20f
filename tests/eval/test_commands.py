import json
from pathlib import Path

import pytest

from eval.runs import read_run
from summarizer import InputError
from summarizer.models import Request, Task
from summarizer.models import embedded as adapter_folder
from summarizer.models.catalogue import DEFAULT, load_model
from tests.eval.conftest import ROWS, call, write_rows

LEADS = ["lead-1", "lead-2", "lead-3", "textrank", "oracle"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with data sets and other systems' outputs."""
    monkeypatch.chdir(tmp_path)
    write_rows(tmp_path / "set.jsonl")
    (tmp_path / "other.txt").write_text("".join(f"{row['summary']}\n" for row in ROWS), encoding="utf-8")
    (tmp_path / "dev.id").write_text("Harga naik 12 persen.\nBupati Hendra datang.\n", encoding="utf-8")
    (tmp_path / "dev.en").write_text("Prices rose by 12 percent.\nRegent Hendra came.\n", encoding="utf-8")
    (tmp_path / "mt.txt").write_text("Prices rose by 12 percent.\nHendra came.\n", encoding="utf-8")
    return tmp_path


def test_summaries_and_their_report(folder: Path) -> None:
    result = call("summaries", "--data", "set.jsonl", "--outputs", "other=other.txt", "--compare-with", "lead-1")
    for text in (*LEADS, "100.00 [100.00, 100.00]", "Difference from lead-1", "(p = ", "tok:id-1", "3 items"):
        assert text in result.stdout
    run = read_run(folder / "runs" / "summaries-set.json")
    assert [system.name for system in run.systems] == [*LEADS, "other"]
    other = run.system("other")
    assert [output.text for output in other.outputs] == [row["summary"] for row in ROWS]
    assert other.scores["rouge1"].value == 1.0
    assert other.speed == {}
    assert run.data["sha256"]
    assert {"ringkas", "rouge-score", "sacrebleu", "scipy", "trafilatura", "torch"} <= set(run.versions)
    call("report", "runs/summaries-set.json")
    assert "100.00 [100.00, 100.00]" in (folder / "runs" / "report.html").read_text(encoding="utf-8")


def test_translations_are_compared_with_signatures(folder: Path) -> None:
    result = call("translations", "--data", "dev.id", "--outputs", "mt=mt.txt", "--compare-with", "mt", "--markdown")
    assert "| system" in result.stdout
    assert "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:" in result.stdout
    run = read_run(folder / "runs" / "translations-dev.json")
    assert [system.name for system in run.systems] == ["source", "mt"]
    assert run.compared_with == "mt"
    assert run.systems[1].scores["bleu"].value > run.systems[0].scores["bleu"].value


def test_the_first_items_and_baselines_alone(folder: Path) -> None:
    call("summaries", "--data", "set.jsonl", "--no-models", "--limit", "1")
    run = read_run(folder / "runs" / "summaries-set.json")
    assert [system.name for system in run.systems] == LEADS
    assert len(run.items) == 1
    assert run.systems[1].scores["rouge1"].p is None
    result = call("translations", "--data", "dev.id", "--outputs", "mt=mt.txt", "--limit", "1")
    assert "the first 1 of 2 items" in result.stdout
    [output] = read_run(folder / "runs" / "translations-dev.json").system("mt").outputs
    assert output.text == "Prices rose by 12 percent."


def test_the_default_is_a_system_and_so_is_an_exported_adapter(folder: Path, checkpoint: Path) -> None:
    """The adapter that comes with the package gives what the default model gives."""
    arguments = ("translations", "--data", "dev.id", "--limit", 1, "--raw", "--no-baselines")
    assert "tokens/s" in call(*arguments, "-o", "a.json").stdout
    call(*arguments, "--adapter", Path(adapter_folder.__file__).parent / "adapter", "-o", "b.json")
    [default], [system] = (read_run(folder / name).systems for name in ("a.json", "b.json"))
    assert default.name == f"{DEFAULT} (raw)"
    assert system.name == "adapter (raw)"
    assert system.settings["model"] == checkpoint.name
    assert system.settings["raw"] is True
    [alone] = load_model().generate(Task.TRANSLATE, [Request("Harga naik 12 persen.")])
    assert [output.text for one in (default, system) for output in one.outputs] == [alone.text] * 2


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (("--no-models", "--model", "gemma-3-270m"), 2, "--no-models"),
        (("--no-models", "--no-baselines"), 2, "nothing to evaluate"),
        (("--outputs", "a=other.txt", "--adapter", "."), 1, "adapter"),
        (("--outputs", "other.txt"), 1, "NAME=FILE"),
        (("--outputs", "lead-1=other.txt"), 1, "same name"),
        (("--outputs", "a=other.txt", "--compare-with", "b"), 1, "'b'"),
        (("--data", "other.txt"), 1, "line 1"),
        (("--outputs", "a=other.txt", "-o", "set.jsonl/x/y.json"), 1, "cannot write"),
        (("--outputs", "a=other.txt", "--store", "other.txt"), 1, "other.txt"),
    ],
)
def test_what_is_wrong_gets_one_line(folder: Path, arguments: tuple[str, ...], code: int, word: str) -> None:
    result = call("summaries", "--data", "set.jsonl", *arguments, code=code)
    [line] = [line for line in result.stderr.split("\n") if line.startswith("Error")]
    assert word in line
    assert not list(folder.glob("runs/*.json"))


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"format": 2}', '{"format": 2, "systems": 3, "metrics": [], "items": []}', '{"format": 1}'],
)
def test_files_that_are_no_runs(tmp_path: Path, content: str) -> None:
    path = tmp_path / "run.json"
    with pytest.raises(InputError, match=r"run\.json"):
        read_run(path)
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="another version" if json.loads(content or "0") == {"format": 1} else "no"):
        read_run(path)
