"""What a folder of a Firefox model holds, and whether the engine for it is there."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path
from typing import NamedTuple

from summarizer.errors import ModelError, telling
from summarizer.models.firefox.pinned import PinnedModel
from summarizer.storage.cache import cache_dir, file_sha256

PATTERNS = {
    "model": "model.*.bin",
    "vocab": "vocab.*.spm",
    "srcvocab": "srcvocab.*.spm",
    "trgvocab": "trgvocab.*.spm",
}
"""Names of a model's files, by their kind in Mozilla's lists.

A list has another kind, "lex": the shortlist of target words that the words of a text may become. Firefox doesn't use
it (its preference ``browser.translations.useLexicalShortlist`` is off), because one made for a single sentence leaves
out words that the sentence needs (https://github.com/mozilla/translations/issues/977). Neither do we.
"""
MAX_FILE = 500_000_000
"""Most bytes of a file, packed or not: some ten times what they have today."""


class ModelFiles(NamedTuple):
    """The files of a model, in the order in which the engine takes them; the vocabularies are often the same file."""

    weights: Path
    source_vocabulary: Path
    target_vocabulary: Path


def looks_like_model(folder: Path) -> bool:
    """Tell from the names of its files whether a folder is meant to hold a Firefox model."""
    return any(folder.glob(PATTERNS["model"]))


def find_files(folder: Path) -> ModelFiles:
    """Return the files of the model in a folder.

    Raises:
        ModelError: one is missing, too large, or no file, or there are several of a kind.
    """
    shared = sorted(folder.glob(PATTERNS["vocab"]))
    weights = sorted(folder.glob(PATTERNS["model"]))
    source_vocabulary = sorted(folder.glob(PATTERNS["srcvocab"])) or shared
    target_vocabulary = sorted(folder.glob(PATTERNS["trgvocab"])) or shared
    if not len(weights) == len(source_vocabulary) == len(target_vocabulary) == 1:
        raise ModelError(
            f"the model in {folder} is incomplete: it needs one model.*.bin and one vocab.*.spm, or one "
            "srcvocab.*.spm and one trgvocab.*.spm"
        )
    files = ModelFiles(weights[0], source_vocabulary[0], target_vocabulary[0])
    for file in files:
        _require_bounded(file)
    return files


def _require_bounded(file: Path) -> None:
    """Make sure that a file can be read to its end: a pipe or a device may have none.

    Raises:
        ModelError: it can't.
    """
    with telling(f"{file} can't be read", ModelError):
        size = file.stat().st_size
    if not file.is_file():
        raise ModelError(f"{file} is no file")
    if size > MAX_FILE:
        raise ModelError(f"{file} is larger than {MAX_FILE // 1_000_000} MB: no such model is so large")


def cache_folder(model: PinnedModel) -> Path:
    """Return the folder of a model in Ringkas' cache, whether it exists or not."""
    return cache_dir() / f"firefox-{'-'.join(model.languages)}"


def holds_pinned(model: PinnedModel, folder: Path) -> bool:
    """Tell whether a folder holds the release that the catalogue pins, which its figures are of.

    Raises:
        ModelError: a file is missing.
    """
    return file_sha256(find_files(folder).weights) in model.digests


def fingerprint(folder: Path) -> str:
    """Return sixteen hexadecimal digits that change with the content of any file of the model in a folder.

    Raises:
        ModelError: a file is missing.
    """
    digest = hashlib.sha256()
    for file in find_files(folder):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def is_installed() -> bool:
    """Tell whether fxtranslate is installed."""
    return importlib.util.find_spec("fxtranslate") is not None


def require_engine() -> None:
    """Make sure that fxtranslate is installed.

    Raises:
        ModelError: it isn't.
    """
    if not is_installed():
        raise ModelError(
            "Firefox's translator is not installed: run 'pip install fxtranslate', or, if pip finds none for this "
            "system, take another one, such as 'opus-mt-id-en'"
        )
