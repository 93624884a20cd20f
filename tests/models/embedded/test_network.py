"""Our Gemma 3 beside transformers', on tiny random checkpoints: reading, writing on, and every way of choosing."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import Gemma3ForCausalLM

from summarizer.errors import ModelError
from summarizer.models.embedded import decoding
from summarizer.models.embedded.convert import float32_graph, read_joined, write_graph
from summarizer.models.embedded.graph import probe
from summarizer.models.embedded.network import GRAPH_FILE, PROBE_FILE, Choice, Floats, Network, _open
from summarizer.models.embedded.sampling import LIKELIEST, Sampler
from summarizer.models.embedded.weights import quantize
from tests.models.tiny_gemma import write_gemma

ROOT = Path(__file__).parents[3]
ROWS = 261
STOPS = [1, 3, 40, 41]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gemma")
    write_gemma(folder)
    # Random weights are so small that all tokens are about as likely: make the model say something definite.
    weights = load_file(folder / "model.safetensors")
    weights["model.norm.weight"] += 20
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    write_graph(folder, *read_joined(folder))
    return folder


@pytest.fixture(scope="module")
def graph(folder: Path) -> bytes:
    return float32_graph(folder)


@pytest.fixture(scope="module")
def network(folder: Path, graph: bytes) -> Network:
    return Network(folder, STOPS, graph=graph)


@pytest.fixture(scope="module")
def reference(folder: Path) -> Gemma3ForCausalLM:
    return Gemma3ForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()


def texts(*lengths: int) -> list[list[int]]:
    dice = random.Random(5)
    return [[2, *(dice.randrange(50, 260) for _ in range(length - 1))] for length in lengths]


def expected(reference: Gemma3ForCausalLM, tokens: list[int]) -> Floats:
    """Return the log probability of every token that might be next."""
    with torch.inference_mode():
        logits = reference(torch.tensor([tokens]), use_cache=False).logits[0, -1]
    scores: Floats = logits.log_softmax(-1).numpy()
    return scores


def by_token(choice: Choice) -> Floats:
    """Return the scores of all tokens in their own order."""
    scores = np.empty_like(choice.scores)
    np.put_along_axis(scores, choice.tokens, choice.scores, 1)
    return scores


def check(choice: Choice, row: int, scores: Floats) -> None:
    """Compare one row of a choice among all tokens with the scores of all tokens."""
    np.testing.assert_allclose(by_token(choice)[row], scores, rtol=1e-4, atol=1e-4)
    assert (np.diff(choice.scores[row]) <= 0).all()
    np.testing.assert_allclose(choice.ending[row], np.logaddexp.reduce(scores[STOPS]), rtol=1e-4, atol=1e-4)


# Short, about the window of 64, and twice as long; all in one batch, so that there is padding.
LENGTHS = (1, 7, 63, 64, 65, 150)


def test_reading_gives_transformers_scores(network: Network, reference: Gemma3ForCausalLM) -> None:
    sources = texts(*LENGTHS)
    _, choice = network.read(sources, most=ROWS)
    for row, source in enumerate(sources):
        check(choice, row, expected(reference, source))


def test_what_stands_in_front_of_all_is_read_once(network: Network, reference: Gemma3ForCausalLM) -> None:
    front, *sources = texts(70, *LENGTHS)
    before, _ = network.read([front], most=1)
    _, choice = network.read(sources, before, most=ROWS)
    for row, source in enumerate(sources):
        check(choice, row, expected(reference, front + source))


def test_much_is_read_in_parts(network: Network, reference: Gemma3ForCausalLM, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = texts(*LENGTHS)
    for tokens in (10_000, 310):
        monkeypatch.setattr("summarizer.models.embedded.network._READ_TOKENS", tokens)
        _, choice = network.read(sources, most=ROWS)
        for row, source in enumerate(sources):
            check(choice, row, expected(reference, source))


@pytest.mark.parametrize("lengths", [(1, 7, 30), (40, 63, 64), (65, 150)], ids=str)
def test_rows_go_on_as_transformers_would(
    network: Network, reference: Gemma3ForCausalLM, lengths: tuple[int, ...]
) -> None:
    """Over more steps than memory is made for at first, rows change places and sources are forgotten on the way."""
    dice = random.Random(1)
    sources = texts(*lengths)
    memory, _ = network.read(sources, most=1)
    memory.spread(3)
    rows = [[list(source) for _ in range(3)] for source in sources]
    for step in range(80):
        if step == 50:
            memory.keep([0, len(sources) - 1])
            rows = [rows[0], rows[-1]]
        if step % 5 == 4:
            parents = [[dice.randrange(3) for _ in source] for source in rows]
            memory.move(np.array(parents))
            rows = [[list(source[at]) for at in own] for source, own in zip(rows, parents, strict=True)]
        tokens = [[dice.randrange(50, 260) for _ in source] for source in rows]
        choice = network.step(np.array(tokens), memory, most=ROWS)
        for at, (source, own) in enumerate(zip(rows, tokens, strict=True)):
            for row, token in enumerate(own):
                source[row].append(token)
                if step % 10 == 9:
                    check(choice, 3 * at + row, expected(reference, source[row]))


SOURCES = texts(3, 9, 33, 64, 90, 20, 21, 22)


def beams_of(network: Network, sources: list[list[int]], beams: int, **settings: Any) -> list[decoding.Written]:
    memory, choice = network.read(sources, most=decoding.likeliest(beams, network))
    return decoding.write_by_beams(network, memory, choice, beams=beams, **settings)


@pytest.mark.parametrize("most", [1, 2, 40])
@pytest.mark.parametrize("beams", [1, 2, 4])
@pytest.mark.parametrize("stop", STOPS)
def test_the_same_text_as_transformers(
    folder: Path, graph: bytes, reference: Gemma3ForCausalLM, beams: int, most: int, stop: int
) -> None:
    network = Network(folder, [stop], graph=graph)
    written = beams_of(network, SOURCES, beams=beams, most=[most] * len(SOURCES))
    settings = {"num_beams": beams, **({"early_stopping": True} if beams > 1 else {})}
    for source, (tokens, ended) in zip(SOURCES, written, strict=True):
        output = reference.generate(
            torch.tensor([source]), max_new_tokens=most, do_sample=False, eos_token_id=stop, pad_token_id=0, **settings
        )[0, len(source) :].tolist()
        # At the limit, transformers may prefer a text that is cut off to one that ended.
        if stop in output or not ended:
            assert tokens == (output[: output.index(stop)] if stop in output else output)
            assert ended == (stop in output)


def test_some_texts_end_before_others(network: Network) -> None:
    """Or the tests of writing would say little."""
    written = beams_of(network, SOURCES, beams=1, most=[40] * len(SOURCES))
    assert len({len(tokens) for tokens, _ in written}) > 1
    assert {ended for _, ended in written} == {True, False}


@pytest.mark.parametrize("patience", [0.25, 0.5, 1.0])
def test_a_text_does_not_depend_on_its_neighbours(network: Network, patience: float) -> None:
    most = [40, 3, 1, 25, 40, 7, 12, 2]
    settings = {"beams": 4, "patience": patience}
    together = beams_of(network, SOURCES, most=most, **settings)
    assert together == [
        beams_of(network, [source], most=[limit], **settings)[0] for source, limit in zip(SOURCES, most, strict=True)
    ]
    assert all(len(tokens) <= limit for (tokens, _), limit in zip(together, most, strict=True))


@pytest.mark.parametrize("beams", [1, 4])
def test_a_text_may_end_at_once(folder: Path, graph: bytes, reference: Gemma3ForCausalLM, beams: int) -> None:
    [source] = texts(9)
    network = Network(folder, [int(expected(reference, source).argmax())], graph=graph)
    assert beams_of(network, [source], beams=beams, most=[5], patience=0.25) == [([], True)]


def test_samples_do_not_depend_on_their_neighbours(network: Network) -> None:
    def draw(sources: list[list[int]], count: int) -> list[list[decoding.Written]]:
        memory, choice = network.read(sources, most=LIKELIEST)
        samplers = [[Sampler(seed, (), str, temperature=3.0, top_p=0.95) for seed in range(count)] for _ in sources]
        return decoding.write_samples(network, memory, choice, samplers, most=[20, 4, 9][: len(sources)])

    sources = texts(3, 9, 33)
    together = draw(sources, 4)
    assert together[0] == draw(sources[:1], 4)[0]
    assert [own[:2] for own in together] == draw(sources, 2)
    assert [max(len(tokens) for tokens, _ in own) <= most for own, most in zip(together, (20, 4, 9), strict=True)]
    assert len({tuple(tokens) for tokens, _ in together[0]}) > 1


def test_eight_bits_are_close_to_float32(folder: Path, network: Network) -> None:
    rounded = Network(folder, STOPS)
    sources = texts(*LENGTHS)
    (memory, choice), (exact_memory, exact) = (net.read(sources, most=ROWS) for net in (rounded, network))
    for _ in range(5):
        for row, (scores, others) in enumerate(zip(by_token(choice), by_token(exact), strict=True)):
            assert abs(np.exp(others) @ (others - scores)) < 0.02, row
        tokens = exact.tokens[:, :1]
        choice, exact = rounded.step(tokens, memory, most=ROWS), network.step(tokens, exact_memory, most=ROWS)


def test_in_eight_bits_a_text_does_not_depend_on_its_neighbours(folder: Path) -> None:
    network = Network(folder, STOPS)
    front, *sources = texts(5, 9, 9, 9)
    before, _ = network.read([front], most=1)
    together = by_token(network.read(sources, before, most=ROWS)[1])
    for source, scores in zip(sources, together, strict=True):
        np.testing.assert_allclose(by_token(network.read([source], before, most=ROWS)[1])[0], scores, atol=2e-3)


@pytest.mark.parametrize("right", [True, False])
def test_slower_sums_where_the_fast_ones_are_wrong(
    folder: Path, tmp_path: Path, right: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).symlink_to(file)
    if not right:
        wrong = probe()
        wrong.graph.initializer.remove(next(value for value in wrong.graph.initializer if value.name == "scale"))
        wrong.graph.initializer.append(onnx.numpy_helper.from_array(np.array([0.999], np.float32), "scale"))
        (tmp_path / PROBE_FILE).unlink()
        onnx.save(wrong, tmp_path / PROBE_FILE)
    opened = []

    def record(graph: str | bytes, threads: int, precise: bool = False) -> Any:
        opened.append(precise)
        return _open(graph, threads, precise)

    monkeypatch.setattr("summarizer.models.embedded.network._open", record)
    before = by_token(Network(folder, STOPS).read([[2, 60]], most=ROWS)[1])
    after = by_token(Network(tmp_path, STOPS).read([[2, 60]], most=ROWS)[1])
    assert opened[-1] is not right
    np.testing.assert_allclose(before, after, atol=2e-3)


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="the system doesn't say")
def test_no_thread_runs_where_the_process_may_not(folder: Path) -> None:
    script = (
        "import os, sys\n"
        "only = min(os.sched_getaffinity(0))\n"
        "os.sched_setaffinity(0, [only])\n"
        "from pathlib import Path\n"
        "from summarizer.models.embedded.network import Network\n"
        "network = Network(Path(sys.argv[1]), [1])\n"
        "threads = [int(name) for name in os.listdir('/proc/self/task')]\n"
        "assert {cpu for thread in threads for cpu in os.sched_getaffinity(thread)} == {only}\n"
    )
    subprocess.run([sys.executable, "-c", script, str(folder)], cwd=ROOT, check=True)


def test_rounding_errs_by_half_a_step() -> None:
    torch.manual_seed(2)
    weights = torch.randn(33, 20) * torch.logspace(-3, 3, 33)[:, None]
    weights[4] = 0
    stored = quantize({"matrix": weights, "factors": weights[0]})
    scale = stored["matrix.scale"][:, None]
    assert ((stored["matrix"] * scale - weights).abs() <= scale * 0.501).all()
    assert torch.equal(stored["factors"], weights[0])


@pytest.mark.parametrize("name", [GRAPH_FILE, f"{GRAPH_FILE}.data", PROBE_FILE])
@pytest.mark.parametrize("harm", ["absent", "empty", "cut off"])
def test_a_damaged_graph(folder: Path, tmp_path: Path, name: str, harm: str) -> None:
    for file in folder.iterdir():
        if file.name != name:
            (tmp_path / file.name).symlink_to(file)
    if harm != "absent":
        (tmp_path / name).write_bytes(b"" if harm == "empty" else (folder / name).read_bytes()[:-150])
    with pytest.raises(ModelError, match="is damaged, delete the folder"):
        Network(tmp_path, STOPS)


@pytest.mark.parametrize("harm", ["absent", "damaged", "incomplete"])
def test_damaged_weights(folder: Path, tmp_path: Path, harm: str) -> None:
    name = "model.safetensors"
    (tmp_path / "config.json").write_bytes((folder / "config.json").read_bytes())
    if harm == "damaged":
        (tmp_path / name).write_bytes((folder / name).read_bytes()[:500])
    elif harm == "incomplete":
        weights = load_file(folder / name)
        del weights["model.norm.weight"]
        save_file(weights, tmp_path / name)
    with pytest.raises(ModelError, match="is damaged, delete the folder"):
        float32_graph(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}"])
def test_a_damaged_configuration(folder: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "model.safetensors").symlink_to(folder / "model.safetensors")
    (tmp_path / "config.json").write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match="is damaged, delete the folder"):
        float32_graph(tmp_path)
    with pytest.raises(ModelError, match="is damaged, delete the folder"):
        Network(tmp_path, STOPS)
