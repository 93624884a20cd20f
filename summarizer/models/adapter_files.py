"""The files of an exported LoRA adapter, which training writes and the embedded model merges."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WEIGHTS = "adapter_model.safetensors"
"""The matrices, named as peft names them; those in 8 bits have the factors of their rows beside them: see `SCALE`."""
CONFIG = "adapter_config.json"
"""What peft calls its configuration."""
RANKING = "ranking.safetensors"
"""What tells from the states of a sentence how much it matters; an adapter may lack it."""
CUTTING = "cutting.safetensors"
"""What tells from the states of words which may be cut; an adapter may lack it."""
HEADS = (RANKING, CUTTING)
"""What tells something from the states of the model that the weights make."""
SCALE = ".scale"
"""What follows the name of a matrix in 8 bits in that of its factors, one for each row."""


def read_adapter(folder: Path) -> dict[str, NDArray[np.float32]]:
    """Return the matrices of an adapter in float32, by their names in the file.

    Raises:
        OSError: the folder holds no weights, or they can't be read.
        KeyError: a matrix in 8 bits has no factors.
        safetensors.SafetensorError: the file is damaged.
    """
    import numpy as np
    from safetensors.numpy import load_file

    stored = load_file(folder / WEIGHTS)
    matrices: dict[str, NDArray[np.float32]] = {}
    for name, values in stored.items():
        if name.endswith(SCALE):
            continue
        matrix = values.astype(np.float32)
        if values.dtype == np.int8:
            matrix *= stored[name + SCALE][:, None]
        matrices[name] = matrix
    return matrices
