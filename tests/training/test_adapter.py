"""Adapters that runs are exported as, their means, and their cards."""

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from click.testing import CliRunner
from peft import LoraConfig, get_peft_model, set_peft_model_state_dict
from safetensors.torch import load_file, save_file
from transformers import Gemma3ForCausalLM

from summarizer.models.adapter_files import read_adapter
from tests.conftest import ROOT, python
from tests.eval.conftest import call
from tests.training.conftest import SETTINGS, Make
from tests.training.test_gemma import plain, reference_loss
from training import TrainingError, adapter, card
from training.__main__ import main
from training.batches import Encoded, pack
from training.loop import LAST, read_checkpoint


def ranked(rank: int, seed: int = 0) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    a = torch.randn(rank, 6, generator=generator)
    b = torch.randn(5, rank, generator=generator)
    return {"x.lora_A.weight": a, "x.lora_B.weight": b}


def test_a_missing_model_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="cannot load the model"):
        adapter.load(tmp_path, 4, 0, False)


def test_an_exported_adapter_is_what_was_trained_to_peft_and_to_what_runs(
    make: Make, checkpoint: Path, encoded: list[Encoded], tmp_path: Path
) -> None:
    trainer = make(tmp_path / "run")
    trainer.train()
    trained = trainer.model.adapter()
    folder = adapter.export(trained, tmp_path / "adapter")
    stored = load_file(folder / "adapter_model.safetensors")
    assert {value.dtype for name, value in stored.items() if "scale" not in name} == {torch.int8}
    read = adapter.read_exported(folder)
    running = read_adapter(folder)
    assert read.keys() == running.keys() == trained.keys()
    for name, value in trained.items():
        np.testing.assert_allclose(running[name], read[name], rtol=1e-6)
        assert ((read[name] - value).abs() <= 0.51 * value.abs().amax(1, keepdim=True) / 127).all()
    base = Gemma3ForCausalLM.from_pretrained(checkpoint, dtype=torch.float32)
    reference = get_peft_model(base, LoraConfig.from_pretrained(str(folder)))
    set_peft_model_state_dict(reference, read)
    with torch.no_grad():
        expected = float(reference_loss(reference.merge_and_unload(), encoded[:1]))
        assert float(trainer.model.loss(plain(pack(encoded[:1])))) == pytest.approx(expected, rel=0.02)


def test_only_adapters_are_replaced_and_read(tmp_path: Path) -> None:
    folder = adapter.export(ranked(2), tmp_path / "adapter")
    adapter.export(ranked(3), folder)
    assert adapter.rank_of(adapter.read_exported(folder)) == 3
    with pytest.raises(TrainingError, match="holds no adapter"):
        adapter.export(ranked(2), tmp_path)
    file = folder / "adapter_model.safetensors"
    save_file({name: value for name, value in load_file(file).items() if not name.endswith(".scale")}, file)
    for content in (file.read_bytes(), b"no weights"):
        file.write_bytes(content)
        with pytest.raises(TrainingError, match="cannot read the adapter"):
            adapter.read_exported(folder)


def test_an_adapter_is_cut_to_what_changes_most() -> None:
    whole = ranked(4)
    left, sizes, right = torch.linalg.svd(whole["x.lora_B.weight"] @ whole["x.lora_A.weight"])
    cut = adapter.truncate(whole, 2)
    expected = left[:, :2] * sizes[:2] @ right[:2]
    torch.testing.assert_close(cut["x.lora_B.weight"] @ cut["x.lora_A.weight"], expected, rtol=1e-4, atol=1e-5)
    assert cut["x.lora_A.weight"].shape == (2, 6)
    # One that is low enough stays as it is: another basis would have no mean with what came from it.
    assert adapter.truncate(whole, 4) == whole


def test_a_mean_has_shares() -> None:
    one = ranked(2, 1)
    two = ranked(2, 2)
    three = ranked(2, 3)
    for states, share, parts in (
        ([one, two], None, (0.5, 0.5)),
        ([one, two, three], 0.6, (0.6, 0.2, 0.2)),
        ([one], 0.6, (1,)),
    ):
        for name, value in adapter.average(states, share).items():
            expected = sum(part * state[name] for part, state in zip(parts, states, strict=True))
            torch.testing.assert_close(value, expected)
    for other in (ranked(3), {"y.lora_A.weight": torch.ones(2, 6)}):
        with pytest.raises(TrainingError, match="no mean"):
            adapter.average([one, other])


def invoke(*arguments: object) -> Any:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_the_shipped_card_is_made_of_what_lies_beside_it() -> None:
    folder = ROOT / "summarizer" / "models" / "embedded" / "adapter"
    training, scores = (json.loads((folder / f"{name}.json").read_text("utf-8")) for name in ("training", "scores"))
    assert card.render(training, scores) == (folder / "README.md").read_text(encoding="utf-8")


