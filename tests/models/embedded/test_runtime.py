"""Our Gemma 3 beside transformers', on tiny random checkpoints: reading, writing on, and every way of choosing."""

import json
import os
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import Gemma3ForCausalLM

from summarizer.errors import ModelError
from summarizer.models.embedded.beam_search import Continuation, beam_search
from summarizer.models.embedded.build import probe
from summarizer.models.embedded.convert import write_graph
from summarizer.models.embedded.kv_cache import Floats
from summarizer.models.embedded.runtime import GRAPH_FILE, PROBE_FILE, NextTokens, Runtime
from tests.conftest import python
from tests.models.tiny_gemma import prefix_masks, write_gemma
from training.batches import Encoded
from training.smoothing import find_steps

ROWS = 261
STOPS = [1, 3, 40, 41]
GRAPH = (GRAPH_FILE, f"{GRAPH_FILE}.data", PROBE_FILE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_gemma(tmp_path_factory.mktemp("gemma"))
    # Random weights are so small that all tokens are about as likely: make the model say something definite.
    weights = load_file(folder / "model.safetensors")
    weights["model.norm.weight"] += 20
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    return _write_graph(folder, find_steps(folder, [Encoded(tuple(text), len(text) // 2) for text in texts(20, 60)]))


def _write_graph(folder: Path, steps: Mapping[str, Floats] | None) -> Path:
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    weights = {name: value.float().numpy() for name, value in load_file(folder / "model.safetensors").items()}
    write_graph(folder, config, weights, steps)
    return folder


def copy(folder: Path, target: Path, *without: str) -> Path:
    """Link all files but some into another folder."""
    for file in folder.iterdir():
        if file.name not in without:
            (target / file.name).symlink_to(file)
    return target


@pytest.fixture(scope="module")
def exact(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same checkpoint with a graph in float32."""
    return _write_graph(copy(folder, tmp_path_factory.mktemp("exact"), *GRAPH), None)


@pytest.fixture(scope="module")
def without_steps(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same checkpoint in 8 bits, whose vectors all have a scale of their own."""
    return _write_graph(copy(folder, tmp_path_factory.mktemp("own"), *GRAPH), {})


@pytest.fixture(scope="module")
def runtime(exact: Path) -> Runtime:
    return Runtime(exact, STOPS)


@pytest.fixture(scope="module")
def both_ways(exact: Path, tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    """A runtime in float32 that reads prompts both ways."""
    folder = copy(exact, tmp_path_factory.mktemp("both_ways"), "config.json")
    config = json.loads((exact / "config.json").read_text(encoding="utf-8"))
    (folder / "config.json").write_text(json.dumps(config | {"prefix_attention": True}), encoding="utf-8")
    return Runtime(folder, STOPS)


@pytest.fixture(scope="module")
def reference(folder: Path) -> Gemma3ForCausalLM:
    return Gemma3ForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()


def texts(*lengths: int) -> list[list[int]]:
    rng = random.Random(5)
    return [[2, *(rng.randrange(50, 260) for _ in range(length - 1))] for length in lengths]


def expected(
    reference: Gemma3ForCausalLM, prompt: list[int], text: Sequence[int] = (), *, both_ways: bool = False
) -> Floats:
    """Return the log probability of every token after a prompt, and after each token of a text that follows it.

    Both ways means that the tokens of the prompt see each other.
    """
    tokens = [*prompt, *text]
    masks = prefix_masks(len(prompt), len(tokens), reference.config.sliding_window) if both_ways else None
    with torch.inference_mode():
        logits = reference(torch.tensor([tokens]), attention_mask=masks, use_cache=False).logits[0]
    scores: Floats = logits[len(prompt) - 1 :].log_softmax(-1).numpy()
    return scores


def scores_of(text: Sequence[int], scores: Floats, *, ends: bool = True) -> list[float]:
    """Pick the scores of a text's own tokens, and of its end."""
    own = [float(row[token]) for row, token in zip(scores, text, strict=False)]
    return own + [float(np.logaddexp.reduce(scores[-1][STOPS]))] * ends


def by_token(choice: NextTokens) -> Floats:
    """Return the scores of all tokens in their own order."""
    scores = np.empty_like(choice.log_probs)
    np.put_along_axis(scores, choice.tokens, choice.log_probs, 1)
    return scores


def check(choice: NextTokens, row: int, scores: Floats) -> None:
    """Compare one row of a choice among all tokens with the scores of all tokens."""
    np.testing.assert_allclose(by_token(choice)[row], scores, rtol=1e-4, atol=1e-4)
    assert (np.diff(choice.log_probs[row]) <= 0).all()
    np.testing.assert_allclose(choice.eos[row], np.logaddexp.reduce(scores[STOPS]), rtol=1e-4, atol=1e-4)


# Short, about the window of 64, and twice as long, more of these than are read at a time; there is padding.
LENGTHS = (1, 7, 63, 64, 65, 150, 150, 150, 150)


@pytest.mark.parametrize("front", [0, 70])
def test_reading_gives_transformers_scores(runtime: Runtime, reference: Gemma3ForCausalLM, front: int) -> None:
    """Also behind what stands in front of all and is read once."""
    first, *sources = texts(front, *LENGTHS)
    prefix = runtime.prefill([first], top_k=1)[0] if front else None
    _, choice = runtime.prefill(sources, prefix, top_k=ROWS)
    for row, source in enumerate(sources):
        check(choice, row, expected(reference, (first if front else []) + source)[0])


@pytest.mark.parametrize("first", [[], [2]])
def test_prompts_are_read_both_ways(both_ways: Runtime, reference: Gemma3ForCausalLM, first: list[int]) -> None:
    """With the token that begins a text in front of all, or in each of them; then written on."""
    prompts = texts(*LENGTHS[1:])
    sources = [prompt[len(first) :] for prompt in prompts]
    prefix = both_ways.prefill([first], top_k=1)[0] if first else None
    cache, choice = both_ways.prefill(sources, prefix, top_k=ROWS)
    again = by_token(choice)
    scores = [expected(reference, prompt, [70, 80], both_ways=True) for prompt in prompts]
    for token, at in ((70, 0), (80, 1), (90, 2)):
        for row, own in enumerate(scores):
            check(choice, row, own[at])
        choice = both_ways.decode_step(np.full((len(prompts), 1), token), cache, top_k=ROWS)
    for row, source in enumerate(sources):
        assert np.array_equal(by_token(both_ways.prefill([source], prefix, top_k=ROWS)[1])[0], again[row])


def test_a_given_text_is_scored_after_a_prompt_read_both_ways(both_ways: Runtime, reference: Gemma3ForCausalLM) -> None:
    prompts = texts(5, 64, 150)
    written = [[60, 61, 62], [], [90] * 70]
    prefix, _ = both_ways.prefill([[2]], top_k=1)
    found = both_ways.score([prompt[1:] for prompt in prompts], written, prefix)
    for prompt, text, scores in zip(prompts, written, found, strict=True):
        wanted = scores_of(text, expected(reference, prompt, text, both_ways=True))
        np.testing.assert_allclose(scores, wanted, rtol=1e-4, atol=1e-4)


SOURCES = texts(3, 9, 33, 64, 90, 20, 21, 22)


@pytest.mark.parametrize(("limit", "beams", "stop"), [(1, 1, 41), (40, 1, 3), (80, 4, 41)])
def test_the_same_text_as_transformers(
    exact: Path, reference: Gemma3ForCausalLM, beams: int, limit: int, stop: int
) -> None:
    runtime = Runtime(exact, [stop])
    written = beam_search(runtime, SOURCES, beams=beams, max_new_tokens=[limit] * len(SOURCES))
    settings = {"num_beams": beams, **({"early_stopping": True} if beams > 1 else {})}
    for source, (best, *_) in zip(SOURCES, written, strict=True):
        output = reference.generate(
            torch.tensor([source]), max_new_tokens=limit, do_sample=False, eos_token_id=stop, pad_token_id=0, **settings
        )[0, len(source) :].tolist()
        # At the limit, transformers may prefer a text that is cut off to one that ended.
        if stop in output or not best.ended:
            assert list(best.tokens) == (output[: output.index(stop)] if stop in output else output)
            assert best.ended == (stop in output)


def test_hypotheses_come_with_the_log_probability_of_each_token(runtime: Runtime, reference: Gemma3ForCausalLM) -> None:
    found = beam_search(runtime, SOURCES, beams=4, max_new_tokens=[80] * 8)
    assert {texts[0].ended for texts in found} == {True, False}
    for source, texts in zip(SOURCES, found, strict=True):
        assert len(texts) >= 4
        assert texts == sorted(texts, key=lambda text: (text.ended, text.score), reverse=True)
        for text in texts:
            assert text.score == pytest.approx(np.mean(text.token_scores), abs=1e-5)
            wanted = scores_of(text.tokens, expected(reference, source, text.tokens), ends=text.ended)
            np.testing.assert_allclose(text.token_scores, wanted, atol=1e-3)


@pytest.mark.parametrize("threads", [1, 3, 8])
@pytest.mark.parametrize("which", ["folder", "without_steps", "exact"])
def test_a_text_does_not_depend_on_its_neighbours(which: str, threads: int, request: pytest.FixtureRequest) -> None:
    """Not even in the last bit of a score."""
    runtime = Runtime(request.getfixturevalue(which), STOPS, threads=threads)
    limits = [40, 3, 1, 25, 40, 7, 12, 2]
    prefix, _ = runtime.prefill(texts(11), top_k=1)

    def search(chosen: list[int]) -> list[list[Continuation]]:
        prompts = [SOURCES[at] for at in chosen]
        own = [limits[at] for at in chosen]
        return beam_search(runtime, prompts, prefix, beams=4, max_new_tokens=own)

    alone = [search([at])[0] for at in range(8)]
    for together in ([*range(8)], [7, 6, 5, 4, 3, 2, 1, 0], [0, 4], [1, 2, 5], [0, 0, 3]):
        assert search(together) == [alone[at] for at in together]
    assert all(len(text.tokens) <= limit for own, limit in zip(alone, limits, strict=True) for text in own)


@pytest.mark.parametrize("beams", [1, 4])
def test_a_text_may_end_at_once(exact: Path, reference: Gemma3ForCausalLM, beams: int) -> None:
    [source] = texts(9)
    runtime = Runtime(exact, [int(expected(reference, source)[0].argmax())])
    [[text, *_]] = beam_search(runtime, [source], beams=beams, max_new_tokens=[5])
    assert text.tokens == ()
    assert text.ended is True


@pytest.mark.parametrize("which", ["folder", "without_steps"])
def test_eight_bits_are_close_to_float32(which: str, runtime: Runtime, request: pytest.FixtureRequest) -> None:
    rounded = Runtime(request.getfixturevalue(which), STOPS)
    sources = texts(*LENGTHS)
    (cache, choice), (exact_cache, exact) = (each.prefill(sources, top_k=ROWS) for each in (rounded, runtime))
    for _ in range(5):
        for row, (scores, others) in enumerate(zip(by_token(choice), by_token(exact), strict=True)):
            assert abs(np.exp(others) @ (others - scores)) < 0.02, row
        tokens = exact.tokens[:, :1]
        choice = rounded.decode_step(tokens, cache, top_k=ROWS)
        exact = runtime.decode_step(tokens, exact_cache, top_k=ROWS)
    # What tells sentences apart is as large as in float32.
    for states, expected_states in zip(*(each.read_states(sources) for each in (rounded, runtime)), strict=True):
        assert np.linalg.norm(states - expected_states) < 0.1 * np.linalg.norm(expected_states)


def test_states_do_not_depend_on_what_is_read_along(folder: Path) -> None:
    runtime = Runtime(folder, STOPS)
    # So each prompt has a mask of its own.
    runtime.reads_both_ways = True
    prompts = [[2, 60, 61], [2, 62, 63], [2, *range(60, 80)]]
    for states, prompt in zip(runtime.read_states(prompts), prompts, strict=True):
        np.testing.assert_array_equal(states, runtime.read_states([prompt])[0])


def test_much_work_is_done_side_by_side_with_the_same_results(folder: Path) -> None:
    prompts = [[2, *range(60, 60 + length)] for length in (3, 90, 11, 40, 19, 27, 60)]
    wide, narrow = (Runtime(folder, STOPS, threads=threads) for threads in (4, 1))
    for states, others in zip(wide.read_states(prompts), narrow.read_states(prompts), strict=True):
        np.testing.assert_array_equal(states, others)

    def work(runtime: Runtime, piece: int) -> int:
        if piece == 5:
            raise ValueError("five")
        return len(runtime.read_states([prompts[piece]])[0])

    done = wide.each(work, range(7))
    assert [next(done) for _ in range(5)] == [len(prompt) for prompt in prompts[:5]]
    with pytest.raises(ValueError, match="five"):
        next(done)


def test_where_fast_sums_are_wrong_slower_ones_say_the_same(folder: Path, tmp_path: Path) -> None:
    wrong = probe()
    wrong.graph.initializer.remove(next(value for value in wrong.graph.initializer if value.name == "scale"))
    wrong.graph.initializer.append(onnx.numpy_helper.from_array(np.array([0.999], np.float32), "scale"))
    onnx.save(wrong, copy(folder, tmp_path, PROBE_FILE) / PROBE_FILE)
    here, there = (by_token(Runtime(each, STOPS).prefill([[2, 60]], top_k=ROWS)[1]) for each in (folder, tmp_path))
    np.testing.assert_allclose(here, there, atol=2e-3)


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="the system doesn't say")
def test_no_thread_runs_where_the_process_may_not(folder: Path) -> None:
    script = """
import os, sys
only = min(os.sched_getaffinity(0))
os.sched_setaffinity(0, [only])
from pathlib import Path
from summarizer.models.embedded.runtime import Runtime
runtime = Runtime(Path(sys.argv[1]), [1])
assert {cpu for thread in os.listdir("/proc/self/task") for cpu in os.sched_getaffinity(int(thread))} == {only}
"""
    assert python("-c", script, folder).returncode == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        *((name, harm) for name in GRAPH for harm in (None, b"", "cut off")),
        *(("config.json", harm) for harm in (b"", b"{", b"[]", b"{}")),
    ],
)
def test_a_damaged_checkpoint(folder: Path, tmp_path: Path, name: str, content: bytes | str | None) -> None:
    copy(folder, tmp_path, name)
    if content is not None:
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else (folder / name).read_bytes()[:-150])
    with pytest.raises(ModelError, match="is damaged"):
        Runtime(tmp_path, STOPS)
