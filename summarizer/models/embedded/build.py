"""Gemma 3 (arXiv:2503.19786) as a graph for ONNX Runtime, with its weights in 8 bits.

The attention mask comes from outside, so the same graph reads whole prompts (prefill) and writes on, one token of each
beam at a time (decode step). All query heads share one key head, as in the models of 270 million and of a billion
parameters.

Inputs, for some ``sequences``, of each ``count`` tokens after ``slots`` of the cache. Where the cache is the same for
all, the first axis of what belongs to it may be 1:

- ``tokens``, ``positions``: sequences x count;
- ``deep``: one number: how many of the sequences, the first ones, go through all layers; the others go through half;
- ``mask.KIND`` for each of `KINDS`: sequences x count x 1 x (slots + count): 0 where a token may look, else -infinity;
- ``key.N`` for each layer: sequences x slots x head size, and ``value.N``: sequences x head size x slots;
- ``wanted``: the tokens, counted through all sequences, after which the next ones are wanted;
- ``targets``: wanted x 1: next tokens whose log-probabilities are wanted, whatever they are;
- ``eos``: tokens that end a text; ``top_k``: one number.

Outputs:

- ``log_probs`` and ``next``: wanted x top_k: those of the likeliest next tokens, falling, and these tokens;
- ``eos_log_probs`` and ``target_log_probs``: wanted x 1: that one of ``eos``, or the target, comes next;
- ``states``: all tokens x hidden size: what half of the layers make of each token, normalised;
- ``new_key.N``, ``new_value.N``: sequences x count x head size.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray
from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper

# Attention of a layer, to all that stands before a token or to a window, and what transformers calls it.
KINDS = {"global": "full_attention", "sliding": "sliding_attention"}
# The matrix that turns tokens into vectors, and the one that turns vectors into logits: the same, but for `smooth`.
EMBEDDING = "embedding"
LOGITS = "logits"
# Matrices of a layer, and those of transformers that are joined in each: few large products take less time than many
# small ones.
MATRICES = {
    "qkv": ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
    "output": ("self_attn.o_proj",),
    "gate_up": ("mlp.gate_proj", "mlp.up_proj"),
    "down": ("mlp.down_proj",),
}
# Factors of a layer's normalisations, and what transformers calls them.
NORMS = {
    "before_attention": "input_layernorm",
    "query": "self_attn.q_norm",
    "key": "self_attn.k_norm",
    "after_attention": "post_attention_layernorm",
    "before_mlp": "pre_feedforward_layernorm",
    "after_mlp": "post_feedforward_layernorm",
}
# Behind the name of a matrix in 8 bits: the names of its scales, and of the steps that its vectors are rounded to.
SCALE = ".scale"
STEP = ".step"

Arrays = dict[str, NDArray[Any]]

_OPSET = 23
_IR_VERSION = 11
_MICROSOFT = "com.microsoft"

# What makes the vectors that are multiplied with a matrix: a normalisation's factors, or the last rows of another.
_SOURCES = {"qkv": "before_attention", "output": "qkv", "gate_up": "before_mlp", "down": "gate_up", LOGITS: "norm"}
# Vectors that differ so much in length that each is rounded with a scale of its own.
_UNEVEN = ("output", "down", LOGITS)


def join(weights: Mapping[str, NDArray[Any]], layers: int) -> Arrays:
    """Return the weights of a ``Gemma3ForCausalLM`` under the names that the graph knows, in float32.

    These are matrices (outputs x inputs), and factors of normalisations: transformers' Gemma stores their difference
    from 1.
    """

    def get(name: str) -> NDArray[Any]:
        return weights[f"model.{name}.weight"].astype(np.float32)

    embedding = get("embed_tokens")
    joined = {EMBEDDING: embedding, LOGITS: embedding, "norm": 1 + get("norm")}
    for layer in range(layers):
        for name, parts in MATRICES.items():
            matrices = [get(f"layers.{layer}.{part}") for part in parts]
            joined[f"{layer}.{name}"] = np.concatenate(matrices)
        for name, part in NORMS.items():
            joined[f"{layer}.{name}"] = 1 + get(f"layers.{layer}.{part}")
    return joined


def smooth(joined: Mapping[str, NDArray[Any]], steps: Mapping[str, NDArray[Any]]) -> Arrays:
    """Return the weights of the same model, whose vectors are in steps when they are multiplied with matrices.

    Some channels of vectors are many times as large as most. Rounded to 8 bits with one scale, most would be 0 or 1;
    matrices have no such columns, so they can take the difference (SmoothQuant: Xiao et al. 2022, arXiv:2211.10438).

    Args:
        joined: weights by the names of `join`.
        steps: by the name of the matrix, one for each channel; those of a head are the same for all heads.
    """
    smoothed = dict(joined)
    for name, step in steps.items():
        *layer, matrix = name.split(".")
        source = ".".join([*layer, _SOURCES[matrix]])
        divided = smoothed[source].copy()
        multiplied = smoothed[name]
        divided[-len(step) :] /= step if divided.ndim == 1 else step[:, None]
        smoothed[source] = divided
        smoothed[name] = multiplied * np.tile(step, multiplied.shape[1] // len(step))
    return smoothed


def quantize(joined: Mapping[str, NDArray[Any]], steps: Mapping[str, NDArray[Any]]) -> Arrays:
    """Round the matrices of `join` to 8 bits, -127 to 127; each gets a companion ``NAME.scale``, one for each row.

    Where its vectors need no scale of their own, a matrix also gets ``NAME.step``; see `smooth`, which comes first.
    """
    quantized: Arrays = {}
    for name, step in steps.items():
        if not name.endswith(_UNEVEN):
            quantized[name + STEP] = step
    for name, value in smooth(joined, steps).items():
        if value.ndim == 1:
            quantized[name] = value
            continue
        scale = np.abs(value).max(1).clip(min=np.float32(1e-12)) / np.float32(127)
        quantized[name] = np.rint(value / scale[:, None]).astype(np.int8)
        quantized[name + SCALE] = scale
    return quantized


def build(config: Mapping[str, Any], weights: Mapping[str, NDArray[Any]], longest: int) -> ModelProto:
    """Return the graph of a checkpoint.

    A matrix in 8 bits is multiplied in 8 bits: vectors are rounded with the same steps always, or each with a scale of
    its own (per-token dynamic quantisation: Yao et al. 2022, arXiv:2206.01861). So the result for one doesn't depend on
    the others that are multiplied along with it, and the sums are exact.

    Args:
        config: of the checkpoint, as transformers writes it.
        weights: by the names of `join`; a matrix with a scale beside it (`quantize`) is in 8 bits.
        longest: positions of a text.
    """
    return _Gemma(config, weights, longest).model()


def probe() -> ModelProto:
    """Return a graph that tells whether a processor multiplies in 8 bits without losing anything.

    Those of x86 without VNNI, the instructions made for this, add up two products in 16 bits, where they don't fit.
    Of its input ``factors``, uint8, 1 x 64, 128 is taken off and each multiplied with 127; the output is the sum.
    """
    graph = _Graph()
    graph.input("factors", np.uint8, 1, 64)
    matrix = graph.weight("matrix", np.full((64, 1), 127, np.int8))
    zero = graph.constant(128, np.uint8)
    product = graph.MatMulIntegerToFloat("factors", matrix, graph.constant(1), graph.weight("scale", [1.0]), zero)
    graph.output("sum", product, np.float32, 1, 1)
    return graph.model()


class _Graph:
    """A graph that grows: ``graph.Add(a, b)`` adds a node of the operator ``Add`` and returns its output's name."""

    def __init__(self) -> None:
        self._nodes: list[NodeProto] = []
        self._weights: dict[str, TensorProto] = {}
        self._inputs: list[ValueInfoProto] = []
        self._outputs: list[ValueInfoProto] = []

    def __getattr__(self, operator: str) -> Callable[..., Any]:
        """Return what adds a node of an operator, whose name begins with a capital.

        Raises:
            AttributeError: the name is none of an operator.
        """
        if not operator[0].isupper():
            raise AttributeError(operator)
        return partial(self._node, operator)

    def _node(self, operator: str, *inputs: str, outputs: int = 1, **attributes: Any) -> str | list[str]:
        names = [f"{operator}.{len(self._nodes)}.{number}" for number in range(outputs)]
        domain = _MICROSOFT if operator in {"FusedMatMul", "MatMulIntegerToFloat"} else ""
        self._nodes.append(helper.make_node(operator, inputs, names, domain=domain, **attributes))
        return names if outputs > 1 else names[0]

    def model(self) -> ModelProto:
        """Return the graph as it is now."""
        graph = helper.make_graph(self._nodes, "ringkas", self._inputs, self._outputs, list(self._weights.values()))
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION)

    def weight(self, name: str, values: ArrayLike) -> str:
        """Add an array under a name, unless it is there; float64, as Python has it, becomes float32."""
        if name not in self._weights:
            array = np.asarray(values)
            if array.dtype == np.float64:
                array = array.astype(np.float32)
            self._weights[name] = numpy_helper.from_array(np.ascontiguousarray(array), name)
        return name

    def constant(self, value: float, dtype: DTypeLike = np.float32) -> str:
        return self.weight(f"constant.{np.dtype(dtype)}.{value}", np.array(value, dtype))

    def shape(self, *sizes: int) -> str:
        return self.weight(f"shape.{sizes}", np.array(sizes, np.int64))

    def input(self, name: str, dtype: DTypeLike, *shape: str | int) -> None:
        self._inputs.append(_declaration(name, dtype, shape))

    def output(self, name: str, value: str, dtype: DTypeLike, *shape: str | int) -> None:
        self._nodes.append(helper.make_node("Identity", [value], [name]))
        self._outputs.append(_declaration(name, dtype, shape))


