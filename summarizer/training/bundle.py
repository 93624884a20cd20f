"""A folder with all that training on another machine's GPU needs, in small files; what comes back is unpacked here."""

from __future__ import annotations

import io
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor

from summarizer.errors import InputError
from summarizer.training import gpu
from summarizer.training.batches import Encoded

Array = np.ndarray[Any, np.dtype[Any]]

_SCRIPTS = ("gemma.py", "gpu.py")
_QUANTS = ("quants.py", "constants.py", "lazy.py")
"""What dequantises; it comes with gguf and needs numpy alone."""
_PREFIX, _A, _B = "base_model.model.", ".lora_A.weight", ".lora_B.weight"


def packaged_weights(checkpoint: Path) -> dict[str, tuple[int, Array]]:
    """Return the blocks of the packaged weights; see `weights_of`.

    Args:
        checkpoint: folder of the checkpoint that they were converted to.

    Raises:
        ModelError: the weights aren't installed, or they are damaged.
    """
    from summarizer.models.embedded import gguf_source, tokenizer

    with tempfile.TemporaryDirectory() as scratch, gguf_source.open_weights(Path(scratch)) as gguf:
        return weights_of(gguf, checkpoint, tokenizer.read_kept())


def weights_of(gguf: Path, checkpoint: Path, kept: Sequence[int]) -> dict[str, tuple[int, Array]]:
    """Return the blocks of a GGUF file by transformers' names, with the numbers of their types, as they are stored.

    Args:
        gguf: the file.
        checkpoint: folder of the checkpoint that it was converted to.
        kept: rows of the vocabulary.
    """
    from gguf import MODEL_ARCH, GGUFReader, get_tensor_name_map
    from safetensors import safe_open

    reader = GGUFReader(gguf)
    stored = {tensor.name: tensor for tensor in reader.tensors}
    with safe_open(checkpoint / "model.safetensors", "np") as converted:
        parameters = sorted(converted.keys())
    layers = json.loads((checkpoint / "config.json").read_text(encoding="utf-8"))["num_hidden_layers"]
    names = get_tensor_name_map(MODEL_ARCH.GEMMA3, layers)
    found = {}
    for name in parameters:
        tensor = stored[str(names.get_name(name, try_suffixes=(".weight",)))]
        data = tensor.data[np.asarray(kept)] if name == "model.embed_tokens.weight" else tensor.data
        found[name] = (int(tensor.tensor_type), np.ascontiguousarray(data))
    return found


def write(
    folder: Path,
    config: Mapping[str, Any],
    weights: Mapping[str, tuple[int, Array]],
    examples: Mapping[str, Sequence[Encoded]],
    limit: int,
    start: Mapping[str, Tensor] | None = None,
) -> list[Path]:
    """Write a bundle.

    Args:
        folder: is emptied first, if it is a bundle.
        config: of the checkpoint.
        weights: see `weights_of`.
        examples: ``train``, and ``dev NAME`` of each dev set.
        limit: bytes of a file.
        start: an adapter, named as in `adapter.weights`, that goes into the folder ``start``.

    Returns:
        The large files, each of which may be sent by itself.

    Raises:
        InputError: the folder holds something else.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / gpu.META).is_file():
        raise InputError(f"{folder} holds no bundle, and would be replaced: name another folder")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    content = io.BytesIO()
    arrays: dict[str, Any] = {name: blocks for name, (_, blocks) in weights.items()} | dict(_arrays(examples))
    np.savez_compressed(content, **arrays)
    paths = gpu.cut(content.getvalue(), folder, gpu.BLOB, limit)
    meta = {
        "config": dict(config),
        "blobs": len(paths),
        "weights": {name: kind for name, (kind, _) in weights.items()},
        "dev": [name.removeprefix("dev ") for name in examples if name.startswith("dev ")],
    }
    (folder / gpu.META).write_text(json.dumps(meta), encoding="utf-8")
    _write_scripts(folder)
    if start:
        layers = [name.removesuffix(_A) for name in start if name.endswith(_A)]
        pairs = {name.removeprefix(_PREFIX): (start[name + _A], start[name + _B]) for name in layers}
        paths += gpu.pack(pairs, folder / "start", limit)
    return paths


def _arrays(examples: Mapping[str, Sequence[Encoded]]) -> Iterator[tuple[str, Array]]:
    for name, encoded in examples.items():
        yield f"{name}.ids", np.fromiter((token for example in encoded for token in example.ids), np.uint32)
        yield f"{name}.lengths", np.array([len(example.ids) for example in encoded], np.uint16)
        yield f"{name}.prompts", np.array([example.prompt for example in encoded], np.uint16)


def _write_scripts(folder: Path) -> None:
    import gguf

    for name in _SCRIPTS:
        text = Path(__file__).with_name(name).read_text(encoding="utf-8")
        text = text.replace("from summarizer.training import gemma\n", "import gemma\n")
        text = text.replace("from summarizer.training.gemma import", "from gemma import")
        (folder / name).write_text(text, encoding="utf-8")
    target = folder / "gguf"
    target.mkdir()
    (target / "__init__.py").write_text("", encoding="utf-8")
    for name in _QUANTS:
        shutil.copy(Path(gguf.__file__).with_name(name), target / name)


def unpack(folder: Path) -> dict[str, Tensor]:
    """Return the adapter that came back, named as in `adapter.weights`.

    Raises:
        InputError: there is none, or a part of it is missing.
    """
    try:
        values = gpu.unpack(folder)
    except (EOFError, RuntimeError, ValueError) as error:
        raise InputError(f"{folder} holds no {gpu.PACK.format(0)}, or not all of its parts") from error
    found = {}
    for name, (a, b) in values.items():
        found[_PREFIX + name + _A] = a
        found[_PREFIX + name + _B] = b
    return found
