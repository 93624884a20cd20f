"""What the small files of an encoder-decoder's folder say; reading them needs neither torch nor transformers."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from summarizer.errors import ModelError
from summarizer.text.normalise import one_line

CONFIG = "config.json"
_GENERATION_CONFIG = "generation_config.json"
# Files of tokenizers: those of transformers, of byte-pair encodings, and of sentencepiece.
_TOKENIZER = (
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "target_vocab.json",
    "merges.txt",
    "*.spm",
    "*.model",
)
# One copy of the weights, the safest first: a file that must be there, and the pattern of the files that it tells of,
# which is "" where it holds all weights itself.
_WEIGHTS = (
    ("model.safetensors", ""),
    ("model.safetensors.index.json", "model-*-of-*.safetensors"),
    ("pytorch_model.bin", ""),
    ("pytorch_model.bin.index.json", "pytorch_model-*-of-*.bin"),
)
# The longest input in tokens where a configuration doesn't say it: what T5 and mT5 were trained with (Raffel et al.
# 2020, arXiv:1910.10683, section 3.1.2).
_DEFAULT_LIMIT = 512
# Settings of transformers' search that are taken from a checkpoint or the catalogue.
SETTINGS = {
    "max_new_tokens",
    "min_new_tokens",
    "num_beams",
    "length_penalty",
    "early_stopping",
    "no_repeat_ngram_size",
    "repetition_penalty",
    "forced_bos_token_id",
}


@dataclass(frozen=True)
class Checkpoint:
    """Where an encoder-decoder is on the hub, and how it is used; see ``catalogue.toml`` for the fields."""

    repository: str = ""
    revision: str = ""
    languages: Sequence[str] = ()
    source_token: str = ""
    max_input: int = 0
    loses_case: bool = False
    generation: Mapping[str, Any] = field(default_factory=dict)


def _read_json(file: Path) -> dict[str, Any]:
    """Read a file that holds a JSON object.

    Raises:
        ModelError: it can't be read, or holds something else.
    """
    try:
        table = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{file} can't be read: {one_line(str(error))}") from error
    if not isinstance(table, dict):
        raise ModelError(f"{file} does not hold a JSON object")
    return table


def read_config(folder: Path) -> dict[str, Any]:
    """Read a folder's ``config.json``.

    Raises:
        ModelError: there is none, or it holds no JSON object.
    """
    if not (folder / CONFIG).is_file():
        raise ModelError(f"{folder} is not a model: it has no {CONFIG}")
    return _read_json(folder / CONFIG)


@cache
def architectures() -> dict[str, dict[str, Any]]:
    """Return what ``architectures.toml`` says of each ``model_type`` that can be run."""
    return tomllib.loads(files(__package__).joinpath("architectures.toml").read_text(encoding="utf-8"))


def choose_files(names: Iterable[str]) -> list[str]:
    """Choose from a repository's files one copy of the weights, and what else its model needs.

    Files in folders of the repository are left out.

    Args:
        names: the paths of its files.

    Returns:
        The names of those that are needed, in alphabetical order; none if there are no weights.
    """
    at_the_top = [name for name in names if "/" not in name]
    for first, others in _WEIGHTS:
        if first in at_the_top:
            return sorted(name for name in at_the_top if _is_small(name) or name == first or fnmatchcase(name, others))
    return []


def _is_small(name: str) -> bool:
    """Tell whether a file is one of the small ones that a model needs beside its weights."""
    return name in (CONFIG, _GENERATION_CONFIG) or _is_tokenizer(name)


def _is_tokenizer(name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in _TOKENIZER)


def is_whole(folder: Path) -> bool:
    """Tell whether a folder holds a configuration, a tokenizer and all the weights.

    Raises:
        ModelError: a list of the parts of weights can't be read.
    """
    if not folder.is_dir():
        return False
    # A link in the hub's cache may lead nowhere.
    names = {file.name for file in folder.iterdir() if file.exists()}
    chosen = choose_files(names)
    for index in chosen:
        if not index.endswith(".index.json"):
            continue
        shards = _read_json(folder / index).get("weight_map")
        if not isinstance(shards, dict) or not shards:
            return False
        # The name of a shard that isn't in the folder may be a path that leads out of it.
        if not names.issuperset(map(str, shards.values())):
            return False
    has_tokenizer = any(_is_tokenizer(name) for name in chosen)
    return CONFIG in chosen and has_tokenizer


def fingerprint(folder: Path) -> str:
    """Return sixteen hexadecimal digits that change with size or time of a file that the model needs.

    Reading gigabytes would take longer than loading them.
    """
    stamp = hashlib.sha256(str(folder.resolve()).encode())
    for name in choose_files(file.name for file in folder.iterdir() if file.is_file()):
        stat = (folder / name).stat()
        stamp.update(f" {name} {stat.st_size} {stat.st_mtime_ns}".encode())
    return stamp.hexdigest()[:16]


def input_limit(config: dict[str, Any]) -> int:
    """Return the longest input in tokens, special tokens included, that a checkpoint was built for.

    Models with relative positions take any length, but their quality falls beyond what they were trained with.
    """
    limits: list[int] = []
    for name in ("max_position_embeddings", "n_positions"):
        limit = config.get(name)
        if isinstance(limit, int) and limit > 0:
            limits.append(limit)
    return min(limits, default=_DEFAULT_LIMIT)


def read_generation(folder: Path) -> dict[str, Any]:
    """Return the `SETTINGS` that a checkpoint comes with.

    They stand in ``generation_config.json``, or in older checkpoints in ``config.json``.

    Raises:
        ModelError: neither can be read.
    """
    file = folder / _GENERATION_CONFIG
    table = _read_json(file) if file.is_file() else read_config(folder)
    settings = {name: value for name, value in table.items() if name in SETTINGS and value is not None}
    # It may also be "never", which CTranslate2 doesn't know.
    if "early_stopping" in settings:
        settings["early_stopping"] = settings["early_stopping"] is True
    return settings
