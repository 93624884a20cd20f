"""What a checkpoint's folder holds; reads its small files alone, and needs neither torch nor transformers."""

from __future__ import annotations

import hashlib
import json
import pickle
import re
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from summarizer.errors import ModelError
from summarizer.text.normalise import one_line

CONFIG = "config.json"
CARD = "README.md"
_GENERATION_CONFIG = "generation_config.json"
_TOKENIZER = re.compile(
    r"(tokenizer|tokenizer_config|special_tokens_map|added_tokens|vocab|target_vocab)\.json|merges\.txt"
    r"|[\w.-]+\.(spm|model)"
)
_SINGLE = ("model.safetensors", "pytorch_model.bin")
"""Files with all the weights, the safest first."""
_CTRANSLATE2 = "model.bin"
_VOCABULARY = re.compile(r"(source|target|shared)_vocabulary\.(json|txt)")
# In the head of a model card, which is YAML between two lines of dashes.
_LICENCE = re.compile(r"^license:\s*(?:-\s+)?[\"']?([\w.+-]+)", re.MULTILINE)
_DEFAULT_LIMIT = 512
_GENERATION = {
    "num_beams",
    "length_penalty",
    "no_repeat_ngram_size",
    "repetition_penalty",
    "early_stopping",
    "forced_bos_token_id",
    "min_length",
    "max_length",
    "min_new_tokens",
    "max_new_tokens",
}


def read_json(file: Path) -> dict[str, Any]:
    """Read a JSON object.

    Raises:
        ModelError: the file can't be read, or holds something else.
    """
    try:
        table = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{file} can't be read: {one_line(str(error))}") from error
    if not isinstance(table, dict):
        raise ModelError(f"{file} does not hold a JSON object")
    return table


def _is_small(name: str) -> bool:
    """Tell a file of configuration or of a tokenizer by its name."""
    return bool(_TOKENIZER.fullmatch(name)) or name in (CONFIG, _GENERATION_CONFIG)


def is_ctranslate2(folder: Path) -> bool:
    """Tell from the names of a folder's files whether it is a model in CTranslate2's format."""
    return _has_ctranslate2(_names(folder))


def _has_ctranslate2(names: Collection[str]) -> bool:
    return _CTRANSLATE2 in names and any(map(_VOCABULARY.fullmatch, names))


def _names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir() if file.exists()} if folder.is_dir() else set()


def choose_files(names: Collection[str], source: str) -> list[str]:
    """Choose the files of a repository that are needed to run its model: one copy of the weights, safetensors first.

    The model card is among them, for the licence that it names.

    Args:
        names: paths of all the files in the repository.
        source: what to call it in an error.

    Raises:
        ModelError: there are no weights that can be used.
    """
    small = [name for name in names if _is_small(name) or name == CARD]
    if _has_ctranslate2(names):
        return sorted([*small, _CTRANSLATE2, *(name for name in names if _VOCABULARY.fullmatch(name))])
    for single in _SINGLE:
        if single in names:
            return sorted([*small, single])
        if f"{single}.index.json" in names:
            stem, suffix = single.split(".")
            shard = re.compile(rf"{stem}-\d+-of-\d+\.{suffix}")
            return sorted([*small, f"{single}.index.json", *filter(shard.fullmatch, names)])
    raise ModelError(f"{source} holds no weights for PyTorch or CTranslate2 (model.safetensors, pytorch_model.bin)")


def find_weights(folder: Path) -> list[Path]:
    """Return the files with a checkpoint's weights: all of one copy, safetensors first; empty if some are missing."""
    names = _names(folder)
    if _has_ctranslate2(names):
        return [folder / _CTRANSLATE2]
    for single in _SINGLE:
        if single in names:
            return [folder / single]
        if f"{single}.index.json" in names:
            places = read_json(folder / f"{single}.index.json").get("weight_map")
            shards = list(places.values()) if isinstance(places, dict) else []
            # A shard's name may hold no path: it would reach out of the folder.
            are_here = shards and all(isinstance(name, str) and name in names for name in shards)
            return [folder / name for name in sorted(set(shards))] if are_here else []
    return []


def is_whole(folder: Path) -> bool:
    """Tell whether a folder holds a configuration, all the weights and a tokenizer."""
    names = _names(folder)
    return CONFIG in names and any(map(_TOKENIZER.fullmatch, names)) and bool(find_weights(folder))


def require_whole(folder: Path) -> None:
    """Check that a folder holds all that `is_whole` looks for.

    Raises:
        ModelError: something is missing.
    """
    read_config(folder)
    if not is_whole(folder):
        raise ModelError(f"the model in {folder} is incomplete: it needs config.json, a tokenizer and all its weights")


def read_config(folder: Path) -> dict[str, Any]:
    """Read a folder's ``config.json``.

    Raises:
        ModelError: there is no such folder or file, or it is damaged.
    """
    if not (folder / CONFIG).is_file():
        raise ModelError(f"{folder} is not a model: it has no {CONFIG}")
    return read_json(folder / CONFIG)


def read_generation(folder: Path) -> dict[str, Any]:
    """Return the decoding settings that a checkpoint comes with.

    They stand in ``generation_config.json``, or in older checkpoints in ``config.json``.
    """
    table = read_config(folder)
    if (folder / _GENERATION_CONFIG).is_file():
        table = read_json(folder / _GENERATION_CONFIG)
    return {name: table[name] for name in sorted(_GENERATION & table.keys()) if table[name] is not None}


def read_licence(folder: Path) -> str:
    """Return the licence that the head of a checkpoint's card names, such as ``cc-by-nc-4.0``, or an empty string."""
    try:
        card = (folder / CARD).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    found = _LICENCE.search(card.split("\n---", 1)[0]) if card.startswith("---") else None
    return found[1] if found else ""


def fingerprint(folder: Path) -> str:
    """Return what changes when a file that a model in a folder needs is replaced: sixteen hexadecimal digits.

    It is made of sizes and times, since reading gigabytes would take longer than loading them.
    """
    stamp = hashlib.sha256(str(folder.resolve()).encode())
    weights = find_weights(folder)
    small = [file for file in sorted(folder.iterdir()) if _is_small(file.name) or _VOCABULARY.fullmatch(file.name)]
    for file in [*small, *weights]:
        if file.is_file():
            stat = file.stat()
            stamp.update(f" {file.name} {stat.st_size} {stat.st_mtime_ns}".encode())
    return stamp.hexdigest()[:16]


def why_unloadable(error: Exception) -> str:
    """Return in one line why weights can't be loaded.

    PyTorch's advice for a pickle that holds more than weights would run the code in it, and isn't passed on.
    """
    if isinstance(error, pickle.UnpicklingError) or "weights_only" in str(error):
        return "its pickle is damaged or holds more than weights, whose code is never run; take one with safetensors"
    return one_line(str(error))[:300]


def input_limit(config: dict[str, Any]) -> int:
    """Return the longest input in tokens, special tokens included, that a checkpoint was built for.

    Models with relative positions take any length, but their quality falls beyond what they were trained with.
    """
    limits: Iterable[Any] = (config.get(name) for name in ("max_position_embeddings", "n_positions"))
    return min((limit for limit in limits if isinstance(limit, int) and limit > 0), default=_DEFAULT_LIMIT)
