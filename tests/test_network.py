"""Our Gemma 3 beside transformers', on tiny random checkpoints: reading, writing on, and every way of choosing."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from transformers import Gemma3ForCausalLM

from summarizer.errors import ModelError
from summarizer.models.embedded import decoding
from summarizer.models.embedded.network import Network
from summarizer.models.embedded.sampling import Sampler
from summarizer.models.embedded.weights import INT8_FILE, Int8Matrix, join, quantize
from tests.tiny_gemma import write_gemma

CPU = torch.device("cpu")
STOPS = [1, 3, 40, 41]


@pytest.fixture(scope="module", params=[1, 2], ids=["one key head", "two key heads"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gemma")
    write_gemma(folder, shared_heads=request.param)
    # Random weights are so small that all tokens are about as likely: make the model say something definite.
    weights = load_file(folder / "model.safetensors")
    weights["model.norm.weight"] += 20
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    save_file(quantize(join(weights, 2)), folder / INT8_FILE)
    return folder


@pytest.fixture(scope="module")
def network(folder: Path) -> Network:
    return Network(folder, torch.float32, CPU)


@pytest.fixture(scope="module")
def reference(folder: Path) -> Gemma3ForCausalLM:
    return Gemma3ForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()


def texts(*lengths: int) -> list[list[int]]:
    dice = random.Random(5)
    return [[2, *(dice.randrange(50, 260) for _ in range(length - 1))] for length in lengths]


def expected(reference: Gemma3ForCausalLM, tokens: list[int]) -> Tensor:
    with torch.inference_mode():
        logits: Tensor = reference(torch.tensor([tokens]), use_cache=False).logits[0, -1]
    return logits


# Short, about the window of 64, and twice as long; all in one batch, so that there is padding.
LENGTHS = (1, 7, 63, 64, 65, 150)


def test_reading_gives_transformers_logits(network: Network, reference: Gemma3ForCausalLM) -> None:
    sources = texts(*LENGTHS)
    logits = network.logits(network.read(sources)[1])
    for source, line in zip(sources, logits, strict=True):
        torch.testing.assert_close(line, expected(reference, source), rtol=1e-4, atol=1e-4)


def test_what_stands_in_front_of_all_is_read_once(network: Network, reference: Gemma3ForCausalLM) -> None:
    front, *sources = texts(70, *LENGTHS)
    before, _ = network.read([front])
    logits = network.logits(network.read(sources, before)[1])
    for source, line in zip(sources, logits, strict=True):
        torch.testing.assert_close(line, expected(reference, front + source), rtol=1e-4, atol=1e-4)


def test_much_is_read_in_parts(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = texts(*LENGTHS)
    monkeypatch.setattr("summarizer.models.embedded.network._READ_TOKENS", 10_000)
    whole = network.logits(network.read(sources)[1])
    monkeypatch.setattr("summarizer.models.embedded.network._READ_TOKENS", 310)
    torch.testing.assert_close(network.logits(network.read(sources)[1]), whole)


@pytest.mark.parametrize("lengths", [(1, 7, 30), (40, 63, 64), (65, 150)], ids=str)
def test_rows_go_on_as_transformers_would(
    network: Network, reference: Gemma3ForCausalLM, lengths: tuple[int, ...]
) -> None:
    """Over more steps than memory is made for at first, rows change places and sources are forgotten on the way."""
    dice = random.Random(1)
    sources = texts(*lengths)
    memory, _ = network.read(sources)
    memory.spread(3)
    rows = [[list(source) for _ in range(3)] for source in sources]
    for step in range(80):
        if step == 50:
            memory.keep(torch.tensor([0, len(sources) - 1]))
            rows = [rows[0], rows[-1]]
        if step % 5 == 4:
            parents = [[dice.randrange(3) for _ in source] for source in rows]
            memory.move(torch.tensor(parents))
            rows = [[list(source[at]) for at in own] for source, own in zip(rows, parents, strict=True)]
        tokens = [[dice.randrange(50, 260) for _ in source] for source in rows]
        logits = network.logits(network.step(torch.tensor(tokens), memory)).view(len(rows), 3, -1)
        for source, own, lines in zip(rows, tokens, logits, strict=True):
            for row, token, line in zip(source, own, lines, strict=True):
                row.append(token)
                if step % 10 == 9:
                    torch.testing.assert_close(line, expected(reference, row), rtol=1e-4, atol=1e-4)


SOURCES = texts(3, 9, 33, 64, 90, 20, 21, 22)


def beams_of(network: Network, sources: list[list[int]], **settings: Any) -> list[decoding.Written]:
    memory, vectors = network.read(sources)
    return decoding.write_by_beams(network, memory, vectors, **settings)


@pytest.mark.parametrize("most", [1, 2, 40])
@pytest.mark.parametrize("beams", [1, 2, 4])
@pytest.mark.parametrize("stop", STOPS)
def test_the_same_text_as_transformers(
    network: Network, reference: Gemma3ForCausalLM, beams: int, most: int, stop: int
) -> None:
    written = beams_of(network, SOURCES, beams=beams, stops=[stop], most=[most] * len(SOURCES))
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
    written = beams_of(network, SOURCES, beams=1, stops=STOPS, most=[40] * len(SOURCES))
    assert len({len(tokens) for tokens, _ in written}) > 1
    assert {ended for _, ended in written} == {True, False}


@pytest.mark.parametrize("patience", [0.25, 0.5, 1.0])
def test_a_text_does_not_depend_on_its_neighbours(network: Network, patience: float) -> None:
    most = [40, 3, 1, 25, 40, 7, 12, 2]
    settings = {"beams": 4, "stops": STOPS, "patience": patience}
    together = beams_of(network, SOURCES, most=most, **settings)
    assert together == [
        beams_of(network, [source], most=[limit], **settings)[0] for source, limit in zip(SOURCES, most, strict=True)
    ]
    assert all(len(tokens) <= limit for (tokens, _), limit in zip(together, most, strict=True))


@pytest.mark.parametrize("beams", [1, 4])
def test_a_text_may_end_at_once(network: Network, reference: Gemma3ForCausalLM, beams: int) -> None:
    [source] = texts(9)
    first = int(expected(reference, source).argmax())
    assert beams_of(network, [source], beams=beams, stops=[first], most=[5], patience=0.25) == [([], True)]


def test_samples_do_not_depend_on_their_neighbours(network: Network) -> None:
    def draw(sources: list[list[int]], count: int) -> list[list[decoding.Written]]:
        memory, vectors = network.read(sources)
        samplers = [[Sampler(seed, (), str, temperature=3.0, top_p=0.95) for seed in range(count)] for _ in sources]
        return decoding.write_samples(network, memory, vectors, samplers, stops=STOPS, most=[20, 4, 9][: len(sources)])

    sources = texts(3, 9, 33)
    together = draw(sources, 4)
    assert together[0] == draw(sources[:1], 4)[0]
    assert [own[:2] for own in together] == draw(sources, 2)
    assert [max(len(tokens) for tokens, _ in own) <= most for own, most in zip(together, (20, 4, 9), strict=True)]
    assert len({tuple(tokens) for tokens, _ in together[0]}) > 1


@pytest.mark.parametrize("dtype", [torch.int8, torch.bfloat16], ids=str)
def test_fewer_bits_are_close_to_float32(folder: Path, network: Network, dtype: torch.dtype) -> None:
    rounded = Network(folder, dtype, CPU)
    sources = texts(*LENGTHS)
    (memory, vectors), (exact_memory, exact_vectors) = rounded.read(sources), network.read(sources)
    for _ in range(5):
        logits, exact = rounded.logits(vectors), network.logits(exact_vectors)
        assert torch.nn.functional.cosine_similarity(logits, exact).min() > 0.99
        tokens = exact.argmax(-1, keepdim=True)
        vectors, exact_vectors = rounded.step(tokens, memory), network.step(tokens, exact_memory)


@pytest.mark.parametrize("fine", [False, True], ids=["coarse", "fine"])
def test_a_product_in_eight_bits_does_not_depend_on_the_other_vectors(fine: bool) -> None:
    torch.manual_seed(2)
    weights = torch.randn(33, 20) * torch.logspace(-3, 3, 33)[:, None]
    stored = quantize({"matrix": weights})
    matrix = Int8Matrix(stored["matrix"], stored["matrix.scale"], fine)
    # Rounding errs by half a step at most.
    assert ((matrix.rows(torch.arange(33)) - weights).abs() <= stored["matrix.scale"][:, None] * 0.501).all()
    vectors = torch.randn(9, 20) * torch.logspace(-4, 4, 9)[:, None]
    vectors[4] = 0
    products = matrix.multiply(vectors)
    for vector, product in zip(vectors, products, strict=True):
        assert torch.equal(matrix.multiply(vector[None])[0], product)
        # Rounding a factor errs by half a step, 1/254 of the largest, in each of the 20 terms.
        step = 20 / 254 * matrix.scale * 127 * vector.abs().max()
        assert ((product - weights @ vector).abs() <= 2 * step).all()
        assert ((product - matrix.rows(torch.arange(33)) @ vector).abs() <= (step / 200 if fine else step)).all()


@pytest.mark.parametrize("fine", [False, True], ids=["coarse", "fine"])
def test_vectors_are_left_as_they_are(fine: bool) -> None:
    stored = quantize({"matrix": torch.randn(8, 8)})
    vectors = torch.randn(3, 8)
    before = vectors.clone()
    Int8Matrix(stored["matrix"], stored["matrix.scale"], fine).multiply(vectors)
    assert torch.equal(vectors, before)


@pytest.mark.parametrize("dtype", [torch.float32, torch.int8], ids=str)
@pytest.mark.parametrize("harm", ["absent", "damaged", "incomplete"])
def test_a_damaged_file_of_weights(folder: Path, tmp_path: Path, dtype: torch.dtype, harm: str) -> None:
    name = INT8_FILE if dtype is torch.int8 else "model.safetensors"
    (tmp_path / "config.json").write_bytes((folder / "config.json").read_bytes())
    if harm == "damaged":
        (tmp_path / name).write_bytes((folder / name).read_bytes()[:500])
    elif harm == "incomplete":
        weights = load_file(folder / name)
        del weights["norm" if dtype is torch.int8 else "model.norm.weight"]
        save_file(weights, tmp_path / name)
    with pytest.raises(ModelError, match="is damaged, delete the folder"):
        Network(tmp_path, dtype, CPU)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}"])
def test_a_damaged_configuration(folder: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "model.safetensors").symlink_to(folder / "model.safetensors")
    (tmp_path / "config.json").write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match="is damaged, delete the folder"):
        Network(tmp_path, torch.float32, CPU)
