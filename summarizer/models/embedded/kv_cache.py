"""Keys and values of what was read and written, so that no token goes through the model twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]

Layer = tuple[Floats, Floats]
"""Keys and values of a layer."""

# Slots are made in blocks of so many. Empty ones come last and are masked: they add zeros to a sum, and as a block is a
# multiple of what vector instructions take, they don't change in which order it is made.
_BLOCK = 64


def attention_mask(seen: Bools) -> Floats:
    """Return what is added to attention's scores: 0 where a token may look, minus infinity elsewhere."""
    return np.where(seen, np.float32(0), np.float32(-np.inf))


@dataclass
class KVCache:
    """Keys and values of sequences: the prompt of each, and after it what its beams have written.

    A sequence's prompt takes its first slots; the tokens of a step follow side by side, one for each beam. All beams of
    a sequence share its slots: a beam goes on from another by a copy of its line of the mask, and of no keys.

    Attributes:
        layers: of each layer the keys, sequences x slots x head size, and the values, sequences x head size x slots.
        positions: sequences x slots: the position in the text of what stands there.
        mask: sequences x beams x slots: see `attention_mask`.
        lengths: tokens of each prompt.
        steps: tokens that each beam has written.
    """

    layers: list[Layer]
    positions: Integers
    mask: Floats
    lengths: Integers
    steps: int = 0

    @classmethod
    def empty(cls, lengths: Integers, layers: int, head_size: int) -> KVCache:
        """Make room for prompts of these lengths in tokens, one beam each; `fill` brings keys and values."""
        count = len(lengths)
        slots = round_up(int(lengths.max()), _BLOCK)
        pairs: list[Layer] = []
        for _ in range(layers):
            keys = np.zeros((count, slots, head_size), np.float32)
            values = np.zeros((count, head_size, slots), np.float32)
            pairs.append((keys, values))
        positions = np.tile(np.arange(slots), (count, 1))
        mask = attention_mask(positions < lengths[:, None])[:, None]
        return cls(pairs, positions, mask, lengths)

    def fill(self, sequences: Sequence[int], prefix: KVCache, layers: Sequence[Layer]) -> None:
        """Take in the prompts of some sequences: first what stands in front of all, then what was read behind that.

        Args:
            sequences: their places here.
            prefix: the cache of the one text in front of them; each length here includes its own.
            layers: for each layer the keys and values of what was read, both sequences x tokens x head size. Padding
                behind a prompt is left out.
        """
        start = int(prefix.lengths[0])
        for layer, layer_of_prefix, layer_read in zip(self.layers, prefix.layers, layers, strict=True):
            keys, values = layer
            first_keys, first_values = layer_of_prefix
            new_keys, new_values = layer_read
            for row, sequence in enumerate(sequences):
                end = int(self.lengths[sequence])
                keys[sequence, :start] = first_keys[0, :start]
                values[sequence, :, :start] = first_values[0, :, :start]
                keys[sequence, start:end] = new_keys[row, : end - start]
                values[sequence, :, start:end] = new_values[row, : end - start].T

    def spread(self, beams: int) -> None:
        """Give each sequence, of one beam so far, more beams, which begin alike."""
        self.mask = np.repeat(self.mask, beams, 1)

    def keep(self, sequences: Sequence[int]) -> None:
        """Forget all but these sequences."""
        self.layers = [(keys[sequences], values[sequences]) for keys, values in self.layers]
        self.positions = self.positions[sequences]
        self.mask = self.mask[sequences]
        self.lengths = self.lengths[sequences]

    def reorder(self, parents: Integers) -> None:
        """Let each beam (sequences x beams) go on from another beam of its sequence."""
        self.mask = np.take_along_axis(self.mask, parents[:, :, None], 1)

    def append(self, layers: Sequence[Layer]) -> None:
        """Add one more token of each beam, given for each layer its keys and values, sequences x beams x head size."""
        count, beams, slots = self.mask.shape
        taken = self.lengths + self.steps * beams
        needed = int(taken.max()) + beams
        if needed > slots:
            self._grow(round_up(needed, _BLOCK) - slots)
        sequences = np.arange(count)[:, None]
        beam = np.arange(beams)
        slots_of_beams = taken[:, None] + beam
        for (keys, values), (new_keys, new_values) in zip(self.layers, layers, strict=True):
            keys[sequences, slots_of_beams] = new_keys
            values[sequences, :, slots_of_beams] = new_values
        self.positions[sequences, slots_of_beams] = (self.lengths + self.steps)[:, None]
        self.mask[sequences, beam, slots_of_beams] = 0
        self.steps += 1

    def _grow(self, count: int) -> None:
        """Add so many empty slots to each sequence."""
        more = (0, count)
        none = (0, 0)
        grown: list[Layer] = []
        for keys, values in self.layers:
            grown.append((np.pad(keys, (none, more, none)), np.pad(values, (none, none, more))))
        self.layers = grown
        self.positions = np.pad(self.positions, (none, more))
        self.mask = np.pad(self.mask, (none, none, more), constant_values=-np.inf)


def round_up(number: int, step: int) -> int:
    """Return the smallest multiple of ``step`` that isn't less than a number."""
    return -(-number // step) * step
