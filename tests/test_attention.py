from __future__ import annotations

import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention

from summarizer.models.embedded.attention import attend


@pytest.mark.parametrize(("heads", "shared"), [(4, 1), (4, 2), (4, 4)])
@pytest.mark.parametrize("queries", [1, 5])
@pytest.mark.parametrize("masked", [False, True])
def test_agrees_with_attention_over_repeated_heads(heads: int, shared: int, queries: int, masked: bool) -> None:
    torch.manual_seed(1)
    batch, keys, size = 3, 5, 8
    query = torch.randn(batch, heads, queries, size)
    key, value = torch.randn(2, batch, shared, keys, size)
    mask = None
    if masked:
        mask = torch.ones(queries, keys, dtype=torch.bool).tril(keys - queries).expand(batch, 1, queries, keys).clone()
        mask[1, :, :, 0] = False
        mask[:, :, :, -1] |= queries == 1
        mask[1, :, 0, 1] = True
    expected = scaled_dot_product_attention(
        query,
        key.repeat_interleave(heads // shared, dim=1),
        value.repeat_interleave(heads // shared, dim=1),
        attn_mask=mask,
        scale=0.3,
        is_causal=not masked and queries > 1,
    )
    written, weights = attend(torch.nn.Identity(), query, key, value, mask, scaling=0.3)
    assert weights is None
    torch.testing.assert_close(written, expected.transpose(1, 2))
