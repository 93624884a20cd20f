"""Gemma 3 (arXiv:2503.19786) for training alone, in torch alone: what a token costs is what this file is about.

- Examples lie one behind the other in one row of tokens; only attention looks at them one by one.
- The tokens of a prompt see each other, those of an answer what stands before them (a prefix language model: Raffel et
  al. 2020, arXiv:1910.10683, section 3.2.1).
- An adapter (low-rank adaptation: Hu et al. 2021, arXiv:2106.09685) is added to the weights once per optimizer step
  (`Gemma.merge`), so that a forward pass costs what it costs without one; the gradients of its two factors follow
  from those of the products (`_Product`).
- The output matrix is multiplied with the positions of answers alone, and only with some of its rows: the frequent
  ones, those that are wanted, and a sample of the rest, which stands for all of it (`Rows`).
- How much the sentences of an article matter is told from the states half of the layers up; the others aren't computed.
- Norms and sums between the products are fused by ``torch.compile`` where there is a compiler.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from training import TrainingError

# Positions whose logits are held at a time: a CPU's caches want few, a GPU few and large products.
_CHUNK = 256
_CUDA_CHUNK = 4096

FUSED = {
    "qkv": ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
    "output": ("self_attn.o_proj",),
    "gate_up": ("mlp.gate_proj", "mlp.up_proj"),
    "down": ("mlp.down_proj",),
}
"""Linear layers that read the same vectors are multiplied as one: by their name in the graph, their parts in
transformers."""

_PREFIX = "base_model.model."  # of peft's names


def shapes(values: Mapping[str, Tensor]) -> dict[str, torch.Size]:
    """Return the shapes of tensors by their names; they are the same for adapters that fit the same model."""
    return {name: value.shape for name, value in values.items()}


@dataclass(frozen=True)
class PackedBatch:
    """Examples in one row of tokens, those of one length beside each other.

    Attributes:
        ids: int64, (tokens,).
        groups: (number of examples, length of each) in the order of ``ids``.
        prompts: tokens of each example's prompt, in the order of ``ids``.
        label_positions: int64, (answer tokens,): the positions before the tokens of the answers.
        owners: int64, (answer tokens,): which example each is of.
        weights: float32, (answer tokens,) or (sentences,): of each in the loss.
        max_loss: float32, (examples,): what each answer may cost in nats; one that costs more isn't learnt from.
        sentences: int64, (sentences, 2): where those begin and end of which is asked how much they matter. All examples
            of a batch have such, or none.
        belongs: float32, (sentences,): how much each belongs to the abstract of its article, 0 to 1.
    """

    ids: Tensor
    groups: tuple[tuple[int, int], ...]
    prompts: tuple[int, ...]
    label_positions: Tensor
    owners: Tensor
    weights: Tensor
    max_loss: Tensor
    sentences: Tensor
    belongs: Tensor

    @property
    def labels(self) -> Tensor:
        """The tokens of the answers: int64, (answer tokens,)."""
        return self.ids[self.label_positions + 1]

    def to(self, device: torch.device) -> PackedBatch:
        """Return the batch on another device."""
        moved: dict[str, Any] = {}
        for name, value in vars(self).items():
            if isinstance(value, Tensor):
                moved[name] = value.to(device)
        return replace(self, **moved)


@dataclass(frozen=True)
class Rows:
    """Rows of the output matrix that stand for all.

    A softmax over all rows is estimated by importance sampling (Bengio and Senecal 2008, doi:10.1109/TNN.2007.912312):
    rows that were drawn from the rest count as many times as the rest is larger than the sample.

    Attributes:
        matrix: (rows, width).
        bias: (rows,): 0, or the logarithm of how many rows a drawn one stands for.
        row_of_token: int64, (vocabulary,): -1 if its row isn't there.
    """

    matrix: Tensor
    bias: Tensor
    row_of_token: Tensor

    @classmethod
    def sample(cls, matrix: Tensor, frequent: Tensor, labels: Tensor, size: int, generator: torch.Generator) -> Rows:
        """Take the frequent and the wanted rows, and ``size`` of the others at random."""
        kept = torch.zeros(len(matrix), dtype=torch.bool)
        kept[frequent] = True
        kept[labels] = True
        certain = kept.nonzero()[:, 0]
        rest = (~kept).nonzero()[:, 0]
        size = min(size, len(rest))
        drawn = rest[torch.randperm(len(rest), generator=generator)[:size]]
        chosen = torch.cat([certain, drawn])
        bias = torch.zeros(len(chosen))
        if size:
            bias[len(certain) :] = math.log(len(rest) / size)
        row_of_token = torch.full((len(matrix),), -1)
        row_of_token[chosen] = torch.arange(len(chosen))
        return cls(matrix[chosen.to(matrix.device)], bias.to(matrix.device), row_of_token.to(matrix.device))


class Linear:
    """Frozen linear layers that read the same vectors, each with its share of an adapter.

    Attributes:
        base: (outputs, inputs): the weights without the adapter.
        merged: the weights with it; what is multiplied with.
        sizes: outputs of each of the layers.
        a: (layers x rank, inputs), float32.
        b: (outputs, rank), float32.
    """

    def __init__(self, base: Tensor, sizes: Sequence[int], rank: int, generator: torch.Generator) -> None:
        self.base = base
        self.sizes = tuple(sizes)
        self.rank = rank
        self.merged = base.clone()
        bound = 1 / math.sqrt(base.shape[1])  # as torch.nn.Linear, and peft with it, draw them
        a = torch.empty(len(sizes) * rank, base.shape[1]).uniform_(-bound, bound, generator=generator)
        self.a = a.to(base.device).requires_grad_()
        self.b = torch.zeros(base.shape[0], rank, device=base.device).requires_grad_()

    def parts(self) -> list[tuple[slice, slice]]:
        """Return for each layer which rows of the weights and of B are its own, and which of A."""
        parts: list[tuple[slice, slice]] = []
        start = 0
        start_in_a = 0
        for size in self.sizes:
            of_weights = slice(start, start + size)
            of_a = slice(start_in_a, start_in_a + self.rank)
            parts.append((of_weights, of_a))
            start = of_weights.stop
            start_in_a = of_a.stop
        return parts

    @torch.no_grad()
    def merge(self) -> None:
        """Add the adapter, as it is now, to the weights."""
        for rows, rows_of_a in self.parts():
            product = self.b[rows].to(self.base.dtype) @ self.a[rows_of_a].to(self.base.dtype)
            torch.add(product, self.base[rows], out=self.merged[rows])

    def multiply(self, vectors: Tensor) -> Tensor:
        """Return the vectors, (tokens, inputs), times the weights: (tokens, outputs)."""
        product: Tensor = _Product.apply(vectors, self.a, self.b, self)  # type: ignore[no-untyped-call]
        return product


class _Product(torch.autograd.Function):
    """Vectors times merged weights W + B A: with G the result's gradient, that of A is (G B)' X, of B G' (X A')."""

    @staticmethod
    def forward(ctx: Any, vectors: Tensor, _a: Tensor, _b: Tensor, linear: Linear) -> Tensor:
        ctx.save_for_backward(vectors)
        ctx.linear = linear
        return vectors @ linear.merged.t()

    @staticmethod
    def backward(ctx: Any, *outer: Tensor) -> tuple[Tensor | None, Tensor, Tensor, None]:
        (grad,) = outer
        (vectors,) = ctx.saved_tensors
        linear = ctx.linear
        inner = grad @ linear.merged if ctx.needs_input_grad[0] else None
        a = linear.a.to(vectors.dtype)
        b = linear.b.to(vectors.dtype)
        low = vectors @ a.t()
        high = torch.empty_like(low)
        grad_b = torch.empty_like(b)
        for rows, rows_of_a in linear.parts():
            torch.mm(grad[:, rows], b[rows], out=high[:, rows_of_a])
            torch.mm(grad[:, rows].t(), low[:, rows_of_a], out=grad_b[rows])
        return inner, (high.t() @ vectors).float(), grad_b.float(), None


def _attend(
    queries: Tensor,
    keys: Tensor,
    values: Tensor,
    groups: Sequence[tuple[int, int]],
    masks: Sequence[Tensor],
) -> Tensor:
    """Return what each token sees, example by example; there is one key head.

    Args:
        queries: (tokens, heads, size).
        keys: (tokens, size).
        values: (tokens, size).
        groups: see `PackedBatch.groups`.
        masks: of each group, what is added to its scores: see `Gemma._masks`.

    Returns:
        (tokens, heads x size).
    """
    sizes = [count * length for count, length in groups]
    # Not slices: the gradient of each would be as large as that of all.
    queries_of_groups = torch.split(queries, sizes)
    keys_of_groups = torch.split(keys, sizes)
    values_of_groups = torch.split(values, sizes)
    seen: list[Tensor] = []
    for (count, length), mask, query, key, value in zip(
        groups, masks, queries_of_groups, keys_of_groups, values_of_groups, strict=True
    ):
        # Rows of queries are tokens times heads, so nothing is moved.
        query_rows = query.reshape(count, -1, query.shape[-1])
        key_rows = key.reshape(count, length, -1)
        value_rows = value.reshape(count, length, -1)
        attention = torch.baddbmm(mask, query_rows, key_rows.transpose(1, 2)).softmax(-1)
        seen.append((attention @ value_rows).view(count * length, -1))
    return torch.cat(seen)


class _Loss(torch.autograd.Function):
    """Sum of cross-entropies under frozen rows of an output matrix.

    Kept for the backward pass, the logits would take more memory and time than all layers. So they are made for some
    positions at a time, and the gradient with respect to the vectors is computed along with the loss (as Liger kernels
    do: Hsu et al. 2024, arXiv:2410.10989).

    An answer that costs more than it may is left out: where the model finds a translation far from likely, mostly it
    isn't one (loss truncation: Kang and Hashimoto 2020, arXiv:2004.14589).
    """

    @staticmethod
    def forward(
        ctx: Any, vectors: Tensor, matrix: Tensor, bias: Tensor | None, rows: Tensor, batch: PackedBatch
    ) -> Tensor:
        grad = torch.empty_like(vectors)
        costs = torch.empty_like(batch.weights)
        chunk = _CUDA_CHUNK if vectors.is_cuda else _CHUNK
        for start in range(0, len(rows), chunk):
            places = slice(start, start + chunk)
            logits = (vectors[places] @ matrix.t()).float()
            if bias is not None:
                logits += bias
            log_sum = logits.logsumexp(-1, keepdim=True)
            target = rows[places, None]
            costs[places] = (log_sum - logits.gather(1, target)).squeeze(1)
            # The gradient of a cross-entropy: the probabilities, less 1 at the target.
            grad_logits = logits.sub_(log_sum).exp_().scatter_add_(1, target, torch.full_like(log_sum, -1.0))
            grad[places] = grad_logits.mul_(batch.weights[places, None]).to(matrix.dtype) @ matrix
        cost_of_answers = torch.zeros_like(batch.max_loss).index_add_(0, batch.owners, costs)
        is_learnt = (cost_of_answers <= batch.max_loss)[batch.owners]
        grad *= is_learnt[:, None]
        ctx.save_for_backward(grad)
        return (batch.weights * costs * is_learnt).sum()

    @staticmethod
    def backward(ctx: Any, *outer: Tensor) -> tuple[Tensor, None, None, None, None]:
        (grad,) = ctx.saved_tensors
        return grad * outer[0].to(grad.dtype), None, None, None, None


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
        (grad,) = outer
        wide, opened = ctx.saved_tensors
        gate, up = wide.chunk(2, -1)
        grad_wide = torch.empty_like(wide)
        grad_gate, grad_up = grad_wide.chunk(2, -1)
        torch.mul(grad, opened, out=grad_up)
        torch.ops.aten.gelu_backward.grad_input(grad * up, gate, approximate="tanh", grad_input=grad_gate)
        return grad_wide


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
        grad = _turn(first, second, cosine, -sine, torch.float32).mul_(factors)
        unit = heads * scale
        mean = (grad * unit).mean(-1, keepdim=True)
        return grad.sub_(unit.mul_(mean)).mul_(scale).to(heads.dtype), None, None, None, None


def _turn(first: Tensor, second: Tensor, cosine: Tensor, sine: Tensor, dtype: torch.dtype) -> Tensor:
    turned = torch.empty(*first.shape[:-1], 2 * first.shape[-1], dtype=dtype, device=first.device)
    left, right = turned.chunk(2, -1)
    left.copy_((first * cosine).addcmul_(second, sine, value=-1))
    right.copy_((second * cosine).addcmul_(first, sine))
    return turned


def _rotate(
    joined: Tensor, turns: tuple[Tensor, Tensor], factors: Tensor, size: int, epsilon: float
) -> tuple[Tensor, Tensor, Tensor]:
    """Normalise and rotate queries and keys; return them and the values.

    Args:
        joined: (tokens, (heads + 2) x size): queries, key and value of each token.
        turns: cosines and sines of each position: see `Gemma._turns`.
        factors: (heads + 1, size): of the norms of queries and key.
        size: of a head.
        epsilon: of the norms.

    Returns:
        Queries, (tokens, heads, size); keys and values, (tokens, size) each.
    """
    heads = len(factors)
    cosine, sine = turns
    unturned = joined[:, : heads * size].view(-1, heads, size)
    turned: Tensor = _Rotated.apply(unturned, cosine, sine, factors, epsilon)  # type: ignore[no-untyped-call]
    queries = turned[:, :-1].contiguous()
    keys = turned[:, -1].contiguous()
    values = joined[:, heads * size :].contiguous()
    return queries, keys, values


class Gemma:
    """A Gemma 3 text model with one key head (270 million or a billion parameters) and its adapter.

    Attributes:
        layers: of each, the linear layers by the names of the products.
        embedding: (vocabulary, width): the matrix of inputs and outputs.
        head: weights, (2 x width), and bias of what tells how much a sentence matters; they aren't trained.
    """

    def __init__(
        self, config: Mapping[str, Any], weights: Mapping[str, Tensor], rank: int, seed: int, is_compiled: bool
    ) -> None:
        """Take the weights of a checkpoint.

        Args:
            config: of the checkpoint, as transformers writes it.
            weights: by transformers' names, all of one type, which is the type of the products.
            rank: of the adapter, whose alpha is its rank, so that it isn't scaled.
            seed: of the adapter's A. Its B is zero, so it starts as the base.
            is_compiled: fuse what lies between the products.
        """
        self.config = config
        self.head: tuple[Tensor, Tensor] | None = None
        self._size = config["head_dim"]
        self._epsilon = config["rms_norm_eps"]
        self._heads = config["num_attention_heads"]
        self._window = config["sliding_window"]
        self._kinds = sorted(set(config["layer_types"]))
        self.embedding = weights["model.embed_tokens.weight"]
        generator = torch.Generator().manual_seed(seed)
        self.layers: list[dict[str, Linear]] = []
        self._factors: list[dict[str, Tensor]] = []
        for layer in range(config["num_hidden_layers"]):
            prefix = f"model.layers.{layer}."
            linears: dict[str, Linear] = {}
            for product, parts in FUSED.items():
                matrices = [weights[f"{prefix}{part}.weight"] for part in parts]
                sizes = [len(matrix) for matrix in matrices]
                linears[product] = Linear(torch.cat(matrices), sizes, rank, generator)
            self.layers.append(linears)
            factors: dict[str, Tensor] = {}
            for name, value in weights.items():
                if name.startswith(prefix) and name.endswith("norm.weight"):
                    # Gemma's norms are multiplied with 1 and what is stored.
                    factors[name.removeprefix(prefix)] = 1 + value.float()
            # Scaling the queries here saves scaling the scores.
            query = factors["self_attn.q_norm.weight"] * config["query_pre_attn_scalar"] ** -0.5
            factors["heads"] = torch.stack([query] * self._heads + [factors["self_attn.k_norm.weight"]])
            self._factors.append(factors)
        self._last = 1 + weights["model.norm.weight"].float()
        self._add_and_norm = torch.compile(_add_and_norm, dynamic=True) if is_compiled else _add_and_norm

    @property
    def linears(self) -> list[Linear]:
        """The linear layers of all layers."""
        linears: list[Linear] = []
        for layer in self.layers:
            linears += layer.values()
        return linears

    @property
    def trained(self) -> list[Tensor]:
        """What is trained: A and B of each linear layer, which the gradients go to."""
        trained: list[Tensor] = []
        for linear in self.linears:
            trained += [linear.a, linear.b]
        return trained

    def adapter(self) -> dict[str, Tensor]:
        """Return views of the adapter's A and B of each layer of transformers, named as peft names them in a file."""
        views: dict[str, Tensor] = {}
        for number, linears in enumerate(self.layers):
            for name, linear in linears.items():
                for part, (rows, rows_of_a) in zip(FUSED[name], linear.parts(), strict=True):
                    path = f"{_PREFIX}model.layers.{number}.{part}"
                    views[f"{path}.lora_A.weight"] = linear.a.detach()[rows_of_a]
                    views[f"{path}.lora_B.weight"] = linear.b.detach()[rows]
        return views

    def set_adapter(self, values: Mapping[str, Tensor]) -> None:
        """Copy an adapter, named as in `adapter`, into the model's.

        Raises:
            TrainingError: it is of another rank, or for another model.
        """
        views = self.adapter()
        if shapes(values) != shapes(views):
            raise TrainingError("the adapter is of another rank, or for another model")
        for name, view in views.items():
            view.copy_(values[name])
        self.merge()

    def merge(self) -> None:
        """Add the adapter to the weights; to be called whenever it has changed."""
        for linear in self.linears:
            linear.merge()

    def loss(self, batch: PackedBatch, rows: Rows | None = None) -> Tensor:
        """Return the weighted sum of the cross-entropies of the answers that are learnt from, token by token in nats.

        Of the sentences of articles, it is that of whether they belong to the abstract: the head tells this from the
        state of the last token and the mean of all, half of the layers up, as at run time.

        Args:
            batch: the examples.
            rows: stand for the whole output matrix; None for all of it.
        """
        if len(batch.belongs):
            return self._choice_loss(batch)
        matrix = self.embedding
        bias = None
        targets = batch.labels
        if rows is not None:
            matrix = rows.matrix
            bias = rows.bias
            targets = rows.row_of_token[targets]
        states = self._read(batch, len(self.layers))
        loss: Tensor = _Loss.apply(states, matrix, bias, targets, batch)  # type: ignore[no-untyped-call]
        return loss

    def draw_head(self, seed: int) -> Tensor:
        """Return random weights of a head, (2 x width), which make numbers of about 1 of the states that they meet."""
        scale = self._factors[len(self.layers) // 2]["input_layernorm.weight"]
        drawn = torch.randn(2 * len(scale), generator=torch.Generator().manual_seed(seed))
        return drawn / (2 * scale.square().sum().cpu()).sqrt()

    def _choice_loss(self, batch: PackedBatch) -> Tensor:
        """Return the loss of a batch of articles, whose sentences are to be chosen among: see `loss`."""
        if self.head is None:
            raise TrainingError("there is no head that tells how much sentences matter")
        states = self._read(batch, len(self.layers) // 2).float()
        first, end = batch.sentences.unbind(1)
        # sums[n] is the sum of the first n states.
        sums = functional.pad(states.cumsum(0), (0, 0, 1, 0))
        means = (sums[end] - sums[first]) / (end - first)[:, None]
        weights, bias = self.head
        logits = torch.cat([states[end - 1], means], 1) @ weights + bias
        return functional.binary_cross_entropy_with_logits(logits, batch.belongs, batch.weights, reduction="sum")

    def _read(self, batch: PackedBatch, layers: int) -> Tensor:
        """Return what so many layers make of all tokens, (tokens, width); if all layers, of the label positions."""
        dtype = self.embedding.dtype
        masks = self._masks(batch)
        turns = self._turns(batch)
        vectors = self.embedding[batch.ids].float() * math.sqrt(self.embedding.shape[1])
        last = len(self.layers) - 1
        normed = _norm(vectors, self._factors[0]["input_layernorm.weight"], self._epsilon).to(dtype)
        for number, (linears, factors) in enumerate(zip(self.layers[:layers], self._factors, strict=False)):
            kind = self.config["layer_types"][number]
            query, key, value = _rotate(
                linears["qkv"].multiply(normed), turns[kind], factors["heads"], self._size, self._epsilon
            )
            seen = _attend(query, key, value, batch.groups, masks[kind])
            if number == last:
                # What follows concerns the answers alone.
                seen = seen[batch.label_positions]
                vectors = vectors[batch.label_positions]
            after = factors["post_attention_layernorm.weight"]
            before = factors["pre_feedforward_layernorm.weight"]
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
        places_of_groups: list[Tensor] = []
        for count, length in batch.groups:
            places_of_groups.append(torch.arange(length, device=device).repeat(count))
        places = torch.cat(places_of_groups)
        exponents = torch.arange(0, self._size, 2, device=device) / self._size
        turns: dict[str, tuple[Tensor, Tensor]] = {}
        for kind in self._kinds:
            base = self.config["rope_parameters"][kind]["rope_theta"]
            angles = (places[:, None] * base**-exponents)[:, None]
            turns[kind] = (angles.cos(), angles.sin())
        return turns

    def _masks(self, batch: PackedBatch) -> dict[str, list[Tensor]]:
        """Return by kind of layer what is added to each group's scores: (examples, length x heads, length)."""
        device = batch.ids.device
        masks_of_kinds: dict[str, list[Tensor]] = {}
        for kind in self._kinds:
            masks: list[Tensor] = []
            first = 0
            for count, length in batch.groups:
                prompts = torch.tensor(batch.prompts[first : first + count], device=device)[:, None, None]
                first += count
                column = torch.arange(length, device=device)
                row = column[:, None]
                # The first token, which begins every text, sees itself alone: so it can be read once for all prompts.
                allowed = (column <= row) | ((column < prompts) & (row > 0))
                if kind == "sliding_attention":
                    allowed = allowed & ((row - column).abs() < self._window)
                mask = torch.zeros(count, length, length, dtype=self.embedding.dtype, device=device)
                mask.masked_fill_(~allowed, -math.inf)
                masks.append(mask.repeat_interleave(self._heads, 1))
            masks_of_kinds[kind] = masks
        return masks_of_kinds
