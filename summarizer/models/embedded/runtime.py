"""Gemma 3 at work in ONNX Runtime: prompts are read, and written on token by token, by the graph of `build`.

transformers' own implementation spends most of the time of a step between the products: on two cores, a step of the
270-million-parameter model for one text took 53 ms there, of which reading the weights takes 15.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from summarizer.models.embedded.kv_cache import Floats, Integers, KVCache, attention_mask
from summarizer.storage.cache import damaged

if TYPE_CHECKING:
    from onnxruntime import InferenceSession, RunOptions

GRAPH_FILE = "int8.onnx"
"""In a converted checkpoint: the graph in 8 bits. Its weights are in a file beside it, of the same name with
``.data``."""

PROBE_FILE = "probe.onnx"
"""In a converted checkpoint: `build.probe`."""

_PREFILL_TOKENS = 512
"""How many tokens are read at a time, if they are of more than one prompt: what is computed of more leaves the
caches."""

_SCORED = 128
"""The same, where the whole output matrix is wanted at nearly every token."""

_SCORES = ["target_log_probs", "eos_log_probs"]

_WIDTH = 16
"""Prompts are padded to a multiple of so many tokens, and those of one padded length are read together: so what is
computed of a prompt has the same shape whatever the others are, and the same result."""


class NextTokens(NamedTuple):
    """What may come next, for each of n rows.

    Attributes:
        log_probs: n x top_k: log-probabilities of the likeliest tokens in nats, falling.
        tokens: n x top_k: these tokens.
        eos: n: log-probability that one of the tokens that end a text comes next.
    """

    log_probs: Floats
    tokens: Integers
    eos: Floats

    def repeat(self, beams: int) -> NextTokens:
        """Return each row as many times."""
        log_probs, tokens, eos = self
        return NextTokens(np.repeat(log_probs, beams, 0), np.repeat(tokens, beams, 0), np.repeat(eos, beams, 0))


@dataclass(frozen=True)
class Continuation:
    """A text that the model writes.

    Attributes:
        tokens: without the one that ended it.
        totals: log-probability in nats of the text up to each token, up to the one that ended it last.
        ended: whether it ended by itself.
    """

    tokens: tuple[int, ...] = ()
    totals: tuple[float, ...] = ()
    ended: bool = False

    def extended(self, token: int, total: float) -> Continuation:
        """Return the text with one more token."""
        return Continuation((*self.tokens, token), (*self.totals, total))

    def ended_at(self, total: float) -> Continuation:
        """Return the text as it is when it ends here."""
        return Continuation(self.tokens, (*self.totals, total), ended=True)

    @property
    def score(self) -> float:
        """Mean log-probability of a token, the one that ended it included, in nats."""
        return self.totals[-1] / len(self.totals)

    @property
    def token_scores(self) -> tuple[float, ...]:
        """Log-probability of each token, the one that ended it included, in nats."""
        return tuple(after - before for before, after in pairwise((0.0, *self.totals)))


class Runtime:
    """A Gemma 3 text model that reads prompts and writes them on, token by token.

    Attributes:
        eos_token_ids: tokens that end a text.
        reads_both_ways: whether the tokens of a prompt see each other, as an adapter may have been trained; else each
            sees what stands before it. What stands in front of all prompts doesn't see them in either case.
    """

    def __init__(self, folder: Path, eos_token_ids: Sequence[int], *, threads: int = 0) -> None:
        """Load a converted checkpoint.

        Args:
            folder: the checkpoint's.
            eos_token_ids: tokens that end a text.
            threads: how many threads may compute; 0 for one on each core that the process may use.

        Raises:
            ModelError: a file is missing or damaged.
        """
        try:
            config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            self._layers, self._head_size = len(config["layer_types"]), config["head_dim"]
            self._window: int = config["sliding_window"]
            self.reads_both_ways: bool = config.get("prefix_attention", False)
            probe = _open(folder / PROBE_FILE, 1)
            [[sum_of_largest]] = probe.run(None, {"factors": np.full((1, 64), 255, np.uint8)})[0]
            self._session = _open(folder / GRAPH_FILE, threads, precise=sum_of_largest != 127 * 127 * 64)
        except Exception as error:  # ONNX Runtime's own have no other ancestor
            raise damaged(folder, error) from error
        self.eos_token_ids = np.array(eos_token_ids, np.int64)
        self._only_fetches = _fetch_options()
        self._new = [f"new_{name}.{layer}" for layer in range(self._layers) for name in ("key", "value")]

    def prefill(
        self, prompts: Sequence[Sequence[int]], prefix: KVCache | None = None, *, top_k: int
    ) -> tuple[KVCache, NextTokens]:
        """Read prompts.

        Args:
            prompts: tokens of each, at least one.
            prefix: the cache of one text that comes before each of them, as it was when it had just been read.
            top_k: how many of the likeliest next tokens are wanted.

        Returns:
            The cache of all that was read, one beam for each prompt, and what may come next.
        """
        prefix = prefix or self._empty([0])
        start = int(prefix.lengths[0])
        cache = self._empty([start + len(prompt) for prompt in prompts])
        following: dict[int, tuple[Any, ...]] = {}
        for batch, width in _batches(prompts, _PREFILL_TOKENS):
            # Padding comes after a prompt, where attention doesn't see it.
            tokens = np.array([[*prompts[row], *[0] * (width - len(prompts[row]))] for row in batch], np.int64)
            wanted = [at * width + len(prompts[row]) - 1 for at, row in enumerate(batch)]
            places = self._places(tokens, prefix, [len(prompts[row]) for row in batch])
            read, new = self._run(self._inputs(*places, wanted, top_k))
            following |= dict(zip(batch, zip(*read, strict=True), strict=True))
            for (keys, values), first, own in zip(cache.layers, prefix.layers, new, strict=True):
                for at, row in enumerate(batch):
                    count = len(prompts[row])
                    own_places = slice(start, start + count)
                    keys[row, :start], values[row, :, :start] = first[0][0, :start], first[1][0, :, :start]
                    keys[row, own_places], values[row, :, own_places] = own[0][at, :count], own[1][at, :count].T
        return cache, NextTokens(*map(np.array, zip(*(following[row] for row in range(len(prompts))), strict=True)))

    def score(
        self, prompts: Sequence[Sequence[int]], texts: Sequence[Sequence[int]], prefix: KVCache | None = None
    ) -> list[Floats]:
        """Return the log-probability in nats of each token of texts after prompts, and last of their ends.

        Args:
            prompts: tokens of each, at least one.
            texts: tokens of each, without one that ends it.
            prefix: as for `prefill`.
        """
        prefix = prefix or self._empty([0])
        found: dict[int, Floats] = {}
        for batch, width in _batches([[*prompt, *text] for prompt, text in zip(prompts, texts, strict=True)], _SCORED):
            own = [[*prompts[row], *texts[row]] for row in batch]
            tokens = np.array([[*line, *[0] * (width - len(line))] for line in own], np.int64)
            spans = [range(len(prompts[row]) - 1, len(line)) for row, line in zip(batch, own, strict=True)]
            wanted = [at * width + place for at, span in enumerate(spans) for place in span]
            targets = [token for row in batch for token in (*texts[row], 0)]
            # What may come next, and what would be cached, isn't asked for, so it isn't computed.
            places = self._places(tokens, prefix, [len(prompts[row]) for row in batch])
            inputs = self._inputs(*places, wanted, 1, targets)
            scores, eos = (column[:, 0] for column in self._session.run(_SCORES, inputs, self._only_fetches))
            ends = np.cumsum([len(span) for span in spans])
            scores[ends - 1] = eos[ends - 1]
            found |= dict(zip(batch, np.split(scores, ends[:-1]), strict=True))
        return [found[row] for row in range(len(prompts))]

    def decode_step(self, tokens: Integers, cache: KVCache, *, top_k: int) -> NextTokens:
        """Write one token of each beam, and say what may come next.

        Args:
            tokens: sequences x beams.
            cache: of the sequences; the tokens are added to it.
            top_k: how many of the likeliest next tokens are wanted.
        """
        sequences, beams = tokens.shape
        positions = (cache.lengths + cache.steps)[:, None]
        own = np.broadcast_to(attention_mask(np.eye(beams, dtype=bool)), (sequences, beams, beams))
        near = np.where((cache.positions <= positions - self._window)[:, None], np.float32(-np.inf), cache.mask)
        masks = [np.concatenate([mask, own], -1) for mask in (cache.mask, near)]
        positions = np.repeat(positions, beams, 1)
        following, layers = self._run(self._inputs(tokens, positions, masks, cache.layers, range(tokens.size), top_k))
        cache.append(layers)
        return following

    def _empty(self, lengths: Sequence[int]) -> KVCache:
        return KVCache.empty(lengths, self._layers, self._head_size)

    def _places(
        self, tokens: Integers, prefix: KVCache, lengths: Sequence[int]
    ) -> tuple[Integers, Integers, list[Floats], list[tuple[Floats, Floats]]]:
        """Return what `_inputs` takes of texts of one padded length (texts x tokens), with prompts of these lengths."""
        start, count = int(prefix.lengths[0]), tokens.shape[1]
        sources = np.arange(start + count)
        queries = sources[start:, None]
        seen = (sources <= queries)[None]
        if self.reads_both_ways:
            # The first token, which begins every text, sees itself alone.
            seen = seen | (sources < start + np.array(lengths)[:, None, None]) & (queries > 0)
        near = np.abs(sources - queries) < self._window
        masks = [attention_mask(seen), attention_mask(seen & near)]
        positions = np.tile(sources[start:], (len(tokens), 1))
        return tokens, positions, masks, [(keys[:, :start], values[:, :, :start]) for keys, values in prefix.layers]

    def _inputs(
        self,
        tokens: Integers,
        positions: Integers,
        masks: Sequence[Floats],
        layers: Sequence[tuple[Floats, Floats]],
        wanted: Sequence[int],
        top_k: int,
        targets: Sequence[int] = (),
    ) -> dict[str, Any]:
        """Return the graph's inputs; ``masks`` are of global and of sliding-window attention, to cache and tokens."""
        inputs: dict[str, Any] = {
            "tokens": tokens,
            "positions": positions,
            "mask.global": masks[0][:, :, None],
            "mask.sliding": masks[1][:, :, None],
            "wanted": np.array(wanted, np.int64),
            "targets": np.array(targets or [0] * len(wanted), np.int64)[:, None],
            "eos": self.eos_token_ids,
            "top_k": np.array([top_k], np.int64),
        }
        for layer, (keys, values) in enumerate(layers):
            inputs[f"key.{layer}"], inputs[f"value.{layer}"] = keys, values
        return inputs

    def _run(self, inputs: dict[str, Any]) -> _Outputs:
        """Run the graph."""
        log_probs, following, eos, *new = self._session.run(["log_probs", "next", "eos_log_probs", *self._new], inputs)
        return NextTokens(log_probs, following, eos[:, 0]), list(zip(new[::2], new[1::2], strict=True))


