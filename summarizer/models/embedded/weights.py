"""The weights of Gemma 3 as its graph multiplies with them: joined, and in 8 bits.

Matrices with the same input are joined into one (query, key and value; gate and up), since few large products take less
time than many small ones. An 8-bit matrix has one scale for each row: w = q * scale, with q from -127 to 127.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

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

SCALE = ".scale"
"""Behind the name of a matrix in 8 bits: the name of its scales."""


def join(weights: Mapping[str, Tensor], layers: int) -> dict[str, Tensor]:
    """Return the weights under the names that the graph knows.

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
        quantized[name + SCALE] = scale
    return quantized
