"""The steps that vectors are rounded to before the embedded model multiplies them, found on training text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import Gemma3ForCausalLM

from training.batches import Encoded
from training.gemma import FUSED

# As long as the nearest tokens that the layers with a window see.
LONGEST = 512
# How much of the difference between channels the matrices take: less where each vector has a scale of its own.
_SHARES = {"qkv": 0.8, "output": 0.7, "gate_up": 0.8, "down": 0.7, "logits": 0.7}
# How many vectors 127 steps are enough for: what is larger in the others is cut off. The first tokens of texts must be
# among the former: all others attend to them.
_ENOUGH = 0.995
_SMALLEST = 1e-5


def find_steps(checkpoint: Path, examples: Sequence[Encoded]) -> dict[str, NDArray[np.float32]]:
    """Return the steps of each matrix, as `summarizer.models.embedded.build.smooth` takes them."""
    model = Gemma3ForCausalLM.from_pretrained(checkpoint, dtype=torch.float32).eval()  # type: ignore[no-untyped-call]
    layers = range(model.config.num_hidden_layers)
    modules: dict[str, list[nn.Module]] = {}
    for layer in layers:
        for name, parts in FUSED.items():
            modules[f"{layer}.{name}"] = [model.get_submodule(f"model.layers.{layer}.{part}") for part in parts]
    modules["logits"] = [model.lm_head]
    # By matrix, the absolute values of the vectors that it is multiplied with, (tokens, channels), example by example.
    read: dict[str, list[NDArray[np.float32]]] = defaultdict(list)

    def keep(name: str, module: nn.Module, inputs: tuple[Tensor]) -> None:  # noqa: ARG001
        [only_example] = inputs[0]
        read[name].append(only_example.abs().numpy())

    for name, of_matrix in modules.items():
        # All modules of a matrix read the same vectors.
        of_matrix[0].register_forward_pre_hook(partial(keep, name))
    with torch.inference_mode():
        for example in examples:
            mask = _prefix_mask(example.prompt, len(example.ids))
            masks = dict.fromkeys(("full_attention", "sliding_attention"), mask)
            model(torch.tensor([example.ids]), attention_mask=masks, use_cache=False)
    steps: dict[str, NDArray[np.float32]] = {}
    for name, vectors in read.items():
        matrices = [module.get_parameter("weight").detach() for module in modules[name]]
        matrix = torch.cat(matrices).numpy()
        steps[name] = _steps(name, np.concatenate(vectors), matrix, model.config.head_dim)
    return steps


def _prefix_mask(prompt: int, length: int) -> Tensor:
    """Return what is added to attention's scores where the tokens of a prompt, but for the first, see each other."""
    place = torch.arange(length)
    seen = (place <= place[:, None]) | ((place < prompt) & (place[:, None] > 0))
    return torch.zeros(1, 1, length, length).masked_fill_(~seen, torch.finfo(torch.float32).min)


def _steps(name: str, vectors: NDArray[Any], matrix: NDArray[Any], size: int) -> NDArray[np.float32]:
    """Return the steps of channels, from the absolute values of vectors and from a matrix (outputs x channels)."""
    large = np.quantile(vectors, 0.999, axis=0)
    weights = np.abs(matrix).max(0)
    if name.endswith(".output"):
        # All heads see the same values.
        large = large.reshape(-1, size).max(0)
        weights = weights.reshape(-1, size).max(0)
        vectors = vectors.reshape(-1, size)
    # "3.qkv" is that product of layer 3.
    product = name.split(".")[-1]
    share = _SHARES[product]
    steps = large.clip(_SMALLEST) ** share / weights.clip(_SMALLEST) ** (1 - share)
    largest_of_vectors = (vectors / steps).max(1)
    return np.asarray(steps * np.quantile(largest_of_vectors, _ENOUGH) / 127, np.float32)
