"""Attention of few queries over keys and values that many heads share, without copying them for each head."""

from __future__ import annotations

from typing import Any

import torch
from torch.nn.functional import scaled_dot_product_attention
from transformers import AttentionInterface
from transformers.masking_utils import AttentionMaskInterface, sdpa_mask

NAME = "shared_heads"
"""What transformers calls this attention after `register`."""


def attend(
    module: torch.nn.Module,  # noqa: ARG001 - the signature is that of transformers
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    scaling: float | None = None,
    dropout: float = 0.0,  # noqa: ARG001
    **others: Any,  # noqa: ARG001
) -> tuple[torch.Tensor, None]:
    """Compute grouped-query attention (Ainslie et al., 2023), fast where one token a row is written.

    transformers repeats keys and values once for each query head. In decoding, that copy of the whole cache takes
    longer than the attention itself: Gemma 3 270M has four query heads for one key head. Here the query heads that
    share a key head are the rows of one matrix product.

    Args:
        module: the layer; not used.
        query: batch x query heads x queries x size.
        key: batch x key heads x keys x size.
        value: as ``key``.
        attention_mask: batch x 1 x queries x keys, True where a query may look; None for all (one query), or all that
            come before (several).
        scaling: what the products are multiplied by.
        dropout: not used: this is for inference.
        others: not used.

    Returns:
        batch x queries x query heads x size, and None in place of the weights.
    """
    batch, heads, queries, size = query.shape
    shared = key.shape[1]
    if queries > 1:
        expanded = (batch, shared, heads // shared, key.shape[2], size)
        written = scaled_dot_product_attention(
            query,
            key[:, :, None].expand(expanded).flatten(1, 2),
            value[:, :, None].expand(expanded).flatten(1, 2),
            attn_mask=attention_mask,
            scale=scaling,
            is_causal=attention_mask is None,
        )
        return written.transpose(1, 2), None
    grouped = query.reshape(batch, shared, heads // shared, size)
    scores = torch.matmul(grouped, key.transpose(2, 3)).float()
    scores = scores * (size**-0.5 if scaling is None else scaling)
    if attention_mask is not None:
        scores = scores.masked_fill(~attention_mask, -torch.inf)
    weights = torch.softmax(scores, dim=-1).to(value.dtype)
    return torch.matmul(weights, value).reshape(batch, 1, heads, size), None


def register() -> None:
    """Make the attention known to transformers, as `NAME`."""
    AttentionInterface.register(NAME, attend)
    AttentionMaskInterface.register(NAME, sdpa_mask)
