"""Matrices in 8 bits, and files that are cut into parts which are small enough to be sent one by one."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from training import TrainingError

_SCALE = ".scale"


def to_bytes(values: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Round matrices to integers from -127 to 127; what each row's are times is under the name with ``.scale``."""
    stored: dict[str, Tensor] = {}
    for name, value in values.items():
        if value.dim() != 2:
            stored[name] = value.float()
            continue
        scale = (value.float().abs().amax(1) / 127).clamp(min=1e-12)
        stored[name] = (value.float() / scale[:, None]).round().to(torch.int8).contiguous()
        stored[name + _SCALE] = scale
    return stored


def from_bytes(stored: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return what `to_bytes` rounded, in float32; what isn't in 8 bits is taken as it is.

    Raises:
        KeyError: scales are missing.
    """
    return {
        name: value.float() * stored[name + _SCALE][:, None] if value.dtype == torch.int8 else value.float()
        for name, value in stored.items()
        if not name.endswith(_SCALE)
    }


def write_parts(content: bytes, folder: Path, name: str, limit: int) -> list[Path]:
    """Write bytes into ``NAME.000`` and so on, each of at most ``limit`` bytes; older parts go."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob(f"{name}.[0-9][0-9][0-9]"):
        path.unlink()
    starts = range(0, len(content), limit)
    paths = [folder / f"{name}.{number:03d}" for number in range(len(starts))]
    for path, start in zip(paths, starts, strict=True):
        path.write_bytes(content[start : start + limit])
    return paths


def read_parts(folder: Path, name: str, count: int | None = None) -> io.BytesIO:
    """Read what `write_parts` wrote.

    Raises:
        TrainingError: there is none, or not all of ``count``.
    """
    paths = sorted(folder.glob(f"{name}.[0-9][0-9][0-9]"))
    if not paths or (count is not None and len(paths) != count):
        raise TrainingError(f"{folder} has {len(paths)} parts of {name}, not {count or 'one or more'}")
    return io.BytesIO(b"".join(path.read_bytes() for path in paths))
