"""Gemma 3 (arXiv:2503.19786) for training alone: what a token costs on a CPU is what this file is about.

- Examples lie one behind the other in one row of tokens, without padding; only attention looks at them one by one.
- The tokens of a prompt see each other, those of an answer what stands before them (a prefix language model: Raffel et
  al. 2020, arXiv:1910.10683, section 3.2.1).
- An adapter (low-rank adaptation: Hu et al. 2021, arXiv:2106.09685) is added to the weights once per optimizer step
  (`Gemma.merge`), so that a forward pass costs what it costs without one; the gradients of its two factors follow
  from those of the products (`_Product`).
- The output matrix is multiplied with the positions of answers alone, and only with some of its rows: the frequent
  ones, those that are wanted, and a sample of the rest, which stands for all of it (`Rows`).
- Norms and sums between the products are fused by ``torch.compile`` where there is a compiler.

It needs nothing but torch, so that it also runs where nothing else is installed. Without an adapter (rank 0) the
linear layers themselves are trained.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

CHUNK = 256
"""Positions whose logits are held at a time."""

_FUSED = {
    "qkv": ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
    "output": ("self_attn.o_proj",),
    "gate_up": ("mlp.gate_proj", "mlp.up_proj"),
    "down": ("mlp.down_proj",),
}
"""Linear layers that read the same vectors are multiplied as one."""


@dataclass(frozen=True)
class PackedBatch:
    """Examples in one row of tokens, those of one length beside each other.

    Attributes:
        ids: int64, (tokens,).
        groups: (number of examples, length of each) in the order of ``ids``.
        prompts: tokens of each example's prompt, in the order of ``ids``.
        wanted: int64, (answer tokens,): the positions before the tokens of the answers.
        labels: int64, (answer tokens,): the tokens that are to come there.
        weights: float32, (answer tokens,): of each token in the loss.
        most: float32, (examples,): what each answer may cost in nats; one that costs more isn't learnt from. None if
            all are.
    """

    ids: Tensor
    groups: tuple[tuple[int, int], ...]
    prompts: tuple[int, ...]
    wanted: Tensor
    labels: Tensor
    weights: Tensor
    most: Tensor | None = None

    @property
    def owners(self) -> Tensor:
        """Which example each answer token is of: int64, (answer tokens,)."""
        lengths = [length for count, length in self.groups for _ in range(count)]
        answers = [length - prompt for length, prompt in zip(lengths, self.prompts, strict=True)]
        device = self.ids.device
        return torch.arange(len(answers), device=device).repeat_interleave(torch.tensor(answers, device=device))

    def to(self, device: torch.device) -> PackedBatch:
        """Return the batch on another device."""
        moved = {name: getattr(self, name).to(device) for name in ("ids", "wanted", "labels", "weights")}
        return replace(self, **moved, most=None if self.most is None else self.most.to(device))


@dataclass(frozen=True)
class Rows:
    """Rows of the output matrix that stand for all.

    A softmax over all rows is estimated by importance sampling (Bengio and Senecal 2008, doi:10.1109/TNN.2007.912312):
    rows that were drawn from the rest count as many times as the rest is larger than the sample.

    Attributes:
        matrix: (rows, width).
        bias: (rows,): 0, or the logarithm of how many rows a drawn one stands for.
        places: int64, (vocabulary,): where a token's row is, -1 if it isn't there.
    """

    matrix: Tensor
    bias: Tensor
    places: Tensor

    @classmethod
    def sample(cls, matrix: Tensor, frequent: Tensor, labels: Tensor, size: int, generator: torch.Generator) -> Rows:
        """Take the frequent and the wanted rows, and ``size`` of the others at random."""
        kept = torch.zeros(len(matrix), dtype=torch.bool)
        kept[frequent] = True
        kept[labels] = True
        certain, rest = kept.nonzero()[:, 0], (~kept).nonzero()[:, 0]
        size = min(size, len(rest))
        drawn = rest[torch.randperm(len(rest), generator=generator)[:size]]
        chosen = torch.cat([certain, drawn])
        bias = torch.zeros(len(chosen))
        if size:
            bias[len(certain) :] = math.log(len(rest) / size)
        places = torch.full((len(matrix),), -1)
        places[chosen] = torch.arange(len(chosen))
        return cls(matrix[chosen.to(matrix.device)], bias.to(matrix.device), places.to(matrix.device))


class Linear:
    """Linear layers that read the same vectors, each with its share of an adapter, or trained as they are.

    Attributes:
        base: (outputs, inputs): the frozen weights.
        merged: the weights with the adapter in them; what is multiplied with.
        sizes: outputs of each of the layers.
        a: (layers x rank, inputs), float32.
        b: (outputs, rank), float32.
    """

    def __init__(self, base: Tensor, sizes: Sequence[int], rank: int, generator: torch.Generator) -> None:
        self.base, self.sizes, self.rank = base, tuple(sizes), rank
        self.merged = base.clone()
        if not rank:
            self.merged = self.merged.float().requires_grad_()
            return
        bound = 1 / math.sqrt(base.shape[1])  # as torch.nn.Linear, and peft with it, draw them
        a = torch.empty(len(sizes) * rank, base.shape[1]).uniform_(-bound, bound, generator=generator)
        self.a = a.to(base.device).requires_grad_()
        self.b = torch.zeros(base.shape[0], rank, device=base.device).requires_grad_()

    def parts(self) -> list[tuple[slice, slice]]:
        """Return for each layer which rows of the weights are its own, and which of A."""
        found, start = [], 0
        for number, size in enumerate(self.sizes):
            found.append((slice(start, start + size), slice(number * self.rank, (number + 1) * self.rank)))
            start += size
        return found

    @torch.no_grad()
    def merge(self) -> None:
        """Add the adapter, as it is now, to the weights."""
        if not self.rank:
            return
        for own, low in self.parts():
            product = self.b[own].to(self.base.dtype) @ self.a[low].to(self.base.dtype)
            torch.add(product, self.base[own], out=self.merged[own])

    def multiply(self, vectors: Tensor) -> Tensor:
        """Return the vectors, (tokens, inputs), times the weights: (tokens, outputs)."""
        if self.rank:
            product: Tensor = _Product.apply(vectors, self.a, self.b, self)  # type: ignore[no-untyped-call]
            return product
        return vectors @ self.merged.to(vectors.dtype).t()


class _Product(torch.autograd.Function):
    """Vectors times merged weights W + B A: with G the result's gradient, that of A is (G B)' X, of B G' (X A')."""

    @staticmethod
    def forward(ctx: Any, vectors: Tensor, _a: Tensor, _b: Tensor, linear: Linear) -> Tensor:
        ctx.save_for_backward(vectors)
        ctx.linear = linear
        return vectors @ linear.merged.t()

    @staticmethod
    def backward(ctx: Any, *outer: Tensor) -> tuple[Tensor | None, Tensor, Tensor, None]:
        (slope,), (vectors,), linear = outer, ctx.saved_tensors, ctx.linear
        inner = slope @ linear.merged if ctx.needs_input_grad[0] else None
        a, b = linear.a.to(vectors.dtype), linear.b.to(vectors.dtype)
        low = vectors @ a.t()
        high = torch.empty_like(low)
        slope_b = torch.empty_like(b)
        for own, rows in linear.parts():
            torch.mm(slope[:, own], b[own], out=high[:, rows])
            torch.mm(slope[:, own].t(), low[:, rows], out=slope_b[own])
        return inner, (high.t() @ vectors).float(), slope_b.float(), None


class _Attention(torch.autograd.Function):
    """Attention with one key head, example by example; rows of queries are tokens times heads, so nothing is moved."""

    @staticmethod
    def forward(
        ctx: Any,
        queries: Tensor,
        keys: Tensor,
        values: Tensor,
        groups: Sequence[tuple[int, int]],
        masks: Sequence[Tensor],
    ) -> Tensor:
        seen = torch.empty_like(queries)
        shares = []
        for mask, (query, key, value, out) in zip(masks, _cut(groups, queries, keys, values, seen), strict=True):
            share = torch.baddbmm(mask, query, key.transpose(1, 2)).softmax(-1)
            torch.bmm(share, value, out=out)
            shares.append(share)
        ctx.save_for_backward(queries, keys, values, *shares)
        ctx.groups = groups
        return seen

    @staticmethod
    def backward(ctx: Any, *outer: Tensor) -> tuple[Tensor, Tensor, Tensor, None, None]:
        queries, keys, values, *shares = ctx.saved_tensors
        slopes = [torch.empty_like(queries), torch.empty_like(keys), torch.empty_like(keys)]
        parts = _cut(ctx.groups, outer[0].contiguous(), queries, keys, values, *slopes)
        for share, (slope, query, key, value, to_query, to_key, to_value) in zip(shares, parts, strict=True):
            torch.bmm(share.transpose(1, 2), slope, out=to_value)
            inner = torch._softmax_backward_data(torch.bmm(slope, value.transpose(1, 2)), share, -1, share.dtype)
            torch.bmm(inner, key, out=to_query)
            torch.bmm(inner.transpose(1, 2), query, out=to_key)
        return slopes[0], slopes[1], slopes[2], None, None


def _cut(groups: Sequence[tuple[int, int]], *tensors: Tensor) -> list[list[Tensor]]:
    """Cut tensors of (tokens, ..., size) into (examples, length x ..., size) of each group."""
    start, found = 0, []
    for count, length in groups:
        end = start + count * length
        found.append([tensor[start:end].view(count, -1, tensor.shape[-1]) for tensor in tensors])
        start = end
    return found


class _Loss(torch.autograd.Function):
    """Sum of cross-entropies under frozen rows of an output matrix.

    Kept for the backward pass, the logits would take more memory and time than all layers. So they are made for
    `CHUNK` positions at a time, and the gradient with respect to the vectors is computed along with the loss (as Liger
    kernels do: Hsu et al. 2024, arXiv:2410.10989).

    An answer that costs more than it may is left out: where the model finds a translation far from likely, mostly it
    isn't one (loss truncation: Kang and Hashimoto 2020, arXiv:2004.14589).
    """

    @staticmethod
    def forward(
        ctx: Any,
        vectors: Tensor,
        matrix: Tensor,
        bias: Tensor | None,
        places: Tensor,
        weights: Tensor,
        owners: Tensor | None = None,
        most: Tensor | None = None,
    ) -> Tensor:
        gradient = torch.empty_like(vectors)
        costs = torch.empty_like(weights)
        for start in range(0, len(places), CHUNK):
            rows, wanted, weight = (
                part[start : start + CHUNK] for part in (vectors, places[:, None], weights[:, None])
            )
            logits = (rows @ matrix.t()).float()
            if bias is not None:
                logits += bias
            spread = logits.logsumexp(-1, keepdim=True)
            costs[start : start + CHUNK] = (spread - logits.gather(1, wanted)).squeeze(1)
            slope = logits.sub_(spread).exp_()
            slope.scatter_add_(1, wanted, torch.full_like(spread, -1.0))
            slope *= weight
            gradient[start : start + CHUNK] = slope.to(matrix.dtype) @ matrix
        if owners is not None and most is not None:
            kept = (torch.zeros_like(most).index_add_(0, owners, costs) <= most)[owners]
            weights = weights * kept
            gradient *= kept[:, None]
        ctx.save_for_backward(gradient)
        return (weights * costs).sum()

    @staticmethod
    def backward(ctx: Any, *outer: Tensor) -> tuple[Tensor, None, None, None, None, None, None]:
        (gradient,) = ctx.saved_tensors
        return gradient * outer[0].to(gradient.dtype), None, None, None, None, None, None


def _norm(vectors: Tensor, factors: Tensor, epsilon: float) -> Tensor:
    return vectors * torch.rsqrt(vectors.square().mean(-1, keepdim=True) + epsilon) * factors


def _add_and_norm(
    vectors: Tensor, change: Tensor, after: Tensor, before: Tensor, epsilon: float
) -> tuple[Tensor, Tensor]:
    """Add a block's normalised result to the vectors; return them, and normalised for the next block."""
    vectors = vectors + _norm(change.float(), after, epsilon)
    return vectors, _norm(vectors, before, epsilon).to(change.dtype)


