"""A random Gemma 3 of a few thousand weights with a byte tokenizer, written as transformers writes it."""

from __future__ import annotations

from pathlib import Path


def write_gemma(folder: Path) -> None:
    """Write a checkpoint of two layers, one with a window of 64 tokens, in bfloat16, to a folder that is there."""
    import torch
    from tokenizers import Tokenizer, decoders, models, normalizers
    from transformers import Gemma3ForCausalLM, Gemma3TextConfig

    names = ["<pad>", "<eos>", "<bos>", "\n", "▁", *(f"<0x{byte:02X}>" for byte in range(256))]
    tokenizer = Tokenizer(
        models.BPE({name: at for at, name in enumerate(names)}, [], byte_fallback=True, fuse_unk=True)
    )
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    tokenizer.save(str(folder / "tokenizer.json"))
    torch.manual_seed(0)
    config = Gemma3TextConfig(
        vocab_size=len(names),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=16,
        query_pre_attn_scalar=16,
        sliding_window=64,
        max_position_embeddings=512,
        layer_types=["sliding_attention", "full_attention"],
        pad_token_id=0,
        eos_token_id=1,
        bos_token_id=2,
    )
    model = Gemma3ForCausalLM(config)
    model.bfloat16().save_pretrained(folder)
