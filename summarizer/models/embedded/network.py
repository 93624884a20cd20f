"""Gemma 3 at work: texts are read, and written on token by token, by the graph of `graph`.

transformers' own implementation spends most of the time of a step between the products: on two cores, a step of the
270-million-parameter model for one text took 53 ms there, of which reading the weights takes 15.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from summarizer.models.embedded.graph import KINDS
from summarizer.storage.cache import damaged

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

GRAPH_FILE = "int8.onnx"
"""In a converted checkpoint: the graph in 8 bits. Its weights are in a file beside it, of the same name with
``.data``."""

_READ_TOKENS = 512
"""How many tokens are read at a time, if they are of more than one text: what is computed of more leaves the caches."""

_GROWTH = 16
"""For how many more tokens of each text memory is made when it is full."""

PROBE_FILE = "probe.onnx"
"""In a converted checkpoint: `graph.probe`."""

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Choice:
    """What may come next, for each of n rows.

    Attributes:
        scores: n x most: log probabilities of the likeliest tokens, falling.
        tokens: n x most: these tokens.
        ending: n: log probability that one of the tokens that end a text comes next.
    """

    scores: Floats
    tokens: Integers
    ending: Floats

    def repeat(self, rows: int) -> Choice:
        """Return the choice of each row, for as many rows in its place."""
        return Choice(*(np.repeat(value, rows, 0) for value in self))

    def __iter__(self) -> Iterator[Any]:
        return iter((self.scores, self.tokens, self.ending))


@dataclass
class Memory:
    """Keys and values of what was read and of what has been written since.

    Sources differ in length: what was read stands at the beginning, padded at the end; behind it, the tokens of a
    step stand side by side, one for each row of the source. Rows of a source share all this; ``bias`` says what each
    may look at, so that a beam is moved to another row by copying its line of ``bias``, and no keys.

    Attributes:
        states: for each layer its keys, sources x places x size, and its values, sources x size x places, with some
            places to spare.
        positions: sources x places: the position in the text of what stands there.
        bias: sources x rows x places: 0 where a row may look, minus infinity elsewhere.
        lengths: tokens read of each source.
        read: places that hold what was read.
        steps: tokens written.
    """

    states: list[tuple[Floats, Floats]]
    positions: Integers
    bias: Floats
    lengths: Integers
    read: int
    steps: int = 0

    def spread(self, rows: int) -> None:
        """Give each source, of one row so far, more rows, which begin alike."""
        self.bias = np.repeat(self.bias, rows, 1)

    def keep(self, sources: Sequence[int]) -> None:
        """Forget all but these sources."""
        self.states = [(keys[sources], values[sources]) for keys, values in self.states]
        self.positions, self.bias, self.lengths = self.positions[sources], self.bias[sources], self.lengths[sources]

    def move(self, parents: Integers) -> None:
        """Let each row (sources x rows) go on from another row of its source."""
        self.bias = np.take_along_axis(self.bias, parents[:, :, None], 1)

    def add(self, states: Sequence[tuple[Floats, Floats]]) -> None:
        """Add one more token of each row, given for each layer its keys and its values, both sources x rows x size."""
        rows = self.bias.shape[1]
        start = self.read + self.steps * rows
        if start + rows > self.bias.shape[2]:
            more, none = (0, _GROWTH * rows), (0, 0)
            self.states = [(np.pad(k, (none, more, none)), np.pad(v, (none, none, more))) for k, v in self.states]
            self.positions = np.pad(self.positions, (none, more))
            self.bias = np.pad(self.bias, (none, none, more), constant_values=-np.inf)
        places = slice(start, start + rows)
        for (keys, values), (new_keys, new_values) in zip(self.states, states, strict=True):
            keys[:, places], values[:, :, places] = new_keys, new_values.swapaxes(1, 2)
        self.positions[:, places] = (self.lengths + self.steps)[:, None]
        self.bias[:, np.arange(rows), start + np.arange(rows)] = 0
        self.steps += 1


class Network:
    """A Gemma 3 text model that reads texts and writes them on, token by token.

    Attributes:
        ends: tokens that end a text.
    """

    def __init__(self, folder: Path, ends: Sequence[int], *, graph: bytes | None = None, threads: int = 0) -> None:
        """Load a converted checkpoint.

        Args:
            folder: the checkpoint's.
            ends: tokens that end a text.
            graph: what to run instead of the checkpoint's own graph in 8 bits.
            threads: how many threads may compute; 0 for one on each core that the process may use.

        Raises:
            ModelError: a file is missing or damaged.
        """
        try:
            config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            self._layers, self._size = len(config["layer_types"]), config["head_dim"]
            self._window: int = config["sliding_window"]
            probe = _open(str(folder / PROBE_FILE), 1)
            [[sum_of_largest]] = probe.run(None, {"factors": np.full((1, 64), 255, np.uint8)})[0]
            self._session = _open(graph or str(folder / GRAPH_FILE), threads, sum_of_largest != 127 * 127 * 64)
        except Exception as error:  # ONNX Runtime's own have no other ancestor
            raise damaged(folder, error) from error
        self.ends = np.array(ends, np.int64)
        states = [f"new_{name}.{layer}" for layer in range(self._layers) for name in ("key", "value")]
        self._outputs = ["scores", "next", "ending", *states]

    def read(self, texts: Sequence[Sequence[int]], before: Memory | None = None, *, most: int) -> tuple[Memory, Choice]:
        """Read texts.

        Args:
            texts: tokens of each, at least one.
            before: memory of one text that stands in front of each of them, as it was when it had just been read.
            most: how many of the likeliest next tokens are wanted.

        Returns:
            The memory of all that was read, one row for each text, and what may come next.
        """
        start = before.read if before else 0
        longest = max(map(len, texts))
        lengths = np.array([start + len(text) for text in texts], np.int64)
        places = start + longest
        states = [
            (
                np.zeros((len(texts), places, self._size), np.float32),
                np.zeros((len(texts), self._size, places), np.float32),
            )
            for _ in range(self._layers)
        ]
        choices = []
        count = max(1, _READ_TOKENS // longest)
        for first in range(0, len(texts), count):
            rows = slice(first, first + count)
            some = texts[rows]
            width = max(map(len, some))
            # Padding stands behind a text, where causal attention doesn't see it.
            tokens = np.array([[*text, *[0] * (width - len(text))] for text in some], np.int64)
            last = [row * width + len(text) - 1 for row, text in enumerate(some)]
            choice, new = self._read(tokens, before, last, most)
            choices.append(choice)
            for layer, (keys, values) in enumerate(states):
                if before:
                    keys[rows, :start], values[rows, :, :start] = before.states[layer]
                new_keys, new_values = new[layer]
                keys[rows, start : start + width] = new_keys
                values[rows, :, start : start + width] = new_values.swapaxes(1, 2)
        positions = np.tile(np.arange(places), (len(texts), 1))
        bias = _bias(positions < lengths[:, None])[:, None]
        joined = Choice(*(np.concatenate(parts) for parts in zip(*choices, strict=True)))
        return Memory(states, positions, bias, lengths, places), joined

    def _read(
        self, tokens: Integers, before: Memory | None, wanted: Sequence[int], most: int
    ) -> tuple[Choice, list[tuple[Floats, Floats]]]:
        """Read texts of one length (texts x tokens)."""
        sources, count = tokens.shape
        start = before.read if before else 0
        nothing = (np.zeros((1, 0, self._size), np.float32), np.zeros((1, self._size, 0), np.float32))
        places = np.arange(start + count)
        queries = places[start:, None]
        seen = {"wide": places <= queries, "local": (places <= queries) & (places > queries - self._window)}
        return self._run(
            tokens,
            np.tile(places[start:], (sources, 1)),
            {kind: _bias(seen[kind][None]) for kind in KINDS},
            before.states if before else [nothing] * self._layers,
            wanted,
            most,
        )

    def step(self, tokens: Integers, memory: Memory, *, most: int) -> Choice:
        """Write one token of each row, and say what may come next.

        Args:
            tokens: sources x rows.
            memory: of the sources; the tokens are added to it.
            most: how many of the likeliest next tokens are wanted.
        """
        sources, rows = tokens.shape
        positions = memory.lengths + memory.steps
        own = np.broadcast_to(_bias(np.eye(rows, dtype=bool)), (sources, rows, rows))
        wide = np.concatenate([memory.bias, own], -1)
        local = wide
        horizon = positions - self._window
        if horizon.max() >= 0:
            local = wide.copy()
            hidden = memory.positions <= horizon[:, None]
            local[:, :, : hidden.shape[1]][np.broadcast_to(hidden[:, None], memory.bias.shape)] = -np.inf
        choice, states = self._run(
            tokens,
            np.repeat(positions[:, None], rows, 1),
            {"wide": wide, "local": local},
            memory.states,
            range(sources * rows),
            most,
        )
        memory.add(states)
        return choice

    def _run(
        self,
        tokens: Integers,
        positions: Integers,
        biases: Mapping[str, Floats],
        states: Sequence[tuple[Floats, Floats]],
        wanted: Sequence[int],
        most: int,
    ) -> tuple[Choice, list[tuple[Floats, Floats]]]:
        """Run the graph; ``biases`` are of what stands before the tokens, and of the tokens behind it."""
        inputs: dict[str, Any] = {
            "tokens": tokens,
            "positions": positions,
            "wanted": np.array(wanted, np.int64),
            "ends": self.ends,
            "most": np.array([most], np.int64),
        }
        places = states[0][0].shape[1]
        for kind, bias in biases.items():
            inputs[f"before.{kind}"], inputs[f"among.{kind}"] = np.split(bias[:, :, None], [places], -1)
        for layer, (keys, values) in enumerate(states):
            inputs[f"key.{layer}"], inputs[f"value.{layer}"] = keys, values
        scores, following, ending, *new = self._session.run(self._outputs, inputs)
        return Choice(scores, following, ending[:, 0]), list(zip(new[::2], new[1::2], strict=True))


def _bias(seen: NDArray[np.bool_]) -> Floats:
    return np.where(seen, np.float32(0), np.float32(-np.inf))


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


def _open(graph: str | bytes, threads: int, precise: bool = False) -> InferenceSession:
    """Open a session on a file, or on a graph itself; ``precise`` sums are slower where all are right anyway."""
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
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