def _declaration(name: str, dtype: DTypeLike, shape: tuple[str | int, ...]) -> ValueInfoProto:
    return helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(np.dtype(dtype)), shape)


class _Gemma(_Graph):
    """The graph of a model, from the tokens to the log-probabilities."""

    def __init__(self, config: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], longest: int) -> None:
        super().__init__()
        self._arrays = arrays
        self._heads = config["num_attention_heads"]
        self._size = config["head_dim"]
        self._inner = config["intermediate_size"]
        self._epsilon = config["rms_norm_eps"]
        self._scale = config["query_pre_attn_scalar"] ** -0.5
        kind_of_name = dict(zip(KINDS.values(), KINDS, strict=True))
        self._kinds = [kind_of_name[name] for name in config["layer_types"]]
        for name in ("tokens", "positions"):
            self.input(name, np.int64, "sequences", "count")
        self._masks: dict[str, str] = {}
        for kind, name in KINDS.items():
            self._masks[kind] = f"mask.{kind}"
            self.input(self._masks[kind], np.float32, "some", "count", 1, "slots + count")
            base = config["rope_parameters"][name]["rope_theta"]
            turns = np.outer(np.arange(longest), base ** -(np.arange(0, self._size, 2) / self._size))
            self.weight(f"cosine.{kind}", np.cos(turns))
            self.weight(f"sine.{kind}", np.sin(turns))
        for layer in range(len(self._kinds)):
            self.input(f"key.{layer}", np.float32, "some", "slots", self._size)
            self.input(f"value.{layer}", np.float32, "some", self._size, "slots")
        self.input("deep", np.int64, 1)
        self._positions = "positions"
        self._count = self.Shape("tokens", start=1, end=2)
        self._shapes("sequences", self.Shape("tokens", start=0, end=1))
        vectors = self._embed(math.sqrt(config["hidden_size"]))
        for layer in range(len(self._kinds)):
            if layer == len(self._kinds) // 2:
                self._show_states(layer, vectors, config["hidden_size"])
                vectors = self._go_deep(vectors)
            vectors = self._layer(layer, vectors)
        self._choose(vectors)

    def _shapes(self, name: str, sequences: str) -> None:
        """Compute the shapes that all layers need, from those of the inputs and the number of sequences."""
        self._sequences = name
        count = self._count
        slots = self.Shape("key.0", start=1, end=2)
        heads = self.shape(self._heads)
        size = self.shape(self._size)
        rows = self.Mul(count, heads)
        self._by_token = self.Concat(sequences, count, self.shape((self._heads + 1) * self._size), axis=0)
        self._by_query = self.Concat(sequences, rows, size, axis=0)
        self._by_key = self.Concat(sequences, count, size, axis=0)
        self._sources = self.Concat(slots, count, axis=0)
        self._scored = self.Concat(sequences, count, heads, self.Add(slots, count), axis=0)
        self._weighed_slots = self.Concat(sequences, rows, slots, axis=0)
        self._weighed_tokens = self.Concat(sequences, rows, count, axis=0)

    def _embed(self, factor: float) -> str:
        """Turn tokens into vectors (all tokens x hidden size)."""
        tokens = self.Reshape("tokens", self.shape(-1))
        rows: str = self.Gather(self.weight(EMBEDDING, self._arrays[EMBEDDING]), tokens)
        if EMBEDDING + SCALE in self._arrays:
            scales = self.Gather(self.weight(EMBEDDING + SCALE, self._arrays[EMBEDDING + SCALE][:, None]), tokens)
            rows = self.Mul(self.Cast(rows, to=TensorProto.FLOAT), scales)
        return str(self.Mul(rows, self.constant(factor)))

    def _show_states(self, layer: int, vectors: str, size: int) -> None:
        """Give out what the layers before this one make of each token, in the size that it has without `smooth`."""
        states = self._normalize(f"{layer}.before_attention", vectors)
        name = f"{layer}.qkv{STEP}"
        if name in self._arrays:
            states = str(self.Mul(states, self.weight(name, self._arrays[name])))
        self.output("states", states, np.float32, "all", size)

    def _go_deep(self, vectors: str) -> str:
        """Leave those sequences behind of which no more than their states is wanted."""
        # The first of them, and the axis along which they lie.
        zero = self.shape(0)
        rows = self.Mul("deep", self._count)
        self._positions = self.Slice("positions", zero, "deep", zero)
        for kind, mask in self._masks.items():
            self._masks[kind] = self.Slice(mask, zero, "deep", zero)
        self._shapes("deep", "deep")
        return str(self.Slice(vectors, zero, rows, zero))

    def _layer(self, layer: int, vectors: str) -> str:
        """Add a layer of the transformer to the graph; return the name of its vectors."""
        seen = self._attend(layer, self._normalize(f"{layer}.before_attention", vectors))
        seen = self._multiply(f"{layer}.output", seen)
        vectors = self.Add(vectors, self._normalize(f"{layer}.after_attention", seen))
        inner = self._multiply(f"{layer}.gate_up", self._normalize(f"{layer}.before_mlp", vectors))
        gate, up = self.Split(inner, self.shape(self._inner, self._inner), outputs=2, axis=1)
        inner = self._multiply(f"{layer}.down", self.Mul(self.Gelu(gate, approximate="tanh"), up))
        return str(self.Add(vectors, self._normalize(f"{layer}.after_mlp", inner)))

    def _attend(self, layer: int, vectors: str) -> str:
        """Attention (Vaswani et al. 2017, arXiv:1706.03762) to the cache and among the tokens.

        Scores of the two are joined, and not the keys: those of the cache would be copied at every step. Of two
        matrices, ONNX Runtime repacks the second before it multiplies, so the cached ones come first. That also makes
        each sum independent of the number of slots and of the other sequences: how the library cuts a product into
        blocks depends on the columns of the second.
        """
        query, key, value = self._project(layer, vectors)
        self.output(f"new_key.{layer}", key, np.float32, self._sequences, "count", self._size)
        self.output(f"new_value.{layer}", value, np.float32, self._sequences, "count", self._size)
        cached = self.Transpose(self.FusedMatMul(f"key.{layer}", query, transB=1), perm=[0, 2, 1])
        scores = self.Concat(cached, self.FusedMatMul(query, key, transB=1), axis=-1)
        # Where the cache is empty, a dimension is 0, which without "allowzero" means "as it was".
        scores = self.Add(self.Reshape(scores, self._scored, allowzero=1), self._masks[self._kinds[layer]])
        of_slots, of_tokens = self.Split(self.Softmax(scores, axis=-1), self._sources, outputs=2, axis=-1)
        cached = self.Reshape(of_slots, self._weighed_slots, allowzero=1)
        among = self.Reshape(of_tokens, self._weighed_tokens, allowzero=1)
        cached = self.Transpose(self.FusedMatMul(f"value.{layer}", cached, transB=1), perm=[0, 2, 1])
        attended = self.Add(cached, self.MatMul(among, value))
        return str(self.Reshape(attended, self.shape(-1, self._heads * self._size)))

    def _project(self, layer: int, vectors: str) -> tuple[str, str, str]:
        """Turn vectors into queries (sequences x (count x heads) x size), keys, values (sequences x count x size)."""
        kind = self._kinds[layer]
        turned = self._heads + 1
        joined = self._multiply(f"{layer}.qkv", vectors)
        both, value = self.Split(joined, self.shape(turned * self._size, self._size), outputs=2, axis=1)
        both = self.Reshape(both, self.shape(-1, turned, self._size))
        both = self.RMSNormalization(both, self.weight("ones", np.ones(self._size)), epsilon=self._epsilon)
        # Scaling the queries here saves scaling the scores.
        query = self._arrays[f"{layer}.query"] * np.float32(self._scale)
        key = self._arrays[f"{layer}.key"]
        factors_of_heads = [query] * self._heads + [key]
        factors = self.weight(f"{layer}.heads", np.stack(factors_of_heads))
        both = self.Reshape(self.Mul(both, factors), self._by_token, allowzero=1)
        both = self.RotaryEmbedding(both, f"cosine.{kind}", f"sine.{kind}", self._positions, num_heads=turned)
        queries, keys = self.Split(both, self.shape(self._heads * self._size, self._size), outputs=2, axis=2)
        queries = self.Reshape(queries, self._by_query, allowzero=1)
        keys = self.Reshape(keys, self._by_key, allowzero=1)
        value = self.Reshape(value, self._by_key, allowzero=1)
        return queries, keys, value

    def _choose(self, vectors: str) -> None:
        """Say which tokens come next with what probability."""
        self.input("wanted", np.int64, "wanted")
        self.input("targets", np.int64, "wanted", 1)
        self.input("eos", np.int64, "eos")
        self.input("top_k", np.int64, 1)
        vectors = self._normalize("norm", self.Gather(vectors, "wanted"))
        log_probs = self.LogSoftmax(self._multiply(LOGITS, vectors), axis=-1)
        best, tokens = self.TopK(log_probs, "top_k", outputs=2, axis=-1)
        ending = self.ReduceLogSumExp(self.Gather(log_probs, "eos", axis=1), self.shape(-1))
        self.output("log_probs", best, np.float32, "wanted", "top_k")
        self.output("next", tokens, np.int64, "wanted", "top_k")
        self.output("eos_log_probs", ending, np.float32, "wanted", 1)
        target = self.GatherElements(log_probs, "targets", axis=1)
        self.output("target_log_probs", target, np.float32, "wanted", 1)

    def _normalize(self, name: str, vectors: str) -> str:
        """Divide vectors by their root mean square (Zhang and Sennrich 2019, arXiv:1910.07467)."""
        return str(self.RMSNormalization(vectors, self.weight(name, self._arrays[name]), epsilon=self._epsilon))

    def _multiply(self, name: str, vectors: str) -> str:
        """Multiply vectors (n x inputs) with a matrix, which gives n x outputs."""
        matrix = self.weight(name, self._arrays[name].T)
        if name + SCALE not in self._arrays:
            return str(self.MatMul(vectors, matrix))
        scale = self.weight(name + SCALE, self._arrays[name + SCALE])
        unscaled = self.constant(1)
        # A factor of each product must not be negative for the instructions that processors have.
        zero = self.constant(128, np.uint8)
        if name + STEP in self._arrays:
            return str(
                self.MatMulIntegerToFloat(self.QuantizeLinear(vectors, unscaled, zero), matrix, unscaled, scale, zero)
            )
        largest = self.ReduceMax(self.Abs(vectors), self.shape(-1))
        unit = self.Max(self.Mul(largest, self.constant(1 / 127)), self.constant(1e-12))
        rounded = self.QuantizeLinear(self.Div(vectors, unit), unscaled, zero)
        return str(self.Mul(self.MatMulIntegerToFloat(rounded, matrix, unscaled, scale, zero), unit))
