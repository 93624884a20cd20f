"""Decoding with transformers."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from summarizer.errors import ModelError
from summarizer.models.seq2seq.quiet import quiet
from summarizer.text.normalise import one_line

# The layer that a weight belongs to, by its name: "model.encoder.layers.0.", "decoder.block.11.".
_LAYER = re.compile(r"(?:model\.)?(?:encoder|decoder)\.(?:layers|block)\.\d+\.")


class TransformersDecoder:
    """A checkpoint run by transformers, in float32 on a processor and in its own precision elsewhere.

    An output is a list of tokens, from behind the decoder's start token to the token that ends it; without the latter
    if the limit of tokens was reached before.
    """

    def __init__(self, folder: Path, *, device: str = "cpu", threads: int | None = None) -> None:
        """Load the weights.

        Code that comes with a checkpoint is never run: safetensors are preferred, pickles are read with
        ``weights_only``, and a model that transformers doesn't have is refused.

        Args:
            folder: of the checkpoint, in the format of transformers.
            device: a device of torch, by its name.
            threads: how many threads may compute; None leaves it to torch.

        Raises:
            ModelError: the weights can't be loaded, or the device can't be used.
        """
        import torch
        from transformers import GenerationConfig

        if threads is not None:
            torch.set_num_threads(threads)
        self._model = _load_weights(folder, torch.float32 if device == "cpu" else "auto")
        try:
            self._model.to(torch.device(device)).eval()
        except (RuntimeError, AssertionError) as error:
            raise ModelError(f"device {device!r} can't be used: {one_line(str(error))}") from error
        self._eos: list[int] = _as_list(self._setting("eos_token_id"))
        self._pad: int = self._choose_pad()
        self._start: int = self._choose_start()
        self._bad: list[list[int]] = list(map(list, self._setting("bad_words_ids") or []))
        for token in (*self._eos, self._pad, self._start):
            if token not in range(self.vocabulary_size):
                raise ModelError(
                    f"the model in {folder} is damaged: its settings name a token {one_line(repr(token))[:80]}, and "
                    f"its weights know those from 0 to {self.vocabulary_size - 1}"
                )
        self._require_numbers(folder)
        # Whatever generate() isn't told is taken from here; a checkpoint's sampling would make results random.
        self._model.generation_config = GenerationConfig()  # type: ignore[no-untyped-call]

    def _setting(self, name: str) -> Any:
        """Return what the checkpoint says: in ``generation_config.json``, or else in ``config.json``; else None."""
        value = getattr(self._model.generation_config, name, None)
        if value is not None:
            return value
        return getattr(self._model.config, name, None)

    def _choose_pad(self) -> int:
        """Return the token that fills shorter texts: the checkpoint's own, one that ends texts, or else the first."""
        pad: int | None = self._setting("pad_token_id")
        if pad is not None:
            return pad
        return self._eos[0] if self._eos else 0

    def _choose_start(self) -> int:
        """Return the token that an output begins behind: the decoder's, the one of all texts, or else the first."""
        start: int | None = self._setting("decoder_start_token_id")
        if start is not None:
            return start
        return self._setting("bos_token_id") or 0

    def _require_numbers(self, folder: Path) -> None:
        """Make sure that what the weights make of a token are numbers: else every text would come out empty.

        Raises:
            ModelError: they aren't.
        """
        import torch

        token = torch.tensor([[self._start]], device=self._model.device)
        with torch.inference_mode():
            logits = self._model(input_ids=token, decoder_input_ids=token).logits
        if logits.isnan().any():
            raise ModelError(f"the model in {folder} is damaged: some of its weights are no numbers")

    @property
    def vocabulary_size(self) -> int:
        """How many tokens the weights know."""
        return int(self._model.get_input_embeddings().num_embeddings)

    def search(self, sources: Sequence[Sequence[int]], settings: Mapping[str, Any]) -> list[list[list[int]]]:
        """Return as many outputs for each source as the beam is wide, the best first.

        The settings are those that `checkpoint.read_generation` returns.
        """
        import torch
        from torch.nn.utils.rnn import pad_sequence
        from transformers import GenerationConfig

        beams = settings.get("num_beams", 1)
        chosen = dict(settings)
        if beams == 1:
            # transformers warns of settings that one beam has no use for.
            chosen.pop("length_penalty", None)
            chosen.pop("early_stopping", None)
        config = GenerationConfig(  # type: ignore[no-untyped-call]
            **chosen,
            eos_token_id=self._eos or None,
            pad_token_id=self._pad,
            decoder_start_token_id=self._start,
            num_return_sequences=beams,
            bad_words_ids=self._bad or None,
            do_sample=False,
        )
        rows = [torch.tensor(source, dtype=torch.long) for source in sources]
        tokens = pad_sequence(rows, batch_first=True, padding_value=self._pad).to(self._model.device)
        is_read = [torch.ones_like(row) for row in rows]
        mask = pad_sequence(is_read, batch_first=True).to(self._model.device)
        with torch.inference_mode():
            output = self._model.generate(input_ids=tokens, attention_mask=mask, generation_config=config)
        # The first column is the decoder's start token.
        outputs = list(map(self._cut, output[:, 1:].tolist()))
        return [outputs[first : first + beams] for first in range(0, len(outputs), beams)]

    def _cut(self, ids: list[int]) -> list[int]:
        """Return an output without what stands behind the token that ends it."""
        for place, token in enumerate(ids):
            if token in self._eos:
                return ids[: place + 1]
        return ids