def test_figures_come_from_a_run_of_the_adapter(tmp_path: Path) -> None:
    adapter.export(ranked(2), tmp_path / "own")
    card.write(tmp_path / "own", {"settings": asdict(SETTINGS), "position": {"step": 7, "tokens": 3000}, "data": []})
    # Of two lines, one is translated well.
    for file in ("dev.id", "dev.en"):
        (tmp_path / file).write_text("Ia datang.\nIa pulang.\n", encoding="utf-8")
    for name, output in (("own", "Ia datang."), ("other", "Dia pergi.")):
        (tmp_path / "out.txt").write_text(f"{output}\nIa pulang.\n", encoding="utf-8")
        options = ["--data", tmp_path / "dev.id", "--outputs", f"{name} (raw)={tmp_path / 'out.txt'}", "--no-models"]
        options += ["--no-baselines", "-o", tmp_path / f"{name}.json", "--store", tmp_path / "s.sqlite"]
        call("translations", *options)
    outcome = invoke("score", "--adapter", tmp_path / "own", tmp_path / "own.json")
    assert "chrF 100.0" in outcome.output
    text = (tmp_path / "own" / "README.md").read_text(encoding="utf-8")
    assert re.search(r"- dev, 2 items: BLEU [\d.]+, chrF 100\.0, .*empty 0\.0", text)
    assert "`BLEU nrefs:1|" in text
    run = json.loads((tmp_path / "own.json").read_text(encoding="utf-8"))
    other = (tmp_path / "other.json").read_text(encoding="utf-8")
    for bad in (other, "{", "3", "{}", json.dumps({**run, "metrics": [{}]}), json.dumps({**run, "systems": 3})):
        (tmp_path / "bad.json").write_text(bad, encoding="utf-8")
        outcome = invoke("score", "--adapter", tmp_path / "own", tmp_path / "bad.json")
        assert isinstance(outcome.exception, TrainingError), bad
    assert (tmp_path / "own" / "README.md").read_text(encoding="utf-8") == text


def test_the_command_reports_bad_input_in_one_line(tmp_path: Path) -> None:
    done = python("-m", "training", "train", "--collected", tmp_path, "--run", tmp_path / "run")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("error: cannot read ")
    assert not (tmp_path / "run").exists()
    file = tmp_path / "all.json.gz"
    outcome = invoke("ranking", "--data", file, "--adapter", tmp_path)
    assert f"{file} has 0 articles whose best sentences are known" in str(outcome.exception)
    assert "not in the range" in invoke("train", "--workers", 0).output


_RECIPE = """
pass.portion = 1.0
rare = { up_to = 0, more = 0.0 }
reverse.share = 0.2
drop.title = 0.5
limits = { passage = 160, article = 700 }
[translation]
news = { share = 2.0, origin = "Kabar", licence = "CC0" }
[summaries]
press = { share = 1.0, origin = "Kabar", licence = "CC0" }
"""


def test_the_whole_way_on_the_command_line(
    data: Path, checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("summarizer.models.catalogue.prepare_model", lambda _: checkpoint)
    (tmp_path / "recipe.toml").write_text(_RECIPE, encoding="utf-8")
    paths = {name: tmp_path / name for name in ("all.json.gz", "one", "two", "three", "four", "a1", "a2", "a3")}

    def run(command: str) -> str:
        # Names of files and folders stand for their paths.
        outcome = invoke(*(paths.get(word, word) for word in command.split()))
        assert outcome.exit_code == 0, outcome.output
        return str(outcome.output)

    recipe = f"--recipe {tmp_path / 'recipe.toml'}"
    settings = "--warmup 100 --rate 0.01 --step 700 --frequent 60 --sampled 40 --max-loss 9"
    assert "news: 5 of 6 kept" in run(f"collect --data {data} --to all.json.gz {recipe}")
    train = f"train --collected all.json.gz {recipe} {settings} --workers 1"
    assert "finished at step" in run(f"{train} --run one --rank 4 --tokens 3000")
    run("export --run one --to a1")
    heads = [load_file(paths[name] / "ranking.safetensors") for name in ("one", "a1")]
    assert torch.equal(*(head["weights"] for head in heads))
    assert "finished" in run(f"{train} --run two --from a1 --rank 3 --tokens 2000")
    run("export --run two --to a2 --with a1 --share 0.6")
    text = (tmp_path / "a2" / "README.md").read_text(encoding="utf-8")
    assert "the mean (60% of its own) of its adapter and that of seed 1" in text
    first = adapter.truncate(adapter.read_exported(tmp_path / "a1"), 3)
    late = read_checkpoint(paths["two"] / LAST)
    for name, value in adapter.read_exported(tmp_path / "a2").items():
        torch.testing.assert_close(value, 0.4 * first[name] + 0.6 * late["weights"][name], rtol=2e-2, atol=1e-3)
    # Another run that starts from the checkpoint knows all that came before it.
    run(f"{train} --run three --from {tmp_path / 'two' / LAST} --rank 3 --tokens 700")
    run("export --run three --to a3")
    text = (tmp_path / "a3" / "README.md").read_text(encoding="utf-8")
    assert text.count("seed 1, ") == 2
    for part in ("| summaries | press | Kabar | CC0 | 1 | 1 |", "more than 9 nats a token", "Not measured yet."):
        assert part in text
    (tmp_path / "a1" / "training.json").unlink()
    for command in ("export --run two --to four --with a1", f"{train} --run {tmp_path / 'five'} --device cuda:99"):
        outcome = invoke(*(paths.get(word, word) for word in command.split()))
        assert isinstance(outcome.exception, TrainingError), command
    assert not paths["four"].exists()
    assert not (tmp_path / "five").exists()
    # What another recipe would train a run on is not what it was trained on.
    (tmp_path / "recipe.toml").write_text(_RECIPE.replace("share = 2.0", "share = 9.0"), encoding="utf-8")
    known = (paths["two"] / "data.json").read_text(encoding="utf-8")
    again = f"{train} --run two --rank 3 --tokens 9000"
    assert "other data" in str(invoke(*(paths.get(word, word) for word in again.split())).exception)
    assert (paths["two"] / "data.json").read_text(encoding="utf-8") == known
