"""Gemma 3 at work in ONNX Runtime: prompts are read, and written on token by token, by the graph of `build`."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from summarizer.errors import ModelError
from summarizer.models.embedded.kv_cache import Floats, Integers, KVCache, Layer, attention_mask, round_up
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

    Attributes:
        log_probs: log-probabilities of the likeliest tokens in nats, falling, n x top_k.
        tokens: these tokens, n x top_k.
        eos: the log-probability that one of the tokens that end a text comes next, n.
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
            self._session = _open(folder / GRAPH_FILE, self._threads, precise=_loses_in_8_bits(folder))
        except Exception as error:  # ONNX Runtime's own have no other ancestor
            raise damaged(folder, error) from error
        self.eos_token_ids = np.array(eos_token_ids, np.int64)
        self._outputs = ["log_probs", "next", "eos_log_probs"]
        for layer in range(self._layers):
            self._outputs += [f"new_key.{layer}", f"new_value.{layer}"]

    def each(self, work: Callable[[Runtime, Piece], Done], pieces: Sequence[Piece]) -> Iterator[Done]:
        """Yield what is made of pieces of work, in their order; where there are many, several at a time.

        On two cores this takes three quarters of the time that both need for one piece after the other: threads that
        share a matrix product wait for each other after each. What is made is the same.
        """
        if len(pieces) < _MANY or self._threads < 2:
            for piece in pieces:
                yield work(self, piece)
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
        prefix = prefix or self._empty()
        lengths = _lengths(prompts)
        cache = KVCache.empty(prefix.lengths + lengths, self._layers, self._head_size)
        log_probs = np.empty((len(prompts), top_k), np.float32)
        tokens = np.empty((len(prompts), top_k), np.int64)
        eos = np.empty(len(prompts), np.float32)
        for batch, width in _batches(lengths, _PREFILL_TOKENS):
            inputs = self._reading([prompts[row] for row in batch], width, prefix, lengths[batch])
            # The last token of each prompt, counted through all of the padded batch.
            wanted = np.arange(len(batch)) * width + lengths[batch] - 1
            following, layers = self._run(inputs | self._asked(wanted, top_k=top_k))
            log_probs[batch] = following.log_probs
            tokens[batch] = following.tokens
            eos[batch] = following.eos
            cache.fill(batch, prefix, layers)
        return cache, NextTokens(log_probs, tokens, eos)

    def score(
        self, prompts: Sequence[Sequence[int]], texts: Sequence[Sequence[int]], prefix: KVCache | None = None
    ) -> list[tuple[float, ...]]:
        """Return the log-probability in nats of each token of texts after prompts, and last of their ends.

        Args:
            prompts: the tokens of each.
            texts: the tokens of the text behind each prompt, without one that ends it.
            prefix: as for `prefill`.

        Returns:
            for each text, as many log-probabilities as it has tokens, and one more.
        """
        rows: list[list[int]] = []
        for prompt, text in zip(prompts, texts, strict=True):
            rows.append([*prompt, *text])
        prompt_lengths = _lengths(prompts)
        scores_of_rows: dict[int, tuple[float, ...]] = {}
        for batch, width in _batches(_lengths(rows), _SCORED_TOKENS):
            rows_of_batch = [rows[row] for row in batch]
            texts_of_batch = [texts[row] for row in batch]
            wanted, targets, ends = _positions_to_score(prompt_lengths[batch], texts_of_batch, width)
            inputs = self._reading(rows_of_batch, width, prefix, prompt_lengths[batch])
            inputs |= self._asked(wanted, top_k=1, targets=targets)
            scores, scores_of_ending = self._session.run(["target_log_probs", "eos_log_probs"], inputs)
            lasts = ends - 1
            scores[lasts] = scores_of_ending[lasts]
            scores_of_texts = np.split(scores[:, 0], ends[:-1])
            for row, scores_of_text in zip(batch, scores_of_texts, strict=True):
                scores_of_rows[row] = tuple(scores_of_text.tolist())
        return [scores_of_rows[row] for row in range(len(prompts))]

    def read_states(self, prompts: Sequence[Sequence[int]], prefix: KVCache | None = None) -> list[Floats]:
        """Return the states that half of the layers make of each token of prompts, tokens x hidden size for each.

        ``prefix`` is that of `prefill`; its states aren't returned.
        """
        lengths = _lengths(prompts)

        def read(runtime: Runtime, batch_and_width: tuple[list[int], int]) -> dict[int, Floats]:
            """Return the states of the prompts of a batch, by their places among all."""
            batch, width = batch_and_width
            inputs = runtime._reading([prompts[row] for row in batch], width, prefix, lengths[batch])
            # No next token is wanted, so that no prompt needs to go through the other half of the layers.
            nowhere = np.array([], np.int64)
            inputs |= runtime._asked(nowhere, top_k=1)
            inputs["deep"] = np.array([0], np.int64)
            [states] = runtime._session.run(["states"], inputs)
            states_of_batch: dict[int, Floats] = {}
            for place, row in enumerate(batch):
                # The states of all padded prompts stand one below the other.
                start = place * width
                states_of_batch[row] = states[start : start + lengths[row]]
            return states_of_batch

        # The longest first, so that no core waits long for another at the end.
        batches = list(_batches(lengths, _PREFILL_TOKENS))
        batches.reverse()
        states_of_rows: dict[int, Floats] = {}
        for states_of_batch in self.each(read, batches):
            states_of_rows |= states_of_batch
        return [states_of_rows[row] for row in range(len(prompts))]

    def decode_step(self, tokens: Integers, cache: KVCache, *, top_k: int) -> NextTokens:
        """Write one token of each beam (sequences x beams), which is added to the cache; say what may come next.

        The rows of what is returned are the beams, those of the first sequence first.
        """
        sequences, beams = tokens.shape
        positions = (cache.lengths + cache.steps)[:, None]
        among_beams = np.broadcast_to(attention_mask(np.eye(beams, dtype=bool)), (sequences, beams, beams))
        near = np.where((cache.positions <= positions - self._window)[:, None], np.float32(-np.inf), cache.mask)
        masks = {
            "global": np.concatenate([cache.mask, among_beams], -1),
            "sliding": np.concatenate([near, among_beams], -1),
        }
        positions = np.repeat(positions, beams, 1)
        inputs = _inputs(tokens, positions, masks, cache.layers)
        following, layers = self._run(inputs | self._asked(np.arange(tokens.size), top_k=top_k))
        cache.append(layers)
        return following

    def _empty(self) -> KVCache:
        """Return the cache of a text of no tokens."""
        return KVCache.empty(np.zeros(1, np.int64), self._layers, self._head_size)

    def _reading(
        self, rows: Sequence[Sequence[int]], width: int, prefix: KVCache | None, prompt_lengths: Integers
    ) -> dict[str, Any]:
        """Return the graph's inputs that have it read rows, padded to a width, that begin with prompts of a length."""
        prefix = prefix or self._empty()
        # Padding comes after a row, where attention doesn't see it.
        tokens = np.zeros((len(rows), width), np.int64)
        for place, row in enumerate(rows):
            tokens[place, : len(row)] = row
        start = int(prefix.lengths[0])
        sources = np.arange(start + width)
        queries = sources[start:, None]
        seen = (sources <= queries)[None]
        if self.reads_both_ways:
            # The first token, which begins every text, sees itself alone.
            is_prompt = sources < start + prompt_lengths[:, None, None]
            seen = seen | is_prompt & (queries > 0)
        near = np.abs(sources - queries) < self._window
        masks = {"global": attention_mask(seen), "sliding": attention_mask(seen & near)}
        positions = np.tile(sources[start:], (len(tokens), 1))
        layers = [(keys[:, :start], values[:, :, :start]) for keys, values in prefix.layers]
        return _inputs(tokens, positions, masks, layers)

    def _asked(self, wanted: Integers, *, top_k: int, targets: Integers | None = None) -> dict[str, Any]:
        """Return the graph's inputs that say what is wanted of it: see `build`. Without targets, any will do."""
        if targets is None:
            targets = np.zeros(len(wanted), np.int64)
        return {
            "wanted": wanted,
            "targets": targets[:, None],
            "eos": self.eos_token_ids,
            "top_k": np.array([top_k], np.int64),
        }

    def _run(self, inputs: dict[str, Any]) -> tuple[NextTokens, list[Layer]]:
        """Run the graph; return what may come next, and for each layer the new keys and values."""
        log_probs, tokens, eos, *new = self._session.run(self._outputs, inputs)
        keys_of_layers = new[::2]
        values_of_layers = new[1::2]
        return NextTokens(log_probs, tokens, eos[:, 0]), list(zip(keys_of_layers, values_of_layers, strict=True))