class _Gated(torch.autograd.Function):
    """GELU of the first half of the columns, as its approximation by tanh, times the second half."""

    @staticmethod
    def forward(ctx: Any, wide: Tensor) -> Tensor:
        gate, up = wide.chunk(2, -1)
        opened = functional.gelu(gate, approximate="tanh")
        ctx.save_for_backward(wide, opened)
        return opened * up

    @staticmethod
    def backward(ctx: Any, *outer: Tensor) -> Tensor:
        (slope,), (wide, opened) = outer, ctx.saved_tensors
        gate, up = wide.chunk(2, -1)
        found = torch.empty_like(wide)
        to_gate, to_up = found.chunk(2, -1)
        torch.mul(slope, opened, out=to_up)
        torch.ops.aten.gelu_backward.grad_input(slope * up, gate, approximate="tanh", grad_input=to_gate)
        return found


class _Rotated(torch.autograd.Function):
    """Vectors of heads, normalised and rotated (Su et al. 2021, arXiv:2104.09864).

    A compiler makes plain loops of the halves' gradients, which take longer than all products of a layer.
    """

    @staticmethod
    def forward(ctx: Any, heads: Tensor, cosine: Tensor, sine: Tensor, factors: Tensor, epsilon: float) -> Tensor:
        scale = torch.rsqrt(heads.float().square().mean(-1, keepdim=True) + epsilon)
        ctx.save_for_backward(heads, scale, cosine, sine, factors)
        first, second = (heads * scale).mul_(factors).chunk(2, -1)
        return _turn(first, second, cosine, sine, heads.dtype)

    @staticmethod
    def backward(ctx: Any, *outer: Tensor) -> tuple[Tensor, None, None, None, None]:
        heads, scale, cosine, sine, factors = ctx.saved_tensors
        first, second = outer[0].float().chunk(2, -1)
        slope = _turn(first, second, cosine, -sine, torch.float32).mul_(factors)
        unit = heads * scale
        mean = (slope * unit).mean(-1, keepdim=True)
        return slope.sub_(unit.mul_(mean)).mul_(scale).to(heads.dtype), None, None, None, None


