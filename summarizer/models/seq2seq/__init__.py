"""Encoder-decoder checkpoints: the field's translation and summarization models, from the hub or a folder."""
