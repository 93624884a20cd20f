"""Decoding with CTranslate2, several times faster on a processor (the extra ``fast``)."""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.errors import ModelError
from summarizer.models.seq2seq.checkpoint import fingerprint, why_unloadable
from summarizer.models.seq2seq.decoding import Hypothesis, Search
from summarizer.storage.cache import build_once, cache_dir
from summarizer.text.normalise import one_line

if TYPE_CHECKING:
    from summarizer.models.seq2seq.tokens import Tokens


_PATIENCE = 2.0
"""How many times as many hypotheses as the beam is wide must have ended (Kasai et al. 2022, arXiv:2204.05424)."""


def require_ctranslate2() -> None:
    """Raise `ModelError` unless CTranslate2 is installed."""
    if importlib.util.find_spec("ctranslate2") is None:
        raise ModelError("CTranslate2 is not installed: run 'pip install ctranslate2'")


def convert(folder: Path, compute_type: str = "int8") -> Path:
    """Convert a checkpoint of transformers, once, into Ringkas' cache.

    Args:
        folder: the checkpoint.
        compute_type: precision of the weights, ``int8`` or ``float32``.

    Returns:
        The new folder, named after all that it was made from.

    Raises:
        ModelError: CTranslate2 isn't installed or has no converter for the architecture, the checkpoint is damaged,
            or the cache can't be written.
    """
    require_ctranslate2()

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
            if config.model_type == "mbart" and model.generation_config.decoder_start_token_id == config.eos_token_id:
                # Any other class counts as one that starts from a language code.
                config.tokenizer_class = "MBart50Tokenizer"
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
    """A model in CTranslate2's format.

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
        """Load the weights.

        Args:
            folder: a folder that `convert` made, or one that was downloaded in this format.
            tokens: the tokenizer.
            device: ``cpu`` or ``cuda``.
            threads: how many threads to use; None leaves it to CTranslate2.
            compute_type: precision of the computation.

        Raises:
            ModelError: CTranslate2 isn't installed, the model is damaged, or the device can't be used.
        """
        require_ctranslate2()
        import ctranslate2

        self._tokens = tokens
        try:
            self._translator: Any = ctranslate2.Translator(
                str(folder), device=device, compute_type=compute_type, inter_threads=1, intra_threads=threads or 0
            )
        except (RuntimeError, ValueError) as error:
            raise ModelError(f"CTranslate2 can't load {folder}: {one_line(str(error))[:300]}") from error

    def search(self, sources: Sequence[Sequence[int]], search: Search) -> list[list[Hypothesis]]:
        """Return ``search.count`` hypotheses for each source.

        Raises:
            ModelError: CTranslate2 gives up, for instance because a text grows beyond the positions that the model has.
        """
        try:
            return self._search(sources, search)
        except RuntimeError as error:
            raise ModelError(f"CTranslate2 stopped writing: {one_line(str(error))[:300]}") from error

    def _search(self, sources: Sequence[Sequence[int]], search: Search) -> list[list[Hypothesis]]:
        first = [] if search.first is None else self._tokens.pieces([search.first])
        results = self._translator.translate_batch(
            [self._tokens.pieces(source) for source in sources],
            target_prefix=[first] * len(sources) if first else None,
            beam_size=search.num_beams,
            num_hypotheses=search.count,
            length_penalty=search.length_penalty,
            no_repeat_ngram_size=search.no_repeat_ngram_size,
            repetition_penalty=search.repetition_penalty,
            patience=1 if search.early_stopping else _PATIENCE,
            suppress_sequences=[self._tokens.pieces(words) for words in search.forbidden] or None,
            max_input_length=0,
            max_decoding_length=search.max_new_tokens,
            min_decoding_length=max(1, search.min_new_tokens),
            return_end_token=True,
        )
        return [[self._cut(pieces) for pieces in result.hypotheses] for result in results]

    def score(self, sources: Sequence[Sequence[int]], outputs: Sequence[Hypothesis]) -> list[tuple[float, ...]]:
        """Return the log-probability of each token of each output."""
        results = self._translator.score_batch(
            [self._tokens.pieces(source) for source in sources],
            [self._tokens.pieces(output.ids, target=True) for output in outputs],
            max_input_length=0,
        )
        # The end is always scored, also where it was not written.
        return [
            tuple(result.log_probs[: len(output.ids) + output.finished])
            for result, output in zip(results, outputs, strict=True)
        ]

    def _cut(self, pieces: list[str]) -> Hypothesis:
        finished = pieces[-1:] == [self._tokens.end]
        return Hypothesis(self._tokens.ids(pieces[:-1] if finished else pieces), finished)