def _turn(first: Tensor, second: Tensor, cosine: Tensor, sine: Tensor, dtype: torch.dtype) -> Tensor:
    turned = torch.empty(*first.shape[:-1], 2 * first.shape[-1], dtype=dtype, device=first.device)
    left, right = turned.chunk(2, -1)
    left.copy_((first * cosine).addcmul_(second, sine, value=-1))
    right.copy_((second * cosine).addcmul_(first, sine))
    return turned


def _rotate(
    joined: Tensor, turns: tuple[Tensor, Tensor], factors: Tensor, size: int, epsilon: float
) -> tuple[Tensor, Tensor, Tensor]:
    """Normalise and rotate queries and keys; return them and the values."""
    heads = len(factors)
    both: Tensor = _Rotated.apply(joined[:, : heads * size].view(-1, heads, size), *turns, factors, epsilon)  # type: ignore[no-untyped-call]
    return both[:, :-1].contiguous(), both[:, -1].contiguous(), joined[:, heads * size :].contiguous()


class Gemma:
    """A Gemma 3 text model with one key head (270 million or a billion parameters) and its adapter.

    Attributes:
        linears: by layer, the linear layers by the names of the products.
        embedding: (vocabulary, width): the matrix of inputs and outputs.
    """

    def __init__(
        self, config: Mapping[str, Any], weights: Mapping[str, Tensor], rank: int, seed: int = 0, compiled: bool = False
    ) -> None:
        """Take the weights of a checkpoint.

        Args:
            config: of the checkpoint, as transformers writes it.
            weights: by transformers' names, all of one type, which is the type of the products.
            rank: of the adapter, whose alpha is its rank, so that it isn't scaled; 0 to train the linear layers.
            seed: of the adapter's A. Its B is zero, so it starts as the base.
            compiled: fuse what lies between the products.
        """
        self.config, self.rank = config, rank
        self._size, self._epsilon = config["head_dim"], config["rms_norm_eps"]
        self._heads, self._window = config["num_attention_heads"], config["sliding_window"]
        self.embedding = weights["model.embed_tokens.weight"]
        generator = torch.Generator().manual_seed(seed)
        self.linears: list[dict[str, Linear]] = []
        self._factors: list[dict[str, Tensor]] = []
        for layer in range(config["num_hidden_layers"]):
            own = {name.removeprefix(f"model.layers.{layer}."): value for name, value in weights.items()}
            fused = {name: [own[f"{part}.weight"] for part in parts] for name, parts in _FUSED.items()}
            self.linears.append(
                {
                    name: Linear(torch.cat(parts), [len(part) for part in parts], rank, generator)
                    for name, parts in fused.items()
                }
            )
            names = [name for name in own if name.endswith("norm.weight") and not name.startswith("model.")]
            factors = {name: 1 + own[name].float() for name in names}
            # Scaling the queries here saves scaling the scores.
            query = factors["self_attn.q_norm.weight"] * config["query_pre_attn_scalar"] ** -0.5
            factors["heads"] = torch.stack([query] * self._heads + [factors["self_attn.k_norm.weight"]])
            self._factors.append(factors)
        self._last = 1 + weights["model.norm.weight"].float()
        self._add_and_norm = torch.compile(_add_and_norm, dynamic=True) if compiled else _add_and_norm

    def trained(self) -> dict[str, Tensor]:
        """Return what is trained, by names of its own; the gradients go to these tensors."""
        found: dict[str, Tensor] = {}
        for number, linears in enumerate(self.linears):
            for name, linear in linears.items():
                kept = {"A": linear.a, "B": linear.b} if self.rank else {"W": linear.merged}
                found.update({f"{number}.{name}.{kind}": value for kind, value in kept.items()})
        return found

    def parts(self) -> dict[str, tuple[Linear, slice, slice]]:
        """Return the layers by transformers' names: where each lies in which joined layer (see `Linear.parts`)."""
        return {
            f"model.layers.{number}.{part}": (linear, *places)
            for number, linears in enumerate(self.linears)
            for name, linear in linears.items()
            for part, places in zip(_FUSED[name], linear.parts(), strict=True)
        }

    def all_linears(self) -> list[Linear]:
        """Return the linear layers of all layers."""
        return [linear for linears in self.linears for linear in linears.values()]

    def merge(self) -> None:
        """Add the adapter to the weights; to be called whenever it has changed."""
        for linear in self.all_linears():
            linear.merge()

    def loss(self, batch: PackedBatch, rows: Rows | None = None) -> Tensor:
        """Return the weighted sum of the cross-entropies of the answers' tokens in nats, of those that are learnt from.

        Args:
            batch: the examples.
            rows: stand for the whole output matrix; None for all of it.
        """
        matrix, bias, places = self.embedding, None, batch.labels
        if rows is not None:
            matrix, bias, places = rows.matrix, rows.bias, rows.places[batch.labels]
        limits = (batch.owners, batch.most)
        loss: Tensor = _Loss.apply(self._read(batch), matrix, bias, places, batch.weights, *limits)  # type: ignore[no-untyped-call]
        return loss

    def _read(self, batch: PackedBatch) -> Tensor:
        """Return the last vectors of the wanted positions, (answer tokens, width)."""
        dtype = self.embedding.dtype
        masks, turns = self._masks(batch), self._turns(batch)
        vectors = self.embedding[batch.ids].float() * math.sqrt(self.embedding.shape[1])
        last = len(self.linears) - 1
        normed = _norm(vectors, self._factors[0]["input_layernorm.weight"], self._epsilon).to(dtype)
        for number, (linears, factors) in enumerate(zip(self.linears, self._factors, strict=True)):
            kind = self.config["layer_types"][number]
            query, key, value = _rotate(
                linears["qkv"].multiply(normed), turns[kind], factors["heads"], self._size, self._epsilon
            )
            seen: Tensor = _Attention.apply(query, key, value, batch.groups, masks[kind])  # type: ignore[no-untyped-call]
            seen = seen.view(len(seen), -1)
            if number == last:
                # What follows concerns the answers alone.
                seen, vectors = seen[batch.wanted], vectors[batch.wanted]
            after, before = (factors[f"{name}_layernorm.weight"] for name in ("post_attention", "pre_feedforward"))
            vectors, normed = self._add_and_norm(
                vectors, linears["output"].multiply(seen), after, before, self._epsilon
            )
            gated: Tensor = _Gated.apply(linears["gate_up"].multiply(normed))  # type: ignore[no-untyped-call]
            wide = linears["down"].multiply(gated)
            before = self._last if number == last else self._factors[number + 1]["input_layernorm.weight"]
            after = factors["post_feedforward_layernorm.weight"]
            vectors, normed = self._add_and_norm(vectors, wide, after, before, self._epsilon)
        return normed

    def _turns(self, batch: PackedBatch) -> dict[str, tuple[Tensor, Tensor]]:
        """Return cosines and sines of each position, (tokens, 1, half a head), by kind of layer."""
        device = batch.ids.device
        places = torch.cat([torch.arange(length, device=device).repeat(count) for count, length in batch.groups])
        half = torch.arange(0, self._size, 2, device=device) / self._size
        found = {}
        for kind in sorted(set(self.config["layer_types"])):
            base = self.config["rope_parameters"][kind]["rope_theta"]
            angles = (places[:, None] * base**-half)[:, None]
            found[kind] = (angles.cos(), angles.sin())
        return found

    def _masks(self, batch: PackedBatch) -> dict[str, list[Tensor]]:
        """Return by kind of layer what is added to each group's scores: (examples, length x heads, length)."""
        device, found = batch.ids.device, {}
        for kind in sorted(set(self.config["layer_types"])):
            masks, first = [], 0
            for count, length in batch.groups:
                prompts = torch.tensor(batch.prompts[first : first + count], device=device)[:, None, None]
                first += count
                row, column = torch.arange(length, device=device)[:, None], torch.arange(length, device=device)
                # The first token, which begins every text, sees itself alone: so it can be read once for all prompts.
                allowed = (column <= row) | ((column < prompts) & (row > 0))
                if kind == "sliding_attention":
                    allowed = allowed & ((row - column).abs() < self._window)
                mask = torch.zeros(count, length, length, dtype=self.embedding.dtype, device=device)
                mask.masked_fill_(~allowed, -math.inf)
                masks.append(mask.repeat_interleave(self._heads, 1))
            found[kind] = masks
        return found
