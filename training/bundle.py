"""A folder with all that a run needs on another machine with a GPU, in small files: see `gpu`."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.torch import load_file

from training import TrainingError
from training.batches import Encoded
from training.gpu import BLOB, META, RUN, send_state
from training.loop import LAST, LOG, read_checkpoint
from training.parts import to_bytes, write_parts
from training.settings import TrainingSettings

Array = np.ndarray[Any, np.dtype[Any]]

_MODULES = ("__init__.py", "batches.py", "gemma.py", "gpu.py", "loop.py", "parts.py", "settings.py")


def write(
    folder: Path,
    checkpoint: Path,
    run: Path,
    settings: TrainingSettings,
    passes: Mapping[int, Sequence[Encoded]],
    dev: Mapping[str, Sequence[Encoded]],
    limit: int,
) -> list[Path]:
    """Write a bundle into a folder, which is emptied first if it is one; return the large files.

    Args:
        folder: of the bundle.
        checkpoint: folder of the base; its matrices are rounded to 8 bits, as what ships computes with them.
        run: folder of the run; its checkpoint and its log go along, if it has them.
        settings: of the run.
        passes: examples by the number of the pass, in order and without a gap.
        dev: examples whose loss is measured, by the name of the set.
        limit: bytes of a file.

    Raises:
        TrainingError: the folder holds something else.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / META).is_file():
        raise TrainingError(f"{folder} holds no bundle, and would be replaced: name another folder")
    shutil.rmtree(folder, ignore_errors=True)
    (folder / RUN).mkdir(parents=True)
    (folder / "training").mkdir()
    for name in _MODULES:
        shutil.copy(Path(__file__).with_name(name), folder / "training" / name)
    weights = {name: value.numpy() for name, value in to_bytes(load_file(checkpoint / "model.safetensors")).items()}
    # Passes share most of their examples.
    places: dict[Encoded, int] = {}
    order = [places.setdefault(example, len(places)) for drawn in passes.values() for example in drawn]
    arrays = {**weights, "order": np.array(order), "passes": np.array([len(drawn) for drawn in passes.values()])}
    for name, examples in {"train": list(places), **{f"dev {name}": found for name, found in dev.items()}}.items():
        arrays |= _arrays(name, examples)
    content = io.BytesIO()
    np.savez_compressed(content, allow_pickle=False, **arrays)
    paths = write_parts(content.getvalue(), folder, BLOB, limit)
    meta = {
        "config": json.loads((checkpoint / "config.json").read_text(encoding="utf-8")),
        "settings": asdict(settings),
        "parts": len(paths),
        "weights": list(weights),
        "dev": list(dev),
        "first": min(passes),
    }
    (folder / META).write_text(json.dumps(meta), encoding="utf-8")
    if (run / LOG).is_file():
        shutil.copy(run / LOG, folder / RUN / LOG)
    if (run / LAST).is_file():
        paths += send_state(read_checkpoint(run / LAST), folder / RUN, limit)
    return paths


def _arrays(name: str, encoded: Sequence[Encoded]) -> Iterator[tuple[str, Array]]:
    yield f"{name}.ids", np.fromiter((token for example in encoded for token in example.ids), np.uint32)
    yield f"{name}.lengths", np.array([len(example.ids) for example in encoded], np.uint16)
    yield f"{name}.prompts", np.array([example.prompt for example in encoded], np.uint16)
    yield f"{name}.loss", np.array([example.max_loss for example in encoded])
