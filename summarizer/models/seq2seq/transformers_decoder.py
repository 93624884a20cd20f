"""Decoding with transformers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from summarizer.errors import ModelError
from summarizer.models.seq2seq.checkpoint import find_weights, why_unloadable
from summarizer.models.seq2seq.decoding import Hypothesis, Search
from summarizer.text.normalise import one_line

_SCORED = 4
"""How many outputs are scored at a time: where the vocabulary is large, the logits of each token take a megabyte."""


class TransformersDecoder:
    """A checkpoint run by transformers, in float32 on a processor and in its own precision elsewhere."""

    def __init__(self, folder: Path, *, device: str = "cpu") -> None:
        """Load the weights.

        Code that comes with a checkpoint is never run: safetensors are preferred, pickles are read with
        ``weights_only``, and a model that transformers doesn't have is refused.

        Args:
            folder: the checkpoint.
            device: a device of torch.

        Raises:
            ModelError: the checkpoint is damaged or no encoder-decoder, or the device can't be used.
        """
        import torch
        from transformers import AutoModelForSeq2SeqLM, GenerationConfig
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        safe = all(file.suffix == ".safetensors" for file in find_weights(folder))
        verbosity = logging.get_verbosity()
        logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        try:
            self._model, info = AutoModelForSeq2SeqLM.from_pretrained(
                folder,
                local_files_only=True,
                trust_remote_code=False,
                use_safetensors=safe,
                weights_only=True,
                dtype=torch.float32 if device == "cpu" else "auto",
                output_loading_info=True,
            )
        except Exception as error:  # torch, pickle and safetensors each raise errors of their own
            raise ModelError(f"the model in {folder} can't be loaded: {why_unloadable(error)}") from error
        finally:
            logging.set_verbosity(verbosity)
        if info["missing_keys"]:
            some = ", ".join(sorted(info["missing_keys"])[:3])
            raise ModelError(
                f"the model in {folder} is damaged: {len(info['missing_keys'])} weights are missing ({some}, ...)"
            )
        try:
            self._model.to(torch.device(device)).eval()
        except (RuntimeError, AssertionError) as error:
            raise ModelError(f"device {device!r} can't be used: {one_line(str(error))}") from error
        own, config = self._model.generation_config, self._model.config
        eos = own.eos_token_id if own.eos_token_id is not None else getattr(config, "eos_token_id", None)
        self._eos: list[int] = [eos] if isinstance(eos, int) else list(eos or [])
        self._pad: int = own.pad_token_id if own.pad_token_id is not None else (self._eos or [0])[0]
        self._ids: dict[str, Any] = {
            "eos_token_id": self._eos or None,
            "pad_token_id": self._pad,
            "bos_token_id": own.bos_token_id,
            "decoder_start_token_id": own.decoder_start_token_id,
        }
        start = own.decoder_start_token_id
        if start is None:
            start = getattr(config, "decoder_start_token_id", None)
        self._start: int = start if start is not None else (own.bos_token_id or 0)
        self._bad: list[list[int]] = [list(words) for words in own.bad_words_ids or []]
        # Whatever generate() isn't told is taken from here; a checkpoint's sampling would make results random.
        self._model.generation_config = GenerationConfig(**self._ids)  # type: ignore[no-untyped-call]

    def search(self, sources: Sequence[Sequence[int]], search: Search) -> list[list[Hypothesis]]:
        """Return ``search.count`` hypotheses for each source."""
        import torch
        from transformers import GenerationConfig

        forbidden = self._bad + [list(words) for words in search.forbidden]
        config = GenerationConfig(  # type: ignore[no-untyped-call]
            **self._ids,
            max_new_tokens=search.max_new_tokens,
            min_new_tokens=search.min_new_tokens or None,
            num_beams=search.num_beams,
            num_return_sequences=search.count,
            length_penalty=search.length_penalty if search.num_beams > 1 else None,
            early_stopping=search.early_stopping if search.num_beams > 1 else None,
            no_repeat_ngram_size=search.no_repeat_ngram_size,
            repetition_penalty=search.repetition_penalty,
            forced_bos_token_id=search.first,
            bad_words_ids=forbidden or None,
            do_sample=False,
        )
        with torch.inference_mode():
            output = self._model.generate(**self._padded(sources), generation_config=config)
        # The first column is the decoder's start token.
        written = [self._cut(row) for row in output[:, 1:].tolist()]
        return [written[at : at + search.count] for at in range(0, len(written), search.count)]

    def score(self, sources: Sequence[Sequence[int]], outputs: Sequence[Hypothesis]) -> list[tuple[float, ...]]:
        """Return the log-probability of each token of each output."""
        import torch

        targets = [[*output.ids, *(self._eos[:1] if output.finished else [])] for output in outputs]
        scores: list[tuple[float, ...]] = []
        for at in range(0, len(sources), _SCORED):
            part = targets[at : at + _SCORED]
            written = [[self._start, *target[:-1]] for target in part]
            with torch.inference_mode():
                logits = self._model(
                    **self._padded(sources[at : at + _SCORED]),
                    decoder_input_ids=self._padded(written)["input_ids"],
                ).logits
            for row, target in zip(logits, part, strict=True):
                chosen = row[: len(target)].float().log_softmax(-1)
                scores.append(tuple(chosen[range(len(target)), target].tolist()))
        return scores

    def _padded(self, rows: Sequence[Sequence[int]]) -> dict[str, Any]:
        import torch

        width, device = max(map(len, rows)), self._model.device
        return {
            "input_ids": torch.tensor([[*row, *[self._pad] * (width - len(row))] for row in rows], device=device),
            "attention_mask": torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows], device=device),
        }

    def _cut(self, ids: list[int]) -> Hypothesis:
        end = next((at for at, token in enumerate(ids) if token in self._eos), None)
        return Hypothesis(ids[:end], finished=end is not None)
