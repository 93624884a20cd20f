"""Gemma 3 at work in ONNX Runtime: prompts are read, and written on token by token, by the graph of `build`."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from summarizer.errors import ModelError
from summarizer.models.embedded.kv_cache import Floats, Integers, KVCache, attention_mask
from summarizer.storage.cache import damaged

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

# In a converted checkpoint: the graph in 8 bits, whose weights are in a file beside it, ``int8.onnx.data``; and
# `build.probe`.
GRAPH_FILE = "int8.onnx"
PROBE_FILE = "probe.onnx"

# How many tokens of several prompts are read at a time: what is computed of more leaves the caches. And how many, where
# the whole output matrix is wanted at nearly every token.
_PREFILL_TOKENS = 512
_SCORED_TOKENS = 192
# Prompts are padded to a multiple of so many tokens, and those of one padded length are read together: so what is
# computed of a prompt has the same shape whatever the others are, and the same result.
_WIDTH = 8
# So many pieces of work are done side by side, at most, as each needs memory of its own. Fewer than so many are not
# worth a second session, which takes half a second to load.
_MOST_AT_A_TIME = 4
_MANY = 3

Piece = TypeVar("Piece")
Done = TypeVar("Done")


class NextTokens(NamedTuple):
    """What may come next, for each of n rows.

    They are the log-probabilities of the likeliest tokens in nats, falling, and these tokens, n x top_k each, and the
    log-probability that one of the tokens that end a text comes next.
    """

    log_probs: Floats
    tokens: Integers
    eos: Floats


class Runtime:
    """A Gemma 3 text model that reads prompts and writes them on, token by token.

    Attributes:
        reads_both_ways: whether the tokens of a prompt see each other, as an adapter may have been trained; else each
            sees what stands before it. What stands in front of all prompts doesn't see them in either case.
    """

    def __init__(self, folder: Path, eos_token_ids: Sequence[int], *, threads: int = 0) -> None:
        """Load the checkpoint in a folder; 0 threads are one on each core that the process may use.

        Raises:
            ModelError: it is damaged, or there is not enough memory.
        """
        self._folder = folder
        self._threads = threads or _cores()
        try:
            config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            self._layers = len(config["layer_types"])
            self._head_size: int = config["head_dim"]
            self._window: int = config["sliding_window"]
            self.reads_both_ways: bool = config.get("prefix_attention", False)
            probe = _open(folder / PROBE_FILE, 1)
            [[sum_of_largest]] = probe.run(None, {"factors": np.full((1, 64), 255, np.uint8)})[0]
            # See `build.probe`.
            loses_something = sum_of_largest != 127 * 127 * 64
            self._session = _open(folder / GRAPH_FILE, self._threads, precise=loses_something)
        except Exception as error:  # ONNX Runtime's own have no other ancestor
            raise damaged(folder, error) from error
        self.eos_token_ids = np.array(eos_token_ids, np.int64)
        self._outputs = ["log_probs", "next", "eos_log_probs"]
        self._outputs += [f"new_{name}.{layer}" for layer in range(self._layers) for name in ("key", "value")]

    def each(self, work: Callable[[Runtime, Piece], Done], pieces: Sequence[Piece]) -> Iterator[Done]:
        """Yield what is made of pieces of work, in their order; where there are many, several at a time.

        On two cores this takes three quarters of the time that both need for one piece after the other: threads that
        share a matrix product wait for each other after each. What is made is the same.
        """
        if len(pieces) < _MANY or self._threads < 2:
            yield from (work(self, piece) for piece in pieces)
            return
        with ThreadPoolExecutor(min(_MOST_AT_A_TIME, self._threads)) as pool:
            yield from pool.map(partial(work, self._narrow), pieces)

    @cached_property
    def _narrow(self) -> Runtime:
        """The same for work side by side, where each call brings a thread; this one if there is no room for another."""
        threads = max(1, self._threads + 1 - _MOST_AT_A_TIME)
        try:
            return Runtime(self._folder, self.eos_token_ids.tolist(), threads=threads)
        except ModelError:
            return self

    def prefill(
        self, prompts: Sequence[Sequence[int]], prefix: KVCache | None = None, *, top_k: int
    ) -> tuple[KVCache, NextTokens]:
        """Read prompts; return the cache of all that was read, one beam for each prompt, and what may come next.

        ``prefix`` is the cache of one text that comes before each of them, as it was when it had just been read.
        """
        prefix = prefix or self._empty([0])
        start = int(prefix.lengths[0])
        cache = self._empty([start + len(prompt) for prompt in prompts])
        log_probs = np.empty((len(prompts), top_k), np.float32)
        tokens = np.empty((len(prompts), top_k), np.int64)
        eos = np.empty(len(prompts), np.float32)
        for batch, width in _batches(prompts, _PREFILL_TOKENS):
            # Places of the last token of each prompt, counted through all of the padded batch.
            wanted = [at * width + len(prompts[row]) - 1 for at, row in enumerate(batch)]
            batch_prompts = [prompts[row] for row in batch]
            inputs = self._reading(batch_prompts, width, prefix, [len(prompt) for prompt in batch_prompts])
            following, new = self._run(inputs | self._asked(wanted, top_k))
            log_probs[batch] = following.log_probs
            tokens[batch] = following.tokens
            eos[batch] = following.eos
            for (keys, values), first, (new_keys, new_values) in zip(cache.layers, prefix.layers, new, strict=True):
                for at, row in enumerate(batch):
                    count = len(prompts[row])
                    places = slice(start, start + count)
                    keys[row, :start] = first[0][0, :start]
                    values[row, :, :start] = first[1][0, :, :start]
                    keys[row, places] = new_keys[at, :count]
                    values[row, :, places] = new_values[at, :count].T
        return cache, NextTokens(log_probs, tokens, eos)

    def score(
        self, prompts: Sequence[Sequence[int]], texts: Sequence[Sequence[int]], prefix: KVCache | None = None
    ) -> list[tuple[float, ...]]:
        """Return the log-probability in nats of each token of texts after prompts, and last of their ends."""
        rows = [[*prompt, *text] for prompt, text in zip(prompts, texts, strict=True)]
        scores_of_rows: dict[int, tuple[float, ...]] = {}
        for batch, width in _batches(rows, _SCORED_TOKENS):
            lengths = [len(prompts[row]) for row in batch]
            spans = [range(length - 1, len(rows[row])) for length, row in zip(lengths, batch, strict=True)]
            wanted = [at * width + place for at, span in enumerate(spans) for place in span]
            targets = [token for row in batch for token in (*texts[row], 0)]
            inputs = self._reading([rows[row] for row in batch], width, prefix, lengths)
            inputs |= self._asked(wanted, 1, targets)
            scores, eos = self._session.run(["target_log_probs", "eos_log_probs"], inputs)
            ends = np.cumsum([len(span) for span in spans])
            scores[ends - 1] = eos[ends - 1]
            for row, row_scores in zip(batch, np.split(scores[:, 0], ends[:-1]), strict=True):
                scores_of_rows[row] = tuple(row_scores.tolist())
        return [scores_of_rows[row] for row in range(len(prompts))]

    def read_states(self, prompts: Sequence[Sequence[int]], prefix: KVCache | None = None) -> list[Floats]:
        """Return the states that half of the layers make of each token of prompts, tokens x hidden size for each."""

        def read(runtime: Runtime, piece: tuple[list[int], int]) -> dict[int, Floats]:
            batch, width = piece
            batch_prompts = [prompts[row] for row in batch]
            inputs = runtime._reading(batch_prompts, width, prefix, [len(prompt) for prompt in batch_prompts])
            inputs |= runtime._asked([], 1)
            # None of the sequences goes through the other half of the layers.
            inputs["deep"] = np.array([0], np.int64)
            [states] = runtime._session.run(["states"], inputs)
            return {row: states[at * width :][: len(prompts[row])] for at, row in enumerate(batch)}

        # The longest first, so that no core waits long for another at the end.
        pieces = list(_batches(prompts, _PREFILL_TOKENS))
        pieces.reverse()
        states_of_rows: dict[int, Floats] = {}
        for states in self.each(read, pieces):
            states_of_rows |= states
        return [states_of_rows[row] for row in range(len(prompts))]

    def decode_step(self, tokens: Integers, cache: KVCache, *, top_k: int) -> NextTokens:
        """Write one token of each beam (sequences x beams), which is added to the cache; say what may come next."""
        sequences, beams = tokens.shape
        positions = (cache.lengths + cache.steps)[:, None]
        among_beams = np.broadcast_to(attention_mask(np.eye(beams, dtype=bool)), (sequences, beams, beams))
        near = np.where((cache.positions <= positions - self._window)[:, None], np.float32(-np.inf), cache.mask)
        masks = [np.concatenate([mask, among_beams], -1) for mask in (cache.mask, near)]
        positions = np.repeat(positions, beams, 1)
        inputs = _inputs(tokens, positions, masks, cache.layers)
        following, layers = self._run(inputs | self._asked(range(tokens.size), top_k))
        cache.append(layers)
        return following

    def _empty(self, lengths: Sequence[int]) -> KVCache:
        return KVCache.empty(lengths, self._layers, self._head_size)

    def _reading(
        self, rows: Sequence[Sequence[int]], width: int, prefix: KVCache | None, lengths: Sequence[int]
    ) -> dict[str, Any]:
        """Return the graph's inputs for rows that begin with prompts of these lengths."""
        prefix = prefix or self._empty([0])
        # Padding comes after a row, where attention doesn't see it.
        tokens = np.array([[*row, *[0] * (width - len(row))] for row in rows], np.int64)
        start = int(prefix.lengths[0])
        sources = np.arange(start + width)
        queries = sources[start:, None]
        seen = (sources <= queries)[None]
        if self.reads_both_ways:
            # The first token, which begins every text, sees itself alone.
            seen = seen | (sources < start + np.array(lengths)[:, None, None]) & (queries > 0)
        near = np.abs(sources - queries) < self._window
        masks = [attention_mask(seen), attention_mask(seen & near)]
        positions = np.tile(sources[start:], (len(tokens), 1))
        layers = [(keys[:, :start], values[:, :, :start]) for keys, values in prefix.layers]
        return _inputs(tokens, positions, masks, layers)

    def _asked(self, wanted: Sequence[int], top_k: int, targets: Sequence[int] = ()) -> dict[str, Any]:
        """Return the graph's inputs that say what is wanted of it."""
        return {
            "wanted": np.array(wanted, np.int64),
            "targets": np.array(targets or [0] * len(wanted), np.int64)[:, None],
            "eos": self.eos_token_ids,
            "top_k": np.array([top_k], np.int64),
        }

    def _run(self, inputs: dict[str, Any]) -> tuple[NextTokens, list[tuple[Floats, Floats]]]:
        """Run the graph; return what may come next, and for each layer the new keys and values."""
        log_probs, following, eos, *new = self._session.run(self._outputs, inputs)
        return NextTokens(log_probs, following, eos[:, 0]), list(zip(new[::2], new[1::2], strict=True))


