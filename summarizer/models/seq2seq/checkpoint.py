"""What the small files of an encoder-decoder's folder say; reading them needs neither torch nor transformers."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Collection, Iterable
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from summarizer.errors import ModelError
from summarizer.text.normalise import one_line

CONFIG = "config.json"
CARD = "README.md"
_GENERATION_CONFIG = "generation_config.json"
_TOKENIZER = (
    *("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"),
    *("vocab.json", "target_vocab.json", "merges.txt", "*.spm", "*.model"),
)
# One copy of the weights, the safest first: a file that must be there, and the files that it tells of.
_WEIGHTS = (
    ("model.safetensors", ""),
    ("model.safetensors.index.json", "model-*-of-*.safetensors"),
    ("pytorch_model.bin", ""),
    ("pytorch_model.bin.index.json", "pytorch_model-*-of-*.bin"),
)
# In the head of a model card, which is YAML between two lines of dashes.
_LICENCE = re.compile(r"^license:\s*(?:-\s+)?[\"']?([\w.+-]+)", re.MULTILINE)
_DEFAULT_LIMIT = 512
_NO_LIMIT = 20
"""As a ``max_length``, what transformers itself wrote where nobody had chosen one."""


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


def read_config(folder: Path) -> dict[str, Any]:
    """Read a folder's ``config.json``.

    Raises:
        ModelError: there is no such folder or file, or it is damaged.
    """
    if not (folder / CONFIG).is_file():
        raise ModelError(f"{folder} is not a model: it has no {CONFIG}")
    return read_json(folder / CONFIG)


@cache
def architectures() -> dict[str, dict[str, Any]]:
    """Return what ``architectures.toml`` says of each ``model_type`` that can be run."""
    return tomllib.loads(files(__package__).joinpath("architectures.toml").read_text(encoding="utf-8"))


def choose_files(names: Iterable[str]) -> list[str]:
    """Choose from a repository's files those that are needed to run its model; none if it holds no weights.

    They are one copy of the weights, safetensors first, and the model card, for the licence that it names.
    """
    names = {name for name in names if "/" not in name}
    small = {name for name in names if name in (CONFIG, _GENERATION_CONFIG, CARD) or _is_tokenizer(name)}
    for first, others in _WEIGHTS:
        if first in names:
            return sorted(small | {first} | {name for name in names if fnmatchcase(name, others)})
    return []


def _is_tokenizer(name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in _TOKENIZER)


def is_whole(folder: Path) -> bool:
    """Tell whether a folder holds a configuration, a tokenizer and all the weights."""
    names = {file.name for file in folder.iterdir() if file.exists()} if folder.is_dir() else set()
    chosen = choose_files(names)
    return CONFIG in chosen and any(map(_is_tokenizer, chosen)) and _has_all_shards(folder, chosen, names)


def _has_all_shards(folder: Path, chosen: Collection[str], names: Collection[str]) -> bool:
    for name in (name for name in chosen if name.endswith(".index.json")):
        shards = read_json(folder / name).get("weight_map")
        # The name of a shard that isn't in the folder may be a path that leads out of it.
        return isinstance(shards, dict) and bool(shards) and all(shard in names for shard in map(str, shards.values()))
    return True


def read_licence(folder: Path) -> str:
    """Return the licence that the head of a checkpoint's card names, such as ``cc-by-nc-4.0``, or an empty string."""
    try:
        card = (folder / CARD).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    found = _LICENCE.search(card.split("\n---", 1)[0]) if card.startswith("---") else None
    return found[1] if found else ""


def fingerprint(folder: Path) -> str:
    """Return sixteen hexadecimal digits that change when a file that the model needs is replaced.

    They are made of sizes and times, since reading gigabytes would take longer than loading them.
    """
    stamp = hashlib.sha256(str(folder.resolve()).encode())
    for name in choose_files(file.name for file in folder.iterdir() if file.is_file()):
        if name != CARD:
            stat = (folder / name).stat()
            stamp.update(f" {name} {stat.st_size} {stat.st_mtime_ns}".encode())
    return stamp.hexdigest()[:16]


def input_limit(config: dict[str, Any]) -> int:
    """Return the longest input in tokens, special tokens included, that a checkpoint was built for.

    Models with relative positions take any length, but their quality falls beyond what they were trained with.
    """
    limits = (config.get(name) for name in ("max_position_embeddings", "n_positions"))
    return min((limit for limit in limits if isinstance(limit, int) and limit > 0), default=_DEFAULT_LIMIT)


def read_generation(folder: Path, known: Collection[str]) -> dict[str, Any]:
    """Return the decoding settings that a checkpoint comes with, under transformers' names.

    They stand in ``generation_config.json``, or in older checkpoints in ``config.json``. Lengths become
    ``min_new_tokens`` and ``max_new_tokens``.

    Args:
        folder: the checkpoint.
        known: the settings that are of use.
    """
    own = folder / _GENERATION_CONFIG
    table = read_json(own) if own.is_file() else read_config(folder)
    # The old names count the decoder's start token.
    old = {f"{end}_new_tokens": table.get(f"{end}_length") for end in ("min", "max")}
    lengths = {name: length - 1 for name, length in old.items() if isinstance(length, int) and length > 0}
    settings = {name: value for name, value in (lengths | table).items() if name in known and value is not None}
    if settings.get("max_new_tokens", 0) < _NO_LIMIT:
        settings.pop("max_new_tokens", None)
    if "early_stopping" in settings:
        settings["early_stopping"] = settings["early_stopping"] is True
    return settings
