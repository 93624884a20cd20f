"""A random Gemma 3 of a few thousand weights with a byte tokenizer, written as transformers writes it."""

from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, normalizers
from torch import Tensor
from transformers import Gemma3ForCausalLM, Gemma3TextConfig


def write_gemma(folder: Path) -> Path:
    """Write a checkpoint of two layers, one with a window of 64 tokens, in bfloat16, to a folder, and return it."""
    names = ["<pad>", "<eos>", "<bos>", "\n", "▁", *(f"<0x{byte:02X}>" for byte in range(256))]
    ids = {name: at for at, name in enumerate(names)}
    tokenizer = Tokenizer(models.BPE(ids, [], byte_fallback=True, fuse_unk=True))
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    tokenizer.save(str(folder / "tokenizer.json"))
    torch.manual_seed(0)
    sizes = {"hidden_size": 32, "intermediate_size": 64, "head_dim": 16, "query_pre_attn_scalar": 16}
    heads = {"num_attention_heads": 2, "num_key_value_heads": 1, "sliding_window": 64, "max_position_embeddings": 512}
    layers = {"num_hidden_layers": 2, "layer_types": ["sliding_attention", "full_attention"]}
    config = Gemma3TextConfig(vocab_size=len(names), **sizes, **heads, **layers)
    Gemma3ForCausalLM(config).bfloat16().save_pretrained(folder)
    return folder


def prefix_masks(prompt: int, length: int, window: int) -> dict[str, Tensor]:
    """Return what transformers' Gemma 3 takes for attention in which a prompt's tokens see each other.

    Args:
        prompt: its tokens, of which the first, which begins every text, sees itself alone.
        length: tokens of the whole text.
        window: of the layers that see the near ones only.
    """
    place = torch.arange(length)
    seen = (place <= place[:, None]) | ((place < prompt) & (place[:, None] > 0))
    near = (place - place[:, None]).abs() < window
    masks = {"full_attention": seen, "sliding_attention": seen & near}
    least = torch.finfo(torch.float32).min
    return {kind: torch.zeros(1, 1, length, length).masked_fill_(~mask, least) for kind, mask in masks.items()}