def _inputs(
    tokens: Integers, positions: Integers, masks: Sequence[Floats], layers: Sequence[tuple[Floats, Floats]]
) -> dict[str, Any]:
    inputs: dict[str, Any] = {"tokens": tokens, "positions": positions, "deep": np.array([len(tokens)], np.int64)}
    inputs |= {f"mask.{kind}": mask[:, :, None] for kind, mask in zip(("global", "sliding"), masks, strict=True)}
    for layer, (keys, values) in enumerate(layers):
        inputs[f"key.{layer}"] = keys
        inputs[f"value.{layer}"] = values
    return inputs


def _batches(rows: Sequence[Sequence[int]], tokens: int) -> Iterator[tuple[list[int], int]]:
    """Group rows by padded length; yield the places of some, of so many tokens together, and that length."""

    def width(row: int) -> int:
        return -(-len(rows[row]) // _WIDTH) * _WIDTH

    for padded, places in groupby(sorted(range(len(rows)), key=width), width):
        group = list(places)
        size = max(1, tokens // padded)
        for first in range(0, len(group), size):
            yield group[first : first + size], padded


def _cores() -> int:
    """Return how many cores the process may use; 0, which leaves it to ONNX Runtime, where the system doesn't say.

    ONNX Runtime itself ties a thread to each core, even to those that the process was kept from (taskset, containers).
    """
    if not hasattr(os, "sched_getaffinity"):
        return 0
    shared = Path("/sys/devices/system/cpu/smt/active")
    # Two threads of a core share what multiplies.
    is_shared = shared.is_file() and shared.read_text(encoding="ascii").strip() == "1"
    return max(1, len(os.sched_getaffinity(0)) // (2 if is_shared else 1))


def _open(graph: Path, threads: int, *, precise: bool = False) -> InferenceSession:
    """Open a session on a file; ``precise`` sums take half as long again where all are right anyway."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # Sizes change from step to step; memory planned for those of the first would not fit.
    options.enable_mem_pattern = False
    options.add_session_config_entry("session.x64quantprecision", str(int(precise)))
    # What is wrong is said by the exceptions.
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