def _inputs(
    tokens: Integers, positions: Integers, masks: Mapping[str, Floats], layers: Sequence[Layer]
) -> dict[str, Any]:
    """Return the graph's inputs that hold what it reads; the keys of masks are those of `build.KINDS`."""
    inputs: dict[str, Any] = {"tokens": tokens, "positions": positions, "deep": np.array([len(tokens)], np.int64)}
    for kind, mask in masks.items():
        inputs[f"mask.{kind}"] = mask[:, :, None]
    for layer, (keys, values) in enumerate(layers):
        inputs[f"key.{layer}"] = keys
        inputs[f"value.{layer}"] = values
    return inputs


def _lengths(rows: Sequence[Sequence[int]]) -> Integers:
    return np.array(list(map(len, rows)), np.int64)


def _positions_to_score(
    prompt_lengths: Integers, texts: Sequence[Sequence[int]], width: int
) -> tuple[Integers, Integers, Integers]:
    """Return at which tokens of a batch of padded rows the next one is scored, a prompt and a text in each row.

    Args:
        prompt_lengths: tokens of the prompt of each row.
        texts: the tokens of each text.
        width: the length that rows are padded to.

    Returns:
        the places of the tokens, counted through all rows; the token that comes next at each; and how many places there
        are up to the end of each text. What comes next at a text's last place is its end, which is no token of its own:
        0 stands for it.
    """
    wanted: list[int] = []
    targets: list[int] = []
    ends: list[int] = []
    for place, (prompt_length, text) in enumerate(zip(prompt_lengths.tolist(), texts, strict=True)):
        start_of_row = place * width
        last_of_prompt = start_of_row + prompt_length - 1
        last_of_text = last_of_prompt + len(text)
        wanted += range(last_of_prompt, last_of_text + 1)
        targets += [*text, 0]
        ends.append(len(wanted))
    return np.array(wanted, np.int64), np.array(targets, np.int64), np.array(ends, np.int64)


