from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import torch
from click.testing import CliRunner
from transformers import Gemma3ForCausalLM, Gemma3TextConfig

from eval.__main__ import main
from eval.speed import Machine, Measured, Phase, _phases, find_pages, format_table, measure_machine
from summarizer.errors import InputError
from summarizer.models.embedded.beam_search import beam_search
from summarizer.models.embedded.convert import read_tensors, write_graph
from summarizer.models.embedded.runtime import Runtime
from tests.models.tiny_gemma import write_gemma

PAGE = Path(__file__).parents[1] / "samples" / "jembatan.txt"


def test_reference_texts_and_index_pages_are_no_pages(tmp_path: Path) -> None:
    shutil.copy(PAGE, tmp_path / "a.txt")
    shutil.copy(PAGE, tmp_path / "a.ref.txt")
    (tmp_path / "b.txt").write_text("Beranda\nTerpopuler\nLogin\n", encoding="utf-8")
    assert list(find_pages(tmp_path)) == [tmp_path / "a.txt"]


def test_a_folder_without_articles(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no page"):
        find_pages(tmp_path)
    outcome = CliRunner().invoke(main, ["speed", "--articles", str(tmp_path)])
    assert (outcome.exit_code, outcome.output.count("\n")) == (1, 1)


@pytest.mark.parametrize("model", ["opus-mt-id-en", "no-such-model"])
def test_a_model_that_the_baseline_cannot_run(model: str) -> None:
    outcome = CliRunner().invoke(main, ["speed", "--model", model])
    assert (outcome.exit_code, outcome.output.count("\n")) == (1, 1)
    assert model in outcome.output


def test_reading_and_writing_are_told_apart() -> None:
    config = Gemma3TextConfig(
        vocab_size=64,
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=8,
    )
    model = Gemma3ForCausalLM(config).eval()
    with _phases() as (prefill, decode):
        model.generate(torch.ones(3, 7, dtype=torch.long), min_new_tokens=5, max_new_tokens=5, do_sample=False)
    assert (prefill.passes, prefill.tokens) == (1, 21)
    assert (decode.passes, decode.tokens) == (4, 12)
    assert prefill.seconds > 0
    assert decode.seconds > 0
    model.generate(torch.ones(1, 2, dtype=torch.long), max_new_tokens=1)
    assert prefill.passes == 1


def test_our_own_runtime_is_timed_too(tmp_path: Path) -> None:
    write_gemma(tmp_path)
    config = json.loads((tmp_path / "config.json").read_text(encoding="utf-8"))
    write_graph(tmp_path, config, read_tensors(tmp_path / "model.safetensors"))
    runtime = Runtime(tmp_path, [1])
    with _phases() as (prefill, decode):
        beam_search(runtime, [[2, 60, 61], [2]], beams=3, max_new_tokens=[4, 4])
    assert (prefill.passes, prefill.tokens) == (1, 4)
    assert (decode.passes, decode.tokens) == (3, 18)
    assert prefill.seconds > 0
    assert decode.seconds > 0


def test_the_machine_is_measured() -> None:
    machine = measure_machine(None)
    assert machine.bandwidth > 1e8
    assert machine.products > 1e8


def test_ratios_and_shares_of_the_limit() -> None:
    def measured(article: float, count: int, minutes: float) -> dict[str, Any]:
        prefill, decode = Phase(2.0, 1, 1000), Phase(4.0, 100, 1600)
        return asdict(
            Measured(
                3.0,
                article,
                9.0,
                count,
                minutes,
                900.0,
                prefill,
                decode,
                weight_bytes=2 * 10**8,
                weights=10**8,
                layer_weights=10**8,
            )
        )

    table = format_table(
        {
            "model": "uji",
            "pages": 20,
            "near": {"page": "a.txt", "words": 400},
            "command": {"help": 0.1, "summarize": 5.0},
            "machine": asdict(Machine(bandwidth=10**10, products=10**11)),
            "ringkas": measured(2.0, 20, 1.0),
            "ringkas on the baseline's pages": measured(2.0, 6, 0.3),
            "plain": measured(15.0, 6, 3.0),
            "same abstracts": 5,
        }
    )
    rows = [" ".join(line.split()) for line in table.split("\n")]
    assert "article of 400 words (s) 2.00 15.00 7.5" in rows
    assert "articles a minute, 6 pages 20.0 2.0 10.0" in rows
    # 2 x 10^8 bytes at 10^10 a second take 20 ms; a pass took 4 s / 100.
    assert "decode 20.0 ms a pass 40.0 ms 50 %" in rows
    # 1,000 tokens x 10^8 weights at 10^11 a second take 1 s.
    assert "prefill 1.0 s 2.0 s 50 %" in rows
    assert "Same abstract as the baseline: 5 of 6" in rows