_Outputs = tuple[NextTokens, list[tuple[Floats, Floats]]]


def _batches(prompts: Sequence[Sequence[int]], tokens: int) -> Iterator[tuple[list[int], int]]:
    """Group prompts by padded length; yield the places of some, of so many tokens together, and that length."""

    def width(row: int) -> int:
        return -(-len(prompts[row]) // _WIDTH) * _WIDTH

    for padded, rows in groupby(sorted(range(len(prompts)), key=width), width):
        group = list(rows)
        size = max(1, tokens // padded)
        for first in range(0, len(group), size):
            yield group[first : first + size], padded


def _cores() -> int:
    """Return how many cores the process may use; 0, which leaves it to ONNX Runtime, where the system doesn't say.

    ONNX Runtime itself counts all cores of the machine and ties a thread to each, even to those that the process was
    kept from (taskset, containers).
    """
    if not hasattr(os, "sched_getaffinity"):
        return 0
    try:
        is_shared = Path("/sys/devices/system/cpu/smt/active").read_text(encoding="ascii").strip() == "1"
    except OSError:
        is_shared = False
    # Two threads of a core share what multiplies.
    return max(1, len(os.sched_getaffinity(0)) // (2 if is_shared else 1))


def _fetch_options() -> RunOptions:
    """Return options with which only that is computed which is asked for."""
    import onnxruntime

    options = onnxruntime.RunOptions()
    options.only_execute_path_to_fetches = True
    return options


def _open(graph: Path, threads: int, *, precise: bool = False) -> InferenceSession:
    """Open a session on a file; ``precise`` sums are slower where all are right anyway."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or _cores()
    # Sizes change from step to step; memory planned for those of the first would not fit.
    options.enable_mem_pattern = False
    # It keeps what the longest article needed for the rest of a batch (100 to 200 MB), and is no faster.
    options.enable_cpu_mem_arena = False
    options.add_session_config_entry("session.x64quantprecision", str(int(precise)))
    # What is wrong is said by the exceptions.
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
