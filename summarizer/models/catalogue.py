"""The models that Ringkas knows, and how one is loaded."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from summarizer.cache import is_complete
from summarizer.errors import ModelError
from summarizer.models.base import TextModel
from summarizer.plain import one_line

DEFAULT = "gemma-3-270m-ringkas"
_BASE = "gemma-3-270m"


@dataclass(frozen=True)
class ModelInfo:
    """An entry of ``catalogue.toml``.

    Attributes:
        name: what ``--model`` calls it.
        kind: ``embedded``, the only kind so far.
        prompts: how the model is prompted: the name of a folder in ``prompts/``.
        adapter: whether the adapter that comes with the package is merged into the weights.
        title: one line for people.
        parameters: number of weights once it is loaded.
        download_mb: size of what is downloaded, in megabytes.
        licence: the weights' licence.
        licence_url: where to read it.
    """

    name: str
    kind: str
    prompts: str
    adapter: bool
    title: str
    parameters: int
    download_mb: int
    licence: str
    licence_url: str

    @property
    def status(self) -> str:
        """``ready``, ``installed`` (made ready at first use) or ``missing``."""
        from summarizer.models.embedded import convert, gguf_source

        if is_complete(convert.checkpoint_dir(adapter=_adapter(self))):
            return "ready"
        return "installed" if gguf_source.is_available() else "missing"


@cache
def load_catalogue() -> tuple[ModelInfo, ...]:
    """Read the catalogue, the default model first."""
    table = tomllib.loads(files(__package__).joinpath("catalogue.toml").read_text(encoding="utf-8"))
    return tuple(ModelInfo(**entry) for entry in table["model"])


def _adapter(info: ModelInfo) -> Path | None:
    return Path(__file__).parent / "embedded" / "adapter" if info.adapter else None


def _resolve(name: str) -> tuple[ModelInfo, Path | None]:
    """Return the catalogue's entry that a model's name stands for, and the GGUF file if the name is one.

    A GGUF file is another copy of the base model, and prompted like it.
    """
    entries = {info.name: info for info in load_catalogue()}
    if name in entries:
        return entries[name], None
    path = Path(name).expanduser()
    if path.suffix != ".gguf":
        known = ", ".join(entries)
        raise ModelError(f"unknown model {one_line(name)!r}: it must be one of {known}, or the path of a .gguf file")
    if not path.is_file():
        raise ModelError(f"there is no model file {one_line(name)}")
    return entries[_BASE], path


def find_model(name: str) -> Path:
    """Return the folder of a model that is ready.

    Args:
        name: a name from the catalogue, or the path of a GGUF file with a Gemma 3 text model.

    Raises:
        ModelError: there is no such model, or it isn't ready yet.
    """
    from summarizer.models.embedded import convert

    info, gguf = _resolve(name)
    folder = convert.checkpoint_dir(gguf, _adapter(info))
    if not is_complete(folder):
        raise ModelError(f"{name} is not ready on this machine: run 'ringkas models fetch {name}'")
    return folder


def prepare_model(name: str, progress: Callable[[str], None] = lambda step: None) -> Path:
    """Make a model ready on this machine and return its folder.

    Args:
        name: as for `find_model`.
        progress: called with the name of each step of a preparation that has to be made.

    Raises:
        ModelError: there is no such model, or it can't be made ready.
    """
    from summarizer.models.embedded import convert

    info, gguf = _resolve(name)
    return convert.prepare(gguf, _adapter(info), progress)


def load_model(
    name: str = DEFAULT,
    *,
    device: str = "cpu",
    threads: int | None = None,
    offline: bool = False,
    progress: Callable[[str], None] = lambda step: None,
) -> TextModel:
    """Load a model, making it ready first if need be.

    Args:
        name: as for `prepare_model`.
        device: a device of torch, such as ``cpu`` or ``cuda``.
        threads: how many threads torch may use in this process; None leaves it as it is.
        offline: never touch the network (the same as the environment variable ``HF_HUB_OFFLINE=1``).
        progress: as for `prepare_model`.

    Raises:
        ModelError: the model is unknown, missing or damaged, or the device can't be used.
    """
    if offline:
        os.environ["HF_HUB_OFFLINE"] = "1"
    info, gguf = _resolve(name)
    folder = prepare_model(name, progress)
    # By default, OpenMP's threads wait in a busy loop, and a second program on the same cores slows both down several
    # times. A short loop costs nothing that could be measured on idle cores. It has to be said before torch is loaded.
    os.environ.setdefault("GOMP_SPINCOUNT", "1000")
    import torch

    from summarizer.models.embedded.engine import EmbeddedModel

    if threads is not None:
        torch.set_num_threads(threads)
    shown = gguf.stem if gguf else info.name
    return EmbeddedModel(folder, name=shown, prompts=info.prompts, device=device)