def _find_unused_layers(unexpected: Iterable[str], known: Iterable[str]) -> list[str]:
    """Return the layers of the weights that the model doesn't have: without them, it would write something else.

    Args:
        unexpected: names of weights that were left over. Some checkpoints have more in a layer than is used.
        known: names of those that the model has.
    """
    layers = {match[0] for match in map(_LAYER.match, known) if match}
    unused = {match[0] for match in map(_LAYER.match, unexpected) if match}
    return sorted(unused - layers)


def _load_weights(folder: Path, dtype: Any) -> Any:
    """Return the model of transformers in a folder, with all of its weights, on the processor.

    Args:
        folder: of the checkpoint.
        dtype: of the weights: a type of torch, or "auto" for their own.

    Raises:
        ModelError: they can't be loaded, or some of them are missing or don't belong to the model.
    """
    from transformers import AutoModelForSeq2SeqLM

    try:
        with quiet():
            model, loading = AutoModelForSeq2SeqLM.from_pretrained(
                folder,
                local_files_only=True,
                trust_remote_code=False,
                weights_only=True,
                dtype=dtype,
                output_loading_info=True,
            )
    except Exception as error:  # torch, pickle and safetensors each raise errors of their own
        raise ModelError(f"the model in {folder} can't be loaded: {why_unloadable(error)}") from error
    missing = sorted(loading["missing_keys"])
    if missing:
        raise ModelError(f"the model in {folder} is damaged: {len(missing)} weights are missing ({missing[0]}, ...)")
    unused = _find_unused_layers(loading["unexpected_keys"], model.state_dict())
    if unused:
        raise ModelError(
            f"the model in {folder} is damaged: its weights have layers that its config.json doesn't name "
            f"({unused[0]}, ...)"
        )
    return model


def _as_list(tokens: int | Sequence[int] | None) -> list[int]:
    """Return the tokens that a setting names: several, a single one, or none."""
    if isinstance(tokens, int):
        return [tokens]
    return list(tokens or [])


def why_unloadable(error: Exception) -> str:
    """Return in one line why weights can't be loaded.

    PyTorch's advice for a pickle that holds more than weights would run the code in it, and isn't passed on.
    """
    if isinstance(error, pickle.UnpicklingError) or "weights_only" in str(error):
        return "its pickle is damaged or holds more than weights, whose code is never run; take one with safetensors"
    if "ignore_mismatched_sizes" in str(error):
        # The report of which transformers speaks isn't shown.
        return "its weights have other sizes than its config.json says"
    if isinstance(error, KeyError):
        return f"one of its files lacks {one_line(str(error))[:80]}, or asks for it in vain"
    return one_line(str(error))[:300]
