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
from typing import Any, NamedTuple

from summarizer.errors import ModelError, telling
from summarizer.text.normalise import one_line

CONFIG = "config.json"
_GENERATION_CONFIG = "generation_config.json"
_TOKENIZER_CONFIG = "tokenizer_config.json"
# Files of tokenizers: those of transformers, of byte-pair encodings, and of sentencepiece.
_TOKENIZER = (
    "tokenizer.json",
    _TOKENIZER_CONFIG,
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "target_vocab.json",
    "merges.txt",
    "*.spm",
    "*.model",
)
# Those among them that hold a vocabulary: without one, some tokenizers of transformers make up their own.
_VOCABULARIES = ("tokenizer.json", "vocab.json", "*.spm", "*.model")
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
# The longest that is believed: many times what any of these architectures was trained with.
_LONGEST_LIMIT = 16_384
# What else is read where it is there, though no model needs it.
_READ_TOO = ("chat_template.jinja", "chat_template.json", "processor_config.json", "preprocessor_config.json")
# The mark of an adapter, as PEFT writes it.
_ADAPTER_CONFIG = "adapter_config.json"
# Most bytes of a file beside the weights: several times the largest (tokenizer.json of NLLB, 32 MB).
_MOST_BYTES = 200_000_000
# Sizes in the two configurations that what loads a checkpoint counts up to before it looks at the weights or the
# vocabulary, with the most that is believed: four times the layers of the deepest of these architectures (24 of
# mT5-XXL), and a hundred times the tokens that T5 (100), Pegasus (103) and M2M100 (8) have without a text of their own.
_MOST_LAYERS = 100
_MOST_EXTRA_TOKENS = 10_000
_COUNTS: Mapping[str, int] = {
    "encoder_layers": _MOST_LAYERS,
    "decoder_layers": _MOST_LAYERS,
    "num_layers": _MOST_LAYERS,
    "num_decoder_layers": _MOST_LAYERS,
    "num_hidden_layers": _MOST_LAYERS,
    "extra_ids": _MOST_EXTRA_TOKENS,
    "offset": _MOST_EXTRA_TOKENS,
    "num_madeup_words": _MOST_EXTRA_TOKENS,
    # Marian's are reckoned one by one, which takes minutes for a million.
    "max_position_embeddings": _LONGEST_LIMIT,
}


class _Range(NamedTuple):
    """The numbers that a setting may be.

    Attributes:
        smallest: the first of them.
        largest: the last of them.
        is_whole: whether they have no fractions.
    """

    smallest: float
    largest: float
    is_whole: bool = True

    def holds(self, value: object) -> bool:
        """Tell whether what a file says is one of these numbers."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        if self.is_whole and not isinstance(value, int):
            return False
        return self.smallest <= value <= self.largest


# Settings of transformers' search that are taken from a checkpoint or the catalogue; None for one that is no number.
# The ranges go far beyond what papers use, and keep time and memory in bounds, which grow with most of them.
SETTINGS: Mapping[str, _Range | None] = {
    "max_new_tokens": _Range(1, _LONGEST_LIMIT),
    "min_new_tokens": _Range(0, _LONGEST_LIMIT),
    "num_beams": _Range(1, 32),
    "length_penalty": _Range(-100, 100, is_whole=False),
    "early_stopping": None,
    "no_repeat_ngram_size": _Range(0, 1_000),
    "repetition_penalty": _Range(0.01, 100, is_whole=False),
    "forced_bos_token_id": _Range(0, 10_000_000),
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
        ModelError: it can't be read, is too large, or holds something else.
    """
    _require_small(file)
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


def _require_small(file: Path) -> None:
    """Make sure that a file beside the weights is no larger than such files are, before it is read.

    Raises:
        ModelError: it is larger, or can't be found.
    """
    with telling(f"{file} can't be read", ModelError):
        size = file.stat().st_size
    if size > _MOST_BYTES:
        raise ModelError(f"{file} is larger than {_MOST_BYTES // 1_000_000} MB: only weights are so large")


def require_no_adapter(folder: Path) -> None:
    """Make sure that a folder holds no adapter beside the weights: it would change what they write.

    Raises:
        ModelError: it does.
    """
    if (folder / _ADAPTER_CONFIG).exists():
        raise ModelError(
            f"{folder} holds an adapter ({_ADAPTER_CONFIG}): merge it into the weights (merge_and_unload in PEFT), or "
            "remove it"
        )


def require_sizes(folder: Path) -> None:
    """Make sure that the files beside the weights are no larger, and ask for no more, than those of any model.

    What is larger would take minutes, or all of the memory, before it shows that it can't be loaded.

    Raises:
        ModelError: they are, or a configuration can't be read.
    """
    names = [file.name for file in folder.iterdir()]
    for name in choose_files(names):
        if _is_small(name):
            _require_small(folder / name)
    for name in _READ_TOO:
        if name in names:
            _require_small(folder / name)
    for file in (folder / CONFIG, folder / _TOKENIZER_CONFIG):
        table = _read_json(file) if file.is_file() else {}
        for name, most in _COUNTS.items():
            count = table.get(name)
            if isinstance(count, int) and count > most:
                raise ModelError(f"{file} has a {name} of more than {most}, which no such model has")


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
    names = {file.name for file in folder.iterdir() if file.is_file()}
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
    return CONFIG in chosen and any(map(_is_vocabulary, chosen))


def _is_vocabulary(name: str) -> bool:
    """Tell whether a file has the words of a tokenizer, by its name."""
    return any(fnmatchcase(name, pattern) for pattern in _VOCABULARIES)


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
    return min(_LONGEST_LIMIT, *limits) if limits else _DEFAULT_LIMIT


def read_generation(folder: Path) -> dict[str, Any]:
    """Return the `SETTINGS` that a checkpoint comes with.

    They stand in ``generation_config.json``, or in older checkpoints in ``config.json``.

    Raises:
        ModelError: neither can be read, or a setting is something that it can't be.
    """
    file = folder / _GENERATION_CONFIG
    if not file.is_file():
        file = folder / CONFIG
    table = _read_json(file)
    settings = {name: value for name, value in table.items() if name in SETTINGS and value is not None}
    for name, value in settings.items():
        allowed = SETTINGS[name]
        if allowed and not allowed.holds(value):
            what = "a whole number" if allowed.is_whole else "a number"
            raise ModelError(
                f"{file} has {one_line(repr(value))[:80]} for {name}: it must be {what} from {allowed.smallest} to "
                f"{allowed.largest}"
            )
    # It may also be "never", which CTranslate2 doesn't know.
    if "early_stopping" in settings:
        settings["early_stopping"] = settings["early_stopping"] is True
    return settings
