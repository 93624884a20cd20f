from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from eval.__main__ import main
from eval.runs import read_run
from summarizer import InputError
from summarizer.models import Request, Task, load_model
from summarizer.models import embedded as adapter_folder
from tests.eval.conftest import ROWS, write_rows


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a data set and another system's outputs."""
    monkeypatch.chdir(tmp_path)
    write_rows(tmp_path / "set.jsonl")
    (tmp_path / "other.txt").write_text("\n".join(row["summary"] for row in ROWS) + "\n", encoding="utf-8")
    (tmp_path / "dev.id").write_text("Harga naik 12 persen.\nBupati Hendra datang.\n", encoding="utf-8")
    (tmp_path / "dev.en").write_text("Prices rose by 12 percent.\nRegent Hendra came.\n", encoding="utf-8")
    (tmp_path / "mt.txt").write_text("Prices rose by 12 percent.\nHendra came.\n", encoding="utf-8")
    return tmp_path


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_summaries(folder: Path) -> None:
    result = call("summaries", "--data", "set.jsonl", "--outputs", "other=other.txt", "--compare-with", "lead-1")
    assert result.exit_code == 0, result.output
    for text in ("lead-2", "textrank", "oracle", "100.00 [100.00, 100.00]", "Difference from lead-1", "tok:id-1"):
        assert text in result.stdout
    assert "3 items" in result.stdout
    run = read_run(folder / "runs" / "summaries-set.json")
    assert [system.name for system in run.systems] == ["lead-1", "lead-2", "lead-3", "textrank", "oracle", "other"]
    assert run.systems[-1].outputs == [row["summary"] for row in ROWS]
    assert run.systems[-1].scores["rouge1"].value == 1.0
    assert run.data["sha256"]
    assert {"ringkas", "rouge-score", "sacrebleu", "scipy", "numpy", "trafilatura", "torch"} <= set(run.versions)


def test_translations(folder: Path) -> None:
    result = call("translations", "--data", "dev.id", "--outputs", "mt=mt.txt", "--compare-with", "mt", "--markdown")
    assert result.exit_code == 0, result.output
    assert "| system" in result.stdout
    assert "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:" in result.stdout
    run = read_run(folder / "runs" / "translations-dev.json")
    assert run.compared_with == "mt"
    assert [system.name for system in run.systems] == ["source", "mt"]
    assert run.systems[1].scores["bleu"].value > run.systems[0].scores["bleu"].value
    assert run.systems[0].scores["untranslated"].value == 1.0


def test_baselines_alone(folder: Path) -> None:
    result = call("summaries", "--data", "set.jsonl", "--no-models", "--limit", "1")
    assert result.exit_code == 0, result.output
    run = read_run(folder / "runs" / "summaries-set.json")
    assert [system.name for system in run.systems] == ["lead-1", "lead-2", "lead-3", "textrank", "oracle"]
    assert run.systems[1].scores["rouge1"].p is None


def test_the_first_items_of_a_file_of_outputs(folder: Path) -> None:
    result = call("translations", "--data", "dev.id", "--outputs", "mt=mt.txt", "--limit", "1")
    assert result.exit_code == 0, result.output
    assert read_run(folder / "runs" / "translations-dev.json").systems[1].outputs == ["Prices rose by 12 percent."]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--no-models", "--model", "gemma-3-270m"), "--model and --no-models exclude each other"),
        (("--no-models", "--no-baselines"), "there is nothing to evaluate"),
    ],
)
def test_wrong_usage(folder: Path, arguments: tuple[str, ...], message: str) -> None:
    result = call("summaries", "--data", "set.jsonl", *arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_model_beside_others_and_again_from_the_store(folder: Path, checkpoint: Path) -> None:
    arguments = ("summaries", "--data", "set.jsonl", "--limit", "2", "--no-baselines")
    first = call(*arguments, "--model", "gemma-3-270m-ringkas", "-o", "a.json")
    assert first.exit_code == 0, first.output
    assert "the first 2 of 3 items" in first.stdout
    # Without --model, the default is meant.
    second = call(*arguments, "-o", "b.json")
    assert second.exit_code == 0, second.output
    one, two = read_run(folder / "a.json").systems[0], read_run(folder / "b.json").systems[0]
    assert (one.speed["from_store"], two.speed["from_store"]) == (0, 2)
    assert (one.outputs, one.scores, one.settings) == (two.outputs, two.scores, two.settings)


def test_an_exported_adapter_is_a_system(folder: Path, checkpoint: Path) -> None:
    """The adapter that comes with the package gives what the default model gives."""
    own = Path(adapter_folder.__file__).parent / "adapter"
    result = call("translations", "--data", "dev.id", "--limit", "1", "--adapter", str(own), "--raw", "--no-baselines")
    assert result.exit_code == 0, result.output
    [system] = read_run(folder / "runs" / "translations-dev.json").systems
    assert (system.name, system.settings["model"], system.settings["raw"]) == ("adapter (raw)", checkpoint.name, True)
    [alone] = load_model().generate(Task.TRANSLATE, [Request("Harga naik 12 persen.")])
    assert system.outputs == [alone.text]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--outputs", "a=other.txt", "--adapter", "."), "holds no exported adapter"),
        (("--outputs", "other.txt"), "--outputs takes NAME=FILE, not 'other.txt'"),
        (("--outputs", "a=missing.txt"), "cannot read missing.txt"),
        (("--outputs", "lead-1=other.txt"), "two systems have the same name"),
        (("--outputs", "a=other.txt", "--compare-with", "b"), "there is no system 'b' to compare with"),
        (("--outputs", "a=other.txt", "--text-field", "body"), "line 1 has no field"),
        (("--model", "gemma-9"), "unknown model 'gemma-9'"),
        (("--outputs", "a=other.txt", "-o", "set.jsonl/x/y.json"), "cannot write"),
        (("--outputs", "a=other.txt", "--store", "other.txt"), "cannot use other.txt"),
    ],
)
def test_what_is_wrong_gets_one_line(folder: Path, arguments: tuple[str, ...], message: str) -> None:
    result = call("summaries", "--data", "set.jsonl", *arguments)
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    [line] = [line for line in result.stderr.split("\n") if line.startswith("Error")]
    assert message in line
    assert not list(folder.glob("runs/*.json"))


def test_data_that_is_not_there(folder: Path) -> None:
    result = call("summaries", "--data", "nothing.jsonl")
    assert result.exit_code == 2
    assert "nothing.jsonl" in result.stderr


def test_files_that_are_no_runs(tmp_path: Path) -> None:
    for content in ("", "[]", "{}", '{"format": 1}', '{"format": 1, "systems": 3, "metrics": [], "items": []}'):
        path = tmp_path / "run.json"
        path.write_text(content, encoding="utf-8")
        with pytest.raises(InputError, match=r"is not a run file"):
            read_run(path)
    path.write_text(json.dumps({"format": 0}), encoding="utf-8")
    with pytest.raises(InputError, match=r"another version"):
        read_run(path)


def test_help_loads_no_heavy_library() -> None:
    program = (
        "import sys; sys.argv = ['eval', 'summaries', '--help']\n"
        "from eval.__main__ import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print([name for name in ('torch', 'scipy', 'matplotlib', 'rouge_score', 'nltk') if name in sys.modules])"
    )
    root = Path(__file__).parents[2]
    output = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert output.stdout.strip().endswith("[]")
