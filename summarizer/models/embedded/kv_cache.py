"""Keys and values of what was read and written, so that no token goes through the model twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]

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

    layers: list[tuple[Floats, Floats]]
    positions: Integers
    mask: Floats
    lengths: Integers
    steps: int = 0

    @classmethod
    def empty(cls, lengths: Sequence[int], layers: int, head_size: int) -> KVCache:
        """Make room for prompts of these lengths, one beam each; keys and values are still to come."""
        count = len(lengths)
        slots = _round_up(max(lengths))
        positions = np.tile(np.arange(slots), (count, 1))
        shapes = (count, slots, head_size), (count, head_size, slots)
        pairs = [(np.zeros(shapes[0], np.float32), np.zeros(shapes[1], np.float32)) for _ in range(layers)]
        mask = attention_mask(positions < np.array(lengths)[:, None])[:, None]
        return cls(pairs, positions, mask, np.array(lengths, np.int64))

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

    def append(self, layers: Sequence[tuple[Floats, Floats]]) -> None:
        """Add one more token of each beam, given for each layer its keys and values, sequences x beams x head size."""
        count, beams, slots = self.mask.shape
        taken = self.lengths + self.steps * beams
        missing = max(0, _round_up(int(taken.max()) + beams) - slots)
        if missing:
            more = (0, missing)
            none = (0, 0)
            self.layers = [(np.pad(k, (none, more, none)), np.pad(v, (none, none, more))) for k, v in self.layers]
            self.positions = np.pad(self.positions, (none, more))
            self.mask = np.pad(self.mask, (none, none, more), constant_values=-np.inf)
        sequences = np.arange(count)[:, None]
        beam = np.arange(beams)
        slots_of_beams = taken[:, None] + beam
        for (keys, values), (new_keys, new_values) in zip(self.layers, layers, strict=True):
            keys[sequences, slots_of_beams] = new_keys
            values[sequences, :, slots_of_beams] = new_values
        self.positions[sequences, slots_of_beams] = (self.lengths + self.steps)[:, None]
        self.mask[sequences, beam, slots_of_beams] = 0
        self.steps += 1


def _round_up(slots: int) -> int:
    return -(-slots // _BLOCK) * _BLOCK
