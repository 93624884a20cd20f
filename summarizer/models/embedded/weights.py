"""The weights of Gemma 3 as the network multiplies with them: joined, and in 8 bits where that pays.

Matrices with the same input are joined into one (query, key and value; gate and up), since few large products take less
time than many small ones. An 8-bit matrix has one scale for each row: w = q * scale, with q from -127 to 127.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from summarizer.errors import ModelError
from summarizer.plain import one_line

if TYPE_CHECKING:
    import torch
    from torch import Tensor

INT8_FILE = "int8.safetensors"
"""Beside ``model.safetensors`` in a converted checkpoint: what `quantize` makes of it."""

EMBEDDING = "embedding"
"""Name of the matrix that turns tokens into vectors and, transposed, vectors into logits."""

MATRICES = {
    "qkv": ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
    "output": ("self_attn.o_proj",),
    "gate_up": ("mlp.gate_proj", "mlp.up_proj"),
    "down": ("mlp.down_proj",),
}
"""Matrices of a layer, by name, and those of transformers that are joined in them."""

NORMS = {
    "before_attention": "input_layernorm",
    "query": "self_attn.q_norm",
    "key": "self_attn.k_norm",
    "after_attention": "post_attention_layernorm",
    "before_mlp": "pre_feedforward_layernorm",
    "after_mlp": "post_feedforward_layernorm",
}
"""Factors of a layer's normalisations, by name, and what transformers calls them."""

_SCALE = ".scale"

# What goes into these has such outliers that most of the error of all rounding came from here: with them coarse, the
# next token's distribution is 0.026 nats from that of float32, with them fine 0.010 (16 sentences of FLORES-200 dev).
_FINE = (".down", ".qkv")
# What rounding leaves is half a step at most; this many parts of a step are again 127 and less.
_PARTS = 254.0


def join(weights: Mapping[str, Tensor], layers: int) -> dict[str, Tensor]:
    """Return the weights under the names that the network knows.

    Args:
        weights: of a ``Gemma3ForCausalLM``, by transformers' names.
        layers: how many layers it has.

    Returns:
        Matrices (outputs x inputs) in the format that they come in, and factors of normalisations in float32:
        transformers' Gemma stores their difference from one.

    Raises:
        KeyError: a weight is missing.
    """
    import torch

    joined = {EMBEDDING: weights["model.embed_tokens.weight"], "norm": 1 + weights["model.norm.weight"].float()}
    for layer in range(layers):
        inside = f"model.layers.{layer}."
        for name, parts in MATRICES.items():
            joined[f"{layer}.{name}"] = torch.cat([weights[f"{inside}{part}.weight"] for part in parts])
        for name, part in NORMS.items():
            joined[f"{layer}.{name}"] = 1 + weights[f"{inside}{part}.weight"].float()
    return joined


def quantize(joined: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Round the matrices of `join` to 8 bits; each gets a companion ``NAME.scale``, one float32 for each row."""
    import torch

    quantized: dict[str, Tensor] = {}
    for name, value in joined.items():
        if value.dim() == 1:
            quantized[name] = value
            continue
        value = value.float()
        scale = value.abs().amax(1).clamp(min=1e-12) / 127
        quantized[name] = (value / scale[:, None]).round().to(torch.int8)
        quantized[name + _SCALE] = scale
    return quantized


def load_weights(folder: Path, layers: int, dtype: torch.dtype) -> tuple[dict[str, Matrix], dict[str, Tensor]]:
    """Load a converted checkpoint's matrices and the factors of its normalisations, as `join` names them.

    Args:
        folder: of the checkpoint.
        layers: how many layers it has.
        dtype: ``torch.int8``, or a format of floating-point numbers.

    Raises:
        ModelError: a file is missing or damaged.
    """
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    quantized = dtype is torch.int8
    file = folder / (INT8_FILE if quantized else "model.safetensors")
    try:
        stored = load_file(file)
        tensors = stored if quantized else join(stored, layers)
        matrices: dict[str, Matrix] = {}
        for name in [EMBEDDING, *(f"{layer}.{part}" for layer in range(layers) for part in MATRICES)]:
            matrices[name] = (
                Int8Matrix(tensors[name], tensors[name + _SCALE], fine=name.endswith(_FINE))
                if quantized
                else FloatMatrix(tensors[name].to(dtype))
            )
        factors = {
            name: tensors[name] for name in ["norm", *(f"{layer}.{part}" for layer in range(layers) for part in NORMS)]
        }
    except (OSError, SafetensorError, KeyError) as error:
        raise ModelError(f"the model in {folder} is damaged, delete the folder: {one_line(str(error))}") from error
    return matrices, factors


class FloatMatrix:
    """A matrix of floating-point numbers."""

    def __init__(self, values: Tensor) -> None:
        self.values = values

    def rows(self, places: Tensor) -> Tensor:
        """Return the rows with these numbers."""
        return self.values[places]

    def multiply(self, vectors: Tensor) -> Tensor:
        """Multiply vectors (n x inputs) with the matrix, which gives n x outputs."""
        import torch

        return torch.nn.functional.linear(vectors, self.values)

    def to(self, device: torch.device) -> FloatMatrix:
        """Return the matrix on a device."""
        return FloatMatrix(self.values.to(device))


class Int8Matrix:
    """A matrix in 8 bits, multiplied in 8 bits.

    Each vector is rounded to 8 bits with a scale of its own, so that the result for one doesn't depend on the others
    that are multiplied along with it; the sums are exact (per-token dynamic quantisation: Yao et al. 2022,
    arXiv:2206.01861).
    """

    def __init__(self, values: Tensor, scale: Tensor, fine: bool = False) -> None:
        """Take a matrix as `quantize` stores it.

        Args:
            values: int8, outputs x inputs.
            scale: float32, outputs.
            fine: round what rounding a vector left over to 8 bits too, and multiply it as a second vector.
        """
        import torch

        self.values, self.scale, self.fine = values, scale, fine
        self._columns = values.t()
        # Tensors, since each number in a formula of tensors is made one anew, which takes as long as the formula.
        device = values.device
        self._step, self._least = torch.tensor(1 / 127, device=device), torch.tensor(1e-12, device=device)
        self._parts, self._part = torch.tensor(_PARTS, device=device), torch.tensor(1 / _PARTS, device=device)

    def rows(self, places: Tensor) -> Tensor:
        """Return the rows with these numbers, in float32."""
        return self.values[places] * self.scale[places].unsqueeze(-1)

    def multiply(self, vectors: Tensor) -> Tensor:
        """Multiply vectors (n x inputs, float32) with the matrix, which gives n x outputs in float32."""
        import torch

        # The norm with infinity for its order takes several times as long.
        unit = vectors.abs().amax(-1, keepdim=True).mul_(self._step).clamp_(min=self._least)
        scaled = vectors / unit
        rounded = scaled.round()
        if not self.fine:
            sums = torch._int_mm(rounded.to(torch.int8), self._columns)
            return torch.mul(sums, self.scale).mul_(unit)
        left = scaled.sub_(rounded).mul_(self._parts).round_()
        sums, rests = torch._int_mm(torch.cat([rounded, left]).to(torch.int8), self._columns).chunk(2)
        return torch.mul(rests, self._part).add_(sums).mul_(self.scale).mul_(unit)

    def to(self, device: torch.device) -> Int8Matrix:
        """Return the matrix on a device."""
        return Int8Matrix(self.values.to(device), self.scale.to(device), self.fine)


Matrix = FloatMatrix | Int8Matrix
