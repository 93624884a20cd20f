"""Gemma 3 (arXiv:2503.19786) as a graph for ONNX Runtime, without anything that writing with it doesn't need.

The graph takes some tokens of each of several texts, and the keys and values of what stands before them. What each
token may look at is said from outside, as numbers that are added to the scores of attention: so the same graph reads
whole texts and writes on, one token of each beam at a time. All query heads share one key head, as in the models of
270 million and of a billion parameters.

Inputs, for some ``sources`` (texts), of each ``count`` tokens behind ``places`` others. Where those others are the
same for all, the first axis of what belongs to them may be 1:

- ``tokens``, ``positions``: int64, sources x count;
- ``before.KIND`` and ``among.KIND`` for each of `KINDS`: float32, sources x count x 1 x places and sources x count x 1
  x count: 0 where a token may look, minus infinity elsewhere;
- ``key.N`` for each layer: float32, sources x places x head size;
- ``value.N`` for each layer: float32, sources x head size x places;
- ``wanted``: int64: the tokens, counted through all sources, after which the next ones are wanted;
- ``ends``: int64: tokens that end a text;
- ``most``: int64, of one number: how many of the likeliest next tokens are wanted.

Outputs:

- ``scores`` and ``next``, float32 and int64, wanted x most: log probabilities of the likeliest next tokens, falling,
  and these tokens;
- ``ending``: float32, wanted x 1: log probability that one of ``ends`` comes next;
- ``new_key.N``, ``new_value.N``: float32, sources x count x head size.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from summarizer.models.embedded.weights import EMBEDDING, SCALE

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, DTypeLike
    from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto

KINDS = ("wide", "local")
"""Layers that look at all that stands before a token, and layers that look at a window."""

_OPSET, _IR_VERSION = 23, 11
_MICROSOFT = "com.microsoft"

# What goes into these has such outliers that most of the error of all rounding came from here: with them coarse, the
# next token's distribution is 0.026 nats from that of float32, with them fine 0.010 (16 sentences of FLORES-200 dev).
_FINE = (".down", ".qkv")
# What rounding leaves is half a step at most; this many parts of a step are again 127 and less.
_PARTS = 254.0


def build(config: Mapping[str, Any], weights: Mapping[str, Any], longest: int) -> ModelProto:
    """Return the graph of a checkpoint.

    A matrix in 8 bits is multiplied in 8 bits: each vector is rounded with a scale of its own, so that the result for
    one doesn't depend on the others that are multiplied along with it, and the sums are exact (per-token dynamic
    quantisation: Yao et al. 2022, arXiv:2206.01861).

    Args:
        config: of the checkpoint, as transformers writes it.
        weights: numpy arrays by the names of `weights.join`; a matrix with a scale beside it (`weights.quantize`) is
            in 8 bits, the others are in float32.
        longest: positions of a text.

    Raises:
        KeyError: the configuration or a weight is missing.
    """
    return _Gemma(config, weights, longest).model()


def probe() -> ModelProto:
    """Return a graph that tells whether a processor multiplies in 8 bits without losing anything.

    Those of x86 without VNNI, the instructions made for this, add up two products in 16 bits, where they don't fit.

    Its input ``factors``, uint8, 1 x 64, is multiplied with as many times 127 after 128 was taken off; its output
    ``sum``, float32, 1 x 1, holds the sum.
    """
    graph = _Graph()
    graph.input("factors", np.uint8, 1, 64)
    zero, one = graph.constant("zero", 128, np.uint8), graph.number(1.0)
    matrix, scale = graph.constant("matrix", np.full((64, 1), 127), np.int8), graph.constant("scale", [1])
    product = graph.add("MatMulIntegerToFloat", "factors", matrix, one, scale, zero, domain=_MICROSOFT)
    graph.output("sum", product, np.float32, 1, 1)
    return graph.model()


class _Graph:
    """A graph that grows, whose values are known by name."""

    def __init__(self) -> None:
        self._nodes: list[NodeProto] = []
        self._constants: dict[str, TensorProto] = {}
        self._inputs: list[ValueInfoProto] = []
        self._outputs: list[ValueInfoProto] = []

    def model(self) -> ModelProto:
        """Return the graph as it is now."""
        from onnx import helper

        graph = helper.make_graph(
            self._nodes, "ringkas", self._inputs, self._outputs, initializer=list(self._constants.values())
        )
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION)

    def split(self, value: str, *sizes: str, **attributes: Any) -> list[str]:
        return self.several("Split", 2, value, *sizes, **attributes)

    def add(self, operator: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        """Add a node; return its value."""
        return self.several(operator, 1, *inputs, domain=domain, **attributes)[0]

    def several(self, operator: str, count: int, *inputs: str, domain: str = "", **attributes: Any) -> list[str]:
        """Add a node of several values; return them."""
        from onnx import helper

        values = [f"{operator}.{len(self._nodes)}.{number}" for number in range(count)]
        self._nodes.append(helper.make_node(operator, inputs, values, domain=domain, **attributes))
        return values

    def constant(self, name: str, values: ArrayLike, dtype: DTypeLike = np.float32) -> str:
        return self.weight(name, np.asarray(values, dtype))

    def weight(self, name: str, values: Any) -> str:
        from onnx import numpy_helper

        if name not in self._constants:
            self._constants[name] = numpy_helper.from_array(np.ascontiguousarray(values), name)
        return name

    def number(self, value: float) -> str:
        return self.constant(f"number.{value}", value)

    def whole(self, *values: int) -> str:
        return self.constant(f"whole.{values}", values, np.int64)

    def input(self, name: str, dtype: DTypeLike, *shape: str | int) -> None:
        self._inputs.append(_declaration(name, dtype, shape))

    def output(self, name: str, value: str, dtype: DTypeLike, *shape: str | int) -> None:
        from onnx import helper

        self._nodes.append(helper.make_node("Identity", [value], [name]))
        self._outputs.append(_declaration(name, dtype, shape))


def _declaration(name: str, dtype: DTypeLike, shape: tuple[str | int, ...]) -> ValueInfoProto:
    from onnx import helper

    return helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(np.dtype(dtype)), shape)


class _Gemma(_Graph):
    """The graph of a model, from the tokens to the scores."""

    def __init__(self, config: Mapping[str, Any], weights: Mapping[str, Any], longest: int) -> None:
        super().__init__()
        self._weights, self._longest = weights, longest
        self._heads, self._size, self._width = (
            config[name] for name in ("num_attention_heads", "head_dim", "hidden_size")
        )
        self._epsilon, self._scale = config["rms_norm_eps"], config["query_pre_attn_scalar"] ** -0.5
        self._kinds = ["local" if kind == "sliding_attention" else "wide" for kind in config["layer_types"]]
        names = {"wide": "full_attention", "local": "sliding_attention"}
        self._bases = {kind: config["rope_parameters"][names[kind]]["rope_theta"] for kind in KINDS}
        self._declare()
        vectors = self._embed()
        for layer in range(len(self._kinds)):
            vectors = self._layer(layer, vectors)
        self._choose(vectors)

    def _declare(self) -> None:
        """Declare the inputs, and what else all layers need: shapes that follow from the inputs', and rotations."""
        for name in ("tokens", "positions"):
            self.input(name, np.int64, "sources", "count")
        for kind in KINDS:
            self.input(f"before.{kind}", np.float32, "some", "count", 1, "places")
            self.input(f"among.{kind}", np.float32, "some", "count", 1, "count")
            turns = np.outer(np.arange(self._longest), self._bases[kind] ** -(np.arange(0, self._size, 2) / self._size))
            self.constant(f"cosine.{kind}", np.cos(turns))
            self.constant(f"sine.{kind}", np.sin(turns))
        for layer in range(len(self._kinds)):
            self.input(f"key.{layer}", np.float32, "some", "places", self._size)
            self.input(f"value.{layer}", np.float32, "some", self._size, "places")
        self.input("wanted", np.int64, "wanted")
        self.input("ends", np.int64, "ends")
        self.input("most", np.int64, 1)
        sources, count = (self.add("Shape", "tokens", start=axis, end=axis + 1) for axis in (0, 1))
        places = self.add("Shape", "key.0", start=1, end=2)
        heads, size = self.whole(self._heads), self.whole(self._size)
        rows = self.add("Mul", count, heads)
        self._by_token = self.add("Concat", sources, count, self.whole(-1), axis=0)
        self._by_query = self.add("Concat", sources, rows, size, axis=0)
        self._by_key = self.add("Concat", sources, count, size, axis=0)
        self._parts = self.add("Concat", places, count, axis=0)
        self._masked = [self.add("Concat", sources, count, heads, seen, axis=0) for seen in (places, count)]
        self._multiplied = [self.add("Concat", sources, rows, seen, axis=0) for seen in (places, count)]

    def _embed(self) -> str:
        """Turn tokens into vectors (all tokens x width)."""
        tokens = self.add("Reshape", "tokens", self.whole(-1))
        rows = self.add("Gather", self.weight("rows", self._weights[EMBEDDING]), tokens)
        if EMBEDDING + SCALE in self._weights:
            scales = self.weight("rows.scale", self._weights[EMBEDDING + SCALE][:, None])
            rows = self.add("Mul", self.add("Cast", rows, to=1), self.add("Gather", scales, tokens))
        return self.add("Mul", rows, self.number(math.sqrt(self._width)))

    def _layer(self, layer: int, vectors: str) -> str:
        seen = self._attend(layer, self._normalize(f"{layer}.before_attention", vectors))
        seen = self._multiply(f"{layer}.output", seen)
        vectors = self.add("Add", vectors, self._normalize(f"{layer}.after_attention", seen))
        wide = self._multiply(f"{layer}.gate_up", self._normalize(f"{layer}.before_mlp", vectors))
        gate, up = self.split(wide, axis=1, num_outputs=2)
        wide = self._multiply(f"{layer}.down", self.add("Mul", self.add("Gelu", gate, approximate="tanh"), up))
        return self.add("Add", vectors, self._normalize(f"{layer}.after_mlp", wide))

    def _attend(self, layer: int, vectors: str) -> str:
        """Attention (Vaswani et al. 2017, arXiv:1706.03762) to what stands before and among the tokens.

        Scores of the two are joined, and not the keys: those that stand before would be copied at every step. Of two
        matrices, ONNX Runtime repacks the second before it multiplies; of the values that stand before, of which there
        are many, and the shares of the few rows of a step, the values come first.
        """
        kind = self._kinds[layer]
        query, key, value = self._project(layer, vectors)
        self.output(f"new_key.{layer}", key, np.float32, "sources", "count", self._size)
        self.output(f"new_value.{layer}", value, np.float32, "sources", "count", self._size)
        scores = []
        for keys, bias, shape in zip((f"key.{layer}", key), ("before", "among"), self._masked, strict=True):
            products = self.add("FusedMatMul", query, keys, domain=_MICROSOFT, transB=1)
            # Where nothing stands before, a dimension is 0, which without "allowzero" means "as it was".
            products = self.add("Reshape", products, shape, allowzero=1)
            scores.append(self.add("Add", products, f"{bias}.{kind}"))
        shares = self.add("Softmax", self.add("Concat", *scores, axis=-1), axis=-1)
        before, among = (
            self.add("Reshape", share, shape, allowzero=1)
            for share, shape in zip(self.split(shares, self._parts, axis=-1), self._multiplied, strict=True)
        )
        before = self.add("FusedMatMul", f"value.{layer}", before, domain=_MICROSOFT, transB=1)
        seen = self.add("Add", self.add("Transpose", before, perm=[0, 2, 1]), self.add("MatMul", among, value))
        return self.add("Reshape", seen, self.whole(-1, self._heads * self._size))

    def _project(self, layer: int, vectors: str) -> tuple[str, str, str]:
        """Turn vectors into queries (sources x (count x heads) x size), keys and values (sources x count x size)."""
        kind, turned = self._kinds[layer], self._heads + 1
        joined = self._multiply(f"{layer}.qkv", vectors)
        both, value = self.split(joined, self.whole(turned * self._size, self._size), axis=1)
        both = self.add("Reshape", both, self.whole(-1, turned, self._size))
        ones = self.constant("ones", np.ones(self._size))
        both = self.add("RMSNormalization", both, ones, epsilon=self._epsilon)
        # Scaling the queries here saves scaling the scores.
        query, key = self._weights[f"{layer}.query"] * self._scale, self._weights[f"{layer}.key"]
        factors = self.constant(f"{layer}.heads", np.stack([*[query] * self._heads, key]))
        both = self.add("Reshape", self.add("Mul", both, factors), self._by_token)
        rotations = (f"cosine.{kind}", f"sine.{kind}", "positions")
        both = self.add("RotaryEmbedding", both, *rotations, num_heads=turned)
        queries, keys = self.split(both, self.whole(self._heads * self._size, self._size), axis=2)
        return (
            self.add("Reshape", queries, self._by_query),
            self.add("Reshape", keys, self._by_key),
            self.add("Reshape", value, self._by_key),
        )

    def _choose(self, vectors: str) -> None:
        """Say which tokens come next with what probability."""
        vectors = self._normalize("norm", self.add("Gather", vectors, "wanted"))
        scores = self.add("LogSoftmax", self._multiply(EMBEDDING, vectors), axis=-1)
        best, places = self.several("TopK", 2, scores, "most", axis=-1)
        ending = self.add("ReduceLogSumExp", self.add("Gather", scores, "ends", axis=1), self.whole(-1))
        self.output("scores", best, np.float32, "wanted", "most")
        self.output("next", places, np.int64, "wanted", "most")
        self.output("ending", ending, np.float32, "wanted", 1)

    def _normalize(self, name: str, vectors: str) -> str:
        """Divide vectors by their root mean square (Zhang and Sennrich 2019, arXiv:1910.07467)."""
        return self.add("RMSNormalization", vectors, self.constant(name, self._weights[name]), epsilon=self._epsilon)

    def _multiply(self, name: str, vectors: str) -> str:
        """Multiply vectors (n x inputs) with a matrix, which gives n x outputs."""
        matrix = self.weight(name, self._weights[name].T)
        if name + SCALE not in self._weights:
            return self.add("MatMul", vectors, matrix)
        scale, one = self.weight(name + SCALE, self._weights[name + SCALE]), self.number(1.0)
        # A factor of each product must not be negative for the instructions that processors have.
        zero = self.constant("zero", 128, np.uint8)
        largest = self.add("ReduceMax", self.add("Abs", vectors), self.whole(-1))
        unit = self.add("Max", self.add("Mul", largest, self.number(1 / 127)), self.number(1e-12))
        scaled = self.add("Div", vectors, unit)
        rounded = self.add("QuantizeLinear", scaled, one, zero)
        if not name.endswith(_FINE):
            sums = self.add("MatMulIntegerToFloat", rounded, matrix, one, scale, zero, domain=_MICROSOFT)
            return self.add("Mul", sums, unit)
        # What rounding left over is multiplied in 8 bits too, as a second vector.
        left = self.add("Sub", scaled, self.add("DequantizeLinear", rounded, one, zero))
        left = self.add("QuantizeLinear", left, self.number(1 / _PARTS), zero)
        both = self.add("Concat", rounded, left, axis=0)
        both = self.add("MatMulIntegerToFloat", both, matrix, one, scale, zero, domain=_MICROSOFT)
        sums, rests = self.split(both, axis=0, num_outputs=2)
        return self.add("Mul", self.add("Add", sums, self.add("Mul", rests, self.number(1 / _PARTS))), unit)