def _batches(lengths: Integers, tokens: int) -> Iterator[tuple[list[int], int]]:
    """Group rows of these lengths by padded length, the shortest first.

    Yields the places of some rows, which have so many tokens together at most unless one has more by itself, and the
    length that they are padded to.
    """
    rows_of_width: dict[int, list[int]] = defaultdict(list)
    for row, length in enumerate(lengths.tolist()):
        rows_of_width[round_up(length, _WIDTH)].append(row)
    for width, rows in sorted(rows_of_width.items()):
        size = max(1, tokens // width)
        for first in range(0, len(rows), size):
            yield rows[first : first + size], width


def _cores() -> int:
    """Return how many cores the process may use; 0, which leaves it to ONNX Runtime, where the system doesn't say.

    ONNX Runtime itself ties a thread to each core, even to those that the process was kept from (taskset, containers).
    """
    if not hasattr(os, "sched_getaffinity"):
        return 0
    shared = Path("/sys/devices/system/cpu/smt/active")
    is_shared = shared.is_file() and shared.read_text(encoding="ascii").strip() == "1"
    cores = len(os.sched_getaffinity(0))
    if is_shared:
        # Two threads of a core share what multiplies.
        cores //= 2
    return max(1, cores)


def _loses_in_8_bits(folder: Path) -> bool:
    """Tell whether this processor loses something where it multiplies in 8 bits: see `build.probe`."""
    probe = _open(folder / PROBE_FILE, 1)
    [[total]] = probe.run(None, {"factors": np.full((1, 64), 255, np.uint8)})[0]
    return bool(total != 127 * 127 * 64)


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
