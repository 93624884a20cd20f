"""Decoding with CTranslate2, several times faster on a processor (the extra ``fast``)."""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from summarizer.errors import ModelError
from summarizer.models.seq2seq.checkpoint import fingerprint
from summarizer.models.seq2seq.tokens import Tokens
from summarizer.models.seq2seq.transformers_decoder import why_unloadable
from summarizer.storage.cache import build_once, cache_dir
from summarizer.text.normalise import one_line

# How many times as many hypotheses as the beam is wide must have ended (Kasai et al. 2022, arXiv:2204.05424).
_PATIENCE = 2.0


def _convert(folder: Path, compute_type: str) -> Path:
    """Convert a checkpoint of transformers, once, into Ringkas' cache, and return the new folder.

    Raises:
        ModelError: CTranslate2 isn't installed, or can't convert it, or the cache can't be written.
    """
    if importlib.util.find_spec("ctranslate2") is None:
        raise ModelError("CTranslate2 is not installed: run 'pip install ctranslate2'")

    def build(target: Path) -> None:
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            with warnings.catch_warnings():
                # What its tokenizer recommends is nothing that a user of Ringkas can act on.
                warnings.simplefilter("ignore", UserWarning)
                _converter(folder).convert(str(target), quantization=compute_type, force=True)
        except Exception as error:  # whatever its reading of the checkpoint raises
            reason = why_unloadable(error)[:200]
            raise ModelError(
                f"CTranslate2 can't convert {folder} ({reason}): leave out --engine ctranslate2"
            ) from error

    name = f"ctranslate2-{version('ctranslate2')}-{compute_type}-{fingerprint(folder)}"
    return build_once(cache_dir() / name, build)


def _converter(folder: Path) -> Any:
    """Return what converts the checkpoint in a folder."""
    from ctranslate2.converters import TransformersConverter

    class Converter(TransformersConverter):  # type: ignore[misc]
        """Fills in what CTranslate2 looks for where transformers 5 no longer keeps it."""

        def load_model(self, *args: Any, **kwargs: Any) -> Any:
            model = super().load_model(*args, **kwargs)
            config = model.config
            if config.model_type in ("bart", "mbart", "pegasus"):
                # Checkpoints that were saved by transformers 5 don't say it; which layers there are does.
                encoder = model.model.encoder
                config.normalize_before = hasattr(encoder, "layer_norm")
                config.normalize_embedding = hasattr(encoder, "layernorm_embedding")
            if config.model_type in ("t5", "mt5"):
                # Whether outputs are scaled, which this once told; now it is true of all.
                config.tie_word_embeddings = getattr(config, "scale_decoder_outputs", False)
            return model

        def load_tokenizer(self, *args: Any, **kwargs: Any) -> Any:
            tokenizer = super().load_tokenizer(*args, **kwargs)
            if tokenizer.bos_token is None:
                # MBart50Tokenizer has none any more; CTranslate2 never writes it, but wants to know it.
                tokenizer.bos_token = tokenizer.cls_token or tokenizer.eos_token
            codes: dict[str, int] = getattr(tokenizer, "lang_token_to_id", {})
            vocabulary = tokenizer.get_vocab()
            tokenizer.get_vocab = lambda: vocabulary | codes
            return tokenizer

    return Converter(str(folder), trust_remote_code=False)


class CTranslate2Decoder:
    """A checkpoint run by CTranslate2, with the methods of `TransformersDecoder`.

    Its beam search ends when there are as many finished hypotheses as the beam is wide, as that of transformers does
    with ``early_stopping``; without, transformers goes on until none of those to come can be better, and this one until
    there are twice as many: else several bad ones that are shorter can end the search before the best one is whole.
    Otherwise, both write the same in float32.
    """

    def __init__(
        self,
        folder: Path,
        tokens: Tokens,
        *,
        device: str = "cpu",
        threads: int | None = None,
        compute_type: str = "int8",
    ) -> None:
        """Convert the checkpoint in a folder, with its tokenizer, unless that was done before, and load it.

        Raises:
            ModelError: CTranslate2 isn't installed, or can't convert or load the checkpoint.
        """
        converted = _convert(folder, compute_type)
        import ctranslate2

        self._tokens = tokens
        try:
            self._translator: Any = ctranslate2.Translator(
                str(converted), device=device, compute_type=compute_type, inter_threads=1, intra_threads=threads or 0
            )
        except (RuntimeError, ValueError) as error:
            raise ModelError(f"CTranslate2 can't load {converted}: {one_line(str(error))[:300]}") from error

    def search(self, sources: Sequence[Sequence[int]], settings: Mapping[str, Any]) -> list[list[list[int]]]:
        """Return as many outputs for each source as the beam is wide, the best first.

        Raises:
            ModelError: CTranslate2 gives up.
        """
        beams = settings.get("num_beams", 1)
        forced = settings.get("forced_bos_token_id")
        begins = None if forced is None else [self._tokens.pieces([forced])] * len(sources)
        try:
            results = self._translator.translate_batch(
                list(map(self._tokens.pieces, sources)),
                target_prefix=begins,
                beam_size=beams,
                num_hypotheses=beams,
                length_penalty=settings.get("length_penalty", 1),
                no_repeat_ngram_size=settings.get("no_repeat_ngram_size", 0),
                repetition_penalty=settings.get("repetition_penalty", 1),
                patience=1 if settings.get("early_stopping") else _PATIENCE,
                max_input_length=0,
                max_decoding_length=settings["max_new_tokens"],
                min_decoding_length=max(1, settings.get("min_new_tokens", 0)),
                return_end_token=True,
            )
        except RuntimeError as error:  # for instance, a text grows beyond the positions that the model has
            raise ModelError(f"CTranslate2 stopped writing: {one_line(str(error))[:300]}") from error
        return [list(map(self._tokens.ids, result.hypotheses)) for result in results]
