"""Put an encoder-decoder together from a checkpoint's folder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from summarizer.errors import ModelError
from summarizer.models.seq2seq.checkpoint import input_limit, is_ctranslate2, read_config, require_whole
from summarizer.models.seq2seq.decoding import Decoder
from summarizer.models.seq2seq.model import Seq2SeqModel
from summarizer.models.seq2seq.tokens import Tokens, load_piece_tokens, load_tokens

if TYPE_CHECKING:
    from summarizer.models.catalogue import ModelInfo


def load(
    info: ModelInfo,
    folder: Path,
    languages: Iterable[tuple[str, ...]] = (),
    *,
    device: str = "cpu",
    threads: int | None = None,
    engine: str = "transformers",
    compute_type: str = "int8",
) -> Seq2SeqModel:
    """Load an encoder-decoder.

    Args:
        info: what is known of it.
        folder: the checkpoint, of transformers or of CTranslate2.
        languages: pairs of codes of Indonesian and English; the first pair that the tokenizer knows is used.
        device: a device of torch.
        threads: how many threads may compute; None leaves it as it is.
        engine: ``transformers`` or ``ctranslate2``; a checkpoint in CTranslate2's format needs the latter in any case.
        compute_type: precision in CTranslate2.

    Raises:
        ModelError: the checkpoint is incomplete or damaged, or can't be run by this engine or on this device.
    """
    require_whole(folder)
    decoder: Decoder
    if is_ctranslate2({file.name for file in folder.iterdir()}):
        from summarizer.models.seq2seq.ctranslate2_decoder import CTranslate2Decoder

        tokens = load_piece_tokens(folder)
        decoder = CTranslate2Decoder(folder, tokens, device=device, threads=threads, compute_type=compute_type)
        return Seq2SeqModel(info, tokens, decoder, limit=info.max_input or input_limit(read_config(folder)))
    info, tokens = _load_tokens(info, folder, list(languages))
    if engine == "ctranslate2":
        from summarizer.models.seq2seq.ctranslate2_decoder import CTranslate2Decoder, convert

        converted = convert(folder, compute_type)
        decoder = CTranslate2Decoder(converted, tokens, device=device, threads=threads, compute_type=compute_type)
    else:
        import torch

        from summarizer.models.seq2seq.transformers_decoder import TransformersDecoder

        if threads is not None:
            torch.set_num_threads(threads)
        start = tokens.token(info.start_token) if info.start_token else None
        decoder = TransformersDecoder(folder, device=device, start=start)
    return Seq2SeqModel(info, tokens, decoder, limit=info.max_input or input_limit(read_config(folder)))


def _load_tokens(info: ModelInfo, folder: Path, languages: list[tuple[str, ...]]) -> tuple[ModelInfo, Tokens]:
    """Load the tokenizer, and say in the info which language codes it knows."""
    if not languages:
        return info, load_tokens(folder)
    for pair in languages:
        try:
            tokens = load_tokens(folder, pair[0])
            tokens.token(pair[1])
        except ModelError:
            if info.languages:
                raise
            continue
        return replace(info, languages=pair), tokens
    # A checkpoint of one language, such as a fine-tuned mBART.
    return replace(info, languages=()), load_tokens(folder)
