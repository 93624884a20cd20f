"""Gemma 3 (arXiv:2503.19786), without anything that writing with it doesn't need.

transformers' own implementation spends most of the time of a step between the products: on two cores, a step of the
270-million-parameter model for one text took 53 ms there, of which reading the weights takes 15.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import gelu, pad, scaled_dot_product_attention

from summarizer.errors import ModelError
from summarizer.models.embedded.weights import EMBEDDING, load_weights
from summarizer.plain import one_line

_READ_TOKENS = 512
"""How many tokens are read at a time, if they are of more than one text: what is computed of more leaves the caches."""

_GROWTH = 32
"""For how many more tokens of each text memory is made when it is full."""


@dataclass
class Memory:
    """Keys and values of what was read and of what has been written since.

    Sources differ in length: what was read stands at the beginning, padded at the end; behind it, the tokens of a
    step stand side by side, one for each row of the source. Rows of a source share all this; ``bias`` says what each
    may look at, so that a beam is moved to another row by copying its line of ``bias``, and no keys.

    Attributes:
        keys: for each layer sources x heads x places x size, with some places to spare.
        values: as ``keys``.
        positions: sources x places: the position in the text of what stands there.
        bias: sources x rows x places: 0 where a row may look, minus infinity elsewhere.
        lengths: tokens read of each source.
        read: places that hold what was read.
        steps: tokens written.
    """

    keys: list[Tensor]
    values: list[Tensor]
    positions: Tensor
    bias: Tensor
    lengths: Tensor
    read: int
    steps: int = 0

    @property
    def rows(self) -> int:
        """Rows of each source."""
        return self.bias.shape[1]

    def spread(self, rows: int) -> None:
        """Give each source, of one row so far, more rows, which begin alike."""
        self.bias = self.bias.expand(-1, rows, -1).contiguous()

    def keep(self, sources: Tensor) -> None:
        """Forget all but these sources."""
        self.keys = [value[sources] for value in self.keys]
        self.values = [value[sources] for value in self.values]
        self.positions, self.bias, self.lengths = (
            value[sources] for value in (self.positions, self.bias, self.lengths)
        )

    def move(self, parents: Tensor) -> None:
        """Let each row (sources x rows) go on from another row of its source."""
        self.bias = self.bias.gather(1, parents.unsqueeze(-1).expand_as(self.bias))

    def advance(self) -> slice:
        """Make room for one more token of each row, and return its places."""
        rows = self.rows
        start = self.read + self.steps * rows
        if start + rows > self.bias.shape[2]:
            more = _GROWTH * rows
            self.keys = [pad(value, (0, 0, 0, more)) for value in self.keys]
            self.values = [pad(value, (0, 0, 0, more)) for value in self.values]
            self.positions = pad(self.positions, (0, more))
            self.bias = pad(self.bias, (0, more), value=-torch.inf)
        places = slice(start, start + rows)
        self.positions[:, places] = (self.lengths + self.steps).unsqueeze(1)
        self.bias[:, :, places].diagonal(dim1=1, dim2=2).zero_()
        self.steps += 1
        return places


class Network:
    """A Gemma 3 text model that reads texts and writes them on, token by token."""

    def __init__(self, folder: Path, dtype: torch.dtype, device: torch.device) -> None:
        """Load a converted checkpoint.

        Args:
            folder: the checkpoint's.
            dtype: of the matrices; with ``torch.int8``, all else is computed in float32.
            device: where to compute.

        Raises:
            ModelError: a file is missing or damaged.
            RuntimeError: the device can't be used.
        """
        try:
            config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            self._heads, self._shared = config["num_attention_heads"], config["num_key_value_heads"]
            self._size, epsilon = config["head_dim"], config["rms_norm_eps"]
            self._window, self._width = config["sliding_window"], config["hidden_size"]
            self._is_local = [kind == "sliding_attention" for kind in config["layer_types"]]
            self._bases = [
                config["rope_parameters"][kind]["rope_theta"] for kind in ("full_attention", "sliding_attention")
            ]
            scale = config["query_pre_attn_scalar"] ** -0.5
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(f"the model in {folder} is damaged, delete the folder: {one_line(str(error))}") from error
        self.device = device
        self._dtype = torch.float32 if dtype is torch.int8 else dtype
        self._turns: list[tuple[Tensor, Tensor]] = []
        matrices, factors = load_weights(folder, len(self._is_local), dtype)
        self._matrices = {name: matrix.to(device) for name, matrix in matrices.items()}
        self._norms = {name: (value.float() * math.sqrt(len(value))).to(device) for name, value in factors.items()}
        self._floors = {size: torch.tensor(size * epsilon, device=device) for size in (self._width, self._size)}
        self._embedding_scale = torch.tensor(math.sqrt(self._width), dtype=self._dtype, device=device)
        self._head_norms = [
            torch.cat(
                [
                    # Scaling the queries here saves scaling the scores.
                    (self._norms[f"{layer}.query"] * scale).expand(self._heads, -1),
                    self._norms[f"{layer}.key"].expand(self._shared, -1),
                ]
            )
            for layer in range(len(self._is_local))
        ]

    @torch.inference_mode()
    def read(self, texts: Sequence[Sequence[int]], before: Memory | None = None) -> tuple[Memory, Tensor]:
        """Read texts.

        Args:
            texts: tokens of each, at least one.
            before: memory of one text that stands in front of each of them, as it was when it had just been read.

        Returns:
            The memory of all that was read, one row for each text, and the vectors (texts x width) from which the next
            tokens follow.
        """
        start = before.read if before else 0
        longest = max(map(len, texts))
        lengths = torch.tensor([start + len(text) for text in texts], device=self.device)
        places = start + longest
        shape = (len(texts), self._shared, places, self._size)
        keys = [torch.zeros(shape, dtype=self._dtype, device=self.device) for _ in self._is_local]
        values = [torch.zeros_like(key) for key in keys]
        last = torch.empty((len(texts), self._width), dtype=self._dtype, device=self.device)
        count = max(1, _READ_TOKENS // longest)
        for first in range(0, len(texts), count):
            rows = slice(first, min(first + count, len(texts)))
            some = texts[rows]
            width = max(map(len, some))
            # Padding stands behind a text, where causal attention doesn't see it.
            tokens = torch.tensor([[*text, *[0] * (width - len(text))] for text in some], device=self.device)
            filled = slice(start + width)
            parts = [(key[rows, :, filled], value[rows, :, filled]) for key, value in zip(keys, values, strict=True)]
            vectors = self._read(tokens, before, parts)
            last[rows] = vectors[torch.arange(len(some)), lengths[rows] - start - 1]
        positions = torch.arange(places, device=self.device).expand(len(texts), -1)
        bias = torch.zeros((len(texts), 1, places), dtype=self._dtype, device=self.device)
        bias.masked_fill_((positions >= lengths[:, None])[:, None], -torch.inf)
        return Memory(keys, values, positions.contiguous(), bias, lengths, places), last

    def _read(self, tokens: Tensor, before: Memory | None, parts: list[tuple[Tensor, Tensor]]) -> Tensor:
        """Read texts of one length (texts x tokens), fill their parts of the memory, and return all vectors."""
        count, length = tokens.shape
        start = before.read if before else 0
        vectors = self._embed(tokens)
        turns = [
            (c[start : start + length, None], s[start : start + length, None])
            for c, s in self._rotations(start + length)
        ]
        keys = torch.arange(start + length, device=self.device)
        queries = keys[start:, None]
        masks = [keys <= queries, (keys <= queries) & (keys > queries - self._window)]
        for layer, (key, value) in enumerate(parts):
            kind = self._is_local[layer]
            query, key[:, :, start:], value[:, :, start:] = self._project(layer, vectors, turns[kind])
            if before:
                key[:, :, :start], value[:, :, :start] = before.keys[layer], before.values[layer]
            heads = (count, self._shared, self._heads // self._shared, start + length, self._size)
            seen = scaled_dot_product_attention(
                query,
                key.unsqueeze(2).expand(heads).reshape(count, self._heads, start + length, self._size),
                value.unsqueeze(2).expand(heads).reshape(count, self._heads, start + length, self._size),
                attn_mask=masks[kind],
                scale=1.0,
            )
            vectors = self._finish(layer, vectors, seen.transpose(1, 2).reshape(count, length, -1))
        return vectors

    @torch.inference_mode()
    def step(self, tokens: Tensor, memory: Memory) -> Tensor:
        """Write one token of each row.

        Args:
            tokens: sources x rows.
            memory: of the sources; the tokens are added to it.

        Returns:
            The vectors (sources times rows x width) from which the next tokens follow.
        """
        sources, rows = tokens.shape
        positions = memory.lengths + memory.steps
        places = memory.advance()
        turns = [
            (c[positions, None, None], s[positions, None, None]) for c, s in self._rotations(int(positions.max()) + 1)
        ]
        bias = memory.bias[:, :, : places.stop]
        biases, starts = [bias, bias], [0, 0]
        horizon = positions - self._window
        if int(horizon.max()) >= 0:
            # A layer with a window looks at nothing that lies before it in any source.
            starts[1] = max(0, min(int(horizon.min()) + 1, memory.read))
            hidden = memory.positions[:, starts[1] : places.stop] <= horizon[:, None]
            biases[1] = bias[:, :, starts[1] :].masked_fill(hidden.unsqueeze(1), -torch.inf)
        group = self._heads // self._shared
        biases = [
            value[:, None, :, None].expand(-1, -1, -1, group, -1).reshape(sources, 1, rows * group, -1)
            for value in biases
        ]
        vectors = self._embed(tokens)
        for layer, is_local in enumerate(self._is_local):
            query, key, value = self._project(layer, vectors, turns[is_local])
            memory.keys[layer][:, :, places], memory.values[layer][:, :, places] = key, value
            seen_at = slice(starts[is_local], places.stop)
            keys, values = memory.keys[layer][:, :, seen_at], memory.values[layer][:, :, seen_at]
            # The query heads that share a key head, of all rows of a source, are the rows of one product.
            query = query.view(sources, self._shared, group, rows, self._size).transpose(2, 3)
            query = query.reshape(sources, self._shared, rows * group, self._size)
            seen = scaled_dot_product_attention(query, keys, values, attn_mask=biases[is_local], scale=1.0)
            seen = seen.view(sources, self._shared, rows, group, self._size).transpose(1, 2)
            vectors = self._finish(layer, vectors, seen.reshape(sources, rows, -1))
        return vectors.view(sources * rows, -1)

    @torch.inference_mode()
    def logits(self, vectors: Tensor) -> Tensor:
        """Return the logits of the next token, n x vocabulary in float32, from vectors (n x width)."""
        vectors = self._normalize(vectors, self._norms["norm"])
        return self._matrices[EMBEDDING].multiply(vectors).float()

    def _embed(self, tokens: Tensor) -> Tensor:
        rows: Tensor = self._matrices[EMBEDDING].rows(tokens)
        return rows.to(self._dtype) * self._embedding_scale

    def _normalize(self, vectors: Tensor, factors: Tensor) -> Tensor:
        """Divide vectors by their root mean square (Zhang and Sennrich 2019, arXiv:1910.07467).

        The factors hold the square root of the vectors' size, so that their length will do for the mean.
        """
        length = torch.linalg.vector_norm(vectors, 2, -1, keepdim=True, dtype=torch.float32)
        floor = self._floors[vectors.shape[-1]]
        return (vectors * torch.addcmul(floor, length, length).rsqrt_()).mul_(factors).to(self._dtype)

    def _multiply(self, name: str, vectors: Tensor) -> Tensor:
        product: Tensor = self._matrices[name].multiply(vectors.reshape(-1, vectors.shape[-1]))
        return product.view(*vectors.shape[:-1], -1)

    def _project(self, layer: int, vectors: Tensor, turns: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        """Return queries, keys and values (texts x heads x tokens x size) of vectors (texts x tokens x width)."""
        normal = self._normalize(vectors, self._norms[f"{layer}.before_attention"])
        parts = self._multiply(f"{layer}.qkv", normal).view(*vectors.shape[:-1], -1, self._size)
        turned = parts[:, :, : self._heads + self._shared]
        turned = self._normalize(turned, self._head_norms[layer])
        cosine, sine = turns
        turned = torch.addcmul(turned * cosine, turned.roll(self._size // 2, -1), sine)
        key, value = turned[:, :, self._heads :], parts[:, :, self._heads + self._shared :]
        return turned[:, :, : self._heads].transpose(1, 2), key.transpose(1, 2), value.transpose(1, 2)

    def _finish(self, layer: int, vectors: Tensor, seen: Tensor) -> Tensor:
        """Add what attention saw, and what the rest of the layer makes of it."""
        seen = self._multiply(f"{layer}.output", seen)
        vectors = vectors + self._normalize(seen, self._norms[f"{layer}.after_attention"])
        normal = self._normalize(vectors, self._norms[f"{layer}.before_mlp"])
        gate, up = self._multiply(f"{layer}.gate_up", normal).chunk(2, -1)
        wide = gelu(gate, approximate="tanh").mul_(up)
        return vectors + self._normalize(self._multiply(f"{layer}.down", wide), self._norms[f"{layer}.after_mlp"])

    def _rotations(self, length: int) -> list[tuple[Tensor, Tensor]]:
        """Return cosines and sines (positions x size) of the rotary embedding, of wide and of local layers.

        The sines of the first half are negative: with the halves of a vector exchanged, that is the rotation
        (Su et al. 2021, arXiv:2104.09864).
        """
        if not self._turns or len(self._turns[0][0]) < length:
            places = torch.arange(-(-length // 512) * 512, device=self.device).float()
            self._turns = []
            for base in self._bases:
                halves = torch.arange(0, self._size, 2, device=self.device).float() / self._size
                angles = places[:, None] * (1 / base**halves)
                cosine, sine = angles.cos(), angles.sin()
                self._turns.append(
                    (torch.cat([cosine, cosine], -1).to(self._dtype), torch.cat([-sine, sine], -1).to(self._dtype))
                )
        return self._turns
