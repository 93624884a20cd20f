"""Put an encoder-decoder together from a checkpoint's folder."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from summarizer.errors import ModelError
from summarizer.models.base import Task
from summarizer.models.info import UNKNOWN, Checkpoint, ModelInfo
from summarizer.models.seq2seq import checkpoint
from summarizer.models.seq2seq.decoding import Decoder
from summarizer.models.seq2seq.model import Seq2SeqModel
from summarizer.models.seq2seq.tokens import Tokens, load_piece_tokens, load_tokens


@cache
def _architectures() -> dict[str, dict[str, Any]]:
    table = tomllib.loads(files(__package__).joinpath("architectures.toml").read_text(encoding="utf-8"))
    return {name: entry | {"tasks": tuple(map(Task, entry["tasks"]))} for name, entry in table.items()}


def complete(info: ModelInfo, source: Checkpoint, folder: Path) -> tuple[ModelInfo, Checkpoint]:
    """Add what a checkpoint's own files say; what the catalogue says stands.

    Args:
        info: what is known of the model.
        source: what is known of its checkpoint.
        folder: the checkpoint.

    Raises:
        ModelError: the folder holds no encoder-decoder, or its configuration is damaged.
    """
    config = checkpoint.read_config(folder)
    licence = checkpoint.read_licence(folder)
    if licence and info.licence == UNKNOWN:
        url = f"https://huggingface.co/{source.repository}" if source.repository else str(folder / checkpoint.CARD)
        noncommercial = "nc" in licence.lower().split("-")
        info = replace(info, licence=licence, licence_url=url, noncommercial=noncommercial)
    if checkpoint.is_ctranslate2(folder):
        # Nothing in this format tells an abstract's model from a translator; what is published are translators.
        source = replace(source, max_input=source.max_input or checkpoint.input_limit(config))
        return replace(info, tasks=(Task.TRANSLATE,)), source
    model_type = str(config.get("model_type"))
    architecture = _architectures().get(model_type)
    if architecture is None:
        known = ", ".join(sorted(_architectures()))
        raise ModelError(f"{info.name} is a {model_type!r} model: only encoder-decoders can be used ({known})")
    tasks = info.tasks if source.architecture else architecture["tasks"]
    source = replace(
        source,
        architecture=model_type,
        generation={**_settings(checkpoint.read_generation(folder)), **source.generation},
        max_input=min(source.max_input or 1 << 30, checkpoint.input_limit(config)),
    )
    return replace(info, tasks=tasks), source


def _settings(table: dict[str, Any]) -> dict[str, Any]:
    """Turn a checkpoint's decoding settings into those of `Search`."""
    for old, new in (("min_length", "min_new_tokens"), ("max_length", "max_new_tokens")):
        if old in table:
            # The old names count the decoder's start token.
            length = max(0, table.pop(old) - 1)
            table.setdefault(new, length)
    # 20 is what transformers itself wrote where nobody had chosen a length.
    if table.get("max_new_tokens", 0) < 20:
        table.pop("max_new_tokens", None)
    if "early_stopping" in table:
        table["early_stopping"] = table["early_stopping"] is True
    return table


def load(
    name: str,
    source: Checkpoint,
    folder: Path,
    *,
    tasks: Sequence[Task] = tuple(Task),
    device: str = "cpu",
    threads: int | None = None,
    engine: str = "transformers",
    compute_type: str = "int8",
) -> Seq2SeqModel:
    """Load an encoder-decoder.

    Args:
        name: what results call it.
        source: how it is used. Where it names no languages, the first pair of its architecture is used that the
            tokenizer knows.
        folder: the checkpoint, of transformers or of CTranslate2.
        tasks: what it is made for.
        device: a device of torch.
        threads: how many threads may compute; None leaves it as it is.
        engine: ``transformers`` or ``ctranslate2``; a checkpoint in CTranslate2's format needs the latter in any case.
        compute_type: precision in CTranslate2.

    Raises:
        ModelError: the checkpoint is incomplete or damaged, or can't be run by this engine or on this device.
    """
    checkpoint.require_whole(folder)
    source = replace(source, max_input=source.max_input or checkpoint.input_limit(checkpoint.read_config(folder)))
    decoder: Decoder
    converted = checkpoint.is_ctranslate2(folder)
    source, tokens = (source, load_piece_tokens(folder)) if converted else _load_tokens(source, folder)
    if converted or engine == "ctranslate2":
        from summarizer.models.seq2seq.ctranslate2_decoder import CTranslate2Decoder, convert

        made = folder if converted else convert(folder, compute_type)
        decoder = CTranslate2Decoder(made, tokens, device=device, threads=threads, compute_type=compute_type)
    else:
        import torch

        from summarizer.models.seq2seq.transformers_decoder import TransformersDecoder

        if threads is not None:
            torch.set_num_threads(threads)
        decoder = TransformersDecoder(folder, device=device)
    return Seq2SeqModel(name, source, tokens, decoder, tasks=tasks)


def _load_tokens(source: Checkpoint, folder: Path) -> tuple[Checkpoint, Tokens]:
    """Load the tokenizer, and say in the source which language codes it knows."""
    if source.languages:
        tokens = load_tokens(folder, source.languages[0])
        tokens.token(source.languages[1])
        return source, tokens
    for pair in _architectures().get(source.architecture, {}).get("languages", ()):
        try:
            tokens = load_tokens(folder, pair[0])
            tokens.token(pair[1])
        except ModelError:
            continue
        return replace(source, languages=tuple(pair)), tokens
    # A checkpoint of one language, such as a fine-tuned mBART.
    return source, load_tokens(folder)
